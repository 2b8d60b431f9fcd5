/*
 * index_rows: the rows of a segment, in the file or in memory. A segment is made and read the same
 * way in both; one in memory is put into the file when the connection that writes is at hand.
 */
#ifndef DH_SQ_INDEX_ROWS_H
#define DH_SQ_INDEX_ROWS_H

#include "store/sqlite/index_segment.h"

enum dh_sq_part { DH_SQ_OUTLINE, DH_SQ_BLOCK, DH_SQ_POSTING, DH_SQ_PLACE, DH_SQ_PARTS };

struct dh_sq_rows {
    /* Adds row `index` of a part, the one behind the last; the bytes are borrowed. */
    enum dh_status (*add)(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                          struct dh_str bytes, struct dh_err *err);
    /* Reads a row over what is in `out`; DH_CORRUPT when there is none. */
    enum dh_status (*read)(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                           struct dh_buf *out, struct dh_err *err);
};

/* The rows of a segment in the file. */
struct dh_sq_filed {
    struct dh_sq_rows rows;
    struct dh_sq_conn *conn;
    int64_t segment;
};
struct dh_sq_filed dh_sq_filed(struct dh_sq_conn *conn, int64_t segment);
/* Starts a segment of the numbers low..high, `records` of them living. */
enum dh_status dh_sq_filed_start(struct dh_sq_filed *filed, struct dh_sq_conn *conn, uint32_t low,
                                 uint32_t high, uint32_t records, struct dh_err *err);
/* Notes how large it has become: after the last row. */
enum dh_status dh_sq_filed_finish(const struct dh_sq_filed *filed, uint64_t bytes,
                                  struct dh_err *err);
enum dh_status dh_sq_filed_remove(struct dh_sq_conn *conn, int64_t segment, struct dh_err *err);

/* A segment in memory. */
struct dh_sq_built {
    struct dh_sq_rows rows;
    struct dh_sq_built *next;
    uint32_t low, high, records;
    uint64_t bytes;
    struct {
        struct dh_buf bytes, ends; /* of all rows; where each ends, a size_t */
    } parts[DH_SQ_PARTS];
};
/* NULL when out of memory. */
struct dh_sq_built *dh_sq_built_new(uint32_t low, uint32_t high, uint32_t records);
void dh_sq_built_free(struct dh_sq_built *built);
/* Writes it into the file. */
enum dh_status dh_sq_built_file(const struct dh_sq_built *built, struct dh_sq_conn *conn,
                                struct dh_err *err);

#endif
