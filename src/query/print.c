/* Trees as one line of text. */
#include <math.h>

#include "query/tree.h"

static void add_char(struct dh_buf *out, char c)
{
    if ((unsigned char)c < ' ' || c == 0x7f)
        dh_buf_printf(out, "\\u%04X", (unsigned)c);
    else
        dh_buf_char(out, c);
}

/* Text with a backslash before each byte of `special`. */
static void add_text(struct dh_buf *out, struct dh_str text, const char *special)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c && strchr(special, c))
            dh_buf_char(out, '\\');
        add_char(out, c);
    }
}

static const char in_term[] = " +-!():^[]\"{}~*?\\/", in_quotes[] = "\"\\", in_range[] = " \"]}\\";

static void add_value(struct dh_buf *out, struct dh_str text)
{
    if (!text.len)
        dh_buf_text(out, "\"\"");
    add_text(out, text, in_term);
}

/* ---- leaves --------------------------------------------------------------------------------- */

static void print_term(const struct dh_node *node, struct dh_buf *out)
{
    add_value(out, node->value);
}

static void print_phrase(const struct dh_node *node, struct dh_buf *out)
{
    dh_buf_char(out, '"');
    for (size_t i = 0; i < node->word_count; i++) {
        uint32_t step = i ? node->places[i] - node->places[i - 1] : 0;
        dh_buf_text(out, i ? " " : "");
        for (; step > 1; step--)
            dh_buf_text(out, "_ ");
        add_text(out, node->words[i], in_quotes);
    }
    dh_buf_printf(out, "\"~%u", node->slop);
}

static void print_prefix(const struct dh_node *node, struct dh_buf *out)
{
    add_text(out, node->value, in_term);
    dh_buf_char(out, '*');
}

static void print_glob(const struct dh_node *node, struct dh_buf *out)
{
    add_text(out, node->value, "");
}

static void print_fuzzy(const struct dh_node *node, struct dh_buf *out)
{
    add_value(out, node->value);
    dh_buf_printf(out, "~%u", node->slop);
}

static void print_regex(const struct dh_node *node, struct dh_buf *out)
{
    dh_buf_char(out, '/');
    add_text(out, node->value, "");
    dh_buf_char(out, '/');
}

static void add_string_bound(struct dh_buf *out, struct dh_str bound)
{
    if (!bound.ptr)
        dh_buf_char(out, '*');
    else if (!bound.len)
        dh_buf_text(out, "\"\"");
    else if (dh_str_equal(bound, DH_STR("*")))
        dh_buf_text(out, "\\*");
    else
        add_text(out, bound, in_range);
}

static void add_time(struct dh_buf *out, int64_t time)
{
    static const int64_t first = -62167219200000, last = 253402300799999; /* years 0 to 9999 */
    char text[DH_TIME_TEXT_MAX];
    if (time < first || time > last) {
        dh_buf_int(out, time);
        return;
    }
    size_t length = dh_time_format(time, true, text);
    dh_buf_add(out, text, length);
}

static void add_integer_bound(struct dh_buf *out, enum dh_index type, int64_t bound, bool open)
{
    if (open)
        dh_buf_char(out, '*');
    else if (type == DH_INDEX_DATE)
        add_time(out, bound);
    else
        dh_buf_int(out, bound);
}

static void add_float_bound(struct dh_buf *out, double bound)
{
    if (isinf(bound))
        dh_buf_char(out, '*');
    else
        dh_buf_printf(out, "%.17g", bound);
}

static void print_range(const struct dh_node *node, struct dh_buf *out)
{
    const struct dh_range *range = &node->range;
    enum dh_index type = node->field->type;
    bool whole = type == DH_INDEX_DATE || type == DH_INDEX_INTEGER || type == DH_INDEX_BOOLEAN;
    bool strings = !whole && type != DH_INDEX_FLOAT;
    bool low_in = whole || range->low_inclusive, high_in = whole || range->high_inclusive;
    if (strings) {
        low_in = low_in || !range->low.ptr;
        high_in = high_in || !range->high.ptr;
    }
    dh_buf_char(out, low_in ? '[' : '{');
    if (strings)
        add_string_bound(out, range->low);
    else if (whole)
        add_integer_bound(out, type, range->least, range->least <= INT64_MIN + 1);
    else
        add_float_bound(out, range->from);
    dh_buf_text(out, " TO ");
    if (strings)
        add_string_bound(out, range->high);
    else if (whole)
        add_integer_bound(out, type, range->most, range->most == INT64_MAX);
    else
        add_float_bound(out, range->to);
    dh_buf_char(out, high_in ? ']' : '}');
}

static void print_exists(const struct dh_node *node, struct dh_buf *out)
{
    (void)node;
    dh_buf_char(out, '*');
}

/* ---- nodes ---------------------------------------------------------------------------------- */

static void print_children(const struct dh_node *node, struct dh_buf *out)
{
    static const char *const signs[] = {
        [DH_OCCUR_MUST] = "+", [DH_OCCUR_SHOULD] = "", [DH_OCCUR_MUST_NOT] = "-"};
    for (size_t i = 0; i < node->node_count; i++) {
        const struct dh_node *child = node->nodes[i];
        dh_buf_text(out, i ? " " : "");
        if (node->kind == DH_NODE_BOOL)
            dh_buf_text(out, signs[child->occur]);
        if (child->kind == DH_NODE_BOOL)
            dh_buf_char(out, '(');
        dh_node_print(child, out);
        if (child->kind == DH_NODE_BOOL)
            dh_buf_char(out, ')');
    }
}

static void print_joined(const struct dh_node *node, struct dh_buf *out)
{
    if (node->kind == DH_NODE_BEST)
        dh_buf_text(out, "best(");
    print_children(node, out);
    if (node->kind == DH_NODE_BEST)
        dh_buf_char(out, ')');
}

static void print_all(const struct dh_node *node, struct dh_buf *out)
{
    (void)node;
    dh_buf_text(out, "*:*");
}

static void print_none(const struct dh_node *node, struct dh_buf *out)
{
    dh_buf_text(out, "none(");
    if (node->field)
        add_value(out, node->field->name);
    dh_buf_char(out, ')');
}

static void (*const printers[])(const struct dh_node *, struct dh_buf *) = {
    [DH_NODE_ALL] = print_all,       [DH_NODE_NONE] = print_none,   [DH_NODE_BOOL] = print_joined,
    [DH_NODE_BEST] = print_joined,   [DH_NODE_TERM] = print_term,   [DH_NODE_PHRASE] = print_phrase,
    [DH_NODE_PREFIX] = print_prefix, [DH_NODE_GLOB] = print_glob,   [DH_NODE_FUZZY] = print_fuzzy,
    [DH_NODE_REGEX] = print_regex,   [DH_NODE_RANGE] = print_range, [DH_NODE_EXISTS] = print_exists,
};

void dh_node_print(const struct dh_node *node, struct dh_buf *out)
{
    if (node->kind >= DH_NODE_TERM) {
        dh_buf_str(out, node->field->name);
        dh_buf_char(out, ':');
    }
    printers[node->kind](node, out);
    if (node->boost != 1)
        dh_buf_printf(out, "^%g", node->boost);
}
