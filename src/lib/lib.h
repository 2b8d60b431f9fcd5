/*
 * lib: doihound.h put together from the layers below, for other people's programs. Nothing here
 * decides anything: reading goes through the API's own answers, importing through mirror. Private
 * to lib/.
 */
#ifndef DH_LIB_H
#define DH_LIB_H

#include <pthread.h>

#include "api/api.h"
#include "doihound.h"
#include "format/format.h"
#include "mirror/cutter.h"
#include "store/store.h"

enum { DH_LIB_IDLE_MAX = 16 }; /* readers kept open for the next call */

struct dh {
    struct dh_store *store;
    struct dh_api *api;
    bool writable;
    pthread_mutex_t lock;    /* of `idle` */
    pthread_mutex_t loading; /* the store takes one writer */
    struct dh_reader *idle[DH_LIB_IDLE_MAX];
    size_t idle_count;
};

/* A reader for one call or one list; give it back. */
enum dh_status dh_lib_borrow(struct dh *dh, struct dh_reader **out, struct dh_err *err);
void dh_lib_return(struct dh *dh, struct dh_reader *reader);

/* Makes the caller's text of what is in the buffer, which is empty then. */
enum dh_status dh_lib_hand_over(struct dh_buf *text, char **out, size_t *len, struct dh_err *err);

/* A metadata format by its name; DH_INVALID. */
enum dh_status dh_lib_format(const char *name, const struct dh_format **out, struct dh_err *err);
/* One part of a text that is read at once. */
typedef enum dh_status dh_lib_text(void *context, struct dh_str text, struct dh_err *err);
/* Calls `each` for all of them until one fails; err->pos counts in the whole text. `format` NULL:
 * JSON is told by its first byte. */
enum dh_status dh_lib_each_text(struct dh_str text, const struct dh_format *format,
                                dh_lib_text *each, void *context, struct dh_err *err);
/* A metadata format and how to write it, of names that a caller gave. DH_INVALID, DH_UNSUPPORTED.
 */
enum dh_status dh_lib_writer(const char *format, const struct dh_write_options *given,
                             const struct dh_format **out, struct dh_format_options *options,
                             struct dh_err *err);
/* The metadata tree of a stored record, the caller's, as `format` wants it. The codes of dh_get. */
enum dh_status dh_lib_metadata(struct dh_reader *reader, struct dh_str doi,
                               const struct dh_format *format, struct json_object **metadata,
                               struct dh_arena *arena, struct dh_err *err);

/* The resources of one or more answers of the API, one after the other. */
struct dh_pages {
    struct dh *dh;
    struct dh_reader *reader;
    struct dh_arena arena; /* of the answer */
    struct dh_buf target;  /* path and query of the next answer; empty after the last */
    struct dh_response answer;
    struct dh_str unread;     /* part of the answer that the cutter has not taken */
    struct dh_cutter *cutter; /* of the answer; NULL before the first */
    uint64_t total;           /* meta.total of the answer, where it has one */
};

enum dh_status dh_pages_init(struct dh_pages *pages, struct dh *dh, struct dh_err *err);
void dh_pages_release(struct dh_pages *pages);
/* Asks for pages->target. The codes of dh_list_new. */
enum dh_status dh_pages_fetch(struct dh_pages *pages, struct dh_err *err);
/*
 * The next resource under `data`, borrowed until the next call; follows links.next. DH_DONE at the
 * end.
 */
enum dh_status dh_pages_next(struct dh_pages *pages, struct dh_str *out, struct dh_err *err);

/* A walk (list.c). */
struct dh_list {
    struct dh_pages pages;
    struct dh_buf item;    /* what was given last, terminated */
    struct dh_arena arena; /* of the record being written */
};

#endif
