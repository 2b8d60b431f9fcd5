/* Errors: one struct passed down, filled where the failure is found, never global. */
#ifndef DH_BASE_ERR_H
#define DH_BASE_ERR_H

#include "base/str.h"
#include "doihound.h"

/* Fills *err (may be NULL) with a printf-style line and returns `code`, for `return dh_fail(...)`.
 */
enum dh_status dh_fail(struct dh_err *err, enum dh_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* As dh_fail, with the byte offset in the input. */
enum dh_status dh_fail_at(struct dh_err *err, enum dh_status code, size_t pos, const char *format,
                          ...) __attribute__((format(printf, 4, 5)));
/* Names the property at fault. Keeps code and text. */
void dh_err_field(struct dh_err *err, struct dh_str field);

#endif
