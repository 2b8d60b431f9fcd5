/* Types of works from one scheme to another: one list of pairs, made of the tables. */
#include "format/reading.h"

struct pair {
    enum dh_type_scheme from, to;
    const char *value, *other;
};

#define PAIR(a, b, value, other)                                                                   \
    {                                                                                              \
        DH_TYPE_##a, DH_TYPE_##b, value, other                                                     \
    }

/* A pair without a counterpart is no entry. */
static const struct pair pairs[] = {
#define DH_RESOURCE_TYPE(name, dashed, words, schema_org, ris)                                     \
    PAIR(DATACITE, SCHEMA_ORG, name, schema_org), PAIR(DATACITE, RIS, name, ris),
#define DH_TYPE_OVERRIDE(name, schema_org, citeproc, bibtex, ris)                                  \
    PAIR(CROSSREF, SCHEMA_ORG, name, schema_org), PAIR(CROSSREF, CITEPROC, name, citeproc),        \
        PAIR(CROSSREF, BIBTEX, name, bibtex), PAIR(CROSSREF, RIS, name, ris),
#define DH_SCHEMA_ORG(name, citeproc, bibtex)                                                      \
    PAIR(SCHEMA_ORG, CITEPROC, name, citeproc), PAIR(SCHEMA_ORG, BIBTEX, name, bibtex),
#include "model/vocab.def"
#define DH_TYPE_CROSSREF_ROW(name, jats, datacite)                                                 \
    PAIR(CROSSREF, JATS, name, jats), PAIR(CROSSREF, DATACITE, name, datacite),
#define DH_TYPE_SCHEMA_ORG_ROW(name, datacite, ris, jats)                                          \
    PAIR(SCHEMA_ORG, DATACITE, name, datacite), PAIR(SCHEMA_ORG, RIS, name, ris),                  \
        PAIR(SCHEMA_ORG, JATS, name, jats),
#define DH_TYPE_PAIR(from, to, value, other) PAIR(from, to, value, other),
#include "format/types.def"
};

static const char *find(enum dh_type_scheme from, enum dh_type_scheme to, struct dh_str value)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i].from == from && pairs[i].to == to &&
            dh_str_equal(dh_str(pairs[i].value), value))
            return pairs[i].other;
    return NULL;
}

const char *dh_type_map(enum dh_type_scheme from, enum dh_type_scheme to, struct dh_str value)
{
    bool by_way = from == DH_TYPE_DATACITE &&
                  (to == DH_TYPE_CITEPROC || to == DH_TYPE_BIBTEX || to == DH_TYPE_JATS);
    if (!by_way)
        return find(from, to, value);
    const char *schema_org = find(from, DH_TYPE_SCHEMA_ORG, value);
    return schema_org ? find(DH_TYPE_SCHEMA_ORG, to, dh_str(schema_org)) : NULL;
}

struct json_object *dh_types_new(const char *general, struct dh_str resource_type,
                                 const char *schema_org, const char *citeproc, const char *bibtex,
                                 const char *ris)
{
    struct json_object *types = json_object_new_object();
    if (!types)
        return NULL;
    dh_put_string(types, "resourceTypeGeneral", dh_str(general));
    dh_put_string(types, "resourceType", resource_type);
    dh_put_string(types, "schemaOrg", dh_str(schema_org));
    dh_put_string(types, "citeproc", dh_str(citeproc));
    dh_put_string(types, "bibtex", dh_str(bibtex));
    dh_put_string(types, "ris", dh_str(ris));
    return types;
}
