/* backend: the handle and the reader as the files of this folder share them, and the operations. */
#ifndef DH_SQ_BACKEND_H
#define DH_SQ_BACKEND_H

#include "store/sqlite/body.h"
#include "store/sqlite/card.h"
#include "store/sqlite/conn.h"
#include "store/sqlite/pulse.h"

struct dh_sq_columns;    /* columns.h */
struct dh_sq_segments;   /* index_segment.h */
struct dh_sq_writer;     /* writer.h */
struct dh_sq_event_keep; /* events.h */
struct dh_sq_search;     /* search.h: what a reader keeps from search to search */
struct dh_sq_norms;      /* rank.h */

struct dh_sq_store {
    struct dh_store base;
    char *path;
    int flags;      /* for sqlite3_open_v2 of readers */
    bool immutable; /* on a medium that nobody can write */
    struct dh_sq_codec codec;
    struct dh_sq_columns *columns;
    struct dh_sq_norms *norms;
    struct dh_sq_writer *writer; /* NULL when opened to read */
    pthread_mutex_t index_lock;
    struct dh_sq_segments
        *segments; /* of the latest moment a reader asked for, held once; or NULL */
    struct dh_sq_event_keep *events;
    pthread_mutex_t directory_lock;
    struct dh_directory *directory; /* newest one built, held once by the store; or NULL */
    int64_t directory_version;
};

/* One remembered string of table `term`. */
struct dh_sq_known {
    enum dh_column column;
    uint32_t id;
    char *ptr;
    size_t len;
};
enum { DH_SQ_KNOWN_MAX = 1024 };

struct dh_sq_reader {
    struct dh_reader base;
    struct dh_sq_conn conn;
    struct dh_sq_pulse pulse;
    ZSTD_DCtx *zstd;
    struct dh_sq_row row;
    int64_t name; /* doi.id of the latest hit */
    struct dh_sq_search *search;
    struct dh_sq_segments *segments; /* of the transaction, once they were asked for; or NULL */
    struct dh_sq_known known[DH_SQ_KNOWN_MAX];
};

static inline struct dh_sq_store *dh_sq_store(struct dh_store *store)
{
    return (struct dh_sq_store *)store;
}
static inline struct dh_sq_reader *dh_sq_reader(struct dh_reader *reader)
{
    return (struct dh_sq_reader *)reader;
}

/* schema.c: checks what file this is; with `write` makes the tables or migrates them. */
enum { DH_SQ_SCHEMA = 7, DH_SQ_APPLICATION = 0x64686f75 /* "dhou" */ };
enum dh_status dh_sq_schema(struct dh_sq_conn *conn, const char *path, enum dh_store_mode mode,
                            struct dh_err *err);

/* open.c: a connection to this store's file for reading. */
enum dh_status dh_sq_connect(struct dh_sq_store *store, struct dh_sq_conn *conn,
                             struct dh_err *err);

/* reader.c */
enum dh_status dh_sq_reader_open(struct dh_store *store, struct dh_reader **out,
                                 struct dh_err *err);
void dh_sq_reader_close(struct dh_reader *reader);
enum dh_status dh_sq_get(struct dh_reader *reader, struct dh_str doi, uint32_t number,
                         struct dh_hit *out, struct dh_arena *arena, struct dh_err *err);
/* Starts a read transaction under the deadline, and ends it. */
enum dh_status dh_sq_begin_read(struct dh_sq_reader *reader, struct dh_err *err);
void dh_sq_end_read(struct dh_sq_reader *reader);
enum dh_status dh_sq_sequence(struct dh_reader *reader, uint64_t *out, struct dh_err *err);
/* A hit by number inside a transaction; DH_NOT_FOUND. */
enum dh_status dh_sq_hit(struct dh_sq_reader *reader, uint32_t number, bool body,
                         struct dh_hit *out, struct dh_arena *arena, struct dh_err *err);
/*
 * stored.c: the record of a row and its packed text, with its envelope, as it was put. The text
 * lies in the arena, which the record does not need.
 */
enum dh_status dh_sq_stored_read(struct dh_sq_codec *codec, ZSTD_DCtx *zstd,
                                 struct dh_sq_conn *conn, const struct dh_sq_row *row,
                                 struct dh_str z, struct dh_record *out, struct dh_arena *arena,
                                 struct dh_err *err);
/* The string of a term in the arena; ptr NULL for id 0. */
enum dh_status dh_sq_term_text(struct dh_sq_reader *reader, enum dh_column column, uint32_t id,
                               struct dh_str *out, struct dh_arena *arena, struct dh_err *err);

/* search.c, relations.c, activities.c, events.c, directory.c, stats.c: operations of the same name.
 */
enum dh_status dh_sq_search(struct dh_reader *reader, const struct dh_search *search,
                            struct dh_page *out, struct dh_arena *arena, struct dh_err *err);
void dh_sq_search_free(struct dh_sq_search *search);
struct dh_sq_others; /* records on the other side that were looked up already */
struct dh_sq_others *dh_sq_others_new(struct dh_arena *arena);
/* The relations of a DOI by its id inside a transaction, of which `others` may be NULL. */
enum dh_status dh_sq_relations_within(struct dh_sq_reader *reader, int64_t name,
                                      struct dh_sq_others *others, struct dh_relations *out,
                                      struct dh_arena *arena, struct dh_err *err);
enum dh_status dh_sq_relations(struct dh_reader *reader, struct dh_str doi,
                               struct dh_relations *out, struct dh_arena *arena,
                               struct dh_err *err);
enum dh_status dh_sq_activities(struct dh_reader *reader, const struct dh_activity_search *search,
                                struct dh_activity_page *out, struct dh_arena *arena,
                                struct dh_err *err);
/* The 16 bytes of a uuid's text; false for other text. */
bool dh_sq_uuid_parse(struct dh_str text, unsigned char out[16]);
enum dh_status dh_sq_events(struct dh_reader *reader, const struct dh_event_search *search,
                            struct dh_event_page *out, struct dh_arena *arena, struct dh_err *err);
/* feed.c */
enum dh_status dh_sq_changes(struct dh_reader *reader, uint64_t since, size_t limit,
                             struct dh_change_item **out, size_t *count, uint64_t *next,
                             struct dh_arena *arena, struct dh_err *err);
/* scopes.c */
enum dh_status dh_sq_scopes(struct dh_reader *reader, struct dh_scope **out, size_t *count,
                            struct dh_arena *arena, struct dh_err *err);
enum dh_status dh_sq_list(struct dh_reader *reader, struct dh_str name, struct dh_str **out,
                          size_t *count, struct dh_arena *arena, struct dh_err *err);
enum dh_status dh_sq_directory(struct dh_reader *reader, const struct dh_directory **out,
                               struct dh_err *err);
/* The same inside a transaction, as of its moment. */
enum dh_status dh_sq_directory_within(struct dh_sq_reader *reader, const struct dh_directory **out,
                                      struct dh_err *err);
/* The usual text of a uuid's 16 bytes. */
struct dh_str dh_sq_uuid_text(struct dh_arena *arena, struct dh_str bytes);
enum dh_status dh_sq_brief(struct dh_reader *reader, struct dh_store_stats *out,
                           struct dh_err *err);
enum dh_status dh_sq_stats(struct dh_reader *reader, struct dh_store_stats *out,
                           struct dh_err *err);
enum dh_status dh_sq_check(struct dh_reader *reader, struct dh_err *err);
enum dh_status dh_sq_backup(struct dh_reader *reader, const char *path, struct dh_err *err);

#endif
