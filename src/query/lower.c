/* From a target and what is asked of it to nodes: default fields, patterns of names, unknown names.
 */
#include "query/lower.h"

#include <stdarg.h>
#include <stdio.h>

#include "query/names.h"

/* ---- failures and warnings ------------------------------------------------------------------ */

enum dh_status dh_lower_memory(struct dh_lowering *l)
{
    return dh_fail(l->err, DH_MEMORY, "out of memory while a query was read");
}

/* What is quoted may be anything, and the sentences go to terminals and into JSON. */
static void make_plain(struct dh_str copy)
{
    char *text = (char *)copy.ptr;
    for (size_t i = 0; i < copy.len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            text[i] = ' ';
}

static void tell_why(struct dh_lowering *l, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void tell_why(struct dh_lowering *l, const char *format, va_list args)
{
    char text[sizeof(((struct dh_err *)0)->text)];
    vsnprintf(text, sizeof(text), format, args);
    if (!l->why)
        return;
    struct dh_str copy = dh_arena_copy(l->arena, dh_str(text));
    make_plain(copy);
    *l->why = dh_utf8_clean(l->arena, copy);
}

/* As much of a text as fits, cut between characters. */
static struct dh_str cut(struct dh_str text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max && ((unsigned char)text.ptr[max] & 0xc0) == 0x80)
        max--;
    return (struct dh_str){text.ptr, max};
}

enum dh_status dh_lower_refuse(struct dh_lowering *l, enum dh_status code, size_t at,
                               const char *why, ...)
{
    enum { ROOM = sizeof(((struct dh_err *)0)->text) - sizeof("Failed to parse query [...]") };
    struct dh_str text = l->rewriting->text, shown = cut(text, ROOM);
    va_list args;
    va_start(args, why);
    tell_why(l, why, args);
    va_end(args);
    return dh_fail_at(l->err, code, dh_rewriting_origin(l->rewriting, at),
                      "Failed to parse query [%.*s%s]", DH_STR_ARG(shown),
                      shown.len < text.len ? "..." : "");
}

enum dh_status dh_lower_fail(struct dh_lowering *l, size_t at, const char *text, ...)
{
    char line[sizeof(((struct dh_err *)0)->text)];
    va_list args;
    va_start(args, text);
    vsnprintf(line, sizeof(line), text, args);
    va_end(args);
    return dh_fail_at(l->err, DH_INVALID, dh_rewriting_origin(l->rewriting, at), "%s", line);
}

void dh_lower_tell(struct dh_lowering *l, const char *why, ...)
{
    va_list args;
    va_start(args, why);
    tell_why(l, why, args);
    va_end(args);
}

enum { SHOWN_NAME_MAX = 64 };

static struct dh_str warning_text(struct dh_lowering *l, struct dh_str name)
{
    struct dh_str hint = dh_name_hint(l->domain, name), shown = cut(name, SHOWN_NAME_MAX);
    const char *dots = shown.len < name.len ? "..." : "";
    if (!hint.len)
        return dh_arena_format(l->arena,
                               "no field is called \"%.*s%s\"; if it is text, put it in quotation "
                               "marks",
                               DH_STR_ARG(shown), dots);
    return dh_arena_format(l->arena, "no field is called \"%.*s%s\"; %.*s is", DH_STR_ARG(shown),
                           dots, DH_STR_ARG(hint));
}

enum dh_status dh_lower_warn_unknown(struct dh_lowering *l, struct dh_str name, size_t at)
{
    struct dh_query *q = l->query;
    if (!q->warnings)
        q->warnings = dh_arena_array(l->arena, DH_QUERY_WARNINGS_MAX, sizeof(*q->warnings));
    if (!q->warnings)
        return dh_lower_memory(l);
    for (size_t i = 0; i < q->warning_count; i++)
        if (dh_str_equal(l->unknown[i], name))
            return DH_OK;
    if (q->warning_count == DH_QUERY_WARNINGS_MAX)
        return DH_OK;
    struct dh_str text = warning_text(l, name);
    if (!text.ptr)
        return dh_lower_memory(l);
    make_plain(text);
    l->unknown[q->warning_count] = name;
    q->warnings[q->warning_count++] =
        (struct dh_query_warning){dh_rewriting_origin(l->rewriting, at), text};
    return DH_OK;
}

/* ---- several fields ------------------------------------------------------------------------- */

static enum dh_status add_field(struct dh_lowering *l, struct dh_str name, double boost,
                                struct dh_ask *ask, struct dh_clauses *to)
{
    const struct dh_field *field = dh_field_find(l->domain, name, l->arena);
    struct dh_node *node;
    if (!field)
        return dh_lower_memory(l);
    enum dh_status status = dh_lower_field(l, field, ask, &node);
    if (status != DH_OK || !node)
        return status;
    dh_node_boost(node, boost);
    return dh_clauses_add(l, to, DH_CONJUNCTION_NONE, false, node);
}

/* One text in several fields: the best of them counts. */
static enum dh_status join(struct dh_lowering *l, const struct dh_ask *ask,
                           const struct dh_clauses *nodes, struct dh_node **out)
{
    *out = nodes->count ? nodes->items[0] : NULL;
    if (nodes->count <= 1)
        return DH_OK;
    *out = dh_node_make(l, DH_NODE_BEST, ask->at, ask->end);
    if (!*out)
        return dh_lower_memory(l);
    (*out)->nodes = nodes->items;
    (*out)->node_count = nodes->count;
    for (size_t i = 0; i < nodes->count; i++)
        nodes->items[i]->occur = DH_OCCUR_SHOULD;
    return DH_OK;
}

static enum dh_status in_default_fields(struct dh_lowering *l, struct dh_ask *ask,
                                        struct dh_node **out)
{
    struct dh_clauses nodes = {0};
    if (ask->kind == DH_ASK_EXISTS) /* every document has an identifier */
        return dh_lower_leaf(l, DH_NODE_ALL, NULL, ask, out);
    for (const struct dh_default_field *row = dh_default_fields(l->domain); row->name; row++) {
        enum dh_status status = add_field(l, dh_str(row->name), row->boost, ask, &nodes);
        if (status != DH_OK)
            return status;
    }
    return join(l, ask, &nodes, out);
}

static enum dh_status unknown(struct dh_lowering *l, const struct dh_ask *ask, struct dh_str name,
                              size_t at, struct dh_node **out)
{
    struct dh_field *field = dh_arena_alloc(l->arena, sizeof(*field));
    if (!field)
        return dh_lower_memory(l);
    field->name = name;
    enum dh_status status = dh_lower_leaf(l, DH_NODE_NONE, field, ask, out);
    return status == DH_OK ? dh_lower_warn_unknown(l, name, at) : status;
}

static enum dh_status in_matching_fields(struct dh_lowering *l, const struct dh_target *target,
                                         struct dh_str pattern, struct dh_ask *ask,
                                         struct dh_node **out)
{
    struct dh_clauses nodes = {0};
    struct dh_str name;
    bool any = false;
    ask->lenient = true;
    for (size_t at = 0; dh_names_next(l->domain, pattern, &at, &name); any = true) {
        enum dh_status status = add_field(l, name, 1, ask, &nodes);
        if (status != DH_OK)
            return status;
    }
    if (!any)
        return unknown(l, ask, target->name, target->at, out);
    return join(l, ask, &nodes, out);
}

/* ---- one name ------------------------------------------------------------------------------- */

/* "creators" stands for all its members. */
static enum dh_status object_exists(struct dh_lowering *l, const struct dh_target *target,
                                    struct dh_ask *ask, struct dh_node **out)
{
    struct dh_str pattern = dh_arena_format(l->arena, "%.*s.*", DH_STR_ARG(target->name));
    if (!pattern.ptr)
        return dh_lower_memory(l);
    return in_matching_fields(l, target, pattern, ask, out);
}

static enum dh_status in_field(struct dh_lowering *l, const struct dh_target *target,
                               struct dh_ask *ask, struct dh_node **out)
{
    if (dh_str_find(target->name, '*') < target->name.len)
        return in_matching_fields(l, target, target->name, ask, out);
    const struct dh_field *field = dh_field_find(l->domain, target->name, l->arena);
    if (field)
        return dh_lower_field(l, field, ask, out);
    if (ask->kind == DH_ASK_EXISTS && dh_name_is_object(l->domain, target->name))
        return object_exists(l, target, ask, out);
    return unknown(l, ask, target->name, target->at, out);
}

/* `_exists_:name`: the value is the target. */
static enum dh_status exists(struct dh_lowering *l, struct dh_ask *ask, struct dh_node **out)
{
    struct dh_target target = {true, ask->text, ask->at};
    if (ask->kind == DH_ASK_EXISTS)
        return dh_lower_leaf(l, DH_NODE_ALL, NULL, ask, out);
    if (ask->kind == DH_ASK_PREFIX)
        target.name = dh_arena_format(l->arena, "%.*s*", DH_STR_ARG(ask->text));
    if (!target.name.ptr)
        return dh_lower_memory(l);
    ask->kind = DH_ASK_EXISTS;
    return in_field(l, &target, ask, out);
}

static const struct {
    struct dh_str sign;
    bool lower, inclusive;
} comparisons[] = {
    {{">=", 2}, true, true},
    {{">", 1}, true, false},
    {{"<=", 2}, false, true},
    {{"<", 1}, false, false},
};

/* `>=x` and the like, behind a field: a range that is open on one side. */
static void read_comparison(struct dh_ask *ask)
{
    if (ask->kind != DH_ASK_TEXT)
        return;
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        struct dh_str sign = comparisons[i].sign, bound = dh_str_from(ask->text, sign.len);
        if (!dh_str_starts(ask->text, sign) || !bound.len)
            continue;
        ask->kind = DH_ASK_RANGE;
        ask->low_in = ask->high_in = comparisons[i].inclusive;
        ask->low_at = ask->high_at = ask->at;
        *(comparisons[i].lower ? &ask->low : &ask->high) = bound;
        return;
    }
}

/* `[* TO *]` and `**` ask for any value. */
static void read_any(struct dh_ask *ask)
{
    size_t stars = 0;
    while (stars < ask->text.len && ask->text.ptr[stars] == '*')
        stars++;
    if ((ask->kind == DH_ASK_RANGE && !ask->low.ptr && !ask->high.ptr) ||
        (ask->kind == DH_ASK_GLOB && stars == ask->text.len))
        ask->kind = DH_ASK_EXISTS;
}

enum dh_status dh_lower(struct dh_lowering *l, const struct dh_target *target, struct dh_ask *ask,
                        struct dh_node **out)
{
    *out = NULL;
    read_any(ask);
    if (!target->named)
        return in_default_fields(l, ask, out);
    if (dh_str_equal(target->name, DH_STR("_exists_")) && ask->kind != DH_ASK_RANGE)
        return exists(l, ask, out);
    read_comparison(ask);
    if (ask->kind == DH_ASK_EXISTS && dh_str_equal(target->name, DH_STR("*")))
        return dh_lower_leaf(l, DH_NODE_ALL, NULL, ask, out);
    return in_field(l, target, ask, out);
}
