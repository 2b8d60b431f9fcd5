/*
 * After a large commit the pages it wrote lie in the WAL. Moving them to the file, a checkpoint, is
 * left to a thread with a connection of its own, so that the next transaction need not wait.
 */
#include <stdlib.h>

#include "store/sqlite/writer.h"

struct dh_sq_mover {
    const char *path;
    struct dh_sq_conn conn; /* the thread's */
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    bool due, moves, ends;
};

/* What cannot be moved now stays in the WAL, for the next time. */
static void checkpoint(struct dh_sq_mover *mover)
{
    struct dh_sq_conn *conn = &mover->conn;
    if (conn->db || !dh_sq_conn_open(conn, mover->path, SQLITE_OPEN_READWRITE, NULL))
        sqlite3_wal_checkpoint_v2(conn->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void *run(void *context)
{
    struct dh_sq_mover *mover = context;
    pthread_mutex_lock(&mover->lock);
    while (!mover->ends) {
        if (!mover->due) {
            pthread_cond_wait(&mover->changed, &mover->lock);
            continue;
        }
        mover->due = false;
        mover->moves = true;
        pthread_mutex_unlock(&mover->lock);
        checkpoint(mover);
        pthread_mutex_lock(&mover->lock);
        mover->moves = false;
        pthread_cond_broadcast(&mover->changed);
    }
    pthread_mutex_unlock(&mover->lock);
    return NULL;
}

struct dh_sq_mover *dh_sq_mover_new(const char *path)
{
    struct dh_sq_mover *mover = calloc(1, sizeof(*mover));
    if (!mover)
        return NULL;
    mover->path = path;
    pthread_mutex_init(&mover->lock, NULL);
    pthread_cond_init(&mover->changed, NULL);
    return mover;
}

void dh_sq_mover_free(struct dh_sq_mover *mover)
{
    if (!mover)
        return;
    pthread_mutex_lock(&mover->lock);
    mover->ends = true;
    pthread_cond_broadcast(&mover->changed);
    pthread_mutex_unlock(&mover->lock);
    if (mover->running)
        pthread_join(mover->thread, NULL);
    dh_sq_conn_close(&mover->conn);
    pthread_cond_destroy(&mover->changed);
    pthread_mutex_destroy(&mover->lock);
    free(mover);
}

bool dh_sq_mover_wake(struct dh_sq_mover *mover)
{
    if (!mover->running && pthread_create(&mover->thread, NULL, run, mover) != 0)
        return false;
    mover->running = true;
    pthread_mutex_lock(&mover->lock);
    mover->due = true;
    pthread_cond_broadcast(&mover->changed);
    pthread_mutex_unlock(&mover->lock);
    return true;
}

void dh_sq_mover_wait(struct dh_sq_mover *mover)
{
    pthread_mutex_lock(&mover->lock);
    while (mover->running && (mover->due || mover->moves))
        pthread_cond_wait(&mover->changed, &mover->lock);
    pthread_mutex_unlock(&mover->lock);
}
