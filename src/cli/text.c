#include "cli/text.h"

#include <uniwidth.h>

void dh_text_write(FILE *out, struct dh_str text)
{
    if (text.len)
        fwrite(text.ptr, 1, text.len, out);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Characters that would act on the terminal instead of being shown. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

struct dh_str dh_text_clean(struct dh_arena *arena, struct dh_str text)
{
    text = dh_utf8_clean(arena, text);
    char *clean = dh_arena_alloc(arena, text.len + 1);
    size_t len = 0, size;
    bool gap = false;
    for (size_t i = 0; clean && i < text.len; i += size) {
        uint32_t c = dh_utf8_next(dh_str_from(text, i), &size);
        if (is_space(c)) {
            gap = len > 0;
            continue;
        }
        if (is_control(c))
            continue;
        if (gap)
            clean[len++] = ' ';
        gap = false;
        memcpy(clean + len, text.ptr + i, size);
        len += size;
    }
    return (struct dh_str){clean ? clean : "", len};
}

static size_t cells(uint32_t c)
{
    int width = uc_width(c, "UTF-8");
    return width > 0 ? (size_t)width : 0;
}

/* Bytes of the longest beginning of at most `width` cells. */
static size_t fitting(struct dh_str text, size_t width)
{
    size_t used = 0, size, i = 0;
    for (; i < text.len; i += size) {
        used += cells(dh_utf8_next(dh_str_from(text, i), &size));
        if (used > width)
            break;
    }
    return i;
}

size_t dh_text_width(struct dh_str text)
{
    size_t used = 0, size;
    for (size_t i = 0; i < text.len; i += size)
        used += cells(dh_utf8_next(dh_str_from(text, i), &size));
    return used;
}

struct dh_str dh_text_cut(struct dh_arena *arena, struct dh_str text, size_t width)
{
    if (fitting(text, width) == text.len)
        return text;
    struct dh_str kept = {text.ptr, fitting(text, width ? width - 1 : 0)};
    kept = dh_str_trim(kept);
    return dh_arena_format(arena, "%.*s\xe2\x80\xa6", DH_STR_ARG(kept));
}

/* Where to break: behind the last word that fits, else in the middle of a long one. */
static size_t line_length(struct dh_str text, size_t width)
{
    size_t fit = fitting(text, width);
    if (fit >= text.len)
        return text.len;
    for (size_t i = fit + 1; i-- > 1;)
        if (text.ptr[i] == ' ')
            return i;
    return fit ? fit : 1;
}

void dh_text_wrap(FILE *out, struct dh_str text, size_t indent, size_t width)
{
    enum { LEAST = 20 };
    width = width > indent + LEAST ? width - indent : width ? LEAST : SIZE_MAX;
    for (bool first = true; first || text.len; first = false) {
        size_t len = line_length(text, width);
        if (!first)
            fprintf(out, "%*s", (int)indent, "");
        dh_text_write(out, (struct dh_str){text.ptr, len});
        fputc('\n', out);
        text = dh_str_trim(dh_str_from(text, len));
    }
}

struct dh_str dh_text_number(struct dh_arena *arena, uint64_t number)
{
    char digits[32];
    size_t at = sizeof(digits), count = 0;
    do {
        if (count && count % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + number % 10);
        count++;
    } while (number /= 10);
    return dh_arena_copy(arena, (struct dh_str){digits + at, sizeof(digits) - at});
}

struct dh_str dh_text_bytes(struct dh_arena *arena, uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    for (; size >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        size /= 1000;
    return dh_arena_format(arena, "%.*f %s", unit && size < 99.95 ? 1 : 0, size, units[unit]);
}

struct dh_str dh_text_seconds(struct dh_arena *arena, double seconds)
{
    if (seconds < 99.95)
        return dh_arena_format(arena, "%.1f s", seconds);
    uint64_t whole = (uint64_t)(seconds + 0.5);
    if (whole < 3600)
        return dh_arena_format(arena, "%u min %u s", (unsigned)(whole / 60),
                               (unsigned)(whole % 60));
    return dh_arena_format(arena, "%llu h %u min", (unsigned long long)(whole / 3600),
                           (unsigned)(whole / 60 % 60));
}

struct dh_str dh_text_time(struct dh_arena *arena, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    if (time == DH_TIME_NONE)
        return DH_STR("-");
    size_t len = dh_time_format(time, false, text);
    return dh_arena_copy(arena, (struct dh_str){text, len});
}

struct dh_str dh_text_age(struct dh_arena *arena, int64_t time)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    int64_t age = (dh_time_now() - time) / 1000;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (age >= units[i].seconds)
            return dh_arena_format(arena, "%lld %s%s ago", (long long)(age / units[i].seconds),
                                   units[i].name, age / units[i].seconds == 1 ? "" : "s");
    return DH_STR("just now");
}
