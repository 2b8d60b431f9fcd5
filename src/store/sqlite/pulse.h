/*
 * pulse: whether anything was committed since last time, without a query. Each commit rewrites the
 * header of the WAL index (SQLite's file format, "WAL-Index Header"), two equal copies of 48 bytes
 * at the start of the memory that all connections share; SQLite's VFS gives its address. Equal
 * bytes mean that nothing happened; a torn read only looks like a change.
 */
#ifndef DH_SQ_PULSE_H
#define DH_SQ_PULSE_H

#include <sqlite3.h>

#include "base/base.h"

enum { DH_SQ_PULSE_LEN = 96 };

struct dh_sq_pulse {
    const volatile void *shared; /* of the connection; NULL until it is found */
    unsigned char seen[DH_SQ_PULSE_LEN];
    uint64_t sequence; /* the store's when `seen` was */
    bool known;
};

/* True when nothing was committed since dh_sq_pulse_keep; *sequence is then the one kept. */
bool dh_sq_pulse_same(const struct dh_sq_pulse *pulse, uint64_t *sequence);
/* Takes the header's bytes, before the sequence is asked for outside of any transaction. */
void dh_sq_pulse_take(struct dh_sq_pulse *pulse, sqlite3 *db);
/* The sequence that belongs to the bytes taken. */
void dh_sq_pulse_keep(struct dh_sq_pulse *pulse, uint64_t sequence);

#endif
