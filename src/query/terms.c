/* Whole texts and numbers as terms. */
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include "model/doi.h"
#include "query/kinds.h"
#include "query/words.h"

enum { DECOMPOSED_MAX = 32 };

/* What ASCII folding makes of letters and signs that have no decomposition. */
static const struct {
    uint32_t c;
    const char *ascii;
} folds[] = {
    {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"},  {0x00F8, "o"},  {0x00FE, "th"}, {0x0111, "d"},
    {0x0127, "h"},  {0x0131, "i"},  {0x0142, "l"},  {0x014B, "n"},  {0x0153, "oe"}, {0x0167, "t"},
    {0x2010, "-"},  {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},  {0x2018, "'"},
    {0x2019, "'"},  {0x201A, "'"},  {0x201B, "'"},  {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""},
    {0x2039, "'"},  {0x203A, "'"},  {0x00AB, "\""}, {0x00BB, "\""},
};

/* A change of one code point: writes what it becomes at `out` (room for DECOMPOSED_MAX) and
 * returns the bytes. */
typedef size_t (*change_fn)(uint32_t c, char *out);

static size_t to_lower(uint32_t c, char *out)
{
    return (size_t)u8_uctomb((uint8_t *)out, uc_tolower(c), 4);
}

static size_t to_fold(uint32_t c, char *out)
{
    ucs4_t parts[DECOMPOSED_MAX], lower = uc_tolower(c);
    uint8_t text[4];
    size_t len = 0, size = DECOMPOSED_MAX;
    for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
        if (folds[i].c == lower) {
            memcpy(out, folds[i].ascii, strlen(folds[i].ascii));
            return strlen(folds[i].ascii);
        }
    int bytes = u8_uctomb(text, lower, sizeof(text));
    uint8_t *apart = u8_normalize(UNINORM_NFKD, text, (size_t)bytes, (uint8_t *)parts, &size);
    if (!apart)
        return to_lower(c, out);
    for (size_t i = 0; i < size; i++)
        if (apart[i] < 0x80)
            out[len++] = (char)apart[i];
    if (apart != (uint8_t *)parts)
        free(apart);
    return len ? len : to_lower(c, out);
}

/* The first byte that the change would change; len when none. */
static size_t unchanged(struct dh_str text, change_fn change)
{
    char made[DECOMPOSED_MAX * 4];
    size_t size;
    for (size_t i = 0; i < text.len; i += size) {
        unsigned char c = (unsigned char)text.ptr[i];
        size = 1;
        if (c < 0x80 && (!dh_kind_lower[c] || dh_kind_lower[c] == c))
            continue;
        if (c < 0x80)
            return i;
        uint32_t point = dh_utf8_next(dh_str_from(text, i), &size);
        if (size > 1 && (change(point, made) != size || memcmp(made, text.ptr + i, size) != 0))
            return i;
    }
    return text.len;
}

/* Bytes that are no UTF-8 stay as they are. */
static struct dh_str changed(struct dh_arena *arena, struct dh_str text, change_fn change)
{
    size_t from = unchanged(text, change), size;
    if (from == text.len)
        return text;
    struct dh_buf out;
    dh_buf_init(&out, DH_RESPONSE_MAX);
    dh_buf_add(&out, text.ptr, from);
    for (size_t i = from; i < text.len; i += size) {
        unsigned char c = (unsigned char)text.ptr[i];
        char *room = dh_buf_reserve(&out, DECOMPOSED_MAX * 4);
        if (!room)
            break;
        uint32_t point = dh_utf8_next(dh_str_from(text, i), &size);
        if (size > 1) {
            out.len += change(point, room);
        } else {
            *room = c < 0x80 && dh_kind_lower[c] ? (char)dh_kind_lower[c] : (char)c;
            out.len++;
        }
    }
    struct dh_str made = DH_STR_NONE;
    if (out.status == DH_OK)
        made = dh_arena_copy(arena, dh_buf_view(&out));
    dh_buf_release(&out);
    return made;
}

struct dh_str dh_text_lower(struct dh_arena *arena, struct dh_str text)
{
    return changed(arena, text, to_lower);
}

struct dh_str dh_text_fold(struct dh_arena *arena, struct dh_str text)
{
    return changed(arena, text, to_fold);
}

struct dh_str dh_text_doi(struct dh_arena *arena, struct dh_str text)
{
    return dh_doi_parse(arena, text);
}

void dh_term_of_integer(int64_t value, char out[DH_NUMBER_TERM])
{
    uint64_t bits = (uint64_t)value ^ UINT64_C(1) << 63;
    for (int i = 0; i < DH_NUMBER_TERM; i++)
        out[i] = (char)(unsigned char)(bits >> (56 - 8 * i));
}

void dh_term_of_double(double value, char out[DH_NUMBER_TERM])
{
    uint64_t bits;
    value = value == 0 ? 0 : value; /* one zero only */
    memcpy(&bits, &value, sizeof(bits));
    bits = bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
    for (int i = 0; i < DH_NUMBER_TERM; i++)
        out[i] = (char)(unsigned char)(bits >> (56 - 8 * i));
}
