/* CSV (RFC 4180, LF): the columns of the DataCite REST API, and three more behind them. */
#ifndef DH_CLI_CSV_H
#define DH_CLI_CSV_H

#include "store/store.h"

void dh_csv_header(struct dh_buf *out);
void dh_csv_row(const struct dh_hit *hit, struct dh_buf *out, struct dh_arena *arena);

#endif
