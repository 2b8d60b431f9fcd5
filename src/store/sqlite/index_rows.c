#include "store/sqlite/index_rows.h"

#include <stdlib.h>

/* ---- in the file ------------------------------------------------------------------------------ */

static const struct {
    enum dh_sq_sql add, read, remove;
} statements[DH_SQ_PARTS] = {
    [DH_SQ_OUTLINE] = {DH_SQL_OUTLINE_ADD, DH_SQL_OUTLINE, DH_SQL_OUTLINE_REMOVE},
    [DH_SQ_BLOCK] = {DH_SQL_BLOCK_ADD, DH_SQL_BLOCK, DH_SQL_BLOCK_REMOVE},
    [DH_SQ_POSTING] = {DH_SQL_POSTING_ADD, DH_SQL_POSTING, DH_SQL_POSTING_REMOVE},
    [DH_SQ_PLACE] = {DH_SQL_PLACE_ADD, DH_SQL_PLACE, DH_SQL_PLACE_REMOVE},
};

static int64_t row_of(const struct dh_sq_filed *filed, enum dh_sq_part part, uint32_t index)
{
    return part == DH_SQ_OUTLINE ? filed->segment : dh_sq_segment_row(filed->segment, index);
}

static enum dh_status add_filed(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                                struct dh_str bytes, struct dh_err *err)
{
    struct dh_sq_filed *filed = (struct dh_sq_filed *)rows;
    return dh_sq_run(filed->conn, statements[part].add, err, "ib", row_of(filed, part, index),
                     bytes);
}

static enum dh_status read_filed(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                                 struct dh_buf *out, struct dh_err *err)
{
    struct dh_sq_filed *filed = (struct dh_sq_filed *)rows;
    sqlite3_stmt *sql;
    dh_buf_clear(out);
    enum dh_status status =
        dh_sq_query(filed->conn, statements[part].read, &sql, err, "i", row_of(filed, part, index));
    if (!status)
        status = dh_sq_step(filed->conn, sql, err);
    if (status)
        return status == DH_DONE ? dh_sq_index_damaged(err) : status;
    dh_buf_str(out, dh_sq_bytes(sql, 0));
    dh_sq_reset(sql);
    return out->status ? dh_fail(err, out->status, "out of memory") : DH_OK;
}

struct dh_sq_filed dh_sq_filed(struct dh_sq_conn *conn, int64_t segment)
{
    return (struct dh_sq_filed){{add_filed, read_filed}, conn, segment};
}

enum dh_status dh_sq_filed_start(struct dh_sq_filed *filed, struct dh_sq_conn *conn, uint32_t low,
                                 uint32_t high, uint32_t records, struct dh_err *err)
{
    enum dh_status status = dh_sq_run(conn, DH_SQL_SEGMENT_ADD, err, "iii", (int64_t)low,
                                      (int64_t)high, (int64_t)records);
    *filed = dh_sq_filed(conn, sqlite3_last_insert_rowid(conn->db));
    return status;
}

enum dh_status dh_sq_filed_finish(const struct dh_sq_filed *filed, uint64_t bytes,
                                  struct dh_err *err)
{
    return dh_sq_run(filed->conn, DH_SQL_SEGMENT_BYTES, err, "ii", filed->segment, (int64_t)bytes);
}

enum dh_status dh_sq_filed_remove(struct dh_sq_conn *conn, int64_t segment, struct dh_err *err)
{
    enum dh_status status = dh_sq_run(conn, DH_SQL_OUTLINE_REMOVE, err, "i", segment);
    for (enum dh_sq_part part = DH_SQ_BLOCK; part < DH_SQ_PARTS && !status; part++)
        status = dh_sq_run(conn, statements[part].remove, err, "ii", dh_sq_segment_row(segment, 0),
                           dh_sq_segment_row(segment + 1, 0) - 1);
    return status ? status : dh_sq_run(conn, DH_SQL_SEGMENT_REMOVE, err, "i", segment);
}

/* ---- in memory -------------------------------------------------------------------------------- */

static uint32_t rows_in(const struct dh_sq_built *built, enum dh_sq_part part)
{
    return (uint32_t)(built->parts[part].ends.len / sizeof(size_t));
}

static struct dh_str row_in(const struct dh_sq_built *built, enum dh_sq_part part, uint32_t index)
{
    const struct dh_buf *ends = &built->parts[part].ends;
    size_t from = 0, to;
    if (index)
        memcpy(&from, ends->ptr + (index - 1) * sizeof(from), sizeof(from));
    memcpy(&to, ends->ptr + index * sizeof(to), sizeof(to));
    return (struct dh_str){built->parts[part].bytes.ptr + from, to - from};
}

static enum dh_status add_built(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                                struct dh_str bytes, struct dh_err *err)
{
    struct dh_sq_built *built = (struct dh_sq_built *)rows;
    struct dh_buf *all = &built->parts[part].bytes, *ends = &built->parts[part].ends;
    (void)index;
    dh_buf_str(all, bytes);
    dh_buf_add(ends, &all->len, sizeof(all->len));
    built->bytes += bytes.len;
    return all->status || ends->status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

static enum dh_status read_built(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                                 struct dh_buf *out, struct dh_err *err)
{
    const struct dh_sq_built *built = (const struct dh_sq_built *)rows;
    dh_buf_clear(out);
    if (index >= rows_in(built, part))
        return dh_sq_index_damaged(err);
    dh_buf_str(out, row_in(built, part, index));
    return out->status ? dh_fail(err, out->status, "out of memory") : DH_OK;
}

struct dh_sq_built *dh_sq_built_new(uint32_t low, uint32_t high, uint32_t records)
{
    struct dh_sq_built *built = malloc(sizeof(*built));
    if (!built)
        return NULL;
    *built = (struct dh_sq_built){
        .rows = {add_built, read_built}, .low = low, .high = high, .records = records};
    for (int i = 0; i < DH_SQ_PARTS; i++) {
        dh_buf_init(&built->parts[i].bytes, SIZE_MAX);
        dh_buf_init(&built->parts[i].ends, SIZE_MAX);
    }
    return built;
}

void dh_sq_built_free(struct dh_sq_built *built)
{
    for (int i = 0; built && i < DH_SQ_PARTS; i++) {
        dh_buf_release(&built->parts[i].bytes);
        dh_buf_release(&built->parts[i].ends);
    }
    free(built);
}

enum dh_status dh_sq_built_file(const struct dh_sq_built *built, struct dh_sq_conn *conn,
                                struct dh_err *err)
{
    struct dh_sq_filed filed;
    enum dh_status status =
        dh_sq_filed_start(&filed, conn, built->low, built->high, built->records, err);
    for (enum dh_sq_part part = 0; part < DH_SQ_PARTS; part++)
        for (uint32_t i = 0; i < rows_in(built, part) && !status; i++)
            status = add_filed(&filed.rows, part, i, row_in(built, part, i), err);
    return status ? status : dh_sq_filed_finish(&filed, built->bytes, err);
}
