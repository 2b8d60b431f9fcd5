#include "mirror/pipe.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

enum { SLOTS = 48, BYTES_MAX = 8 * 1024 * 1024 };

struct dh_pipe {
    struct dh_store *store;
    struct dh_sources sources;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct dh_batch *slots[SLOTS];
    uint64_t filled, taken, given; /* batches put in by the reader, taken by workers, given out */
    size_t bytes;                  /* of the texts not yet parsed */
    bool ended;                    /* the reader is done */
    atomic_bool stopped;           /* the caller wants no more */
    enum dh_status status;         /* why the reader ended */
    struct dh_err err;
    pthread_t reader, workers[DH_THREADS_MAX];
    struct dh_trial *trials[DH_THREADS_MAX]; /* of the filter, one for each worker */
    unsigned started;                        /* workers that have taken theirs */
    unsigned worker_count;
    bool reading;
    _Atomic uint64_t position;
};

/* ---- the reader ----------------------------------------------------------------------------- */

/* Takes over the batch. False when the caller wants no more. */
static bool put(void *context, struct dh_batch *batch)
{
    struct dh_pipe *pipe = context;
    size_t bytes = batch->text.len;
    pthread_mutex_lock(&pipe->lock);
    while (!pipe->stopped && (pipe->filled - pipe->given == SLOTS ||
                              (pipe->bytes && pipe->bytes + bytes > BYTES_MAX)))
        pthread_cond_wait(&pipe->changed, &pipe->lock);
    bool stopped = pipe->stopped;
    if (!stopped) {
        pipe->slots[pipe->filled++ % SLOTS] = batch;
        pipe->bytes += bytes;
        pthread_cond_broadcast(&pipe->changed);
    }
    pthread_mutex_unlock(&pipe->lock);
    if (stopped)
        dh_batch_free(batch);
    return !stopped;
}

static void *run_reader(void *context)
{
    struct dh_pipe *pipe = context;
    struct dh_err err = {0};
    const struct dh_feed feed = {.sources = &pipe->sources,
                                 .stop = &pipe->stopped,
                                 .position = &pipe->position,
                                 .context = pipe,
                                 .put = put};
    enum dh_status status = dh_feed_run(&feed, &err);
    pthread_mutex_lock(&pipe->lock);
    pipe->ended = true;
    pipe->status = status == DH_OK ? DH_DONE : status;
    pipe->err = err;
    pthread_cond_broadcast(&pipe->changed);
    pthread_mutex_unlock(&pipe->lock);
    return NULL;
}

/* ---- the workers ---------------------------------------------------------------------------- */

static void *run_worker(void *context)
{
    struct dh_pipe *pipe = context;
    pthread_mutex_lock(&pipe->lock);
    struct dh_trial *trial = pipe->trials[pipe->started++];
    for (;;) {
        while (!pipe->stopped && pipe->taken == pipe->filled && !pipe->ended)
            pthread_cond_wait(&pipe->changed, &pipe->lock);
        if (pipe->stopped || pipe->taken == pipe->filled)
            break;
        struct dh_batch *batch = pipe->slots[pipe->taken++ % SLOTS];
        size_t bytes = batch->text.len;
        pthread_mutex_unlock(&pipe->lock);
        dh_batch_read(batch, pipe->store, trial);
        pthread_mutex_lock(&pipe->lock);
        batch->ready = true;
        pipe->bytes -= bytes;
        pthread_cond_broadcast(&pipe->changed);
    }
    pthread_mutex_unlock(&pipe->lock);
    return NULL;
}

/* ---- the caller ----------------------------------------------------------------------------- */

static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (unsigned)count;
}

static enum dh_status start(struct dh_pipe *pipe, const struct dh_record_filter *filter,
                            unsigned workers, struct dh_err *err)
{
    if (workers == 0)
        workers = cores();
    if (workers > DH_THREADS_MAX)
        workers = DH_THREADS_MAX;
    for (unsigned i = 0; filter && i < workers; i++)
        if (!(pipe->trials[i] = dh_trial_new(filter)))
            return dh_fail(err, DH_MEMORY, "out of memory");
    while (pipe->worker_count < workers &&
           pthread_create(&pipe->workers[pipe->worker_count], NULL, run_worker, pipe) == 0)
        pipe->worker_count++;
    pipe->reading =
        pipe->worker_count && pthread_create(&pipe->reader, NULL, run_reader, pipe) == 0;
    return pipe->reading ? DH_OK : dh_fail(err, DH_MEMORY, "cannot start a thread");
}

enum dh_status dh_pipe_open(struct dh_store *store, const struct dh_sources *sources,
                            const struct dh_record_filter *filter, unsigned workers,
                            struct dh_pipe **out, struct dh_err *err)
{
    struct dh_pipe *pipe = *out = calloc(1, sizeof(*pipe));
    if (!pipe)
        return dh_fail(err, DH_MEMORY, "out of memory");
    pipe->store = store;
    pipe->sources = *sources;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    enum dh_status status = start(pipe, filter, workers, err);
    if (status) {
        dh_pipe_close(pipe);
        *out = NULL;
    }
    return status;
}

static struct timespec after(unsigned milliseconds)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += (long)milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

enum dh_status dh_pipe_next(struct dh_pipe *pipe, unsigned milliseconds, struct dh_batch **out,
                            struct dh_err *err)
{
    struct timespec until = after(milliseconds);
    enum dh_status status = DH_OK;
    *out = NULL;
    pthread_mutex_lock(&pipe->lock);
    for (int timeout = 0; !timeout;) {
        struct dh_batch *batch =
            pipe->given < pipe->filled ? pipe->slots[pipe->given % SLOTS] : NULL;
        if (batch && batch->ready) {
            pipe->given++;
            *out = batch;
            pthread_cond_broadcast(&pipe->changed);
            break;
        }
        if (!batch && pipe->ended) {
            status = pipe->status;
            if (err)
                *err = pipe->err;
            break;
        }
        timeout = pthread_cond_timedwait(&pipe->changed, &pipe->lock, &until);
    }
    pthread_mutex_unlock(&pipe->lock);
    return status;
}

uint64_t dh_pipe_position(const struct dh_pipe *pipe)
{
    return atomic_load_explicit(&pipe->position, memory_order_relaxed);
}

void dh_pipe_close(struct dh_pipe *pipe)
{
    if (!pipe)
        return;
    pthread_mutex_lock(&pipe->lock);
    pipe->stopped = true;
    pthread_cond_broadcast(&pipe->changed);
    pthread_mutex_unlock(&pipe->lock);
    if (pipe->reading)
        pthread_join(pipe->reader, NULL);
    for (unsigned i = 0; i < pipe->worker_count; i++)
        pthread_join(pipe->workers[i], NULL);
    for (uint64_t i = pipe->given; i < pipe->filled; i++)
        dh_batch_free(pipe->slots[i % SLOTS]);
    for (unsigned i = 0; i < DH_THREADS_MAX; i++)
        dh_trial_free(pipe->trials[i]);
    pthread_cond_destroy(&pipe->changed);
    pthread_mutex_destroy(&pipe->lock);
    free(pipe);
}
