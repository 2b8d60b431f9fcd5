/*
 * writer: the one connection that writes, and what it remembers between two records: ids of terms
 * and DOIs, clients seen, counts to be corrected at the commit. All of it is dropped by a rollback.
 */
#ifndef DH_SQ_WRITER_H
#define DH_SQ_WRITER_H

#include "store/sqlite/backend.h"

enum {
    DH_SQ_CACHE_SLOTS = 1 << 16, /* per cache; a newer entry drives out the older one */
    DH_SQ_CLIENTS_SEEN = 8192,   /* pairs of client and prefix; a newer one drives out the older */
    DH_SQ_EDGE_COUNTS = 6        /* DH_COUNT_REFERENCE up to DH_COUNT_VERSION_OF */
};

struct dh_sq_cache {
    struct dh_sq_cached {
        XXH128_hash_t hash;
        uint32_t id; /* 0: empty */
    } * slots;
};

/* What relations changed since the begin add to the local counts of a DOI. */
struct dh_sq_delta {
    int64_t name; /* doi.id; 0: empty */
    int32_t counts[DH_SQ_EDGE_COUNTS];
};

struct dh_sq_prepared {
    struct dh_prepared base;
    struct dh_record record; /* whole; its tree is gone when dh_sq_prepare made it */
    uint64_t came[2];        /* attributes that the input carried, a bit each */
    enum dh_doi_state state; /* what came of the envelope */
    int64_t created, registered, updated;
    struct dh_sq_values values;
    XXH128_hash_t doi_hash;
    char hash[24];         /* of metadata (16 bytes) and of the text (8) */
    struct dh_str text, z; /* ptr NULL: pressed already, not yet pressed; memory of their own */
    struct dh_str entries; /* terms (index.h) */
    void *block;           /* where they, and what `values` point to, lie */
};

struct dh_sq_indexer;

struct dh_sq_writer {
    pthread_mutex_t lock; /* held from begin to commit or rollback */
    struct dh_sq_conn conn;
    ZSTD_DCtx *zstd;
    int64_t data_version;
    int64_t next, first;             /* number of the next card; the same at the begin */
    int64_t next_term[DH_COLUMN__N]; /* 0: not known yet */
    struct dh_sq_cache terms, dois;
    struct dh_sq_seen {
        XXH128_hash_t client, prefix;
        uint64_t round; /* that it was noted in; known while that is w->seen_round */
        char provider[64];
        size_t provider_len;
    } seen[DH_SQ_CLIENTS_SEEN];    /* clients whose stub, prefix and assignments are there */
    uint64_t seen_round;           /* goes up to forget them all */
    struct dh_sq_indexer *indexer; /* index.h */
    struct dh_sq_delta *deltas;    /* open addressing */
    size_t delta_count, delta_cap;
    struct dh_sq_row row, other;
    struct dh_buf packed, entries;
    struct dh_arena arena; /* of one put */
    bool wrote, accounts;
};

enum dh_status dh_sq_writer_open(struct dh_sq_store *store, struct dh_err *err);
void dh_sq_writer_close(struct dh_sq_store *store);

/* writer.c: operations */
enum dh_status dh_sq_begin(struct dh_store *store, struct dh_err *err);
enum dh_status dh_sq_commit(struct dh_store *store, struct dh_err *err);
void dh_sq_rollback(struct dh_store *store);

/* prepare.c */
enum dh_status dh_sq_prepare(struct dh_store *store, struct dh_record *record,
                             struct dh_prepared **out, struct dh_err *err);
/* Makes `z` of the text, unless that is done. */
enum dh_status dh_sq_prepared_press(struct dh_prepared *prepared, struct dh_err *err);
void dh_sq_prepared_free(struct dh_prepared *prepared);
/* Hash, text and values of a whole record, into `out`; its text is still to be pressed. */
enum dh_status dh_sq_prepare_whole(struct dh_sq_store *store, struct dh_sq_prepared *out,
                                   struct dh_err *err);
/* Reads the tree from the text again and takes out of it what completing the record added. */
enum dh_status dh_sq_prepared_strip(struct dh_sq_store *store, struct dh_sq_prepared *prepared,
                                    struct dh_err *err);
/* Frees what it points to. */
void dh_sq_prepared_release(struct dh_sq_prepared *prepared);

/* put.c */
enum dh_status dh_sq_put(struct dh_store *store, struct dh_prepared *prepared,
                         enum dh_change *change, struct dh_err *err);

/*
 * train.c: after a commit, under the writer's lock: trains a dictionary on the store's records when
 * that is due. A failure leaves things as they are.
 */
void dh_sq_train(struct dh_sq_store *store);

/* intern.c: ids of strings, made when they are new */
enum dh_status dh_sq_intern_term(struct dh_sq_writer *w, enum dh_column column,
                                 const struct dh_sq_term *term, uint32_t *id, struct dh_err *err);
/* *fresh: no row named this DOI before. */
enum dh_status dh_sq_intern_doi(struct dh_sq_writer *w, struct dh_str doi, XXH128_hash_t hash,
                                int64_t *id, bool *fresh, struct dh_err *err);
bool dh_sq_cache_open(struct dh_sq_cache *cache);
void dh_sq_cache_clear(struct dh_sq_cache *cache);

/* relations_write.c: statements of record `name` before and now; ids of `now` are interned here. */
enum dh_status dh_sq_relate(struct dh_sq_writer *w, int64_t name, bool fresh, bool findable,
                            const struct dh_sq_values *values, struct dh_err *err);
/* The local counts of a DOI from all statements of the store. */
enum dh_status dh_sq_relation_counts(struct dh_sq_writer *w, int64_t name,
                                     int64_t counts[DH_COUNT__N], struct dh_err *err);
/* Adds what this transaction has to correct of a DOI's counts, which is thereby done. */
void dh_sq_relations_take(struct dh_sq_writer *w, int64_t name, int64_t counts[DH_COUNT__N]);
/* Corrects the cards whose counts changed; at the commit. */
enum dh_status dh_sq_relations_settle(struct dh_sq_writer *w, struct dh_err *err);

/* activities_write.c */
enum dh_status dh_sq_activity_add(struct dh_sq_store *store, int64_t name, struct dh_str user,
                                  enum dh_action action, uint32_t version, struct dh_str changes,
                                  struct dh_err *err);
enum dh_status dh_sq_activity_account(struct dh_sq_store *store, enum dh_activity_kind kind,
                                      struct dh_str symbol, enum dh_action action,
                                      struct dh_str changes, struct dh_err *err);
enum dh_status dh_sq_put_activity(struct dh_store *store, const struct dh_activity *activity,
                                  bool *added, struct dh_err *err);
/* Writes down the creation of a record that is about to change for the first time. */
enum dh_status dh_sq_activity_fill(struct dh_sq_store *store, int64_t name, struct dh_str changes,
                                   struct dh_err *err);
/* A new one of version 7 (RFC 9562): it sorts behind earlier ones, so that an index of them grows
 * at its end instead of everywhere. */
void dh_sq_uuid(unsigned char out[16]);

/* accounts_write.c */
/* Client, provider and prefix of a record exist after this; *provider is filled in when empty. */
enum dh_status dh_sq_ensure_accounts(struct dh_sq_writer *w, struct dh_str client,
                                     struct dh_str *provider, struct dh_str prefix,
                                     struct dh_err *err);
enum dh_status dh_sq_put_account(struct dh_store *store, const struct dh_account *account,
                                 const struct dh_str *prefixes, size_t prefix_count,
                                 enum dh_change *change, struct dh_err *err);
enum dh_status dh_sq_put_prefix(struct dh_store *store, struct dh_str prefix, int64_t created,
                                struct dh_err *err);

/* events_write.c */
enum dh_status dh_sq_put_event(struct dh_store *store, const struct dh_event_in *event,
                               enum dh_change *change, struct dh_err *err);

/* scopes.c */
enum dh_status dh_sq_put_scope(struct dh_store *store, const struct dh_scope *scope,
                               struct dh_err *err);
enum dh_status dh_sq_remove_scope(struct dh_store *store, struct dh_str url, struct dh_str filter,
                                  struct dh_err *err);
enum dh_status dh_sq_put_list(struct dh_store *store, struct dh_str name, const struct dh_str *dois,
                              size_t count, struct dh_err *err);

#endif
