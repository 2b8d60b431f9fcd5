#include <stdlib.h>
#include <xxhash.h>

#include "base/limits.h"
#include "model/record_parts.h"
#include "model/wire.h"

void dh_record_init(struct dh_record *record)
{
    *record = (struct dh_record){.state = DH_STATE__N,
                                 .created = DH_TIME_NONE,
                                 .registered = DH_TIME_NONE,
                                 .updated = DH_TIME_NONE};
    for (size_t i = 0; i < DH_COUNT__N; i++)
        record->counts[i] = -1;
}

void dh_record_release(struct dh_record *record)
{
    free((char *)record->doi.ptr);
    free((char *)record->client.ptr);
    free((char *)record->provider.ptr);
    json_object_put(record->attributes);
    dh_record_init(record);
}

bool dh_record_set(struct dh_str *field, struct dh_str value, bool lower)
{
    char *copy = NULL;
    if (value.len) {
        copy = malloc(value.len);
        if (!copy)
            return false;
        memcpy(copy, value.ptr, value.len);
        for (size_t i = 0; lower && i < value.len; i++)
            if (copy[i] >= 'A' && copy[i] <= 'Z')
                copy[i] = (char)(copy[i] + 32);
    }
    free((char *)field->ptr);
    *field = (struct dh_str){copy, value.len};
    return true;
}

enum dh_doi_state dh_record_state(const struct dh_record *record)
{
    if (record->state != DH_STATE__N)
        return record->state;
    return dh_state_find(dh_json_member(record->attributes, dh_attributes[DH_ATTR_STATE].name));
}

struct json_object *dh_tree_copy(struct json_object *value)
{
    struct json_object *copy = NULL;
    if (value && json_object_deep_copy(value, &copy, NULL) != 0)
        return NULL;
    return copy;
}

bool dh_attribute_in_tree(enum dh_attribute a)
{
    enum dh_shape shape = dh_attributes[a].shape;
    return shape != DH_SHAPE_COUNT && shape != DH_SHAPE_TIME && a != DH_ATTR_DOI &&
           a != DH_ATTR_PREFIX && a != DH_ATTR_SUFFIX && a != DH_ATTR_ALTERNATE_IDENTIFIERS;
}

bool dh_attribute_set(struct json_object *attributes, enum dh_attribute a,
                      struct json_object *value, bool fresh)
{
    unsigned how = JSON_C_OBJECT_ADD_CONSTANT_KEY | (fresh ? JSON_C_OBJECT_ADD_KEY_IS_NEW : 0);
    return json_object_object_add_ex(attributes, dh_attributes[a].name, value, how) == 0;
}

/* The landing page is left out: its checks come and go without anybody editing the record. */
static bool hashed(enum dh_attribute a)
{
    return dh_attributes[a].audit && a != DH_ATTR_LANDING_PAGE;
}

/* The wire's text of a value as it is without DH_JSON_HTML. */
static void add_plain(struct dh_buf *out, struct dh_str text)
{
    static const struct {
        char code[5], c;
    } escapes[] = {{"u003c", '<'}, {"u003e", '>'}, {"u0026", '&'}};
    for (size_t at; (at = dh_str_find(text, '\\')) < text.len;) {
        struct dh_str rest = dh_str_from(text, at + 1);
        size_t i = 0, len = sizeof(escapes[0].code);
        while (i < 3 && (rest.len < len || memcmp(rest.ptr, escapes[i].code, len) != 0))
            i++;
        dh_buf_add(out, text.ptr, i < 3 ? at : at + 2);
        if (i < 3)
            dh_buf_char(out, escapes[i].c);
        text = dh_str_from(text, i < 3 ? at + 1 + len : at + 2);
    }
    dh_buf_str(out, text);
}

/* Whether the wire has the value as it is hashed, but for DH_JSON_HTML. */
static bool on_wire(enum dh_attribute a)
{
    return a != DH_ATTR_DOI && a != DH_ATTR_CONTAINER && dh_attribute_in_tree(a);
}

static struct dh_hash hash_of(const struct dh_record *record, const struct dh_wire *wire)
{
    struct dh_buf text;
    dh_buf_init(&text, (size_t)DH_RECORD_MAX * 2);
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++)
        if (hashed(a)) {
            struct dh_str value =
                wire && on_wire(a) ? dh_wire_value(wire, a, DH_FORM_RICH) : DH_STR_NONE;
            dh_buf_text(&text, dh_attributes[a].name);
            if (value.len)
                add_plain(&text, value);
            else
                dh_record_audited(record, a, DH_JSON_SORT, &text);
        }
    XXH128_hash_t hash = {0, 0};
    if (!text.status)
        hash = XXH3_128bits(text.ptr, text.len);
    dh_buf_release(&text);
    return (struct dh_hash){hash.low64, hash.high64};
}

struct dh_hash dh_record_hash(const struct dh_record *record)
{
    return hash_of(record, NULL);
}

struct dh_hash dh_wire_hash(const struct dh_wire *wire, const struct dh_record *record)
{
    return hash_of(record, wire);
}
