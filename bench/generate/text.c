#include "text.h"

#include <string.h>

enum { KIND_SUBJECT = 20 };

/* How words are spelt in a language: its commonest ones, and other letters for the rest. */
struct tongue {
    const char *code;
    unsigned weight;
    const char *common[24];
    const char *letters[26]; /* NULL: as it is */
    unsigned from;           /* characters of a script without letters, and how many; 0: letters */
    unsigned characters;
};

static const struct tongue tongues[] = {
    {.code = "en", .weight = 80},
    {.code = "de",
     .weight = 6,
     .common = {"der",   "die",  "und",  "in",  "den",  "von", "zu", "das",
                "mit",   "sich", "des",  "auf", "für",  "ist", "im", "dem",
                "nicht", "ein",  "eine", "als", "auch", "es",  "an", "über"},
     .letters = {['u' - 'a'] = "ü", ['c' - 'a'] = "k", ['y' - 'a'] = "ie", ['x' - 'a'] = "ß"}},
    {.code = "fr",
     .weight = 4,
     .common = {"de",  "la",   "le",  "et",  "les",  "des", "en",   "un",
                "du",  "une",  "que", "est", "pour", "qui", "dans", "a",
                "par", "plus", "pas", "au",  "sur",  "ne",  "se",   "été"},
     .letters = {['e' - 'a'] = "é", ['k' - 'a'] = "qu", ['w' - 'a'] = "ou", ['y' - 'a'] = "i"}},
    {.code = "es",
     .weight = 3,
     .common = {"de",  "la",  "que", "el",  "en", "y",    "a",  "los", "se", "del",  "las", "un",
                "por", "con", "no",  "una", "su", "para", "es", "al",  "lo", "como", "más", "o"},
     .letters = {['o' - 'a'] = "ó", ['k' - 'a'] = "c", ['y' - 'a'] = "ía", ['w' - 'a'] = "ñ"}},
    {.code = "pt",
     .weight = 2,
     .common = {"de",  "a",   "o",  "que", "e",  "do", "da",  "em",   "um", "para", "é",    "com",
                "não", "uma", "os", "no",  "se", "na", "por", "mais", "as", "dos",  "como", "mas"},
     .letters = {['a' - 'a'] = "ã", ['k' - 'a'] = "c", ['y' - 'a'] = "ç", ['w' - 'a'] = "v"}},
    {.code = "ru",
     .weight = 2,
     .common = {"и",   "в", "не", "на", "с",   "что", "по",  "как", "из",  "у",     "за",  "от",
                "для", "о", "же", "к",  "при", "это", "его", "до",  "или", "также", "был", "между"},
     .letters = {"а", "б", "ц", "д", "е", "ф", "г", "х", "и", "й", "к", "л", "м",
                 "н", "о", "п", "я", "р", "с", "т", "у", "в", "ш", "ж", "ы", "з"}},
    {.code = "zh", .weight = 2, .from = 0x4e00, .characters = 5000},
    {.code = "ja", .weight = 1, .from = 0x5000, .characters = 3000}};

unsigned choose_tongue(struct maker *m)
{
    unsigned at = below(&m->dice, 100), tongue = 0;
    while (tongue + 1 < COUNT(tongues) && at >= tongues[tongue].weight)
        at -= tongues[tongue++].weight;
    return tongue;
}

const char *tongue_code(struct maker *m, unsigned tongue)
{
    return chance(&m->dice, tongue == 0 ? 70 : 90) ? tongues[tongue].code : NULL;
}

/* One to four characters of a script without letters. */
static void put_characters(struct line *line, const struct tongue *tongue, unsigned rank)
{
    struct dice dice = dice_of(KIND_SUBJECT + 1, rank);
    for (unsigned n = 1 + below(&dice, rank < 100 ? 2 : 4); n > 0; n--)
        put_character(line, tongue->from + below(&dice, tongue->characters));
}

static void put_foreign(struct maker *m, const struct tongue *tongue, unsigned rank)
{
    if (tongue->from) {
        put_characters(&m->line, tongue, rank);
        return;
    }
    if (rank < COUNT(tongue->common)) {
        put(&m->line, tongue->common[rank]);
        return;
    }
    /* Other words than the English ones in front. */
    const char *word = m->words.list[(rank + m->words.english) % WORDS].text;
    for (; *word; word++) {
        const char *other = *word >= 'a' && *word <= 'z' ? tongue->letters[*word - 'a'] : NULL;
        put_bytes(&m->line, other ? other : word, other ? strlen(other) : 1);
    }
}

/* A word, by what stood before it: some pairs come up again and again. */
static unsigned next_word(struct maker *m, unsigned before)
{
    if (before < WORDS && chance(&m->dice, 22))
        return word_after(&m->words, before, below(&m->dice, 4));
    return zipf_draw(&m->words.zipf, &m->dice);
}

static void put_words(struct maker *m, unsigned tongue, unsigned count, bool title)
{
    struct line *line = &m->line;
    unsigned word = WORDS, sentence = 6 + below(&m->dice, 24);
    bool begins = true;
    size_t from = line->len;
    for (unsigned i = 0; i < count; i++) {
        word = next_word(m, word);
        if (tongue) {
            put_foreign(m, &tongues[tongue], word);
        } else {
            put_word(line, &m->words, word);
            tally_count(&m->tally, TALLY_WORD, word, m->record);
            if (title)
                tally_count(&m->tally, TALLY_TITLE, word, m->record);
        }
        if (begins)
            put_capital(line, from);
        if (i + 1 == count)
            break;
        begins = --sentence == 0 && !title;
        if (begins) {
            put(line, ".");
            sentence = 6 + below(&m->dice, 24);
            word = WORDS;
        } else if (word % 13 == 5) {
            put(line, ",");
        }
        if (!tongues[tongue].from)
            put(line, " ");
        from = line->len;
    }
}

void put_titles(struct maker *m, unsigned tongue)
{
    struct line *line = &m->line;
    put(line, ",\"titles\":[{");
    if (chance(&m->dice, 15))
        put_member(line, "lang", tongues[tongue].code);
    put_comma(line);
    put(line, "\"title\":\"");
    put_words(m, tongue, around(&m->dice, 2, 10.5, 40), true);
    put(line, "\"}");
    if (chance(&m->dice, tongue ? 25 : 5)) {
        put(line, ",{\"title\":\"");
        put_words(m, 0, around(&m->dice, 2, 8, 30), true);
        put(line, tongue ? "\",\"titleType\":\"TranslatedTitle\"}"
                         : "\",\"titleType\":\"AlternativeTitle\"}");
    }
    put(line, "]");
}

static void put_description(struct maker *m, unsigned tongue, unsigned words, const char *type)
{
    struct line *line = &m->line;
    bool markup = chance(&m->dice, 8);
    put_comma(line);
    put(line, "{\"description\":\"");
    put(line, markup ? "<p>" : "");
    put_words(m, tongue, words, false);
    put(line, markup ? ".</p>\\n<p>" : ".");
    if (markup)
        put_words(m, tongue, words / 3 + 1, false);
    put(line, markup ? " &amp; more.</p>\"" : "\"");
    put_member(line, "descriptionType", type);
    put(line, "}");
}

void put_descriptions(struct maker *m, unsigned tongue)
{
    static const struct choice others[] = {
        {4, "Other"}, {4, "Methods"}, {3, "TechnicalInfo"}, {3, "SeriesInformation"}};
    put(&m->line, ",\"descriptions\":[");
    if (chance(&m->dice, 82))
        put_description(m, tongue, around(&m->dice, 6, 158, 1200), "Abstract");
    if (chance(&m->dice, 16))
        put_description(m, tongue, around(&m->dice, 4, 40, 300),
                        choose(&m->dice, others, COUNT(others)));
    put(&m->line, "]");
}

/* ---- subjects ------------------------------------------------------------------------------- */

static void put_subject(struct maker *m, unsigned subject)
{
    struct line *line = &m->line;
    struct dice own = dice_of(KIND_SUBJECT, subject);
    unsigned words = 1u + chance(&own, 42) + chance(&own, 15), scheme = below(&own, 12);
    put_comma(line);
    put(line, "{\"subject\":\"");
    for (unsigned i = 0; i < words; i++) {
        /* Nouns stand beyond the small words of the vocabulary. */
        unsigned word = 40 + popular(&own, subject < 2000 ? 900 : 12000);
        size_t from = line->len;
        put(line, i ? " " : "");
        put_word(line, &m->words, word);
        if (i == 0 && subject % 3)
            put_capital(line, from);
        tally_count(&m->tally, TALLY_SUBJECT_WORD, word, m->record);
    }
    put(line, "\"");
    if (scheme == 0)
        put_member(line, "subjectScheme", "Library of Congress Subject Headings");
    else if (scheme == 1)
        put_member(line, "subjectScheme", "DDC");
    put(line, "}");
}

static void put_science(struct maker *m)
{
    static const struct choice sciences[] = {{18, "Biological sciences"},
                                             {14, "Physical sciences"},
                                             {12, "Computer and information sciences"},
                                             {12, "Earth and related environmental sciences"},
                                             {9, "Clinical medicine"},
                                             {7, "Chemical sciences"},
                                             {5, "Health sciences"},
                                             {4, "History and archaeology"},
                                             {4, "Economics and business"},
                                             {3, "Sociology"},
                                             {3, "Educational sciences"},
                                             {3, "Languages and literature"},
                                             {2, "Law"},
                                             {2, "Mathematics"},
                                             {2, "Civil engineering"},
                                             {1, "Agriculture, forestry, and fisheries"}};
    const char *science = choose(&m->dice, sciences, COUNT(sciences));
    put_comma(&m->line);
    put(&m->line, "{\"subject\":\"FOS: ");
    put(&m->line, science);
    put(&m->line, "\",\"schemeUri\":\"http://www.oecd.org/science/inno/38235147.pdf\","
                  "\"subjectScheme\":\"Fields of Science and Technology (FOS)\"}");
}

void put_subjects(struct maker *m)
{
    put(&m->line, ",\"subjects\":[");
    for (unsigned n = chance(&m->dice, 68) ? around(&m->dice, 1, 4.6, 45) : 0; n > 0; n--)
        put_subject(m, zipf_draw(&m->subjects, &m->dice));
    if (chance(&m->dice, 28))
        put_science(m);
    put(&m->line, "]");
}
