#include "http/client.h"

#include <curl/curl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#include "http/bucket.h"

/* A request with all that belongs to it, in one of the lists of the client. */
struct flight {
    struct dh_fetch fetch; /* first: a dh_fetch of ours is a flight */
    struct flight *next;
    CURL *easy; /* while it is under way */
    struct curl_slist *headers;
    double due; /* not before */
    bool final; /* another attempt would end the same way */
    char type[128];
    char header[128];
    char error[CURL_ERROR_SIZE];
};

struct list {
    struct flight *first, *last;
};

struct dh_http_client {
    CURLM *multi;
    struct dh_client_options options;
    char *user_agent, *user, *authorities;
    struct dh_bucket_of_tokens bucket;
    struct list waiting; /* in the order of asking; those tried again come first when due */
    struct list done;
    size_t flying;
    struct flight **under_way; /* `flying` of them, room for options.parallel */
    struct dh_client_counts counts;
    uint64_t random;
};

/* ---- lists ---------------------------------------------------------------------------------- */

static void append(struct list *list, struct flight *flight)
{
    flight->next = NULL;
    if (list->last)
        list->last->next = flight;
    else
        list->first = flight;
    list->last = flight;
}

/* Takes the first that is due, or NULL. */
static struct flight *take_due(struct list *list, double now)
{
    struct flight *before = NULL;
    for (struct flight *flight = list->first; flight; before = flight, flight = flight->next) {
        if (flight->due > now)
            continue;
        if (before)
            before->next = flight->next;
        else
            list->first = flight->next;
        if (list->last == flight)
            list->last = before;
        return flight;
    }
    return NULL;
}

static void free_all(struct list *list)
{
    while (list->first) {
        struct flight *flight = list->first;
        list->first = flight->next;
        dh_fetch_free(&flight->fetch);
    }
}

/* ---- one request ---------------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct flight *flight = context;
    dh_buf_add(&flight->fetch.body, bytes, size * count);
    return flight->fetch.body.status ? 0 : size * count;
}

static void set_up(struct dh_http_client *client, struct flight *flight)
{
    CURL *easy = flight->easy;
    const struct dh_client_options *options = &client->options;
    curl_easy_setopt(easy, CURLOPT_URL, flight->fetch.url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* DOIs may hold /../ */
    curl_easy_setopt(easy, CURLOPT_PRIVATE, flight);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(
        easy, CURLOPT_REDIR_PROTOCOLS_STR,
        dh_str_starts_nocase(dh_str(flight->fetch.url), DH_STR("https:")) ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)DH_REDIRECTS_MAX);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)DH_FETCH_SLOW);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)options->answer_seconds);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, client->user_agent);
    if (client->authorities)
        curl_easy_setopt(easy, CURLOPT_CAINFO, client->authorities);
    if (client->user) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERPWD, client->user);
    }
}

static bool set_accept(struct flight *flight)
{
    char line[256];
    const char *accept = flight->fetch.accept;
    if (!accept)
        return true;
    snprintf(line, sizeof(line), "Accept: %s", accept);
    flight->headers = curl_slist_append(NULL, line);
    curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, flight->headers);
    return flight->headers != NULL;
}

static void drop_easy(struct flight *flight)
{
    if (flight->easy)
        curl_easy_cleanup(flight->easy);
    curl_slist_free_all(flight->headers);
    flight->easy = NULL;
    flight->headers = NULL;
}

static enum dh_status send_off(struct dh_http_client *client, struct flight *flight)
{
    dh_buf_clear(&flight->fetch.body);
    flight->error[0] = '\0';
    flight->final = false;
    flight->easy = curl_easy_init();
    if (!flight->easy || !set_accept(flight))
        return DH_MEMORY;
    set_up(client, flight);
    if (curl_multi_add_handle(client->multi, flight->easy))
        return DH_MEMORY;
    flight->fetch.attempts++;
    client->counts.requests++;
    client->counts.again += flight->fetch.attempts > 1;
    client->under_way[client->flying++] = flight;
    return DH_OK;
}

/* ---- what became of it ---------------------------------------------------------------------- */

static bool worth_again(int status)
{
    static const int statuses[] = {408, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (statuses[i] == status)
            return true;
    return status == 0;
}

static double random_unit(struct dh_http_client *client)
{
    client->random ^= client->random << 13;
    client->random ^= client->random >> 7;
    client->random ^= client->random << 17;
    return (double)(client->random >> 11) / 9007199254740992.0;
}

/* Doubles with each attempt; somewhere between half of it and all, so that clients that failed
 * together do not come back together. */
static double pause_after(struct dh_http_client *client, unsigned attempts)
{
    double pause = client->options.pause_ms / 1000.0;
    for (unsigned i = 1; i < attempts && pause < DH_FETCH_PAUSE_MAX; i++)
        pause *= 2;
    if (pause > DH_FETCH_PAUSE_MAX)
        pause = DH_FETCH_PAUSE_MAX;
    return pause * (0.5 + 0.5 * random_unit(client));
}

/* Failures that time does not mend, in words of ours. */
static const struct {
    CURLcode code;
    const char *words; /* before curl's */
} finals[] = {
    {CURLE_PEER_FAILED_VERIFICATION, "the server's certificate is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, "the certificates to trust cannot be read"},
    {CURLE_SSL_CERTPROBLEM, "the certificate of this side is refused"},
    {CURLE_TOO_MANY_REDIRECTS, "the server redirects without end"},
    {CURLE_UNSUPPORTED_PROTOCOL, "the server redirects to where nobody should follow"},
    {CURLE_URL_MALFORMAT, "the server redirects to what is no URL"},
    {CURLE_COULDNT_RESOLVE_PROXY, "the proxy is not known"},
};

static void note_failure(struct flight *flight, CURLcode code)
{
    struct dh_fetch *fetch = &flight->fetch;
    const char *text = flight->error[0] ? flight->error : curl_easy_strerror(code);
    fetch->status = 0;
    fetch->large = fetch->body.status == DH_LIMIT;
    flight->final = fetch->large;
    if (fetch->large)
        text = "the answer is too large";
    snprintf(fetch->failure, sizeof(fetch->failure), "%s", text);
    for (size_t i = 0; i < sizeof(finals) / sizeof(finals[0]); i++)
        if (finals[i].code == code) {
            snprintf(fetch->failure, sizeof(fetch->failure), "%s: %.150s", finals[i].words, text);
            flight->final = true;
        }
}

static void note_answer(const struct dh_http_client *client, struct flight *flight, CURLcode code)
{
    struct dh_fetch *fetch = &flight->fetch;
    struct curl_header *age = NULL, *wanted = NULL;
    const char *name = client->options.header;
    const char *type = NULL;
    long status = 0;
    fetch->large = false;
    if (code) {
        note_failure(flight, code);
        return;
    }
    curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(flight->easy, CURLINFO_CONTENT_TYPE, &type);
    snprintf(flight->type, sizeof(flight->type), "%s", type ? type : "");
    fetch->status = (int)status;
    fetch->type = dh_str(flight->type);
    fetch->failure[0] = '\0';
    if (!curl_easy_header(flight->easy, "Age", 0, CURLH_HEADER, -1, &age))
        fetch->age = dh_str_integer(dh_str(age->value));
    bool has = name && !curl_easy_header(flight->easy, name, 0, CURLH_HEADER, -1, &wanted);
    snprintf(flight->header, sizeof(flight->header), "%s", has ? wanted->value : "");
    fetch->header = dh_str(flight->header);
}

/* A server that names a time means all that comes from here, not this request alone. */
static void obey(struct dh_http_client *client, struct flight *flight, double now)
{
    curl_off_t seconds = 0;
    int status = flight->fetch.status;
    if (status != 429 && status != 503)
        return;
    curl_easy_getinfo(flight->easy, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > DH_RETRY_AFTER_MAX) {
        flight->final = true;
        snprintf(flight->fetch.failure, sizeof(flight->fetch.failure),
                 "it wants to be left alone for %" CURL_FORMAT_CURL_OFF_T " minutes", seconds / 60);
    } else if (seconds > 0) {
        dh_bucket_close(&client->bucket, (double)seconds, now);
    }
}

static void settle(struct dh_http_client *client, struct flight *flight, CURLcode code, double now)
{
    curl_off_t bytes = 0;
    curl_easy_getinfo(flight->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    client->counts.bytes += (uint64_t)bytes;
    note_answer(client, flight, code);
    obey(client, flight, now);
    drop_easy(flight);
    if (!worth_again(flight->fetch.status) || flight->final ||
        flight->fetch.attempts >= client->options.attempts) {
        append(&client->done, flight);
        return;
    }
    flight->due = now + pause_after(client, flight->fetch.attempts);
    append(&client->waiting, flight);
}

static void land(struct dh_http_client *client, CURL *easy, CURLcode code)
{
    double now = dh_bucket_clock();
    for (size_t i = 0; i < client->flying; i++) {
        struct flight *flight = client->under_way[i];
        if (flight->easy != easy)
            continue;
        client->under_way[i] = client->under_way[--client->flying];
        curl_multi_remove_handle(client->multi, easy);
        settle(client, flight, code, now);
        return;
    }
}

/* ---- the client ----------------------------------------------------------------------------- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static unsigned or_default(unsigned value, unsigned otherwise)
{
    return value ? value : otherwise;
}

static bool prepare(struct dh_http_client *client, const struct dh_client_options *options)
{
    client->options = *options;
    client->options.parallel = or_default(options->parallel, DH_FETCH_PARALLEL);
    client->options.budget_seconds = or_default(options->budget_seconds, 300);
    client->options.attempts = or_default(options->attempts, DH_FETCH_ATTEMPTS);
    client->options.pause_ms = or_default(options->pause_ms, 1000);
    client->options.answer_seconds = or_default(options->answer_seconds, 120);
    dh_bucket_init(&client->bucket, options->budget, client->options.budget_seconds,
                   dh_bucket_clock());
    if (getrandom(&client->random, sizeof(client->random), GRND_NONBLOCK) < 0)
        client->random = (uint64_t)dh_time_now();
    client->random |= 1; /* the generator must not begin with 0 */
    client->user_agent = strdup(options->user_agent ? options->user_agent : "doihound");
    client->user = options->user ? strdup(options->user) : NULL;
    client->authorities = options->authorities ? strdup(options->authorities) : NULL;
    client->under_way = calloc(client->options.parallel, sizeof(struct flight *));
    client->multi = curl_multi_init();
    if (client->multi)
        curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    return client->multi && client->under_way && client->user_agent &&
           (client->user || !options->user) && (client->authorities || !options->authorities);
}

enum dh_status dh_client_open(const struct dh_client_options *options, struct dh_http_client **out,
                              struct dh_err *err)
{
    pthread_once(&curl_once, start_curl);
    *out = calloc(1, sizeof(**out));
    if (*out && prepare(*out, options))
        return DH_OK;
    dh_client_close(*out);
    *out = NULL;
    return dh_fail(err, DH_MEMORY, "out of memory");
}

void dh_client_close(struct dh_http_client *client)
{
    if (!client)
        return;
    for (size_t i = 0; i < client->flying; i++) {
        curl_multi_remove_handle(client->multi, client->under_way[i]->easy);
        dh_fetch_free(&client->under_way[i]->fetch);
    }
    free_all(&client->waiting);
    free_all(&client->done);
    if (client->multi)
        curl_multi_cleanup(client->multi);
    free(client->under_way);
    free(client->user_agent);
    free(client->user);
    free(client->authorities);
    free(client);
}

void dh_fetch_free(struct dh_fetch *fetch)
{
    struct flight *flight = (struct flight *)fetch;
    if (!flight)
        return;
    drop_easy(flight);
    dh_buf_release(&fetch->body);
    free(fetch->url);
    free(flight);
}

enum dh_status dh_client_get(struct dh_http_client *client, struct dh_str url, const char *accept,
                             void *context, struct dh_err *err)
{
    if (!dh_str_starts_nocase(url, DH_STR("http://")) &&
        !dh_str_starts_nocase(url, DH_STR("https://")))
        return dh_fail(err, DH_INVALID, "'%.*s' is no http or https URL",
                       url.len > 200 ? 200 : (int)url.len, url.ptr ? url.ptr : "");
    struct flight *flight = calloc(1, sizeof(*flight));
    char *copy = dh_str_dup(url);
    if (!flight || !copy) {
        free(flight);
        free(copy);
        return dh_fail(err, DH_MEMORY, "out of memory");
    }
    flight->fetch = (struct dh_fetch){
        .context = context, .url = copy, .accept = accept, .header = DH_STR(""), .age = -1};
    dh_buf_init(&flight->fetch.body, DH_FETCH_MAX);
    append(&client->waiting, flight);
    return DH_OK;
}

enum dh_status dh_client_again(struct dh_http_client *client, struct dh_fetch *fetch,
                               const char *why, struct dh_err *err)
{
    struct flight *flight = (struct flight *)fetch;
    snprintf(fetch->failure, sizeof(fetch->failure), "%s", why);
    if (fetch->attempts >= client->options.attempts)
        return dh_fail(err, DH_IO, "%s: %s", fetch->url, why);
    flight->due = dh_bucket_clock() + pause_after(client, fetch->attempts);
    append(&client->waiting, flight);
    return DH_OK;
}

static enum dh_status start_due(struct dh_http_client *client, struct dh_err *err)
{
    double now = dh_bucket_clock();
    while (client->flying < client->options.parallel && dh_bucket_wait(&client->bucket, now) == 0) {
        struct flight *flight = take_due(&client->waiting, now);
        if (!flight)
            break;
        dh_bucket_take(&client->bucket, now);
        if (send_off(client, flight)) {
            dh_fetch_free(&flight->fetch);
            return dh_fail(err, DH_MEMORY, "out of memory");
        }
    }
    return DH_OK;
}

/* Until the next request may start, at most `most` seconds. */
static double until_start(const struct dh_http_client *client, double most)
{
    double now = dh_bucket_clock(), first = most;
    if (!client->waiting.first || client->flying >= client->options.parallel)
        return most;
    for (const struct flight *flight = client->waiting.first; flight; flight = flight->next) {
        double wait = flight->due > now ? flight->due - now : 0;
        first = wait < first ? wait : first;
    }
    double wait = dh_bucket_wait(&client->bucket, now);
    wait = wait > first ? wait : first;
    return wait < most ? wait : most;
}

static void gather(struct dh_http_client *client)
{
    int running, left;
    CURLMsg *message;
    curl_multi_perform(client->multi, &running);
    while ((message = curl_multi_info_read(client->multi, &left)))
        if (message->msg == CURLMSG_DONE)
            land(client, message->easy_handle, message->data.result);
}

/* Waits for bytes or for the next start; what the budget alone holds up is counted. */
static void rest(struct dh_http_client *client, double seconds)
{
    double start = dh_bucket_clock();
    double wait = until_start(client, seconds);
    bool held = client->waiting.first && client->flying < client->options.parallel &&
                dh_bucket_wait(&client->bucket, start) > 0;
    curl_multi_poll(client->multi, NULL, 0, (int)(wait * 1000) + 1, NULL);
    if (held)
        client->counts.waited += dh_bucket_clock() - start;
}

enum dh_status dh_client_next(struct dh_http_client *client, unsigned milliseconds,
                              struct dh_fetch **out, struct dh_err *err)
{
    double end = dh_bucket_clock() + milliseconds / 1000.0;
    *out = NULL;
    for (;;) {
        enum dh_status status = start_due(client, err);
        if (status)
            return status;
        gather(client);
        struct flight *flight = take_due(&client->done, INFINITY);
        if (flight) {
            *out = &flight->fetch;
            return DH_OK;
        }
        if (!client->flying && !client->waiting.first)
            return DH_DONE;
        double left = end - dh_bucket_clock();
        if (left <= 0)
            return DH_OK;
        rest(client, left);
    }
}

/* What became of the last attempt of a request that waits for another. */
static void tell_trouble(const struct dh_http_client *client, char *out, size_t size)
{
    const struct flight *flight = client->waiting.first;
    while (flight && !flight->fetch.attempts)
        flight = flight->next;
    if (flight && flight->fetch.failure[0])
        snprintf(out, size, "%.90s", flight->fetch.failure);
    else if (flight)
        snprintf(out, size, "answered %d", flight->fetch.status);
}

void dh_client_count(const struct dh_http_client *client, struct dh_client_counts *out)
{
    struct dh_bucket_of_tokens bucket = client->bucket;
    double now = dh_bucket_clock();
    *out = client->counts;
    out->closed = bucket.closed_until > now ? bucket.closed_until - now : 0;
    tell_trouble(client, out->trouble, sizeof(out->trouble));
    out->left = UINT_MAX;
    if (bucket.rate > 0)
        for (out->left = 0; dh_bucket_take(&bucket, now);)
            out->left++;
}
