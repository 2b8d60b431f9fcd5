/* Words and whole texts as terms: anything at all may come. */
#include <stdlib.h>

#include "query/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_words(struct dh_str text)
{
    struct dh_words words, again;
    struct dh_word word, same;
    uint32_t place = 0;
    dh_words_start(&words, text);
    while (dh_words_next(&words, &word)) {
        if (word.place != place++ || !word.text.len || word.text.len > sizeof(words.lower) ||
            dh_utf8_check(word.text) != word.text.len)
            abort();
        dh_words_start(&again, word.text); /* a word is one word */
        if (!dh_words_next(&again, &same) || !dh_str_equal(same.text, word.text) ||
            dh_words_next(&again, &same))
            abort();
    }
    if (place > text.len)
        abort();
}

static void check_texts(struct dh_arena *arena, struct dh_str text)
{
    struct dh_str lower = dh_text_lower(arena, text), folded = dh_text_fold(arena, text);
    if (!dh_str_equal(dh_text_lower(arena, lower), lower) ||
        !dh_str_equal(dh_text_fold(arena, folded), folded))
        abort();
    struct dh_str doi = dh_text_doi(arena, text);
    if (doi.ptr && !dh_str_equal(dh_text_doi(arena, doi), doi))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    check_words(text);
    check_texts(&arena, text);
    dh_arena_release(&arena);
    return 0;
}
