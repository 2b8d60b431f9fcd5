/* The counts beside a list of events. */
#include <stdlib.h>

#include "store/sqlite/events.h"

enum { BUCKETS = 10 };

/* ---- a tally: how often each key was seen --------------------------------------------------- */

/* Keys hold the bucket's number high, the unit of an inner bucket (or ONE) in the low 32 bits. */
#define ONE UINT32_MAX

struct seen {
    uint64_t key;
    int64_t count; /* 0: an empty place */
};

struct tally {
    struct seen *table;
    size_t cap, used;
};

struct dh_sq_event_counter {
    struct tally tallies[DH_EVENT_COUNT__N];
};

static size_t place(const struct tally *tally, uint64_t key)
{
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (tally->cap - 1);
    while (tally->table[at].count && tally->table[at].key != key)
        at = (at + 1) & (tally->cap - 1);
    return at;
}

static bool grow(struct tally *tally)
{
    struct tally more = {.cap = tally->cap ? tally->cap * 2 : 64, .used = tally->used};
    more.table = calloc(more.cap, sizeof(*more.table));
    if (!more.table)
        return false;
    for (size_t i = 0; i < tally->cap; i++)
        if (tally->table[i].count)
            more.table[place(&more, tally->table[i].key)] = tally->table[i];
    free(tally->table);
    *tally = more;
    return true;
}

static bool see(struct tally *tally, uint32_t bucket, uint32_t unit)
{
    uint64_t key = (uint64_t)bucket << 32 | unit;
    if (tally->used * 2 >= tally->cap && !grow(tally))
        return false;
    struct seen *seen = &tally->table[place(tally, key)];
    tally->used += !seen->count;
    seen->key = key;
    seen->count++;
    return true;
}

struct dh_sq_event_counter *dh_sq_event_counter_new(void)
{
    return calloc(1, sizeof(struct dh_sq_event_counter));
}

void dh_sq_event_counter_free(struct dh_sq_event_counter *counter)
{
    if (!counter)
        return;
    for (int i = 0; i < DH_EVENT_COUNT__N; i++)
        free(counter->tallies[i].table);
    free(counter);
}

/* ---- counting ------------------------------------------------------------------------------- */

enum { YEARS = 10000 };

/* The year of a time, and its month counted from year 0; false when it has none that is shown. */
static bool units(int64_t time, uint32_t *year, uint32_t *month)
{
    unsigned m = 0;
    int64_t y = time == DH_TIME_NONE ? -1 : dh_time_year(time, &m, NULL);
    if (y < 0 || y >= YEARS)
        return false;
    *year = (uint32_t)y;
    *month = (uint32_t)y * 12 + m - 1;
    return true;
}

/* The bucket and, when the time is known, its inner one. */
static bool see_both(struct tally *tally, uint32_t bucket, bool timed, uint32_t unit)
{
    return see(tally, bucket, ONE) && (!timed || see(tally, bucket, unit));
}

/* What either side has, once when both have the same. */
static bool see_sides(struct tally *tally, uint32_t first, uint32_t second, bool timed,
                      uint32_t unit)
{
    return (!first || see_both(tally, first, timed, unit)) &&
           (!second || second == first || see_both(tally, second, timed, unit));
}

bool dh_sq_event_counter_add(struct dh_sq_event_counter *counter, struct dh_sq_event_view *view,
                             const struct dh_sq_statement *s)
{
    struct tally *tallies = counter->tallies;
    uint32_t year = 0, month = 0, created = 0, ignored = 0;
    bool timed = units(dh_sq_event_occurred(view, s), &year, &month);
    int a = dh_sq_event_kind(view, s->subject), b = dh_sq_event_kind(view, s->object);
    bool done = see(&tallies[DH_EVENT_SOURCES], dh_sq_event_source(view, s), ONE);
    if (timed)
        done = done && see(&tallies[DH_EVENT_OCCURRED_YEARS], year, ONE);
    if (units(dh_sq_event_time(view, s, DH_COLUMN_CREATED), &created, &ignored))
        done = done && see(&tallies[DH_EVENT_CREATED_YEARS], created, ONE);
    if (a >= 0 && b >= 0)
        done =
            done && see_both(&tallies[DH_EVENT_KIND_PAIRS],
                             a < b ? (uint32_t)(a << 8 | b) : (uint32_t)(b << 8 | a), timed, month);
    /* Prefixes count from 1 here, as terms do. */
    return done &&
           see_sides(&tallies[DH_EVENT_PREFIXES], dh_sq_event_prefix(view, s->subject) + 1,
                     dh_sq_event_prefix(view, s->object) + 1, false, 0) &&
           see_both(&tallies[DH_EVENT_TYPES], s->type, timed, month) &&
           see_sides(&tallies[DH_EVENT_REGISTRANTS],
                     dh_sq_event_term(view, s->subject, DH_COLUMN_CLIENT),
                     dh_sq_event_term(view, s->object, DH_COLUMN_CLIENT), timed, year);
}

/* ---- keys as text --------------------------------------------------------------------------- */

typedef struct dh_str text_fn(struct dh_sq_event_view *view, uint32_t number,
                              struct dh_arena *arena);

static struct dh_str source_text(struct dh_sq_event_view *view, uint32_t number,
                                 struct dh_arena *arena)
{
    return dh_arena_copy(arena, dh_sq_event_source_text(view, number));
}

static struct dh_str year_text(struct dh_sq_event_view *view, uint32_t number,
                               struct dh_arena *arena)
{
    (void)view;
    return dh_arena_format(arena, "%04u", number);
}

static struct dh_str month_text(struct dh_sq_event_view *view, uint32_t number,
                                struct dh_arena *arena)
{
    (void)view;
    return dh_arena_format(arena, "%04u-%02u", number / 12, number % 12 + 1);
}

static struct dh_str prefix_text(struct dh_sq_event_view *view, uint32_t number,
                                 struct dh_arena *arena)
{
    const struct dh_sq_prefix_run *prefixes;
    uint32_t count = dh_sq_event_prefixes(view, &prefixes);
    return number <= count ? dh_arena_copy(arena, prefixes[number - 1].text) : DH_STR_NONE;
}

static struct dh_str pair_text(struct dh_sq_event_view *view, uint32_t number,
                               struct dh_arena *arena)
{
    const char *a = dh_resource_type_schema_org(number >> 8);
    const char *b = dh_resource_type_schema_org(number & 0xff);
    bool ordered = strcmp(a, b) <= 0;
    (void)view;
    return dh_arena_format(arena, "%s-%s", ordered ? a : b, ordered ? b : a);
}

static struct dh_str type_text(struct dh_sq_event_view *view, uint32_t number,
                               struct dh_arena *arena)
{
    return dh_arena_copy(arena, dh_sq_event_relation(view, number));
}

static struct dh_str registrant_text(struct dh_sq_event_view *view, uint32_t number,
                                     struct dh_arena *arena)
{
    struct dh_str client;
    if (dh_sq_term_text(view->reader, DH_COLUMN_CLIENT, number, &client, arena, view->err))
        return DH_STR_NONE;
    return dh_arena_format(arena, "datacite.%.*s", DH_STR_ARG(client));
}

static const struct {
    text_fn *text, *inner; /* inner: NULL when there is none */
    bool newest;           /* in the order of the key, not of the count */
} rows[DH_EVENT_COUNT__N] = {
    [DH_EVENT_SOURCES] = {source_text, NULL, false},
    [DH_EVENT_OCCURRED_YEARS] = {year_text, NULL, true},
    [DH_EVENT_CREATED_YEARS] = {year_text, NULL, true},
    [DH_EVENT_PREFIXES] = {prefix_text, NULL, false},
    [DH_EVENT_KIND_PAIRS] = {pair_text, month_text, false},
    [DH_EVENT_TYPES] = {type_text, month_text, false},
    [DH_EVENT_REGISTRANTS] = {registrant_text, year_text, false},
};

/* ---- giving --------------------------------------------------------------------------------- */

static int by_key_down(const void *a, const void *b)
{
    uint64_t x = ((const struct seen *)a)->key, y = ((const struct seen *)b)->key;
    return (x < y) - (x > y);
}

static int by_count_down(const void *a, const void *b)
{
    int64_t x = ((const struct seen *)a)->count, y = ((const struct seen *)b)->count;
    return (x < y) - (x > y);
}

static int larger_first(const void *a, const void *b)
{
    const struct dh_bucket *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return dh_str_compare(x->key, y->key);
}

struct giving {
    struct dh_sq_event_view *view;
    const struct tally *tally;
    struct seen *list; /* room for all that the tally has seen */
    struct dh_arena *arena;
};

/* The newest inner buckets of one bucket. */
static bool give_inner(struct giving *giving, uint32_t number, text_fn *text, struct dh_bucket *out)
{
    struct seen *list = giving->list;
    size_t count = 0;
    for (size_t i = 0; i < giving->tally->cap; i++) {
        const struct seen *seen = &giving->tally->table[i];
        if (seen->count && seen->key >> 32 == number && (uint32_t)seen->key != ONE)
            list[count++] = *seen;
    }
    qsort(list, count, sizeof(*list), by_key_down);
    out->inner_count = count < BUCKETS ? count : BUCKETS;
    out->inner = dh_arena_array(giving->arena, out->inner_count + 1, sizeof(*out->inner));
    for (size_t i = 0; out->inner && i < out->inner_count; i++) {
        out->inner[i].key = text(giving->view, (uint32_t)list[i].key, giving->arena);
        out->inner[i].count = list[i].count;
        if (!out->inner[i].key.ptr)
            return false;
    }
    return out->inner != NULL;
}

/* The buckets that may be among the first ten, texts not yet compared. */
static size_t choose(struct giving *giving, bool newest)
{
    struct seen *list = giving->list;
    size_t count = 0, chosen = BUCKETS;
    for (size_t i = 0; i < giving->tally->cap; i++) {
        const struct seen *seen = &giving->tally->table[i];
        if (seen->count && (uint32_t)seen->key == ONE)
            list[count++] = *seen;
    }
    qsort(list, count, sizeof(*list), newest ? by_key_down : by_count_down);
    if (count <= BUCKETS)
        return count;
    while (!newest && chosen < count && list[chosen].count == list[BUCKETS - 1].count)
        chosen++;
    return chosen;
}

static enum dh_status give_list(struct giving *giving, enum dh_event_count which,
                                struct dh_bucket **out, size_t *out_count)
{
    size_t count = choose(giving, rows[which].newest);
    struct dh_bucket *buckets = dh_arena_array(giving->arena, count + 1, sizeof(*buckets));
    bool done = buckets != NULL;
    for (size_t i = 0; done && i < count; i++) {
        uint32_t number = (uint32_t)(giving->list[i].key >> 32);
        buckets[i].count = giving->list[i].count;
        buckets[i].sample = number; /* until its inner buckets are found */
        buckets[i].key = rows[which].text(giving->view, number, giving->arena);
        done = buckets[i].key.ptr != NULL;
    }
    if (done && !rows[which].newest)
        qsort(buckets, count, sizeof(*buckets), larger_first);
    *out = buckets;
    *out_count = count < BUCKETS ? count : BUCKETS;
    for (size_t i = 0; done && i < *out_count; i++) {
        uint32_t number = buckets[i].sample;
        buckets[i].sample = 0;
        if (rows[which].inner)
            done = give_inner(giving, number, rows[which].inner, &buckets[i]);
    }
    return done ? DH_OK : dh_fail(giving->view->err, DH_MEMORY, "out of memory for the counts");
}

enum dh_status dh_sq_event_counter_give(struct dh_sq_event_counter *counter,
                                        struct dh_sq_event_view *view, struct dh_event_page *page,
                                        struct dh_arena *arena)
{
    enum dh_status status = DH_OK;
    for (int i = 0; i < DH_EVENT_COUNT__N && !status; i++) {
        struct giving giving = {view, &counter->tallies[i], NULL, arena};
        giving.list = malloc((giving.tally->used + 1) * sizeof(*giving.list));
        status = giving.list
                     ? give_list(&giving, i, &page->counts[i].buckets, &page->counts[i].count)
                     : dh_fail(view->err, DH_MEMORY, "out of memory for the counts");
        free(giving.list);
    }
    return status;
}
