/*
 * Names of people as BibTeX has them: "First von Last", "von Last, First", "von Last, Jr, First",
 * joined by "and". What stands in braces is one word, and a name all in braces no person's.
 */
#include <unictype.h>

#include "base/utf8.h"
#include "format/bibtex.h"

enum { LAYERS_MAX = 16 }; /* pairs of braces around a name that are taken off */

/* "~" is a space that no line may break at. */
static bool space(char c)
{
    return c == ' ' || c == '~' || (c >= '\t' && c <= '\r');
}

static size_t deeper(size_t depth, char c)
{
    return c == '{' ? depth + 1 : depth - (c == '}' && depth);
}

static struct dh_str trim(struct dh_str s)
{
    while (s.len && space(s.ptr[0]))
        s = dh_str_from(s, 1);
    while (s.len && space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* ---- braces --------------------------------------------------------------------------------- */

/* True when the first brace is closed by the last character. */
static bool braced(struct dh_str s)
{
    size_t depth = 0;
    if (s.len < 2 || s.ptr[0] != '{')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        depth = deeper(depth, s.ptr[i]);
        if (!depth)
            return i + 1 == s.len;
    }
    return false;
}

/* Braces around a LaTeX accent belong to it. */
static bool special(struct dh_str s)
{
    return s.len > 1 && s.ptr[1] == '\\';
}

/* The innermost of very many pairs stay: each takes a look at the whole text. */
static struct dh_str without_braces(struct dh_str s)
{
    for (int i = 0; i < LAYERS_MAX && braced(s) && !special(s); i++)
        s = trim((struct dh_str){s.ptr + 1, s.len - 2});
    return s;
}

struct dh_str dh_bibtex_plain(struct dh_arena *arena, struct dh_str s)
{
    s = without_braces(trim(s));
    char *out = dh_arena_alloc(arena, s.len + 1);
    size_t len = 0;
    if (!out)
        return DH_STR_NONE;
    for (size_t i = 0; i < s.len; i++)
        if (!space(s.ptr[i]))
            out[len++] = s.ptr[i];
        else if (!space(s.ptr[i - 1])) /* trimmed: there is one before */
            out[len++] = ' ';
    return (struct dh_str){out, len};
}

/* ---- words ---------------------------------------------------------------------------------- */

/* The word at *pos or behind it, outside of braces; false when there is none any more. */
static bool next_word(struct dh_str s, size_t *pos, struct dh_str *word)
{
    size_t depth = 0, start = *pos;
    while (start < s.len && space(s.ptr[start]))
        start++;
    size_t end = start;
    for (; end < s.len && (depth || !space(s.ptr[end])); end++)
        depth = deeper(depth, s.ptr[end]);
    *word = (struct dh_str){s.ptr + start, end - start};
    *pos = end;
    return end > start;
}

static bool lower_case(struct dh_str word)
{
    size_t size;
    return word.len && uc_is_lower(dh_utf8_next(word, &size));
}

static bool generation(struct dh_str word)
{
    static const char *const known[] = {"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (dh_str_equal(word, dh_str(known[i])))
            return true;
    return false;
}

/* Where the family begins in a name without a comma: at the first particle, else at the last word,
 * or at the word before it when that is a "Jr." */
static size_t family_start(struct dh_str name)
{
    struct dh_str word, last = DH_STR_NONE;
    size_t pos = 0, before = 0, start = 0;
    while (next_word(name, &pos, &word)) {
        if (lower_case(last))
            return start;
        before = start;
        start = (size_t)(word.ptr - name.ptr);
        last = word;
    }
    return generation(last) ? before : start;
}

bool dh_bibtex_split(struct dh_str *rest, char separator, struct dh_str *part)
{
    size_t depth = 0, i = 0;
    if (!rest->ptr)
        return false;
    for (; i < rest->len && (depth || rest->ptr[i] != separator); i++)
        depth = deeper(depth, rest->ptr[i]);
    *part = (struct dh_str){rest->ptr, i};
    *rest = i < rest->len ? dh_str_from(*rest, i + 1) : DH_STR_NONE;
    return true;
}

/* ---- names ---------------------------------------------------------------------------------- */

static void split_words(struct dh_str text, struct dh_bibtex_name *name, struct dh_arena *arena)
{
    size_t start = family_start(text);
    name->family = dh_bibtex_plain(arena, dh_str_from(text, start));
    name->given = dh_bibtex_plain(arena, (struct dh_str){text.ptr, start});
}

/* Two texts with a space between; ptr NULL when one is NULL, or out of memory. */
static struct dh_str joined(struct dh_arena *arena, struct dh_str first, struct dh_str second)
{
    char *out = first.ptr && second.ptr ? dh_arena_alloc(arena, first.len + second.len + 1) : NULL;
    if (!out)
        return DH_STR_NONE;
    memcpy(out, first.ptr, first.len);
    out[first.len] = ' ';
    memcpy(out + first.len + 1, second.ptr, second.len);
    return (struct dh_str){out, first.len + 1 + second.len};
}

static void split_parts(struct dh_str family, struct dh_str rest, struct dh_bibtex_name *name,
                        struct dh_arena *arena)
{
    struct dh_str second = DH_STR_NONE;
    dh_bibtex_split(&rest, ',', &second);
    name->family = dh_bibtex_plain(arena, family);
    name->given = dh_bibtex_plain(arena, rest.ptr ? rest : second);
    if (rest.ptr && name->family.ptr)
        name->family = joined(arena, name->family, dh_bibtex_plain(arena, second));
}

static void parse(struct dh_str text, struct dh_bibtex_name *name, struct dh_arena *arena)
{
    struct dh_str rest = text, first = DH_STR_NONE;
    *name = (struct dh_bibtex_name){.literal = DH_STR_NONE};
    if (braced(text) && !special(text)) {
        name->literal = dh_bibtex_plain(arena, text);
        return;
    }
    dh_bibtex_split(&rest, ',', &first);
    if (rest.ptr)
        split_parts(first, rest, name, arena);
    else
        split_words(text, name, arena);
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* What stands before the next word "and". */
static struct dh_str take_text(struct dh_str *list)
{
    struct dh_str word, all = *list;
    size_t pos = 0;
    while (next_word(all, &pos, &word))
        if (dh_str_equal_nocase(word, DH_STR("and"))) {
            *list = dh_str_from(all, pos);
            return trim((struct dh_str){all.ptr, (size_t)(word.ptr - all.ptr)});
        }
    *list = DH_STR_NONE;
    return trim(all);
}

bool dh_bibtex_name_next(struct dh_str *list, struct dh_bibtex_name *name, struct dh_arena *arena)
{
    while (list->ptr) {
        struct dh_str text = take_text(list);
        if (!text.len || dh_str_equal(text, DH_STR("others")))
            continue;
        parse(text, name, arena);
        return true;
    }
    return false;
}
