/* CSV with the columns of the DataCite REST API. */
#include "format/csv.h"

#include "format/parts.h"
#include "format/rows.h"
#include "format/valid_only.h"

static bool needs_quotes(struct dh_str value)
{
    static const char marks[] = "\",\r\n";
    for (size_t i = 0; value.len && i < sizeof(marks) - 1; i++)
        if (memchr(value.ptr, marks[i], value.len))
            return true;
    return value.len == 0;
}

void dh_csv_value(struct dh_buf *out, struct dh_str value)
{
    if (!value.ptr)
        return;
    if (!needs_quotes(value)) {
        dh_buf_str(out, value);
        return;
    }
    dh_buf_char(out, '"');
    for (size_t quote; (quote = dh_str_find(value, '"')) < value.len;
         value = dh_str_from(value, quote + 1)) {
        dh_buf_add(out, value.ptr, quote + 1);
        dh_buf_char(out, '"');
    }
    dh_buf_str(out, value);
    dh_buf_char(out, '"');
}

void dh_tsv_value(struct dh_buf *out, struct dh_str value)
{
    static const char marks[] = "\t\n\r\\", letters[] = "tnr\\";
    size_t from = 0;
    for (size_t i = 0; i < value.len; i++) {
        const char *mark = memchr(marks, value.ptr[i], sizeof(marks) - 1);
        if (!mark)
            continue;
        dh_buf_add(out, value.ptr + from, i - from);
        dh_buf_char(out, '\\');
        dh_buf_char(out, letters[mark - marks]);
        from = i + 1;
    }
    dh_buf_str(out, dh_str_from(value, from));
}

/* The day of a time, "2024-05-17". */
static struct dh_str day_of(struct dh_str time)
{
    enum { DAY = sizeof("2024-05-17") - 1 };
    return (struct dh_str){time.ptr, time.len < DAY ? time.len : DAY};
}

static enum dh_status csv_write(struct json_object *metadata,
                                const struct dh_format_options *options, struct dh_buf *out,
                                struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    enum dh_status status = dh_valid_only(metadata, arena, err);
    if (status)
        return status;
    const struct dh_str values[] = {
        dh_text(metadata, "doi"),
        dh_text(metadata, "url"),
        day_of(dh_text(metadata, "registered")),
        dh_text(metadata, "state"),
        dh_type_of(metadata, "resourceTypeGeneral"),
        dh_type_of(metadata, "resourceType"),
        dh_first_title(metadata),
        dh_authors_text(metadata, arena),
        dh_publisher_name(metadata),
        dh_text(metadata, "publicationYear"),
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_csv_value(out, values[i]);
    }
    dh_buf_char(out, '\n');
    return DH_OK;
}

const struct dh_format dh_format_csv = {
    .name = "csv",
    .title = "CSV",
    .type = "text/csv",
    .extensions = "csv",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_VALID,
    .header = "doi,url,registered,state,resourceTypeGeneral,resourceType,title,author,publisher,"
              "publicationYear\n",
    .write = csv_write,
};
