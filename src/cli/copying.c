#include "cli/copying.h"

#include <limits.h>
#include <stdlib.h>

#include "cli/filters.h"
#include "cli/text.h"

const char *dh_copy_authorities(const struct dh_cli *cli)
{
    static const char *const names[] = {"CURL_CA_BUNDLE", "SSL_CERT_FILE"};
    const char *path = dh_args_text(&cli->args, "cacert", NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !path; i++) {
        path = getenv(names[i]);
        path = path && *path ? path : NULL;
    }
    return path;
}

const char *dh_copy_agent(struct dh_arena *arena, const char *mailto)
{
    return mailto ? dh_arena_format(arena, "doihound/" DOIHOUND_VERSION " (mailto:%s)", mailto).ptr
                  : "doihound/" DOIHOUND_VERSION;
}

void dh_copy_note(double closed, const char *trouble, unsigned left, char *out, size_t size)
{
    if (closed >= 1)
        snprintf(out, size, "the server wants a pause of %.0f s", closed);
    else if (*trouble)
        snprintf(out, size, "trying again: %s", trouble);
    else if (left != UINT_MAX)
        snprintf(out, size, "%u requests left now", left);
}

void dh_copy_tell_missing(struct dh_arena *arena, uint64_t records, uint64_t activities,
                          uint64_t events)
{
    const struct {
        uint64_t count;
        const char *what;
    } kinds[] = {{records, "records"}, {activities, "activities"}, {events, "events"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].count)
            dh_say("%.*s %s that the server counts were never given by it",
                   DH_STR_ARG(dh_text_number(arena, kinds[i].count)), kinds[i].what);
}

/* The filters given, as the query string that names the scope. NULL out of memory. */
static const char *own_filter(struct dh_cli *cli)
{
    struct dh_buf query;
    dh_buf_init(&query, DH_URL_MAX);
    dh_filter_query(cli, &query);
    struct dh_str text = dh_arena_copy(&cli->arena, dh_str_from(dh_buf_view(&query), 1));
    bool failed = query.status != DH_OK;
    dh_buf_release(&query);
    return failed ? NULL : text.ptr ? text.ptr : "";
}

/* A DOI for a query: colons and brackets are signs of the language. A slash is not: the API escapes
 * every one of them itself. */
static void add_escaped(struct dh_buf *query, struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("+-!(){}[]^\"~*?:\\&|<>=", text.ptr[i]))
            dh_buf_char(query, '\\');
        dh_buf_char(query, text.ptr[i]);
    }
}

#define CITING "relatedIdentifiers.relatedIdentifier:("

/* Related identifiers stand as bare DOIs and as URLs. */
static const char *citing_filter(struct dh_arena *arena, struct dh_str target)
{
    static const char *const forms[] = {"", "https://doi.org/", "http://doi.org/",
                                        "http://dx.doi.org/", "doi:"};
    struct dh_str doi = dh_doi_parse(arena, target);
    struct dh_str lower = dh_arena_lower(arena, doi.ptr ? doi : target);
    struct dh_buf query, filter;
    dh_buf_init(&query, DH_QUERY_MAX);
    dh_buf_init(&filter, DH_URL_MAX);
    dh_buf_text(&query, CITING);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        dh_buf_text(&query, i ? " OR " : "");
        add_escaped(&query, dh_str(forms[i]));
        add_escaped(&query, lower);
        dh_buf_text(&query, doi.ptr ? "" : "/*");
    }
    dh_buf_char(&query, ')');
    dh_buf_text(&filter, "query=");
    dh_url_encode_form(&filter, dh_buf_view(&query));
    bool failed = query.status || filter.status;
    const char *text = failed ? NULL : dh_arena_copy(arena, dh_buf_view(&filter)).ptr;
    dh_buf_release(&query);
    dh_buf_release(&filter);
    return text;
}

/* What citing_filter was given, as far as the beginning of its query tells; NULL for another query.
 */
static struct dh_str cited(struct dh_arena *arena, struct dh_str filter)
{
    struct dh_str query = dh_url_decode(arena, dh_str_from(filter, strlen("query=")), true);
    if (!dh_str_starts(query, DH_STR(CITING)))
        return DH_STR_NONE;
    query = dh_str_from(query, strlen(CITING));
    char *text = dh_arena_alloc(arena, query.len + 1);
    size_t length = 0;
    for (size_t i = 0; text && i < query.len && query.ptr[i] != ' '; i++)
        if (query.ptr[i] != '\\')
            text[length++] = query.ptr[i];
    struct dh_str target = {text, length};
    if (dh_str_ends(target, DH_STR("/*")))
        target.len -= 2;
    return target;
}

struct dh_str dh_copy_name(struct dh_arena *arena, struct dh_str url, struct dh_str filter)
{
    struct dh_str target = DH_STR_NONE;
    if (dh_str_starts(filter, DH_STR("query=")))
        target = cited(arena, filter);
    const char *again = target.ptr ? citing_filter(arena, target) : NULL;
    if (again && dh_str_equal(filter, dh_str(again)))
        return dh_arena_format(arena, "%.*s --citing %.*s", DH_STR_ARG(url), DH_STR_ARG(target));
    return dh_arena_format(arena, "%.*s%s%.*s", DH_STR_ARG(url), filter.len ? " " : "",
                           DH_STR_ARG(filter));
}

static bool is_prefix(struct dh_str text)
{
    if (!dh_str_starts(text, DH_STR("10.")) || text.len == 3)
        return false;
    for (size_t i = 3; i < text.len; i++)
        if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.')
            return false;
    return true;
}

/* Options that select hits of a list instead of records: no copy can be that. */
static const char *selecting_hits(const struct dh_cli *cli)
{
    static const char *const names[] = {"sample", "sample-group"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (dh_args_has(&cli->args, names[i]))
            return names[i];
    return NULL;
}

static bool sensible(struct dh_cli *cli, const char *target)
{
    const char *hits = selecting_hits(cli);
    if (hits)
        dh_fail(&cli->err, DH_INVALID, "--%s is for lists: it makes no copy that can be kept",
                hits);
    else if (target && !is_prefix(dh_str(target)) && !dh_doi_parse(&cli->arena, dh_str(target)).ptr)
        dh_fail(&cli->err, DH_INVALID, "'%.100s' is neither a prefix nor a DOI", target);
    else
        return true;
    return false;
}

int dh_copies_read(struct dh_cli *cli, struct dh_copies *out)
{
    const char *target = dh_args_text(&cli->args, "citing", NULL);
    const char *filter = own_filter(cli);
    *out = (struct dh_copies){.count = 0};
    if (!sensible(cli, target))
        return dh_cli_usage(cli);
    if (!target || (filter && *filter))
        out->filters[out->count++] = filter;
    if (target)
        out->filters[out->count++] = citing_filter(&cli->arena, dh_str(target));
    for (size_t i = 0; i < out->count; i++)
        if (!out->filters[i])
            return dh_cli_no_memory();
    return DH_EXIT_OK;
}
