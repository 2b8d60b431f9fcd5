/* Postings in use: as bits over the slots of the columns, or one record after the other. */
#include "store/sqlite/index.h"

enum { BLOCK = 256 };

static void start(struct dh_sq_numbers *numbers, const struct dh_sq_postings *postings)
{
    dh_sq_numbers_start(numbers, postings->numbers, postings->coding, postings->base,
                        postings->high, postings->count);
}

/* ---- marking ---------------------------------------------------------------------------------- */

struct marking {
    const struct dh_sq_columns *columns;
    uint64_t *bits;
    uint32_t shift; /* slot of a number: number - shift, when there are no holes */
};

/* The first slot in [low, high) with a number not below this one. */
static uint32_t slot_from(const struct dh_sq_columns *columns, uint32_t number, uint32_t low,
                          uint32_t high)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (columns->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline void set(const struct marking *m, uint32_t slot)
{
    m->bits[slot / 64] |= (uint64_t)m->columns->alive[slot] << slot % 64;
}

/* Eight flags as the bits of a byte: each is moved to its place in the highest byte. */
static inline uint64_t flags_at(const uint8_t *flags)
{
    return dh_sq_word(flags) * UINT64_C(0x0102040810204080) >> 56;
}

/* Which of the 64 slots of a word are alive. */
static uint64_t living(const struct dh_sq_columns *columns, uint32_t word)
{
    uint32_t slot = word * 64;
    uint64_t out = 0;
    if (columns->count - slot >= 64) {
        for (unsigned i = 0; i < 8; i++)
            out |= flags_at(columns->alive + slot + i * 8) << 8 * i;
        return out;
    }
    for (unsigned i = 0; slot + i < columns->count; i++)
        out |= (uint64_t)columns->alive[slot + i] << i;
    return out;
}

static inline void set_word(const struct marking *m, uint32_t word, uint64_t bits)
{
    if (bits)
        m->bits[word] |= bits & living(m->columns, word);
}

/* What a window has for the next word waits for the next window. */
static void mark_bitmap(const struct marking *m, struct dh_sq_numbers *numbers)
{
    uint32_t first, rest_word = 0;
    uint64_t window, rest = 0;
    while (dh_sq_numbers_window(numbers, &first, &window)) {
        uint32_t slot = first - m->shift, word = slot / 64, skip = slot % 64;
        set_word(m, word, window << skip | rest);
        rest = skip ? window >> (64 - skip) : 0;
        rest_word = word + 1;
    }
    set_word(m, rest_word, rest);
}

static void mark_runs(const struct marking *m, struct dh_sq_numbers *numbers)
{
    uint32_t first, len;
    while (dh_sq_numbers_run(numbers, &first, &len))
        for (uint32_t slot = first - m->shift, end = slot + len; slot < end;) {
            uint32_t word = slot / 64, skip = slot % 64;
            uint32_t take = 64 - skip < end - slot ? 64 - skip : end - slot;
            uint64_t ones = take == 64 ? UINT64_MAX : (UINT64_C(1) << take) - 1;
            set_word(m, word, ones << skip);
            slot += take;
        }
}

static void mark_gaps(const struct marking *m, struct dh_sq_numbers *numbers)
{
    uint32_t block[BLOCK], count;
    while ((count = dh_sq_numbers_read(numbers, block, BLOCK)) > 0)
        for (uint32_t i = 0; i < count; i++)
            set(m, block[i] - m->shift);
}

/* With holes a slot is not above the last one found plus the distance of the numbers. */
static void mark_between(const struct marking *m, struct dh_sq_numbers *numbers, uint32_t low,
                         uint32_t high)
{
    const uint32_t *all = m->columns->numbers;
    uint32_t block[BLOCK], count;
    while (low < high && (count = dh_sq_numbers_read(numbers, block, BLOCK)) > 0)
        for (uint32_t i = 0; i < count && low < high; i++) {
            if (block[i] < all[low])
                continue;
            uint64_t guess = (uint64_t)low + (block[i] - all[low]);
            uint32_t end = guess < high ? (uint32_t)guess : high;
            low = end < high && all[end] == block[i] ? end
                                                     : slot_from(m->columns, block[i], low, end);
            if (low < high && all[low] == block[i])
                set(m, low);
        }
}

void dh_sq_postings_mark(const struct dh_sq_postings *postings, const struct dh_sq_columns *columns,
                         uint64_t *bits)
{
    static void (*const ways[DH_SQ_CODING__N])(const struct marking *, struct dh_sq_numbers *) = {
        [DH_SQ_GAPS] = mark_gaps, [DH_SQ_RUNS] = mark_runs, [DH_SQ_BITMAP] = mark_bitmap};
    struct marking m = {.columns = columns, .bits = bits};
    struct dh_sq_numbers numbers;
    start(&numbers, postings);
    uint32_t low = slot_from(columns, postings->base, 0, columns->count);
    uint32_t high = slot_from(columns, postings->high, low, columns->count);
    bool whole = high < columns->count && columns->numbers[low] == postings->base &&
                 columns->numbers[high] == postings->high &&
                 high - low == postings->high - postings->base;
    m.shift = postings->base - low;
    if (whole && postings->coding < DH_SQ_CODING__N)
        ways[postings->coding](&m, &numbers);
    else
        mark_between(&m, &numbers, low,
                     slot_from(columns, postings->high + 1, low, columns->count));
}

/* ---- one after the other ---------------------------------------------------------------------- */

void dh_sq_cursor_start(struct dh_sq_cursor *cursor, const struct dh_sq_postings *postings)
{
    const uint8_t *places = (const uint8_t *)postings->places.ptr;
    cursor->number = 0;
    cursor->times = 1;
    cursor->ahead_at = cursor->ahead_count = 0;
    cursor->places = places;
    cursor->places_end = places ? places + postings->places.len : NULL;
    cursor->unread = 0;
    cursor->present = postings->present;
    start(&cursor->numbers, postings);
}

static bool pass_over(struct dh_sq_cursor *cursor)
{
    const uint8_t *at = dh_sq_vints_skip(cursor->places, cursor->places_end, cursor->unread);
    cursor->places = at ? at : cursor->places_end;
    cursor->unread = 0;
    return at != NULL;
}

/* How many places the record has; they are read when somebody asks. */
static bool read_times(struct dh_sq_cursor *cursor)
{
    uint32_t head;
    if (cursor->unread && !pass_over(cursor))
        return false;
    cursor->places = dh_sq_vint_read(cursor->places, cursor->places_end, &head);
    if (!cursor->places) {
        cursor->places = cursor->places_end;
        return false;
    }
    cursor->times = head & 1 || cursor->present ? head >> 1 : 1;
    cursor->unread = head & 1 ? head >> 1 : 0;
    cursor->single = head >> 1;
    return true;
}

bool dh_sq_cursor_next(struct dh_sq_cursor *cursor)
{
    if (cursor->ahead_at == cursor->ahead_count) {
        cursor->ahead_at = 0;
        cursor->ahead_count = dh_sq_numbers_read(&cursor->numbers, cursor->ahead, DH_SQ_AHEAD);
        if (!cursor->ahead_count)
            return false;
    }
    cursor->number = cursor->ahead[cursor->ahead_at++];
    return !cursor->places_end || read_times(cursor);
}

uint32_t dh_sq_cursor_places(struct dh_sq_cursor *cursor, uint32_t *out, uint32_t room)
{
    uint32_t count = 0, place = 0, gap;
    if (!cursor->places_end || !room)
        return 0;
    if (!cursor->unread) {
        out[0] = cursor->single;
        return 1;
    }
    for (; cursor->unread && count < room; cursor->unread--) {
        const uint8_t *at = dh_sq_vint_read(cursor->places, cursor->places_end, &gap);
        if (!at)
            break;
        cursor->places = at;
        out[count++] = place += gap;
    }
    return count;
}
