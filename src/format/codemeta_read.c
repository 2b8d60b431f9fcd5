/* Reading CodeMeta, of upstream's vocabulary as of the published ones. */
#include "format/json_ld.h"
#include "format/json_readers.h"

static struct json_object *types_of(struct json_object *in, struct dh_arena *arena)
{
    struct dh_str type = dh_ld_type(in);
    if (!type.ptr)
        type = DH_STR("SoftwareSourceCode");
    const char *citeproc = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_CITEPROC, type);
    const char *bibtex = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_BIBTEX, type);
    const char *ris = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_RIS, type);
    return dh_types_new(dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, type),
                        dh_ld_member(in, "additionalType"), dh_arena_copy(arena, type).ptr,
                        citeproc ? citeproc : "article-journal", bibtex ? bibtex : "misc",
                        ris ? ris : "GEN");
}

/* Dates are taken as they are. */
static void put_dates(struct json_object *out, struct json_object *in)
{
    static const char *const kinds[][2] = {
        {"datePublished", "Issued"}, {"dateCreated", "Created"}, {"dateModified", "Updated"}};
    struct json_object *dates = json_object_new_array();
    for (size_t i = 0; dates && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct dh_str date = dh_ld_member(in, kinds[i][0]);
        struct json_object *entry = date.ptr ? json_object_new_object() : NULL;
        if (!entry)
            continue;
        dh_put_string(entry, "date", date);
        dh_put_string(entry, "dateType", dh_str(kinds[i][1]));
        dh_array_put(dates, entry);
    }
    dh_put(out, "dates", dates);
    struct dh_str published = dh_ld_member(in, "datePublished"), rest = published;
    unsigned year;
    if (dh_str_take_digits(&rest, 4, &year))
        dh_put_string(out, "publicationYear", (struct dh_str){published.ptr, 4});
}

static void put_people(struct json_object *out, struct json_object *in, struct dh_arena *arena)
{
    struct json_object *creators = json_object_new_array(), *others = json_object_new_array();
    dh_ld_add_people(creators, dh_ld_first_of(in, "agents authors author creator"), NULL, arena);
    dh_ld_add_people(others, dh_json_get(in, "editor"), NULL, arena);
    dh_put(out, "creators", creators);
    dh_put(out, "contributors", others);
}

static void put_publisher(struct json_object *out, struct json_object *in)
{
    struct json_object *given = dh_at(dh_json_get(in, "publisher"), 0);
    struct dh_str name = dh_ld_text(given);
    if (!name.ptr)
        name = dh_ld_member(given, "name");
    struct json_object *publisher = name.ptr ? json_object_new_object() : NULL;
    if (publisher)
        dh_put_string(publisher, "name", name);
    dh_put(out, "publisher", publisher);
}

static void put_url(struct json_object *out, struct json_object *in, struct dh_arena *arena)
{
    struct dh_str given = dh_ld_text(dh_ld_first_of(in, "codeRepository url"));
    if (dh_id_any(arena, given).ptr)
        dh_put_string(out, "url", given);
}

static enum dh_status read_software(struct json_object *in, struct json_object *records,
                                    struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *out = json_object_new_object();
    if (!out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_put(out, "types", types_of(in, arena));
    put_people(out, in, arena);
    dh_put(out, "titles", dh_ld_only("title", dh_ld_text(dh_ld_first_of(in, "title name"))));
    put_publisher(out, in);
    put_url(out, in, arena);
    put_dates(out, in);
    dh_put(out, "identifiers", dh_ld_identifiers(in, arena));
    dh_put(out, "subjects", dh_ld_subjects(dh_ld_first_of(in, "tags keywords")));
    dh_put(out, "rightsList", dh_ld_rights(dh_ld_first_of(in, "licenseId license"), arena));
    dh_put(out, "descriptions", dh_ld_abstract(dh_json_get(in, "description"), arena));
    dh_put_string(out, "version", dh_ld_text(dh_ld_first_of(in, "version softwareVersion")));
    enum dh_status status = dh_metadata_finish(out, dh_ld_work_id(in, arena), arena, err);
    if (!status)
        return dh_records_add(records, out, err);
    json_object_put(out);
    return status;
}

enum dh_status dh_codemeta_read(const struct dh_format_input *input, struct json_object *records,
                                struct dh_arena *arena, struct dh_err *err)
{
    if (!json_object_is_type(input->json, json_type_object))
        return dh_fail(err, DH_INVALID, "CodeMeta must be a JSON object");
    return read_software(input->json, records, arena, err);
}

bool dh_codemeta_fits(const struct dh_format_input *input)
{
    return dh_ld_context(input->json) & DH_LD_CODEMETA;
}
