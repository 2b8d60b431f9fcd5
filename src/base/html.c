/* HTML fragments cleaned: what libxml2 makes of them, written with the tags that may stay. */
#include "base/html.h"

#include <libxml/HTMLparser.h>

#include "base/html_parts.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/xml_parts.h"

struct cleaner {
    struct dh_str feed; /* not yet given to libxml2 */
    struct dh_buf *out;
    unsigned depth;
    bool too_deep;
};

/* ---- writing -------------------------------------------------------------------------------- */

static void escape(struct dh_buf *out, struct dh_str text)
{
    size_t done = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        const char *name = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
        if (!name)
            continue;
        dh_buf_add(out, text.ptr + done, i - done);
        dh_buf_text(out, name);
        done = i + 1;
    }
    dh_buf_str(out, dh_str_from(text, done));
}

static void add_attribute(struct dh_buf *out, const char *name, const char *value)
{
    dh_buf_char(out, ' ');
    dh_buf_text(out, name);
    dh_buf_text(out, "=\"");
    for (; *value; value++) {
        if (*value == '"')
            dh_buf_text(out, "&quot;");
        else
            escape(out, (struct dh_str){value, 1});
    }
    dh_buf_char(out, '"');
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
    struct cleaner *cleaner = user;
    cleaner->too_deep = cleaner->too_deep || ++cleaner->depth > DH_HTML_DEPTH_MAX;
    if (!dh_html_allowed(dh_str((const char *)name)))
        return;
    dh_buf_char(cleaner->out, '<');
    dh_buf_text(cleaner->out, (const char *)name);
    for (; attributes && attributes[0]; attributes += 2)
        add_attribute(cleaner->out, (const char *)attributes[0],
                      attributes[1] ? (const char *)attributes[1] : "");
    dh_buf_char(cleaner->out, '>');
}

static void on_end(void *user, const xmlChar *name)
{
    struct cleaner *cleaner = user;
    struct dh_str tag = dh_str((const char *)name);
    cleaner->depth--;
    if (!dh_html_allowed(tag) || dh_str_equal(tag, DH_STR("br")))
        return;
    dh_buf_text(cleaner->out, "</");
    dh_buf_str(cleaner->out, tag);
    dh_buf_char(cleaner->out, '>');
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct cleaner *cleaner = user;
    if (len > 0)
        escape(cleaner->out, (struct dh_str){(const char *)text, (size_t)len});
}

/* ---- parsing -------------------------------------------------------------------------------- */

#if LIBXML_VERSION >= 21200
static void on_error(void *user, const xmlError *error)
#else
static void on_error(void *user, xmlError *error)
#endif
{
    (void)user, (void)error; /* there is no wrong HTML */
}

static int feed(void *user, char *room, int size)
{
    struct cleaner *cleaner = user;
    struct dh_str part = cleaner->feed;
    if (cleaner->too_deep || size <= 0)
        return 0;
    if (part.len > (size_t)size)
        part.len = (size_t)size;
    if (part.len)
        memcpy(room, part.ptr, part.len);
    cleaner->feed = dh_str_from(cleaner->feed, part.len);
    return (int)part.len;
}

/* Parses what stands in a body into `out`. False when it is nested too deeply or out of memory. */
static bool parse(struct dh_buf *out, struct dh_str html)
{
    struct cleaner cleaner = {.feed = html, .out = out};
    dh_xml_start();
    htmlParserCtxt *context = htmlNewParserCtxt();
    if (!context) {
        out->status = DH_MEMORY;
        return false;
    }
    *context->sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    context->userData = &cleaner;
    xmlDoc *document = htmlCtxtReadIO(context, feed, NULL, &cleaner, NULL, "UTF-8",
                                      HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD);
    xmlFreeDoc(document);
    htmlFreeParserCtxt(context);
    xmlResetLastError();
    return !cleaner.too_deep;
}

static void parse_or_escape(struct dh_buf *out, struct dh_str text)
{
    struct dh_buf html;
    dh_buf_init(&html, out->max);
    dh_buf_text(&html, "<html><body>");
    dh_html_tidy(&html, text);
    bool parsed = html.status == DH_OK && parse(out, dh_buf_view(&html));
    dh_buf_release(&html);
    if (parsed || out->status)
        return;
    dh_buf_clear(out);
    escape(out, text);
}

/* ---- white space ----------------------------------------------------------------------------- */

/* Bytes of the white space that a text begins with, as Unicode has it; 0 when it is none. */
static size_t space_size(struct dh_str text)
{
    size_t size;
    unsigned char first = (unsigned char)text.ptr[0];
    if (first < 0x80)
        return first == ' ' || (first >= '\t' && first <= '\r');
    uint32_t c = dh_utf8_next(text, &size);
    bool space = c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
                 c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    return space ? size : 0;
}

static size_t blank_size(struct dh_str text)
{
    return text.ptr[0] == ' ' || text.ptr[0] == '\t';
}

/* Each run of white space as one space. */
static struct dh_str collapse(struct dh_arena *arena, struct dh_str text,
                              size_t (*space)(struct dh_str))
{
    char *out = dh_arena_alloc(arena, text.len + 1);
    size_t len = 0, size;
    if (!out)
        return DH_STR_NONE;
    for (size_t i = 0; i < text.len; i += size ? size : 1) {
        size = space(dh_str_from(text, i));
        if (!size)
            out[len++] = text.ptr[i];
        else if (!len || out[len - 1] != ' ')
            out[len++] = ' ';
    }
    return (struct dh_str){out, len};
}

struct dh_str dh_squish(struct dh_arena *arena, struct dh_str text)
{
    return dh_str_trim(collapse(arena, text, space_size));
}

/* ---- characters ------------------------------------------------------------------------------ */

/* Bytes of a character that HTML cannot hold, at the front; 0 when it can. */
static size_t unfit(struct dh_str rest)
{
    unsigned char c = (unsigned char)rest.ptr[0];
    if (c < ' ')
        return c < '\t' || c > '\r';
    bool no_character = c == 0xEF && rest.len >= 3 && (unsigned char)rest.ptr[1] == 0xBF &&
                        (unsigned char)rest.ptr[2] >= 0xBE;
    return no_character ? 3 : 0;
}

/* The text itself, or a copy without what is not valid, so that all that comes after agrees on what
 * the text is. Form feeds, which the parser would drop, are white space. */
static struct dh_str without_unfit(struct dh_arena *arena, struct dh_str text)
{
    size_t i = 0, len = 0, size;
    text = dh_utf8_clean(arena, text);
    while (i < text.len && !unfit(dh_str_from(text, i)) && !memchr("\v\f", text.ptr[i], 2))
        i++;
    if (i == text.len)
        return text;
    char *out = dh_arena_alloc(arena, text.len);
    for (i = 0; out && i < text.len; i += size ? size : 1) {
        size = unfit(dh_str_from(text, i));
        if (!size)
            out[len++] = memchr("\v\f", text.ptr[i], 2) ? ' ' : text.ptr[i];
    }
    return (struct dh_str){out, len};
}

/* ---- cleaning ------------------------------------------------------------------------------- */

struct dh_str dh_html_clean(struct dh_arena *arena, struct dh_str text, unsigned flags)
{
    struct dh_buf out;
    bool empty = text.len == 0;
    text = without_unfit(arena, text);
    if (!text.ptr && !empty)
        return DH_STR_NONE;
    dh_buf_init(&out, text.len * 6 + 64);
    bool markup = dh_str_find(text, '<') < text.len || dh_str_find(text, '&') < text.len;
    if (markup && text.len <= DH_HTML_MAX)
        parse_or_escape(&out, text);
    else
        escape(&out, text);
    struct dh_str clean = out.status ? DH_STR_NONE : dh_buf_view(&out);
    if (!out.status)
        clean = collapse(arena, clean, flags & DH_HTML_NEWLINES ? blank_size : space_size);
    dh_buf_release(&out);
    return dh_str_trim(clean);
}
