/* The route table: every path the server answers, and how a raw path finds its row. */
#include "api/call.h"

#define QUICK true
#define SLOW  false

static const struct dh_route routes[] = {
    {"", dh_index, QUICK, NULL},
    {"heartbeat", dh_heartbeat, QUICK, NULL},
    {"metrics", dh_metrics, SLOW, NULL},
    {"_doihound/changes", dh_changes, SLOW, NULL},
    {"_doihound/status", dh_status_page, SLOW, NULL},

    {"dois", dh_dois_list, SLOW, NULL},
    {"dois/random", dh_dois_random, QUICK, NULL},
    {"dois/get-dois", dh_login_needed, QUICK, NULL},
    {"dois/application/:", dh_dois_list, SLOW, NULL, "application"},
    {"dois/application/:/*", dh_dois_single, QUICK, NULL, "application"},
    {"dois/text/:", dh_dois_list, SLOW, NULL, "text"},
    {"dois/text/:/*", dh_dois_single, QUICK, NULL, "text"},
    {"dois/*/activities", dh_activities_of_doi, SLOW, NULL},
    {"dois/*/events", dh_events_of_doi, SLOW, NULL},
    {"dois/*/media", dh_dois_media, QUICK, NULL},
    {"dois/*/media/:", dh_dois_medium, QUICK, NULL},
    {"dois/*/metadata", dh_dois_metadata, QUICK, NULL},
    {"dois/*/metadata/:", dh_dois_metadata, QUICK, NULL},
    {"dois/*/get-url", dh_dois_get_url, QUICK, NULL},
    {"dois/*", dh_dois_single, QUICK, NULL},
    {"works", dh_dois_list, SLOW, NULL},
    {"works/*", dh_dois_single, QUICK, NULL},

    {"activities", dh_activities_list, SLOW, NULL},
    {"activities/:", dh_activities_single, SLOW, NULL},

    {"events", dh_events_list, SLOW, NULL},
    {"events/:", dh_events_single, SLOW, NULL},

    {"providers", dh_providers_list, SLOW, NULL},
    {"providers/totals", dh_providers_totals, SLOW, NULL},
    {"providers/random", dh_providers_random, QUICK, NULL},
    {"providers/:", dh_providers_single, SLOW, NULL},
    {"providers/:/stats", dh_providers_stats, SLOW, NULL},
    {"providers/:/dois", dh_dois_list, SLOW, "provider-id"},
    {"providers/:/dois/*", dh_dois_single, QUICK, "provider-id"},
    {"providers/:/activities", dh_activities_of_provider, SLOW, NULL},
    {"providers/:/clients", dh_clients_list, SLOW, "provider-id"},
    {"providers/:/repositories", dh_repositories_list, SLOW, "provider-id"},
    {"providers/:/organizations", dh_providers_list, SLOW, "consortium-id"},
    {"providers/:/prefixes", dh_prefixes_list, SLOW, "provider-id"},
    {"members", dh_providers_list, SLOW, NULL},
    {"members/:", dh_providers_single, SLOW, NULL},

    {"clients", dh_clients_list, SLOW, NULL},
    {"clients/totals", dh_clients_totals, SLOW, NULL},
    {"clients/:", dh_clients_single, SLOW, NULL},
    {"clients/:/stats", dh_clients_stats, SLOW, NULL},
    {"clients/:/dois", dh_dois_list, SLOW, "client-id"},
    {"clients/:/dois/*", dh_dois_single, QUICK, "client-id"},
    {"clients/:/activities", dh_activities_of_client, SLOW, NULL},
    {"clients/:/prefixes", dh_prefixes_list, SLOW, "client-id"},
    {"data-centers", dh_clients_list, SLOW, NULL},
    {"data-centers/:", dh_clients_single, SLOW, NULL},

    {"repositories", dh_repositories_list, SLOW, NULL},
    {"repositories/totals", dh_clients_totals, SLOW, NULL},
    {"repositories/random", dh_repositories_random, QUICK, NULL},
    {"repositories/:", dh_repositories_single, SLOW, NULL},
    {"repositories/:/stats", dh_clients_stats, SLOW, NULL},
    {"repositories/:/dois", dh_dois_list, SLOW, "client-id"},
    {"repositories/:/dois/*", dh_dois_single, QUICK, "client-id"},
    {"repositories/:/activities", dh_activities_of_client, SLOW, NULL},
    {"repositories/:/prefixes", dh_prefixes_list, SLOW, "client-id"},

    {"prefixes", dh_prefixes_list, SLOW, NULL},
    {"prefixes/totals", dh_prefixes_totals, SLOW, NULL},
    {"prefixes/:", dh_prefixes_single, SLOW, NULL},
    {"client-prefixes", dh_client_prefixes_list, SLOW, NULL},
    {"client-prefixes/:", dh_client_prefixes_single, SLOW, NULL},
    {"provider-prefixes", dh_provider_prefixes_list, SLOW, NULL},
    {"provider-prefixes/:", dh_provider_prefixes_single, SLOW, NULL},
    {"repository-prefixes", dh_repository_prefixes_list, SLOW, NULL},
    {"repository-prefixes/:", dh_repository_prefixes_single, SLOW, NULL},

    {"resource-types", dh_resource_types_list, QUICK, NULL},
    {"resource-types/:", dh_resource_types_single, QUICK, NULL},

    {"format", dh_citation, QUICK, NULL},
    {"styles", dh_citation_style_list, QUICK, NULL},
    {"locales", dh_citation_locale_list, QUICK, NULL},
    {"application/:/*", dh_resolve, QUICK, NULL, "application"},
    {"text/:/*", dh_resolve, QUICK, NULL, "text"},
    {"*", dh_resolve, QUICK, NULL},
};

static struct dh_str strip_slashes(struct dh_str path)
{
    while (path.len && path.ptr[0] == '/')
        path = dh_str_from(path, 1);
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

static size_t segments(struct dh_str path)
{
    size_t count = path.len > 0;
    for (size_t i = 0; i < path.len; i++)
        count += path.ptr[i] == '/';
    return count;
}

/* Takes the first `count` segments off *path, with the slashes between them. */
static struct dh_str take_segments(struct dh_str *path, size_t count)
{
    size_t end = 0;
    for (; end < path->len; end++)
        if (path->ptr[end] == '/' && --count == 0)
            break;
    struct dh_str taken = {path->ptr, end};
    *path = dh_str_from(*path, end + 1);
    return taken;
}

/* Captures, not yet decoded. A `*` takes what the rest of the pattern leaves. */
static bool matches(struct dh_str pattern, struct dh_str path, struct dh_str arg[3])
{
    size_t have = segments(path), want = segments(pattern), args = 0;
    while (want) {
        struct dh_str part = take_segments(&pattern, 1);
        want--;
        if (have <= want)
            return false;
        size_t count = dh_str_equal(part, DH_STR("*")) ? have - want : 1;
        struct dh_str taken = take_segments(&path, count);
        have -= count;
        bool capture = part.len == 1 && (part.ptr[0] == '*' || part.ptr[0] == ':');
        if (capture && !taken.len)
            return false;
        if (capture)
            arg[args++] = taken;
        else if (!dh_str_equal(part, taken))
            return false;
    }
    return have == 0;
}

const struct dh_route *dh_route_find(struct dh_str path, struct dh_str arg[3],
                                     struct dh_arena *arena)
{
    path = strip_slashes(path);
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        for (size_t k = 0; k < 3; k++)
            arg[k] = DH_STR_NONE;
        if (!matches(dh_str(routes[i].pattern), path, arg))
            continue;
        for (size_t k = 0; k < 3 && arg[k].ptr; k++)
            arg[k] = dh_utf8_clean(arena, dh_url_decode(arena, arg[k], false));
        return &routes[i];
    }
    return NULL;
}
