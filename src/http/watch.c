/*
 * Deadlines. libmicrohttpd closes a connection on which nothing moves, but a client that sends or
 * takes a byte now and then keeps it open for ever. So every connection has a deadline, set anew at
 * each step of an exchange, and one thread shuts those that are past it.
 *
 * Nor does libmicrohttpd notice the peer's end when that comes together with bytes of a request: it
 * waits for an event that was already given. Such a connection would keep its place for the whole
 * idle time, and a thousand of them all places, so the thread shuts these too.
 */
#include <sys/socket.h>
#include <time.h>

#include "http/exchange.h"

enum {
    NANOSECONDS = 1000000000,
    PERIOD_SECONDS = 1,
    ENDED_LOOKS = 2 /* so that a further request that was read already gets its chance */
};

int64_t dh_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

void dh_client_expect(struct dh_client *client, int64_t seconds)
{
    int64_t at = seconds ? dh_clock() + seconds * NANOSECONDS : 0;
    atomic_store_explicit(&client->deadline, at, memory_order_relaxed);
}

void dh_client_owe(struct dh_client *client, bool answer)
{
    atomic_store_explicit(&client->asked, answer, memory_order_relaxed);
}

/* True when the peer will send nothing more, all it sent was read, and it waits for nothing. */
static bool has_ended(struct dh_client *client)
{
    char byte;
    if (atomic_load_explicit(&client->asked, memory_order_relaxed) ||
        recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
        client->ended = 0;
    else
        client->ended++;
    return client->ended >= ENDED_LOOKS;
}

/*
 * A descriptor in the list is open: it leaves the list before libmicrohttpd closes it, and the lock
 * is held here.
 */
static void shut_late(struct dh_watch *watch)
{
    int64_t now = dh_clock();
    for (struct dh_client *c = watch->clients; c; c = c->next) {
        int64_t deadline = atomic_load_explicit(&c->deadline, memory_order_relaxed);
        if ((deadline && deadline < now) || has_ended(c)) {
            shutdown(c->fd, SHUT_RDWR);
            dh_client_expect(c, 0);
        }
    }
}

static void *run(void *argument)
{
    struct dh_watch *watch = argument;
    pthread_mutex_lock(&watch->lock);
    while (!watch->closed) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += PERIOD_SECONDS;
        pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
        shut_late(watch);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

enum dh_status dh_watch_start(struct dh_watch *watch, struct dh_err *err)
{
    if (pthread_create(&watch->id, NULL, run, watch))
        return dh_fail(err, DH_IO, "cannot start a thread");
    watch->started = true;
    return DH_OK;
}

void dh_watch_stop(struct dh_watch *watch)
{
    if (!watch->started)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->closed = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->id, NULL);
    watch->started = false;
}

void dh_watch_add(struct dh_watch *watch, struct dh_client *client)
{
    pthread_mutex_lock(&watch->lock);
    client->prev = NULL;
    client->next = watch->clients;
    if (client->next)
        client->next->prev = client;
    watch->clients = client;
    pthread_mutex_unlock(&watch->lock);
}

void dh_watch_remove(struct dh_watch *watch, struct dh_client *client)
{
    pthread_mutex_lock(&watch->lock);
    if (client->next)
        client->next->prev = client->prev;
    if (client->prev)
        client->prev->next = client->next;
    else
        watch->clients = client->next;
    pthread_mutex_unlock(&watch->lock);
}
