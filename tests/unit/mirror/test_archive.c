/* Archives: both layouts of data files, damage, hostile members, rows of CSV, going on. */
#include <sys/stat.h>
#include <zlib.h>

#include "fixture.h"
#include "mirror/archive.h"
#include "store/scopes.h"

enum { BLOCK = 512 };

/* ---- making tars ---------------------------------------------------------------------------- */

static void add_header(struct dh_buf *tar, const char *name, char type, const char *size)
{
    unsigned char header[BLOCK] = {0};
    unsigned sum = 0;
    snprintf((char *)header, 100, "%s", name);
    memcpy(header + 100,
           "0000644\0"
           "0000000\0"
           "0000000\0",
           24);
    memcpy(header + 124, size, 12);
    memcpy(header + 136, "00000000000", 12);
    memset(header + 148, ' ', 8);
    header[156] = (unsigned char)type;
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    dh_buf_add(tar, header, BLOCK);
}

static void add_member(struct dh_buf *tar, const char *name, struct dh_str content)
{
    char size[13];
    snprintf(size, sizeof(size), "%011o", (unsigned)content.len);
    add_header(tar, name, '0', size);
    dh_buf_str(tar, content);
    while (tar->len % BLOCK)
        dh_buf_char(tar, '\0');
}

static void end_tar(struct dh_buf *tar)
{
    static const char zeros[2 * BLOCK];
    dh_buf_add(tar, zeros, sizeof(zeros));
}

static void compress_into(struct dh_buf *out, struct dh_str text)
{
    z_stream z = {0};
    size_t room = text.len + 1024;
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)dh_buf_reserve(out, room);
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += room - z.avail_out;
    deflateEnd(&z);
}

static void add_gzip(struct dh_buf *tar, const char *name, struct dh_str text)
{
    struct dh_buf packed;
    dh_buf_init(&packed, INPUT_MAX);
    compress_into(&packed, text);
    add_member(tar, name, dh_buf_view(&packed));
    dh_buf_release(&packed);
}

/* A part of `count` records from `first` on. */
static void add_part(struct dh_buf *tar, const char *name, int first, int count, bool packed)
{
    struct dh_buf text;
    dh_buf_init(&text, INPUT_MAX);
    for (int i = first; i < first + count; i++) {
        add_record(&text, i, "Title");
        dh_buf_char(&text, '\n');
    }
    if (packed)
        add_gzip(tar, name, dh_buf_view(&text));
    else
        add_member(tar, name, dh_buf_view(&text));
    dh_buf_release(&text);
}

/* ---- names ---------------------------------------------------------------------------------- */

static void test_names(void **state)
{
    enum { NO = -2, MARCH = 12 * 2024 + 2 };
    static const struct {
        const char *name;
        int month; /* NO: no member of a data file */
        bool rows;
    } cases[] = {
        {"./10.5072/part_00000.jsonl", -1},
        {"10.5072/part_00000.jsonl.zst", -1},
        {"part.jsonl.gz", -1},
        {"dois/updated_2024-03/part_0000.jsonl.gz", MARCH},
        {"/dois/updated_2024-03/part_0000.jsonl", MARCH},
        {"dois/updated_2024-13/part_0000.jsonl", -1},
        {"dois/updated_2024-03x/part_0000.jsonl", -1},
        {"dois/updated_2024-03/2024-03.csv.gz", MARCH, true},
        {"2024-03.csv", MARCH, true},
        {"2024-3.csv", NO},
        {"2024-03.csv.bz2", NO},
        {"dois/updated_2024-03/all.csv.gz", NO},
        {"MANIFEST", NO},
        {"MANIFEST.json", NO},
        {"STATUS.json", NO},
        {"README.md", NO},
        {"dois/updated_2024-03/._part_0000.jsonl.gz", NO},
        {"dois/updated_2024-03/", NO},
        {".jsonl", NO},
        {"/", NO},
        {"", NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_member member = {0};
        bool told = dh_member_tell(dh_str(cases[i].name), &member);
        if (told != (cases[i].month != NO))
            fail_msg("%s: %d", cases[i].name, told);
        if (told &&
            (member.month != cases[i].month || (member.kind == DH_MEMBER_ROWS) != cases[i].rows))
            fail_msg("%s: month %d, kind %d", cases[i].name, member.month, (int)member.kind);
    }
}

/* ---- layouts -------------------------------------------------------------------------------- */

static void test_layouts(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    add_header(tar, "dois/", '5', "00000000000");
    add_part(tar, "./10.5072/part_00000.jsonl", 0, 300, false);
    add_part(tar, "dois/updated_2021-01/part_0000.jsonl.gz", 300, 200, true);
    add_member(tar, "MANIFEST", DH_STR("not JSON\n"));
    end_tar(tar);
    import_input(fix);
    assert_int_equal(fix->result.records, 500);
    assert_int_equal(fix->result.members, 2);
    assert_int_equal(fix->report_count, 0);
    assert_true(stored(fix, "10.5072/r-499", "Title 499"));
}

static void test_compressed_archive(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf tar;
    dh_buf_init(&tar, INPUT_MAX);
    add_part(&tar, "./10.5072/part_00000.jsonl", 0, 50, false);
    add_part(&tar, "./10.5072/part_00001.jsonl.gz", 50, 50, true);
    end_tar(&tar);
    compress_into(&fix->input, dh_buf_view(&tar));
    dh_buf_release(&tar);
    import_input(fix);
    assert_int_equal(fix->result.records, 100);
}

/* ---- damage --------------------------------------------------------------------------------- */

/* One good record, and the checksum behind it cut off. */
static void add_short_gzip(struct dh_buf *tar, const char *name)
{
    struct dh_buf packed;
    dh_buf_init(&packed, INPUT_MAX);
    compress_into(&packed, DH_STR("{\"doi\":\"10.5072/short\"}\n"));
    packed.len -= 8;
    add_member(tar, name, dh_buf_view(&packed));
    dh_buf_release(&packed);
}

static void test_damaged_members(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    add_part(tar, "a.jsonl", 0, 3, false);
    add_member(tar, "b.jsonl", DH_STR("\n{\"doi\":\n"));
    add_short_gzip(tar, "c.jsonl.gz");
    add_member(tar, "d.jsonl", DH_STR("<xml/>"));
    add_part(tar, "e.jsonl", 1000, 3, false);
    end_tar(tar);
    import_input(fix);
    assert_int_equal(fix->result.records, 7);
    assert_int_equal(fix->result.bad, 3);
    assert_int_equal(fix->report_count, 3);
    assert_int_equal(fix->reports[0].line, 2); /* in the member */
    assert_int_equal(fix->reports[0].byte, 8);
    assert_int_equal(fix->reports[1].code, DH_CORRUPT);
    assert_int_equal(fix->reports[2].code, DH_UNSUPPORTED);
    assert_true(stored(fix, "10.5072/r-1002", "Title"));
}

static void test_damaged_header(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    add_part(tar, "a.jsonl", 0, 3, false);
    size_t second = tar->len;
    add_part(tar, "b.jsonl", 10, 30, false);
    add_part(tar, "c.jsonl", 100, 3, false);
    end_tar(tar);
    tar->ptr[second + 150] ^= 1;
    import_input(fix);
    assert_int_equal(fix->result.records, 6);
    assert_int_equal(fix->result.bad, 1); /* one place, one report */
    assert_int_equal(fix->reports[0].code, DH_CORRUPT);
}

static void test_cut_anywhere(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf tar;
    dh_buf_init(&tar, INPUT_MAX);
    add_part(&tar, "a.jsonl", 0, 5, false);
    add_part(&tar, "b.jsonl.gz", 5, 5, true);
    end_tar(&tar);
    for (size_t len = 263; len < tar.len; len += 97) {
        import_text(fix, (struct dh_str){tar.ptr, len}, false);
        assert_true(fix->result.records <= 10);
        assert_true(fix->result.bad <= 2);
    }
    dh_buf_release(&tar);
}

/* ---- hostile members ------------------------------------------------------------------------ */

static void test_hostile_members(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    char name[101];
    memset(name, 'n', sizeof(name));
    memcpy(name + 93, ".jsonl", 7);
    add_member(tar, "/etc/../../a.jsonl", DH_STR(""));
    add_header(tar, "link.jsonl", '2', "00000000000");
    add_header(tar, "hard.jsonl", '1', "00000000000");
    add_header(tar, "device.jsonl", '3', "00000000000");
    add_header(tar, "pipe.jsonl", '6', "00000000000");
    add_member(tar, "\033[2J.jsonl", DH_STR("x"));
    add_part(tar, name, 0, 2, false);
    add_header(tar, "huge.jsonl", '0', "\x80\0\0\0\x10\0\0\0\0\0\0\0"); /* 2^60 */
    dh_buf_text(tar, "{\"doi\":\"10.5072/last\"}\n");
    import_input(fix);
    assert_int_equal(fix->result.records, 3);
    assert_int_equal(fix->result.bad, 2); /* the x, and the end that comes too early */
    assert_int_equal(access("/etc/../../a.jsonl", F_OK), -1);
}

static void test_member_with_holes(void **state)
{
    static const char text[] = "{\"doi\":\"10.5072/x\"}\n";
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    char map[64], pax[128];
    /* GNU sparse 0.1 in pax: the text stands a tebibyte behind the beginning. */
    snprintf(map, sizeof(map), "GNU.sparse.map=1099511627776,%d\n", (int)sizeof(text) - 1);
    int len = snprintf(pax, sizeof(pax), "33 GNU.sparse.size=1099511627800\n%d %s",
                       (int)strlen(map) + 3, map);
    char size[13];
    snprintf(size, sizeof(size), "%011o", (unsigned)len);
    add_header(tar, "pax", 'x', size);
    dh_buf_add(tar, pax, (size_t)len);
    while (tar->len % BLOCK)
        dh_buf_char(tar, '\0');
    add_member(tar, "sparse.jsonl", DH_STR(text));
    add_part(tar, "good.jsonl", 0, 2, false);
    end_tar(tar);
    import_input(fix);
    assert_int_equal(fix->result.bad, 1);
    assert_int_equal(fix->result.records, 2);
    assert_non_null(strstr(fix->reports[0].text, "holes"));
}

static void test_many_empty_members(void **state)
{
    enum { MANY = 50000 };
    struct fixture *fix = *state;
    for (int i = 0; i < MANY; i++)
        add_header(&fix->input, i % 2 ? "a.jsonl" : "2024-03.csv", '0', "00000000000");
    end_tar(&fix->input);
    import_input(fix);
    assert_int_equal(fix->result.members, MANY);
    assert_int_equal(fix->result.records, 0);
    assert_int_equal(fix->result.bad, 0);
}

/* ---- rows ----------------------------------------------------------------------------------- */

struct months {
    int count;
    int year[8];
    unsigned month[8];
    bool counted[8];
    uint64_t rows[8][DH_STATE__N + 1], records[8][DH_STATE__N + 1];
};

static void keep_month(void *context, const struct dh_import_month *month)
{
    struct months *months = context;
    int i = months->count++;
    assert_true(i < 8);
    months->year[i] = month->year;
    months->month[i] = month->month;
    months->counted[i] = month->counted;
    memcpy(months->rows[i], month->rows, sizeof(months->rows[i]));
    memcpy(months->records[i], month->records, sizeof(months->records[i]));
}

static void test_rows(void **state)
{
    struct fixture *fix = *state;
    struct dh_buf *tar = &fix->input;
    struct months months = {0};
    const struct dh_import_options options = {.context = &months, .month = keep_month};
    add_part(tar, "dois/updated_2024-03/part_0000.jsonl.gz", 0, 4, true);
    add_gzip(tar, "dois/updated_2024-03/2024-03.csv.gz",
             DH_STR("doi,state,client_id,updated\r\n"
                    "10.5072/r-0,findable,a.b,2024-03-01T00:00:00Z\r\n"
                    "\"10.5072/r\"\"1,\nfindable\",findable,a.b,2024-03-01T00:00:00Z\r\n"
                    "10.5072/r-2,registered,a.b,\n"
                    "\n"
                    "10.5072/r-3,lost,a.b,\n"
                    "10.5072/r-4,findable,a.b,"));
    add_part(tar, "dois/updated_2023-12/part_0000.jsonl", 10, 2, false);
    add_member(tar, "2023-11.csv", DH_STR("a,b\n1,findable\n"));
    end_tar(tar);
    assert_int_equal(
        dh_import_buffer(fix->store, dh_buf_view(tar), "test", &options, &fix->result, &fix->err),
        DH_OK);
    assert_int_equal(fix->result.bad, 1); /* a CSV without states */
    assert_int_equal(months.count, 3);
    assert_int_equal(months.year[1], 2023);
    assert_int_equal(months.month[1], 12);
    assert_false(months.counted[1]);
    assert_int_equal(months.records[1][DH_STATE_FINDABLE], 2);
    assert_true(months.counted[2]);
    assert_int_equal(months.rows[2][DH_STATE_FINDABLE], 3);
    assert_int_equal(months.rows[2][DH_STATE_REGISTERED], 1);
    assert_int_equal(months.rows[2][DH_STATE__N], 1);
    assert_int_equal(months.records[2][DH_STATE_FINDABLE], 4);
}

/* ---- going on ------------------------------------------------------------------------------- */

static void write_file(struct fixture *fix, char *path, size_t size)
{
    snprintf(path, size, "%s/data.tar", fix->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(fix->input.ptr, 1, fix->input.len, file), fix->input.len);
    assert_int_equal(fclose(file), 0);
}

static void put_progress(struct fixture *fix, struct dh_scope scope, const char *progress)
{
    scope.progress = dh_str(progress);
    scope.finished = DH_TIME_NONE;
    assert_int_equal(dh_store_begin(fix->store, &fix->err), DH_OK);
    assert_int_equal(dh_store_put_scope(fix->store, &scope, &fix->err), DH_OK);
    assert_int_equal(dh_store_commit(fix->store, &fix->err), DH_OK);
}

/* A finished import leaves nothing to go on with. */
static void assert_no_scope(struct fixture *fix)
{
    struct dh_reader *reader;
    struct dh_scope *scopes;
    struct dh_arena arena;
    size_t count;
    dh_arena_init(&arena, INPUT_MAX);
    assert_int_equal(dh_reader_open(fix->store, &reader, &fix->err), DH_OK);
    assert_int_equal(dh_store_scopes(reader, &scopes, &count, &arena, &fix->err), DH_OK);
    dh_reader_close(reader);
    assert_int_equal(count, 0);
    dh_arena_release(&arena);
}

/* The scope of a file: its name, size and time. */
static struct dh_scope scope_of(const char *path, struct dh_arena *arena)
{
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return (struct dh_scope){.url = dh_arena_format(arena, "file:%s:%lld:%lld",
                                                    strrchr(path, '/') + 1, (long long)file.st_size,
                                                    (long long)file.st_mtim.tv_sec),
                             .filter = DH_STR(""),
                             .started = dh_time_now()};
}

static void test_going_on(void **state)
{
    struct fixture *fix = *state;
    struct dh_import_options options = {.threads = 2};
    struct dh_arena arena;
    char path[64];
    const char *paths[] = {path};
    add_part(&fix->input, "a.jsonl", 0, 10, false);
    add_part(&fix->input, "b.jsonl", 10, 10, false);
    add_part(&fix->input, "c.jsonl", 20, 10, false);
    end_tar(&fix->input);
    write_file(fix, path, sizeof(path));
    dh_arena_init(&arena, INPUT_MAX);
    assert_int_equal(dh_import_files(fix->store, paths, 1, &options, &fix->result, &fix->err),
                     DH_OK);
    assert_int_equal(fix->result.resumed, 0);
    assert_no_scope(fix);

    struct dh_scope scope = scope_of(path, &arena);
    put_progress(fix, scope, "{\"members\":2,\"name\":\"b.jsonl\",\"months\":[]}");
    assert_int_equal(dh_import_files(fix->store, paths, 1, &options, &fix->result, &fix->err),
                     DH_OK);
    assert_int_equal(fix->result.resumed, 2);
    assert_int_equal(fix->result.members, 3);
    assert_int_equal(fix->result.unchanged, 10);
    assert_no_scope(fix);

    put_progress(fix, scope, "{\"members\":2,\"name\":\"b.jsonl\",\"months\":[]}");
    options.restart = true;
    assert_int_equal(dh_import_files(fix->store, paths, 1, &options, &fix->result, &fix->err),
                     DH_OK);
    assert_int_equal(fix->result.resumed, 0);
    assert_int_equal(fix->result.unchanged, 30);

    options.restart = false;
    put_progress(fix, scope, "{\"members\":2,\"name\":\"other.jsonl\",\"months\":[]}");
    assert_int_equal(dh_import_files(fix->store, paths, 1, &options, &fix->result, &fix->err),
                     DH_INVALID);
    put_progress(fix, scope, "{\"members\":\"x\"}");
    assert_int_equal(dh_import_files(fix->store, paths, 1, &options, &fix->result, &fix->err),
                     DH_CORRUPT);
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(test_layouts, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_compressed_archive, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_damaged_members, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_damaged_header, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_cut_anywhere, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_hostile_members, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_member_with_holes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_many_empty_members, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_rows, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_going_on, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
