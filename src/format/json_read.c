/*
 * JSON as readers want it: a key that is there twice is an error, as one of its values would be
 * lost. The parser keeps the last of them, so a text with more keys than its tree has some twice.
 */
#include <stdlib.h>

#include "format/json_trees.h"

/* Where a string that begins with the quote at `at` ends: past its closing quote. */
static size_t end_of_string(struct dh_str text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++)
        if (text.ptr[at] == '\\')
            at++;
    return at < text.len ? at + 1 : text.len;
}

/* In valid JSON a colon outside strings follows a key. */
static size_t keys_in_text(struct dh_str text)
{
    size_t count = 0, at = 0;
    while (at < text.len) {
        if (text.ptr[at] == '"') {
            at = end_of_string(text, at);
            continue;
        }
        count += text.ptr[at] == ':';
        at++;
    }
    return count;
}

static size_t keys_in_tree(struct json_object *value)
{
    size_t count = 0;
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            count += keys_in_tree(json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member)
        {
            (void)key;
            count += 1 + keys_in_tree(member);
        }
    }
    return count;
}

/* ---- which key it is ------------------------------------------------------------------------ */

struct key {
    const char *ptr; /* without its quotes */
    unsigned len;
    unsigned object; /* the number of the object that it stands in */
};

static int by_object_and_name(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    int order = dh_str_compare((struct dh_str){x->ptr, x->len}, (struct dh_str){y->ptr, y->len});
    return order ? order : (x->ptr > y->ptr) - (x->ptr < y->ptr);
}

static bool key_follows(struct dh_str text, size_t at)
{
    while (at < text.len && memchr(" \t\r\n", text.ptr[at], 4))
        at++;
    return at < text.len && text.ptr[at] == ':';
}

/* All keys with their objects; as many as fit into the buffer. */
static void collect_keys(struct dh_str text, struct dh_buf *keys)
{
    unsigned objects[DH_JSON_DEPTH_MAX + 1], made = 0;
    size_t depth = 0, at = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"') {
            size_t end = end_of_string(text, at);
            if (depth && key_follows(text, end))
                dh_buf_add(
                    keys,
                    &(struct key){text.ptr + at + 1, (unsigned)(end - at - 2), objects[depth - 1]},
                    sizeof(struct key));
            at = end;
            continue;
        }
        if (c == '{' && depth <= DH_JSON_DEPTH_MAX)
            objects[depth++] = made++;
        depth -= c == '}' && depth;
        at++;
    }
}

/* The second of two equal keys that comes first; ptr NULL when they are written differently. */
static struct dh_str second_key(struct dh_str text)
{
    struct dh_str found = DH_STR_NONE;
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    collect_keys(text, &buf);
    struct key *keys = (struct key *)(void *)buf.ptr;
    size_t count = buf.len / sizeof(*keys);
    if (count)
        qsort(keys, count, sizeof(*keys), by_object_and_name);
    for (size_t i = 1; i < count; i++)
        if (keys[i].object == keys[i - 1].object && keys[i].len == keys[i - 1].len &&
            memcmp(keys[i].ptr, keys[i - 1].ptr, keys[i].len) == 0 &&
            (!found.ptr || keys[i].ptr < found.ptr))
            found = (struct dh_str){keys[i].ptr, keys[i].len};
    dh_buf_release(&buf);
    return found;
}

static enum dh_status refuse_twins(struct dh_str text, size_t offset, struct dh_err *err)
{
    struct dh_str key = second_key(text);
    if (!key.ptr)
        return dh_fail(err, DH_INVALID, "The same key is defined more than once");
    return dh_fail_at(err, DH_INVALID, (size_t)(key.ptr - text.ptr) + offset,
                      "The same key is defined more than once: %.*s", DH_STR_ARG(key));
}

enum dh_status dh_json_read(struct dh_str text, struct json_object **out, struct dh_err *err)
{
    struct dh_str body = text;
    if (dh_str_starts(body, DH_STR("\xEF\xBB\xBF")))
        body = dh_str_from(body, 3);
    size_t offset = text.len - body.len;
    enum dh_status status = dh_json_parse(body, out, err);
    if (status && err)
        err->pos += offset;
    if (status || keys_in_text(body) == keys_in_tree(*out))
        return status;
    json_object_put(*out);
    *out = NULL;
    return refuse_twins(body, offset, err);
}
