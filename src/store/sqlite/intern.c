#include <stdlib.h>

#include "store/sqlite/writer.h"

bool dh_sq_cache_open(struct dh_sq_cache *cache)
{
    cache->slots = calloc(DH_SQ_CACHE_SLOTS, sizeof(*cache->slots));
    return cache->slots != NULL;
}

void dh_sq_cache_clear(struct dh_sq_cache *cache)
{
    memset(cache->slots, 0, DH_SQ_CACHE_SLOTS * sizeof(*cache->slots));
}

/* The place of a hash: it holds the hash, or another that will be driven out. */
static struct dh_sq_cached *place(struct dh_sq_cache *cache, XXH128_hash_t hash)
{
    return &cache->slots[hash.low64 & (DH_SQ_CACHE_SLOTS - 1)];
}

static bool holds(const struct dh_sq_cached *cached, XXH128_hash_t hash)
{
    return cached->id && XXH128_isEqual(cached->hash, hash);
}

static enum dh_status new_term(struct dh_sq_writer *w, enum dh_column column, struct dh_str value,
                               int64_t *id, struct dh_err *err)
{
    int64_t space = dh_sq_space(column);
    int64_t *next = &w->next_term[space];
    enum dh_status status = DH_OK;
    if (*next == 0) {
        status = dh_sq_integer(&w->conn, DH_SQL_TERM_LAST, next, err, "i", space);
        ++*next;
    }
    if (status)
        return status;
    *id = (*next)++;
    return dh_sq_run(&w->conn, DH_SQL_TERM_ADD, err, "iis", space, *id, value);
}

enum dh_status dh_sq_intern_term(struct dh_sq_writer *w, enum dh_column column,
                                 const struct dh_sq_term *term, uint32_t *id, struct dh_err *err)
{
    struct dh_sq_cached *cached = place(&w->terms, term->hash);
    if (holds(cached, term->hash)) {
        *id = cached->id;
        return DH_OK;
    }
    int64_t found = 0;
    enum dh_status status = dh_sq_integer(&w->conn, DH_SQL_TERM_ID, &found, err, "is",
                                          (int64_t)dh_sq_space(column), term->value);
    if (status == DH_NOT_FOUND)
        status = new_term(w, column, term->value, &found, err);
    if (status)
        return status;
    *id = (uint32_t)found;
    *cached = (struct dh_sq_cached){term->hash, *id};
    return DH_OK;
}

enum dh_status dh_sq_intern_doi(struct dh_sq_writer *w, struct dh_str doi, XXH128_hash_t hash,
                                int64_t *id, bool *fresh, struct dh_err *err)
{
    struct dh_sq_cached *cached = place(&w->dois, hash);
    *fresh = false;
    if (holds(cached, hash)) {
        *id = cached->id;
        return DH_OK;
    }
    enum dh_status status = dh_sq_run(&w->conn, DH_SQL_DOI_ADD, err, "s", doi);
    if (status)
        return status;
    *fresh = sqlite3_changes(w->conn.db) > 0;
    if (*fresh)
        *id = sqlite3_last_insert_rowid(w->conn.db);
    else
        status = dh_sq_integer(&w->conn, DH_SQL_DOI_ID, id, err, "s", doi);
    if (!status)
        *cached = (struct dh_sq_cached){hash, (uint32_t)*id};
    return status;
}
