/* Licences: told by SPDX identifier, URL or name, else kept as they came. */
#include "format/reading.h"

static struct dh_str or_none(struct dh_str s)
{
    return dh_str_blank(s) ? DH_STR_NONE : s;
}

static struct json_object *from_list(struct dh_arena *arena, const struct dh_licence *licence,
                                     struct dh_str lang)
{
    struct json_object *out = json_object_new_object();
    if (!out)
        return NULL;
    dh_put_string(out, "rights", dh_str(licence->name));
    dh_put_string(out, "rightsUri", or_none(dh_str(licence->url)));
    dh_put_string(out, "rightsIdentifier", dh_arena_lower(arena, dh_str(licence->id)));
    dh_put_string(out, "rightsIdentifierScheme", DH_STR("SPDX"));
    dh_put_string(out, "schemeUri", DH_STR("https://spdx.org/licenses/"));
    dh_put_string(out, "lang", or_none(lang));
    return out;
}

/* "MIT" of "https://spdx.org/licenses/MIT.html", as CodeMeta writes licences; else ptr NULL. */
static struct dh_str spdx_id(struct dh_str text)
{
    static const char *const starts[] = {"https://spdx.org/licenses/", "http://spdx.org/licenses/"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (!dh_str_starts(text, dh_str(starts[i])))
            continue;
        text = dh_str_from(text, strlen(starts[i]));
        if (dh_str_ends(text, DH_STR(".html")))
            text.len -= strlen(".html");
        return text;
    }
    return DH_STR_NONE;
}

struct json_object *dh_rights_new(struct dh_arena *arena, const struct dh_rights *given)
{
    const struct dh_licence_signs signs = {
        .id = given->identifier.len ? given->identifier : spdx_id(given->uri),
        .name = given->rights,
        .url = dh_id_licence_url(arena, given->uri),
        .other_url = dh_id_licence_url(arena, given->rights),
    };
    const struct dh_licence *licence = dh_licence_match(&signs);
    if (licence)
        return from_list(arena, licence, given->lang);
    struct json_object *out = json_object_new_object();
    if (!out)
        return NULL;
    struct dh_str identifier = or_none(given->identifier);
    dh_put_string(out, "rights", or_none(given->rights));
    dh_put_string(out, "rightsUri", or_none(given->uri));
    if (identifier.ptr)
        dh_put_string(out, "rightsIdentifier", dh_arena_lower(arena, identifier));
    dh_put_string(out, "rightsIdentifierScheme", or_none(given->scheme));
    dh_put_string(out, "schemeUri", or_none(given->scheme_uri));
    dh_put_string(out, "lang", or_none(given->lang));
    if (json_object_object_length(out))
        return out;
    json_object_put(out);
    return NULL;
}

struct json_object *dh_rights_of_text(struct dh_arena *arena, struct dh_str text)
{
    const struct dh_licence_signs signs = {
        .id = text,
        .exact = true,
        .name = text,
        .url = dh_id_licence_url(arena, text),
    };
    const struct dh_licence *licence = dh_licence_match(&signs);
    if (licence)
        return from_list(arena, licence, DH_STR_NONE);
    struct json_object *out = dh_str_blank(text) ? NULL : json_object_new_object();
    if (out)
        dh_put_string(out, "rights", text);
    return out;
}
