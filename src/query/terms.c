/* Whole texts and numbers as terms. */
#include <stdlib.h>
#include <unicase.h>
#include <unistr.h>

#include "model/doi.h"
#include "query/fold.h"
#include "query/kinds.h"
#include "query/words.h"

/* A change of one code point: writes what it becomes at `out` (room for DH_FOLD_MAX) and
 * returns the bytes. */
typedef size_t (*change_fn)(uint32_t c, char *out);

static size_t to_lower(uint32_t c, char *out)
{
    return (size_t)u8_uctomb((uint8_t *)out, uc_tolower(c), 4);
}

static size_t to_fold(uint32_t c, char *out)
{
    size_t len = dh_fold_of(uc_tolower(c), out);
    if (!len)
        return to_lower(c, out);
    for (size_t i = 0; i < len; i++) /* a capital may come of a sign */
        if (dh_kind_lower[(unsigned char)out[i]])
            out[i] = (char)dh_kind_lower[(unsigned char)out[i]];
    return len;
}

/* The first byte that the change would change; len when none. */
static size_t unchanged(struct dh_str text, change_fn change)
{
    char made[DH_FOLD_MAX];
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
    dh_buf_init(&out, DH_ARENA_MAX);
    dh_buf_add(&out, text.ptr, from);
    for (size_t i = from; i < text.len; i += size) {
        unsigned char c = (unsigned char)text.ptr[i];
        char *room = dh_buf_reserve(&out, DH_FOLD_MAX);
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
