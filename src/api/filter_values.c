/* Values of filter parameters: the forms in which they may be written, and the clauses they make.
 */
#include "api/filter_rule.h"

enum dh_status dh_filter_add(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                             enum dh_filter_op op, const struct dh_str *values, size_t count,
                             int64_t low, int64_t high)
{
    if (reading->count == reading->room)
        return dh_fail(reading->err, DH_MEMORY, "too many filters");
    reading->filters[reading->count++] = (struct dh_filter){
        .column = rule->column,
        .op = op,
        .any = rule->group == DH_GROUP_OR,
        .values = values,
        .value_count = count,
        .low = low,
        .high = high,
    };
    return DH_OK;
}

enum dh_status dh_filter_items(struct dh_filter_reading *reading, dh_filter_item *item,
                               struct dh_str list, struct dh_str **out, size_t *count)
{
    size_t commas = 0, made = 0;
    struct dh_str rest, part;
    while (list.len && list.ptr[list.len - 1] == ',')
        list.len--;
    for (size_t i = 0; i < list.len; i++)
        commas += list.ptr[i] == ',';
    if (commas >= DH_LIST_ITEMS_MAX)
        return dh_fail(reading->err, DH_INVALID, "a list may have at most %d values",
                       DH_LIST_ITEMS_MAX);
    struct dh_str *items = dh_arena_array(reading->arena, commas + 1, sizeof(*items));
    if (!items)
        return dh_fail(reading->err, DH_MEMORY, "out of memory");
    rest = list.len ? list : DH_STR_NONE;
    while (dh_str_split(&rest, ',', &part)) {
        items[made] = item(reading->arena, part);
        made += items[made].ptr != NULL;
    }
    *out = items;
    *count = made;
    return DH_OK;
}

/* ---- clauses -------------------------------------------------------------------------------- */

enum dh_status dh_read_nowhere(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                               struct dh_str value)
{
    (void)reading, (void)rule, (void)value;
    return DH_OK;
}

enum dh_status dh_read_nothing(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                               struct dh_str value)
{
    (void)value;
    return dh_filter_add(reading, rule, DH_FILTER_NOTHING, NULL, 0, 0, 0);
}

static enum dh_status one_of(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                             const struct dh_str *values, size_t count)
{
    enum dh_filter_op op = count ? DH_FILTER_IN : DH_FILTER_NOTHING;
    return dh_filter_add(reading, rule, op, values, count, 0, 0);
}

enum dh_status dh_read_list(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                            struct dh_str value)
{
    struct dh_str *values;
    size_t count;
    enum dh_status status = dh_filter_items(reading, rule->item, value, &values, &count);
    return status ? status : one_of(reading, rule, values, count);
}

enum dh_status dh_read_single(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                              struct dh_str value)
{
    struct dh_str *values = dh_arena_array(reading->arena, 1, sizeof(*values));
    if (!values)
        return dh_fail(reading->err, DH_MEMORY, "out of memory");
    values[0] = rule->item(reading->arena, value);
    return one_of(reading, rule, values, values[0].ptr != NULL);
}

enum dh_status dh_read_flag(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                            struct dh_str value)
{
    (void)value;
    return dh_filter_add(reading, rule, DH_FILTER_BITS, NULL, 0, rule->bits, 0);
}

/* The bit of "false" is the one after that of "true" (enum dh_flag). */
enum dh_status dh_read_truth(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                             struct dh_str value)
{
    bool yes = dh_str_equal(value, DH_STR("true"));
    if (!yes && !dh_str_equal(value, DH_STR("false")))
        return dh_read_nothing(reading, rule, value);
    return dh_filter_add(reading, rule, DH_FILTER_BITS, NULL, 0, yes ? rule->bits : rule->bits << 1,
                         0);
}

/* `has-views=true` is at least 0: no restriction. */
enum dh_status dh_read_at_least(struct dh_filter_reading *reading,
                                const struct dh_filter_rule *rule, struct dh_str value)
{
    int64_t least = dh_str_integer(value);
    if (least <= 0 && rule->column != DH_COLUMN_REDIRECTS)
        return DH_OK;
    return dh_filter_add(reading, rule, DH_FILTER_RANGE, NULL, 0, least, INT64_MAX);
}

bool dh_is_year(struct dh_str text)
{
    if (text.len != 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

enum dh_status dh_no_year(struct dh_err *err, struct dh_str text)
{
    enum { SHOWN = 100 };
    if (text.len > SHOWN)
        for (text.len = SHOWN; text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80;)
            text.len--;
    return dh_fail(err, DH_INVALID, "failed to parse date field [%.*s] with format [yyyy]",
                   DH_STR_ARG(text));
}

/* From the smallest to the largest year of the list, compared as text; only these two must be
 * years. */
enum dh_status dh_read_years(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                             struct dh_str value)
{
    struct dh_str *items, first = DH_STR(""), last = DH_STR("");
    size_t count;
    enum dh_status status = dh_filter_items(reading, dh_item_as_given, value, &items, &count);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || dh_str_compare(items[i], first) < 0)
            first = items[i];
        if (i == 0 || dh_str_compare(items[i], last) > 0)
            last = items[i];
    }
    if (!dh_is_year(first) || !dh_is_year(last))
        return dh_no_year(reading->err, dh_is_year(first) ? last : first);
    int64_t low = dh_str_integer(first), high = dh_str_integer(last);
    if (rule->column != DH_COLUMN_YEAR) {
        low = dh_time_civil(low, 1, 1);
        high = dh_time_civil(high + 1, 1, 1) - 1;
    }
    return dh_filter_add(reading, rule, DH_FILTER_RANGE, NULL, 0, low, high);
}

/* ---- items ---------------------------------------------------------------------------------- */

struct dh_str dh_item_as_given(struct dh_arena *arena, struct dh_str value)
{
    (void)arena;
    return value;
}

struct dh_str dh_item_lower_case(struct dh_arena *arena, struct dh_str value)
{
    return dh_arena_lower(arena, value);
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

struct dh_str dh_underscore(struct dh_arena *arena, struct dh_str name)
{
    char *text = dh_arena_alloc(arena, name.len * 2 + 1);
    size_t len = 0;
    for (size_t i = 0; text && i < name.len; i++) {
        char c = name.ptr[i], before = i ? name.ptr[i - 1] : '\0';
        char after = i + 1 < name.len ? name.ptr[i + 1] : '\0';
        bool starts = lower_or_digit(before) || (upper(before) && after >= 'a' && after <= 'z');
        if (upper(c) && starts)
            text[len++] = '_';
        text[len++] = c == '-' ? '_' : upper(c) ? (char)(c + 32) : c;
    }
    return (struct dh_str){text, len};
}

/* JournalArticle, journal_article -> journal-article */
struct dh_str dh_item_dashed(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str name = dh_underscore(arena, dh_str_trim(value));
    for (size_t i = 0; name.ptr && i < name.len; i++)
        if (name.ptr[i] == '_')
            ((char *)name.ptr)[i] = '-';
    return name;
}

/* The part behind an optional scheme and an optional host ("ror.org/"). */
static struct dh_str without_host(struct dh_str value, struct dh_str host)
{
    if (dh_str_starts(value, DH_STR("https://")))
        value = dh_str_from(value, 8);
    else if (dh_str_starts(value, DH_STR("http://")))
        value = dh_str_from(value, 7);
    return dh_str_starts(value, host) ? dh_str_from(value, host.len) : value;
}

/* The tail may hold NUL bytes. */
static struct dh_str with_head(struct dh_arena *arena, const char *head, struct dh_str tail)
{
    size_t len = strlen(head);
    char *text = dh_arena_alloc(arena, len + tail.len + 1);
    if (!text)
        return DH_STR_NONE;
    memcpy(text, head, len);
    if (tail.len)
        memcpy(text + len, tail.ptr, tail.len);
    return (struct dh_str){text, len + tail.len};
}

struct dh_str dh_item_ror_name(struct dh_arena *arena, struct dh_str value)
{
    return with_head(arena, "ror.org/", without_host(value, DH_STR("ror.org/")));
}

struct dh_str dh_item_ror_url(struct dh_arena *arena, struct dh_str value)
{
    return with_head(arena, "https://ror.org/", without_host(value, DH_STR("ror.org/")));
}

struct dh_str dh_item_orcid_url(struct dh_arena *arena, struct dh_str value)
{
    return with_head(arena, "https://orcid.org/", without_host(value, DH_STR("orcid.org/")));
}

struct dh_str dh_item_doi_url(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str doi = dh_doi_parse(arena, value);
    return doi.ptr ? with_head(arena, "https://doi.org/", doi) : DH_STR_NONE;
}

struct dh_str dh_item_kernel_url(struct dh_arena *arena, struct dh_str value)
{
    return with_head(arena, "http://datacite.org/schema/kernel-", value);
}

/* computer_and_information_sciences -> FOS: Computer and information sciences */
struct dh_str dh_item_science(struct dh_arena *arena, struct dh_str value)
{
    while (value.len && value.ptr[0] == '_')
        value = dh_str_from(value, 1);
    if (dh_str_ends(value, DH_STR("_id")))
        value.len -= 3;
    struct dh_str text = with_head(arena, "FOS: ", dh_arena_lower(arena, value));
    char *words = (char *)text.ptr;
    for (size_t i = 5; words && i < text.len; i++)
        if (words[i] == '_')
            words[i] = ' ';
    if (words && text.len > 5 && words[5] >= 'a' && words[5] <= 'z')
        words[5] = (char)(words[5] - 32);
    return text;
}
