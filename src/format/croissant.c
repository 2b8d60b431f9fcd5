/* Croissant 1.0 (MLCommons): data sets for machine learning, as schema.org with terms of its own.
 */
#include "format/ids.h"
#include "format/json_trees.h"
#include "format/parts.h"
#include "format/rdf.h"
#include "format/rows.h"

/* The context that the specification's own tools expect, key by key. */
static const char context[] =
    "{\"@language\":\"en\",\"@vocab\":\"https://schema.org/\",\"citeAs\":\"cr:citeAs\","
    "\"column\":\"cr:column\",\"conformsTo\":\"dct:conformsTo\","
    "\"cr\":\"http://mlcommons.org/croissant/\",\"data\":{\"@id\":\"cr:data\","
    "\"@type\":\"@json\"},\"dataType\":{\"@id\":\"cr:dataType\",\"@type\":\"@vocab\"},"
    "\"dct\":\"http://purl.org/dc/terms/\",\"equivalentProperty\":\"cr:equivalentProperty\","
    "\"examples\":{\"@id\":\"cr:examples\",\"@type\":\"@json\"},\"extract\":\"cr:extract\","
    "\"field\":\"cr:field\",\"fileObject\":\"cr:fileObject\","
    "\"fileProperty\":\"cr:fileProperty\",\"fileSet\":\"cr:fileSet\",\"format\":\"cr:format\","
    "\"includes\":\"cr:includes\",\"isLiveDataset\":\"cr:isLiveDataset\","
    "\"jsonPath\":\"cr:jsonPath\",\"key\":\"cr:key\",\"md5\":\"cr:md5\","
    "\"parentField\":\"cr:parentField\",\"path\":\"cr:path\","
    "\"rai\":\"http://mlcommons.org/croissant/RAI/\",\"recordSet\":\"cr:recordSet\","
    "\"references\":\"cr:references\",\"regex\":\"cr:regex\",\"repeated\":\"cr:repeated\","
    "\"replace\":\"cr:replace\",\"samplingRate\":\"cr:samplingRate\","
    "\"sc\":\"https://schema.org/\",\"separator\":\"cr:separator\",\"source\":\"cr:source\","
    "\"subField\":\"cr:subField\",\"transform\":\"cr:transform\"}";

static struct json_object *string_of(struct dh_str text)
{
    return text.ptr ? dh_json_new_str(text) : NULL;
}

/* A language tag such as "de" or "pt-BR". */
static bool is_language(struct dh_str text)
{
    struct dh_str rest = text, part;
    for (bool first = true; dh_str_split(&rest, '-', &part); first = false) {
        if (part.len < (first ? 2 : 1) || part.len > (first ? 3 : 8))
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!((part.ptr[i] | 32) >= 'a' && (part.ptr[i] | 32) <= 'z') &&
                (first || part.ptr[i] < '0' || part.ptr[i] > '9'))
                return false;
    }
    return text.len > 0;
}

/* Texts are in the language of the first title, as far as is known. */
static struct json_object *context_of(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *object = NULL;
    struct dh_str language = dh_text(dh_at(dh_json_get(source->metadata, "titles"), 0), "lang");
    dh_json_parse(DH_STR(context), &object, NULL);
    if (object && is_language(language))
        dh_put(object, "@language", dh_json_new_str(language));
    return object;
}

/* ---- people ---------------------------------------------------------------------------------- */

/* "@id" of what is an IRI: another text would be one relative to the document. */
static void put_id(struct json_object *node, struct dh_str id, struct dh_arena *arena)
{
    dh_put_string(node, "@id", dh_rdf_iri(arena, id));
}

static struct json_object *organization(struct dh_str name, struct dh_str id,
                                        struct dh_arena *arena)
{
    struct json_object *node = json_object_new_object();
    dh_put_string(node, "@type", DH_STR("sc:Organization"));
    put_id(node, id, arena);
    dh_put_string(node, "name", name);
    return node;
}

static struct json_object *affiliations(struct json_object *given, struct dh_arena *arena)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct json_object *one = dh_at(given, i);
        bool text = json_object_is_type(one, json_type_string);
        dh_array_put(list, organization(text ? dh_text_of(one) : dh_text(one, "name"),
                                        dh_text(one, "affiliationIdentifier"), arena));
    }
    return dh_unwrap(list);
}

/* A creator without nameType is a person when parts of a name are there. */
static bool is_person(struct json_object *creator)
{
    struct dh_str type = dh_text_present(creator, "nameType");
    if (type.ptr)
        return dh_str_equal(type, DH_STR("Personal"));
    return dh_text_present(creator, "familyName").ptr || dh_text_present(creator, "givenName").ptr;
}

static struct json_object *creator(struct json_object *given, struct dh_arena *arena)
{
    struct dh_str name =
        json_object_is_type(given, json_type_string) ? dh_text_of(given) : dh_text(given, "name");
    struct json_object *identifier = dh_at(dh_json_get(given, "nameIdentifiers"), 0);
    struct dh_str first = dh_text_present(given, "givenName");
    struct dh_str family = dh_text_present(given, "familyName");
    struct json_object *node = json_object_new_object();
    if (first.ptr && family.ptr)
        name = DH_ARENA_JOIN(arena, first, DH_STR(" "), family);
    dh_put_string(node, "@type",
                  is_person(given) ? DH_STR("sc:Person") : DH_STR("sc:Organization"));
    put_id(node, dh_text(identifier, "nameIdentifier"), arena);
    dh_put_string(node, "name", name);
    dh_put_string(node, "givenName", first);
    dh_put_string(node, "familyName", family);
    dh_put(node, "affiliation", affiliations(dh_json_get(given, "affiliation"), arena));
    return node;
}

static struct json_object *creators(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++)
        dh_array_put(list, creator(dh_at(given, i), source->arena));
    return dh_unwrap(list);
}

static struct json_object *publisher(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    if (!dh_present(given))
        return NULL;
    return organization(dh_publisher_name(source->metadata), dh_text(given, "publisherIdentifier"),
                        source->arena);
}

static struct json_object *funders(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct json_object *one = dh_at(given, i);
        dh_array_put(list, organization(dh_text(one, "funderName"),
                                        dh_text(one, "funderIdentifier"), source->arena));
    }
    return dh_unwrap(list);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* All titles but the first. */
static struct json_object *other_titles(const struct dh_tree_source *source, const char *from)
{
    struct json_object *titles = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    for (size_t i = 1; list && i < dh_count_of(titles); i++)
        dh_array_put(list, string_of(dh_text_present(dh_at(titles, i), "title")));
    return dh_unwrap(list);
}

static struct json_object *description(const struct dh_tree_source *source, const char *from)
{
    struct dh_str text = dh_abstract(source->metadata);
    return text.ptr ? dh_json_new_str(text) : dh_tree_description(source, from);
}

static struct json_object *url(const struct dh_tree_source *source, const char *from)
{
    struct dh_str text = dh_text_present(source->metadata, from);
    return text.ptr ? dh_json_new_str(text) : dh_tree_doi(source, from);
}

/* Links, and the names of licences that have none. */
static struct json_object *licences(const struct dh_tree_source *source, const char *from)
{
    struct json_object *rights = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(rights); i++) {
        struct dh_str link = dh_text_present(dh_at(rights, i), "rightsUri");
        dh_array_put(list,
                     string_of(link.ptr ? link : dh_text_present(dh_at(rights, i), "rights")));
    }
    return dh_unwrap(list);
}

/* "2019", "2019-05", "2019-05-17" with or without a time; of an interval its start. Anything else
 * is no date of ISO 8601, which schema.org wants here. */
static struct dh_str iso_date(struct dh_str text)
{
    static const char form[] = "dddd-dd-dd";
    struct dh_str date = dh_str_trim(text);
    date.len = dh_str_find(date, '/');
    size_t i = 0;
    while (i < date.len && i < sizeof(form) - 1 &&
           (form[i] == 'd' ? date.ptr[i] >= '0' && date.ptr[i] <= '9' : date.ptr[i] == form[i]))
        i++;
    bool whole = i == date.len && (i == 4 || i == 7 || i == 10);
    bool timed = i == 10 && i < date.len && date.ptr[i] == 'T';
    return whole || timed ? date : DH_STR_NONE;
}

static struct json_object *date_of(const struct dh_tree_source *source, const char *from)
{
    return string_of(iso_date(dh_date_of(source->metadata, from)));
}

/* A year is a date, too, and dates are texts. */
static struct json_object *published(const struct dh_tree_source *source, const char *from)
{
    struct json_object *issued = date_of(source, from);
    return issued ? issued : string_of(iso_date(dh_text(source->metadata, "publicationYear")));
}

/* The BibTeX entry; none of a record that has none. */
static struct json_object *cite_as(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    static const struct dh_format_options options;
    struct json_object *text = NULL;
    struct dh_buf entry;
    dh_buf_init(&entry, DH_DOCUMENT_MAX);
    if (!dh_format_bibtex.write(source->metadata, &options, &entry, source->arena, NULL) &&
        !entry.status && entry.len)
        text = dh_json_new_str(dh_str_trim(dh_buf_view(&entry)));
    dh_buf_release(&entry);
    return text;
}

/* ---- relations ------------------------------------------------------------------------------- */

static struct json_object *related(const struct dh_tree_source *source, const char *from)
{
    struct json_object *relations = dh_json_get(source->metadata, "relatedIdentifiers");
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(relations); i++) {
        struct json_object *one = dh_at(relations, i);
        if (dh_str_equal(dh_text(one, "relationType"), dh_str(from)))
            dh_array_put(list,
                         string_of(dh_id_any(source->arena, dh_text(one, "relatedIdentifier"))));
    }
    return dh_unwrap(list);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool is_media_type(struct dh_str text)
{
    size_t slash = dh_str_find(text, '/');
    return slash > 0 && slash + 1 < text.len && dh_str_find(text, ' ') == text.len &&
           dh_str_find(text, ':') == text.len;
}

/* What a list says of one file, when it has as many entries as there are files. */
static struct dh_str for_file(struct json_object *list, size_t i, size_t files)
{
    size_t count = dh_count_of(list);
    return dh_text_of(count == files ? dh_at(list, i) : NULL);
}

/* One format counts for all files. */
static struct dh_str format_for_file(struct json_object *formats, size_t i, size_t files)
{
    struct dh_str format = for_file(formats, i, files);
    if (!format.ptr && dh_count_of(formats) == 1)
        format = dh_text_of(dh_at(formats, 0));
    return is_media_type(format) ? format : DH_STR_NONE;
}

/* "data.zip" of "https://example.org/files/data.zip?download=1" */
static struct dh_str file_name(struct dh_str link)
{
    size_t end = 0, start = 0;
    while (end < link.len && link.ptr[end] != '?' && link.ptr[end] != '#')
        end++;
    while (end && link.ptr[end - 1] == '/')
        end--;
    for (size_t i = 0; i < end; i++)
        if (link.ptr[i] == '/')
            start = i + 1;
    return (struct dh_str){link.ptr + start, end - start};
}

/* "3.1 GB", "512": a size of a file, not of what it is about ("42 subjects"). */
static struct dh_str byte_size(struct dh_str size)
{
    static const char *const units[] = {"",    "b",  "byte", "bytes", "kb",  "kib", "mb",
                                        "mib", "gb", "gib",  "tb",    "tib", "pb",  "pib"};
    struct dh_str unit = dh_str_trim(size);
    while (unit.len && strchr("0123456789.,", unit.ptr[0]))
        unit = dh_str_from(unit, 1);
    bool number = unit.ptr != dh_str_trim(size).ptr;
    unit = dh_str_trim(unit);
    for (size_t i = 0; number && i < sizeof(units) / sizeof(units[0]); i++)
        if (dh_str_equal_nocase(unit, dh_str(units[i])))
            return size;
    return DH_STR_NONE;
}

static struct json_object *file(const struct dh_tree_source *source, struct json_object *links,
                                size_t i)
{
    struct json_object *node = json_object_new_object();
    struct dh_str link = dh_text_of(dh_at(links, i));
    size_t files = dh_count_of(links);
    dh_put_string(node, "@type", DH_STR("cr:FileObject"));
    dh_put_string(node, "@id", dh_arena_format(source->arena, "file-%zu", i + 1));
    dh_put_string(node, "name", file_name(link));
    dh_put_string(node, "contentUrl", link);
    dh_put_string(node, "contentSize",
                  byte_size(for_file(dh_json_get(source->metadata, "sizes"), i, files)));
    dh_put_string(node, "encodingFormat",
                  format_for_file(dh_json_get(source->metadata, "formats"), i, files));
    return node;
}

static struct json_object *distribution(const struct dh_tree_source *source, const char *from)
{
    struct json_object *links = dh_json_get(source->metadata, from);
    struct json_object *list = dh_present(links) ? json_object_new_array() : NULL;
    for (size_t i = 0; list && i < dh_count_of(links); i++)
        if (!dh_str_blank(dh_text_of(dh_at(links, i))))
            dh_array_put(list, file(source, links, i));
    return list;
}

/* Of all files together, where they are not listed one by one. */
static struct json_object *of_files(const struct dh_tree_source *source, const char *from)
{
    bool listed = dh_present(dh_json_get(source->metadata, "contentUrl"));
    return listed ? NULL : dh_tree_unwrapped(source, from);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const struct dh_tree_row rows[] = {
    {"@context", context_of, NULL},
    {"@type", dh_tree_constant, "sc:Dataset"},
    {"@id", dh_tree_doi, NULL},
    {"conformsTo", dh_tree_constant, "http://mlcommons.org/croissant/1.0"},
    {"name", dh_tree_title, NULL},
    {"alternateName", other_titles, "titles"},
    {"description", description, NULL},
    {"license", licences, "rightsList"},
    {"url", url, "url"},
    {"creator", creators, "creators"},
    {"datePublished", published, "Issued"},
    {"dateCreated", date_of, "Created"},
    {"dateModified", date_of, "Updated"},
    {"publisher", publisher, "publisher"},
    {"funder", funders, "fundingReferences"},
    {"keywords", dh_tree_subjects, NULL},
    {"inLanguage", dh_tree_member, "language"},
    {"version", dh_tree_member, "version"},
    {"identifier", dh_tree_identifiers, NULL},
    {"temporalCoverage", dh_tree_date, "Coverage"},
    {"spatialCoverage", dh_tree_places, "geoLocations"},
    {"contentSize", of_files, "sizes"},
    {"encodingFormat", of_files, "formats"},
    {"sameAs", related, "IsIdenticalTo"},
    {"isPartOf", related, "IsPartOf"},
    {"hasPart", related, "HasPart"},
    {"citeAs", cite_as, NULL},
    {"distribution", distribution, "contentUrl"},
    {NULL, NULL, NULL},
};

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    struct dh_str type = dh_type_of(metadata, "resourceTypeGeneral");
    if (!dh_str_equal(type, DH_STR("Dataset")) && !dh_str_equal(type, DH_STR("Collection")))
        return dh_fail(err, DH_UNSUPPORTED,
                       "Croissant describes data sets, not a work of type \"%.*s\"",
                       DH_STR_ARG(dh_str_blank(type) ? DH_STR("unknown") : type));
    return dh_json_tree_write(dh_tree_of(rows, metadata, arena), out, err);
}

/* The specification tells it from other JSON-LD by a profile. Accept headers are compared without
 * parameters: there it has the name that others gave it. */
const struct dh_format dh_format_croissant = {
    .name = "croissant",
    .title = "Croissant 1.0",
    .type = "application/ld+json; profile=\"http://mlcommons.org/croissant/1.0\"",
    .aliases = "application/vnd.mlcommons-croissant+json",
    .flags = DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
};
