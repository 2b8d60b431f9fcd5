#include <stdlib.h>

#include "store/sqlite/index_join.h"

/* A row of the segment into `out`. */
static enum dh_status read_row(struct dh_sq_conn *conn, enum dh_sq_sql id, int64_t row,
                               struct dh_buf *out, struct dh_err *err)
{
    sqlite3_stmt *sql;
    dh_buf_clear(out);
    enum dh_status status = dh_sq_query(conn, id, &sql, err, "i", row);
    if (!status)
        status = dh_sq_step(conn, sql, err);
    if (status)
        return status == DH_DONE ? dh_sq_index_damaged(err) : status;
    dh_buf_str(out, dh_sq_bytes(sql, 0));
    dh_sq_reset(sql);
    return out->status ? dh_fail(err, out->status, "out of memory") : DH_OK;
}

enum dh_status dh_sq_keys_start(struct dh_sq_keys *keys, struct dh_sq_conn *conn, int64_t segment,
                                uint32_t low, uint32_t high, struct dh_err *err)
{
    keys->conn = conn;
    keys->segment = segment;
    keys->low = low;
    keys->high = high;
    keys->next_block = 0;
    keys->block.at = keys->block.end = NULL;
    keys->numbers_pages.sql = DH_SQL_POSTING;
    keys->places_pages.sql = DH_SQL_PLACE;
    keys->numbers_pages.row = keys->places_pages.row = -1;
    dh_buf_init(&keys->bytes, SIZE_MAX);
    dh_buf_init(&keys->numbers_pages.page, SIZE_MAX);
    dh_buf_init(&keys->places_pages.page, SIZE_MAX);
    dh_buf_init(&keys->numbers, SIZE_MAX);
    dh_buf_init(&keys->places, SIZE_MAX);
    enum dh_status status = read_row(conn, DH_SQL_OUTLINE, segment, &keys->bytes, err);
    if (status)
        return status;
    struct dh_err fault = {.code = DH_OK};
    struct dh_sq_segment *outline = dh_sq_outline_open(dh_buf_view(&keys->bytes), &fault);
    if (!outline)
        return dh_fail(err, fault.code, "%s", fault.text);
    keys->blocks = outline->blocks;
    free(outline);
    return DH_OK;
}

void dh_sq_keys_release(struct dh_sq_keys *keys)
{
    dh_buf_release(&keys->bytes);
    dh_buf_release(&keys->numbers_pages.page);
    dh_buf_release(&keys->places_pages.page);
    dh_buf_release(&keys->numbers);
    dh_buf_release(&keys->places);
}

/* Brings far bytes near; the page is kept, for the next list begins where this one ends. */
static enum dh_status fetch(struct dh_sq_keys *keys, struct dh_sq_pages *pages, uint32_t offset,
                            struct dh_str *bytes, struct dh_buf *out, struct dh_err *err)
{
    size_t left = bytes->len;
    uint32_t page = offset / DH_SQ_PAGE, skip = offset % DH_SQ_PAGE;
    dh_buf_clear(out);
    for (; left; page++, skip = 0) {
        int64_t row = dh_sq_segment_row(keys->segment, page);
        if (row != pages->row) {
            pages->row = -1;
            enum dh_status status = read_row(keys->conn, pages->sql, row, &pages->page, err);
            if (status)
                return status;
            if (!dh_sq_sealed(dh_buf_view(&pages->page)))
                return dh_sq_index_damaged(err);
            pages->row = row;
        }
        struct dh_str rest = dh_str_from(dh_buf_view(&pages->page), (size_t)DH_SQ_SEAL + skip);
        rest.len = rest.len < left ? rest.len : left;
        if (!rest.len)
            return dh_sq_index_damaged(err);
        dh_buf_str(out, rest);
        left -= rest.len;
    }
    *bytes = dh_buf_view(out);
    return out->status ? dh_fail(err, out->status, "out of memory") : DH_OK;
}

static enum dh_status next_block(struct dh_sq_keys *keys, struct dh_err *err)
{
    if (keys->next_block == keys->blocks)
        return DH_DONE;
    enum dh_status status =
        read_row(keys->conn, DH_SQL_BLOCK, dh_sq_segment_row(keys->segment, keys->next_block++),
                 &keys->bytes, err);
    if (!status && !dh_sq_block_open(&keys->block, dh_buf_view(&keys->bytes)))
        return dh_sq_index_damaged(err);
    return status;
}

enum dh_status dh_sq_keys_next(struct dh_sq_keys *keys, struct dh_err *err)
{
    struct dh_sq_entry *entry = &keys->entry;
    enum dh_status status;
    while ((status = dh_sq_block_next(&keys->block, entry)) == DH_DONE)
        if ((status = next_block(keys, err)) != DH_OK)
            return status;
    if (status)
        return dh_sq_index_damaged(err);
    if (entry->far_numbers)
        status = fetch(keys, &keys->numbers_pages, entry->numbers_at, &entry->numbers,
                       &keys->numbers, err);
    if (!status && entry->far_places)
        status =
            fetch(keys, &keys->places_pages, entry->places_at, &entry->places, &keys->places, err);
    return status;
}
