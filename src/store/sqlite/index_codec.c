#include "store/sqlite/index_codec.h"

#include <xxhash.h>

const uint8_t *dh_sq_vint_long(const uint8_t *at, const uint8_t *end, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 35 && at < end; shift += 7) {
        uint8_t byte = *at++;
        if (shift == 28 && byte > 0x0f)
            return NULL;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return at;
        }
    }
    return NULL;
}

/* The bits that say that a vint goes on, in eight bytes. */
static const uint64_t more_bits = UINT64_C(0x8080808080808080);

const uint8_t *dh_sq_vints_skip(const uint8_t *at, const uint8_t *end, uint32_t count)
{
    /* Usually they are few and short: no loop to guess the end of. */
    if (count - 1 < 8 && end - at >= 8 && !((dh_sq_word(at) & more_bits) << (64 - 8 * count)))
        return at + count;
    while (count >= 8 && end - at >= 8) {
        count -= (uint32_t)__builtin_popcountll(~dh_sq_word(at) & more_bits);
        at += 8;
    }
    for (; count; at++) {
        if (at >= end)
            return NULL;
        count -= *at < 0x80;
    }
    return at;
}

void dh_sq_vint_add(struct dh_buf *out, uint32_t value)
{
    uint8_t *at = (uint8_t *)dh_buf_reserve(out, DH_SQ_VINT_MAX);
    if (at)
        out->len += (size_t)(dh_sq_vint_write(at, value) - at);
}

/* ---- writing numbers -------------------------------------------------------------------------- */

static uint8_t choose(uint32_t base, const uint32_t *numbers, uint32_t count)
{
    size_t sizes[DH_SQ_CODING__N] = {0};
    uint32_t next = base, start = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t gap = numbers[i] - next;
        size_t size = dh_sq_vint_size(gap);
        sizes[DH_SQ_GAPS] += size;
        if (gap || !i) {
            sizes[DH_SQ_RUNS] += size + (i ? dh_sq_vint_size(i - start - 1) : 0);
            start = i;
        }
        next = numbers[i] + 1;
    }
    sizes[DH_SQ_RUNS] += dh_sq_vint_size(count - start - 1);
    sizes[DH_SQ_BITMAP] =
        dh_sq_vint_size(numbers[0] - base) + (numbers[count - 1] - numbers[0]) / 8 + 1;
    int best = DH_SQ_GAPS;
    for (int i = 1; i < DH_SQ_CODING__N; i++)
        if (sizes[i] < sizes[best])
            best = i;
    return (uint8_t)best;
}

static void write_gaps(struct dh_buf *out, uint32_t base, const uint32_t *numbers, uint32_t count)
{
    uint8_t *at = (uint8_t *)dh_buf_reserve(out, (size_t)count * DH_SQ_VINT_MAX), *start = at;
    for (uint32_t i = 0; at && i < count; i++) {
        at = dh_sq_vint_write(at, numbers[i] - base);
        base = numbers[i] + 1;
    }
    if (at)
        out->len += (size_t)(at - start);
}

static void write_runs(struct dh_buf *out, uint32_t base, const uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && numbers[end] == numbers[end - 1] + 1; end++)
            ;
        dh_sq_vint_add(out, numbers[i] - base);
        dh_sq_vint_add(out, end - i - 1);
        base = numbers[end - 1] + 1;
    }
}

static void write_bitmap(struct dh_buf *out, uint32_t base, const uint32_t *numbers, uint32_t count)
{
    size_t len = (numbers[count - 1] - numbers[0]) / 8 + 1;
    dh_sq_vint_add(out, numbers[0] - base);
    char *bits = dh_buf_reserve(out, len);
    if (!bits)
        return;
    memset(bits, 0, len);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bit = numbers[i] - numbers[0];
        bits[bit / 8] = (char)(bits[bit / 8] | 1 << bit % 8);
    }
    out->len += len;
}

uint8_t dh_sq_numbers_write(struct dh_buf *out, uint32_t base, const uint32_t *numbers,
                            uint32_t count)
{
    static void (*const writers[DH_SQ_CODING__N])(struct dh_buf *, uint32_t, const uint32_t *,
                                                  uint32_t) = {write_gaps, write_runs,
                                                               write_bitmap};
    if (count == 1) {
        dh_sq_vint_add(out, numbers[0] - base);
        return DH_SQ_GAPS;
    }
    uint8_t coding = choose(base, numbers, count);
    writers[coding](out, base, numbers, count);
    return coding;
}

/* ---- reading numbers -------------------------------------------------------------------------- */

void dh_sq_numbers_start(struct dh_sq_numbers *numbers, struct dh_str bytes, uint8_t coding,
                         uint32_t base, uint32_t high, uint32_t count)
{
    const uint8_t *at = (const uint8_t *)bytes.ptr;
    *numbers = (struct dh_sq_numbers){.at = at,
                                      .end = at ? at + bytes.len : at,
                                      .next = base,
                                      .high = high,
                                      .left = count,
                                      .coding = coding};
    uint32_t first;
    if (coding != DH_SQ_BITMAP)
        return;
    at = dh_sq_vint_read(numbers->at, numbers->end, &first);
    if (at)
        numbers->next += first;
    numbers->at = at ? at : numbers->end;
}

/* The next number by a gap of any length; false at the end or when it cannot be. */
static bool read_gap(struct dh_sq_numbers *n, uint32_t *out)
{
    uint32_t gap;
    const uint8_t *at = dh_sq_vint_read(n->at, n->end, &gap);
    if (!at || n->next + gap > n->high)
        return false;
    n->at = at;
    *out = (uint32_t)(n->next + gap);
    n->next += (uint64_t)gap + 1;
    return true;
}

static uint32_t read_gaps(struct dh_sq_numbers *n, uint32_t *out, uint32_t want)
{
    uint32_t done = 0;
    while (done < want) {
        uint64_t word;
        if (want - done >= 8 && n->end - n->at >= 8 && !((word = dh_sq_word(n->at)) & more_bits) &&
            n->next + 8 * 128 <= n->high) {
            uint32_t number = (uint32_t)n->next - 1;
            for (unsigned i = 0; i < 8; i++, word >>= 8)
                out[done + i] = number += (uint32_t)(word & 0x7f) + 1;
            n->next = (uint64_t)number + 1;
            n->at += 8;
            done += 8;
        } else if (read_gap(n, &out[done])) {
            done++;
        } else {
            break;
        }
    }
    return done;
}

bool dh_sq_numbers_run(struct dh_sq_numbers *n, uint32_t *first, uint32_t *len)
{
    uint32_t more;
    if (!read_gap(n, first))
        return false;
    const uint8_t *at = dh_sq_vint_read(n->at, n->end, &more);
    if (!at || more > n->high - *first)
        return false;
    n->at = at;
    *len = more + 1;
    n->next = (uint64_t)*first + *len;
    return true;
}

static uint32_t read_runs(struct dh_sq_numbers *n, uint32_t *out, uint32_t want)
{
    uint32_t done = 0, first;
    while (done < want) {
        if (!n->run && !dh_sq_numbers_run(n, &first, &n->run))
            break;
        uint32_t take = n->run < want - done ? n->run : want - done;
        uint32_t number = (uint32_t)(n->next - n->run);
        for (uint32_t i = 0; i < take; i++)
            out[done + i] = number + i;
        n->run -= take;
        done += take;
    }
    return done;
}

/* `next` is the number of the window's lowest bit; `run` counts the bits in the window. */
static bool read_window(struct dh_sq_numbers *n)
{
    n->next += n->run;
    size_t rest = (size_t)(n->end - n->at);
    if (!rest || n->next > n->high)
        return false;
    uint8_t bytes[8] = {0};
    size_t len = rest < 8 ? rest : 8;
    memcpy(bytes, n->at, len);
    n->window = dh_sq_word(bytes);
    n->run = 64;
    n->at += len;
    uint64_t room = n->high - n->next + 1;
    if (room < 64)
        n->window &= (UINT64_C(1) << room) - 1;
    return true;
}

bool dh_sq_numbers_window(struct dh_sq_numbers *n, uint32_t *first, uint64_t *window)
{
    if (!read_window(n))
        return false;
    *first = (uint32_t)n->next;
    *window = n->window;
    return true;
}

static uint32_t read_bitmap(struct dh_sq_numbers *n, uint32_t *out, uint32_t want)
{
    uint32_t done = 0;
    while (done < want) {
        if (!n->window && !read_window(n))
            break;
        uint32_t base = (uint32_t)n->next;
        uint64_t window = n->window;
        for (; window && done < want; window &= window - 1)
            out[done++] = base + (uint32_t)__builtin_ctzll(window);
        n->window = window;
    }
    return done;
}

uint32_t dh_sq_numbers_read(struct dh_sq_numbers *n, uint32_t *out, uint32_t room)
{
    static uint32_t (*const readers[DH_SQ_CODING__N])(
        struct dh_sq_numbers *, uint32_t *, uint32_t) = {read_gaps, read_runs, read_bitmap};
    uint32_t want = room < n->left ? room : n->left;
    if (!want || n->coding >= DH_SQ_CODING__N)
        return 0;
    uint32_t done = readers[n->coding](n, out, want);
    n->left = done < want ? 0 : n->left - done;
    return done;
}

/* ---- places ----------------------------------------------------------------------------------- */

void dh_sq_places_write(struct dh_buf *out, const uint32_t *places, uint32_t count)
{
    if (count == 1 && places[0] < 1U << 31) {
        dh_sq_vint_add(out, places[0] << 1);
        return;
    }
    dh_sq_vint_add(out, count << 1 | 1);
    for (uint32_t i = 0, last = 0; i < count; last = places[i++])
        dh_sq_vint_add(out, places[i] - last);
}

const uint8_t *dh_sq_places_skip(const uint8_t *at, const uint8_t *end, uint32_t *times)
{
    uint32_t head;
    at = dh_sq_vint_read(at, end, &head);
    *times = 1;
    if (!at || !(head & 1))
        return at;
    *times = head >> 1;
    return dh_sq_vints_skip(at, end, *times);
}

/* ---- seals ------------------------------------------------------------------------------------ */

static uint32_t digest(const uint8_t *bytes, size_t len)
{
    return (uint32_t)XXH3_64bits(bytes, len);
}

void dh_sq_seal(uint8_t *bytes, size_t len)
{
    uint32_t hash = digest(bytes + DH_SQ_SEAL, len - DH_SQ_SEAL);
    for (unsigned i = 0; i < DH_SQ_SEAL; i++)
        bytes[i] = (uint8_t)(hash >> 8 * i);
}

bool dh_sq_sealed(struct dh_str s)
{
    const uint8_t *bytes = (const uint8_t *)s.ptr;
    if (s.len < DH_SQ_SEAL)
        return false;
    uint32_t hash = digest(bytes + DH_SQ_SEAL, s.len - DH_SQ_SEAL), told = 0;
    for (unsigned i = 0; i < DH_SQ_SEAL; i++)
        told |= (uint32_t)bytes[i] << 8 * i;
    return hash == told;
}
