/* A record that is valid, with members put in or taken out of it, and what a format makes of it. */
#ifndef TESTS_FORMAT_RECORDS_H
#define TESTS_FORMAT_RECORDS_H

#include "format/parts.h"
#include "support.h"

/* Fails unless `name` writes the record with `changes` (JSON, ' for "; null takes a member out) as
 * `expected`; NULL: it must refuse to. */
static inline void assert_format(struct dh_arena *arena, const char *name, const char *changes,
                                 const char *expected)
{
    static const char base[] =
        "{'id':'https://doi.org/10.5072/abc','doi':'10.5072/ABC','url':'https://example.org/',"
        "'types':{'resourceTypeGeneral':'Dataset','resourceType':'','bibtex':'misc','ris':'DATA'},"
        "'creators':[{'name':'Okafor, Amara','familyName':'Okafor','givenName':'Amara'}],"
        "'titles':[{'title':'T'}],'publisher':{'name':'P'},'publicationYear':2024,"
        "'state':'findable','schemaVersion':'http://datacite.org/schema/kernel-4'}";
    struct json_object *metadata = json_of(arena, base), *change = json_of(arena, changes);
    struct dh_buf out;
    struct dh_err err = {0};
    json_object_object_foreach(change, key, value)
    {
        json_object_object_del(metadata, key);
        dh_put(metadata, key, json_object_get(value));
    }
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    const struct dh_format *format = dh_format_find(dh_str(name));
    enum dh_status status = format->write(metadata, NULL, &out, arena, &err);
    if (expected && status)
        fail_msg("%s of %s", err.text, changes);
    if (!expected)
        assert_int_equal(status, DH_UNSUPPORTED);
    assert_text(dh_str_from(dh_buf_view(&out), 0), expected);
    dh_buf_release(&out);
    json_object_put(metadata);
    json_object_put(change);
}

/* One member of one record that a text holds; `expected` NULL: it is not there. */
struct member {
    const char *text;
    const char *key;
    const char *expected;
};

/* Fails unless a text is read as this many records. The array is the caller's. */
static inline struct json_object *records_of(struct dh_arena *arena, const char *name,
                                             struct dh_str text, size_t count)
{
    struct json_object *records = NULL;
    struct dh_err err = {0};
    if (dh_format_read(dh_format_find(dh_str(name)), text, NULL, &records, arena, &err))
        fail_msg("%s: %.*s", err.text, DH_STR_ARG(text));
    assert_int_equal(json_object_array_length(records), count);
    return records;
}

static inline void assert_members(struct dh_arena *arena, const char *name,
                                  const struct member *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct json_object *records = records_of(arena, name, dh_str(rows[i].text), 1);
        assert_member(json_object_array_get_idx(records, 0), rows[i].key, rows[i].expected);
        json_object_put(records);
    }
}

/* Fails unless reading a text fails with this status and message. */
static inline void assert_unread(struct dh_arena *arena, const char *name, struct dh_str text,
                                 enum dh_status status, const char *message)
{
    struct json_object *records = NULL;
    struct dh_err err = {0};
    assert_int_equal(
        dh_format_read(dh_format_find(dh_str(name)), text, NULL, &records, arena, &err), status);
    assert_null(records);
    assert_text(dh_str(err.text), message);
}

#endif
