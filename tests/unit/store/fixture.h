/* fixture: a store in a temporary folder, and short ways to put and to ask. */
#ifndef DH_TEST_STORE_FIXTURE_H
#define DH_TEST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

struct fixture {
    char folder[64], path[128];
    struct dh_store *store;
    struct dh_reader *reader;
    struct dh_arena arena;
    struct dh_err err;
};

#define assert_ok(f, call)                                                                         \
    do {                                                                                           \
        enum dh_status status_ = (call);                                                           \
        if (status_)                                                                               \
            fail_msg("%s: %s", #call, (f)->err.text);                                              \
    } while (0)

#define assert_text(s, text)                                                                       \
    do {                                                                                           \
        struct dh_str s_ = (s);                                                                    \
        if (!dh_str_equal(s_, dh_str(text)))                                                       \
            fail_msg("\"%.*s\" is not \"%s\"", DH_STR_ARG(s_), text);                              \
    } while (0)

static inline void open_store(struct fixture *f, enum dh_store_mode mode)
{
    assert_ok(f, dh_store_open(f->path, mode, &f->store, &f->err));
    assert_ok(f, dh_reader_open(f->store, &f->reader, &f->err));
}

static inline void close_store(struct fixture *f)
{
    dh_reader_close(f->reader);
    dh_store_close(f->store);
    f->reader = NULL;
    f->store = NULL;
}

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    snprintf(f->folder, sizeof(f->folder), "/tmp/doihound-store-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof(f->path), "%s/store.db", f->folder);
    dh_arena_init(&f->arena, DH_ARENA_MAX);
    open_store(f, DH_STORE_CREATE);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    close_store(f);
    dh_arena_release(&f->arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
    int result = system(command);
    free(f);
    return result;
}

/* A second handle on another file of the folder, or on the same with `name` NULL. */
static inline struct fixture open_second(struct fixture *f, const char *name,
                                         enum dh_store_mode mode)
{
    struct fixture second = *f;
    dh_arena_init(&second.arena, DH_ARENA_MAX);
    if (name)
        snprintf(second.path, sizeof(second.path), "%s/%s", f->folder, name);
    open_store(&second, mode);
    return second;
}

static inline void close_second(struct fixture *second)
{
    close_store(second);
    dh_arena_release(&second->arena);
}

/* Reads a record from JSON text and makes it ready. */
static inline struct dh_prepared *prepared(struct fixture *f, const char *json)
{
    struct json_object *tree = NULL;
    struct dh_record record;
    struct dh_prepared *out = NULL;
    dh_record_init(&record);
    assert_ok(f, dh_json_parse(dh_str(json), &tree, &f->err));
    assert_ok(f, dh_record_read(tree, &record, NULL, &f->err));
    assert_ok(f, dh_prepare(f->store, &record, &out, &f->err));
    dh_record_release(&record);
    json_object_put(tree);
    return out;
}

/* Puts inside a transaction that is open. */
static inline enum dh_change put_open(struct fixture *f, const char *json)
{
    enum dh_change change = DH_CHANGE_NONE;
    assert_ok(f, dh_store_put(f->store, prepared(f, json), &change, &f->err));
    return change;
}

static inline enum dh_change put(struct fixture *f, const char *json)
{
    assert_ok(f, dh_store_begin(f->store, &f->err));
    enum dh_change change = put_open(f, json);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    return change;
}

static inline struct dh_hit get(struct fixture *f, const char *doi)
{
    struct dh_hit hit;
    assert_ok(f, dh_store_get(f->reader, dh_str(doi), &hit, &f->arena, &f->err));
    return hit;
}

/* A search that asks for everything, to be narrowed. */
static inline struct dh_search all_records(void)
{
    return (struct dh_search){.sort = DH_SORT_NONE, .limit = 100000, .sample_by = DH_COLUMN__N};
}

static inline struct dh_page find(struct fixture *f, const struct dh_search *search)
{
    struct dh_page page;
    assert_ok(f, dh_store_search(f->reader, search, &page, &f->arena, &f->err));
    return page;
}

static inline struct dh_activity_page activities_of(struct fixture *f, const char *doi)
{
    struct dh_str subject = dh_str(doi);
    struct dh_activity_search search = {.kind = DH_OF_DOI,
                                        .subjects = &subject,
                                        .subject_count = 1,
                                        .ascending = true,
                                        .limit = 100};
    struct dh_activity_page page;
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    return page;
}

#endif
