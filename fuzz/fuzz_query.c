/* What comes in a request's query string: parameters, then the filters of the DOI list. */
#include <stdlib.h>

#include "api/filters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct dh_directory nobody;
    struct dh_arena arena;
    struct dh_params params = {0};
    struct dh_search search = {0};
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_params_parse(&arena, (struct dh_str){(const char *)data, size}, &params) == DH_OK) {
        for (size_t i = 0; i < params.count; i++)
            if (dh_utf8_check(params.items[i].value) != params.items[i].value.len)
                abort();
        enum dh_status status = dh_filters_read(&params, false, &nobody, &search, &arena, &err);
        if (status != DH_OK && err.text[0] == '\0')
            abort();
        if (status == DH_OK && search.sample_by == DH_COLUMN__N && search.limit > DH_PAGE_MAX)
            abort();
    }
    dh_arena_release(&arena);
    return 0;
}
