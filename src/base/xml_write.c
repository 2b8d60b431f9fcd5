/* Writing XML trees: indented, one element with text to a line. */
#include "base/limits.h"
#include "base/utf8.h"
#include "base/xml.h"

struct writer {
    struct dh_buf *out;
    unsigned line; /* of what is written next */
};

/* ---- escapes -------------------------------------------------------------------------------- */

/* What stands for a character; NULL: itself. "" leaves it out. */
static const char *escape_of(unsigned char c, bool attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return attribute ? "&quot;" : NULL;
    case '\n':
        return attribute ? "&#10;" : NULL;
    case '\t':
        return attribute ? "&#9;" : NULL;
    default:
        return c < ' ' ? "" : NULL;
    }
}

/* Bytes of a character beyond ASCII that XML can hold, or 0. */
static size_t held(struct dh_str rest)
{
    size_t size;
    uint32_t c = dh_utf8_next(rest, &size);
    bool invalid = c == 0xFFFD && size == 1;
    return invalid || c == 0xFFFE || c == 0xFFFF ? 0 : size;
}

void dh_xml_escape(struct dh_buf *out, struct dh_str text, bool attribute)
{
    size_t done = 0, i = 0;
    while (i < text.len) {
        unsigned char c = (unsigned char)text.ptr[i];
        size_t size = 1;
        const char *escape = c < 0x80 ? escape_of(c, attribute) : NULL;
        if (c >= 0x80) {
            struct dh_str rest = dh_str_from(text, i);
            size = held(rest);
            if (!size) {
                dh_utf8_next(rest, &size);
                escape = "";
            }
        }
        if (escape) {
            dh_buf_add(out, text.ptr + done, i - done);
            dh_buf_text(out, escape);
            done = i + size;
        }
        i += size;
    }
    dh_buf_str(out, dh_str_from(text, done));
}

/* ---- elements ------------------------------------------------------------------------------- */

static void write_text(struct writer *writer, struct dh_str text)
{
    dh_xml_escape(writer->out, text, false);
    for (size_t at = 0; (at += dh_str_find(dh_str_from(text, at), '\n')) < text.len; at++)
        writer->line++;
}

static void new_line(struct writer *writer, unsigned depth)
{
    dh_buf_char(writer->out, '\n');
    writer->line++;
    for (unsigned i = 0; i < depth; i++)
        dh_buf_text(writer->out, "  ");
}

/* Whether text stands in it, so that its white space counts. */
static bool mixed(const struct dh_xml *element)
{
    bool text = false, elements = false;
    for (const struct dh_xml *node = element->first; node; node = node->next) {
        if (node->name.ptr)
            elements = true;
        else if (!dh_str_blank(node->text))
            return true;
        else if (node->text.len)
            text = true;
    }
    return text && !elements;
}

static bool hollow(const struct dh_xml *element)
{
    for (const struct dh_xml *node = element->first; node; node = node->next)
        if (node->name.ptr || node->text.len)
            return false;
    return true;
}

static void write_start(struct writer *writer, struct dh_xml *element)
{
    struct dh_buf *out = writer->out;
    element->line = writer->line;
    dh_buf_char(out, '<');
    dh_buf_str(out, element->name);
    for (const struct dh_xml_attr *attr = element->attrs; attr; attr = attr->next) {
        dh_buf_char(out, ' ');
        dh_buf_str(out, attr->name);
        dh_buf_text(out, "=\"");
        dh_xml_escape(out, attr->value, true);
        dh_buf_char(out, '"');
    }
    dh_buf_text(out, hollow(element) ? "/>" : ">");
}

static void write_element(struct writer *writer, struct dh_xml *element, unsigned depth,
                          bool inline_)
{
    if (depth >= DH_XML_DEPTH_MAX && !writer->out->status)
        writer->out->status = DH_LIMIT;
    if (writer->out->status)
        return;
    write_start(writer, element);
    if (hollow(element))
        return;
    inline_ = inline_ || mixed(element);
    for (struct dh_xml *node = element->first; node; node = node->next) {
        if (node->name.ptr && !inline_)
            new_line(writer, depth + 1);
        if (node->name.ptr)
            write_element(writer, node, depth + 1, inline_);
        else if (inline_)
            write_text(writer, node->text);
    }
    if (!inline_)
        new_line(writer, depth);
    dh_buf_text(writer->out, "</");
    dh_buf_str(writer->out, element->name);
    dh_buf_char(writer->out, '>');
}

void dh_xml_write(struct dh_buf *out, struct dh_xml *root)
{
    struct writer writer = {out, 2};
    if ((!root || !root->name.ptr) && !out->status)
        out->status = DH_MEMORY;
    if (out->status)
        return;
    dh_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write_element(&writer, root, 0, false);
    dh_buf_char(out, '\n');
}
