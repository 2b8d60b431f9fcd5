/* Reading schema.org as JSON-LD: one work, or those of a graph. */
#include "format/json_ld.h"
#include "format/json_readers.h"

struct reading {
    struct json_object *in, *out;
    struct dh_arena *arena;
    struct dh_str type; /* without its prefix; ptr NULL when there is none */
};

/* ---- types, dates, container ---------------------------------------------------------------- */

static const char *or_else(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static struct json_object *types_of(const struct reading *reading)
{
    struct dh_str type = reading->type;
    const char *general = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, type);
    const char *citeproc = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_CITEPROC, type);
    const char *bibtex = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_BIBTEX, type);
    /* looked up by the other type, as upstream does */
    const char *ris = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_RIS, dh_str(general));
    return dh_types_new(general, dh_ld_member(reading->in, "additionalType"),
                        type.ptr ? dh_arena_copy(reading->arena, type).ptr : NULL,
                        or_else(citeproc, "article-journal"), or_else(bibtex, "misc"),
                        or_else(ris, "GEN"));
}

static struct json_object *dates_of(struct json_object *in)
{
    static const char *const kinds[][2] = {{"datePublished", "Issued"},
                                           {"dateCreated", "Created"},
                                           {"dateModified", "Updated"},
                                           {"temporalCoverage", "Coverage"}};
    struct json_object *dates = json_object_new_array();
    for (size_t i = 0; dates && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        dh_add_date(dates, dh_ld_member(in, kinds[i][0]), kinds[i][1]);
    return dates;
}

static void put_year(const struct reading *reading)
{
    struct dh_str date = dh_ld_member(reading->in, "datePublished");
    unsigned year;
    struct dh_str rest = date;
    if (dh_str_take_digits(&rest, 4, &year))
        dh_put_string(reading->out, "publicationYear", (struct dh_str){date.ptr, 4});
}

/* What the writer makes of a container: its own names for three members. */
static struct json_object *periodical_back(struct json_object *periodical)
{
    static const char *const names[][2] = {{"@type", "type"}, {"@id", "id"}, {"name", "title"}};
    struct json_object *out = json_object_new_object();
    if (!out || !json_object_is_type(periodical, json_type_object))
        return out;
    json_object_object_foreach(periodical, key, value)
    {
        const char *name = key;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            if (strcmp(key, names[i][0]) == 0)
                name = names[i][1];
        dh_put_ref(out, name, value);
    }
    return out;
}

static struct json_object *container_of(const struct reading *reading)
{
    bool dataset = dh_str_equal(reading->type, DH_STR("Dataset"));
    struct json_object *in = reading->in, *whole = dh_json_get(in, "periodical");
    if (!dataset && dh_present(whole))
        return periodical_back(whole);
    whole = dh_json_get(in, dataset ? "includedInDataCatalog" : "Periodical");
    whole = dh_at(whole, 0);
    struct json_object *out = dh_present(whole) ? json_object_new_object() : NULL;
    if (!out)
        return NULL;
    struct dh_str url = dh_ld_member(whole, "url"), id = url.ptr ? url : dh_ld_id(whole);
    dh_put_string(out, "type", dataset ? DH_STR("DataRepository") : DH_STR("Periodical"));
    dh_put_string(out, "title", dh_ld_member(whole, "name"));
    dh_put_string(out, "identifier", id);
    dh_put_string(out, "identifierType", dh_str(url.ptr ? "URL" : dh_id_type(id)));
    dh_put_string(out, "volume", dh_ld_member(in, "volumeNumber"));
    dh_put_string(out, "issue", dh_ld_member(in, "issueNumber"));
    dh_put_string(out, "firstPage", dh_ld_member(in, "pageStart"));
    dh_put_string(out, "lastPage", dh_ld_member(in, "pageEnd"));
    return out;
}

/* ---- people, publisher, funders ------------------------------------------------------------- */

/* Translators stand among the editors, too, in what we write. */
static bool has_translator(struct json_object *people)
{
    for (size_t i = 0; i < dh_count_of(people); i++)
        if (dh_str_equal(dh_text(dh_at(people, i), "contributorType"), DH_STR("Translator")))
            return true;
    return false;
}

static void put_people(const struct reading *reading)
{
    struct json_object *in = reading->in;
    struct json_object *creators = json_object_new_array(), *others = json_object_new_array();
    struct json_object *authors = dh_ld_first_of(in, "author creator");
    if (json_object_is_type(authors, json_type_string)) /* many names in one, as it often is */
        authors = dh_json_get(in, "creator");
    if (!json_object_is_type(authors, json_type_string))
        dh_ld_add_people(creators, authors, NULL, reading->arena);
    dh_ld_add_people(others, dh_json_get(in, "editor"), NULL, reading->arena);
    if (!has_translator(others))
        dh_ld_add_people(others, dh_json_get(in, "translator"), "Translator", reading->arena);
    dh_put(reading->out, "creators", creators);
    dh_put(reading->out, "contributors", others);
}

static struct json_object *publisher_of(struct json_object *in)
{
    struct json_object *given = dh_at(dh_json_get(in, "publisher"), 0);
    bool text = json_object_is_type(given, json_type_string);
    struct dh_str name = text ? dh_ld_text(given) : dh_ld_member(given, "name");
    struct dh_str id = text ? DH_STR_NONE : dh_ld_member(given, "@id");
    struct json_object *out = name.ptr || id.ptr ? json_object_new_object() : NULL;
    if (out) {
        dh_put_string(out, "name", name);
        dh_put_string(out, "publisherIdentifier", id);
    }
    return out;
}

static struct json_object *funders_of(struct json_object *in)
{
    struct json_object *given = dh_json_get(in, "funder"), *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(given); i++) {
        struct json_object *funder = dh_at(given, i);
        bool text = json_object_is_type(funder, json_type_string);
        struct dh_str name = text ? dh_ld_text(funder) : dh_ld_member(funder, "name");
        struct dh_str id = text ? DH_STR_NONE : dh_ld_member(funder, "@id");
        bool crossref = dh_str_starts(id, DH_STR("https://doi.org/10.13039"));
        struct json_object *entry = name.ptr || id.ptr ? json_object_new_object() : NULL;
        if (entry) {
            dh_put_string(entry, "funderName", name);
            dh_put_string(entry, "funderIdentifier", id);
            if (id.ptr)
                dh_put_string(entry, "funderIdentifierType",
                              crossref ? DH_STR("Crossref Funder ID") : DH_STR("Other"));
        }
        dh_array_put(out, entry);
    }
    return out;
}

/* ---- related works -------------------------------------------------------------------------- */

static const struct relation {
    const char *key, *type;
    bool reverse;
} relations[] = {
    {"sameAs", "IsIdenticalTo", false},
    {"isPartOf", "IsPartOf", false},
    {"hasPart", "HasPart", false},
    {"predecessor_of", "IsPreviousVersionOf", false},
    {"successor_of", "IsNewVersionOf", false},
    {"citation", "References", false},
    {"citation", "IsReferencedBy", true},
    {"isBasedOn", "IsSupplementTo", true},
    {"isBasedOn", "IsSupplementedBy", false},
    {"workTranslation", "HasTranslation", false},
    {"translationOfWork", "IsTranslationOf", false},
};

/* The target of a relation and what kind of identifier it is. */
struct target {
    struct dh_str id, type;
};

static struct target target_of(struct json_object *work, struct dh_arena *arena)
{
    struct dh_str id = dh_ld_id(work), doi = dh_id_doi(arena, id), url = dh_id_any(arena, id);
    struct json_object *value = dh_json_get(work, "identifier");
    if (doi.ptr)
        return (struct target){doi, DH_STR("DOI")};
    if (url.ptr)
        return (struct target){url, DH_STR("URL")};
    struct dh_str issn = dh_ld_member(work, "issn");
    if (issn.ptr)
        return (struct target){issn, DH_STR("ISSN")};
    struct target other = {dh_ld_member(value, "value"), dh_ld_member(value, "propertyID")};
    return other.type.ptr ? other : (struct target){DH_STR_NONE, DH_STR_NONE};
}

/* The type of a related work; what upstream writes there may be a resourceTypeGeneral, too. */
static struct dh_str general_of(struct json_object *work)
{
    struct dh_str type = dh_ld_type(work);
    const char *general = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, type);
    if (general)
        return dh_str(general);
    size_t i = dh_vocab_find(DH_VOCAB_RESOURCE_TYPE, type);
    return i < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE) ? type : DH_STR_NONE;
}

static void add_relations(struct json_object *out, struct json_object *works, const char *type,
                          struct dh_arena *arena)
{
    for (size_t i = 0; i < dh_count_of(works); i++) {
        struct json_object *work = dh_at(works, i);
        struct target target = target_of(work, arena);
        struct json_object *entry = target.id.ptr ? json_object_new_object() : NULL;
        if (!entry)
            continue;
        dh_put_string(entry, "relatedIdentifier", target.id);
        dh_put_string(entry, "relatedIdentifierType", target.type);
        dh_put_string(entry, "relationType", dh_str(type));
        dh_put_string(entry, "resourceTypeGeneral", general_of(work));
        dh_array_put(out, entry);
    }
}

static struct json_object *relations_of(struct json_object *in, struct dh_arena *arena)
{
    struct json_object *out = json_object_new_array(), *reverse = dh_json_get(in, "@reverse");
    for (size_t i = 0; out && i < sizeof(relations) / sizeof(relations[0]); i++) {
        struct json_object *from = relations[i].reverse ? reverse : in;
        add_relations(out, dh_json_get(from, relations[i].key), relations[i].type, arena);
    }
    return out;
}

/* ---- places, files -------------------------------------------------------------------------- */

/* "south west north east", with spaces or commas. */
static struct json_object *box_of(struct dh_str text)
{
    static const char *const keys[] = {"southBoundLatitude", "westBoundLongitude",
                                       "northBoundLatitude", "eastBoundLongitude"};
    struct json_object *box = text.ptr ? json_object_new_object() : NULL;
    size_t at = 0;
    for (size_t i = 0; box && i < 4; i++) {
        while (at < text.len && memchr(", \t\n", text.ptr[at], 4))
            at++;
        size_t start = at;
        while (at < text.len && !memchr(", \t\n", text.ptr[at], 4))
            at++;
        if (at > start)
            dh_put_string(box, keys[i], (struct dh_str){text.ptr + start, at - start});
    }
    return box;
}

static struct json_object *place_of(struct json_object *given)
{
    struct json_object *geo = dh_json_get(given, "geo"), *out = json_object_new_object();
    struct json_object *point = json_object_new_object();
    struct dh_str name = dh_ld_member(geo, "address");
    if (!name.ptr)
        name = dh_ld_text(dh_ld_first_of(given, "name address"));
    if (!name.ptr)
        name = dh_ld_text(given);
    if (out && point) {
        dh_put_string(out, "geoLocationPlace", name);
        dh_put_ref(point, "pointLongitude", dh_json_get(geo, "longitude"));
        dh_put_ref(point, "pointLatitude", dh_json_get(geo, "latitude"));
        if (dh_present(point))
            dh_put_ref(out, "geoLocationPoint", point);
        dh_put(out, "geoLocationBox", box_of(dh_ld_member(geo, "box")));
    }
    json_object_put(point);
    if (dh_present(out))
        return out;
    json_object_put(out);
    return NULL;
}

static struct json_object *places_of(struct json_object *in)
{
    struct json_object *given = dh_json_get(in, "spatialCoverage"), *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(given); i++)
        dh_array_put(out, place_of(dh_at(given, i)));
    return out;
}

/* The texts of a member, else those of the files that the work is given out in. */
static struct json_object *texts_of(struct json_object *in, const char *keys)
{
    struct json_object *given = dh_ld_first_of(in, keys), *out = json_object_new_array();
    struct json_object *files = dh_json_get(in, "distribution");
    for (size_t i = 0; out && i < dh_count_of(given); i++) {
        struct dh_str text = dh_ld_text(dh_at(given, i));
        dh_array_put(out, text.ptr ? dh_json_new_str(text) : NULL);
    }
    for (size_t i = 0; out && !given && i < dh_count_of(files); i++) {
        struct dh_str text = dh_ld_text(dh_ld_first_of(dh_at(files, i), keys));
        dh_array_put(out, text.ptr ? dh_json_new_str(text) : NULL);
    }
    return out;
}

static struct dh_str language_of(struct json_object *in)
{
    struct json_object *given = dh_at(dh_json_get(in, "inLanguage"), 0);
    struct dh_str text = dh_ld_text(given);
    return text.ptr ? text : dh_ld_text(dh_ld_first_of(given, "alternateName name"));
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void put_texts(const struct reading *reading)
{
    struct json_object *in = reading->in, *out = reading->out;
    struct json_object *files = texts_of(in, "contentUrl");
    dh_put_string(out, "url", dh_id_any(reading->arena, dh_ld_member(in, "url")));
    dh_put_string(out, "language", language_of(in));
    dh_put_string(out, "version", dh_ld_member(in, "version"));
    dh_put_string(out, "schemaVersion", dh_ld_member(in, "schemaVersion"));
    dh_put_string(out, "agency", dh_ld_member(dh_at(dh_json_get(in, "provider"), 0), "name"));
    dh_put(out, "sizes", texts_of(in, "contentSize"));
    dh_put(out, "formats", texts_of(in, "encodingFormat fileFormat"));
    if (dh_count_of(files))
        dh_put_ref(out, "contentUrl", files);
    json_object_put(files);
}

static enum dh_status read_work(struct json_object *in, struct json_object *records,
                                struct dh_arena *arena, struct dh_err *err)
{
    struct reading reading = {in, json_object_new_object(), arena, dh_ld_type(in)};
    struct json_object *out = reading.out;
    if (!out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_put(out, "types", types_of(&reading));
    put_people(&reading);
    dh_put(out, "titles", dh_ld_only("title", dh_ld_text(dh_ld_first_of(in, "name headline"))));
    dh_put(out, "publisher", publisher_of(in));
    dh_put(out, "container", container_of(&reading));
    dh_put(out, "subjects", dh_ld_subjects(dh_json_get(in, "keywords")));
    dh_put(out, "dates", dates_of(in));
    put_year(&reading);
    dh_put(out, "identifiers", dh_ld_identifiers(in, arena));
    put_texts(&reading);
    dh_put(out, "rightsList", dh_ld_rights(dh_json_get(in, "license"), arena));
    dh_put(out, "descriptions", dh_ld_abstract(dh_json_get(in, "description"), arena));
    dh_put(out, "geoLocations", places_of(in));
    dh_put(out, "fundingReferences", funders_of(in));
    dh_put(out, "relatedIdentifiers", relations_of(in, arena));
    enum dh_status status = dh_metadata_finish(out, dh_ld_work_id(in, arena), arena, err);
    if (!status)
        return dh_records_add(records, out, err);
    json_object_put(out);
    return status;
}

/* Nodes of a graph that are works: those with a type that the tables know and a name. */
static bool is_work(struct json_object *node)
{
    struct dh_str type = dh_ld_type(node);
    return dh_ld_first_of(node, "name headline") &&
           (dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, type) ||
            dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_RIS, type));
}

enum dh_status dh_schema_org_read(const struct dh_format_input *input, struct json_object *records,
                                  struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *graph = dh_json_get(input->json, "@graph");
    if (!json_object_is_type(input->json, json_type_object))
        return dh_fail(err, DH_INVALID, "schema.org metadata must be a JSON object");
    if (!graph)
        return read_work(input->json, records, arena, err);
    enum dh_status status = DH_OK;
    for (size_t i = 0; !status && i < dh_count_of(graph); i++)
        if (is_work(dh_at(graph, i)))
            status = read_work(dh_at(graph, i), records, arena, err);
    return status;
}

bool dh_schema_org_fits(const struct dh_format_input *input)
{
    return dh_ld_context(input->json) == DH_LD_SCHEMA_ORG;
}
