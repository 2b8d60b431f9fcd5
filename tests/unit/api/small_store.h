/* A store in a folder of its own with a few made-up resources, and GET requests to it. */
#ifndef DH_TEST_SMALL_STORE_H
#define DH_TEST_SMALL_STORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/api.h"

#define BASE "http://127.0.0.1:8080"

struct small_store {
    char folder[64], path[96];
    struct dh_store *store;
    struct dh_reader *reader;
    struct dh_api *api;
    struct dh_arena arena;
    struct dh_response response;
};

static struct small_store small;

static inline void small_store_put_record(struct json_object *resource)
{
    struct dh_record record;
    struct dh_prepared *prepared;
    enum dh_change change;
    struct dh_err err = {0};
    dh_record_init(&record);
    if (dh_record_read(resource, &record, NULL, &err) ||
        dh_prepare(small.store, &record, &prepared, &err) ||
        dh_store_put(small.store, prepared, &change, &err))
        fail_msg("record: %s", err.text);
    dh_record_release(&record);
}

static inline void small_store_put_account(struct json_object *resource)
{
    struct dh_account account;
    struct dh_str *prefixes;
    size_t count;
    enum dh_change change;
    struct dh_err err = {0};
    if (dh_account_read(resource, &account, &prefixes, &count, &small.arena, &err) ||
        dh_store_put_account(small.store, &account, prefixes, count, &change, &err))
        fail_msg("account: %s", err.text);
    json_object_put(account.attributes);
}

static inline void small_store_put_prefix(struct json_object *resource)
{
    int64_t created = DH_TIME_NONE;
    struct dh_err err = {0};
    dh_time_parse(dh_json_member(dh_json_get(resource, "attributes"), "createdAt"), &created);
    if (dh_store_put_prefix(small.store, dh_json_member(resource, "id"), created, &err))
        fail_msg("prefix: %s", err.text);
}

/* One JSON:API resource, of whatever type it is. */
static inline void small_store_put(const char *text)
{
    struct json_object *resource;
    struct dh_err err = {0};
    if (dh_json_parse(dh_str(text), &resource, &err))
        fail_msg("%s at %zu in %s", err.text, err.pos, text);
    struct dh_str type = dh_json_member(resource, "type");
    if (dh_str_equal(type, DH_STR("dois")))
        small_store_put_record(resource);
    else if (dh_str_equal(type, DH_STR("prefixes")))
        small_store_put_prefix(resource);
    else
        small_store_put_account(resource);
    json_object_put(resource);
}

/* Opens the store with these resources, written in one go. */
static inline void small_store_open(const char *const *resources, size_t count, bool owner)
{
    struct dh_err err = {0};
    struct dh_api_options options = {.facets = true, .owner = owner};
    small = (struct small_store){.folder = "/tmp/doihound-test-XXXXXX"};
    dh_arena_init(&small.arena, DH_ARENA_MAX);
    assert_non_null(mkdtemp(small.folder));
    snprintf(small.path, sizeof(small.path), "%s/store.db", small.folder);
    if (dh_store_open(small.path, DH_STORE_CREATE, &small.store, &err) ||
        dh_store_begin(small.store, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < count; i++)
        small_store_put(resources[i]);
    if (dh_store_commit(small.store, &err) || dh_reader_open(small.store, &small.reader, &err) ||
        dh_api_open(small.store, &options, &small.api, &err))
        fail_msg("%s", err.text);
}

static inline void small_store_close(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[128];
    dh_buf_release(&small.response.body);
    dh_api_close(small.api);
    dh_reader_close(small.reader);
    dh_store_close(small.store);
    dh_arena_release(&small.arena);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(path, sizeof(path), "%s%s", small.path, ends[i]);
        unlink(path);
    }
    rmdir(small.folder);
}

/* The body of an answer, terminated; valid until the next request. */
static inline const char *get(const char *target, int status)
{
    dh_buf_release(&small.response.body);
    dh_api_get(small.api, small.reader, dh_str(target), DH_STR(BASE), &small.arena,
               &small.response);
    dh_buf_char(&small.response.body, '\0');
    const char *body = small.response.body.ptr;
    if (!body || small.response.status != status)
        fail_msg("%s: %d %s", target, small.response.status, body ? body : "");
    return body;
}

static inline void assert_body(const char *target, const char *expected)
{
    assert_string_equal(get(target, 200), expected);
}

/* The answer holds that text. */
static inline void assert_holds(const char *target, const char *part)
{
    const char *body = get(target, 200);
    if (!strstr(body, part))
        fail_msg("%s: no `%s` in\n%s", target, part, body);
}

static inline void assert_lacks(const char *target, const char *part)
{
    const char *body = get(target, 200);
    if (strstr(body, part))
        fail_msg("%s: `%s` in\n%s", target, part, body);
}

/* The ids of `data`, in order, joined by blanks. */
static inline void assert_ids(const char *target, const char *expected)
{
    struct json_object *document = NULL;
    char ids[1024] = "";
    size_t len = 0;
    const char *body = get(target, 200);
    if (dh_json_parse(dh_str(body), &document, NULL))
        fail_msg("%s: no JSON: %s", target, body);
    struct json_object *data = dh_json_get(document, "data");
    for (size_t i = 0; data && i < json_object_array_length(data); i++) {
        struct dh_str id = dh_json_member(json_object_array_get_idx(data, i), "id");
        len +=
            (size_t)snprintf(ids + len, sizeof(ids) - len, "%s%.*s", i ? " " : "", DH_STR_ARG(id));
    }
    json_object_put(document);
    if (strcmp(ids, expected) != 0)
        fail_msg("%s: `%s`, expected `%s`", target, ids, expected);
}

#endif
