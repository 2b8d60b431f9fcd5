/* Checking metadata trees: their attributes, then the document that they make. */
#include "base/json.h"
#include "format/check.h"
#include "format/datacite.h"
#include "format/lint.h"

/* ---- versions of the schema ------------------------------------------------------------------- */

bool dh_schema_outdated(struct dh_str schema)
{
    static const char *const versions[] = {"2.1", "2.2", "3", "3.0", "3.1"};
    static const struct dh_str front = {"http://datacite.org/schema/kernel-", 34};
    if (!dh_str_starts(schema, front))
        return false;
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        if (dh_str_equal(dh_str_from(schema, front.len), dh_str(versions[i])))
            return true;
    return false;
}

struct dh_str dh_schema_outdated_text(struct dh_str schema, struct dh_findings *findings)
{
    return dh_arena_format(findings->arena, "Schema %.*s is no longer supported",
                           DH_STR_ARG(schema));
}

static void no_memory(struct dh_findings *findings)
{
    dh_findings_add(findings, DH_SEVERITY_ERROR, DH_STR("xml"), "memory", NULL,
                    DH_STR("there is not enough memory to check this record"));
}

/* ---- metadata trees ---------------------------------------------------------------------------- */

static void check_made(struct json_object *metadata, struct dh_findings *findings,
                       struct dh_arena *arena)
{
    const struct dh_xml *resource = dh_datacite_tree(metadata, arena);
    if (resource)
        dh_kernel_check(resource, findings);
    else
        no_memory(findings);
}

void dh_metadata_check(struct json_object *metadata, unsigned flags, struct dh_findings *findings,
                       struct dh_arena *arena)
{
    struct dh_str schema = dh_json_member(metadata, "schemaVersion");
    dh_attributes_check(metadata, findings);
    if (dh_schema_outdated(schema))
        dh_findings_add_at(findings, DH_SEVERITY_ERROR, DH_STR("xml"), "schema-version",
                           DH_STR("/schemaVersion"), dh_schema_outdated_text(schema, findings));
    else
        check_made(metadata, findings, arena);
    if (flags & DH_CHECK_LINT)
        dh_metadata_lint(metadata, findings);
}

bool dh_metadata_valid(struct json_object *metadata, struct dh_arena *arena)
{
    struct dh_findings findings = {.arena = arena, .stop = true};
    struct dh_arena_mark mark = dh_arena_mark(arena);
    dh_attributes_check(metadata, &findings);
    if (!findings.errors)
        check_made(metadata, &findings, arena);
    dh_arena_rewind(arena, mark);
    return findings.errors == 0;
}
