/* The text of a citation: punctuation that is never doubled, markup, quotation marks. */
#include "format/citation.h"

static const struct {
    unsigned look;
    const char *open, *close;
} fonts[] = {
    {DH_LOOK_ITALIC, "<i>", "</i>"},
    {DH_LOOK_BOLD, "<b>", "</b>"},
};
enum { FONTS = sizeof(fonts) / sizeof(*fonts) };

static void add_open_tag(struct dh_cite_out *out, struct dh_str tag)
{
    if (!out->plain) {
        dh_buf_str(out->buf, tag);
        out->visible = out->buf->len;
    }
}

/* Closing tags stay behind `visible`: punctuation looks through them. */
static void add_close_tag(struct dh_cite_out *out, struct dh_str tag)
{
    if (!out->plain)
        dh_buf_str(out->buf, tag);
}

void dh_out_open_fonts(struct dh_cite_out *out, unsigned look)
{
    for (size_t i = 0; i < FONTS; i++)
        if (look & fonts[i].look)
            dh_out_wait(out, dh_str(fonts[i].open), true);
}

void dh_out_close_fonts(struct dh_cite_out *out, unsigned look)
{
    for (size_t i = FONTS; i-- > 0;)
        if (look & fonts[i].look)
            add_close_tag(out, dh_str(fonts[i].close));
}

/* ---- punctuation ---------------------------------------------------------------------------- */

static bool ends_with(const struct dh_cite_out *out, size_t end, struct dh_str part)
{
    return out->buf->ptr && end >= out->start + part.len &&
           memcmp(out->buf->ptr + end - part.len, part.ptr, part.len) == 0;
}

static bool ends_with_one_of(const struct dh_cite_out *out, size_t end, const char *set)
{
    return out->buf->ptr && end > out->start && end != out->entity && out->buf->ptr[end - 1] &&
           strchr(set, out->buf->ptr[end - 1]);
}

/* Bytes at the front of a text that the citation ends with already. */
static size_t repeated(const struct dh_cite_out *out, size_t end, struct dh_str text)
{
    size_t skip = 0;
    while (end != out->entity && skip < text.len && text.ptr[skip] &&
           strchr(" .,;", text.ptr[skip]) &&
           ends_with(out, end, (struct dh_str){text.ptr, skip + 1}))
        skip++;
    bool stop = skip < text.len && text.ptr[skip] == '.';
    return stop && ends_with_one_of(out, end, ".;,!?:") ? skip + 1 : skip;
}

static void insert(struct dh_cite_out *out, size_t at, char c)
{
    if (!dh_buf_reserve(out->buf, 1))
        return;
    memmove(out->buf->ptr + at + 1, out->buf->ptr + at, out->buf->len - at);
    out->buf->ptr[at] = c;
    out->buf->len++;
    out->visible++;
}

/* “Title” and ". " is “Title.” and " ", where the locale writes so. */
static struct dh_str into_quotes(struct dh_cite_out *out, struct dh_str text)
{
    if (!out->quote || !out->locale->points_inside || !text.len ||
        (text.ptr[0] != '.' && text.ptr[0] != ','))
        return text;
    size_t at = out->inner_quote ? out->inner_quote : out->quote;
    size_t end = out->inner_quote ? out->inner_quote : out->quoted;
    if (!repeated(out, end, (struct dh_str){text.ptr, 1}))
        insert(out, at, text.ptr[0]);
    return dh_str_from(text, 1);
}

static void add_escaped(struct dh_cite_out *out, struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '&' && !out->plain)
            dh_buf_text(out->buf, "&amp;");
        else
            dh_buf_char(out->buf, text.ptr[i]);
    }
}

static void add_text(struct dh_cite_out *out, struct dh_str text)
{
    text = into_quotes(out, text);
    text = dh_str_from(text, repeated(out, out->visible, text));
    if (!text.len)
        return;
    add_escaped(out, text);
    out->visible = out->buf->len;
    out->quote = 0;
}

void dh_out_wait(struct dh_cite_out *out, struct dh_str text, bool tag)
{
    if (text.len && out->pending_count < DH_CITE_PENDING_MAX)
        out->pending[out->pending_count++] = (struct dh_cite_pending){text, tag};
}

void dh_out_flush(struct dh_cite_out *out)
{
    for (size_t i = 0; i < out->pending_count; i++) {
        if (out->pending[i].tag)
            add_open_tag(out, out->pending[i].text);
        else
            add_text(out, out->pending[i].text);
    }
    out->pending_count = 0;
}

void dh_out_text(struct dh_cite_out *out, struct dh_str text)
{
    dh_out_flush(out);
    add_text(out, text);
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* Raw, but for what would open a tag: DOIs may hold "<1::AID", and nothing that runs. */
void dh_out_address(struct dh_cite_out *out, struct dh_str address)
{
    dh_out_flush(out);
    for (size_t i = 0; i < address.len; i++) {
        char next = i + 1 < address.len ? address.ptr[i + 1] : ' ';
        bool opens = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
        if (address.ptr[i] == '<' && !out->plain &&
            (opens || next == '/' || next == '!' || next == '?'))
            dh_buf_text(out->buf, "%3C");
        else
            dh_buf_char(out->buf, address.ptr[i]);
    }
    out->visible = out->buf->len;
    out->quote = 0;
}
