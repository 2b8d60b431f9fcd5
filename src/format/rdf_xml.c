/* RDF/XML: a graph as nested elements. */
#include "base/xml.h"
#include "format/rdf.h"
#include "format/rows.h"

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

/* Named nodes further in than this stand on their own: who is affiliated with whom may be a long
 * story. */
enum { NESTING_MAX = 8 };

struct writer {
    const struct dh_rdf *graph;
    bool *written; /* one for each subject */
    struct dh_arena *arena;
};

static const struct {
    enum dh_rdf_kind kind;
    const char *type;
} datatypes[] = {
    {DH_RDF_DATE, DH_RDF_SCHEMA "Date"},
    {DH_RDF_INTEGER, DH_RDF_XSD "integer"},
    {DH_RDF_DOUBLE, DH_RDF_XSD "double"},
    {DH_RDF_BOOLEAN, DH_RDF_XSD "boolean"},
};

static const char *element_name(struct writer *writer, struct dh_str name)
{
    return dh_arena_format(writer->arena, "schema:%.*s", DH_STR_ARG(name)).ptr;
}

static void add_node(struct writer *writer, struct dh_xml *parent, struct dh_rdf_subject *subject,
                     unsigned depth);

static void add_literal(struct writer *writer, struct dh_xml *parent,
                        const struct dh_rdf_triple *triple)
{
    const char *name = element_name(writer, triple->predicate);
    struct dh_xml *element =
        name ? dh_xml_add_text(writer->arena, parent, name, triple->object.text) : NULL;
    for (size_t i = 0; i < sizeof(datatypes) / sizeof(*datatypes); i++)
        if (datatypes[i].kind == triple->object.kind)
            dh_xml_set(writer->arena, element, "rdf:datatype", dh_str(datatypes[i].type));
}

static void add_link(struct writer *writer, struct dh_xml *parent,
                     const struct dh_rdf_triple *triple, unsigned depth)
{
    const struct dh_rdf_term *object = &triple->object;
    struct dh_rdf_subject *node = dh_rdf_find(writer->graph, object);
    bool written = node && writer->written[node - writer->graph->subjects];
    const char *name = element_name(writer, triple->predicate);
    struct dh_xml *element = name ? dh_xml_add(writer->arena, parent, name) : NULL;
    if (node && !written && (object->kind == DH_RDF_BLANK || depth < NESTING_MAX))
        add_node(writer, element, node, depth + 1);
    else if (object->kind == DH_RDF_BLANK && node)
        dh_xml_set(writer->arena, element, "rdf:nodeID", node->term.text);
    else
        dh_xml_set(writer->arena, element, "rdf:resource", object->text);
}

static void add_class(struct writer *writer, struct dh_xml *parent,
                      const struct dh_rdf_triple *triple)
{
    struct dh_str iri =
        dh_arena_format(writer->arena, DH_RDF_SCHEMA "%.*s", DH_STR_ARG(triple->object.text));
    dh_xml_set(writer->arena, dh_xml_add(writer->arena, parent, "rdf:type"), "rdf:resource", iri);
}

static void add_node(struct writer *writer, struct dh_xml *parent, struct dh_rdf_subject *subject,
                     unsigned depth)
{
    const struct dh_rdf_triple *triple = subject->triples;
    bool typed = !triple->predicate.len, blank = subject->term.kind == DH_RDF_BLANK;
    const char *name = typed ? element_name(writer, triple->object.text) : "rdf:Description";
    struct dh_xml *element = name ? dh_xml_add(writer->arena, parent, name) : NULL;
    writer->written[subject - writer->graph->subjects] = true;
    if (element)
        dh_xml_set(writer->arena, element, blank ? "rdf:nodeID" : "rdf:about", subject->term.text);
    for (size_t i = typed; element && i < subject->count; i++) {
        if (!triple[i].predicate.len)
            add_class(writer, element, &triple[i]);
        else if (triple[i].object.kind <= DH_RDF_BLANK)
            add_link(writer, element, &triple[i], depth);
        else
            add_literal(writer, element, &triple[i]);
    }
}

/* What nothing points at comes first, the rest stands within it where it can. */
static struct dh_xml *document_of(struct writer *writer)
{
    const struct dh_rdf *graph = writer->graph;
    struct dh_xml *root = dh_xml_add(writer->arena, NULL, "rdf:RDF");
    writer->written = dh_arena_array(writer->arena, graph->count, sizeof(bool));
    if (!root || !writer->written)
        return NULL;
    dh_xml_set(writer->arena, root, "xmlns:rdf", DH_STR(RDF));
    dh_xml_set(writer->arena, root, "xmlns:schema", DH_STR(DH_RDF_SCHEMA));
    for (size_t i = 0; i < graph->count; i++)
        if (!graph->subjects[i].uses)
            add_node(writer, root, &graph->subjects[i], 0);
    for (size_t i = 0; i < graph->count; i++)
        if (!writer->written[i])
            add_node(writer, root, &graph->subjects[i], 0);
    return root;
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    struct dh_rdf graph;
    struct writer writer = {&graph, NULL, arena};
    enum dh_status status = dh_rdf_of(metadata, &graph, arena, err);
    if (!status) {
        dh_xml_write(out, document_of(&writer));
        status = out->status ? dh_fail(err, out->status, "%s", dh_status_text(out->status)) : DH_OK;
    }
    dh_rdf_release(&graph);
    return status;
}

const struct dh_format dh_format_rdf_xml = {
    .name = "rdf_xml",
    .title = "RDF/XML",
    .type = "application/rdf+xml",
    .extensions = "rdf",
    .flags = DH_FORMAT_XML,
    .join = "\n",
    .write = write_record,
};
