/*
 * One call's view of the directory: who belongs to whom, and the resources shown from it
 * (providers, clients, repositories, prefixes and their assignments) with what `include` asks for.
 * What a resource holds is a table of rows per type (account_show.c, prefix_show.c).
 */
#ifndef DH_API_ACCOUNTS_H
#define DH_API_ACCOUNTS_H

#include "api/call.h"

enum dh_type {
    DH_TYPE_PROVIDERS,
    DH_TYPE_CLIENTS,
    DH_TYPE_REPOSITORIES, /* the records of clients under other names */
    DH_TYPE_PREFIXES,
    DH_TYPE_CLIENT_PREFIXES,
    DH_TYPE_PROVIDER_PREFIXES,
    DH_TYPE_REPOSITORY_PREFIXES, /* the records of client prefixes */
    DH_TYPE__N
};

/* Records of the directory by a key that many of them share. Made when first asked for. */
enum dh_group {
    DH_GROUP_CLIENTS_OF_PROVIDER,
    DH_GROUP_MEMBERS_OF_CONSORTIUM,
    DH_GROUP_PREFIXES_OF_CLIENT,   /* client prefixes by account */
    DH_GROUP_CLIENTS_OF_PREFIX,    /* client prefixes by prefix */
    DH_GROUP_PREFIXES_OF_PROVIDER, /* provider prefixes by account */
    DH_GROUP_PROVIDERS_OF_PREFIX,  /* provider prefixes by prefix */
    DH_GROUP__N
};

struct dh_group_entry {
    struct dh_str key, tie;
    const void *record;
};

struct dh_included_record {
    enum dh_type type;
    const void *record;
};

struct dh_accounts {
    struct dh_call *call;
    const struct dh_directory *directory;
    bool list; /* resources are those of a list: times in seconds, fields[...] honoured */
    struct {
        struct dh_group_entry *entries;
        size_t count;
        bool made;
    } groups[DH_GROUP__N];
    struct dh_included_record *included;
    size_t included_count, included_cap;
    enum dh_status failed;  /* something below failed while an answer was written */
    bool *seen[DH_TYPE__N]; /* by position in the directory: already in `included` */
};

/* Takes the directory. Returns false after having answered. */
bool dh_accounts_open(struct dh_call *call, bool list, struct dh_accounts *out);
void dh_accounts_close(struct dh_accounts *accounts);

/* By symbol, any case; NULL when there is none. */
const struct dh_account *dh_accounts_find(const struct dh_accounts *accounts,
                                          enum dh_account_kind kind, struct dh_str symbol);
/* The record of a resource by its id (symbols in any case), or NULL. */
const void *dh_accounts_record(const struct dh_accounts *accounts, enum dh_type type,
                               struct dh_str id);
/* The records of a group with that key: their number, the first in *first. */
size_t dh_accounts_group(struct dh_accounts *accounts, enum dh_group group, struct dh_str key,
                         const struct dh_group_entry **first);
/* The attribute of an account as upstream shows it; NULL when nobody told. Borrowed. */
struct json_object *dh_account_value(const struct dh_account *account, const char *name);
/* A text attribute as it is shown, with what upstream saves when nothing is given; or ptr NULL. */
struct dh_str dh_account_text(const struct dh_account *account, const char *name);

/* The number of a client's records, in every state (totals.c). */
enum dh_status dh_client_dois(struct dh_call *call, struct dh_str client, int64_t *out);

/* ---- resources ------------------------------------------------------------------------------ */

struct dh_relative {
    struct dh_str id;
    const void *record; /* or NULL: to be found by the id */
};

enum { DH_RELATION_ABSENT = -1 }; /* the member is left out */

struct dh_relation_row {
    const char *name;  /* "clientPrefixes" */
    const char *snake; /* "client_prefixes", as include and fields[...] name it */
    enum dh_type type;
    bool many;
    bool include; /* include=... may name it */
    /* The relatives of a record (arena) and their number, or DH_RELATION_ABSENT. */
    int (*relatives)(struct dh_accounts *accounts, const void *record, struct dh_relative **out);
};

struct dh_resource_row {
    const char *type; /* "client-prefixes" */
    struct dh_str (*id)(const void *record);
    bool sparse; /* fields[type] chooses what is shown */
    /* Members of `attributes`; `fields` is the value of fields[type], ptr NULL when not given. */
    void (*attributes)(struct dh_accounts *accounts, const void *record, struct dh_str fields);
    const struct dh_relation_row *relations;
    size_t relation_count;
};
extern const struct dh_resource_row dh_provider_resource, dh_client_resource,
    dh_repository_resource, dh_prefix_resource, dh_client_prefix_resource,
    dh_provider_prefix_resource, dh_repository_prefix_resource;
const struct dh_resource_row *dh_resource(enum dh_type type);

/* {"id","type","attributes","relationships"} of a record. */
void dh_put_resource(struct dh_accounts *accounts, enum dh_type type, const void *record);
/* Notes what include=... asks for of a record that is shown. */
void dh_accounts_include(struct dh_accounts *accounts, enum dh_type type, const void *record);
/* `"included":[...]` of what was noted; nothing when include names nothing that is allowed. */
void dh_put_included(struct dh_accounts *accounts, enum dh_type type);

/* `n` relatives in the arena for dh_relation_row.relatives; NULL out of memory, which sticks. */
struct dh_relative *dh_relatives_new(struct dh_accounts *accounts, size_t n);

#endif
