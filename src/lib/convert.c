/* Converting and checking texts, without a store. */
#include "base/limits.h"
#include "lib/lib.h"

enum dh_status dh_format_at(size_t index, struct dh_format_facts *out)
{
    *out = (struct dh_format_facts){0};
    for (size_t i = 0; i <= index; i++)
        if (!dh_formats[i])
            return DH_DONE;
    const struct dh_format *format = dh_formats[index];
    *out = (struct dh_format_facts){
        .name = format->name,
        .title = format->title,
        .type = format->type,
        .reads = format->read != NULL,
        .writes = format->write != NULL,
    };
    return DH_OK;
}

enum dh_status dh_lib_writer(const char *format, const struct dh_write_options *given,
                             const struct dh_format **out, struct dh_format_options *options,
                             struct dh_err *err)
{
    static const struct dh_write_options defaults;
    enum dh_status status = dh_lib_format(format, out, err);
    given = given ? given : &defaults;
    *options = (struct dh_format_options){
        .style = given->style, .locale = given->locale, .plain = given->plain != 0};
    if (status)
        return status;
    if (!(*out)->write)
        return dh_fail(err, DH_UNSUPPORTED, "%s can be read, not written", (*out)->title);
    if (given->style && !dh_citation_style_known(dh_str(given->style)))
        return dh_fail(err, DH_INVALID, "there is no style '%.60s'", given->style);
    if (given->locale && !dh_citation_locale_known(dh_str(given->locale)))
        return dh_fail(err, DH_INVALID, "there is no locale '%.60s'", given->locale);
    return DH_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

enum dh_status dh_lib_format(const char *name, const struct dh_format **out, struct dh_err *err)
{
    *out = name ? dh_format_find(dh_str(name)) : NULL;
    if (*out)
        return DH_OK;
    return dh_fail(err, DH_INVALID, "there is no format '%.60s'", name ? name : "");
}

static enum dh_status take(struct json_object *all, struct json_object *records, struct dh_err *err)
{
    size_t count = json_object_array_length(records);
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct json_object *metadata = json_object_get(json_object_array_get_idx(records, i));
        if (json_object_array_add(all, metadata)) {
            json_object_put(metadata);
            status = dh_fail(err, DH_MEMORY, "out of memory");
        }
    }
    json_object_put(records);
    return status;
}

struct reading {
    const struct dh_format *from; /* NULL: as detected */
    struct json_object *records;  /* all of them */
    struct dh_arena *arena;
};

static enum dh_status read_text(void *context, struct dh_str text, struct dh_err *err)
{
    struct reading *reading = context;
    struct json_object *records;
    enum dh_status status =
        dh_format_read(reading->from, text, NULL, &records, reading->arena, err);
    return status ? status : take(reading->records, records, err);
}

static enum dh_status read_all(struct reading *reading, struct dh_str text, struct dh_err *err)
{
    reading->records = json_object_new_array();
    if (!reading->records)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_lib_each_text(text, reading->from, read_text, reading, err);
    if (!status && json_object_array_length(reading->records) == 0)
        status = dh_fail(err, DH_INVALID, "there is no record in this text");
    return status;
}

/* ---- converting ----------------------------------------------------------------------------- */

static enum dh_status write_list(const struct dh_format *to,
                                 const struct dh_format_options *options,
                                 struct json_object *records, struct dh_buf *text, size_t *left_out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    struct dh_format_list list;
    size_t count = json_object_array_length(records);
    enum dh_status status = DH_OK;
    dh_format_list_open(&list, to, options, text);
    for (size_t i = 0; i < count && !status; i++) {
        dh_arena_clear(arena);
        status = dh_format_list_add(&list, json_object_array_get_idx(records, i), text, arena, err);
    }
    dh_format_list_close(&list, text);
    if (left_out)
        *left_out = list.left_out;
    if (!status && list.count == 0)
        status = dh_fail(err, DH_UNSUPPORTED, "%s can give none of the records", to->title);
    return status;
}

static enum dh_status write_all(const struct dh_format *to, const struct dh_format_options *options,
                                struct json_object *records, struct dh_buf *text, size_t *left_out,
                                struct dh_arena *arena, struct dh_err *err)
{
    dh_arena_clear(arena);
    if (json_object_array_length(records) > 1)
        return write_list(to, options, records, text, left_out, arena, err);
    return dh_format_write(to, json_object_array_get_idx(records, 0), options, text, arena, err);
}

enum dh_status dh_convert(const char *text, size_t len, const char *from, const char *to,
                          const struct dh_write_options *options, char **out, size_t *out_len,
                          size_t *left_out, struct dh_err *err)
{
    const struct dh_format *writer;
    struct dh_format_options writing;
    struct dh_arena arena;
    struct dh_buf result;
    struct reading reading = {.arena = &arena};
    *out = NULL;
    if (left_out)
        *left_out = 0;
    enum dh_status status = dh_lib_writer(to, options, &writer, &writing, err);
    if (!status && from)
        status = dh_lib_format(from, &reading.from, err);
    if (status)
        return status;
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&result, DH_RESPONSE_MAX);
    status = read_all(&reading, (struct dh_str){text, len}, err);
    if (!status)
        status = write_all(writer, &writing, reading.records, &result, left_out, &arena, err);
    if (!status)
        status = dh_lib_hand_over(&result, out, out_len, err);
    json_object_put(reading.records);
    dh_buf_release(&result);
    dh_arena_release(&arena);
    return status;
}
