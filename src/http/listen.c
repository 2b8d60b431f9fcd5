/*
 * Listening sockets. Several on one port share its connections (SO_REUSEPORT), but with that option
 * a second server of the same user would silently take half of them: so the first socket is bound
 * without it, which fails when anybody listens there, and joins the group afterwards.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/exchange.h"

static void close_all(int *fds, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        close(fds[i]);
}

static bool set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/* An address and its length, as bind() wants them. */
struct place {
    struct sockaddr_storage address;
    socklen_t size;
};

static int open_bound(const struct place *at, bool first)
{
    int family = at->address.ss_family;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    bool good = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (family == AF_INET6)
        good = good && set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (!first)
        good = good && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    good = good && bind(fd, (const struct sockaddr *)&at->address, at->size) == 0;
    if (first)
        good = good && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (good)
        return fd;
    int kept = errno;
    close(fd);
    errno = kept;
    return -1;
}

/* Port 0 became a real one with the first bind: the others must have the same. */
static bool learn_port(int fd, struct place *at, uint16_t *port)
{
    at->size = sizeof(at->address);
    if (getsockname(fd, (struct sockaddr *)&at->address, &at->size) < 0)
        return false;
    *port =
        ntohs(at->address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at->address)->sin6_port
                                                : ((struct sockaddr_in *)&at->address)->sin_port);
    return true;
}

static bool open_group(struct place *at, int *fds, unsigned count, uint16_t *port)
{
    unsigned opened = 0;
    for (; opened < count; opened++) {
        fds[opened] = open_bound(at, opened == 0);
        if (fds[opened] < 0)
            break;
        if (opened == 0 && !learn_port(fds[0], at, port)) {
            opened = 1;
            break;
        }
    }
    bool good = opened == count;
    for (unsigned i = 0; good && i < count; i++)
        good = listen(fds[i], SOMAXCONN) == 0;
    int kept = errno;
    if (!good)
        close_all(fds, opened);
    errno = kept;
    return good;
}

/* All addresses: IPv6 with IPv4 inside, or IPv4 alone where the kernel has no IPv6. */
static enum dh_status resolve(const char *host, uint16_t port, bool v4, struct addrinfo **out,
                              struct dh_err *err)
{
    char service[8];
    snprintf(service, sizeof(service), "%u", port);
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    const char *name = host && *host ? host : v4 ? "0.0.0.0" : "::";
    int failed = getaddrinfo(name, service, &hints, out);
    if (failed)
        return dh_fail(err, DH_IO, "cannot listen on %s: %s", name, gai_strerror(failed));
    return DH_OK;
}

static bool open_any(const struct addrinfo *list, int *fds, unsigned count, uint16_t *actual)
{
    for (; list; list = list->ai_next) {
        struct place at = {.size = list->ai_addrlen};
        memcpy(&at.address, list->ai_addr, list->ai_addrlen);
        if (open_group(&at, fds, count, actual))
            return true;
    }
    return false;
}

enum dh_status dh_listen(const char *host, uint16_t port, int *fds, unsigned count,
                         uint16_t *actual, struct dh_err *err)
{
    bool everywhere = !host || !*host;
    int why = 0;
    for (int v4 = 0; v4 <= (everywhere ? 1 : 0); v4++) {
        struct addrinfo *list = NULL;
        enum dh_status status = resolve(host, port, v4 == 1, &list, err);
        if (status)
            return status;
        bool good = open_any(list, fds, count, actual);
        why = errno;
        freeaddrinfo(list);
        if (good)
            return DH_OK;
        if (why == EADDRINUSE)
            break;
    }
    return dh_fail(err, DH_IO, "cannot listen on %s port %u: %s", everywhere ? "any address" : host,
                   port, strerror(why));
}
