/* index_build: a segment being made, key by key in ascending order. */
#ifndef DH_SQ_INDEX_BUILD_H
#define DH_SQ_INDEX_BUILD_H

#include "store/sqlite/index_rows.h"

struct dh_sq_stream {
    enum dh_sq_part part;
    struct dh_buf page;
    uint64_t len;
    uint32_t pages;
};

struct dh_sq_build {
    struct dh_sq_rows *rows;
    uint32_t low, blocks, source_count;
    uint64_t bytes;
    struct dh_buf block, ends, texts, packed;
    struct dh_sq_stream numbers, places;
    uint64_t sources[(DH_SOURCE__N + 63) / 64];
    size_t last_len;
    char last[DH_SQ_KEY_MAX];
};

/* Starts a segment whose lowest number is `low`; its rows are added to `rows`. To be released in
 * any case. */
void dh_sq_build_start(struct dh_sq_build *build, struct dh_sq_rows *rows, uint32_t low);
/* `places` is those of all the numbers, ptr NULL when the source has none. */
enum dh_status dh_sq_build_add(struct dh_sq_build *build, struct dh_str key,
                               const uint32_t *numbers, uint32_t count, struct dh_str places,
                               struct dh_err *err);
enum dh_status dh_sq_build_finish(struct dh_sq_build *build, struct dh_err *err);
void dh_sq_build_release(struct dh_sq_build *build);

#endif
