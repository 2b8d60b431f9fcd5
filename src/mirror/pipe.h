/*
 * Pipe: one thread reads and cuts the inputs, several parse, and the caller takes the batches in
 * the order of the input. What is under way is bounded in number and bytes.
 */
#ifndef DH_MIRROR_PIPE_H
#define DH_MIRROR_PIPE_H

#include "mirror/feed.h"

struct dh_pipe;

/*
 * Starts the threads; `workers` 0: one per core. `filter` is borrowed until the pipe is closed;
 * NULL: every record passes. DH_MEMORY.
 */
enum dh_status dh_pipe_open(struct dh_store *store, const struct dh_sources *sources,
                            const struct dh_record_filter *filter, unsigned workers,
                            struct dh_pipe **out, struct dh_err *err);
/*
 * The next batch, the caller's to free; *out stays NULL when `milliseconds` passed without one.
 * DH_DONE after the last; DH_IO, DH_NOT_FOUND, DH_MEMORY after all batches before the failure.
 */
enum dh_status dh_pipe_next(struct dh_pipe *pipe, unsigned milliseconds, struct dh_batch **out,
                            struct dh_err *err);
/* Bytes read from the sources so far. */
uint64_t dh_pipe_position(const struct dh_pipe *pipe);
/* Stops the threads, drops what is under way. NULL is allowed. */
void dh_pipe_close(struct dh_pipe *pipe);

#endif
