/* GET /dois/{doi}: one record, and who may see it. */
#include "api/dois.h"
#include "api/negotiate.h"

bool dh_doi_find(struct dh_call *call, struct dh_hit *out)
{
    struct dh_str doi = dh_arena_lower(call->arena, call->arg[0]);
    enum dh_status status = dh_store_get(call->reader, doi, out, call->arena, &call->err);
    bool owner = call->api->options.owner;
    if (!status && !owner && out->state != DH_STATE_FINDABLE)
        status = DH_NOT_FOUND;
    if (status)
        dh_reply_status(call, status);
    return status == DH_OK;
}

/* Records of other agencies are shown only on request, as in lists. */
static bool agency_shown(const struct dh_call *call, const struct dh_hit *hit)
{
    return call->api->options.owner || !dh_agency_other(hit->agency) ||
           dh_params_present(call->params, "include_other_registration_agencies");
}

static void write_single(struct dh_call *call, struct dh_accounts *accounts,
                         const struct dh_hit *hit)
{
    struct dh_doi_view view;
    dh_doi_view_read(call, true, &view);
    dh_buf_char(call->out, '{');
    dh_key(call->out, "data");
    enum dh_status status = dh_doi_put(call, &view, hit);
    if (accounts)
        dh_dois_put_included(accounts, hit, 1);
    dh_buf_char(call->out, '}');
    if (status)
        dh_reply_status(call, status);
}

static void reply_json(struct dh_call *call, const struct dh_hit *hit)
{
    struct dh_accounts accounts;
    if (!dh_params_present(call->params, "include")) {
        write_single(call, NULL, hit);
        return;
    }
    if (!dh_accounts_open(call, false, &accounts))
        return;
    write_single(call, &accounts, hit);
    dh_accounts_close(&accounts);
}

void dh_dois_single(struct dh_call *call)
{
    struct dh_hit hit;
    struct dh_choice choice;
    struct dh_format_options options;
    if (!dh_doi_find(call, &hit))
        return;
    if (!agency_shown(call, &hit))
        dh_reply_missing(call);
    else if (!dh_negotiate(call, DH_CHOOSE_FORMATS | DH_CHOOSE_EXTENSION, &choice))
        return;
    else if (choice.answer == DH_ANSWER_JSON)
        reply_json(call, &hit);
    else if (dh_format_options_read(call, &choice, false, &options))
        dh_reply_formatted(call, &choice, &options, &hit);
}
