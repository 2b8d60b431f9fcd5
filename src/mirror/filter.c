#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "http/url.h"
#include "mirror/filter_parts.h"

static enum dh_status no_memory(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status refuse(struct dh_err *err, const char *option, const char *what,
                             struct dh_str value)
{
    dh_fail(err, DH_INVALID, "'%.*s' %s", (int)(value.len < 100 ? value.len : 100), value.ptr,
            what);
    dh_err_field(err, dh_str(option));
    return DH_INVALID;
}

/* "10." and digits or dots. */
static bool is_prefix(struct dh_str text)
{
    size_t i = 3;
    if (text.len < 4 || !dh_str_starts(text, DH_STR("10.")))
        return false;
    while (i < text.len && ((text.ptr[i] >= '0' && text.ptr[i] <= '9') || text.ptr[i] == '.'))
        i++;
    return i == text.len;
}

/* Brings one value of a list into the form that records are compared by. */
typedef enum dh_status to_form(struct dh_str *value, struct dh_arena *arena, struct dh_err *err);

static enum dh_status symbol(struct dh_str *value, struct dh_arena *arena, struct dh_err *err)
{
    *value = dh_arena_lower(arena, *value);
    return value->ptr ? DH_OK : no_memory(err);
}

static enum dh_status prefix(struct dh_str *value, struct dh_arena *arena, struct dh_err *err)
{
    (void)arena;
    return is_prefix(*value) ? DH_OK : refuse(err, "prefix", "is no prefix", *value);
}

/* Letters and digits are the same: "journal-article", "Journal Article", "JournalArticle". */
static bool same_letters(struct dh_str a, struct dh_str b)
{
    size_t i = 0, k = 0;
    for (;; i++, k++) {
        while (i < a.len && (a.ptr[i] == '-' || a.ptr[i] == '_' || a.ptr[i] == ' '))
            i++;
        while (k < b.len && b.ptr[k] == '-')
            k++;
        if (i == a.len || k == b.len)
            return i == a.len && k == b.len;
        if (!dh_str_equal_nocase((struct dh_str){a.ptr + i, 1}, (struct dh_str){b.ptr + k, 1}))
            return false;
    }
}

static enum dh_status type(struct dh_str *value, struct dh_arena *arena, struct dh_err *err)
{
    (void)arena;
    for (size_t i = 0; i < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE); i++)
        if (same_letters(*value, dh_str(dh_resource_type_dashed(i)))) {
            *value = dh_str(dh_resource_type_dashed(i));
            return DH_OK;
        }
    return refuse(err, "type", "is no general resource type", *value);
}

static enum dh_status doi_or_prefix(struct dh_str *value, struct dh_arena *arena,
                                    struct dh_err *err)
{
    if (is_prefix(*value))
        return DH_OK;
    struct dh_str doi = dh_doi_parse(arena, *value);
    if (!doi.ptr)
        return refuse(err, "citing", "is no DOI and no prefix", *value);
    *value = doi;
    return DH_OK;
}

static const struct {
    const char *option;
    size_t at; /* in struct dh_wanted */
    to_form *form;
} rows[DH_ASKED__N] = {
    [DH_ASKED_CLIENT] = {"client-id", offsetof(struct dh_wanted, client_id), symbol},
    [DH_ASKED_PROVIDER] = {"provider-id", offsetof(struct dh_wanted, provider_id), symbol},
    [DH_ASKED_PREFIX] = {"prefix", offsetof(struct dh_wanted, prefix), prefix},
    [DH_ASKED_TYPE] = {"type", offsetof(struct dh_wanted, type), type},
    [DH_ASKED_CITING] = {"citing", offsetof(struct dh_wanted, citing), doi_or_prefix},
};

static const char *given(const struct dh_wanted *wanted, enum dh_asked row)
{
    const char *text;
    memcpy(&text, (const char *)wanted + rows[row].at, sizeof(text));
    return text;
}

static enum dh_status make_list(struct dh_record_filter *filter, enum dh_asked row,
                                const char *text, struct dh_err *err)
{
    struct dh_filter_list *list = &filter->lists[row];
    struct dh_str rest = dh_arena_copy(&filter->arena, dh_str(text)), part;
    enum dh_status status = DH_OK;
    list->items = dh_arena_array(&filter->arena, DH_LIST_ITEMS_MAX, sizeof(*list->items));
    if (!rest.ptr || !list->items)
        return no_memory(err);
    while (!status && dh_str_split(&rest, ',', &part)) {
        part = dh_str_trim(part);
        if (!part.len)
            continue;
        if (list->count == DH_LIST_ITEMS_MAX)
            return refuse(err, rows[row].option, "and more: too many values", part);
        status = rows[row].form(&part, &filter->arena, err);
        list->items[list->count++] = part;
    }
    if (!status && !list->count)
        return refuse(err, rows[row].option, "names nothing", dh_str(text));
    return status;
}

/* What no record tells by itself. */
static const char *stranger(enum dh_home home)
{
    static const struct {
        enum dh_home home;
        const char *what;
    } strangers[] = {
        {DH_HOME_RELATION, "asks for relations that other records state"},
        {DH_HOME_CLIENT, "asks for the account of the client"},
        {DH_HOME_PROVIDER, "asks for the account of the provider"},
    };
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
        if (strangers[i].home == home)
            return strangers[i].what;
    return NULL;
}

/* Notes the sources that a tree looks at. Depth is that of the parser. */
static enum dh_status note_sources(struct dh_record_filter *filter, const struct dh_node *node,
                                   struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->node_count && !status; i++)
        status = note_sources(filter, node->nodes[i], err);
    if (status || node->node_count || !node->field)
        return status;
    for (size_t i = 0; i < node->field->source_count; i++)
        filter->sources[node->field->sources[i]] = true;
    const char *what = stranger(node->field->home);
    if (!what)
        return DH_OK;
    return refuse(err, "match", what, node->field->name);
}

static enum dh_status make_query(struct dh_record_filter *filter, const char *text,
                                 struct dh_err *err)
{
    struct dh_str copy = dh_arena_copy(&filter->arena, dh_str(text)), why = DH_STR_NONE;
    if (!copy.ptr)
        return no_memory(err);
    enum dh_status status =
        dh_query_parse(DH_QUERY_DOIS, copy, &filter->query, &why, &filter->arena, err);
    if (status && err) {
        if (why.len)
            snprintf(err->text, sizeof(err->text), "%.*s", DH_STR_ARG(why));
        dh_err_field(err, DH_STR("match"));
    }
    filter->matches = !status;
    return status ? status : note_sources(filter, filter->query.root, err);
}

/* "client-id=a&match=b", as it is kept with how far an import got. */
static enum dh_status make_text(struct dh_record_filter *filter, const struct dh_wanted *wanted,
                                struct dh_err *err)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    for (enum dh_asked row = 0; row < DH_ASKED__N; row++) {
        const struct dh_filter_list *list = &filter->lists[row];
        for (size_t i = 0; i < list->count; i++) {
            if (!i && text.len)
                dh_buf_char(&text, '&');
            dh_buf_text(&text, i ? "," : rows[row].option);
            if (!i)
                dh_buf_char(&text, '=');
            dh_url_encode_form(&text, list->items[i]);
        }
    }
    if (filter->matches) {
        dh_buf_text(&text, text.len ? "&match=" : "match=");
        dh_url_encode_form(&text, dh_str(wanted->match));
    }
    filter->text = dh_arena_copy(&filter->arena, dh_buf_view(&text));
    bool made = !text.status && filter->text.ptr;
    dh_buf_release(&text);
    return made ? DH_OK : no_memory(err);
}

enum dh_status dh_record_filter_make(const struct dh_wanted *wanted, struct dh_record_filter **out,
                                     struct dh_err *err)
{
    enum dh_status status = DH_OK;
    bool any = wanted->match != NULL;
    for (enum dh_asked row = 0; row < DH_ASKED__N; row++)
        any = any || given(wanted, row);
    *out = NULL;
    if (!any)
        return DH_OK;
    struct dh_record_filter *filter = calloc(1, sizeof(*filter));
    if (!filter)
        return no_memory(err);
    dh_arena_init(&filter->arena, DH_ARENA_MAX);
    for (enum dh_asked row = 0; row < DH_ASKED__N && !status; row++)
        if (given(wanted, row))
            status = make_list(filter, row, given(wanted, row), err);
    if (!status && wanted->match)
        status = make_query(filter, wanted->match, err);
    if (!status)
        status = make_text(filter, wanted, err);
    if (status)
        dh_record_filter_free(filter);
    else
        *out = filter;
    return status;
}

void dh_record_filter_free(struct dh_record_filter *filter)
{
    if (!filter)
        return;
    dh_arena_release(&filter->arena);
    free(filter);
}

const char *dh_record_filter_text(const struct dh_record_filter *filter)
{
    return filter ? filter->text.ptr : "";
}

const struct dh_query_warning *dh_record_filter_warnings(const struct dh_record_filter *filter,
                                                         size_t *count)
{
    *count = filter ? filter->query.warning_count : 0;
    return filter ? filter->query.warnings : NULL;
}
