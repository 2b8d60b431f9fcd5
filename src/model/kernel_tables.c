/* The rows of kernel.def as arrays, and where those of a type begin. */
#include "model/kernel_parts.h"

static const struct dh_kernel_child children[] = {
#define DH_CHILD(type, name, child, least, most)                                                   \
    {{#name, sizeof(#name) - 1}, DH_TYPE_##type, DH_TYPE_##child, least, most},
#include "model/kernel.def"
};

static const struct dh_kernel_attr attrs[] = {
#define DH_ATTR(type, name, value, required)                                                       \
    {{#name, sizeof(#name) - 1}, DH_TYPE_##type, DH_KERNEL_##value, required},
#include "model/kernel.def"
};

/* Places of the rows. BEGIN of a type is that of its first row: the name behind it steps back, so
 * that it takes no place itself. */
enum child_place {
#define DH_TYPE(id, content, value)              CHILDREN_##id, BEFORE_CHILDREN_##id = CHILDREN_##id - 1,
#define DH_CHILD(type, name, child, least, most) CHILD_##type##_##name,
#include "model/kernel.def"
};

enum attr_place {
#define DH_TYPE(id, content, value)          ATTRS_##id, BEFORE_ATTRS_##id = ATTRS_##id - 1,
#define DH_ATTR(type, name, value, required) ATTR_##type##_##name,
#include "model/kernel.def"
};

static const struct {
    enum dh_content content;
    enum dh_kernel_value value;
    size_t children, attrs;
} types[DH_TYPE__N] = {
#define DH_TYPE(id, content, value)                                                                \
    {DH_CONTENT_##content, DH_KERNEL_##value, CHILDREN_##id, ATTRS_##id},
#include "model/kernel.def"
};

static const struct {
    struct dh_str element, source;
} sources[] = {
#define DH_SOURCE(element, source) {{element, sizeof(element) - 1}, {source, sizeof(source) - 1}},
#include "model/kernel.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct dh_kernel_row dh_kernel_row(enum dh_kernel_type type)
{
    size_t first_child = types[type].children, child = first_child;
    size_t first_attr = types[type].attrs, attr = first_attr;
    while (child < COUNT(children) && children[child].parent == type)
        child++;
    while (attr < COUNT(attrs) && attrs[attr].owner == type)
        attr++;
    return (struct dh_kernel_row){
        .content = types[type].content,
        .value = types[type].value,
        .children = children + first_child,
        .child_count = child - first_child,
        .attrs = attrs + first_attr,
        .attr_count = attr - first_attr,
    };
}

struct dh_str dh_kernel_source(struct dh_str element)
{
    for (size_t i = 0; i < COUNT(sources); i++)
        if (dh_str_equal(sources[i].element, element))
            return sources[i].source;
    return element;
}
