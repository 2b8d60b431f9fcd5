/* Reading DataCite XML: elements that are made of elements. People, places, funders, relations. */
#include "format/datacite_read.h"

/* ---- people --------------------------------------------------------------------------------- */

static struct json_object *name_identifiers(struct dh_datacite_reader *reader,
                                            const struct dh_xml *person)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_xml_child(person, "nameIdentifier"); x; x = dh_xml_same(x))
        dh_datacite_append(list, dh_name_identifier(reader->arena, dh_datacite_text(reader, x),
                                                    dh_xml_attr(x, "nameIdentifierScheme"),
                                                    dh_xml_attr(x, "schemeURI")));
    return list;
}

static struct json_object *affiliations(struct dh_datacite_reader *reader,
                                        const struct dh_xml *person)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_xml_child(person, "affiliation"); x; x = dh_xml_same(x))
        dh_datacite_append(list, dh_affiliation(reader->arena, dh_datacite_text(reader, x),
                                                dh_xml_attr(x, "affiliationIdentifier"),
                                                dh_xml_attr(x, "affiliationIdentifierScheme"),
                                                dh_xml_attr(x, "schemeURI")));
    return list;
}

static struct json_object *person(struct dh_datacite_reader *reader, const struct dh_xml *element,
                                  const char *name_element, const char *type)
{
    const struct dh_xml *name = dh_xml_child(element, name_element);
    if (dh_xml_same(name)) /* two people in one: nobody can tell which part is whose */
        return NULL;
    const struct dh_person person = {
        .name = dh_datacite_trimmed(reader, name),
        .name_type = dh_xml_attr(name, "nameType"),
        .given = dh_datacite_trimmed(reader, dh_xml_child(element, "givenName")),
        .family = dh_datacite_trimmed(reader, dh_xml_child(element, "familyName")),
        .identifiers = name_identifiers(reader, element),
        .affiliation = affiliations(reader, element),
        .contributor_type = type,
    };
    return dh_person_new(&person);
}

struct json_object *dh_datacite_creators(struct dh_datacite_reader *reader,
                                         const struct dh_xml *parent)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "creators", "creator"); x;
         x = dh_datacite_next(x))
        dh_datacite_append(list, person(reader, x, "creatorName", NULL));
    return list;
}

struct json_object *dh_datacite_contributors(struct dh_datacite_reader *reader,
                                             const struct dh_xml *parent)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "contributors", "contributor"); x;
         x = dh_datacite_next(x)) {
        struct dh_str type = dh_xml_attr(x, "contributorType");
        struct dh_str copy = type.ptr ? dh_arena_copy(reader->arena, type) : type;
        reader->failed = reader->failed || (type.ptr && !copy.ptr);
        dh_datacite_append(list, person(reader, x, "contributorName", copy.ptr));
    }
    return list;
}

/* ---- places --------------------------------------------------------------------------------- */

/* The members of a point or box, in the order written and in that of kernel 3's texts: "lat lon",
 * "south west north east". */
struct shape {
    const char *const *keys, *const *in_text;
};
static const char *const point_keys[] = {"pointLatitude", "pointLongitude", NULL};
static const char *const turned_keys[] = {"pointLongitude", "pointLatitude", NULL};
static const char *const box_keys[] = {"westBoundLongitude", "eastBoundLongitude",
                                       "southBoundLatitude", "northBoundLatitude", NULL};
static const char *const box_text[] = {"southBoundLatitude", "westBoundLongitude",
                                       "northBoundLatitude", "eastBoundLongitude", NULL};
static const struct shape point = {point_keys, point_keys}, turned = {turned_keys, point_keys},
                          box = {box_keys, box_text};

/* The next number of a text of such, up to white space or a comma; NONE when there is none. */
static struct dh_str take_number(struct dh_str *text)
{
    static const char between[] = " \t\r\n,;";
    size_t i = 0;
    double number;
    while (text->len && memchr(between, text->ptr[0], sizeof(between) - 1))
        *text = dh_str_from(*text, 1);
    while (i < text->len && !memchr(between, text->ptr[i], sizeof(between) - 1))
        i++;
    struct dh_str part = {text->ptr, i};
    *text = dh_str_from(*text, i);
    return dh_str_decimal(part, &number) ? part : DH_STR_NONE;
}

static void put_from_text(struct json_object *out, const char *const keys[], struct dh_str text)
{
    struct dh_str numbers[4], rest = text;
    size_t count = 0;
    for (; keys[count]; count++) {
        numbers[count] = take_number(&rest);
        if (!numbers[count].ptr)
            return;
    }
    for (size_t i = 0; i < count && dh_str_blank(rest); i++)
        dh_put_string(out, keys[i], numbers[i]);
}

/* A point or box; NULL when the element is missing or says nothing. */
static struct json_object *numbers(struct dh_datacite_reader *reader, const struct dh_xml *element,
                                   const struct shape *shape)
{
    if (!element)
        return NULL;
    struct json_object *out = dh_datacite_object(reader);
    for (const char *const *key = shape->keys; *key; key++)
        dh_put_string(out, *key, dh_datacite_trimmed(reader, dh_xml_child(element, *key)));
    if (!dh_xml_first(element))
        put_from_text(out, shape->in_text, dh_datacite_text(reader, element));
    if (out && json_object_object_length(out))
        return out;
    json_object_put(out);
    return NULL;
}

/* Of these the DataCite REST API keeps the order of the elements. */
static void add_point(struct dh_datacite_reader *reader, struct json_object *list,
                      const struct dh_xml *element, const char *key)
{
    const struct dh_xml *first = dh_xml_first(element);
    bool longitude = first && dh_str_equal(first->name, dh_str(turned_keys[0]));
    struct json_object *entry = dh_datacite_object(reader);
    dh_put(entry, key, numbers(reader, element, longitude ? &turned : &point));
    dh_datacite_append(list, entry);
}

/* Several polygons in one place are left out, as by the DataCite REST API: their points would be
 * one list. */
static struct json_object *polygon(struct dh_datacite_reader *reader, const struct dh_xml *place)
{
    const struct dh_xml *element = dh_xml_child(place, "geoLocationPolygon");
    if (!element || dh_xml_same(element))
        return NULL;
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_xml_child(element, "polygonPoint"); x; x = dh_xml_same(x))
        add_point(reader, list, x, "polygonPoint");
    if (dh_xml_child(element, "inPolygonPoint"))
        add_point(reader, list, dh_xml_child(element, "inPolygonPoint"), "inPolygonPoint");
    if (dh_count_of(list))
        return list;
    json_object_put(list);
    return NULL;
}

struct json_object *dh_datacite_locations(struct dh_datacite_reader *reader,
                                          const struct dh_xml *resource)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(resource, "geoLocations", "geoLocation"); x;
         x = dh_datacite_next(x)) {
        struct json_object *place = dh_datacite_object(reader);
        dh_put(place, "geoLocationPoint",
               numbers(reader, dh_xml_child(x, "geoLocationPoint"), &point));
        dh_put(place, "geoLocationBox", numbers(reader, dh_xml_child(x, "geoLocationBox"), &box));
        dh_put(place, "geoLocationPolygon", polygon(reader, x));
        dh_put_string(place, "geoLocationPlace",
                      dh_datacite_trimmed(reader, dh_xml_child(x, "geoLocationPlace")));
        dh_datacite_append(list, place);
    }
    return list;
}

/* ---- funders -------------------------------------------------------------------------------- */

static struct dh_str funder_id(struct dh_datacite_reader *reader, struct dh_str text,
                               struct dh_str type)
{
    struct dh_str trimmed = dh_str_trim(text);
    if (dh_str_equal(type, DH_STR("Crossref Funder ID")))
        return dh_id_funder(reader->arena, trimmed);
    if (dh_str_equal(type, DH_STR("ROR")))
        return dh_id_ror(reader->arena, trimmed);
    struct dh_str id = dh_id_any(reader->arena, trimmed);
    return id.ptr ? id : text;
}

static struct json_object *funder(struct dh_datacite_reader *reader, const struct dh_xml *element)
{
    const struct dh_xml *id = dh_xml_child(element, "funderIdentifier");
    const struct dh_xml *award = dh_xml_child(element, "awardNumber");
    struct dh_str text = dh_datacite_text(reader, id);
    struct dh_str type = dh_xml_attr(id, "funderIdentifierType");
    struct dh_str scheme = dh_xml_attr(id, "schemeURI");
    if (dh_str_equal(type, DH_STR("ROR")))
        scheme = DH_STR("https://ror.org");
    struct json_object *out = dh_datacite_object(reader);
    dh_put_string(out, "funderName", dh_datacite_text(reader, dh_xml_child(element, "funderName")));
    if (text.ptr)
        dh_put_string(out, "funderIdentifier", funder_id(reader, text, type));
    dh_put_string(out, "funderIdentifierType", type);
    dh_put_string(out, "schemeUri", scheme);
    dh_put_string(out, "awardNumber", dh_datacite_text(reader, award));
    dh_put_string(out, "awardUri", dh_xml_attr(award, "awardURI"));
    dh_put_string(out, "awardTitle",
                  dh_datacite_trimmed(reader, dh_xml_child(element, "awardTitle")));
    return out;
}

struct json_object *dh_datacite_funders(struct dh_datacite_reader *reader,
                                        const struct dh_xml *resource)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x =
             dh_datacite_first(resource, "fundingReferences", "fundingReference");
         x; x = dh_datacite_next(x))
        dh_datacite_append(list, funder(reader, x));
    return list;
}

/* ---- relations ------------------------------------------------------------------------------ */

static struct dh_str related_id(struct dh_datacite_reader *reader, const struct dh_xml *element,
                                const char *type)
{
    struct dh_str text = dh_datacite_text(reader, element);
    if (text.ptr && dh_str_equal(dh_xml_attr(element, type), DH_STR("DOI")))
        return dh_id_doi(reader->arena, dh_str_trim(text));
    return text;
}

struct json_object *dh_datacite_relations(struct dh_datacite_reader *reader,
                                          const struct dh_xml *resource)
{
    static const struct dh_datacite_attr attrs[] = {
        {"relatedIdentifierType", "relatedIdentifierType"},
        {"relationType", "relationType"},
        {"resourceTypeGeneral", "resourceTypeGeneral"},
        {"relatedMetadataScheme", "relatedMetadataScheme"},
        {"schemeUri", "schemeURI"},
        {"schemeType", "schemeType"},
        {"relationTypeInformation", "relationTypeInformation"},
        {0}};
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x =
             dh_datacite_first(resource, "relatedIdentifiers", "relatedIdentifier");
         x; x = dh_datacite_next(x)) {
        struct json_object *relation = dh_datacite_object(reader);
        dh_put_string(relation, "relatedIdentifier",
                      related_id(reader, x, "relatedIdentifierType"));
        dh_datacite_attrs(relation, attrs, x);
        dh_datacite_append(list, relation);
    }
    return list;
}

static struct json_object *item_identifier(struct dh_datacite_reader *reader,
                                           const struct dh_xml *element)
{
    static const struct dh_datacite_attr attrs[] = {
        {"relatedItemIdentifierType", "relatedItemIdentifierType"},
        {"relatedMetadataScheme", "relatedMetadataScheme"},
        {"schemeURI", "schemeURI"},
        {"schemeType", "schemeType"},
        {0}};
    if (!element)
        return NULL;
    struct json_object *out = dh_datacite_object(reader);
    dh_put_string(out, "relatedItemIdentifier",
                  related_id(reader, element, "relatedItemIdentifierType"));
    dh_datacite_attrs(out, attrs, element);
    return out;
}

static struct json_object *item(struct dh_datacite_reader *reader, const struct dh_xml *element)
{
    static const struct dh_datacite_attr attrs[] = {
        {"relationType", "relationType"}, {"relatedItemType", "relatedItemType"}, {0}};
    static const char *const before[] = {"publicationYear", "volume", "issue", "number"};
    static const char *const after[] = {"firstPage", "lastPage", "publisher", "edition"};
    struct json_object *out = dh_datacite_object(reader);
    dh_datacite_attrs(out, attrs, element);
    dh_put(out, "relatedItemIdentifier",
           item_identifier(reader, dh_xml_child(element, "relatedItemIdentifier")));
    dh_put(out, "creators", dh_datacite_creators(reader, element));
    dh_put(out, "titles", dh_datacite_titles(reader, element));
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        dh_put_string(out, before[i],
                      dh_datacite_trimmed(reader, dh_xml_child(element, before[i])));
    dh_put_string(out, "numberType", dh_xml_attr(dh_xml_child(element, "number"), "numberType"));
    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
        dh_put_string(out, after[i], dh_datacite_trimmed(reader, dh_xml_child(element, after[i])));
    dh_put(out, "contributors", dh_datacite_contributors(reader, element));
    dh_put_string(out, "relationTypeInformation", dh_xml_attr(element, "relationTypeInformation"));
    return out;
}

struct json_object *dh_datacite_items(struct dh_datacite_reader *reader,
                                      const struct dh_xml *resource)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(resource, "relatedItems", "relatedItem"); x;
         x = dh_datacite_next(x))
        dh_datacite_append(list, item(reader, x));
    return list;
}
