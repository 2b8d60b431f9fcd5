#include <stdlib.h>

#include "store/sqlite/index_build.h"

/* ---- into the file ---------------------------------------------------------------------------- */

static enum dh_status file_row(struct dh_sq_sink *sink, enum dh_sq_sql sql, uint32_t index,
                               struct dh_str bytes, struct dh_err *err)
{
    const struct dh_sq_filing *filing = (const struct dh_sq_filing *)sink;
    int64_t row =
        sql == DH_SQL_OUTLINE_ADD ? filing->segment : dh_sq_segment_row(filing->segment, index);
    return dh_sq_run(filing->conn, sql, err, "ib", row, bytes);
}

enum dh_status dh_sq_filing_start(struct dh_sq_filing *filing, struct dh_sq_conn *conn,
                                  uint32_t low, uint32_t high, uint32_t records, struct dh_err *err)
{
    enum dh_status status = dh_sq_run(conn, DH_SQL_SEGMENT_ADD, err, "iii", (int64_t)low,
                                      (int64_t)high, (int64_t)records);
    *filing = (struct dh_sq_filing){{file_row}, conn, sqlite3_last_insert_rowid(conn->db)};
    return status;
}

enum dh_status dh_sq_filing_finish(const struct dh_sq_filing *filing, uint64_t bytes,
                                   struct dh_err *err)
{
    return dh_sq_run(filing->conn, DH_SQL_SEGMENT_BYTES, err, "ii", filing->segment,
                     (int64_t)bytes);
}

/* ---- into memory ------------------------------------------------------------------------------ */

/* What stands before the bytes of a row. */
struct head {
    enum dh_sq_sql sql;
    uint32_t index;
    size_t len;
};

static enum dh_status keep_row(struct dh_sq_sink *sink, enum dh_sq_sql sql, uint32_t index,
                               struct dh_str bytes, struct dh_err *err)
{
    struct dh_sq_built *built = (struct dh_sq_built *)sink;
    const struct head head = {sql, index, bytes.len};
    dh_buf_add(&built->rows, &head, sizeof(head));
    dh_buf_str(&built->rows, bytes);
    built->bytes += bytes.len;
    return built->rows.status ? dh_fail(err, built->rows.status, "out of memory") : DH_OK;
}

struct dh_sq_built *dh_sq_built_new(uint32_t low, uint32_t high, uint32_t records)
{
    struct dh_sq_built *built = malloc(sizeof(*built));
    if (!built)
        return NULL;
    *built = (struct dh_sq_built){.sink = {keep_row}, .low = low, .high = high, .records = records};
    dh_buf_init(&built->rows, SIZE_MAX);
    return built;
}

void dh_sq_built_free(struct dh_sq_built *built)
{
    if (built)
        dh_buf_release(&built->rows);
    free(built);
}

enum dh_status dh_sq_built_install(const struct dh_sq_built *built, struct dh_sq_conn *conn,
                                   struct dh_err *err)
{
    struct dh_sq_filing filing;
    struct dh_str rest = dh_buf_view(&built->rows);
    enum dh_status status =
        dh_sq_filing_start(&filing, conn, built->low, built->high, built->records, err);
    while (!status && rest.len) {
        struct head head;
        memcpy(&head, rest.ptr, sizeof(head));
        rest = dh_str_from(rest, sizeof(head));
        status =
            file_row(&filing.sink, head.sql, head.index, (struct dh_str){rest.ptr, head.len}, err);
        rest = dh_str_from(rest, head.len);
    }
    return status ? status : dh_sq_filing_finish(&filing, built->bytes, err);
}
