#include "mirror/pipe.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "mirror/input.h"

enum { SLOTS = 16, BYTES_MAX = 8 * 1024 * 1024 };

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
    unsigned worker_count;
    bool reading;
    _Atomic uint64_t position;
    struct dh_input *input; /* the reader's */
    uint64_t input_position;
};

/* ---- the reader ----------------------------------------------------------------------------- */

/* Takes over the batch. False when the caller wants no more. */
static bool put(struct dh_pipe *pipe, struct dh_batch *batch)
{
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

static enum dh_status read_input(void *context, char *to, size_t cap, size_t *len,
                                 struct dh_err *err)
{
    struct dh_pipe *pipe = context;
    enum dh_status status = dh_input_read(pipe->input, to, cap, len, err);
    uint64_t position = dh_input_position(pipe->input);
    atomic_fetch_add_explicit(&pipe->position, position - pipe->input_position,
                              memory_order_relaxed);
    pipe->input_position = position;
    return status;
}

/* A source that ends in damage is told of like a bad value: what came before it counts. */
static bool is_damage(enum dh_status status)
{
    return status == DH_CORRUPT || status == DH_UNSUPPORTED;
}

/*
 * Cuts one source into batches. *batch is the one being filled; it goes from source to source.
 * DH_DONE when the caller wants no more.
 */
static enum dh_status cut_source(struct dh_pipe *pipe, size_t source, struct dh_cutter *cutter,
                                 struct dh_batch **batch, struct dh_err *err)
{
    for (;;) {
        if (!*batch && !(*batch = dh_batch_new()))
            return dh_fail(err, DH_MEMORY, "out of memory");
        struct dh_cut cut;
        struct dh_err fault;
        enum dh_status found = dh_cutter_next(cutter, &cut, &fault), status = DH_OK;
        if (found == DH_OK)
            status = dh_batch_add(*batch, &cut, source, err);
        else if (is_damage(found))
            status = dh_batch_add_fault(*batch, &cut, source, &fault, err);
        else if (found != DH_DONE)
            status = dh_fail(err, found, "%s: %s", pipe->sources.names[source], fault.text);
        if (status)
            return status;
        if (dh_batch_full(*batch)) {
            struct dh_batch *full = *batch;
            *batch = NULL;
            if (!put(pipe, full))
                return DH_DONE;
        }
        if (found)
            return DH_OK;
    }
}

static enum dh_status read_source(struct dh_pipe *pipe, size_t source, struct dh_batch **batch,
                                  struct dh_err *err)
{
    struct dh_cutter *cutter = NULL;
    pipe->input = NULL;
    pipe->input_position = 0;
    enum dh_status status =
        pipe->sources.text.ptr
            ? dh_input_memory(pipe->sources.text, &pipe->input, err)
            : dh_input_open(pipe->sources.names[source], &pipe->stopped, &pipe->input, err);
    if (!status)
        status = dh_cutter_new(read_input, pipe, DH_RECORD_MAX, &cutter, err);
    if (!status)
        status = cut_source(pipe, source, cutter, batch, err);
    dh_cutter_free(cutter);
    dh_input_close(pipe->input);
    return status;
}

static void *run_reader(void *context)
{
    struct dh_pipe *pipe = context;
    struct dh_batch *batch = NULL;
    struct dh_err err = {0};
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < pipe->sources.count && !status; i++)
        status = read_source(pipe, i, &batch, &err);
    if (batch && batch->count)
        put(pipe, batch);
    else
        dh_batch_free(batch);
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
    for (;;) {
        while (!pipe->stopped && pipe->taken == pipe->filled && !pipe->ended)
            pthread_cond_wait(&pipe->changed, &pipe->lock);
        if (pipe->stopped || pipe->taken == pipe->filled)
            break;
        struct dh_batch *batch = pipe->slots[pipe->taken++ % SLOTS];
        size_t bytes = batch->text.len;
        pthread_mutex_unlock(&pipe->lock);
        dh_batch_read(batch, pipe->store);
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

static enum dh_status start(struct dh_pipe *pipe, unsigned workers, struct dh_err *err)
{
    if (workers == 0)
        workers = cores();
    if (workers > DH_THREADS_MAX)
        workers = DH_THREADS_MAX;
    while (pipe->worker_count < workers &&
           pthread_create(&pipe->workers[pipe->worker_count], NULL, run_worker, pipe) == 0)
        pipe->worker_count++;
    pipe->reading =
        pipe->worker_count && pthread_create(&pipe->reader, NULL, run_reader, pipe) == 0;
    return pipe->reading ? DH_OK : dh_fail(err, DH_MEMORY, "cannot start a thread");
}

enum dh_status dh_pipe_open(struct dh_store *store, const struct dh_sources *sources,
                            unsigned workers, struct dh_pipe **out, struct dh_err *err)
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
    enum dh_status status = start(pipe, workers, err);
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
    pthread_cond_destroy(&pipe->changed);
    pthread_mutex_destroy(&pipe->lock);
    free(pipe);
}
