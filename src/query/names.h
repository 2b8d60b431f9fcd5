/*
 * Names: the fields that a query can name, by domain. In the lists of accounts, activities and
 * events names stand without the prefix that they have in the field table.
 */
#ifndef DH_QUERY_NAMES_H
#define DH_QUERY_NAMES_H

#include "query/parse.h"

/* One of the fields that text without a field is searched in. */
struct dh_default_field {
    const char *name; /* without the prefix of the domain */
    double boost;
};

/* What the names of a domain begin with in the field table. */
struct dh_str dh_domain_prefix(enum dh_query_domain domain);
/* Ends with a row whose name is NULL. */
const struct dh_default_field *dh_default_fields(enum dh_query_domain domain);

/*
 * Goes through the names of a domain that match a pattern in which * stands for anything, each
 * once, in the order of the table. *at begins at 0. False at the end.
 */
bool dh_names_next(enum dh_query_domain domain, struct dh_str pattern, size_t *at,
                   struct dh_str *name);
/* True when `name` names no field but what other names are members of ("creators"). */
bool dh_name_is_object(enum dh_query_domain domain, struct dh_str name);
/* What may be meant by a name that is none; ptr NULL when nothing comes near. A constant. */
struct dh_str dh_name_hint(enum dh_query_domain domain, struct dh_str name);

#endif
