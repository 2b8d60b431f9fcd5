/*
 * Text as people see it: widths in terminal cells, cutting and wrapping, numbers with commas, sizes
 * and times in words. What came from a record is cleaned first, so that it cannot command a
 * terminal.
 */
#ifndef DH_CLI_TEXT_H
#define DH_CLI_TEXT_H

#include <stdio.h>

#include "base/base.h"

/* Writes the bytes as they are; whether that went well is for ferror to tell. */
void dh_text_write(FILE *out, struct dh_str text);
/* One line: runs of white space are one space, control and direction-changing characters are gone.
 */
struct dh_str dh_text_clean(struct dh_arena *arena, struct dh_str text);
/* Cells that clean text takes. */
size_t dh_text_width(struct dh_str text);
/* The longest beginning of at most `width` cells, with an ellipsis at the end when cut. */
struct dh_str dh_text_cut(struct dh_arena *arena, struct dh_str text, size_t width);
/*
 * Writes clean text in lines of at most `width` cells (0: one line), each but the first behind
 * `indent` spaces; the first is taken to begin there. Ends with a newline.
 */
void dh_text_wrap(FILE *out, struct dh_str text, size_t indent, size_t width);

/* All below write into the arena and return "" when it is full. */
struct dh_str dh_text_number(struct dh_arena *arena, uint64_t number); /* "12,345" */
struct dh_str dh_text_bytes(struct dh_arena *arena, uint64_t bytes);   /* "1.2 MB" */
struct dh_str dh_text_seconds(struct dh_arena *arena, double seconds); /* "0.1 s", "2 min 5 s" */
struct dh_str dh_text_time(struct dh_arena *arena, int64_t time);      /* ISO; "-" for none */
struct dh_str dh_text_age(struct dh_arena *arena, int64_t time);       /* "3 minutes ago" */

#endif
