/* A text cut into what is read at once: JSON value by value, everything else as one. */
#include "base/limits.h"
#include "lib/lib.h"

static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct dh_str *unread = context;
    (void)err;
    *len = unread->len < cap ? unread->len : cap;
    if (*len)
        memcpy(to, unread->ptr, *len);
    *unread = dh_str_from(*unread, *len);
    return DH_OK;
}

static enum dh_status each_value(struct dh_str text, dh_lib_text *each, void *context,
                                 struct dh_err *err)
{
    struct dh_cutter *cutter;
    struct dh_cut cut;
    enum dh_status status = dh_cutter_new(give, &text, DH_RECORD_MAX, &cutter, err);
    while (!status && !(status = dh_cutter_next(cutter, &cut, err))) {
        if (cut.fault)
            status = dh_fail_at(err, cut.status, (size_t)cut.fault_byte, "%s", cut.fault);
        else if (!cut.included)
            status = each(context, cut.text, err);
        if (status && !cut.fault && err)
            err->pos += (size_t)cut.byte;
    }
    dh_cutter_free(cutter);
    return status == DH_DONE ? DH_OK : status;
}

static char first_byte(struct dh_str text)
{
    if (dh_str_starts(text, DH_STR("\xEF\xBB\xBF")))
        text = dh_str_from(text, 3);
    text = dh_str_trim(text);
    return text.len ? text.ptr[0] : '\0';
}

enum dh_status dh_lib_each_text(struct dh_str text, const struct dh_format *format,
                                dh_lib_text *each, void *context, struct dh_err *err)
{
    char first = first_byte(text);
    bool json = format ? format->flags & DH_FORMAT_JSON : first == '{' || first == '[';
    return json ? each_value(text, each, context, err) : each(context, text, err);
}
