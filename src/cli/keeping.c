#include "cli/keeping.h"

#include <sys/random.h>
#include <time.h>

#include "api/age.h"
#include "cli/copying.h"
#include "cli/syncing.h"

enum {
    MS = 1000,
    ATTEMPTS = 4,           /* of a request: the whole is tried again anyway */
    RETRY_MIN = 5,          /* seconds until the second try; doubles from then on */
    JITTER_PARTS = 20,      /* a twentieth of the interval, up or down */
    WHOLE_MS = 86400 * 1000 /* so often at least all ids are compared */
};

bool dh_keeping_read(const char *text, int64_t *seconds)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t digits = strspn(text, "0123456789");
    if (!digits || digits > 9 || !text[digits] || text[digits + 1])
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (units[i].letter == text[digits]) {
            *seconds = dh_str_integer((struct dh_str){text, digits}) * units[i].seconds;
            return *seconds >= DH_SYNC_INTERVAL_MIN && *seconds <= DH_SYNC_INTERVAL_MAX;
        }
    return false;
}

/* ---- when ----------------------------------------------------------------------------------- */

/* So that many servers that were started together do not ask together. */
static int64_t jittered(int64_t interval)
{
    uint32_t random = 0;
    int64_t part = interval / JITTER_PARTS;
    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random) || !part)
        return interval;
    return interval - part + (int64_t)(random % (uint64_t)(2 * part));
}

/* When the copy that was asked for longest ago is due; at once when one is not as it should be. */
static int64_t first_time(struct dh_keeping *keeping, struct dh_reader *reader, size_t *copies)
{
    struct dh_scope *scopes;
    struct dh_arena arena;
    size_t count = 0;
    int64_t interval = keeping->state.interval * MS, now = dh_time_now(), due = now + interval;
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_store_scopes(reader, &scopes, &count, &arena, NULL))
        count = 0;
    *copies = 0;
    for (size_t i = 0; i < count; i++) {
        if (!dh_scope_is_remote(&scopes[i]))
            continue;
        int64_t asked = scopes[i].checked > scopes[i].since ? scopes[i].checked : scopes[i].since;
        bool unfinished = scopes[i].since == DH_TIME_NONE || scopes[i].trouble.len;
        int64_t at = unfinished ? now : asked + interval;
        due = at < due ? at : due;
        ++*copies;
    }
    dh_arena_release(&arena);
    return due > now ? due : now;
}

/* After failures: soon at first, then less and less often, but never less than without. */
static int64_t next_time(const struct dh_keeping *keeping)
{
    int64_t interval = keeping->state.interval, pause = RETRY_MIN;
    for (unsigned i = 1; i < keeping->failures && pause < DH_SYNC_RETRY_MAX; i++)
        pause *= 2;
    pause = pause < DH_SYNC_RETRY_MAX ? pause : DH_SYNC_RETRY_MAX;
    pause = pause < interval ? pause : interval;
    return dh_time_now() + (keeping->failures ? pause * MS : jittered(interval * MS));
}

/* ---- one run -------------------------------------------------------------------------------- */

static void ended(void *context, const struct dh_synced *synced)
{
    struct dh_keeping *keeping = context;
    const struct dh_sync_result *result = synced->result;
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_str name = dh_copy_name(&arena, dh_str(synced->url), dh_str(synced->filter));
    if (synced->status && keeping->trouble[0])
        keeping->more_trouble++;
    else if (synced->status)
        snprintf(keeping->trouble, sizeof(keeping->trouble), "%.*s: %s", DH_STR_ARG(name),
                 synced->err->text);
    else if (!result->stopped && (result->missing || result->spared))
        dh_say("%.*s: %llu records were never given, %llu that are no longer shown were not "
               "hidden; see 'doihound sync'",
               DH_STR_ARG(name), (unsigned long long)result->missing,
               (unsigned long long)result->spared);
    dh_arena_release(&arena);
}

/* The line about a run that failed, or about the first that did not after some that did. */
static void tell(struct dh_keeping *keeping, int64_t pause)
{
    char more[64] = "";
    if (keeping->more_trouble)
        snprintf(more, sizeof(more), " (and %zu more)", keeping->more_trouble);
    if (keeping->trouble[0])
        dh_say("%s%s; trying again in %lld s", keeping->trouble, more, (long long)pause);
    else
        dh_say("the copies are up to date again");
}

static void keep(struct dh_keeping *keeping)
{
    struct dh_syncing_result result;
    struct dh_err err = {0};
    int64_t now = dh_time_now();
    bool quick = keeping->compared && now - keeping->compared < WHOLE_MS;
    const struct dh_syncing syncing = {
        .store = keeping->store,
        .search = keeping->search,
        .since = DH_TIME_NONE,
        .overlap = -1,
        .hidden_max = -1,
        .budget = -1,
        .quick = quick,
        .mailto = keeping->mailto,
        .user = keeping->user,
        .authorities = keeping->authorities,
        .attempts = ATTEMPTS,
        .stop = &keeping->stop,
        .context = keeping,
        .ended = ended,
    };
    keeping->trouble[0] = 0;
    keeping->more_trouble = 0;
    enum dh_status status = dh_syncing_run(&syncing, &result, &err);
    if (atomic_load(&keeping->stop))
        return;
    if (status)
        snprintf(keeping->trouble, sizeof(keeping->trouble), "%s", err.text);
    unsigned before = keeping->failures;
    keeping->failures = keeping->trouble[0] ? before + 1 : 0;
    if (!keeping->failures && !quick)
        keeping->compared = now;
    int64_t next = next_time(keeping);
    atomic_store(&keeping->state.next, next);
    if (before || keeping->failures)
        tell(keeping, (next - dh_time_now() + MS - 1) / MS);
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* False when it is to end. The clock on the wall counts: a machine that slept is late. */
static bool wait_until(struct dh_keeping *keeping, int64_t time)
{
    const struct timespec at = {.tv_sec = time / MS, .tv_nsec = time % MS * 1000000};
    pthread_mutex_lock(&keeping->lock);
    while (!atomic_load(&keeping->stop) && dh_time_now() < time)
        pthread_cond_timedwait(&keeping->wake, &keeping->lock, &at);
    pthread_mutex_unlock(&keeping->lock);
    return !atomic_load(&keeping->stop);
}

static void *run(void *argument)
{
    struct dh_keeping *keeping = argument;
    while (wait_until(keeping, atomic_load(&keeping->state.next))) {
        atomic_store(&keeping->state.running, true);
        keep(keeping);
        atomic_store(&keeping->state.running, false);
    }
    return NULL;
}

int dh_keeping_start(struct dh_keeping *keeping, struct dh_cli *cli)
{
    size_t copies;
    pthread_mutex_init(&keeping->lock, NULL);
    pthread_cond_init(&keeping->wake, NULL);
    keeping->search = cli->store;
    enum dh_status status =
        dh_store_open(cli->store_path, DH_STORE_WRITE, &keeping->store, &cli->err);
    if (status)
        return dh_cli_no_store(cli, status);
    atomic_store(&keeping->state.next, first_time(keeping, cli->reader, &copies));
    if (!copies)
        dh_say("%s holds no copy of a server yet that could be kept up to date; 'doihound pull' "
               "makes one",
               cli->store_path);
    if (pthread_create(&keeping->id, NULL, run, keeping)) {
        dh_say("cannot start a thread");
        return DH_EXIT_FAILED;
    }
    keeping->started = true;
    return DH_EXIT_OK;
}

void dh_keeping_stop(struct dh_keeping *keeping)
{
    pthread_mutex_lock(&keeping->lock);
    atomic_store(&keeping->stop, true);
    pthread_cond_signal(&keeping->wake);
    pthread_mutex_unlock(&keeping->lock);
}

void dh_keeping_end(struct dh_keeping *keeping)
{
    if (keeping->started)
        pthread_join(keeping->id, NULL);
    if (keeping->store)
        dh_store_close(keeping->store);
    pthread_mutex_destroy(&keeping->lock);
    pthread_cond_destroy(&keeping->wake);
}
