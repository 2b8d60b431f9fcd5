/*
 * sqlite: the store in one SQLite file (WAL). Its only face is dh_sqlite_open, chosen in
 * dh_store_open; everything else in this folder is private to it.
 *
 *   conn     a connection, its prepared statements (statements.def) and its deadline
 *   schema   tables, migrations          open      the handle        reader   get, pages
 *   card     record -> column values     pack      values <-> row    body     compressed text
 *   writer   begin, put, commit          relations counts by edge    activities, directory
 *   columns  values of all records in memory; filter, order, facets work on them
 */
#ifndef DH_STORE_SQLITE_H
#define DH_STORE_SQLITE_H

#include "store/store.h"

enum dh_status dh_sqlite_open(const char *path, enum dh_store_mode mode, struct dh_store **out,
                              struct dh_err *err);

#endif
