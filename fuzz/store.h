/* A new store for the length of a fuzz run, in files that soon have no name any more. */
#ifndef DH_FUZZ_STORE_H
#define DH_FUZZ_STORE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"

static inline void fuzz_store_name(char out[64], const char *ending)
{
    snprintf(out, 64, "/tmp/doihound-fuzz-%ld.db%s", (long)getpid(), ending);
}

static inline struct dh_store *fuzz_store_open(void)
{
    struct dh_store *store = NULL;
    struct dh_err err = {0};
    char path[64];
    fuzz_store_name(path, "");
    if (dh_store_open(path, DH_STORE_CREATE, &store, &err) != DH_OK) {
        fprintf(stderr, "%s: %s\n", path, err.text);
        abort();
    }
    return store;
}

/* Once all that reads and writes the store is open. */
static inline void fuzz_store_unlink(void)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[64];
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        fuzz_store_name(path, endings[i]);
        unlink(path);
    }
}

#endif
