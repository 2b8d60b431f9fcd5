/* DataCite XML: the format's row, and XML that a record brought itself. */
#include "format/datacite.h"

#include "format/parts.h"
#include "format/rows.h"

/* ---- stored XML ------------------------------------------------------------------------------ */

/* Value of a base64 digit; -1 of other characters. */
static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = memchr(digits, c, sizeof(digits) - 1);
    return at ? (int)(at - digits) : -1;
}

/* Appends what a base64 text stands for; line breaks in it are skipped. False when it is none. */
static bool decode(struct dh_buf *out, struct dh_str text)
{
    uint32_t bits = 0;
    unsigned count = 0;
    text = dh_str_trim(text);
    while (text.len && text.ptr[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r')
            continue;
        int digit = digit_of(text.ptr[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            dh_buf_char(out, (char)(bits >> count & 0xFF));
        }
    }
    return true;
}

/* The XML that came with the record, unchanged; false when there is none. */
static bool write_stored(struct json_object *metadata, struct dh_buf *out)
{
    size_t start = out->len;
    struct dh_str text = dh_text_present(metadata, "xml");
    if (!text.ptr)
        return false;
    bool fine = decode(out, text);
    if (fine && !dh_str_blank(dh_str_from(dh_buf_view(out), start)))
        return true;
    out->len = start;
    return false;
}

static enum dh_status write_datacite(struct json_object *metadata,
                                     const struct dh_format_options *options, struct dh_buf *out,
                                     struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    if (write_stored(metadata, out))
        return DH_OK;
    struct dh_xml *root = dh_datacite_tree(metadata, arena);
    if (!root)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_xml_write(out, root);
    return DH_OK;
}

/* ---- the row --------------------------------------------------------------------------------- */

const struct dh_format dh_format_datacite = {
    .name = "datacite",
    .title = "DataCite XML",
    .type = "application/vnd.datacite.datacite+xml",
    .aliases = "application/x-datacite+xml",
    .extensions = "xml",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_XML,
    .join = "\n",
    .write = write_datacite,
    .read = dh_datacite_read,
    .fits = dh_datacite_fits,
};
