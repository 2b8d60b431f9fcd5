/* XML: reading into a tree with places, what is refused, recovery, encodings, writing. */
#include <pthread.h>
#include <stdlib.h>

#include "base/xml.h"
#include "test.h"

struct fixture {
    struct dh_arena arena;
    struct dh_err err;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    dh_arena_init(&fixture.arena, (size_t)1 << 30);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    dh_arena_release(&fixture->arena);
    return 0;
}

static struct dh_xml *read_bytes(struct fixture *fixture, struct dh_str text, unsigned flags)
{
    struct dh_xml *root = NULL;
    enum dh_status status = dh_xml_read(text, flags, &root, &fixture->arena, &fixture->err);
    if (status)
        fail_msg("%.*s: %s", text.len < 80 ? (int)text.len : 80, text.ptr, fixture->err.text);
    assert_non_null(root);
    return root;
}

static struct dh_xml *read_text(struct fixture *fixture, const char *text)
{
    return read_bytes(fixture, dh_str(text), DH_XML_STRICT);
}

static struct dh_str text_of(struct fixture *fixture, const struct dh_xml *element)
{
    return dh_xml_text(element, &fixture->arena);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void a_document_becomes_a_tree(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root = read_text(
        f, "<?xml version=\"1.0\"?>\n<!-- note -->\n<r xmlns='urn:a' xmlns:b='urn:b' xml:lang='de'>"
           "<x k='1 &amp; &lt;2&#62;' b:k='two'/>one<![CDATA[ <two> ]]><!-- - -->&amp;&#x4e09;"
           "<?go there?><b:x>y</b:x><y/><x>z</x></r>\n");
    assert_str(root->name, "r");
    assert_str(root->ns, "urn:a");
    assert_str(dh_xml_attr(root, "lang"), "de");
    assert_str(root->attrs->ns, "http://www.w3.org/XML/1998/namespace");
    assert_null(root->attrs->next);
    struct dh_xml *x = dh_xml_child(root, "x");
    assert_str(x->attrs->value, "1 & <2>");
    assert_str(x->attrs->next->ns, "urn:b");
    assert_null(x->first);
    assert_null(x->next->name.ptr);
    assert_str(x->next->text, "one <two> &\xE4\xB8\x89");
    assert_str(text_of(f, root), "one <two> &\xE4\xB8\x89");
    struct dh_xml *second = dh_xml_same(x);
    assert_ptr_equal(second, dh_xml_next(x));
    assert_str(second->ns, "urn:b");
    assert_str(text_of(f, second), "y");
    assert_str(text_of(f, dh_xml_child(root, "y")), "");
    assert_str(text_of(f, dh_xml_same(second)), "z");
    assert_null(dh_xml_same(dh_xml_same(second)));
    assert_ptr_equal(second->parent, root);
    assert_null(root->parent);
}

static void what_is_not_there_is_none(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root = read_text(f, "<r> <x/> text </r>");
    assert_null(dh_xml_child(root, "y"));
    assert_null(dh_xml_child(NULL, "y"));
    assert_null(dh_xml_same(NULL));
    assert_null(dh_xml_first(NULL));
    assert_null(dh_xml_first(dh_xml_first(root)));
    assert_null(dh_xml_attr(root, "k").ptr);
    assert_null(dh_xml_attr(NULL, "k").ptr);
    assert_null(text_of(f, NULL).ptr);
}

static void assert_place(const struct dh_xml *node, unsigned line, unsigned column)
{
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
}

static void places_are_those_of_the_tag(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root = read_text(f, "\n  <r\n a='1'\n b='2'>\r\n"
                                       "\xC3\xA9\xE4\xB8\x89 <x\n/><y>&lt;</y\n><z a='&#10;'/>"
                                       "<!--\n\n--> <w/></r>");
    assert_place(root, 2, 3);
    assert_place(dh_xml_child(root, "x"), 5, 4);
    assert_place(dh_xml_child(root, "y"), 6, 3);
    assert_place(dh_xml_child(root, "y")->first, 6, 6);
    assert_place(dh_xml_child(root, "z"), 7, 2);
    assert_place(dh_xml_child(root, "w"), 9, 5);
}

static void places_hold_in_long_documents(void **state)
{
    struct fixture *f = *state;
    struct dh_buf text;
    dh_buf_init(&text, 1 << 24);
    dh_buf_text(&text, "<r>\n");
    for (int i = 0; i < 20000; i++)
        dh_buf_printf(&text, "<e n='%d'>\xC3\xA9\xC3\xA8 &amp; %0*d</e>\n", i, i % 300, i);
    dh_buf_text(&text, "</r>");
    struct dh_xml *root = read_bytes(f, dh_buf_view(&text), DH_XML_STRICT);
    unsigned line = 2;
    for (struct dh_xml *e = dh_xml_first(root); e; e = dh_xml_next(e))
        assert_place(e, line++, 1);
    assert_int_equal(line, 20002);
    dh_buf_release(&text);
}

/* ---- refusing ------------------------------------------------------------------------------- */

static void assert_refused(struct fixture *f, struct dh_str text, enum dh_status code,
                           const char *message)
{
    struct dh_xml *root;
    enum dh_status status = dh_xml_read(text, DH_XML_RECOVER, &root, &f->arena, &f->err);
    assert_null(root);
    if (status != code || !strstr(f->err.text, message))
        fail_msg("%.60s: got %d `%s`, expected %d `%s`", text.ptr, status, f->err.text, code,
                 message);
    assert_in_range(f->err.pos, 0, text.len);
}

static void what_is_no_document_is_refused(void **state)
{
    static const struct {
        struct dh_str text;
        const char *message;
    } rows[] = {
        {{"", 0}, "line 1, column 1"},
        {{"   ", 3}, "line 1, column 4"},
        {{"no", 2}, "line 1, column 1"},
        {{"<", 1}, "line 1, column"},
        {{"<r>\n\xFF</r>", 9}, "not valid UTF-8 (line 2, column 1)"},
        {{"<r>\n\0</r>", 9}, "NUL byte (line 2, column 1)"},
        {{"<r>\001</r>", 8}, "line 1, column 4"},
        {{"<r><x a='1' a='2'/></r>", 23}, "redefined"},
        {{"<r>&nbsp;</r>", 13}, "the entity &nbsp; is not defined (line 1, column 10)"},
        {{"<r a='&nbsp;'/>", 15}, "the entity &nbsp; is not defined"},
        {{"<r>a & b</r>", 12}, "line 1"},
        {{"<!DOCTYPE r><r/>", 16}, "document type declaration is not allowed"},
        {{"<!DOCTYPE r [<!ENTITY a \"b\">]><r>&a;</r>", 40}, "document type declaration"},
        {{"<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\"><r/>", 50}, "document type"},
        {{"<r/><r/>", 8}, "Extra content"},
        {{"<r>", 3}, "Premature end"},
        {{"<r><x>text", 10}, "Premature end"},
        {{"<r><x a='b", 10}, "line 1, column"},
        {{"<r><x></x", 9}, "line 1, column"},
        {{"<r><![CDATA[x]]</r>", 19}, "line 1, column"},
        {{"<?xml version='1.0' encoding='EBCDIC-CP-US'?><r/>", 49}, "unknown encoding"},
        {{"\xFF\xFE<\0r\0/\0\0", 9}, "not valid UTF-16LE"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_refused(*state, rows[i].text, DH_INVALID, rows[i].message);
}

static void entities_never_grow(void **state)
{
    assert_refused(*state,
                   DH_STR("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
                          "<!ENTITY c \"&b;&b;&b;&b;&b;&b;\"><!ENTITY x SYSTEM \"/etc/passwd\">]>"
                          "<l>&c;&x;</l>"),
                   DH_INVALID, "document type declaration");
}

static struct dh_str repeat(struct dh_buf *text, const char *front, const char *part, size_t count,
                            const char *back)
{
    dh_buf_init(text, DH_DOCUMENT_MAX * 2);
    dh_buf_text(text, front);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(text, part);
    dh_buf_text(text, back);
    return dh_buf_view(text);
}

static void limits_hold(void **state)
{
    static char page[1024 + 1];
    memset(page, 'a', sizeof(page) - 1);
    const struct {
        const char *front, *part;
        size_t count;
        const char *back, *message;
    } rows[] = {
        {"", "<a>", DH_XML_DEPTH_MAX + 1, "", "nested too deeply"},
        {"", "<a>", 1024 * 1024, "", "nested too deeply"},
        {"<r>", "<a/>", DH_XML_NODES_MAX, "</r>", "too many elements"},
        {"<r ", "a='' ", 1024 * 1024, "/>", "too many attributes"},
        {"<!---> <r \" --><r ", "a='' ", DH_XML_ATTRS_MAX + 1, "/>", "too many attributes"},
        {"", page, DH_DOCUMENT_MAX / (sizeof(page) - 1) + 1, "", "larger than"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_buf text;
        struct fixture *f = *state;
        assert_refused(f, repeat(&text, rows[i].front, rows[i].part, rows[i].count, rows[i].back),
                       DH_LIMIT, rows[i].message);
        dh_buf_release(&text);
        dh_arena_clear(&f->arena);
    }
}

static void namespaces_in_scope_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct dh_buf text;
    dh_buf_init(&text, 1 << 20);
    dh_buf_text(&text, "<r>");
    for (int i = 0; i < 1000; i++) /* one after the other is no matter */
        dh_buf_text(&text, "<m:x xmlns:m='urn:m'/>");
    read_bytes(f, (dh_buf_text(&text, "</r>"), dh_buf_view(&text)), DH_XML_STRICT);
    dh_buf_clear(&text);
    for (int depth = 0; depth < 3; depth++) {
        dh_buf_text(&text, "<r");
        for (int i = 0; i < 100; i++)
            dh_buf_printf(&text, " xmlns:n%d_%d='urn:x'", depth, i);
        dh_buf_text(&text, ">");
    }
    assert_refused(f, dh_buf_view(&text), DH_LIMIT, "too many namespaces");
    dh_buf_release(&text);
}

static void a_huge_attribute_ends_soon(void **state)
{
    struct fixture *f = *state;
    struct dh_buf text;
    struct dh_xml *root;
    struct dh_str whole = repeat(&text, "<r a='", "attribute ", 1200000, "'/>");
    enum dh_status status = dh_xml_read(whole, DH_XML_RECOVER, &root, &f->arena, &f->err);
    assert_int_not_equal(status, DH_OK); /* libxml2 has a ceiling of its own */
    dh_buf_release(&text);
}

static void an_arena_too_small_is_no_crash(void **state)
{
    struct dh_str text = DH_STR("<r a='b'>one<x>two</x>three<y k='v'/></r>");
    (void)state;
    for (size_t max = 0; max < 2000; max += 16) {
        struct dh_arena arena;
        struct dh_err err;
        struct dh_xml *root;
        dh_arena_init(&arena, max);
        enum dh_status status = dh_xml_read(text, DH_XML_STRICT, &root, &arena, &err);
        assert_true(status == DH_OK || (status == DH_MEMORY && !root));
        dh_arena_release(&arena);
        if (status == DH_OK)
            return;
    }
    fail_msg("2,000 bytes are not enough");
}

/* ---- recovery ------------------------------------------------------------------------------- */

static void wrong_end_tags_are_mended_on_demand(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root;
    struct dh_str text = DH_STR("<r>\n<a><b>one</c></a>\n<d>two</d></r>");
    assert_int_equal(dh_xml_read(text, DH_XML_STRICT, &root, &f->arena, &f->err), DH_INVALID);
    assert_non_null(strstr(f->err.text, "mismatch"));
    assert_non_null(strstr(f->err.text, "(line 2, column"));
    root = read_bytes(f, text, DH_XML_RECOVER);
    assert_str(text_of(f, dh_xml_child(dh_xml_child(root, "a"), "b")), "one");
    assert_str(text_of(f, dh_xml_child(root, "d")), "two");
}

static void a_missing_end_tag_is_mended(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root = read_bytes(f, DH_STR("<r><a><b>one</a><c>two</c></r>"), DH_XML_RECOVER);
    assert_str(text_of(f, dh_xml_child(dh_xml_child(root, "a"), "b")), "one");
    assert_str(text_of(f, dh_xml_child(dh_xml_child(root, "a"), "c")), "two");
}

static void recovery_never_drops_what_follows(void **state)
{
    struct fixture *f = *state;
    read_bytes(f, DH_STR("<r><a>one</b></a></r>\n"), DH_XML_RECOVER);
    assert_refused(f, DH_STR("<r><a>one</b></a><c>two</c></r>"), DH_INVALID, "Extra content");
}

static void prefixes_without_namespace_are_mended(void **state)
{
    struct fixture *f = *state;
    struct dh_str text = DH_STR("<r xsi:schemaLocation='a b'><p:x>one</p:x></r>");
    struct dh_xml *root = read_bytes(f, text, DH_XML_RECOVER);
    assert_str(text_of(f, dh_xml_child(root, "x")), "one");
    assert_str(dh_xml_attr(root, "schemaLocation"), "a b");
    assert_int_equal(dh_xml_read(text, DH_XML_STRICT, &root, &f->arena, &f->err), DH_INVALID);
}

/* ---- encodings ------------------------------------------------------------------------------ */

/* Each byte of ASCII as one of UTF-16. */
static struct dh_str wide(struct fixture *f, const char *front, size_t front_len, const char *text,
                          bool big)
{
    size_t len = strlen(text);
    char *out = dh_arena_alloc(&f->arena, front_len + 2 * len);
    memcpy(out, front, front_len);
    for (size_t i = 0; i < len; i++)
        out[front_len + 2 * i + big] = text[i];
    return (struct dh_str){out, front_len + 2 * len};
}

static void encodings_are_converted(void **state)
{
    struct fixture *f = *state;
    const char *declared = "<?xml version='1.0' encoding='UTF-16'?>\n<r>x</r>";
    struct dh_str rows[] = {
        wide(f, "\xFF\xFE", 2, declared, false),
        wide(f, "\xFE\xFF", 2, declared, true),
        wide(f, "", 0, "<r>x</r>", false),
        wide(f, "", 0, "<r>x</r>", true),
        DH_STR("\xEF\xBB\xBF \n<r>x</r>"),
        DH_STR("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><r>x</r>"),
        DH_STR("<?xml version='1.0' encoding='UTF-16'?><r>x</r>"), /* so it says */
        DH_STR("\n <?xml version='1.0'?><r>x</r>"),
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_str(text_of(f, read_bytes(f, rows[i], DH_XML_STRICT)), "x");
    assert_str(
        text_of(f, read_text(f, "<?xml version='1.0' encoding = \"iso-8859-1\" ?><r>\xE9</r>")),
        "\xC3\xA9");
    assert_str(
        text_of(f, read_text(f, "<?xml version='1.0' encoding='Shift_JIS'?><r>\x8E\x4F</r>")),
        "\xE4\xB8\x89");
}

static void faults_are_placed_in_the_bytes_that_came(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root;
    struct dh_str text = wide(f, "\xFF\xFE", 2, "<r>\n<x>&no;</x></r>", false);
    assert_int_equal(dh_xml_read(text, 0, &root, &f->arena, &f->err), DH_INVALID);
    assert_int_equal(f->err.pos, 2 + 2 * strlen("<r>\n<x>&no;"));
    assert_non_null(strstr(f->err.text, "(line 2, column 8)"));
    text = DH_STR("\xEF\xBB\xBF<r>\xC3\xA9&no;</r>");
    assert_int_equal(dh_xml_read(text, 0, &root, &f->arena, &f->err), DH_INVALID);
    assert_int_equal(f->err.pos, 3 + 3 + 2 + 4);
}

/* ---- threads -------------------------------------------------------------------------------- */

static void *read_often(void *failed)
{
    for (int i = 0; i < 200; i++) {
        struct dh_arena arena;
        struct dh_err err;
        struct dh_xml *root;
        dh_arena_init(&arena, 1 << 20);
        bool fine = !dh_xml_read(DH_STR("<r><a>&amp;</a></r>"), 0, &root, &arena, &err) &&
                    dh_xml_read(DH_STR("<r><a></r>"), 0, &root, &arena, &err) == DH_INVALID;
        dh_arena_release(&arena);
        if (!fine)
            return failed;
    }
    return NULL;
}

static void threads_read_at_once(void **state)
{
    pthread_t threads[4];
    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &threads), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static void assert_written(struct dh_xml *root, const char *expected)
{
    struct dh_buf out;
    dh_buf_init(&out, 1 << 20);
    dh_xml_write(&out, root);
    assert_int_equal(out.status, DH_OK);
    assert_str(dh_buf_view(&out), expected);
    dh_buf_release(&out);
}

static void a_tree_is_written_indented(void **state)
{
    struct fixture *f = *state;
    struct dh_arena *arena = &f->arena;
    struct dh_xml *root = dh_xml_add(arena, NULL, "r");
    dh_xml_set(arena, root, "xmlns", DH_STR("urn:a"));
    struct dh_xml *list = dh_xml_add(arena, root, "list");
    struct dh_xml *item = dh_xml_add_text(arena, list, "item", DH_STR("a\nb"));
    dh_xml_set(arena, item, "xml:lang", DH_STR("de"));
    dh_xml_set(arena, item, "none", DH_STR_NONE);
    struct dh_xml *none = dh_xml_add_text(arena, list, "none", DH_STR_NONE);
    struct dh_xml *empty = dh_xml_add_text(arena, root, "empty", DH_STR(""));
    assert_written(root, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<r xmlns=\"urn:a\">\n"
                         "  <list>\n"
                         "    <item xml:lang=\"de\">a\nb</item>\n"
                         "    <none/>\n"
                         "  </list>\n"
                         "  <empty/>\n"
                         "</r>\n");
    assert_int_equal(root->line, 2);
    assert_int_equal(item->line, 4);
    assert_int_equal(none->line, 6);
    assert_int_equal(empty->line, 8);
}

static void what_was_read_is_written_again(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root =
        read_text(f, "<r>\n  <t>a <b>bold</b> <i/>c\n</t>\n\n <u> </u>\n<v>\n<w>x</w></v></r>");
    assert_written(root, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<r>\n"
                         "  <t>a <b>bold</b> <i/>c\n</t>\n"
                         "  <u> </u>\n"
                         "  <v>\n"
                         "    <w>x</w>\n"
                         "  </v>\n"
                         "</r>\n");
    assert_int_equal(dh_xml_child(root, "u")->line, 5);
}

static void escapes_suit_the_place(void **state)
{
    (void)state;
    struct dh_buf out;
    struct dh_str text = DH_STR("<&>\"'\r\n\t\001\0\x7F\xEF\xBF\xBE\xEF\xBF\xBD\xFF\xC3\xA9");
    dh_buf_init(&out, 1000);
    dh_xml_escape(&out, text, false);
    assert_str(dh_buf_view(&out), "&lt;&amp;&gt;\"'&#13;\n\t\x7F\xEF\xBF\xBD\xC3\xA9");
    dh_buf_clear(&out);
    dh_xml_escape(&out, text, true);
    assert_str(dh_buf_view(&out), "&lt;&amp;&gt;&quot;'&#13;&#10;&#9;\x7F\xEF\xBF\xBD\xC3\xA9");
    dh_buf_release(&out);
}

static void a_tree_with_a_gap_is_not_written(void **state)
{
    (void)state;
    for (size_t max = 0; max < 1000; max += 16) {
        struct dh_arena arena;
        struct dh_buf out;
        dh_arena_init(&arena, max);
        dh_buf_init(&out, 1000);
        struct dh_xml *root = dh_xml_add(&arena, NULL, "r");
        struct dh_xml *child = dh_xml_add(&arena, root, "x");
        dh_xml_set(&arena, child, "k", DH_STR("v"));
        dh_xml_add_text(&arena, child, "y", DH_STR("text"));
        dh_xml_write(&out, root);
        bool whole = out.status == DH_OK;
        assert_int_equal(whole, out.len > 0);
        if (whole)
            assert_str(dh_str_from(dh_buf_view(&out), 39),
                       "<r>\n  <x k=\"v\">\n    <y>text</y>\n  </x>\n</r>\n");
        dh_buf_release(&out);
        dh_arena_release(&arena);
        if (whole)
            return;
    }
    fail_msg("1,000 bytes are not enough");
}

static void depth_is_bounded_when_writing(void **state)
{
    struct fixture *f = *state;
    struct dh_xml *root = dh_xml_add(&f->arena, NULL, "r"), *open = root;
    struct dh_buf out;
    dh_buf_init(&out, 1 << 20);
    for (int i = 0; i < DH_XML_DEPTH_MAX; i++)
        open = dh_xml_add(&f->arena, open, "x");
    dh_xml_write(&out, root);
    assert_int_equal(out.status, DH_LIMIT);
    dh_buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_document_becomes_a_tree),
        TEST(what_is_not_there_is_none),
        TEST(places_are_those_of_the_tag),
        TEST(places_hold_in_long_documents),
        TEST(what_is_no_document_is_refused),
        TEST(entities_never_grow),
        TEST(limits_hold),
        TEST(namespaces_in_scope_are_bounded),
        TEST(a_huge_attribute_ends_soon),
        TEST(an_arena_too_small_is_no_crash),
        TEST(wrong_end_tags_are_mended_on_demand),
        TEST(a_missing_end_tag_is_mended),
        TEST(recovery_never_drops_what_follows),
        TEST(prefixes_without_namespace_are_mended),
        TEST(encodings_are_converted),
        TEST(faults_are_placed_in_the_bytes_that_came),
        TEST(threads_read_at_once),
        TEST(a_tree_is_written_indented),
        TEST(what_was_read_is_written_again),
        TEST(escapes_suit_the_place),
        TEST(a_tree_with_a_gap_is_not_written),
        TEST(depth_is_bounded_when_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
