#include "format/rdf.h"

#include <stdlib.h>

#include "format/json_trees.h"
#include "format/parts.h"

struct builder {
    struct dh_buf triples; /* of struct dh_rdf_triple */
    size_t count, blanks;
    struct dh_arena *arena;
};

static void add_triple(struct builder *b, const struct dh_rdf_term *subject,
                       struct dh_str predicate, const struct dh_rdf_term *object)
{
    struct dh_rdf_triple triple = {*subject, predicate, *object, b->count};
    if (object->kind != DH_RDF_BLANK && !object->text.ptr)
        return;
    dh_buf_add(&b->triples, &triple, sizeof(triple));
    b->count++;
}

/* ---- from JSON-LD ---------------------------------------------------------------------------- */

static bool key_in(const char *key, const char *const *keys)
{
    for (; *keys; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

/* Texts under these keys name things. */
static const char *const iri_keys[] = {"url",      "additionalType", "license", "sameAs",
                                       "isPartOf", "contentUrl",     NULL};
static const char *const date_keys[] = {"dateCreated", "datePublished", "dateModified", NULL};

static struct dh_rdf_term literal_of(struct builder *b, const char *key, struct json_object *value)
{
    bool date = key_in(key, date_keys);
    if (json_object_is_type(value, json_type_boolean))
        return (struct dh_rdf_term){DH_RDF_BOOLEAN,
                                    dh_str(json_object_get_boolean(value) ? "true" : "false"), 0};
    if (!json_object_is_type(value, json_type_string) && !date)
        return dh_rdf_number(b->arena, dh_text_of(value));
    struct dh_str text = dh_rdf_text(b->arena, dh_text_of(value));
    if (date) /* an empty date says nothing */
        return (struct dh_rdf_term){DH_RDF_DATE, text.len ? text : DH_STR_NONE, 0};
    if (key_in(key, iri_keys))
        return (struct dh_rdf_term){DH_RDF_IRI, dh_rdf_iri(b->arena, text), 0};
    return (struct dh_rdf_term){DH_RDF_TEXT, text, 0};
}

static bool add_node(struct builder *b, struct json_object *node, struct dh_rdf_term *self);

/* Lists within lists say the same as one list. */
static void add_values(struct builder *b, const struct dh_rdf_term *subject, const char *key,
                       struct json_object *value)
{
    struct dh_rdf_term object;
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            add_values(b, subject, key, json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        if (add_node(b, value, &object))
            add_triple(b, subject, dh_str(key), &object);
    } else if (value) {
        object = literal_of(b, key, value);
        add_triple(b, subject, dh_str(key), &object);
    }
}

/* Things that say something of the subject: statements the other way round. */
static void add_reverse(struct builder *b, const struct dh_rdf_term *object,
                        struct json_object *things)
{
    struct dh_rdf_term subject;
    json_object_object_foreach(things, key, value)
    {
        for (size_t i = 0; dh_rdf_name(key) && i < dh_count_of(value); i++)
            if (add_node(b, dh_at(value, i), &subject))
                add_triple(b, &subject, dh_str(key), object);
    }
}

static void add_member(struct builder *b, const struct dh_rdf_term *self, const char *key,
                       struct json_object *value)
{
    if (strcmp(key, "@type") == 0) {
        struct dh_str type = dh_json_str(value);
        if (type.ptr && strlen(type.ptr) == type.len && dh_rdf_name(type.ptr))
            add_triple(b, self, DH_STR(""), &(struct dh_rdf_term){DH_RDF_IRI, type, 0});
    } else if (strcmp(key, "@reverse") == 0 && json_object_is_type(value, json_type_object)) {
        add_reverse(b, self, value);
    } else if (dh_rdf_name(key)) {
        add_values(b, self, key, value);
    }
}

/* False when nothing is said of it and it has no name. */
static bool add_node(struct builder *b, struct json_object *node, struct dh_rdf_term *self)
{
    if (!json_object_is_type(node, json_type_object))
        return false;
    struct dh_str iri = dh_rdf_iri(b->arena, dh_json_member(node, "@id"));
    size_t before = b->count;
    *self = (struct dh_rdf_term){iri.ptr ? DH_RDF_IRI : DH_RDF_BLANK, iri, 0};
    if (!iri.ptr)
        self->node = b->blanks++;
    json_object_object_foreach(node, key, value)
    {
        add_member(b, self, key, value);
    }
    return iri.ptr || b->count > before;
}

/* ---- sorting --------------------------------------------------------------------------------- */

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_terms(const struct dh_rdf_term *a, const struct dh_rdf_term *b)
{
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    return a->kind == DH_RDF_BLANK ? compare_sizes(a->node, b->node)
                                   : dh_str_compare(a->text, b->text);
}

static int compare_statements(const struct dh_rdf_triple *a, const struct dh_rdf_triple *b)
{
    int order = compare_terms(&a->subject, &b->subject);
    return order ? order : dh_str_compare(a->predicate, b->predicate);
}

static int by_object(const void *x, const void *y)
{
    const struct dh_rdf_triple *a = x, *b = y;
    int order = compare_statements(a, b);
    if (!order)
        order = compare_terms(&a->object, &b->object);
    return order ? order : compare_sizes(a->place, b->place);
}

static int by_place(const void *x, const void *y)
{
    const struct dh_rdf_triple *a = x, *b = y;
    int order = compare_statements(a, b);
    return order ? order : compare_sizes(a->place, b->place);
}

/* Leaves each statement once, where it appeared first. Returns how many there are. */
static size_t sort_triples(struct dh_rdf_triple *triples, size_t count)
{
    size_t kept = 0;
    if (!count)
        return 0;
    qsort(triples, count, sizeof(*triples), by_object);
    for (size_t i = 1; i < count; i++)
        if (compare_statements(&triples[kept], &triples[i]) ||
            compare_terms(&triples[kept].object, &triples[i].object))
            triples[++kept] = triples[i];
    qsort(triples, ++kept, sizeof(*triples), by_place);
    return kept;
}

/* ---- the graph ------------------------------------------------------------------------------- */

static int compare_subjects(const void *x, const void *y)
{
    const struct dh_rdf_subject *a = x, *b = y;
    return compare_terms(&a->term, &b->term);
}

struct dh_rdf_subject *dh_rdf_find(const struct dh_rdf *graph, const struct dh_rdf_term *term)
{
    struct dh_rdf_subject wanted = {.term = *term};
    if (term->kind > DH_RDF_BLANK || !graph->count)
        return NULL;
    return bsearch(&wanted, graph->subjects, graph->count, sizeof(wanted), compare_subjects);
}

static size_t count_subjects(const struct dh_rdf_triple *triples, size_t count)
{
    size_t subjects = 0;
    for (size_t i = 0; i < count; i++)
        subjects += i == 0 || compare_terms(&triples[i - 1].subject, &triples[i].subject);
    return subjects;
}

static void group(struct dh_rdf *graph, const struct dh_rdf_triple *triples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_terms(&triples[i - 1].subject, &triples[i].subject))
            graph->subjects[graph->count++] =
                (struct dh_rdf_subject){triples[i].subject, triples + i, 0, 0};
        graph->subjects[graph->count - 1].count++;
    }
    for (size_t i = 0; i < count; i++) {
        struct dh_rdf_subject *used = dh_rdf_find(graph, &triples[i].object);
        if (used && triples[i].predicate.len)
            used->uses++;
    }
}

/* Labels must differ between records, too, whose Turtle stands in one text (FNV-1a of it all). */
static uint64_t fingerprint(const struct dh_rdf_triple *triples, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < triples[i].object.text.len; k++)
            hash = (hash ^ (unsigned char)triples[i].object.text.ptr[k]) * 0x100000001b3;
    return hash;
}

static void label(struct dh_rdf *graph, uint64_t hash, struct dh_arena *arena)
{
    for (size_t i = 0; i < graph->count; i++) {
        struct dh_rdf_subject *subject = &graph->subjects[i];
        if (subject->term.kind == DH_RDF_BLANK && subject->uses > 1)
            subject->term.text =
                dh_arena_format(arena, "b%016llx%zu", (unsigned long long)hash, subject->term.node);
    }
}

/* The triples in the arena, sorted; NULL out of memory. */
static struct dh_rdf_triple *settle(struct builder *b, size_t *count)
{
    struct dh_rdf_triple *triples = dh_arena_array(b->arena, b->count, sizeof(*triples));
    *count = 0;
    if (!triples || b->triples.status)
        return NULL;
    if (b->count)
        memcpy(triples, b->triples.ptr, b->triples.len);
    *count = sort_triples(triples, b->count);
    return triples;
}

enum dh_status dh_rdf_of(struct json_object *metadata, struct dh_rdf *graph, struct dh_arena *arena,
                         struct dh_err *err)
{
    struct dh_rdf_term root;
    struct builder b = {.arena = arena};
    size_t count;
    *graph = (struct dh_rdf){.tree = dh_schema_org_tree(metadata, arena)};
    dh_buf_init(&b.triples, DH_RESPONSE_MAX);
    add_node(&b, graph->tree, &root);
    struct dh_rdf_triple *triples = settle(&b, &count);
    dh_buf_release(&b.triples);
    if (triples)
        graph->subjects =
            dh_arena_array(arena, count_subjects(triples, count), sizeof(*graph->subjects));
    if (!graph->tree || !graph->subjects)
        return dh_fail(err, DH_MEMORY, "out of memory");
    group(graph, triples, count);
    label(graph, fingerprint(triples, count), arena);
    return DH_OK;
}

void dh_rdf_release(struct dh_rdf *graph)
{
    json_object_put(graph->tree);
    *graph = (struct dh_rdf){NULL, 0, NULL};
}
