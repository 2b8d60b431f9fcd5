#include "facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "people.h"

/* ---- dates ---------------------------------------------------------------------------------- */

enum { DAY = 86400, YEAR = 31556952 };

static void put_date(struct maker *m, time_t instant, unsigned precision, const char *type)
{
    size_t from;
    put_comma(&m->line);
    put(&m->line, "{\"date\":\"");
    from = m->line.len;
    put_day(&m->line, instant);
    m->line.len = from + precision;
    put(&m->line, "\",\"dateType\":\"");
    put(&m->line, type);
    put(&m->line, "\"}");
}

/* Months since January 1970, as the calendar has them. */
static unsigned month_of(time_t instant)
{
    struct tm day;
    gmtime_r(&instant, &day);
    return (unsigned)(day.tm_year - 70) * 12 + (unsigned)day.tm_mon;
}

/* Registered in the ten years from mid 2016, more and more of them; published before, mostly soon.
 */
void put_dates(struct maker *m)
{
    time_t begin = (time_t)46 * YEAR + YEAR / 2, span = (time_t)10 * YEAR;
    time_t created = begin + (time_t)(sqrt(fraction(&m->dice)) * (double)span);
    time_t latest = begin + span;
    double late = chance(&m->dice, 45) ? 0 : pow(fraction(&m->dice), 2);
    time_t updated = created + 60 + (time_t)(late * (double)(latest - created));
    time_t issued = created - (time_t)(chance(&m->dice, 65) ? below(&m->dice, 200)
                                                            : around(&m->dice, 200, 2600, 30000)) *
                                  DAY;
    put(&m->line, ",\"publicationYear\":");
    size_t from = m->line.len;
    put_day(&m->line, issued);
    m->line.len = from + 4;
    put(&m->line, ",\"dates\":[");
    put_date(m, issued, chance(&m->dice, 60) ? 4 : 10, "Issued");
    if (chance(&m->dice, 35))
        put_date(m, issued - (time_t)below(&m->dice, 700) * DAY, 10, "Created");
    if (chance(&m->dice, 20))
        put_date(m, created + DAY, 10, "Available");
    if (chance(&m->dice, 12))
        put_date(m, issued - (time_t)below(&m->dice, 3000) * DAY, 7, "Collected");
    if (chance(&m->dice, 20))
        put_date(m, updated, 10, "Updated");
    put(&m->line, "]");
    put_time(&m->line, "created", created);
    put_time(&m->line, "registered", created + (time_t)below(&m->dice, 5));
    put(&m->line, ",\"published\":null");
    put_time(&m->line, "updated", updated);
    tally_count(&m->tally, TALLY_MONTH, month_of(updated), m->record);
}

/* ---- type ----------------------------------------------------------------------------------- */

/* Share, general type, and what it is called elsewhere: schema.org, RIS, BibTeX, CSL. */
static const struct type {
    unsigned weight;
    const char *names[5];
} types[] = {{340, {"Dataset", "Dataset", "DATA", "misc", "dataset"}},
             {135, {"Text", "ScholarlyArticle", "RPRT", "article", "article-journal"}},
             {105, {"JournalArticle", "ScholarlyArticle", "JOUR", "article", "article-journal"}},
             {90, {"PhysicalObject", "Thing", "GEN", "misc", "article"}},
             {70, {"Image", "ImageObject", "FIGURE", "misc", "graphic"}},
             {55, {"Other", "CreativeWork", "GEN", "misc", "article"}},
             {48, {"Software", "SoftwareSourceCode", "COMP", "misc", "software"}},
             {36, {"Preprint", "ScholarlyArticle", "GEN", "misc", "article"}},
             {30, {"Collection", "Collection", "GEN", "misc", "article"}},
             {22, {"Dissertation", "Thesis", "THES", "phdthesis", "thesis"}},
             {20, {"ConferencePaper", "ScholarlyArticle", "CPAPER", "misc", "article"}},
             {16, {"Report", "Report", "RPRT", "techreport", "report"}},
             {12, {"Audiovisual", "MediaObject", "MPCT", "misc", "motion_picture"}},
             {9, {"BookChapter", "Chapter", "CHAP", "misc", "chapter"}},
             {5, {"Model", "CreativeWork", "GEN", "misc", "article"}},
             {4, {"Sound", "AudioObject", "SOUND", "misc", "song"}},
             {3, {"Instrument", "Thing", "GEN", "misc", "article"}}};

void put_types(struct maker *m)
{
    static const char *const members[] = {"resourceTypeGeneral", "schemaOrg", "ris", "bibtex",
                                          "citeproc"};
    unsigned at = below(&m->dice, 1000), i = 0;
    while (i + 1 < COUNT(types) && at >= types[i].weight)
        at -= types[i++].weight;
    put(&m->line, ",\"types\":{");
    for (size_t k = 0; k < COUNT(members); k++)
        put_member(&m->line, members[k], types[i].names[k]);
    if (chance(&m->dice, 45)) {
        put(&m->line, ",\"resourceType\":\"");
        size_t from = m->line.len;
        put_word(&m->line, &m->words, 60 + popular(&m->dice, 300));
        put_capital(&m->line, from);
        put(&m->line, "\"");
    }
    put(&m->line, "}");
}

/* ---- identifiers and relations -------------------------------------------------------------- */

void put_identifiers(struct maker *m)
{
    struct line *line = &m->line;
    put(line, ",\"identifiers\":[");
    if (chance(&m->dice, 18)) {
        bool url = chance(&m->dice, 50);
        put(line, url ? "{\"identifier\":\"https://example.org/record/" : "{\"identifier\":\"");
        put_number(line, m->record * 3 + 100, 1);
        put(line, url ? "\",\"identifierType\":\"URL\"}" : "\",\"identifierType\":\"Local ID\"}");
    }
    put(line, "]");
}

/* A DOI of somebody else, as journals make them. */
static void put_foreign_doi(struct maker *m)
{
    static const char *const stems[] = {
        "10.1016/j.",  "10.1038/s", "10.1007/s", "10.1111/", "10.1371/journal.pone.",
        "10.1021/acs."};
    unsigned number = popular(&m->dice, 3000000);
    put(&m->line, stems[number % COUNT(stems)]);
    put_word(&m->line, &m->words, m->words.english + number % 800);
    put(&m->line, ".");
    put_number(&m->line, number, 7);
}

static void put_own_doi(struct maker *m, bool derived)
{
    uint64_t other;
    if (chance(&m->dice, 60)) /* something well known, else a neighbour */
        other = popular(&m->dice, (unsigned)m->record);
    else
        other = m->record - 1 - below(&m->dice, (unsigned)(m->record < 500 ? m->record : 500));
    put_doi(m, other);
    if (derived)
        tally_count(&m->tally, TALLY_ORIGIN, other, m->record);
}

static void put_relation(struct maker *m)
{
    static const struct choice relations[] = {{18, "References"},
                                              {16, "IsSupplementTo"},
                                              {13, "IsPartOf"},
                                              {11, "IsVersionOf"},
                                              {9, "IsDerivedFrom"},
                                              {8, "IsCitedBy"},
                                              {7, "HasPart"},
                                              {6, "Cites"},
                                              {4, "HasVersion"},
                                              {3, "IsReferencedBy"},
                                              {3, "IsNewVersionOf"},
                                              {2, "IsIdenticalTo"},
                                              {2, "IsPreviousVersionOf"},
                                              {1, "IsDocumentedBy"},
                                              {1, "IsSourceOf"},
                                              {1, "IsObsoletedBy"}};
    const char *relation = choose(&m->dice, relations, COUNT(relations));
    unsigned kind = below(&m->dice, 100);
    struct line *line = &m->line;
    put_comma(line);
    put(line, "{");
    put_member(line, "relationType", relation);
    put(line, ",\"relatedIdentifier\":\"");
    if (kind < 55 && m->record > 0 && m->record < UINT32_MAX) {
        put_own_doi(m, strcmp(relation, "IsDerivedFrom") == 0);
    } else if (kind < 80) {
        put_foreign_doi(m);
    } else {
        put(line, "https://example.org/");
        put_word(line, &m->words, m->words.english + popular(&m->dice, 100000));
    }
    put(line, kind < 80 ? "\",\"relatedIdentifierType\":\"DOI\"}"
                        : "\",\"relatedIdentifierType\":\"URL\"}");
}

/* Half have none, most others a few, some have long lists of references. */
void put_related(struct maker *m)
{
    unsigned kind = below(&m->dice, 100), n = 0;
    if (kind < 40)
        n = around(&m->dice, 1, 2.4, 12);
    else if (kind < 50)
        n = around(&m->dice, 5, 14, 80);
    put(&m->line, ",\"relatedIdentifiers\":[");
    for (; n > 0; n--)
        put_relation(m);
    put(&m->line, "],\"relatedItems\":[]");
}

/* ---- rights and funding --------------------------------------------------------------------- */

static void put_licence(struct maker *m)
{
    static const struct choice licences[] = {
        {62, "cc-by-4.0|Creative Commons Attribution 4.0 International|licenses/by/4.0"},
        {13, "cc0-1.0|Creative Commons Zero v1.0 Universal|publicdomain/zero/1.0"},
        {7, "cc-by-nc-4.0|Creative Commons Attribution Non Commercial 4.0 International"
            "|licenses/by-nc/4.0"},
        {5, "cc-by-sa-4.0|Creative Commons Attribution Share Alike 4.0 International"
            "|licenses/by-sa/4.0"},
        {5, "cc-by-nc-nd-4.0|Creative Commons Attribution Non Commercial No Derivatives 4.0 "
            "International|licenses/by-nc-nd/4.0"},
        {4, "cc-by-3.0|Creative Commons Attribution 3.0 Unported|licenses/by/3.0"},
        {1, "cc-by-nc-sa-3.0|Creative Commons Attribution Non Commercial Share Alike 3.0 Unported"
            "|licenses/by-nc-sa/3.0"}};
    struct line *line = &m->line;
    const char *id = choose(&m->dice, licences, COUNT(licences));
    const char *name = strchr(id, '|') + 1, *path = strchr(name, '|') + 1;
    put(line, "{\"rights\":\"");
    put_bytes(line, name, (size_t)(path - name - 1));
    put(line, "\",\"rightsUri\":\"https://creativecommons.org/");
    put(line, path);
    put(line, "/legalcode\",\"schemeUri\":\"https://spdx.org/licenses/\",\"rightsIdentifier\":\"");
    put_bytes(line, id, (size_t)(name - id - 1));
    put(line, "\",\"rightsIdentifierScheme\":\"SPDX\"}");
}

void put_rights(struct maker *m)
{
    put(&m->line, ",\"rightsList\":[");
    if (chance(&m->dice, 72))
        put_licence(m);
    if (chance(&m->dice, 14)) {
        put_comma(&m->line);
        put(&m->line, "{\"rights\":\"Open Access\","
                      "\"rightsUri\":\"info:eu-repo/semantics/openAccess\"}");
    }
    put(&m->line, "]");
}

void put_funder_name(struct line *line, const struct words *words, unsigned funder)
{
    static const char *const known[] = {"National Science Foundation",
                                        "European Commission",
                                        "Deutsche Forschungsgemeinschaft",
                                        "National Institutes of Health",
                                        "National Natural Science Foundation of China",
                                        "Engineering and Physical Sciences Research Council",
                                        "Natural Environment Research Council",
                                        "Swiss National Science Foundation",
                                        "Australian Research Council",
                                        "National Cancer Institute",
                                        "Wellcome Trust",
                                        "Agence Nationale de la Recherche",
                                        "Japan Society for the Promotion of Science",
                                        "Fundação para a Ciência e a Tecnologia"};
    static const char *const kinds[] = {"Research Council of ", "Ministry of Science of ",
                                        "Foundation for ", "Science Fund of "};
    if (funder < COUNT(known)) {
        put(line, known[funder]);
    } else {
        put(line, kinds[funder % COUNT(kinds)]);
        put_name(line, words, 400 + funder * 13);
    }
}

void put_funding(struct maker *m)
{
    struct line *line = &m->line;
    put(line, ",\"fundingReferences\":[");
    for (unsigned n = chance(&m->dice, 20) ? around(&m->dice, 1, 1.8, 15) : 0; n > 0; n--) {
        unsigned funder = zipf_draw(&m->funders, &m->dice);
        put_comma(line);
        put(line, "{\"awardNumber\":\"A-");
        put_number(line, below(&m->dice, 99999), 5);
        put(line, "\",\"funderName\":\"");
        put_funder_name(line, &m->words, funder);
        put(line, "\"");
        if (funder % 5 < 3) {
            put(line, ",\"funderIdentifier\":\"https://doi.org/10.13039/5011000");
            put_number(line, funder, 5);
            put(line, "\",\"funderIdentifierType\":\"Crossref Funder ID\"");
        } else if (funder % 5 == 3) {
            put(line, ",\"funderIdentifier\":\"");
            put_ror(line, funder);
            put(line, "\",\"funderIdentifierType\":\"ROR\"");
        }
        put(line, "}");
        tally_count(&m->tally, TALLY_FUNDER, funder, m->record);
    }
    put(line, "]");
}

/* ---- places, files, counts ------------------------------------------------------------------ */

void put_places(struct maker *m)
{
    put(&m->line, ",\"geoLocations\":[");
    if (chance(&m->dice, 11)) {
        char place[256];
        double south = fraction(&m->dice) * 150 - 75, west = fraction(&m->dice) * 350 - 175;
        put(&m->line, "{\"geoLocationPlace\":\"");
        put_name(&m->line, &m->words, 300 + popular(&m->dice, 5000));
        if (chance(&m->dice, 75))
            snprintf(place, sizeof(place),
                     "\",\"geoLocationPoint\":{\"pointLatitude\":%.4f,\"pointLongitude\":%.4f}}",
                     south, west);
        else
            snprintf(
                place, sizeof(place),
                "\",\"geoLocationBox\":{\"westBoundLongitude\":%.3f,\"eastBoundLongitude\":%.3f,"
                "\"southBoundLatitude\":%.3f,\"northBoundLatitude\":%.3f}}",
                west, west + 2, south, south + 1.5);
        put(&m->line, place);
    }
    put(&m->line, "]");
}

void put_files(struct maker *m)
{
    static const struct choice formats[] = {{30, "application/pdf"}, {22, "text/csv"},
                                            {18, "application/zip"}, {8, "image/tiff"},
                                            {8, "text/plain"},       {6, "image/jpeg"},
                                            {5, "application/json"}, {3, "application/dicom"}};
    static const struct choice versions[] = {
        {60, "null"}, {25, "\"1.0\""}, {8, "\"1\""}, {4, "\"2\""}, {3, "\"v1.2.0\""}};
    put(&m->line, ",\"sizes\":[");
    if (chance(&m->dice, 30)) {
        put(&m->line, "\"");
        put_number(&m->line, around(&m->dice, 1, 300, 90000), 1);
        put(&m->line, " MB\"");
    }
    put(&m->line, "],\"formats\":[");
    if (chance(&m->dice, 35)) {
        put(&m->line, "\"");
        put(&m->line, choose(&m->dice, formats, COUNT(formats)));
        put(&m->line, "\"");
    }
    put(&m->line, "],\"version\":");
    put(&m->line, choose(&m->dice, versions, COUNT(versions)));
}

/* Share of the records in percent that have any, and how many those have on average. */
void put_counts(struct maker *m)
{
    static const struct count {
        const char *name;
        unsigned percent;
        double mean;
    } counts[] = {{"viewCount", 40, 55},    {"downloadCount", 30, 40}, {"referenceCount", 16, 9},
                  {"citationCount", 12, 4}, {"partCount", 3, 12},      {"partOfCount", 12, 1.2},
                  {"versionCount", 8, 2},   {"versionOfCount", 10, 1}};
    for (size_t i = 0; i < COUNT(counts); i++) {
        put(&m->line, ",\"");
        put(&m->line, counts[i].name);
        put(&m->line, "\":");
        bool any = chance(&m->dice, counts[i].percent);
        put_number(&m->line, any ? around(&m->dice, 1, counts[i].mean, 200000) : 0, 1);
    }
}
