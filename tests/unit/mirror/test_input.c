/* Files on disk: compressed, in parts, cut short, and what is no data file. */
#include <errno.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "fixture.h"

enum { RECORDS = 300 };

static void add_lines(struct dh_buf *out, int from, int to)
{
    for (int i = from; i < to; i++) {
        add_record(out, i, "Title");
        dh_buf_char(out, '\n');
    }
}

/* One gzip member of what is in `plain`. */
static void add_gzip(struct dh_buf *out, struct dh_str plain)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, plain.len);
    z.next_in = (Bytef *)plain.ptr;
    z.avail_in = (uInt)plain.len;
    z.next_out = (Bytef *)dh_buf_reserve(out, room);
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += room - z.avail_out;
    deflateEnd(&z);
}

static void add_zstd(struct dh_buf *out, struct dh_str plain)
{
    size_t room = ZSTD_compressBound(plain.len);
    size_t len = ZSTD_compress(dh_buf_reserve(out, room), room, plain.ptr, plain.len, 3);
    assert_false(ZSTD_isError(len));
    out->len += len;
}

static const struct coding {
    const char *name;
    void (*add)(struct dh_buf *, struct dh_str);
    struct dh_str padding; /* allowed between and behind the parts */
} codings[] = {
    {"plain", dh_buf_str, {"\n", 1}},
    {"gzip", add_gzip, {"\0\0\0\0", 4}},
    {"zstd", add_zstd, {"\x50\x2a\x4d\x18\x02\0\0\0hi", 10}},
};

/* Three parts behind one another, the middle one cutting a record in two. */
static void fill(struct dh_buf *out, const struct coding *coding)
{
    struct dh_buf plain;
    dh_buf_init(&plain, INPUT_MAX);
    add_lines(&plain, 0, RECORDS);
    struct dh_str all = dh_buf_view(&plain);
    size_t third = all.len / 3;
    coding->add(out, (struct dh_str){all.ptr, third});
    coding->add(out, DH_STR_NONE);
    coding->add(out, (struct dh_str){all.ptr + third, third});
    dh_buf_str(out, coding->padding);
    coding->add(out, dh_str_from(all, 2 * third));
    dh_buf_str(out, coding->padding);
    dh_buf_release(&plain);
}

static void test_codings(void **state)
{
    struct fixture *fix = *state;
    for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++) {
        fill(&fix->input, &codings[i]);
        if (i == 0) /* plain text is cut by its newlines alone */
            fix->input.len = 0, add_lines(&fix->input, 0, RECORDS);
        import_input(fix);
        if (fix->result.records != RECORDS || fix->result.bad)
            fail_msg("%s: %d records, %d bad: %s", codings[i].name, (int)fix->result.records,
                     (int)fix->result.bad, fix->reports[0].text);
    }
}

/* Compressed data that ends anywhere: what can be read is kept, one report says what happened. */
static void test_cut_short(void **state)
{
    struct fixture *fix = *state;
    for (size_t i = 1; i < sizeof(codings) / sizeof(codings[0]); i++) {
        dh_buf_clear(&fix->input);
        fill(&fix->input, &codings[i]);
        struct dh_str all = dh_buf_view(&fix->input);
        uint64_t last = 0;
        for (size_t part = 1; part < 8; part++) {
            size_t len = all.len * part / 8;
            assert_int_equal(import_text(fix, (struct dh_str){all.ptr, len}, false), DH_OK);
            assert_int_equal(fix->report_count, 1);
            assert_int_equal(fix->reports[0].code, DH_CORRUPT);
            assert_int_equal(fix->reports[0].line, fix->result.records + 1);
            assert_true(fix->result.records >= last && fix->result.records < RECORDS);
            last = fix->result.records;
        }
        assert_true(last > RECORDS / 3);
        assert_int_equal(import_text(fix, (struct dh_str){all.ptr, all.len * 7 / 8}, true),
                         DH_INVALID);
        assert_int_equal(fix->result.records, 0);
    }
}

static void test_damaged(void **state)
{
    struct fixture *fix = *state;
    fill(&fix->input, &codings[1]);
    fix->input.ptr[fix->input.len / 2] ^= 0x55;
    import_input(fix);
    assert_in_range(fix->report_count, 1, REPORTS_MAX); /* what came out of the damage is bad too */
    assert_int_equal(fix->reports[fix->report_count - 1].code, DH_CORRUPT);
    assert_true(fix->result.records >= RECORDS / 4 && fix->result.records < RECORDS);
}

static void write_file(const char *path, struct dh_str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static enum dh_status import_paths(struct fixture *fix, const char *const *paths, size_t count)
{
    const struct dh_import_options options = {.context = fix, .report = keep_report};
    fix->report_count = 0;
    return dh_import_files(fix->store, paths, count, &options, &fix->result, &fix->err);
}

static void test_files(void **state)
{
    struct fixture *fix = *state;
    char names[4][64];
    const char *paths[] = {names[0], names[1], names[2], names[3]};
    for (size_t i = 0; i < 4; i++)
        snprintf(names[i], sizeof(names[i]), "%s/%zu.jsonl", fix->folder, i);
    for (size_t i = 0; i < 3; i++) {
        struct dh_buf plain;
        dh_buf_init(&plain, INPUT_MAX);
        add_lines(&plain, (int)i * 100, (int)i * 100 + 100);
        dh_buf_text(&plain, "broken\n");
        dh_buf_clear(&fix->input);
        codings[i].add(&fix->input, dh_buf_view(&plain));
        write_file(paths[i], dh_buf_view(&fix->input));
        dh_buf_release(&plain);
    }
    /* A missing one is noticed before anything is read. */
    assert_int_equal(import_paths(fix, paths, 4), DH_NOT_FOUND);
    assert_non_null(strstr(fix->err.text, "3.jsonl"));
    assert_int_equal(stats_of(fix).records, 0);
    paths[3] = fix->folder;
    assert_int_equal(import_paths(fix, paths, 4), DH_IO);
    assert_int_equal(import_paths(fix, paths, 3), DH_OK);
    assert_int_equal(fix->result.created, 300);
    assert_int_equal(fix->report_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fix->reports[i].line, 101);
    assert_int_equal(import_paths(fix, paths, 0), DH_OK);
}

static void test_standard_input(void **state)
{
    struct fixture *fix = *state;
    const char *path = "-";
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    add_record(&fix->input, 1, "Title");
    assert_int_equal(write(ends[1], fix->input.ptr, fix->input.len), fix->input.len);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(import_paths(fix, &path, 1), DH_OK);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_int_equal(fix->result.created, 1);
}

static void test_strangers(void **state)
{
    static const struct dh_str strangers[] = {
        {"PK\3\4whatever", 12},
        {"<?xml version=\"1.0\"?>\n<a>\n</a>\n", 32},
        {"SQLite format 3\0\n\n\n", 19},
        {"\xff\xfe{\0}\0", 6},
        {"BZh91AY&SY", 10},
    };
    struct fixture *fix = *state;
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        dh_buf_str(&fix->input, strangers[i]);
        import_input(fix);
        assert_int_equal(fix->report_count, 1);
        assert_int_equal(fix->reports[0].code, DH_UNSUPPORTED);
        assert_int_equal(fix->result.records, 0);
    }
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_codings), IN_STORE(test_cut_short),      IN_STORE(test_damaged),
        IN_STORE(test_files),   IN_STORE(test_standard_input), IN_STORE(test_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
