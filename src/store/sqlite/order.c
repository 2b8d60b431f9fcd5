#include <stdlib.h>

#include "store/sqlite/sets.h"

/*
 * Every order is a number per slot, ascending, INT64_MAX for records that lack the value, and then
 * the DOI. Pages near the front come out of a heap; the two orders by time over large sets are
 * walked instead, along all living slots sorted once.
 */
struct order {
    struct dh_sq_columns *columns;
    const struct dh_sq_column *keys; /* or NULL */
    const uint32_t *ranks;           /* or NULL */
    bool random, descending, dois_descending;
    uint64_t seed;
    bool cursor;
    int64_t after_key;
    struct dh_str after_doi;
};

enum {
    RADIX_MIN = 2048,
    DEEP = 64 /* from this part of a set on a page is far from the front */
};

static int64_t mix(uint64_t seed, uint64_t slot)
{
    uint64_t x = seed + (slot + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((x ^ (x >> 31)) >> 1);
}

static int64_t key_of(const struct order *order, uint32_t slot)
{
    int64_t key = 0;
    if (order->random)
        return mix(order->seed, order->columns->numbers[slot]);
    if (order->keys)
        key = dh_sq_value(order->keys, slot);
    else if (order->ranks)
        key = order->ranks[slot] ? order->ranks[slot] : DH_TIME_NONE;
    if (key == DH_TIME_NONE)
        return INT64_MAX;
    return order->descending ? -key : key;
}

static int compare_dois(const struct order *order, uint32_t a, uint32_t b)
{
    int result =
        dh_str_compare(dh_sq_slot_doi(order->columns, a), dh_sq_slot_doi(order->columns, b));
    return order->dois_descending ? -result : result;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct dh_sq_pair *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return compare_dois(context, x->slot, y->slot);
}

/* ---- sorting -------------------------------------------------------------------------------- */

/* One pass of a radix sort by byte `shift / 8` of the key; false when all keys share it. */
static bool pass(const struct dh_sq_pair *from, struct dh_sq_pair *to, size_t count, unsigned shift)
{
    size_t at[256] = {0}, sum = 0;
    uint64_t flip = shift == 56 ? 0x80 : 0;
    for (size_t i = 0; i < count; i++)
        at[(((uint64_t)from[i].key >> shift) & 0xff) ^ flip]++;
    if (at[(((uint64_t)from[0].key >> shift) & 0xff) ^ flip] == count)
        return false;
    for (size_t i = 0; i < 256; i++) {
        size_t here = at[i];
        at[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[at[(((uint64_t)from[i].key >> shift) & 0xff) ^ flip]++] = from[i];
    return true;
}

/* Sorts room->pairs. */
static void sort(struct order *order, struct dh_sq_search *room, size_t count)
{
    if (count < RADIX_MIN) {
        qsort_r(room->pairs, count, sizeof(*room->pairs), compare, order);
        return;
    }
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!pass(room->pairs, room->spare, count, shift))
            continue;
        struct dh_sq_pair *swap = room->pairs;
        room->pairs = room->spare;
        room->spare = swap;
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && room->pairs[end].key == room->pairs[i].key;)
            end++;
        if (end - i > 1)
            qsort_r(room->pairs + i, end - i, sizeof(*room->pairs), compare, order);
    }
}

static bool after_cursor(const struct order *order, int64_t key, uint32_t slot)
{
    if (!order->cursor || key != order->after_key)
        return !order->cursor || key > order->after_key;
    return dh_str_compare(dh_sq_slot_doi(order->columns, slot), order->after_doi) > 0;
}

static size_t fill_pairs(const struct order *order, const struct dh_sq_set *set,
                         struct dh_sq_pair *pairs)
{
    size_t count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        struct dh_sq_pair pair = {key_of(order, set->slots[i]), set->slots[i]};
        pairs[count] = pair;
        count += after_cursor(order, pair.key, pair.slot);
    }
    return count;
}

static void sift_down(struct order *order, struct dh_sq_pair *heap, size_t count, size_t at)
{
    for (size_t child; (child = at * 2 + 1) < count; at = child) {
        if (child + 1 < count && compare(&heap[child + 1], &heap[child], order) > 0)
            child++;
        if (compare(&heap[child], &heap[at], order) <= 0)
            return;
        struct dh_sq_pair swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
    }
}

/* The first `need` pairs of the order, sorted, in room->pairs; the last of them is the heap's root.
 */
static size_t select_first(struct order *order, const struct dh_sq_set *set,
                           struct dh_sq_search *room, size_t need)
{
    struct dh_sq_pair *heap = room->pairs;
    size_t count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        struct dh_sq_pair pair = {key_of(order, set->slots[i]), set->slots[i]};
        if (count == need && pair.key > heap[0].key)
            continue;
        if (!after_cursor(order, pair.key, pair.slot))
            continue;
        if (count < need) {
            heap[count++] = pair;
            for (size_t k = count == need ? need / 2 : 0; k-- > 0;)
                sift_down(order, heap, count, k);
        } else if (compare(&pair, &heap[0], order) < 0) {
            heap[0] = pair;
            sift_down(order, heap, count, 0);
        }
    }
    sort(order, room, count);
    return count;
}

/* ---- walking -------------------------------------------------------------------------------- */

/* The living slots that an order does not have yet, sorted, in room->pairs. */
static bool sort_new(struct order *by, struct dh_sq_search *room, const struct dh_sq_order *order,
                     uint32_t *count)
{
    const struct dh_sq_columns *columns = by->columns;
    *count = 0;
    if (!dh_sq_search_pairs(room, (size_t)(columns->count - order->upto) + 1))
        return false;
    for (uint32_t slot = order->upto; slot < columns->count; slot++)
        if (columns->alive[slot])
            room->pairs[(*count)++] = (struct dh_sq_pair){key_of(by, slot), slot};
    if (*count)
        sort(by, room, *count);
    return true;
}

/* Brings an order up to the columns: what is new is merged in, what is dead left out. */
static enum dh_status follow(struct dh_sq_search *room, struct dh_sq_columns *columns,
                             enum dh_column column, struct dh_sq_order *order, struct dh_err *err)
{
    struct order by = {.columns = columns, .keys = &columns->column[column]};
    uint32_t fresh, kept = 0, count = 0;
    if (!sort_new(&by, room, order, &fresh))
        return dh_fail(err, DH_MEMORY, "out of memory");
    uint32_t *slots = malloc(((size_t)order->count + fresh) * sizeof(*slots) + 1);
    if (!slots)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (uint32_t i = 0; i < fresh; i++) {
        for (; kept < order->count; kept++) {
            uint32_t slot = order->slots[kept];
            struct dh_sq_pair old = {key_of(&by, slot), slot};
            if (compare(&old, &room->pairs[i], &by) > 0)
                break;
            slots[count] = slot;
            count += columns->alive[slot];
        }
        slots[count++] = room->pairs[i].slot;
    }
    for (; kept < order->count; kept++) {
        slots[count] = order->slots[kept];
        count += columns->alive[order->slots[kept]];
    }
    free(order->slots);
    order->slots = slots;
    order->count = order->keyed = count;
    while (order->keyed && key_of(&by, slots[order->keyed - 1]) == INT64_MAX)
        order->keyed--;
    order->upto = columns->count;
    return DH_OK;
}

static struct dh_sq_order *order_of(struct dh_sq_columns *columns, bool created)
{
    return created ? &columns->by_created : &columns->by_updated;
}

static enum dh_status walk_for(struct dh_sq_search *room, struct dh_sq_columns *columns,
                               bool created, const struct dh_sq_order **out, struct dh_err *err)
{
    struct dh_sq_order *order = order_of(columns, created);
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&columns->lazy);
    if (!order->slots || order->upto < columns->count)
        status = follow(room, columns, created ? DH_COLUMN_CREATED : DH_COLUMN_UPDATED, order, err);
    pthread_mutex_unlock(&columns->lazy);
    *out = order;
    return status;
}

/* The first page by an order is cheaper to select than to walk to, while there is no order yet. */
static bool walk_pays(struct dh_sq_columns *columns, bool created, const struct dh_sq_set *set,
                      size_t need)
{
    struct dh_sq_order *order = order_of(columns, created);
    pthread_mutex_lock(&columns->lazy);
    bool pays = order->slots || need > set->count / DEEP || order->asked++ > 0;
    pthread_mutex_unlock(&columns->lazy);
    return pays;
}

/* Where a walk writes to. */
struct taking {
    const struct dh_sq_set *set;
    uint32_t *slots;
    size_t skip, limit, count;
};

static bool take(struct taking *taking, uint32_t slot)
{
    if (!(taking->set->kept->bits[slot / 64] >> (slot % 64) & 1))
        return true;
    if (taking->skip) {
        taking->skip--;
        return true;
    }
    taking->slots[taking->count++] = slot;
    return taking->count < taking->limit;
}

static bool walk_range(const struct dh_sq_order *walk, uint32_t from, uint32_t to,
                       struct taking *taking)
{
    for (uint32_t i = from; i < to; i++)
        if (!take(taking, walk->slots[i]))
            return false;
    return true;
}

/* From the newest time to the oldest, equal times by DOI ascending, then those without a time. */
static void walk_down(const struct order *order, const struct dh_sq_order *walk,
                      struct taking *taking)
{
    uint32_t end = walk->keyed;
    while (end) {
        uint32_t start = end - 1;
        int64_t key = key_of(order, walk->slots[start]);
        while (start && key_of(order, walk->slots[start - 1]) == key)
            start--;
        if (!walk_range(walk, start, end, taking))
            return;
        end = start;
    }
    walk_range(walk, walk->keyed, walk->count, taking);
}

/* The first place behind the cursor. */
static uint32_t behind_cursor(const struct order *order, const struct dh_sq_order *walk)
{
    uint32_t low = 0, high = order->cursor ? walk->count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, slot = walk->slots[middle];
        if (after_cursor(order, key_of(order, slot), slot))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static enum dh_status walk(struct order *order, struct dh_sq_search *room, bool created,
                           struct taking *taking, struct dh_err *err)
{
    const struct dh_sq_order *all;
    enum dh_status status = walk_for(room, order->columns, created, &all, err);
    if (status)
        return status;
    if (order->descending)
        walk_down(order, all, taking);
    else
        walk_range(all, behind_cursor(order, all), all->count, taking);
    return DH_OK;
}

/* ---- titles --------------------------------------------------------------------------------- */

/* Ranks of all titles: equal titles share one. */
static enum dh_status make_ranks(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                 struct dh_err *err)
{
    sqlite3_stmt *sql;
    struct dh_buf last;
    uint32_t rank = 0;
    uint32_t *ranks = calloc((size_t)columns->count + 1, sizeof(*ranks));
    if (!ranks)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_buf_init(&last, DH_RECORD_MAX);
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_TITLES, &sql, err, "");
    while (!status && (status = dh_sq_step(&reader->conn, sql, err)) == DH_OK) {
        struct dh_str key = dh_sq_bytes(sql, 1);
        uint32_t slot = dh_sq_slot_find(columns, sqlite3_column_int64(sql, 0));
        if (!rank || !dh_str_equal(key, dh_buf_view(&last))) {
            rank++;
            dh_buf_clear(&last);
            dh_buf_str(&last, key);
        }
        if (slot != UINT32_MAX)
            ranks[slot] = rank;
    }
    dh_buf_release(&last);
    if (status != DH_DONE) {
        free(ranks);
        return status;
    }
    columns->title_ranks = ranks;
    return DH_OK;
}

static enum dh_status title_ranks(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                  const uint32_t **out, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&columns->lazy);
    if (!columns->title_ranks)
        status = make_ranks(reader, columns, err);
    *out = columns->title_ranks;
    pthread_mutex_unlock(&columns->lazy);
    return status;
}

/* ---- pages ---------------------------------------------------------------------------------- */

/* The column whose value a sort compares, or DH_COLUMN__N. */
static const enum dh_column sort_columns[] = {
    [DH_SORT_UPDATED] = DH_COLUMN_UPDATED,
    [DH_SORT_CREATED] = DH_COLUMN_CREATED,
    [DH_SORT_NAME] = DH_COLUMN__N,
    [DH_SORT_TITLE] = DH_COLUMN__N,
    [DH_SORT_VIEWS] = DH_COLUMN_VIEWS,
    [DH_SORT_DOWNLOADS] = DH_COLUMN_DOWNLOADS,
    [DH_SORT_CITATIONS] = DH_COLUMN_CITATIONS,
    [DH_SORT_RELEVANCE] = DH_COLUMN_UPDATED,
    [DH_SORT_NONE] = DH_COLUMN__N,
    [DH_SORT_RANDOM] = DH_COLUMN__N,
};

static enum dh_status prepare(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                              const struct dh_sq_set *set, const struct dh_search *search,
                              struct order *order, struct dh_err *err)
{
    enum dh_column column = search->cursor ? DH_COLUMN_CREATED : sort_columns[search->sort];
    *order = (struct order){.columns = columns, .cursor = search->cursor, .seed = search->seed};
    if (column != DH_COLUMN__N)
        order->keys = &columns->column[column];
    if (search->cursor) {
        order->after_key = search->after_created;
        order->after_doi = search->after_doi;
        return DH_OK;
    }
    order->descending = search->descending || search->sort == DH_SORT_RELEVANCE;
    order->random = search->sort == DH_SORT_RANDOM;
    order->dois_descending = search->sort == DH_SORT_NAME && search->descending;
    if (search->sort == DH_SORT_TITLE)
        return title_ranks(reader, columns, &order->ranks, err);
    /* By score, ties by DOI; without a query as `updated`. */
    if (search->sort == DH_SORT_RELEVANCE && search->query) {
        order->keys = NULL;
        order->ranks = set->scores;
    }
    return DH_OK;
}

static bool walkable(const struct order *order, const struct dh_sq_set *set, size_t need)
{
    const struct dh_sq_column *column = order->columns->column;
    bool created = order->keys == &column[DH_COLUMN_CREATED];
    return set->kept && (created || order->keys == &column[DH_COLUMN_UPDATED]) &&
           walk_pays(order->columns, created, set, need);
}

static enum dh_status page(struct order *order, struct dh_sq_search *room,
                           const struct dh_sq_set *set, struct taking *taking, struct dh_err *err)
{
    const struct dh_sq_column *column = order->columns->column;
    size_t need = taking->skip + taking->limit;
    if (walkable(order, set, need))
        return walk(order, room, order->keys == &column[DH_COLUMN_CREATED], taking, err);
    bool front = need < set->count / 2;
    if (!dh_sq_search_pairs(room, (front ? need : set->count) + 1))
        return dh_fail(err, DH_MEMORY, "out of memory");
    size_t count = 0;
    if (front) {
        count = select_first(order, set, room, need);
    } else {
        count = fill_pairs(order, set, room->pairs);
        sort(order, room, count);
    }
    for (size_t i = taking->skip; i < count && taking->count < taking->limit; i++)
        taking->slots[taking->count++] = room->pairs[i].slot;
    return DH_OK;
}

/* ---- samples -------------------------------------------------------------------------------- */

/* Groups of a sample, the largest first. */
struct group {
    uint32_t id, count;
    struct dh_str text;
};

static int by_size(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return dh_str_compare(x->text, y->text);
}

static struct group *find_groups(const struct dh_sq_columns *columns, enum dh_column name,
                                 const struct dh_sq_set *set, struct dh_sq_search *room,
                                 size_t *count, struct dh_arena *arena)
{
    const struct dh_sq_column *column = &columns->column[name];
    uint32_t touched = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t id = dh_sq_id(column, set->slots[i]);
        if (id && room->counts[id]++ == 0)
            room->touched[touched++] = id;
    }
    struct group *groups = dh_arena_array(arena, (size_t)touched + 1, sizeof(*groups));
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t id = room->touched[i];
        if (groups)
            groups[i] = (struct group){id, room->counts[id], dh_sq_text(columns, name, id)};
        room->counts[id] = 0;
    }
    if (groups)
        qsort(groups, touched, sizeof(*groups), by_size);
    *count = touched < DH_SAMPLE_GROUPS_MAX ? touched : DH_SAMPLE_GROUPS_MAX;
    return groups;
}

/* Deals the sorted pairs to the groups, at most `sample` to each; slots lie group after group. */
static size_t deal(const struct dh_sq_column *column, struct dh_sq_search *room, size_t pairs,
                   const struct group *groups, size_t group_count, size_t sample, uint32_t *slots)
{
    size_t count = 0;
    for (size_t g = 0; g < group_count; g++)
        room->counts[groups[g].id] = (uint32_t)g + 1;
    uint32_t *dealt = room->touched; /* per group */
    memset(dealt, 0, group_count * sizeof(*dealt));
    for (size_t i = 0; i < pairs; i++) {
        uint32_t g = room->counts[dh_sq_id(column, room->pairs[i].slot)];
        if (g-- && dealt[g] < sample)
            slots[g * sample + dealt[g]++] = room->pairs[i].slot;
    }
    for (size_t g = 0; g < group_count; g++) {
        memmove(slots + count, slots + g * sample, dealt[g] * sizeof(*slots));
        count += dealt[g];
        room->counts[groups[g].id] = 0;
    }
    return count;
}

static enum dh_status sample(struct dh_sq_reader *reader, struct order *order,
                             const struct dh_sq_set *set, const struct dh_search *search,
                             uint32_t **slots, size_t *count, struct dh_arena *arena,
                             struct dh_err *err)
{
    struct dh_sq_search *room = reader->search;
    const struct dh_sq_column *column = &order->columns->column[search->sample_by];
    size_t groups_count, each = search->sample;
    if (dh_sq_kinds[search->sample_by] != DH_KIND_TERM)
        return dh_fail(err, DH_UNSUPPORTED, "samples are taken by columns of one term only");
    enum dh_status status = dh_sq_texts_load(reader, order->columns, search->sample_by, err);
    if (status)
        return status;
    struct group *groups =
        find_groups(order->columns, search->sample_by, set, room, &groups_count, arena);
    each = each < DH_SAMPLE_GROUPS_MAX ? each : DH_SAMPLE_GROUPS_MAX;
    /* All in all no more records than there may be groups. */
    if (each && groups_count > DH_SAMPLE_GROUPS_MAX / each)
        groups_count = DH_SAMPLE_GROUPS_MAX / each;
    *slots = dh_arena_array(arena, groups_count * each + 1, sizeof(**slots));
    if (!groups || !*slots || !dh_sq_search_pairs(room, (size_t)set->count + 1))
        return dh_fail(err, DH_MEMORY, "out of memory");
    size_t pairs = fill_pairs(order, set, room->pairs);
    sort(order, room, pairs);
    *count = deal(column, room, pairs, groups, groups_count, each, *slots);
    return DH_OK;
}

enum dh_status dh_sq_order_take(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                const struct dh_sq_set *set, const struct dh_search *search,
                                uint32_t **numbers, size_t *count, struct dh_arena *arena,
                                struct dh_err *err)
{
    struct order order;
    struct taking taking = {.set = set, .skip = search->cursor ? 0 : search->offset};
    *count = 0;
    if (search->limit == 0 ||
        (!search->cursor && search->offset >= set->count && search->sample_by == DH_COLUMN__N))
        return DH_OK;
    enum dh_status status = prepare(reader, columns, set, search, &order, err);
    if (!status && search->sample_by != DH_COLUMN__N) {
        status = sample(reader, &order, set, search, &taking.slots, &taking.count, arena, err);
    } else if (!status) {
        taking.limit = search->limit < set->count ? search->limit : set->count;
        taking.slots = dh_arena_array(arena, taking.limit + 1, sizeof(*taking.slots));
        status = taking.slots ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
        if (!status && taking.limit)
            status = page(&order, reader->search, set, &taking, err);
    }
    for (size_t i = 0; i < taking.count && !status; i++)
        taking.slots[i] = columns->numbers[taking.slots[i]];
    *numbers = taking.slots;
    *count = taking.count;
    return status;
}
