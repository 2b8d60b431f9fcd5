/*
 * Exchanges set aside: requests whose answer waits for something to happen. They occupy memory and
 * a connection, no worker. One thread asks the app's version for all of them, ten times a second
 * while there are any, and queues those again that have something to expect: a change, the end
 * of their time, or a peer that has gone away, which libmicrohttpd does not look for
 * while a connection is suspended.
 */
#include <poll.h>
#include <time.h>

#include "http/exchange.h"

enum { LOOK_MILLISECONDS = 100, NANOSECONDS_PER_MS = 1000000, NANOSECONDS_PER_S = 1000000000 };

bool dh_aside_take(struct dh_exchange *x, int64_t milliseconds)
{
    struct dh_aside *aside = &x->loop->server->aside;
    int64_t longest = INT64_MAX / 2 / NANOSECONDS_PER_MS;
    x->aside = dh_clock();
    x->until = x->aside + (milliseconds < longest ? milliseconds : longest) * NANOSECONDS_PER_MS;
    pthread_mutex_lock(&aside->lock);
    bool room = aside->count < DH_ASIDE_MAX && !aside->closed;
    if (room) {
        if (!aside->first)
            pthread_cond_signal(&aside->wake);
        x->next = aside->first;
        aside->first = x;
        aside->count++;
    }
    pthread_mutex_unlock(&aside->lock);
    return room;
}

/* The time set aside counts as waited, not as taken to answer. */
static void queue_again(struct dh_exchange *x, bool last)
{
    int64_t passed = dh_clock() - x->aside;
    x->start += passed;
    x->request.waited += (passed + NANOSECONDS_PER_MS - 1) / NANOSECONDS_PER_MS;
    if (last)
        x->request.waited = INT64_MAX;
    dh_workers_take_again(x);
}

/* Marks in `gone` those whose peer has closed its end, in the order of the list. */
static void find_gone(const struct dh_aside *aside, bool gone[DH_ASIDE_MAX])
{
    struct pollfd fds[DH_ASIDE_MAX];
    size_t count = 0;
    for (const struct dh_exchange *x = aside->first; x; x = x->next)
        fds[count++] = (struct pollfd){.fd = x->client->fd, .events = POLLRDHUP};
    bool known = poll(fds, count, 0) >= 0;
    for (size_t i = 0; i < count; i++)
        gone[i] = known && (fds[i].revents & (POLLRDHUP | POLLHUP | POLLERR));
}

/* Under the lock. */
static void look(struct dh_http_server *server)
{
    struct dh_aside *aside = &server->aside;
    const struct dh_http_app *app = &server->app;
    uint64_t version = app->version ? app->version(app->context, aside->thread) : 0;
    bool gone[DH_ASIDE_MAX];
    int64_t now = dh_clock();
    size_t i = 0;
    find_gone(aside, gone);
    for (struct dh_exchange **at = &aside->first, *x; (x = *at); i++) {
        if (now < x->until && !gone[i] && (!app->version || version == x->app_version)) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        aside->count--;
        x->app_version = version;
        queue_again(x, gone[i]);
    }
}

static void *run(void *argument)
{
    struct dh_http_server *server = argument;
    struct dh_aside *aside = &server->aside;
    pthread_mutex_lock(&aside->lock);
    while (!aside->closed) {
        struct timespec until;
        if (!aside->first) {
            pthread_cond_wait(&aside->wake, &aside->lock);
            continue;
        }
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MILLISECONDS * NANOSECONDS_PER_MS;
        until.tv_sec += until.tv_nsec / NANOSECONDS_PER_S;
        until.tv_nsec %= NANOSECONDS_PER_S;
        pthread_cond_timedwait(&aside->wake, &aside->lock, &until);
        look(server);
    }
    pthread_mutex_unlock(&aside->lock);
    return NULL;
}

enum dh_status dh_aside_start(struct dh_http_server *server, struct dh_err *err)
{
    if (pthread_create(&server->aside.id, NULL, run, server))
        return dh_fail(err, DH_IO, "cannot start a thread");
    server->aside.started = true;
    return DH_OK;
}

void dh_aside_stop(struct dh_http_server *server)
{
    struct dh_aside *aside = &server->aside;
    pthread_mutex_lock(&aside->lock);
    aside->closed = true;
    pthread_cond_signal(&aside->wake);
    pthread_mutex_unlock(&aside->lock);
    if (aside->started)
        pthread_join(aside->id, NULL);
    aside->started = false;
    pthread_mutex_lock(&aside->lock);
    while (aside->first) {
        struct dh_exchange *x = aside->first;
        aside->first = x->next;
        aside->count--;
        queue_again(x, true);
    }
    pthread_mutex_unlock(&aside->lock);
}
