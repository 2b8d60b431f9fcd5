/*
 * The query language in all domains: what parses is within its limits and can be printed, values
 * come again from their quoted form, what does not parse says where. The first byte chooses the
 * domain.
 */
#include <stdlib.h>

#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool fine)
{
    if (!fine)
        abort();
}

/* Every leaf has what the consumers of a tree rely on. Returns how many there are. */
static size_t check_node(const struct dh_node *node, unsigned depth)
{
    size_t leaves = 0;
    check(depth < DH_QUERY_DEPTH_MAX + 4 && node->boost >= 0);
    if (node->kind == DH_NODE_BOOL || node->kind == DH_NODE_BEST) {
        check(node->node_count > 0 && node->boost == 1);
        check(node->kind == DH_NODE_BOOL || node->node_count > 1);
        for (size_t i = 0; i < node->node_count; i++)
            leaves += check_node(node->nodes[i], depth + 1);
        return leaves;
    }
    if (node->kind == DH_NODE_ALL || node->kind == DH_NODE_NONE)
        return 0;
    check(node->field && node->field->source_count > 0);
    check(node->kind != DH_NODE_PHRASE || (node->word_count > 1 && node->places[0] == 0));
    check(node->kind != DH_NODE_FUZZY || (node->slop > 0 && node->slop <= 2));
    check(node->kind == DH_NODE_PHRASE || node->kind == DH_NODE_RANGE ||
          node->kind == DH_NODE_EXISTS || node->value.ptr);
    check(dh_utf8_check(node->value) == node->value.len);
    return 1;
}

/* The value of a leaf, quoted, parses to the same leaf. Activities: there nothing is rewritten. */
static void check_again(const struct dh_node *node, struct dh_arena *arena)
{
    static const char prefix[] = "activity.";
    struct dh_buf text;
    struct dh_query again;
    if (node->kind != DH_NODE_TERM || node->value.len > DH_QUERY_MAX / 4)
        return;
    dh_buf_init(&text, DH_QUERY_MAX);
    dh_buf_str(&text, dh_str_from(node->field->name, strlen(prefix)));
    dh_buf_text(&text, ":\"");
    for (size_t i = 0; i < node->value.len; i++) {
        if (node->value.ptr[i] == '"' || node->value.ptr[i] == '\\')
            dh_buf_char(&text, '\\');
        dh_buf_char(&text, node->value.ptr[i]);
    }
    dh_buf_char(&text, '"');
    check(dh_query_parse(DH_QUERY_ACTIVITIES, dh_buf_view(&text), &again, NULL, arena, NULL) ==
          DH_OK);
    check(again.root->kind == DH_NODE_TERM && dh_str_equal(again.root->value, node->value));
    dh_buf_release(&text);
}

static void check_leaves(const struct dh_node *node, struct dh_arena *arena)
{
    check_again(node, arena);
    for (size_t i = 0; i < node->node_count; i++)
        check_leaves(node->nodes[i], arena);
}

static void print(const struct dh_node *node)
{
    struct dh_buf out;
    dh_buf_init(&out, DH_BODY_MAX);
    dh_node_print(node, &out);
    check(out.status == DH_OK || out.status == DH_LIMIT);
    for (size_t i = 0; i < out.len; i++)
        check((unsigned char)out.ptr[i] >= ' ');
    dh_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_query query;
    struct dh_str why, text = {(const char *)data, size};
    struct dh_err err = {0};
    struct dh_arena arena;
    enum dh_query_domain domain =
        size ? (enum dh_query_domain)(data[0] % (DH_QUERY_EVENTS + 1)) : DH_QUERY_DOIS;
    text = dh_str_from(text, 1);
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_query_parse(domain, text, &query, &why, &arena, &err);
    if (status == DH_OK) {
        check(check_node(query.root, 0) <= DH_QUERY_CLAUSES_MAX);
        check(query.warning_count <= DH_QUERY_WARNINGS_MAX);
        for (size_t i = 0; i < query.warning_count; i++)
            check(query.warnings[i].at < text.len && query.warnings[i].text.len);
        print(query.root);
        if (domain == DH_QUERY_ACTIVITIES)
            check_leaves(query.root, &arena);
    } else {
        check((status == DH_INVALID || status == DH_LIMIT) && err.pos <= text.len);
        check(err.text[0] && why.len && dh_utf8_check(why) == why.len);
    }
    dh_arena_release(&arena);
    return 0;
}
