/* CSL JSON, what citation processors read. */
#include "format/json_readers.h"
#include "format/json_trees.h"
#include "format/parts.h"
#include "format/rows.h"

/* ---- people ---------------------------------------------------------------------------------- */

static bool is_name_part(const char *key)
{
    static const char *const parts[] = {"nameType",
                                        "type",
                                        "name",
                                        "familyName",
                                        "givenName",
                                        "affiliation",
                                        "nameIdentifiers",
                                        "contributorType",
                                        "id"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (strcmp(key, parts[i]) == 0)
            return true;
    return key[0] == '@';
}

static struct json_object *person_of(struct json_object *given)
{
    struct json_object *person = json_object_new_object();
    if (json_object_is_type(given, json_type_string))
        dh_put_ref(person, "literal", given);
    if (!person || !json_object_is_type(given, json_type_object))
        return person;
    json_object_object_foreach(given, key, value)
    {
        if (!is_name_part(key))
            dh_put_ref(person, key, value);
    }
    dh_put_ref(person, "family", dh_json_get(given, "familyName"));
    dh_put_ref(person, "given", dh_json_get(given, "givenName"));
    if (!dh_present(dh_json_get(given, "familyName")))
        dh_put_ref(person, "literal", dh_json_get(given, "name"));
    return person;
}

/* Takes the list over; NULL when it is empty. */
static struct json_object *unless_empty(struct json_object *list)
{
    if (dh_present(list))
        return list;
    json_object_put(list);
    return NULL;
}

static struct json_object *authors(const struct dh_tree_source *source, const char *from)
{
    struct json_object *creators = dh_json_get(source->metadata, from);
    struct json_object *list = json_object_new_array();
    if (dh_count_of(creators) == 1 &&
        dh_str_equal(dh_text(dh_at(creators, 0), "name"), DH_STR(":(unav)")))
        creators = NULL;
    for (size_t i = 0; list && i < dh_count_of(creators); i++)
        dh_array_put(list, person_of(dh_at(creators, i)));
    return unless_empty(list);
}

/* Contributors of one type, all of them when `from` is NULL. */
static struct json_object *contributors(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_json_get(source->metadata, "contributors");
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct json_object *person = dh_at(given, i);
        if (!from || dh_str_equal(dh_text(person, "contributorType"), dh_str(from)))
            dh_array_put(list, person_of(person));
    }
    return unless_empty(list);
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Takes 1 to `max` digits off the front; false, and nothing taken, when there are fewer or more. */
static bool take_number(struct dh_str *s, size_t max, unsigned *number)
{
    size_t count = 0;
    while (count < s->len && s->ptr[count] >= '0' && s->ptr[count] <= '9')
        count++;
    return count && count <= max && dh_str_take_digits(s, count, number);
}

/* "-05" of "-05-17"; false when no such number of at most two digits is there. */
static bool take_part(struct dh_str *s, unsigned *number)
{
    struct dh_str rest = *s;
    if (!dh_str_take(&rest, '-') || !take_number(&rest, 2, number) || !*number)
        return false;
    *s = rest;
    return true;
}

/* A month, or a season as EDTF numbers them. */
static bool is_month(unsigned number)
{
    return number <= 12 || (number >= 21 && number <= 24);
}

struct date {
    int year;
    unsigned month, day; /* 0: not known */
};

/* Reads as much of the first date in an EDTF text as is known: "y12345", "-0100-02",
 * "2016-12-20T10:00:00Z". False when not even the year is. */
static bool read_date(struct dh_str text, struct date *date)
{
    unsigned year;
    bool compact, negative;
    *date = (struct date){0};
    text = dh_str_trim(text);
    bool far = dh_str_take(&text, 'y') || dh_str_take(&text, 'Y');
    negative = dh_str_take(&text, '-');
    compact = !far && !negative && dh_str_find(text, '-') == text.len;
    if (compact && text.len == 8 && take_number(&text, 8, &year)) {
        *date = (struct date){(int)(year / 10000), year / 100 % 100, year % 100};
        return is_month(date->month) && date->day <= 31 && date->year;
    }
    if (!take_number(&text, far ? 9 : 4, &year) || !year ||
        (text.len && strchr("uUxXeE", text.ptr[0])))
        return false;
    date->year = negative ? -(int)year : (int)year;
    while (text.len && strchr("?~%", text.ptr[0]))
        text = dh_str_from(text, 1);
    if (!take_part(&text, &date->month) || !is_month(date->month))
        date->month = 0;
    else if (!take_part(&text, &date->day) || date->day > 31)
        date->day = 0;
    return true;
}

/* The first known date of an interval or a set. */
static bool first_date(struct dh_str text, struct date *date)
{
    struct dh_str part;
    while (text.len && strchr("[{.", text.ptr[0]))
        text = dh_str_from(text, 1);
    while (dh_str_split(&text, '/', &part))
        if (read_date(part, date))
            return true;
    return false;
}

static struct json_object *date_parts(struct dh_str text)
{
    struct date date;
    struct json_object *parts = json_object_new_array();
    if (parts && first_date(text, &date)) {
        dh_array_put(parts, json_object_new_int(date.year));
        if (date.month)
            dh_array_put(parts, json_object_new_int((int)date.month));
        if (date.day)
            dh_array_put(parts, json_object_new_int((int)date.day));
    }
    return parts;
}

static struct json_object *issued(const struct dh_tree_source *source, const char *from)
{
    struct json_object *given = dh_tree_issued(source, from);
    struct json_object *date = json_object_new_object(), *dates = json_object_new_array();
    if (dates)
        dh_array_put(dates, date_parts(dh_text_of(given)));
    dh_put(date, "date-parts", dates);
    json_object_put(given);
    return date;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static struct json_object *type_of(const struct dh_tree_source *source, const char *from)
{
    bool software =
        dh_str_equal(dh_type_of(source->metadata, "resourceTypeGeneral"), DH_STR("Software"));
    if (software && dh_present(dh_json_get(source->metadata, "version")))
        return dh_tree_constant(source, "book");
    return dh_tree_type(source, from);
}

static struct json_object *container_title(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    bool article =
        dh_str_equal(dh_type_of(source->metadata, "citeproc"), DH_STR("article-journal"));
    if (dh_container(source->metadata))
        return dh_tree_container(source, "title");
    return article ? dh_tree_publisher(source, NULL) : NULL;
}

static struct json_object *pages(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct dh_str text = dh_pages(source->metadata, source->arena);
    return text.ptr ? dh_json_new_str(text) : NULL;
}

static struct json_object *first_rights(const struct dh_tree_source *source, const char *from)
{
    struct json_object *rights = dh_at(dh_json_get(source->metadata, from), 0);
    bool text = json_object_is_type(rights, json_type_string);
    return json_object_get(text ? rights : dh_json_get(rights, "rights"));
}

static const struct dh_tree_row rows[] = {
    {"type", type_of, "citeproc"},
    {"id", dh_tree_doi, NULL},
    {"categories", dh_tree_subjects, NULL},
    {"language", dh_tree_member, "language"},
    {"author", authors, "creators"},
    {"contributor", contributors, NULL},
    {"editor", contributors, "Editor"},
    {"translator", contributors, "Translator"},
    {"issued", issued, NULL},
    {"abstract", dh_tree_description, NULL},
    {"container-title", container_title, NULL},
    {"DOI", dh_tree_member, "doi"},
    {"volume", dh_tree_container, "volume"},
    {"issue", dh_tree_container, "issue"},
    {"number", dh_tree_container, "number"},
    {"chapter-number", dh_tree_container, "chapterNumber"},
    {"edition", dh_tree_container, "edition"},
    {"page", pages, NULL},
    {"page-first", dh_tree_container, "firstPage"},
    {"publisher", dh_tree_publisher, NULL},
    {"title", dh_tree_title, NULL},
    {"URL", dh_tree_member, "url"},
    {"copyright", first_rights, "rightsList"},
    {"version", dh_tree_member, "version"},
    {NULL, NULL, NULL},
};

struct json_object *dh_citeproc_tree(struct json_object *metadata, struct dh_arena *arena)
{
    return dh_tree_of(rows, metadata, arena);
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    return dh_json_tree_write(dh_citeproc_tree(metadata, arena), out, err);
}

const struct dh_format dh_format_citeproc = {
    .name = "citeproc",
    .title = "CSL JSON",
    .type = "application/vnd.citationstyles.csl+json",
    .aliases = "application/citeproc+json",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
    .read = dh_citeproc_read,
    .fits = dh_citeproc_fits,
};
