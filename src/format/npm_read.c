/* Reading package.json of npm: a piece of software without an identifier of its own. */
#include "format/json_ld.h"
#include "format/json_readers.h"
#include "format/rows.h"

/* "Jane Doe <jane@example.org> (https://example.org)": the name alone. */
static struct dh_str name_of(struct json_object *author)
{
    struct dh_str text = dh_ld_text(author);
    if (!text.ptr)
        text = dh_ld_member(author, "name");
    text.len = dh_str_find(text, '<');
    text.len = dh_str_find(text, '(');
    text = dh_str_trim(text);
    return text.len ? text : DH_STR_NONE;
}

static struct json_object *creators_of(struct json_object *in)
{
    struct dh_person person = {.name = name_of(dh_at(dh_json_get(in, "author"), 0))};
    struct json_object *out = json_object_new_array();
    if (!person.name.ptr) {
        person.name = DH_STR(":(unav)");
        person.name_type = DH_STR("Organizational");
    }
    dh_array_put(out, dh_person_new(&person));
    return out;
}

/* The licence may be an object of older packages: {"type": "MIT", "url": ...}. */
static struct json_object *rights_of(struct json_object *in, struct dh_arena *arena)
{
    struct json_object *given = dh_at(dh_ld_first_of(in, "license licenses"), 0);
    struct json_object *out = json_object_new_array();
    struct dh_str text = dh_ld_text(given);
    if (!text.ptr)
        text = dh_ld_member(given, "type");
    dh_array_put(out, text.ptr ? dh_rights_of_text(arena, text) : NULL);
    return out;
}

enum dh_status dh_npm_read(const struct dh_format_input *input, struct json_object *records,
                           struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *in = input->json, *out = json_object_new_object();
    if (!json_object_is_type(in, json_type_object)) {
        json_object_put(out);
        return dh_fail(err, DH_INVALID, "a package must be a JSON object");
    }
    if (!out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_put(out, "types",
           dh_types_new("Software", DH_STR_NONE, "SoftwareSourceCode", "article", "misc", "GEN"));
    dh_put(out, "creators", creators_of(in));
    dh_put(out, "titles", dh_ld_only("title", dh_ld_member(in, "name")));
    dh_put(out, "rightsList", rights_of(in, arena));
    dh_put(out, "descriptions", dh_ld_abstract(dh_json_get(in, "description"), arena));
    dh_put(out, "subjects", dh_ld_subjects(dh_json_get(in, "keywords")));
    dh_put_string(out, "version", dh_ld_member(in, "version"));
    enum dh_status status = dh_metadata_finish(out, DH_STR_NONE, arena, err);
    if (!status)
        return dh_records_add(records, out, err);
    json_object_put(out);
    return status;
}

/* A name and a version alone may be of anything; one of npm's own keys must be there, too. */
bool dh_npm_fits(const struct dh_format_input *input)
{
    struct json_object *json = input->json;
    return dh_json_member(json, "name").ptr && dh_json_member(json, "version").ptr &&
           dh_ld_first_of(json, "dependencies devDependencies peerDependencies scripts main bin "
                                "engines repository keywords license");
}

const struct dh_format dh_format_npm = {
    .name = "npm",
    .title = "npm package.json",
    .flags = DH_FORMAT_JSON,
    .read = dh_npm_read,
    .fits = dh_npm_fits,
};
