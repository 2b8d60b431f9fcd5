/* Texts of records in a citation: titles and names may carry inline tags and entities. */
#include <unistr.h>

#include "format/citation.h"

enum { OPEN_MAX = 16 };

/* Tags that are kept in HTML, without attributes: they set type and do nothing else. */
static const char *const kept_tags[] = {"i",    "b",    "em",    "strong", "sub", "sup",
                                        "span", "u",    "small", "code",   "pre", "tt",
                                        "var",  "cite", "mark",  "s",      "br",  NULL};
/* Tags that are left out, their text is not. Any other is no tag but text. */
static const char *const dropped_tags[] = {
    "a",  "p",  "div", "font", "big", "strike", "sc", "scp", "title",          "h1",       "h2",
    "h3", "h4", "h5",  "h6",   "ul",  "ol",     "li", "img", "inline-formula", "tex-math", NULL};

struct tag {
    const char *name; /* of kept_tags, or NULL */
    bool closing;
    size_t len; /* of the whole tag; 0: it is text */
};

struct writer {
    struct dh_cite_out *out;
    const char *open[OPEN_MAX]; /* tags that wait for their end */
    size_t depth;
    bool quoted;
    bool low;     /* a low mark („) is open */
    size_t inner; /* where an inner closing mark ends that was made last */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == ':' || c == '-';
}

static const char *tag_in(const char *const *list, struct dh_str name)
{
    for (size_t i = 0; list[i]; i++)
        if (dh_str_equal_nocase(dh_str(list[i]), name))
            return list[i];
    return NULL;
}

/* The tag that the text begins with. Names with a colon belong to JATS and MathML. */
static struct tag tag_at(struct dh_str text)
{
    struct tag tag = {NULL};
    size_t from = 1, at;
    tag.closing = text.len > 1 && text.ptr[1] == '/';
    from += tag.closing;
    if (from >= text.len || !is_letter(text.ptr[from]))
        return tag;
    for (at = from; at < text.len && is_name(text.ptr[at]);)
        at++;
    struct dh_str name = {text.ptr + from, at - from};
    tag.name = tag_in(kept_tags, name);
    if (!tag.name && !tag_in(dropped_tags, name) && dh_str_find(name, ':') == name.len)
        return tag;
    while (at < text.len && text.ptr[at] != '>' && text.ptr[at] != '<')
        at++;
    if (at < text.len && text.ptr[at] == '>')
        tag.len = at + 1;
    return tag;
}

/* ---- tags ----------------------------------------------------------------------------------- */

static void close_one(struct writer *w)
{
    dh_buf_printf(w->out->buf, "</%s>", w->open[--w->depth]);
}

static void open_tag(struct writer *w, const char *name)
{
    if (strcmp(name, "br") != 0) {
        if (w->depth == OPEN_MAX)
            return;
        w->open[w->depth++] = name;
    }
    dh_buf_printf(w->out->buf, "<%s>", name);
    w->out->visible = w->out->buf->len;
}

/* An end closes what was opened within, too; one without a beginning is left out. */
static void close_tag(struct writer *w, const char *name)
{
    size_t at = w->depth;
    while (at && w->open[at - 1] != name)
        at--;
    while (at && w->depth >= at)
        close_one(w);
}

static void write_tag(struct writer *w, struct tag tag)
{
    if (!tag.name || w->out->plain)
        return;
    if (tag.closing)
        close_tag(w, tag.name);
    else
        open_tag(w, tag.name);
}

/* ---- entities ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint32_t code;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xA0},    {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"hellip", 0x2026}, {NULL, 0},
};

enum { ENTITY_MAX = 32 };

/* Bytes of the entity that the text begins with, "&" and ";" included; 0 when there is none. */
static size_t entity_at(struct dh_str text)
{
    size_t at = 1;
    if (text.len > 2 && text.ptr[1] == '#')
        at = 2;
    size_t from = at;
    while (at < text.len && at < ENTITY_MAX && text.ptr[at] != ':' && text.ptr[at] != '-' &&
           is_name(text.ptr[at]))
        at++;
    bool named = from == 1 && at > from && is_letter(text.ptr[from]);
    bool number = from == 2 && at > from;
    return (named || number) && at < text.len && text.ptr[at] == ';' ? at + 1 : 0;
}

/* The character of an entity; 0 when it is not known. `name` is without "&" and ";". */
static uint32_t entity_code(struct dh_str name)
{
    uint32_t code = 0;
    if (name.ptr[0] != '#') {
        for (size_t i = 0; entities[i].name; i++)
            if (dh_str_equal(dh_str(entities[i].name), name))
                return entities[i].code;
        return 0;
    }
    bool hex = name.len > 1 && (name.ptr[1] | 0x20) == 'x';
    for (size_t i = hex ? 2 : 1; i < name.len; i++) {
        char c = name.ptr[i] | 0x20;
        uint32_t digit =
            c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) : (uint32_t)(c - ('0' | 0x20));
        if (digit >= (hex ? 16 : 10) || code > 0x110000)
            return 0;
        code = code * (hex ? 16 : 10) + digit;
    }
    return code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : code;
}

static void add_code(struct dh_buf *buf, uint32_t code)
{
    uint8_t bytes[6];
    int len = u8_uctomb(bytes, code, sizeof(bytes));
    if (len > 0)
        dh_buf_add(buf, bytes, (size_t)len);
}

/* "&" and what belongs to it; returns the bytes taken. */
static size_t write_ampersand(struct writer *w, struct dh_str text)
{
    struct dh_buf *buf = w->out->buf;
    size_t len = entity_at(text);
    if (!w->out->plain) {
        dh_buf_str(buf, len ? (struct dh_str){text.ptr, len} : DH_STR("&amp;"));
        w->out->entity = buf->len;
        return len ? len : 1;
    }
    uint32_t code = len ? entity_code((struct dh_str){text.ptr + 1, len - 2}) : 0;
    if (code)
        add_code(buf, code);
    else
        dh_buf_char(buf, '&');
    return code ? len : 1;
}

/* ---- quotation marks within others ----------------------------------------------------------- */

enum mark { MARK_NONE, MARK_STRAIGHT, MARK_LOW, MARK_HIGH, MARK_END };

static enum mark mark_at(struct dh_str text, size_t *size)
{
    static const struct {
        const char *text;
        enum mark mark;
    } marks[] = {{"\"", MARK_STRAIGHT}, {"„", MARK_LOW}, {"“", MARK_HIGH}, {"”", MARK_END}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        if (dh_str_starts(text, dh_str(marks[i].text))) {
            *size = strlen(marks[i].text);
            return marks[i].mark;
        }
    }
    return MARK_NONE;
}

/* A straight mark opens at the beginning and behind a space or bracket; “ closes what „ opened. */
static bool mark_opens(const struct writer *w, enum mark mark, char previous)
{
    if (mark == MARK_STRAIGHT)
        return previous == '\0' || strchr(" ([{-/", previous);
    return mark == MARK_LOW || (mark == MARK_HIGH && !w->low);
}

/* Returns the bytes taken; 0 when the text begins with no mark. */
static size_t write_mark(struct writer *w, struct dh_str text, char previous)
{
    size_t size = 0;
    enum mark mark = w->quoted ? mark_at(text, &size) : MARK_NONE;
    if (mark == MARK_NONE)
        return 0;
    bool opens = mark_opens(w, mark, previous);
    w->low = mark == MARK_LOW;
    dh_buf_text(w->out->buf, opens ? w->out->locale->inner_open : w->out->locale->inner_close);
    if (!opens)
        w->inner = w->out->buf->len;
    return size;
}

/* ---- the text ------------------------------------------------------------------------------- */

/* Bytes that need no look: the whole run is copied at once. */
static size_t plain_run(const struct writer *w, struct dh_str text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] != '<' && text.ptr[len] != '>' && text.ptr[len] != '&' &&
           !(w->quoted && (text.ptr[len] == '"' || text.ptr[len] == '\xE2')))
        len++;
    return len;
}

static size_t write_special(struct writer *w, struct dh_str text, char previous)
{
    struct dh_buf *buf = w->out->buf;
    struct tag tag = {NULL};
    size_t taken = write_mark(w, text, previous);
    if (taken)
        return taken;
    if (text.ptr[0] == '&')
        return write_ampersand(w, text);
    if (text.ptr[0] == '<')
        tag = tag_at(text);
    if (tag.len)
        write_tag(w, tag);
    else if (w->out->plain || text.ptr[0] == '\xE2')
        dh_buf_char(buf, text.ptr[0]);
    else {
        dh_buf_text(buf, text.ptr[0] == '<' ? "&lt;" : "&gt;");
        w->out->entity = buf->len;
    }
    return tag.len ? tag.len : 1;
}

static void write_all(struct writer *w, struct dh_str value)
{
    char previous = '\0';
    for (size_t at = 0; at < value.len;) {
        struct dh_str rest = dh_str_from(value, at);
        size_t before = w->out->buf->len, len = plain_run(w, rest);
        bool tag = rest.ptr[0] == '<';
        if (len)
            dh_buf_add(w->out->buf, rest.ptr, len);
        else
            len = write_special(w, rest, previous);
        at += len;
        if (!tag || w->out->plain)
            previous = value.ptr[at - 1];
        if (w->out->buf->len > before && !(tag && len > 1))
            w->out->visible = w->out->buf->len;
    }
    while (w->depth)
        close_one(w);
}

void dh_out_value(struct dh_cite_out *out, struct dh_str value)
{
    struct writer w = {.out = out};
    dh_out_flush(out);
    write_all(&w, value);
    out->quote = 0;
}

void dh_out_quoted(struct dh_cite_out *out, struct dh_str value)
{
    struct writer w = {.out = out, .quoted = true};
    dh_out_flush(out);
    dh_buf_text(out->buf, out->locale->open);
    write_all(&w, value);
    out->quote = out->buf->len;
    out->quoted = out->visible;
    out->inner_quote =
        w.inner && w.inner == out->visible ? w.inner - strlen(out->locale->inner_close) : 0;
    dh_buf_text(out->buf, out->locale->close);
    out->visible = out->buf->len;
}
