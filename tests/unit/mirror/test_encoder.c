/* What the encoder makes, the decoder reads; the same text gives the same bytes. */
#include "fixture.h"
#include "mirror/decoder.h"
#include "mirror/encoder.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { TEXT = 100 * 1000, ROOM = 256 * 1024 };

static char text[TEXT], packed[ROOM], other[ROOM], plain[ROOM];

/* Half of it repeats, half is noise. */
static void fill(void)
{
    uint32_t seed = 1;
    for (size_t i = 0; i < TEXT; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = i / 1000 % 2 ? (char)(seed >> 24) : "doihound"[i % 8];
    }
}

/* Compresses in steps of `step` bytes into pieces of `cap`; how much came of it. */
static size_t encode(struct dh_str name, size_t len, size_t step, size_t cap, char *to)
{
    struct dh_encoder encoder;
    size_t done = 0, got;
    assert_int_equal(dh_encoder_begin(&encoder, name, NULL), DH_OK);
    for (size_t at = 0;; at += step) {
        bool last = at + step >= len, more = true;
        struct dh_str in = {text + at, last ? len - at : step};
        while (in.len || more) {
            assert_in_range(done + cap, 1, ROOM);
            assert_int_equal(dh_encoder_run(&encoder, &in, last, to + done, cap, &got, &more, NULL),
                             DH_OK);
            done += got;
        }
        if (last)
            break;
    }
    dh_encoder_release(&encoder);
    return done;
}

static size_t decode(struct dh_str in)
{
    struct dh_decoder decoder = {0};
    size_t done = 0, got = 1;
    assert_int_equal(dh_decoder_begin(&decoder, in, NULL), DH_OK);
    while (in.len || got) {
        assert_int_equal(dh_decoder_run(&decoder, &in, plain + done, ROOM - done, &got, NULL),
                         DH_OK);
        done += got;
    }
    assert_false(decoder.within);
    dh_decoder_release(&decoder);
    return done;
}

static void test_and_back(void **state)
{
    (void)state;
    static const char *const names[] = {"a.gz", "a.zst", "a", "a.gz.txt", ""};
    static const size_t lengths[] = {0, 1, 1000, 65536, TEXT}, steps[] = {1, 4096, TEXT};
    static const size_t caps[] = {1, 1000, 64 * 1024};
    fill();
    for (size_t n = 0; n < COUNT(names); n++)
        for (size_t l = 0; l < COUNT(lengths); l++)
            for (size_t s = 0; s < COUNT(steps); s++)
                for (size_t c = 0; c < COUNT(caps); c++) {
                    struct dh_str name = dh_str(names[n]);
                    size_t len = encode(name, lengths[l], steps[s], caps[c], packed);
                    assert_int_equal(decode((struct dh_str){packed, len}), lengths[l]);
                    assert_memory_equal(plain, text, lengths[l]);
                    assert_int_equal(encode(name, lengths[l], steps[s], caps[c], other), len);
                    assert_memory_equal(packed, other, len);
                    assert_true(n > 1 || lengths[l] < 60000 || len < lengths[l] * 2 / 3);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
