/*
 * The queue of suspended requests and the threads that handle them. libmicrohttpd may be told to
 * resume a connection from any thread; everything else of it stays with its loop.
 */
#include "http/exchange.h"

static void push(struct dh_queue *queue, struct dh_exchange *x)
{
    x->next = NULL;
    if (queue->last)
        queue->last->next = x;
    else
        queue->first = x;
    queue->last = x;
    queue->length++;
}

static struct dh_exchange *pop(struct dh_queue *queue)
{
    struct dh_exchange *x = queue->first;
    if (!x)
        return NULL;
    queue->first = x->next;
    if (!queue->first)
        queue->last = NULL;
    queue->length--;
    return x;
}

/* Suspended under the lock: a worker could otherwise resume the connection before it is suspended.
 */
bool dh_workers_take(struct dh_exchange *x)
{
    struct dh_queue *queue = &x->loop->server->queue;
    pthread_mutex_lock(&queue->lock);
    bool room = queue->length < DH_QUEUE_MAX && !queue->closed;
    if (room) {
        x->stage = DH_STAGE_WORKER;
        MHD_suspend_connection(x->connection);
        push(queue, x);
        pthread_cond_signal(&queue->wake);
    }
    pthread_mutex_unlock(&queue->lock);
    return room;
}

void dh_workers_take_again(struct dh_exchange *x)
{
    struct dh_queue *queue = &x->loop->server->queue;
    pthread_mutex_lock(&queue->lock);
    push(queue, x);
    pthread_cond_signal(&queue->wake);
    pthread_mutex_unlock(&queue->lock);
}

/* After this call the loop owns the exchange again. */
static void give_back(struct dh_exchange *x)
{
    x->stage = DH_STAGE_READY;
    MHD_resume_connection(x->connection);
}

static void *run(void *argument)
{
    struct dh_worker *worker = argument;
    struct dh_queue *queue = &worker->server->queue;
    pthread_mutex_lock(&queue->lock);
    while (!queue->closed) {
        struct dh_exchange *x = pop(queue);
        if (!x) {
            pthread_cond_wait(&queue->wake, &queue->lock);
            continue;
        }
        pthread_mutex_unlock(&queue->lock);
        if (dh_exchange_answer(x, worker->thread, &worker->gzip))
            give_back(x);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

enum dh_status dh_workers_start(struct dh_http_server *server, struct dh_err *err)
{
    for (unsigned i = 0; i < server->worker_count; i++) {
        struct dh_worker *worker = &server->workers[i];
        worker->server = server;
        if (pthread_create(&worker->id, NULL, run, worker))
            return dh_fail(err, DH_IO, "cannot start a thread");
        worker->started = true;
    }
    return DH_OK;
}

void dh_workers_stop(struct dh_http_server *server)
{
    struct dh_queue *queue = &server->queue;
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->wake);
    struct dh_exchange *x;
    while ((x = pop(queue))) {
        dh_exchange_refuse(x, 503, NULL);
        give_back(x);
    }
    pthread_mutex_unlock(&queue->lock);
    for (unsigned i = 0; i < server->worker_count; i++)
        if (server->workers[i].started)
            pthread_join(server->workers[i].id, NULL);
}
