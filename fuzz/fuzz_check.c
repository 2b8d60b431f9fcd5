/* Checks of any text: findings are whole, and the quick answer is that of the long one. */
#include <stdlib.h>

#include "base/json.h"
#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Old versions of the schema are an error, but nothing that writers mind. */
static bool is_minded(const struct dh_finding *finding)
{
    return finding->severity == DH_SEVERITY_ERROR &&
           !dh_str_equal(finding->rule, DH_STR("schema-version"));
}

static bool check_findings(const struct dh_findings *findings)
{
    bool minded = false;
    size_t count = 0;
    for (const struct dh_finding *finding = findings->first; finding; finding = finding->next) {
        if (!finding->source.len || !finding->rule.len || !finding->message.ptr)
            abort();
        minded = minded || is_minded(finding);
        count++;
    }
    if (findings->errors + findings->warnings < count)
        abort();
    return minded;
}

static void check_tree(struct dh_str text, struct dh_arena *arena)
{
    struct dh_findings findings = {.arena = arena};
    struct json_object *tree = NULL;
    if (dh_json_parse(text, &tree, NULL) || !json_object_is_type(tree, json_type_object)) {
        json_object_put(tree);
        return;
    }
    json_object_object_del(tree, "schemaVersion");
    dh_metadata_check(tree, DH_CHECK_LINT, &findings, arena);
    if (check_findings(&findings) == dh_metadata_valid(tree, arena))
        abort();
    json_object_put(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    struct dh_arena arena;
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_findings findings = {.arena = &arena};
    enum dh_status status =
        dh_format_check(NULL, text, DH_CHECK_LINT, NULL, &findings, &arena, &err);
    if (status && !err.text[0])
        abort();
    check_findings(&findings);
    check_tree(text, &arena);
    dh_arena_release(&arena);
    return 0;
}
