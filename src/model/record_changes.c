/* The `changes` of an activity: audited attributes under their keys, by length and bytes. */
#include "model/record_parts.h"

/* Audited attributes in the order of their keys. */
static size_t audited(enum dh_attribute out[DH_ATTR__N])
{
    size_t count = 0;
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++) {
        if (!dh_attributes[a].audit)
            continue;
        struct dh_str key = dh_str(dh_attributes[a].audit);
        size_t at = count++;
        for (; at > 0; at--) {
            struct dh_str before = dh_str(dh_attributes[out[at - 1]].audit);
            if (before.len < key.len || (before.len == key.len && dh_str_compare(before, key) < 0))
                break;
            out[at] = out[at - 1];
        }
        out[at] = a;
    }
    return count;
}

static void write_upper(struct dh_str s, unsigned flags, struct dh_buf *out)
{
    size_t at = out->len;
    dh_json_string(out, s, flags & ~(unsigned)DH_JSON_HTML);
    for (; !out->status && at < out->len; at++)
        if (out->ptr[at] >= 'a' && out->ptr[at] <= 'z')
            out->ptr[at] = (char)(out->ptr[at] - 32);
}

void dh_record_audited(const struct dh_record *record, enum dh_attribute a, unsigned flags,
                       struct dh_buf *out)
{
    if (a == DH_ATTR_DOI)
        write_upper(record->doi, flags, out);
    else if (a == DH_ATTR_STATE)
        dh_json_string(out, dh_str(dh_state_name(dh_record_state(record))), flags);
    else
        dh_json_write(out, dh_json_get(record->attributes, dh_attributes[a].name), flags);
}

static void write_key(enum dh_attribute a, bool first, struct dh_buf *out)
{
    dh_buf_text(out, first ? "\"" : ",\"");
    dh_buf_text(out, dh_attributes[a].audit);
    dh_buf_text(out, "\":");
}

static bool equal(const struct dh_record *old, const struct dh_record *now, enum dh_attribute a)
{
    if (a == DH_ATTR_DOI)
        return dh_str_equal(old->doi, now->doi);
    if (a == DH_ATTR_STATE)
        return dh_record_state(old) == dh_record_state(now);
    return dh_json_equal(dh_json_get(old->attributes, dh_attributes[a].name),
                         dh_json_get(now->attributes, dh_attributes[a].name));
}

void dh_record_creation(const struct dh_record *record, struct dh_buf *out)
{
    enum dh_attribute keys[DH_ATTR__N];
    size_t count = audited(keys);
    dh_buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        write_key(keys[i], i == 0, out);
        dh_record_audited(record, keys[i], DH_JSON_HTML | DH_JSON_SORT, out);
    }
    dh_buf_char(out, '}');
}

void dh_record_changes(const struct dh_record *old, const struct dh_record *now, struct dh_buf *out)
{
    enum dh_attribute keys[DH_ATTR__N];
    size_t count = audited(keys);
    bool first = true;
    dh_buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (equal(old, now, keys[i]))
            continue;
        write_key(keys[i], first, out);
        first = false;
        dh_buf_char(out, '[');
        dh_record_audited(old, keys[i], DH_JSON_HTML | DH_JSON_SORT, out);
        dh_buf_char(out, ',');
        dh_record_audited(now, keys[i], DH_JSON_HTML | DH_JSON_SORT, out);
        dh_buf_char(out, ']');
    }
    dh_buf_char(out, '}');
}
