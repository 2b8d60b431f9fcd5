#include "cli/texts.h"

#include "mirror/cutter.h"

enum { CHUNK = 64 * 1024 };

/* A file, and the beginning of it that was looked at. */
struct feed {
    const struct dh_texts *texts;
    const char *path;
    struct dh_input *input;
    struct dh_buf head;
    size_t taken; /* of head */
    bool ended, damaged;
    struct dh_err damage;
};

static void report(const struct feed *feed, struct dh_place place, const struct dh_err *err)
{
    place.file = feed->path;
    feed->texts->bad(feed->texts->context, &place, err);
}

static void tell_progress(const struct feed *feed)
{
    if (feed->texts->progress)
        feed->texts->progress(feed->texts->context, dh_input_position(feed->input));
}

/* Damaged compressed data ends the text, and is told when all before it was looked at. */
static enum dh_status read_more(struct feed *feed, char *to, size_t *len, struct dh_err *err)
{
    *len = 0;
    if (feed->ended)
        return DH_OK;
    enum dh_status status = dh_input_read(feed->input, to, CHUNK, len, &feed->damage);
    feed->ended = status || *len == 0;
    feed->damaged = status == DH_CORRUPT || status == DH_UNSUPPORTED;
    if (status && !feed->damaged && err)
        *err = feed->damage;
    return feed->damaged ? DH_OK : status;
}

static enum dh_status fill(struct feed *feed, size_t *len, struct dh_err *err)
{
    char *to = dh_buf_reserve(&feed->head, CHUNK);
    if (!to)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = read_more(feed, to, len, err);
    feed->head.len += *len;
    return status;
}

/* The cutter's source: the head is refilled whenever it was given away. */
static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct feed *feed = context;
    enum dh_status status = DH_OK;
    if (feed->taken == feed->head.len) {
        feed->head.len = feed->taken = 0;
        status = fill(feed, len, err);
    }
    *len = feed->head.len - feed->taken < cap ? feed->head.len - feed->taken : cap;
    if (*len)
        memcpy(to, feed->head.ptr + feed->taken, *len);
    feed->taken += *len;
    return status;
}

/* The text behind a byte order mark and white space. *seen bytes are known to be that, more of them
 * then. */
static struct dh_str behind_space(struct dh_str text, size_t *seen)
{
    if (!*seen && dh_str_starts(text, DH_STR("\xEF\xBB\xBF")))
        *seen = 3;
    while (*seen < text.len && memchr(" \t\r\n", text.ptr[*seen], 4))
        ++*seen;
    return dh_str_from(text, *seen);
}

/* Reads until it can be told whether this is JSON. */
static enum dh_status look(struct feed *feed, bool *json, struct dh_err *err)
{
    const struct dh_format *from = feed->texts->from;
    enum dh_status status;
    struct dh_str text;
    size_t len = 0, seen = 0;
    do {
        status = fill(feed, &len, err);
        text = behind_space(dh_buf_view(&feed->head), &seen);
    } while (!status && len && !text.len && feed->head.len < DH_DOCUMENT_MAX);
    *json = from ? from->flags & DH_FORMAT_JSON
                 : text.len && (text.ptr[0] == '{' || text.ptr[0] == '[');
    return status;
}

static enum dh_status each_value(struct feed *feed, struct dh_err *err)
{
    struct dh_cutter *cutter;
    struct dh_cut cut;
    enum dh_status status = dh_cutter_new(give, feed, DH_RECORD_MAX, &cutter, err);
    while (!status && !(status = dh_cutter_next(cutter, &cut, err))) {
        struct dh_place place = {.file = feed->path, .line = cut.line, .byte = cut.byte};
        struct dh_err reason = {0};
        if (cut.fault) {
            dh_fail(&reason, cut.status, "%s", cut.fault);
            place.byte = cut.fault_byte;
            report(feed, place, &reason);
        } else if (!cut.included) {
            status = feed->texts->each(feed->texts->context, cut.text, &place, err);
        }
        tell_progress(feed);
    }
    dh_cutter_free(cutter);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status whole(struct feed *feed, struct dh_err *err)
{
    const struct dh_place place = {.file = feed->path, .line = 1};
    enum dh_status status = DH_OK;
    size_t len = 1;
    while (!status && len && feed->head.len <= DH_DOCUMENT_MAX) {
        status = fill(feed, &len, err);
        tell_progress(feed);
    }
    if (status || (feed->damaged && !feed->head.len))
        return status;
    return feed->texts->each(feed->texts->context, dh_buf_view(&feed->head), &place, err);
}

enum dh_status dh_texts_read(const struct dh_texts *texts, const char *path, struct dh_err *err)
{
    struct feed feed = {.texts = texts, .path = path};
    bool json = false;
    enum dh_status status = dh_input_open(path, NULL, &feed.input, err);
    if (status)
        return status;
    dh_input_allow_any_text(feed.input);
    dh_buf_init(&feed.head, (size_t)DH_DOCUMENT_MAX + 2 * CHUNK);
    status = look(&feed, &json, err);
    if (!status)
        status = json ? each_value(&feed, err) : whole(&feed, err);
    if (!status && feed.damaged)
        report(&feed, (struct dh_place){0}, &feed.damage);
    dh_buf_release(&feed.head);
    dh_input_close(feed.input);
    return status;
}
