/* A metadata tree at the end of its reading: identity, state, and lists that are never absent. */
#include "format/reading.h"
#include "model/derive.h"
#include "model/doi.h"

static void put_if_absent(struct json_object *metadata, const char *key, struct dh_str text)
{
    if (!dh_json_get(metadata, key))
        dh_put_string(metadata, key, text);
}

/* The DOI as URL; one that came as a URL has its escapes undone first, not escaped again. */
static struct dh_str url_of(struct dh_arena *arena, struct dh_str id, struct dh_str doi)
{
    static const struct dh_str sandbox = {"https://handle.stage.datacite.org/", 34};
    struct dh_str url = dh_id_doi_url(arena, id);
    if (!dh_str_starts(id, DH_STR("http")))
        return url;
    if (!dh_str_starts(url, sandbox))
        return dh_id_doi_url(arena, doi);
    return dh_id_doi_url(arena,
                         dh_arena_format(arena, "%.*s%.*s", DH_STR_ARG(sandbox), DH_STR_ARG(doi)));
}

static void put_identity(struct json_object *metadata, struct dh_str id, struct dh_arena *arena)
{
    struct dh_str doi = dh_id_doi(arena, id), url = dh_id_any(arena, id);
    if (doi.ptr) {
        struct dh_str bare = dh_doi_parse(arena, id);
        doi = bare.ptr ? bare : doi;
        url = url_of(arena, id, doi);
        put_if_absent(metadata, "doi", doi);
    }
    dh_put_string(metadata, "id", url);
    put_if_absent(metadata, "agency", DH_STR("datacite"));
    put_if_absent(metadata, "schemaVersion", DH_STR("http://datacite.org/schema/kernel-4"));
    put_if_absent(metadata, "state", url.ptr ? DH_STR("findable") : DH_STR("not_found"));
}

enum dh_status dh_metadata_identify(struct json_object *metadata, struct dh_str id,
                                    struct dh_arena *arena, struct dh_err *err)
{
    if (!metadata)
        return dh_fail(err, DH_MEMORY, "out of memory");
    put_identity(metadata, id, arena);
    dh_put(metadata, "container", dh_container_derive(metadata));
    return DH_OK;
}

enum dh_status dh_metadata_finish(struct json_object *metadata, struct dh_str id,
                                  struct dh_arena *arena, struct dh_err *err)
{
    static const char *const lists[] = {"creators",
                                        "titles",
                                        "subjects",
                                        "contributors",
                                        "dates",
                                        "identifiers",
                                        "sizes",
                                        "formats",
                                        "rightsList",
                                        "descriptions",
                                        "geoLocations",
                                        "fundingReferences",
                                        "relatedIdentifiers",
                                        "relatedItems"};
    enum dh_status status = dh_metadata_identify(metadata, id, arena, err);
    for (size_t i = 0; !status && i < sizeof(lists) / sizeof(lists[0]); i++)
        if (!dh_json_get(metadata, lists[i]))
            dh_put(metadata, lists[i], json_object_new_array());
    return status;
}

enum dh_status dh_records_add(struct json_object *records, struct json_object *metadata,
                              struct dh_err *err)
{
    if (metadata && json_object_array_add(records, metadata) == 0)
        return DH_OK;
    json_object_put(metadata);
    return dh_fail(err, DH_MEMORY, "out of memory");
}
