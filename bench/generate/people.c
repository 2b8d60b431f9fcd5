#include "people.h"

#include <stdio.h>

enum { KIND_PERSON = 10, KIND_PROVIDER, KIND_CLIENT };

static const char *const families[] = {
#include "families.def"
};
static const char *const givens[] = {
#include "givens.def"
};

struct person person_of(unsigned number)
{
    struct dice dice = dice_of(KIND_PERSON, number);
    struct person person;
    /* The first names of each list belong to half of all people. */
    bool rare = chance(&dice, 50);
    person.family = rare ? popular(&dice, FAMILIES) : popular(&dice, COUNT(families));
    rare = chance(&dice, 30);
    person.given = rare ? popular(&dice, 4000) : popular(&dice, COUNT(givens));
    person.organisation = popular(&dice, ORGANISATIONS);
    person.orcid = chance(&dice, 40);
    return person;
}

void put_family(struct line *line, const struct words *words, unsigned k)
{
    if (k < COUNT(families))
        put(line, families[k]);
    else
        put_name(line, words, 3000 + k * 7);
}

void put_given(struct line *line, const struct words *words, unsigned k)
{
    if (k < COUNT(givens))
        put(line, givens[k]);
    else
        put_name(line, words, 1000 + k * 11);
}

/* 0000-0001-2345-6789 with its check character (ISO 7064, 11-2). */
void put_orcid(struct line *line, unsigned person)
{
    char digits[20];
    snprintf(digits, sizeof(digits), "0000000%u%07u", 1 + person % 3,
             1000000 + person * 7 % 8999999);
    unsigned total = 0;
    for (int i = 0; i < 15; i++)
        total = (total + (unsigned)(digits[i] - '0')) * 2;
    unsigned check = (12 - total % 11) % 11;
    for (int i = 0; i < 15; i += 4) {
        put_bytes(line, digits + i, i == 12 ? 3 : 4);
        if (i < 12)
            put(line, "-");
    }
    put_bytes(line, check == 10 ? "X" : &"0123456789"[check], 1);
}

bool has_ror(unsigned organisation)
{
    return organisation % 3 != 2;
}

void put_ror(struct line *line, unsigned organisation)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char text[] = "0000000";
    uint32_t bits = organisation * 2654435761u;
    for (int i = 1; i < 7; i++, bits >>= 5)
        text[i] = letters[bits & 31];
    put(line, "https://ror.org/");
    put(line, text);
    put_number(line, organisation % 90 + 10, 2);
}

void put_organisation(struct line *line, const struct words *words, unsigned k)
{
    static const char *const kinds[] = {
        "University of ",      "Institute for ",          "Hospital of ",
        "National Centre of ", "Academy of Sciences of ", "Technical University of ",
        "Universität ",        "Université de ",          "Laboratory of "};
    put(line, kinds[k * 7 % COUNT(kinds)]);
    put_name(line, words, 200 + k * 3);
}

/* ---- clients -------------------------------------------------------------------------------- */

unsigned client_of(const struct maker *m, uint64_t record)
{
    struct dice dice = dice_of(m->seed * 16 + 1, record);
    return zipf_draw(&m->clients, &dice);
}

unsigned provider_of(const struct maker *m, unsigned client)
{
    struct dice dice = dice_of(KIND_PROVIDER, client);
    return zipf_draw(&m->providers, &dice);
}

/* Four letters, a different four for each. */
void put_provider(struct line *line, unsigned provider)
{
    static const char consonants[] = "bcdfghjklmnpqrstvwxz", vowels[] = "aeiou";
    unsigned k = provider * 7919 % 10000;
    char text[] = {consonants[k % 20], vowels[k / 20 % 5], consonants[k / 100 % 20],
                   vowels[k / 2000 % 5], '\0'};
    put(line, text);
}

void put_client(struct maker *m, unsigned client)
{
    unsigned rank = m->words.english + client * 5;
    put_provider(&m->line, provider_of(m, client));
    put(&m->line, ".");
    put_word(&m->line, &m->words, rank);
}

void put_prefix(struct line *line, unsigned client)
{
    put(line, "10.");
    put_number(line, 20000 + client, 5);
}

void put_doi(struct maker *m, uint64_t record)
{
    struct line *line = &m->line;
    unsigned client = client_of(m, record);
    put_prefix(line, client);
    put(line, "/");
    if (client % 3 == 0) {
        put_word(line, &m->words, m->words.english + client * 5);
        put(line, ".");
        put_number(line, record, 7);
    } else if (client % 3 == 1) {
        put_number(line, record % 9000 + 1000, 4);
        put(line, "-");
        put_number(line, record, 6);
    } else {
        put(line, "archive/v1/");
        put_number(line, record, 8);
    }
}

/* ---- creators and contributors -------------------------------------------------------------- */

static void put_affiliation(struct maker *m, unsigned organisation)
{
    struct line *line = &m->line;
    put_comma(line);
    put(line, "{\"name\":\"");
    put_organisation(line, &m->words, organisation);
    put(line, "\"");
    if (has_ror(organisation)) {
        put(line, ",\"schemeUri\":\"https://ror.org\",\"affiliationIdentifier\":\"");
        put_ror(line, organisation);
        put(line, "\",\"affiliationIdentifierScheme\":\"ROR\"");
    }
    put(line, "}");
}

static void put_affiliations(struct maker *m, unsigned organisation, bool creator)
{
    put(&m->line, ",\"affiliation\":[");
    if (chance(&m->dice, 55)) {
        put_affiliation(m, organisation);
        if (creator && has_ror(organisation))
            tally_count(&m->tally, TALLY_ORGANISATION, organisation, m->record);
    }
    if (chance(&m->dice, 5))
        put_affiliation(m, 2 + 3 * below(&m->dice, ORGANISATIONS / 3));
    put(&m->line, "]");
}

static void put_person(struct maker *m, const char *role)
{
    struct line *line = &m->line;
    unsigned number = popular(&m->dice, PEOPLE);
    struct person person = person_of(number);
    put_comma(line);
    put(line, "{\"name\":\"");
    put_family(line, &m->words, person.family);
    put(line, ", ");
    put_given(line, &m->words, person.given);
    if (chance(&m->dice, 70))
        put(line, "\",\"nameType\":\"Personal");
    put(line, "\",\"givenName\":\"");
    put_given(line, &m->words, person.given);
    put(line, "\",\"familyName\":\"");
    put_family(line, &m->words, person.family);
    put(line, "\"");
    put_affiliations(m, person.organisation, !role);
    if (role)
        put_member(line, "contributorType", role);
    put(line, ",\"nameIdentifiers\":[");
    if (person.orcid) {
        put(line, "{\"schemeUri\":\"https://orcid.org\",\"nameIdentifier\":\"https://orcid.org/");
        put_orcid(line, number);
        put(line, "\",\"nameIdentifierScheme\":\"ORCID\"}");
    }
    put(line, "]}");
    if (!role) {
        tally_count(&m->tally, TALLY_FAMILY, person.family, m->record);
        if (person.orcid)
            tally_count(&m->tally, TALLY_PERSON, number, m->record);
    }
}

static void put_group(struct maker *m, const char *role)
{
    struct line *line = &m->line;
    unsigned organisation = popular(&m->dice, ORGANISATIONS);
    put_comma(line);
    put(line, "{\"name\":\"");
    put_organisation(line, &m->words, organisation);
    put(line, "\",\"nameType\":\"Organizational\",\"affiliation\":[]");
    if (role)
        put_member(line, "contributorType", role);
    put(line, ",\"nameIdentifiers\":[");
    if (organisation % 4 == 0) {
        put(line, "{\"schemeUri\":\"https://ror.org\",\"nameIdentifier\":\"");
        put_ror(line, organisation);
        put(line, "\",\"nameIdentifierScheme\":\"ROR\"}");
    }
    put(line, "]}");
}

void put_people(struct maker *m)
{
    static const char *const roles[] = {"ContactPerson", "DataCollector",      "Editor",
                                        "ProjectLeader", "HostingInstitution", "DataCurator",
                                        "Researcher",    "Supervisor",         "Other"};
    put(&m->line, ",\"creators\":[");
    for (unsigned n = around(&m->dice, 1, 3.6, 30); n > 0; n--)
        if (chance(&m->dice, 93))
            put_person(m, NULL);
        else
            put_group(m, NULL);
    put(&m->line, "],\"contributors\":[");
    for (unsigned n = chance(&m->dice, 28) ? around(&m->dice, 1, 2, 12) : 0; n > 0; n--) {
        const char *role = roles[below(&m->dice, COUNT(roles))];
        if (chance(&m->dice, 75))
            put_person(m, role);
        else
            put_group(m, role);
    }
    put(&m->line, "]");
}
