/*
 * The preset "tcia": the table that getDoi of the Python package tcia_utils (3.3.5) makes of the
 * API's answer and writes as CSV through pandas, cell by cell, the unnamed column of row numbers
 * included. Where getDoi would give up on a record, such as one without a title, a cell is empty.
 */
#include <unictype.h>

#include "cli/columns.h"

/* ---- joined cells --------------------------------------------------------------------------- */

/* Adds one item's text to a cell; false when the item has none, and nothing stands for it. */
typedef bool put_item(struct json_object *item, struct dh_buf *out);

static struct dh_str joined(struct json_object *list, put_item *put, struct dh_arena *arena)
{
    struct dh_buf out, one;
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    bool first = true;
    dh_buf_init(&out, DH_RECORD_MAX);
    dh_buf_init(&one, DH_RECORD_MAX);
    for (size_t i = 0; i < count; i++) {
        dh_buf_clear(&one);
        if (!put(json_object_array_get_idx(list, i), &one))
            continue;
        dh_buf_text(&out, first ? "" : "; ");
        dh_buf_str(&out, dh_buf_view(&one));
        first = false;
    }
    struct dh_str text = out.len ? dh_arena_copy(arena, dh_buf_view(&out)) : DH_STR_NONE;
    dh_buf_release(&one);
    dh_buf_release(&out);
    return text;
}

static struct dh_str joined_of(const struct dh_hit *hit, enum dh_attribute attribute, put_item *put,
                               struct dh_arena *arena)
{
    struct json_object *list = dh_fact_value(hit, attribute);
    struct dh_str text = joined(list, put, arena);
    json_object_put(list);
    return text;
}

/* "Given Family (identifier, identifier)" */
static bool put_creator(struct json_object *creator, struct dh_buf *out)
{
    struct dh_str given = dh_json_member(creator, "givenName");
    struct dh_str family = dh_json_member(creator, "familyName");
    struct json_object *ids = dh_json_get(creator, "nameIdentifiers");
    size_t count = json_object_is_type(ids, json_type_array) ? json_object_array_length(ids) : 0;
    if (given.len && family.len) {
        dh_buf_str(out, given);
        dh_buf_char(out, ' ');
        dh_buf_str(out, family);
    } else {
        dh_buf_str(out, dh_json_member(creator, "name"));
    }
    for (size_t i = 0; i < count; i++) {
        dh_buf_text(out, i ? ", " : " (");
        dh_buf_str(out, dh_json_member(json_object_array_get_idx(ids, i), "nameIdentifier"));
    }
    if (count)
        dh_buf_char(out, ')');
    return true;
}

static struct dh_str creators(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined_of(hit, DH_ATTR_CREATORS, put_creator, arena);
}

/* "IsDerivedFrom: 10.7937/..." */
static bool put_related(struct json_object *related, struct dh_buf *out)
{
    struct dh_str type = dh_json_member(related, "relationType");
    struct dh_str identifier = dh_json_member(related, "relatedIdentifier");
    if (!type.len || !identifier.len)
        return false;
    dh_buf_str(out, type);
    dh_buf_text(out, ": ");
    dh_buf_str(out, identifier);
    return true;
}

static struct dh_str related(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined_of(hit, DH_ATTR_RELATED_IDENTIFIERS, put_related, arena);
}

/* ---- rights --------------------------------------------------------------------------------- */

static bool put_rights(struct json_object *rights, struct dh_buf *out)
{
    dh_buf_str(out, dh_json_member(rights, "rights"));
    return true;
}

static bool put_rights_uri(struct json_object *rights, struct dh_buf *out)
{
    dh_buf_str(out, dh_json_member(rights, "rightsUri"));
    return true;
}

/* One right without the one or the other empties both cells. */
static bool complete(struct json_object *list)
{
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *right = json_object_array_get_idx(list, i);
        if (!dh_json_has(right, "rights") || !dh_json_has(right, "rightsUri"))
            return false;
    }
    return true;
}

static struct dh_str rights_of(const struct dh_hit *hit, put_item *put, struct dh_arena *arena)
{
    struct json_object *list = dh_fact_value(hit, DH_ATTR_RIGHTS_LIST);
    struct dh_str text = complete(list) ? joined(list, put, arena) : DH_STR_NONE;
    json_object_put(list);
    return text;
}

static struct dh_str rights(const struct dh_hit *hit, struct dh_arena *arena)
{
    return rights_of(hit, put_rights, arena);
}

static struct dh_str rights_uri(const struct dh_hit *hit, struct dh_arena *arena)
{
    return rights_of(hit, put_rights_uri, arena);
}

/* ---- a list as Python prints it ------------------------------------------------------------- */

static bool printable(uint32_t c)
{
    return c == ' ' ||
           !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z);
}

static void put_escape(uint32_t c, struct dh_buf *out)
{
    static const char letters[] = "tnr", characters[] = "\t\n\r";
    const char *found = c && c < 0x80 ? strchr(characters, (int)c) : NULL;
    if (found)
        dh_buf_printf(out, "\\%c", letters[found - characters]);
    else
        dh_buf_printf(out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

/* In single quotes, but in double ones when only single ones are in the text. */
static void put_text(struct dh_str text, struct dh_buf *out)
{
    bool single = text.len && memchr(text.ptr, '\'', text.len);
    bool both = single && memchr(text.ptr, '"', text.len);
    char quote = single && !both ? '"' : '\'';
    size_t size;
    dh_buf_char(out, quote);
    for (; text.len; text = dh_str_from(text, size)) {
        uint32_t c = dh_utf8_next(text, &size);
        if (c == (uint32_t)quote || c == '\\')
            dh_buf_char(out, '\\');
        if (printable(c))
            dh_buf_str(out, (struct dh_str){text.ptr, size});
        else
            put_escape(c, out);
    }
    dh_buf_char(out, quote);
}

static void put_value(struct json_object *value, struct dh_buf *out);

static void put_list(struct json_object *list, struct dh_buf *out)
{
    dh_buf_char(out, '[');
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        dh_buf_text(out, i ? ", " : "");
        put_value(json_object_array_get_idx(list, i), out);
    }
    dh_buf_char(out, ']');
}

static void put_members(struct json_object *object, struct dh_buf *out)
{
    bool first = true;
    dh_buf_char(out, '{');
    json_object_object_foreach(object, key, value)
    {
        dh_buf_text(out, first ? "" : ", ");
        put_text(dh_str(key), out);
        dh_buf_text(out, ": ");
        put_value(value, out);
        first = false;
    }
    dh_buf_char(out, '}');
}

static void put_value(struct json_object *value, struct dh_buf *out)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        dh_buf_text(out, "None");
        break;
    case json_type_boolean:
        dh_buf_text(out, json_object_get_boolean(value) ? "True" : "False");
        break;
    case json_type_string:
        put_text(dh_json_str(value), out);
        break;
    case json_type_array:
        put_list(value, out);
        break;
    case json_type_object:
        put_members(value, out);
        break;
    default:
        dh_json_write(out, value, DH_JSON_PLAIN);
    }
}

static struct dh_str funding(const struct dh_hit *hit, struct dh_arena *arena)
{
    struct json_object *list = dh_fact_value(hit, DH_ATTR_FUNDING_REFERENCES);
    struct dh_buf out;
    dh_buf_init(&out, DH_RECORD_MAX);
    put_value(list, &out);
    struct dh_str text = list ? dh_arena_copy(arena, dh_buf_view(&out)) : DH_STR_NONE;
    dh_buf_release(&out);
    json_object_put(list);
    return text;
}

const struct dh_column_row dh_tcia_columns[] = {
    {NULL, NULL, NULL},
    {"DOI", "doi", NULL},
    {"Identifier", "identifiers[0].identifier", NULL},
    {"CreatorNames", NULL, creators},
    {"Title", "titles[0].title", NULL},
    {"Created", "created", NULL},
    {"Updated", "updated", NULL},
    {"Related", NULL, related},
    {"Version", "version", NULL},
    {"Rights", NULL, rights},
    {"RightsURI", NULL, rights_uri},
    {"Description", "descriptions[0].description", NULL},
    {"FundingReferences", NULL, funding},
    {"URL", "url", NULL},
    {"ViewCount", "viewCount", NULL},
    {"CitationCount", "citationCount", NULL},
    {"ReferenceCount", "referenceCount", NULL},
};
const size_t dh_tcia_column_count = sizeof(dh_tcia_columns) / sizeof(dh_tcia_columns[0]);
