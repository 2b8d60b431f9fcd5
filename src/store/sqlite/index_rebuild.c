/* The index and the stored records: whether they belong together, and making the one of the other.
 */
#include <stdlib.h>
#include <xxhash.h>

#include "store/sqlite/index_entries.h"
#include "store/sqlite/index_join.h"

enum { FORMAT = 1 /* goes up with every change of what lies in the tables of the index */ };

/* ---- records ---------------------------------------------------------------------------------- */

/* Stored records on their way to entries, one after the other. */
struct records {
    struct dh_sq_conn *conn;
    struct dh_sq_codec *codec;
    ZSTD_DCtx *zstd;
    struct dh_sq_row row;
    struct dh_arena arena;
    struct dh_buf entries;
    struct dh_sq_scratch *scratch;
};

static void start(struct records *records, struct dh_sq_conn *conn, struct dh_sq_codec *codec,
                  ZSTD_DCtx *zstd)
{
    *records = (struct records){.conn = conn, .codec = codec, .zstd = zstd};
    dh_arena_init(&records->arena, DH_ARENA_MAX);
    dh_buf_init(&records->entries, SIZE_MAX);
    records->scratch = dh_sq_scratch_take(&codec->scratches);
}

static void finish(struct records *records)
{
    dh_sq_row_release(&records->row);
    dh_arena_release(&records->arena);
    dh_buf_release(&records->entries);
    dh_sq_scratch_give(&records->codec->scratches, records->scratch);
}

/* The entries of the record that `sql` stands on: number, row, text. */
static enum dh_status make_entries(struct records *records, sqlite3_stmt *sql, struct dh_err *err)
{
    struct dh_record record;
    dh_arena_clear(&records->arena);
    dh_buf_clear(&records->entries);
    enum dh_status status = records->scratch
                                ? dh_sq_row_unpack(&records->row, dh_sq_bytes(sql, 1), err)
                                : dh_fail(err, DH_MEMORY, "out of memory");
    if (status)
        return status;
    dh_record_init(&record);
    status = dh_sq_stored_read(records->codec, records->zstd, records->conn, &records->row,
                               dh_sq_bytes(sql, 2), &record, &records->arena, err);
    if (!status)
        status = dh_sq_entries_make(records->scratch->making, &record, &records->entries,
                                    &records->arena, err);
    dh_record_release(&record);
    return status;
}

/* ---- making it anew --------------------------------------------------------------------------- */

static int64_t stamp(void)
{
    struct dh_buf text;
    dh_buf_init(&text, SIZE_MAX);
    dh_buf_printf(&text, "%d %d\n", FORMAT, DH_WORDS_VERSION);
    for (int i = 0; i < DH_SOURCE__N; i++)
        if (dh_sources[i].home == DH_HOME_INDEX)
            dh_buf_printf(&text, "%d %s %d\n", i, dh_sources[i].path, (int)dh_sources[i].type);
    int64_t out = text.status ? 0 : (int64_t)XXH3_64bits(text.ptr, text.len);
    dh_buf_release(&text);
    return out;
}

enum dh_status dh_sq_index_fits(struct dh_sq_conn *conn, bool *fits, struct dh_err *err)
{
    int64_t found = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_META, &found, err, "s", DH_STR("index"));
    *fits = status == DH_OK && found == stamp();
    return status == DH_NOT_FOUND ? DH_OK : status;
}

static enum dh_status add_all(struct dh_sq_store *store, struct dh_err *err)
{
    struct dh_sq_writer *w = store->writer;
    struct records records;
    sqlite3_stmt *sql;
    start(&records, &w->conn, &store->codec, w->zstd);
    enum dh_status status =
        dh_sq_query(&w->conn, DH_SQL_TEXTS, &sql, err, "ii", (int64_t)0, (int64_t)UINT32_MAX);
    while (!status && (status = dh_sq_step(&w->conn, sql, err)) == DH_OK) {
        status = make_entries(&records, sql, err);
        if (!status)
            status = dh_sq_index_add(w, (uint32_t)sqlite3_column_int64(sql, 0),
                                     dh_buf_view(&records.entries), err);
        if (status)
            dh_sq_reset(sql);
    }
    finish(&records);
    return status == DH_DONE ? DH_OK : status;
}

/* Readers look again at the segments when the sequence has moved. */
static enum dh_status make_anew(struct dh_sq_store *store, struct dh_err *err)
{
    struct dh_sq_conn *conn = &store->writer->conn;
    enum dh_status status =
        dh_sq_exec(conn,
                   "DELETE FROM segment; DELETE FROM outline; DELETE FROM block;"
                   "DELETE FROM posting; DELETE FROM place;",
                   err);
    if (!status)
        status = add_all(store, err);
    if (!status)
        status = dh_sq_run(conn, DH_SQL_META_SET, err, "si", DH_STR("index"), stamp());
    return status ? status : dh_sq_run(conn, DH_SQL_CHANGE_ADD, err, "ii", (int64_t)0, (int64_t)0);
}

enum dh_status dh_sq_index_rebuild(struct dh_sq_store *store, struct dh_err *err)
{
    bool fits = false;
    enum dh_status status = dh_sq_begin(&store->base, err);
    if (status)
        return status;
    /* Another process may have been faster. */
    status = dh_sq_index_fits(&store->writer->conn, &fits, err);
    if (!status && !fits)
        status = make_anew(store, err);
    if (!status)
        return dh_sq_commit(&store->base, err);
    dh_sq_rollback(&store->base);
    return status;
}

/* ---- checking --------------------------------------------------------------------------------- */

/* What the records of one segment say of themselves less what the index says of them. */
struct check {
    struct dh_sq_conn *conn;
    struct records records;
    uint32_t low, high;
    uint64_t *sums;   /* per number, all zero when both say the same */
    uint64_t *living; /* a bit per number */
    uint64_t total;   /* living ones of all segments */
    struct dh_err *err;
};

/* One key of one record as a number; sums of them do not depend on the order. */
static uint64_t digest(struct dh_str key, uint32_t number, struct dh_str places)
{
    XXH64_hash_t hash = XXH3_64bits(key.ptr, key.len) + number * UINT64_C(0x9e3779b97f4a7c15);
    return XXH3_64bits_withSeed(places.len ? places.ptr : "", places.len, hash);
}

static enum dh_status add_records(struct check *check, uint64_t *count)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(check->conn, DH_SQL_TEXTS, &sql, check->err, "ii",
                                        (int64_t)check->low, (int64_t)check->high);
    while (!status && (status = dh_sq_step(check->conn, sql, check->err)) == DH_OK) {
        uint32_t number = (uint32_t)sqlite3_column_int64(sql, 0), at = number - check->low;
        struct dh_sq_key key;
        status = make_entries(&check->records, sql, check->err);
        struct dh_str entries = dh_buf_view(&check->records.entries);
        while (!status && dh_sq_entries_next(&entries, &key))
            check->sums[at] += digest(key.key, number, key.places);
        check->living[at / 64] |= UINT64_C(1) << at % 64;
        ++*count;
        if (status)
            dh_sq_reset(sql);
    }
    return status == DH_DONE ? DH_OK : status;
}

/* Takes the postings of a key off the sums. */
static enum dh_status take_off(struct check *check, const struct dh_sq_keys *keys)
{
    const struct dh_sq_entry *entry = &keys->entry;
    struct dh_sq_numbers numbers;
    const uint8_t *at = (const uint8_t *)entry->places.ptr, *end = at;
    uint32_t number, times, count = 0;
    if (entry->has_places)
        end += entry->places.len;
    dh_sq_numbers_start(&numbers, entry->numbers, entry->coding, keys->low, keys->high,
                        entry->count);
    for (; dh_sq_numbers_read(&numbers, &number, 1); count++) {
        const uint8_t *start_at = at;
        uint32_t bit = number - check->low;
        if (entry->has_places && !(at = dh_sq_places_skip(at, end, &times)))
            return dh_sq_index_damaged(check->err);
        struct dh_str places = {(const char *)start_at, (size_t)(at - start_at)};
        if (check->living[bit / 64] >> bit % 64 & 1)
            check->sums[bit] -= digest(dh_sq_keys_key(keys), number, places);
    }
    return count == entry->count ? DH_OK : dh_sq_index_damaged(check->err);
}

static enum dh_status take_keys_off(struct check *check, int64_t segment)
{
    struct dh_sq_keys *keys = malloc(sizeof(*keys));
    if (!keys)
        return dh_fail(check->err, DH_MEMORY, "out of memory");
    struct dh_sq_filed filed = dh_sq_filed(check->conn, segment);
    enum dh_status status =
        dh_sq_keys_start(keys, &filed.rows, check->low, check->high, check->err);
    while (!status && (status = dh_sq_keys_next(keys, check->err)) == DH_OK)
        status = take_off(check, keys);
    dh_sq_keys_release(keys);
    free(keys);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status compare(struct check *check, const struct dh_sq_size *size)
{
    uint64_t count = 0;
    enum dh_status status = add_records(check, &count);
    if (!status)
        status = take_keys_off(check, size->id);
    if (status)
        return status;
    for (uint32_t i = 0; i <= check->high - check->low; i++)
        if (check->sums[i])
            return dh_fail(check->err, DH_CORRUPT,
                           "record number %u is not indexed as its text says", check->low + i);
    if (count + size->dead != size->records)
        return dh_fail(check->err, DH_CORRUPT, "a part of the index counts its records wrongly");
    check->total += count;
    return DH_OK;
}

static enum dh_status check_segment(struct check *check, const struct dh_sq_size *size)
{
    size_t range = (size_t)(size->high - size->low) + 1;
    check->low = size->low;
    check->high = size->high;
    check->sums = calloc(range, sizeof(*check->sums));
    check->living = calloc(range / 64 + 1, sizeof(*check->living));
    enum dh_status status = check->sums && check->living
                                ? compare(check, size)
                                : dh_fail(check->err, DH_MEMORY, "out of memory");
    free(check->sums);
    free(check->living);
    return status;
}

enum dh_status dh_sq_index_check(struct dh_sq_reader *reader, struct dh_err *err)
{
    struct check check = {.conn = &reader->conn, .err = err};
    struct dh_sq_size *sizes = NULL;
    size_t count = 0;
    int64_t records = 0;
    const struct dh_sq_segments *segments;
    enum dh_status status = dh_sq_segments_take(reader, &segments, err);
    if (!status)
        status = dh_sq_sizes_read(&reader->conn, &sizes, &count, err);
    start(&check.records, &reader->conn, &dh_sq_store(reader->base.store)->codec, reader->zstd);
    for (size_t i = 0; i < count && !status; i++)
        status = check_segment(&check, &sizes[i]);
    finish(&check.records);
    free(sizes);
    if (!status)
        status = dh_sq_integer(&reader->conn, DH_SQL_COUNT_RECORDS, &records, err, "");
    if (!status && (uint64_t)records != check.total)
        status = dh_fail(err, DH_CORRUPT, "records are missing in the index");
    return status;
}
