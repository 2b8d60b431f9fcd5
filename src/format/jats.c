/* JATS XML: a record as one element-citation, for reference lists of articles. */
#include "base/xml.h"
#include "format/format.h"
#include "format/parts.h"
#include "format/reading.h"
#include "format/rows.h"

struct maker {
    struct dh_arena *arena;
    struct json_object *metadata;
    struct dh_xml *root;
    struct dh_str type; /* of the publication; empty: unknown */
};

static struct dh_xml *add(const struct maker *maker, struct dh_xml *parent, const char *name,
                          struct dh_str text)
{
    return text.ptr ? dh_xml_add_text(maker->arena, parent, name, text) : NULL;
}

static bool is(const struct maker *maker, const char *type)
{
    return dh_str_equal(maker->type, dh_str(type));
}

/* ---- people --------------------------------------------------------------------------------- */

/* Somebody with parts of a name is a person, all others go by one name. */
static void add_name(const struct maker *maker, struct dh_xml *group, struct json_object *person)
{
    struct dh_str family = dh_text_present(person, "familyName");
    struct dh_str given = dh_text_present(person, "givenName");
    if (family.ptr || given.ptr) {
        struct dh_xml *name = dh_xml_add(maker->arena, group, "name");
        add(maker, name, "surname", family);
        add(maker, name, "given-names", given);
        return;
    }
    bool object = json_object_is_type(person, json_type_object);
    add(maker, group, "collab", object ? dh_text_present(person, "name") : dh_text_of(person));
}

static void add_group(const struct maker *maker, const char *key, struct dh_str type)
{
    struct json_object *people = dh_json_get(maker->metadata, key);
    if (!dh_present(people))
        return;
    struct dh_xml *group = dh_xml_add(maker->arena, maker->root, "person-group");
    dh_xml_set(maker->arena, group, "person-group-type", type);
    for (size_t i = 0; i < dh_count_of(people); i++)
        add_name(maker, group, dh_at(people, i));
}

/* ---- title and source ------------------------------------------------------------------------ */

static void add_titles(const struct maker *maker)
{
    static const struct {
        const char *type, *element;
    } rows[] = {{"data", "data-title"}, {"journal", "article-title"}, {"chapter", "chapter-title"}};
    struct dh_str title = dh_first_title(maker->metadata);
    struct dh_str publisher = dh_publisher_name(maker->metadata), source = title;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is(maker, rows[i].type))
            add(maker, maker->root, rows[i].element, title);
    if (is(maker, "chapter")) {
        source = publisher;
    } else if (is(maker, "journal") || is(maker, "data")) {
        source = dh_text_present(dh_container(maker->metadata), "title");
        source = source.ptr ? source : publisher;
    }
    add(maker, maker->root, "source", source);
    if (is(maker, "data"))
        return;
    struct dh_xml *name = add(maker, maker->root, "publisher-name", publisher);
    dh_xml_set(maker->arena, name, "xml:lang",
               dh_text_present(dh_json_get(maker->metadata, "publisher"), "lang"));
}

/* ---- date ----------------------------------------------------------------------------------- */

/* Takes "-05" off the front; NONE when the text goes on otherwise. */
static struct dh_str take_part(struct dh_str *date)
{
    unsigned number;
    struct dh_str rest = *date, part = dh_str_from(*date, 1);
    if (!dh_str_take(&rest, '-') || !dh_str_take_digits(&rest, 2, &number))
        return DH_STR_NONE;
    *date = rest;
    part.len = 2;
    return part;
}

static bool is_year_first(struct dh_str date)
{
    if (dh_str_starts(date, DH_STR("-")))
        date = dh_str_from(date, 1);
    return date.len && date.ptr[0] >= '0' && date.ptr[0] <= '9';
}

/* Year, month and day stand alone, too, as far as they are given. */
static void add_date(const struct maker *maker)
{
    struct dh_str date = dh_date_of(maker->metadata, "Issued");
    date = dh_str_trim(date);
    if (!is_year_first(date)) /* absent, or a code such as ":unav" */
        date = dh_str_trim(dh_text(maker->metadata, "publicationYear"));
    struct dh_str year = date;
    bool before_christ = dh_str_starts(date, DH_STR("-"));
    year.len = before_christ + dh_str_find(dh_str_from(date, before_christ), '-');
    if (year.len > 4 + (size_t)before_christ)
        year.len = 4 + (size_t)before_christ;
    struct dh_str rest = dh_str_from(date, year.len);
    struct dh_xml *element = dh_xml_add_text(maker->arena, maker->root, "year", year);
    dh_xml_set(maker->arena, element, "iso-8601-date", date.ptr ? date : DH_STR(""));
    struct dh_str month = take_part(&rest);
    add(maker, maker->root, "month", month);
    if (month.ptr)
        add(maker, maker->root, "day", take_part(&rest));
}

/* ---- the document ---------------------------------------------------------------------------- */

static struct dh_str publication_type(struct json_object *metadata)
{
    const char *type =
        dh_type_map(DH_TYPE_CROSSREF, DH_TYPE_JATS, dh_type_of(metadata, "resourceType"));
    if (!type)
        type = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_JATS, dh_type_of(metadata, "schemaOrg"));
    return dh_str(type);
}

static enum dh_status write_jats(struct json_object *metadata,
                                 const struct dh_format_options *options, struct dh_buf *out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    static const struct {
        const char *element, *key;
    } parts[] = {
        {"volume", "volume"}, {"issue", "issue"}, {"fpage", "firstPage"}, {"lpage", "lastPage"}};
    (void)options;
    struct maker maker = {arena, metadata, dh_xml_add(arena, NULL, "element-citation"),
                          publication_type(metadata)};
    struct json_object *container = dh_container(metadata);
    dh_xml_set(arena, maker.root, "publication-type", maker.type);
    add_group(&maker, "creators", DH_STR("author"));
    add_group(&maker, "contributors", DH_STR("editor"));
    add_titles(&maker);
    add_date(&maker);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        add(&maker, maker.root, parts[i].element, dh_text_present(container, parts[i].key));
    add(&maker, maker.root, "version", dh_text_present(metadata, "version"));
    struct dh_xml *doi = add(&maker, maker.root, "pub-id", dh_text_present(metadata, "doi"));
    dh_xml_set(arena, doi, "pub-id-type", DH_STR("doi"));
    if (!maker.root || !maker.root->name.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_xml_write(out, maker.root);
    return DH_OK;
}

const struct dh_format dh_format_jats = {
    .name = "jats",
    .title = "JATS XML",
    .type = "application/vnd.jats+xml",
    .flags = DH_FORMAT_UPSTREAM,
    .join = "\n",
    .write = write_jats,
};
