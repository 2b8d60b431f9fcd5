/* XML trees: looking into them and making them. */
#include "base/xml.h"

/* ---- looking -------------------------------------------------------------------------------- */

static struct dh_xml *named(struct dh_xml *node, struct dh_str name)
{
    while (node && (!node->name.ptr || !dh_str_equal(node->name, name)))
        node = node->next;
    return node;
}

struct dh_xml *dh_xml_child(const struct dh_xml *parent, const char *name)
{
    return parent ? named(parent->first, dh_str(name)) : NULL;
}

struct dh_xml *dh_xml_same(const struct dh_xml *element)
{
    return element ? named(element->next, element->name) : NULL;
}

static struct dh_xml *element_from(struct dh_xml *node)
{
    while (node && !node->name.ptr)
        node = node->next;
    return node;
}

struct dh_xml *dh_xml_first(const struct dh_xml *parent)
{
    return parent ? element_from(parent->first) : NULL;
}

struct dh_xml *dh_xml_next(const struct dh_xml *node)
{
    return node ? element_from(node->next) : NULL;
}

struct dh_str dh_xml_attr(const struct dh_xml *element, const char *name)
{
    struct dh_str wanted = dh_str(name);
    for (const struct dh_xml_attr *attr = element ? element->attrs : NULL; attr; attr = attr->next)
        if (dh_str_equal(attr->name, wanted))
            return attr->value;
    return DH_STR_NONE;
}

struct dh_str dh_xml_text(const struct dh_xml *element, struct dh_arena *arena)
{
    struct dh_str only = DH_STR("");
    size_t runs = 0, len = 0;
    if (!element)
        return DH_STR_NONE;
    for (const struct dh_xml *node = element->first; node; node = node->next)
        if (!node->name.ptr) {
            only = node->text;
            len += node->text.len;
            runs++;
        }
    if (runs < 2)
        return only;
    char *text = dh_arena_alloc(arena, len + 1);
    if (!text)
        return DH_STR_NONE;
    len = 0;
    for (const struct dh_xml *node = element->first; node; node = node->next)
        if (!node->name.ptr && node->text.len) {
            memcpy(text + len, node->text.ptr, node->text.len);
            len += node->text.len;
        }
    return (struct dh_str){text, len};
}

/* ---- making --------------------------------------------------------------------------------- */

/* A tree that misses something must not pass for a whole one: its root loses its name. */
static void spoil(struct dh_xml *element)
{
    while (element && element->parent)
        element = element->parent;
    if (element)
        element->name = DH_STR_NONE;
}

static struct dh_xml *add_node(struct dh_arena *arena, struct dh_xml *parent)
{
    struct dh_xml *node = dh_arena_alloc(arena, sizeof(*node));
    if (!node) {
        spoil(parent);
        return NULL;
    }
    node->parent = parent;
    if (parent && parent->last)
        parent->last->next = node;
    else if (parent)
        parent->first = node;
    if (parent)
        parent->last = node;
    return node;
}

struct dh_xml *dh_xml_add(struct dh_arena *arena, struct dh_xml *parent, const char *name)
{
    struct dh_xml *node = add_node(arena, parent);
    if (node)
        node->name = dh_str(name);
    return node;
}

struct dh_xml *dh_xml_add_text(struct dh_arena *arena, struct dh_xml *parent, const char *name,
                               struct dh_str text)
{
    struct dh_xml *element = dh_xml_add(arena, parent, name);
    struct dh_xml *run = element && text.ptr ? add_node(arena, element) : NULL;
    if (run)
        run->text = text;
    return element;
}

void dh_xml_set(struct dh_arena *arena, struct dh_xml *element, const char *name,
                struct dh_str value)
{
    if (!element || !value.ptr)
        return;
    struct dh_xml_attr *attr = dh_arena_alloc(arena, sizeof(*attr));
    if (!attr) {
        spoil(element);
        return;
    }
    attr->name = dh_str(name);
    attr->value = value;
    if (element->last_attr)
        element->last_attr->next = attr;
    else
        element->attrs = attr;
    element->last_attr = attr;
}
