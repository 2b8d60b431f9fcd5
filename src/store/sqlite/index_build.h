/*
 * index_build: a segment being made, key by key in ascending order. Its rows go to the store at
 * once, or, made where the store's connection is not at hand, into memory until they can.
 */
#ifndef DH_SQ_INDEX_BUILD_H
#define DH_SQ_INDEX_BUILD_H

#include "store/sqlite/index_segment.h"

struct dh_sq_stream {
    enum dh_sq_sql sql;
    struct dh_buf page;
    uint64_t len;
    uint32_t pages;
};

/* Takes row `index` of its kind, for which `sql` adds one; the bytes are borrowed. */
struct dh_sq_sink {
    enum dh_status (*add)(struct dh_sq_sink *sink, enum dh_sq_sql sql, uint32_t index,
                          struct dh_str bytes, struct dh_err *err);
};

struct dh_sq_build {
    struct dh_sq_sink *sink;
    uint32_t low, blocks, source_count;
    uint64_t bytes;
    struct dh_buf block, ends, texts, packed;
    struct dh_sq_stream numbers, places;
    uint64_t sources[(DH_SOURCE__N + 63) / 64];
    size_t last_len;
    char last[DH_SQ_KEY_MAX];
};

/* Starts a segment whose lowest number is `low`. To be released in any case. */
void dh_sq_build_start(struct dh_sq_build *build, struct dh_sq_sink *sink, uint32_t low);
/* `places` is those of all the numbers, ptr NULL when the source has none. */
enum dh_status dh_sq_build_add(struct dh_sq_build *build, struct dh_str key,
                               const uint32_t *numbers, uint32_t count, struct dh_str places,
                               struct dh_err *err);
enum dh_status dh_sq_build_finish(struct dh_sq_build *build, struct dh_err *err);
void dh_sq_build_release(struct dh_sq_build *build);

/* index_install.c: a sink whose rows are those of a segment in the file. */
struct dh_sq_filing {
    struct dh_sq_sink sink;
    struct dh_sq_conn *conn;
    int64_t segment;
};
/* Starts the segment of the numbers low..high, `records` of them living, in the file. */
enum dh_status dh_sq_filing_start(struct dh_sq_filing *filing, struct dh_sq_conn *conn,
                                  uint32_t low, uint32_t high, uint32_t records,
                                  struct dh_err *err);
/* Notes how large it has become: after the last row. */
enum dh_status dh_sq_filing_finish(const struct dh_sq_filing *filing, uint64_t bytes,
                                   struct dh_err *err);

/* A segment in memory: a sink as well. */
struct dh_sq_built {
    struct dh_sq_sink sink;
    struct dh_sq_built *next;
    uint32_t low, high, records;
    uint64_t bytes;
    struct dh_buf rows;
};
/* NULL when out of memory. */
struct dh_sq_built *dh_sq_built_new(uint32_t low, uint32_t high, uint32_t records);
void dh_sq_built_free(struct dh_sq_built *built);
/* Writes it into the file. */
enum dh_status dh_sq_built_install(const struct dh_sq_built *built, struct dh_sq_conn *conn,
                                   struct dh_err *err);

#endif
