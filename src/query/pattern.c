#include "query/pattern.h"

#include "query/pattern_parts.h"

static bool starts(void *made, struct dh_str term)
{
    return dh_str_starts(term, *(const struct dh_str *)made);
}

static bool within(void *made, struct dh_str term)
{
    const struct dh_pattern *pattern = made;
    return dh_str_compare(term, pattern->low) >= 0 &&
           (!pattern->high.ptr || dh_str_compare(term, pattern->high) < 0);
}

/* The least text after `text`. */
static struct dh_str after(struct dh_arena *arena, struct dh_str text)
{
    char *copy = dh_arena_alloc(arena, text.len + 1);
    if (copy && text.len)
        memcpy(copy, text.ptr, text.len);
    return (struct dh_str){copy, text.len + 1};
}

enum dh_status dh_pattern_under(struct dh_pattern *pattern, struct dh_str prefix,
                                struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str low = dh_arena_copy(arena, prefix), high = dh_arena_copy(arena, prefix);
    if (!low.ptr || !high.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    while (high.len && (unsigned char)high.ptr[high.len - 1] == 0xFF)
        high.len--;
    if (high.len)
        ((unsigned char *)high.ptr)[high.len - 1]++;
    pattern->low = low;
    pattern->high = high.len ? high : DH_STR_NONE;
    return DH_OK;
}

enum dh_status dh_pattern_only(struct dh_pattern *pattern, struct dh_str term,
                               struct dh_arena *arena, struct dh_err *err)
{
    pattern->low = dh_arena_copy(arena, term);
    pattern->high = after(arena, term);
    if (!pattern->low.ptr || !pattern->high.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

static enum dh_status make_prefix(const struct dh_node *node, struct dh_pattern *out,
                                  struct dh_arena *arena, struct dh_err *err)
{
    out->match = starts;
    out->made = &out->low;
    return dh_pattern_under(out, node->value, arena, err);
}

static enum dh_status make_range(const struct dh_node *node, struct dh_pattern *out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_range *range = &node->range;
    bool open_low = !range->low.ptr, open_high = !range->high.ptr;
    out->match = within;
    out->made = out;
    if (!open_low)
        out->low =
            range->low_inclusive ? dh_arena_copy(arena, range->low) : after(arena, range->low);
    if (!open_high)
        out->high =
            range->high_inclusive ? after(arena, range->high) : dh_arena_copy(arena, range->high);
    if ((!open_low && !out->low.ptr) || (!open_high && !out->high.ptr))
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

static enum dh_status make_glob(const struct dh_node *node, struct dh_pattern *out,
                                struct dh_arena *arena, struct dh_err *err)
{
    return dh_glob_make(node->value, out, arena, err);
}

static enum dh_status make_fuzzy(const struct dh_node *node, struct dh_pattern *out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    return dh_fuzzy_make(node->value, node->slop, out, arena, err);
}

static enum dh_status make_regex(const struct dh_node *node, struct dh_pattern *out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    return dh_regex_make(node->value, out, arena, err);
}

typedef enum dh_status (*make_fn)(const struct dh_node *node, struct dh_pattern *out,
                                  struct dh_arena *arena, struct dh_err *err);

static const make_fn makers[] = {
    [DH_NODE_PREFIX] = make_prefix, [DH_NODE_GLOB] = make_glob,   [DH_NODE_FUZZY] = make_fuzzy,
    [DH_NODE_REGEX] = make_regex,   [DH_NODE_RANGE] = make_range,
};

enum dh_status dh_pattern_make(const struct dh_node *node, struct dh_pattern **out,
                               struct dh_arena *arena, struct dh_err *err)
{
    make_fn make =
        (size_t)node->kind < sizeof(makers) / sizeof(makers[0]) ? makers[node->kind] : NULL;
    struct dh_pattern *pattern = dh_arena_alloc(arena, sizeof(*pattern));
    if (!make)
        return dh_fail(err, DH_INVALID, "this part of a query is no pattern");
    if (!pattern)
        return dh_fail(err, DH_MEMORY, "out of memory");
    pattern->low = DH_STR("");
    *out = pattern;
    return make(node, pattern, arena, err);
}

bool dh_pattern_match(struct dh_pattern *pattern, struct dh_str term)
{
    return pattern->match(pattern->made, term);
}

void dh_pattern_bounds(const struct dh_pattern *pattern, struct dh_str *low, struct dh_str *high)
{
    *low = pattern->low;
    *high = pattern->high;
}
