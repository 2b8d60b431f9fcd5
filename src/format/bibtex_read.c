/* BibTeX entries as metadata trees. What a value holds of LaTeX stays as it is, but for escaped
 * characters; only identifiers, names and the like lose the braces that can be no part of them. */
#include "format/bibtex.h"
#include "format/text_reading.h"

struct reading {
    const struct dh_bibtex_entry *entry;
    struct json_object *metadata;
    struct dh_arena *arena;
    struct dh_counts *counts;
};

/* ---- values --------------------------------------------------------------------------------- */

/* In place: "\\&" is "&" whatever TeX does with it, and so are the other four. */
static struct dh_str unescaped(struct dh_str text)
{
    char *out = (char *)text.ptr;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '\\' && i + 1 < text.len &&
                      memchr("&%#$_", text.ptr[i + 1], 5) && !(i && text.ptr[i - 1] == '\\');
        if (!escape)
            out[len++] = text.ptr[i];
    }
    return (struct dh_str){out, len};
}

/* The first of these fields (a comma list) that has a value, with single spaces. A copy. */
static struct dh_str text_of(const struct reading *in, const char *names)
{
    struct dh_str rest = dh_str(names), name, text = DH_STR_NONE;
    while (!text.ptr && dh_str_split(&rest, ',', &name))
        text = dh_text_squish(in->arena, dh_bibtex_get(in->entry, name));
    return text.ptr ? unescaped(text) : text;
}

/* The same without braces around all of it. */
static struct dh_str plain_of(const struct reading *in, const char *names)
{
    struct dh_str text = text_of(in, names);
    return text.ptr ? dh_bibtex_plain(in->arena, text) : text;
}

/* The same of an identifier or URL: "\_" is "_", "\url{x}" is x, and no brace counts. */
static struct dh_str code_of(const struct reading *in, const char *names)
{
    static const char *const commands[] = {"\\url{", "\\href{", "\\path{"};
    struct dh_str text = text_of(in, names);
    char *out = text.ptr ? dh_arena_alloc(in->arena, text.len + 1) : NULL;
    size_t len = 0;
    if (!out)
        return DH_STR_NONE;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (dh_str_starts(text, dh_str(commands[i]))) {
            text = dh_str_from(text, strlen(commands[i]));
            text.len = dh_str_find(text, '}');
        }
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("{}\\", text.ptr[i], 3))
            out[len++] = text.ptr[i];
    return dh_str_trim((struct dh_str){out, len});
}

/* ---- the parts of a record ------------------------------------------------------------------ */

static const char *type_in(enum dh_type_scheme scheme, struct dh_str type, const char *otherwise)
{
    const char *mapped = dh_type_map(DH_TYPE_BIBTEX, scheme, type);
    return mapped ? mapped : otherwise;
}

static void put_types(const struct reading *in)
{
    struct dh_str type = in->entry->type;
    const char *resource_type = type_in(DH_TYPE_CROSSREF, type, NULL);
    struct json_object *types = dh_types_new(
        type_in(DH_TYPE_DATACITE, type, NULL), resource_type ? dh_str(resource_type) : type,
        type_in(DH_TYPE_SCHEMA_ORG, type, "ScholarlyArticle"),
        type_in(DH_TYPE_CITEPROC, type, "misc"), NULL, type_in(DH_TYPE_RIS, type, "GEN"));
    if (types)
        dh_put_string(types, "bibtex", type);
    dh_put(in->metadata, "types", types);
}

static struct dh_str present(struct dh_str s)
{
    return s.len ? s : DH_STR_NONE;
}

static struct json_object *person_of(const struct reading *in, const struct dh_bibtex_name *name,
                                     const char *contributor_type)
{
    bool organisation = name->literal.ptr != NULL;
    struct dh_person person = {
        .name_type = organisation ? DH_STR("Organizational") : DH_STR("Personal"),
        .name = organisation ? name->literal : dh_person_name(in->arena, name->family, name->given),
        .family = present(name->family),
        .given = present(name->given),
        .contributor_type = contributor_type,
    };
    return dh_person_new(&person);
}

static enum dh_status put_people(const struct reading *in, const char *field, const char *list,
                                 const char *contributor_type, struct dh_err *err)
{
    struct dh_str text = text_of(in, field);
    struct dh_bibtex_name name;
    struct json_object *people = json_object_new_array();
    bool made = people;
    while (made && dh_bibtex_name_next(&text, &name, in->arena) && dh_counts_item(in->counts)) {
        struct json_object *person = NULL;
        if (name.literal.ptr || (name.family.ptr && name.given.ptr))
            person = person_of(in, &name, contributor_type);
        made = person && !json_object_array_add(people, person);
        if (!made)
            json_object_put(person);
    }
    if (made)
        dh_put(in->metadata, list, people);
    else
        json_object_put(people);
    return made ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

static void put_publisher(const struct reading *in)
{
    struct dh_str name = plain_of(in, "publisher,school,institution,organization");
    struct json_object *publisher = name.ptr ? json_object_new_object() : NULL;
    if (publisher)
        dh_put_string(publisher, "name", name);
    dh_put(in->metadata, "publisher", publisher);
}

/* The journal, or the book that a chapter or paper stands in. */
static void put_container(const struct reading *in)
{
    struct dh_str journal = plain_of(in, "journal,journaltitle"), first, last;
    struct dh_str title = journal.ptr ? journal : plain_of(in, "booktitle");
    struct json_object *container = title.ptr ? json_object_new_object() : NULL;
    if (!container)
        return;
    struct dh_str issn = dh_issn_of(in->arena, code_of(in, "issn,eissn"));
    struct dh_str isbn = journal.ptr ? DH_STR_NONE : dh_isbn_of(in->arena, code_of(in, "isbn"));
    dh_put_string(container, "type", journal.ptr ? DH_STR("Journal") : DH_STR("Book"));
    dh_put_string(container, "title", title);
    dh_put_string(container, "identifier", isbn.ptr ? isbn : issn);
    if (isbn.ptr || issn.ptr)
        dh_put_string(container, "identifierType", isbn.ptr ? DH_STR("ISBN") : DH_STR("ISSN"));
    dh_put_string(container, "volume", plain_of(in, "volume"));
    dh_put_string(container, "issue", plain_of(in, "issue,number"));
    dh_pages_split(plain_of(in, "pages"), &first, &last);
    dh_put_string(container, "firstPage", first);
    dh_put_string(container, "lastPage", last);
    dh_put(in->metadata, "container", container);
    if (issn.ptr)
        dh_append_part_of(in->metadata, issn, "ISSN", NULL);
}

/* A book's own number; that of the book around a chapter belongs to the container. */
static void put_identifiers(const struct reading *in)
{
    if (!text_of(in, "booktitle").ptr)
        dh_append(in->metadata, "identifiers", "identifier",
                  dh_isbn_of(in->arena, code_of(in, "isbn")), "identifierType", "ISBN");
}

static void put_dates(const struct reading *in)
{
    struct dh_str date = plain_of(in, "date"), year = plain_of(in, "year");
    struct dh_str issued = date.ptr && dh_date_valid(date) ? date : year;
    struct json_object *dates = json_object_new_array();
    if (dates && issued.ptr)
        dh_add_date(dates, issued, "Issued");
    dh_put(in->metadata, "dates", dates);
    struct dh_str published = dh_year_of(date);
    dh_put_string(in->metadata, "publicationYear", published.ptr ? published : dh_year_of(year));
}

/* Semicolons part keywords when there are any, else commas; never within braces. */
static void put_subjects(const struct reading *in)
{
    struct dh_str rest = plain_of(in, "keywords,keyword"), part;
    char separator = dh_str_find(rest, ';') < rest.len ? ';' : ',';
    while (dh_bibtex_split(&rest, separator, &part) && dh_counts_item(in->counts))
        if (!dh_str_blank(part))
            dh_append(in->metadata, "subjects", "subject", dh_bibtex_plain(in->arena, part), NULL,
                      NULL);
}

static void put_rights(const struct reading *in)
{
    struct dh_str text = plain_of(in, "copyright,license,rights");
    struct json_object *list = text.ptr ? json_object_new_array() : NULL;
    struct json_object *rights = list ? dh_rights_of_text(in->arena, text) : NULL;
    if (rights && json_object_array_add(list, rights))
        json_object_put(rights);
    dh_put(in->metadata, "rightsList", list);
}

static void put_texts(const struct reading *in)
{
    dh_append(in->metadata, "titles", "title", text_of(in, "title"), NULL, NULL);
    dh_append(in->metadata, "titles", "title", text_of(in, "subtitle"), "titleType", "Subtitle");
    dh_append(in->metadata, "descriptions", "description", text_of(in, "abstract"),
              "descriptionType", "Abstract");
    dh_put_string(in->metadata, "language", plain_of(in, "language,langid"));
    dh_put_string(in->metadata, "version", plain_of(in, "version"));
    dh_put_string(in->metadata, "url", code_of(in, "url,howpublished"));
}

/* Its DOI in any form: of its field, of a URL, or the key. */
static struct dh_str identity_of(const struct reading *in)
{
    struct dh_str url = code_of(in, "url"), doi = dh_doi_in(in->arena, code_of(in, "doi"));
    if (doi.ptr)
        return doi;
    if (dh_id_doi(in->arena, url).ptr)
        return dh_doi_in(in->arena, url);
    bool named = dh_id_doi(in->arena, in->entry->key).ptr;
    return named ? dh_doi_in(in->arena, in->entry->key) : DH_STR_NONE;
}

/* ---- records -------------------------------------------------------------------------------- */

static enum dh_status fill(const struct reading *in, struct dh_err *err)
{
    put_types(in);
    put_texts(in);
    put_publisher(in);
    put_container(in);
    put_identifiers(in);
    put_dates(in);
    put_subjects(in);
    put_rights(in);
    struct dh_str id = identity_of(in);
    if (dh_str_starts(id, DH_STR("10.")))
        dh_put_string(in->metadata, "doi", id);
    enum dh_status status = put_people(in, "author", "creators", NULL, err);
    if (!status)
        status = put_people(in, "editor", "contributors", "Editor", err);
    return status ? status : dh_metadata_finish(in->metadata, id, in->arena, err);
}

static enum dh_status add_record(struct json_object *records, const struct dh_bibtex_entry *entry,
                                 struct dh_counts *counts, struct dh_arena *arena,
                                 struct dh_err *err)
{
    struct reading in = {entry, json_object_new_object(), arena, counts};
    if (!in.metadata)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = fill(&in, err);
    if (!status)
        status = dh_counts_record(counts, err);
    if (!status)
        return dh_records_add(records, in.metadata, err);
    json_object_put(in.metadata);
    return status;
}

/* Nothing of an entry stays in the arena: a file may have many. */
enum dh_status dh_bibtex_read(const struct dh_format_input *input, struct json_object *records,
                              struct dh_arena *arena, struct dh_err *err)
{
    struct dh_bibtex in;
    struct dh_counts counts = {0};
    struct dh_bibtex_entry entry = {.type = DH_STR("")};
    enum dh_status status = dh_bibtex_init(&in, input->text, arena, err);
    while (!status && entry.type.ptr) {
        struct dh_arena_mark mark = dh_arena_mark(arena);
        status = dh_bibtex_next(&in, &entry);
        if (!status && entry.type.ptr)
            status = add_record(records, &entry, &counts, arena, err);
        dh_arena_rewind(arena, mark);
    }
    dh_bibtex_release(&in);
    return status;
}
