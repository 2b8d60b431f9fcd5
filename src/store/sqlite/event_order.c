/* Orders of events: both lists merged by uuid, then put by a key, ties as they were. */
#include <stdlib.h>

#include "store/sqlite/events.h"

struct keyed {
    int64_t key;
    uint32_t at;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

struct named {
    struct dh_str name;
    size_t type;
};

static int by_name(const void *a, const void *b)
{
    return dh_str_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Places of the relation types in alphabetical order, by type; malloc's. */
static int64_t *rank_types(const struct dh_sq_event_view *view)
{
    size_t known = dh_vocab_count(DH_VOCAB_RELATION_TYPE), count = 0;
    size_t most = known + view->event_kinds.count;
    struct named *named = calloc(most + 1, sizeof(*named));
    int64_t *ranks = calloc(most + 1, sizeof(*ranks));
    for (size_t i = 0; named && i < most; i++)
        if (i < known || view->event_kinds.items[i - known].type == i)
            named[count++] = (struct named){dh_sq_event_relation(view, (unsigned)i), i};
    if (named)
        qsort(named, count, sizeof(*named), by_name);
    for (size_t i = 0; ranks && i < count; i++)
        ranks[named[i].type] = (int64_t)i;
    free(named);
    return ranks;
}

int64_t dh_sq_event_time_key(int64_t time)
{
    return time == DH_TIME_NONE ? INT64_MAX : time;
}

static int64_t key_of(struct dh_sq_event_view *view, const struct dh_sq_statement *s,
                      enum dh_event_sort sort, const int64_t *type_ranks)
{
    switch (sort) {
    case DH_EVENT_BY_CREATED:
        return dh_sq_event_time_key(dh_sq_event_time(view, s, DH_COLUMN_CREATED));
    case DH_EVENT_BY_UPDATED:
        return dh_sq_event_time_key(dh_sq_event_time(view, s, DH_COLUMN_UPDATED));
    case DH_EVENT_BY_OBJECT:
        return dh_sq_event_rank(view, s->object);
    case DH_EVENT_BY_TYPE:
        return type_ranks[s->type];
    case DH_EVENT_BY_TOTAL:
        return s->came ? dh_sq_came_of(s)->total : 1;
    default:
        return 0;
    }
}

/* Statements ascend by uuid, and so does what came: they are merged. */
static uint32_t *order_by_uuid(const struct dh_sq_event_view *view)
{
    uint32_t count = dh_sq_event_count(view), own = 0, came = view->count;
    uint32_t *order = malloc(((size_t)count + 1) * sizeof(*order));
    for (uint32_t i = 0; order && i < count; i++) {
        unsigned char uuid[16];
        bool first = own < view->count;
        if (first && came < count) {
            dh_sq_event_uuid(&view->items[own], uuid);
            first = memcmp(uuid, view->came[came - view->count].uuid, 16) < 0;
        }
        order[i] = first ? own++ : came++;
    }
    return order;
}

/* Puts places that are in the order of uuids into another one. */
static bool reorder(struct dh_sq_event_view *view, enum dh_event_sort sort, uint32_t *order)
{
    uint32_t count = dh_sq_event_count(view);
    struct keyed *keyed = malloc(((size_t)count + 1) * sizeof(*keyed));
    uint32_t *places = malloc(((size_t)count + 1) * sizeof(*places));
    int64_t *ranks = sort == DH_EVENT_BY_TYPE ? rank_types(view) : NULL;
    bool ready = keyed && places && (ranks || sort != DH_EVENT_BY_TYPE), ordered = true;
    for (uint32_t i = 0; ready && i < count; i++) {
        keyed[i] = (struct keyed){key_of(view, dh_sq_event_at(view, order[i]), sort, ranks), i};
        ordered = ordered && (i == 0 || keyed[i - 1].key <= keyed[i].key);
    }
    if (ready && !ordered) {
        qsort(keyed, count, sizeof(*keyed), by_key);
        memcpy(places, order, count * sizeof(*places));
        for (uint32_t i = 0; i < count; i++)
            order[i] = places[keyed[i].at];
    }
    free(keyed);
    free(places);
    free(ranks);
    return ready;
}

uint32_t *dh_sq_event_order(struct dh_sq_event_view *view, enum dh_event_sort sort)
{
    uint32_t *order = order_by_uuid(view);
    if (!order || sort == DH_EVENT_BY_UUID || reorder(view, sort, order))
        return order;
    free(order);
    return NULL;
}
