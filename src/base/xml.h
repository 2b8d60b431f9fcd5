/*
 * XML: a document as a small tree in an arena, read through libxml2's SAX events and written by
 * hand. No network, no DTD, no entities but the five predefined ones and character references,
 * bounded depth, size and number of nodes. Namespaces (XML Namespaces 1.0) are resolved when read;
 * written, a name stands as it is given.
 */
#ifndef DH_BASE_XML_H
#define DH_BASE_XML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct dh_xml_attr {
    struct dh_str name; /* local name: "lang" of xml:lang; written: "xml:lang" */
    struct dh_str ns;   /* namespace URI; empty: none */
    struct dh_str value;
    struct dh_xml_attr *next;
};

/* An element, or a run of text (name.ptr NULL). CDATA is text; comments and processing
 * instructions are dropped. Neighbouring runs of text are one. */
struct dh_xml {
    struct dh_str name; /* local name, without prefix */
    struct dh_str ns;   /* namespace URI; empty: none */
    struct dh_str text; /* of a run of text */
    struct dh_xml_attr *attrs, *last_attr;
    struct dh_xml *parent, *first, *last, *next;
    unsigned line, column; /* 1-based place of its "<" (or of the text) in the input; 0: not read */
    struct dh_str pointer; /* JSON Pointer (RFC 6901) of what it was made from; ptr NULL: nothing */
};

enum {
    DH_XML_STRICT = 0,
    DH_XML_RECOVER = 1 /* mismatched and missing end tags are mended, as far as libxml2 does */
};

/*
 * Reads a whole document; *root is the arena's. A UTF-8 BOM and white space in front are skipped;
 * UTF-16 and declared encodings are converted. DH_INVALID with "... (line 3, column 7)" and the
 * byte offset when it is not well-formed, has a DTD or an undefined entity; DH_LIMIT beyond
 * DH_XML_DEPTH_MAX, DH_XML_NODES_MAX or DH_DOCUMENT_MAX bytes. Any thread.
 */
enum dh_status dh_xml_read(struct dh_str text, unsigned flags, struct dh_xml **root,
                           struct dh_arena *arena, struct dh_err *err);

/* The first child element of that local name, whatever its namespace; NULL when there is none or
 * `parent` is NULL. */
struct dh_xml *dh_xml_child(const struct dh_xml *parent, const char *name);
/* The next sibling element of the same local name. */
struct dh_xml *dh_xml_same(const struct dh_xml *element);
/* The first child element, and the next sibling that is one. */
struct dh_xml *dh_xml_first(const struct dh_xml *parent);
struct dh_xml *dh_xml_next(const struct dh_xml *node);
/* The value of an attribute by local name; DH_STR_NONE when absent. */
struct dh_str dh_xml_attr(const struct dh_xml *element, const char *name);
/* All text directly in it, joined, children left out; the arena's when there are several runs.
 * DH_STR_NONE of NULL. */
struct dh_str dh_xml_text(const struct dh_xml *element, struct dh_arena *arena);

/* ---- making and writing --------------------------------------------------------------------- */

/* A new element, appended to `parent` unless that is NULL; `name` is a constant. NULL out of
 * memory, which every function here takes for an answer: the root then loses its name, and
 * dh_xml_write fails, as it does of NULL. */
struct dh_xml *dh_xml_add(struct dh_arena *arena, struct dh_xml *parent, const char *name);
/* The same with text in it (none when text.ptr is NULL). `text` is borrowed. */
struct dh_xml *dh_xml_add_text(struct dh_arena *arena, struct dh_xml *parent, const char *name,
                               struct dh_str text);
/* Adds an attribute unless value.ptr is NULL. */
void dh_xml_set(struct dh_arena *arena, struct dh_xml *element, const char *name,
                struct dh_str value);

/*
 * Appends <?xml version="1.0" encoding="UTF-8"?>, the document indented by two spaces, and a
 * newline. Elements without children close themselves (<x/>); one with text holds it on its line.
 * In text & < > and CR are escaped, in attributes also " LF TAB; what XML 1.0 cannot hold (most
 * control characters, U+FFFE) is left out. Sets `line` of each element as it is written.
 */
void dh_xml_write(struct dh_buf *out, struct dh_xml *root);
/* The escapes alone. */
void dh_xml_escape(struct dh_buf *out, struct dh_str text, bool attribute);

#endif
