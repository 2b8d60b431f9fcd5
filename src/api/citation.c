/* The citation formatter of crosscite.org: /format, /styles, /locales. It speaks plain text, in
 * errors too. */
#include "api/dois.h"
#include "api/metadata.h"
#include "api/negotiate.h"

static void reply(struct dh_call *call, int status, const char *text)
{
    call->response->status = status;
    dh_buf_clear(call->out);
    dh_buf_text(call->out, text);
}

/* What is asked for, as the formatter has it by default; false after having answered. */
static bool read_options(struct dh_call *call, struct dh_format_options *out)
{
    struct dh_str style = dh_params_get(call->params, "style", NULL);
    struct dh_str locale = dh_params_get(call->params, "lang", NULL);
    style = dh_arena_copy(call->arena, style.ptr ? style : DH_STR("nature"));
    locale = dh_arena_copy(call->arena, locale.ptr ? locale : DH_STR("en-GB"));
    *out = (struct dh_format_options){.style = style.ptr, .locale = locale.ptr, .plain = true};
    if (!dh_citation_style_known(style))
        reply(call, 400, "The style is not known.");
    else if (!dh_citation_locale_known(locale))
        reply(call, 400, "The language is not known.");
    else
        return true;
    return false;
}

/* The record of any form of a DOI; false after having answered. */
static bool find(struct dh_call *call, struct dh_hit *out)
{
    struct dh_str given = dh_params_get(call->params, "doi", NULL);
    struct dh_str doi = dh_doi_parse(call->arena, given);
    enum dh_status status = DH_NOT_FOUND;
    if (dh_str_blank(given)) {
        reply(call, 400, "The parameter doi is needed.");
        return false;
    }
    if (doi.ptr)
        status = dh_store_get(call->reader, doi, out, call->arena, &call->err);
    bool shown = !status && (call->api->options.owner || out->state == DH_STATE_FINDABLE);
    if (status && status != DH_NOT_FOUND)
        reply(call, 500, "The record could not be read.");
    else if (!shown)
        reply(call, 404, "The DOI is not known.");
    return shown;
}

void dh_citation(struct dh_call *call)
{
    struct dh_hit hit;
    struct dh_format_options options;
    call->response->type = dh_type_text;
    if (!find(call, &hit) || !read_options(call, &options))
        return;
    struct json_object *tree = dh_hit_metadata(&hit, false, &call->err);
    enum dh_status status = tree ? dh_format_write(dh_format_find(DH_STR("citation")), tree,
                                                   &options, call->out, call->arena, &call->err)
                                 : call->err.code;
    json_object_put(tree);
    if (status)
        reply(call, 500, "The citation could not be made.");
    else
        dh_buf_char(call->out, '\n');
}

static void list(struct dh_call *call, const char *const *names)
{
    dh_buf_char(call->out, '[');
    for (size_t i = 0; names[i]; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        dh_json_string(call->out, dh_str(names[i]), DH_JSON_PLAIN);
    }
    dh_buf_char(call->out, ']');
}

void dh_citation_style_list(struct dh_call *call)
{
    list(call, dh_citation_styles);
}

void dh_citation_locale_list(struct dh_call *call)
{
    list(call, dh_citation_locales);
}
