/* /resource-types: the vocabulary of resourceTypeGeneral, a list that never changes. */
#include "api/call.h"

static void put_type(struct dh_buf *out, size_t i)
{
    dh_buf_char(out, '{');
    dh_put_text(out, "id", dh_resource_type_dashed(i));
    dh_put_text(out, "type", "resource-types");
    dh_key(out, "attributes");
    dh_buf_char(out, '{');
    dh_put_text(out, "title", dh_vocab_value(DH_VOCAB_RESOURCE_TYPE, i));
    dh_put_text(out, "updated", "2016-09-21T00:00:00Z");
    dh_buf_text(out, "}}");
}

static bool contains_nocase(struct dh_str text, struct dh_str part)
{
    for (; text.len >= part.len; text = dh_str_from(text, 1)) {
        if (dh_str_starts_nocase(text, part))
            return true;
        if (!text.len)
            break;
    }
    return false;
}

/* totalPages and page are 1 whatever the page: so it is upstream. */
void dh_resource_types_list(struct dh_call *call)
{
    struct dh_str query = dh_params_get(call->params, "query", NULL);
    struct dh_paging paging;
    int64_t total = 0;
    if (!dh_paging_read(call, &paging))
        return;
    int64_t from = paging.cursor ? 0 : (paging.number - 1) * paging.size;
    dh_buf_text(call->out, "{\"data\":[");
    for (size_t i = 0; i < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE); i++) {
        if (!contains_nocase(dh_str(dh_vocab_value(DH_VOCAB_RESOURCE_TYPE, i)), query))
            continue;
        if (total >= from && total - from < paging.size) {
            if (total > from)
                dh_buf_char(call->out, ',');
            put_type(call->out, i);
        }
        total++;
    }
    dh_buf_text(call->out, "],\"meta\":{");
    dh_put_int(call->out, "total", total);
    dh_put_int(call->out, "total-pages", 1);
    dh_put_int(call->out, "page", 1);
    dh_buf_text(call->out, "}}");
}

void dh_resource_types_single(struct dh_call *call)
{
    size_t i = dh_resource_type_find(call->arg[0]);
    if (i >= dh_vocab_count(DH_VOCAB_RESOURCE_TYPE)) {
        dh_reply_missing(call);
        return;
    }
    dh_buf_text(call->out, "{\"data\":");
    put_type(call->out, i);
    dh_buf_char(call->out, '}');
}
