/*
 * RIS records as metadata trees. A line "TAG  - value" begins a value, other lines go on with the
 * last one; a record ends at ER, at the next TY or with the text. What stands between records is
 * skipped: databases put titles of their own there.
 */
#include "format/ris.h"
#include "format/text_reading.h"

enum { TAG = 2 };

struct line {
    char tag[TAG + 1];
    struct dh_str value;
    struct line *next;
};

/* A text being read, and the record under way. */
struct ris {
    struct dh_str rest;
    struct line *first, *last;
    struct dh_buf joined; /* the last value when it has several lines */
    struct dh_arena *arena;
    struct dh_err *err;
};

/* ---- lines ---------------------------------------------------------------------------------- */

/* Up to LF, CR LF or CR. */
static struct dh_str take_line(struct dh_str *rest)
{
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != '\n' && rest->ptr[end] != '\r')
        end++;
    struct dh_str line = {rest->ptr, end};
    bool both = end + 1 < rest->len && rest->ptr[end] == '\r' && rest->ptr[end + 1] == '\n';
    *rest = dh_str_from(*rest, end + 1 + both);
    return line;
}

static bool upper_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Takes "AU  - " off the line: two characters, white space, a hyphen, then a space or nothing. */
static bool take_tag(struct dh_str *line, char tag[TAG + 1])
{
    size_t at = TAG;
    if (line->len <= TAG || !(line->ptr[0] >= 'A' && line->ptr[0] <= 'Z') ||
        !upper_or_digit(line->ptr[1]))
        return false;
    while (at < line->len && (line->ptr[at] == ' ' || line->ptr[at] == '\t'))
        at++;
    if (at == TAG || at == line->len || line->ptr[at] != '-')
        return false;
    if (at + 1 < line->len && line->ptr[at + 1] != ' ' && line->ptr[at + 1] != '\t')
        return false;
    memcpy(tag, line->ptr, TAG);
    tag[TAG] = '\0';
    *line = dh_str_trim(dh_str_from(*line, at + 1));
    return true;
}

/* ---- records -------------------------------------------------------------------------------- */

/* Gives the last line the value that was put together. */
static enum dh_status close_line(struct ris *in)
{
    if (!in->joined.len && !in->joined.status)
        return DH_OK;
    struct dh_str value = DH_STR_NONE;
    if (!in->joined.status)
        value = dh_arena_copy(in->arena, dh_buf_view(&in->joined));
    dh_buf_clear(&in->joined);
    if (!value.ptr)
        return dh_fail(in->err, DH_MEMORY, "out of memory");
    in->last->value = value;
    return DH_OK;
}

static enum dh_status open_line(struct ris *in, const char tag[TAG + 1], struct dh_str value)
{
    enum dh_status status = close_line(in);
    struct line *line = status ? NULL : dh_arena_alloc(in->arena, sizeof(*line));
    if (!line)
        return status ? status : dh_fail(in->err, DH_MEMORY, "out of memory");
    memcpy(line->tag, tag, sizeof(line->tag));
    line->value = value;
    if (in->last)
        in->last->next = line;
    else
        in->first = line;
    in->last = line;
    return DH_OK;
}

static void continue_line(struct ris *in, struct dh_str text)
{
    if (!in->joined.len)
        dh_buf_str(&in->joined, in->last->value);
    if (in->joined.len)
        dh_buf_char(&in->joined, ' ');
    dh_buf_str(&in->joined, text);
}

static bool is_tag(const char *tag, const char *wanted)
{
    return memcmp(tag, wanted, TAG) == 0;
}

/* The lines of the next record, from in->first; NULL at the end of the text. */
static enum dh_status next_record(struct ris *in)
{
    enum dh_status status = DH_OK;
    in->first = in->last = NULL;
    while (!status && in->rest.len) {
        struct dh_str before = in->rest, line = take_line(&in->rest);
        char tag[TAG + 1];
        bool tagged = take_tag(&line, tag);
        if (tagged && in->first && (is_tag(tag, "ER") || is_tag(tag, "TY"))) {
            in->rest = is_tag(tag, "TY") ? before : in->rest;
            break;
        }
        line = dh_str_trim(line);
        if (tagged && !is_tag(tag, "ER"))
            status = open_line(in, tag, line);
        else if (!tagged && in->last && line.len)
            continue_line(in, line);
    }
    return status ? status : close_line(in);
}

/* ---- values --------------------------------------------------------------------------------- */

struct reading {
    const struct line *lines;
    struct json_object *metadata;
    struct dh_arena *arena;
    struct dh_counts *counts;
};

static const struct line *find(const struct line *line, struct dh_str tag)
{
    while (line && !is_tag(line->tag, tag.ptr))
        line = line->next;
    return line;
}

/* The first value that is not blank under the first of these tags (a comma list). */
static struct dh_str value_of(const struct reading *in, const char *tags)
{
    struct dh_str rest = dh_str(tags), tag;
    while (dh_str_split(&rest, ',', &tag))
        for (const struct line *line = find(in->lines, tag); line; line = find(line->next, tag))
            if (line->value.len)
                return line->value;
    return DH_STR_NONE;
}

/* ---- the parts of a record ------------------------------------------------------------------ */

static const char *type_in(enum dh_type_scheme scheme, struct dh_str type)
{
    return dh_type_map(DH_TYPE_RIS, scheme, type);
}

static void put_types(const struct reading *in)
{
    struct dh_str type = dh_arena_upper(in->arena, value_of(in, "TY"));
    const char *schema_org = type_in(DH_TYPE_SCHEMA_ORG, type);
    struct json_object *types =
        dh_types_new(type_in(DH_TYPE_DATACITE, type), DH_STR_NONE,
                     schema_org ? schema_org : "CreativeWork", "misc", NULL, NULL);
    if (types)
        dh_put_string(types, "ris", type.len ? type : DH_STR("GEN"));
    dh_put(in->metadata, "types", types);
}

/* Names as they were given: nothing tells a person from an organisation. */
static void put_people(const struct reading *in, const char *tag, const char *list,
                       const char *contributor_type)
{
    for (const struct line *line = find(in->lines, dh_str(tag)); line;
         line = find(line->next, dh_str(tag)))
        if (line->value.len && dh_counts_item(in->counts))
            dh_append(in->metadata, list, "name", line->value,
                      contributor_type ? "contributorType" : NULL, contributor_type);
}

static void put_publisher(const struct reading *in)
{
    struct dh_str name = value_of(in, "PB");
    struct json_object *publisher = json_object_new_object();
    if (publisher)
        dh_put_string(publisher, "name", name.ptr ? name : DH_STR("(:unav)"));
    dh_put(in->metadata, "publisher", publisher);
}

static void put_pages(const struct reading *in, struct json_object *container)
{
    struct dh_str first = value_of(in, "SP"), last = value_of(in, "EP");
    if (!last.ptr)
        dh_pages_split(first, &first, &last);
    dh_put_string(container, "firstPage", first);
    dh_put_string(container, "lastPage", last);
}

static void put_container(const struct reading *in)
{
    struct dh_str title = value_of(in, "T2,JF,JO,JA,J2"), number = value_of(in, "SN");
    struct json_object *container = title.ptr ? json_object_new_object() : NULL;
    if (!container)
        return;
    struct dh_str issn = dh_issn_of(in->arena, number), isbn = dh_isbn_of(in->arena, number);
    dh_put_string(container, "type", DH_STR("Journal"));
    dh_put_string(container, "title", title);
    dh_put_string(container, "identifier", issn.ptr ? issn : isbn.ptr ? isbn : number);
    if (issn.ptr || isbn.ptr)
        dh_put_string(container, "identifierType", issn.ptr ? DH_STR("ISSN") : DH_STR("ISBN"));
    dh_put_string(container, "volume", value_of(in, "VL"));
    dh_put_string(container, "issue", value_of(in, "IS"));
    put_pages(in, container);
    dh_put(in->metadata, "container", container);
}

/* SN is what the work is part of; an ISBN without anything around it is the work's own. */
static void put_number(const struct reading *in)
{
    struct dh_str number = value_of(in, "SN");
    struct dh_str issn = dh_issn_of(in->arena, number), isbn = dh_isbn_of(in->arena, number);
    const char *type = dh_id_type(number);
    if (issn.ptr)
        dh_append_part_of(in->metadata, issn, "ISSN", NULL);
    else if (isbn.ptr && dh_json_get(in->metadata, "container"))
        dh_append_part_of(in->metadata, isbn, "ISBN", NULL);
    else if (isbn.ptr)
        dh_append(in->metadata, "identifiers", "identifier", isbn, "identifierType", "ISBN");
    else if (type)
        dh_append_part_of(in->metadata, number, type, NULL);
}

/* "2018/4/25/spring" as "2018-04-25"; other texts as they are. */
static struct dh_str date_of(struct dh_arena *arena, struct dh_str text)
{
    struct dh_str rest = text, part, month = DH_STR_NONE, day = DH_STR_NONE;
    if (dh_str_find(text, '/') == text.len || !dh_str_split(&rest, '/', &part) ||
        !dh_year_of(part).ptr)
        return text;
    dh_str_split(&rest, '/', &month);
    dh_str_split(&rest, '/', &day);
    month = dh_str_trim(month);
    day = dh_str_trim(day);
    if (!month.len)
        return dh_year_of(part);
    if (!day.len)
        return dh_arena_format(arena, "%.4s-%02d", dh_year_of(part).ptr,
                               (int)(dh_str_integer(month) % 100));
    return dh_arena_format(arena, "%.4s-%02d-%02d", dh_year_of(part).ptr,
                           (int)(dh_str_integer(month) % 100), (int)(dh_str_integer(day) % 100));
}

/* DA may say more exactly what PY says. */
static void put_dates(const struct reading *in)
{
    struct dh_str year = date_of(in->arena, value_of(in, "PY"));
    struct dh_str date = date_of(in->arena, value_of(in, "DA"));
    struct dh_str created = date_of(in->arena, value_of(in, "Y1"));
    bool finer = !year.ptr || (dh_date_valid(date) && dh_str_starts(date, year));
    struct json_object *dates = json_object_new_array();
    if (dates) {
        dh_add_date(dates, finer ? date : year, "Issued");
        dh_add_date(dates, created, "Created");
    }
    dh_put(in->metadata, "dates", dates);
    const struct dh_str known[] = {year, date, created};
    for (size_t i = 0; i < 3 && !dh_json_get(in->metadata, "publicationYear"); i++)
        dh_put_string(in->metadata, "publicationYear", dh_year_of(known[i]));
}

static void put_keywords(const struct reading *in)
{
    for (const struct line *line = find(in->lines, DH_STR("KW")); line;
         line = find(line->next, DH_STR("KW")))
        if (line->value.len && dh_counts_item(in->counts))
            dh_append(in->metadata, "subjects", "subject", line->value, NULL, NULL);
}

static void put_texts(const struct reading *in)
{
    dh_append(in->metadata, "titles", "title", value_of(in, "T1,TI"), NULL, NULL);
    dh_append(in->metadata, "descriptions", "description", value_of(in, "AB,N2"), "descriptionType",
              "Abstract");
    dh_put_string(in->metadata, "language", value_of(in, "LA"));
    dh_put_string(in->metadata, "url", value_of(in, "UR"));
}

/* ---- the text ------------------------------------------------------------------------------- */

static enum dh_status fill(const struct reading *in, struct dh_err *err)
{
    struct dh_str id = dh_doi_in(in->arena, value_of(in, "DO")), url = value_of(in, "UR");
    if (!id.ptr && dh_id_doi(in->arena, url).ptr)
        id = dh_doi_in(in->arena, url);
    put_types(in);
    put_texts(in);
    put_people(in, "AU", "creators", NULL);
    put_people(in, "A1", "creators", NULL);
    put_people(in, "ED", "contributors", "Editor");
    put_publisher(in);
    put_container(in);
    put_number(in);
    put_dates(in);
    put_keywords(in);
    if (dh_str_starts(id, DH_STR("10.")))
        dh_put_string(in->metadata, "doi", id);
    return dh_metadata_finish(in->metadata, id, in->arena, err);
}

static enum dh_status add_record(struct json_object *records, const struct line *lines,
                                 struct dh_counts *counts, struct dh_arena *arena,
                                 struct dh_err *err)
{
    struct reading in = {lines, json_object_new_object(), arena, counts};
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

/* The first tag may be indented. */
static struct dh_str without_front(struct dh_str text)
{
    while (text.len && memchr(" \t\r\n", text.ptr[0], 4))
        text = dh_str_from(text, 1);
    return text;
}

/* Nothing of a record stays in the arena: a file may have many. */
enum dh_status dh_ris_read(const struct dh_format_input *input, struct json_object *records,
                           struct dh_arena *arena, struct dh_err *err)
{
    struct ris in = {.rest = without_front(input->text), .arena = arena, .err = err};
    struct dh_counts counts = {0};
    enum dh_status status;
    dh_buf_init(&in.joined, DH_DOCUMENT_MAX);
    do {
        struct dh_arena_mark mark = dh_arena_mark(arena);
        status = next_record(&in);
        if (!status && in.first)
            status = add_record(records, in.first, &counts, arena, err);
        dh_arena_rewind(arena, mark);
    } while (!status && in.first);
    dh_buf_release(&in.joined);
    return status;
}

/* The first line with a tag is a type. */
bool dh_ris_fits(const struct dh_format_input *input)
{
    struct dh_str line = without_front(input->text);
    char tag[TAG + 1];
    line = take_line(&line);
    return take_tag(&line, tag) && is_tag(tag, "TY");
}
