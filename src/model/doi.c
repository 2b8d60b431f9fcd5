#include "model/doi.h"

#include "base/limits.h"
#include "base/utf8.h"

static const char *const hosts[] = {
    "doi.org/",
    "dx.doi.org/",
    "www.doi.org/",
    "handle.stage.datacite.org/",
    "handle.test.datacite.org/",
};

static bool digit_or_dot(char c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

/* Length of "10." and what digits and dots follow, when a slash and something more come next; else
 * 0. */
static size_t prefix_length(struct dh_str name)
{
    size_t i = 3;
    if (name.len < 6 || memcmp(name.ptr, "10.", 3) != 0)
        return 0;
    while (i < name.len && digit_or_dot(name.ptr[i]))
        i++;
    return i > 3 && i + 1 < name.len && name.ptr[i] == '/' ? i : 0;
}

bool dh_doi_valid(struct dh_str name)
{
    if (name.len > DH_DOI_MAX || !prefix_length(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
            return false;
    return true;
}

struct dh_str dh_doi_prefix(struct dh_str name)
{
    return (struct dh_str){name.ptr, dh_str_find(name, '/')};
}

struct dh_str dh_doi_suffix(struct dh_str name)
{
    return dh_str_from(name, dh_str_find(name, '/') + 1);
}

static bool take(struct dh_str *s, struct dh_str start)
{
    if (!dh_str_starts_nocase(*s, start))
        return false;
    *s = dh_str_from(*s, start.len);
    return true;
}

/* Takes a resolver's scheme and host off *s; the scheme may be missing, a slash of it too. */
static bool take_resolver(struct dh_str *s)
{
    struct dh_str rest = *s;
    if (take(&rest, DH_STR("http:/")) || take(&rest, DH_STR("https:/")))
        take(&rest, DH_STR("/"));
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (take(&rest, dh_str(hosts[i]))) {
            *s = rest;
            return true;
        }
    return false;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The path of a DOI URL: without query and fragment, percent-escapes decoded. */
static struct dh_str path_of(struct dh_arena *arena, struct dh_str s)
{
    s.len = dh_str_find(s, '?');
    s.len = dh_str_find(s, '#');
    if (dh_str_find(s, '%') == s.len)
        return s;
    struct dh_str copy = dh_arena_copy(arena, s);
    char *text = (char *)copy.ptr;
    size_t len = 0;
    for (size_t i = 0; i < copy.len; i++) {
        bool escape =
            text[i] == '%' && i + 2 < copy.len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        text[len++] = escape ? (char)(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
        i += escape ? 2 : 0;
    }
    copy.len = len;
    return dh_utf8_check(copy) == copy.len ? copy : DH_STR_NONE;
}

struct dh_str dh_doi_parse(struct dh_arena *arena, struct dh_str text)
{
    text = dh_str_trim(text);
    bool url = take_resolver(&text);
    if (take(&text, DH_STR("doi:")))
        text = dh_str_trim(text);
    if (url)
        text = path_of(arena, text);
    return dh_doi_valid(text) ? dh_arena_lower(arena, text) : DH_STR_NONE;
}
