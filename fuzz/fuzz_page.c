/*
 * Pages of another server, and what is written down of a walk through them. The first byte tells
 * what the rest is: 'a' activities, 'e' events, 'p' progress, else records. A page that was taken
 * once is not taken again, and what is written of the slice is the slice when read.
 */
#include <stdlib.h>

#include "mirror/activity_read.h"
#include "mirror/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const struct dh_slice *a, const struct dh_slice *b)
{
    return strcmp(a->filter, b->filter) == 0 && strcmp(a->cursor, b->cursor) == 0 &&
           a->got == b->got && a->total == b->total && a->first == b->first && a->most == b->most &&
           a->last == b->last && a->over == b->over;
}

static void write_and_read(const struct dh_walk *walk)
{
    struct dh_walk again = {.url = walk->url, .filter = walk->filter};
    struct dh_err err = {0};
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX);
    dh_walk_write(walk, &text);
    require(!text.status && dh_walk_read(&again, dh_buf_view(&text), &err) == DH_OK);
    require(again.count == walk->count);
    for (size_t i = 0; i < walk->count; i++)
        require(same(&walk->slices[i], &again.slices[i]));
    dh_walk_release(&again);
    dh_buf_release(&text);
}

static void take_page(const char *type, struct dh_str body)
{
    struct dh_walk walk;
    struct dh_err err = {0};
    struct dh_buf url;
    require(dh_walk_init(&walk, "http://x", "", NULL, 0, &err) == DH_OK);
    struct dh_slice *slice = &walk.slices[0];
    slice->type = type;
    if (dh_walk_take(slice, body, &err)) {
        require(err.text[0] && !slice->got && !*slice->cursor);
    } else {
        bool records = slice->got > 0;
        require(strlen(slice->cursor) <= DH_CURSOR_MAX && (records || slice->over));
        dh_buf_init(&url, DH_DOCUMENT_MAX);
        dh_walk_url(&walk, slice, &url);
        require(!url.status);
        dh_buf_release(&url);
        write_and_read(&walk);
        require((dh_walk_take(slice, body, &err) != DH_OK) == records);
    }
    dh_walk_release(&walk);
}

static void read_progress(struct dh_str text)
{
    struct dh_walk walk = {.url = "http://x", .filter = ""};
    struct dh_err err = {0};
    if (dh_walk_read(&walk, text, &err) == DH_OK)
        write_and_read(&walk);
    else
        require(err.text[0]);
    dh_walk_release(&walk);
}

static void read_activities(struct dh_str body)
{
    const struct dh_subject subjects[] = {{.doi = DH_STR("10.1/a")}, {.doi = DH_STR("10.1/b")}};
    struct dh_activities activities;
    struct dh_err err = {0};
    for (size_t count = 1; count <= 2; count++) {
        enum dh_status status = dh_activities_read(body, subjects, count, &activities, &err);
        require(!status || err.text[0]);
        require(!activities.bad || activities.why.text[0]);
        for (size_t i = 0; !status && i < activities.count; i++)
            require(activities.items[i].version > 0 && activities.items[i].origin.len);
        dh_activities_release(&activities);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str rest = {(const char *)data + 1, size ? size - 1 : 0};
    if (!size)
        return 0;
    switch (data[0]) {
    case 'a':
        read_activities(rest);
        break;
    case 'e':
        take_page("events", rest);
        break;
    case 'p':
        read_progress(rest);
        break;
    default:
        take_page(NULL, rest);
    }
    return 0;
}
