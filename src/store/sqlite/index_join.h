/* index_join: several neighbouring segments made one, without the records that went. */
#ifndef DH_SQ_INDEX_JOIN_H
#define DH_SQ_INDEX_JOIN_H

#include "store/sqlite/index_build.h"

struct dh_sq_size {
    int64_t id;
    uint32_t low, high, records, dead;
    uint64_t bytes;
};

/* index_merge.c: all segments, ascending; to be freed. */
enum dh_status dh_sq_sizes_read(struct dh_sq_conn *conn, struct dh_sq_size **out, size_t *count,
                                struct dh_err *err);
/* Writes the segments, ascending, as one, and removes them. */
enum dh_status dh_sq_join(struct dh_sq_conn *conn, const struct dh_sq_size *segments, size_t count,
                          struct dh_err *err);
enum dh_status dh_sq_segment_remove(struct dh_sq_conn *conn, int64_t segment, struct dh_err *err);

/* The keys of one segment, one after the other, read page by page. */
struct dh_sq_keys {
    struct dh_sq_conn *conn;
    int64_t segment;
    uint32_t low, high, blocks, next_block;
    struct dh_buf bytes; /* of the block */
    struct dh_sq_pages {
        enum dh_sq_sql sql;
        int64_t row; /* of the page that is held; -1: none */
        struct dh_buf page;
    } numbers_pages, places_pages;
    struct dh_buf numbers, places; /* of the key, when far */
    struct dh_sq_entry entry;
    struct dh_sq_block block;
};

/* To be released also after a failure. */
enum dh_status dh_sq_keys_start(struct dh_sq_keys *keys, struct dh_sq_conn *conn, int64_t segment,
                                uint32_t low, uint32_t high, struct dh_err *err);
/* DH_DONE after the last. Key and entry borrowed until the next call, all bytes near. */
enum dh_status dh_sq_keys_next(struct dh_sq_keys *keys, struct dh_err *err);
void dh_sq_keys_release(struct dh_sq_keys *keys);
static inline struct dh_str dh_sq_keys_key(const struct dh_sq_keys *keys)
{
    return (struct dh_str){(const char *)keys->block.key, keys->block.key_len};
}

#endif
