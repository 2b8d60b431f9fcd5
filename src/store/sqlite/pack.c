#include <stdlib.h>

#include "store/sqlite/card.h"
#include "store/sqlite/packed.h"

/*
 * card.row: DOI (length, bytes), version, then each column of columns.def but the shown counts: a
 * number of ids and the ids, or a number; then the counts that came and the local ones. All numbers
 * are varints (packed.h).
 */

const enum dh_column_kind dh_sq_kinds[DH_COLUMN__N] = {
#define DH_COLUMN(id, kind) [DH_COLUMN_##id] = DH_KIND_##kind,
#include "store/columns.def"
#undef DH_COLUMN
};

enum dh_column dh_sq_space(enum dh_column column)
{
    if (column == DH_COLUMN_PERSON)
        return DH_COLUMN_PERSON_ANY;
    return column == DH_COLUMN_FIELD_OF_SCIENCE ? DH_COLUMN_SUBJECT : column;
}

_Static_assert(DH_COLUMN_VIEWS + DH_COUNT_VERSION_OF == DH_COLUMN_VERSION_OF,
               "the shown counts stand in the order of enum dh_count");

void dh_sq_row_release(struct dh_sq_row *row)
{
    free(row->ids);
    *row = (struct dh_sq_row){0};
}

bool dh_sq_row_reserve(struct dh_sq_row *row, size_t count)
{
    uint32_t *ids = dh_array_reserve(row->ids, &row->id_cap, count, sizeof(*ids));
    if (ids)
        row->ids = ids;
    return ids != NULL;
}

static void put(struct dh_buf *out, uint64_t value)
{
    unsigned char bytes[10];
    size_t len = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[len++] = (unsigned char)(value | 0x80);
    bytes[len++] = (unsigned char)value;
    dh_buf_add(out, bytes, len);
}

static void put_column(const struct dh_sq_row *row, enum dh_column c, struct dh_buf *out)
{
    if (dh_sq_kinds[c] == DH_KIND_INTEGER || dh_sq_kinds[c] == DH_KIND_TIME) {
        put(out, dh_sq_fold(row->numbers[c]));
        return;
    }
    if (dh_sq_kinds[c] == DH_KIND_TERM) {
        put(out, dh_sq_row_term(row, c));
        return;
    }
    put(out, row->first[c + 1] - row->first[c]);
    for (uint32_t i = row->first[c]; i < row->first[c + 1]; i++)
        put(out, row->ids[i]);
}

void dh_sq_row_pack(const struct dh_sq_row *row, struct dh_buf *out)
{
    put(out, row->doi.len);
    dh_buf_str(out, row->doi);
    put(out, row->version);
    for (int c = 0; c < DH_COLUMN__N; c++)
        if (!dh_sq_shows_count(c))
            put_column(row, c, out);
    for (int i = 0; i < DH_COUNT__N; i++)
        put(out, (uint64_t)(row->came[i] < 0 ? 0 : row->came[i] + 1));
    for (int i = 0; i < DH_COUNT__N; i++)
        put(out, (uint64_t)row->local[i]);
}

uint64_t dh_sq_packed_long(struct dh_sq_packed *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        unsigned char byte = *in->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    in->bad = true;
    return 0;
}

static bool get_ids(struct dh_sq_row *row, enum dh_column c, struct dh_sq_packed *in)
{
    uint32_t used = row->first[c];
    uint64_t first = dh_sq_packed_next(in);
    bool one = dh_sq_kinds[c] == DH_KIND_TERM;
    uint64_t count = one ? first != 0 : first;
    if (count > (size_t)(in->end - in->at) + 1 || !dh_sq_row_reserve(row, used + count))
        return false;
    for (uint64_t i = 0; i < count; i++)
        row->ids[used++] = (uint32_t)(one ? first : dh_sq_packed_next(in));
    row->first[c + 1] = used;
    return true;
}

static bool get_columns(struct dh_sq_row *row, struct dh_sq_packed *in)
{
    for (int c = 0; c < DH_COLUMN__N; c++) {
        row->first[c + 1] = row->first[c];
        if (dh_sq_shows_count(c))
            continue;
        if (dh_sq_kinds[c] == DH_KIND_INTEGER || dh_sq_kinds[c] == DH_KIND_TIME)
            row->numbers[c] = dh_sq_unfold(dh_sq_packed_next(in));
        else if (!get_ids(row, c, in))
            return false;
    }
    return true;
}

enum dh_status dh_sq_row_unpack(struct dh_sq_row *row, struct dh_str bytes, struct dh_err *err)
{
    struct dh_sq_packed in = dh_sq_packed(bytes);
    row->doi = dh_sq_packed_bytes(&in);
    if (in.bad)
        return dh_fail(err, DH_CORRUPT, "a record's row is cut short");
    row->version = (uint32_t)dh_sq_packed_next(&in);
    row->first[0] = 0;
    bool whole = get_columns(row, &in);
    for (int i = 0; i < DH_COUNT__N; i++)
        row->came[i] = (int64_t)dh_sq_packed_next(&in) - 1;
    for (int i = 0; i < DH_COUNT__N; i++)
        row->local[i] = (int64_t)dh_sq_packed_next(&in);
    for (int i = 0; i < DH_COUNT__N; i++)
        row->numbers[DH_COLUMN_VIEWS + i] = row->came[i] >= 0 ? row->came[i] : row->local[i];
    if (!whole || in.bad || in.at != in.end)
        return dh_fail(err, DH_CORRUPT, "a record's row contradicts itself");
    return DH_OK;
}
