/*
 * bench-generate: realistic DataCite records as JSON Lines of API resources, for every bench.
 *
 *   bench-generate [--records N] [--seed S] [--start K] [--accounts] > records.jsonl
 *
 * The same seed gives the same bytes, and record i is the same whatever N and K are: each draws
 * from a sequence of its own. Words, people, organisations, subjects, funders and clients follow
 * Zipf's law; a record may be related to any earlier one. --accounts puts providers and clients
 * first.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CLIENTS = 2000,
    PROVIDERS = 250,
    WORDS = 60000,
    PEOPLE = 400000,
    ORGANISATIONS = 8000,
    SUBJECTS = 30000,
    FUNDERS = 800,
    LINE_MAX = 256 * 1024
};

/* The sequence of one record or of one thing; splitmix64. */
struct dice {
    uint64_t state;
};

struct line {
    char *bytes;
    size_t len;
};

static uint64_t roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The sequence that belongs to the i-th thing of a kind. */
static struct dice dice_of(uint64_t kind, uint64_t i)
{
    struct dice dice = {kind * 0xd1342543de82ef95u + i};
    dice.state = roll(&dice);
    return dice;
}

static unsigned below(struct dice *dice, unsigned n)
{
    return (unsigned)((roll(dice) >> 32) * (uint64_t)n >> 32);
}

static double fraction(struct dice *dice)
{
    return (double)(roll(dice) >> 11) * 0x1p-53;
}

static bool chance(struct dice *dice, unsigned percent)
{
    return below(dice, 100) < percent;
}

/* A rank below n; rank k comes up in proportion to 1/(k+1). */
static unsigned zipf(struct dice *dice, unsigned n)
{
    unsigned rank = (unsigned)exp(fraction(dice) * log((double)n + 1)) - 1;
    return rank < n ? rank : n - 1;
}

/* The same with a flatter start: rank k in proportion to 1/sqrt(k+1). */
static unsigned popular(struct dice *dice, unsigned n)
{
    double u = fraction(dice);
    return (unsigned)(u * u * n);
}

/* About `mean`, never less than `least`; long tail. */
static unsigned around(struct dice *dice, unsigned least, double mean)
{
    double extra = -log(1 - fraction(dice)) * (mean - least);
    return least + (unsigned)fmin(extra, 40 * mean);
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_bytes(struct line *line, const char *bytes, size_t len)
{
    if (line->len + len < LINE_MAX) {
        memcpy(line->bytes + line->len, bytes, len);
        line->len += len;
    }
}

static void put(struct line *line, const char *text)
{
    put_bytes(line, text, strlen(text));
}

static void put_number(struct line *line, uint64_t number, int digits)
{
    char text[24];
    put_bytes(line, text,
              (size_t)snprintf(text, sizeof(text), "%0*llu", digits, (unsigned long long)number));
}

static void put_time(struct line *line, const char *name, time_t instant)
{
    char text[64];
    struct tm day;
    gmtime_r(&instant, &day);
    put_bytes(line, "\"", 1);
    put(line, name);
    put_bytes(line, text, strftime(text, sizeof(text), "\":\"%Y-%m-%dT%H:%M:%SZ\"", &day));
}

/* Between members or elements, not before the first. */
static void comma(struct line *line)
{
    char last = line->bytes[line->len - 1];
    if (last != '[' && last != '{')
        put_bytes(line, ",", 1);
}

/* ---- vocabularies --------------------------------------------------------------------------- */

static const char *const common_words[] = {
    "the",      "of",          "and",         "in",          "data",       "a",         "for",
    "to",       "from",        "with",        "study",       "analysis",   "on",        "by",
    "dataset",  "is",          "results",     "model",       "this",       "are",       "using",
    "time",     "measurement", "cell",        "water",       "climate",    "surface",   "between",
    "species",  "structure",   "temperature", "high",        "research",   "based",     "images",
    "samples",  "gene",        "imaging",     "patients",    "cancer",     "soil",      "forest",
    "ocean",    "method",      "survey",      "protein",     "energy",     "response",  "system",
    "sediment", "human",       "network",     "crystal",     "software",   "effects",   "growth",
    "region",   "development", "during",      "observed",    "simulation", "treatment", "dynamics",
    "carbon",   "quantum",     "language",    "history",     "education",  "spectra",   "tissue",
    "wave",     "population",  "experiment",  "evidence",    "tumor",      "radiation", "isotope",
    "genome",   "magnetic",    "atmosphere",  "statistical", "clinical",   "chemical",  "archive"};
static const char *const syllables[] = {
    "ra", "ne",  "to",  "li", "mo", "sa",  "ver", "con", "pho", "tri", "gen", "lu",  "mar", "ster",
    "ol", "de",  "qui", "an", "bi", "cro", "phy", "os",  "in",  "tel", "ka",  "wen", "dor", "eth",
    "ul", "zim", "fer", "ga", "hy", "ju",  "pen", "rox", "sy",  "tha", "vo",  "yl"};
static const char *const families[] = {
    "Smith",  "Müller",   "Wang",   "García", "Kim",       "Nguyen",  "Silva",        "Kumar",
    "Ivanov", "Rossi",    "Dubois", "Tanaka", "Johansson", "Novák",   "Kowalski",     "Hansen",
    "Okafor", "Ferreira", "Li",     "Zhang",  "Schmidt",   "O’Brien", "van der Berg", "Yılmaz"};
static const char *const givens[] = {"Anna",   "John", "Wei",    "María",   "Jürgen", "Fatima",
                                     "Pierre", "Yuki", "Ingrid", "Olu",     "Elena",  "Rajesh",
                                     "Søren",  "Zoë",  "Piotr",  "Min-Jun", "Lucas",  "Aïcha"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The k-th word by frequency: an English one while there are any, then made of syllables. */
static void put_word(struct line *line, unsigned k)
{
    if (k < COUNT(common_words)) {
        put(line, common_words[k]);
        return;
    }
    for (unsigned i = 0; i < 3; i++, k /= (unsigned)COUNT(syllables))
        put(line, syllables[k % COUNT(syllables)]);
}

static void put_words(struct line *line, struct dice *dice, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (i)
            put(line, i % 17 == 16 ? ". " : i % 7 == 6 ? ", " : " ");
        put_word(line, zipf(dice, WORDS));
    }
}

/* Capital first letter for what was written since `from`. */
static void capital(struct line *line, size_t from)
{
    if (line->bytes[from] >= 'a' && line->bytes[from] <= 'z')
        line->bytes[from] = (char)(line->bytes[from] - 32);
}

static void put_name(struct line *line, unsigned k, const char *const *table, unsigned count)
{
    size_t from = line->len;
    if (k < count)
        put(line, table[k]);
    else
        put_word(line, k + (unsigned)COUNT(common_words));
    capital(line, from);
}

/* 0000-0001-2345-6789 with its check character (ISO 7064, 11-2). */
static void put_orcid(struct line *line, unsigned person)
{
    char digits[20];
    snprintf(digits, sizeof(digits), "00000001%07u", 1000000 + person * 7 % 8999999);
    unsigned total = 0;
    for (int i = 0; i < 15; i++)
        total = (total + (unsigned)(digits[i] - '0')) * 2;
    unsigned check = (12 - total % 11) % 11;
    for (int i = 0; i < 15; i += 4) {
        put_bytes(line, digits + i, i == 12 ? 3 : 4);
        if (i < 12)
            put_bytes(line, "-", 1);
    }
    put_bytes(line, check == 10 ? "X" : &"0123456789"[check], 1);
}

static void put_ror(struct line *line, unsigned organisation)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char text[10] = "0";
    uint64_t bits = (uint64_t)organisation * 2654435761u;
    for (int i = 1; i < 7; i++, bits >>= 5)
        text[i] = letters[bits & 31];
    put(line, "https://ror.org/");
    put_bytes(line, text, 7);
    put_number(line, organisation % 90 + 10, 2);
}

static void put_organisation(struct line *line, unsigned k)
{
    static const char *const kinds[] = {"University of ", "Institute for ", "Hospital of ",
                                        "National Centre of ", "Academy of "};
    put(line, kinds[k % COUNT(kinds)]);
    put_name(line, 200 + k * 3, NULL, 0);
}

/* ---- what belongs to whom ------------------------------------------------------------------- */

static unsigned client_of(uint64_t record, uint64_t seed)
{
    struct dice dice = dice_of(seed * 16 + 1, record);
    return zipf(&dice, CLIENTS);
}

static void put_provider(struct line *line, unsigned client)
{
    unsigned k = client % PROVIDERS;
    for (unsigned i = 0; i < 2; i++, k /= (unsigned)COUNT(syllables))
        put(line, syllables[k % COUNT(syllables)]);
}

static void put_client(struct line *line, unsigned client)
{
    put_provider(line, client);
    put(line, ".");
    put_word(line, client * 5 + 1000);
}

static void put_prefix(struct line *line, unsigned client)
{
    put(line, "10.");
    put_number(line, 20000 + client, 5);
}

static void put_doi(struct line *line, uint64_t record, uint64_t seed)
{
    unsigned client = client_of(record, seed);
    put_prefix(line, client);
    put(line, "/");
    if (client % 3 == 0) {
        put_word(line, client + 500);
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

static void put_link(struct line *line, const char *name, const char *type, unsigned client,
                     void (*write)(struct line *, unsigned))
{
    comma(line);
    put(line, "\"");
    put(line, name);
    put(line, "\":{\"data\":{\"id\":\"");
    write(line, client);
    put(line, "\",\"type\":\"");
    put(line, type);
    put(line, "\"}}");
}

/* ---- attributes ----------------------------------------------------------------------------- */

struct choice {
    unsigned weight;
    const char *value;
};

static const char *choose(struct dice *dice, const struct choice *table, size_t count)
{
    unsigned total = 0, at;
    for (size_t i = 0; i < count; i++)
        total += table[i].weight;
    at = below(dice, total);
    for (size_t i = 0; i < count; i++) {
        if (at < table[i].weight)
            return table[i].value;
        at -= table[i].weight;
    }
    return table[0].value;
}

static void put_affiliation(struct line *line, struct dice *dice, unsigned person)
{
    put(line, ",\"affiliation\":[");
    if (chance(dice, 60)) {
        struct dice own = dice_of(7, person);
        unsigned organisation = popular(&own, ORGANISATIONS);
        put(line, "{\"name\":\"");
        put_organisation(line, organisation);
        put(line, "\"");
        if (organisation % 2 == 0) {
            put(line, ",\"schemeUri\":\"https://ror.org\",\"affiliationIdentifier\":\"");
            put_ror(line, organisation);
            put(line, "\",\"affiliationIdentifierScheme\":\"ROR\"");
        }
        put(line, "}");
    }
    put(line, "]");
}

static void put_person(struct line *line, struct dice *dice, const char *role)
{
    unsigned person = popular(dice, PEOPLE);
    struct dice own = dice_of(8, person);
    unsigned family = popular(&own, 6000), given = popular(&own, 900);
    bool orcid = chance(&own, 45);
    comma(line);
    put(line, "{\"name\":\"");
    put_name(line, family, families, COUNT(families));
    put(line, ", ");
    put_name(line, given, givens, COUNT(givens));
    put(line, "\",\"nameType\":\"Personal\",\"givenName\":\"");
    put_name(line, given, givens, COUNT(givens));
    put(line, "\",\"familyName\":\"");
    put_name(line, family, families, COUNT(families));
    put(line, "\"");
    put_affiliation(line, dice, person);
    if (role) {
        put(line, ",\"contributorType\":\"");
        put(line, role);
        put(line, "\"");
    }
    put(line, ",\"nameIdentifiers\":[");
    if (orcid) {
        put(line, "{\"schemeUri\":\"https://orcid.org\",\"nameIdentifier\":\"https://orcid.org/");
        put_orcid(line, person);
        put(line, "\",\"nameIdentifierScheme\":\"ORCID\"}");
    }
    put(line, "]}");
}

static void put_people(struct line *line, struct dice *dice)
{
    static const char *const roles[] = {"ContactPerson", "DataCollector",      "Editor",
                                        "ProjectLeader", "HostingInstitution", "DataCurator"};
    put(line, ",\"creators\":[");
    for (unsigned n = around(dice, 1, 3.9); n > 0; n--)
        put_person(line, dice, NULL);
    put(line, "],\"contributors\":[");
    for (unsigned n = chance(dice, 30) ? around(dice, 1, 2) : 0; n > 0; n--)
        put_person(line, dice, roles[below(dice, COUNT(roles))]);
    put(line, "]");
}

static void put_titles(struct line *line, struct dice *dice)
{
    put(line, ",\"titles\":[{\"title\":\"");
    size_t from = line->len;
    put_words(line, dice, around(dice, 3, 10));
    capital(line, from);
    put(line, "\"}");
    if (chance(dice, 6)) {
        put(line, ",{\"title\":\"");
        put_words(line, dice, around(dice, 3, 8));
        put(line, "\",\"titleType\":\"AlternativeTitle\"}");
    }
    put(line, "]");
}

static void put_subjects(struct line *line, struct dice *dice)
{
    static const char *const sciences[] = {"Biological sciences",
                                           "Physical sciences",
                                           "Computer and information sciences",
                                           "Earth and related environmental sciences",
                                           "Clinical medicine",
                                           "History and archaeology"};
    put(line, ",\"subjects\":[");
    for (unsigned n = around(dice, 0, 3.4); n > 0; n--) {
        unsigned k = zipf(dice, SUBJECTS);
        comma(line);
        put(line, "{\"subject\":\"");
        put_word(line, 20 + k);
        if (k % 3 == 0) {
            put(line, " ");
            put_word(line, 40 + k / 3);
        }
        put(line, "\"}");
    }
    if (chance(dice, 30)) {
        const char *science = sciences[zipf(dice, COUNT(sciences))];
        comma(line);
        put(line, "{\"subject\":\"FOS: ");
        put(line, science);
        put(line, "\",\"schemeUri\":\"http://www.oecd.org/science/inno/38235147.pdf\","
                  "\"subjectScheme\":\"Fields of Science and Technology (FOS)\"}");
    }
    put(line, "]");
}

static void put_types(struct line *line, struct dice *dice)
{
    static const struct choice types[] = {
        {40, "Dataset"},    {13, "Text"},           {10, "JournalArticle"}, {6, "Image"},
        {6, "Software"},    {6, "PhysicalObject"},  {5, "Other"},           {4, "Collection"},
        {3, "Preprint"},    {2, "ConferencePaper"}, {2, "Report"},          {2, "Dissertation"},
        {1, "Audiovisual"}, {1, "BookChapter"},     {1, "Model"},           {1, "Instrument"}};
    put(line, ",\"types\":{\"resourceTypeGeneral\":\"");
    put(line, choose(dice, types, COUNT(types)));
    put(line, "\"");
    if (chance(dice, 40)) {
        put(line, ",\"resourceType\":\"");
        put_word(line, zipf(dice, 300));
        put(line, "\"");
    }
    put(line, "}");
}

static void put_related(struct line *line, struct dice *dice, uint64_t record, uint64_t seed)
{
    static const struct choice relations[] = {
        {25, "IsSupplementTo"}, {20, "References"},    {15, "IsPartOf"},     {10, "IsVersionOf"},
        {8, "IsCitedBy"},       {8, "IsDerivedFrom"},  {6, "HasPart"},       {5, "Cites"},
        {4, "HasVersion"},      {4, "IsReferencedBy"}, {3, "IsNewVersionOf"}};
    put(line, ",\"relatedIdentifiers\":[");
    for (unsigned n = around(dice, 0, 2.2); n > 0; n--) {
        bool doi = record > 0 && chance(dice, 75);
        comma(line);
        put(line, "{\"relationType\":\"");
        put(line, choose(dice, relations, COUNT(relations)));
        put(line, "\",\"relatedIdentifier\":\"");
        if (doi) {
            put_doi(line, popular(dice, record < UINT32_MAX ? (unsigned)record : UINT32_MAX), seed);
        } else {
            put(line, "https://example.org/");
            put_word(line, zipf(dice, WORDS));
        }
        put(line, doi ? "\",\"relatedIdentifierType\":\"DOI\"}"
                      : "\",\"relatedIdentifierType\":\"URL\"}");
    }
    put(line, "]");
}

static void put_rights(struct line *line, struct dice *dice)
{
    static const struct choice licences[] = {
        {50, "cc-by-4.0|Creative Commons Attribution 4.0 International|licenses/by/4.0"},
        {12, "cc0-1.0|Creative Commons Zero v1.0 Universal|publicdomain/zero/1.0"},
        {6, "cc-by-nc-4.0|Creative Commons Attribution Non Commercial 4.0 International"
            "|licenses/by-nc/4.0"},
        {5, "cc-by-sa-4.0|Creative Commons Attribution Share Alike 4.0 International"
            "|licenses/by-sa/4.0"},
        {4, "cc-by-3.0|Creative Commons Attribution 3.0 Unported|licenses/by/3.0"}};
    put(line, ",\"rightsList\":[");
    if (chance(dice, 75)) {
        const char *id = choose(dice, licences, COUNT(licences));
        const char *name = strchr(id, '|') + 1, *path = strchr(name, '|') + 1;
        put(line, "{\"rights\":\"");
        put_bytes(line, name, (size_t)(path - name - 1));
        put(line, "\",\"rightsUri\":\"https://creativecommons.org/");
        put(line, path);
        put(line, "/legalcode\",\"schemeUri\":\"https://spdx.org/licenses/\","
                  "\"rightsIdentifier\":\"");
        put_bytes(line, id, (size_t)(name - id - 1));
        put(line, "\",\"rightsIdentifierScheme\":\"SPDX\"}");
    }
    put(line, "]");
}

static void put_descriptions(struct line *line, struct dice *dice)
{
    put(line, ",\"descriptions\":[");
    if (chance(dice, 88)) {
        put(line, "{\"description\":\"");
        size_t from = line->len;
        put_words(line, dice, around(dice, 12, 200));
        capital(line, from);
        put(line, ".\",\"descriptionType\":\"Abstract\"}");
    }
    if (chance(dice, 12)) {
        comma(line);
        put(line, "{\"description\":\"");
        put_words(line, dice, around(dice, 8, 60));
        put(line, "\",\"descriptionType\":\"Methods\"}");
    }
    put(line, "]");
}

static void put_places(struct line *line, struct dice *dice)
{
    put(line, ",\"geoLocations\":[");
    if (chance(dice, 9)) {
        char point[96];
        snprintf(point, sizeof(point), "{\"pointLatitude\":%.4f,\"pointLongitude\":%.4f}",
                 fraction(dice) * 180 - 90, fraction(dice) * 360 - 180);
        put(line, "{\"geoLocationPlace\":\"");
        put_name(line, 300 + zipf(dice, 3000), NULL, 0);
        put(line, "\",\"geoLocationPoint\":");
        put(line, point);
        put(line, "}");
    }
    put(line, "]");
}

static void put_funding(struct line *line, struct dice *dice)
{
    put(line, ",\"fundingReferences\":[");
    for (unsigned n = chance(dice, 22) ? around(dice, 1, 1.8) : 0; n > 0; n--) {
        unsigned funder = zipf(dice, FUNDERS);
        comma(line);
        put(line, "{\"awardNumber\":\"A-");
        put_number(line, below(dice, 99999), 5);
        put(line, "\",\"funderName\":\"Research Council of ");
        put_name(line, 400 + funder, NULL, 0);
        put(line, "\"");
        if (funder % 4) {
            put(line, ",\"funderIdentifier\":\"https://doi.org/10.13039/5011000");
            put_number(line, funder, 5);
            put(line, "\",\"funderIdentifierType\":\"Crossref Funder ID\"");
        }
        put(line, "}");
    }
    put(line, "]");
}

static void put_files(struct line *line, struct dice *dice)
{
    static const char *const formats[] = {"text/csv", "application/pdf", "application/zip",
                                          "image/tiff", "application/dicom"};
    put(line, ",\"sizes\":[");
    if (chance(dice, 40)) {
        put(line, "\"");
        put_number(line, 1 + below(dice, 5000), 1);
        put(line, " MB\"");
    }
    put(line, "],\"formats\":[");
    if (chance(dice, 40)) {
        put(line, "\"");
        put(line, formats[zipf(dice, COUNT(formats))]);
        put(line, "\"");
    }
    put(line, chance(dice, 35) ? "],\"version\":\"1.0\"" : "],\"version\":null");
}

static void put_counts(struct line *line, struct dice *dice)
{
    static const char *const names[] = {"view", "download", "citation", "reference"};
    for (size_t i = 0; i < COUNT(names); i++) {
        put(line, ",\"");
        put(line, names[i]);
        put(line, "Count\":");
        put_number(line, chance(dice, i < 2 ? 50 : 12) ? around(dice, 1, i < 2 ? 60 : 4) : 0, 1);
    }
}

/* Year, dates and the three instants. Most is recent; nothing was registered before 2011. */
static void put_dates(struct line *line, struct dice *dice)
{
    enum { YEAR = 31556952 };
    unsigned year = 2026 - (unsigned)fmin(around(dice, 0, 6), 36);
    time_t earliest = (time_t)((year > 2011 ? year : 2011) - 1970) * YEAR;
    time_t latest = (time_t)(2026 - 1970) * YEAR + YEAR / 2;
    time_t created = earliest + (time_t)(fraction(dice) * (double)(latest - earliest));
    time_t updated = created + (time_t)(pow(fraction(dice), 3) * (double)(latest - created));
    put(line, ",\"publicationYear\":");
    put_number(line, year, 4);
    put(line, ",\"dates\":[{\"date\":\"");
    put_number(line, year, 4);
    put(line, "\",\"dateType\":\"Issued\"}],");
    put_time(line, "created", created);
    put(line, ",");
    put_time(line, "registered", created + 1);
    put(line, ",");
    put_time(line, "updated", updated);
}

static void put_attributes(struct line *line, struct dice *dice, uint64_t record, uint64_t seed)
{
    static const struct choice languages[] = {{60, "\"en\""}, {22, "null"},  {5, "\"de\""},
                                              {3, "\"fr\""},  {3, "\"es\""}, {2, "\"pt\""},
                                              {2, "\"ru\""},  {1, "\"ja\""}};
    unsigned client = client_of(record, seed);
    put(line, "{\"doi\":\"");
    put_doi(line, record, seed);
    put(line, "\",\"identifiers\":[]");
    put_people(line, dice);
    put_titles(line, dice);
    put(line, ",\"publisher\":{\"name\":\"");
    put_organisation(line, client);
    put(line, "\"},\"container\":{},\"language\":");
    put(line, choose(dice, languages, COUNT(languages)));
    put_subjects(line, dice);
    put_dates(line, dice);
    put_types(line, dice);
    put_related(line, dice, record, seed);
    put(line, ",\"relatedItems\":[]");
    put_files(line, dice);
    put_rights(line, dice);
    put_descriptions(line, dice);
    put_places(line, dice);
    put_funding(line, dice);
    put(line, ",\"url\":\"https://example.org/");
    put_word(line, client + 900);
    put(line, "/");
    put_number(line, record, 1);
    put(line, "\",\"contentUrl\":null,\"schemaVersion\":\"http://datacite.org/schema/kernel-4\","
              "\"source\":\"api\",\"isActive\":true,\"state\":\"findable\",\"reason\":null");
    put_counts(line, dice);
    put(line, "}");
}

static void put_record(struct line *line, uint64_t record, uint64_t seed)
{
    struct dice dice = dice_of(seed * 16 + 2, record);
    unsigned client = client_of(record, seed);
    line->len = 0;
    put(line, "{\"id\":\"");
    put_doi(line, record, seed);
    put(line, "\",\"type\":\"dois\",\"attributes\":");
    put_attributes(line, &dice, record, seed);
    put(line, ",\"relationships\":{");
    put_link(line, "client", "clients", client, put_client);
    put_link(line, "provider", "providers", client, put_provider);
    put(line, "}}\n");
}

static void put_account(struct line *line, unsigned k, bool provider)
{
    line->len = 0;
    put(line, "{\"id\":\"");
    (provider ? put_provider : put_client)(line, k);
    put(line, provider ? "\",\"type\":\"providers\"" : "\",\"type\":\"clients\"");
    put(line, ",\"attributes\":{\"name\":\"");
    put_organisation(line, k);
    put(line, "\",\"isActive\":true,\"created\":\"2016-05-01T10:00:00Z\"},\"relationships\":{");
    if (!provider)
        put_link(line, "provider", "providers", k, put_provider);
    comma(line);
    put(line, "\"prefixes\":{\"data\":[{\"id\":\"");
    put_prefix(line, k);
    put(line, "\",\"type\":\"prefixes\"}]}}}\n");
}

static uint64_t number_of(const char *text)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end) {
        fprintf(stderr, "bench-generate: '%s' is no number\n", text);
        exit(2);
    }
    return number;
}

static bool flush(const struct line *line)
{
    return fwrite(line->bytes, 1, line->len, stdout) == line->len;
}

int main(int argc, char **argv)
{
    uint64_t records = 1000, seed = 1, start = 0;
    bool accounts = false, good = true;
    for (int i = 1; i < argc; i++) {
        uint64_t *number = strcmp(argv[i], "--records") == 0 ? &records
                           : strcmp(argv[i], "--seed") == 0  ? &seed
                           : strcmp(argv[i], "--start") == 0 ? &start
                                                             : NULL;
        if (strcmp(argv[i], "--accounts") == 0) {
            accounts = true;
        } else if (number && i + 1 < argc) {
            *number = number_of(argv[++i]);
        } else {
            fprintf(stderr, "usage: bench-generate [--records N] [--seed S] [--start K] "
                            "[--accounts]\n");
            return 2;
        }
    }
    struct line line = {malloc(LINE_MAX), 0};
    if (!line.bytes)
        return 1;
    for (unsigned i = 0; accounts && good && i < PROVIDERS + CLIENTS; i++) {
        put_account(&line, i < PROVIDERS ? i : i - PROVIDERS, i < PROVIDERS);
        good = flush(&line);
    }
    for (uint64_t i = start; good && i < start + records; i++) {
        put_record(&line, i, seed);
        good = flush(&line);
    }
    free(line.bytes);
    if (!good || fflush(stdout) != 0)
        perror("bench-generate");
    return !good;
}
