/* The feed of a running doihound (/_doihound/changes) as `changes URL` prints it. */
#include "api/changes.h"
#include "cli/changes.h"
#include "cli/copying.h"
#include "cli/stopping.h"
#include "cli/text.h"
#include "http/bucket.h"
#include "http/client.h"

enum {
    LOOK_MS = 200,
    ATTEMPTS = 3,       /* of a question, unless it is asked again and again anyway */
    WAIT_SECONDS = 50,  /* of a long poll: less than what proxies grant an answer */
    GRACE_SECONDS = 30, /* for the answer to one */
    IDLE_MS = 1000,     /* after an empty answer of a server that cannot hold any more of them */
    PAUSE_MIN_MS = 500, /* before a server is asked again that did not answer; doubles */
    PAUSE_MAX_MS = 30000
};

/* How a question ended. */
enum end { ANSWERED, FAILED, LATER, STOPPED };

struct remote {
    struct dh_cli *cli;
    const struct dh_changes_asking *asking;
    struct dh_http_client *client;
    struct dh_arena arena; /* of one answer */
    struct dh_str url;
    uint64_t since, left;
    int pause_ms; /* before the next attempt; 0: the last one was good */
    bool now;     /* the sequence to begin with is still to be asked for */
    bool unread;  /* nobody reads what is printed */
    int result;   /* of FAILED */
};

static bool stopped(struct remote *remote)
{
    return dh_stopping() || remote->unread;
}

static enum end fail(struct remote *remote, int result)
{
    remote->result = result;
    return FAILED;
}

/* ---- one change ----------------------------------------------------------------------------- */

static bool read_what(struct dh_str word, enum dh_change_what *out)
{
    for (enum dh_change_what what = 0; what < DH_WAS__N; what++)
        if (dh_str_equal(word, dh_str(dh_change_word(what)))) {
            *out = what;
            return true;
        }
    return false;
}

static bool read_item(struct json_object *tree, struct dh_change_item *item, struct dh_arena *arena)
{
    struct json_object *keys = dh_json_get(tree, "attributes");
    size_t count = json_object_is_type(keys, json_type_array) ? json_object_array_length(keys) : 0;
    int64_t sequence = json_object_get_int64(dh_json_get(tree, "sequence"));
    *item = (struct dh_change_item){.sequence = (uint64_t)sequence,
                                    .doi = dh_json_member(tree, "doi"),
                                    .time = DH_TIME_NONE,
                                    .keys = dh_arena_array(arena, count + 1, sizeof(*item->keys))};
    dh_time_parse(dh_json_member(tree, "time"), &item->time);
    for (size_t i = 0; item->keys && i < count; i++) {
        struct json_object *key = json_object_array_get_idx(keys, i);
        if (json_object_is_type(key, json_type_string))
            item->keys[item->key_count++] = (struct dh_str){
                json_object_get_string(key), (size_t)json_object_get_string_len(key)};
    }
    return item->keys && item->doi.ptr && sequence > 0 &&
           read_what(dh_json_member(tree, "change"), &item->what);
}

static bool print(struct remote *remote, struct dh_str line)
{
    struct dh_change_item item;
    struct json_object *tree = NULL;
    bool good = !dh_json_parse(line, &tree, NULL) && read_item(tree, &item, &remote->arena);
    if (good && remote->asking->json) {
        dh_text_write(stdout, line);
        putchar('\n');
    } else if (good) {
        dh_change_print(&item, &remote->arena);
    }
    json_object_put(tree);
    return good;
}

/* ---- one answer ----------------------------------------------------------------------------- */

static bool read_sequence(struct dh_str text, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';
        if (digit > 9 || value > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return text.len > 0;
}

static enum end take(struct remote *remote, const struct dh_fetch *fetch)
{
    struct dh_str rest = dh_buf_view(&fetch->body), line;
    uint64_t next;
    if (!read_sequence(fetch->header, &next) || (!remote->now && next < remote->since)) {
        dh_say("what answers there is no doihound: it does not tell a sequence to go on with");
        return fail(remote, DH_EXIT_FAILED);
    }
    while (remote->left && dh_str_split(&rest, '\n', &line)) {
        if (!line.len)
            continue;
        if (!print(remote, line)) {
            dh_say("the server told something that is no change");
            return fail(remote, DH_EXIT_FAILED);
        }
        remote->left--;
    }
    remote->since = next;
    remote->now = false;
    return fflush(stdout) || ferror(stdout) ? fail(remote, DH_EXIT_FAILED) : ANSWERED;
}

static struct dh_str reason(struct remote *remote, const struct dh_fetch *fetch)
{
    struct json_object *tree = NULL;
    struct dh_str title = DH_STR("");
    if (!dh_json_parse(dh_buf_view(&fetch->body), &tree, NULL)) {
        struct json_object *errors = dh_json_get(tree, "errors");
        if (json_object_is_type(errors, json_type_array))
            errors = json_object_array_get_idx(errors, 0);
        title = dh_text_clean(&remote->arena, dh_json_member(errors, "title"));
    }
    json_object_put(tree);
    return title;
}

static bool passes(int status)
{
    return !status || status == 408 || status == 429 || status >= 500;
}

/* What is no answer: told once, until there is one again. */
static enum end refuse(struct remote *remote, const struct dh_fetch *fetch)
{
    bool again = remote->asking->follow && passes(fetch->status);
    const char *more = again ? "; trying again until there is one" : "";
    if (again && remote->pause_ms)
        return LATER;
    if (!fetch->status)
        dh_say("no answer: %s%s", fetch->failure, more);
    else
        dh_say("answered %d: %.*s%s", fetch->status, DH_STR_ARG(reason(remote, fetch)), more);
    if (again)
        return LATER;
    return fail(remote, fetch->status == 400 ? DH_EXIT_MISS : DH_EXIT_FAILED);
}

static enum end ask(struct remote *remote, unsigned wait)
{
    uint64_t most = remote->left < DH_CHANGES_DEFAULT ? remote->left : DH_CHANGES_DEFAULT;
    struct dh_fetch *fetch = NULL;
    struct dh_buf url;
    dh_arena_clear(&remote->arena);
    dh_buf_init(&url, DH_URL_MAX);
    dh_buf_printf(&url, "%.*s/_doihound/changes?limit=%llu&wait=%u&since=", DH_STR_ARG(remote->url),
                  (unsigned long long)most, wait);
    if (remote->now)
        dh_buf_text(&url, "now");
    else
        dh_buf_printf(&url, "%llu", (unsigned long long)remote->since);
    enum dh_status status = url.status ? dh_fail(&remote->cli->err, url.status, "out of memory")
                                       : dh_client_get(remote->client, dh_buf_view(&url), NULL,
                                                       NULL, &remote->cli->err);
    dh_buf_release(&url);
    while (!status && !fetch && !stopped(remote)) {
        status = dh_client_next(remote->client, LOOK_MS, &fetch, &remote->cli->err);
        remote->unread = dh_changes_pause(0);
    }
    if (status)
        return fail(remote, dh_cli_failed(remote->cli, status));
    if (!fetch)
        return STOPPED;
    enum end end = fetch->status == 200 ? take(remote, fetch) : refuse(remote, fetch);
    dh_fetch_free(fetch);
    return end;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void rest(struct remote *remote, int milliseconds)
{
    for (; milliseconds > 0 && !stopped(remote); milliseconds -= LOOK_MS)
        remote->unread = dh_changes_pause(milliseconds < LOOK_MS ? milliseconds : LOOK_MS);
}

static void back_off(struct remote *remote)
{
    int next = remote->pause_ms ? 2 * remote->pause_ms : PAUSE_MIN_MS;
    remote->pause_ms = next < PAUSE_MAX_MS ? next : PAUSE_MAX_MS;
    rest(remote, remote->pause_ms);
}

static enum end show(struct remote *remote)
{
    enum end end;
    uint64_t before;
    do {
        before = remote->since;
        end = ask(remote, 0);
    } while (end == ANSWERED && remote->left && remote->since != before);
    return end;
}

static enum end follow(struct remote *remote)
{
    enum end end = ANSWERED;
    while ((end == ANSWERED || end == LATER) && remote->left && !stopped(remote)) {
        uint64_t before = remote->since;
        bool waits = !remote->now && !remote->pause_ms;
        double begun = dh_bucket_clock();
        end = ask(remote, waits ? WAIT_SECONDS : 0);
        if (end == LATER) {
            back_off(remote);
        } else if (end == ANSWERED) {
            if (remote->pause_ms)
                dh_say("the server answers again");
            remote->pause_ms = 0;
            if (waits && remote->since == before && dh_bucket_clock() - begun < 1)
                rest(remote, IDLE_MS);
        }
    }
    return end;
}

static struct dh_str trimmed(const char *url)
{
    struct dh_str text = dh_str(url);
    while (dh_str_ends(text, DH_STR("/")))
        text.len--;
    return text;
}

int dh_changes_of_server(struct dh_cli *cli, const struct dh_changes_asking *asking)
{
    struct remote remote = {
        .cli = cli, .asking = asking, .url = trimmed(asking->url), .left = asking->left};
    const struct dh_client_options options = {.user_agent = dh_copy_agent(&cli->arena, NULL),
                                              .user = asking->user,
                                              .authorities = asking->authorities,
                                              .attempts = asking->follow ? 1 : ATTEMPTS,
                                              .header = "X-Doihound-Sequence",
                                              .answer_seconds = WAIT_SECONDS + GRACE_SECONDS};
    remote.now = !read_sequence(dh_str(asking->since), &remote.since);
    enum dh_status status = dh_client_open(&options, &remote.client, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    dh_arena_init(&remote.arena, DH_ARENA_MAX);
    enum end end = asking->follow ? follow(&remote) : show(&remote);
    dh_client_close(remote.client);
    dh_arena_release(&remote.arena);
    if (end == FAILED)
        return remote.result;
    return remote.unread ? DH_EXIT_FAILED : DH_EXIT_OK;
}
