/* HTML in metadata: which tags stay, what becomes of the rest, white space. */
#include <stdlib.h>

#include "base/html.h"
#include "test.h"

static struct dh_arena arena;

static int set_up(void **state)
{
    (void)state;
    dh_arena_init(&arena, (size_t)1 << 28);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

static void assert_clean(const char *text, const char *expected)
{
    assert_str(dh_html_clean(&arena, dh_str(text), DH_HTML_SQUISH), expected);
}

struct row {
    const char *text, *expected;
};

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_clean(rows[i].text, rows[i].expected);
}

#define ASSERT_ROWS(rows) assert_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void some_tags_stay(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"<strong>a</strong><em>b</em><b>c</b><i>d</i>",
         "<strong>a</strong><em>b</em><b>c</b><i>d</i>"},
        {"<code>a</code> <pre>b</pre> <sub>c</sub><sup>d</sup><br>",
         "<code>a</code> <pre>b</pre> <sub>c</sub><sup>d</sup><br>"},
        {"H<SUB>2</SUB>O<br/>", "H<sub>2</sub>O<br>"},
        {"<p>one</p><span style='x'>two</span> <a href=\"u\">three</a>", "onetwo three"},
        {"<jats:p>one</jats:p>", "one"},
        {"a<!-- <b>no</b> -->b<?go x?>c<!DOCTYPE x>d", "abcd"},
        {"<b onclick='x' title='a &lt; \"b\"' class=c lang>t</b>",
         "<b title=\"a &lt; &quot;b&quot;\" class=\"c\" lang=\"\">t</b>"},
        {"<script>if (a < b) c()</script>", "if (a &lt; b) c()"},
        {"one<html><body class='x'>two</body></html>three", "onetwothree"},
    };
    ASSERT_ROWS(rows);
}

static void what_is_open_is_closed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a <b>bold <i>both", "a <b>bold <i>both</i></b>"},
        {"a <b>x <i>y</b> z</i>", "a <b>x <i>y</i></b> z"},
        {"a</b>c", "ac"},
        {"<ul><li>one <b>x<li>two</ul>", "one <b>x</b>two"},
    };
    for (size_t i = 0; i < 3; i++)
        assert_clean(rows[i].text, rows[i].expected);
    assert_non_null(dh_html_clean(&arena, dh_str(rows[3].text), 0).ptr);
}

static void entities_are_decoded_and_escaped_again(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"A & B", "A &amp; B"},
        {"A &amp; B &lt;i&gt; &quot;x&quot; &#39;", "A &amp; B &lt;i&gt; \"x\" '"},
        {"&eacute;&alpha;&#x4e09;&#233;", "\xC3\xA9\xCE\xB1\xE4\xB8\x89\xC3\xA9"},
        {"AT&T &nosuch; &copy", "AT&amp;T &amp;nosuch; &amp;copy"},
        {"1 < 2 > 0 <= 3 <- <3 < b", "1 &lt; 2 &gt; 0 &lt;= 3 &lt;- &lt;3 &lt; b"},
        {"a&nbsp;&nbsp;b", "a b"},
    };
    ASSERT_ROWS(rows);
}

static void nothing_is_lost_to_a_tag_without_end(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"p <word and the rest", "p &lt;word and the rest"},
        {"p <word and <b>bold</b>", "p &lt;word and <b>bold</b>"},
        {"p <a href='x>rest", "p &lt;a href='x&gt;rest"},
        {"p <!-- rest", "p &lt;!-- rest"},
        {"p <? rest >", "p &lt;? rest &gt;"},
        {"p <", "p &lt;"},
        {"p </", "p &lt;/"},
        {"p </b", "p &lt;/b"},
        {"<b", "&lt;b"},
        {"<b title=", "&lt;b title="},
        {"<b title=\"", "&lt;b title=\""},
    };
    ASSERT_ROWS(rows);
}

static void white_space_is_squished(void **state)
{
    (void)state;
    assert_clean(" \n a\t\tb \xC2\xA0\xE2\x80\x83 c\r\n", "a b c");
    assert_clean("<b> a </b> \n <i> b</i>", "<b> a </b> <i> b</i>");
    assert_clean("  \xC2\xA0 ", "");
    assert_str(dh_squish(&arena, DH_STR("\xE3\x80\x80 a <b>&amp;\n\n ")), "a <b>&amp;");
    assert_str(dh_squish(&arena, DH_STR("")), "");
}

static void newlines_stay_on_demand(void **state)
{
    (void)state;
    struct dh_str text = DH_STR("\n one \t two\n\n  three & \xC2\xA0\xC2\xA0 four \n");
    assert_str(dh_html_clean(&arena, text, DH_HTML_NEWLINES),
               "one two\n\n three &amp; \xC2\xA0\xC2\xA0 four");
    assert_str(dh_html_clean(&arena, DH_STR("<p>a\nb</p>\n<br>\nc"), DH_HTML_NEWLINES),
               "a\nb\n<br>\nc");
}

static void bad_bytes_do_no_harm(void **state)
{
    (void)state;
    assert_str(dh_html_clean(&arena, DH_STR("a\xFF<b>\xC3</b>\xE4\xB8"), 0), "a<b></b>");
    assert_str(dh_html_clean(&arena, DH_STR("a\0\033b\f\vc\357\277\277d>"), 0), "ab cd&gt;");
    assert_str(dh_html_clean(&arena, DH_STR("<i>a\0\033b\f\vc\357\277\276</i>"), 0), "<i>ab c</i>");
    assert_non_null(dh_html_clean(&arena, DH_STR("a\0b<i>\0\001</i>c&#0;&#xD800;"), 0).ptr);
    assert_non_null(dh_html_clean(&arena, DH_STR("<b \0='\0'>x</b>"), 0).ptr);
}

static char *repeat(const char *part, size_t size)
{
    size_t len = strlen(part);
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = part[i % len];
    text[size] = '\0';
    return text;
}

enum { LONG = 512 * 1024 };

/* Each of these would take libxml2 minutes, or a stack, when it came as it is. */
static void long_texts_end_soon(void **state)
{
    (void)state;
    static const char *const parts[] = {"<b>",      "<div>", "<div></p>",  "<b><i></b>", "<!a",
                                        "<!--",     "<x ",   "<x y='",     "&amp;",      "&",
                                        "<b a='1'", "</b>",  "<p><b><i>a", "<li><b>",    "<b <i>"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char *text = repeat(parts[i], LONG);
        assert_non_null(dh_html_clean(&arena, dh_str(text), DH_HTML_SQUISH).ptr);
        free(text);
        dh_arena_clear(&arena);
    }
    char *attributes = repeat("a='1' ", LONG);
    memcpy(attributes, "<b ", 3);
    attributes[LONG - 1] = '>';
    assert_non_null(dh_html_clean(&arena, dh_str(attributes), DH_HTML_SQUISH).ptr);
    free(attributes);
}

static void beyond_the_limits_text_is_escaped(void **state)
{
    (void)state;
    char *text = repeat("<b>", DH_HTML_MAX + 2);
    struct dh_str clean = dh_html_clean(&arena, dh_str(text), DH_HTML_SQUISH);
    assert_true(dh_str_starts(clean, DH_STR("&lt;b&gt;&lt;b&gt;")));
    free(text);
    text = repeat("<b>", 3 * 1000);
    clean = dh_html_clean(&arena, dh_str(text), DH_HTML_SQUISH);
    assert_true(dh_str_starts(clean, DH_STR("&lt;b&gt;")));
    free(text);
    text = repeat("<b>", 3 * 200);
    clean = dh_html_clean(&arena, dh_str(text), DH_HTML_SQUISH);
    assert_true(dh_str_starts(clean, DH_STR("<b><b>")));
    free(text);
}

static void an_arena_too_small_gives_none(void **state)
{
    (void)state;
    struct dh_arena small;
    dh_arena_init(&small, 8);
    assert_null(dh_html_clean(&small, DH_STR("<b>a text</b> of some length"), 0).ptr);
    assert_null(dh_squish(&small, DH_STR("a text of some length")).ptr);
    dh_arena_release(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(some_tags_stay),
        TEST(what_is_open_is_closed),
        TEST(entities_are_decoded_and_escaped_again),
        TEST(nothing_is_lost_to_a_tag_without_end),
        TEST(white_space_is_squished),
        TEST(newlines_stay_on_demand),
        TEST(bad_bytes_do_no_harm),
        TEST(long_texts_end_soon),
        TEST(beyond_the_limits_text_is_escaped),
        TEST(an_arena_too_small_gives_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
