#include <stdlib.h>

#include "store/sqlite/eval.h"

/*
 * Words stand together when each can be given a place of its own so that the places, less those the
 * words have in the phrase, differ by no more than the slop (Lucene's sloppy phrase). The search
 * goes through the places at which such a window may begin; for each it gives every word its first
 * place in the window. Words that occur twice in the phrase take different places: as windows of
 * equal words have equal lengths, taking the first free one in order is always right.
 */
struct word {
    struct dh_sq_postings *postings; /* one per segment that has the word */
    size_t count, next;
    struct dh_sq_cursor cursor;
    uint32_t *places; /* in the present record */
    uint32_t place_count, room;
    size_t same;   /* the first word of the phrase that is equal to this one */
    size_t equals; /* how many words are equal to this one, itself included; of the first one */
    int64_t last;  /* place given to the last equal word; -1: none */
};

struct phrase {
    struct dh_sq_eval *eval;
    const struct dh_node *node;
    struct word *words;
    uint32_t hint;
    int64_t *starts; /* room for those of a record */
    size_t start_room;
    bool counted;
    dh_sq_phrase_fn hit;
    void *context;
};

enum { LATE_EVERY = 4096 /* records, or windows in a record, between two looks at the clock */ };

static enum dh_status late(const struct phrase *phrase, size_t seen)
{
    if (seen % LATE_EVERY == 0 && dh_sq_late(phrase->eval->reader))
        return dh_fail(phrase->eval->err, DH_LIMIT, "the query takes too long");
    return DH_OK;
}

/* The first place of a word not below `from`, or -1. */
static int64_t place_from(const struct word *word, int64_t from)
{
    uint32_t low = 0, high = word->place_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (word->places[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < word->place_count ? (int64_t)word->places[low] : -1;
}

/*
 * Gives each word its first place in a window that begins at `start`. *end is the least end of such
 * a window; false when a word has no place left or the window grows too long.
 */
static bool fit(struct phrase *phrase, int64_t start, int64_t *end)
{
    const struct dh_node *node = phrase->node;
    for (size_t i = 0; i < node->word_count; i++)
        phrase->words[i].last = -1;
    *end = start;
    for (size_t i = 0; i < node->word_count; i++) {
        struct word *same = &phrase->words[phrase->words[i].same];
        int64_t from = start + node->places[i];
        from = from > same->last ? from : same->last + 1;
        int64_t place = place_from(same, from);
        if (place < 0 || place - node->places[i] - start > (int64_t)node->slop)
            return false;
        same->last = place;
        *end = place - node->places[i] > *end ? place - node->places[i] : *end;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool reserve_starts(struct phrase *phrase, size_t room)
{
    int64_t *starts = dh_array_reserve(phrase->starts, &phrase->start_room, room, sizeof(*starts));
    if (starts)
        phrase->starts = starts;
    return starts != NULL;
}

/* The word with the fewest places in the record. */
static size_t rarest(const struct phrase *phrase)
{
    size_t best = 0;
    for (size_t i = 1; i < phrase->node->word_count; i++)
        if (phrase->words[i].same == i &&
            phrase->words[i].place_count < phrase->words[best].place_count)
            best = i;
    return best;
}

/* Each window holds the rarest word, so it begins there or up to the slop before. */
static size_t starts_around(struct phrase *phrase, size_t index)
{
    const struct word *word = &phrase->words[index];
    size_t count = 0;
    for (uint32_t k = 0; k < word->place_count; k++) {
        int64_t last = (int64_t)word->places[k] - phrase->node->places[index];
        int64_t first = last - (int64_t)phrase->node->slop;
        if (count && first <= phrase->starts[count - 1])
            first = phrase->starts[count - 1] + 1;
        for (int64_t start = first; start <= last; start++)
            phrase->starts[count++] = start;
    }
    return count;
}

/* With a large slop: where any of the words would begin it. */
static size_t starts_anywhere(struct phrase *phrase)
{
    int64_t *all = phrase->starts;
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < phrase->node->word_count; i++) {
        const struct word *word = &phrase->words[phrase->words[i].same];
        for (uint32_t k = 0; k < word->place_count; k++)
            all[count++] = (int64_t)word->places[k] - phrase->node->places[i];
    }
    qsort(all, count, sizeof(*all), by_value);
    for (size_t i = 0; i < count; i++)
        if (!kept || all[i] != all[kept - 1])
            all[kept++] = all[i];
    return kept;
}

/* The places at which a window may begin, ascending and distinct; false when out of memory. */
static bool find_starts(struct phrase *phrase, size_t *count)
{
    const struct dh_node *node = phrase->node;
    size_t all = 1, base = rarest(phrase);
    for (size_t i = 0; i < node->word_count; i++)
        all += phrase->words[phrase->words[i].same].place_count;
    size_t around = (size_t)phrase->words[base].place_count * ((size_t)node->slop + 1) + 1;
    *count = 0;
    if (!reserve_starts(phrase, around < all ? around : all))
        return false;
    *count = around < all ? starts_around(phrase, base) : starts_anywhere(phrase);
    return true;
}

/* Sum over the shortest windows of the present record. */
static enum dh_status frequency(struct phrase *phrase, double *out)
{
    size_t count;
    int64_t end, next_end = INT64_MAX;
    enum dh_status status = DH_OK;
    if (!find_starts(phrase, &count))
        return dh_fail(phrase->eval->err, DH_MEMORY, "out of memory for a query");
    *out = 0;
    /* From the last on: a window that ends no earlier than a later one holds it, so is no other. */
    for (size_t i = count; i-- > 0 && !status;) {
        status = late(phrase, count - i);
        if (!fit(phrase, phrase->starts[i], &end) || end >= next_end)
            continue;
        next_end = end;
        *out += 1.0 / (double)(1 + end - phrase->starts[i]);
        if (!phrase->counted)
            break;
    }
    return status;
}

static enum dh_status read_places(struct phrase *phrase, struct word *word)
{
    uint32_t times = word->cursor.times;
    if (times > word->room) {
        uint32_t *places = realloc(word->places, (size_t)times * 2 * sizeof(*places));
        if (!places)
            return dh_fail(phrase->eval->err, DH_MEMORY, "out of memory for a query");
        word->places = places;
        word->room = times * 2;
    }
    word->place_count = dh_sq_cursor_places(&word->cursor, word->places, word->room);
    return DH_OK;
}

/* Equal words need as many places. */
static bool enough(const struct phrase *phrase)
{
    for (size_t i = 0; i < phrase->node->word_count; i++)
        if (phrase->words[i].same == i && phrase->words[i].cursor.times < phrase->words[i].equals)
            return false;
    return true;
}

/* All words are in the record that the cursors stand on. */
static enum dh_status look(struct phrase *phrase)
{
    const struct dh_node *node = phrase->node;
    double sum = 0;
    uint32_t slot =
        dh_sq_slot_after(phrase->eval->columns, phrase->words[0].cursor.number, &phrase->hint);
    if (slot == UINT32_MAX || !enough(phrase))
        return DH_OK;
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->word_count && !status; i++)
        if (phrase->words[i].same == i)
            status = read_places(phrase, &phrase->words[i]);
    if (!status)
        status = frequency(phrase, &sum);
    if (!status && sum > 0)
        phrase->hit(phrase->context, slot, sum);
    return status;
}

/* Moves all cursors to the next record that they share; false when there is none. */
static bool meet(struct phrase *phrase)
{
    size_t agreed = 0;
    uint32_t target = phrase->words[0].cursor.number;
    for (size_t i = 0; agreed < phrase->node->word_count; i = (i + 1) % phrase->node->word_count) {
        struct word *word = &phrase->words[i];
        if (word->same != i) {
            agreed++;
            continue;
        }
        while (word->cursor.number < target)
            if (!dh_sq_cursor_next(&word->cursor))
                return false;
        agreed = word->cursor.number == target ? agreed + 1 : 1;
        target = word->cursor.number;
    }
    return true;
}

/* One segment in which every word occurs. */
static enum dh_status look_in_segment(struct phrase *phrase)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < phrase->node->word_count; i++) {
        struct word *word = &phrase->words[i];
        if (word->same != i)
            continue;
        dh_sq_cursor_start(&word->cursor, &word->postings[word->next]);
        if (!dh_sq_cursor_next(&word->cursor))
            return DH_OK;
    }
    for (size_t seen = 1; !status && meet(phrase); seen++) {
        status = late(phrase, seen);
        if (!status)
            status = look(phrase);
        if (!dh_sq_cursor_next(&phrase->words[0].cursor))
            break;
    }
    return status;
}

/* Goes to the next segment that all words share. */
static bool next_segment(struct phrase *phrase)
{
    uint32_t base = 0;
    size_t count = phrase->node->word_count, agreed = 0;
    for (size_t i = 0; agreed < count; i = (i + 1) % count) {
        struct word *word = &phrase->words[i];
        while (word->same == i && word->next < word->count &&
               word->postings[word->next].base < base)
            word->next++;
        if (word->same == i && word->next == word->count)
            return false;
        uint32_t here = word->same == i ? word->postings[word->next].base : base;
        agreed = here == base ? agreed + 1 : 1;
        base = here;
    }
    return true;
}

static enum dh_status find_words(struct phrase *phrase, enum dh_source source)
{
    const struct dh_node *node = phrase->node;
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->word_count && !status; i++) {
        struct word *word = &phrase->words[i];
        word->next = word->count = word->equals = 0;
        for (word->same = 0; !dh_str_equal(node->words[word->same], node->words[i]);)
            word->same++;
        phrase->words[word->same].equals++;
        if (word->same == i)
            status = dh_sq_index_find(phrase->eval->reader, (unsigned)source, node->words[i], true,
                                      &word->postings, &word->count, phrase->eval->arena,
                                      phrase->eval->err);
    }
    return status;
}

static enum dh_status find_in_source(struct phrase *phrase, enum dh_source source)
{
    enum dh_status status = find_words(phrase, source);
    phrase->hint = 0;
    while (!status && next_segment(phrase)) {
        status = look_in_segment(phrase);
        phrase->words[0].next++;
    }
    return status;
}

enum dh_status dh_sq_phrase_find(struct dh_sq_eval *eval, const struct dh_node *node, bool counted,
                                 dh_sq_phrase_fn hit, void *context)
{
    struct phrase phrase = {
        .eval = eval, .node = node, .counted = counted, .hit = hit, .context = context};
    phrase.words = dh_arena_array(eval->arena, node->word_count, sizeof(*phrase.words));
    if (!phrase.words)
        return dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->field->source_count && !status; i++)
        status = find_in_source(&phrase, node->field->sources[i]);
    for (size_t i = 0; i < node->word_count; i++)
        free(phrase.words[i].places);
    free(phrase.starts);
    return status;
}
