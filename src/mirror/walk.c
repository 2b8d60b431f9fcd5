#include "mirror/walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

#include "http/url.h"

/* ---- slices --------------------------------------------------------------------------------- */

static bool slice_init(struct dh_slice *slice, const char *filter)
{
    *slice =
        (struct dh_slice){.filter = strdup(filter), .cursor = strdup(""), .last = DH_TIME_NONE};
    return slice->filter && slice->cursor;
}

enum dh_status dh_walk_init(struct dh_walk *walk, const char *url, const char *filter,
                            const char *const *filters, size_t count, struct dh_err *err)
{
    bool good;
    *walk = (struct dh_walk){.url = url, .filter = filter, .page_size = DH_PAGE_MAX};
    walk->slices = calloc(count ? count : 1, sizeof(*walk->slices));
    good = walk->slices != NULL;
    for (size_t i = 0; good && i < (count ? count : 1); i++, walk->count++)
        good = slice_init(&walk->slices[i], count ? filters[i] : "");
    if (good)
        return DH_OK;
    dh_walk_release(walk);
    return dh_fail(err, DH_MEMORY, "out of memory");
}

void dh_walk_release(struct dh_walk *walk)
{
    for (size_t i = 0; i < walk->count; i++) {
        free(walk->slices[i].filter);
        free(walk->slices[i].cursor);
        free(walk->slices[i].page);
    }
    free(walk->slices);
    walk->slices = NULL;
    walk->count = 0;
}

/* ---- URLs ----------------------------------------------------------------------------------- */

static void add_part(struct dh_buf *out, const char *part)
{
    if (!*part)
        return;
    dh_buf_char(out, '&');
    dh_buf_text(out, part);
}

void dh_walk_url(const struct dh_walk *walk, const struct dh_slice *slice, struct dh_buf *out)
{
    if (walk->path)
        dh_buf_printf(out, "%s/%s?", walk->url, walk->path);
    else
        dh_buf_printf(out, "%s/dois?%s&disable-facets=true&", walk->url,
                      walk->shape ? walk->shape : DH_WALK_WHOLE);
    dh_buf_printf(out, "page%%5Bsize%%5D=%u", walk->page_size);
    add_part(out, walk->filter);
    add_part(out, slice->filter);
    dh_buf_text(out, "&page%5Bcursor%5D=");
    dh_url_encode_form(out, *slice->cursor ? dh_str(slice->cursor) : DH_STR("1"));
}

void dh_walk_count_url(const struct dh_walk *walk, const char *filter, struct dh_buf *out)
{
    dh_buf_printf(out, "%s/dois?disable-facets=true&page%%5Bsize%%5D=0", walk->url);
    add_part(out, walk->filter);
    add_part(out, filter);
}

/* ---- pages ---------------------------------------------------------------------------------- */

static int64_t total_told(struct json_object *page)
{
    struct json_object *total = dh_json_get(dh_json_get(page, "meta"), "total");
    return json_object_is_type(total, json_type_int) ? json_object_get_int64(total) : -1;
}

static enum dh_status open_page(struct dh_str body, struct json_object **page, struct dh_err *err)
{
    struct dh_err why;
    *page = NULL;
    if (dh_json_parse(body, page, &why))
        return dh_fail(err, DH_INVALID, "the answer is no JSON: %s", why.text);
    if (json_object_is_type(dh_json_get(*page, "data"), json_type_array) && total_told(*page) >= 0)
        return DH_OK;
    json_object_put(*page);
    *page = NULL;
    return dh_fail(err, DH_INVALID, "the answer is no list with `data` and `meta.total`");
}

static uint64_t total_of(struct json_object *page)
{
    return (uint64_t)total_told(page); /* a page that was opened has one */
}

enum dh_status dh_walk_total(struct dh_str body, uint64_t *total, struct dh_err *err)
{
    struct json_object *page;
    enum dh_status status = open_page(body, &page, err);
    if (!status)
        *total = total_of(page);
    json_object_put(page);
    return status;
}

/* The value of page[cursor] in links.next, the arena's; ptr NULL when there is no next page. Only
 * that: servers are known to drop other parameters from the link. */
static struct dh_str next_cursor(struct json_object *page, struct dh_arena *arena)
{
    struct dh_str next = dh_json_member(dh_json_get(page, "links"), "next");
    struct dh_params params;
    if (!next.ptr || dh_params_parse(arena, dh_str_from(next, dh_str_find(next, '?') + 1), &params))
        return DH_STR_NONE;
    struct dh_str cursor = dh_params_get(&params, "page", "cursor");
    return dh_str_blank(cursor) ? DH_STR_NONE : dh_arena_copy(arena, cursor);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* What a page says of itself. */
struct look {
    uint64_t *hashes; /* of its DOIs, sorted, each once; the caller's */
    size_t count, fresh;
    int64_t first, last; /* `created`, DH_TIME_NONE without records */
};

static int64_t created_of(struct json_object *resource)
{
    int64_t time = INT64_MAX; /* the cursor gives records without a time last */
    dh_time_parse(dh_json_member(dh_json_get(resource, "attributes"), "created"), &time);
    return time;
}

static enum dh_status hash_ids(const struct dh_slice *slice, struct json_object *data,
                               struct look *look, struct dh_err *err)
{
    struct dh_str type = dh_str(slice->type ? slice->type : "dois");
    size_t count = json_object_array_length(data), kept = 0;
    look->hashes = calloc(count + 1, sizeof(*look->hashes));
    if (!look->hashes)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        struct dh_str id = dh_json_member(json_object_array_get_idx(data, i), "id");
        if (!dh_str_equal(dh_json_member(json_object_array_get_idx(data, i), "type"), type))
            return dh_fail(err, DH_INVALID, "resource %zu of the page is none of %s", i + 1,
                           type.ptr);
        if (!id.len)
            return dh_fail(err, DH_INVALID, "record %zu of the page has no id", i + 1);
        look->hashes[i] = XXH3_64bits(id.ptr, id.len);
    }
    qsort(look->hashes, count, sizeof(*look->hashes), by_value);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || look->hashes[i] != look->hashes[i - 1])
            look->hashes[kept++] = look->hashes[i];
    look->count = kept;
    return DH_OK;
}

static enum dh_status look_at(const struct dh_slice *slice, struct json_object *data,
                              struct look *look, struct dh_err *err)
{
    size_t count = json_object_array_length(data);
    enum dh_status status = hash_ids(slice, data, look, err);
    if (status)
        return status;
    for (size_t i = 0; i < look->count; i++)
        look->fresh += !slice->page || !bsearch(&look->hashes[i], slice->page, slice->page_count,
                                                sizeof(*slice->page), by_value);
    look->first = look->last = slice->last;
    if (count) {
        look->first = created_of(json_object_array_get_idx(data, 0));
        look->last = created_of(json_object_array_get_idx(data, count - 1));
    }
    return DH_OK;
}

/* Totals change while records come; a page more than counted is no proof of a fault. */
static bool too_many(uint64_t got, uint64_t total)
{
    return got > total + total / 10 + 2 * DH_PAGE_MAX;
}

static enum dh_status judge(const struct dh_slice *slice, const struct look *look, uint64_t total,
                            struct dh_err *err)
{
    if (look->count && !look->fresh)
        return dh_fail(err, DH_INVALID, "the server gave the same page again");
    if (look->count && slice->last != DH_TIME_NONE && look->first < slice->last)
        return dh_fail(err, DH_INVALID,
                       "the server went back to records older than those it gave before");
    if (slice->first && total > 2 * slice->first + DH_GROWTH_MAX)
        return dh_fail(err, DH_INVALID,
                       "the server counts ever more records: %" PRIu64 ", at first %" PRIu64
                       "; a walk begun anew would take that as it is",
                       total, slice->first);
    uint64_t most = total > slice->most ? total : slice->most;
    if (too_many(slice->got + look->fresh, most))
        return dh_fail(err, DH_INVALID,
                       "the server gives more records than it counts (%" PRIu64 " of %" PRIu64 ")",
                       slice->got + look->fresh, most);
    return DH_OK;
}

static enum dh_status advance(struct dh_slice *slice, struct look *look, uint64_t total,
                              struct dh_str cursor, struct dh_err *err)
{
    bool over = !look->count || !cursor.ptr;
    char *copy = dh_str_dup(over ? DH_STR("") : cursor);
    if (!copy)
        return dh_fail(err, DH_MEMORY, "out of memory");
    free(slice->cursor);
    free(slice->page);
    slice->cursor = copy;
    slice->page = look->hashes;
    slice->page_count = look->count;
    look->hashes = NULL;
    slice->got += look->fresh;
    slice->last = look->last;
    slice->total = total;
    slice->first = slice->first ? slice->first : total;
    slice->most = total > slice->most ? total : slice->most;
    slice->over = over;
    return DH_OK;
}

enum dh_status dh_walk_take(struct dh_slice *slice, struct dh_str body, struct dh_err *err)
{
    struct json_object *page;
    struct look look = {0};
    struct dh_arena arena;
    enum dh_status status = open_page(body, &page, err);
    if (status)
        return status;
    dh_arena_init(&arena, DH_FETCH_MAX);
    struct dh_str cursor = next_cursor(page, &arena);
    if (cursor.len > DH_CURSOR_MAX)
        status = dh_fail(err, DH_INVALID, "the server gives a cursor of %zu bytes", cursor.len);
    if (!status)
        status = look_at(slice, dh_json_get(page, "data"), &look, err);
    if (!status)
        status = judge(slice, &look, total_of(page), err);
    if (!status)
        status = advance(slice, &look, total_of(page), cursor, err);
    free(look.hashes);
    dh_arena_release(&arena);
    json_object_put(page);
    return status;
}

/* ---- written down --------------------------------------------------------------------------- */

static void write_slice(const struct dh_slice *slice, struct dh_buf *out)
{
    dh_buf_text(out, "{\"filter\":");
    dh_json_string(out, dh_str(slice->filter), 0);
    dh_buf_text(out, ",\"cursor\":");
    dh_json_string(out, dh_str(slice->cursor), 0);
    dh_buf_printf(out, ",\"got\":%" PRIu64 ",\"total\":%" PRIu64 ",\"over\":%s", slice->got,
                  slice->total, slice->over ? "true" : "false");
    dh_buf_printf(out, ",\"first\":%" PRIu64 ",\"most\":%" PRIu64, slice->first, slice->most);
    if (slice->last != DH_TIME_NONE)
        dh_buf_printf(out, ",\"last\":%" PRId64, slice->last);
    dh_buf_char(out, '}');
}

void dh_walk_write(const struct dh_walk *walk, struct dh_buf *out)
{
    dh_buf_text(out, "{\"slices\":[");
    for (size_t i = 0; i < walk->count; i++) {
        if (i)
            dh_buf_char(out, ',');
        write_slice(&walk->slices[i], out);
    }
    dh_buf_text(out, "]}");
}

static uint64_t number(struct json_object *object, const char *key)
{
    int64_t value = json_object_get_int64(dh_json_get(object, key));
    return value > 0 ? (uint64_t)value : 0;
}

static bool read_slice(struct dh_slice *slice, struct json_object *object)
{
    struct dh_str cursor = dh_json_member(object, "cursor");
    *slice = (struct dh_slice){
        .filter = strdup(json_object_get_string(dh_json_get(object, "filter"))),
        .cursor = dh_str_dup(cursor),
        .got = number(object, "got"),
        .total = number(object, "total"),
        .first = number(object, "first"),
        .most = number(object, "most"),
        .last = dh_json_has(object, "last") ? json_object_get_int64(dh_json_get(object, "last"))
                                            : DH_TIME_NONE,
        .over = json_object_get_boolean(dh_json_get(object, "over")),
    };
    return slice->filter && slice->cursor;
}

static bool is_slice(struct json_object *object)
{
    return dh_json_member(object, "filter").ptr && dh_json_member(object, "cursor").ptr;
}

enum dh_status dh_walk_read(struct dh_walk *walk, struct dh_str text, struct dh_err *err)
{
    struct json_object *tree = NULL;
    enum dh_status status = dh_json_parse(text, &tree, err);
    struct json_object *slices = dh_json_get(tree, "slices");
    size_t count =
        json_object_is_type(slices, json_type_array) ? json_object_array_length(slices) : 0;
    for (size_t i = 0; i < count && !status; i++)
        if (!is_slice(json_object_array_get_idx(slices, i)))
            status = dh_fail(err, DH_INVALID, "the progress of the walk cannot be read");
    if (!status && !count)
        status = dh_fail(err, DH_INVALID, "the progress of the walk cannot be read");
    walk->page_size = DH_PAGE_MAX;
    walk->slices = status ? NULL : calloc(count + 1, sizeof(*walk->slices));
    if (!status && !walk->slices)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    for (; !status && walk->count < count; walk->count++)
        if (!read_slice(&walk->slices[walk->count], json_object_array_get_idx(slices, walk->count)))
            status = dh_fail(err, DH_MEMORY, "out of memory");
    json_object_put(tree);
    return status;
}
