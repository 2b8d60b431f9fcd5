#include "model/findings.h"

#include "base/limits.h"

static void append(struct dh_findings *findings, struct dh_finding *finding)
{
    if (findings->last)
        findings->last->next = finding;
    else
        findings->first = finding;
    findings->last = finding;
}

static struct dh_finding *add(struct dh_findings *findings, enum dh_severity severity,
                              struct dh_str source, const char *rule, struct dh_str message)
{
    bool full = findings->errors + findings->warnings >= DH_FINDINGS_MAX;
    struct dh_finding *finding = NULL;
    if (!full)
        finding = dh_arena_alloc(findings->arena, sizeof(*finding));
    if (severity == DH_SEVERITY_ERROR)
        findings->errors++;
    else
        findings->warnings++;
    if (!finding)
        return NULL;
    finding->severity = severity;
    finding->source = source;
    finding->rule = dh_str(rule);
    finding->message = message;
    finding->record = findings->record;
    append(findings, finding);
    return finding;
}

/* What an element was made from, or what the nearest one around it was. */
static struct dh_str pointer_of(const struct dh_xml *place)
{
    while (place && !place->pointer.ptr)
        place = place->parent;
    return place ? place->pointer : DH_STR_NONE;
}

void dh_findings_add(struct dh_findings *findings, enum dh_severity severity, struct dh_str source,
                     const char *rule, const struct dh_xml *place, struct dh_str message)
{
    struct dh_finding *finding = add(findings, severity, source, rule, message);
    struct dh_str pointer = pointer_of(place);
    if (!finding || !place)
        return;
    finding->line = place->line;
    finding->column = place->column;
    if (pointer.ptr)
        finding->pointer = dh_arena_copy(findings->arena, pointer);
}

void dh_findings_add_at(struct dh_findings *findings, enum dh_severity severity,
                        struct dh_str source, const char *rule, struct dh_str pointer,
                        struct dh_str message)
{
    struct dh_finding *finding = add(findings, severity, source, rule, message);
    if (finding)
        finding->pointer = dh_arena_copy(findings->arena, pointer);
}
