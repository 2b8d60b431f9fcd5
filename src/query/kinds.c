#include "query/kinds.h"

#include <unictype.h>
#include <uniwbrk.h>

/* clang-format off */
const unsigned char dh_kind_lower[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5',
    ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f',
    ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l',
    ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x',
    ['Y'] = 'y', ['Z'] = 'z',
    ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
    ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l',
    ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',
    ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x',
    ['y'] = 'y', ['z'] = 'z',
};

enum { D = DH_KIND_DIGIT, L = DH_KIND_LETTER };

const unsigned char dh_kind_ascii[128] = {
    ['"'] = DH_KIND_DOUBLE,
    ['#'] = DH_KIND_KEY,
    ['\''] = DH_KIND_SINGLE,
    ['*'] = DH_KIND_KEY,
    [','] = DH_KIND_MID_NUMBER,
    ['.'] = DH_KIND_MID_BOTH,
    [':'] = DH_KIND_MID_WORD,
    [';'] = DH_KIND_MID_NUMBER,
    ['_'] = DH_KIND_LOW,
    ['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D, ['5'] = D, ['6'] = D, ['7'] = D,
    ['8'] = D, ['9'] = D,
    ['A'] = L, ['B'] = L, ['C'] = L, ['D'] = L, ['E'] = L, ['F'] = L, ['G'] = L, ['H'] = L,
    ['I'] = L, ['J'] = L, ['K'] = L, ['L'] = L, ['M'] = L, ['N'] = L, ['O'] = L, ['P'] = L,
    ['Q'] = L, ['R'] = L, ['S'] = L, ['T'] = L, ['U'] = L, ['V'] = L, ['W'] = L, ['X'] = L,
    ['Y'] = L, ['Z'] = L,
    ['a'] = L, ['b'] = L, ['c'] = L, ['d'] = L, ['e'] = L, ['f'] = L, ['g'] = L, ['h'] = L,
    ['i'] = L, ['j'] = L, ['k'] = L, ['l'] = L, ['m'] = L, ['n'] = L, ['o'] = L, ['p'] = L,
    ['q'] = L, ['r'] = L, ['s'] = L, ['t'] = L, ['u'] = L, ['v'] = L, ['w'] = L, ['x'] = L,
    ['y'] = L, ['z'] = L,
};
/* clang-format on */

/* Line breaking class SA of Unicode: scripts written without spaces, kept together. */
static const struct {
    uint32_t first, last;
} asian[] = {
    {0x0E01, 0x0E3A},   {0x0E40, 0x0E4E},   {0x0E81, 0x0E82},   {0x0E84, 0x0E84},
    {0x0E86, 0x0E8A},   {0x0E8C, 0x0EA3},   {0x0EA5, 0x0EA5},   {0x0EA7, 0x0EBD},
    {0x0EC0, 0x0EC4},   {0x0EC6, 0x0EC6},   {0x0EC8, 0x0ECD},   {0x0EDC, 0x0EDF},
    {0x1000, 0x103F},   {0x1050, 0x108F},   {0x109A, 0x109F},   {0x1780, 0x17D3},
    {0x17D7, 0x17D7},   {0x17DC, 0x17DD},   {0x1950, 0x196D},   {0x1970, 0x1974},
    {0x1980, 0x19AB},   {0x19B0, 0x19C9},   {0x19DA, 0x19DA},   {0x19DE, 0x19DF},
    {0x1A20, 0x1A5E},   {0x1A60, 0x1A7C},   {0x1AA0, 0x1AAD},   {0xA9E0, 0xA9EF},
    {0xA9FA, 0xA9FE},   {0xAA60, 0xAAC2},   {0xAADB, 0xAADF},   {0x11700, 0x1171A},
    {0x1171D, 0x1172B}, {0x1173A, 0x1173B}, {0x1173F, 0x11746},
};

static const unsigned char breaks[] = {
    [WBP_EXTEND] = DH_KIND_EXTEND,      [WBP_FORMAT] = DH_KIND_EXTEND,
    [WBP_KATAKANA] = DH_KIND_KATAKANA,  [WBP_ALETTER] = DH_KIND_LETTER,
    [WBP_MIDNUMLET] = DH_KIND_MID_BOTH, [WBP_MIDLETTER] = DH_KIND_MID_WORD,
    [WBP_MIDNUM] = DH_KIND_MID_NUMBER,  [WBP_NUMERIC] = DH_KIND_DIGIT,
    [WBP_EXTENDNUMLET] = DH_KIND_LOW,   [WBP_RI] = DH_KIND_FLAG,
    [WBP_DQ] = DH_KIND_DOUBLE,          [WBP_SQ] = DH_KIND_SINGLE,
    [WBP_HL] = DH_KIND_HEBREW,          [WBP_ZWJ] = DH_KIND_JOINER,
};

static bool is_asian(uint32_t c)
{
    size_t low = 0, high = sizeof(asian) / sizeof(asian[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > asian[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof(asian) / sizeof(asian[0]) && c >= asian[low].first;
}

/* Code points that a property alone does not tell. */
static enum dh_kind of_mark(uint32_t c)
{
    if (c == 0xFE0E)
        return DH_KIND_AS_TEXT;
    if (c == 0xFE0F)
        return DH_KIND_AS_EMOJI;
    if (c == 0x20E3)
        return DH_KIND_KEYCAP;
    if (uc_is_property_emoji_modifier(c))
        return DH_KIND_SKIN;
    return is_asian(c) ? DH_KIND_ASIAN_MARK : DH_KIND_EXTEND;
}

static enum dh_kind of_other(uint32_t c)
{
    if (c < 0xA9)
        return DH_KIND_OTHER;
    if (uc_is_property_extended_pictographic(c))
        return uc_is_property_emoji_modifier_base(c) ? DH_KIND_EMOJI_BASE : DH_KIND_EMOJI;
    if (c < 0xE01)
        return DH_KIND_OTHER;
    if (is_asian(c))
        return DH_KIND_ASIAN;
    if (c >= 0xFF10 && c <= 0xFF19) /* full-width digits */
        return DH_KIND_DIGIT;
    const uc_script_t *script = uc_script(c);
    bool one =
        script && (strcmp(script->name, "Han") == 0 || strcmp(script->name, "Hiragana") == 0);
    return one ? DH_KIND_ONE : DH_KIND_OTHER;
}

/* What most text is made of, so that it need not be looked up. */
static const struct {
    uint32_t first, last;
    enum dh_kind kind;
} common[] = {
    {0x00C0, 0x00D6, DH_KIND_LETTER},   {0x00D8, 0x00F6, DH_KIND_LETTER},
    {0x00F8, 0x02C1, DH_KIND_LETTER},   {0x0400, 0x0481, DH_KIND_LETTER},
    {0x4E00, 0x9FFC, DH_KIND_ONE},      {0x3041, 0x3096, DH_KIND_ONE},
    {0x30A1, 0x30FA, DH_KIND_KATAKANA}, {0xAC00, 0xD7A3, DH_KIND_LETTER},
};

enum dh_kind dh_kind_of(uint32_t c)
{
    if (c < 0x80)
        return dh_kind_ascii[c];
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        if (c >= common[i].first && c <= common[i].last)
            return common[i].kind;
    size_t class = (size_t)uc_wordbreak_property(c);
    enum dh_kind kind = class < sizeof(breaks) ? breaks[class] : DH_KIND_OTHER;
    if (kind == DH_KIND_EXTEND)
        return of_mark(c);
    return kind == DH_KIND_OTHER ? of_other(c) : kind;
}
