/* Phrases in one document: every window that a word could begin is looked at. */
#include "query/match_phrase.h"

/* Where the words of a phrase stand in one source. */
struct places {
    int64_t *at; /* ascending */
    size_t count;
    size_t same;   /* the first word of the phrase that is equal to this one */
    int64_t given; /* of equal words, the place that was given last */
};

static bool find_places(const struct dh_node *node, const struct dh_token *tokens, size_t count,
                        struct places *words, struct dh_arena *arena)
{
    for (size_t i = 0; i < node->word_count; i++) {
        for (words[i].same = 0; !dh_str_equal(node->words[words[i].same], node->words[i]);)
            words[i].same++;
        if (words[i].same != i)
            continue;
        words[i].at = dh_arena_array(arena, count, sizeof(int64_t));
        if (!words[i].at)
            return false;
        for (size_t k = 0; k < count; k++)
            if (dh_str_equal(tokens[k].text, node->words[i]))
                words[i].at[words[i].count++] = tokens[k].place;
    }
    return true;
}

/* The first place that is not before `from`, or -1. */
static int64_t place_from(const struct places *word, int64_t from)
{
    size_t low = 0, high = word->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (word->at[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < word->count ? word->at[low] : -1;
}

/*
 * Whether every word finds a place of its own that is late by no more than the slop when the phrase
 * begins at `start`. Equal words come in the order of the phrase, so the first free place of each
 * is the right one.
 */
static bool fits(const struct dh_node *node, struct places *words, int64_t start)
{
    for (size_t i = 0; i < node->word_count; i++) {
        struct places *word = &words[words[i].same];
        int64_t due = start + node->places[i], from = due;
        if (words[i].same != i && word->given >= from)
            from = word->given + 1;
        word->given = place_from(word, from);
        if (word->given < 0 || word->given > due + (int64_t)node->slop)
            return false;
    }
    return true;
}

bool dh_phrase_in(const struct dh_node *node, const struct dh_token *tokens, size_t count,
                  bool *found, struct dh_arena *arena)
{
    struct places *words = dh_arena_array(arena, node->word_count, sizeof(*words));
    *found = false;
    if (!words || !find_places(node, tokens, count, words, arena))
        return false;
    for (size_t i = 0; i < node->word_count; i++)
        if (!words[words[i].same].count)
            return true;
    size_t leading = node->slop ? node->word_count : 1; /* one of these is not late at all */
    for (size_t i = 0; !*found && i < leading; i++) {
        const struct places *word = &words[words[i].same];
        for (size_t k = 0; !*found && k < word->count; k++)
            *found = fits(node, words, word->at[k] - node->places[i]);
    }
    return true;
}
