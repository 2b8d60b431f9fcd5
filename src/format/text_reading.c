#include "format/text_reading.h"

/* ---- ceilings ------------------------------------------------------------------------------- */

bool dh_counts_item(struct dh_counts *counts)
{
    return ++counts->items <= DH_TEXT_ITEMS_MAX;
}

enum dh_status dh_counts_record(struct dh_counts *counts, struct dh_err *err)
{
    counts->records++;
    if (counts->records > DH_TEXT_RECORDS_MAX)
        return dh_fail(err, DH_LIMIT, "the text has more than %d records", DH_TEXT_RECORDS_MAX);
    if (counts->items > DH_TEXT_ITEMS_MAX)
        return dh_fail(err, DH_LIMIT, "record %zu: the text has more than %d people and keywords",
                       counts->records, DH_TEXT_ITEMS_MAX);
    return DH_OK;
}

/* ---- texts ---------------------------------------------------------------------------------- */

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

struct dh_str dh_text_squish(struct dh_arena *arena, struct dh_str text)
{
    text = dh_str_trim(text);
    char *out = text.len ? dh_arena_alloc(arena, text.len + 1) : NULL;
    size_t len = 0;
    if (!out)
        return DH_STR_NONE;
    for (size_t i = 0; i < text.len; i++)
        if (!space(text.ptr[i]))
            out[len++] = text.ptr[i];
        else if (!space(text.ptr[i - 1]))
            out[len++] = ' ';
    return (struct dh_str){out, len};
}

/* The length of a dash of several bytes at s, which no number has within it; 0: none. */
static size_t long_dash(struct dh_str s)
{
    static const char *const dashes[] = {"---", "--", "\u2013", "\u2014"};
    for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++)
        if (dh_str_starts(s, dh_str(dashes[i])))
            return strlen(dashes[i]);
    return 0;
}

/* Where the dash between two pages stands, and its length; text.len and 0 without one. */
static size_t find_dash(struct dh_str pages, size_t *length)
{
    for (size_t at = 0; at < pages.len; at++) {
        *length = long_dash(dh_str_from(pages, at));
        if (*length && !dh_str_blank(dh_str_from(pages, at + *length)))
            return at;
    }
    size_t at = dh_str_find(pages, '-');
    *length = at < pages.len;
    return at;
}

static struct dh_str or_none(struct dh_str s)
{
    s = dh_str_trim(s);
    return s.len ? s : DH_STR_NONE;
}

void dh_pages_split(struct dh_str pages, struct dh_str *first, struct dh_str *last)
{
    size_t length = 0;
    pages = dh_str_trim(pages);
    size_t at = find_dash(pages, &length);
    *first = or_none((struct dh_str){pages.ptr, at});
    *last = or_none(dh_str_from(pages, at + length));
}

struct dh_str dh_year_of(struct dh_str text)
{
    enum { YEAR = 4 };
    size_t digits = 0;
    text = dh_str_trim(text);
    while (digits < text.len && digit(text.ptr[digits]))
        digits++;
    return digits == YEAR ? (struct dh_str){text.ptr, YEAR} : DH_STR_NONE;
}

/* ---- numbers of periodicals and books ------------------------------------------------------- */

static bool separator(char c)
{
    return space(c) || c == ',' || c == ';' || c == '/' || c == '(' || c == ')';
}

/* The next word; false at the end. */
static bool take_word(struct dh_str *rest, struct dh_str *word)
{
    while (rest->len && separator(rest->ptr[0]))
        *rest = dh_str_from(*rest, 1);
    size_t len = 0;
    while (len < rest->len && !separator(rest->ptr[len]))
        len++;
    *word = (struct dh_str){rest->ptr, len};
    *rest = dh_str_from(*rest, len);
    return len > 0;
}

/* Digits, the last of which may be an X, and dashes; returns how many digits, 0 for other texts. */
static size_t count_digits(struct dh_str word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.len; i++) {
        bool check = (word.ptr[i] == 'X' || word.ptr[i] == 'x') && i + 1 == word.len;
        if (!digit(word.ptr[i]) && !check && word.ptr[i] != '-')
            return 0;
        digits += word.ptr[i] != '-';
    }
    return digits;
}

struct dh_str dh_issn_of(struct dh_arena *arena, struct dh_str text)
{
    enum { DIGITS = 8 };
    struct dh_str word;
    while (take_word(&text, &word))
        if (count_digits(word) == DIGITS)
            return dh_id_issn(arena, word);
    return DH_STR_NONE;
}

struct dh_str dh_isbn_of(struct dh_arena *arena, struct dh_str text)
{
    enum { OLD = 10, NEW = 13 };
    struct dh_str word;
    while (take_word(&text, &word)) {
        size_t digits = count_digits(word), len = 0;
        if (digits != OLD && digits != NEW)
            continue;
        char *out = dh_arena_alloc(arena, NEW + 1);
        for (size_t i = 0; out && i < word.len; i++)
            if (word.ptr[i] != '-')
                out[len++] = word.ptr[i];
        return (struct dh_str){out, len};
    }
    return DH_STR_NONE;
}

/* ---- DOIs ----------------------------------------------------------------------------------- */

/* DOIs may hold white space, but then nobody could tell where they end. */
static struct dh_str first_word(struct dh_str text)
{
    size_t len = 0;
    while (len < text.len && !space(text.ptr[len]))
        len++;
    return (struct dh_str){text.ptr, len};
}

struct dh_str dh_doi_in(struct dh_arena *arena, struct dh_str text)
{
    static const struct dh_str directory = {"10.", 3};
    struct dh_str word = first_word(dh_str_trim(text));
    size_t at = 0;
    if (dh_id_doi(arena, word).ptr)
        return word;
    while (at < text.len && !dh_str_starts(dh_str_from(text, at), directory))
        at++;
    word = first_word(dh_str_from(text, at));
    return dh_id_doi(arena, word).ptr ? word : DH_STR_NONE;
}

/* ---- lists of objects ----------------------------------------------------------------------- */

/* Takes the element over. */
static void append(struct json_object *object, const char *list, struct json_object *element)
{
    struct json_object *array = dh_json_get(object, list);
    if (!array) {
        array = json_object_new_array();
        dh_put(object, list, array);
    }
    if (!array || json_object_array_add(array, element))
        json_object_put(element);
}

void dh_append(struct json_object *object, const char *list, const char *key, struct dh_str text,
               const char *other_key, const char *other)
{
    struct json_object *element = text.ptr ? json_object_new_object() : NULL;
    if (!element)
        return;
    dh_put_string(element, key, text);
    if (other_key)
        dh_put_string(element, other_key, dh_str(other));
    append(object, list, element);
}

void dh_append_related(struct json_object *metadata, struct dh_str identifier, const char *type,
                       struct dh_str relation, const char *general)
{
    struct json_object *element = identifier.ptr ? json_object_new_object() : NULL;
    if (!element)
        return;
    dh_put_string(element, "relatedIdentifier", identifier);
    dh_put_string(element, "relatedIdentifierType", dh_str(type));
    dh_put_string(element, "relationType", relation);
    dh_put_string(element, "resourceTypeGeneral", dh_str(general));
    append(metadata, "relatedIdentifiers", element);
}

void dh_append_part_of(struct json_object *metadata, struct dh_str identifier, const char *type,
                       const char *general)
{
    dh_append_related(metadata, identifier, type, DH_STR("IsPartOf"), general);
}
