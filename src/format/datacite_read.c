/* Reading DataCite XML: finding the resource, and its elements that are texts or lists of texts. */
#include "format/datacite_read.h"

#include "model/vocab.h"

static const char kernel[] = "http://datacite.org/schema/kernel";

/* ---- helpers -------------------------------------------------------------------------------- */

struct json_object *dh_datacite_object(struct dh_datacite_reader *reader)
{
    struct json_object *object = json_object_new_object();
    reader->failed = reader->failed || !object;
    return object;
}

struct json_object *dh_datacite_list(struct dh_datacite_reader *reader)
{
    struct json_object *list = json_object_new_array();
    reader->failed = reader->failed || !list;
    return list;
}

void dh_datacite_append(struct json_object *list, struct json_object *value)
{
    bool empty =
        json_object_is_type(value, json_type_object) && json_object_object_length(value) == 0;
    if (!value || empty || !list || json_object_array_add(list, value))
        json_object_put(value);
}

/* A line break without content is dropped like any other child that is no inline tag. */
static bool is_markup(const struct dh_xml *node)
{
    static const char *const tags[] = {"strong", "em",  "b",   "i",  "code",
                                       "pre",    "sub", "sup", "br", NULL};
    bool listed = false;
    for (size_t i = 0; tags[i]; i++)
        listed = listed || dh_str_equal(node->name, dh_str(tags[i]));
    return listed && !node->attrs && (node->first || !dh_str_equal(node->name, DH_STR("br")));
}

static void add_markup(struct dh_buf *out, const struct dh_xml *element)
{
    for (const struct dh_xml *node = element->first; node; node = node->next) {
        if (!node->name.ptr) {
            dh_buf_str(out, node->text);
        } else if (is_markup(node)) {
            dh_buf_printf(out, "<%.*s>", DH_STR_ARG(node->name));
            add_markup(out, node); /* the tree is no deeper than DH_XML_DEPTH_MAX */
            dh_buf_printf(out, "</%.*s>", DH_STR_ARG(node->name));
        }
    }
}

struct dh_str dh_datacite_text(struct dh_datacite_reader *reader, const struct dh_xml *element)
{
    struct dh_buf out;
    if (!element || !element->first)
        return DH_STR_NONE;
    if (!element->first->next && !element->first->name.ptr)
        return element->first->text;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    add_markup(&out, element);
    struct dh_str text = out.status ? DH_STR_NONE : dh_arena_copy(reader->arena, dh_buf_view(&out));
    dh_buf_release(&out);
    reader->failed = reader->failed || !text.ptr;
    return text.len ? text : DH_STR_NONE;
}

struct dh_str dh_datacite_trimmed(struct dh_datacite_reader *reader, const struct dh_xml *element)
{
    struct dh_str text = dh_str_trim(dh_datacite_text(reader, element));
    return text.len ? text : DH_STR_NONE;
}

struct dh_str dh_datacite_clean(struct dh_datacite_reader *reader, const struct dh_xml *element,
                                unsigned flags)
{
    struct dh_str text = dh_datacite_text(reader, element);
    if (!text.ptr)
        return DH_STR_NONE;
    text = dh_html_clean(reader->arena, text, flags);
    reader->failed = reader->failed || !text.ptr;
    return text;
}

void dh_datacite_attrs(struct json_object *object, const struct dh_datacite_attr *attrs,
                       const struct dh_xml *element)
{
    for (; attrs->key; attrs++)
        dh_put_string(object, attrs->key, dh_xml_attr(element, attrs->name));
}

struct dh_xml *dh_datacite_first(const struct dh_xml *parent, const char *wrapper, const char *item)
{
    struct dh_xml *found = NULL;
    for (struct dh_xml *list = dh_xml_child(parent, wrapper); list && !found;
         list = dh_xml_same(list))
        found = dh_xml_child(list, item);
    return found;
}

struct dh_xml *dh_datacite_next(const struct dh_xml *item)
{
    struct dh_xml *found = dh_xml_same(item);
    for (struct dh_xml *list = dh_xml_same(item->parent); list && !found; list = dh_xml_same(list))
        for (found = dh_xml_first(list); found && !dh_str_equal(found->name, item->name);)
            found = dh_xml_next(found);
    return found;
}

/* ---- lists of texts -------------------------------------------------------------------------- */

static const struct dh_datacite_attr lang_only[] = {{"lang", "lang"}, {0}};

struct json_object *dh_datacite_titles(struct dh_datacite_reader *reader,
                                       const struct dh_xml *parent)
{
    static const struct dh_datacite_attr attrs[] = {
        {"titleType", "titleType"}, {"lang", "lang"}, {0}};
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "titles", "title"); x;
         x = dh_datacite_next(x)) {
        struct dh_str text = dh_datacite_clean(reader, x, DH_HTML_SQUISH);
        if (!text.len)
            continue;
        struct json_object *title = dh_datacite_object(reader);
        dh_put_string(title, "title", text);
        dh_datacite_attrs(title, attrs, x);
        dh_datacite_append(list, title);
    }
    return list;
}

/* Appends a value, taken over, unless an equal one was appended before. */
static void append_new(struct dh_datacite_reader *reader, struct json_object *list,
                       struct json_object *seen, struct json_object *value)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX * (size_t)6);
    dh_json_write(&text, value, DH_JSON_PLAIN);
    dh_buf_char(&text, '\0');
    reader->failed = reader->failed || text.status;
    if (text.status || dh_json_has(seen, text.ptr)) {
        json_object_put(value);
    } else {
        reader->failed = reader->failed || json_object_object_add(seen, text.ptr, NULL) != 0;
        dh_datacite_append(list, value);
    }
    dh_buf_release(&text);
}

static struct json_object *subjects(struct dh_datacite_reader *reader, const struct dh_xml *parent)
{
    static const struct dh_datacite_attr attrs[] = {{"subjectScheme", "subjectScheme"},
                                                    {"schemeUri", "schemeURI"},
                                                    {"valueUri", "valueURI"},
                                                    {"classificationCode", "classificationCode"},
                                                    {"lang", "lang"},
                                                    {0}};
    struct json_object *list = dh_datacite_list(reader), *seen = dh_datacite_object(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "subjects", "subject"); x && seen;
         x = dh_datacite_next(x)) {
        struct json_object *subject = dh_datacite_object(reader);
        dh_put_string(subject, "subject", dh_datacite_clean(reader, x, DH_HTML_SQUISH));
        dh_datacite_attrs(subject, attrs, x);
        append_new(reader, list, seen, subject);
    }
    json_object_put(seen);
    return list;
}

static bool has_issued(struct json_object *dates)
{
    for (size_t i = 0; i < dh_count_of(dates); i++)
        if (dh_str_equal(dh_text(dh_at(dates, i), "dateType"), DH_STR("Issued")))
            return true;
    return false;
}

static struct json_object *dates(struct dh_datacite_reader *reader, const struct dh_xml *parent,
                                 struct dh_str year)
{
    static const struct dh_datacite_attr attrs[] = {
        {"dateType", "dateType"}, {"dateInformation", "dateInformation"}, {0}};
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "dates", "date"); x;
         x = dh_datacite_next(x)) {
        struct dh_str text = dh_datacite_clean(reader, x, DH_HTML_SQUISH);
        if (!dh_xml_attr(x, "dateType").ptr || !text.ptr || !dh_date_valid(text))
            continue;
        struct json_object *date = dh_datacite_object(reader);
        dh_put_string(date, "date", text);
        dh_datacite_attrs(date, attrs, x);
        dh_datacite_append(list, date);
    }
    if (!year.ptr || has_issued(list))
        return list;
    struct json_object *issued = dh_datacite_object(reader);
    dh_put_string(issued, "date", year);
    dh_put_string(issued, "dateType", DH_STR("Issued"));
    dh_datacite_append(list, issued);
    return list;
}

static struct json_object *identifiers(struct dh_datacite_reader *reader,
                                       const struct dh_xml *parent)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x =
             dh_datacite_first(parent, "alternateIdentifiers", "alternateIdentifier");
         x; x = dh_datacite_next(x)) {
        struct dh_str text = dh_datacite_text(reader, x);
        struct dh_str type = dh_xml_attr(x, "alternateIdentifierType");
        if (dh_str_blank(text))
            continue;
        struct json_object *identifier = dh_datacite_object(reader);
        if (type.ptr)
            dh_put_string(identifier, "identifierType", dh_id_type_spelling(type));
        dh_put_string(identifier, "identifier", text);
        dh_datacite_append(list, identifier);
    }
    return list;
}

static struct json_object *texts(struct dh_datacite_reader *reader, const struct dh_xml *parent,
                                 const char *wrapper, const char *item)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, wrapper, item); x;
         x = dh_datacite_next(x)) {
        struct dh_str text = dh_squish(reader->arena, dh_datacite_text(reader, x));
        if (text.len)
            dh_datacite_append(list, dh_json_new_str(text));
    }
    return list;
}

static void add_rights(struct dh_datacite_reader *reader, struct json_object *list,
                       const struct dh_xml *x)
{
    struct dh_str text = dh_datacite_trimmed(reader, x);
    struct dh_rights given = {
        .rights = text,
        .uri = dh_xml_attr(x, "rightsURI"),
        .identifier = dh_xml_attr(x, "rightsIdentifier"),
        .scheme = dh_xml_attr(x, "rightsIdentifierScheme"),
        .scheme_uri = dh_xml_attr(x, "schemeURI"),
        .lang = dh_xml_attr(x, "lang"),
    };
    if (x->attrs)
        dh_datacite_append(list, dh_rights_new(reader->arena, &given));
    else if (text.ptr)
        dh_datacite_append(list, dh_rights_of_text(reader->arena, text));
}

/* In kernel 2 there is one `rights`, at the top. */
static struct json_object *rights(struct dh_datacite_reader *reader, const struct dh_xml *resource)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(resource, "rightsList", "rights"); x;
         x = dh_datacite_next(x))
        add_rights(reader, list, x);
    for (const struct dh_xml *x = dh_xml_child(resource, "rights"); x; x = dh_xml_same(x))
        add_rights(reader, list, x);
    return list;
}

static struct json_object *descriptions(struct dh_datacite_reader *reader,
                                        const struct dh_xml *parent)
{
    struct json_object *list = dh_datacite_list(reader);
    for (const struct dh_xml *x = dh_datacite_first(parent, "descriptions", "description"); x;
         x = dh_datacite_next(x)) {
        struct dh_str type = dh_xml_attr(x, "descriptionType");
        if (!x->attrs && !x->first)
            continue;
        struct json_object *description = dh_datacite_object(reader);
        dh_put_string(description, "description", dh_datacite_clean(reader, x, DH_HTML_NEWLINES));
        dh_put_string(description, "descriptionType", x->attrs ? type : DH_STR("Abstract"));
        dh_datacite_attrs(description, lang_only, x);
        dh_datacite_append(list, description);
    }
    return list;
}

/* ---- single elements ------------------------------------------------------------------------- */

static struct json_object *types(struct dh_datacite_reader *reader, const struct dh_xml *resource)
{
    const struct dh_xml *type = dh_xml_child(resource, "resourceType");
    struct json_object *types = dh_datacite_object(reader);
    dh_put_string(types, "resourceTypeGeneral", dh_xml_attr(type, "resourceTypeGeneral"));
    dh_put_string(types, "resourceType", dh_datacite_text(reader, type));
    if (types)
        dh_types_complete(types);
    return types;
}

static struct json_object *publisher_of(struct dh_datacite_reader *reader, const struct dh_xml *x)
{
    struct json_object *publisher = dh_datacite_object(reader);
    struct dh_str id = dh_xml_attr(x, "publisherIdentifier");
    struct dh_str scheme = dh_xml_attr(x, "publisherIdentifierScheme");
    if (dh_str_equal(scheme, DH_STR("ROR")))
        id = dh_id_ror(reader->arena, id);
    dh_put_string(publisher, "name", dh_datacite_trimmed(reader, x));
    dh_put_string(publisher, "publisherIdentifier", id);
    dh_put_string(publisher, "publisherIdentifierScheme", scheme);
    dh_put_string(publisher, "schemeUri", dh_xml_attr(x, "schemeURI"));
    dh_datacite_attrs(publisher, lang_only, x);
    return publisher;
}

/* The first that says anything. */
static struct json_object *publisher(struct dh_datacite_reader *reader,
                                     const struct dh_xml *resource)
{
    for (const struct dh_xml *x = dh_xml_child(resource, "publisher"); x; x = dh_xml_same(x))
        if (x->attrs || dh_datacite_trimmed(reader, x).ptr)
            return publisher_of(reader, x);
    return NULL;
}

/* ---- the record ------------------------------------------------------------------------------ */

static bool in_kernel(const struct dh_xml *element)
{
    return dh_str_starts(element->ns, (struct dh_str){kernel, sizeof(kernel) - 1});
}

static void fill(struct dh_datacite_reader *reader, struct json_object *out,
                 const struct dh_xml *resource)
{
    struct dh_str year = dh_datacite_trimmed(reader, dh_xml_child(resource, "publicationYear"));
    dh_put(out, "types", types(reader, resource));
    dh_put(out, "creators", dh_datacite_creators(reader, resource));
    dh_put(out, "titles", dh_datacite_titles(reader, resource));
    dh_put(out, "publisher", publisher(reader, resource));
    dh_put(out, "subjects", subjects(reader, resource));
    dh_put(out, "contributors", dh_datacite_contributors(reader, resource));
    dh_put(out, "dates", dates(reader, resource, year));
    dh_put_string(out, "publicationYear", year);
    dh_put_string(out, "language", dh_datacite_trimmed(reader, dh_xml_child(resource, "language")));
    dh_put(out, "identifiers", identifiers(reader, resource));
    dh_put(out, "sizes", texts(reader, resource, "sizes", "size"));
    dh_put(out, "formats", texts(reader, resource, "formats", "format"));
    dh_put_string(out, "version", dh_datacite_text(reader, dh_xml_child(resource, "version")));
    dh_put(out, "rightsList", rights(reader, resource));
    dh_put(out, "descriptions", descriptions(reader, resource));
    dh_put(out, "geoLocations", dh_datacite_locations(reader, resource));
    dh_put(out, "fundingReferences", dh_datacite_funders(reader, resource));
    dh_put(out, "relatedIdentifiers", dh_datacite_relations(reader, resource));
    dh_put(out, "relatedItems", dh_datacite_items(reader, resource));
    if (in_kernel(resource))
        dh_put_string(out, "schemaVersion", resource->ns);
}

enum dh_status dh_datacite_metadata(const struct dh_xml *resource, struct json_object **metadata,
                                    struct dh_arena *arena, struct dh_err *err)
{
    struct dh_datacite_reader reader = {.arena = arena};
    struct json_object *out = dh_datacite_object(&reader);
    *metadata = NULL;
    if (out)
        fill(&reader, out, resource);
    struct dh_str id = dh_datacite_trimmed(&reader, dh_xml_child(resource, "identifier"));
    enum dh_status status = reader.failed ? dh_fail(err, DH_MEMORY, "out of memory")
                                          : dh_metadata_finish(out, id, arena, err);
    if (status)
        json_object_put(out);
    else
        *metadata = out;
    return status;
}

/* ---- finding resources ----------------------------------------------------------------------- */

static bool is_resource(const struct dh_xml *element)
{
    return dh_str_equal(element->name, DH_STR("resource")) &&
           (in_kernel(element) || (!element->parent && !element->ns.len));
}

/* The next element of the tree, in the order of the text, that is no part of `after` when that is
 * a resource; NULL at the end. */
static const struct dh_xml *next_resource(const struct dh_xml *root, const struct dh_xml *after)
{
    const struct dh_xml *x = after ? after : root;
    bool inside = !after;
    if (!after && is_resource(root))
        return root;
    for (;;) {
        const struct dh_xml *next = inside ? dh_xml_first(x) : NULL;
        while (!next && x != root) {
            next = dh_xml_next(x);
            x = next ? x : x->parent;
        }
        if (!next || is_resource(next))
            return next;
        x = next;
        inside = true;
    }
}

bool dh_datacite_fits(const struct dh_format_input *input)
{
    return input->xml && next_resource(input->xml, NULL);
}

enum dh_status dh_datacite_read(const struct dh_format_input *input, struct json_object *records,
                                struct dh_arena *arena, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    const struct dh_xml *resource = next_resource(input->xml, NULL);
    if (!resource)
        return dh_fail(err, DH_INVALID, "there is no DataCite resource in this XML");
    for (; resource && !status; resource = next_resource(input->xml, resource)) {
        struct json_object *metadata;
        status = dh_datacite_metadata(resource, &metadata, arena, err);
        if (!status)
            status = dh_records_add(records, metadata, err);
    }
    return status;
}
