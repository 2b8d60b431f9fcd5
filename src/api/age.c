#include "api/age.h"

enum { REFRESH_MS = 1000, STALE_TIMES = 2 };

bool dh_scope_is_remote(const struct dh_scope *scope)
{
    return dh_str_starts_nocase(scope->url, DH_STR("http://")) ||
           dh_str_starts_nocase(scope->url, DH_STR("https://"));
}

int64_t dh_scopes_since(const struct dh_scope *scopes, size_t count)
{
    int64_t oldest = DH_TIME_NONE;
    for (size_t i = 0; i < count; i++) {
        int64_t since = scopes[i].since;
        if (since == DH_TIME_NONE || !dh_scope_is_remote(&scopes[i]))
            continue;
        if (oldest == DH_TIME_NONE || since < oldest)
            oldest = since;
    }
    return oldest;
}

const char *dh_scopes_word(const struct dh_scope *scopes, size_t count, int64_t now,
                           int64_t interval)
{
    int64_t most = interval ? STALE_TIMES * interval : DH_STALE_SECONDS;
    bool stale = false;
    for (size_t i = 0; i < count; i++) {
        if (!dh_scope_is_remote(&scopes[i]))
            continue;
        if (scopes[i].trouble.len)
            return "failing";
        stale =
            stale || scopes[i].since == DH_TIME_NONE || dh_age_seconds(scopes[i].since, now) > most;
    }
    return stale ? "stale" : "current";
}

int64_t dh_age_seconds(int64_t since, int64_t now)
{
    if (since == DH_TIME_NONE)
        return -1;
    return now > since ? (now - since) / 1000 : 0;
}

/* ---- of an open store ----------------------------------------------------------------------- */

void dh_age_init(struct dh_age *age)
{
    atomic_init(&age->since, DH_TIME_NONE);
    atomic_init(&age->again, 0);
    atomic_init(&age->sequence, 0);
}

static void read_since(struct dh_age *age, struct dh_reader *reader)
{
    struct dh_scope *scopes;
    struct dh_arena arena;
    size_t count;
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_store_scopes(reader, &scopes, &count, &arena, NULL) == DH_OK)
        atomic_store_explicit(&age->since, dh_scopes_since(scopes, count), memory_order_relaxed);
    dh_arena_release(&arena);
}

/*
 * Scopes are written without the sequence moving, hence the clock. One thread does it; what another
 * one stores at the same moment from an older view is put right a second later.
 */
void dh_age_refresh(struct dh_age *age, struct dh_reader *reader, uint64_t sequence, int64_t now)
{
    int_fast64_t again = atomic_load_explicit(&age->again, memory_order_relaxed);
    bool moved = atomic_load_explicit(&age->sequence, memory_order_relaxed) != sequence;
    bool back = again > now + REFRESH_MS; /* the clock was set back */
    if (!moved && now < again && !back)
        return;
    if (!atomic_compare_exchange_strong(&age->again, &again, now + REFRESH_MS))
        return;
    atomic_store_explicit(&age->sequence, sequence, memory_order_relaxed);
    read_since(age, reader);
}

int64_t dh_age_since(const struct dh_age *age)
{
    return atomic_load_explicit(&age->since, memory_order_relaxed);
}
