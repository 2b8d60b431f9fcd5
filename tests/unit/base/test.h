/* What the unit tests of base share: cmocka and comparing strings. */
#ifndef DH_TEST_BASE_H
#define DH_TEST_BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static inline void assert_str(struct dh_str actual, const char *expected)
{
    if (!dh_str_equal(actual, dh_str(expected)))
        fail_msg("got `%.*s`, expected `%s`", DH_STR_ARG(actual), expected);
}

#endif
