#include <stdlib.h>

#include "store/sqlite/relations.h"
#include "store/sqlite/writer.h"

/* Doubles the table when it is half full. */
static bool grow(struct dh_sq_writer *w)
{
    size_t cap = w->delta_cap ? w->delta_cap * 2 : 1024;
    struct dh_sq_delta *table = calloc(cap, sizeof(*table));
    if (!table)
        return false;
    for (size_t i = 0; i < w->delta_cap; i++) {
        size_t at = (size_t)w->deltas[i].name & (cap - 1);
        if (!w->deltas[i].name)
            continue;
        while (table[at].name)
            at = (at + 1) & (cap - 1);
        table[at] = w->deltas[i];
    }
    free(w->deltas);
    w->deltas = table;
    w->delta_cap = cap;
    return true;
}

/* The corrections of a DOI, made when there are none yet; NULL when out of memory. */
static struct dh_sq_delta *delta(struct dh_sq_writer *w, int64_t name)
{
    if (w->delta_count * 2 >= w->delta_cap && !grow(w))
        return NULL;
    size_t at = (size_t)name & (w->delta_cap - 1);
    while (w->deltas[at].name && w->deltas[at].name != name)
        at = (at + 1) & (w->delta_cap - 1);
    w->delta_count += !w->deltas[at].name;
    w->deltas[at].name = name;
    return &w->deltas[at];
}

static bool correct(struct dh_sq_writer *w, int64_t name, uint8_t before, uint8_t after)
{
    struct dh_sq_delta *d = before == after ? NULL : delta(w, name);
    if (!d)
        return before == after;
    for (int i = 0; i < DH_SQ_EDGE_COUNTS; i++)
        d->counts[i] += (after >> i & 1) - (before >> i & 1);
    return true;
}

/* One statement: object and relation type. */
struct statement {
    int64_t object, type;
    bool fresh; /* the object was named here for the first time */
};

struct statements {
    struct statement *items;
    size_t count;
};

static int by_object(const void *a, const void *b)
{
    const struct statement *x = a, *y = b;
    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    return (x->type > y->type) - (x->type < y->type);
}

/* What the record states now; nothing counts of a record that is not findable. */
static enum dh_status read_new(struct dh_sq_writer *w, const struct dh_sq_values *values,
                               bool findable, struct statements *out, struct dh_err *err)
{
    size_t count = findable ? values->related_count : 0;
    out->items = dh_arena_array(&w->arena, count + 1, sizeof(*out->items));
    if (!out->items)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const struct dh_sq_related *related = &values->related[i];
        struct statement *s = &out->items[out->count++];
        s->type = related->type;
        enum dh_status status =
            dh_sq_intern_doi(w, related->doi, related->hash, &s->object, &s->fresh, err);
        if (status)
            return status;
    }
    qsort(out->items, out->count, sizeof(*out->items), by_object);
    return DH_OK;
}

static enum dh_status read_old(struct dh_sq_writer *w, int64_t name, struct statements *out,
                               struct dh_err *err)
{
    sqlite3_stmt *sql;
    size_t cap = 0;
    enum dh_status status = dh_sq_query(&w->conn, DH_SQL_RELATIONS_FROM, &sql, err, "i", name);
    while (!status && (status = dh_sq_step(&w->conn, sql, err)) == DH_OK) {
        struct statement *items =
            dh_arena_reserve(&w->arena, out->items, &cap, out->count + 1, sizeof(*items));
        if (!items) {
            dh_sq_reset(sql);
            return dh_fail(err, DH_MEMORY, "out of memory");
        }
        out->items = items;
        out->items[out->count++] =
            (struct statement){sqlite3_column_int64(sql, 0), sqlite3_column_int64(sql, 1), false};
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_object);
    return status == DH_DONE ? DH_OK : status;
}

/* What the other record states about `name`, as bits on the side of `name`. */
static enum dh_status others_mask(struct dh_sq_writer *w, int64_t name, int64_t other,
                                  uint8_t *mask, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(&w->conn, DH_SQL_RELATIONS_BETWEEN, &sql, err, "ii", other, name);
    while (!status && (status = dh_sq_step(&w->conn, sql, err)) == DH_OK)
        *mask |= dh_sq_edge_mask(sqlite3_column_int64(sql, 0), true);
    return status == DH_DONE ? DH_OK : status;
}

/* The statements about one object, `old` and `now`, both possibly empty. */
struct pair {
    int64_t object;
    const struct statement *old, *now;
    size_t old_count, now_count;
};

static uint8_t masks(const struct statement *items, size_t count)
{
    uint8_t mask = 0;
    for (size_t i = 0; i < count; i++)
        mask |= dh_sq_edge_mask(items[i].type, false);
    return mask;
}

static bool states(const struct statement *items, size_t count, int64_t type)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].type == type)
            return true;
    return false;
}

static enum dh_status write_pair(struct dh_sq_writer *w, int64_t name, const struct pair *pair,
                                 struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < pair->old_count && !status; i++)
        if (!states(pair->now, pair->now_count, pair->old[i].type))
            status = dh_sq_run(&w->conn, DH_SQL_RELATION_REMOVE, err, "iii", name, pair->object,
                               pair->old[i].type);
    for (size_t i = 0; i < pair->now_count && !status; i++)
        if (!states(pair->old, pair->old_count, pair->now[i].type))
            status = dh_sq_run(&w->conn, DH_SQL_RELATION_ADD, err, "iii", name, pair->object,
                               pair->now[i].type);
    return status;
}

static enum dh_status relate_pair(struct dh_sq_writer *w, int64_t name, bool fresh,
                                  const struct pair *pair, struct dh_err *err)
{
    uint8_t before = masks(pair->old, pair->old_count);
    uint8_t after = masks(pair->now, pair->now_count);
    enum dh_status status = DH_OK;
    bool known = !fresh && !(pair->now_count && pair->now[0].fresh);
    if (before != after && pair->object == name) {
        /* Seen from both ends at once. */
        before |= dh_sq_edge_turn(before);
        after |= dh_sq_edge_turn(after);
        if (!correct(w, name, before, after))
            return dh_fail(err, DH_MEMORY, "out of memory");
    } else if (before != after) {
        uint8_t theirs = 0;
        if (known)
            status = others_mask(w, name, pair->object, &theirs, err);
        before |= theirs;
        after |= theirs;
        if (!correct(w, name, before, after) ||
            !correct(w, pair->object, dh_sq_edge_turn(before), dh_sq_edge_turn(after)))
            return dh_fail(err, DH_MEMORY, "out of memory");
    }
    return status ? status : write_pair(w, name, pair, err);
}

/* Takes the statements about the lowest object off both lists. */
static struct pair next_pair(struct statements *old, struct statements *now)
{
    struct pair pair = {.object = INT64_MAX, .old = old->items, .now = now->items};
    if (old->count)
        pair.object = old->items[0].object;
    if (now->count && now->items[0].object < pair.object)
        pair.object = now->items[0].object;
    while (pair.old_count < old->count && old->items[pair.old_count].object == pair.object)
        pair.old_count++;
    while (pair.now_count < now->count && now->items[pair.now_count].object == pair.object)
        pair.now_count++;
    if (pair.old_count)
        *old = (struct statements){old->items + pair.old_count, old->count - pair.old_count};
    if (pair.now_count)
        *now = (struct statements){now->items + pair.now_count, now->count - pair.now_count};
    return pair;
}

enum dh_status dh_sq_relate(struct dh_sq_writer *w, int64_t name, bool fresh, bool findable,
                            const struct dh_sq_values *values, struct dh_err *err)
{
    struct statements old = {0}, now = {0};
    if (fresh && (!findable || !values->related_count))
        return DH_OK;
    enum dh_status status = fresh ? DH_OK : read_old(w, name, &old, err);
    if (!status)
        status = read_new(w, values, findable, &now, err);
    while (!status && (old.count || now.count)) {
        struct pair pair = next_pair(&old, &now);
        status = relate_pair(w, name, fresh, &pair, err);
    }
    return status;
}

enum dh_status dh_sq_relation_counts(struct dh_sq_writer *w, int64_t name,
                                     int64_t counts[DH_COUNT__N], struct dh_err *err)
{
    struct dh_sq_edge *edges = NULL;
    size_t count = 0;
    enum dh_status status = dh_sq_edges(&w->conn, name, &edges, &count, err);
    memset(counts, 0, DH_COUNT__N * sizeof(*counts));
    for (size_t i = 0; i < count; i++)
        for (int bit = 0; bit < DH_SQ_EDGE_COUNTS; bit++)
            counts[DH_COUNT_REFERENCE + bit] += edges[i].mask >> bit & 1;
    free(edges);
    if (status)
        return status;
    /* All that this transaction has stated so far is in these counts already. */
    struct dh_sq_delta *d = delta(w, name);
    if (!d)
        return dh_fail(err, DH_MEMORY, "out of memory");
    memset(d->counts, 0, sizeof(d->counts));
    return DH_OK;
}

/* Adds the corrections to counts; they are never below zero. */
static void apply(const struct dh_sq_delta *d, int64_t counts[DH_COUNT__N])
{
    for (int i = 0; i < DH_SQ_EDGE_COUNTS; i++) {
        int64_t *count = &counts[DH_COUNT_REFERENCE + i];
        *count = *count + d->counts[i] > 0 ? *count + d->counts[i] : 0;
    }
}

void dh_sq_relations_take(struct dh_sq_writer *w, int64_t name, int64_t counts[DH_COUNT__N])
{
    size_t at = (size_t)name & (w->delta_cap - 1);
    while (w->delta_cap && w->deltas[at].name && w->deltas[at].name != name)
        at = (at + 1) & (w->delta_cap - 1);
    if (!w->delta_cap || !w->deltas[at].name)
        return;
    apply(&w->deltas[at], counts);
    memset(w->deltas[at].counts, 0, sizeof(w->deltas[at].counts));
}

static enum dh_status settle_one(struct dh_sq_writer *w, const struct dh_sq_delta *d,
                                 struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&w->conn, DH_SQL_CARD_OF_NAME, &sql, err, "i", d->name);
    if (!status)
        status = dh_sq_step(&w->conn, sql, err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    int64_t n = sqlite3_column_int64(sql, 0);
    status = dh_sq_row_unpack(&w->row, dh_sq_bytes(sql, 1), err);
    dh_buf_clear(&w->packed);
    if (!status)
        apply(d, w->row.local);
    if (!status)
        dh_sq_row_pack(&w->row, &w->packed);
    dh_sq_reset(sql);
    if (!status && w->packed.status)
        status = dh_fail(err, w->packed.status, "a record's row is too large");
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_CARD_SET_ROW, err, "ib", n, dh_buf_view(&w->packed));
    if (!status && n < w->first)
        status = dh_sq_run(&w->conn, DH_SQL_CHANGE_ADD, err, "ii", n, n);
    return status;
}

enum dh_status dh_sq_relations_settle(struct dh_sq_writer *w, struct dh_err *err)
{
    static const int32_t nothing[DH_SQ_EDGE_COUNTS] = {0};
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < w->delta_cap && w->delta_count && !status; i++)
        if (w->deltas[i].name && memcmp(w->deltas[i].counts, nothing, sizeof(nothing)) != 0)
            status = settle_one(w, &w->deltas[i], err);
    return status;
}
