/* RIS as the DataCite REST API writes it: CRLF between the lines, none behind the last one. */
#include "format/ris.h"

#include "format/parts.h"
#include "format/rows.h"

/* Bytes of what some reader may take for the end of a line, at the front; 0 when there is none. */
static size_t break_size(struct dh_str rest)
{
    static const char *const wide[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    if (rest.ptr[0] >= '\n' && rest.ptr[0] <= '\r')
        return 1;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (dh_str_starts(rest, dh_str(wide[i])))
            return strlen(wide[i]);
    return 0;
}

/* A line break would end the value: runs of them become a space. */
static void put_value(struct dh_buf *out, struct dh_str value)
{
    bool broken = false;
    for (size_t i = 0, size; i < value.len; i += size ? size : 1) {
        size = break_size(dh_str_from(value, i));
        if (!size)
            dh_buf_char(out, value.ptr[i]);
        else if (!broken)
            dh_buf_char(out, ' ');
        broken = size > 0;
    }
}

static void put_line(struct dh_buf *out, const char *tag, struct dh_str value)
{
    dh_buf_text(out, tag);
    dh_buf_text(out, "  - ");
    put_value(out, value);
    dh_buf_text(out, "\r\n");
}

/* A line for what is not null; empty texts count. */
static void put_known(struct dh_buf *out, const char *tag, struct dh_str value)
{
    if (value.ptr)
        put_line(out, tag, value);
}

static void put_author(struct dh_buf *out, struct json_object *creator)
{
    struct dh_str family = dh_text_present(creator, "familyName");
    if (!family.ptr) {
        put_known(out, "AU", dh_text(creator, "name"));
        return;
    }
    dh_buf_text(out, "AU  - ");
    put_value(out, family);
    dh_buf_text(out, ", ");
    put_value(out, dh_text(creator, "givenName"));
    dh_buf_text(out, "\r\n");
}

static void put_authors(struct dh_buf *out, struct json_object *metadata)
{
    struct json_object *creators = dh_json_get(metadata, "creators");
    for (size_t i = 0; i < dh_count_of(creators); i++)
        put_author(out, dh_at(creators, i));
}

static void put_keywords(struct dh_buf *out, struct json_object *metadata)
{
    struct json_object *subjects = dh_json_get(metadata, "subjects");
    for (size_t i = 0; i < dh_count_of(subjects); i++) {
        struct json_object *subject = dh_at(subjects, i);
        bool bare = json_object_is_type(subject, json_type_string);
        put_line(out, "KW", bare ? dh_text_of(subject) : dh_text(subject, "subject"));
    }
}

/* Of the first thing that this is part of, whatever identifies it. */
static struct dh_str part_of(struct json_object *metadata)
{
    struct json_object *list = dh_json_get(metadata, "relatedIdentifiers");
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (dh_str_equal(dh_text(dh_at(list, i), "relationType"), DH_STR("IsPartOf")))
            return dh_text(dh_at(list, i), "relatedIdentifier");
    return DH_STR_NONE;
}

static void put_container(struct dh_buf *out, struct json_object *container)
{
    static const struct {
        const char *tag, *key;
    } parts[] = {{"VL", "volume"}, {"IS", "issue"}, {"SP", "firstPage"}, {"EP", "lastPage"}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        put_known(out, parts[i].tag, dh_text(container, parts[i].key));
}

static enum dh_status ris_write(struct json_object *metadata,
                                const struct dh_format_options *options, struct dh_buf *out,
                                struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    (void)arena;
    (void)err;
    struct json_object *container = dh_container(metadata);
    put_known(out, "TY", dh_type_of(metadata, "ris"));
    put_known(out, "T1", dh_first_title(metadata));
    put_known(out, "T2", dh_text(container, "title"));
    put_authors(out, metadata);
    put_known(out, "DO", dh_text(metadata, "doi"));
    put_known(out, "UR", dh_text(metadata, "url"));
    put_known(out, "AB", dh_abstract(metadata));
    put_keywords(out, metadata);
    put_known(out, "PY", dh_text(metadata, "publicationYear"));
    put_known(out, "PB", dh_publisher_name(metadata));
    put_known(out, "LA", dh_text(metadata, "language"));
    put_container(out, container);
    put_known(out, "SN", part_of(metadata));
    dh_buf_text(out, "ER  - ");
    return DH_OK;
}

const struct dh_format dh_format_ris = {
    .name = "ris",
    .title = "RIS",
    .type = "application/x-research-info-systems",
    .extensions = "ris",
    .flags = DH_FORMAT_UPSTREAM,
    .join = "\n\n",
    .write = ris_write,
    .read = dh_ris_read,
    .fits = dh_ris_fits,
};
