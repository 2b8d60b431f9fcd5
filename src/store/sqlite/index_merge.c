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
            status = dh_sq_segment_remove(conn, sizes[i].id, err);
        else
            sizes[kept++] = sizes[i];
    }
    *count = kept;
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
            status = dh_sq_join(conn, &sizes[groups[i].first], groups[i].count, err);
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
