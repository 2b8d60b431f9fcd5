/* dh_str: a read-only run of bytes, usually UTF-8. May hold NUL bytes and is not terminated. */
#ifndef DH_BASE_STR_H
#define DH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dh_str {
    const char *ptr;
    size_t len;
};

/* A dh_str of a string literal. */
#define DH_STR(literal) ((struct dh_str){(literal), sizeof(literal) - 1})
#define DH_STR_NONE     ((struct dh_str){NULL, 0})
/* For printf: printf("%.*s", DH_STR_ARG(s)) */
#define DH_STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

/* Borrows a terminated string; NULL gives the empty string. */
static inline struct dh_str dh_str(const char *text)
{
    return (struct dh_str){text, text ? strlen(text) : 0};
}

static inline bool dh_str_equal(struct dh_str a, struct dh_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* A terminated copy, the caller's to free(); NULL out of memory. */
char *dh_str_dup(struct dh_str s);
/* Equal when ASCII letters differ only in case. */
bool dh_str_equal_nocase(struct dh_str a, struct dh_str b);
/* Bytewise order; negative, 0 or positive. */
int dh_str_compare(struct dh_str a, struct dh_str b);
bool dh_str_starts(struct dh_str s, struct dh_str prefix);
bool dh_str_starts_nocase(struct dh_str s, struct dh_str prefix);
bool dh_str_ends(struct dh_str s, struct dh_str suffix);
/* The part from `from` to the end; empty when `from` is past it. */
struct dh_str dh_str_from(struct dh_str s, size_t from);
/* Without leading and trailing ASCII white space. */
struct dh_str dh_str_trim(struct dh_str s);
/* Takes this character off the front of *s; false, and nothing taken, when another stands there. */
bool dh_str_take(struct dh_str *s, char c);
/* Likewise exactly `count` decimal digits, as a number (at most 9 of them). */
bool dh_str_take_digits(struct dh_str *s, size_t count, unsigned *out);
/* A decimal number as JSON and people write it, of at most DH_DECIMAL_MAX bytes: no hexadecimal
 * one, no "nan"; infinite when it is too large. False when the text is none. */
enum { DH_DECIMAL_MAX = 63 };
bool dh_str_decimal(struct dh_str text, double *out);
/* True when empty or only ASCII white space. */
bool dh_str_blank(struct dh_str s);
/* Offset of the first `c`, or s.len. */
size_t dh_str_find(struct dh_str s, char c);
/*
 * Takes the part before the next `separator` off *rest into *part. Returns false
 * when *rest was exhausted; an empty *rest that was never split gives one empty part.
 */
bool dh_str_split(struct dh_str *rest, char separator, struct dh_str *part);
/* Leading integer of the text as Ruby's to_i reads it: "12abc" is 12, "abc" 0; saturates. */
int64_t dh_str_integer(struct dh_str s);

#endif
