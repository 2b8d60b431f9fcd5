/* What depends on the language: words, months, the order of a date. */
#include "format/citation.h"

#define DH_LOCALE(tag, ...) {.name = tag, __VA_ARGS__},
const struct dh_cite_locale dh_cite_locale_table[] = {
#include "format/citation_locales.def"
    {.name = NULL}};
#undef DH_LOCALE

#define DH_LOCALE(tag, ...) tag,
const char *const dh_citation_locales[] = {
#include "format/citation_locales.def"
    NULL};
#undef DH_LOCALE

static const struct dh_cite_locale *english(void)
{
    return dh_cite_locale_find(DH_STR("en"));
}

const struct dh_cite_locale *dh_cite_locale_find(struct dh_str name)
{
    for (size_t i = 0; dh_cite_locale_table[i].name; i++) {
        struct dh_str known = dh_str(dh_cite_locale_table[i].name);
        if (dh_str_equal_nocase(known, name))
            return &dh_cite_locale_table[i];
        known.len = dh_str_find(known, '-');
        if (dh_cite_locale_table[i].main && dh_str_equal_nocase(known, name))
            return &dh_cite_locale_table[i];
    }
    return NULL;
}

bool dh_citation_locale_known(struct dh_str locale)
{
    return dh_cite_locale_find(locale) != NULL;
}

/* What a word is when a language has no word of its own for it. */
static const enum dh_cite_word stand_ins[DH_WORDS] = {
    [DH_WORD_EDITORS] = DH_WORD_EDITOR,
    [DH_WORD_EDITORS_LONG] = DH_WORD_EDITOR_LONG,
    [DH_WORD_TRANSLATORS] = DH_WORD_TRANSLATOR,
    [DH_WORD_VERSIONS] = DH_WORD_VERSION,
    [DH_WORD_EDITION_HARVARD] = DH_WORD_EDITION,
    [DH_WORD_VOLS] = DH_WORD_VOL,
    [DH_WORD_ISSUES] = DH_WORD_ISSUE,
    [DH_WORD_NOS] = DH_WORD_NO,
    [DH_WORD_PAGES] = DH_WORD_PAGE,
};

const char *dh_cite_word(const struct dh_cite_locale *locale, enum dh_cite_word word)
{
    const char *text = locale->words[word];
    if (!text && stand_ins[word])
        text = locale->words[stand_ins[word]];
    return text ? text : english()->words[word];
}

/* ---- dates ---------------------------------------------------------------------------------- */

enum months { MONTHS_LONG, MONTHS_SHORT, MONTHS_MLA };

static const struct {
    const char *pattern; /* NULL: the locale's */
    enum months months;
    bool no_points;
} date_forms[] = {
    [0] = {"%Y", MONTHS_LONG},
    [DH_CITE_MONTH_DAY - DH_CITE_YEAR] = {"%M %D", MONTHS_LONG},
    [DH_CITE_DATE - DH_CITE_YEAR] = {NULL, MONTHS_LONG},
    [DH_CITE_DATE_SHORT - DH_CITE_YEAR] = {NULL, MONTHS_SHORT},
    [DH_CITE_DATE_AMERICAN - DH_CITE_YEAR] = {"%M %D, %Y", MONTHS_LONG},
    [DH_CITE_DATE_MLA - DH_CITE_YEAR] = {"%D %M %Y", MONTHS_MLA},
    [DH_CITE_DATE_YEAR_FIRST - DH_CITE_YEAR] = {"%Y %M %D", MONTHS_SHORT, true},
    [DH_CITE_MONTH_YEAR_SHORT - DH_CITE_YEAR] = {"%M %Y", MONTHS_SHORT},
    [DH_CITE_MONTH_YEAR_MLA - DH_CITE_YEAR] = {"%M %Y", MONTHS_MLA},
};

static const char *const mla_months[12] = {"Jan.", "Feb.", "Mar.",  "Apr.", "May",  "June",
                                           "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."};

static struct dh_str month_name(const struct dh_cite *cite, enum months months, bool no_points)
{
    size_t at = (size_t)(cite->month - 1);
    const struct dh_cite_locale *locale = cite->locale;
    const char *name = months != MONTHS_LONG && locale->short_months[0] ? locale->short_months[at]
                                                                        : locale->months[at];
    if (months == MONTHS_MLA && strncmp(locale->name, "en", 2) == 0)
        name = mla_months[at];
    struct dh_str text = dh_str(name);
    while (no_points && dh_str_ends(text, DH_STR(".")))
        text.len--;
    return text;
}

/* Early years say which era they count from. */
static void add_year(struct dh_buf *buf, const struct dh_cite *cite)
{
    dh_buf_int(buf, cite->year < 0 ? -cite->year : cite->year);
    if (cite->year < 1000)
        dh_buf_text(buf, dh_cite_word(cite->locale, cite->year < 0 ? DH_WORD_BC : DH_WORD_AD));
}

static void add_day(struct dh_buf *buf, const struct dh_cite *cite)
{
    if (cite->day == 1 && cite->locale->first_day)
        dh_buf_text(buf, cite->locale->first_day);
    else
        dh_buf_int(buf, cite->day);
}

/* What is unknown is left out with the text behind it, up to the next part. */
static void add_date(struct dh_buf *buf, const struct dh_cite *cite, const char *pattern,
                     enum months months, bool no_points)
{
    bool known = true;
    for (const char *p = pattern; *p; p++) {
        if (*p != '%') {
            if (known)
                dh_buf_char(buf, *p);
            continue;
        }
        p++;
        known = *p == 'Y' || (*p == 'M' ? cite->month > 0 : cite->month > 0 && cite->day > 0);
        if (known && *p == 'Y')
            add_year(buf, cite);
        else if (known && *p == 'M')
            dh_buf_str(buf, month_name(cite, months, no_points));
        else if (known)
            add_day(buf, cite);
    }
}

struct dh_str dh_cite_date(const struct dh_cite *cite, unsigned element)
{
    struct dh_buf buf;
    size_t form = element - DH_CITE_YEAR;
    const char *pattern = date_forms[form].pattern;
    if (!cite->year)
        return DH_STR_NONE;
    dh_buf_init(&buf, DH_VALUE_MAX);
    add_date(&buf, cite, pattern ? pattern : cite->locale->date, date_forms[form].months,
             date_forms[form].no_points);
    return dh_str_trim(dh_cite_keep(cite->arena, &buf, DH_STR_NONE));
}
