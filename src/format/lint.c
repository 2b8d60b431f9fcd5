/* The table of rules, and those that look at one property of a record. */
#include "format/lint.h"

#include <stdarg.h>
#include <stdio.h>

#include "format/lint_parts.h"
#include "format/reading.h"

static struct dh_str message_of(struct dh_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static struct dh_str message_of(struct dh_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = len < 0 ? NULL : dh_arena_alloc(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, args);
    return text ? (struct dh_str){text, (size_t)len} : DH_STR_NONE;
}

void dh_lint_warn_in(struct dh_lint *lint, const char *property, struct dh_str pointer,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    dh_findings_add_at(lint->findings, DH_SEVERITY_WARNING, dh_str(property), lint->rule->name,
                       pointer, message_of(lint->arena, format, args));
    va_end(args);
}

void dh_lint_warn(struct dh_lint *lint, struct dh_str pointer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    dh_findings_add_at(lint->findings, DH_SEVERITY_WARNING, dh_str(lint->rule->property),
                       lint->rule->name, pointer, message_of(lint->arena, format, args));
    va_end(args);
}

struct dh_str dh_lint_at(struct dh_lint *lint, const char *key, size_t i)
{
    return dh_arena_format(lint->arena, "/%s/%zu", key, i);
}

/* ---- titles, subjects, language, landing page --------------------------------------------------- */

static struct dh_str title_of(struct json_object *title)
{
    struct dh_str text = dh_text_of(title);
    return text.ptr ? text : dh_text(title, "title");
}

static void check_title_empty(struct dh_lint *lint)
{
    struct json_object *titles = dh_json_get(lint->metadata, "titles");
    for (size_t i = 0; i < dh_count_of(titles); i++)
        if (dh_str_blank(title_of(dh_at(titles, i))))
            dh_lint_warn(lint, dh_lint_at(lint, "titles", i), "the title is empty");
}

/* Some words, no small letter among them; a single word may be a name. */
static bool shouts(struct dh_str text)
{
    enum { LETTERS = 10 };
    size_t letters = 0, words = 1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return false;
        letters += text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        words += text.ptr[i] == ' ';
    }
    return letters >= LETTERS && words > 1;
}

static void check_title_capitals(struct dh_lint *lint)
{
    struct json_object *titles = dh_json_get(lint->metadata, "titles");
    for (size_t i = 0; i < dh_count_of(titles); i++)
        if (shouts(dh_str_trim(title_of(dh_at(titles, i)))))
            dh_lint_warn(lint, dh_lint_at(lint, "titles", i), "the title is all in capitals");
}

static void check_subjects(struct dh_lint *lint)
{
    if (!dh_present(dh_json_get(lint->metadata, "subjects")))
        dh_lint_warn(lint, DH_STR("/subjects"), "there are no subjects");
}

static void check_language_missing(struct dh_lint *lint)
{
    if (!dh_text_present(lint->metadata, "language").ptr)
        dh_lint_warn(lint, DH_STR("/language"), "no language is given");
}

static void check_language_unknown(struct dh_lint *lint)
{
    struct dh_str language = dh_text_present(lint->metadata, "language");
    struct dh_str code = language;
    code.len = dh_str_find(code, '-');
    if (language.ptr && !dh_language_name(dh_arena_lower(lint->arena, dh_str_trim(code))))
        dh_lint_warn(lint, DH_STR("/language"), "%.*s is no ISO 639 code", DH_STR_ARG(language));
}

static void check_url(struct dh_lint *lint)
{
    if (!dh_text_present(lint->metadata, "url").ptr)
        dh_lint_warn(lint, DH_STR("/url"), "there is no landing page");
}

/* ---- dates ---------------------------------------------------------------------------------------- */

static void check_issued(struct dh_lint *lint)
{
    if (!dh_date_of(lint->metadata, "Issued").len)
        dh_lint_warn(lint, DH_STR("/dates"), "there is no date of type Issued");
}

static void check_date_form(struct dh_lint *lint)
{
    struct json_object *dates = dh_json_get(lint->metadata, "dates");
    for (size_t i = 0; i < dh_count_of(dates); i++) {
        struct dh_str date = dh_str_trim(dh_text(dh_at(dates, i), "date"));
        if (!dh_date_valid(date))
            dh_lint_warn(lint, dh_lint_at(lint, "dates", i), "%s%.*s",
                         date.len ? "no ISO 8601 date: " : "the date is empty", DH_STR_ARG(date));
    }
}

static void check_year(struct dh_lint *lint)
{
    struct dh_str issued = dh_str_trim(dh_date_of(lint->metadata, "Issued"));
    struct dh_str year = dh_str_trim(dh_text(lint->metadata, "publicationYear")), rest = issued;
    unsigned number;
    if (dh_str_take_digits(&rest, 4, &number) && year.len && !dh_str_starts(issued, year))
        dh_lint_warn(lint, DH_STR("/publicationYear"), "%.*s is not the year of %.*s (Issued)",
                     DH_STR_ARG(year), DH_STR_ARG(issued));
}

/* ---- rights, descriptions, funding ----------------------------------------------------------------- */

static const struct dh_licence *licence_of(struct dh_lint *lint, struct json_object *rights)
{
    struct dh_str text = dh_text_of(rights);
    if (!text.ptr)
        text = dh_text(rights, "rights");
    const struct dh_licence_signs signs = {
        .id = dh_text(rights, "rightsIdentifier"),
        .name = text,
        .url = dh_id_licence_url(lint->arena, dh_text(rights, "rightsUri")),
        .other_url = dh_id_licence_url(lint->arena, text),
    };
    const struct dh_licence *licence = dh_licence_match(&signs);
    return licence ? licence : dh_licence_find(text);
}

static void check_licence_missing(struct dh_lint *lint)
{
    if (!dh_present(dh_json_get(lint->metadata, "rightsList")))
        dh_lint_warn(lint, DH_STR("/rightsList"), "no licence is given");
}

/* One licence with a name that machines know is enough: others may say more. */
static void check_licence_known(struct dh_lint *lint)
{
    struct json_object *list = dh_json_get(lint->metadata, "rightsList");
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (licence_of(lint, dh_at(list, i)))
            return;
    if (dh_present(list))
        dh_lint_warn(lint, DH_STR("/rightsList"), "no licence of the SPDX list is given");
}

static void check_abstract(struct dh_lint *lint)
{
    if (!dh_abstract(lint->metadata).len)
        dh_lint_warn(lint, DH_STR("/descriptions"), "there is no abstract");
}

static void check_funder(struct dh_lint *lint)
{
    struct json_object *list = dh_json_get(lint->metadata, "fundingReferences");
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (!dh_text_present(dh_at(list, i), "funderIdentifier").ptr)
            dh_lint_warn(lint, dh_lint_at(lint, "fundingReferences", i), "%.*s has no identifier",
                         DH_STR_ARG(dh_text(dh_at(list, i), "funderName")));
}

/* ---- the table -------------------------------------------------------------------------------------- */

const struct dh_lint_rule dh_lint_rules[] = {
    {"url-missing", "url", "There is a landing page.", check_url},
    {"name-empty", "creators", "Creators and contributors have names.", dh_lint_names},
    {"name-type-missing", "creators", "Each creator is Personal or Organizational.",
     dh_lint_name_types},
    {"orcid-missing", "creators", "Each creator who is a person has an ORCID.",
     dh_lint_orcid_missing},
    {"orcid-invalid", "creators", "ORCIDs of creators and contributors have the right check digit.",
     dh_lint_orcid_invalid},
    {"orcid-twice", "creators", "No two creators have the same ORCID.", dh_lint_orcid_twice},
    {"isni-invalid", "creators", "ISNIs of creators and contributors have the right check digit.",
     dh_lint_isni_invalid},
    {"ror-missing", "creators", "Affiliations of creators and contributors have a ROR.",
     dh_lint_ror_missing},
    {"ror-invalid", "creators", "RORs of affiliations have the form of a ROR.",
     dh_lint_ror_invalid},
    {"title-empty", "titles", "Titles are not empty.", check_title_empty},
    {"title-capitals", "titles", "Titles are not all in capitals.", check_title_capitals},
    {"subjects-missing", "subjects", "There are subjects.", check_subjects},
    {"issued-missing", "dates", "There is a date of type Issued.", check_issued},
    {"date-form", "dates", "Dates are written as ISO 8601 has it, or EDTF.", check_date_form},
    {"year-differs", "publication_year", "The publication year is that of the date Issued.",
     check_year},
    {"language-missing", "language", "The language is given.", check_language_missing},
    {"language-unknown", "language", "The language is an ISO 639 code, with or without a region.",
     check_language_unknown},
    {"related-empty", "related_identifiers", "Related identifiers are not empty.",
     dh_lint_related_empty},
    {"related-twice", "related_identifiers", "No relation is given twice.", dh_lint_related_twice},
    {"related-several", "related_identifiers",
     "Nothing is related in several ways at the same time.", dh_lint_related_several},
    {"related-self", "related_identifiers", "Nothing is related to itself.", dh_lint_related_self},
    {"related-not-doi", "related_identifiers", "What is typed as a DOI is one.",
     dh_lint_related_not_doi},
    {"related-doi-as-url", "related_identifiers", "DOIs are typed as DOI, not as URL.",
     dh_lint_related_doi_as_url},
    {"licence-missing", "rights_list", "A licence is given.", check_licence_missing},
    {"licence-unknown", "rights_list", "At least one licence is on the SPDX list.",
     check_licence_known},
    {"abstract-missing", "descriptions", "There is an abstract.", check_abstract},
    {"funder-id-missing", "funding_references", "Funders have an identifier.", check_funder},
};
const size_t dh_lint_rule_count = sizeof(dh_lint_rules) / sizeof(dh_lint_rules[0]);

void dh_metadata_lint(struct json_object *metadata, struct dh_findings *findings)
{
    struct dh_lint lint = {.metadata = metadata, .findings = findings, .arena = findings->arena};
    for (size_t i = 0; i < dh_lint_rule_count; i++) {
        lint.rule = &dh_lint_rules[i];
        lint.rule->check(&lint);
    }
}
