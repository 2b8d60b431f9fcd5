/* What the files of base/xml share: the bytes behind libxml2, and its start. Private to base/. */
#ifndef DH_BASE_XML_PARTS_H
#define DH_BASE_XML_PARTS_H

#include "base/xml.h"

/* Starts libxml2 once per process. Any thread. */
void dh_xml_start(void);

/* A document as UTF-8, however it came. */
struct dh_xml_source {
    struct dh_str text;   /* UTF-8 without a byte order mark */
    size_t front;         /* white space before the document */
    struct dh_buf room;   /* holds the text when it was converted */
    struct dh_str input;  /* as it came */
    size_t mark;          /* bytes of the byte order mark */
    const char *encoding; /* it was converted from; NULL: it was UTF-8 */
};
/* DH_INVALID for unknown encodings, bytes that are not of it, NUL; DH_LIMIT; DH_MEMORY. Released by
 * the caller in any case. */
enum dh_status dh_xml_source_open(struct dh_xml_source *source, struct dh_str input,
                                  struct dh_err *err);
void dh_xml_source_release(struct dh_xml_source *source);
/* The byte of the input that a byte of the text came from. */
size_t dh_xml_source_offset(const struct dh_xml_source *source, size_t offset);
/* Fails with a place in the text: line and column in the message, the byte of the input besides. */
enum dh_status dh_xml_source_fail(const struct dh_xml_source *source, enum dh_status code,
                                  size_t offset, struct dh_str message, struct dh_err *err);

/* A place in a text that moves on; columns count characters. Begins as {0, 1, 1}. */
struct dh_xml_place {
    size_t offset;
    unsigned line, column;
};
void dh_xml_place_move(struct dh_xml_place *place, struct dh_str text, size_t offset);

/*
 * Counts the attributes of each tag as bytes pass by, before libxml2 sees them: it compares each
 * attribute with all others of its tag, and a tag may be as long as the document. In step with
 * libxml2 up to the first error, after which nothing is read any more.
 */
struct dh_xml_tags {
    unsigned char state;
    char quote;          /* that ends the attribute's value; or 0 */
    unsigned attributes; /* of this tag, as far as it was seen */
    unsigned matched;    /* characters of what ends a comment, CDATA section or instruction */
    struct dh_str end;   /* that text */
};
/* False when a tag has more than DH_XML_ATTRS_MAX. */
bool dh_xml_tags_pass(struct dh_xml_tags *tags, struct dh_str bytes);

#endif
