/* A query from its text to its tree: checked, rewritten, cut into tokens, parsed. */
#include "query/lower.h"

/* White space of Unicode, as the service takes a query for blank. */
static bool blank(struct dh_str text)
{
    static const struct dh_str spaces[] = {
        {"\xe3\x80\x80", 3}, {"\xc2\xa0", 2},     {"\xc2\x85", 2},     {"\xe2\x80\xa8", 3},
        {"\xe2\x80\xa9", 3}, {"\xe2\x80\xaf", 3}, {"\xe2\x81\x9f", 3}, {"\xe1\x9a\x80", 3},
    };
    for (;;) {
        text = dh_str_trim(text);
        size_t i = 0;
        while (i < sizeof(spaces) / sizeof(spaces[0]) && !dh_str_starts(text, spaces[i]))
            i++;
        if (i == sizeof(spaces) / sizeof(spaces[0]))
            return text.len == 0;
        text = dh_str_from(text, spaces[i].len);
    }
}

/* Whether something in it gives one document another score than the next. */
static bool scored(const struct dh_node *node)
{
    if (node->kind == DH_NODE_TERM || node->kind == DH_NODE_PHRASE)
        return true;
    for (size_t i = 0; i < node->node_count; i++)
        if (node->nodes[i]->occur != DH_OCCUR_MUST_NOT && scored(node->nodes[i]))
            return true;
    return false;
}

static enum dh_status check(struct dh_lowering *l, struct dh_str given)
{
    size_t bad = dh_utf8_check(given);
    if (given.len > DH_QUERY_MAX)
        return dh_lower_refuse(l, DH_LIMIT, DH_QUERY_MAX, "a query has %d bytes at most",
                               DH_QUERY_MAX);
    if (bad < given.len)
        return dh_lower_refuse(l, DH_INVALID, bad, "the query is no UTF-8");
    return DH_OK;
}

static enum dh_status parse(struct dh_lowering *l, struct dh_rewriting *rewriting)
{
    struct dh_tokens tokens;
    enum dh_status status = check(l, rewriting->text);
    if (status == DH_OK)
        status = dh_query_rewrite(l->domain, l->query->given, rewriting, l->arena, l->err);
    if (status != DH_OK)
        return status;
    l->query->rewritten = rewriting->text;
    if (blank(rewriting->text)) {
        l->query->root = dh_node_make(l, DH_NODE_ALL, 0, 0);
        return l->query->root ? DH_OK : dh_lower_memory(l);
    }
    status = dh_query_lex(rewriting->text, &tokens, l->arena, l->err);
    return status == DH_OK ? dh_parse_tokens(l, &tokens) : status;
}

enum dh_status dh_query_parse(enum dh_query_domain domain, struct dh_str text, struct dh_query *out,
                              struct dh_str *why, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str given = dh_arena_copy(arena, text);
    struct dh_rewriting rewriting = {.text = given};
    struct dh_lowering l = {.domain = domain,
                            .rewriting = &rewriting,
                            .query = out,
                            .arena = arena,
                            .why = why,
                            .err = err};
    *out = (struct dh_query){.given = given, .rewritten = given};
    if (why)
        *why = DH_STR_NONE;
    if (!given.ptr)
        return dh_lower_memory(&l);
    enum dh_status status = parse(&l, &rewriting);
    if (status == DH_OK)
        out->scored = scored(out->root);
    else
        out->root = NULL;
    return status;
}
