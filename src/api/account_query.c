/* `query` over the accounts of the directory. */
#include "api/query.h"
#include "base/limits.h"
#include "store/account_values.h"

bool dh_query_read(struct dh_call *call, enum dh_query_domain domain, struct dh_str text,
                   struct dh_query *query, struct dh_matcher **matcher)
{
    enum dh_status status = dh_query_parse(domain, text, query, NULL, call->arena, &call->err);
    if (!status)
        status = dh_matcher_make(query->root, matcher, call->arena, &call->err);
    if (status == DH_INVALID || status == DH_LIMIT)
        dh_reply_rejected(call, call->err.text);
    else if (status)
        dh_reply_status(call, status);
    return status == DH_OK;
}

bool dh_account_query_read(struct dh_call *call, enum dh_query_domain domain, struct dh_str text,
                           struct dh_account_query *out)
{
    struct dh_query query;
    out->until = dh_time_now() + (int64_t)DH_STATEMENT_SECONDS * 1000;
    return dh_query_read(call, domain, text, &query, &out->matcher);
}

enum dh_status dh_account_query_try(const struct dh_account_query *query,
                                    const struct dh_accounts *accounts,
                                    const struct dh_account *account, bool *matches, double *score)
{
    struct dh_call *call = accounts->call;
    struct dh_account_document document = {accounts->directory, account, call->api->options.owner};
    *matches = true;
    *score = 0;
    if (!query->matcher)
        return DH_OK;
    if (dh_time_now() > query->until)
        return dh_fail(&call->err, DH_LIMIT, "The query took longer than a query may.");
    return dh_matcher_try(query->matcher, dh_account_values, &document, matches, score, &call->err);
}
