#include "store/sqlite/body.h"

#include <stdlib.h>

/* Adds a dictionary; the others stay, for frames and threads that use them. */
static enum dh_status add(struct dh_sq_codec *codec, int64_t id, struct dh_str bytes,
                          struct dh_err *err)
{
    struct dh_sq_dictionary *dictionary = calloc(1, sizeof(*dictionary));
    ZSTD_DDict *expand = ZSTD_createDDict(bytes.ptr, bytes.len);
    if (dictionary)
        dictionary->compress = ZSTD_createCDict(bytes.ptr, bytes.len, DH_SQ_BODY_LEVEL);
    if (!dictionary || !dictionary->compress || !expand) {
        ZSTD_freeDDict(expand);
        if (dictionary)
            ZSTD_freeCDict(dictionary->compress);
        free(dictionary);
        return dh_fail(err, DH_MEMORY, "out of memory for a dictionary");
    }
    dictionary->id = (uint8_t)id;
    dictionary->next = codec->newest;
    codec->expand[id] = expand;
    codec->newest = dictionary;
    return DH_OK;
}

static enum dh_status load(struct dh_sq_codec *codec, sqlite3_stmt *sql, struct dh_err *err)
{
    int64_t id = sqlite3_column_int64(sql, 0);
    if (id < 0 || id >= DH_SQ_DICTIONARIES_MAX)
        return dh_fail(err, DH_CORRUPT, "dictionary %lld is out of range", (long long)id);
    return codec->expand[id] ? DH_OK : add(codec, id, dh_sq_bytes(sql, 1), err);
}

enum dh_status dh_sq_codec_open(struct dh_sq_codec *codec, struct dh_sq_conn *conn,
                                struct dh_err *err)
{
    sqlite3_stmt *sql;
    pthread_mutex_lock(&codec->lock);
    enum dh_status status = dh_sq_query(conn, DH_SQL_DICTIONARIES, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK)
        if ((status = load(codec, sql, err)) != DH_OK)
            dh_sq_reset(sql);
    if (status == DH_DONE && !codec->newest)
        status = dh_fail(err, DH_CORRUPT, "the store has no dictionary");
    pthread_mutex_unlock(&codec->lock);
    return status == DH_DONE ? DH_OK : status;
}

void dh_sq_codec_init(struct dh_sq_codec *codec)
{
    pthread_mutex_init(&codec->lock, NULL);
    pthread_mutex_init(&codec->scratches.lock, NULL);
}

void dh_sq_codec_close(struct dh_sq_codec *codec)
{
    for (int i = 0; i < DH_SQ_DICTIONARIES_MAX; i++)
        ZSTD_freeDDict(codec->expand[i]);
    for (struct dh_sq_dictionary *d = codec->newest, *next; d; d = next) {
        next = d->next;
        ZSTD_freeCDict(d->compress);
        free(d);
    }
    dh_sq_scratch_close(&codec->scratches);
    pthread_mutex_destroy(&codec->scratches.lock);
    pthread_mutex_destroy(&codec->lock);
}

enum dh_status dh_sq_body_press(struct dh_sq_codec *codec, ZSTD_CCtx *context, struct dh_str text,
                                struct dh_buf *out, struct dh_err *err)
{
    size_t bound = ZSTD_compressBound(text.len), size = 0;
    const struct dh_sq_dictionary *dictionary = codec->newest;
    char *place = dh_buf_reserve(out, bound + 1);
    if (place) {
        place[0] = (char)dictionary->id;
        size = ZSTD_compress_usingCDict(context, place + 1, bound, text.ptr, text.len,
                                        dictionary->compress);
    }
    if (!place || ZSTD_isError(size))
        return dh_fail(err, DH_MEMORY, "a record could not be compressed");
    out->len += size + 1;
    return DH_OK;
}

enum dh_status dh_sq_body_pack(struct dh_sq_codec *codec, struct dh_str text, struct dh_buf *out,
                               struct dh_err *err)
{
    struct dh_sq_scratch *scratch = dh_sq_scratch_take(&codec->scratches);
    enum dh_status status = scratch ? dh_sq_body_press(codec, scratch->zstd, text, out, err)
                                    : dh_fail(err, DH_MEMORY, "out of memory");
    dh_sq_scratch_give(&codec->scratches, scratch);
    return status;
}

/* The dictionary that a frame names; one that is not known has come from another process since. */
static const ZSTD_DDict *expander(struct dh_sq_codec *codec, struct dh_str z)
{
    uint8_t id = z.len ? (uint8_t)z.ptr[0] : 0;
    struct dh_sq_conn conn = {0};
    if (!z.len || codec->expand[id] || !codec->path)
        return z.len ? codec->expand[id] : NULL;
    if (dh_sq_conn_open(&conn, codec->path, SQLITE_OPEN_READONLY, NULL) == DH_OK)
        dh_sq_codec_open(codec, &conn, NULL);
    dh_sq_conn_close(&conn);
    return codec->expand[id];
}

enum dh_status dh_sq_body_unpack(struct dh_sq_codec *codec, ZSTD_DCtx *context, struct dh_str z,
                                 struct dh_str *out, struct dh_arena *arena, struct dh_err *err)
{
    const ZSTD_DDict *dictionary = expander(codec, z);
    unsigned long long size =
        dictionary ? ZSTD_getFrameContentSize(z.ptr + 1, z.len - 1) : ZSTD_CONTENTSIZE_ERROR;
    if (!dictionary)
        return dh_fail(err, DH_CORRUPT, "a record's text names an unknown dictionary");
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > DH_RESPONSE_MAX)
        return dh_fail(err, DH_CORRUPT, "a record's text is damaged");
    char *text = dh_arena_alloc(arena, (size_t)size + 1);
    if (!text)
        return dh_fail(err, DH_MEMORY, "out of memory for a record's text");
    size_t got =
        ZSTD_decompress_usingDDict(context, text, (size_t)size, z.ptr + 1, z.len - 1, dictionary);
    if (ZSTD_isError(got) || got != size)
        return dh_fail(err, DH_CORRUPT, "a record's text is damaged");
    *out = (struct dh_str){text, got};
    return DH_OK;
}
