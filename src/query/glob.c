/*
 * Globs: the pattern is cut at its stars. The first and the last part stand at the ends of the term
 * unless there is a star; the others are looked for from left to right, each where it first occurs,
 * which is enough as a part always takes the same number of code points.
 */
#include "query/pattern_parts.h"

enum { SHORT_TERM = 64 };

/* `skip` code points of any kind, then this text. */
struct piece {
    size_t skip;
    struct dh_str text;
};

struct part {
    const struct piece *pieces;
    size_t count;
    size_t points; /* code points in all */
};

struct glob {
    struct part *parts;
    size_t count;
    size_t least; /* bytes of the shortest match */
    bool open_start, open_end;
};

static size_t step(struct dh_str term, size_t at)
{
    size_t size = 1;
    if ((unsigned char)term.ptr[at] >= 0x80)
        dh_utf8_next(dh_str_from(term, at), &size);
    return size;
}

static bool part_at(const struct part *part, struct dh_str term, size_t at, size_t *end)
{
    for (const struct piece *p = part->pieces; p < part->pieces + part->count; p++) {
        for (size_t i = 0; i < p->skip; i++) {
            if (at >= term.len)
                return false;
            at += step(term, at);
        }
        if (term.len - at < p->text.len || memcmp(term.ptr + at, p->text.ptr, p->text.len) != 0)
            return false;
        at += p->text.len;
    }
    *end = at;
    return true;
}

/* As memmem, which takes its time to begin: most terms are short. */
static const char *find_text(const char *in, size_t len, struct dh_str text)
{
    if (text.len == 1)
        return memchr(in, *text.ptr, len);
    if (len > SHORT_TERM)
        return memmem(in, len, text.ptr, text.len);
    for (; len >= text.len; in++, len--)
        if (*in == *text.ptr && memcmp(in, text.ptr, text.len) == 0)
            return in;
    return NULL;
}

/* The first place from `at` where the part fits; *end is behind it. */
static bool find_part(const struct part *part, struct dh_str term, size_t at, size_t *end)
{
    const struct piece *first = part->pieces;
    while (at <= term.len) {
        if (!first->skip) {
            const char *found = find_text(term.ptr + at, term.len - at, first->text);
            if (!found)
                return false;
            at = (size_t)(found - term.ptr);
            *end = at + first->text.len;
            if (part->count == 1)
                return true;
        }
        if (part_at(part, term, at, end))
            return true;
        if (at == term.len)
            return false;
        at += step(term, at);
    }
    return false;
}

/* The part at the end of the term, not before `from`; *start is where it begins. */
static bool part_last(const struct part *part, struct dh_str term, size_t from, size_t *start)
{
    size_t at = term.len, end;
    const struct piece *first = part->pieces;
    if (part->count == 1 && !first->skip) {
        *start = term.len - first->text.len;
        return term.len >= from + first->text.len && dh_str_ends(term, first->text);
    }
    for (size_t i = 0; i < part->points; i++) {
        if (at <= from)
            return false;
        do
            at--;
        while (at > from && ((unsigned char)term.ptr[at] & 0xC0) == 0x80);
    }
    *start = at;
    return part_at(part, term, at, &end) && end == term.len;
}

static bool match(void *made, struct dh_str term)
{
    const struct glob *glob = made;
    const struct part *part = glob->parts, *last = part + glob->count;
    size_t at = 0;
    if (term.len < glob->least)
        return false;
    if (part == last)
        return glob->open_end || term.len == 0;
    if (!glob->open_start) {
        if (!part_at(part++, term, 0, &at))
            return false;
        if (part == last)
            return glob->open_end || at == term.len;
    }
    if (!glob->open_end && !part_last(--last, term, at, &term.len))
        return false;
    for (; part < last; part++)
        if (!find_part(part, term, at, &at))
            return false;
    return true;
}

/* A pattern being cut up. */
struct cutter {
    struct glob *glob;
    struct piece *piece; /* the one being filled */
    char *text;          /* where its text goes on */
    struct part *part;
};

static void end_part(struct cutter *cutter)
{
    if (cutter->part->points) {
        cutter->piece++;
        cutter->part->count = (size_t)(cutter->piece - cutter->part->pieces);
        cutter->part++;
        cutter->glob->count++;
    }
    cutter->part->pieces = cutter->piece;
    cutter->piece->text.ptr = cutter->text;
}

static void add_skip(struct cutter *cutter)
{
    if (cutter->piece->text.len) {
        cutter->piece++;
        cutter->piece->text.ptr = cutter->text;
    }
    cutter->piece->skip++;
    cutter->part->points++;
    cutter->glob->least++;
}

static void add_text(struct cutter *cutter, struct dh_str point)
{
    memcpy(cutter->text, point.ptr, point.len);
    cutter->text += point.len;
    cutter->piece->text.len += point.len;
    cutter->part->points++;
    cutter->glob->least += point.len;
}

static void cut(struct cutter *cutter, struct dh_str value)
{
    end_part(cutter);
    for (size_t i = 0, size; i < value.len; i += size) {
        bool escaped = value.ptr[i] == '\\' && i + 1 < value.len;
        i += escaped;
        size = step(value, i);
        if (!escaped && value.ptr[i] == '*') {
            cutter->glob->open_start |= i == 0;
            end_part(cutter);
        } else if (!escaped && value.ptr[i] == '?') {
            add_skip(cutter);
        } else {
            add_text(cutter, (struct dh_str){value.ptr + i, size});
        }
        cutter->glob->open_end = !escaped && value.ptr[i] == '*';
    }
    end_part(cutter);
}

/* The bounds: what stands before the first wildcard. */
static enum dh_status bound(const struct glob *glob, struct dh_pattern *out, struct dh_arena *arena,
                            struct dh_err *err)
{
    const struct piece *first = glob->count ? glob->parts[0].pieces : NULL;
    if (glob->open_start || (first && first->skip))
        return DH_OK;
    struct dh_str prefix = first ? first->text : DH_STR("");
    bool whole = !glob->open_end && (!first || (glob->count == 1 && glob->parts[0].count == 1));
    return whole ? dh_pattern_only(out, prefix, arena, err)
                 : dh_pattern_under(out, prefix, arena, err);
}

enum dh_status dh_glob_make(struct dh_str value, struct dh_pattern *out, struct dh_arena *arena,
                            struct dh_err *err)
{
    size_t stars = 0, marks = 0;
    for (size_t i = 0; i < value.len; i++) {
        stars += value.ptr[i] == '*';
        marks += value.ptr[i] == '?';
    }
    struct glob *glob = dh_arena_alloc(arena, sizeof(*glob));
    struct part *parts = dh_arena_array(arena, stars + 2, sizeof(*parts));
    struct piece *pieces = dh_arena_array(arena, stars + marks + 2, sizeof(*pieces));
    char *text = dh_arena_alloc(arena, value.len + 1);
    if (!glob || !parts || !pieces || !text)
        return dh_fail(err, DH_MEMORY, "out of memory");
    glob->parts = parts;
    struct cutter cutter = {.glob = glob, .piece = pieces, .text = text, .part = parts};
    cut(&cutter, value);
    out->match = match;
    out->made = glob;
    return bound(glob, out, arena, err);
}
