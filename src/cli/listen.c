#include "cli/listen.h"

enum { USUAL_PORT = 8065, PORT_MAX = 65535 };

static enum dh_status bad(const char *text, struct dh_err *err)
{
    return dh_fail(err, DH_INVALID, "option '--listen' wants HOST:PORT or [IPV6]:PORT, not '%.60s'",
                   text);
}

static bool read_port(struct dh_str text, uint16_t *port)
{
    unsigned value = 0;
    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text.ptr[i] - '0');
    }
    *port = (uint16_t)value;
    return value <= PORT_MAX;
}

enum dh_status dh_listen_parse(const char *text, struct dh_listen *out, struct dh_arena *arena,
                               struct dh_err *err)
{
    struct dh_str whole = dh_str(text), host = whole, rest;
    size_t end;
    if (whole.len && whole.ptr[0] == '[') {
        end = dh_str_find(whole, ']');
        if (end == whole.len)
            return bad(text, err);
        host = (struct dh_str){whole.ptr + 1, end - 1};
        rest = dh_str_from(whole, end + 1);
    } else {
        end = dh_str_find(whole, ':');
        host.len = end;
        rest = dh_str_from(whole, end);
    }
    out->port = USUAL_PORT;
    if (rest.len && (rest.ptr[0] != ':' || !read_port(dh_str_from(rest, 1), &out->port)))
        return bad(text, err);
    if (whole.len == 0)
        return bad(text, err);
    out->host = dh_arena_copy(arena, host).ptr;
    return out->host ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

static bool is_any(const char *host)
{
    static const char *const all[] = {"", "0.0.0.0", "::"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (strcmp(host, all[i]) == 0)
            return true;
    return false;
}

struct dh_str dh_listen_url(const struct dh_listen *listen, bool tls, struct dh_arena *arena)
{
    const char *host = is_any(listen->host) ? "localhost" : listen->host;
    bool brackets = strchr(host, ':') != NULL;
    return dh_arena_format(arena, "%s://%s%s%s:%u", tls ? "https" : "http", brackets ? "[" : "",
                           host, brackets ? "]" : "", listen->port);
}
