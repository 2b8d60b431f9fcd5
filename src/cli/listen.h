/* HOST:PORT as people write it, and the URL that it makes. */
#ifndef DH_CLI_LISTEN_H
#define DH_CLI_LISTEN_H

#include "base/base.h"

struct dh_listen {
    const char *host; /* without brackets; "" for all addresses */
    uint16_t port;    /* 0: any free one */
};

/* "127.0.0.1:8065", "[::1]:8065", ":8065", "host" (the usual port). DH_INVALID with a sentence. */
enum dh_status dh_listen_parse(const char *text, struct dh_listen *out, struct dh_arena *arena,
                               struct dh_err *err);
/* "http://127.0.0.1:8065"; an address that stands for all is shown as localhost. */
struct dh_str dh_listen_url(const struct dh_listen *listen, bool tls, struct dh_arena *arena);

#endif
