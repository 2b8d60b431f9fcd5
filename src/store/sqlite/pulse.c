#include "store/sqlite/pulse.h"

enum { REGION = 32 * 1024 /* SQLite maps the WAL index in pieces of this size */ };

static void copy_header(const struct dh_sq_pulse *pulse, unsigned char out[DH_SQ_PULSE_LEN])
{
    const volatile unsigned char *shared = pulse->shared;
    for (size_t i = 0; i < DH_SQ_PULSE_LEN; i++)
        out[i] = shared[i];
}

bool dh_sq_pulse_same(const struct dh_sq_pulse *pulse, uint64_t *sequence)
{
    unsigned char now[DH_SQ_PULSE_LEN];
    if (!pulse->known)
        return false;
    copy_header(pulse, now);
    *sequence = pulse->sequence;
    return memcmp(now, pulse->seen, sizeof(now)) == 0;
}

/* The shared memory exists once the connection has read in WAL mode. */
static const volatile void *find_header(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    volatile void *region = NULL;
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap)
        return NULL;
    return file->pMethods->xShmMap(file, 0, REGION, 0, &region) == SQLITE_OK ? region : NULL;
}

void dh_sq_pulse_take(struct dh_sq_pulse *pulse, sqlite3 *db)
{
    pulse->known = false;
    if (!pulse->shared)
        pulse->shared = find_header(db);
    if (pulse->shared)
        copy_header(pulse, pulse->seen);
}

void dh_sq_pulse_keep(struct dh_sq_pulse *pulse, uint64_t sequence)
{
    pulse->sequence = sequence;
    pulse->known = pulse->shared != NULL;
}
