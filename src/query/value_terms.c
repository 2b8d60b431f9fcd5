/* Texts and JSON scalars as the terms of a type, and the values at one path. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "query/value_parts.h"
#include "query/words.h"

static enum dh_status no_memory(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory while values were read");
}

/* ---- numbers -------------------------------------------------------------------------------- */

static bool decimal(struct dh_str text, double *out)
{
    return dh_str_decimal(dh_str_trim(text), out) && isfinite(*out);
}

/* A fraction is cut off, as the search engine does with a number that is to be an integer. */
static bool integer(struct dh_str text, int64_t *out)
{
    char copy[DH_DECIMAL_MAX + 1], *end;
    double number;
    if (!decimal(text, &number))
        return false;
    text = dh_str_trim(text);
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    errno = 0;
    long long whole = strtoll(copy, &end, 10);
    if (*end == '\0' && !errno) {
        *out = whole;
        return true;
    }
    if (fabs(number) >= 9.2e18)
        return false;
    *out = (int64_t)number;
    return true;
}

static bool boolean(struct dh_str text, int64_t *out)
{
    *out = dh_str_equal(text, DH_STR("true"));
    return *out || dh_str_equal(text, DH_STR("false"));
}

static enum dh_status integer_term(int64_t value, struct dh_str out[2], size_t *count,
                                   struct dh_arena *arena, struct dh_err *err)
{
    char *term = dh_arena_alloc(arena, DH_NUMBER_TERM);
    if (!term)
        return no_memory(err);
    dh_term_of_integer(value, term);
    out[(*count)++] = (struct dh_str){term, DH_NUMBER_TERM};
    return DH_OK;
}

static enum dh_status float_term(double value, struct dh_str out[2], size_t *count,
                                 struct dh_arena *arena, struct dh_err *err)
{
    char *term = dh_arena_alloc(arena, DH_NUMBER_TERM);
    if (!term)
        return no_memory(err);
    dh_term_of_double(value, term);
    out[(*count)++] = (struct dh_str){term, DH_NUMBER_TERM};
    return DH_OK;
}

static enum dh_status number_terms(struct dh_str text, enum dh_index type, struct dh_str out[2],
                                   size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    static bool (*const readers[])(struct dh_str, int64_t *) = {
        [DH_INDEX_DATE] = dh_time_parse,
        [DH_INDEX_INTEGER] = integer,
        [DH_INDEX_BOOLEAN] = boolean,
    };
    double number;
    int64_t value;
    if (type == DH_INDEX_FLOAT)
        return decimal(text, &number) ? float_term(number, out, count, arena, err) : DH_OK;
    return readers[type](text, &value) ? integer_term(value, out, count, arena, err) : DH_OK;
}

/* ---- texts ---------------------------------------------------------------------------------- */

enum dh_status dh_value_terms(struct dh_str text, enum dh_index type, struct dh_str out[2],
                              size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    *count = 0;
    if (type >= DH_INDEX_DATE)
        return number_terms(text, type, out, count, arena, err);
    if (text.len > DH_VALUE_MAX)
        return DH_OK;
    struct dh_str lower = type == DH_INDEX_KEYWORD ? text : dh_text_lower(arena, text);
    struct dh_str other = DH_STR_NONE;
    if (type == DH_INDEX_PID)
        other = dh_text_doi(arena, text);
    if (type == DH_INDEX_FOLDED && !(other = dh_text_fold(arena, text)).ptr)
        return no_memory(err);
    if (!lower.ptr && text.ptr)
        return no_memory(err);
    out[(*count)++] = lower;
    if (other.ptr && !dh_str_equal(other, lower))
        out[(*count)++] = other;
    return DH_OK;
}

struct dh_str dh_value_text(struct json_object *scalar, struct dh_arena *arena)
{
    struct dh_str text = dh_json_str(scalar);
    struct dh_buf buf;
    if (text.ptr)
        return text;
    if (json_object_is_type(scalar, json_type_boolean))
        return json_object_get_boolean(scalar) ? DH_STR("true") : DH_STR("false");
    dh_buf_init(&buf, DH_RECORD_MAX);
    dh_json_write(&buf, scalar, DH_JSON_PLAIN);
    text = dh_buf_view(&buf);
    if (dh_str_ends(text, DH_STR("e0"))) /* how the parser marks an integer beyond 64 bits */
        text.len -= 2;
    text = buf.status ? DH_STR_NONE : dh_arena_copy(arena, text);
    dh_buf_release(&buf);
    return text;
}

enum dh_status dh_value_scalar(struct json_object *scalar, enum dh_index type, struct dh_str out[2],
                               size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    enum json_type kind = json_object_get_type(scalar);
    *count = 0;
    if (type == DH_INDEX_FLOAT && (kind == json_type_double || kind == json_type_int)) {
        double number = json_object_get_double(scalar);
        return isfinite(number) ? float_term(number, out, count, arena, err) : DH_OK;
    }
    struct dh_str text = dh_value_text(scalar, arena);
    if (!text.ptr)
        return no_memory(err);
    if (type != DH_INDEX_TEXT)
        return dh_value_terms(text, type, out, count, arena, err);
    out[(*count)++] = text;
    return DH_OK;
}

/* ---- one path ------------------------------------------------------------------------------- */

struct collection {
    enum dh_index type;
    struct dh_str *values;
    size_t count, cap;
    struct dh_arena *arena;
    struct dh_err *err;
    enum dh_status status;
};

static void collect(void *context, size_t row, struct json_object *value)
{
    struct collection *to = context;
    (void)row;
    if (to->status)
        return;
    struct dh_str *values =
        dh_arena_reserve(to->arena, to->values, &to->cap, to->count + 2, sizeof(*values));
    if (!values) {
        to->status = no_memory(to->err);
        return;
    }
    to->values = values;
    size_t count;
    to->status =
        dh_value_scalar(value, to->type, to->values + to->count, &count, to->arena, to->err);
    to->count += to->status ? 0 : count;
}

enum dh_status dh_values_of(struct json_object *object, const char *path, enum dh_index type,
                            struct dh_str **out, size_t *count, struct dh_arena *arena,
                            struct dh_err *err)
{
    struct collection to = {.type = type, .arena = arena, .err = err};
    struct dh_value_name *names = NULL;
    if (!dh_value_names_add(&names, path, 0, arena))
        return no_memory(err);
    dh_value_names_follow(names, object, collect, &to);
    *out = to.values;
    *count = to.count;
    return to.status;
}
