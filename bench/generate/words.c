#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS = 27 /* and the edge of a word, 0 */, SLOTS = 1 << 19, KIND_WORD = 1, KIND_AFTER };

static const char *const english[] = {
#include "english.def"
};

/* How often a letter follows two others. */
struct habits {
    unsigned short after[LETTERS][LETTERS][LETTERS];
    unsigned short total[LETTERS][LETTERS];
};

/* Words that there are already, by hash; ranks plus one. */
struct known {
    uint32_t slots[SLOTS];
};

static unsigned letter(char c)
{
    return (unsigned)(c - 'a') + 1;
}

static void learn(struct habits *habits, const char *word)
{
    unsigned a = 0, b = 0;
    for (;; word++) {
        unsigned c = *word ? letter(*word) : 0;
        habits->after[a][b][c]++;
        habits->total[a][b]++;
        if (!*word)
            return;
        a = b;
        b = c;
    }
}

/* One word as those that were learnt; false when it came out too short or too long. */
static bool imitate(const struct habits *habits, struct dice *dice, size_t most, char *out)
{
    unsigned a = 0, b = 0;
    for (size_t len = 0; len <= most; len++) {
        unsigned at = below(dice, habits->total[a][b]), c = 0;
        while (at >= habits->after[a][b][c])
            at -= habits->after[a][b][c++];
        out[len] = c ? (char)('a' + c - 1) : '\0';
        if (c == 0)
            return len >= 4;
        a = b;
        b = c;
    }
    return false;
}

/* Takes the word of the next rank when it is new. */
static bool add(struct words *words, struct known *known, unsigned rank, const char *word)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *at = word; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    size_t slot = (hash ^ hash >> 32) % SLOTS;
    for (; known->slots[slot]; slot = (slot + 1) % SLOTS)
        if (strcmp(words->list[known->slots[slot] - 1].text, word) == 0)
            return false;
    known->slots[slot] = rank + 1;
    words->list[rank].len = (unsigned char)strlen(word);
    memcpy(words->list[rank].text, word, strlen(word) + 1);
    return true;
}

/* 1998, p53, 4k: what stands between words. */
static void make_code(struct dice *dice, unsigned rank, char *out)
{
    unsigned number = below(dice, rank < 20000 ? 300 : 9999);
    char a = (char)('a' + below(dice, 26));
    switch (below(dice, 3)) {
    case 0:
        snprintf(out, WORD_MAX + 1, "%u", rank < 4000 ? 1990 + number % 37 : number);
        break;
    case 1:
        snprintf(out, WORD_MAX + 1, "%c%u", a, number);
        break;
    default:
        snprintf(out, WORD_MAX + 1, "%u%c", number, a);
    }
}

/* Frequent words are short ones. */
static size_t longest(unsigned rank)
{
    return rank < 2000 ? 9 : rank < 10000 ? 12 : rank < 60000 ? 14 : WORD_MAX;
}

static void fill(struct words *words, struct habits *habits, struct known *known)
{
    char word[WORD_MAX + 1];
    unsigned rank = 0;
    for (size_t i = 0; i < COUNT(english); i++) {
        learn(habits, english[i]);
        rank += add(words, known, rank, english[i]);
    }
    words->english = rank;
    struct dice dice = dice_of(KIND_WORD, 0);
    while (rank < WORDS) {
        bool good = true;
        if (rank % 37 == 0)
            make_code(&dice, rank, word);
        else
            good = imitate(habits, &dice, longest(rank), word);
        rank += good && add(words, known, rank, word);
    }
}

bool words_init(struct words *words)
{
    struct habits *habits = calloc(1, sizeof(*habits));
    struct known *known = calloc(1, sizeof(*known));
    words->list = calloc(WORDS, sizeof(*words->list));
    bool good = zipf_init(&words->zipf, WORDS, 1.05, 1) && habits && known && words->list;
    if (good)
        fill(words, habits, known);
    free(habits);
    free(known);
    return good;
}

void words_release(struct words *words)
{
    free(words->list);
    zipf_release(&words->zipf);
}

void put_word(struct line *line, const struct words *words, unsigned rank)
{
    put_bytes(line, words->list[rank].text, words->list[rank].len);
}

void put_name(struct line *line, const struct words *words, unsigned k)
{
    size_t from = line->len;
    unsigned rank = words->english + k % (WORDS - words->english - 1);
    put_word(line, words, rank % 37 == 0 ? rank + 1 : rank);
    put_capital(line, from);
}

unsigned word_after(const struct words *words, unsigned rank, unsigned which)
{
    struct dice dice = dice_of(KIND_AFTER, (uint64_t)rank * 4 + which);
    return zipf_draw(&words->zipf, &dice);
}
