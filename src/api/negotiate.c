/* The choice of a form. What each name stands for is in two tables and in that of the formats. */
#include "api/negotiate.h"

enum { ITEMS_MAX = 32 };

/* What a media type or symbol asks for. */
enum meaning {
    UNKNOWN, /* passed over */
    OTHER,   /* known and never offered: it stands in the way of what comes after it */
    HTML,    /* the JSON that browsers get, when nothing was wanted more */
    JSON,
    FORMAT
};

struct known {
    const char *name;
    enum meaning meaning;
};

static const struct known types[] = {
    {"*/*", JSON},
    {"application/json", JSON},
    {"application/vnd.api+json", JSON},
    {"text/x-json", JSON},
    {"application/jsonrequest", JSON},
    {"application/*", JSON},
    {"text/html", HTML},
    {"application/xhtml+xml", HTML},
    {"text/*", HTML},
    {"text/plain", OTHER},
    {NULL, UNKNOWN},
};

static const struct known symbols[] = {
    {"json", JSON},  {"html", HTML}, {"xhtml", HTML},
    {"text", OTHER}, {"txt", OTHER}, {NULL, UNKNOWN},
};

static enum meaning look_up(const struct known *table, struct dh_str name)
{
    for (; table->name; table++)
        if (dh_str_equal_nocase(dh_str(table->name), name))
            break;
    return table->meaning;
}

/* Formats that the service can write and that have a media type. */
static bool offered(const struct dh_format *format)
{
    return format && format->write && format->type;
}

const struct dh_format *dh_offered_type(struct dh_str type)
{
    const struct dh_format *format = dh_format_of_type(type);
    return offered(format) ? format : NULL;
}

static enum meaning meaning_of(const struct known *table, struct dh_str name,
                               const struct dh_format *format, unsigned flags)
{
    enum meaning meaning = look_up(table, name);
    if (meaning || !format)
        return meaning;
    return offered(format) && flags & DH_CHOOSE_FORMATS ? FORMAT : OTHER;
}

static struct dh_choice chosen(enum meaning meaning, const struct dh_format *format)
{
    if (meaning == FORMAT)
        return (struct dh_choice){.answer = DH_ANSWER_FORMAT, .format = format};
    bool json = meaning == JSON || meaning == HTML;
    return (struct dh_choice){.answer = json ? DH_ANSWER_JSON : DH_ANSWER_NONE};
}

static struct dh_choice by_symbol(struct dh_str symbol, unsigned flags)
{
    const struct dh_format *format = dh_format_find(symbol);
    return chosen(meaning_of(symbols, symbol, format, flags), format);
}

/* ---- Accept --------------------------------------------------------------------------------- */

static struct dh_str skip_space(struct dh_str s)
{
    while (s.len && memchr(" \t", s.ptr[0], 2))
        s = dh_str_from(s, 1);
    return s;
}

/* Among other types a wildcard without a weight, or as the last one, is what browsers send: the
 * header is ignored whole. */
static bool browser_like(struct dh_str accept)
{
    static const struct dh_str any = {"*/*", 3};
    for (size_t i = 0; i < accept.len; i++) {
        struct dh_str rest = dh_str_from(accept, i);
        if (rest.ptr[0] == ',' && dh_str_starts(skip_space(dh_str_from(rest, 1)), any))
            return true;
        if (dh_str_starts(rest, any) &&
            dh_str_starts(skip_space(dh_str_from(rest, any.len)), DH_STR(",")))
            return true;
    }
    return false;
}

/* A weight of zero refuses. HTML counts as the first wish only. */
static struct dh_choice by_accept(struct dh_call *call, unsigned flags)
{
    struct dh_weighted items[ITEMS_MAX];
    size_t count = dh_weighted_parse(call->request->accept, items, ITEMS_MAX);
    bool first = true;
    call->response->vary_accept = true;
    for (size_t i = 0; i < count && items[i].q > 0; i++) {
        const struct dh_format *format = dh_format_of_type(items[i].value);
        enum meaning meaning = meaning_of(types, items[i].value, format, flags);
        if (first && meaning == HTML)
            call->response->vary_accept = false;
        if (meaning == JSON || meaning == FORMAT || (first && meaning == HTML)) {
            struct dh_choice choice = chosen(meaning, format);
            choice.parameters = items[i].parameters;
            return choice;
        }
        first = first && meaning == UNKNOWN;
    }
    return chosen(UNKNOWN, NULL);
}

/* ---- the end of the path -------------------------------------------------------------------- */

/* What comes after the last point, when it is all letters, digits and underscores. */
static struct dh_str extension_of(struct dh_str path)
{
    size_t start = path.len;
    while (
        start && path.ptr[start - 1] != '.' &&
        (path.ptr[start - 1] == '_' || (path.ptr[start - 1] >= 'a' && path.ptr[start - 1] <= 'z')))
        start--;
    bool after_point = start && path.ptr[start - 1] == '.';
    return after_point ? dh_str_from(path, start) : DH_STR_NONE;
}

/* Only what the DataCite REST API heeds: each such ending takes DOIs their JSON. */
static struct dh_choice by_extension(const struct dh_call *call, unsigned flags)
{
    struct dh_str symbol = extension_of(call->request->path);
    const struct dh_format *format = dh_format_find(symbol);
    if (format && !(format->flags & DH_FORMAT_UPSTREAM && offered(format)))
        format = NULL;
    enum meaning meaning = meaning_of(symbols, symbol, format, flags);
    return chosen(meaning == UNKNOWN ? JSON : meaning, format);
}

/* ---- all together --------------------------------------------------------------------------- */

struct dh_choice dh_choose(struct dh_call *call, unsigned flags)
{
    struct dh_str symbol = dh_params_get(call->params, "format", NULL);
    struct dh_str accept = call->request->accept;
    if (call->fixed)
        return chosen(FORMAT, call->fixed);
    if (!dh_str_blank(symbol))
        return by_symbol(symbol, flags);
    if (!dh_str_blank(accept) && !browser_like(accept))
        return by_accept(call, flags);
    return flags & DH_CHOOSE_EXTENSION ? by_extension(call, flags) : chosen(JSON, NULL);
}

bool dh_negotiate(struct dh_call *call, unsigned flags, struct dh_choice *out)
{
    *out = dh_choose(call, flags);
    if (out->answer == DH_ANSWER_NONE)
        dh_reply_error(call, 406, "The content type is not recognized.");
    return out->answer != DH_ANSWER_NONE;
}

bool dh_negotiate_json(struct dh_call *call)
{
    struct dh_choice choice;
    return dh_negotiate(call, 0, &choice);
}
