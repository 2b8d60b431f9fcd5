/*
 * index_merge: which segments of the file are to be joined, and joining them: at the commit by the
 * writer itself, or before it by a thread beside the writer.
 */
#ifndef DH_SQ_INDEX_MERGE_H
#define DH_SQ_INDEX_MERGE_H

#include "store/sqlite/index_join.h"

/* A segment of the file; `dead` of its records went. */
struct dh_sq_size {
    int64_t id;
    uint32_t low, high, records, dead;
    uint64_t bytes;
};
/* All segments, ascending; to be freed. */
enum dh_status dh_sq_sizes_read(struct dh_sq_conn *conn, struct dh_sq_size **out, size_t *count,
                                struct dh_err *err);

/* Neighbours that are to be one segment; or one that is to be rewritten without its dead. */
struct dh_sq_merge {
    const struct dh_sq_size *sizes; /* of the plan */
    size_t count;
    uint32_t low, high, records, dead; /* together */
};
struct dh_sq_plan {
    struct dh_sq_size *sizes;
    struct dh_sq_merge *merges;
    size_t count; /* of merges */
};
/* What is due. Removes segments that are all dead. To be released also after a failure. */
enum dh_status dh_sq_plan_make(struct dh_sq_plan *plan, struct dh_sq_conn *conn,
                               struct dh_err *err);
void dh_sq_plan_release(struct dh_sq_plan *plan);

/* Reads what is to be joined over `conn` and adds it to `to`; *bytes is its size. */
enum dh_status dh_sq_merge_read(const struct dh_sq_merge *merge, struct dh_sq_conn *conn,
                                struct dh_sq_rows *to, uint64_t *bytes, struct dh_err *err);
/* Starts the segment of the file that takes it, and puts it in the place of what was joined. */
enum dh_status dh_sq_merge_start(const struct dh_sq_merge *merge, struct dh_sq_filed *to,
                                 struct dh_sq_conn *conn, struct dh_err *err);
enum dh_status dh_sq_merge_finish(const struct dh_sq_merge *merge, const struct dh_sq_filed *to,
                                  uint64_t bytes, struct dh_err *err);

/* Does all that is due. */
enum dh_status dh_sq_index_merge(struct dh_sq_conn *conn, struct dh_err *err);

/*
 * index_beside.c: the same beside the writer, within one of its transactions: a thread reads the
 * segments that stood in the file before over a connection of its own, and the writer files the
 * rows it makes of them now and then. The path is borrowed; NULL when out of memory.
 */
struct dh_sq_beside;
struct dh_sq_beside *dh_sq_beside_new(const char *path);
void dh_sq_beside_free(struct dh_sq_beside *beside);
/* Files what came; the first time in a transaction starts what is due. */
enum dh_status dh_sq_beside_file(struct dh_sq_beside *beside, struct dh_sq_conn *conn,
                                 struct dh_err *err);
/* Waits for the rest and files it: before the dead are counted. */
enum dh_status dh_sq_beside_finish(struct dh_sq_beside *beside, struct dh_err *err);
/* The transaction is rolled back. */
void dh_sq_beside_forget(struct dh_sq_beside *beside);

#endif
