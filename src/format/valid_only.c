#include "format/valid_only.h"

enum dh_status dh_valid_only(struct json_object *metadata, struct dh_arena *arena,
                             struct dh_err *err)
{
    if (dh_metadata_valid(metadata, arena))
        return DH_OK;
    struct dh_findings findings = {.arena = arena};
    struct dh_arena_mark mark = dh_arena_mark(arena);
    dh_metadata_check(metadata, 0, &findings, arena);
    const struct dh_finding *flaw = findings.first;
    while (flaw && dh_str_equal(flaw->rule, DH_STR("schema-version"))) /* is no hindrance here */
        flaw = flaw->next;
    enum dh_status status =
        flaw ? dh_fail(err, DH_UNSUPPORTED, "the metadata is not valid: %.*s: %.*s",
                       DH_STR_ARG(flaw->source), DH_STR_ARG(flaw->message))
             : dh_fail(err, DH_UNSUPPORTED, "the metadata is not valid");
    dh_arena_rewind(arena, mark);
    return status;
}
