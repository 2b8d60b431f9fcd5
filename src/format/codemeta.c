/* CodeMeta: what software registries read. */
#include "format/json_readers.h"
#include "format/json_trees.h"
#include "format/rows.h"
#include "format/valid_only.h"

static const struct dh_tree_row rows[] = {
    {"@context", dh_tree_constant,
     "https://raw.githubusercontent.com/codemeta/codemeta/master/codemeta.jsonld"},
    {"@type", dh_tree_type, "schemaOrg"},
    {"@id", dh_tree_doi, NULL},
    {"identifier", dh_tree_identifiers, NULL},
    {"codeRepository", dh_tree_member, "url"},
    {"name", dh_tree_title, NULL},
    {"authors", dh_tree_member, "creators"},
    {"description", dh_tree_description, NULL},
    {"version", dh_tree_member, "version"},
    {"tags", dh_tree_subjects, NULL},
    {"datePublished", dh_tree_issued, NULL},
    {"dateModified", dh_tree_date, "Updated"},
    {"publisher", dh_tree_publisher, NULL},
    {"license", dh_tree_licences, NULL},
    {NULL, NULL, NULL},
};

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    enum dh_status status = dh_valid_only(metadata, arena, err);
    return status ? status : dh_json_tree_write(dh_tree_of(rows, metadata, arena), out, err);
}

const struct dh_format dh_format_codemeta = {
    .name = "codemeta",
    .title = "CodeMeta",
    .type = "application/vnd.codemeta.ld+json",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_VALID | DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
    .read = dh_codemeta_read,
    .fits = dh_codemeta_fits,
};
