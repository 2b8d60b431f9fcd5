/* DataCite XML: a metadata tree as the `resource` element of kernel 4. */
#include "format/datacite.h"
#include "format/ids.h"
#include "format/parts.h"
#include "format/reading.h"

struct maker {
    struct dh_arena *arena;
    struct json_object *metadata;
};

/* ---- elements ------------------------------------------------------------------------------- */

static struct dh_str under(const struct maker *maker, struct dh_str pointer, const char *key)
{
    return DH_ARENA_JOIN(maker->arena, pointer, DH_STR("/"), dh_str(key));
}

/* What stands alone where a list belongs has the list's own pointer. */
static struct dh_str entry_at(const struct maker *maker, struct dh_str pointer,
                              struct json_object *list, size_t i)
{
    if (!json_object_is_type(list, json_type_array))
        return pointer;
    char digits[24], *digit = digits + sizeof(digits) - 1;
    *digit = '\0';
    do
        *--digit = (char)('0' + i % 10);
    while (i /= 10);
    return under(maker, pointer, digit);
}

static struct dh_xml *add(const struct maker *maker, struct dh_xml *parent, const char *name,
                          struct dh_str text, struct dh_str pointer)
{
    struct dh_xml *element = dh_xml_add_text(maker->arena, parent, name, text);
    if (element)
        element->pointer = pointer;
    return element;
}

static void set(const struct maker *maker, struct dh_xml *element, const char *name,
                struct dh_str value)
{
    dh_xml_set(maker->arena, element, name, value);
}

/* Attributes of an element, in order, and the members that they are made from. */
struct attr {
    const char *name, *key, *otherwise;
};

static void set_all(const struct maker *maker, struct dh_xml *element, const struct attr *attrs,
                    struct json_object *of)
{
    for (; attrs->name; attrs++) {
        struct dh_str value = dh_text(of, attrs->key);
        set(maker, element, attrs->name, value.ptr ? value : dh_str(attrs->otherwise));
    }
}

/* An element with the text of a member, when that is present. */
static struct dh_xml *add_member(const struct maker *maker, struct dh_xml *parent, const char *name,
                                 struct json_object *of, const char *key, struct dh_str pointer)
{
    struct dh_str text = dh_text_present(of, key);
    return text.ptr ? add(maker, parent, name, text, under(maker, pointer, key)) : NULL;
}

/* ---- lists of elements with text ------------------------------------------------------------- */

struct list {
    const char *wrapper, *item; /* elements */
    const char *key, *text;     /* the list's member, its entries' member of the text */
    bool always;
    struct attr attrs[8];
    void (*more)(const struct maker *maker, struct dh_xml *element, struct json_object *entry);
};

/* Only the relations to metadata may say of what scheme that is. */
static void set_scheme(const struct maker *maker, struct dh_xml *element, struct json_object *entry)
{
    static const struct attr attrs[] = {
        {"relatedMetadataScheme", "relatedMetadataScheme"},
        {"schemeURI", "schemeUri"},
        {"schemeType", "schemeType"},
        {0},
    };
    struct dh_str relation = dh_text(entry, "relationType");
    if (dh_str_equal(relation, DH_STR("HasMetadata")) ||
        dh_str_equal(relation, DH_STR("IsMetadataFor")))
        set_all(maker, element, attrs, entry);
}

/* Rights that are a text alone may be a URL. */
static void set_rights_url(const struct maker *maker, struct dh_xml *element,
                           struct json_object *entry)
{
    if (json_object_is_type(entry, json_type_string))
        set(maker, element, "rightsURI", dh_id_any(maker->arena, dh_json_str(entry)));
}

static const struct list titles = {
    "titles", "title", "titles", "title", true, {{"titleType", "titleType"}, {"xml:lang", "lang"}}};
static const struct list subjects = {"subjects",
                                     "subject",
                                     "subjects",
                                     "subject",
                                     false,
                                     {{"subjectScheme", "subjectScheme"},
                                      {"schemeURI", "schemeUri"},
                                      {"valueURI", "valueUri"},
                                      {"classificationCode", "classificationCode"},
                                      {"xml:lang", "lang"}}};
static const struct list dates = {
    "dates", "date", "dates",
    "date",  false,  {{"dateType", "dateType", "Issued"}, {"dateInformation", "dateInformation"}}};
static const struct list related_identifiers = {
    "relatedIdentifiers",
    "relatedIdentifier",
    "relatedIdentifiers",
    "relatedIdentifier",
    false,
    {{"relatedIdentifierType", "relatedIdentifierType"},
     {"relationType", "relationType"},
     {"relationTypeInformation", "relationTypeInformation"},
     {"resourceTypeGeneral", "resourceTypeGeneral"}},
    set_scheme};
static const struct list sizes = {"sizes", "size", "sizes", "size", true};
static const struct list formats = {"formats", "format", "formats", "format", true};
static const struct list rights = {"rightsList",
                                   "rights",
                                   "rightsList",
                                   "rights",
                                   false,
                                   {{"rightsURI", "rightsUri"},
                                    {"rightsIdentifier", "rightsIdentifier"},
                                    {"rightsIdentifierScheme", "rightsIdentifierScheme"},
                                    {"schemeURI", "schemeUri"},
                                    {"xml:lang", "lang"}},
                                   set_rights_url};
static const struct list descriptions = {
    "descriptions", "description",
    "descriptions", "description",
    false,          {{"xml:lang", "lang"}, {"descriptionType", "descriptionType", "Abstract"}}};

static void add_entry(const struct maker *maker, struct dh_xml *parent, const struct list *list,
                      struct json_object *entry, struct dh_str pointer)
{
    bool object = json_object_is_type(entry, json_type_object);
    struct dh_str text = object ? dh_text(entry, list->text) : dh_text_of(entry);
    struct dh_xml *element = add(maker, parent, list->item, text, pointer);
    set_all(maker, element, list->attrs, entry);
    if (list->more)
        list->more(maker, element, entry);
}

/* `of` is the record or a related item, at `pointer`. */
static void add_list(const struct maker *maker, struct dh_xml *parent, const struct list *list,
                     struct json_object *of, struct dh_str pointer)
{
    struct json_object *values = dh_json_get(of, list->key);
    if (!list->always && !dh_present(values))
        return;
    pointer = under(maker, pointer, list->key);
    struct dh_xml *wrapper = add(maker, parent, list->wrapper, DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(values); i++)
        add_entry(maker, wrapper, list, dh_at(values, i), entry_at(maker, pointer, values, i));
}

/* ---- people --------------------------------------------------------------------------------- */

struct people {
    const char *wrapper, *item, *name; /* elements; the wrapper is the list's member, too */
    const char *type;                  /* attribute and member of a contributor; or NULL */
    const char *otherwise;             /* its value when there is none */
};

static const struct people creators = {"creators", "creator", "creatorName", NULL, NULL};
static const struct people contributors = {"contributors", "contributor", "contributorName",
                                           "contributorType", NULL};
static const struct people item_contributors = {"contributors", "contributor", "contributorName",
                                                "contributorType", "Other"};

static void add_identifiers(const struct maker *maker, struct dh_xml *parent,
                            struct json_object *person, struct dh_str pointer)
{
    static const struct list identifiers = {
        NULL,
        "nameIdentifier",
        "nameIdentifiers",
        "nameIdentifier",
        false,
        {{"nameIdentifierScheme", "nameIdentifierScheme"}, {"schemeURI", "schemeUri"}}};
    static const struct list affiliations = {
        NULL,
        "affiliation",
        "affiliation",
        "name",
        false,
        {{"affiliationIdentifier", "affiliationIdentifier"},
         {"affiliationIdentifierScheme", "affiliationIdentifierScheme"},
         {"schemeURI", "schemeUri"}}};
    static const struct list *const lists[] = {&identifiers, &affiliations};
    for (size_t n = 0; n < sizeof(lists) / sizeof(lists[0]); n++) {
        struct json_object *values = dh_json_get(person, lists[n]->key);
        struct dh_str at = under(maker, pointer, lists[n]->key);
        for (size_t i = 0; i < dh_count_of(values); i++)
            add_entry(maker, parent, lists[n], dh_at(values, i), entry_at(maker, at, values, i));
    }
}

static struct dh_str name_of(const struct maker *maker, struct json_object *person)
{
    struct dh_str family = dh_text_present(person, "familyName");
    if (family.ptr)
        return dh_person_name(maker->arena, family, dh_text_present(person, "givenName"));
    return json_object_is_type(person, json_type_object) ? dh_text(person, "name")
                                                         : dh_text_of(person);
}

static void add_person(const struct maker *maker, struct dh_xml *parent,
                       const struct people *people, struct json_object *person,
                       struct dh_str pointer)
{
    struct dh_xml *element = add(maker, parent, people->item, DH_STR_NONE, pointer);
    if (people->type) {
        struct dh_str type = dh_text(person, people->type);
        set(maker, element, people->type, type.ptr ? type : dh_str(people->otherwise));
    }
    struct dh_xml *name =
        add(maker, element, people->name, name_of(maker, person), under(maker, pointer, "name"));
    set(maker, name, "nameType", dh_text_present(person, "nameType"));
    add_member(maker, element, "givenName", person, "givenName", pointer);
    add_member(maker, element, "familyName", person, "familyName", pointer);
    add_identifiers(maker, element, person, pointer);
}

static void add_people(const struct maker *maker, struct dh_xml *parent,
                       const struct people *people, struct json_object *of, struct dh_str pointer)
{
    struct json_object *list = dh_json_get(of, people->wrapper);
    pointer = under(maker, pointer, people->wrapper);
    struct dh_xml *wrapper = add(maker, parent, people->wrapper, DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(list); i++)
        add_person(maker, wrapper, people, dh_at(list, i), entry_at(maker, pointer, list, i));
}

/* ---- parts of their own ---------------------------------------------------------------------- */

static void add_identifier(const struct maker *maker, struct dh_xml *parent)
{
    struct dh_str doi = dh_text_present(maker->metadata, "doi");
    if (!doi.ptr)
        doi = dh_id_doi(maker->arena, dh_text(maker->metadata, "id"));
    struct dh_xml *element = add(maker, parent, "identifier", doi, DH_STR("/doi"));
    set(maker, element, "identifierType", DH_STR("DOI"));
}

static void add_publisher(const struct maker *maker, struct dh_xml *parent)
{
    static const struct attr attrs[] = {{"publisherIdentifier", "publisherIdentifier"},
                                        {"publisherIdentifierScheme", "publisherIdentifierScheme"},
                                        {"schemeURI", "schemeUri"},
                                        {"xml:lang", "lang"},
                                        {0}};
    struct dh_str name = dh_publisher_name(maker->metadata);
    if (!name.ptr)
        name = dh_text(dh_container(maker->metadata), "title");
    struct dh_xml *element = add(maker, parent, "publisher", name, DH_STR("/publisher"));
    set_all(maker, element, attrs, dh_json_get(maker->metadata, "publisher"));
}

static void add_resource_type(const struct maker *maker, struct dh_xml *parent)
{
    struct dh_str general = dh_type_of(maker->metadata, "resourceTypeGeneral");
    struct dh_str schema_org = dh_type_of(maker->metadata, "schemaOrg");
    if (dh_str_blank(general) && dh_str_blank(schema_org))
        return;
    const char *derived = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, schema_org);
    if (dh_str_blank(general))
        general = dh_str(derived ? derived : "Other");
    struct dh_xml *element = add(maker, parent, "resourceType",
                                 dh_type_of(maker->metadata, "resourceType"), DH_STR("/types"));
    set(maker, element, "resourceTypeGeneral", general);
}

/* The DOI may be listed among the other identifiers; it is none here. */
static void add_alternates(const struct maker *maker, struct dh_xml *parent)
{
    static const struct list row = {NULL,  "alternateIdentifier",
                                    NULL,  "identifier",
                                    false, {{"alternateIdentifierType", "identifierType"}}};
    struct json_object *list = dh_json_get(maker->metadata, "identifiers");
    struct dh_xml *wrapper = NULL;
    struct dh_str pointer = DH_STR("/identifiers");
    for (size_t i = 0; i < dh_count_of(list); i++) {
        struct json_object *entry = dh_at(list, i);
        if (dh_str_equal(dh_text(entry, "identifierType"), DH_STR("DOI")))
            continue;
        if (!wrapper)
            wrapper = add(maker, parent, "alternateIdentifiers", DH_STR_NONE, pointer);
        add_entry(maker, wrapper, &row, entry, entry_at(maker, pointer, list, i));
    }
}

/* "Title, 12(3), 45-67" */
static struct dh_str series(const struct maker *maker)
{
    struct json_object *container = dh_container(maker->metadata);
    struct dh_str title = dh_text_present(container, "title");
    struct dh_str volume = dh_text_present(container, "volume");
    struct dh_str issue = dh_text_present(container, "issue");
    struct dh_str pages = dh_pages(maker->metadata, maker->arena);
    return DH_ARENA_JOIN(maker->arena, title, dh_str(volume.ptr || issue.ptr ? ", " : ""), volume,
                         dh_str(issue.ptr ? "(" : ""), issue, dh_str(issue.ptr ? ")" : ""),
                         dh_str(pages.ptr ? ", " : ""), pages);
}

static bool has(struct json_object *list, const char *key, struct dh_str value)
{
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (dh_str_equal(dh_text(dh_at(list, i), key), value))
            return true;
    return false;
}

/* A container that was derived from what the XML says anyway need not be told again. */
static bool needs_series(struct json_object *metadata)
{
    return dh_text_present(dh_container(metadata), "title").ptr &&
           !has(dh_json_get(metadata, "descriptions"), "descriptionType",
                DH_STR("SeriesInformation")) &&
           !has(dh_json_get(metadata, "relatedItems"), "relationType", DH_STR("IsPublishedIn"));
}

static void add_descriptions(const struct maker *maker, struct dh_xml *parent)
{
    struct json_object *list = dh_json_get(maker->metadata, "descriptions");
    bool container = needs_series(maker->metadata);
    if (!container && !dh_present(list))
        return;
    struct dh_str pointer = DH_STR("/descriptions");
    struct dh_xml *wrapper = add(maker, parent, "descriptions", DH_STR_NONE, pointer);
    if (container) {
        struct dh_xml *element =
            add(maker, wrapper, "description", series(maker), DH_STR("/container"));
        set(maker, element, "descriptionType", DH_STR("SeriesInformation"));
    }
    for (size_t i = 0; i < dh_count_of(list); i++)
        add_entry(maker, wrapper, &descriptions, dh_at(list, i), entry_at(maker, pointer, list, i));
}

/* ---- places --------------------------------------------------------------------------------- */

static void add_numbers(const struct maker *maker, struct dh_xml *parent, const char *name,
                        const char *const keys[], struct json_object *of, struct dh_str pointer)
{
    if (!dh_present(of))
        return;
    struct dh_xml *element = add(maker, parent, name, DH_STR_NONE, pointer);
    for (; *keys; keys++)
        add(maker, element, *keys, dh_text(of, *keys), under(maker, pointer, *keys));
}

static const char *const point[] = {"pointLatitude", "pointLongitude", NULL};
static const char *const box[] = {"westBoundLongitude", "eastBoundLongitude", "southBoundLatitude",
                                  "northBoundLatitude", NULL};

static void add_polygon(const struct maker *maker, struct dh_xml *parent,
                        struct json_object *points, struct dh_str pointer)
{
    static const char *const kinds[] = {"polygonPoint", "inPolygonPoint"};
    struct dh_xml *element = add(maker, parent, "geoLocationPolygon", DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(points); i++)
        for (size_t k = 0; k < 2; k++)
            add_numbers(maker, element, kinds[k], point, dh_json_get(dh_at(points, i), kinds[k]),
                        under(maker, entry_at(maker, pointer, points, i), kinds[k]));
}

/* A list of points is one polygon, a list of such lists several. */
static void add_polygons(const struct maker *maker, struct dh_xml *parent,
                         struct json_object *polygon, struct dh_str pointer)
{
    if (!dh_present(polygon))
        return;
    if (!json_object_is_type(dh_at(polygon, 0), json_type_array)) {
        add_polygon(maker, parent, polygon, pointer);
        return;
    }
    for (size_t i = 0; i < dh_count_of(polygon); i++)
        add_polygon(maker, parent, dh_at(polygon, i), entry_at(maker, pointer, polygon, i));
}

static void add_locations(const struct maker *maker, struct dh_xml *parent)
{
    struct json_object *list = dh_json_get(maker->metadata, "geoLocations");
    if (!dh_present(list))
        return;
    struct dh_str pointer = DH_STR("/geoLocations");
    struct dh_xml *wrapper = add(maker, parent, "geoLocations", DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(list); i++) {
        struct json_object *of = dh_at(list, i);
        struct dh_str at = entry_at(maker, pointer, list, i);
        struct dh_xml *element = add(maker, wrapper, "geoLocation", DH_STR_NONE, at);
        add_member(maker, element, "geoLocationPlace", of, "geoLocationPlace", at);
        add_numbers(maker, element, "geoLocationPoint", point, dh_json_get(of, "geoLocationPoint"),
                    under(maker, at, "geoLocationPoint"));
        add_numbers(maker, element, "geoLocationBox", box, dh_json_get(of, "geoLocationBox"),
                    under(maker, at, "geoLocationBox"));
        add_polygons(maker, element, dh_json_get(of, "geoLocationPolygon"),
                     under(maker, at, "geoLocationPolygon"));
    }
}

/* ---- funders and related items --------------------------------------------------------------- */

static void add_funder(const struct maker *maker, struct dh_xml *wrapper, struct json_object *of,
                       struct dh_str at)
{
    static const struct attr identifier_attrs[] = {
        {"funderIdentifierType", "funderIdentifierType"}, {"schemeURI", "schemeUri"}, {0}};
    struct dh_xml *element = add(maker, wrapper, "fundingReference", DH_STR_NONE, at);
    add(maker, element, "funderName", dh_text(of, "funderName"), under(maker, at, "funderName"));
    struct dh_xml *identifier =
        add_member(maker, element, "funderIdentifier", of, "funderIdentifier", at);
    set_all(maker, identifier, identifier_attrs, of);
    struct dh_str uri = dh_text_present(of, "awardUri");
    struct dh_str number = dh_text_present(of, "awardNumber");
    if (number.ptr || uri.ptr)
        set(maker, add(maker, element, "awardNumber", number, under(maker, at, "awardNumber")),
            "awardURI", uri);
    struct json_object *title =
        dh_json_get(of, "awardTitle"); /* older records have {__content__} */
    bool object = json_object_is_type(title, json_type_object);
    struct dh_str text =
        object ? dh_text_present(title, "__content__") : dh_text_present(of, "awardTitle");
    if (text.ptr)
        add(maker, element, "awardTitle", text, under(maker, at, "awardTitle"));
}

static void add_funders(const struct maker *maker, struct dh_xml *parent)
{
    struct json_object *list = dh_json_get(maker->metadata, "fundingReferences");
    if (!dh_present(list))
        return;
    struct dh_str pointer = DH_STR("/fundingReferences");
    struct dh_xml *wrapper = add(maker, parent, "fundingReferences", DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(list); i++)
        add_funder(maker, wrapper, dh_at(list, i), entry_at(maker, pointer, list, i));
}

static void add_item_identifier(const struct maker *maker, struct dh_xml *element,
                                struct json_object *item, struct dh_str pointer)
{
    static const struct attr attrs[] = {{"relatedItemIdentifierType", "relatedItemIdentifierType"},
                                        {"relatedMetadataScheme", "relatedMetadataScheme"},
                                        {0}};
    struct json_object *of = dh_json_get(item, "relatedItemIdentifier");
    if (!dh_present(of))
        return;
    bool object = json_object_is_type(of, json_type_object);
    struct dh_xml *identifier = add(maker, element, "relatedItemIdentifier",
                                    object ? dh_text(of, "relatedItemIdentifier") : dh_text_of(of),
                                    under(maker, pointer, "relatedItemIdentifier"));
    struct dh_str uri = dh_text(of, "schemeURI");
    set_all(maker, identifier, attrs, of);
    set(maker, identifier, "schemeURI", uri.ptr ? uri : dh_text(of, "schemeUri"));
    set(maker, identifier, "schemeType", dh_text(of, "schemeType"));
}

static void add_item(const struct maker *maker, struct dh_xml *wrapper, struct json_object *item,
                     struct dh_str at)
{
    static const char *const before[] = {"publicationYear", "volume", "issue"};
    static const char *const after[] = {"firstPage", "lastPage", "publisher", "edition"};
    static const struct attr attrs[] = {{"relatedItemType", "relatedItemType"},
                                        {"relationType", "relationType"},
                                        {"relationTypeInformation", "relationTypeInformation"},
                                        {0}};
    struct dh_xml *element = add(maker, wrapper, "relatedItem", DH_STR_NONE, at);
    set_all(maker, element, attrs, item);
    add_item_identifier(maker, element, item, at);
    if (dh_present(dh_json_get(item, "creators")))
        add_people(maker, element, &creators, item, at);
    add_list(maker, element, &titles, item, at);
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        add_member(maker, element, before[i], item, before[i], at);
    struct dh_xml *number = add_member(maker, element, "number", item, "number", at);
    set(maker, number, "numberType", dh_text(item, "numberType"));
    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
        add_member(maker, element, after[i], item, after[i], at);
    if (dh_present(dh_json_get(item, "contributors")))
        add_people(maker, element, &item_contributors, item, at);
}

static void add_items(const struct maker *maker, struct dh_xml *parent)
{
    struct json_object *list = dh_json_get(maker->metadata, "relatedItems");
    if (!dh_present(list))
        return;
    struct dh_str pointer = DH_STR("/relatedItems");
    struct dh_xml *wrapper = add(maker, parent, "relatedItems", DH_STR_NONE, pointer);
    for (size_t i = 0; i < dh_count_of(list); i++)
        add_item(maker, wrapper, dh_at(list, i), entry_at(maker, pointer, list, i));
}

/* ---- the document ---------------------------------------------------------------------------- */

static struct dh_xml *new_root(const struct maker *maker)
{
    struct dh_xml *root = dh_xml_add(maker->arena, NULL, "resource");
    set(maker, root, "xmlns:xsi", DH_STR("http://www.w3.org/2001/XMLSchema-instance"));
    set(maker, root, "xmlns", DH_STR("http://datacite.org/schema/kernel-4"));
    set(maker, root, "xsi:schemaLocation",
        DH_STR("http://datacite.org/schema/kernel-4 "
               "http://schema.datacite.org/meta/kernel-4/metadata.xsd"));
    if (root) {
        root->ns = DH_STR("http://datacite.org/schema/kernel-4");
        root->pointer = DH_STR("");
    }
    return root;
}

struct dh_xml *dh_datacite_tree(struct json_object *metadata, struct dh_arena *arena)
{
    const struct maker maker = {arena, metadata};
    const struct dh_str top = DH_STR("");
    struct dh_xml *root = new_root(&maker);
    add_identifier(&maker, root);
    add_people(&maker, root, &creators, metadata, top);
    add_list(&maker, root, &titles, metadata, top);
    add_publisher(&maker, root);
    add(&maker, root, "publicationYear", dh_text(metadata, "publicationYear"),
        DH_STR("/publicationYear"));
    add_resource_type(&maker, root);
    add_list(&maker, root, &subjects, metadata, top);
    if (dh_present(dh_json_get(metadata, "contributors")))
        add_people(&maker, root, &contributors, metadata, top);
    add_list(&maker, root, &dates, metadata, top);
    add_member(&maker, root, "language", metadata, "language", top);
    add_alternates(&maker, root);
    add_list(&maker, root, &related_identifiers, metadata, top);
    add_items(&maker, root);
    add_list(&maker, root, &sizes, metadata, top);
    add_list(&maker, root, &formats, metadata, top);
    add(&maker, root, "version", dh_text(metadata, "version"), DH_STR("/version"));
    add_list(&maker, root, &rights, metadata, top);
    add_descriptions(&maker, root);
    add_locations(&maker, root);
    add_funders(&maker, root);
    return root && root->name.ptr ? root : NULL;
}
