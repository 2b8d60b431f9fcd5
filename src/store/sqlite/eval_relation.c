#include <stdlib.h>

#include "store/sqlite/eval.h"
#include "store/sqlite/relations.h"

/* The bit of an edge, as dh_sq_edge_mask sets it, that makes the other record one of these. */
static const struct {
    enum dh_source source;
    enum dh_count count;
} edges_of[] = {
    {DH_SOURCE_REFERENCE_IDS, DH_COUNT_REFERENCE}, {DH_SOURCE_CITATION_IDS, DH_COUNT_CITATION},
    {DH_SOURCE_PART_IDS, DH_COUNT_PART},           {DH_SOURCE_PART_OF_IDS, DH_COUNT_PART_OF},
    {DH_SOURCE_VERSION_IDS, DH_COUNT_VERSION},     {DH_SOURCE_VERSION_OF_IDS, DH_COUNT_VERSION_OF},
};

static uint8_t bit_of(enum dh_source source)
{
    for (size_t i = 0; i < sizeof(edges_of) / sizeof(edges_of[0]); i++)
        if (edges_of[i].source == source)
            return (uint8_t)(1 << (edges_of[i].count - DH_COUNT_REFERENCE));
    return 0;
}

/* The slot of the record of doi.id `name`, or UINT32_MAX. */
static enum dh_status slot_of_name(struct dh_sq_eval *eval, int64_t name, uint32_t *slot)
{
    int64_t number = 0;
    enum dh_status status =
        dh_sq_integer(&eval->reader->conn, DH_SQL_CARD_OF_NAME, &number, eval->err, "i", name);
    *slot = status ? UINT32_MAX : dh_sq_slot_find(eval->columns, number);
    return status == DH_NOT_FOUND ? DH_OK : status;
}

/* Adds the records that have `doi`, a record of this store, among their related ones. */
static enum dh_status mark_related(struct dh_sq_eval *eval, struct dh_str doi, uint8_t bit,
                                   struct dh_sq_bits *out)
{
    struct dh_sq_edge *edges = NULL;
    size_t count = 0;
    int64_t name = 0;
    enum dh_status status =
        dh_sq_integer(&eval->reader->conn, DH_SQL_DOI_ID, &name, eval->err, "s", doi);
    if (status)
        return status == DH_NOT_FOUND ? DH_OK : status;
    status = dh_sq_edges(&eval->reader->conn, name, &edges, &count, eval->err);
    for (size_t i = 0; i < count && !status; i++) {
        uint32_t slot = UINT32_MAX;
        if (dh_sq_edge_turn(edges[i].mask) & bit)
            status = slot_of_name(eval, edges[i].other, &slot);
        if (slot != UINT32_MAX)
            dh_sq_bits_set(out, slot);
    }
    free(edges);
    return status;
}

/* The DOI that a TERM names counts only as a record of this store. */
static enum dh_status eval_term(struct dh_sq_eval *eval, struct dh_str doi, uint8_t bit,
                                struct dh_sq_bits *out)
{
    int64_t number = 0;
    enum dh_status status =
        dh_sq_integer(&eval->reader->conn, DH_SQL_CARD_OF_DOI, &number, eval->err, "s", doi);
    if (status)
        return status == DH_NOT_FOUND ? DH_OK : status;
    return mark_related(eval, doi, bit, out);
}

static enum dh_status eval_all(struct dh_sq_eval *eval, struct dh_pattern *pattern, uint8_t bit,
                               struct dh_sq_bits *out)
{
    enum dh_status status = DH_OK;
    for (uint32_t slot = 0; slot < eval->columns->count && !status; slot++) {
        struct dh_str doi = dh_sq_slot_doi(eval->columns, slot);
        if (!eval->columns->alive[slot] || (pattern && !dh_pattern_match(pattern, doi)))
            continue;
        status = dh_sq_late(eval->reader) ? dh_fail(eval->err, DH_LIMIT, "the query takes too long")
                                          : mark_related(eval, doi, bit, out);
    }
    return status;
}

enum dh_status dh_sq_eval_relation(struct dh_sq_eval *eval, const struct dh_node *node,
                                   struct dh_sq_bits *out)
{
    uint8_t bit = bit_of(node->field->sources[0]);
    struct dh_pattern *pattern = NULL;
    enum dh_status status = DH_OK;
    if (node->kind == DH_NODE_TERM)
        return eval_term(eval, node->value, bit, out);
    if (node->kind != DH_NODE_EXISTS)
        status = dh_pattern_make(node, &pattern, eval->arena, eval->err);
    return status ? status : eval_all(eval, pattern, bit, out);
}
