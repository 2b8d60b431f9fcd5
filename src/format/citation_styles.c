/* The styles, as tables; the .def files say in blocks what the style guides say in words. */
#include "format/citation.h"

/* Rows of a list of blocks. A part is what stands between OPEN and CLOSE on one level. */
#define BLOCKS(name) static const struct dh_cite_block name[] = {
#define DONE                                                                                       \
    {                                                                                              \
        .kind = DH_BLOCK_END                                                                       \
    }                                                                                              \
    }                                                                                              \
    ;
#define ITEM(element)          {.kind = DH_BLOCK_ITEM, .what = DH_CITE_##element},
#define LOOKED(element, looks) {.kind = DH_BLOCK_ITEM, .what = DH_CITE_##element, .look = (looks)},
#define AROUND(b, element, a)                                                                      \
    {.kind = DH_BLOCK_ITEM, .what = DH_CITE_##element, .before = (b), .after = (a)},
#define LOOKED_AROUND(b, element, looks, a)                                                        \
    {.kind = DH_BLOCK_ITEM,                                                                        \
     .what = DH_CITE_##element,                                                                    \
     .look = (looks),                                                                              \
     .before = (b),                                                                                \
     .after = (a)},
#define WORD(word) {.kind = DH_BLOCK_TERM, .what = DH_WORD_##word},
#define WORD_OF(element, word, looks)                                                              \
    {.kind = DH_BLOCK_TERM, .what = DH_WORD_##word, .about = DH_CITE_##element, .look = (looks)},
#define WORD_AROUND(b, element, word, looks, a)                                                    \
    {.kind = DH_BLOCK_TERM,                                                                        \
     .what = DH_WORD_##word,                                                                       \
     .about = DH_CITE_##element,                                                                   \
     .look = (looks),                                                                              \
     .before = (b),                                                                                \
     .after = (a)},
#define TEXT(literal)   {.kind = DH_BLOCK_TEXT, .text = (literal)},
#define OPEN(delimiter) {.kind = DH_BLOCK_OPEN, .text = (delimiter)},
#define OPEN_AROUND(b, delimiter, a)                                                               \
    {.kind = DH_BLOCK_OPEN, .text = (delimiter), .before = (b), .after = (a)},
#define OPEN_LOOKED(delimiter, looks) {.kind = DH_BLOCK_OPEN, .text = (delimiter), .look = (looks)},
#define CLOSE                         {.kind = DH_BLOCK_CLOSE},
#define IF(element)                   {.kind = DH_BLOCK_IF, .what = DH_CITE_##element},
#define IF_NUMBER(element)            {.kind = DH_BLOCK_IF_NUMBER, .what = DH_CITE_##element},
#define IF_TYPE(types)                {.kind = DH_BLOCK_IF_TYPE, .text = (types)},
#define ELSE                          {.kind = DH_BLOCK_ELSE},
#define FI                            {.kind = DH_BLOCK_FI},
#define PART(blocks)                  {.kind = DH_BLOCK_PART, .part = (blocks)},
#define ROWS(name)                    static const struct dh_cite_row name[] = {
#define ROW(types, blocks)            {types, blocks},
#define OTHERS(blocks)                                                                             \
    {                                                                                              \
        NULL, blocks                                                                               \
    }                                                                                              \
    }                                                                                              \
    ;

#define I       DH_LOOK_ITALIC
#define B       DH_LOOK_BOLD
#define Q       DH_LOOK_QUOTES
#define CAPITAL DH_LOOK_CAPITAL

#include "format/citation_apa.def"
#include "format/citation_humanities.def"
#include "format/citation_numeric.def"

#define DH_STYLE(tag, ...) {.name = tag, __VA_ARGS__},
const struct dh_cite_style dh_cite_style_table[] = {
#include "format/citation_styles.def"
    {.name = NULL}};
#undef DH_STYLE

#define DH_STYLE(tag, ...) tag,
const char *const dh_citation_styles[] = {
#include "format/citation_styles.def"
    NULL};
