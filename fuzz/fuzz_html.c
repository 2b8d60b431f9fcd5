/* HTML in metadata: what was cleaned once is clean, has no other tags, and is valid UTF-8. */
#include <stdlib.h>

#include "base/base.h"
#include "base/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    for (unsigned flags = DH_HTML_SQUISH; flags <= DH_HTML_NEWLINES; flags++) {
        struct dh_arena arena;
        dh_arena_init(&arena, DH_ARENA_MAX);
        struct dh_str clean = dh_html_clean(&arena, text, flags);
        struct dh_str again = dh_html_clean(&arena, clean, flags);
        if (!clean.ptr || !dh_str_equal(clean, again) || dh_utf8_check(clean) < clean.len)
            abort();
        dh_arena_release(&arena);
    }
    return 0;
}
