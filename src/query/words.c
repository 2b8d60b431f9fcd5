#include "query/words.h"

#include <unicase.h>
#include <unistr.h>

#include "query/kinds.h"

/*
 * The longest run that is a word, as an automaton over kinds of code points. States from WORD on
 * end a word; the others hope for more, and the word ends where it last could.
 */
enum state {
    FAIL,
    START,
    LOWS,       /* low lines alone */
    MID_WORD,   /* a letter, then a sign that wants a letter */
    MID_NUMBER, /* a digit, then a sign that wants a digit */
    HEBREW_DOUBLE,
    HALF_FLAG,
    JOINER, /* joiners of emoji alone */
    SHOWN_JOINED,
    KEY,
    KEY_SHOWN,
    WORD, /* ends in a letter */
    NUMBER,
    HEBREW,
    HEBREW_DONE, /* after a Hebrew letter and its quote */
    KATAKANA,
    AND_LOWS, /* a word and low lines */
    ONE,
    ASIAN,
    EMOJI,
    EMOJI_JOINED,
    BASE,
    BASE_JOINED,
    SHOWN, /* an emoji and a selector of how it shows */
    SKIN,
    SKIN_JOINED,
    KEYCAP,
    STATES
};

/* Marks and format characters leave the state as it is. */
#define STAYS(state)                                                                               \
    [DH_KIND_EXTEND] = (state), [DH_KIND_JOINER] = (state), [DH_KIND_AS_EMOJI] = (state),          \
    [DH_KIND_AS_TEXT] = (state), [DH_KIND_KEYCAP] = (state), [DH_KIND_ASIAN_MARK] = (state)
#define LETTERS [DH_KIND_LETTER] = WORD, [DH_KIND_HEBREW] = HEBREW, [DH_KIND_DIGIT] = NUMBER
#define MARKS(state)                                                                               \
    [DH_KIND_EXTEND] = (state), [DH_KIND_ASIAN_MARK] = (state), [DH_KIND_KEYCAP] = (state)
#define PICTURES [DH_KIND_EMOJI] = EMOJI, [DH_KIND_EMOJI_BASE] = BASE

static const unsigned char next_state[STATES][DH_KINDS] = {
    [START] =
        {LETTERS,
         PICTURES, [DH_KIND_KATAKANA] = KATAKANA, [DH_KIND_LOW] = LOWS, [DH_KIND_ASIAN] = ASIAN,
         [DH_KIND_ASIAN_MARK] = ASIAN, [DH_KIND_ONE] = ONE, [DH_KIND_FLAG] = HALF_FLAG,
         [DH_KIND_SKIN] = SKIN, [DH_KIND_KEY] = KEY, [DH_KIND_JOINER] = JOINER},
    [LOWS] = {LETTERS, STAYS(LOWS), [DH_KIND_LOW] = LOWS, [DH_KIND_KATAKANA] = KATAKANA},
    [MID_WORD] = {STAYS(MID_WORD), [DH_KIND_LETTER] = WORD, [DH_KIND_HEBREW] = WORD},
    [MID_NUMBER] = {STAYS(MID_NUMBER), [DH_KIND_DIGIT] = NUMBER},
    [HEBREW_DOUBLE] = {STAYS(HEBREW_DOUBLE), [DH_KIND_HEBREW] = HEBREW_DONE},
    [HALF_FLAG] = {STAYS(HALF_FLAG), [DH_KIND_FLAG] = ONE},
    [JOINER] = {PICTURES, [DH_KIND_JOINER] = JOINER},
    [SHOWN_JOINED] = {PICTURES, [DH_KIND_JOINER] = SHOWN_JOINED, [DH_KIND_SKIN] = SKIN},
    [KEY] = {[DH_KIND_EXTEND] = KEY,
             [DH_KIND_ASIAN_MARK] = KEY,
             [DH_KIND_JOINER] = KEY,
             [DH_KIND_KEYCAP] = KEYCAP,
             [DH_KIND_AS_EMOJI] = KEY_SHOWN},
    [KEY_SHOWN] = {[DH_KIND_KEYCAP] = KEYCAP},
    [WORD] = {LETTERS, STAYS(WORD), [DH_KIND_LOW] = AND_LOWS, [DH_KIND_MID_WORD] = MID_WORD,
              [DH_KIND_MID_BOTH] = MID_WORD, [DH_KIND_SINGLE] = MID_WORD},
    [NUMBER] = {LETTERS, STAYS(NUMBER), [DH_KIND_LOW] = AND_LOWS, [DH_KIND_MID_NUMBER] = MID_NUMBER,
                [DH_KIND_MID_BOTH] = MID_NUMBER, [DH_KIND_SINGLE] = MID_NUMBER},
    [HEBREW] = {LETTERS, STAYS(HEBREW), [DH_KIND_LOW] = AND_LOWS, [DH_KIND_MID_WORD] = MID_WORD,
                [DH_KIND_MID_BOTH] = MID_WORD, [DH_KIND_SINGLE] = HEBREW_DONE,
                [DH_KIND_DOUBLE] = HEBREW_DOUBLE},
    [HEBREW_DONE] = {LETTERS, STAYS(HEBREW_DONE), [DH_KIND_LOW] = AND_LOWS},
    [KATAKANA] = {STAYS(KATAKANA), [DH_KIND_KATAKANA] = KATAKANA, [DH_KIND_LOW] = AND_LOWS},
    [AND_LOWS] = {LETTERS,
                  STAYS(AND_LOWS), [DH_KIND_LOW] = AND_LOWS, [DH_KIND_KATAKANA] = KATAKANA},
    [ONE] = {STAYS(ONE)},
    [ASIAN] = {STAYS(ASIAN), [DH_KIND_ASIAN] = ASIAN},
    [EMOJI] = {MARKS(EMOJI), [DH_KIND_JOINER] = EMOJI_JOINED, [DH_KIND_AS_EMOJI] = SHOWN},
    [EMOJI_JOINED] = {MARKS(EMOJI), PICTURES, [DH_KIND_JOINER] = EMOJI_JOINED,
                      [DH_KIND_AS_EMOJI] = SHOWN, [DH_KIND_SKIN] = SKIN},
    [BASE] = {MARKS(BASE), [DH_KIND_JOINER] = BASE_JOINED, [DH_KIND_AS_EMOJI] = SHOWN,
              [DH_KIND_SKIN] = SKIN},
    [BASE_JOINED] = {MARKS(BASE), PICTURES, [DH_KIND_JOINER] = BASE_JOINED,
                     [DH_KIND_AS_EMOJI] = SHOWN, [DH_KIND_SKIN] = SKIN},
    [SHOWN] = {[DH_KIND_JOINER] = SHOWN_JOINED},
    [SKIN] = {MARKS(SKIN), [DH_KIND_JOINER] = SKIN_JOINED},
    [SKIN_JOINED] = {MARKS(SKIN), PICTURES, [DH_KIND_JOINER] = SKIN_JOINED, [DH_KIND_SKIN] = SKIN},
    [KEYCAP] = {MARKS(KEYCAP), [DH_KIND_JOINER] = KEYCAP},
};

/* The kind of the code point at `at`, its bytes and its UTF-16 units. */
static enum dh_kind look(struct dh_str text, size_t at, size_t *size, size_t *units)
{
    unsigned char first = (unsigned char)text.ptr[at];
    *size = *units = 1;
    if (first < 0x80)
        return dh_kind_ascii[first];
    uint32_t c = dh_utf8_next(dh_str_from(text, at), size);
    *units = *size == 4 ? 2 : 1;
    return *size == 1 ? DH_KIND_OTHER : dh_kind_of(c);
}

/* Where the longest word that begins at `at` ends; `at` when none does. */
static size_t word_end(struct dh_str text, size_t at)
{
    size_t end = at, units = 0;
    enum state state = START;
    while (at < text.len) {
        size_t size, more;
        state = next_state[state][look(text, at, &size, &more)];
        if (state == FAIL || units + more > DH_WORD_MAX)
            break;
        at += size;
        units += more;
        if (state < WORD)
            continue;
        if (state <= NUMBER) { /* ASCII letters and digits: most of all text */
            size_t from = at, most = text.len - at;
            if (most > DH_WORD_MAX - units)
                most = DH_WORD_MAX - units;
            while (at - from < most && dh_kind_lower[(unsigned char)text.ptr[at]])
                at++;
            units += at - from;
            if (at > from)
                state = text.ptr[at - 1] <= '9' ? NUMBER : WORD;
        }
        end = at;
    }
    return end;
}

/*
 * At a low line where no word is known to begin: goes to the first one where a word can. Without
 * this a long run of them would be gone through once for each.
 */
static void pass_lows(struct dh_words *words)
{
    size_t at = words->at, units = 0, size, more;
    enum state state = START;
    while (at < words->text.len) {
        state = next_state[state][look(words->text, at, &size, &more)];
        if (state != LOWS)
            break;
        at += size;
        units += more;
    }
    if (at == words->text.len || state == FAIL) {
        words->dead = at;
        return;
    }
    for (units += more; units > DH_WORD_MAX; units -= more) {
        look(words->text, words->at, &size, &more);
        words->at += size;
    }
}

/* From `at` to the next word; *end is where it ends. False when there is none. */
static bool find(struct dh_words *words, size_t *end)
{
    while (words->at < words->text.len) {
        size_t size, more;
        enum dh_kind kind = look(words->text, words->at, &size, &more);
        if (kind == DH_KIND_LOW && words->at >= words->dead) {
            pass_lows(words);
            kind = look(words->text, words->at, &size, &more);
        }
        if (next_state[START][kind] && (kind != DH_KIND_LOW || words->at >= words->dead)) {
            *end = word_end(words->text, words->at);
            if (*end > words->at)
                return true;
        }
        words->at += size;
    }
    return false;
}

/* Copies the word in lower case; returns its length. */
static size_t lower_word(struct dh_str word, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < word.len;) {
        unsigned char c = (unsigned char)word.ptr[i];
        if (c < 0x80) {
            out[len++] = dh_kind_lower[c] ? (char)dh_kind_lower[c] : (char)c;
            i++;
            continue;
        }
        size_t size;
        uint32_t lower = uc_tolower(dh_utf8_next(dh_str_from(word, i), &size));
        len += (size_t)u8_uctomb((uint8_t *)out + len, lower, 4);
        i += size;
    }
    return len;
}

void dh_words_start(struct dh_words *words, struct dh_str text)
{
    words->text = text;
    words->at = words->dead = 0;
    words->place = 0;
}

bool dh_words_next(struct dh_words *words, struct dh_word *out)
{
    size_t end;
    if (!find(words, &end))
        return false;
    struct dh_str word = {words->text.ptr + words->at, end - words->at};
    out->text = (struct dh_str){words->lower, lower_word(word, words->lower)};
    out->place = words->place++;
    words->at = end;
    return true;
}
