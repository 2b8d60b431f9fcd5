#include "format/valid_only.h"

enum dh_status dh_valid_only(struct json_object *metadata, const char *title,
                             struct dh_arena *arena, struct dh_err *err)
{
    if (dh_metadata_valid(metadata, arena))
        return DH_OK;
    struct dh_findings findings = {.arena = arena, .stop = true};
    struct dh_arena_mark mark = dh_arena_mark(arena);
    dh_metadata_check(metadata, 0, &findings, arena);
    struct dh_str reason = findings.first ? findings.first->message : DH_STR("it is not");
    enum dh_status status = dh_fail(err, DH_UNSUPPORTED, "%s is given of valid metadata only: %.*s",
                                    title, DH_STR_ARG(reason));
    dh_arena_rewind(arena, mark);
    return status;
}
