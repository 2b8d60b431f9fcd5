#include "query/rewrite.h"

enum { DOIS = 1, LISTS = 2 };

struct rule {
    struct dh_str from, to;
    unsigned where; /* DOIS, LISTS */
};

#define RULE(from, to, where)                                                                      \
    {                                                                                              \
        {from, sizeof(from) - 1}, {to, sizeof(to) - 1}, where                                      \
    }

/* Applied one after the other, each to what the ones before it left. */
static const struct rule rules[] = {
    RULE("publicationYear", "publication_year", DOIS | LISTS),
    RULE("relatedIdentifiers", "related_identifiers", DOIS | LISTS),
    RULE("relatedItems", "related_items", DOIS),
    RULE("rightsList", "rights_list", DOIS | LISTS),
    RULE("fundingReferences", "funding_references", DOIS | LISTS),
    RULE("geoLocations", "geo_locations", DOIS | LISTS),
    RULE("version:", "version_info:", DOIS),
    RULE("landingPage", "landing_page", DOIS | LISTS),
    RULE("contentUrl", "content_url", DOIS | LISTS),
    RULE("citationCount", "citation_count", DOIS),
    RULE("viewCount", "view_count", DOIS),
    RULE("downloadCount", "download_count", DOIS),
    RULE("publisher.name", "publisher_obj.name", DOIS),
    RULE("publisher.publisherIdentifier", "publisher_obj.publisherIdentifier", DOIS),
    RULE("publisher.publisherIdentifierScheme", "publisher_obj.publisherIdentifierScheme", DOIS),
    RULE("publisher.schemeUri", "publisher_obj.schemeUri", DOIS),
    RULE("publisher.lang", "publisher_obj.lang", DOIS),
    RULE("schemaVersion", "schema_version", DOIS),
    RULE("/", "\\/", DOIS),
};

static const unsigned domain_rules[] = {
    [DH_QUERY_DOIS] = DOIS,    [DH_QUERY_PROVIDERS] = LISTS, [DH_QUERY_CLIENTS] = LISTS,
    [DH_QUERY_ACTIVITIES] = 0, [DH_QUERY_EVENTS] = LISTS,
};

static const char *find(struct dh_str text, size_t from, struct dh_str what)
{
    return memmem(text.ptr + from, text.len - from, what.ptr, what.len);
}

static size_t occurrences(struct dh_str text, struct dh_str what)
{
    size_t count = 0;
    for (const char *at = find(text, 0, what); at; count++)
        at = find(text, (size_t)(at - text.ptr) + what.len, what);
    return count;
}

struct writing {
    char *text;
    uint32_t *origin;
    size_t len;
};

/* Adds bytes [from, from + len) as they are. */
static void keep(struct writing *to, const struct dh_rewriting *source, size_t from, size_t len)
{
    memcpy(to->text + to->len, source->text.ptr + from, len);
    for (size_t i = 0; i < len; i++)
        to->origin[to->len + i] = (uint32_t)dh_rewriting_origin(source, from + i);
    to->len += len;
}

/* Adds the replacement of what stands at `from`. */
static void replace(struct writing *to, const struct dh_rewriting *source, size_t from,
                    const struct rule *rule)
{
    memcpy(to->text + to->len, rule->to.ptr, rule->to.len);
    for (size_t i = 0; i < rule->to.len; i++) {
        size_t within = i < rule->from.len ? i : rule->from.len - 1;
        to->origin[to->len + i] = (uint32_t)dh_rewriting_origin(source, from + within);
    }
    to->len += rule->to.len;
}

static bool apply(const struct rule *rule, struct dh_rewriting *rewriting, struct dh_arena *arena)
{
    size_t count = occurrences(rewriting->text, rule->from), from = 0;
    if (!count)
        return true;
    size_t len = rewriting->text.len + count * (rule->to.len - rule->from.len);
    struct writing to = {dh_arena_alloc(arena, len), dh_arena_array(arena, len + 1, 4), 0};
    if (!to.text || !to.origin)
        return false;
    for (const char *at; (at = find(rewriting->text, from, rule->from));) {
        size_t start = (size_t)(at - rewriting->text.ptr);
        keep(&to, rewriting, from, start - from);
        replace(&to, rewriting, start, rule);
        from = start + rule->from.len;
    }
    keep(&to, rewriting, from, rewriting->text.len - from);
    to.origin[len] = (uint32_t)dh_rewriting_origin(rewriting, rewriting->text.len);
    *rewriting = (struct dh_rewriting){{to.text, len}, to.origin};
    return true;
}

enum dh_status dh_query_rewrite(enum dh_query_domain domain, struct dh_str given,
                                struct dh_rewriting *out, struct dh_arena *arena,
                                struct dh_err *err)
{
    *out = (struct dh_rewriting){.text = given};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if ((rules[i].where & domain_rules[domain]) && !apply(&rules[i], out, arena))
            return dh_fail(err, DH_MEMORY, "out of memory while a query was read");
    return DH_OK;
}
