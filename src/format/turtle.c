/* Turtle: a graph as text, blank nodes within what they belong to. */
#include "format/rdf.h"
#include "format/rows.h"

struct writer {
    const struct dh_rdf *graph;
    struct dh_buf *out;
};

static void write_string(struct dh_buf *out, struct dh_str text)
{
    static const char special[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    dh_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        const char *found = text.ptr[i] ? strchr(special, text.ptr[i]) : NULL;
        if (found)
            dh_buf_char(out, '\\');
        dh_buf_char(out, found ? letters[found - special] : text.ptr[i]);
    }
    dh_buf_char(out, '"');
}

static void write_iri(struct dh_buf *out, struct dh_str iri)
{
    dh_buf_char(out, '<');
    dh_buf_str(out, iri);
    dh_buf_char(out, '>');
}

static void write_label(struct dh_buf *out, struct dh_str text)
{
    dh_buf_text(out, "_:");
    dh_buf_str(out, text);
}

static void write_term(struct dh_buf *out, const struct dh_rdf_term *term)
{
    switch (term->kind) {
    case DH_RDF_IRI:
        write_iri(out, term->text);
        break;
    case DH_RDF_BLANK:
        write_label(out, term->text);
        break;
    case DH_RDF_TEXT:
        write_string(out, term->text);
        break;
    case DH_RDF_DATE:
        write_string(out, term->text);
        dh_buf_text(out, "^^schema:Date");
        break;
    case DH_RDF_INTEGER:
    case DH_RDF_BOOLEAN:
        dh_buf_str(out, term->text);
        break;
    case DH_RDF_DOUBLE: /* infinity has no short form */
        if (dh_str_ends(term->text, DH_STR("INF"))) {
            write_string(out, term->text);
            dh_buf_text(out, "^^<" DH_RDF_XSD "double>");
        } else {
            dh_buf_str(out, term->text);
        }
        break;
    }
}

static void indent(struct dh_buf *out, unsigned depth)
{
    dh_buf_char(out, '\n');
    for (unsigned i = 0; i < depth; i++)
        dh_buf_text(out, "  ");
}

static void write_statements(struct writer *writer, const struct dh_rdf_subject *subject,
                             unsigned depth);

static void write_nested(struct writer *writer, const struct dh_rdf_subject *subject,
                         unsigned depth)
{
    dh_buf_char(writer->out, '[');
    indent(writer->out, depth + 1);
    write_statements(writer, subject, depth + 1);
    indent(writer->out, depth);
    dh_buf_char(writer->out, ']');
}

/* An object behind the predicate or the object before it. */
static void write_object(struct writer *writer, const struct dh_rdf_triple *triple, bool first,
                         unsigned depth)
{
    const struct dh_rdf_term *object = &triple->object;
    const struct dh_rdf_subject *node =
        object->kind == DH_RDF_BLANK ? dh_rdf_find(writer->graph, object) : NULL;
    bool nested = node && node->uses == 1;
    if (!first)
        dh_buf_char(writer->out, ',');
    if (first || nested || !triple->predicate.len)
        dh_buf_char(writer->out, ' ');
    else
        indent(writer->out, depth + 1);
    if (nested) {
        write_nested(writer, node, depth);
    } else if (!triple->predicate.len) {
        dh_buf_text(writer->out, "schema:");
        dh_buf_str(writer->out, object->text);
    } else {
        write_term(writer->out, node ? &node->term : object);
    }
}

/* `depth` is that of the lines behind the first. */
static void write_statements(struct writer *writer, const struct dh_rdf_subject *subject,
                             unsigned depth)
{
    for (size_t i = 0; i < subject->count; i++) {
        const struct dh_rdf_triple *triple = &subject->triples[i];
        bool first = i == 0 || !dh_str_equal(triple[-1].predicate, triple->predicate);
        if (first && i) {
            dh_buf_char(writer->out, ';');
            indent(writer->out, depth);
        }
        if (first) {
            dh_buf_text(writer->out, triple->predicate.len ? "schema:" : "a");
            dh_buf_str(writer->out, triple->predicate);
        }
        write_object(writer, triple, first, depth);
    }
}

/* Blank nodes that one statement uses stand in that statement. */
static bool stands_alone(const struct dh_rdf_subject *subject)
{
    return subject->term.kind == DH_RDF_IRI || subject->uses != 1;
}

static void write_subject(struct writer *writer, const struct dh_rdf_subject *subject)
{
    dh_buf_char(writer->out, '\n');
    if (subject->term.kind == DH_RDF_BLANK && !subject->uses) {
        write_nested(writer, subject, 0);
    } else {
        write_term(writer->out, &subject->term);
        dh_buf_char(writer->out, ' ');
        write_statements(writer, subject, 1);
    }
    dh_buf_text(writer->out, " .\n");
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    struct dh_rdf graph;
    struct writer writer = {&graph, out};
    enum dh_status status = dh_rdf_of(metadata, &graph, arena, err);
    if (!status) {
        dh_buf_text(out, "@prefix schema: <" DH_RDF_SCHEMA "> .\n");
        for (size_t i = 0; i < graph.count; i++)
            if (stands_alone(&graph.subjects[i]))
                write_subject(&writer, &graph.subjects[i]);
        status = out->status ? dh_fail(err, out->status, "%s", dh_status_text(out->status)) : DH_OK;
    }
    dh_rdf_release(&graph);
    return status;
}

const struct dh_format dh_format_turtle = {
    .name = "turtle",
    .title = "Turtle",
    .type = "text/turtle",
    .extensions = "ttl",
    .join = "\n",
    .write = write_record,
};
