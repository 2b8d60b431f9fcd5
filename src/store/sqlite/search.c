#include <stdlib.h>

#include "store/sqlite/eval.h"
#include "store/sqlite/sets.h"

enum {
    ROOMS_KEPT = 2,    /* idle rooms: more searches than that are seldom at work at once */
    PAIRS_KEPT = 65536 /* of an idle room: only sorting whole large sets takes more */
};

void dh_sq_search_free(struct dh_sq_search *search)
{
    if (!search)
        return;
    free(search->mask);
    free(search->slots);
    free(search->within);
    free(search->counts);
    free(search->firsts);
    free(search->touched);
    free(search->sums);
    free(search->pairs);
    free(search->spare);
    free(search);
}

static bool slot_room(struct dh_sq_search *search, uint32_t count)
{
    if (count <= search->cap)
        return true;
    free(search->mask);
    free(search->slots);
    free(search->within);
    size_t cap = (size_t)count + count / 4 + 64;
    search->mask = malloc(cap);
    search->slots = malloc(cap * sizeof(*search->slots));
    search->within = malloc(cap * sizeof(*search->within));
    search->cap = search->mask && search->slots && search->within ? (uint32_t)cap : 0;
    return search->cap != 0;
}

static bool term_room(struct dh_sq_search *search, uint32_t count)
{
    if (count <= search->term_cap)
        return true;
    free(search->counts);
    free(search->firsts);
    free(search->touched);
    size_t cap = (size_t)count + count / 4 + 64;
    search->counts = calloc(cap, sizeof(*search->counts));
    search->firsts = malloc(cap * sizeof(*search->firsts));
    search->touched = malloc(cap * sizeof(*search->touched));
    search->term_cap = search->counts && search->firsts && search->touched ? (uint32_t)cap : 0;
    return search->term_cap != 0;
}

static struct dh_sq_search *make(void)
{
    struct dh_sq_search *search = calloc(1, sizeof(*search));
    if (search && !(search->sums = calloc(DH_SQ_UNITS / 12, sizeof(*search->sums)))) {
        free(search);
        search = NULL;
    }
    for (size_t i = 0; search && i < DH_SQ_DAYS; i++)
        search->days[i].key = INT64_MIN;
    return search;
}

/* An idle room, or a new one. */
static struct dh_sq_search *take_room(struct dh_sq_columns *columns)
{
    pthread_mutex_lock(&columns->lazy);
    struct dh_sq_search *room = columns->rooms;
    if (room)
        columns->rooms = room->next;
    pthread_mutex_unlock(&columns->lazy);
    return room ? room : make();
}

struct dh_sq_search *dh_sq_search_room(struct dh_sq_reader *reader, struct dh_sq_columns *columns)
{
    uint32_t terms = DH_SQ_UNITS;
    if (!reader->search && !(reader->search = take_room(columns)))
        return NULL;
    for (int c = 0; c < DH_COLUMN__N; c++)
        if (columns->column[c].last_id > terms)
            terms = columns->column[c].last_id;
    bool done =
        slot_room(reader->search, columns->count + 1) && term_room(reader->search, terms + 1);
    return done ? reader->search : NULL;
}

void dh_sq_search_done(struct dh_sq_reader *reader, struct dh_sq_columns *columns)
{
    struct dh_sq_search *room = reader->search;
    unsigned idle = 0;
    reader->search = NULL;
    if (!room)
        return;
    if (room->pair_cap > PAIRS_KEPT) {
        free(room->pairs);
        free(room->spare);
        room->pairs = room->spare = NULL;
        room->pair_cap = 0;
    }
    pthread_mutex_lock(&columns->lazy);
    for (const struct dh_sq_search *other = columns->rooms; other; other = other->next)
        idle++;
    if (idle < ROOMS_KEPT) {
        room->next = columns->rooms;
        columns->rooms = room;
        room = NULL;
    }
    pthread_mutex_unlock(&columns->lazy);
    dh_sq_search_free(room);
}

bool dh_sq_search_pairs(struct dh_sq_search *search, size_t count)
{
    if (count <= search->pair_cap)
        return true;
    free(search->pairs);
    free(search->spare);
    search->pair_cap = 0;
    search->pairs = malloc(count * sizeof(*search->pairs));
    search->spare = malloc(count * sizeof(*search->spare));
    search->pair_cap = search->pairs && search->spare ? count : 0;
    return search->pair_cap != 0;
}

static enum dh_status count_facets(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                   const struct dh_sq_set *set, const struct dh_search *search,
                                   struct dh_page *out, struct dh_arena *arena, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    out->facets = dh_arena_array(arena, search->facet_count + 1, sizeof(*out->facets));
    if (!out->facets)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < search->facet_count && !status; i++)
        status = dh_sq_facets_count(reader, columns, set, &search->facets[i], &out->facets[i],
                                    arena, err);
    return status;
}

/* The relations of the hit that was read last. A hit without any in the counts has none. */
static enum dh_status read_relations(struct dh_sq_reader *reader, struct dh_sq_others *others,
                                     struct dh_hit *hit, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_relations *relations = dh_arena_alloc(arena, sizeof(*relations));
    bool any = false;
    if (!relations || !others)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (int i = 0; i < DH_COUNT__N; i++)
        any = any || hit->local[i] > 0;
    hit->relations = relations;
    if (any)
        dh_sq_deadline(&reader->conn, true); /* each record has its own: some are cited a lot */
    return any ? dh_sq_relations_within(reader, reader->name, others, relations, arena, err)
               : DH_OK;
}

static enum dh_status read_hits(struct dh_sq_reader *reader, const uint32_t *numbers,
                                const struct dh_search *search, struct dh_page *out,
                                struct dh_arena *arena, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    struct dh_sq_others *others = search->relations ? dh_sq_others_new(arena) : NULL;
    out->hits = dh_arena_array(arena, out->count + 1, sizeof(*out->hits));
    if (!out->hits)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < out->count && !status; i++) {
        status = dh_sq_hit(reader, numbers[i], search->bodies, &out->hits[i], arena, err);
        if (!status && search->relations)
            status = read_relations(reader, others, &out->hits[i], arena, err);
    }
    return status;
}

enum dh_status dh_sq_search(struct dh_reader *base, const struct dh_search *search,
                            struct dh_page *out, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    struct dh_sq_columns *columns;
    struct dh_sq_set set = {0};
    uint32_t *numbers = NULL;
    *out = (struct dh_page){0};
    enum dh_status status = dh_sq_columns_enter(reader, &columns, err);
    if (status)
        return status;
    if (search->query)
        dh_sq_deadline_query(&reader->conn);
    status = dh_sq_set_find(reader, columns, search, &set, &out->explain, arena, err);
    out->total = set.count;
    int64_t found = dh_sq_clock();
    if (!status)
        status = count_facets(reader, columns, &set, search, out, arena, err);
    int64_t counted = dh_sq_clock();
    if (!status)
        status = dh_sq_order_take(reader, columns, &set, search, &numbers, &out->count, arena, err);
    if (!status && search->sample_by != DH_COLUMN__N)
        out->total = out->count;
    int64_t ordered = dh_sq_clock();
    dh_sq_set_done(columns, &set);
    dh_sq_search_done(reader, columns);
    dh_sq_columns_leave(columns);
    /* The transaction still shows the moment that the numbers are from. */
    if (!status)
        status = read_hits(reader, numbers, search, out, arena, err);
    out->explain.facets_ns = counted - found;
    out->explain.order_ns = ordered - counted;
    out->explain.read_ns = dh_sq_clock() - ordered;
    dh_sq_end_read(reader);
    return status;
}
