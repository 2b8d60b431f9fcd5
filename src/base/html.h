/*
 * HTML in metadata: titles and descriptions may carry a few inline tags. A fragment is parsed as
 * browsers would (libxml2's HTML parser) and written again with what is allowed.
 */
#ifndef DH_BASE_HTML_H
#define DH_BASE_HTML_H

#include "base/arena.h"

enum {
    DH_HTML_SQUISH = 0,  /* every run of white space, U+00A0 too, is one space; none at the ends */
    DH_HTML_NEWLINES = 1 /* runs of spaces and tabs are one space, newlines stay, ends trimmed */
};

/*
 * Keeps strong em b i code pre sub sup br, unwraps other tags, drops comments, closes what is open,
 * decodes entities and escapes & < > again. The result is the arena's; ptr NULL out of memory.
 * Text beyond DH_HTML_MAX bytes is escaped, not parsed.
 */
struct dh_str dh_html_clean(struct dh_arena *arena, struct dh_str text, unsigned flags);

/* Every run of white space (U+00A0 too) as one space, trimmed; no parsing. */
struct dh_str dh_squish(struct dh_arena *arena, struct dh_str text);

#endif
