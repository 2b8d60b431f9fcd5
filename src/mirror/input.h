/*
 * Input: the bytes of one data file, decompressed on the way. Plain, gzip (any number of members)
 * and zstd (any number of frames) are told apart by their first bytes; the name is never asked.
 */
#ifndef DH_MIRROR_INPUT_H
#define DH_MIRROR_INPUT_H

#include <stdatomic.h>

#include "base/base.h"

struct dh_input;

/*
 * Opens a file for reading; "-" is standard input. `stop` is borrowed, or NULL: once it is true,
 * waiting for a slow pipe ends with DH_IO. DH_NOT_FOUND, DH_IO, DH_MEMORY.
 */
enum dh_status dh_input_open(const char *path, const atomic_bool *stop, struct dh_input **out,
                             struct dh_err *err);
/* Reads from memory, borrowed until the input is closed. DH_MEMORY. */
enum dh_status dh_input_memory(struct dh_str text, struct dh_input **out, struct dh_err *err);
/*
 * Reads what a callback gives, such as a member of an archive: it puts up to `cap` bytes at `to`,
 * *len 0 at the end only. With DH_CORRUPT *len may count, too: the bytes before the damage.
 * `context` is borrowed until the input is closed. DH_MEMORY.
 */
typedef enum dh_status dh_input_source(void *context, char *to, size_t cap, size_t *len,
                                       struct dh_err *err);
enum dh_status dh_input_from(dh_input_source *source, void *context, struct dh_input **out,
                             struct dh_err *err);
/*
 * Before the first read: whether the content is a tar archive, which is then given as it is. The
 * statuses are those of dh_input_read.
 */
enum dh_status dh_input_is_tar(struct dh_input *input, bool *tar, struct dh_err *err);
/*
 * Passes over up to `count` bytes of the content where the file allows it at no cost; returns how
 * many, maybe 0.
 */
uint64_t dh_input_skip(struct dh_input *input, uint64_t count);
/* Before the first read: XML and UTF-16 are no longer refused as what is no data file. */
void dh_input_allow_any_text(struct dh_input *input);
/* NULL is allowed. */
void dh_input_close(struct dh_input *input);

/*
 * Puts up to `cap` decompressed bytes at `to`; *len is 0 at the end only. DH_CORRUPT when the
 * compressed data is cut short or damaged (with the last bytes before the damage, so *len counts
 * then too), DH_UNSUPPORTED when the content is of a kind that is no data file, DH_IO when reading
 * fails.
 */
enum dh_status dh_input_read(struct dh_input *input, char *to, size_t cap, size_t *len,
                             struct dh_err *err);
/* Bytes taken from the file so far, compressed. Any thread may ask while another reads. */
uint64_t dh_input_position(const struct dh_input *input);

#endif
