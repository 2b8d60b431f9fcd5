/* HTML before it is parsed: which "<" begin tags, and what of those tags matters. */
#include <libxml/HTMLparser.h>

#include "base/html_parts.h"

enum {
    NAME_MAX_LEN = 15, /* longer than any name that is known */
    PATIENCE = 16      /* times the text is looked at for tags that end nowhere; then "<" is text */
};

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool listed(const char *const *list, struct dh_str name)
{
    for (; *list; list++)
        if (dh_str_equal_nocase(name, dh_str(*list)))
            return true;
    return false;
}

bool dh_html_allowed(struct dh_str name)
{
    static const char *const tags[] = {"strong", "em",  "b",   "i",  "code",
                                       "pre",    "sub", "sup", "br", NULL};
    return listed(tags, name);
}

/* Whether the parser shall see it. The text of scripts and styles is text like any other here, and
 * a fragment has no say about the document around it. */
static bool parsed(struct dh_str name)
{
    static const char *const never[] = {"script", "style",    "html", "head",
                                        "body",   "frameset", NULL};
    char text[NAME_MAX_LEN + 1];
    if (name.len > NAME_MAX_LEN || listed(never, name))
        return false;
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    return htmlTagLookup((const xmlChar *)text) != NULL;
}

static struct dh_str take_until(struct dh_str *rest, bool (*ends)(char))
{
    struct dh_str part = *rest;
    size_t i = 0;
    while (i < rest->len && !ends(rest->ptr[i]))
        i++;
    part.len = i;
    *rest = dh_str_from(*rest, i);
    return part;
}

static bool ends_name(char c)
{
    return white(c) || memchr("<>/=", c, 4) != NULL;
}

static bool ends_value(char c)
{
    return white(c) || c == '<' || c == '>';
}

static void skip_white(struct dh_str *rest)
{
    while (rest->len && white(rest->ptr[0]))
        *rest = dh_str_from(*rest, 1);
}

/* The value behind "="; NONE when its quote is never closed. */
static struct dh_str take_value(struct dh_str *rest)
{
    skip_white(rest);
    char quote = rest->len ? rest->ptr[0] : '\0';
    if (quote != '"' && quote != '\'')
        return take_until(rest, ends_value);
    struct dh_str value = dh_str_from(*rest, 1);
    value.len = dh_str_find(value, quote);
    *rest = dh_str_from(*rest, value.len + 1);
    if (!rest->len)
        return DH_STR_NONE;
    *rest = dh_str_from(*rest, 1);
    return value;
}

static void add_attribute(struct dh_buf *out, struct dh_str name, struct dh_str value)
{
    static const char *const safe[] = {"class", "dir", "id", "lang", "title", NULL};
    if (!out || !listed(safe, name))
        return;
    dh_buf_char(out, ' ');
    dh_buf_str(out, name);
    dh_buf_text(out, "=\"");
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"')
            dh_buf_text(out, "&quot;");
        else
            dh_buf_char(out, value.ptr[i]);
    }
    dh_buf_char(out, '"');
}

/* Takes attributes up to and with ">" off *rest; false when another "<" or the end comes first.
 * Those that may stay are appended to `out` unless that is NULL. */
static bool take_attributes(struct dh_str *rest, struct dh_buf *out)
{
    for (;;) {
        while (rest->len && (white(rest->ptr[0]) || memchr("/=", rest->ptr[0], 2)))
            *rest = dh_str_from(*rest, 1);
        if (!rest->len || rest->ptr[0] == '<')
            return false;
        if (dh_str_take(rest, '>'))
            return true;
        struct dh_str name = take_until(rest, ends_name), value = DH_STR("");
        skip_white(rest);
        if (dh_str_take(rest, '='))
            value = take_value(rest);
        if (!value.ptr)
            return false;
        add_attribute(out, name, value);
    }
}

/* A tag at "<" or "</"; false, and nothing taken or written, when it is none. The bytes looked at
 * in vain come off *patience: with quotation marks that cross, each "<" may look at all the text.
 */
static bool take_tag(struct dh_buf *out, struct dh_str *text, size_t *patience)
{
    struct dh_str rest = dh_str_from(*text, 1);
    bool end = dh_str_take(&rest, '/');
    if (!rest.len || !letter(rest.ptr[0]))
        return false;
    size_t start = out->len;
    struct dh_str name = take_until(&rest, ends_name);
    bool known = parsed(name);
    if (known) {
        dh_buf_text(out, end ? "</" : "<");
        dh_buf_str(out, name);
    }
    if (!take_attributes(&rest, known && !end && dh_html_allowed(name) ? out : NULL)) {
        size_t looked = text->len - rest.len;
        *patience -= looked < *patience ? looked : *patience;
        out->len = start;
        return false;
    }
    dh_buf_text(out, known ? ">" : "");
    *text = rest;
    return true;
}

/* Comments, declarations and instructions at "<!" or "<?"; false when it is none or never ends. */
static bool take_other(struct dh_str *text)
{
    struct dh_str rest = dh_str_from(*text, 1);
    const char *end = NULL;
    if (dh_str_starts(rest, DH_STR("!--")))
        end = memmem(rest.ptr + 3, rest.len - 3, "-->", 3);
    else if (rest.len > 1 && (rest.ptr[0] == '?' || rest.ptr[0] == '!') && letter(rest.ptr[1]))
        end = memchr(rest.ptr, '>', rest.len);
    if (!end)
        return false;
    size_t size = (size_t)(end - text->ptr) + (*end == '-' ? 3 : 1);
    *text = dh_str_from(*text, size);
    return true;
}

/* Bytes up to and with the last ">", behind which no markup ends; with the last "-->". */
static size_t last_end(struct dh_str text, bool comment)
{
    size_t i = text.len;
    while (i && !(text.ptr[i - 1] == '>' &&
                  (!comment || (i >= 3 && memcmp(text.ptr + i - 3, "--", 2) == 0))))
        i--;
    return i;
}

void dh_html_tidy(struct dh_buf *out, struct dh_str text)
{
    const char *tags = text.ptr + last_end(text, false);
    const char *comments = text.ptr + last_end(text, true);
    size_t patience = text.len * PATIENCE;
    while (text.len && !out->status) {
        struct dh_str plain = {text.ptr, dh_str_find(text, '<')};
        dh_buf_str(out, plain);
        text = dh_str_from(text, plain.len);
        if (!text.len)
            break;
        bool comment = dh_str_starts(text, DH_STR("<!--"));
        if (text.ptr < (comment ? comments : tags) &&
            ((patience && take_tag(out, &text, &patience)) || take_other(&text)))
            continue;
        dh_buf_text(out, "&lt;");
        text = dh_str_from(text, 1);
    }
}
