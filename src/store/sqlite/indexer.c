/*
 * The writer packs numbers, with their entries or as gone, into parcels. Full ones are worked off
 * by a thread, in their order, while the writer goes on. The thread makes small segments, joins
 * some of them at a time, and leaves the outcome to the writer to be put into the file. What little
 * a small transaction adds never leaves the writer: the first full parcel starts the thread.
 */
#include <pthread.h>
#include <stdlib.h>

#include "store/sqlite/index.h"
#include "store/sqlite/index_join.h"
#include "store/sqlite/index_pending.h"

enum {
    PARCELS = 16,
    PARCEL_FULL = 1024 * 1024, /* bytes */
    SMALL = 4                  /* segments that are joined before they go to the file */
};

/* What stands before the entries of a number. */
struct head {
    uint32_t number;
    bool gone;
    size_t len;
};

struct dh_sq_indexer {
    struct dh_buf parcels[PARCELS]; /* a ring; the writer fills the one at `filled` */
    /* the thread's while parcels wait, else the writer's */
    struct dh_sq_pending *pending;
    struct dh_sq_built *small[SMALL];
    size_t small_count;
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    uint64_t filled, done;             /* parcels handed over, worked off */
    bool ends;                         /* the thread is to */
    bool drops;                        /* what waits is not wanted any more */
    struct dh_sq_built *built, **last; /* for the file */
    enum dh_status status;             /* why the thread failed */
    struct dh_err err;
};

/* ---- working off ------------------------------------------------------------------------------ */

static void keep(struct dh_sq_indexer *ix, struct dh_sq_built *built)
{
    pthread_mutex_lock(&ix->lock);
    *ix->last = built;
    ix->last = &built->next;
    pthread_mutex_unlock(&ix->lock);
}

static void forget_small(struct dh_sq_indexer *ix)
{
    while (ix->small_count)
        dh_sq_built_free(ix->small[--ix->small_count]);
}

/* Makes one of the small segments, for the file. */
static enum dh_status join_small(struct dh_sq_indexer *ix, struct dh_err *err)
{
    struct dh_sq_piece pieces[SMALL];
    size_t count = ix->small_count;
    uint32_t records = 0;
    uint64_t bytes;
    for (size_t i = 0; i < count; i++) {
        struct dh_sq_built *small = ix->small[i];
        pieces[i] = (struct dh_sq_piece){&small->rows, small->low, small->high};
        records += small->records;
    }
    struct dh_sq_built *whole = dh_sq_built_new(pieces[0].low, pieces[count - 1].high, records);
    enum dh_status status = whole ? dh_sq_join(pieces, count, NULL, &whole->rows, &bytes, err)
                                  : dh_fail(err, DH_MEMORY, "out of memory");
    if (status)
        dh_sq_built_free(whole);
    else
        keep(ix, whole);
    forget_small(ix);
    return status;
}

static enum dh_status pass_on(struct dh_sq_indexer *ix, struct dh_err *err)
{
    if (ix->small_count > 1)
        return join_small(ix, err);
    if (ix->small_count)
        keep(ix, ix->small[--ix->small_count]);
    return DH_OK;
}

static enum dh_status build(struct dh_sq_indexer *ix, struct dh_err *err)
{
    struct dh_sq_built *built = NULL;
    enum dh_status status = dh_sq_pending_build(ix->pending, &built, err);
    if (status)
        dh_sq_built_free(built);
    else if (built)
        ix->small[ix->small_count++] = built;
    return status || ix->small_count < SMALL ? status : join_small(ix, err);
}

static enum dh_status take(struct dh_sq_indexer *ix, const struct head *head, struct dh_str entries,
                           struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (head->gone)
        return dh_sq_pending_remove(ix->pending, head->number)
                   ? DH_OK
                   : dh_fail(err, DH_MEMORY, "out of memory");
    if (ix->pending->bytes > DH_INDEX_PENDING_MAX)
        status = build(ix, err);
    if (status || dh_sq_pending_add(ix->pending, head->number, entries))
        return status;
    return dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status work_off(struct dh_sq_indexer *ix, struct dh_buf *parcel, struct dh_err *err)
{
    struct dh_str rest = dh_buf_view(parcel);
    enum dh_status status = DH_OK;
    while (!status && rest.len) {
        struct head head;
        memcpy(&head, rest.ptr, sizeof(head));
        rest = dh_str_from(rest, sizeof(head));
        status = take(ix, &head, (struct dh_str){rest.ptr, head.len}, err);
        rest = dh_str_from(rest, head.len);
    }
    if (parcel->cap > 2 * PARCEL_FULL) /* of a giant record */
        dh_buf_release(parcel);
    dh_buf_clear(parcel);
    return status;
}

/* What is lost cannot be made good: the transaction must not be committed. */
static void note_failure(struct dh_sq_indexer *ix, enum dh_status status, const struct dh_err *err)
{
    pthread_mutex_lock(&ix->lock);
    if (!ix->status) {
        ix->status = status;
        ix->err = err ? *err : (struct dh_err){.code = status};
    }
    pthread_mutex_unlock(&ix->lock);
}

static void *run(void *context)
{
    struct dh_sq_indexer *ix = context;
    pthread_mutex_lock(&ix->lock);
    for (;;) {
        while (!ix->ends && ix->done == ix->filled)
            pthread_cond_wait(&ix->changed, &ix->lock);
        if (ix->ends)
            break;
        struct dh_buf *parcel = &ix->parcels[ix->done % PARCELS];
        struct dh_err err = {0};
        if (ix->drops || ix->status)
            dh_buf_clear(parcel);
        pthread_mutex_unlock(&ix->lock);
        enum dh_status status = work_off(ix, parcel, &err);
        if (status)
            note_failure(ix, status, &err);
        pthread_mutex_lock(&ix->lock);
        ix->done++;
        pthread_cond_broadcast(&ix->changed);
    }
    pthread_mutex_unlock(&ix->lock);
    return NULL;
}

/* ---- the writer's side ------------------------------------------------------------------------ */

struct dh_sq_indexer *dh_sq_indexer_new(void)
{
    struct dh_sq_indexer *ix = calloc(1, sizeof(*ix));
    if (!ix)
        return NULL;
    for (int i = 0; i < PARCELS; i++)
        dh_buf_init(&ix->parcels[i], SIZE_MAX);
    pthread_mutex_init(&ix->lock, NULL);
    pthread_cond_init(&ix->changed, NULL);
    ix->last = &ix->built;
    ix->pending = dh_sq_pending_new();
    if (ix->pending)
        return ix;
    dh_sq_indexer_free(ix);
    return NULL;
}

static void forget_built(struct dh_sq_indexer *ix)
{
    for (struct dh_sq_built *built = ix->built, *next; built; built = next) {
        next = built->next;
        dh_sq_built_free(built);
    }
    ix->built = NULL;
    ix->last = &ix->built;
}

void dh_sq_indexer_free(struct dh_sq_indexer *ix)
{
    if (!ix)
        return;
    pthread_mutex_lock(&ix->lock);
    ix->ends = true;
    pthread_cond_broadcast(&ix->changed);
    pthread_mutex_unlock(&ix->lock);
    if (ix->running)
        pthread_join(ix->thread, NULL);
    forget_built(ix);
    forget_small(ix);
    for (int i = 0; i < PARCELS; i++)
        dh_buf_release(&ix->parcels[i]);
    dh_sq_pending_free(ix->pending);
    pthread_cond_destroy(&ix->changed);
    pthread_mutex_destroy(&ix->lock);
    free(ix);
}

/* Waits until at most `count` parcels wait; what the thread says. */
static enum dh_status wait(struct dh_sq_indexer *ix, uint64_t count, struct dh_err *err)
{
    pthread_mutex_lock(&ix->lock);
    while (ix->filled - ix->done > count)
        pthread_cond_wait(&ix->changed, &ix->lock);
    enum dh_status status = ix->status;
    if (status && err)
        *err = ix->err;
    pthread_mutex_unlock(&ix->lock);
    return status;
}

/* Puts the segments that are for it into the file. */
static enum dh_status file(struct dh_sq_indexer *ix, struct dh_sq_conn *conn, struct dh_err *err)
{
    pthread_mutex_lock(&ix->lock);
    struct dh_sq_built *built = ix->built;
    ix->built = NULL;
    ix->last = &ix->built;
    pthread_mutex_unlock(&ix->lock);
    enum dh_status status = DH_OK;
    for (struct dh_sq_built *next; built; built = next) {
        next = built->next;
        if (!status)
            status = dh_sq_built_file(built, conn, err);
        dh_sq_built_free(built);
    }
    if (status)
        note_failure(ix, status, err);
    return status;
}

static enum dh_status hand_over(struct dh_sq_indexer *ix, struct dh_sq_conn *conn,
                                struct dh_err *err)
{
    if (!ix->running && pthread_create(&ix->thread, NULL, run, ix) != 0)
        return dh_fail(err, DH_MEMORY, "cannot start a thread");
    ix->running = true;
    pthread_mutex_lock(&ix->lock);
    ix->filled++;
    pthread_cond_broadcast(&ix->changed);
    pthread_mutex_unlock(&ix->lock);
    enum dh_status status = file(ix, conn, err);
    return status ? status : wait(ix, PARCELS - 1, err);
}

static enum dh_status pack(struct dh_sq_writer *w, struct head head, struct dh_str entries,
                           struct dh_err *err)
{
    struct dh_sq_indexer *ix = w->indexer;
    struct dh_buf *parcel = &ix->parcels[ix->filled % PARCELS];
    if (!parcel->cap)
        dh_buf_reserve(parcel, PARCEL_FULL / 8);
    dh_buf_add(parcel, &head, sizeof(head));
    dh_buf_str(parcel, entries);
    if (parcel->status)
        return dh_fail(err, parcel->status, "out of memory");
    return parcel->len < PARCEL_FULL ? DH_OK : hand_over(ix, &w->conn, err);
}

enum dh_status dh_sq_index_add(struct dh_sq_writer *w, uint32_t number, struct dh_str entries,
                               struct dh_err *err)
{
    return pack(w, (struct head){.number = number, .len = entries.len}, entries, err);
}

enum dh_status dh_sq_index_remove(struct dh_sq_writer *w, uint32_t number, struct dh_err *err)
{
    return pack(w, (struct head){.number = number, .gone = true}, DH_STR_NONE, err);
}

/* Counts the dead of segments that stand in the file. */
static enum dh_status count_dead(struct dh_sq_pending *pending, struct dh_sq_conn *conn,
                                 struct dh_err *err)
{
    sqlite3_stmt *sql;
    uint32_t at = 0, count = pending->removed_count;
    if (!count)
        return DH_OK;
    qsort(pending->removed, count, sizeof(uint32_t), dh_sq_compare_numbers);
    enum dh_status status = dh_sq_query(conn, DH_SQL_SEGMENTS, &sql, err, "");
    while (!status && at < count && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int64_t id = sqlite3_column_int64(sql, 0), low = sqlite3_column_int64(sql, 1),
                high = sqlite3_column_int64(sql, 2), dead = 0;
        while (at < count && pending->removed[at] < low)
            at++;
        for (; at < count && pending->removed[at] <= high; at++)
            dead++;
        if (dead)
            status = dh_sq_run(conn, DH_SQL_SEGMENT_DEAD, err, "ii", id, dead);
    }
    dh_sq_reset(sql);
    return status == DH_DONE ? DH_OK : status;
}

/* Nothing of the transaction is left here. */
static void rest(struct dh_sq_indexer *ix)
{
    for (int i = 0; i < PARCELS; i++)
        dh_buf_release(&ix->parcels[i]);
    ix->pending->removed_count = 0;
    ix->status = DH_OK;
}

enum dh_status dh_sq_index_settle(struct dh_sq_writer *w, struct dh_err *err)
{
    struct dh_sq_indexer *ix = w->indexer;
    struct dh_buf *parcel = &ix->parcels[ix->filled % PARCELS];
    enum dh_status status = wait(ix, 0, err);
    if (!status)
        status = work_off(ix, parcel, err);
    if (!status && !ix->pending->low && !ix->pending->removed_count && !ix->built &&
        !ix->small_count)
        return DH_OK;
    if (!status)
        status = build(ix, err);
    if (!status)
        status = pass_on(ix, err);
    if (!status)
        status = file(ix, &w->conn, err);
    if (!status)
        status = count_dead(ix->pending, &w->conn, err);
    if (!status)
        status = dh_sq_index_merge(&w->conn, err);
    if (!status)
        rest(ix);
    return status;
}

void dh_sq_index_forget(struct dh_sq_writer *w)
{
    struct dh_sq_indexer *ix = w->indexer;
    pthread_mutex_lock(&ix->lock);
    ix->drops = true;
    pthread_mutex_unlock(&ix->lock);
    wait(ix, 0, NULL);
    ix->drops = false;
    forget_built(ix);
    forget_small(ix);
    dh_sq_pending_clear(ix->pending);
    rest(ix);
}
