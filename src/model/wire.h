/*
 * Wire: the stored text of a record, ready to be spliced into answers without parsing.
 *
 *   +-------+-----+----------------+------------------------------------------+
 *   | magic | n   | n lengths (u32)| "doi":"...","identifiers":[...], ...      |
 *   +-------+-----+----------------+------------------------------------------+
 *
 * One fragment `"name":value` per attribute that is in the tree, escaped for the wire (\u003c),
 * nested keys by length then bytes. creators, contributors and publisher have a second fragment for
 * the plain form (affiliations and publisher as strings), shared with the first when equal. doi,
 * prefix, suffix and alternateIdentifiers are fragments too. Counts and times are not in it.
 */
#ifndef DH_MODEL_WIRE_H
#define DH_MODEL_WIRE_H

#include "model/record.h"

enum dh_form {
    DH_FORM_PLAIN, /* affiliation and publisher as strings: the API's default */
    DH_FORM_RICH   /* as objects: affiliation=true, publisher=true */
};

struct dh_wire {
    struct dh_str text;                    /* borrowed */
    struct dh_str fragment[DH_ATTR__N][2]; /* empty when the attribute is not in it */
};

/* Appends the wire form of a whole record. Failure sticks in the buffer. */
void dh_wire_write(const struct dh_record *record, struct dh_buf *out);
/* Opens wire bytes in place: *wire points into `bytes`. DH_CORRUPT when they are not wire form. */
enum dh_status dh_wire_open(struct dh_str bytes, struct dh_wire *wire, struct dh_err *err);
/* The fragment `"name":value`; empty when there is none. Borrowed from the wire's bytes. */
static inline struct dh_str dh_wire_fragment(const struct dh_wire *wire, enum dh_attribute a,
                                             enum dh_form form)
{
    return wire->fragment[a][form];
}
/* Only the value of a fragment. */
struct dh_str dh_wire_value(const struct dh_wire *wire, enum dh_attribute a, enum dh_form form);
/* dh_record_hash of the record that the wire was written from, without writing it once more. */
struct dh_hash dh_wire_hash(const struct dh_wire *wire, const struct dh_record *record);
/*
 * Parses back into a whole record's tree (envelope left as dh_record_init makes it; doi and state
 * set). DH_CORRUPT when an attribute is missing or has another shape than fields.def says.
 */
enum dh_status dh_wire_read(const struct dh_wire *wire, struct dh_record *out, struct dh_err *err);

#endif
