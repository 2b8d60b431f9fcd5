/*
 * Citations of CSL-like JSON and of metadata, in every style: nothing crashes, what is valid UTF-8
 * stays so, plain text has no tags of its own, and HTML opens nothing that it does not close.
 */
#include <stdlib.h>

#include "format/citation.h"
#include "format/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct dh_str text, struct dh_str part)
{
    size_t found = 0;
    for (size_t i = 0; i + part.len <= text.len; i++)
        found += memcmp(text.ptr + i, part.ptr, part.len) == 0;
    return found;
}

static void check_text(struct dh_str text, bool plain)
{
    if (dh_utf8_check(text) != text.len || memchr(text.ptr ? text.ptr : "", '\n', text.len))
        abort();
    if (plain)
        return;
    if (count(text, DH_STR("<i>")) != count(text, DH_STR("</i>")) ||
        count(text, DH_STR("<b>")) != count(text, DH_STR("</b>")) ||
        count(text, DH_STR("<script")) || count(text, DH_STR("<img")))
        abort();
}

static void cite(struct json_object *tree, const char *style, const char *locale, bool plain)
{
    struct dh_format_options options = {style, locale, plain};
    struct dh_arena arena;
    struct dh_err err = {0};
    struct dh_buf buf;
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    if (dh_cite_write(tree, &options, &buf, &arena, &err) == DH_OK && !buf.status)
        check_text(dh_buf_view(&buf), plain);
    dh_buf_clear(&buf);
    if (dh_format_citation.write(tree, &options, &buf, &arena, &err) == DH_OK && !buf.status)
        check_text(dh_buf_view(&buf), plain);
    dh_buf_release(&buf);
    dh_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object *tree = NULL;
    struct dh_err err = {0};
    size_t locales = 1;
    while (dh_citation_locales[locales])
        locales++;
    if (!size || dh_json_parse((struct dh_str){(const char *)data, size}, &tree, &err))
        return 0;
    if (json_object_is_type(tree, json_type_object))
        for (size_t i = 0; dh_citation_styles[i]; i++)
            cite(tree, dh_citation_styles[i], dh_citation_locales[(size + i) % locales], i % 2);
    json_object_put(tree);
    return 0;
}
