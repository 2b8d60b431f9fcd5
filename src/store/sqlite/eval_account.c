#include "store/account_values.h"
#include "store/sqlite/eval.h"

/* A leaf about accounts is tried on every account; the records are those of the ones it matches. */

/* Adds the records of an account. */
static enum dh_status mark_records(struct dh_sq_eval *eval, const struct dh_account *account,
                                   struct dh_sq_bits *out)
{
    enum dh_source source =
        account->kind == DH_CLIENT ? DH_SOURCE_CLIENT_ID : DH_SOURCE_PROVIDER_ID;
    return dh_sq_eval_term(eval, source, account->symbol, out);
}

static enum dh_status try_accounts(struct dh_sq_eval *eval, struct dh_matcher *matcher,
                                   const struct dh_directory *directory, bool clients,
                                   struct dh_sq_bits *out)
{
    const struct dh_account *accounts = clients ? directory->clients : directory->providers;
    size_t count = clients ? directory->client_count : directory->provider_count;
    struct dh_account_document document = {.directory = directory};
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        bool matches = false;
        double score;
        if (dh_sq_late(eval->reader))
            return dh_fail(eval->err, DH_LIMIT, "the query takes too long");
        document.account = &accounts[i];
        status = dh_matcher_try(matcher, dh_account_values, &document, &matches, &score, eval->err);
        if (!status && matches)
            status = mark_records(eval, &accounts[i], out);
    }
    return status;
}

enum dh_status dh_sq_eval_account(struct dh_sq_eval *eval, const struct dh_node *node,
                                  struct dh_sq_bits *out)
{
    const struct dh_directory *directory;
    struct dh_matcher *matcher;
    enum dh_status status = dh_matcher_make(node, &matcher, eval->arena, eval->err);
    if (!status)
        status = dh_sq_directory_within(eval->reader, &directory, eval->err);
    if (status)
        return status;
    status = try_accounts(eval, matcher, directory, node->field->home == DH_HOME_CLIENT, out);
    dh_directory_release(directory);
    return status;
}
