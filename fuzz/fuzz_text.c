/* The small readers of text: times, DOIs, UTF-8, weighted headers, percent-escapes. */
#include <stdlib.h>

#include "http/http.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(struct dh_str text)
{
    char shown[DH_TIME_TEXT_MAX];
    int64_t time, again;
    if (!dh_time_parse(text, &time) || time < 0)
        return;
    size_t len = dh_time_format(time, true, shown);
    if (!dh_time_parse((struct dh_str){shown, len}, &again) || again != time)
        abort();
}

static void check_doi(struct dh_arena *arena, struct dh_str text)
{
    struct dh_str doi = dh_doi_parse(arena, text);
    if (!doi.ptr)
        return;
    if (!dh_doi_valid(doi) || !dh_str_equal(dh_doi_parse(arena, doi), doi))
        abort();
}

static void check_escapes(struct dh_arena *arena, struct dh_str text)
{
    struct dh_buf escaped;
    dh_buf_init(&escaped, DH_RECORD_MAX);
    dh_url_encode_form(&escaped, text);
    if (!dh_str_equal(dh_url_decode(arena, dh_buf_view(&escaped), true), text))
        abort();
    dh_buf_release(&escaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    struct dh_weighted items[8];
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    check_time(text);
    check_doi(&arena, text);
    check_escapes(&arena, text);
    struct dh_str clean = dh_utf8_clean(&arena, text);
    if (dh_utf8_check(clean) != clean.len)
        abort();
    if (dh_weighted_parse(text, items, 8) > 8)
        abort();
    (void)(dh_accepts_gzip(text) && dh_refuses_all_encodings(text));
    dh_arena_release(&arena);
    return 0;
}
