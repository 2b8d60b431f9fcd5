/* Members of `meta` that tell people about a query: what it may not have meant, and how it went. */
#ifndef DH_API_EXPLAIN_H
#define DH_API_EXPLAIN_H

#include "api/call.h"

/* `"warnings":[{"at","text"}...]`: of a query, in an open meta object. */
void dh_put_warnings(struct dh_call *call, const struct dh_query *query);
/* `"explain":{"query","steps":[{"depth","part","hits","milliseconds"}...],"milliseconds":{...}}` */
void dh_put_explain(struct dh_call *call, const struct dh_query *query,
                    const struct dh_explain *explain);

#endif
