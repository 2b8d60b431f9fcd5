/*
 * index_codec: how the numbers and places of a posting are written. Numbers are those of one
 * segment, from its lowest on, ascending, in the smallest of three codings:
 *   GAPS    per number the count of numbers left out before it
 *   RUNS    per run of neighbours the count left out before it, and its length less one
 *   BITMAP  the first number, then a bit for each from there on
 * Places of one record: twice the place when the word stands there once; else twice the count plus
 * one, the first place, and the distance of each further one. All integers are varints, low seven
 * bits first. Readers take any bytes: what makes no sense ends the list.
 */
#ifndef DH_SQ_INDEX_CODEC_H
#define DH_SQ_INDEX_CODEC_H

#include <endian.h>

#include "base/base.h"

enum { DH_SQ_GAPS, DH_SQ_RUNS, DH_SQ_BITMAP, DH_SQ_CODING__N };
enum { DH_SQ_VINT_MAX = 5 };

static inline uint8_t *dh_sq_vint_write(uint8_t *at, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

static inline size_t dh_sq_vint_size(uint32_t value)
{
    return 1 + (value >= 1U << 7) + (value >= 1U << 14) + (value >= 1U << 21) + (value >= 1U << 28);
}

static inline uint64_t dh_sq_word(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return le64toh(word);
}

/* Passes over so many vints; NULL when the bytes end first. */
const uint8_t *dh_sq_vints_skip(const uint8_t *at, const uint8_t *end, uint32_t count);

/* NULL when the bytes end first or the value takes more than 32 bits. */
const uint8_t *dh_sq_vint_long(const uint8_t *at, const uint8_t *end, uint32_t *out);
static inline const uint8_t *dh_sq_vint_read(const uint8_t *at, const uint8_t *end, uint32_t *out)
{
    if (at < end && *at < 0x80) {
        *out = *at;
        return at + 1;
    }
    return dh_sq_vint_long(at, end, out);
}

void dh_sq_vint_add(struct dh_buf *out, uint32_t value);

/* Appends at least one number, all >= base and below UINT32_MAX; gives the coding taken. */
uint8_t dh_sq_numbers_write(struct dh_buf *out, uint32_t base, const uint32_t *numbers,
                            uint32_t count);

/* Reading numbers, many at a time. */
struct dh_sq_numbers {
    const uint8_t *at, *end;
    uint64_t next; /* the lowest number that can come */
    uint64_t window;
    uint32_t high, left, run;
    uint8_t coding;
};
void dh_sq_numbers_start(struct dh_sq_numbers *numbers, struct dh_str bytes, uint8_t coding,
                         uint32_t base, uint32_t high, uint32_t count);
/* Up to `room` further numbers; 0 at the end. */
uint32_t dh_sq_numbers_read(struct dh_sq_numbers *numbers, uint32_t *out, uint32_t room);

/* The same by pieces, of a BITMAP (a bit for each number from *first on) and of RUNS, when nothing
 * was read by number before. False at the end. */
bool dh_sq_numbers_window(struct dh_sq_numbers *numbers, uint32_t *first, uint64_t *window);
bool dh_sq_numbers_run(struct dh_sq_numbers *numbers, uint32_t *first, uint32_t *len);

/* Appends the places of one record, ascending, at least one. */
void dh_sq_places_write(struct dh_buf *out, const uint32_t *places, uint32_t count);
/* Passes over the places of one record, *times of them; NULL when they are damaged. */
const uint8_t *dh_sq_places_skip(const uint8_t *at, const uint8_t *end, uint32_t *times);

/* Bytes to be told from damaged ones by the four that go before them. */
enum { DH_SQ_SEAL = 4 };
void dh_sq_seal(uint8_t *bytes, size_t len);
bool dh_sq_sealed(struct dh_str bytes);

#endif
