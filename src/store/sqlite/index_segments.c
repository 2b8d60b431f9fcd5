#include <stdlib.h>

#include "store/sqlite/index_segment.h"

enum { COUNTS = 8, END = 4, SOURCE = 2 }; /* bytes in an outline */

enum dh_status dh_sq_index_damaged(struct dh_err *err)
{
    return dh_fail(err, DH_CORRUPT, "the index of the store is damaged");
}

static uint32_t number_at(const uint8_t *at, unsigned bytes)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < bytes; i++)
        number |= (uint32_t)at[i] << 8 * i;
    return number;
}

/* ---- outlines --------------------------------------------------------------------------------- */

static uint32_t end_of(const struct dh_sq_segment *segment, uint32_t block)
{
    return number_at(segment->ends + (size_t)block * END, END);
}

/* The ends ascend up to `len`. */
static bool ends_fit(const struct dh_sq_segment *segment, size_t len)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < segment->blocks; i++) {
        uint32_t end = end_of(segment, i);
        if (end < last || end > len)
            return false;
        last = end;
    }
    return true;
}

/* Finds the parts in the bytes; false when they cannot be. */
static bool find_parts(struct dh_sq_segment *segment, size_t len)
{
    const uint8_t *at = segment->bytes + DH_SQ_SEAL;
    size_t rest = len - DH_SQ_SEAL;
    if (rest < COUNTS)
        return false;
    segment->blocks = number_at(at, 4);
    uint32_t sources = number_at(at + 4, 4);
    at += COUNTS;
    rest -= COUNTS;
    if (sources > rest / SOURCE)
        return false;
    for (uint32_t i = 0; i < sources; i++, at += SOURCE, rest -= SOURCE) {
        uint32_t source = number_at(at, SOURCE);
        if (source >= DH_SOURCE__N)
            return false;
        segment->sources[source / 64] |= UINT64_C(1) << source % 64;
    }
    if (segment->blocks > rest / END)
        return false;
    segment->ends = at;
    segment->texts = at + (size_t)segment->blocks * END;
    return ends_fit(segment, rest - (size_t)segment->blocks * END);
}

struct dh_sq_segment *dh_sq_outline_open(struct dh_str bytes, struct dh_err *err)
{
    if (!dh_sq_sealed(bytes)) {
        dh_sq_index_damaged(err);
        return NULL;
    }
    struct dh_sq_segment *segment = calloc(1, sizeof(*segment) + bytes.len);
    if (!segment) {
        dh_fail(err, DH_MEMORY, "out of memory");
        return NULL;
    }
    memcpy(segment->bytes, bytes.ptr, bytes.len);
    if (find_parts(segment, bytes.len))
        return segment;
    free(segment);
    dh_sq_index_damaged(err);
    return NULL;
}

uint32_t dh_sq_segment_seek(const struct dh_sq_segment *segment, struct dh_str key)
{
    uint32_t low = 0, high = segment->blocks;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2, start = end_of(segment, middle - 1);
        struct dh_str text = {(const char *)segment->texts + start,
                              end_of(segment, middle) - start};
        if (dh_str_compare(text, key) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static enum dh_status load(struct dh_sq_conn *conn, int64_t id, struct dh_sq_segment **out,
                           struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_OUTLINE, &sql, err, "i", id);
    if (!status)
        status = dh_sq_step(conn, sql, err);
    if (status)
        return status == DH_DONE ? dh_sq_index_damaged(err) : status;
    struct dh_err fault = {.code = DH_OK};
    *out = dh_sq_outline_open(dh_sq_bytes(sql, 0), &fault);
    dh_sq_reset(sql);
    if (*out)
        return DH_OK;
    return dh_fail(err, fault.code, "%s", fault.text);
}

/* ---- lists ------------------------------------------------------------------------------------ */

/* Under index_lock. */
static void drop(struct dh_sq_segments *segments)
{
    if (--segments->refs)
        return;
    for (size_t i = 0; i < segments->count; i++)
        if (!--segments->all[i]->refs)
            free(segments->all[i]);
    free(segments);
}

void dh_sq_segments_give(struct dh_sq_store *store, struct dh_sq_segments *segments)
{
    if (!segments)
        return;
    pthread_mutex_lock(&store->index_lock);
    drop(segments);
    pthread_mutex_unlock(&store->index_lock);
}

static struct dh_sq_segment *find_known(const struct dh_sq_segments *known, int64_t id)
{
    for (size_t i = 0; known && i < known->count; i++)
        if (known->all[i]->id == id)
            return known->all[i];
    return NULL;
}

/* Adds the segment that `sql` stands on. */
static enum dh_status add(struct dh_sq_reader *reader, const struct dh_sq_segments *known,
                          sqlite3_stmt *sql, struct dh_sq_segments *segments, struct dh_err *err)
{
    int64_t id = sqlite3_column_int64(sql, 0), low = sqlite3_column_int64(sql, 1),
            high = sqlite3_column_int64(sql, 2);
    uint32_t before = segments->count ? segments->all[segments->count - 1]->high : 0;
    if (low <= before || high < low || high >= UINT32_MAX)
        return dh_sq_index_damaged(err);
    struct dh_sq_segment *segment = find_known(known, id);
    enum dh_status status = segment ? DH_OK : load(&reader->conn, id, &segment, err);
    if (status)
        return status;
    segment->id = id;
    segment->low = (uint32_t)low;
    segment->high = (uint32_t)high;
    segment->refs++;
    segments->all[segments->count++] = segment;
    return DH_OK;
}

/* Reads the list as it is in the transaction; outlines that are known are shared. */
static enum dh_status read_list(struct dh_sq_reader *reader, const struct dh_sq_segments *known,
                                struct dh_sq_segments **out, struct dh_err *err)
{
    sqlite3_stmt *sql;
    int64_t count = 0;
    enum dh_status status = dh_sq_integer(&reader->conn, DH_SQL_SEGMENT_COUNT, &count, err, "");
    if (status)
        return status;
    struct dh_sq_segments *segments =
        calloc(1, sizeof(*segments) + (size_t)count * sizeof(*segments->all));
    if (!segments)
        return dh_fail(err, DH_MEMORY, "out of memory");
    segments->refs = 1;
    status = dh_sq_query(&reader->conn, DH_SQL_SEGMENTS, &sql, err, "");
    while (!status && (status = dh_sq_step(&reader->conn, sql, err)) == DH_OK) {
        status = add(reader, known, sql, segments, err);
        if (status)
            dh_sq_reset(sql);
    }
    if (status != DH_DONE) {
        drop(segments);
        return status;
    }
    *out = segments;
    return DH_OK;
}

/* The list of a moment, kept for the next reader when no later one is. Under index_lock. */
static enum dh_status renew(struct dh_sq_reader *reader, uint64_t sequence,
                            struct dh_sq_segments **out, struct dh_err *err)
{
    struct dh_sq_store *store = dh_sq_store(reader->base.store);
    struct dh_sq_segments *known = store->segments;
    enum dh_status status = read_list(reader, known, out, err);
    if (status)
        return status;
    (*out)->sequence = sequence;
    if (known && known->sequence > sequence)
        return DH_OK;
    (*out)->refs++;
    store->segments = *out;
    if (known)
        drop(known);
    return DH_OK;
}

enum dh_status dh_sq_segments_take(struct dh_sq_reader *reader, const struct dh_sq_segments **out,
                                   struct dh_err *err)
{
    struct dh_sq_store *store = dh_sq_store(reader->base.store);
    uint64_t sequence = 0;
    *out = reader->segments;
    if (*out)
        return DH_OK;
    enum dh_status status = dh_sq_sequence(&reader->base, &sequence, err);
    if (status)
        return status;
    pthread_mutex_lock(&store->index_lock);
    if (store->segments && store->segments->sequence == sequence) {
        reader->segments = store->segments;
        reader->segments->refs++;
    } else {
        status = renew(reader, sequence, &reader->segments, err);
    }
    pthread_mutex_unlock(&store->index_lock);
    *out = reader->segments;
    return status;
}

/* ---- streams ---------------------------------------------------------------------------------- */

enum dh_status dh_sq_stream_read(struct dh_sq_conn *conn, enum dh_sq_sql id, int64_t segment,
                                 uint32_t offset, size_t len, char *out, struct dh_err *err)
{
    uint32_t page = offset / DH_SQ_PAGE, skip = offset % DH_SQ_PAGE;
    while (len) {
        sqlite3_stmt *sql;
        enum dh_status status =
            dh_sq_query(conn, id, &sql, err, "i", dh_sq_segment_row(segment, page++));
        if (!status)
            status = dh_sq_step(conn, sql, err);
        if (status)
            return status == DH_DONE ? dh_sq_index_damaged(err) : status;
        struct dh_str bytes = dh_sq_bytes(sql, 0);
        bool fits = dh_sq_sealed(bytes) && bytes.len > DH_SQ_SEAL + (size_t)skip;
        size_t take = fits ? bytes.len - DH_SQ_SEAL - skip : 0;
        take = take < len ? take : len;
        if (fits)
            memcpy(out, bytes.ptr + DH_SQ_SEAL + skip, take);
        dh_sq_reset(sql);
        if (!fits || (take < len && bytes.len != DH_SQ_SEAL + DH_SQ_PAGE))
            return dh_sq_index_damaged(err);
        out += take;
        len -= take;
        skip = 0;
    }
    return DH_OK;
}
