/*
 * Which segments are merged: one is, with all behind it, when those together weigh FANOUT - 1 times
 * as much. So each time that a record is rewritten its segment has grown FANOUT times, and there
 * are few segments. One of half the greatest weight is not rewritten but when most of its records
 * went.
 */
#include <stdlib.h>

#include "store/sqlite/index_join.h"
#include "store/sqlite/index_pending.h"

enum {
    FANOUT = 8,
    SMALL = 32,       /* so little at the end is merged at once */
    BYTES_WEIGHT = 11 /* so many bits of bytes weigh as one record */
};

/* Neighbours that are to be one segment. */
struct group {
    size_t first, count;
    uint64_t weight;
    bool rewrite; /* also when it is only one */
};

static uint64_t weight_of(const struct dh_sq_size *size)
{
    uint64_t living = size->records > size->dead ? size->records - size->dead : 0;
    uint64_t bytes = size->records ? size->bytes * living / size->records : 0;
    bytes >>= BYTES_WEIGHT;
    return living > bytes ? living : bytes;
}

static void unite(struct group *groups, size_t *count, size_t first, size_t last)
{
    for (size_t i = first + 1; i <= last; i++) {
        groups[first].count += groups[i].count;
        groups[first].weight += groups[i].weight;
    }
    memmove(&groups[first + 1], &groups[last + 1], (*count - last - 1) * sizeof(*groups));
    *count -= last - first;
}

/* Unites from `first` on what fits into one. */
static bool unite_from(struct group *groups, size_t *count, size_t first)
{
    size_t last = first;
    uint64_t sum = groups[first].weight;
    while (last + 1 < *count && sum + groups[last + 1].weight <= DH_SEGMENT_MAX)
        sum += groups[++last].weight;
    if (last > first)
        unite(groups, count, first, last);
    return last > first;
}

static bool unite_end(struct group *groups, size_t *count)
{
    size_t n = *count, first = n;
    uint64_t total = 0;
    if (n >= 2 && groups[n - 1].weight + groups[n - 2].weight <= SMALL) {
        unite(groups, count, n - 2, n - 1);
        return true;
    }
    while (first && groups[first - 1].weight < DH_SEGMENT_MAX / 2)
        total += groups[--first].weight;
    if (total > DH_SEGMENT_MAX && unite_from(groups, count, first))
        return true;
    for (; first < n; first++) {
        total -= groups[first].weight;
        if (total && total >= (FANOUT - 1) * groups[first].weight &&
            unite_from(groups, count, first))
            return true;
    }
    return false;
}

/* What is to be rewritten takes a neighbour along that is not much larger. */
static void unite_shrunk(struct group *groups, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        uint64_t weight = groups[i].weight;
        size_t with = i;
        if (!groups[i].rewrite || !weight)
            continue;
        for (size_t j = i ? i - 1 : i + 1; j <= i + 1 && j < *count; j += 2)
            if (groups[j].weight <= weight * FANOUT &&
                groups[j].weight + weight <= DH_SEGMENT_MAX &&
                (with == i || groups[j].weight < groups[with].weight))
                with = j;
        if (with != i) {
            size_t first = i < with ? i : with;
            unite(groups, count, first, first + 1);
            groups[first].rewrite = false;
            i = first;
        }
    }
}

enum dh_status dh_sq_sizes_read(struct dh_sq_conn *conn, struct dh_sq_size **out, size_t *count,
                                struct dh_err *err)
{
    sqlite3_stmt *sql;
    int64_t rows = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_SEGMENT_COUNT, &rows, err, "");
    if (status)
        return status;
    *out = calloc((size_t)rows + 1, sizeof(**out));
    if (!*out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    status = dh_sq_query(conn, DH_SQL_SEGMENT_SIZES, &sql, err, "");
    for (*count = 0; !status && (status = dh_sq_step(conn, sql, err)) == DH_OK; ++*count)
        (*out)[*count] = (struct dh_sq_size){
            .id = sqlite3_column_int64(sql, 0),
            .low = (uint32_t)sqlite3_column_int64(sql, 1),
            .high = (uint32_t)sqlite3_column_int64(sql, 2),
            .records = (uint32_t)sqlite3_column_int64(sql, 3),
            .dead = (uint32_t)sqlite3_column_int64(sql, 4),
            .bytes = (uint64_t)sqlite3_column_int64(sql, 5),
        };
    return status == DH_DONE ? DH_OK : status;
}

/* The segments without a living record go at once; the others are packed together at the start. */
static enum dh_status remove_empty(struct dh_sq_conn *conn, struct dh_sq_size *sizes, size_t *count,
                                   struct dh_err *err)
{
    size_t kept = 0;
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < *count && !status; i++) {
        if (sizes[i].dead >= sizes[i].records)
            status = dh_sq_filed_remove(conn, sizes[i].id, err);
        else
            sizes[kept++] = sizes[i];
    }
    *count = kept;
    return status;
}

/* ---- joining what lies in the file ------------------------------------------------------------ */

/* Which numbers of the range still have a record, a bit each; to be freed. */
static enum dh_status read_living(struct dh_sq_conn *conn, uint32_t low, uint32_t high,
                                  uint64_t **out, struct dh_err *err)
{
    sqlite3_stmt *sql;
    uint64_t *living = *out = calloc((size_t)(high - low) / 64 + 1, sizeof(*living));
    if (!living)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status =
        dh_sq_query(conn, DH_SQL_NUMBERS, &sql, err, "ii", (int64_t)low, (int64_t)high);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        uint32_t bit = (uint32_t)sqlite3_column_int64(sql, 0) - low;
        living[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    return status == DH_DONE ? DH_OK : status;
}

/* Joins the pieces, `dead` of whose records went, into a segment of the file. */
static enum dh_status join_pieces(struct dh_sq_conn *conn, const struct dh_sq_piece *pieces,
                                  size_t count, uint32_t records, uint32_t dead, struct dh_err *err)
{
    struct dh_sq_filed to;
    uint32_t low = pieces[0].low, high = pieces[count - 1].high;
    uint64_t *living = NULL, bytes = 0;
    enum dh_status status = dead ? read_living(conn, low, high, &living, err) : DH_OK;
    if (!status)
        status = dh_sq_filed_start(&to, conn, low, high, records - dead, err);
    if (!status)
        status = dh_sq_join(pieces, count, living, &to.rows, &bytes, err);
    free(living);
    return status ? status : dh_sq_filed_finish(&to, bytes, err);
}

/* Writes the segments, ascending, as one, and removes them. */
static enum dh_status join(struct dh_sq_conn *conn, const struct dh_sq_size *sizes, size_t count,
                           struct dh_err *err)
{
    uint32_t records = 0, dead = 0;
    struct dh_sq_filed *filed = calloc(count, sizeof(*filed));
    struct dh_sq_piece *pieces = calloc(count, sizeof(*pieces));
    for (size_t i = 0; filed && pieces && i < count; i++) {
        filed[i] = dh_sq_filed(conn, sizes[i].id);
        pieces[i] = (struct dh_sq_piece){&filed[i].rows, sizes[i].low, sizes[i].high};
        records += sizes[i].records;
        dead += sizes[i].dead;
    }
    enum dh_status status = filed && pieces ? join_pieces(conn, pieces, count, records, dead, err)
                                            : dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count && !status; i++)
        status = dh_sq_filed_remove(conn, sizes[i].id, err);
    free(pieces);
    free(filed);
    return status;
}

static enum dh_status merge(struct dh_sq_conn *conn, const struct dh_sq_size *sizes, size_t count,
                            struct dh_err *err)
{
    struct group *groups = calloc(count + 1, sizeof(*groups));
    if (!groups)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        groups[i] = (struct group){.first = i,
                                   .count = 1,
                                   .weight = weight_of(&sizes[i]),
                                   .rewrite = sizes[i].dead > sizes[i].records / 2};
    unite_shrunk(groups, &count);
    while (unite_end(groups, &count))
        ;
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++)
        if (groups[i].count > 1 || groups[i].rewrite)
            status = join(conn, &sizes[groups[i].first], groups[i].count, err);
    free(groups);
    return status;
}

enum dh_status dh_sq_index_merge(struct dh_sq_conn *conn, struct dh_err *err)
{
    struct dh_sq_size *sizes = NULL;
    size_t count = 0;
    enum dh_status status = dh_sq_sizes_read(conn, &sizes, &count, err);
    if (!status)
        status = remove_empty(conn, sizes, &count, err);
    if (!status)
        status = merge(conn, sizes, count, err);
    free(sizes);
    return status;
}
