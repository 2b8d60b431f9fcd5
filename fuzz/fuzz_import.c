/* A whole input file, compressed or not: imported into a store in memory-sized chunks, never a
 * crash. */
#include "mirror/mirror.h"
#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dh_store *store; /* for the whole run: opening one takes longer than an import */
    struct dh_import_options options = {.threads = 1};
    struct dh_import_result result = {0};
    struct dh_err err = {0};
    struct dh_str text = {(const char *)data, size};
    if (!store) {
        store = fuzz_store_open();
        fuzz_store_unlink();
    }
    enum dh_status status = dh_import_buffer(store, text, "fuzz", &options, &result, &err);
    if (status != DH_OK && err.text[0] == '\0')
        abort();
    return 0;
}
