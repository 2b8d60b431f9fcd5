#include "line.h"

void put_number(struct line *line, uint64_t number, unsigned digits)
{
    char text[24];
    size_t at = sizeof(text);
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (at > 0 && (number > 0 || sizeof(text) - at < digits));
    put_bytes(line, text + at, sizeof(text) - at);
}

void put_character(struct line *line, unsigned code)
{
    char text[3] = {(char)code};
    size_t len = 1;
    if (code >= 0x800) {
        text[0] = (char)(0xe0 | code >> 12);
        text[1] = (char)(0x80 | (code >> 6 & 63));
        text[2] = (char)(0x80 | (code & 63));
        len = 3;
    } else if (code >= 0x80) {
        text[0] = (char)(0xc0 | code >> 6);
        text[1] = (char)(0x80 | (code & 63));
        len = 2;
    }
    put_bytes(line, text, len);
}

void put_comma(struct line *line)
{
    char last = line->bytes[line->len - 1];
    if (last != '[' && last != '{')
        put_bytes(line, ",", 1);
}

void put_member(struct line *line, const char *name, const char *text)
{
    put_comma(line);
    put_bytes(line, "\"", 1);
    put(line, name);
    put_bytes(line, "\":\"", 3);
    put(line, text);
    put_bytes(line, "\"", 1);
}

void put_day(struct line *line, time_t instant)
{
    struct tm day;
    gmtime_r(&instant, &day);
    put_number(line, (unsigned)day.tm_year + 1900, 4);
    put_bytes(line, "-", 1);
    put_number(line, (unsigned)day.tm_mon + 1, 2);
    put_bytes(line, "-", 1);
    put_number(line, (unsigned)day.tm_mday, 2);
}

void put_time(struct line *line, const char *name, time_t instant)
{
    unsigned second = (unsigned)(instant % 86400);
    put_comma(line);
    put_bytes(line, "\"", 1);
    put(line, name);
    put_bytes(line, "\":\"", 3);
    put_day(line, instant);
    put_bytes(line, "T", 1);
    put_number(line, second / 3600, 2);
    put_bytes(line, ":", 1);
    put_number(line, second / 60 % 60, 2);
    put_bytes(line, ":", 1);
    put_number(line, second % 60, 2);
    put_bytes(line, "Z\"", 2);
}

void put_capital(struct line *line, size_t from)
{
    if (from < line->len && line->bytes[from] >= 'a' && line->bytes[from] <= 'z')
        line->bytes[from] = (char)(line->bytes[from] - 32);
}
