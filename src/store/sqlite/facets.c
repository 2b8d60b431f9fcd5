#include <stdlib.h>

#include "store/sqlite/sets.h"

enum { YEARS = DH_SQ_UNITS / 12, INNER_SIZE = 10 };

/* One facet at work. */
struct facet {
    struct dh_sq_reader *reader;
    struct dh_sq_columns *columns;
    const struct dh_facet_request *request;
    const uint32_t *slots;
    uint32_t count;
    struct dh_facet_result *out;
    struct dh_arena *arena;
    struct dh_err *err;
};

static enum dh_status no_memory(struct facet *facet)
{
    return dh_fail(facet->err, DH_MEMORY, "out of memory for a facet");
}

static const struct dh_sq_column *column_of(const struct facet *facet, enum dh_column column)
{
    return &facet->columns->column[column];
}

/* ---- terms ---------------------------------------------------------------------------------- */

/* Counts into search->counts; gives the number of terms met, which stand in search->touched. */
static uint32_t count_term(const struct facet *facet, const struct dh_sq_column *column)
{
    struct dh_sq_search *room = facet->reader->search;
    uint32_t touched = 0;
    for (uint32_t i = 0; i < facet->count; i++) {
        uint32_t id = dh_sq_id(column, facet->slots[i]);
        if (!id)
            facet->out->missing++;
        else if (room->counts[id]++ == 0) {
            room->firsts[id] = facet->slots[i];
            room->touched[touched++] = id;
        }
    }
    return touched;
}

static uint32_t count_terms(const struct facet *facet, const struct dh_sq_column *column)
{
    struct dh_sq_search *room = facet->reader->search;
    uint32_t touched = 0;
    for (uint32_t i = 0; i < facet->count; i++) {
        uint32_t slot = facet->slots[i], end = dh_sq_ids_end(column, slot);
        facet->out->missing += dh_sq_ids_first(column, slot) == end;
        for (uint32_t at = dh_sq_ids_first(column, slot); at < end; at++) {
            uint32_t id = dh_sq_ids_at(column, at);
            if (room->counts[id]++ == 0) {
                room->firsts[id] = slot;
                room->touched[touched++] = id;
            }
        }
    }
    return touched;
}

/* Terms of one column being put in order. */
struct ranking {
    const struct dh_sq_columns *columns;
    enum dh_column column;
    const uint32_t *counts;
};

/* True when `a` comes before `b`: more hits, then the smaller key. */
static bool before(const struct ranking *by, uint32_t a, uint32_t b)
{
    const uint32_t *counts = by->counts;
    if (counts[a] != counts[b])
        return counts[a] > counts[b];
    return dh_str_compare(dh_sq_text(by->columns, by->column, a),
                          dh_sq_text(by->columns, by->column, b)) < 0;
}

static void sift_down(const struct ranking *by, uint32_t *heap, size_t size, size_t at)
{
    for (size_t child; (child = at * 2 + 1) < size; at = child) {
        if (child + 1 < size && before(by, heap[child], heap[child + 1]))
            child++;
        if (!before(by, heap[at], heap[child]))
            return;
        uint32_t swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
    }
}

/* The first `size` ids in order, at the front of `ids`. The heap's root is the last of them. */
static size_t take_top(const struct ranking *by, uint32_t *ids, size_t count, size_t size)
{
    size = size < count ? size : count;
    for (size_t at = size / 2; at-- > 0;)
        sift_down(by, ids, size, at);
    for (size_t i = size; size && i < count; i++) {
        if (!before(by, ids[i], ids[0]))
            continue;
        uint32_t swap = ids[0];
        ids[0] = ids[i];
        ids[i] = swap;
        sift_down(by, ids, size, 0);
    }
    for (size_t left = size; left > 1; left--) {
        uint32_t swap = ids[0];
        ids[0] = ids[left - 1];
        ids[left - 1] = swap;
        sift_down(by, ids, left - 1, 0);
    }
    return size;
}

/* Buckets of the first ids of `ids`, with keys of their own. */
static enum dh_status make_buckets(struct facet *facet, enum dh_column name, const uint32_t *ids,
                                   size_t count, const uint32_t *counts, struct dh_bucket **out)
{
    struct dh_bucket *buckets = dh_arena_array(facet->arena, count + 1, sizeof(*buckets));
    if (!buckets)
        return no_memory(facet);
    for (size_t i = 0; i < count; i++) {
        buckets[i].key = dh_arena_copy(facet->arena, dh_sq_text(facet->columns, name, ids[i]));
        buckets[i].count = counts[ids[i]];
        if (!buckets[i].key.ptr)
            return no_memory(facet);
    }
    *out = buckets;
    return DH_OK;
}

/* Adds a slot's inner term to the table of every bucket that the slot is in. */
static void count_inner(const struct facet *facet, const uint32_t *places, uint32_t *table,
                        size_t width)
{
    const struct dh_sq_column *outer = column_of(facet, facet->request->column);
    const struct dh_sq_column *inner = column_of(facet, facet->request->inner);
    bool many = dh_sq_kinds[facet->request->column] == DH_KIND_TERMS;
    for (uint32_t i = 0; i < facet->count; i++) {
        uint32_t slot = facet->slots[i], at = many ? dh_sq_ids_first(outer, slot) : 0;
        uint32_t end = many ? dh_sq_ids_end(outer, slot) : 1;
        for (; at < end; at++) {
            uint32_t place = places[many ? dh_sq_ids_at(outer, at) : dh_sq_id(outer, slot)];
            if (place)
                table[(place - 1) * width + dh_sq_id(inner, slot)]++;
        }
    }
}

/* `places` holds bucket + 1 per outer term while the inner ones are counted. */
static enum dh_status add_inner(struct facet *facet, const uint32_t *ids, uint32_t *places)
{
    enum dh_column name = facet->request->inner;
    const struct dh_sq_column *inner = column_of(facet, name);
    struct dh_facet_result *out = facet->out;
    size_t width = (size_t)inner->last_id + 1;
    uint32_t *table = dh_arena_array(facet->arena, out->count * width + 1, sizeof(*table));
    uint32_t *top = dh_arena_array(facet->arena, width, sizeof(*top));
    if (!table || !top)
        return no_memory(facet);
    enum dh_status status = dh_sq_texts_load(facet->reader, facet->columns, name, facet->err);
    for (size_t i = 0; i < out->count; i++)
        places[ids[i]] = (uint32_t)i + 1;
    if (!status)
        count_inner(facet, places, table, width);
    for (size_t i = 0; i < out->count; i++)
        places[ids[i]] = 0;
    for (size_t i = 0; i < out->count && !status; i++) {
        const uint32_t *counts = table + i * width;
        struct ranking by = {facet->columns, name, counts};
        size_t count = 0;
        for (uint32_t id = 1; id < width; id++)
            if (counts[id])
                top[count++] = id;
        out->buckets[i].inner_count = take_top(&by, top, count, INNER_SIZE);
        status = make_buckets(facet, name, top, out->buckets[i].inner_count, counts,
                              &out->buckets[i].inner);
    }
    return status;
}

static enum dh_status terms(struct facet *facet)
{
    enum dh_column name = facet->request->column;
    const struct dh_sq_column *column = column_of(facet, name);
    struct dh_sq_search *room = facet->reader->search;
    struct dh_facet_result *out = facet->out;
    struct ranking by = {facet->columns, name, room->counts};
    size_t size = facet->request->size;
    size = size < DH_FACET_BUCKETS_MAX ? size : DH_FACET_BUCKETS_MAX;
    if (dh_sq_kinds[name] == DH_KIND_INTEGER || dh_sq_kinds[name] == DH_KIND_TIME)
        return dh_fail(facet->err, DH_UNSUPPORTED, "a column of numbers has no terms");
    enum dh_status status = dh_sq_texts_load(facet->reader, facet->columns, name, facet->err);
    if (status)
        return status;
    uint32_t met =
        dh_sq_kinds[name] == DH_KIND_TERMS ? count_terms(facet, column) : count_term(facet, column);
    out->count = take_top(&by, room->touched, met, size);
    status = make_buckets(facet, name, room->touched, out->count, room->counts, &out->buckets);
    for (size_t i = 0; i < out->count && !status; i++)
        out->buckets[i].sample = facet->columns->numbers[room->firsts[room->touched[i]]];
    for (uint32_t i = (uint32_t)out->count; i < met; i++)
        out->other += room->counts[room->touched[i]];
    for (uint32_t i = 0; i < met; i++)
        room->counts[room->touched[i]] = 0;
    if (!status && facet->request->inner != DH_COLUMN__N && out->count)
        status = add_inner(facet, room->touched, room->counts);
    return status;
}

/* ---- years and months ----------------------------------------------------------------------- */

enum { MILLIS_A_DAY = 86400000 };

static int64_t day_of(int64_t time)
{
    int64_t day = time / MILLIS_A_DAY;
    return day - (time % MILLIS_A_DAY < 0);
}

static int64_t unit_of_day(int64_t day, bool months)
{
    unsigned month;
    int64_t year = dh_time_year(day * MILLIS_A_DAY, &month, NULL);
    if (year < 0 || year >= YEARS)
        return -1;
    return months ? year * 12 + month - 1 : year;
}

/* A number per value: its year, or month since year 0; -1 for none and for what is out of range. */
static int64_t unit_of(struct dh_sq_day *days, int64_t value, enum dh_column column, bool months)
{
    if (value == DH_TIME_NONE)
        return -1;
    if (dh_sq_kinds[column] != DH_KIND_TIME)
        return value >= 0 && value < YEARS ? value : -1;
    int64_t day = day_of(value), key = day * 2 + months;
    struct dh_sq_day *known = &days[(uint64_t)key & (DH_SQ_DAYS - 1)];
    if (known->key != key)
        *known = (struct dh_sq_day){key, unit_of_day(day, months)};
    return known->unit;
}

static enum dh_status add_unit(struct facet *facet, int64_t unit, int64_t count, uint32_t slot,
                               bool months)
{
    struct dh_bucket *bucket = &facet->out->buckets[facet->out->count++];
    int year = (int)(months ? unit / 12 : unit), month = (int)(months ? unit % 12 + 1 : 0);
    bucket->key = months ? dh_arena_format(facet->arena, "%04d-%02d", year, month)
                         : dh_arena_format(facet->arena, "%04d", year);
    bucket->count = count;
    bucket->sample = facet->columns->numbers[slot];
    return bucket->key.ptr ? DH_OK : no_memory(facet);
}

/* Counts hits per unit into search->counts, and with `summed` adds that column up in ->sums. */
static uint32_t count_units(struct facet *facet, enum dh_column column,
                            const struct dh_sq_column *summed, bool months)
{
    struct dh_sq_search *room = facet->reader->search;
    const struct dh_sq_column *counted = column_of(facet, column);
    uint32_t touched = 0;
    for (uint32_t i = 0; i < facet->count; i++) {
        uint32_t slot = facet->slots[i];
        int64_t unit = unit_of(room->days, dh_sq_value(counted, slot), column, months);
        if (unit < 0) {
            facet->out->missing++;
            continue;
        }
        if (room->counts[unit]++ == 0) {
            room->firsts[unit] = slot;
            room->touched[touched++] = (uint32_t)unit;
        }
        int64_t value = summed ? dh_sq_value(summed, slot) : DH_TIME_NONE;
        if (value != DH_TIME_NONE)
            room->sums[unit] += value;
    }
    return touched;
}

static int newest_first(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

static enum dh_status calendar_facet(struct facet *facet)
{
    const struct dh_facet_request *request = facet->request;
    struct dh_sq_search *room = facet->reader->search;
    bool months = request->kind == DH_FACET_MONTHS, sum = request->kind == DH_FACET_SUM_BY_YEAR;
    enum dh_column column = sum ? DH_COLUMN_YEAR : request->column;
    const struct dh_sq_column *summed = sum ? column_of(facet, request->column) : NULL;
    enum dh_status status = DH_OK;
    if (dh_sq_kinds[column] == DH_KIND_TERM || dh_sq_kinds[column] == DH_KIND_TERMS)
        return dh_fail(facet->err, DH_UNSUPPORTED, "a column of terms has no years");
    uint32_t met = count_units(facet, column, summed, months);
    qsort(room->touched, met, sizeof(*room->touched), newest_first);
    facet->out->buckets = dh_arena_array(facet->arena, (size_t)met + 1, sizeof(struct dh_bucket));
    if (!facet->out->buckets)
        status = no_memory(facet);
    for (uint32_t i = 0; i < met; i++) {
        uint32_t unit = room->touched[i];
        int64_t value = sum ? room->sums[unit] : room->counts[unit];
        if (i >= request->size)
            facet->out->other += room->counts[unit];
        else if (!status && (!sum || value))
            status = add_unit(facet, unit, value, room->firsts[unit], months);
        room->counts[unit] = 0;
        if (sum)
            room->sums[unit] = 0;
    }
    return status;
}

static enum dh_status sum(struct facet *facet)
{
    const struct dh_sq_column *column = column_of(facet, facet->request->column);
    enum dh_column_kind kind = dh_sq_kinds[facet->request->column];
    bool numbers = kind == DH_KIND_INTEGER || kind == DH_KIND_TIME;
    facet->out->sum = 0;
    for (uint32_t i = 0; numbers && i < facet->count; i++) {
        int64_t value = dh_sq_value(column, facet->slots[i]);
        if (value == DH_TIME_NONE)
            facet->out->missing++;
        else
            facet->out->sum += value;
    }
    return DH_OK;
}

/* ---- any facet ------------------------------------------------------------------------------ */

static enum dh_status (*const kinds[])(struct facet *) = {
    [DH_FACET_TERMS] = terms,
    [DH_FACET_YEARS] = calendar_facet,
    [DH_FACET_MONTHS] = calendar_facet,
    [DH_FACET_SUM_BY_YEAR] = calendar_facet,
    [DH_FACET_SUM] = sum,
};

static enum dh_status count(struct facet *facet, const struct dh_sq_set *set)
{
    enum dh_status status = DH_OK;
    facet->slots = set->slots;
    facet->count = set->count;
    if (facet->request->within) {
        facet->slots = facet->reader->search->within;
        status = dh_sq_set_within(facet->reader, facet->columns, set, facet->request->within,
                                  facet->reader->search->within, &facet->count, facet->arena,
                                  facet->err);
    }
    facet->out->sum = facet->count;
    if (!status)
        status = kinds[facet->request->kind](facet);
    if (!facet->request->missing)
        facet->out->missing = 0;
    return status;
}

static void request_key(const struct dh_facet_request *request, struct dh_buf *key)
{
    dh_buf_printf(key, "%d.%d.%zu.%d.%d:", (int)request->kind, (int)request->column, request->size,
                  (int)request->inner, request->missing);
    if (request->within)
        dh_sq_filter_key(request->within, key);
}

enum dh_status dh_sq_facets_count(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                  const struct dh_sq_set *set,
                                  const struct dh_facet_request *request,
                                  struct dh_facet_result *out, struct dh_arena *arena,
                                  struct dh_err *err)
{
    struct facet facet = {.reader = reader,
                          .columns = columns,
                          .request = request,
                          .out = out,
                          .arena = arena,
                          .err = err};
    struct dh_buf key;
    enum dh_status status = DH_OK;
    *out = (struct dh_facet_result){0};
    dh_buf_init(&key, DH_BODY_MAX);
    if (set->kept)
        request_key(request, &key);
    const struct dh_facet_result *known =
        set->kept && !key.status ? dh_sq_kept_facet(columns, set->kept, dh_buf_view(&key)) : NULL;
    if (known && !dh_sq_facet_copy(known, out, arena))
        status = dh_fail(err, DH_MEMORY, "out of memory for a facet");
    if (!known)
        status = count(&facet, set);
    if (!known && !status && set->kept && !key.status)
        dh_sq_kept_facet_add(columns, set->kept, dh_buf_view(&key), out);
    dh_buf_release(&key);
    return status;
}
