#include "mirror/landing.h"

#include <pthread.h>
#include <stdlib.h>

struct item {
    struct dh_fetch *fetch;
    char *progress;
};

struct dh_landing {
    struct dh_store *store;
    const struct dh_scope *scope;
    const struct dh_import_options *options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* something was put, taken, or it is the end */
    struct item items[DH_LANDING_MAX];
    size_t count;
    bool closed;
    struct dh_import_result sums;
    enum dh_status status;
    struct dh_err err;
};

void dh_landing_add(struct dh_import_result *sums, const struct dh_import_result *one)
{
    sums->records += one->records;
    sums->created += one->created;
    sums->updated += one->updated;
    sums->touched += one->touched;
    sums->unchanged += one->unchanged;
    sums->accounts += one->accounts;
    sums->events += one->events;
    sums->new_events += one->new_events;
    sums->bad += one->bad;
    sums->repaired += one->repaired;
}

static enum dh_status note(struct dh_landing *landing, const char *progress, struct dh_err *err)
{
    struct dh_scope scope = *landing->scope;
    scope.progress = dh_str(progress);
    enum dh_status status = dh_store_begin(landing->store, err);
    if (status)
        return status;
    status = dh_store_put_scope(landing->store, &scope, err);
    if (!status)
        return dh_store_commit(landing->store, err);
    dh_store_rollback(landing->store);
    return status;
}

static enum dh_status import(struct dh_landing *landing, const struct item *item,
                             struct dh_err *err)
{
    struct dh_import_result one;
    enum dh_status status = dh_import_buffer(landing->store, dh_buf_view(&item->fetch->body),
                                             item->fetch->url, landing->options, &one, err);
    dh_landing_add(&landing->sums, &one);
    if (!status && item->progress)
        status = note(landing, item->progress, err);
    return status;
}

static void drop(struct item *item)
{
    dh_fetch_free(item->fetch);
    free(item->progress);
}

/* The next item; false at the end. */
static bool take(struct dh_landing *landing, struct item *item)
{
    pthread_mutex_lock(&landing->lock);
    while (!landing->count && !landing->closed)
        pthread_cond_wait(&landing->wake, &landing->lock);
    bool any = landing->count > 0;
    if (any) {
        *item = landing->items[0];
        memmove(landing->items, landing->items + 1, --landing->count * sizeof(landing->items[0]));
        pthread_cond_broadcast(&landing->wake);
    }
    pthread_mutex_unlock(&landing->lock);
    return any;
}

static void *run(void *argument)
{
    struct dh_landing *landing = argument;
    struct item item;
    while (take(landing, &item)) {
        struct dh_err err = {0};
        enum dh_status status = landing->status ? landing->status : import(landing, &item, &err);
        pthread_mutex_lock(&landing->lock);
        if (status && !landing->status) {
            landing->status = status;
            landing->err = err;
        }
        pthread_mutex_unlock(&landing->lock);
        drop(&item);
    }
    return NULL;
}

enum dh_status dh_landing_open(struct dh_store *store, const struct dh_scope *scope,
                               const struct dh_import_options *options, struct dh_landing **out,
                               struct dh_err *err)
{
    struct dh_landing *landing = *out = calloc(1, sizeof(*landing));
    if (!landing)
        return dh_fail(err, DH_MEMORY, "out of memory");
    landing->store = store;
    landing->scope = scope;
    landing->options = options;
    pthread_mutex_init(&landing->lock, NULL);
    pthread_cond_init(&landing->wake, NULL);
    if (!pthread_create(&landing->thread, NULL, run, landing))
        return DH_OK;
    free(landing);
    *out = NULL;
    return dh_fail(err, DH_MEMORY, "no thread could be started");
}

enum dh_status dh_landing_put(struct dh_landing *landing, struct dh_fetch *fetch, char *progress,
                              struct dh_err *err)
{
    struct item item = {fetch, progress};
    pthread_mutex_lock(&landing->lock);
    while (landing->count == DH_LANDING_MAX && !landing->status)
        pthread_cond_wait(&landing->wake, &landing->lock);
    enum dh_status status = landing->status;
    if (status && err)
        *err = landing->err;
    if (!status)
        landing->items[landing->count++] = item;
    pthread_cond_broadcast(&landing->wake);
    pthread_mutex_unlock(&landing->lock);
    if (status)
        drop(&item);
    return status;
}

enum dh_status dh_landing_close(struct dh_landing *landing, struct dh_import_result *result,
                                struct dh_err *err)
{
    if (!landing)
        return DH_OK;
    pthread_mutex_lock(&landing->lock);
    landing->closed = true;
    pthread_cond_broadcast(&landing->wake);
    pthread_mutex_unlock(&landing->lock);
    pthread_join(landing->thread, NULL);
    enum dh_status status = landing->status;
    *result = landing->sums;
    if (status && err)
        *err = landing->err;
    pthread_mutex_destroy(&landing->lock);
    pthread_cond_destroy(&landing->wake);
    free(landing);
    return status;
}
