/* XML: read strictly and in recovery; what was read is written, and read again is the same. */
#include <stdlib.h>

#include "base/base.h"
#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names are written without their namespaces, so those of two attributes may become one. */
static bool names_clash(const struct dh_xml *element)
{
    for (const struct dh_xml_attr *a = element->attrs; a; a = a->next) {
        if (dh_str_find(a->name, ':') < a->name.len)
            return true;
        for (const struct dh_xml_attr *b = a->next; b; b = b->next)
            if (dh_str_equal(a->name, b->name))
                return true;
    }
    for (const struct dh_xml *x = dh_xml_first(element); x; x = dh_xml_next(x))
        if (names_clash(x))
            return true;
    return dh_str_find(element->name, ':') < element->name.len;
}

static void check_places(const struct dh_xml *element)
{
    for (const struct dh_xml *x = element->first; x; x = x->next) {
        if (x->parent != element || !x->line || !x->column || x->line < element->line)
            abort();
        check_places(x);
    }
}

static void check_round_trip(struct dh_xml *root, struct dh_arena *arena)
{
    struct dh_buf first, second;
    struct dh_xml *again;
    struct dh_err err = {0};
    dh_buf_init(&first, DH_DOCUMENT_MAX);
    dh_buf_init(&second, DH_DOCUMENT_MAX);
    dh_xml_write(&first, root);
    if (first.status || dh_xml_read(dh_buf_view(&first), DH_XML_STRICT, &again, arena, &err))
        abort();
    dh_xml_write(&second, again);
    if (!dh_str_equal(dh_buf_view(&first), dh_buf_view(&second)))
        abort();
    dh_buf_release(&first);
    dh_buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (unsigned flags = DH_XML_STRICT; flags <= DH_XML_RECOVER; flags++) {
        struct dh_arena arena;
        struct dh_xml *root;
        struct dh_err err = {0};
        dh_arena_init(&arena, DH_ARENA_MAX);
        enum dh_status status =
            dh_xml_read((struct dh_str){(const char *)data, size}, flags, &root, &arena, &err);
        if (status ? root || err.pos > size || !err.text[0] : !root)
            abort();
        if (root)
            check_places(root);
        if (root && !names_clash(root))
            check_round_trip(root, &arena);
        dh_arena_release(&arena);
    }
    return 0;
}
