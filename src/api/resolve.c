/* GET /{doi}: what a DOI resolver does, sending people to the landing page and programs the
 * metadata that they ask for. */
#include "api/dois.h"
#include "api/negotiate.h"

/* Addresses of the web only: a browser that is sent to others runs or reads what was never asked
 * for, and one without a scheme would be a place of this server. */
static bool may_redirect(struct dh_str url)
{
    static const char *const schemes[] = {"https://", "http://", "ftp://"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (dh_str_starts_nocase(url, dh_str(schemes[i])))
            return true;
    return false;
}

/* The record's URL as a header may carry it; ptr NULL when it has none to go to. */
static struct dh_str location_of(struct dh_call *call, const struct dh_hit *hit)
{
    struct json_object *url = NULL;
    struct dh_buf out;
    if (dh_json_parse(dh_wire_value(&hit->wire, DH_ATTR_URL, DH_FORM_PLAIN), &url, &call->err))
        return DH_STR_NONE;
    struct dh_str text = dh_str_trim(dh_json_str(url));
    dh_buf_init(&out, DH_URL_MAX);
    for (size_t i = 0; may_redirect(text) && i < text.len; i++)
        if (text.ptr[i] > ' ' && text.ptr[i] <= '~')
            dh_buf_char(&out, text.ptr[i]);
        else
            dh_buf_printf(&out, "%%%02X", (unsigned)(unsigned char)text.ptr[i]);
    struct dh_str location =
        out.len && !out.status ? dh_arena_copy(call->arena, dh_buf_view(&out)) : DH_STR_NONE;
    dh_buf_release(&out);
    json_object_put(url);
    return location;
}

static void redirect(struct dh_call *call, const struct dh_hit *hit)
{
    struct dh_str location = location_of(call, hit);
    if (!location.ptr) {
        dh_reply_missing(call);
        return;
    }
    call->response->status = 303;
    dh_response_header(call->response, "Location", location);
}

void dh_resolve(struct dh_call *call)
{
    struct dh_hit hit;
    struct dh_format_options options;
    if (!dh_doi_valid(call->arg[0])) {
        dh_reply_missing(call);
        return;
    }
    if (!dh_doi_find(call, &hit))
        return;
    struct dh_choice choice = dh_choose(call, DH_CHOOSE_FORMATS);
    if (choice.answer != DH_ANSWER_FORMAT)
        redirect(call, &hit);
    else if (dh_format_options_read(call, &choice, true, &options))
        dh_reply_formatted(call, &choice, &options, &hit);
}
