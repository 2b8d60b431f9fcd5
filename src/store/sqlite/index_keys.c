#include <stdlib.h>

#include "store/sqlite/index_join.h"

enum dh_status dh_sq_keys_start(struct dh_sq_keys *keys, struct dh_sq_rows *rows, uint32_t low,
                                uint32_t high, struct dh_err *err)
{
    keys->rows = rows;
    keys->low = low;
    keys->high = high;
    keys->next_block = 0;
    keys->block.at = keys->block.end = NULL;
    keys->numbers_pages.part = DH_SQ_POSTING;
    keys->places_pages.part = DH_SQ_PLACE;
    keys->numbers_pages.held = keys->places_pages.held = false;
    dh_buf_init(&keys->bytes, SIZE_MAX);
    dh_buf_init(&keys->numbers_pages.page, SIZE_MAX);
    dh_buf_init(&keys->places_pages.page, SIZE_MAX);
    dh_buf_init(&keys->numbers, SIZE_MAX);
    dh_buf_init(&keys->places, SIZE_MAX);
    enum dh_status status = rows->read(rows, DH_SQ_OUTLINE, 0, &keys->bytes, err);
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
        if (!pages->held || page != pages->index) {
            pages->held = false;
            enum dh_status status =
                keys->rows->read(keys->rows, pages->part, page, &pages->page, err);
            if (status)
                return status;
            if (!dh_sq_sealed(dh_buf_view(&pages->page)))
                return dh_sq_index_damaged(err);
            pages->index = page;
            pages->held = true;
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
        keys->rows->read(keys->rows, DH_SQ_BLOCK, keys->next_block++, &keys->bytes, err);
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
