/* What the files of base/html share. Private to base/. */
#ifndef DH_BASE_HTML_PARTS_H
#define DH_BASE_HTML_PARTS_H

#include "base/buf.h"
#include "base/html.h"

/* True of strong em b i code pre sub sup br. */
bool dh_html_allowed(struct dh_str name);

/*
 * Appends the text as HTML in which each "<" begins a known tag and each tag is plain: what is no
 * whole tag is escaped, comments and unknown tags are gone, attributes are those that may stay. So
 * nothing is lost to a parser that takes "<word" without an end for a tag.
 */
void dh_html_tidy(struct dh_buf *out, struct dh_str text);

#endif
