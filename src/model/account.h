/*
 * Accounts: providers (DataCite members) and clients (repositories), and the prefixes given to
 * them. An account is its symbol, its parent, and the attributes object of its JSON:API resource.
 */
#ifndef DH_MODEL_ACCOUNT_H
#define DH_MODEL_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"

enum dh_account_kind { DH_PROVIDER, DH_CLIENT };

struct dh_account {
    enum dh_account_kind kind;
    struct dh_str symbol;           /* lower case: "tciar", "nihnci.tcia" */
    struct dh_str parent;           /* client: its provider; provider: its consortium or empty */
    struct dh_str consortium;       /* client: that of its provider, when the resource names it */
    struct dh_str name;             /* display name; the symbol for a stub */
    struct json_object *attributes; /* as upstream shows them, canonical; NULL for a stub */
    int64_t created, updated;       /* ms; DH_TIME_NONE for a stub */
    bool active;
    bool stub; /* only named by a record so far */
};

/*
 * Reads a JSON:API resource of type providers, clients or repositories. `repositories` attributes
 * are kept under the names of `clients` where both have them. Strings are the arena's; attributes
 * is a new reference (json_object_put). Prefixes named in relationships go to *prefixes (arena
 * array, may be NULL).
 */
enum dh_status dh_account_read(struct json_object *resource, struct dh_account *out,
                               struct dh_str **prefixes, size_t *prefix_count,
                               struct dh_arena *arena, struct dh_err *err);

/* The name under which an attribute is kept, given that of `repositories` or `clients`. */
const char *dh_account_member(enum dh_account_kind kind, const char *name);
/* What upstream saves for an attribute when nothing is given; NULL: nothing. */
const char *dh_account_default(enum dh_account_kind kind, const char *name);

/* A prefix assignment as /client-prefixes and /provider-prefixes show it. */
struct dh_assignment {
    struct dh_str id;      /* uuid text */
    struct dh_str account; /* client or provider symbol */
    struct dh_str prefix;
    int64_t created, updated;
};

#endif
