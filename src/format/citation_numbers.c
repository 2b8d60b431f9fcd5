/* Numbers and page ranges, as CSL understands them. */
#include "format/citation.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool in_number(char c)
{
    return is_digit(c) || is_letter(c) || (c && strchr("_.:;", c));
}

/* Counts numbers joined by commas, hyphens or ampersands; 0 when anything else is in the text. */
static size_t count_numbers(struct dh_str text)
{
    size_t count = 0, at = 0;
    for (;;) {
        bool digit = false;
        size_t from = at;
        for (; at < text.len && in_number(text.ptr[at]); at++)
            digit |= is_digit(text.ptr[at]);
        if (at == from || !digit)
            return 0;
        count++;
        while (at < text.len && text.ptr[at] == ' ')
            at++;
        if (at == text.len)
            return count;
        if (!memchr(",&-", text.ptr[at], 3))
            return 0;
        for (at++; at < text.len && text.ptr[at] == ' ';)
            at++;
    }
}

bool dh_cite_is_number(struct dh_str text)
{
    return count_numbers(text) > 0;
}

bool dh_cite_is_plural_number(struct dh_str text)
{
    return count_numbers(text) > 1;
}

/* "12f" and "12ff" mean what follows, too. */
static bool followed(struct dh_str pages)
{
    for (size_t i = 1; i < pages.len; i++)
        if (pages.ptr[i] == 'f' && is_digit(pages.ptr[i - 1]))
            return true;
    return false;
}

bool dh_cite_is_plural_page(struct dh_str pages)
{
    for (size_t i = 1; i + 1 < pages.len; i++)
        if (memchr(" ,&-", pages.ptr[i], 4) || dh_str_starts(dh_str_from(pages, i), DH_STR("–")))
            return true;
    return followed(pages);
}

/* ---- page ranges ---------------------------------------------------------------------------- */

struct range {
    struct dh_str before, from, after; /* letters, digits, letters of the first page */
    struct dh_str prefix, to, suffix;  /* and of the last */
    size_t len;                        /* of the whole range; 0: there is none */
};

static struct dh_str run(struct dh_str text, size_t *at, bool (*is)(char))
{
    size_t start = *at;
    while (*at < text.len && is(text.ptr[*at]))
        (*at)++;
    return (struct dh_str){text.ptr + start, *at - start};
}

static bool is_blank(char c)
{
    return c == ' ';
}

static bool take_dash(struct dh_str text, size_t *at)
{
    size_t start = *at;
    for (;;) {
        if (*at < text.len && text.ptr[*at] == '-')
            ++*at;
        else if (dh_str_starts(dh_str_from(text, *at), DH_STR("–")))
            *at += strlen("–");
        else
            return *at > start;
    }
}

static struct range range_at(struct dh_str text)
{
    struct range range = {.len = 0};
    size_t at = 0;
    range.before = run(text, &at, is_letter);
    range.from = run(text, &at, is_digit);
    range.after = run(text, &at, is_letter);
    if (!range.from.len) /* blanks at the front are looked at once only */
        return range;
    run(text, &at, is_blank);
    if (!take_dash(text, &at))
        return range;
    run(text, &at, is_blank);
    range.prefix = run(text, &at, is_letter);
    range.to = run(text, &at, is_digit);
    range.suffix = run(text, &at, is_letter);
    bool ends = at == text.len || (!is_digit(text.ptr[at]) && text.ptr[at] != '_');
    if (range.to.len && ends)
        range.len = at;
    return range;
}

/* How many digits of the last page Chicago leaves out, of those it shares with the first. */
static size_t chicago_cut(struct dh_str from, size_t shared)
{
    size_t len = from.len;
    if (len < 3 || (from.ptr[len - 1] == '0' && from.ptr[len - 2] == '0'))
        return 0;
    size_t keep = from.ptr[len - 2] == '0' ? 1 : 2;
    return shared < len - keep ? shared : len - keep;
}

static size_t cut_of(enum dh_cite_pages form, struct dh_str from, struct dh_str to)
{
    size_t shared = 0;
    while (shared < from.len && from.ptr[shared] == to.ptr[shared])
        shared++;
    if (form == DH_PAGES_MINIMAL)
        return shared;
    if (form == DH_PAGES_MINIMAL_TWO)
        return from.len <= 2 ? 0 : shared < from.len - 2 ? shared : from.len - 2;
    return form == DH_PAGES_CHICAGO ? chicago_cut(from, shared) : 0;
}

/* The last page of 123-8 is 128; then as much of it as the form wants. */
static void add_last(struct dh_buf *buf, const struct range *range, enum dh_cite_pages form,
                     struct dh_arena *arena)
{
    struct dh_str from = range->from, to = range->to;
    bool bare = !range->before.len && !range->after.len && !range->prefix.len && !range->suffix.len;
    if (bare && form != DH_PAGES_AS_GIVEN && to.len <= from.len) {
        struct dh_str whole = to.len == from.len
                                  ? to
                                  : dh_arena_format(arena, "%.*s%.*s", (int)(from.len - to.len),
                                                    from.ptr, DH_STR_ARG(to));
        if (whole.ptr)
            to = dh_str_from(whole, cut_of(form, from, whole));
    }
    dh_buf_str(buf, range->prefix);
    dh_buf_str(buf, to.len ? to : range->to);
    dh_buf_str(buf, range->suffix);
}

static void add_pages(struct dh_buf *buf, struct dh_str pages, enum dh_cite_pages form,
                      const char *dash, struct dh_arena *arena)
{
    bool word = false; /* what stands before belongs to a word: no range begins here */
    for (size_t at = 0; at < pages.len;) {
        struct range range = {.len = 0};
        if (!word)
            range = range_at(dh_str_from(pages, at));
        if (range.len) {
            dh_buf_str(buf, range.before);
            dh_buf_str(buf, range.from);
            dh_buf_str(buf, range.after);
            dh_buf_text(buf, dash);
            add_last(buf, &range, form, arena);
            at += range.len;
            word = true;
        } else {
            char c = pages.ptr[at++];
            dh_buf_char(buf, c);
            word = is_letter(c) || is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
        }
    }
}

struct dh_str dh_cite_pages(struct dh_arena *arena, struct dh_str pages, enum dh_cite_pages form,
                            const char *dash)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    add_pages(&buf, pages, form, dash ? dash : "–", arena);
    return dh_cite_keep(arena, &buf, pages);
}
