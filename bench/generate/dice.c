#include "dice.h"

#include <math.h>
#include <stdlib.h>

struct dice dice_of(uint64_t kind, uint64_t i)
{
    struct dice dice = {kind * 0xd1342543de82ef95u + i};
    dice.state = roll(&dice);
    return dice;
}

unsigned popular(struct dice *dice, unsigned n)
{
    double u = fraction(dice);
    return (unsigned)(u * u * n);
}

unsigned around(struct dice *dice, unsigned least, double mean, unsigned most)
{
    double extra = -log(1 - fraction(dice)) * (mean - least);
    return extra < most - least ? least + (unsigned)(extra + 0.5) : most;
}

const char *choose(struct dice *dice, const struct choice *table, size_t count)
{
    unsigned total = 0, at;
    for (size_t i = 0; i < count; i++)
        total += table[i].weight;
    at = below(dice, total);
    for (size_t i = 0; i < count; i++) {
        if (at < table[i].weight)
            return table[i].value;
        at -= table[i].weight;
    }
    return table[0].value;
}

/* One of `count` equal shares: itself up to the threshold, above it the other rank. */
struct zipf_slot {
    uint32_t threshold;
    uint32_t other;
};

/* Fills shares that are too small from those that are too large. */
static void level(struct zipf_slot *slots, double *shares, unsigned *stack, unsigned count)
{
    unsigned small = 0, large = count; /* two stacks that grow towards each other */
    for (unsigned k = 0; k < count; k++)
        stack[shares[k] < 1 ? small++ : --large] = k;
    while (small > 0 && large < count) {
        unsigned needy = stack[--small], rich = stack[large++];
        slots[needy] = (struct zipf_slot){(uint32_t)(shares[needy] * 4294967295.0), rich};
        shares[rich] -= 1 - shares[needy];
        stack[shares[rich] < 1 ? small++ : --large] = rich;
    }
    while (small > 0)
        slots[stack[--small]].threshold = UINT32_MAX;
    while (large < count)
        slots[stack[large++]].threshold = UINT32_MAX;
}

/* *total: the sum of the weights of the table's ranks. */
static bool table_init(struct zipf_table *table, double s, double shift, double *total)
{
    double *shares = malloc((table->count + (size_t)1) * sizeof(*shares));
    unsigned *stack = malloc((table->count + (size_t)1) * sizeof(*stack));
    table->slots = calloc(table->count + (size_t)1, sizeof(*table->slots));
    bool good = shares && stack && table->slots;
    *total = 0;
    for (unsigned k = 0; good && k < table->count; k++)
        *total += shares[k] = pow(table->first + k + 1 + shift, -s);
    for (unsigned k = 0; good && k < table->count; k++)
        shares[k] *= table->count / *total;
    if (good)
        level(table->slots, shares, stack, table->count);
    free(shares);
    free(stack);
    return good;
}

bool zipf_init(struct zipf *zipf, unsigned count, double s, double shift)
{
    enum { HEAD = 512 };
    double head, tail;
    zipf->head = (struct zipf_table){NULL, 0, count < HEAD ? count : HEAD};
    zipf->tail = (struct zipf_table){NULL, zipf->head.count, count - zipf->head.count};
    bool good = table_init(&zipf->head, s, shift, &head);
    good = table_init(&zipf->tail, s, shift, &tail) && good;
    zipf->head_share = tail > 0 ? (uint64_t)(head / (head + tail) * 0x1p64) : UINT64_MAX;
    return good;
}

void zipf_release(struct zipf *zipf)
{
    free(zipf->head.slots);
    free(zipf->tail.slots);
}

unsigned zipf_draw(const struct zipf *zipf, struct dice *dice)
{
    bool tail = zipf->tail.count > 0 && roll(dice) >= zipf->head_share;
    const struct zipf_table *table = tail ? &zipf->tail : &zipf->head;
    uint64_t bits = roll(dice);
    unsigned k = (unsigned)((bits >> 32) * table->count >> 32);
    return table->first + ((uint32_t)bits <= table->slots[k].threshold ? k : table->slots[k].other);
}
