/*
 * Folding to ASCII: the marks of Latin letters are taken off by decomposition; letters that have
 * none, and signs, are in a table.
 */
#include "query/fold.h"

#include <stdlib.h>
#include <uninorm.h>
#include <unistr.h>

static const struct {
    uint32_t c;
    char ascii[3];
} folds[] = {
    /* clang-format off */
    {0x00AB, "\""}, {0x00BB, "\""}, {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},
    {0x00FE, "th"}, {0x0111, "d"}, {0x0127, "h"}, {0x0131, "i"}, {0x0138, "q"}, {0x0142, "l"},
    {0x014B, "n"}, {0x0153, "oe"}, {0x0167, "t"}, {0x0180, "b"}, {0x0183, "b"}, {0x0188, "c"},
    {0x018C, "d"}, {0x0192, "f"}, {0x0195, "hv"}, {0x0199, "k"}, {0x019A, "l"}, {0x019E, "n"},
    {0x01A3, "oi"}, {0x01A5, "p"}, {0x01AB, "t"}, {0x01AD, "t"}, {0x01B4, "y"}, {0x01B6, "z"},
    {0x01BF, "w"}, {0x01DD, "e"}, {0x01E3, "ae"}, {0x01E5, "g"}, {0x01FD, "ae"}, {0x01FF, "o"},
    {0x021D, "z"}, {0x0221, "d"}, {0x0223, "ou"}, {0x0225, "z"}, {0x0234, "l"}, {0x0235, "n"},
    {0x0236, "t"}, {0x0237, "j"}, {0x023C, "c"}, {0x023F, "s"}, {0x0240, "z"}, {0x0247, "e"},
    {0x0249, "j"}, {0x024B, "q"}, {0x024D, "r"}, {0x024F, "y"}, {0x0250, "a"}, {0x0253, "b"},
    {0x0254, "o"}, {0x0255, "c"}, {0x0256, "d"}, {0x0257, "d"}, {0x0258, "e"}, {0x0259, "a"},
    {0x025A, "a"}, {0x025B, "e"}, {0x025C, "e"}, {0x025D, "e"}, {0x025E, "e"}, {0x025F, "j"},
    {0x0260, "g"}, {0x0265, "h"}, {0x0266, "h"}, {0x0268, "i"}, {0x0269, "i"}, {0x026B, "l"},
    {0x026C, "l"}, {0x026D, "l"}, {0x026F, "m"}, {0x0270, "m"}, {0x0271, "m"}, {0x0272, "n"},
    {0x0273, "n"}, {0x0279, "r"}, {0x027A, "r"}, {0x027B, "r"}, {0x027C, "r"}, {0x027D, "r"},
    {0x027E, "r"}, {0x027F, "r"}, {0x0282, "s"}, {0x0284, "j"}, {0x0287, "t"}, {0x0288, "t"},
    {0x028B, "v"}, {0x028C, "v"}, {0x028D, "w"}, {0x028E, "y"}, {0x0290, "z"}, {0x0291, "z"},
    {0x029A, "e"}, {0x029D, "j"}, {0x029E, "k"}, {0x02A0, "q"}, {0x02AE, "h"}, {0x02AF, "h"},
    {0x1D02, "ae"}, {0x1D08, "e"}, {0x1D09, "i"}, {0x1D11, "o"}, {0x1D12, "o"}, {0x1D13, "o"},
    {0x1D14, "oe"}, {0x1D16, "o"}, {0x1D17, "o"}, {0x1D1D, "u"}, {0x1D1F, "m"}, {0x1D6C, "b"},
    {0x1D6D, "d"}, {0x1D6E, "f"}, {0x1D6F, "m"}, {0x1D70, "n"}, {0x1D71, "p"}, {0x1D72, "r"},
    {0x1D73, "r"}, {0x1D74, "s"}, {0x1D75, "t"}, {0x1D76, "z"}, {0x1D77, "g"}, {0x1D79, "g"},
    {0x1D7A, "th"}, {0x1D7D, "p"}, {0x1D80, "b"}, {0x1D81, "d"}, {0x1D82, "f"}, {0x1D83, "g"},
    {0x1D84, "k"}, {0x1D85, "l"}, {0x1D86, "m"}, {0x1D87, "n"}, {0x1D88, "p"}, {0x1D89, "r"},
    {0x1D8A, "s"}, {0x1D8C, "v"}, {0x1D8D, "x"}, {0x1D8E, "z"}, {0x1D8F, "a"}, {0x1D91, "d"},
    {0x1D92, "e"}, {0x1D93, "e"}, {0x1D94, "e"}, {0x1D96, "i"}, {0x1D97, "o"}, {0x1D99, "u"},
    {0x1E9C, "s"}, {0x1E9D, "s"}, {0x1EFD, "v"}, {0x1EFF, "y"}, {0x2010, "-"}, {0x2011, "-"},
    {0x2012, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201A, "'"},
    {0x201B, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""}, {0x2032, "'"}, {0x2033, "\""},
    {0x2035, "'"}, {0x2036, "\""}, {0x2039, "'"}, {0x203A, "'"}, {0x2044, "/"}, {0x2C61, "l"},
    {0x2C65, "a"}, {0x2C66, "t"}, {0x2C68, "h"}, {0x2C6A, "k"}, {0x2C6C, "z"}, {0x2C71, "v"},
    {0x2C73, "w"}, {0x2C74, "v"}, {0x2C78, "e"}, {0x2C79, "r"}, {0x2C7A, "o"}, {0xA729, "tz"},
    {0xA733, "aa"}, {0xA735, "ao"}, {0xA737, "au"}, {0xA739, "av"}, {0xA73B, "av"}, {0xA73D, "ay"},
    {0xA73F, "c"}, {0xA741, "k"}, {0xA743, "k"}, {0xA745, "k"}, {0xA749, "l"}, {0xA74B, "o"},
    {0xA74D, "o"}, {0xA74F, "oo"}, {0xA751, "p"}, {0xA753, "p"}, {0xA755, "p"}, {0xA757, "q"},
    {0xA759, "q"}, {0xA75B, "r"}, {0xA75F, "v"}, {0xA761, "vy"}, {0xA77A, "d"}, {0xA77C, "f"},
    {0xA77F, "g"}, {0xA781, "l"}, {0xA783, "r"}, {0xA785, "s"}, {0xA787, "t"}, {0xA78E, "l"},
    {0xA791, "n"}, {0xA793, "c"}, {0xA794, "c"}, {0xA795, "h"}, {0xA797, "b"}, {0xA799, "f"},
    {0xA7A1, "g"}, {0xA7A3, "k"}, {0xA7A5, "n"}, {0xA7A7, "r"}, {0xA7A9, "s"}, {0xA7B9, "u"},
    {0xA7C8, "d"}, {0xA7CA, "s"}, {0xA7D1, "g"},
    /* clang-format on */
};

/* Where a decomposition is folded. Elsewhere, as with Greek, the marks stay. */
static const struct {
    uint32_t first, last;
} latin[] = {
    {0x00B2, 0x00B9}, {0x00C0, 0x024F}, {0x1E00, 0x1EFF}, {0x2070, 0x209F},
    {0x2460, 0x24FF}, {0xFB00, 0xFB06}, {0xFF01, 0xFF5E},
};

static const char *in_table(uint32_t c)
{
    size_t low = 0, high = sizeof(folds) / sizeof(folds[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (folds[middle].c < c)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof(folds) / sizeof(folds[0]) && folds[low].c == c;
    return found ? folds[low].ascii : NULL;
}

static bool is_latin(uint32_t c)
{
    for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++)
        if (c >= latin[i].first && c <= latin[i].last)
            return true;
    return false;
}

/* Copies the ASCII characters; 0 when something else is there than these and marks. */
static size_t without_marks(const uint32_t *parts, size_t count, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const char *ascii = parts[i] >= 0x80 ? in_table(parts[i]) : NULL;
        size_t size = ascii ? strlen(ascii) : 1;
        if (parts[i] >= 0x300 && parts[i] <= 0x36F)
            continue;
        if (parts[i] == ' ' || (parts[i] >= 0x80 && !ascii) || len + size > DH_FOLD_MAX)
            return 0;
        if (ascii)
            memcpy(out + len, ascii, size);
        else
            out[len] = (char)parts[i];
        len += size;
    }
    return len;
}

size_t dh_fold_of(uint32_t c, char out[DH_FOLD_MAX])
{
    const char *ascii = in_table(c);
    if (ascii) {
        memcpy(out, ascii, strlen(ascii));
        return strlen(ascii);
    }
    if (!is_latin(c))
        return 0;
    uint32_t room[DH_FOLD_MAX];
    size_t count = DH_FOLD_MAX;
    ucs4_t point = c;
    uint32_t *parts = u32_normalize(UNINORM_NFKD, &point, 1, room, &count);
    if (!parts)
        return 0;
    size_t len = without_marks(parts, count, out);
    if (parts != room)
        free(parts);
    return len;
}
