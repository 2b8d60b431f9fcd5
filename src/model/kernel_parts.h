/* The tables of the schema (kernel.def), for its checks. Private to model/kernel*.c. */
#ifndef DH_MODEL_KERNEL_PARTS_H
#define DH_MODEL_KERNEL_PARTS_H

#include "model/kernel.h"
#include "model/vocab.h"

#define DH_KERNEL_NS "http://datacite.org/schema/kernel-4"
#define DH_XML_NS    "http://www.w3.org/XML/1998/namespace"
#define DH_XSI_NS    "http://www.w3.org/2001/XMLSchema-instance"

/* How the children of an element stand; kernel.def says more. */
enum dh_content {
    DH_CONTENT_ALL,
    DH_CONTENT_SEQUENCE,
    DH_CONTENT_CHOICE,
    DH_CONTENT_MIXED,
    DH_CONTENT_COMPLEX,
    DH_CONTENT_SIMPLE,
    DH_CONTENT_EMPTY,
    DH_CONTENT_ANY
};

/* Types of texts and attributes. Those from RESOURCE_TYPE on are the vocabularies, in their order.
 */
enum dh_kernel_value {
    DH_KERNEL_STRING,
    DH_KERNEL_NONEMPTY,
    DH_KERNEL_YEAR,
    DH_KERNEL_LATITUDE,
    DH_KERNEL_LONGITUDE,
    DH_KERNEL_LANGUAGE,
    DH_KERNEL_LANG, /* xml:lang: a language, or empty */
    DH_KERNEL_URI,
    DH_KERNEL_RESOURCE_TYPE,
    DH_KERNEL_CONTRIBUTOR_TYPE,
    DH_KERNEL_DATE_TYPE,
    DH_KERNEL_RELATED_IDENTIFIER_TYPE,
    DH_KERNEL_RELATION_TYPE,
    DH_KERNEL_DESCRIPTION_TYPE,
    DH_KERNEL_TITLE_TYPE,
    DH_KERNEL_NAME_TYPE,
    DH_KERNEL_FUNDER_IDENTIFIER_TYPE,
    DH_KERNEL_NUMBER_TYPE
};

enum dh_kernel_type {
#define DH_TYPE(id, content, value) DH_TYPE_##id,
#include "model/kernel.def"
    DH_TYPE__N
};

enum { DH_MANY = 0x7fffffff }; /* no limit on how often a child comes */

struct dh_kernel_child {
    struct dh_str name;
    enum dh_kernel_type parent, type;
    unsigned least, most;
};

struct dh_kernel_attr {
    struct dh_str name; /* "lang" is xml:lang, the only one in a namespace */
    enum dh_kernel_type owner;
    enum dh_kernel_value value;
    bool required;
};

struct dh_kernel_row {
    enum dh_content content;
    enum dh_kernel_value value;
    const struct dh_kernel_child *children;
    size_t child_count;
    const struct dh_kernel_attr *attrs;
    size_t attr_count;
};

struct dh_kernel_row dh_kernel_row(enum dh_kernel_type type);
/* What the API calls the property of an element; borrowed from it when that is its name. */
struct dh_str dh_kernel_source(struct dh_str element);

/* What is wrong with a value; rule NULL: nothing. The message is the arena's. */
struct dh_kernel_fault {
    const char *rule;
    struct dh_str message;
};
struct dh_kernel_fault dh_kernel_value_check(enum dh_kernel_value type, struct dh_str value,
                                             struct dh_arena *arena);

#endif
