#include "values.h"

#include "facts.h"
#include "people.h"

static void write_word(struct maker *m, uint32_t k)
{
    put_word(&m->line, &m->words, k);
}

static void write_family(struct maker *m, uint32_t k)
{
    put_family(&m->line, &m->words, k);
}

static void write_orcid(struct maker *m, uint32_t k)
{
    put(&m->line, "https://orcid.org/");
    put_orcid(&m->line, k);
}

static void write_ror(struct maker *m, uint32_t k)
{
    put_ror(&m->line, k);
}

static void write_prefix(struct maker *m, uint32_t k)
{
    put_prefix(&m->line, k);
}

static void write_provider(struct maker *m, uint32_t k)
{
    put_provider(&m->line, k);
}

static void write_funder(struct maker *m, uint32_t k)
{
    put_funder_name(&m->line, &m->words, k);
}

static void write_month(struct maker *m, uint32_t k)
{
    put_number(&m->line, 1970 + k / 12, 4);
    put(&m->line, "-");
    put_number(&m->line, k % 12 + 1, 2);
}

static void write_client(struct maker *m, uint32_t k)
{
    put_client(m, k);
}

static void write_origin(struct maker *m, uint32_t k)
{
    put_doi(m, k);
}

static const struct {
    const char *name;
    enum tally_kind kind;
    void (*write)(struct maker *m, uint32_t thing);
} lists[] = {{"word", TALLY_WORD, write_word},
             {"titleWord", TALLY_TITLE, write_word},
             {"subjectWord", TALLY_SUBJECT_WORD, write_word},
             {"familyName", TALLY_FAMILY, write_family},
             {"orcid", TALLY_PERSON, write_orcid},
             {"ror", TALLY_ORGANISATION, write_ror},
             {"client", TALLY_CLIENT, write_client},
             {"prefix", TALLY_CLIENT, write_prefix},
             {"provider", TALLY_PROVIDER, write_provider},
             {"funder", TALLY_FUNDER, write_funder},
             {"month", TALLY_MONTH, write_month},
             {"origin", TALLY_ORIGIN, write_origin}};

/* Words of the frequent half of the vocabulary, each with one that often follows it. */
static void put_pairs(struct maker *m)
{
    put(&m->line, "\"pair\":[");
    for (unsigned i = 0; i < TALLY_STEPS; i++) {
        unsigned rank = i * i * 5, next = word_after(&m->words, rank, i % 4);
        put_comma(&m->line);
        put(&m->line, "\n{\"value\":\"");
        put_word(&m->line, &m->words, rank);
        put(&m->line, " ");
        put_word(&m->line, &m->words, next);
        put(&m->line, "\"}");
    }
    put(&m->line, "]");
}

bool values_write(struct maker *m, FILE *out)
{
    uint32_t things[TALLY_STEPS];
    m->line.len = 0;
    put(&m->line, "{");
    for (size_t i = 0; i < COUNT(lists); i++) {
        unsigned count = tally_steps(&m->tally, lists[i].kind, things);
        put(&m->line, "\"");
        put(&m->line, lists[i].name);
        put(&m->line, "\":[");
        for (unsigned k = 0; k < count; k++) {
            put(&m->line, k ? ",\n{\"value\":\"" : "\n{\"value\":\"");
            lists[i].write(m, things[k]);
            put(&m->line, "\",\"records\":");
            put_number(&m->line, m->tally.rows[lists[i].kind][things[k]].records, 1);
            put(&m->line, "}");
        }
        put(&m->line, "],\n");
    }
    put_pairs(m);
    put(&m->line, "}\n");
    return !m->tally.failed && fwrite(m->line.bytes, 1, m->line.len, out) == m->line.len;
}
