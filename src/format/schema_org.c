/* schema.org as JSON-LD. */
#include "format/json_readers.h"
#include "format/json_trees.h"
#include "format/parts.h"
#include "format/reading.h"
#include "format/rows.h"

static struct json_object *node_of(const char *type)
{
    struct json_object *node = json_object_new_object();
    dh_put_string(node, "@type", dh_str(type));
    return node;
}

/* ---- people ---------------------------------------------------------------------------------- */

static struct json_object *affiliation(struct json_object *given)
{
    struct json_object *node = node_of("Organization");
    bool text = json_object_is_type(given, json_type_string);
    dh_put_ref(node, "@id", dh_json_get(given, "affiliationIdentifier"));
    dh_put_ref(node, "name", text ? given : dh_json_get(given, "name"));
    return node;
}

static struct json_object *affiliations(struct json_object *given)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++)
        dh_array_put(list, affiliation(dh_at(given, i)));
    return dh_unwrap(list);
}

/* "Given Family", as people are read. */
static struct json_object *display_name(struct json_object *given, struct dh_arena *arena)
{
    struct dh_str first = dh_text_present(given, "givenName"), last = dh_text(given, "familyName");
    struct dh_str name = last;
    if (first.ptr)
        name = dh_arena_format(arena, "%.*s %.*s", DH_STR_ARG(first), DH_STR_ARG(last));
    return name.ptr ? dh_json_new_str(name) : NULL;
}

/* Person of Personal, Organization of Organizational: the last two characters go. */
static void put_person_type(struct json_object *person, struct dh_str type)
{
    for (int i = 0; i < 2 && type.len; i++) {
        do
            type.len--;
        while (type.len && ((unsigned char)type.ptr[type.len] & 0xC0) == 0x80);
    }
    if (type.len)
        dh_put_string(person, "@type", type);
}

static void put_person_member(struct json_object *person, struct json_object *given,
                              const char *key, struct json_object *value, struct dh_arena *arena)
{
    if (strcmp(key, "nameIdentifiers") == 0 || strcmp(key, "nameType") == 0)
        return;
    if (strcmp(key, "affiliation") == 0)
        dh_put(person, key, affiliations(value));
    else if (strcmp(key, "name") == 0 && dh_text_present(given, "familyName").ptr)
        dh_put(person, key, display_name(given, arena));
    else
        dh_put_ref(person, key, value);
}

static struct json_object *person_of(struct json_object *given, struct dh_arena *arena)
{
    struct json_object *person = json_object_new_object();
    if (json_object_is_type(given, json_type_string))
        dh_put_ref(person, "name", given);
    if (!person || !json_object_is_type(given, json_type_object))
        return person;
    json_object_object_foreach(given, key, value)
    {
        put_person_member(person, given, key, value, arena);
    }
    put_person_type(person, dh_text_present(given, "nameType"));
    struct json_object *identifier = dh_at(dh_json_get(given, "nameIdentifiers"), 0);
    dh_put_ref(person, "@id", dh_json_get(identifier, "nameIdentifier"));
    if (!dh_json_has(person, "name") && dh_text_present(given, "familyName").ptr)
        dh_put(person, "name", display_name(given, arena));
    return person;
}

/* Of one contributorType, or all of them when it is NULL. */
static struct json_object *people_of(const struct dh_tree_source *source, const char *key,
                                     const char *type)
{
    struct json_object *given = dh_json_get(source->metadata, key);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct dh_str role = dh_text(dh_at(given, i), "contributorType");
        if (!type || dh_str_equal(role, dh_str(type)))
            dh_array_put(list, person_of(dh_at(given, i), source->arena));
    }
    return dh_unwrap(list);
}

static struct json_object *people(const struct dh_tree_source *source, const char *from)
{
    return people_of(source, from, NULL);
}

static struct json_object *contributors_of_type(const struct dh_tree_source *source,
                                                const char *from)
{
    return people_of(source, "contributors", from);
}

/* ---- places ---------------------------------------------------------------------------------- */

/* Takes over the shape and adds it as a place. */
static void add_place(struct json_object *places, struct json_object *geo)
{
    struct json_object *place = node_of("Place");
    dh_put(place, "geo", geo);
    dh_array_put(places, place);
}

/* A shape with the place's name, null when there is none. */
static struct json_object *shape_of(const char *type, struct json_object *location)
{
    struct json_object *geo = node_of(type);
    struct json_object *name = dh_json_get(location, "geoLocationPlace");
    if (name)
        dh_put_ref(geo, "address", name);
    else if (geo)
        json_object_object_add(geo, "address", NULL);
    return geo;
}

static struct json_object *point_shape(struct json_object *location, struct json_object *point)
{
    struct json_object *geo = shape_of("GeoCoordinates", location);
    dh_put_ref(geo, "latitude", dh_json_get(point, "pointLatitude"));
    dh_put_ref(geo, "longitude", dh_json_get(point, "pointLongitude"));
    return geo;
}

static struct json_object *box_shape(struct json_object *location, struct json_object *box,
                                     struct dh_arena *arena)
{
    struct json_object *geo = node_of("GeoShape");
    struct dh_str text = dh_arena_format(arena, "%.*s %.*s %.*s %.*s",
                                         DH_STR_ARG(dh_text(box, "southBoundLatitude")),
                                         DH_STR_ARG(dh_text(box, "westBoundLongitude")),
                                         DH_STR_ARG(dh_text(box, "northBoundLatitude")),
                                         DH_STR_ARG(dh_text(box, "eastBoundLongitude")));
    dh_put_ref(geo, "address", dh_json_get(location, "geoLocationPlace"));
    dh_put_string(geo, "box", text);
    return geo;
}

/* Each point stands in an array of its own, as the DataCite REST API writes it. */
static struct json_object *polygon_shape(struct json_object *location, struct json_object *polygon)
{
    struct json_object *geo = shape_of("GeoShape", location);
    struct json_object *points = json_object_new_array();
    for (size_t i = 0; points && i < dh_count_of(polygon); i++) {
        struct json_object *point = dh_json_get(dh_at(polygon, i), "polygonPoint");
        struct json_object *pair = json_object_new_array(), *outer = json_object_new_array();
        if (!dh_present(point) || !pair || !outer) {
            json_object_put(pair);
            json_object_put(outer);
            continue;
        }
        dh_array_put(pair, json_object_get(dh_json_get(point, "pointLongitude")));
        dh_array_put(pair, json_object_get(dh_json_get(point, "pointLatitude")));
        dh_array_put(outer, pair);
        dh_array_put(points, outer);
    }
    dh_put(geo, "polygon", points);
    return geo;
}

static void add_location(struct json_object *places, struct json_object *location,
                         struct dh_arena *arena)
{
    struct json_object *point = dh_json_get(location, "geoLocationPoint");
    struct json_object *box = dh_json_get(location, "geoLocationBox");
    struct json_object *polygon = dh_json_get(location, "geoLocationPolygon");
    if (dh_present(point))
        add_place(places, point_shape(location, point));
    if (dh_present(box))
        add_place(places, box_shape(location, box, arena));
    if (dh_present(polygon))
        add_place(places, polygon_shape(location, polygon));
    if (!dh_present(point) && !dh_present(box) && !dh_present(polygon) &&
        dh_json_get(location, "geoLocationPlace"))
        add_place(places, shape_of("GeoCoordinates", location));
}

struct json_object *dh_tree_places(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    struct json_object *places = json_object_new_array();
    for (size_t i = 0; places && i < dh_count_of(given); i++)
        add_location(places, dh_at(given, i), source->arena);
    return dh_unwrap(places);
}

/* ---- related works --------------------------------------------------------------------------- */

static bool relation_in(struct json_object *relation, const char *types)
{
    struct dh_str rest = dh_str(types), type;
    while (dh_str_split(&rest, ' ', &type))
        if (dh_str_equal(dh_text(relation, "relationType"), type))
            return true;
    return false;
}

static struct json_object *related_work(struct json_object *relation, struct dh_arena *arena)
{
    struct json_object *id = dh_json_get(relation, "relatedIdentifier");
    if (dh_str_equal(dh_text(relation, "relatedIdentifierType"), DH_STR("ISSN")) &&
        relation_in(relation, "IsPartOf")) {
        struct json_object *journal = node_of("Periodical");
        dh_put_ref(journal, "issn", id);
        return journal;
    }
    const char *type =
        dh_type_map(DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, dh_text(relation, "resourceTypeGeneral"));
    struct json_object *work = json_object_new_object();
    dh_put_string(work, "@id", dh_id_any(arena, dh_text_of(id)));
    dh_put_string(work, "@type", dh_str(type ? type : "CreativeWork"));
    return work;
}

/* A work that points at this one. Only a DOI is an @id. */
static struct json_object *reverse_work(struct json_object *relation, struct dh_arena *arena)
{
    struct json_object *work = json_object_new_object();
    struct json_object *id = dh_json_get(relation, "relatedIdentifier");
    struct json_object *id_type = dh_json_get(relation, "relatedIdentifierType");
    struct dh_str type = dh_text(relation, "resourceTypeGeneral");
    dh_put_string(work, "@id", dh_id_doi_url(arena, dh_text_of(id)));
    dh_put_string(work, "@type", type.ptr ? type : DH_STR("ScholarlyArticle"));
    if (!dh_str_equal(dh_text_of(id_type), DH_STR("DOI"))) {
        struct json_object *value = node_of("PropertyValue");
        dh_put_ref(value, "propertyID", id_type);
        dh_put_ref(value, "value", id);
        dh_put(work, "identifier", value);
    }
    return work;
}

typedef struct json_object *work_maker(struct json_object *relation, struct dh_arena *arena);

static struct json_object *works_of(const struct dh_tree_source *source, const char *types,
                                    work_maker *make)
{
    struct json_object *relations = dh_json_get(source->metadata, "relatedIdentifiers");
    struct json_object *works = json_object_new_array();
    for (size_t i = 0; works && i < dh_count_of(relations); i++)
        if (relation_in(dh_at(relations, i), types))
            dh_array_put(works, make(dh_at(relations, i), source->arena));
    return dh_unwrap(works);
}

static struct json_object *related(const struct dh_tree_source *source, const char *from)
{
    return works_of(source, from, related_work);
}

static struct json_object *reverse(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *works = json_object_new_object();
    dh_put(works, "citation", works_of(source, "IsReferencedBy", reverse_work));
    dh_put(works, "isBasedOn", works_of(source, "IsSupplementTo", reverse_work));
    if (dh_present(works))
        return works;
    json_object_put(works);
    return NULL;
}

/* ---- container, publisher, funder ------------------------------------------------------------ */

static bool is_dataset(struct json_object *metadata)
{
    return dh_str_equal(dh_type_of(metadata, "schemaOrg"), DH_STR("Dataset"));
}

static const char *periodical_key(const char *key)
{
    static const char *const keys[][2] = {{"type", "@type"}, {"id", "@id"}, {"title", "name"}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(key, keys[i][0]) == 0)
            return keys[i][1];
    return key;
}

static struct json_object *periodical(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *container = dh_container(source->metadata);
    if (is_dataset(source->metadata) || !json_object_is_type(container, json_type_object))
        return NULL;
    struct json_object *renamed = json_object_new_object();
    json_object_object_foreach(container, key, value)
    {
        dh_put_ref(renamed, periodical_key(key), value);
    }
    return renamed;
}

static struct json_object *data_catalog(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *container = dh_container(source->metadata);
    if (!is_dataset(source->metadata) || !container)
        return NULL;
    struct json_object *catalog = json_object_new_object();
    dh_put_ref(catalog, "@id", dh_json_get(container, "identifier"));
    dh_put_string(catalog, "@type", DH_STR("DataCatalog"));
    dh_put_ref(catalog, "name", dh_json_get(container, "title"));
    return catalog;
}

static struct json_object *publisher(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    if (!dh_present(given))
        return NULL;
    struct json_object *node = node_of("Organization");
    dh_put_ref(node, "@id", dh_json_get(given, "publisherIdentifier"));
    dh_put_string(node, "name", dh_publisher_name(source->metadata));
    return node;
}

static struct json_object *funders(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct json_object *funder = json_object_new_object();
        dh_put_ref(funder, "@id", dh_json_get(dh_at(given, i), "funderIdentifier"));
        dh_put_string(funder, "@type", DH_STR("Organization"));
        dh_put_ref(funder, "name", dh_json_get(dh_at(given, i), "funderName"));
        dh_array_put(list, funder);
    }
    return dh_unwrap(list);
}

static struct json_object *provider(const struct dh_tree_source *source, const char *from)
{
    struct json_object *node = node_of("Organization");
    struct dh_str agency = dh_text_present(source->metadata, from);
    dh_put_string(node, "name", agency.ptr ? agency : DH_STR("datacite"));
    return node;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static struct json_object *abstract(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct dh_str text = dh_abstract(source->metadata);
    return text.ptr ? dh_json_new_str(text) : NULL;
}

static struct json_object *keywords(const struct dh_tree_source *source, const char *from)
{
    struct dh_str text = dh_keywords(source->metadata, from, source->arena);
    return text.ptr ? dh_json_new_str(text) : NULL;
}

static const struct dh_tree_row rows[] = {
    {"@context", dh_tree_constant, "http://schema.org"},
    {"@type", dh_tree_type, "schemaOrg"},
    {"@id", dh_tree_doi, NULL},
    {"identifier", dh_tree_identifiers, NULL},
    {"url", dh_tree_member, "url"},
    {"additionalType", dh_tree_type, "resourceType"},
    {"name", dh_tree_title, NULL},
    {"author", people, "creators"},
    {"editor", people, "contributors"},
    {"translator", contributors_of_type, "Translator"},
    {"description", abstract, NULL},
    {"license", dh_tree_licences, NULL},
    {"version", dh_tree_member, "version"},
    {"keywords", keywords, ", "},
    {"inLanguage", dh_tree_member, "language"},
    {"contentSize", dh_tree_unwrapped, "sizes"},
    {"encodingFormat", dh_tree_unwrapped, "formats"},
    {"dateCreated", dh_tree_date, "Created"},
    {"datePublished", dh_tree_issued, NULL},
    {"dateModified", dh_tree_date, "Updated"},
    {"temporalCoverage", dh_tree_date, "Coverage"},
    {"pageStart", dh_tree_container, "firstPage"},
    {"pageEnd", dh_tree_container, "lastPage"},
    {"spatialCoverage", dh_tree_places, "geoLocations"},
    {"sameAs", related, "IsIdenticalTo"},
    {"isPartOf", related, "IsPartOf"},
    {"hasPart", related, "HasPart"},
    {"predecessor_of", related, "IsPreviousVersionOf"},
    {"successor_of", related, "IsNewVersionOf"},
    {"citation", related, "References Cites Documents"},
    {"workTranslation", related, "HasTranslation"},
    {"translationOfWork", related, "IsTranslationOf"},
    {"@reverse", reverse, NULL},
    {"contentUrl", dh_tree_unwrapped, "contentUrl"},
    {"schemaVersion", dh_tree_member, "schemaVersion"},
    {"periodical", periodical, NULL},
    {"includedInDataCatalog", data_catalog, NULL},
    {"publisher", publisher, "publisher"},
    {"funder", funders, "fundingReferences"},
    {"provider", provider, "agency"},
    {NULL, NULL, NULL},
};

struct json_object *dh_schema_org_tree(struct json_object *metadata, struct dh_arena *arena)
{
    return dh_tree_of(rows, metadata, arena);
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    return dh_json_tree_write(dh_schema_org_tree(metadata, arena), out, err);
}

const struct dh_format dh_format_schema_org = {
    .name = "schema_org",
    .title = "schema.org JSON-LD",
    .type = "application/vnd.schemaorg.ld+json",
    .aliases = "application/ld+json",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
    .read = dh_schema_org_read,
    .fits = dh_schema_org_fits,
};
