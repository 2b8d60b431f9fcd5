/*
 * bench-generate: realistic DataCite records as JSON Lines of API resources, for every bench.
 *
 *   bench-generate [--records N] [--seed S] [--start K] [--accounts] [--values FILE] >
 * records.jsonl
 *
 * The same seed gives the same bytes, and record i is the same whatever N and K are: each draws
 * from a sequence of its own. Words, people, organisations, subjects, funders, clients and
 * providers follow Zipf's law; a record may be related to any earlier one. --accounts puts
 * providers and clients first. --values writes values to ask for (values.h); FILE alone is wanted
 * when standard output is thrown away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "people.h"
#include "record.h"
#include "text.h"
#include "values.h"

struct options {
    uint64_t records, seed, start;
    bool accounts;
    const char *values;
};

bool maker_init(struct maker *m, uint64_t seed)
{
    m->seed = seed;
    m->line.bytes = malloc(LINE_MAX_BYTES);
    return m->line.bytes && words_init(&m->words) && zipf_init(&m->subjects, SUBJECTS, 0.9, 5) &&
           zipf_init(&m->funders, FUNDERS, 1, 1) && zipf_init(&m->clients, CLIENTS, 1, 1) &&
           zipf_init(&m->providers, PROVIDERS, 0.9, 2);
}

void maker_release(struct maker *m)
{
    words_release(&m->words);
    zipf_release(&m->subjects);
    zipf_release(&m->funders);
    zipf_release(&m->clients);
    zipf_release(&m->providers);
    tally_release(&m->tally);
    free(m->line.bytes);
}

static bool number_of(const char *text, uint64_t *out)
{
    char *end;
    *out = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end)
        return true;
    fprintf(stderr, "bench-generate: '%s' is no number\n", text);
    return false;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        uint64_t *number = strcmp(argv[i], "--records") == 0 ? &o->records
                           : strcmp(argv[i], "--seed") == 0  ? &o->seed
                           : strcmp(argv[i], "--start") == 0 ? &o->start
                                                             : NULL;
        if (strcmp(argv[i], "--accounts") == 0) {
            o->accounts = true;
        } else if (strcmp(argv[i], "--values") == 0 && i + 1 < argc) {
            o->values = argv[++i];
        } else if (number && i + 1 < argc) {
            if (!number_of(argv[++i], number))
                return false;
        } else {
            fprintf(stderr, "usage: bench-generate [--records N] [--seed S] [--start K] "
                            "[--accounts] [--values FILE]\n");
            return false;
        }
    }
    return true;
}

static bool flush(const struct line *line)
{
    return fwrite(line->bytes, 1, line->len, stdout) == line->len;
}

static bool write_all(struct maker *m, const struct options *o)
{
    bool good = true;
    for (unsigned i = 0; o->accounts && good && i < PROVIDERS + CLIENTS; i++) {
        if (i < PROVIDERS)
            put_provider_account(m, i);
        else
            put_client_account(m, i - PROVIDERS);
        good = flush(&m->line);
    }
    for (uint64_t i = o->start; good && i < o->start + o->records; i++) {
        put_record(m, i);
        good = flush(&m->line);
    }
    return good && fflush(stdout) == 0;
}

static bool write_values(struct maker *m, const char *path)
{
    FILE *file = fopen(path, "w");
    bool good = file && values_write(m, file);
    return (!file || fclose(file) == 0) && good;
}

int main(int argc, char **argv)
{
    struct options options = {1000, 1, 0, false, NULL};
    if (!read_options(argc, argv, &options))
        return 2;
    struct maker m = {.tally.on = options.values != NULL};
    bool good = maker_init(&m, options.seed) && write_all(&m, &options) &&
                (!options.values || write_values(&m, options.values));
    if (!good)
        perror("bench-generate");
    maker_release(&m);
    return !good;
}
