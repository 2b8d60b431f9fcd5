#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

const char *dh_status_text(enum dh_status status)
{
    static const char *const texts[] = {
        [DH_OK] = "ok",
        [DH_DONE] = "done",
        [DH_NOT_FOUND] = "not found",
        [DH_INVALID] = "invalid input",
        [DH_LIMIT] = "limit reached",
        [DH_UNSUPPORTED] = "not supported",
        [DH_BUSY] = "store is locked",
        [DH_NEWER] = "store is newer than this program",
        [DH_CORRUPT] = "store is damaged",
        [DH_IO] = "input/output error",
        [DH_MEMORY] = "out of memory",
    };
    size_t i = (size_t)status;
    return i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : "unknown status";
}

/*
 * What is quoted may be anything, and the text goes to terminals and into JSON: no control bytes,
 * no broken UTF-8 (a character cut at the end is one).
 */
static void make_plain(char *text)
{
    struct dh_str rest = dh_str(text);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
    for (size_t at; (at = dh_utf8_check(rest)) < rest.len;)
        text[at] = '?';
}

__attribute__((format(printf, 4, 0))) static enum dh_status
fail(struct dh_err *err, enum dh_status code, size_t pos, const char *format, va_list args)
{
    if (err) {
        *err = (struct dh_err){.code = code, .pos = pos};
        vsnprintf(err->text, sizeof(err->text), format, args);
        make_plain(err->text);
    }
    return code;
}

enum dh_status dh_fail(struct dh_err *err, enum dh_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail(err, code, 0, format, args);
    va_end(args);
    return code;
}

enum dh_status dh_fail_at(struct dh_err *err, enum dh_status code, size_t pos, const char *format,
                          ...)
{
    va_list args;
    va_start(args, format);
    fail(err, code, pos, format, args);
    va_end(args);
    return code;
}

void dh_err_field(struct dh_err *err, struct dh_str field)
{
    if (!err)
        return;
    snprintf(err->field, sizeof(err->field), "%.*s", DH_STR_ARG(field));
    make_plain(err->field);
}
