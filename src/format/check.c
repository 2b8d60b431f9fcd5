/* Checking texts: DataCite XML as it stands, everything else as it was read. */
#include "format/check.h"

#include "base/json.h"
#include "format/datacite.h"
#include "format/lint.h"
#include "format/rows.h"

static void check_outdated(const struct dh_xml *resource, struct dh_findings *findings)
{
    dh_findings_add(findings, DH_SEVERITY_ERROR, DH_STR("xml"), "schema-version", resource,
                    dh_schema_outdated_text(resource->ns, findings));
}

/* What is read from the document is checked, too: the API does so with what it keeps of it. */
static enum dh_status check_resource(const struct dh_xml *resource, unsigned flags,
                                     struct dh_findings *findings, struct dh_arena *arena,
                                     struct dh_err *err)
{
    struct json_object *metadata = NULL;
    enum dh_status status = dh_datacite_metadata(resource, &metadata, arena, err);
    if (status)
        return status;
    if (dh_schema_outdated(resource->ns))
        check_outdated(resource, findings);
    else
        dh_kernel_check(resource, findings);
    dh_attributes_check(metadata, findings);
    if (flags & DH_CHECK_LINT)
        dh_metadata_lint(metadata, findings);
    json_object_put(metadata);
    findings->record++;
    return DH_OK;
}

static enum dh_status check_records(const struct dh_format *format, struct dh_str text,
                                    unsigned flags, const struct dh_format **used,
                                    struct dh_findings *findings, struct dh_arena *arena,
                                    struct dh_err *err)
{
    struct json_object *records;
    enum dh_status status = dh_format_read(format, text, used, &records, arena, err);
    if (status)
        return status;
    for (size_t i = 0; i < json_object_array_length(records); i++, findings->record++)
        dh_metadata_check(json_object_array_get_idx(records, i), flags, findings, arena);
    json_object_put(records);
    return DH_OK;
}

/* Beginnings of XML: a bracket, behind UTF-8's mark or not, or one of the marks of UTF-16. */
static bool is_markup(struct dh_str text)
{
    if (dh_str_starts(text, DH_STR("\xFF\xFE")) || dh_str_starts(text, DH_STR("\xFE\xFF")))
        return true;
    if (dh_str_starts(text, DH_STR("\xEF\xBB\xBF")))
        text = dh_str_from(text, 3);
    return dh_str_starts(dh_str_trim(text), DH_STR("<"));
}

enum dh_status dh_format_check(const struct dh_format *format, struct dh_str text, unsigned flags,
                               const struct dh_format **used, struct dh_findings *findings,
                               struct dh_arena *arena, struct dh_err *err)
{
    struct dh_xml *root = NULL;
    bool datacite = format == &dh_format_datacite;
    if (text.len > DH_DOCUMENT_MAX)
        return dh_fail(err, DH_LIMIT, "the text is larger than %d MB",
                       DH_DOCUMENT_MAX / (1024 * 1024));
    if (datacite || (!format && is_markup(text))) {
        enum dh_status status = dh_xml_read(text, DH_XML_STRICT, &root, arena, err);
        if (status)
            return status;
    }
    if (!root || !(datacite || dh_str_equal(root->name, DH_STR("resource"))))
        return check_records(format, text, flags, used, findings, arena, err);
    if (used)
        *used = &dh_format_datacite;
    return check_resource(root, flags, findings, arena, err);
}
