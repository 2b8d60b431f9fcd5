#include "tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct tally *tally, enum tally_kind kind, uint64_t thing)
{
    uint64_t room = tally->room[kind] ? tally->room[kind] : 4096;
    while (room <= thing)
        room *= 2;
    struct tally_row *rows = realloc(tally->rows[kind], room * sizeof(*rows));
    if (!rows)
        return false;
    memset(rows + tally->room[kind], 0, (room - tally->room[kind]) * sizeof(*rows));
    tally->rows[kind] = rows;
    tally->room[kind] = (uint32_t)room;
    return true;
}

void tally_count(struct tally *tally, enum tally_kind kind, uint64_t thing, uint64_t record)
{
    if (!tally->on || thing >= UINT32_MAX / 2)
        return;
    if (thing >= tally->room[kind] && !make_room(tally, kind, thing)) {
        tally->failed = true;
        return;
    }
    struct tally_row *row = &tally->rows[kind][thing];
    row->records += row->last != (uint32_t)record + 1;
    row->last = (uint32_t)record + 1;
}

void tally_release(struct tally *tally)
{
    for (int kind = 0; kind < TALLY_KINDS; kind++)
        free(tally->rows[kind]);
}

struct ranked {
    uint32_t records;
    uint32_t thing;
};

static int by_records(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->records != y->records)
        return x->records < y->records ? 1 : -1;
    return (x->thing > y->thing) - (x->thing < y->thing);
}

/* All that was counted, the frequent first. */
static struct ranked *rank_all(const struct tally *tally, enum tally_kind kind, uint32_t *count)
{
    struct ranked *all = malloc((tally->room[kind] + (size_t)1) * sizeof(*all));
    *count = 0;
    for (uint32_t i = 0; all && i < tally->room[kind]; i++)
        if (tally->rows[kind][i].records > 0)
            all[(*count)++] = (struct ranked){tally->rows[kind][i].records, i};
    if (all)
        qsort(all, *count, sizeof(*all), by_records);
    return all;
}

unsigned tally_steps(const struct tally *tally, enum tally_kind kind, uint32_t out[TALLY_STEPS])
{
    uint32_t count, at = 0;
    unsigned steps = 0;
    struct ranked *all = rank_all(tally, kind, &count);
    for (; all && steps < TALLY_STEPS && at < count; steps++) {
        double aim = pow(all[0].records, 1 - (double)steps / (TALLY_STEPS - 1));
        while (at + 1 < count && all[at].records > aim * 1.0001)
            at++;
        out[steps] = all[at++].thing;
    }
    free(all);
    return steps;
}
