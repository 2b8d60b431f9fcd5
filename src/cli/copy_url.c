/* The address of a server as people write it, and who they say they are. */
#include <stdlib.h>

#include "cli/copying.h"

/* Where the authority of an http or https URL begins, 0 for none. */
static size_t after_scheme(struct dh_str url)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (dh_str_starts_nocase(url, dh_str(schemes[i])))
            return strlen(schemes[i]);
    return 0;
}

static bool is_plain(struct dh_str text, const char *never)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f || strchr(never, text.ptr[i]))
            return false;
    return true;
}

/* "api.datacite.org", "127.0.0.1:8065", "[::1]:8065"; without a login before it. */
static bool is_host(struct dh_str text)
{
    size_t end = text.len && *text.ptr == '[' ? dh_str_find(text, ']') : 0;
    struct dh_str rest = dh_str_from(text, end);
    size_t colon = dh_str_find(rest, ':');
    struct dh_str port = dh_str_from(rest, colon < rest.len ? colon + 1 : rest.len);
    for (size_t i = 0; i < port.len; i++)
        if (port.ptr[i] < '0' || port.ptr[i] > '9')
            return false;
    bool fits = !port.len || (port.len <= 5 && dh_str_integer(port) <= UINT16_MAX);
    return fits && end + colon > 0 && (!end || end < text.len);
}

/* Without slashes at its end, and without the list that is asked for: who has that in the address
 * bar means the server. */
static struct dh_str trimmed(struct dh_str url)
{
    for (;;) {
        while (dh_str_ends(url, DH_STR("/")))
            url.len--;
        if (!dh_str_ends(url, DH_STR("/dois")))
            return url;
        url.len -= strlen("/dois");
    }
}

/* The scheme and the host in lower case: another spelling is no other server. */
static const char *cleaned(struct dh_arena *arena, struct dh_str url, struct dh_str host)
{
    struct dh_str text = trimmed(url);
    char *out = dh_arena_alloc(arena, text.len + 1);
    size_t login = after_scheme(url), from = (size_t)(host.ptr - url.ptr);
    for (size_t i = 0; out && i < text.len; i++) {
        bool lower = (i < login || i >= from) && i < from + host.len;
        bool capital = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        out[i] = (char)(lower && capital ? text.ptr[i] + 'a' - 'A' : text.ptr[i]);
    }
    if (out)
        out[text.len] = '\0';
    return out;
}

/* Where the host begins, behind a login, and where it ends, with its port; `from` is where the
 * scheme ends. */
static struct dh_str authority(struct dh_str url, size_t from)
{
    size_t host = from, end = from;
    for (; end < url.len && !strchr("/?#", url.ptr[end]); end++)
        if (url.ptr[end] == '@')
            host = end + 1;
    return (struct dh_str){url.ptr + host, end - host};
}

int dh_copy_server(struct dh_cli *cli, const char **out)
{
    struct dh_str url = dh_str(cli->args.word_count ? cli->args.words[0] : DH_DATACITE);
    size_t scheme = after_scheme(url);
    if (!scheme) {
        dh_fail(&cli->err, DH_INVALID, "'%.200s' is no http or https URL", url.ptr);
        return dh_cli_usage(cli);
    }
    struct dh_str host = authority(url, scheme);
    if (!is_plain(url, "?#") || !is_host(host)) {
        dh_fail(&cli->err, DH_INVALID, "'%.200s' is no address of a server like %s", url.ptr,
                DH_DATACITE);
        return dh_cli_usage(cli);
    }
    *out = cleaned(&cli->arena, url, host);
    return *out ? DH_EXIT_OK : dh_cli_no_memory();
}

static bool is_local(struct dh_str url)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    struct dh_str host = authority(url, after_scheme(url));
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct dh_str rest = dh_str_from(host, strlen(hosts[i]));
        if (dh_str_starts_nocase(host, dh_str(hosts[i])) && (!rest.len || *rest.ptr == ':'))
            return true;
    }
    return false;
}

unsigned dh_copy_budget(const char *url, const char *user, const char *mailto, int64_t given)
{
    unsigned tier = user ? 3000 : mailto ? 1000 : 500;
    if (given >= 0)
        return (unsigned)given;
    return is_local(dh_str(url)) ? 0 : tier;
}

const char *dh_copy_user(const struct dh_cli *cli)
{
    const char *user = dh_args_text(&cli->args, "user", getenv("DOIHOUND_USER"));
    return user && *user ? user : NULL;
}

/* It becomes a comment in the User-Agent of requests. */
static bool is_address(struct dh_str text)
{
    size_t at = dh_str_find(text, '@');
    return at > 0 && at + 1 < text.len && is_plain(text, "()<>");
}

int dh_copy_check(struct dh_cli *cli)
{
    const char *mailto = dh_args_text(&cli->args, "mailto", NULL);
    const char *user = dh_copy_user(cli);
    if (mailto && !is_address(dh_str(mailto)))
        dh_fail(&cli->err, DH_INVALID,
                "--mailto wants an address like you@example.org, not '%.100s'", mailto);
    else if (user && !strchr(user, ':')) /* and is not told: it may be the password alone */
        dh_fail(&cli->err, DH_INVALID, "--user and DOIHOUND_USER want NAME:PASSWORD");
    else
        return DH_EXIT_OK;
    return dh_cli_usage(cli);
}
