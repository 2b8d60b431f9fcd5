/* What is asked of one field, by its type, as a leaf or a few. */
#include "query/lower.h"
#include "query/names.h"

enum dh_status dh_lower_leaf(struct dh_lowering *l, enum dh_node_kind kind,
                             const struct dh_field *field, const struct dh_ask *ask,
                             struct dh_node **out)
{
    if (++l->leaves > DH_QUERY_CLAUSES_MAX)
        return dh_lower_refuse(l, DH_LIMIT, ask->at, "the query has more than %d clauses",
                               DH_QUERY_CLAUSES_MAX);
    *out = dh_node_make(l, kind, ask->at, ask->end);
    if (!*out)
        return dh_lower_memory(l);
    (*out)->field = field;
    return DH_OK;
}

/* ---- words ---------------------------------------------------------------------------------- */

static bool more_words(struct dh_lowering *l, struct dh_ask *ask, size_t *cap)
{
    size_t need = ask->word_count + 1, room = *cap;
    struct dh_str *words = dh_arena_reserve(l->arena, ask->words, &room, need, sizeof(*words));
    uint32_t *places = dh_arena_reserve(l->arena, ask->places, cap, need, sizeof(*places));
    if (!words || !places)
        return false;
    ask->words = words;
    ask->places = places;
    return true;
}

/* Cuts the text into words, once for all fields. */
static enum dh_status cut_words(struct dh_lowering *l, struct dh_ask *ask)
{
    size_t cap = 0;
    struct dh_words words;
    struct dh_word word;
    if (ask->cut)
        return DH_OK;
    dh_words_start(&words, ask->text);
    while (dh_words_next(&words, &word)) {
        if (ask->word_count == cap && !more_words(l, ask, &cap))
            return dh_lower_memory(l);
        struct dh_str copy = dh_arena_copy(l->arena, word.text);
        if (!copy.ptr)
            return dh_lower_memory(l);
        ask->words[ask->word_count] = copy;
        ask->places[ask->word_count] = word.place - (ask->word_count ? ask->places[0] : 0);
        ask->word_count++;
    }
    if (ask->word_count)
        ask->places[0] = 0;
    ask->cut = true;
    return DH_OK;
}

static enum dh_status one_word(struct dh_lowering *l, const struct dh_field *field,
                               const struct dh_ask *ask, size_t which, struct dh_node **out)
{
    enum dh_status status = dh_lower_leaf(l, DH_NODE_TERM, field, ask, out);
    if (status == DH_OK)
        (*out)->value = ask->words[which];
    return status;
}

/* Words of a chunk: all of them, in this field. */
static enum dh_status all_words(struct dh_lowering *l, const struct dh_field *field,
                                const struct dh_ask *ask, struct dh_node **out)
{
    struct dh_clauses words = {0};
    for (size_t i = 0; i < ask->word_count; i++) {
        struct dh_node *node;
        enum dh_status status = one_word(l, field, ask, i, &node);
        if (status == DH_OK)
            status = dh_clauses_add(l, &words, DH_CONJUNCTION_NONE, false, node);
        if (status != DH_OK)
            return status;
    }
    return dh_clauses_end(l, &words, ask->at, ask->end, out);
}

static enum dh_status in_text(struct dh_lowering *l, const struct dh_field *field,
                              struct dh_ask *ask, struct dh_node **out)
{
    enum dh_status status = cut_words(l, ask);
    if (status != DH_OK)
        return status;
    if (ask->word_count <= 1 || ask->kind == DH_ASK_TEXT)
        return all_words(l, field, ask, out);
    status = dh_lower_leaf(l, DH_NODE_PHRASE, field, ask, out);
    if (status != DH_OK)
        return status;
    (*out)->words = ask->words;
    (*out)->places = ask->places;
    (*out)->word_count = ask->word_count;
    (*out)->slop = ask->slop;
    return DH_OK;
}

/* ---- whole values --------------------------------------------------------------------------- */

/* A text as the field's terms are; ptr NULL when out of memory. */
static struct dh_str normal(struct dh_lowering *l, enum dh_index type, struct dh_str text)
{
    if (!text.len)
        return DH_STR("");
    if (type == DH_INDEX_KEYWORD)
        return text;
    return type == DH_INDEX_FOLDED ? dh_text_fold(l->arena, text) : dh_text_lower(l->arena, text);
}

/* The same of a whole value: a DOI is the same in all its forms. */
static struct dh_str normal_value(struct dh_lowering *l, enum dh_index type, struct dh_str text)
{
    struct dh_str doi = type == DH_INDEX_PID ? dh_text_doi(l->arena, text) : DH_STR_NONE;
    return doi.ptr ? doi : normal(l, type, text);
}

static enum dh_status valued(struct dh_lowering *l, enum dh_node_kind kind,
                             const struct dh_field *field, const struct dh_ask *ask,
                             struct dh_str value, struct dh_node **out)
{
    if (!value.ptr)
        return dh_lower_memory(l);
    enum dh_status status = dh_lower_leaf(l, kind, field, ask, out);
    if (status == DH_OK)
        (*out)->value = value;
    return status;
}

static enum dh_status as_value(struct dh_lowering *l, const struct dh_field *field,
                               struct dh_ask *ask, struct dh_node **out)
{
    if (field->type == DH_INDEX_TEXT)
        return in_text(l, field, ask, out);
    return valued(l, DH_NODE_TERM, field, ask, normal_value(l, field->type, ask->text), out);
}

/* ---- patterns ------------------------------------------------------------------------------- */

static enum dh_status as_prefix(struct dh_lowering *l, const struct dh_field *field,
                                struct dh_ask *ask, struct dh_node **out)
{
    return valued(l, DH_NODE_PREFIX, field, ask, normal(l, field->type, ask->text), out);
}

/* Adds the literal run [from, to) of a pattern in indexed form. */
static bool add_literal(struct dh_lowering *l, enum dh_index type, struct dh_str pattern,
                        size_t from, size_t to, struct dh_buf *out)
{
    struct dh_str text = normal(l, type, (struct dh_str){pattern.ptr + from, to - from});
    if (from < to)
        dh_buf_str(out, text);
    return text.ptr != NULL;
}

/* The bytes of the sign or of the protected character at a place; 0: it is an ordinary one. */
static size_t sign_size(struct dh_str pattern, size_t at)
{
    size_t size;
    char c = pattern.ptr[at];
    if (c == '*' || c == '?')
        return 1;
    if (c != '\\' || at + 1 == pattern.len)
        return 0;
    dh_utf8_next(dh_str_from(pattern, at + 1), &size);
    return 1 + size;
}

/* The pattern with what stands between its signs in indexed form, runs of * as one. What a
 * backslash protects stays as it is. */
static struct dh_str normal_pattern(struct dh_lowering *l, enum dh_index type,
                                    struct dh_str pattern)
{
    struct dh_buf buf;
    struct dh_str out = DH_STR_NONE;
    size_t from = 0, size;
    bool fine = true, star = false;
    dh_buf_init(&buf, 4 * DH_QUERY_MAX + 16);
    for (size_t at = 0; at < pattern.len && fine; at += size ? size : 1) {
        if (!(size = sign_size(pattern, at)))
            continue;
        fine = add_literal(l, type, pattern, from, at, &buf);
        if (!star || from != at || pattern.ptr[at] != '*')
            dh_buf_str(&buf, (struct dh_str){pattern.ptr + at, size});
        star = pattern.ptr[at] == '*';
        from = at + size;
    }
    fine = fine && add_literal(l, type, pattern, from, pattern.len, &buf) && buf.status == DH_OK;
    if (fine)
        out = dh_arena_copy(l->arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return out;
}

/* Where the first * or ? that no backslash protects stands. */
static size_t first_sign(struct dh_str pattern)
{
    size_t at = 0;
    while (at < pattern.len && pattern.ptr[at] != '*' && pattern.ptr[at] != '?')
        at += pattern.ptr[at] == '\\' ? 2 : 1;
    return at;
}

static struct dh_str without_backslashes(struct dh_lowering *l, struct dh_str pattern)
{
    char *out = dh_arena_alloc(l->arena, pattern.len);
    size_t len = 0;
    for (size_t at = 0; out && at < pattern.len; at++) {
        if (pattern.ptr[at] == '\\' && at + 1 < pattern.len)
            at++;
        out[len++] = pattern.ptr[at];
    }
    return (struct dh_str){out, len};
}

/* `a**` is a prefix. */
static enum dh_status as_glob(struct dh_lowering *l, const struct dh_field *field,
                              struct dh_ask *ask, struct dh_node **out)
{
    struct dh_str pattern = normal_pattern(l, field->type, ask->text);
    if (!pattern.ptr)
        return dh_lower_memory(l);
    size_t sign = first_sign(pattern);
    if (sign + 1 != pattern.len || pattern.ptr[sign] != '*')
        return valued(l, DH_NODE_GLOB, field, ask, pattern, out);
    pattern.len--;
    return valued(l, DH_NODE_PREFIX, field, ask, without_backslashes(l, pattern), out);
}

/* No edits at all is the term itself. */
static enum dh_status as_fuzzy(struct dh_lowering *l, const struct dh_field *field,
                               struct dh_ask *ask, struct dh_node **out)
{
    enum dh_node_kind kind = ask->slop ? DH_NODE_FUZZY : DH_NODE_TERM;
    enum dh_status status = valued(l, kind, field, ask, normal(l, field->type, ask->text), out);
    if (status == DH_OK)
        (*out)->slop = ask->slop;
    return status;
}

static enum dh_status as_regex(struct dh_lowering *l, const struct dh_field *field,
                               struct dh_ask *ask, struct dh_node **out)
{
    return valued(l, DH_NODE_REGEX, field, ask, normal(l, field->type, ask->text), out);
}

static enum dh_status as_exists(struct dh_lowering *l, const struct dh_field *field,
                                struct dh_ask *ask, struct dh_node **out)
{
    return dh_lower_leaf(l, DH_NODE_EXISTS, field, ask, out);
}

static enum dh_status as_range(struct dh_lowering *l, const struct dh_field *field,
                               struct dh_ask *ask, struct dh_node **out)
{
    enum dh_status status = dh_lower_leaf(l, DH_NODE_RANGE, field, ask, out);
    if (status != DH_OK)
        return status;
    struct dh_range *range = &(*out)->range;
    range->low_inclusive = ask->low_in;
    range->high_inclusive = ask->high_in;
    if (ask->low.ptr && !(range->low = normal_value(l, field->type, ask->low)).ptr)
        return dh_lower_memory(l);
    if (ask->high.ptr && !(range->high = normal_value(l, field->type, ask->high)).ptr)
        return dh_lower_memory(l);
    return DH_OK;
}

typedef enum dh_status lower_fn(struct dh_lowering *l, const struct dh_field *field,
                                struct dh_ask *ask, struct dh_node **out);

static lower_fn *const of_strings[] = {
    [DH_ASK_TEXT] = as_value,  [DH_ASK_QUOTED] = as_value,  [DH_ASK_PREFIX] = as_prefix,
    [DH_ASK_GLOB] = as_glob,   [DH_ASK_FUZZY] = as_fuzzy,   [DH_ASK_REGEX] = as_regex,
    [DH_ASK_RANGE] = as_range, [DH_ASK_EXISTS] = as_exists,
};

/* ---- numbers -------------------------------------------------------------------------------- */

/* What upstream says of patterns over fields that hold no strings; NULL: they can be asked so. */
static const char *const refusals[] = {
    [DH_ASK_PREFIX] = "Can only use prefix queries on keyword, text and wildcard fields",
    [DH_ASK_GLOB] = "Can only use wildcard queries on keyword, text and wildcard fields",
    [DH_ASK_FUZZY] = "Can only use fuzzy queries on keyword and text fields",
    [DH_ASK_REGEX] = "Can only use regexp queries on keyword and text fields",
    [DH_ASK_EXISTS] = NULL,
};

static const char *const type_names[] = {
    [DH_INDEX_DATE] = "date",
    [DH_INDEX_INTEGER] = "integer",
    [DH_INDEX_FLOAT] = "float",
    [DH_INDEX_BOOLEAN] = "boolean",
};

/* The name as it stands in queries of the domain. */
static struct dh_str name_of(const struct dh_lowering *l, const struct dh_field *field)
{
    return dh_str_from(field->name, dh_domain_prefix(l->domain).len);
}

static enum dh_status refuse_pattern(struct dh_lowering *l, const struct dh_field *field,
                                     const struct dh_ask *ask)
{
    struct dh_str name = name_of(l, field);
    dh_lower_tell(l, "%.*s holds no text: it can be compared and searched by range, not by pattern",
                  DH_STR_ARG(name));
    return dh_lower_fail(l, ask->at,
                         "failed to create query: %s - not on [%.*s] which is of type [%s]",
                         refusals[ask->kind], DH_STR_ARG(name), type_names[field->type]);
}

static enum dh_status refuse_field(struct dh_lowering *l, const struct dh_field *field,
                                   const struct dh_ask *ask)
{
    struct dh_str name = name_of(l, field);
    dh_lower_tell(l, "%.*s cannot be searched", DH_STR_ARG(name));
    return dh_lower_fail(l, ask->at,
                         "failed to create query: Cannot search on field [%.*s] since it is not "
                         "indexed.",
                         DH_STR_ARG(name));
}

static enum dh_status in_numbers(struct dh_lowering *l, const struct dh_field *field,
                                 struct dh_ask *ask, struct dh_node **out)
{
    bool fits;
    if (ask->kind == DH_ASK_EXISTS)
        return dh_lower_leaf(l, DH_NODE_EXISTS, field, ask, out);
    if (refusals[ask->kind])
        return ask->lenient ? DH_OK : refuse_pattern(l, field, ask);
    enum dh_status status = dh_lower_leaf(l, DH_NODE_RANGE, field, ask, out);
    if (status == DH_OK)
        status = dh_lower_number(l, field, ask, *out, &fits);
    if (status != DH_OK || !fits)
        *out = NULL;
    return status;
}

enum dh_status dh_lower_field(struct dh_lowering *l, const struct dh_field *field,
                              struct dh_ask *ask, struct dh_node **out)
{
    *out = NULL;
    if (field->home == DH_HOME_REFUSED)
        return ask->lenient ? DH_OK : refuse_field(l, field, ask);
    return field->type >= DH_INDEX_DATE ? in_numbers(l, field, ask, out)
                                        : of_strings[ask->kind](l, field, ask, out);
}
