#include <stdlib.h>
#include <zdict.h>

#include "store/sqlite/writer.h"

/*
 * A new store's records are compressed with a dictionary of what record texts have in common. Once
 * it holds some, one is trained on them, which saves another third; and again each time that the
 * store has grown by a large factor. What is compressed already stays as it is.
 */
enum {
    TRAIN_RECORDS = 4096, /* in the store at the first training */
    TRAIN_FACTOR = 64,    /* growth from one training to the next */
    TRAIN_SAMPLES = 1024, /* records looked at; more of them take longer and gain nothing */
    TRAIN_BYTES = 16 * 1024 * 1024,
    DICTIONARY_BYTES = 110 * 1024
};

struct samples {
    struct dh_buf text;
    size_t *sizes;
    unsigned count;
};

static bool due(struct dh_sq_writer *w, int64_t *step)
{
    int64_t count = 0, needed = TRAIN_RECORDS;
    if (dh_sq_integer(&w->conn, DH_SQL_DICTIONARY_COUNT, &count, NULL, "") ||
        count >= DH_SQ_DICTIONARIES_MAX - 1)
        return false;
    for (int64_t i = 1; i < count && needed < INT32_MAX; i++)
        needed *= TRAIN_FACTOR;
    *step = needed / TRAIN_SAMPLES;
    return w->next > needed;
}

static enum dh_status add_sample(struct dh_sq_store *store, struct dh_str z,
                                 struct samples *samples, struct dh_arena *arena,
                                 struct dh_err *err)
{
    struct dh_str text;
    dh_arena_clear(arena);
    enum dh_status status =
        dh_sq_body_unpack(&store->codec, store->writer->zstd, z, &text, arena, err);
    if (status || samples->text.len + text.len > TRAIN_BYTES)
        return status;
    dh_buf_str(&samples->text, text);
    samples->sizes[samples->count++] = text.len;
    return samples->text.status;
}

/* Every `step`th record from the first on. */
static enum dh_status take_samples(struct dh_sq_store *store, int64_t step, struct samples *samples,
                                   struct dh_err *err)
{
    struct dh_sq_conn *conn = &store->writer->conn;
    struct dh_arena arena;
    enum dh_status status = DH_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (int64_t i = 0; i < TRAIN_SAMPLES && !status; i++) {
        sqlite3_stmt *sql;
        status = dh_sq_query(conn, DH_SQL_BODY, &sql, err, "i", 1 + i * step);
        if (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
            status = add_sample(store, dh_sq_bytes(sql, 1), samples, &arena, err);
            dh_sq_reset(sql);
        }
        status = status == DH_DONE ? DH_OK : status;
    }
    dh_arena_release(&arena);
    return status;
}

static enum dh_status train(struct dh_sq_store *store, int64_t step, struct dh_buf *out,
                            struct dh_err *err)
{
    struct samples samples = {.sizes = calloc(TRAIN_SAMPLES, sizeof(size_t))};
    char *place = dh_buf_reserve(out, DICTIONARY_BYTES);
    dh_buf_init(&samples.text, TRAIN_BYTES * 2);
    enum dh_status status = samples.sizes && place ? DH_OK : DH_MEMORY;
    if (!status)
        status = take_samples(store, step, &samples, err);
    if (!status) {
        size_t size = ZDICT_trainFromBuffer(place, DICTIONARY_BYTES, samples.text.ptr,
                                            samples.sizes, samples.count);
        if (ZDICT_isError(size))
            status = DH_UNSUPPORTED; /* too few records, or too much alike: no harm */
        else
            out->len += size;
    }
    dh_buf_release(&samples.text);
    free(samples.sizes);
    return status;
}

/* In a transaction of its own: records may name the dictionary once this is committed. */
static enum dh_status store_dictionary(struct dh_sq_writer *w, struct dh_str bytes)
{
    enum dh_status status = dh_sq_run(&w->conn, DH_SQL_BEGIN_WRITE, NULL, "");
    if (status)
        return status;
    status = dh_sq_run(&w->conn, DH_SQL_DICTIONARY_NEXT, NULL, "b", bytes);
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_COMMIT, NULL, "");
    if (!sqlite3_get_autocommit(w->conn.db))
        dh_sq_run(&w->conn, DH_SQL_ROLLBACK, NULL, "");
    return status;
}

void dh_sq_train(struct dh_sq_store *store)
{
    struct dh_sq_writer *w = store->writer;
    struct dh_buf bytes;
    int64_t step;
    if (!w->wrote || !due(w, &step))
        return;
    dh_buf_init(&bytes, DICTIONARY_BYTES * 2);
    enum dh_status status = train(store, step, &bytes, NULL);
    if (!status)
        status = store_dictionary(w, dh_buf_view(&bytes));
    if (!status)
        dh_sq_codec_open(&store->codec, &w->conn, NULL);
    dh_buf_release(&bytes);
}
