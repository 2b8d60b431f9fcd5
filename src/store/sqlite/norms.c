#include <stdlib.h>

#include "store/sqlite/rank.h"

/*
 * Norms are of one state of the columns. Whoever uses one has the columns entered, so they cannot
 * move on meanwhile, and nobody throws the norms of this state away.
 */
struct dh_sq_norms {
    pthread_mutex_t lock;
    uint64_t sequence;
    struct dh_sq_norm *first;
};

struct dh_sq_norms *dh_sq_norms_new(void)
{
    struct dh_sq_norms *norms = calloc(1, sizeof(*norms));
    if (norms)
        pthread_mutex_init(&norms->lock, NULL);
    return norms;
}

static void drop(struct dh_sq_norms *norms)
{
    while (norms->first) {
        struct dh_sq_norm *norm = norms->first;
        norms->first = norm->next;
        free(norm->lengths);
        free(norm);
    }
}

void dh_sq_norms_free(struct dh_sq_norms *norms)
{
    if (!norms)
        return;
    drop(norms);
    pthread_mutex_destroy(&norms->lock);
    free(norms);
}

static struct dh_sq_norm *look_up(const struct dh_sq_norms *norms, const struct dh_field *field)
{
    for (struct dh_sq_norm *norm = norms->first; norm; norm = norm->next)
        if (norm->source_count == field->source_count &&
            memcmp(norm->sources, field->sources,
                   field->source_count * sizeof(field->sources[0])) == 0)
            return norm;
    return NULL;
}

/* Adds the words that each record has in a source. */
static enum dh_status add_lengths(struct dh_sq_eval *eval, enum dh_source source,
                                  struct dh_sq_norm *norm)
{
    struct dh_sq_postings *postings;
    size_t count;
    uint32_t hint = 0;
    enum dh_status status =
        dh_sq_index_find(eval->reader, (unsigned)source | DH_SQ_PRESENT, DH_STR(""), true,
                         &postings, &count, eval->arena, eval->err);
    for (size_t i = 0; i < count && !status; i++) {
        struct dh_sq_cursor cursor;
        dh_sq_cursor_start(&cursor, &postings[i]);
        while (dh_sq_cursor_next(&cursor)) {
            uint32_t slot = dh_sq_slot_after(eval->columns, cursor.number, &hint);
            if (slot == UINT32_MAX)
                continue;
            norm->lengths[slot] += cursor.times;
            norm->words += cursor.times;
        }
    }
    return status;
}

static enum dh_status count_records(struct dh_sq_eval *eval, struct dh_sq_norm *norm)
{
    struct dh_sq_bits *bits = dh_sq_bits_take(eval);
    enum dh_status status = bits ? DH_OK : DH_MEMORY;
    for (size_t i = 0; i < norm->source_count && !status; i++)
        status = dh_sq_eval_present(eval, norm->sources[i], bits);
    if (!status)
        norm->records = (uint32_t)dh_sq_bits_count(eval, bits);
    if (bits)
        dh_sq_bits_give(eval, bits);
    return status;
}

static enum dh_status fill(struct dh_sq_eval *eval, const struct dh_field *field,
                           struct dh_sq_norm *norm)
{
    norm->source_count = field->source_count;
    memcpy(norm->sources, field->sources, sizeof(norm->sources));
    enum dh_status status = count_records(eval, norm);
    if (status || field->type != DH_INDEX_TEXT)
        return status;
    norm->lengths = calloc((size_t)eval->columns->count + 1, sizeof(*norm->lengths));
    if (!norm->lengths)
        return dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    for (size_t i = 0; i < norm->source_count && !status; i++)
        status = add_lengths(eval, norm->sources[i], norm);
    return status;
}

static enum dh_status make(struct dh_sq_eval *eval, const struct dh_field *field,
                           struct dh_sq_norms *norms, const struct dh_sq_norm **out)
{
    struct dh_sq_norm *norm = calloc(1, sizeof(*norm));
    if (!norm)
        return dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    enum dh_status status = fill(eval, field, norm);
    if (status) {
        free(norm->lengths);
        free(norm);
        return status;
    }
    norm->next = norms->first;
    norms->first = norm;
    *out = norm;
    return DH_OK;
}

enum dh_status dh_sq_norm_get(struct dh_sq_eval *eval, const struct dh_field *field,
                              const struct dh_sq_norm **out)
{
    struct dh_sq_norms *norms = dh_sq_store(eval->reader->base.store)->norms;
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&norms->lock);
    if (norms->sequence != eval->columns->sequence) {
        drop(norms);
        norms->sequence = eval->columns->sequence;
    }
    *out = look_up(norms, field);
    if (!*out)
        status = make(eval, field, norms, out);
    pthread_mutex_unlock(&norms->lock);
    return status;
}
