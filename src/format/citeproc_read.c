/* Reading CSL JSON: one item. */
#include "format/json_ld.h"
#include "format/json_readers.h"
#include "format/text_reading.h"

/* ---- people --------------------------------------------------------------------------------- */

/* Both with a joint between them; the one that is there when the other is not. */
static struct dh_str with(struct dh_arena *arena, struct dh_str first, const char *joint,
                          struct dh_str second)
{
    if (!first.ptr || !second.ptr)
        return first.ptr ? first : second;
    return DH_ARENA_JOIN(arena, first, dh_str(joint), second);
}

static struct json_object *affiliations_of(struct json_object *given, struct dh_arena *arena)
{
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(given); i++) {
        struct json_object *item = dh_at(given, i);
        struct dh_str name = dh_ld_text(item);
        name = name.ptr ? name : dh_ld_member(item, "name");
        dh_array_put(out, dh_affiliation(arena, name, DH_STR_NONE, DH_STR_NONE, DH_STR_NONE));
    }
    return out;
}

static struct json_object *identifiers_of(struct json_object *given, struct dh_arena *arena)
{
    struct dh_str orcid = dh_id_orcid(arena, dh_ld_member(given, "ORCID"));
    struct json_object *out = orcid.ptr ? json_object_new_array() : NULL;
    if (out)
        dh_array_put(out, dh_name_identifier(arena, orcid, DH_STR("ORCID"), DH_STR_NONE));
    return out;
}

static struct json_object *person_of(struct json_object *given, const char *role,
                                     struct dh_arena *arena)
{
    struct dh_person person = {.name = dh_ld_member(given, "literal"), .contributor_type = role};
    struct dh_str text = dh_ld_text(given), first = dh_ld_member(given, "given");
    first = with(arena, first, " ", dh_ld_member(given, "dropping-particle"));
    person.given = with(arena, first, ", ", dh_ld_member(given, "suffix"));
    person.family = with(arena, dh_ld_member(given, "non-dropping-particle"), " ",
                         dh_ld_member(given, "family"));
    if (text.ptr)
        person.name = text;
    if (person.family.ptr || person.given.ptr)
        person.name_type = DH_STR("Personal");
    if (!person.name.ptr)
        person.name = dh_person_name(arena, person.family, person.given);
    if (!person.name.ptr)
        return NULL;
    person.lang = dh_ld_member(given, "lang");
    person.identifiers = identifiers_of(given, arena);
    person.affiliation = affiliations_of(dh_json_get(given, "affiliation"), arena);
    return dh_person_new(&person);
}

static void add_people(struct json_object *people, struct json_object *given, const char *role,
                       struct dh_arena *arena)
{
    for (size_t i = 0; people && i < dh_count_of(given); i++)
        dh_array_put(people, person_of(dh_at(given, i), role, arena));
}

static void put_people(struct json_object *out, struct json_object *in, struct dh_arena *arena)
{
    static const struct dh_person nobody = {.name = {":(unav)", 7},
                                            .name_type = {"Organizational", 14}};
    struct json_object *creators = json_object_new_array(), *others = json_object_new_array();
    add_people(creators, dh_json_get(in, "author"), NULL, arena);
    if (creators && !json_object_array_length(creators))
        dh_array_put(creators, dh_person_new(&nobody));
    add_people(others, dh_json_get(in, "editor"), NULL, arena);
    add_people(others, dh_json_get(in, "translator"), "Translator", arena);
    dh_put(out, "creators", creators);
    dh_put(out, "contributors", others);
}

/* ---- dates ---------------------------------------------------------------------------------- */

/* A part of a date, number or text. */
static bool part_of(struct json_object *parts, size_t i, int64_t *out)
{
    struct dh_str text = dh_text_of(dh_at(parts, i));
    if (i >= dh_count_of(parts) || !text.len)
        return false;
    *out = dh_str_integer(text);
    return *out != 0;
}

/* [2016, 5, 4] as 2016-05-04. */
static struct dh_str day_of(struct dh_arena *arena, struct json_object *parts)
{
    int64_t year, month, day;
    if (!json_object_is_type(parts, json_type_array) || !part_of(parts, 0, &year) || year < -9999 ||
        year > 9999)
        return DH_STR_NONE;
    const char *sign = year < 0 ? "-" : "";
    int whole = (int)(year < 0 ? -year : year);
    if (!part_of(parts, 1, &month) || month < 1 || month > 99)
        return dh_arena_format(arena, "%s%04d", sign, whole);
    if (!part_of(parts, 2, &day) || day < 1 || day > 99)
        return dh_arena_format(arena, "%s%04d-%02d", sign, whole, (int)month);
    return dh_arena_format(arena, "%s%04d-%02d-%02d", sign, whole, (int)month, (int)day);
}

/* Two days are a range; without any, what was written instead. */
static struct dh_str date_of(struct dh_arena *arena, struct json_object *given)
{
    struct json_object *days = dh_json_get(given, "date-parts");
    struct dh_str first = day_of(arena, dh_at(days, 0));
    struct dh_str last = dh_count_of(days) > 1 ? day_of(arena, dh_at(days, 1)) : DH_STR_NONE;
    if (first.ptr)
        return with(arena, first, "/", last);
    return dh_ld_text(dh_ld_first_of(given, "raw literal"));
}

static void put_dates(struct json_object *out, struct json_object *in, struct dh_arena *arena)
{
    static const char *const kinds[][2] = {
        {"issued", "Issued"}, {"submitted", "Submitted"}, {"available-date", "Available"}};
    struct json_object *dates = json_object_new_array();
    for (size_t i = 0; dates && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        dh_add_date(dates, date_of(arena, dh_json_get(in, kinds[i][0])), kinds[i][1]);
    dh_put_string(out, "publicationYear", dh_year_of(date_of(arena, dh_json_get(in, "issued"))));
    dh_put(out, "dates", dates);
}

/* ---- container, types ----------------------------------------------------------------------- */

static void put_container(struct json_object *out, struct json_object *in)
{
    static const char *const copied[][2] = {{"volume", "volume"},
                                            {"issue", "issue"},
                                            {"number", "number"},
                                            {"edition", "edition"},
                                            {"chapter-number", "chapterNumber"}};
    struct dh_str title = dh_ld_member(in, "container-title"), issn = dh_ld_member(in, "ISSN");
    struct dh_str first = DH_STR_NONE, last = DH_STR_NONE, pages = dh_ld_member(in, "page");
    struct json_object *container = title.ptr ? json_object_new_object() : NULL;
    if (!container)
        return;
    if (pages.ptr)
        dh_pages_split(pages, &first, &last);
    dh_put_string(container, "type", DH_STR("Periodical"));
    dh_put_string(container, "title", title);
    dh_put_string(container, "identifier", issn);
    dh_put_string(container, "identifierType", issn.ptr ? DH_STR("ISSN") : DH_STR_NONE);
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
        dh_put_string(container, copied[i][1], dh_ld_member(in, copied[i][0]));
    dh_put_string(container, "firstPage", first);
    dh_put_string(container, "lastPage", last);
    dh_put(out, "container", container);
    if (issn.ptr)
        dh_append_part_of(out, issn, "ISSN", NULL);
}

static struct json_object *types_of(struct json_object *in, struct dh_arena *arena)
{
    struct dh_str type = dh_ld_member(in, "type");
    const char *schema_org = dh_type_map(DH_TYPE_CITEPROC, DH_TYPE_SCHEMA_ORG, type);
    schema_org = schema_org ? schema_org : "CreativeWork";
    const char *bibtex = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_BIBTEX, dh_str(schema_org));
    return dh_types_new(dh_type_map(DH_TYPE_CITEPROC, DH_TYPE_DATACITE, type), DH_STR_NONE,
                        schema_org, type.ptr ? dh_arena_copy(arena, type).ptr : NULL,
                        bibtex ? bibtex : "misc", "GEN");
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* A DOI wherever it stands, before an id of another kind. */
static struct dh_str id_of(struct json_object *in, struct dh_arena *arena)
{
    struct dh_str doi = dh_ld_member(in, "DOI"), id = dh_ld_member(in, "id");
    return dh_id_doi(arena, doi).ptr ? doi : id;
}

static void put_publisher(struct json_object *out, struct dh_str name)
{
    struct json_object *publisher = name.ptr ? json_object_new_object() : NULL;
    if (publisher)
        dh_put_string(publisher, "name", name);
    dh_put(out, "publisher", publisher);
}

enum dh_status dh_citeproc_read(const struct dh_format_input *input, struct json_object *records,
                                struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *in = input->json, *out = json_object_new_object();
    if (!json_object_is_type(in, json_type_object)) {
        json_object_put(out);
        return dh_fail(err, DH_INVALID, "a CSL item must be a JSON object");
    }
    if (!out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_put(out, "types", types_of(in, arena));
    put_people(out, in, arena);
    dh_put(out, "titles", dh_ld_only("title", dh_ld_member(in, "title")));
    put_publisher(out, dh_ld_member(in, "publisher"));
    put_container(out, in);
    put_dates(out, in, arena);
    dh_put(out, "subjects", dh_ld_subjects(dh_ld_first_of(in, "categories keyword")));
    dh_put(out, "descriptions", dh_ld_abstract(dh_json_get(in, "abstract"), arena));
    dh_put(out, "rightsList", dh_ld_rights(dh_json_get(in, "copyright"), arena));
    dh_put_string(out, "language", dh_ld_member(in, "language"));
    dh_put_string(out, "version", dh_ld_member(in, "version"));
    if (dh_id_any(arena, dh_ld_member(in, "URL")).ptr)
        dh_put_string(out, "url", dh_ld_member(in, "URL"));
    enum dh_status status = dh_metadata_finish(out, id_of(in, arena), arena, err);
    if (!status)
        return dh_records_add(records, out, err);
    json_object_put(out);
    return status;
}

bool dh_citeproc_fits(const struct dh_format_input *input)
{
    struct json_object *json = input->json;
    return dh_present(dh_json_get(dh_json_get(json, "issued"), "date-parts")) ||
           (dh_json_member(json, "type").ptr && dh_json_member(json, "DOI").ptr);
}
