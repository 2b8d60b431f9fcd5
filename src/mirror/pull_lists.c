/* Copies of lists that another list holds wholly: whoever adds DOIs to a list and pulls it again
 * would keep the shorter one current, too, and each one before. */
#include "http/url.h"
#include "mirror/pull_parts.h"

static bool is_picked(struct dh_pull *pull, struct dh_str doi)
{
    return dh_pull_picked(pull, doi) != NULL;
}

/* The parameters of a list that one URL can ask for, and no others. */
static enum dh_status covers_names(struct dh_pull *pull, struct dh_str filter, bool *covered,
                                   struct dh_arena *arena, struct dh_err *err)
{
    struct dh_params params;
    struct dh_str doi;
    *covered = dh_str_starts(filter, DH_STR("ids=")) && dh_str_find(filter, '&') == filter.len;
    if (!*covered)
        return DH_OK;
    if (dh_params_parse(arena, filter, &params))
        return dh_fail(err, DH_MEMORY, "out of memory");
    struct dh_str rest = dh_params_get(&params, "ids", NULL);
    while (*covered && dh_str_split(&rest, ',', &doi))
        *covered = is_picked(pull, doi);
    return DH_OK;
}

static enum dh_status covers_list(struct dh_pull *pull, struct dh_reader *reader,
                                  struct dh_str name, bool *covered, struct dh_arena *arena,
                                  struct dh_err *err)
{
    struct dh_str *dois = NULL;
    size_t count = 0;
    enum dh_status status = dh_store_list(reader, name, &dois, &count, arena, err);
    *covered = !status;
    for (size_t i = 0; i < count && *covered; i++)
        *covered = is_picked(pull, dois[i]);
    return status == DH_NOT_FOUND ? DH_OK : status;
}

/* What belongs to the other copy besides its records belongs to this one, too. */
static bool keeps_as_much(const struct dh_scope *scope, const struct dh_scope *other)
{
    return (other->activities <= 0 || scope->activities > 0) &&
           (other->events <= 0 || scope->events > 0);
}

static enum dh_status covers(struct dh_pull *pull, struct dh_reader *reader,
                             const struct dh_scope *other, bool *covered, struct dh_arena *arena,
                             struct dh_err *err)
{
    *covered = false;
    if (!dh_str_equal(other->url, pull->scope.url) ||
        dh_str_equal(other->filter, pull->scope.filter) || !keeps_as_much(&pull->scope, other))
        return DH_OK;
    return dh_scope_is_list(other->filter)
               ? covers_list(pull, reader, other->filter, covered, arena, err)
               : covers_names(pull, other->filter, covered, arena, err);
}

enum dh_status dh_pull_supersede(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_reader *reader;
    struct dh_scope *scopes = NULL;
    struct dh_arena arena;
    size_t count = 0;
    enum dh_status status = dh_reader_open(pull->store, &reader, err);
    if (status)
        return status;
    status = dh_store_scopes(reader, &scopes, &count, &pull->arena, err);
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < count && !status; i++) {
        bool covered;
        dh_arena_clear(&arena);
        status = covers(pull, reader, &scopes[i], &covered, &arena, err);
        if (!status && covered)
            status = dh_store_remove_scope(pull->store, scopes[i].url, scopes[i].filter, err);
    }
    dh_arena_release(&arena);
    dh_reader_close(reader);
    return status;
}
