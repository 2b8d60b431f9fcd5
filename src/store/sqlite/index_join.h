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

/* A segment that is to be joined with others. */
struct dh_sq_piece {
    struct dh_sq_rows *rows;
    uint32_t low, high;
};
/*
 * Adds the segment that the pieces make together, ascending ones, to `to`; *bytes is its size.
 * `living` has a bit for each number from the lowest on; NULL: nothing went.
 */
enum dh_status dh_sq_join(const struct dh_sq_piece *pieces, size_t count, const uint64_t *living,
                          struct dh_sq_rows *to, uint64_t *bytes, struct dh_err *err);

/* The keys of one segment, one after the other, read page by page. */
struct dh_sq_keys {
    struct dh_sq_rows *rows;
    uint32_t low, high, blocks, next_block;
    struct dh_buf bytes; /* of the block */
    struct dh_sq_pages {
        enum dh_sq_part part;
        uint32_t index; /* of the page that is held */
        bool held;
        struct dh_buf page;
    } numbers_pages, places_pages;
    struct dh_buf numbers, places; /* of the key, when far */
    struct dh_sq_entry entry;
    struct dh_sq_block block;
};

/* To be released also after a failure. */
enum dh_status dh_sq_keys_start(struct dh_sq_keys *keys, struct dh_sq_rows *rows, uint32_t low,
                                uint32_t high, struct dh_err *err);
/* DH_DONE after the last. Key and entry borrowed until the next call, all bytes near. */
enum dh_status dh_sq_keys_next(struct dh_sq_keys *keys, struct dh_err *err);
void dh_sq_keys_release(struct dh_sq_keys *keys);
static inline struct dh_str dh_sq_keys_key(const struct dh_sq_keys *keys)
{
    return (struct dh_str){(const char *)keys->block.key, keys->block.key_len};
}

#endif
