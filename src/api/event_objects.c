/* The records on the two sides of events, which `include=subj,obj` adds as `objects`. */
#include <stdlib.h>

#include "api/events.h"

/* ---- a record in schema.org's words --------------------------------------------------------- */

static void put_object_of(struct dh_buf *out, const char *type, struct dh_str name)
{
    dh_buf_char(out, '{');
    dh_put_text(out, "@type", type);
    dh_put_str(out, "name", name);
    dh_buf_char(out, '}');
}

static struct json_object *items_of(struct json_object *attributes, const char *name)
{
    struct json_object *list = dh_json_get(attributes, name);
    return json_object_is_type(list, json_type_array) ? list : NULL;
}

static size_t count_of(struct json_object *list)
{
    return list ? json_object_array_length(list) : 0;
}

static void put_authors(struct dh_buf *out, struct json_object *attributes)
{
    struct json_object *creators = items_of(attributes, "creators");
    dh_key(out, "author");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < count_of(creators); i++) {
        struct json_object *creator = json_object_array_get_idx(creators, i);
        struct dh_str kind = dh_json_member(creator, "nameType");
        struct dh_str given = dh_json_member(creator, "givenName");
        struct dh_str family = dh_json_member(creator, "familyName");
        dh_buf_text(out, i ? ",{" : "{");
        dh_put_text(out, "@type",
                    dh_str_equal(kind, DH_STR("Organizational")) ? "Organization" : "Person");
        dh_put_str(out, "name", dh_json_member(creator, "name"));
        if (given.ptr)
            dh_put_str(out, "givenName", given);
        if (family.ptr)
            dh_put_str(out, "familyName", family);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

static void put_publisher(struct dh_buf *out, struct json_object *attributes)
{
    struct dh_str name = dh_json_member(dh_json_get(attributes, "publisher"), "name");
    dh_key(out, "publisher");
    if (name.ptr)
        put_object_of(out, "Organization", name);
    else
        dh_buf_text(out, "null");
}

/* A dataset is included in a catalogue, anything else in a periodical. */
static void put_container(struct dh_buf *out, struct json_object *attributes, bool dataset)
{
    struct dh_str title = dh_json_member(dh_json_get(attributes, "container"), "title");
    dh_key(out, "periodical");
    if (!dataset && title.ptr)
        put_object_of(out, "Periodical", title);
    else
        dh_buf_text(out, "null");
    dh_key(out, "includedInDataCatalog");
    if (dataset && title.ptr)
        put_object_of(out, "DataCatalog", title);
    else
        dh_buf_text(out, "null");
}

/* The first member of an item whose `key` is `value`. */
static struct dh_str member_where(struct json_object *list, const char *key, const char *value,
                                  const char *member)
{
    for (size_t i = 0; i < count_of(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (dh_str_equal(dh_json_member(item, key), dh_str(value)))
            return dh_json_member(item, member);
    }
    return DH_STR_NONE;
}

static void put_funders(struct dh_buf *out, struct json_object *attributes)
{
    struct json_object *funders = items_of(attributes, "fundingReferences");
    dh_key(out, "funder");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < count_of(funders); i++) {
        struct json_object *funder = json_object_array_get_idx(funders, i);
        struct dh_str id = dh_json_member(funder, "funderIdentifier");
        dh_buf_text(out, i ? ",{" : "{");
        if (id.ptr)
            dh_put_str(out, "@id", id);
        dh_put_text(out, "@type", "Organization");
        dh_put_str(out, "name", dh_json_member(funder, "funderName"));
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

/* Identifiers that stand for the same thing, as far as its usage goes. */
static void put_proxies(struct dh_buf *out, struct json_object *attributes)
{
    static const char *const types[] = {"IsVersionOf", "IsIdenticalTo", "IsPartOf",
                                        "IsSupplementTo"};
    struct json_object *related = items_of(attributes, "relatedIdentifiers");
    bool first = true;
    dh_key(out, "proxyIdentifiers");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < count_of(related); i++) {
        struct json_object *item = json_object_array_get_idx(related, i);
        struct dh_str type = dh_json_member(item, "relationType");
        struct dh_str id = dh_json_member(item, "relatedIdentifier");
        bool proxy = false;
        for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++)
            proxy = proxy || dh_str_equal(type, dh_str(types[k]));
        if (!proxy || !id.ptr)
            continue;
        if (!first)
            dh_buf_char(out, ',');
        dh_json_string(out, id, DH_JSON_HTML);
        first = false;
    }
    dh_buf_char(out, ']');
}

static void put_record(struct dh_call *call, const struct dh_hit *hit,
                       struct json_object *attributes)
{
    struct dh_buf *out = call->out;
    struct json_object *titles = items_of(attributes, "titles");
    struct dh_str type = dh_json_member(dh_json_get(attributes, "types"), "schemaOrg");
    struct dh_str registrant = DH_STR_NONE;
    if (hit->client.ptr)
        registrant = dh_arena_format(call->arena, "datacite.%.*s", DH_STR_ARG(hit->client));
    dh_put_str(out, "subtype", type);
    dh_put_str(out, "name",
               titles ? dh_json_member(json_object_array_get_idx(titles, 0), "title")
                      : DH_STR_NONE);
    put_authors(out, attributes);
    put_publisher(out, attributes);
    put_container(out, attributes, dh_str_equal(type, DH_STR("Dataset")));
    dh_put_str(out, "version", dh_json_member(attributes, "version"));
    dh_put_str(out, "datePublished",
               member_where(items_of(attributes, "dates"), "dateType", "Issued", "date"));
    dh_put_time(out, "dateModified", hit->updated, true);
    put_funders(out, attributes);
    put_proxies(out, attributes);
    dh_put_str(out, "registrantId", registrant);
}

/* Of a DOI without a record here only the name is known. */
static void put_unknown(struct dh_buf *out)
{
    static const char *const names[] = {"subtype",          "name",
                                        "author",           "publisher",
                                        "periodical",       "includedInDataCatalog",
                                        "version",          "datePublished",
                                        "dateModified",     "funder",
                                        "proxyIdentifiers", "registrantId"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        dh_put_str(out, names[i], DH_STR_NONE);
}

static enum dh_status put_attributes(struct dh_call *call, struct dh_str doi)
{
    struct dh_hit hit;
    struct dh_record record;
    enum dh_status status = dh_store_get(call->reader, doi, &hit, call->arena, &call->err);
    bool hidden = !status && hit.state != DH_STATE_FINDABLE && !call->api->options.owner;
    if (status == DH_NOT_FOUND || hidden) {
        put_unknown(call->out);
        return DH_OK;
    }
    dh_record_init(&record);
    if (!status)
        status = dh_wire_read(&hit.wire, &record, &call->err);
    if (!status)
        put_record(call, &hit, record.attributes);
    dh_record_release(&record);
    return status;
}

/* ---- the list ------------------------------------------------------------------------------- */

struct side {
    struct dh_str doi;
    size_t place; /* of its first appearance */
};

static int by_doi(const void *a, const void *b)
{
    const struct side *x = a, *y = b;
    int order = dh_str_compare(x->doi, y->doi);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
    size_t x = ((const struct side *)a)->place, y = ((const struct side *)b)->place;
    return (x > y) - (x < y);
}

/* The sides asked for, each DOI once, in order of first appearance. */
static size_t gather(struct side *sides, const struct dh_event *events, size_t count, bool subjects,
                     bool objects)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (subjects)
            sides[all++] = (struct side){events[i].subject, 2 * i};
        if (objects)
            sides[all++] = (struct side){events[i].object, 2 * i + 1};
    }
    qsort(sides, all, sizeof(*sides), by_doi);
    for (size_t i = 0; i < all; i++)
        if (!kept || !dh_str_equal(sides[kept - 1].doi, sides[i].doi))
            sides[kept++] = sides[i];
    qsort(sides, kept, sizeof(*sides), by_place);
    return kept;
}

enum dh_status dh_put_event_objects(struct dh_call *call, const struct dh_event *events,
                                    size_t count)
{
    bool subjects = dh_included(call, "subj"), objects = dh_included(call, "obj");
    struct side *sides = dh_arena_array(call->arena, count * 2 + 1, sizeof(*sides));
    enum dh_status status = DH_OK;
    if (!subjects && !objects)
        return DH_OK;
    if (!sides)
        return dh_fail(&call->err, DH_MEMORY, "Out of memory.");
    size_t side_count = gather(sides, events, count, subjects, objects);
    dh_key(call->out, "included");
    dh_buf_char(call->out, '[');
    for (size_t i = 0; i < side_count && !status; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        dh_buf_char(call->out, '{');
        dh_put_str(call->out, "id", dh_doi_url(call->arena, sides[i].doi));
        dh_put_text(call->out, "type", "objects");
        dh_key(call->out, "attributes");
        dh_buf_char(call->out, '{');
        status = put_attributes(call, sides[i].doi);
        dh_buf_text(call->out, "}}");
    }
    dh_buf_char(call->out, ']');
    return status;
}
