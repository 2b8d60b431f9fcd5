#include "store/sqlite/relations.h"

#include <stdlib.h>

#include "store/sqlite/backend.h"

enum {
    RELATED_SCAN_MAX = 10000, /* edges looked at for one record's lists */
    OTHERS = 1024             /* a power of two */
};

uint8_t dh_sq_edge_mask(int64_t type, bool object)
{
    bool inverse = false;
    enum dh_edge edge = dh_relation_edge((size_t)type, &inverse);
    if (edge == DH_EDGE_NONE)
        return 0;
    return (uint8_t)(1 << ((edge - DH_EDGE_REFERENCE) * 2 + (inverse != object)));
}

uint8_t dh_sq_edge_turn(uint8_t mask)
{
    return (uint8_t)((mask & 0x15) << 1 | (mask & 0x2a) >> 1);
}

struct edges {
    struct dh_sq_edge *items;
    size_t count, cap;
};

static bool add(struct edges *edges, int64_t other, uint8_t mask)
{
    if (!mask)
        return true;
    struct dh_sq_edge *items =
        dh_array_reserve(edges->items, &edges->cap, edges->count + 1, sizeof(*items));
    if (!items)
        return false;
    edges->items = items;
    edges->items[edges->count++] = (struct dh_sq_edge){other, mask};
    return true;
}

static enum dh_status collect(struct dh_sq_conn *conn, int64_t name, bool object,
                              struct edges *edges, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, object ? DH_SQL_RELATIONS_TO : DH_SQL_RELATIONS_FROM,
                                        &sql, err, "i", name);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        uint8_t mask = dh_sq_edge_mask(sqlite3_column_int64(sql, 1), object);
        if (!add(edges, sqlite3_column_int64(sql, 0), mask)) {
            dh_sq_reset(sql);
            return dh_fail(err, DH_MEMORY, "out of memory");
        }
    }
    return status == DH_DONE ? DH_OK : status;
}

static int by_other(const void *a, const void *b)
{
    const struct dh_sq_edge *x = a, *y = b;
    return (x->other > y->other) - (x->other < y->other);
}

enum dh_status dh_sq_edges(struct dh_sq_conn *conn, int64_t name, struct dh_sq_edge **out,
                           size_t *count, struct dh_err *err)
{
    struct edges edges = {0};
    enum dh_status status = collect(conn, name, false, &edges, err);
    if (!status)
        status = collect(conn, name, true, &edges, err);
    if (status) {
        free(edges.items);
        return status;
    }
    if (edges.count)
        qsort(edges.items, edges.count, sizeof(*edges.items), by_other);
    size_t kept = 0;
    for (size_t i = 0; i < edges.count; i++) {
        if (kept && edges.items[kept - 1].other == edges.items[i].other)
            edges.items[kept - 1].mask |= edges.items[i].mask;
        else
            edges.items[kept++] = edges.items[i];
    }
    *out = edges.items;
    *count = kept;
    return DH_OK;
}

/* A related record that is findable here. */
struct related {
    struct dh_str doi;
    int64_t updated;
    uint8_t mask;
};

/* What a DOI's id leads to, in place of a look-up that records of one page often share. */
struct other {
    int64_t name;      /* 0: nothing is kept here */
    struct dh_str doi; /* ptr NULL when it is not findable here */
    int64_t updated;
};

struct dh_sq_others {
    struct other items[OTHERS];
};

struct dh_sq_others *dh_sq_others_new(struct dh_arena *arena)
{
    return dh_arena_alloc(arena, sizeof(struct dh_sq_others));
}

struct looking {
    struct dh_sq_reader *reader;
    struct dh_sq_others *others; /* or NULL */
    struct dh_arena *arena;
    struct related *found;
    size_t count;
};

static enum dh_status read_other(struct looking *look, int64_t name, struct other *out,
                                 struct dh_err *err)
{
    struct dh_sq_reader *reader = look->reader;
    struct dh_sq_row *row = &reader->row;
    sqlite3_stmt *sql;
    struct dh_str state;
    *out = (struct other){.name = name};
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_RELATED_CARD, &sql, err, "i", name);
    if (!status)
        status = dh_sq_step(&reader->conn, sql, err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    status = dh_sq_row_unpack(row, dh_sq_bytes(sql, 0), err);
    struct dh_str doi = status ? DH_STR_NONE : dh_arena_copy(look->arena, row->doi);
    dh_sq_reset(sql);
    if (!status)
        status = dh_sq_term_text(reader, DH_COLUMN_STATE, dh_sq_row_term(row, DH_COLUMN_STATE),
                                 &state, look->arena, err);
    if (status)
        return status;
    if (!doi.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    if (dh_state_find(state) == DH_STATE_FINDABLE)
        out->doi = doi;
    out->updated = row->numbers[DH_COLUMN_UPDATED];
    return DH_OK;
}

static enum dh_status look_up(struct looking *look, const struct dh_sq_edge *edge,
                              struct dh_err *err)
{
    struct other own = {0};
    struct other *other = look->others ? &look->others->items[edge->other & (OTHERS - 1)] : &own;
    enum dh_status status = DH_OK;
    if (other->name != edge->other)
        status = read_other(look, edge->other, other, err);
    if (!status && other->doi.ptr)
        look->found[look->count++] = (struct related){other->doi, other->updated, edge->mask};
    return status;
}

static int by_doi(const void *a, const void *b)
{
    return dh_str_compare(((const struct related *)a)->doi, ((const struct related *)b)->doi);
}

/* The first DOIs that have bit `bit`. */
static bool list(const struct looking *look, unsigned bit, struct dh_str **out, size_t *count)
{
    *count = 0;
    *out = dh_arena_array(look->arena, DH_RELATED_MAX, sizeof(**out));
    for (size_t i = 0; *out && i < look->count && *count < DH_RELATED_MAX; i++)
        if (look->found[i].mask >> bit & 1)
            (*out)[(*count)++] = look->found[i].doi;
    return *out != NULL;
}

static int by_year(const void *a, const void *b)
{
    const struct dh_year_total *x = a, *y = b;
    return (x->year > y->year) - (x->year < y->year);
}

static bool sum_years(const struct looking *look, struct dh_relations *out)
{
    struct dh_year_total *years = dh_arena_array(look->arena, look->count + 1, sizeof(*years));
    size_t count = 0, kept = 0;
    if (!years)
        return false;
    for (size_t i = 0; i < look->count; i++) {
        bool cites = look->found[i].mask >> (DH_COUNT_CITATION - DH_COUNT_REFERENCE) & 1;
        if (cites && look->found[i].updated != DH_TIME_NONE)
            years[count++].year = (int32_t)dh_time_year(look->found[i].updated, NULL, NULL);
    }
    qsort(years, count, sizeof(*years), by_year);
    for (size_t i = 0; i < count; i++) {
        if (!kept || years[kept - 1].year != years[i].year)
            years[kept++] = (struct dh_year_total){years[i].year, 0};
        years[kept - 1].total++;
    }
    out->citations_by_year = years;
    out->citation_year_count = kept;
    return true;
}

static enum dh_status fill(struct looking *look, const struct dh_sq_edge *edges, size_t count,
                           struct dh_relations *out, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    count = count < RELATED_SCAN_MAX ? count : RELATED_SCAN_MAX;
    look->found = dh_arena_array(look->arena, count + 1, sizeof(*look->found));
    if (!look->found)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count && !status; i++)
        status = look_up(look, &edges[i], err);
    if (status)
        return status;
    qsort(look->found, look->count, sizeof(*look->found), by_doi);
    const struct {
        enum dh_count count;
        struct dh_str **items;
        size_t *total;
    } lists[] = {
        {DH_COUNT_REFERENCE, &out->references, &out->reference_count},
        {DH_COUNT_CITATION, &out->citations, &out->citation_count},
        {DH_COUNT_PART, &out->parts, &out->part_count},
        {DH_COUNT_PART_OF, &out->part_of, &out->part_of_count},
        {DH_COUNT_VERSION, &out->versions, &out->version_count},
        {DH_COUNT_VERSION_OF, &out->version_of, &out->version_of_count},
    };
    bool done = sum_years(look, out);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        done =
            list(look, lists[i].count - DH_COUNT_REFERENCE, lists[i].items, lists[i].total) && done;
    return done ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_sq_relations_within(struct dh_sq_reader *reader, int64_t name,
                                      struct dh_sq_others *others, struct dh_relations *out,
                                      struct dh_arena *arena, struct dh_err *err)
{
    struct looking look = {.reader = reader, .others = others, .arena = arena};
    struct dh_sq_edge *edges = NULL;
    size_t count = 0;
    *out = (struct dh_relations){0};
    enum dh_status status = dh_sq_edges(&reader->conn, name, &edges, &count, err);
    if (!status)
        status = fill(&look, edges, count, out, err);
    free(edges);
    return status;
}

enum dh_status dh_sq_relations(struct dh_reader *base, struct dh_str doi, struct dh_relations *out,
                               struct dh_arena *arena, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    int64_t name = 0;
    *out = (struct dh_relations){0};
    enum dh_status status = dh_sq_begin_read(reader, err);
    if (status)
        return status;
    status = dh_sq_integer(&reader->conn, DH_SQL_DOI_ID, &name, err, "s", doi);
    if (!status)
        status = dh_sq_relations_within(reader, name, NULL, out, arena, err);
    dh_sq_end_read(reader);
    /* A DOI that nobody has named has no relations. */
    return status == DH_NOT_FOUND ? DH_OK : status;
}
