#include "store/sqlite/index_entries.h"

#include <stdlib.h>

#include "store/sqlite/index.h"

enum {
    FIRST_ENTRIES = 8192,    /* bytes, enough for most records */
    KEPT_SLOTS = 64 * 1024,  /* larger tables are not kept */
    KEPT_TEXT = 1024 * 1024, /* bytes, likewise */
};

/* A term of the source at hand. */
struct item {
    XXH128_hash_t hash;
    uint32_t at, len;            /* in `text` */
    uint32_t times, first, last; /* its occurrences */
};

struct occurrence {
    uint32_t place, next;
};

struct slot {
    uint32_t round, item; /* taken when the round is that of the source at hand */
};

struct dh_sq_making {
    struct dh_buf *out;
    enum dh_source source; /* at hand; DH_SOURCE__N: none */
    bool text_type;
    struct dh_buf text, places; /* bytes of terms; places of one */
    struct item *items;
    struct occurrence *occurrences;
    struct slot *slots;
    uint32_t item_count, item_cap, occurrence_count, occurrence_cap, slot_cap, round;
    uint32_t base;  /* of the places in the value at hand */
    uint32_t words; /* of the source at hand */
    struct dh_words cutter;
    bool failed; /* out of memory */
    struct dh_values_plan *plan;
    struct dh_arena arena; /* of the plan */
};

/* ---- growing ---------------------------------------------------------------------------------- */

/* Room for one more; doubled when there is none. */
static bool reserve(void **rows, uint32_t count, uint32_t *cap, size_t size)
{
    if (count < *cap)
        return true;
    uint32_t more = *cap ? *cap * 2 : 256;
    void *grown = more > *cap ? realloc(*rows, more * size) : NULL;
    if (!grown)
        return false;
    *rows = grown;
    *cap = more;
    return true;
}

static void place_item(struct dh_sq_making *m, uint32_t index)
{
    uint32_t mask = m->slot_cap - 1, i = (uint32_t)m->items[index].hash.low64 & mask;
    while (m->slots[i].round == m->round)
        i = (i + 1) & mask;
    m->slots[i] = (struct slot){m->round, index};
}

static bool grow_slots(struct dh_sq_making *m)
{
    if (m->item_count * 2 < m->slot_cap)
        return true;
    uint32_t cap = m->slot_cap ? m->slot_cap * 2 : 512;
    struct slot *slots = calloc(cap, sizeof(*slots));
    if (!slots)
        return false;
    free(m->slots);
    m->slots = slots;
    m->slot_cap = cap;
    for (uint32_t i = 0; i < m->item_count; i++)
        place_item(m, i);
    return true;
}

/* ---- terms ------------------------------------------------------------------------------------ */

/* The item of a term, made when it is new; NULL when out of memory. */
static struct item *find_item(struct dh_sq_making *m, struct dh_str term)
{
    if (!grow_slots(m) ||
        !reserve((void **)&m->items, m->item_count, &m->item_cap, sizeof(*m->items)))
        return NULL;
    XXH128_hash_t hash = dh_sq_key_hash((unsigned)m->source, term);
    uint32_t mask = m->slot_cap - 1, i = (uint32_t)hash.low64 & mask;
    for (; m->slots[i].round == m->round; i = (i + 1) & mask) {
        struct item *item = &m->items[m->slots[i].item];
        if (XXH128_isEqual(item->hash, hash))
            return item;
    }
    m->slots[i] = (struct slot){m->round, m->item_count};
    struct item *item = &m->items[m->item_count++];
    *item = (struct item){
        .hash = hash, .at = (uint32_t)m->text.len, .len = (uint32_t)term.len, .times = 0};
    dh_buf_str(&m->text, term);
    return m->text.status ? NULL : item;
}

static void add_place(struct dh_sq_making *m, struct item *item, uint32_t place)
{
    if (!reserve((void **)&m->occurrences, m->occurrence_count, &m->occurrence_cap,
                 sizeof(*m->occurrences))) {
        m->failed = true;
        return;
    }
    uint32_t index = m->occurrence_count++;
    m->occurrences[index] = (struct occurrence){place, 0};
    if (item->times++)
        m->occurrences[item->last].next = index;
    else
        item->first = index;
    item->last = index;
}

static void add_words(struct dh_sq_making *m, struct dh_str value)
{
    struct dh_word word;
    uint32_t base = m->base;
    dh_words_start(&m->cutter, value);
    while (!m->failed && dh_words_next(&m->cutter, &word)) {
        uint32_t place = base + word.place;
        struct item *item = find_item(m, word.text);
        if (!item) {
            m->failed = true;
            return;
        }
        add_place(m, item, place);
        m->base = place + 1 + DH_VALUE_GAP;
        m->words++;
    }
}

/* ---- packing ---------------------------------------------------------------------------------- */

static void pack_key(struct dh_buf *out, XXH128_hash_t hash, unsigned source, struct dh_str term,
                     struct dh_str places)
{
    size_t len = term.len + places.len;
    uint8_t *start =
        (uint8_t *)dh_buf_reserve(out, sizeof(hash) + 2 * DH_SQ_VINT_MAX + DH_SQ_KEY_SOURCE + len);
    if (!start)
        return;
    memcpy(start, &hash, sizeof(hash));
    uint8_t *at = start + sizeof(hash);
    at = dh_sq_vint_write(at, (uint32_t)term.len + DH_SQ_KEY_SOURCE);
    *at++ = (uint8_t)(source >> 8);
    *at++ = (uint8_t)source;
    memcpy(at, term.ptr, term.len);
    at = dh_sq_vint_write(at + term.len, (uint32_t)places.len);
    if (places.len)
        memcpy(at, places.ptr, places.len);
    out->len += (size_t)(at - start) + places.len;
}

static void pack_present(struct dh_buf *out, unsigned source, struct dh_str words)
{
    source |= DH_SQ_PRESENT;
    pack_key(out, dh_sq_key_hash(source, DH_STR("")), source, DH_STR(""), words);
}

/* The places of an item, in order; the only one into `single`. */
static struct dh_str places_of(struct dh_sq_making *m, const struct item *item,
                               uint8_t single[DH_SQ_VINT_MAX])
{
    uint32_t last = 0, index = item->first, place = m->occurrences[index].place;
    if (item->times == 1 && place < 1U << 31)
        return (struct dh_str){(const char *)single,
                               (size_t)(dh_sq_vint_write(single, place << 1) - single)};
    dh_buf_clear(&m->places);
    dh_sq_vint_add(&m->places, item->times << 1 | 1);
    for (uint32_t i = 0; i < item->times; i++, index = m->occurrences[index].next) {
        dh_sq_vint_add(&m->places, m->occurrences[index].place - last);
        last = m->occurrences[index].place;
    }
    return dh_buf_view(&m->places);
}

/* Ends the source at hand: its keys go out. */
static void finish_source(struct dh_sq_making *m)
{
    if (m->source == DH_SOURCE__N || m->failed)
        return;
    dh_buf_clear(&m->places);
    if (m->text_type)
        dh_sq_places_write(&m->places, &m->words, 1);
    pack_present(m->out, (unsigned)m->source, dh_buf_view(&m->places));
    for (uint32_t i = 0; i < m->item_count; i++) {
        const struct item *item = &m->items[i];
        uint8_t single[DH_SQ_VINT_MAX];
        struct dh_str places = m->text_type ? places_of(m, item, single) : DH_STR_NONE;
        pack_key(m->out, item->hash, (unsigned)m->source,
                 (struct dh_str){m->text.ptr + item->at, item->len}, places);
    }
    m->failed = m->failed || m->places.status || m->out->status == DH_MEMORY;
}

static void start_source(struct dh_sq_making *m, enum dh_source source)
{
    m->source = source;
    m->text_type = dh_sources[source].type == DH_INDEX_TEXT;
    m->item_count = m->occurrence_count = m->base = m->words = 0;
    m->round++;
    dh_buf_clear(&m->text);
}

static bool take_value(void *context, enum dh_source source, struct dh_str value)
{
    struct dh_sq_making *m = context;
    if (source != m->source) {
        finish_source(m);
        start_source(m, source);
    }
    if (m->text_type)
        add_words(m, value);
    else if (value.len <= DH_SQ_KEY_MAX - DH_SQ_KEY_SOURCE && !find_item(m, value))
        m->failed = true;
    return !m->failed;
}

/* Ready for the next record; the tables stay, the numbers of rounds go on. */
static void start_record(struct dh_sq_making *m, struct dh_buf *out)
{
    m->out = out;
    m->source = DH_SOURCE__N;
    m->failed = false;
    if (m->round > UINT32_MAX - DH_SOURCE__N) {
        m->round = 0;
        memset(m->slots, 0, m->slot_cap * sizeof(*m->slots));
    }
    dh_buf_clear(&m->text);
    dh_buf_clear(&m->places);
    dh_buf_reserve(out, FIRST_ENTRIES);
}

/* What a giant record needed is not kept. */
static void finish_record(struct dh_sq_making *m)
{
    if (m->slot_cap <= KEPT_SLOTS && m->occurrence_cap <= KEPT_SLOTS && m->text.cap <= KEPT_TEXT)
        return;
    free(m->items);
    free(m->occurrences);
    free(m->slots);
    m->items = NULL;
    m->occurrences = NULL;
    m->slots = NULL;
    m->item_cap = m->occurrence_cap = m->slot_cap = 0;
    dh_buf_release(&m->text);
    dh_buf_release(&m->places);
}

enum dh_status dh_sq_entries_make(struct dh_sq_making *m, const struct dh_record *record,
                                  struct dh_buf *out, struct dh_arena *arena, struct dh_err *err)
{
    start_record(m, out);
    enum dh_status status = dh_values_walk(m->plan, record, take_value, m, arena, err);
    finish_source(m);
    if (!status && m->failed)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status && out->status)
        status = dh_fail(err, out->status, "the record %.*s is too large", DH_STR_ARG(record->doi));
    finish_record(m);
    return status;
}

struct dh_sq_making *dh_sq_making_new(void)
{
    struct dh_sq_making *m = calloc(1, sizeof(*m));
    if (!m)
        return NULL;
    dh_buf_init(&m->text, UINT32_MAX);
    dh_buf_init(&m->places, UINT32_MAX);
    dh_arena_init(&m->arena, DH_ARENA_MAX);
    m->plan = dh_values_plan(NULL, &m->arena);
    if (m->plan)
        return m;
    dh_sq_making_free(m);
    return NULL;
}

void dh_sq_making_free(struct dh_sq_making *m)
{
    if (!m)
        return;
    dh_buf_release(&m->text);
    dh_buf_release(&m->places);
    dh_arena_release(&m->arena);
    free(m->items);
    free(m->occurrences);
    free(m->slots);
    free(m);
}

void dh_sq_entries_add(struct dh_buf *entries, unsigned source, struct dh_str term)
{
    if (term.len > DH_SQ_KEY_MAX - DH_SQ_KEY_SOURCE)
        return;
    pack_present(entries, source, DH_STR_NONE);
    pack_key(entries, dh_sq_key_hash(source, term), source, term, DH_STR_NONE);
}

/* ---- unpacking -------------------------------------------------------------------------------- */

static const uint8_t *take_bytes(const uint8_t *at, const uint8_t *end, struct dh_str *out)
{
    uint32_t len;
    at = dh_sq_vint_read(at, end, &len);
    if (!at || len > (size_t)(end - at))
        return NULL;
    *out = (struct dh_str){(const char *)at, len};
    return at + len;
}

bool dh_sq_entries_next(struct dh_str *entries, struct dh_sq_key *out)
{
    const uint8_t *at = (const uint8_t *)entries->ptr, *end = at + entries->len;
    if (entries->len < sizeof(out->hash))
        return false;
    memcpy(&out->hash, at, sizeof(out->hash));
    at = take_bytes(at + sizeof(out->hash), end, &out->key);
    if (at)
        at = take_bytes(at, end, &out->places);
    if (!at || out->key.len < DH_SQ_KEY_SOURCE)
        return false;
    *entries = (struct dh_str){(const char *)at, (size_t)(end - at)};
    return true;
}
