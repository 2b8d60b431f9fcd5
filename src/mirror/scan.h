/*
 * Scan: finds the end of one JSON value in the window by its strings, brackets, commas and colons;
 * and where to go on when the value is broken.
 */
#ifndef DH_MIRROR_SCAN_H
#define DH_MIRROR_SCAN_H

#include "base/limits.h"
#include "mirror/window.h"

enum dh_member { DH_MEMBER_OTHER, DH_MEMBER_DATA, DH_MEMBER_INCLUDED };
/* Which member of a document a key names; the key without quotes, escapes not decoded. */
enum dh_member dh_member_find(struct dh_str key);

enum dh_layout {
    DH_LAYOUT_UNKNOWN, /* no whole value so far */
    DH_LAYOUT_LINES,   /* the last good value stood on one line */
    DH_LAYOUT_SPREAD   /* it took several */
};

enum dh_scan_end {
    DH_SCAN_VALUE,    /* complete; pos is just behind it */
    DH_SCAN_DOCUMENT, /* an object with `member`, whose value begins at pos */
    DH_SCAN_FAULT     /* scan->fault; pos is at the fault */
};

struct dh_scan {
    /* given */
    enum dh_layout layout;
    size_t indent; /* leading white space of the line on which the value begins */
    bool
        documents; /* an object with `data` or `included` is to be opened, not scanned to its end */
    /* found */
    enum dh_member member;
    size_t newline; /* place of the first newline in the value, from window->keep; 0: none */
    const char *fault;
    bool in_string; /* the fault, a value too long, lies inside a string */
    /* under way */
    unsigned depth;
    int expect;
    bool objects[DH_JSON_DEPTH_MAX];
};

/* Scans the object or array at window->pos, which must be window->keep too. */
enum dh_scan_end dh_scan_value(struct dh_scan *scan, struct dh_window *window);
/*
 * After DH_SCAN_FAULT: moves the window to where the next value may begin, fills in the fault of
 * *cut, and leaves in scan->indent the leading white space of the line reached.
 */
void dh_scan_recover(struct dh_scan *scan, struct dh_window *window, struct dh_cut *cut);

/* Passes the string at pos. False, at the place, when a newline or the end comes first. */
bool dh_scan_string(struct dh_window *window);
/* Passes a word or number: up to white space, a quote or a bracket, comma, colon. */
void dh_scan_word(struct dh_window *window);

#endif
