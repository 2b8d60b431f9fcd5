/*
 * The cutter: whatever the input and however it comes in pieces, the same cuts, inside the input
 * and in order, with the right lines.
 */
#include <stdlib.h>

#include "mirror/cutter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
    struct dh_str rest;
    size_t step;
};

static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct text *text = context;
    (void)err;
    *len = text->rest.len < text->step ? text->rest.len : text->step;
    *len = *len < cap ? *len : cap;
    if (*len)
        memcpy(to, text->rest.ptr, *len);
    text->rest = dh_str_from(text->rest, *len);
    return DH_OK;
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

static uint64_t count_lines(struct dh_str input, uint64_t end)
{
    uint64_t lines = 1;
    for (uint64_t i = 0; i < end; i++)
        lines += input.ptr[i] == '\n';
    return lines;
}

static void check(struct dh_str input, const struct dh_cut *cut, uint64_t last)
{
    require(cut->byte >= last && cut->end >= cut->byte && cut->end <= input.len);
    require(cut->line == count_lines(input, cut->byte));
    if (cut->fault) {
        require(cut->fault_byte <= input.len && cut->status != DH_OK);
        return;
    }
    require(cut->end - cut->byte == cut->text.len && cut->text.len >= 2);
    require(memcmp(input.ptr + cut->byte, cut->text.ptr, cut->text.len) == 0);
    struct json_object *json = NULL;
    dh_json_parse(cut->text, &json, NULL);
    json_object_put(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str input = {(const char *)data, size};
    struct text whole = {input, size + 1}, pieces = {input, 3};
    struct dh_cutter *a = NULL, *b = NULL;
    struct dh_cut x, y;
    uint64_t last = 0;
    enum dh_status status = DH_OK;
    if (size > 64 * 1024 || dh_cutter_new(give, &whole, SIZE_MAX / 2, &a, NULL) ||
        dh_cutter_new(give, &pieces, SIZE_MAX / 2, &b, NULL))
        status = DH_DONE;
    while (status == DH_OK) {
        status = dh_cutter_next(a, &x, NULL);
        require(dh_cutter_next(b, &y, NULL) == status);
        require(status == DH_OK || status == DH_DONE);
        if (status)
            break;
        require(x.byte == y.byte && x.end == y.end && x.line == y.line && x.fault == y.fault);
        check(input, &x, last);
        last = x.end;
    }
    dh_cutter_free(a);
    dh_cutter_free(b);
    return 0;
}
