#include "api/explain.h"

void dh_put_warnings(struct dh_call *call, const struct dh_query *query)
{
    struct dh_buf *out = call->out;
    dh_key(out, "warnings");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < query->warning_count; i++) {
        dh_buf_text(out, i ? ",{" : "{");
        dh_put_int(out, "at", (int64_t)query->warnings[i].at);
        dh_put_str(out, "text", query->warnings[i].text);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

static void put_node(struct dh_call *call, const char *name, const struct dh_node *node)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_node_print(node, &text);
    dh_put_str(call->out, name, text.ptr ? dh_buf_view(&text) : DH_STR(""));
    dh_buf_release(&text);
}

static void put_milliseconds(struct dh_buf *out, const char *name, int64_t nanoseconds)
{
    dh_key(out, name);
    dh_buf_printf(out, "%.3f", (double)nanoseconds / 1e6);
}

static void put_step(struct dh_call *call, const struct dh_explain_step *step)
{
    struct dh_buf *out = call->out;
    dh_buf_char(out, '{');
    dh_put_int(out, "depth", step->depth);
    put_node(call, "part", step->node);
    if (step->skipped) {
        dh_put_bool(out, "skipped", true);
    } else {
        dh_put_int(out, "hits", (int64_t)step->hits);
        put_milliseconds(out, "milliseconds", step->nanoseconds);
    }
    dh_buf_char(out, '}');
}

void dh_put_explain(struct dh_call *call, const struct dh_query *query,
                    const struct dh_explain *explain)
{
    struct dh_buf *out = call->out;
    dh_key(out, "explain");
    dh_buf_char(out, '{');
    put_node(call, "query", query->root);
    dh_key(out, "steps");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < explain->step_count; i++) {
        if (i)
            dh_buf_char(out, ',');
        put_step(call, &explain->steps[i]);
    }
    dh_buf_text(out, "],\"milliseconds\":{");
    put_milliseconds(out, "query", explain->query_ns);
    put_milliseconds(out, "filters", explain->filters_ns);
    put_milliseconds(out, "facets", explain->facets_ns);
    put_milliseconds(out, "order", explain->order_ns);
    put_milliseconds(out, "read", explain->read_ns);
    dh_buf_text(out, "}}");
}
