/* The codings of the index: numbers, places and blocks, at their edges, random, and damaged. */
#include "fixture.h"
#include "store/sqlite/index_block.h"
#include "store/sqlite/index_entries.h"

static uint64_t seed = 88172645463325252u;

static uint32_t chance(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 11) % below;
}

static void vints_take_32_bits(void **state)
{
    (void)state;
    static const uint32_t values[] = {0, 1, 127, 128, 16383, 16384, 2097151, 2097152, UINT32_MAX};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        uint8_t bytes[DH_SQ_VINT_MAX];
        uint32_t value = 0;
        size_t len = (size_t)(dh_sq_vint_write(bytes, values[i]) - bytes);
        assert_int_equal(len, dh_sq_vint_size(values[i]));
        assert_ptr_equal(dh_sq_vint_read(bytes, bytes + len, &value), bytes + len);
        assert_int_equal(value, values[i]);
        assert_null(dh_sq_vint_read(bytes, bytes + len - 1, &value));
    }
    static const uint8_t long_ones[] = {0xff, 0xff, 0xff, 0xff, 0x1f, 0x00};
    uint32_t value;
    assert_null(dh_sq_vint_read(long_ones, long_ones + sizeof(long_ones), &value));
}

/* Reads back what was written, in pieces of every size up to `piece`. */
static void expect_numbers(const struct dh_buf *bytes, uint8_t coding, uint32_t base, uint32_t high,
                           const uint32_t *numbers, uint32_t count, uint32_t piece)
{
    struct dh_sq_numbers reading;
    uint32_t got[512], at = 0, n;
    dh_sq_numbers_start(&reading, dh_buf_view(bytes), coding, base, high, count);
    while ((n = dh_sq_numbers_read(&reading, got, 1 + at % piece)) > 0) {
        assert_true(at + n <= count);
        assert_memory_equal(got, numbers + at, n * sizeof(*got));
        at += n;
    }
    assert_int_equal(at, count);
}

static uint8_t round_trip(uint32_t base, const uint32_t *numbers, uint32_t count, uint32_t high)
{
    struct dh_buf bytes;
    dh_buf_init(&bytes, SIZE_MAX);
    uint8_t coding = dh_sq_numbers_write(&bytes, base, numbers, count);
    expect_numbers(&bytes, coding, base, high, numbers, count, 1);
    expect_numbers(&bytes, coding, base, high, numbers, count, 77);
    expect_numbers(&bytes, coding, base, high, numbers, count, 512);
    dh_buf_release(&bytes);
    return coding;
}

static void numbers_take_the_smallest_coding(void **state)
{
    (void)state;
    uint32_t numbers[2000];
    for (uint32_t i = 0; i < 2000; i++)
        numbers[i] = 5 + i;
    assert_int_equal(round_trip(5, numbers, 2000, 2004), DH_SQ_RUNS);
    for (uint32_t i = 0; i < 2000; i++)
        numbers[i] = 5 + i * 2 + (i & 1);
    assert_int_equal(round_trip(1, numbers, 2000, 5000), DH_SQ_BITMAP);
    for (uint32_t i = 0; i < 2000; i++)
        numbers[i] = 5 + i * 100;
    assert_int_equal(round_trip(5, numbers, 2000, 300000), DH_SQ_GAPS);
    numbers[0] = UINT32_MAX - 1;
    assert_int_equal(round_trip(1, numbers, 1, UINT32_MAX - 1), DH_SQ_GAPS);
    assert_int_equal(round_trip(UINT32_MAX - 1, numbers, 1, UINT32_MAX - 1), DH_SQ_GAPS);
}

static void random_numbers_come_back(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t numbers[1000], count = 1 + chance(1000), spread = 1 + chance(1U << chance(18));
        uint32_t base = 1 + chance(1000000), number = base + chance(spread);
        bool runs = chance(2);
        for (uint32_t i = 0; i < count; i++) {
            numbers[i] = number;
            number += 1 + (runs && chance(20) ? 0 : chance(spread));
        }
        round_trip(base, numbers, count, numbers[count - 1] + chance(3));
    }
}

/* Any bytes in any coding: what comes out ascends within the segment. */
static void damaged_numbers_end(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        struct dh_sq_numbers reading;
        char bytes[64];
        uint32_t numbers[100], n, last = 0, total = 0;
        size_t len = chance(sizeof(bytes));
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)chance(chance(2) ? 256 : 4);
        uint32_t base = 10, high = chance(2) ? 500 : UINT32_MAX - 1;
        char *exact = malloc(len + 1); /* so that a sanitizer sees the end */
        memcpy(exact, bytes, len);
        dh_sq_numbers_start(&reading, (struct dh_str){exact, len}, (uint8_t)chance(4), base, high,
                            1000);
        while ((n = dh_sq_numbers_read(&reading, numbers, 100)) > 0) {
            for (uint32_t i = 0; i < n; i++) {
                assert_true(numbers[i] >= base && numbers[i] <= high && numbers[i] > last);
                last = numbers[i];
            }
            total += n;
        }
        assert_true(total <= 1000);
        free(exact);
    }
}

static void places_are_passed_over(void **state)
{
    (void)state;
    static const uint32_t one[] = {63}, two[] = {0, 100}, far[] = {UINT32_MAX};
    struct dh_buf bytes;
    uint32_t times;
    dh_buf_init(&bytes, SIZE_MAX);
    dh_sq_places_write(&bytes, one, 1);
    assert_int_equal(bytes.len, 1);
    dh_sq_places_write(&bytes, two, 2);
    dh_sq_places_write(&bytes, far, 1);
    const uint8_t *at = (const uint8_t *)bytes.ptr, *end = at + bytes.len;
    at = dh_sq_places_skip(at, end, &times);
    assert_int_equal(times, 1);
    at = dh_sq_places_skip(at, end, &times);
    assert_int_equal(times, 2);
    assert_null(dh_sq_places_skip(at, end - 1, &times));
    assert_ptr_equal(dh_sq_places_skip(at, end, &times), end);
    dh_buf_release(&bytes);
}

/* ---- blocks ----------------------------------------------------------------------------------- */

enum { KEYS = 150 };

struct keys {
    char text[KEYS][24];
    struct dh_str key[KEYS];
    struct dh_sq_entry entry[KEYS];
    struct dh_buf block;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void make_block(struct keys *keys)
{
    static const char numbers[] = {5, 1, 2, 3};
    for (unsigned i = 0; i < KEYS; i++)
        snprintf(keys->text[i], sizeof(keys->text[i]), "\1\1%s%u", chance(2) ? "common" : "c",
                 chance(100000));
    qsort(keys->text, KEYS, sizeof(keys->text[0]), by_bytes);
    dh_buf_init(&keys->block, SIZE_MAX);
    for (unsigned i = 0; i < KEYS; i++) {
        unsigned kind = i % 4;
        keys->key[i] = dh_str(keys->text[i]);
        keys->entry[i] = (struct dh_sq_entry){.count = kind ? 4 : 1,
                                              .numbers = {numbers, kind ? 4 : 1},
                                              .coding = kind == 2 ? DH_SQ_RUNS : DH_SQ_GAPS,
                                              .has_places = i % 3 == 0,
                                              .places = {"\2\4\6\10", kind ? 4 : 1},
                                              .far_numbers = kind == 3,
                                              .far_places = kind == 3,
                                              .numbers_at = 70000 + i,
                                              .places_at = i};
        dh_sq_block_add(&keys->block, i ? keys->key[i - 1] : DH_STR(""), keys->key[i],
                        &keys->entry[i]);
    }
    dh_sq_seal((uint8_t *)keys->block.ptr, keys->block.len);
}

static void same_entry(const struct dh_sq_entry *a, const struct dh_sq_entry *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->coding, b->coding);
    assert_int_equal(a->numbers.len, b->numbers.len);
    assert_int_equal(a->has_places, b->has_places);
    assert_int_equal(a->far_numbers, b->far_numbers);
    if (a->far_numbers)
        assert_int_equal(a->numbers_at, b->numbers_at);
    else
        assert_memory_equal(a->numbers.ptr, b->numbers.ptr, a->numbers.len);
    if (!a->has_places)
        return;
    assert_int_equal(a->places.len, b->places.len);
    if (a->far_places)
        assert_int_equal(a->places_at, b->places_at);
    else
        assert_memory_equal(a->places.ptr, b->places.ptr, a->places.len);
}

static void blocks_give_back_their_keys(void **state)
{
    (void)state;
    static struct keys keys;
    static struct dh_sq_block block;
    struct dh_sq_entry entry;
    make_block(&keys);
    struct dh_str bytes = dh_buf_view(&keys.block);
    assert_true(dh_sq_block_open(&block, bytes));
    for (unsigned i = 0; i < KEYS; i++) {
        assert_int_equal(dh_sq_block_next(&block, &entry), DH_OK);
        assert_true(dh_str_equal((struct dh_str){(char *)block.key, block.key_len}, keys.key[i]));
        same_entry(&keys.entry[i], &entry);
        if (i + 1 < KEYS && dh_str_equal(keys.key[i], keys.key[i + 1]))
            continue;
        assert_int_equal(dh_sq_block_find(bytes, keys.key[i], &entry), DH_OK);
    }
    assert_int_equal(dh_sq_block_next(&block, &entry), DH_DONE);
    static const char *const missing[] = {"\1\1",       "\1\1a",   "\1\1d",
                                          "\1\1common", "\1\1c5x", "\2\1c"};
    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
        assert_int_equal(dh_sq_block_find(bytes, dh_str(missing[i]), &entry), DH_NOT_FOUND);
    dh_buf_release(&keys.block);
}

static void damaged_blocks_are_seen(void **state)
{
    (void)state;
    static struct keys keys;
    static struct dh_sq_block block;
    struct dh_sq_entry entry;
    make_block(&keys);
    struct dh_str bytes = dh_buf_view(&keys.block);
    for (size_t i = 0; i < bytes.len; i++) {
        keys.block.ptr[i] = (char)(keys.block.ptr[i] ^ (1 << chance(8)));
        assert_false(dh_sq_block_open(&block, bytes));
        assert_int_equal(dh_sq_block_find(bytes, keys.key[3], &entry), DH_CORRUPT);
        /* A block that was sealed wrong is read to its end or refused. */
        dh_sq_seal((uint8_t *)keys.block.ptr, bytes.len);
        dh_sq_block_find(bytes, keys.key[KEYS - 1], &entry);
        assert_true(dh_sq_block_open(&block, bytes));
        while (dh_sq_block_next(&block, &entry) == DH_OK)
            ;
    }
    dh_buf_release(&keys.block);
}

/* Texts that differ a little under sources that do so too: a seeded hash makes some of them equal.
 */
static void keys_alike_have_other_hashes(void **state)
{
    (void)state;
    enum { LEN = 16, SOURCES = 40 };
    char text[LEN] = "aaaaaaaaaaaaaaaa", other[LEN];
    for (unsigned a = 0; a < SOURCES; a++)
        for (unsigned b = a + 1; b < SOURCES; b++)
            for (size_t at = 0; at < LEN; at++)
                for (int change = -32; change <= 32; change++) {
                    memcpy(other, text, LEN);
                    other[at] = (char)(other[at] + change);
                    XXH128_hash_t x = dh_sq_key_hash(a, (struct dh_str){text, LEN});
                    XXH128_hash_t y = dh_sq_key_hash(b, (struct dh_str){other, LEN});
                    assert_false(XXH128_isEqual(x, y));
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vints_take_32_bits),
        cmocka_unit_test(numbers_take_the_smallest_coding),
        cmocka_unit_test(random_numbers_come_back),
        cmocka_unit_test(damaged_numbers_end),
        cmocka_unit_test(places_are_passed_over),
        cmocka_unit_test(keys_alike_have_other_hashes),
        cmocka_unit_test(blocks_give_back_their_keys),
        cmocka_unit_test(damaged_blocks_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
