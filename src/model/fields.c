#include "model/fields.h"

#define DH_FIELD(query, source)
const struct dh_attribute_row dh_attributes[DH_ATTR__N] = {
#define DH_ATTRIBUTE(id, name, shape, where, audit)                                                \
    {name, sizeof(name) - 1, DH_SHAPE_##shape, where, audit},
#include "model/fields.def"
};
#undef DH_ATTRIBUTE
#undef DH_FIELD

#define DH_ATTRIBUTE(id, name, shape, where, audit)
const struct dh_field_row dh_fields[] = {
#define DH_FIELD(query, source) {query, DH_SOURCE_##source},
#include "model/fields.def"
};
#undef DH_ATTRIBUTE
#undef DH_FIELD

const size_t dh_field_count = sizeof(dh_fields) / sizeof(dh_fields[0]);

const struct dh_source_row dh_sources[DH_SOURCE__N] = {
#define DH_SOURCE(id, path, type, home) {path, DH_INDEX_##type, DH_HOME_##home},
#include "model/sources.def"
#undef DH_SOURCE
};

static const enum dh_attribute count_attributes[DH_COUNT__N] = {
    [DH_COUNT_VIEW] = DH_ATTR_VIEW_COUNT,
    [DH_COUNT_DOWNLOAD] = DH_ATTR_DOWNLOAD_COUNT,
    [DH_COUNT_REFERENCE] = DH_ATTR_REFERENCE_COUNT,
    [DH_COUNT_CITATION] = DH_ATTR_CITATION_COUNT,
    [DH_COUNT_PART] = DH_ATTR_PART_COUNT,
    [DH_COUNT_PART_OF] = DH_ATTR_PART_OF_COUNT,
    [DH_COUNT_VERSION] = DH_ATTR_VERSION_COUNT,
    [DH_COUNT_VERSION_OF] = DH_ATTR_VERSION_OF_COUNT,
};

enum dh_attribute dh_attribute_find(struct dh_str name)
{
    for (size_t i = 0; i < DH_ATTR__N; i++)
        if (dh_attributes[i].name_len == name.len &&
            memcmp(dh_attributes[i].name, name.ptr, name.len) == 0)
            return (enum dh_attribute)i;
    return DH_ATTR__N;
}

enum dh_attribute dh_count_attribute(enum dh_count count)
{
    return (size_t)count < DH_COUNT__N ? count_attributes[count] : DH_ATTR__N;
}

enum dh_count dh_attribute_count(enum dh_attribute attribute)
{
    for (size_t i = 0; i < DH_COUNT__N; i++)
        if (count_attributes[i] == attribute)
            return (enum dh_count)i;
    return DH_COUNT__N;
}
