/* DataCite JSON: the metadata tree itself, in the order of the schema. */
#include "format/json_readers.h"
#include "format/json_trees.h"
#include "format/rows.h"

#define MEMBER(key)                                                                                \
    {                                                                                              \
        key, dh_tree_member, key                                                                   \
    }

static const struct dh_tree_row rows[] = {
    {"id", dh_tree_doi, NULL},
    MEMBER("doi"),
    MEMBER("url"),
    MEMBER("types"),
    MEMBER("creators"),
    MEMBER("titles"),
    MEMBER("publisher"),
    MEMBER("container"),
    MEMBER("subjects"),
    MEMBER("contributors"),
    MEMBER("dates"),
    MEMBER("publicationYear"),
    MEMBER("language"),
    MEMBER("identifiers"),
    MEMBER("sizes"),
    MEMBER("formats"),
    MEMBER("version"),
    MEMBER("rightsList"),
    MEMBER("descriptions"),
    MEMBER("geoLocations"),
    MEMBER("fundingReferences"),
    MEMBER("relatedIdentifiers"),
    MEMBER("relatedItems"),
    MEMBER("schemaVersion"),
    MEMBER("providerId"),
    MEMBER("clientId"),
    MEMBER("agency"),
    MEMBER("state"),
    {NULL, NULL, NULL},
};

struct json_object *dh_datacite_json_tree(struct json_object *metadata, struct dh_arena *arena)
{
    return dh_tree_of(rows, metadata, arena);
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    return dh_json_tree_write(dh_datacite_json_tree(metadata, arena), out, err);
}

const struct dh_format dh_format_datacite_json = {
    .name = "datacite_json",
    .title = "DataCite JSON",
    .type = "application/vnd.datacite.datacite+json",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
    .read = dh_datacite_json_read,
    .fits = dh_datacite_json_fits,
};
