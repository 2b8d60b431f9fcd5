#include "query/words.h"

#include <unicase.h>
#include <unistr.h>

#include "query/kinds.h"

/* No letter of these, from Chinese to Yi, is upper case. */
enum { CASELESS_FIRST = 0x2E00, CASELESS_LAST = 0xA63F };

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
    KEYCAP_SHOWN,
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
    [KEY_SHOWN] = {[DH_KIND_KEYCAP] = KEYCAP_SHOWN},
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
    [KEYCAP] = {MARKS(KEYCAP), [DH_KIND_JOINER] = KEYCAP, [DH_KIND_AS_EMOJI] = KEY_SHOWN},
    [KEYCAP_SHOWN] = {MARKS(KEYCAP_SHOWN), [DH_KIND_JOINER] = KEYCAP_SHOWN},
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

/* Where the automaton stands. */
struct run {
    size_t at;
    size_t units; /* UTF-16, of what it went over */
    enum state state;
};

/* Where the longest word ends; `end` when it was over before. */
static size_t word_end(struct dh_str text, struct run run, size_t end)
{
    while (run.at < text.len) {
        size_t size, more;
        run.state = next_state[run.state][look(text, run.at, &size, &more)];
        if (run.state == FAIL || run.units + more > DH_WORD_MAX)
            break;
        run.at += size;
        run.units += more;
        if (run.state >= WORD)
            end = run.at;
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

/*
 * A word that begins at an ASCII letter or digit: goes over what more of them there are, which is
 * what most words are made of, and writes it in lower case. False when this was the whole word.
 */
static bool run_ascii(struct dh_words *words, struct run *run)
{
    const unsigned char *text = (const unsigned char *)words->text.ptr + words->at;
    size_t len = 0, left = words->text.len - words->at;
    size_t most = left < DH_WORD_MAX ? left : DH_WORD_MAX;
    unsigned char lower;
    while (len < most && (lower = dh_kind_lower[text[len]]) != 0)
        words->lower[len++] = (char)lower;
    *run = (struct run){words->at + len, len, text[len - 1] <= '9' ? NUMBER : WORD};
    if (len == left || len == DH_WORD_MAX)
        return false;
    if (text[len] >= 0x80 || text[len] == '_')
        return true;
    bool more = len + 1 < left && (text[len + 1] >= 0x80 || dh_kind_lower[text[len + 1]]);
    return more && next_state[run->state][dh_kind_ascii[text[len]]];
}

/* From `at` to the next character that a word can begin with. */
static bool find_start(struct dh_words *words)
{
    const unsigned char *text = (const unsigned char *)words->text.ptr;
    while (words->at < words->text.len) {
        size_t size, more;
        if (dh_kind_lower[text[words->at]])
            return true;
        if (text[words->at] == ' ') {
            words->at++;
            continue;
        }
        enum dh_kind kind = look(words->text, words->at, &size, &more);
        if (kind == DH_KIND_LOW && words->at >= words->dead) {
            pass_lows(words);
            kind = look(words->text, words->at, &size, &more);
        }
        if (next_state[START][kind] && (kind != DH_KIND_LOW || words->at >= words->dead))
            return true;
        words->at += size;
    }
    return false;
}

/* Writes the word in lower case behind `len` bytes; returns the length in all. */
static size_t lower_word(struct dh_str word, char *out, size_t len)
{
    for (size_t i = 0; i < word.len;) {
        unsigned char c = (unsigned char)word.ptr[i];
        if (c < 0x80) {
            out[len++] = dh_kind_lower[c] ? (char)dh_kind_lower[c] : (char)c;
            i++;
            continue;
        }
        size_t size;
        uint32_t point = dh_utf8_next(dh_str_from(word, i), &size), lower = point;
        if (point < CASELESS_FIRST || point > CASELESS_LAST)
            lower = uc_tolower(point);
        if (lower == point)
            memcpy(out + len, word.ptr + i, size);
        len += lower == point ? size : (size_t)u8_uctomb((uint8_t *)out + len, lower, 4);
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
    while (find_start(words)) {
        struct run run = {words->at, 0, START};
        size_t end, len = 0;
        if (dh_kind_lower[(unsigned char)words->text.ptr[words->at]]) {
            bool more = run_ascii(words, &run);
            len = run.units;
            end = more ? word_end(words->text, run, run.at) : run.at;
        } else {
            end = word_end(words->text, run, run.at);
        }
        if (end > words->at) {
            struct dh_str rest = {words->text.ptr + run.at, end - run.at};
            if (rest.len)
                len = lower_word(rest, words->lower, len);
            out->text = (struct dh_str){words->lower, len};
            out->place = words->place++;
            words->at = end;
            return true;
        }
        size_t size, more;
        look(words->text, words->at, &size, &more);
        words->at += size;
    }
    return false;
}
