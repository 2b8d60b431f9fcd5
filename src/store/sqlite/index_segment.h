/*
 * index_segment: a segment as it lies in the file, and its outline in memory. Its blocks, and the
 * pages of its streams of numbers and of places, are rows numbered from its id on:
 *
 *   outline  seal (4) | blocks, sources (4 each) | sources (2 each) | ends (4 each) | bytes
 *   block    index_block.h            posting, place  seal (4) | DH_SQ_PAGE bytes of the stream
 *
 * The outline has per block a text not above its first key and above all keys before: its end in
 * the bytes, and the bytes. Outlines are shared by the readers of a handle; a list of segments
 * belongs to a moment of the store and is held by a reader until the end of its transaction.
 */
#ifndef DH_SQ_INDEX_SEGMENT_H
#define DH_SQ_INDEX_SEGMENT_H

#include "store/sqlite/index.h"
#include "store/sqlite/index_block.h"
#include "store/sqlite/writer.h"

enum {
    DH_SQ_ROWS_BITS = 24, /* rows of one kind in a segment */
    DH_SQ_PAGE = 8140     /* fills a page of 8 KB */
};

static inline int64_t dh_sq_segment_row(int64_t segment, uint32_t index)
{
    return (int64_t)((uint64_t)segment << DH_SQ_ROWS_BITS | index);
}

struct dh_sq_segment {
    int64_t id;
    uint32_t low, high, blocks;
    unsigned refs;       /* under index_lock */
    const uint8_t *ends; /* of the texts of the blocks */
    const uint8_t *texts;
    uint64_t sources[(DH_SOURCE__N + 63) / 64];
    uint8_t bytes[];
};

struct dh_sq_segments {
    uint64_t sequence;
    unsigned refs; /* under index_lock */
    size_t count;
    struct dh_sq_segment *all[];
};

/* The segments at the moment of the reader's transaction; its own until dh_sq_end_read. */
enum dh_status dh_sq_segments_take(struct dh_sq_reader *reader, const struct dh_sq_segments **out,
                                   struct dh_err *err);
void dh_sq_segments_give(struct dh_sq_store *store, struct dh_sq_segments *segments);

/* Whether the segment has keys of a source. */
static inline bool dh_sq_segment_has(const struct dh_sq_segment *segment, unsigned source)
{
    source &= ~(unsigned)DH_SQ_PRESENT;
    return source < DH_SOURCE__N && segment->sources[source / 64] >> source % 64 & 1;
}
/* The block that would have the key; blocks[0] when it is below all. */
uint32_t dh_sq_segment_seek(const struct dh_sq_segment *segment, struct dh_str key);

/* Opens the bytes of an outline; NULL with *err filled when they are damaged. */
struct dh_sq_segment *dh_sq_outline_open(struct dh_str bytes, struct dh_err *err);

/* Copies `len` bytes of a stream of a segment, DH_SQL_POSTING or DH_SQL_PLACE. */
enum dh_status dh_sq_stream_read(struct dh_sq_conn *conn, enum dh_sq_sql sql, int64_t segment,
                                 uint32_t offset, size_t len, char *out, struct dh_err *err);

enum dh_status dh_sq_index_damaged(struct dh_err *err);

#endif
