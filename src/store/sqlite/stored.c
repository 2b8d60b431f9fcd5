#include <stdlib.h>

#include "store/sqlite/backend.h"

/* A string of the row as an owned string of a record. */
static enum dh_status own_term(struct dh_sq_conn *conn, const struct dh_sq_row *row,
                               enum dh_column column, struct dh_str *out, struct dh_err *err)
{
    sqlite3_stmt *sql;
    uint32_t id = dh_sq_row_term(row, column);
    if (!id)
        return DH_OK;
    enum dh_status status = dh_sq_query(conn, DH_SQL_TERM_VALUE, &sql, err, "ii",
                                        (int64_t)dh_sq_space(column), (int64_t)id);
    if (!status)
        status = dh_sq_step(conn, sql, err);
    if (status)
        return status == DH_DONE ? dh_fail(err, DH_CORRUPT, "a term is missing") : status;
    struct dh_str value = dh_sq_bytes(sql, 0);
    char *ptr = malloc(value.len + 1);
    if (ptr) {
        memcpy(ptr, value.ptr, value.len);
        *out = (struct dh_str){ptr, value.len};
    }
    dh_sq_reset(sql);
    return ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_sq_stored_read(struct dh_sq_codec *codec, ZSTD_DCtx *zstd,
                                 struct dh_sq_conn *conn, const struct dh_sq_row *row,
                                 struct dh_str z, struct dh_record *out, struct dh_arena *arena,
                                 struct dh_err *err)
{
    struct dh_wire wire;
    struct dh_str text, state = DH_STR_NONE;
    enum dh_status status = dh_sq_body_unpack(codec, zstd, z, &text, arena, err);
    if (!status)
        status = dh_wire_open(text, &wire, err);
    if (!status)
        status = dh_wire_read(&wire, out, err);
    if (!status)
        status = own_term(conn, row, DH_COLUMN_CLIENT, &out->client, err);
    if (!status)
        status = own_term(conn, row, DH_COLUMN_PROVIDER, &out->provider, err);
    if (!status)
        status = own_term(conn, row, DH_COLUMN_STATE, &state, err);
    out->state = dh_state_find(state);
    free((char *)state.ptr);
    out->created = row->numbers[DH_COLUMN_CREATED];
    out->registered = row->numbers[DH_COLUMN_REGISTERED];
    out->updated = row->numbers[DH_COLUMN_UPDATED];
    memcpy(out->counts, row->came, sizeof(out->counts));
    return status;
}
