/*
 * Fuzzy: terms within a few edits. An edit puts in, takes out or replaces a code point or swaps two
 * neighbours, which are not edited again. As in Lucene a term that is not equal needs fewer edits
 * than the shorter of the two has code points.
 */
#include "query/pattern_parts.h"

enum { EDITS_MAX = 2 };

struct fuzzy {
    uint32_t *points; /* of the pattern */
    size_t count;
    size_t edits;
    size_t bytes;
    uint32_t *term; /* code points of the term at hand; room for count + edits */
    bool has[128];  /* ASCII characters of the pattern */
};

/*
 * Decodes the term; false when it is too long, or when it holds so many characters that the pattern
 * lacks that it cannot match.
 */
static bool read_term(const struct fuzzy *fuzzy, struct dh_str term, size_t *count)
{
    size_t most = fuzzy->count + fuzzy->edits, strange = 0, n = 0, size;
    for (size_t i = 0; i < term.len; i += size) {
        unsigned char c = (unsigned char)term.ptr[i];
        if (n == most)
            return false;
        size = 1;
        if (c < 0x80) {
            fuzzy->term[n++] = c;
            strange += !fuzzy->has[c];
            if (strange > fuzzy->edits)
                return false;
        } else {
            fuzzy->term[n++] = dh_utf8_next(dh_str_from(term, i), &size);
        }
    }
    *count = n;
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits between a[0..n) and b[0..m), or more than `most`. Rows of the usual table, near its
 * diagonal only: position j of row i lies at j - i + most + 1. */
static size_t distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m, size_t most)
{
    enum { WIDTH = 2 * EDITS_MAX + 3, FAR = EDITS_MAX + 1 };
    size_t rows[3][WIDTH], *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t k = 0; k < WIDTH; k++) {
        before[k] = FAR;
        last[k] = k > most && k - most - 1 <= least(m, most) ? k - most - 1 : FAR;
    }
    for (size_t i = 1; i <= n; i++) {
        bool near = false;
        for (size_t k = 0; k < WIDTH; k++)
            row[k] = FAR;
        for (size_t k = 1; k <= 2 * most + 1; k++) {
            size_t j = i + k - most - 1; /* wraps below 0, which is then above m */
            if (j > m)
                continue;
            size_t best = least(last[k + 1], j ? row[k - 1] : FAR) + 1;
            if (j && a[i - 1] == b[j - 1])
                best = least(best, last[k]);
            else if (j)
                best = least(best, last[k] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, before[k] + 1);
            row[k] = least(best, FAR);
            near |= row[k] <= most;
        }
        if (!near)
            return FAR;
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return m + most + 1 >= n && m <= n + most ? last[m + most + 1 - n] : FAR;
}

static bool match(void *made, struct dh_str term)
{
    const struct fuzzy *fuzzy = made;
    const uint32_t *a = fuzzy->points, *b = fuzzy->term;
    size_t n = fuzzy->count, m, from = 0, shorter;
    if (term.len + fuzzy->edits < n || term.len > fuzzy->bytes || !read_term(fuzzy, term, &m) ||
        m + fuzzy->edits < n)
        return false;
    shorter = least(n, m);
    while (from < n && from < m && a[from] == b[from])
        from++;
    if (from == n && from == m)
        return true;
    while (n > from && m > from && a[n - 1] == b[m - 1]) {
        n--;
        m--;
    }
    size_t most = least(fuzzy->edits, shorter ? shorter - 1 : 0);
    return most && distance(a + from, n - from, b + from, m - from, most) <= most;
}

static bool equal(void *made, struct dh_str term)
{
    return dh_str_equal(term, *(const struct dh_str *)made);
}

enum dh_status dh_fuzzy_make(struct dh_str value, unsigned edits, struct dh_pattern *out,
                             struct dh_arena *arena, struct dh_err *err)
{
    if (!edits) {
        out->match = equal;
        out->made = &out->low;
        return dh_pattern_only(out, value, arena, err);
    }
    struct fuzzy *fuzzy = dh_arena_alloc(arena, sizeof(*fuzzy));
    uint32_t *points = dh_arena_array(arena, value.len + 1, sizeof(*points));
    uint32_t *room = dh_arena_array(arena, value.len + EDITS_MAX + 1, sizeof(*room));
    if (!fuzzy || !points || !room)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *fuzzy = (struct fuzzy){.points = points, .term = room};
    fuzzy->edits = least(edits, EDITS_MAX);
    for (size_t i = 0, size; i < value.len; i += size) {
        uint32_t c = dh_utf8_next(dh_str_from(value, i), &size);
        points[fuzzy->count++] = c;
        if (c < 0x80)
            fuzzy->has[c] = true;
    }
    fuzzy->bytes = (fuzzy->count + fuzzy->edits) * 4;
    out->match = match;
    out->made = fuzzy;
    return DH_OK;
}
