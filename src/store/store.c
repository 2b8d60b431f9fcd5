#include "store/store.h"

#include "store/sqlite/sqlite.h"

enum dh_status dh_store_open(const char *path, enum dh_store_mode mode, struct dh_store **out,
                             struct dh_err *err)
{
    return dh_sqlite_open(path, mode, out, err);
}

void dh_store_close(struct dh_store *store)
{
    if (store)
        store->ops->close(store);
}

enum dh_status dh_reader_open(struct dh_store *store, struct dh_reader **out, struct dh_err *err)
{
    return store->ops->reader_open(store, out, err);
}

void dh_reader_close(struct dh_reader *reader)
{
    if (reader)
        reader->store->ops->reader_close(reader);
}

enum dh_status dh_store_get(struct dh_reader *reader, struct dh_str doi, struct dh_hit *out,
                            struct dh_arena *arena, struct dh_err *err)
{
    if (!doi.ptr)
        return dh_fail(err, DH_NOT_FOUND, "no DOI was given");
    return reader->store->ops->get(reader, doi, 0, out, arena, err);
}

enum dh_status dh_store_read(struct dh_reader *reader, uint32_t number, struct dh_hit *out,
                             struct dh_arena *arena, struct dh_err *err)
{
    return reader->store->ops->get(reader, DH_STR_NONE, number, out, arena, err);
}

enum dh_status dh_store_search(struct dh_reader *reader, const struct dh_search *search,
                               struct dh_page *out, struct dh_arena *arena, struct dh_err *err)
{
    return reader->store->ops->search(reader, search, out, arena, err);
}

enum dh_status dh_store_relations(struct dh_reader *reader, struct dh_str doi,
                                  struct dh_relations *out, struct dh_arena *arena,
                                  struct dh_err *err)
{
    return reader->store->ops->relations(reader, doi, out, arena, err);
}

enum dh_status dh_store_activities(struct dh_reader *reader,
                                   const struct dh_activity_search *search,
                                   struct dh_activity_page *out, struct dh_arena *arena,
                                   struct dh_err *err)
{
    return reader->store->ops->activities(reader, search, out, arena, err);
}

enum dh_status dh_store_events(struct dh_reader *reader, const struct dh_event_search *search,
                               struct dh_event_page *out, struct dh_arena *arena,
                               struct dh_err *err)
{
    return reader->store->ops->events(reader, search, out, arena, err);
}

enum dh_status dh_store_directory(struct dh_reader *reader, const struct dh_directory **out,
                                  struct dh_err *err)
{
    return reader->store->ops->directory(reader, out, err);
}

enum dh_status dh_store_brief(struct dh_reader *reader, struct dh_store_stats *out,
                              struct dh_err *err)
{
    return reader->store->ops->brief(reader, out, err);
}

enum dh_status dh_store_stats(struct dh_reader *reader, struct dh_store_stats *out,
                              struct dh_err *err)
{
    return reader->store->ops->stats(reader, out, err);
}

enum dh_status dh_store_sequence(struct dh_reader *reader, uint64_t *out, struct dh_err *err)
{
    return reader->store->ops->sequence(reader, out, err);
}

enum dh_status dh_store_check(struct dh_reader *reader, struct dh_err *err)
{
    return reader->store->ops->check(reader, err);
}

enum dh_status dh_store_backup(struct dh_reader *reader, const char *path, struct dh_err *err)
{
    return reader->store->ops->backup(reader, path, err);
}

enum dh_status dh_prepare(struct dh_store *store, struct dh_record *record,
                          struct dh_prepared **out, struct dh_err *err)
{
    return store->ops->prepare(store, record, out, err);
}

enum dh_status dh_prepared_press(struct dh_prepared *prepared, struct dh_err *err)
{
    return prepared->store->ops->prepared_press(prepared, err);
}

void dh_prepared_free(struct dh_prepared *prepared)
{
    if (prepared)
        prepared->store->ops->prepared_free(prepared);
}

enum dh_status dh_store_begin(struct dh_store *store, struct dh_err *err)
{
    return store->ops->begin(store, err);
}

enum dh_status dh_store_put(struct dh_store *store, struct dh_prepared *prepared,
                            enum dh_change *change, struct dh_err *err)
{
    return store->ops->put(store, prepared, change, err);
}

enum dh_status dh_store_put_account(struct dh_store *store, const struct dh_account *account,
                                    const struct dh_str *prefixes, size_t prefix_count,
                                    enum dh_change *change, struct dh_err *err)
{
    return store->ops->put_account(store, account, prefixes, prefix_count, change, err);
}

enum dh_status dh_store_put_prefix(struct dh_store *store, struct dh_str prefix, int64_t created,
                                   struct dh_err *err)
{
    return store->ops->put_prefix(store, prefix, created, err);
}

enum dh_status dh_store_put_activity(struct dh_store *store, const struct dh_activity *activity,
                                     bool *added, struct dh_err *err)
{
    return store->ops->put_activity(store, activity, added, err);
}

enum dh_status dh_store_put_event(struct dh_store *store, const struct dh_event_in *event,
                                  enum dh_change *change, struct dh_err *err)
{
    return store->ops->put_event(store, event, change, err);
}

enum dh_status dh_store_changes(struct dh_reader *reader, uint64_t since, size_t limit,
                                struct dh_change_item **out, size_t *count, uint64_t *next,
                                struct dh_arena *arena, struct dh_err *err)
{
    return reader->store->ops->changes(reader, since, limit, out, count, next, arena, err);
}

enum dh_status dh_store_commit(struct dh_store *store, struct dh_err *err)
{
    return store->ops->commit(store, err);
}

void dh_store_rollback(struct dh_store *store)
{
    store->ops->rollback(store);
}

enum dh_status dh_store_scopes(struct dh_reader *reader, struct dh_scope **out, size_t *count,
                               struct dh_arena *arena, struct dh_err *err)
{
    return reader->store->ops->scopes(reader, out, count, arena, err);
}

enum dh_status dh_store_put_scope(struct dh_store *store, const struct dh_scope *scope,
                                  struct dh_err *err)
{
    return store->ops->put_scope(store, scope, err);
}

enum dh_status dh_store_remove_scope(struct dh_store *store, struct dh_str url,
                                     struct dh_str filter, struct dh_err *err)
{
    return store->ops->remove_scope(store, url, filter, err);
}

enum dh_status dh_store_list(struct dh_reader *reader, struct dh_str name, struct dh_str **out,
                             size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    return reader->store->ops->list(reader, name, out, count, arena, err);
}

enum dh_status dh_store_put_list(struct dh_store *store, struct dh_str name,
                                 const struct dh_str *dois, size_t count, struct dh_err *err)
{
    return store->ops->put_list(store, name, dois, count, err);
}
