/*
 * Line: the text of one record while it is written.
 */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { LINE_MAX_BYTES = 1 << 20 };

struct line {
    char *bytes; /* LINE_MAX_BYTES of them; what is beyond is left out */
    size_t len;
};

static inline void put_bytes(struct line *line, const char *bytes, size_t len)
{
    if (len <= LINE_MAX_BYTES - line->len) {
        memcpy(line->bytes + line->len, bytes, len);
        line->len += len;
    }
}

/* Inline, so that the lengths of literals are known. */
static inline void put(struct line *line, const char *text)
{
    put_bytes(line, text, strlen(text));
}

/* At least so many digits. */
void put_number(struct line *line, uint64_t number, unsigned digits);
/* A code point in UTF-8. */
void put_character(struct line *line, unsigned code);
/* ,"name":"text" without escaping; no comma after a bracket. */
void put_member(struct line *line, const char *name, const char *text);
/* A comma between members or elements, none before the first. */
void put_comma(struct line *line);
/* "name":"2020-01-02T03:04:05Z"; the day alone; the month alone. */
void put_time(struct line *line, const char *name, time_t instant);
void put_day(struct line *line, time_t instant);
/* Makes what begins at `from` begin with a capital. */
void put_capital(struct line *line, size_t from);

#endif
