/* Case, numbers and page ranges of a citation's texts. */
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include "format/citation.h"

struct dh_str dh_cite_keep(struct dh_arena *arena, struct dh_buf *buf, struct dh_str otherwise)
{
    struct dh_str kept = buf->status ? DH_STR_NONE : dh_arena_copy(arena, dh_buf_view(buf));
    dh_buf_release(buf);
    return kept.ptr ? kept : otherwise;
}

/* ---- white space ---------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

struct dh_str dh_cite_clean(struct dh_arena *arena, struct dh_str text)
{
    text = dh_utf8_clean(arena, text);
    while (text.len && is_space(text.ptr[0]))
        text = dh_str_from(text, 1);
    while (text.len && is_space(text.ptr[text.len - 1]))
        text.len--;
    size_t at = 0;
    while (at < text.len && (text.ptr[at] == ' ' || !is_space(text.ptr[at])))
        at++;
    if (at == text.len)
        return text;
    char *copy = dh_arena_alloc(arena, text.len), *to = copy;
    if (!copy)
        return text;
    for (at = 0; at < text.len;) {
        size_t run = 0;
        bool breaks = false;
        for (; at + run < text.len && is_space(text.ptr[at + run]); run++)
            breaks |= text.ptr[at + run] != ' ';
        if (breaks)
            *to++ = ' ';
        else
            memcpy(to, text.ptr + at, run), to += run;
        at += run;
        if (at < text.len)
            *to++ = text.ptr[at++];
    }
    return (struct dh_str){copy, (size_t)(to - copy)};
}

/* ---- case ----------------------------------------------------------------------------------- */

/* Words that title case leaves alone unless they come first or last. */
static const char *const small_words[] = {
    "a",      "about",   "above",   "across",     "after",   "against", "along",  "amid",
    "amidst", "among",   "amongst", "an",         "and",     "apropos", "around", "as",
    "aside",  "astride", "at",      "athwart",    "atop",    "barring", "before", "behind",
    "below",  "beneath", "beside",  "besides",    "between", "beyond",  "but",    "by",
    "circa",  "despite", "down",    "during",     "except",  "for",     "from",   "given",
    "in",     "inside",  "into",    "lest",       "like",    "modulo",  "near",   "next",
    "nor",    "of",      "off",     "on",         "onto",    "or",      "out",    "over",
    "per",    "plus",    "pro",     "qua",        "sans",    "since",   "so",     "than",
    "the",    "through", "thru",    "throughout", "till",    "to",      "toward", "towards",
    "under",  "until",   "unto",    "up",         "upon",    "versus",  "via",    "vs",
    "with",   "within",  "without", "yet"};

static bool is_small(struct dh_str word)
{
    while (word.len && word.ptr[word.len - 1] == '.')
        word.len--;
    size_t from = 0, to = sizeof(small_words) / sizeof(*small_words);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = dh_str_compare(dh_str(small_words[middle]), word);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static bool in_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.';
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                   UC_CATEGORY_MASK_N);
}

/* Bytes of markup at the front that case must not touch: a tag or an entity. */
static size_t untouched(struct dh_str text)
{
    if (text.ptr[0] != '<' && text.ptr[0] != '&')
        return 0;
    char end = text.ptr[0] == '<' ? '>' : ';';
    for (size_t at = 1; at < text.len && (end == '>' || at < 12); at++) {
        if (text.ptr[at] == end)
            return at + 1;
        if (text.ptr[at] == '<' || text.ptr[at] == '&' || (end == ';' && text.ptr[at] == ' '))
            break;
    }
    return 1;
}

static size_t word_length(struct dh_str text, size_t *letters, bool *pure)
{
    size_t len = 0, size;
    *letters = 0;
    *pure = true;
    while (len < text.len) {
        uint32_t c = dh_utf8_next(dh_str_from(text, len), &size);
        if (!in_word(c))
            break;
        *pure = *pure && (c == '.' || (c < 0x80 ? c != '_' && (c < '0' || c > '9')
                                                : !uc_is_property(c, UC_PROPERTY_DECIMAL_DIGIT)));
        len += size;
        (*letters)++;
    }
    return len;
}

static void add_capital(struct dh_buf *buf, struct dh_str text)
{
    size_t size;
    uint8_t bytes[6];
    uint32_t c = dh_utf8_next(text, &size);
    int len = u8_uctomb(bytes, uc_totitle(c), sizeof(bytes));
    dh_buf_add(buf, len > 0 ? (const char *)bytes : text.ptr, len > 0 ? (size_t)len : size);
    dh_buf_str(buf, dh_str_from(text, size));
}

static void title_case(struct dh_buf *buf, struct dh_str text)
{
    bool first = true, pure;
    for (size_t at = 0; at < text.len;) {
        struct dh_str rest = dh_str_from(text, at);
        size_t letters = 0, skip = untouched(rest), len = 0, size = 1;
        if (!skip)
            len = word_length(rest, &letters, &pure);
        if (!skip && !len)
            dh_utf8_next(rest, &size);
        struct dh_str part = {rest.ptr, skip ? skip : len ? len : size};
        at += part.len;
        bool capital = len && letters > 1 && pure && (first || at == text.len || !is_small(part));
        first = first && !(letters > 1);
        if (capital)
            add_capital(buf, part);
        else
            dh_buf_str(buf, part);
    }
}

/* The first letter, unless something else than marks stands before it. */
static void capitalise(struct dh_buf *buf, struct dh_str text)
{
    size_t at = 0, size = 0;
    while (at < text.len && !uc_is_alpha(dh_utf8_next(dh_str_from(text, at), &size)))
        at += size;
    dh_buf_add(buf, text.ptr, at);
    if (at < text.len)
        add_capital(buf, dh_str_from(text, at));
}

/* ---- ordinals ------------------------------------------------------------------------------- */

static const char *english_ordinal(struct dh_str digits)
{
    char last = digits.ptr[digits.len - 1];
    bool teen = digits.len > 1 && digits.ptr[digits.len - 2] == '1';
    return teen || last < '1' || last > '3' ? "th" : last == '1' ? "st" : last == '2' ? "nd" : "rd";
}

static bool all_digits(struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

struct dh_str dh_cite_dress(struct dh_arena *arena, struct dh_str text, unsigned look,
                            const struct dh_cite_locale *locale)
{
    struct dh_buf buf;
    if (!(look & (DH_LOOK_TITLE | DH_LOOK_CAPITAL | DH_LOOK_ORDINAL | DH_LOOK_NO_POINTS)))
        return text;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    if (look & DH_LOOK_TITLE)
        title_case(&buf, text);
    else if (look & DH_LOOK_CAPITAL)
        capitalise(&buf, text);
    else
        dh_buf_str(&buf, text);
    if ((look & DH_LOOK_ORDINAL) && all_digits(text))
        dh_buf_text(&buf, locale->ordinal ? locale->ordinal : english_ordinal(text));
    while ((look & DH_LOOK_NO_POINTS) && buf.len && buf.ptr[buf.len - 1] == '.')
        buf.len--;
    return dh_cite_keep(arena, &buf, text);
}
