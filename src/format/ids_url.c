/* URLs as identifiers: cleaned as upstream does, with what tells of a visitor taken out. */
#include "format/ids.h"

/* The parts of "http://host/path?query#fragment"; ptr NULL where there is none. */
struct url {
    struct dh_str scheme, host, path, query, fragment;
};

/* Text written into a piece of memory that is known to be large enough. */
struct text {
    char *ptr;
    size_t len;
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static int hex(char c)
{
    c = lower(c);
    return digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add(struct text *out, struct dh_str s)
{
    if (s.len)
        memcpy(out->ptr + out->len, s.ptr, s.len);
    out->len += s.len;
}

static void add_escape(struct text *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    out->ptr[out->len++] = '%';
    out->ptr[out->len++] = digits[c >> 4];
    out->ptr[out->len++] = digits[c & 15];
}

/* Takes off the part up to the first of some characters. */
static struct dh_str take_until(struct dh_str *s, const char *stops)
{
    struct dh_str part = *s;
    for (size_t i = 0; i < s->len; i++)
        if (s->ptr[i] && strchr(stops, s->ptr[i])) {
            part.len = i;
            break;
        }
    *s = dh_str_from(*s, part.len);
    return part;
}

static bool host_fits(struct dh_str host)
{
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || host.ptr[i] == 0x7f ||
            strchr("<>\"{}|\\^`", host.ptr[i]))
            return false;
    return host.len && host.ptr[0] != ':' && host.ptr[0] != '@';
}

static bool split(struct dh_str text, struct url *url)
{
    struct dh_str rest = text;
    *url = (struct url){.scheme = take_until(&rest, ":")};
    if (!dh_str_starts(rest, DH_STR("://")))
        return false;
    rest = dh_str_from(rest, 3);
    url->host = take_until(&rest, "/?#");
    url->path = take_until(&rest, "?#");
    if (dh_str_take(&rest, '?')) {
        url->query = take_until(&rest, "#");
    }
    if (dh_str_take(&rest, '#'))
        url->fragment = rest;
    return host_fits(url->host);
}

/* Escapes of what needs none are undone, others are in capitals, and what needs one gets it. */
static void add_escaped(struct text *out, struct dh_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool escape = c == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0;
        if (escape)
            c = (unsigned char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2]));
        bool unreserved = letter((char)c) || digit((char)c) || (c && strchr("-._~", c));
        bool plain = unreserved || (!escape && c && strchr(":/?#[]@!$&'()*+,;=", c));
        if (plain)
            out->ptr[out->len++] = (char)c;
        else
            add_escape(out, c);
        i += escape ? 2 : 0;
    }
}

/* One slash where several are; none at the end, but for the root. */
static void add_path(struct text *out, struct dh_str path)
{
    size_t start = out->len, len = start;
    add_escaped(out, path);
    for (size_t i = start; i < out->len; i++)
        if (out->ptr[i] != '/' || len == start || out->ptr[len - 1] != '/')
            out->ptr[len++] = out->ptr[i];
    if (len > start + 1 && out->ptr[len - 1] == '/')
        len--;
    out->len = len;
    if (len == start)
        out->ptr[out->len++] = '/';
}

static bool tells_of_visitor(struct dh_str parameter)
{
    static const char *const names[] = {"utm_source",  "utm_medium",   "utm_term",
                                        "utm_content", "utm_campaign", "sms_ss",
                                        "awesm",       "xtor",         "PHPSESSID"};
    parameter.len = dh_str_find(parameter, '=');
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (dh_str_equal(parameter, dh_str(names[i])))
            return true;
    return false;
}

static void add_query(struct text *out, struct dh_str query)
{
    char mark = '?';
    struct dh_str parameter;
    while (query.len && dh_str_split(&query, '&', &parameter)) {
        if (!parameter.len || tells_of_visitor(parameter))
            continue;
        out->ptr[out->len++] = mark;
        add_escaped(out, parameter);
        mark = '&';
    }
}

static void add_host(struct text *out, struct dh_str host)
{
    size_t start = out->len;
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] < 0x80)
            out->ptr[out->len++] = lower(host.ptr[i]);
        else
            add_escape(out, (unsigned char)host.ptr[i]);
    if (out->len > start && out->ptr[out->len - 1] == ':')
        out->len--;
}

static struct text room(struct dh_arena *arena, struct dh_str text)
{
    return (struct text){dh_arena_array(arena, text.len + 16, 3), 0};
}

struct dh_str dh_id_any(struct dh_arena *arena, struct dh_str text)
{
    struct dh_str doi = dh_id_doi_url(arena, text);
    struct url url;
    if (doi.ptr)
        return doi;
    if ((!dh_str_starts(text, DH_STR("http://")) && !dh_str_starts(text, DH_STR("https://"))) ||
        !split(text, &url))
        return DH_STR_NONE;
    struct text out = room(arena, text);
    if (!out.ptr)
        return DH_STR_NONE;
    add(&out, url.scheme);
    add(&out, DH_STR("://"));
    add_host(&out, url.host);
    add_path(&out, url.path);
    add_query(&out, url.query);
    return (struct dh_str){out.ptr, out.len};
}

/* ---- licences ------------------------------------------------------------------------------- */

/* True when the item is one of a list of words with spaces between them. */
static bool listed(const char *list, struct dh_str item)
{
    struct dh_str rest = dh_str(list), part;
    while (dh_str_split(&rest, ' ', &part))
        if (dh_str_equal(part, item))
            return true;
    return false;
}

/* The path of a Creative Commons licence, be it of its deed, as that of its legal code. */
static struct dh_str creative_commons(struct dh_arena *arena, struct dh_str path)
{
    struct dh_str part[4] = {{NULL, 0}}, rest = dh_str_from(path, 1);
    size_t count = 0;
    while (count < 4 && rest.len && dh_str_split(&rest, '/', &part[count]))
        count++;
    struct dh_str last = count ? part[count - 1] : DH_STR_NONE;
    bool deed = dh_str_equal(last, DH_STR("deed")) || dh_str_starts(last, DH_STR("deed.")) ||
                dh_str_starts(last, DH_STR("legalcode."));
    count -= count && deed;
    if (rest.len || count < 2)
        return path;
    bool licences = dh_str_equal(part[0], DH_STR("licenses"));
    if (count == 2 && licences && dh_str_equal(part[1], DH_STR("publicdomain")))
        return DH_STR("/licenses/publicdomain/");
    bool american = count == 4 && dh_str_equal(part[3], DH_STR("us")) &&
                    dh_str_equal(part[1], DH_STR("by")) && dh_str_equal(part[2], DH_STR("3.0"));
    bool licence = licences && (count == 3 || american) &&
                   listed("by by-nc by-nd by-sa by-nc-sa by-nc-nd by-nd-nc", part[1]) &&
                   listed("1.0 2.0 2.5 3.0 4.0", part[2]);
    bool zero = count == 3 && dh_str_equal(part[0], DH_STR("publicdomain")) &&
                dh_str_equal(part[1], DH_STR("zero")) && dh_str_equal(part[2], DH_STR("1.0"));
    if (!licence && !zero)
        return path;
    return dh_arena_format(arena, "/%.*s/%.*s/%.*s/legalcode", DH_STR_ARG(part[0]),
                           DH_STR_ARG(part[1]), DH_STR_ARG(part[2]));
}

static bool is_creative_commons(struct dh_str host)
{
    return dh_str_equal_nocase(host, DH_STR("creativecommons.org")) ||
           dh_str_equal_nocase(host, DH_STR("www.creativecommons.org"));
}

struct dh_str dh_id_licence_url(struct dh_arena *arena, struct dh_str text)
{
    struct url url;
    if (dh_str_starts(text, DH_STR("info")))
        return text;
    if (!split(text, &url) || !listed("http https ftp", url.scheme))
        return DH_STR_NONE;
    struct text out = room(arena, text), path = room(arena, url.path);
    if (!out.ptr || !path.ptr)
        return DH_STR_NONE;
    add_path(&path, url.path);
    struct dh_str cleaned = {path.ptr, path.len};
    if (is_creative_commons(url.host)) {
        cleaned = creative_commons(arena, cleaned);
        url.host = DH_STR("creativecommons.org");
    }
    if (!cleaned.ptr)
        return DH_STR_NONE;
    add(&out, DH_STR("https://"));
    add(&out, url.host);
    add(&out, cleaned);
    if (url.query.ptr) {
        add(&out, DH_STR("?"));
        add_escaped(&out, url.query);
    }
    if (url.fragment.ptr) {
        add(&out, DH_STR("#"));
        add_escaped(&out, url.fragment);
    }
    return (struct dh_str){out.ptr, out.len};
}
