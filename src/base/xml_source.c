/* Before libxml2: what encoding a document is in, its conversion, and the size of its tags. */
#include <errno.h>
#include <iconv.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/xml_parts.h"

/* ---- encodings ------------------------------------------------------------------------------ */

/* Those that documents are declared in and that agree with ASCII in the characters of markup, so
 * that the declaration could be read. Others are not asked for: iconv knows hundreds. */
static const char *const encodings[] = {
    "US-ASCII",     "ASCII",        "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-3",   "ISO-8859-4",
    "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",   "ISO-8859-10",
    "ISO-8859-11",  "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",  "ISO-8859-16",  "LATIN1",
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "KOI8-R",       "KOI8-U",       "macintosh",
    "Shift_JIS",    "EUC-JP",       "EUC-KR",       "EUC-TW",       "Big5",         "GB2312",
    "GBK",          "GB18030",      "TIS-620",      "ISO-2022-JP",  "CP1252",       "CP1251",
};

/* A document whose first characters are no ASCII bytes: by mark, or by "<" and the next one. */
static const struct mark_row {
    struct dh_str bytes;
    const char *encoding;
    bool mark; /* a byte order mark, not part of the document */
} marks[] = {
    {{"\xEF\xBB\xBF", 3}, NULL, true},       {{"\xFF\xFE\0\0", 4}, "UTF-32LE", true},
    {{"\0\0\xFE\xFF", 4}, "UTF-32BE", true}, {{"\xFF\xFE", 2}, "UTF-16LE", true},
    {{"\xFE\xFF", 2}, "UTF-16BE", true},     {{"<\0\0\0", 4}, "UTF-32LE", false},
    {{"\0\0\0<", 4}, "UTF-32BE", false},     {{"<\0", 2}, "UTF-16LE", false},
    {{"\0<", 2}, "UTF-16BE", false},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char white[] = " \t\r\n";

static size_t white_front(struct dh_str text)
{
    size_t i = 0;
    while (i < text.len && memchr(white, text.ptr[i], sizeof(white) - 1))
        i++;
    return i;
}

/* The value of encoding="..." in the XML declaration that the text begins with; or NONE. */
static struct dh_str declared(struct dh_str text)
{
    if (!dh_str_starts(text, DH_STR("<?xml")))
        return DH_STR_NONE;
    struct dh_str rest = {text.ptr, dh_str_find(text, '>')};
    const char *word = memmem(rest.ptr, rest.len, "encoding", 8);
    if (!word)
        return DH_STR_NONE;
    rest = dh_str_trim(dh_str_from(rest, (size_t)(word - rest.ptr) + 8));
    if (!dh_str_take(&rest, '='))
        return DH_STR_NONE;
    rest = dh_str_trim(rest);
    if (!rest.len || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
        return DH_STR_NONE;
    char quote = rest.ptr[0];
    rest = dh_str_from(rest, 1);
    return (struct dh_str){rest.ptr, dh_str_find(rest, quote)};
}

/* The declaration was read as bytes: one that says UTF-16 or the like is wrong, and is not heeded.
 */
static bool counts_as_utf8(struct dh_str name)
{
    return !name.len || dh_str_equal_nocase(name, DH_STR("UTF-8")) ||
           dh_str_equal_nocase(name, DH_STR("UTF8")) ||
           dh_str_starts_nocase(name, DH_STR("UTF-16")) ||
           dh_str_starts_nocase(name, DH_STR("UTF-32")) ||
           dh_str_starts_nocase(name, DH_STR("UCS-")) ||
           dh_str_starts_nocase(name, DH_STR("ISO-10646"));
}

static enum dh_status find_encoding(struct dh_xml_source *source, struct dh_err *err)
{
    struct dh_str input = source->input;
    for (size_t i = 0; i < COUNT(marks); i++)
        if (dh_str_starts(input, marks[i].bytes)) {
            source->mark = marks[i].mark ? marks[i].bytes.len : 0;
            source->encoding = marks[i].encoding;
            return DH_OK;
        }
    struct dh_str name = declared(dh_str_from(input, white_front(input)));
    if (counts_as_utf8(name))
        return DH_OK;
    for (size_t i = 0; i < COUNT(encodings) && !source->encoding; i++)
        if (dh_str_equal_nocase(name, dh_str(encodings[i])))
            source->encoding = encodings[i];
    if (source->encoding)
        return DH_OK;
    return dh_fail_at(err, DH_INVALID, (size_t)(name.ptr - input.ptr), "XML: unknown encoding %.*s",
                      DH_STR_ARG(name));
}

/*
 * Converts to UTF-8 until `out` is full or the input ends; returns the bytes of input that went
 * in. errno tells why it ended: 0, E2BIG, EILSEQ, EINVAL.
 */
static size_t convert(iconv_t iconv_to, struct dh_str input, struct dh_buf *out)
{
    enum { STEP = 64 * 1024 };
    char *from = (char *)input.ptr;
    size_t left = input.len;
    errno = 0;
    while (left && !out->status) {
        size_t step = out->max - out->len < STEP ? out->max - out->len : STEP;
        char *to = dh_buf_reserve(out, step);
        size_t room = step;
        if (!to)
            break;
        errno = 0;
        size_t done = iconv(iconv_to, &from, &left, &to, &room);
        out->len += step - room;
        if (done == (size_t)-1 && (errno != E2BIG || room == step))
            break;
    }
    return input.len - left;
}

static enum dh_status convert_all(struct dh_xml_source *source, struct dh_err *err)
{
    iconv_t iconv_to = iconv_open("UTF-8", source->encoding);
    if (iconv_to == (iconv_t)-1)
        return dh_fail(err, DH_INVALID, "XML: encoding %s cannot be read here", source->encoding);
    size_t used = convert(iconv_to, dh_str_from(source->input, source->mark), &source->room);
    bool broken = errno == EILSEQ || errno == EINVAL;
    iconv_close(iconv_to);
    source->text = dh_buf_view(&source->room);
    if (source->room.status == DH_MEMORY)
        return dh_fail(err, DH_MEMORY, "out of memory");
    if (broken)
        return dh_fail_at(err, DH_INVALID, source->mark + used, "XML: the text is not valid %s",
                          source->encoding);
    if (source->mark + used < source->input.len)
        return dh_fail(err, DH_LIMIT, "XML: the document is larger than %d MB",
                       DH_DOCUMENT_MAX / (1024 * 1024));
    return DH_OK;
}

enum dh_status dh_xml_source_open(struct dh_xml_source *source, struct dh_str input,
                                  struct dh_err *err)
{
    *source = (struct dh_xml_source){.input = input};
    dh_buf_init(&source->room, DH_DOCUMENT_MAX);
    if (input.len > DH_DOCUMENT_MAX)
        return dh_fail(err, DH_LIMIT, "XML: the document is larger than %d MB",
                       DH_DOCUMENT_MAX / (1024 * 1024));
    enum dh_status status = find_encoding(source, err);
    if (status)
        return status;
    source->text = dh_str_from(input, source->mark);
    if (source->encoding)
        status = convert_all(source, err);
    if (status)
        return status;
    size_t valid = dh_utf8_check(source->text);
    if (valid < source->text.len)
        return dh_xml_source_fail(source, DH_INVALID, valid, DH_STR("the text is not valid UTF-8"),
                                  err);
    size_t nul = dh_str_find(source->text, '\0');
    if (nul < source->text.len)
        return dh_xml_source_fail(source, DH_INVALID, nul, DH_STR("NUL byte"), err);
    source->front = white_front(source->text);
    return DH_OK;
}

void dh_xml_source_release(struct dh_xml_source *source)
{
    dh_buf_release(&source->room);
}

size_t dh_xml_source_offset(const struct dh_xml_source *source, size_t offset)
{
    if (!source->encoding || !offset)
        return source->mark + offset;
    iconv_t iconv_to = iconv_open("UTF-8", source->encoding);
    if (iconv_to == (iconv_t)-1)
        return 0;
    struct dh_buf room; /* full with the byte before that place */
    dh_buf_init(&room, offset);
    size_t used = convert(iconv_to, dh_str_from(source->input, source->mark), &room);
    dh_buf_release(&room);
    iconv_close(iconv_to);
    return source->mark + used;
}

/* ---- places --------------------------------------------------------------------------------- */

void dh_xml_place_move(struct dh_xml_place *place, struct dh_str text, size_t offset)
{
    if (offset < place->offset)
        *place = (struct dh_xml_place){0, 1, 1};
    for (size_t i = place->offset; i < offset && i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\n') {
            place->line++;
            place->column = 1;
        } else if ((c & 0xC0) != 0x80) {
            place->column++;
        }
    }
    place->offset = offset;
}

enum dh_status dh_xml_source_fail(const struct dh_xml_source *source, enum dh_status code,
                                  size_t offset, struct dh_str message, struct dh_err *err)
{
    struct dh_xml_place place = {0, 1, 1};
    dh_xml_place_move(&place, source->text, offset);
    return dh_fail_at(err, code, dh_xml_source_offset(source, offset),
                      "XML: %.*s (line %u, column %u)", DH_STR_ARG(message), place.line,
                      place.column);
}

/* ---- tags ----------------------------------------------------------------------------------- */

enum { IN_TEXT, AFTER_LESS, AFTER_BANG, AFTER_DASH, IN_TAG, IN_OTHER };

static void begin_other(struct dh_xml_tags *tags, struct dh_str end)
{
    tags->state = IN_OTHER;
    tags->end = end;
    tags->matched = 0;
}

/* After "<": a tag, "<?" or "<!", whose next character tells comments from CDATA sections. What
 * else begins so is a DTD, at which reading ends. */
static void begin(struct dh_xml_tags *tags, char c)
{
    tags->quote = '\0';
    tags->attributes = 0;
    tags->state = IN_TAG;
    if (c == '!')
        tags->state = AFTER_BANG;
    else if (c == '?')
        begin_other(tags, DH_STR("?>"));
    else if (c == '>')
        tags->state = IN_TEXT;
}

static void within_tag(struct dh_xml_tags *tags, char c)
{
    if (tags->quote) {
        if (c == tags->quote)
            tags->quote = '\0';
    } else if (c == '"' || c == '\'') {
        tags->quote = c;
    } else if (c == '=') {
        tags->attributes++;
    } else if (c == '>') {
        tags->state = IN_TEXT;
    }
}

/* All ends are a run of one character ("--", "]]", "?") and ">". */
static void within_other(struct dh_xml_tags *tags, char c)
{
    if (c == '>' && tags->matched + 1 >= tags->end.len)
        tags->state = IN_TEXT;
    else
        tags->matched = c == tags->end.ptr[0] ? tags->matched + 1 : 0;
}

bool dh_xml_tags_pass(struct dh_xml_tags *tags, struct dh_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        switch (tags->state) {
        case IN_TEXT:
            i += dh_str_find(dh_str_from(bytes, i), '<');
            if (i < bytes.len)
                tags->state = AFTER_LESS;
            break;
        case AFTER_LESS:
            begin(tags, c);
            break;
        case AFTER_BANG:
            begin_other(tags, c == '[' ? DH_STR("]]>") : DH_STR("-->"));
            if (c == '-')
                tags->state = AFTER_DASH; /* the next one belongs to the beginning, too */
            break;
        case AFTER_DASH:
            tags->state = IN_OTHER;
            break;
        case IN_TAG:
            within_tag(tags, c);
            if (tags->attributes > DH_XML_ATTRS_MAX)
                return false;
            break;
        default:
            within_other(tags, c);
        }
    }
    return true;
}
