/* The clients that `include=client` adds to DOI documents. */
#include "api/dois.h"

/*
 * A list shows the copy of the client that upstream keeps beside each record in its index: its
 * prefixes are never filled there.
 */
static void put_indexed(struct dh_accounts *accounts, const struct dh_account *client)
{
    const struct dh_resource_row *row = &dh_client_resource;
    struct dh_buf *out = accounts->call->out;
    struct dh_str fields = dh_sparse(accounts->call, row->type);
    struct dh_relative *relatives = NULL;
    dh_buf_char(out, '{');
    dh_put_str(out, "id", row->id(client));
    dh_put_text(out, "type", row->type);
    dh_key(out, "attributes");
    dh_buf_char(out, '{');
    row->attributes(accounts, client, fields);
    dh_buf_char(out, '}');
    dh_key(out, "relationships");
    dh_buf_char(out, '{');
    for (size_t i = 0; i < row->relation_count; i++) {
        const struct dh_relation_row *relation = &row->relations[i];
        if (!dh_field_wanted(fields, relation->snake))
            continue;
        const char *type = dh_resource(relation->type)->type;
        int count = relation->many ? 0 : relation->relatives(accounts, client, &relatives);
        if (relation->many)
            dh_put_to_many(out, relation->name, NULL, 0, type);
        else if (count != DH_RELATION_ABSENT)
            dh_put_to_one(out, relation->name, count ? relatives[0].id : DH_STR_NONE, type);
    }
    dh_buf_text(out, "}}");
}

static bool seen(const struct dh_account *const *shown, size_t count,
                 const struct dh_account *client)
{
    for (size_t i = 0; i < count; i++)
        if (shown[i] == client)
            return true;
    return false;
}

static void put_clients(struct dh_accounts *accounts, const struct dh_hit *hits, size_t count)
{
    struct dh_call *call = accounts->call;
    const struct dh_account **shown = dh_arena_array(call->arena, count + 1, sizeof(*shown));
    size_t shown_count = 0;
    for (size_t i = 0; shown && i < count; i++) {
        const struct dh_account *client =
            hits[i].client.ptr ? dh_accounts_find(accounts, DH_CLIENT, hits[i].client) : NULL;
        if (!client || seen(shown, shown_count, client))
            continue;
        if (shown_count)
            dh_buf_char(call->out, ',');
        shown[shown_count++] = client;
        if (accounts->list)
            put_indexed(accounts, client);
        else
            dh_put_resource(accounts, DH_TYPE_CLIENTS, client);
    }
    if (!shown)
        call->out->status = DH_MEMORY;
}

void dh_dois_put_included(struct dh_accounts *accounts, const struct dh_hit *hits, size_t count)
{
    struct dh_call *call = accounts->call;
    bool clients = dh_included(call, "client");
    if (!clients && !dh_included(call, "media"))
        return;
    dh_key(call->out, "included");
    dh_buf_char(call->out, '[');
    if (clients)
        put_clients(accounts, hits, count);
    dh_buf_char(call->out, ']');
}
