/*
 * Crossref's UNIXSD XML (also the older UNIXREF) as metadata trees: what Crossref answers when it
 * is asked for the metadata of DOIs. Only read; the DataCite REST API does not offer it.
 */
#include "base/html.h"
#include "format/crossref.h"
#include "format/rows.h"

/* ---- looking into elements ------------------------------------------------------------------ */

struct dh_str dh_crossref_text(const struct dh_crossref *in, const struct dh_xml *element)
{
    if (!element)
        return DH_STR_NONE;
    return dh_text_squish(in->arena, dh_xml_text(element, in->arena));
}

struct dh_str dh_crossref_child(const struct dh_crossref *in, const struct dh_xml *parent,
                                const char *name)
{
    return dh_crossref_text(in, dh_xml_child(parent, name));
}

/* The HTML element of one of JATS or Crossref; NULL: its text alone stays. */
static const char *html_tag(struct dh_str name)
{
    static const struct {
        const char *name, *tag;
    } tags[] = {{"b", "b"},      {"bold", "b"},         {"i", "i"},
                {"italic", "i"}, {"em", "em"},          {"strong", "strong"},
                {"sub", "sub"},  {"sup", "sup"},        {"code", "code"},
                {"tt", "code"},  {"monospace", "code"}, {"pre", "pre"}};
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (dh_str_equal(name, dh_str(tags[i].name)))
            return tags[i].tag;
    return NULL;
}

static void put_markup(struct dh_buf *out, const struct dh_xml *element);

/* As deep as XML may be nested. */
static void put_element(struct dh_buf *out, const struct dh_xml *element)
{
    const char *tag = html_tag(element->name);
    bool paragraph = dh_str_equal(element->name, DH_STR("p"));
    if (tag)
        dh_buf_printf(out, "<%s>", tag);
    else if (paragraph && out->len)
        dh_buf_char(out, '\n');
    put_markup(out, element);
    if (tag)
        dh_buf_printf(out, "</%s>", tag);
}

static void put_markup(struct dh_buf *out, const struct dh_xml *element)
{
    for (const struct dh_xml *node = element->first; node; node = node->next)
        if (node->name.ptr)
            put_element(out, node);
        else
            dh_xml_escape(out, node->text, false);
}

static struct dh_str markup(const struct dh_crossref *in, const struct dh_xml *element,
                            unsigned flags)
{
    struct dh_str text = DH_STR_NONE;
    struct dh_buf buf;
    if (!element)
        return text;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    put_markup(&buf, element);
    if (!buf.status && buf.len)
        text = dh_html_clean(in->arena, dh_buf_view(&buf), flags);
    dh_buf_release(&buf);
    return dh_str_blank(text) ? DH_STR_NONE : text;
}

static struct dh_str title_of(const struct dh_crossref *in, const struct dh_xml *element)
{
    return markup(in, element, DH_HTML_SQUISH);
}

/* The text of <crm-item name="..."> */
static struct dh_str item_of(const struct dh_crossref *in, const char *name)
{
    const struct dh_xml *item = dh_xml_child(in->query, "crm-item");
    while (item && !dh_str_equal(dh_xml_attr(item, "name"), dh_str(name)))
        item = dh_xml_same(item);
    return dh_crossref_text(in, item);
}

/* Of the electronic edition when there is a choice. */
static struct dh_str issn_of(const struct dh_crossref *in, const struct dh_xml *parent)
{
    const struct dh_xml *first = dh_xml_child(parent, "issn"), *issn = first;
    while (issn && !dh_str_equal(dh_xml_attr(issn, "media_type"), DH_STR("electronic")))
        issn = dh_xml_same(issn);
    return dh_issn_of(in->arena, dh_crossref_text(in, issn ? issn : first));
}

/* ---- what kind of work ---------------------------------------------------------------------- */

static const struct dh_xml *first_of(const struct dh_xml *a, const struct dh_xml *b,
                                     const struct dh_xml *c)
{
    return a ? a : b ? b : c;
}

static void open_book(struct dh_crossref *in)
{
    const struct dh_xml *series = dh_xml_child(in->model, "book_series_metadata");
    const struct dh_xml *set = dh_xml_child(in->model, "book_set_metadata");
    const struct dh_xml *part = dh_xml_child(in->model, "content_item");
    in->book = dh_xml_child(in->model, "book_metadata");
    in->series = dh_xml_child(series, "series_metadata");
    in->work = part ? part : first_of(in->book, series, set);
    in->type = "Book";
    in->component = dh_xml_attr(part, "component_type");
}

static void open_journal(struct dh_crossref *in)
{
    const struct dh_xml *article = dh_xml_child(in->model, "journal_article");
    in->journal = dh_xml_child(in->model, "journal_metadata");
    in->issue = dh_xml_child(in->model, "journal_issue");
    in->work = first_of(article, in->issue, in->journal);
    in->type = article ? "JournalArticle" : in->issue ? "JournalIssue" : "Journal";
}

static void open_component(struct dh_crossref *in)
{
    in->work = dh_xml_child(dh_xml_child(in->model, "component_list"), "component");
}

/* The models: where the work stands in them (NULL: they are the work), or what finds it. */
static const struct model {
    const char *name, *work, *type;
    void (*open)(struct dh_crossref *in);
} models[] = {
    {"book", NULL, NULL, open_book},
    {"conference", "conference_paper", "Conference", NULL},
    {"journal", NULL, NULL, open_journal},
    {"posted_content", NULL, "PostedContent", NULL},
    {"sa_component", NULL, "SaComponent", open_component},
    {"database", "dataset", "Dataset", NULL},
    {"report-paper", "report-paper_metadata", "Report", NULL},
    {"report_paper", "report_paper_metadata", "Report", NULL},
    {"peer_review", NULL, "PeerReview", NULL},
    {"dissertation", NULL, "Dissertation", NULL},
    {"standard", "standard_metadata", "Standard", NULL},
};

/* False for an element that is no work: an error, or a model unknown. */
static bool open_work(struct dh_crossref *in)
{
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        const struct model *model = &models[i];
        if (!dh_str_equal(in->model->name, dh_str(model->name)))
            continue;
        in->type = model->type;
        in->work = model->work ? dh_xml_child(in->model, model->work) : in->model;
        if (model->open)
            model->open(in);
        return in->work != NULL;
    }
    return false;
}

/* "Book" and "chapter" are "BookChapter". */
static struct dh_str resource_type(const struct dh_crossref *in)
{
    struct dh_buf name;
    bool upper = true;
    dh_buf_init(&name, DH_VALUE_MAX);
    dh_buf_text(&name, in->type);
    for (size_t i = 0; i < in->component.len; i++) {
        char c = in->component.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter)
            dh_buf_char(&name, upper && c >= 'a' ? (char)(c - 32) : c);
        upper = !letter;
    }
    struct dh_str type = name.status ? DH_STR_NONE : dh_arena_copy(in->arena, dh_buf_view(&name));
    dh_buf_release(&name);
    return type;
}

static const char *type_in(enum dh_type_scheme scheme, struct dh_str type, const char *otherwise)
{
    const char *mapped = dh_type_map(DH_TYPE_CROSSREF, scheme, type);
    return mapped ? mapped : otherwise;
}

static void put_types(const struct dh_crossref *in)
{
    struct dh_str type = resource_type(in);
    dh_put(in->metadata, "types",
           dh_types_new(type_in(DH_TYPE_DATACITE, type, NULL), type,
                        type_in(DH_TYPE_SCHEMA_ORG, type, "ScholarlyArticle"),
                        type_in(DH_TYPE_CITEPROC, type, "article-journal"),
                        type_in(DH_TYPE_BIBTEX, type, "misc"), type_in(DH_TYPE_RIS, type, "JOUR")));
}

/* ---- texts ---------------------------------------------------------------------------------- */

static void put_titles(const struct dh_crossref *in)
{
    for (const struct dh_xml *titles = dh_xml_child(in->work, "titles");
         titles && dh_counts_item(in->counts); titles = dh_xml_same(titles)) {
        const struct dh_xml *original = dh_xml_child(titles, "original_language_title");
        dh_append(in->metadata, "titles", "title", title_of(in, dh_xml_child(titles, "title")),
                  NULL, NULL);
        dh_append(in->metadata, "titles", "title", title_of(in, dh_xml_child(titles, "subtitle")),
                  "titleType", "Subtitle");
        struct dh_str lang = dh_arena_copy(in->arena, dh_xml_attr(original, "language"));
        dh_append(in->metadata, "titles", "title", title_of(in, original), lang.len ? "lang" : NULL,
                  lang.ptr);
    }
    if (!dh_json_get(in->metadata, "titles"))
        dh_append(in->metadata, "titles", "title", DH_STR(":(unav)"), NULL, NULL);
}

static void put_descriptions(const struct dh_crossref *in)
{
    static const struct {
        const char *name, *type;
    } kinds[] = {{"abstract", "Abstract"}, {"description", "Other"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (const struct dh_xml *element = dh_xml_child(in->work, kinds[i].name); element;
             element = dh_xml_same(element))
            dh_append(in->metadata, "descriptions", "description",
                      markup(in, element, DH_HTML_NEWLINES), "descriptionType", kinds[i].type);
}

/* The publisher's own number, else the ISBN. */
static void put_identifiers(const struct dh_crossref *in)
{
    const struct dh_xml *item =
        dh_xml_child(dh_xml_child(in->work, "publisher_item"), "item_number");
    /* a chapter stands in a book that has the ISBN */
    const struct dh_xml *holder = in->book ? in->book : in->work;
    if (!item)
        item = dh_xml_child(in->work, "item_number");
    for (const struct dh_xml *next = item; next && dh_counts_item(in->counts);
         next = dh_xml_same(next)) {
        struct dh_str type = dh_arena_copy(in->arena, dh_xml_attr(next, "item_number_type"));
        dh_append(in->metadata, "identifiers", "identifier", dh_crossref_text(in, next),
                  "identifierType", type.len ? type.ptr : "Publisher ID");
    }
    if (!dh_json_get(in->metadata, "identifiers"))
        dh_append(in->metadata, "identifiers", "identifier", dh_crossref_child(in, holder, "isbn"),
                  "identifierType", "ISBN");
}

static void put_publisher(const struct dh_crossref *in)
{
    struct dh_str name = item_of(in, "publisher-name");
    if (!name.ptr)
        name = dh_crossref_child(in, dh_xml_child(first_of(in->book, in->work, NULL), "publisher"),
                                 "publisher_name");
    if (!name.ptr)
        name = dh_crossref_child(in, dh_xml_child(in->work, "institution"), "institution_name");
    struct json_object *publisher = name.ptr ? json_object_new_object() : NULL;
    if (publisher)
        dh_put_string(publisher, "name", name);
    dh_put(in->metadata, "publisher", publisher);
}

/* ---- the container -------------------------------------------------------------------------- */

static void put_pages(const struct dh_crossref *in, struct json_object *container)
{
    const struct dh_xml *pages = dh_xml_child(in->work, "pages");
    const struct dh_xml *item = dh_xml_child(in->work, "publisher_item");
    struct dh_str first = dh_crossref_child(in, pages, "first_page");
    if (!first.ptr && in->journal)
        first = dh_crossref_child(in, item, "item_number");
    dh_put_string(container, "firstPage", first);
    dh_put_string(container, "lastPage", dh_crossref_child(in, pages, "last_page"));
}

static void put_container_of(const struct dh_crossref *in, const char *type, struct dh_str title,
                             struct dh_str issn, struct dh_str volume)
{
    struct json_object *container = json_object_new_object();
    if (!container)
        return;
    dh_put_string(container, "type", dh_str(type));
    dh_put_string(container, "title", title);
    if (issn.ptr) {
        dh_put_string(container, "identifier", issn);
        dh_put_string(container, "identifierType", DH_STR("ISSN"));
    }
    dh_put_string(container, "volume", volume);
    dh_put_string(container, "issue", dh_crossref_child(in, in->issue, "issue"));
    put_pages(in, container);
    dh_put(in->metadata, "container", container);
}

static void put_container(const struct dh_crossref *in)
{
    const struct dh_xml *series_titles = dh_xml_child(in->series, "titles");
    const struct dh_xml *book_titles = dh_xml_child(in->book, "titles");
    if (in->journal)
        put_container_of(
            in, "Journal", dh_crossref_child(in, in->journal, "full_title"),
            issn_of(in, in->journal),
            dh_crossref_child(in, dh_xml_child(in->issue, "journal_volume"), "volume"));
    else if (in->book)
        put_container_of(in, "Book", dh_crossref_child(in, book_titles, "title"), DH_STR_NONE,
                         DH_STR_NONE);
    else if (in->series)
        put_container_of(in, "Book Series", dh_crossref_child(in, series_titles, "title"),
                         issn_of(in, in->series), dh_crossref_child(in, in->work, "volume"));
}

/* ---- dates ---------------------------------------------------------------------------------- */

/* "2006-12-20" of year, month and day; the year alone when they make no date. */
static struct dh_str date_of_parts(const struct dh_crossref *in, const struct dh_xml *date)
{
    struct dh_str year = dh_crossref_child(in, date, "year");
    struct dh_str month = dh_crossref_child(in, date, "month");
    struct dh_str day = dh_crossref_child(in, date, "day"), whole = DH_STR_NONE;
    int number = (int)(dh_str_integer(month) % 100);
    if (month.ptr && day.ptr)
        whole = dh_arena_format(in->arena, "%.*s-%02d-%02d", DH_STR_ARG(year), number,
                                (int)(dh_str_integer(day) % 100));
    else if (month.ptr)
        whole = dh_arena_format(in->arena, "%.*s-%02d", DH_STR_ARG(year), number);
    return whole.ptr && dh_date_valid(whole) ? whole : year;
}

static struct dh_str issued(const struct dh_crossref *in)
{
    static const char *const names[] = {"publication_date", "acceptance_date", "posted_date",
                                        "approval_date"};
    struct dh_str date = DH_STR_NONE;
    for (size_t i = 0; !date.ptr && i < sizeof(names) / sizeof(names[0]); i++)
        date = date_of_parts(in, dh_xml_child(in->work, names[i]));
    if (date.ptr)
        return date;
    enum { DAY = sizeof("2006-12-20") - 1 };
    date = item_of(in, "created");
    return (struct dh_str){date.ptr, date.len < DAY ? date.len : DAY};
}

/* "2017-03-09 12:00:51.0", as it was written once, is the day alone. */
static struct dh_str updated(const struct dh_crossref *in)
{
    struct dh_str date = item_of(in, "last-update");
    return (struct dh_str){date.ptr, dh_str_find(date, ' ')};
}

/* Of a timestamp "20161231025645", with or without milliseconds. */
static struct dh_str registered(const struct dh_crossref *in)
{
    struct dh_str rest = item_of(in, "deposit-timestamp");
    unsigned year, month, day, hour, minute, second;
    if (!dh_str_take_digits(&rest, 4, &year) || !dh_str_take_digits(&rest, 2, &month) ||
        !dh_str_take_digits(&rest, 2, &day) || !dh_str_take_digits(&rest, 2, &hour) ||
        !dh_str_take_digits(&rest, 2, &minute) || !dh_str_take_digits(&rest, 2, &second))
        return DH_STR_NONE;
    struct dh_str time = dh_arena_format(in->arena, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, month,
                                         day, hour, minute, second);
    return time.ptr && dh_date_valid(time) ? time : DH_STR_NONE;
}

static void put_dates(const struct dh_crossref *in)
{
    struct dh_str date = issued(in);
    struct json_object *dates = json_object_new_array();
    if (dates) {
        dh_add_date(dates, date, "Issued");
        dh_add_date(dates, updated(in), "Updated");
    }
    dh_put(in->metadata, "dates", dates);
    dh_put_string(in->metadata, "publicationYear", dh_year_of(date));
    dh_put_string(in->metadata, "registered", registered(in));
}

/* ---- relations that stand in the metadata itself -------------------------------------------- */

static void put_part_of(const struct dh_crossref *in)
{
    struct dh_str issn = issn_of(in, in->journal);
    if (issn.ptr)
        dh_append_part_of(in->metadata, issn, "ISSN", "Collection");
    if (dh_str_equal(in->model->name, DH_STR("sa_component")))
        dh_append_part_of(in->metadata, item_of(in, "relation"), "DOI", NULL);
}

static void put_references(const struct dh_crossref *in)
{
    const struct dh_xml *list = dh_xml_child(in->work, "citation_list");
    for (const struct dh_xml *citation = dh_xml_child(list, "citation"); citation;
         citation = dh_xml_same(citation)) {
        struct dh_str doi = dh_crossref_child(in, citation, "doi");
        if (doi.ptr && dh_counts_item(in->counts))
            dh_append_related(in->metadata, dh_arena_lower(in->arena, doi), "DOI",
                              DH_STR("References"), NULL);
    }
}

/* ---- records -------------------------------------------------------------------------------- */

static enum dh_status fill(const struct dh_crossref *in, struct dh_err *err)
{
    const struct dh_xml *doi_data = dh_xml_child(in->work, "doi_data");
    struct dh_str doi = dh_crossref_child(in, doi_data, "doi");
    struct dh_str language = dh_str_trim(dh_xml_attr(in->work, "language"));
    put_types(in);
    put_titles(in);
    dh_crossref_people(in);
    put_publisher(in);
    put_container(in);
    put_dates(in);
    put_part_of(in);
    put_references(in);
    dh_crossref_programs(in);
    put_descriptions(in);
    put_identifiers(in);
    dh_put_string(in->metadata, "url", dh_crossref_child(in, doi_data, "resource"));
    if (language.len && in->work != in->journal)
        dh_put_string(in->metadata, "language", language);
    dh_put_string(in->metadata, "agency", DH_STR("crossref"));
    return dh_metadata_finish(in->metadata, dh_doi_in(in->arena, doi), in->arena, err);
}

/* The work of one <doi_record>; an answer without metadata is passed over. */
static enum dh_status read_record(const struct dh_xml *query, const struct dh_xml *record,
                                  struct json_object *records, struct dh_counts *counts,
                                  struct dh_arena *arena, struct dh_err *err)
{
    struct dh_crossref in = {.query = query, .arena = arena, .counts = counts};
    in.model = dh_xml_first(dh_xml_child(record, "crossref"));
    if (!in.model || !open_work(&in))
        return DH_OK;
    in.metadata = json_object_new_object();
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

/* The first <query> of an answer, or <doi_records> of the older one. */
static const struct dh_xml *first_query(const struct dh_xml *root)
{
    if (root && dh_str_equal(root->name, DH_STR("doi_records")))
        return root;
    if (!root || !dh_str_equal(root->name, DH_STR("crossref_result")))
        return NULL;
    return dh_xml_child(dh_xml_child(dh_xml_child(root, "query_result"), "body"), "query");
}

static enum dh_status crossref_read(const struct dh_format_input *input,
                                    struct json_object *records, struct dh_arena *arena,
                                    struct dh_err *err)
{
    struct dh_counts counts = {0};
    enum dh_status status = DH_OK;
    for (const struct dh_xml *query = first_query(input->xml); query && !status;
         query = dh_xml_same(query))
        for (const struct dh_xml *record = dh_xml_child(query, "doi_record"); record && !status;
             record = dh_xml_same(record)) {
            struct dh_arena_mark mark = dh_arena_mark(arena);
            status = read_record(query, record, records, &counts, arena, err);
            dh_arena_rewind(arena, mark);
        }
    return status;
}

static bool crossref_fits(const struct dh_format_input *input)
{
    for (const struct dh_xml *query = first_query(input->xml); query; query = dh_xml_same(query))
        if (dh_xml_child(dh_xml_child(query, "doi_record"), "crossref"))
            return true;
    return false;
}

const struct dh_format dh_format_crossref = {
    .name = "crossref",
    .title = "Crossref XML",
    .type = "application/vnd.crossref.unixref+xml",
    .aliases = "application/vnd.crossref.unixsd+xml",
    .extensions = "xml",
    .flags = DH_FORMAT_XML,
    .read = crossref_read,
    .fits = crossref_fits,
};
