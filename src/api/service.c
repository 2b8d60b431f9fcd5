/* What is no resource: the index, heartbeat, metrics, and what needs a login. */
#include "api/call.h"

void dh_index(struct dh_call *call)
{
    call->own = true;
    call->response->type = dh_type_text;
    dh_buf_text(call->out, "DataCite REST API");
}

void dh_heartbeat(struct dh_call *call)
{
    uint64_t sequence;
    bool alive = dh_store_sequence(call->reader, &sequence, &call->err) == DH_OK;
    call->passing = call->own = true;
    call->response->type = dh_type_text;
    call->response->status = alive ? 200 : 500;
    dh_buf_text(call->out, alive ? "OK" : "failed");
}

void dh_login_needed(struct dh_call *call)
{
    dh_reply_error(call, 401, "Bad credentials.");
}

static void metric(struct dh_buf *out, const char *name, const char *type, const char *help,
                   uint64_t value)
{
    dh_buf_printf(out, "# HELP doihound_%s %s\n# TYPE doihound_%s %s\ndoihound_%s %llu\n", name,
                  help, name, type, name, (unsigned long long)value);
}

static void latency(struct dh_buf *out, const struct dh_http_metrics *metrics)
{
    enum { BOUNDS = sizeof(metrics->latency_buckets) / sizeof(metrics->latency_buckets[0]) };
    dh_buf_text(out, "# HELP doihound_request_seconds Time to answer a request.\n"
                     "# TYPE doihound_request_seconds histogram\n");
    for (size_t i = 0; i + 1 < BOUNDS; i++)
        dh_buf_printf(out, "doihound_request_seconds_bucket{le=\"%g\"} %llu\n",
                      dh_http_latency_bounds[i], (unsigned long long)metrics->latency_buckets[i]);
    dh_buf_printf(out,
                  "doihound_request_seconds_bucket{le=\"+Inf\"} %llu\n"
                  "doihound_request_seconds_sum %.6f\ndoihound_request_seconds_count %llu\n",
                  (unsigned long long)metrics->latency_buckets[BOUNDS - 1], metrics->latency_sum,
                  (unsigned long long)metrics->latency_buckets[BOUNDS - 1]);
}

static void server_metrics(struct dh_buf *out, const struct dh_http_metrics *metrics)
{
    dh_buf_text(out, "# HELP doihound_responses_total Responses by status class.\n"
                     "# TYPE doihound_responses_total counter\n");
    for (size_t i = 1; i < sizeof(metrics->by_class) / sizeof(metrics->by_class[0]); i++)
        dh_buf_printf(out, "doihound_responses_total{class=\"%zuxx\"} %llu\n", i,
                      (unsigned long long)metrics->by_class[i]);
    metric(out, "requests_total", "counter", "Requests answered.", metrics->requests);
    metric(out, "response_bytes_total", "counter", "Bytes of response bodies.", metrics->bytes);
    metric(out, "connections", "gauge", "Open connections.", metrics->connections_open);
    metric(out, "queue_length", "gauge", "Requests waiting for a worker.", metrics->queue_length);
    metric(out, "requests_set_aside", "gauge", "Requests waiting for a change.",
           metrics->set_aside);
    latency(out, metrics);
}

void dh_metrics(struct dh_call *call)
{
    struct dh_search all = {.sample_by = DH_COLUMN__N, .after_created = DH_TIME_NONE};
    struct dh_page page;
    uint64_t sequence = 0;
    enum dh_status status = dh_store_search(call->reader, &all, &page, call->arena, &call->err);
    if (!status)
        status = dh_store_sequence(call->reader, &sequence, &call->err);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    call->passing = call->own = true;
    call->response->type = "text/plain; version=0.0.4; charset=utf-8";
    dh_buf_printf(call->out,
                  "# HELP doihound_info The running program.\n# TYPE doihound_info gauge\n"
                  "doihound_info{version=\"%s\"} 1\n",
                  call->api->options.version);
    metric(call->out, "records", "gauge", "Records in the store, in every state.", page.total);
    metric(call->out, "store_sequence", "counter", "Grows with each committed change.", sequence);
    if (call->api->server) {
        struct dh_http_metrics metrics;
        dh_http_metrics(call->api->server, &metrics);
        server_metrics(call->out, &metrics);
    }
}
