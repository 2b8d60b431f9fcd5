/* CSV (RFC 4180, LF) and TSV: how a value stands in a row. */
#ifndef DH_FORMAT_CSV_H
#define DH_FORMAT_CSV_H

#include "base/buf.h"

/* Nothing for ptr NULL, "" for an empty text; quotes only where they are needed. */
void dh_csv_value(struct dh_buf *out, struct dh_str value);
/* As it is but for tab, newline, carriage return and backslash: \t \n \r \\. */
void dh_tsv_value(struct dh_buf *out, struct dh_str value);

#endif
