#include "query/names.h"

static const struct dh_str domain_prefixes[] = {
    [DH_QUERY_DOIS] = {"", 0},           [DH_QUERY_PROVIDERS] = {"provider.", 9},
    [DH_QUERY_CLIENTS] = {"client.", 7}, [DH_QUERY_ACTIVITIES] = {"activity.", 9},
    [DH_QUERY_EVENTS] = {"event.", 6},
};

static const struct dh_default_field dois[] = {
    {"uid", 50},
    {"related_identifiers.relatedIdentifier", 3},
    {"titles.title", 3},
    {"creator_names", 3},
    {"publisher", 3},
    {"descriptions.description", 3},
    {"subjects.subject", 3},
    {NULL, 0},
};
static const struct dh_default_field providers[] = {
    {"uid", 10}, {"symbol", 10}, {"name", 5}, {"system_email", 5}, {"group_email", 5}, {NULL, 0},
};
static const struct dh_default_field clients[] = {
    {"uid", 10},         {"symbol", 10}, {"name", 5},     {"description", 5},
    {"system_email", 5}, {"url", 1},     {"software", 3}, {NULL, 0},
};
static const struct dh_default_field activities[] = {
    {"uid", 10},
    {"username", 5},
    {"action", 1},
    {NULL, 0},
};
static const struct dh_default_field events[] = {
    {"subj_id", 10}, {"obj_id", 10}, {"source_id", 1}, {"relation_type_id", 1}, {NULL, 0},
};

struct dh_str dh_domain_prefix(enum dh_query_domain domain)
{
    return domain_prefixes[domain];
}

const struct dh_default_field *dh_default_fields(enum dh_query_domain domain)
{
    static const struct dh_default_field *const fields[] = {
        [DH_QUERY_DOIS] = dois,       [DH_QUERY_PROVIDERS] = providers,
        [DH_QUERY_CLIENTS] = clients, [DH_QUERY_ACTIVITIES] = activities,
        [DH_QUERY_EVENTS] = events,
    };
    return fields[domain];
}

/* ---- rows of the field table ---------------------------------------------------------------- */

/* The lengths of the names of dh_fields, in its order. */
static const unsigned char lengths[] = {
#define DH_ATTRIBUTE(id, name, shape, where, audit)
#define DH_FIELD(query, source) sizeof(query) - 1,
#include "model/fields.def"
#undef DH_ATTRIBUTE
#undef DH_FIELD
};

enum { ROWS = sizeof(lengths) };

/* The name of a row in a domain; false when the row is not of the domain. */
static bool row_name(enum dh_query_domain domain, size_t row, struct dh_str *name)
{
    struct dh_str whole = {dh_fields[row].query, lengths[row]}, prefix = domain_prefixes[domain];
    enum dh_home home = dh_sources[dh_fields[row].source].home;
    if (domain == DH_QUERY_DOIS && (home == DH_HOME_ACTIVITY || home == DH_HOME_EVENT))
        return false;
    *name = dh_str_from(whole, prefix.len);
    return dh_str_starts(whole, prefix);
}

/* Whether an earlier row has the same name. */
static bool repeated(size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (lengths[i] == lengths[row] &&
            memcmp(dh_fields[i].query, dh_fields[row].query, lengths[row]) == 0)
            return true;
    return false;
}

const struct dh_field *dh_field_find(enum dh_query_domain domain, struct dh_str name,
                                     struct dh_arena *arena)
{
    struct dh_field *field = NULL;
    struct dh_str row;
    for (size_t i = 0; i < ROWS; i++) {
        if (lengths[i] != name.len + domain_prefixes[domain].len || !row_name(domain, i, &row) ||
            !dh_str_equal(row, name))
            continue;
        enum dh_source source = dh_fields[i].source;
        if (!field && !(field = dh_arena_alloc(arena, sizeof(*field))))
            return NULL;
        field->name = (struct dh_str){dh_fields[i].query, lengths[i]};
        field->type = dh_sources[source].type;
        field->home = dh_sources[source].home;
        if (field->source_count < sizeof(field->sources) / sizeof(field->sources[0]))
            field->sources[field->source_count++] = source;
    }
    return field;
}

/* Greedy, with the last * to come back to: names are short. */
static bool matches(struct dh_str pattern, struct dh_str name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, resume = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.len && pattern.ptr[p] == name.ptr[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

bool dh_names_next(enum dh_query_domain domain, struct dh_str pattern, size_t *at,
                   struct dh_str *name)
{
    while (*at < ROWS) {
        size_t row = (*at)++;
        if (row_name(domain, row, name) && matches(pattern, *name) && !repeated(row))
            return true;
    }
    return false;
}

/* True when `name` continues `object` and a dot. */
static bool member(struct dh_str name, struct dh_str object)
{
    return name.len > object.len && name.ptr[object.len] == '.' && dh_str_starts(name, object);
}

bool dh_name_is_object(enum dh_query_domain domain, struct dh_str name)
{
    struct dh_str row;
    for (size_t i = 0; i < ROWS; i++)
        if (row_name(domain, i, &row) && member(row, name))
            return true;
    return false;
}

/* ---- hints ---------------------------------------------------------------------------------- */

/* Names that people know from elsewhere, above all from the records, and what they are called here.
 * Those of one domain only are found to be none in the others. */
static const struct {
    struct dh_str name, meant;
} known[] = {
#define KNOWN(name, meant)                                                                         \
    {                                                                                              \
        {name, sizeof(name) - 1},                                                                  \
        {                                                                                          \
            meant, sizeof(meant) - 1                                                               \
        }                                                                                          \
    }
    KNOWN("state", "aasm_state"),
    KNOWN("version", "version_info"),
    KNOWN("schema_version_info", "schemaVersion"),
    KNOWN("alternateIdentifiers", "identifiers.identifier"),
    KNOWN("alternateIdentifiers.alternateIdentifier", "identifiers.identifier"),
    KNOWN("alternateIdentifiers.alternateIdentifierType", "identifiers.identifierType"),
    KNOWN("alternateIdentifier", "identifiers.identifier"),
    KNOWN("alternateIdentifierType", "identifiers.identifierType"),
    KNOWN("creator", "creators.name"),
    KNOWN("author", "creators.name"),
    KNOWN("authors", "creators.name"),
    KNOWN("contributor", "contributors.name"),
    KNOWN("abstract", "descriptions.description"),
    KNOWN("keyword", "subjects.subject"),
    KNOWN("keywords", "subjects.subject"),
    KNOWN("year", "publication_year"),
    KNOWN("publicationyear", "publication_year"),
    KNOWN("type", "types.resourceTypeGeneral"),
    KNOWN("resource_type", "types.resourceTypeGeneral"),
    KNOWN("license", "rights_list.rightsIdentifier"),
    KNOWN("licence", "rights_list.rightsIdentifier"),
    KNOWN("orcid", "creators.nameIdentifiers.nameIdentifier"),
    KNOWN("ror", "creators.affiliation.affiliationIdentifier"),
    KNOWN("affiliation", "creators.affiliation.name"),
    KNOWN("funder", "funding_references.funderName"),
    KNOWN("client", "client_id"),
    KNOWN("repository", "client_id"),
    KNOWN("repository_id", "client_id"),
    KNOWN("provider", "provider_id"),
#undef KNOWN
};

enum { NAME_MAX_LEN = 96 };

/* A name as it is compared for likeness: ASCII lower case without _ and -. */
static size_t plain_name(struct dh_str name, char out[NAME_MAX_LEN])
{
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < NAME_MAX_LEN; i++) {
        char c = name.ptr[i];
        if (c != '_' && c != '-')
            out[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return len;
}

/* Letters to change, add or remove; stops counting beyond `most`. */
static unsigned distance(struct dh_str a, struct dh_str b, unsigned most)
{
    unsigned row[NAME_MAX_LEN + 1];
    if (a.len > b.len + most || b.len > a.len + most)
        return most + 1;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; i < a.len; i++) {
        unsigned diagonal = row[0], least = row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < b.len; j++) {
            unsigned cost = diagonal + (a.ptr[i] != b.ptr[j]);
            diagonal = row[j + 1];
            if (row[j + 1] + 1 < cost)
                cost = row[j + 1] + 1;
            if (row[j] + 1 < cost)
                cost = row[j] + 1;
            row[j + 1] = cost;
            least = cost < least ? cost : least;
        }
        if (least > most)
            return most + 1;
    }
    return row[b.len];
}

static struct dh_str last_part(struct dh_str name)
{
    size_t at = name.len;
    while (at && name.ptr[at - 1] != '.')
        at--;
    return dh_str_from(name, at);
}

/*
 * How far a name is from a row's, 0 best: the same but for case and _; an object and its first
 * member; the row's last part; then misspelt ones.
 */
static unsigned likeness(struct dh_str wanted, struct dh_str row)
{
    char buffer[NAME_MAX_LEN];
    struct dh_str name = {buffer, plain_name(row, buffer)}, last = last_part(name);
    unsigned most = wanted.len < 4 ? 0 : wanted.len < 8 ? 1 : 2;
    if (dh_str_equal(name, wanted))
        return 0;
    if (member(name, wanted))
        return 1;
    if (dh_str_equal(last, wanted))
        return 2;
    unsigned whole = distance(wanted, name, most), part = distance(wanted, last, most);
    unsigned least = whole <= part ? whole : part;
    return least > most ? UINT32_MAX : 3 + 2 * least + (whole > part);
}

/* The row that comes nearest, of equal ones the first. */
static struct dh_str nearest(enum dh_query_domain domain, struct dh_str wanted)
{
    struct dh_str row, best = DH_STR_NONE;
    unsigned least = UINT32_MAX;
    for (size_t i = 0; i < ROWS && least; i++) {
        enum dh_home home = dh_sources[dh_fields[i].source].home;
        if (!row_name(domain, i, &row) || home == DH_HOME_NOWHERE || home == DH_HOME_REFUSED)
            continue;
        unsigned far = likeness(wanted, row);
        if (far < least) {
            least = far;
            best = row;
        }
    }
    return best;
}

struct dh_str dh_name_hint(enum dh_query_domain domain, struct dh_str name)
{
    char buffer[NAME_MAX_LEN];
    if (domain != DH_QUERY_DOIS && dh_str_starts(name, domain_prefixes[domain]))
        name = dh_str_from(name, domain_prefixes[domain].len);
    if (!name.len || name.len > NAME_MAX_LEN)
        return DH_STR_NONE;
    for (size_t i = 0; domain == DH_QUERY_DOIS && i < sizeof(known) / sizeof(known[0]); i++)
        if (dh_str_equal_nocase(known[i].name, name))
            return known[i].meant;
    size_t len = plain_name(name, buffer);
    return nearest(domain, (struct dh_str){buffer, len});
}
