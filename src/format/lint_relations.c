/* Rules about related identifiers. Those that compare them sort them: records have thousands. */
#include <stdlib.h>

#include "format/lint_parts.h"

struct relation {
    struct dh_str target; /* in one form; empty: none */
    struct dh_str type;
    size_t at; /* place in the list */
};

static struct json_object *relations_of(struct dh_lint *lint)
{
    return dh_json_get(lint->metadata, "relatedIdentifiers");
}

static struct dh_str identifier_of(struct json_object *related)
{
    return dh_str_trim(dh_text(related, "relatedIdentifier"));
}

static struct dh_str place(struct dh_lint *lint, size_t i)
{
    return dh_lint_at(lint, "relatedIdentifiers", i);
}

/* DOIs are the same in any case and spelling, everything else in any case. */
static struct dh_str target_of(struct dh_lint *lint, struct dh_str identifier)
{
    struct dh_str doi = dh_id_doi(lint->arena, identifier);
    return doi.ptr ? doi : dh_arena_lower(lint->arena, identifier);
}

static int by_target(const void *left, const void *right)
{
    const struct relation *a = left, *b = right;
    int order = dh_str_compare(a->target, b->target);
    if (!order)
        order = dh_str_compare(a->type, b->type);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* All relations with a target, sorted by target, type and place. */
static struct relation *sorted(struct dh_lint *lint, size_t *count)
{
    struct json_object *list = relations_of(lint);
    struct relation *relations =
        dh_arena_array(lint->arena, dh_count_of(list) + 1, sizeof(*relations));
    *count = 0;
    for (size_t i = 0; relations && i < dh_count_of(list); i++) {
        struct dh_str identifier = identifier_of(dh_at(list, i));
        if (identifier.len)
            relations[(*count)++] = (struct relation){target_of(lint, identifier),
                                                      dh_text(dh_at(list, i), "relationType"), i};
    }
    if (*count)
        qsort(relations, *count, sizeof(*relations), by_target);
    return relations;
}

static bool same_target(const struct relation *a, const struct relation *b)
{
    return dh_str_equal(a->target, b->target);
}

static bool same_type(const struct relation *a, const struct relation *b)
{
    return dh_str_equal(a->type, b->type);
}

void dh_lint_related_twice(struct dh_lint *lint)
{
    size_t count;
    const struct relation *relations = sorted(lint, &count);
    for (size_t i = 1; i < count; i++)
        if (same_target(&relations[i - 1], &relations[i]) &&
            same_type(&relations[i - 1], &relations[i]))
            dh_lint_warn(lint, place(lint, relations[i].at), "%.*s %.*s is given twice",
                         DH_STR_ARG(relations[i].type), DH_STR_ARG(relations[i].target));
}

enum { TYPES_MAX = 10 }; /* that a warning names */

/* One warning for all relations to a target, at the later one of the first two that differ. */
static void warn_several(struct dh_lint *lint, const struct relation *first, size_t count)
{
    struct dh_str types = first->type;
    size_t later = 0, named = 1;
    bool several = false;
    for (size_t i = 1; i < count; i++) {
        if (same_type(&first[i - 1], &first[i]))
            continue;
        if (!several)
            later = first->at > first[i].at ? first->at : first[i].at;
        several = true;
        if (named++ < TYPES_MAX)
            types = dh_arena_format(lint->arena, "%.*s, %.*s", DH_STR_ARG(types),
                                    DH_STR_ARG(first[i].type));
    }
    if (several)
        dh_lint_warn(lint, place(lint, later), "%.*s is related in several ways: %.*s%s",
                     DH_STR_ARG(first->target), DH_STR_ARG(types), named > TYPES_MAX ? ", …" : "");
}

void dh_lint_related_several(struct dh_lint *lint)
{
    size_t count, end;
    const struct relation *relations = sorted(lint, &count);
    for (size_t i = 0; i < count; i = end) {
        for (end = i + 1; end < count && same_target(&relations[i], &relations[end]);)
            end++;
        warn_several(lint, &relations[i], end - i);
    }
}

void dh_lint_related_self(struct dh_lint *lint)
{
    struct json_object *list = relations_of(lint);
    struct dh_str own = dh_text_present(lint->metadata, "doi");
    own = dh_id_doi(lint->arena, own.ptr ? own : dh_text(lint->metadata, "id"));
    for (size_t i = 0; own.ptr && i < dh_count_of(list); i++)
        if (dh_str_equal(dh_id_doi(lint->arena, identifier_of(dh_at(list, i))), own))
            dh_lint_warn(lint, place(lint, i), "%.*s is this DOI itself", DH_STR_ARG(own));
}

void dh_lint_related_empty(struct dh_lint *lint)
{
    struct json_object *list = relations_of(lint);
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (!identifier_of(dh_at(list, i)).len)
            dh_lint_warn(lint, place(lint, i), "the related identifier is empty");
}

static bool typed(struct json_object *related, const char *type)
{
    return dh_str_equal(dh_text(related, "relatedIdentifierType"), dh_str(type));
}

void dh_lint_related_not_doi(struct dh_lint *lint)
{
    struct json_object *list = relations_of(lint);
    for (size_t i = 0; i < dh_count_of(list); i++) {
        struct dh_str identifier = identifier_of(dh_at(list, i));
        if (identifier.len && typed(dh_at(list, i), "DOI") &&
            !dh_id_doi(lint->arena, identifier).ptr)
            dh_lint_warn(lint, place(lint, i), "%.*s is no DOI", DH_STR_ARG(identifier));
    }
}

void dh_lint_related_doi_as_url(struct dh_lint *lint)
{
    struct json_object *list = relations_of(lint);
    for (size_t i = 0; i < dh_count_of(list); i++) {
        struct dh_str identifier = identifier_of(dh_at(list, i));
        if (typed(dh_at(list, i), "URL") && dh_id_doi(lint->arena, identifier).ptr)
            dh_lint_warn(lint, place(lint, i), "%.*s is a DOI: its type is DOI, not URL",
                         DH_STR_ARG(identifier));
    }
}
