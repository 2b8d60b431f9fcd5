/* What the files of the DataCite XML reader share. Private to the reader. */
#ifndef DH_FORMAT_DATACITE_READ_H
#define DH_FORMAT_DATACITE_READ_H

#include "base/html.h"
#include "format/datacite.h"
#include "format/reading.h"

struct dh_datacite_reader {
    struct dh_arena *arena;
    bool failed; /* out of memory somewhere; the tree is thrown away */
};

/* New values; NULL and `failed` out of memory. */
struct json_object *dh_datacite_object(struct dh_datacite_reader *reader);
struct json_object *dh_datacite_list(struct dh_datacite_reader *reader);
/* Appends a value, taken over; NULL and {} are not appended. */
void dh_datacite_append(struct json_object *list, struct json_object *value);

/*
 * Text of an element as it stands: tags that texts may carry stay as markup, other children are
 * left out with their text. ptr NULL when the element is missing or empty.
 */
struct dh_str dh_datacite_text(struct dh_datacite_reader *reader, const struct dh_xml *element);
/* The same trimmed, NONE when blank; and cleaned as HTML, which may leave nothing of it: "". */
struct dh_str dh_datacite_trimmed(struct dh_datacite_reader *reader, const struct dh_xml *element);
struct dh_str dh_datacite_clean(struct dh_datacite_reader *reader, const struct dh_xml *element,
                                unsigned flags);

/* Members made of attributes, in this order. The table ends with a NULL key. */
struct dh_datacite_attr {
    const char *key, *name;
};
void dh_datacite_attrs(struct json_object *object, const struct dh_datacite_attr *attrs,
                       const struct dh_xml *element);

/* Elements of a name in all wrappers of a name: <creators><creator/><creator/></creators>. */
struct dh_xml *dh_datacite_first(const struct dh_xml *parent, const char *wrapper,
                                 const char *item);
struct dh_xml *dh_datacite_next(const struct dh_xml *item);

/* ---- lists, new ones, of a resource or a related item ---------------------------------------- */

struct json_object *dh_datacite_titles(struct dh_datacite_reader *reader,
                                       const struct dh_xml *parent);
struct json_object *dh_datacite_creators(struct dh_datacite_reader *reader,
                                         const struct dh_xml *parent);
struct json_object *dh_datacite_contributors(struct dh_datacite_reader *reader,
                                             const struct dh_xml *parent);
struct json_object *dh_datacite_locations(struct dh_datacite_reader *reader,
                                          const struct dh_xml *resource);
struct json_object *dh_datacite_funders(struct dh_datacite_reader *reader,
                                        const struct dh_xml *resource);
struct json_object *dh_datacite_relations(struct dh_datacite_reader *reader,
                                          const struct dh_xml *resource);
struct json_object *dh_datacite_items(struct dh_datacite_reader *reader,
                                      const struct dh_xml *resource);

#endif
