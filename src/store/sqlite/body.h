/*
 * body: record texts and activity changes as they lie in the file: one byte with the number of
 * the dictionary, then a zstd frame. Dictionaries are rows of table `dictionary`, raw content or
 * trained; new frames use the newest, old frames the one they name.
 */
#ifndef DH_SQ_BODY_H
#define DH_SQ_BODY_H

#include "store/sqlite/conn.h"
#include "store/sqlite/scratch.h"

enum { DH_SQ_DICTIONARIES_MAX = 256, DH_SQ_BODY_LEVEL = 3 };

/* A dictionary made ready for compressing. */
struct dh_sq_dictionary {
    struct dh_sq_dictionary *next; /* an older one: somebody may still be using it */
    uint8_t id;
    ZSTD_CDict *compress;
};

struct dh_sq_codec {
    pthread_mutex_t lock; /* of the dictionaries */
    const char
        *path; /* of the store's file, borrowed: where another process may add dictionaries */
    _Atomic(struct dh_sq_dictionary *) newest;
    _Atomic(ZSTD_DDict *) expand[DH_SQ_DICTIONARIES_MAX];
    struct dh_sq_scratches scratches; /* of the preparing threads */
};

/* Appends the dictionary that a new store starts with. */
void dh_sq_dictionary_write(struct dh_buf *out);

/* Reads the dictionaries that it does not know yet. Any thread. */
enum dh_status dh_sq_codec_open(struct dh_sq_codec *codec, struct dh_sq_conn *conn,
                                struct dh_err *err);
void dh_sq_codec_init(struct dh_sq_codec *codec);
void dh_sq_codec_close(struct dh_sq_codec *codec);

/* Appends the compressed form. Any thread; the context is its own. */
enum dh_status dh_sq_body_press(struct dh_sq_codec *codec, ZSTD_CCtx *context, struct dh_str text,
                                struct dh_buf *out, struct dh_err *err);
/* The same with a context of the pool. */
enum dh_status dh_sq_body_pack(struct dh_sq_codec *codec, struct dh_str text, struct dh_buf *out,
                               struct dh_err *err);
/* Expands into the arena. `context` belongs to the calling thread. */
enum dh_status dh_sq_body_unpack(struct dh_sq_codec *codec, ZSTD_DCtx *context, struct dh_str z,
                                 struct dh_str *out, struct dh_arena *arena, struct dh_err *err);

#endif
