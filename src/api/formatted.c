/* Answers in a metadata format. */
#include "api/metadata.h"
#include "api/negotiate.h"

/* ---- style and locale of citations ---------------------------------------------------------- */

static bool is_citation(const struct dh_format *format)
{
    return dh_str_equal(dh_str(format->name), DH_STR("citation"));
}

/* What the query says; else, if that counts here, the item of Accept. ptr NULL: nothing. */
static struct dh_str wish(const struct dh_call *call, const struct dh_choice *choice, bool accept,
                          const char *name)
{
    struct dh_str value = dh_str_trim(dh_params_get(call->params, name, NULL));
    if (!value.len && accept)
        value = dh_weighted_parameter(choice->parameters, name);
    return value.len ? dh_arena_copy(call->arena, value) : DH_STR_NONE;
}

/* "The style is not known, but these are: apa, ieee." */
static void put_choices(struct dh_buf *out, const char *what, const char *const *names)
{
    dh_buf_printf(out, "%sThe %s is not known, but these are: ", out->len ? " " : "", what);
    for (size_t i = 0; names[i]; i++)
        dh_buf_printf(out, i ? ", %s" : "%s", names[i]);
    dh_buf_char(out, '.');
}

static void refuse(struct dh_call *call, bool style_known, bool locale_known)
{
    struct dh_buf title;
    dh_buf_init(&title, DH_RESPONSE_MAX);
    if (!style_known)
        put_choices(&title, "style", dh_citation_styles);
    if (!locale_known)
        put_choices(&title, "locale", dh_citation_locales);
    dh_buf_char(&title, '\0');
    dh_reply_error(call, 406, title.status ? "The style or locale is not known." : title.ptr);
    dh_buf_release(&title);
}

bool dh_format_options_read(struct dh_call *call, const struct dh_choice *choice, bool accept,
                            struct dh_format_options *out)
{
    *out = (struct dh_format_options){0};
    if (!is_citation(choice->format))
        return true;
    struct dh_str style = wish(call, choice, accept, "style");
    struct dh_str locale = wish(call, choice, accept, "locale");
    bool style_known = !style.ptr || dh_citation_style_known(style);
    bool locale_known = !locale.ptr || dh_citation_locale_known(locale);
    if (style_known && locale_known) {
        out->style = style.ptr;
        out->locale = locale.ptr;
    } else if (call->api->options.strict) {
        refuse(call, style_known, locale_known);
        return false;
    } else {
        dh_response_header(call->response, "Warning",
                           DH_STR("299 - \"unknown style or locale, apa and en-US are used\""));
    }
    return true;
}

/* ---- records -------------------------------------------------------------------------------- */

static struct json_object *tree_of(struct dh_call *call, const struct dh_format *format,
                                   const struct dh_hit *hit)
{
    return dh_hit_metadata(hit, format->flags & DH_FORMAT_XML, &call->err);
}

/* Upstream answers with nothing where a text format needs a better record than this. */
static void reply_without(struct dh_call *call, const struct dh_format *format)
{
    if (format->flags & DH_FORMAT_JSON) {
        struct dh_str title = dh_arena_copy(call->arena, dh_str(call->err.text));
        dh_reply_error(call, 406, title.len ? title.ptr : "The record is not valid.");
    } else if (format->header) {
        dh_buf_text(call->out, format->header);
    }
}

void dh_reply_formatted(struct dh_call *call, const struct dh_choice *choice,
                        const struct dh_format_options *options, const struct dh_hit *hit)
{
    const struct dh_format *format = choice->format;
    struct json_object *tree = tree_of(call, format, hit);
    enum dh_status status =
        tree ? dh_format_write(format, tree, options, call->out, call->arena, &call->err)
             : call->err.code;
    json_object_put(tree);
    call->response->type = dh_content_type(call->api, format);
    if (status == DH_UNSUPPORTED)
        reply_without(call, format);
    else if (status)
        dh_reply_status(call, status);
}

void dh_reply_formatted_list(struct dh_call *call, const struct dh_choice *choice,
                             const struct dh_format_options *options, const struct dh_hit *hits,
                             size_t count)
{
    struct dh_format_list list;
    enum dh_status status = DH_OK;
    dh_format_list_open(&list, choice->format, options, call->out);
    for (size_t i = 0; !status && i < count; i++) {
        struct dh_arena_mark mark = dh_arena_mark(call->arena);
        struct json_object *tree = tree_of(call, choice->format, &hits[i]);
        status = tree ? dh_format_list_add(&list, tree, call->out, call->arena, &call->err)
                      : call->err.code;
        json_object_put(tree);
        dh_arena_rewind(call->arena, mark);
    }
    dh_format_list_close(&list, call->out);
    call->response->type = dh_content_type(call->api, choice->format);
    if (status)
        dh_reply_status(call, status);
}
