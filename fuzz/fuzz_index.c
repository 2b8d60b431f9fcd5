/* Blocks, lists and outlines of a damaged index: they are read or refused, never read outside. The
 * first byte says as what the rest is taken. */
#include <stdlib.h>

#include "store/sqlite/index_entries.h"
#include "store/sqlite/index_segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BASE = 100, HIGH = 100000, COUNT = 5000 };

static void read_cursor(struct dh_str numbers, struct dh_str places, uint8_t coding, bool present)
{
    struct dh_sq_postings postings = {.base = BASE,
                                      .high = HIGH,
                                      .count = COUNT,
                                      .coding = coding,
                                      .present = present,
                                      .numbers = numbers,
                                      .places = places};
    struct dh_sq_cursor cursor;
    uint32_t out[8], last = 0;
    for (dh_sq_cursor_start(&cursor, &postings); dh_sq_cursor_next(&cursor);) {
        if (cursor.number <= last || cursor.number < BASE || cursor.number > HIGH)
            abort();
        last = cursor.number;
        if (last % 3)
            dh_sq_cursor_places(&cursor, out, 1 + last % 8);
    }
}

/* Slots with and without holes. */
static void mark(struct dh_str numbers, uint8_t coding)
{
    static uint32_t slots[COUNT];
    static uint8_t alive[COUNT];
    static uint64_t bits[COUNT / 64 + 1];
    for (unsigned hole = 0; hole < 2; hole++) {
        uint32_t count = hole ? COUNT : 1000;
        for (uint32_t i = 0; i < count; i++) {
            slots[i] = BASE + i + (hole && i > COUNT / 2);
            alive[i] = i % 5 != 0;
        }
        struct dh_sq_columns columns = {.count = count, .numbers = slots, .alive = alive};
        struct dh_sq_postings postings = {
            .base = BASE, .high = BASE + 999, .count = COUNT, .coding = coding, .numbers = numbers};
        memset(bits, 0, sizeof(bits));
        dh_sq_postings_mark(&postings, &columns, bits);
        for (uint32_t i = 0; i < count; i += 5)
            if (bits[i / 64] >> i % 64 & 1)
                abort();
    }
}

static void read_block(uint8_t *bytes, size_t size)
{
    static struct dh_sq_block block;
    struct dh_sq_entry entry;
    if (size < DH_SQ_SEAL)
        return;
    dh_sq_seal(bytes, size);
    struct dh_str text = {(const char *)bytes, size};
    if (!dh_sq_block_open(&block, text))
        abort();
    while (dh_sq_block_next(&block, &entry) == DH_OK) {
        struct dh_sq_entry found;
        struct dh_str key = {(const char *)block.key, block.key_len};
        (void)!dh_sq_block_find(text, key, &found);
        if (!entry.far_numbers && !entry.far_places)
            read_cursor(entry.numbers, entry.places, entry.coding, false);
    }
}

static void read_outline(uint8_t *bytes, size_t size)
{
    if (size < DH_SQ_SEAL)
        return;
    dh_sq_seal(bytes, size);
    struct dh_sq_segment *segment =
        dh_sq_outline_open((struct dh_str){(const char *)bytes, size}, NULL);
    if (segment && segment->blocks &&
        dh_sq_segment_seek(segment, DH_STR("\0\1word")) >= segment->blocks)
        abort();
    free(segment);
}

static void read_entries(struct dh_str bytes)
{
    struct dh_sq_key key;
    volatile char last = 0;
    while (dh_sq_entries_next(&bytes, &key))
        last = key.key.ptr[key.key.len - 1];
    (void)last;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    uint8_t kind = data[0], detail = data[1];
    size -= 2;
    uint8_t *bytes = malloc(size + 1); /* so that the end is a wall */
    if (!bytes)
        return 0;
    memcpy(bytes, data + 2, size);
    struct dh_str text = {(const char *)bytes, size};
    size_t half = size / 2;
    if (kind == 'b') {
        read_block(bytes, size);
    } else if (kind == 'o') {
        read_outline(bytes, size);
    } else if (kind == 'e') {
        read_entries(text);
    } else if (kind == 'm') {
        mark(text, detail);
    } else {
        read_cursor((struct dh_str){text.ptr, half}, dh_str_from(text, half), detail & 3,
                    detail & 4);
    }
    free(bytes);
    return 0;
}
