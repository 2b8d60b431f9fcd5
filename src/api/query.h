/*
 * What a `query` parameter asks of accounts and activities, which are tried one by one. What
 * parsing refuses is answered in the odd shape that upstream gives a rejected search.
 */
#ifndef DH_API_QUERY_H
#define DH_API_QUERY_H

#include "api/accounts.h"
#include "query/query.h"

/*
 * Parses a query and makes it ready to be tried; both in the call's arena. Returns false after
 * having answered.
 */
bool dh_query_read(struct dh_call *call, enum dh_query_domain domain, struct dh_str text,
                   struct dh_query *query, struct dh_matcher **matcher);

struct dh_account_query {
    struct dh_matcher *matcher; /* NULL: no query, all accounts match */
    int64_t until;              /* ms: the matching may take so long */
};

/* Reads a query over accounts. Returns false after having answered. */
bool dh_account_query_read(struct dh_call *call, enum dh_query_domain domain, struct dh_str text,
                           struct dh_account_query *out);
/* DH_LIMIT when all of it takes too long. */
enum dh_status dh_account_query_try(const struct dh_account_query *query,
                                    const struct dh_accounts *accounts,
                                    const struct dh_account *account, bool *matches, double *score);

/*
 * Reads a query over activities into the question asked of the store; *empty when it is plain that
 * none can match. Returns false after having answered.
 */
bool dh_activity_query_read(struct dh_call *call, struct dh_str text,
                            struct dh_activity_search *search, bool *empty);

#endif
