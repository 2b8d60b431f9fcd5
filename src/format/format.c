/* The table of formats, finding a row, reading and writing through it. */
#include "format/format.h"

#include "format/json_trees.h"
#include "format/rows.h"

/* Detection asks from the top: what is told by a mark of its own comes before what is told by keys.
 */
const struct dh_format *const dh_formats[] = {
    &dh_format_datacite,
    &dh_format_crossref,
    &dh_format_schema_org,
    &dh_format_codemeta,
    &dh_format_datacite_json,
    &dh_format_crosscite,
    &dh_format_citeproc,
    &dh_format_npm,
    &dh_format_ris,
    &dh_format_bibtex,
    &dh_format_csv,
    &dh_format_jats,
    &dh_format_citation,
    &dh_format_croissant,
    &dh_format_rdf_xml,
    &dh_format_turtle,
    NULL,
};

/* ---- finding a row -------------------------------------------------------------------------- */

static bool name_equal(const char *name, struct dh_str wanted)
{
    if (strlen(name) != wanted.len)
        return false;
    for (size_t i = 0; i < wanted.len; i++)
        if (name[i] != (wanted.ptr[i] == '-' ? '_' : wanted.ptr[i]))
            return false;
    return true;
}

const struct dh_format *dh_format_find(struct dh_str name)
{
    for (size_t i = 0; dh_formats[i]; i++)
        if (name_equal(dh_formats[i]->name, name))
            return dh_formats[i];
    return NULL;
}

/* True when the comma list (NULL: empty) has the item, in any case. */
static bool listed(const char *list, struct dh_str item)
{
    struct dh_str rest = dh_str(list), part;
    while (rest.ptr && dh_str_split(&rest, ',', &part))
        if (dh_str_equal_nocase(part, item))
            return true;
    return false;
}

const struct dh_format *dh_format_of_type(struct dh_str type)
{
    for (size_t i = 0; dh_formats[i]; i++)
        if (listed(dh_formats[i]->type, type) || listed(dh_formats[i]->aliases, type))
            return dh_formats[i];
    return NULL;
}

static struct dh_str extension_of(struct dh_str name)
{
    if (dh_str_ends(name, DH_STR(".gz")))
        name.len -= 3;
    else if (dh_str_ends(name, DH_STR(".zst")))
        name.len -= 4;
    for (size_t at = name.len; at-- > 0 && name.ptr[at] != '/';)
        if (name.ptr[at] == '.')
            return dh_str_from(name, at + 1);
    return DH_STR_NONE;
}

const struct dh_format *dh_format_of_file(struct dh_str name, bool write)
{
    struct dh_str extension = extension_of(name);
    for (size_t i = 0; extension.len && dh_formats[i]; i++) {
        bool able = write ? dh_formats[i]->write != NULL : dh_formats[i]->read != NULL;
        if (able && listed(dh_formats[i]->extensions, extension))
            return dh_formats[i];
    }
    return NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct dh_str without_mark(struct dh_str text)
{
    return dh_str_starts(text, DH_STR("\xEF\xBB\xBF")) ? dh_str_from(text, 3) : text;
}

/* UTF-16, too, begins with a byte order mark, or a "<" of two bytes; its XML is read, other formats
 * are UTF-8. */
static bool looks_like_xml(struct dh_str text)
{
    return text.len &&
           (text.ptr[0] == '<' || dh_str_starts(text, (struct dh_str){"\0<", 2}) ||
            dh_str_starts(text, DH_STR("\xFF\xFE")) || dh_str_starts(text, DH_STR("\xFE\xFF")));
}

static bool looks_like_json(struct dh_str text)
{
    return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[');
}

/* Parses what the format wants parsed, or, without one, what the text looks like. */
static enum dh_status open_input(const struct dh_format *format, struct dh_str text,
                                 struct dh_format_input *input, struct dh_arena *arena,
                                 struct dh_err *err)
{
    struct dh_xml *root = NULL;
    enum dh_status status = DH_OK;
    *input = (struct dh_format_input){.text = without_mark(text)};
    struct dh_str front = dh_str_trim(input->text);
    bool json = format ? format->flags & DH_FORMAT_JSON : looks_like_json(front);
    bool xml = format ? format->flags & DH_FORMAT_XML : looks_like_xml(front);
    if (text.len > DH_DOCUMENT_MAX)
        return dh_fail(err, DH_LIMIT, "the text is larger than %d MB",
                       DH_DOCUMENT_MAX / (1024 * 1024));
    if (!xml && dh_utf8_check(input->text) < input->text.len) /* libxml2 knows other encodings */
        return dh_fail_at(err, DH_INVALID,
                          (size_t)(input->text.ptr - text.ptr) + dh_utf8_check(input->text),
                          "the text is not valid UTF-8");
    if (json)
        status = dh_json_read(input->text, &input->json, err);
    else if (xml)
        status = dh_xml_read(text, DH_XML_RECOVER, &root, arena, err);
    input->xml = root;
    return status;
}

/* Of several records the first one tells. */
static const struct dh_format *detect(const struct dh_format_input *input)
{
    struct dh_format_input one = *input;
    if (json_object_is_type(one.json, json_type_array) && json_object_array_length(one.json))
        one.json = json_object_array_get_idx(one.json, 0);
    for (size_t i = 0; dh_formats[i]; i++) {
        const struct dh_format *row = dh_formats[i];
        bool possible = row->flags & DH_FORMAT_JSON  ? one.json != NULL
                        : row->flags & DH_FORMAT_XML ? one.xml != NULL
                                                     : !one.json && !one.xml;
        if (possible && row->fits && row->fits(&one))
            return row;
    }
    return NULL;
}

static enum dh_status read_elements(const struct dh_format *format,
                                    const struct dh_format_input *input,
                                    struct json_object *records, struct dh_arena *arena,
                                    struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (!json_object_is_type(input->json, json_type_array))
        return format->read(input, records, arena, err);
    if (json_object_array_length(input->json) > DH_TEXT_RECORDS_MAX)
        return dh_fail(err, DH_LIMIT, "more than %d records in one list", DH_TEXT_RECORDS_MAX);
    for (size_t i = 0; !status && i < json_object_array_length(input->json); i++) {
        struct dh_format_input one = *input;
        one.json = json_object_array_get_idx(input->json, i);
        status = format->read(&one, records, arena, err);
    }
    return status;
}

static enum dh_status read_input(const struct dh_format *format,
                                 const struct dh_format_input *input, struct json_object **records,
                                 struct dh_arena *arena, struct dh_err *err)
{
    if (!format)
        return dh_fail(err, DH_INVALID, "the text is in no format that can be read");
    if (!format->read)
        return dh_fail(err, DH_UNSUPPORTED, "%s can be written, not read", format->title);
    struct json_object *list = json_object_new_array();
    if (!list)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = read_elements(format, input, list, arena, err);
    if (!status && !json_object_array_length(list))
        status = dh_fail(err, DH_INVALID, "there is no record in this %s text", format->title);
    if (status)
        json_object_put(list);
    else
        *records = list;
    return status;
}

enum dh_status dh_format_read(const struct dh_format *format, struct dh_str text,
                              const struct dh_format **used, struct json_object **records,
                              struct dh_arena *arena, struct dh_err *err)
{
    struct dh_format_input input;
    *records = NULL;
    enum dh_status status = open_input(format, text, &input, arena, err);
    if (!status && !format)
        format = detect(&input);
    if (!status)
        status = read_input(format, &input, records, arena, err);
    if (used)
        *used = format;
    json_object_put(input.json);
    return status;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void add_text(struct dh_buf *out, const char *text)
{
    if (text)
        dh_buf_text(out, text);
}

static enum dh_status buffer_status(const struct dh_buf *out, enum dh_status status,
                                    struct dh_err *err)
{
    if (status || !out->status)
        return status;
    return dh_fail(err, out->status, "%s", dh_status_text(out->status));
}

enum dh_status dh_format_write(const struct dh_format *format, struct json_object *metadata,
                               const struct dh_format_options *options, struct dh_buf *out,
                               struct dh_arena *arena, struct dh_err *err)
{
    static const struct dh_format_options defaults;
    size_t start = out->len;
    if (!format->write)
        return dh_fail(err, DH_UNSUPPORTED, "%s can be read, not written", format->title);
    add_text(out, format->header);
    enum dh_status status = format->write(metadata, options ? options : &defaults, out, arena, err);
    status = buffer_status(out, status, err);
    if (status)
        out->len = start;
    return status;
}

void dh_format_list_open(struct dh_format_list *list, const struct dh_format *format,
                         const struct dh_format_options *options, struct dh_buf *out)
{
    *list = (struct dh_format_list){.format = format, .options = options};
    add_text(out, format->header);
    add_text(out, format->open);
}

enum dh_status dh_format_list_add(struct dh_format_list *list, struct json_object *metadata,
                                  struct dh_buf *out, struct dh_arena *arena, struct dh_err *err)
{
    static const struct dh_format_options defaults;
    const struct dh_format *format = list->format;
    size_t start = out->len;
    if (list->count)
        add_text(out, format->join);
    enum dh_status status =
        format->write(metadata, list->options ? list->options : &defaults, out, arena, err);
    status = buffer_status(out, status, err);
    if (status)
        out->len = start;
    list->count += status == DH_OK;
    list->left_out += status == DH_UNSUPPORTED;
    return status == DH_UNSUPPORTED ? DH_OK : status;
}

void dh_format_list_close(struct dh_format_list *list, struct dh_buf *out)
{
    add_text(out, list->format->close);
}
