#include "store/sqlite/index_build.h"

enum { NEAR_MAX = 128, ENTRY_HEAD = 40 /* at most, beside key and near bytes */ };

/* ---- streams ---------------------------------------------------------------------------------- */

static enum dh_status flush_page(struct dh_sq_build *build, struct dh_sq_stream *stream,
                                 struct dh_err *err)
{
    if (stream->page.len <= DH_SQ_SEAL)
        return DH_OK;
    if (stream->page.status)
        return dh_fail(err, stream->page.status, "out of memory");
    dh_sq_seal((uint8_t *)stream->page.ptr, stream->page.len);
    enum dh_status status = build->rows->add(build->rows, stream->part, stream->pages++,
                                             dh_buf_view(&stream->page), err);
    build->bytes += stream->page.len;
    dh_buf_clear(&stream->page);
    return status;
}

static enum dh_status stream_add(struct dh_sq_build *build, struct dh_sq_stream *stream,
                                 struct dh_str bytes, uint32_t *offset, struct dh_err *err)
{
    if (stream->len + bytes.len > UINT32_MAX)
        return dh_fail(err, DH_LIMIT, "a part of the index would be too large");
    *offset = (uint32_t)stream->len;
    stream->len += bytes.len;
    while (bytes.len) {
        if (!stream->page.len)
            dh_buf_add(&stream->page, "\0\0\0", DH_SQ_SEAL);
        size_t room = DH_SQ_SEAL + DH_SQ_PAGE - stream->page.len;
        size_t take = room < bytes.len ? room : bytes.len;
        dh_buf_add(&stream->page, bytes.ptr, take);
        bytes = dh_str_from(bytes, take);
        enum dh_status status = take == room ? flush_page(build, stream, err) : DH_OK;
        if (status || stream->page.status)
            return status ? status : dh_fail(err, stream->page.status, "out of memory");
    }
    return DH_OK;
}

/* ---- blocks ----------------------------------------------------------------------------------- */

static void add_number(struct dh_buf *out, uint32_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        dh_buf_char(out, (char)(number >> 8 * i));
}

static enum dh_status flush_block(struct dh_sq_build *build, struct dh_err *err)
{
    if (!build->block.len)
        return DH_OK;
    if (build->block.status || build->blocks >= (1U << DH_SQ_ROWS_BITS) - 1)
        return dh_fail(err, DH_LIMIT, "a part of the index would be too large");
    dh_sq_seal((uint8_t *)build->block.ptr, build->block.len);
    enum dh_status status = build->rows->add(build->rows, DH_SQ_BLOCK, build->blocks++,
                                             dh_buf_view(&build->block), err);
    build->bytes += build->block.len;
    dh_buf_clear(&build->block);
    return status;
}

/* What tells the block that begins with `key` from the one before: none for the first. */
static void start_block(struct dh_sq_build *build, struct dh_str key)
{
    size_t len = 0;
    if (build->blocks) {
        while (len < build->last_len && len < key.len && build->last[len] == key.ptr[len])
            len++;
        dh_buf_add(&build->texts, key.ptr, len + (len < key.len));
    }
    add_number(&build->ends, (uint32_t)build->texts.len, 4);
}

static void note_source(struct dh_sq_build *build, struct dh_str key)
{
    unsigned source =
        ((unsigned)(uint8_t)key.ptr[0] << 8 | (uint8_t)key.ptr[1]) & ~(unsigned)DH_SQ_PRESENT;
    uint64_t bit = UINT64_C(1) << source % 64;
    if (source >= DH_SOURCE__N || build->sources[source / 64] & bit)
        return;
    build->sources[source / 64] |= bit;
    build->source_count++;
}

enum dh_status dh_sq_build_add(struct dh_sq_build *build, struct dh_str key,
                               const uint32_t *numbers, uint32_t count, struct dh_str places,
                               struct dh_err *err)
{
    struct dh_sq_entry entry = {.count = count, .has_places = places.ptr, .places = places};
    dh_buf_clear(&build->packed);
    entry.coding = dh_sq_numbers_write(&build->packed, build->low, numbers, count);
    entry.numbers = dh_buf_view(&build->packed);
    if (build->packed.status || key.len > sizeof(build->last))
        return dh_fail(err, DH_MEMORY, "out of memory");
    entry.far_numbers = entry.numbers.len > NEAR_MAX;
    entry.far_places = places.len > NEAR_MAX;
    enum dh_status status = DH_OK;
    if (entry.far_numbers)
        status = stream_add(build, &build->numbers, entry.numbers, &entry.numbers_at, err);
    if (!status && entry.far_places)
        status = stream_add(build, &build->places, places, &entry.places_at, err);
    size_t size = ENTRY_HEAD + key.len + (entry.far_numbers ? 0 : entry.numbers.len) +
                  (entry.far_places ? 0 : places.len);
    if (!status && build->block.len + size > DH_SQ_BLOCK_FULL)
        status = flush_block(build, err);
    if (status)
        return status;
    struct dh_str before = {build->last, build->last_len};
    if (!build->block.len)
        start_block(build, key);
    dh_sq_block_add(&build->block, before, key, &entry);
    note_source(build, key);
    memcpy(build->last, key.ptr, key.len);
    build->last_len = key.len;
    return build->block.status ? dh_fail(err, build->block.status, "out of memory") : DH_OK;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void stream_init(struct dh_sq_stream *stream, enum dh_sq_part part)
{
    stream->part = part;
    dh_buf_init(&stream->page, DH_SQ_SEAL + DH_SQ_PAGE);
}

void dh_sq_build_start(struct dh_sq_build *build, struct dh_sq_rows *rows, uint32_t low)
{
    *build = (struct dh_sq_build){.rows = rows, .low = low};
    dh_buf_init(&build->block, SIZE_MAX);
    dh_buf_init(&build->ends, SIZE_MAX);
    dh_buf_init(&build->texts, UINT32_MAX);
    dh_buf_init(&build->packed, SIZE_MAX);
    stream_init(&build->numbers, DH_SQ_POSTING);
    stream_init(&build->places, DH_SQ_PLACE);
}

static enum dh_status write_outline(struct dh_sq_build *build, struct dh_err *err)
{
    struct dh_buf out;
    dh_buf_init(&out, SIZE_MAX);
    dh_buf_add(&out, "\0\0\0", DH_SQ_SEAL);
    add_number(&out, build->blocks, 4);
    add_number(&out, build->source_count, 4);
    for (uint32_t i = 0; i < DH_SOURCE__N; i++)
        if (build->sources[i / 64] >> i % 64 & 1)
            add_number(&out, i, 2);
    dh_buf_str(&out, dh_buf_view(&build->ends));
    dh_buf_str(&out, dh_buf_view(&build->texts));
    enum dh_status status = out.status            ? out.status
                            : build->ends.status  ? build->ends.status
                            : build->texts.status ? build->texts.status
                                                  : DH_OK;
    if (status) {
        dh_fail(err, status, "out of memory");
    } else {
        dh_sq_seal((uint8_t *)out.ptr, out.len);
        status = build->rows->add(build->rows, DH_SQ_OUTLINE, 0, dh_buf_view(&out), err);
        build->bytes += out.len;
    }
    dh_buf_release(&out);
    return status;
}

enum dh_status dh_sq_build_finish(struct dh_sq_build *build, struct dh_err *err)
{
    enum dh_status status = flush_block(build, err);
    if (!status)
        status = flush_page(build, &build->numbers, err);
    if (!status)
        status = flush_page(build, &build->places, err);
    return status ? status : write_outline(build, err);
}

void dh_sq_build_release(struct dh_sq_build *build)
{
    dh_buf_release(&build->block);
    dh_buf_release(&build->ends);
    dh_buf_release(&build->texts);
    dh_buf_release(&build->packed);
    dh_buf_release(&build->numbers.page);
    dh_buf_release(&build->places.page);
}
