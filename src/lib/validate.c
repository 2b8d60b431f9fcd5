/* What a check of metadata finds, as JSON. */
#include "base/limits.h"
#include "lib/lib.h"
#include "model/findings.h"

struct checking {
    const struct dh_format *format; /* NULL: as detected */
    unsigned flags;
    struct dh_findings findings;
    struct dh_arena *arena;
};

static enum dh_status check(void *context, struct dh_str text, struct dh_err *err)
{
    struct checking *checking = context;
    return dh_format_check(checking->format, text, checking->flags, NULL, &checking->findings,
                           checking->arena, err);
}

static void put_text(struct dh_buf *out, const char *key, struct dh_str text,
                     struct dh_arena *arena)
{
    dh_buf_printf(out, ",\"%s\":", key);
    dh_json_string(out, dh_utf8_clean(arena, text), DH_JSON_PLAIN);
}

static void put_finding(struct dh_buf *out, const struct dh_finding *finding,
                        struct dh_arena *arena)
{
    bool error = finding->severity == DH_SEVERITY_ERROR;
    dh_buf_printf(out, "{\"record\":%zu", finding->record + 1);
    if (finding->line)
        dh_buf_printf(out, ",\"line\":%u,\"column\":%u", finding->line, finding->column);
    if (finding->pointer.ptr)
        put_text(out, "pointer", finding->pointer, arena);
    put_text(out, "severity", error ? DH_STR("error") : DH_STR("warning"), arena);
    put_text(out, "property", finding->source, arena);
    put_text(out, "rule", finding->rule, arena);
    put_text(out, "message", finding->message, arena);
    dh_buf_char(out, '}');
}

enum dh_status dh_validate(const char *text, size_t len, const char *format, int lint, char **json,
                           size_t *json_len, struct dh_err *err)
{
    struct dh_arena arena;
    struct dh_buf out;
    struct checking checking = {
        .flags = lint ? DH_CHECK_LINT : 0, .findings = {.arena = &arena}, .arena = &arena};
    enum dh_status status = format ? dh_lib_format(format, &checking.format, err) : DH_OK;
    *json = NULL;
    if (status)
        return status;
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&out, DH_RESPONSE_MAX);
    status = dh_lib_each_text((struct dh_str){text, len}, checking.format, check, &checking, err);
    dh_buf_char(&out, '[');
    for (const struct dh_finding *x = checking.findings.first; x; x = x->next) {
        if (out.len > 1)
            dh_buf_char(&out, ',');
        put_finding(&out, x, &arena);
    }
    dh_buf_char(&out, ']');
    if (!status)
        status = dh_lib_hand_over(&out, json, json_len, err);
    dh_buf_release(&out);
    dh_arena_release(&arena);
    return status;
}
