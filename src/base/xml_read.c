/* Reading XML: libxml2's SAX events make the tree. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>

#include "base/limits.h"
#include "base/xml_parts.h"

enum { CACHE = 64 };

/* libxml2 keeps one copy of each name, which dies with it; an arena's is found by its address. */
struct cached {
    const xmlChar *key;
    struct dh_str copy;
};

struct reader {
    struct dh_xml_source source;
    size_t fed; /* bytes of the text that libxml2 has */
    struct dh_xml_tags tags;
    struct dh_arena *arena;
    struct dh_xml *root, *open;
    unsigned depth;                      /* elements open */
    size_t nodes;                        /* made so far, attributes included */
    unsigned namespaces;                 /* in scope */
    unsigned declared[DH_XML_DEPTH_MAX]; /* by each open element */
    struct dh_buf run;                   /* text not yet in the tree */
    size_t run_from;                     /* where it may begin: the end of the markup before */
    struct dh_xml_place place;
    struct cached names[CACHE];
    xmlParserCtxt *context;
    bool recover, mended; /* a wrong end tag was overlooked */
    enum dh_status status;
    struct dh_err *err;
};

/* ---- failing -------------------------------------------------------------------------------- */

/* Where libxml2 stands in the text. */
static size_t cursor(const struct reader *reader)
{
    const xmlParserInput *input = reader->context->input;
    if (!input)
        return reader->source.text.len;
    size_t offset =
        reader->source.front + (size_t)input->consumed + (size_t)(input->cur - input->base);
    return offset < reader->source.text.len ? offset : reader->source.text.len;
}

/* The first failure sticks. Nothing is fed any more, so libxml2 is soon at its end. */
static void refuse(struct reader *reader, enum dh_status code, struct dh_str message)
{
    if (!reader->status)
        reader->status =
            dh_xml_source_fail(&reader->source, code, cursor(reader), message, reader->err);
}

static void refuse_memory(struct reader *reader)
{
    if (!reader->status)
        reader->status = dh_fail(reader->err, DH_MEMORY, "out of memory");
}

/* What follows the root is left when wrong end tags closed it too early; lost may be none of it. */
static bool only_end_tags(struct dh_str rest)
{
    rest = dh_str_trim(rest);
    while (dh_str_starts(rest, DH_STR("</")))
        rest = dh_str_trim(dh_str_from(rest, dh_str_find(rest, '>') + 1));
    return rest.len == 0;
}

/* What may be overlooked: warnings always; in recovery prefixes without a namespace, wrong end
 * tags, and what comes of those at the end. An end without any is a document cut off. */
static bool overlooked(struct reader *reader, const xmlError *error)
{
    if (error->level <= XML_ERR_WARNING)
        return true;
    if (!reader->recover)
        return false;
    if (error->domain == XML_FROM_NAMESPACE)
        return true;
    if (error->code == XML_ERR_TAG_NAME_MISMATCH)
        return reader->mended = true;
    if (error->code == XML_ERR_TAG_NOT_FINISHED)
        return reader->mended && cursor(reader) >= reader->source.text.len;
    if (error->code == XML_ERR_DOCUMENT_END)
        return reader->mended && only_end_tags(dh_str_from(reader->source.text, cursor(reader)));
    return false;
}

#if LIBXML_VERSION >= 21200
static void on_error(void *user, const xmlError *error)
#else
static void on_error(void *user, xmlError *error)
#endif
{
    struct reader *reader = user;
    if (overlooked(reader, error))
        return;
    struct dh_str message = dh_str_trim(dh_str(error->message));
    if (error->code == XML_ERR_NO_MEMORY)
        refuse_memory(reader);
    else
        refuse(reader, DH_INVALID, message.len ? message : DH_STR("the document is broken"));
}

static void on_doctype(void *user, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    refuse(user, DH_INVALID, DH_STR("a document type declaration is not allowed"));
}

/* Asked for entities that are not predefined; without a DTD there are none. */
static xmlEntity *on_entity(void *user, const xmlChar *name)
{
    struct reader *reader = user;
    char text[128];
    snprintf(text, sizeof(text), "the entity &%.60s; is not defined", (const char *)name);
    refuse(reader, DH_INVALID, dh_str(text));
    return NULL;
}

/* ---- making the tree ------------------------------------------------------------------------ */

static struct dh_str name_copy(struct reader *reader, const xmlChar *name)
{
    if (!name)
        return DH_STR_NONE;
    struct cached *slot = &reader->names[((uintptr_t)name >> 3) % CACHE];
    if (slot->key != name) {
        slot->copy = dh_arena_copy(reader->arena, dh_str((const char *)name));
        slot->key = slot->copy.ptr ? name : NULL;
    }
    return slot->copy;
}

static bool count_node(struct reader *reader)
{
    if (++reader->nodes > DH_XML_NODES_MAX)
        refuse(reader, DH_LIMIT, DH_STR("the document has too many elements"));
    return !reader->status;
}

static void append(struct reader *reader, struct dh_xml *node, size_t offset)
{
    struct dh_xml *parent = reader->open;
    dh_xml_place_move(&reader->place, reader->source.text, offset);
    node->line = reader->place.line;
    node->column = reader->place.column;
    node->parent = parent;
    if (!parent)
        reader->root = node;
    else if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    if (parent)
        parent->last = node;
}

/* The text since the last tag becomes a node. */
static void end_run(struct reader *reader)
{
    if (!reader->run.len || !reader->open || !count_node(reader))
        return;
    struct dh_xml *node = dh_arena_alloc(reader->arena, sizeof(*node));
    if (node)
        node->text = dh_arena_copy(reader->arena, dh_buf_view(&reader->run));
    if (!node || !node->text.ptr) {
        refuse_memory(reader);
        return;
    }
    append(reader, node, reader->run_from);
    dh_buf_clear(&reader->run);
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct reader *reader = user;
    if (reader->status || len <= 0)
        return;
    dh_buf_add(&reader->run, text, (size_t)len);
    if (reader->run.status)
        refuse_memory(reader);
}

/* libxml2 gives five pointers for each: name, prefix, namespace, value and its end. */
static void add_attribute(struct reader *reader, struct dh_xml *element, const xmlChar **given)
{
    struct dh_xml_attr *attr =
        count_node(reader) ? dh_arena_alloc(reader->arena, sizeof(*attr)) : NULL;
    if (reader->status)
        return;
    struct dh_str value = {(const char *)given[3], (size_t)(given[4] - given[3])};
    if (attr) {
        attr->name = name_copy(reader, given[0]);
        attr->ns = name_copy(reader, given[2]);
        attr->value = dh_arena_copy(reader->arena, value);
    }
    if (!attr || !attr->name.ptr || !attr->value.ptr) {
        refuse_memory(reader);
        return;
    }
    if (element->last_attr)
        element->last_attr->next = attr;
    else
        element->attrs = attr;
    element->last_attr = attr;
}

static bool fits(struct reader *reader, int namespaces)
{
    if (reader->depth >= DH_XML_DEPTH_MAX)
        refuse(reader, DH_LIMIT, DH_STR("elements are nested too deeply"));
    else if (reader->namespaces + (unsigned)namespaces > DH_XML_NAMESPACES_MAX)
        refuse(reader, DH_LIMIT, DH_STR("there are too many namespaces"));
    return !reader->status && count_node(reader);
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
                     int namespaces, const xmlChar **declared, int attributes, int defaulted,
                     const xmlChar **given)
{
    struct reader *reader = user;
    (void)prefix, (void)declared, (void)defaulted;
    end_run(reader);
    if (reader->status || !fits(reader, namespaces))
        return;
    struct dh_xml *element = dh_arena_alloc(reader->arena, sizeof(*element));
    if (element)
        element->name = name_copy(reader, name);
    if (!element || !element->name.ptr) {
        refuse_memory(reader);
        return;
    }
    element->ns = name_copy(reader, ns);
    struct dh_str text = reader->source.text;
    size_t end = cursor(reader); /* before ">"; the only "<" since is that of this tag */
    size_t start = end;
    while (start && text.ptr[--start] != '<')
        continue;
    append(reader, element, start);
    reader->run_from = end + dh_str_find(dh_str_from(text, end), '>') + 1;
    for (int i = 0; i < attributes && !reader->status; i++)
        add_attribute(reader, element, given + (ptrdiff_t)i * 5);
    reader->declared[reader->depth++] = (unsigned)namespaces;
    reader->namespaces += (unsigned)namespaces;
    reader->open = element;
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
    struct reader *reader = user;
    (void)name, (void)prefix, (void)ns;
    end_run(reader);
    if (reader->status || !reader->open)
        return;
    reader->open = reader->open->parent;
    reader->namespaces -= reader->declared[--reader->depth];
    reader->run_from = cursor(reader);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* libxml2 asks for more of the text. */
static int feed(void *user, char *room, int size)
{
    struct reader *reader = user;
    struct dh_str part = dh_str_from(reader->source.text, reader->fed);
    if (reader->status || size <= 0)
        return 0;
    if (part.len > (size_t)size)
        part.len = (size_t)size;
    if (!dh_xml_tags_pass(&reader->tags, part)) {
        refuse(reader, DH_LIMIT, DH_STR("a tag has too many attributes"));
        return 0;
    }
    if (part.len)
        memcpy(room, part.ptr, part.len);
    reader->fed += part.len;
    return (int)part.len;
}

static void run(struct reader *reader)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .getEntity = on_entity,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    xmlParserCtxt *context =
        xmlCreateIOParserCtxt(&handler, reader, feed, NULL, reader, XML_CHAR_ENCODING_NONE);
    if (!context) {
        refuse_memory(reader);
        return;
    }
    reader->context = context;
    /* NOENT: else &amp; in attributes would be left for a DOM to decode; other entities never come
     * as far as that. */
    xmlCtxtUseOptions(context, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |
                                   (reader->recover ? XML_PARSE_RECOVER : 0));
    xmlParseDocument(context);
    end_run(reader);
    if (!reader->root)
        refuse(reader, DH_INVALID, DH_STR("there is no element"));
    xmlFreeDoc(context->myDoc); /* made for entities of a DTD, though refused */
    xmlFreeParserCtxt(context);
    xmlResetLastError();
}

static void start(void)
{
    xmlInitParser();
}

void dh_xml_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

enum dh_status dh_xml_read(struct dh_str text, unsigned flags, struct dh_xml **root,
                           struct dh_arena *arena, struct dh_err *err)
{
    struct reader reader = {
        .arena = arena,
        .place = {0, 1, 1},
        .recover = flags & DH_XML_RECOVER,
        .err = err,
    };
    *root = NULL;
    dh_xml_start();
    dh_buf_init(&reader.run, DH_DOCUMENT_MAX);
    reader.status = dh_xml_source_open(&reader.source, text, err);
    reader.fed = reader.source.front;
    if (!reader.status)
        run(&reader);
    if (!reader.status)
        *root = reader.root;
    dh_buf_release(&reader.run);
    dh_xml_source_release(&reader.source);
    return reader.status;
}
