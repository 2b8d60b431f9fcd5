/*
 * The field table (fields.def), in two kinds of rows.
 *
 * DH_ATTRIBUTE: one per attribute of the `dois` resource, in wire order: API name, shape of the
 * value, in which documents it appears, the key under which an activity reports a change of it.
 * DH_FIELD: what a query can name and the source that feeds it; sources.def says where a source is
 * read from and how it is indexed.
 */
#ifndef DH_MODEL_FIELDS_H
#define DH_MODEL_FIELDS_H

#include "base/str.h"

enum dh_shape {
    DH_SHAPE_TEXT,    /* string or null */
    DH_SHAPE_INTEGER, /* integer or null */
    DH_SHAPE_BOOLEAN,
    DH_SHAPE_OBJECT,      /* object, {} when empty */
    DH_SHAPE_OBJECT_NULL, /* object or null: publisher, landingPage */
    DH_SHAPE_OBJECTS,     /* array of objects, [] when empty */
    DH_SHAPE_TEXTS,       /* array of strings, [] when empty */
    DH_SHAPE_TEXTS_NULL,  /* array of strings or null: contentUrl */
    DH_SHAPE_COUNT,       /* integer kept outside the tree, in dh_record.counts */
    DH_SHAPE_TIME         /* instant kept outside the tree */
};

/* Where an attribute appears (OR of these); 0 is "always". spec: list, detail, single, composite.
 */
enum {
    DH_IN_DETAIL = 1,     /* only in single records and in lists with detail */
    DH_NOT_COMPOSITE = 2, /* dropped from lists with composite */
    DH_IN_RIGHT = 4,      /* only for callers with a right (landingPage): never for strangers */
    DH_IN_AGENCY = 8      /* only with include-other-registration-agencies */
};

enum dh_attribute {
#define DH_ATTRIBUTE(id, name, shape, where, audit) DH_ATTR_##id,
#define DH_FIELD(query, source)
#include "model/fields.def"
#undef DH_ATTRIBUTE
#undef DH_FIELD
    DH_ATTR__N
};

struct dh_attribute_row {
    const char *name; /* "creators" */
    size_t name_len;
    enum dh_shape shape;
    unsigned where;
    const char *audit; /* "creators", "aasm_state", ...; NULL when changes are not audited */
};

extern const struct dh_attribute_row dh_attributes[DH_ATTR__N];

/* The attribute of a camelCase API name, or DH_ATTR__N. */
enum dh_attribute dh_attribute_find(struct dh_str name);

enum dh_index {
    DH_INDEX_TEXT,    /* words, lower case */
    DH_INDEX_KEYWORD, /* whole value */
    DH_INDEX_LOWER,   /* whole value, lower case */
    DH_INDEX_FOLDED,  /* whole value, lower case, as it is and without marks: either is found */
    DH_INDEX_PID, /* LOWER; a DOI in any of its forms (bare, doi:, URL) is also found as any other
                   */
    DH_INDEX_DATE,
    DH_INDEX_INTEGER,
    DH_INDEX_FLOAT,
    DH_INDEX_BOOLEAN
};

/* Who answers for a source. */
enum dh_home {
    DH_HOME_INDEX,    /* the index of words and values */
    DH_HOME_COLUMN,   /* times, counts and the year, which change without the metadata */
    DH_HOME_RELATION, /* DOIs of related records, from the statements of all records */
    DH_HOME_CLIENT,   /* the account that the record belongs to */
    DH_HOME_PROVIDER,
    DH_HOME_ACTIVITY,
    DH_HOME_EVENT,
    DH_HOME_NOWHERE, /* known, but never has a value here */
    DH_HOME_REFUSED  /* a query that names it is an error */
};

/* The rows of sources.def. */
enum dh_source {
#define DH_SOURCE(id, path, type, home) DH_SOURCE_##id,
#include "model/sources.def"
#undef DH_SOURCE
    DH_SOURCE__N
};

/*
 * Paths: "creators.name" in the attributes, arrays flattened; `[0]` the first element only, `[1..]`
 * the others. Derived ones: @doi_url "https://doi.org/" + DOI; @client_id, @provider_id symbols of
 * the envelope; @creator_names "Given Family"; @resource_type_id dh_resource_type_id;
 * @fields_of_science subjects of that scheme without "FOS: "; ..._and_name "id:Name"; the others
 * identifiers of people, organisations and funders, or, at home with accounts, members of the
 * account. Paths of accounts are those of their JSON:API attributes.
 */
struct dh_source_row {
    const char *path;
    enum dh_index type;
    enum dh_home home;
};
extern const struct dh_source_row dh_sources[DH_SOURCE__N];

struct dh_field_row {
    const char *query; /* name used in queries: "creators.name" */
    enum dh_source source;
};
extern const struct dh_field_row dh_fields[];
extern const size_t dh_field_count;

/* The counts of a record, in wire order. */
enum dh_count {
    DH_COUNT_VIEW,
    DH_COUNT_DOWNLOAD,
    DH_COUNT_REFERENCE,
    DH_COUNT_CITATION,
    DH_COUNT_PART,
    DH_COUNT_PART_OF,
    DH_COUNT_VERSION,
    DH_COUNT_VERSION_OF,
    DH_COUNT__N
};
/* The attribute that shows a count, and back (DH_COUNT__N when it is none). */
enum dh_attribute dh_count_attribute(enum dh_count count);
enum dh_count dh_attribute_count(enum dh_attribute attribute);

#endif
