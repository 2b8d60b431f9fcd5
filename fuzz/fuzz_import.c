/* A whole input file, compressed or not: imported into a store in memory-sized chunks, never a
 * crash. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mirror/mirror.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One store for the whole run: opening one takes longer than an import. */
static struct dh_store *shared_store(void)
{
    static struct dh_store *store;
    char path[64];
    struct dh_err err = {0};
    if (store)
        return store;
    snprintf(path, sizeof(path), "/tmp/doihound-fuzz-%ld.db", (long)getpid());
    if (dh_store_open(path, DH_STORE_CREATE, &store, &err) != DH_OK) {
        fprintf(stderr, "%s: %s\n", path, err.text);
        abort();
    }
    unlink(path);
    return store;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_import_options options = {.threads = 1};
    struct dh_import_result result = {0};
    struct dh_err err = {0};
    struct dh_str text = {(const char *)data, size};
    enum dh_status status = dh_import_buffer(shared_store(), text, "fuzz", &options, &result, &err);
    if (status != DH_OK && err.text[0] == '\0')
        abort();
    return 0;
}
