/* Formatted citations: the format's row, and what a record brings to its citation. */
#include "format/citation.h"

#include "format/json_trees.h"
#include "format/parts.h"
#include "format/rows.h"

/* ---- style and locale ------------------------------------------------------------------------ */

static const struct dh_cite_style *style_find(struct dh_str name)
{
    for (size_t i = 0; dh_cite_style_table[i].name; i++)
        if (dh_str_equal(dh_str(dh_cite_style_table[i].name), name))
            return &dh_cite_style_table[i];
    return NULL;
}

bool dh_citation_style_known(struct dh_str style)
{
    return style_find(style) != NULL;
}

/* When either is unknown, both fall back. */
static void choose(struct dh_cite *cite, const struct dh_format_options *options)
{
    const char *style = options->style ? options->style : "apa";
    const char *locale = options->locale ? options->locale : "en-US";
    cite->style = style_find(dh_str(style));
    cite->locale = dh_cite_locale_find(dh_str(locale));
    if (!cite->style || !cite->locale) {
        cite->style = style_find(DH_STR("apa"));
        cite->locale = dh_cite_locale_find(DH_STR("en-US"));
    }
}

/* ---- what the record has --------------------------------------------------------------------- */

static const struct {
    enum dh_cite_element element;
    const char *key;
} text_keys[] = {
    {DH_CITE_TITLE, "title"},     {DH_CITE_CONTAINER, "container-title"},
    {DH_CITE_VOLUME, "volume"},   {DH_CITE_ISSUE, "issue"},
    {DH_CITE_NUMBER, "number"},   {DH_CITE_CHAPTER, "chapter-number"},
    {DH_CITE_EDITION, "edition"}, {DH_CITE_VERSION, "version"},
    {DH_CITE_PAGE, "page"},       {DH_CITE_PUBLISHER, "publisher"},
    {DH_CITE_DOI, "DOI"},         {DH_CITE_URL, "URL"},
};

static const struct {
    enum dh_cite_element element;
    const char *key;
} people_keys[] = {
    {DH_CITE_AUTHORS, "author"},
    {DH_CITE_EDITORS, "editor"},
    {DH_CITE_TRANSLATORS, "translator"},
};

static struct dh_str clean_member(struct dh_cite *cite, struct json_object *object, const char *key)
{
    return dh_cite_clean(cite->arena, dh_text_present(object, key));
}

static enum dh_status read_people(struct dh_cite *cite, struct json_object *list,
                                  struct dh_cite_people *people)
{
    size_t count = dh_count_of(list);
    people->list = count ? dh_arena_array(cite->arena, count, sizeof(*people->list)) : NULL;
    if (count && !people->list)
        return DH_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct json_object *one = dh_at(list, i);
        struct dh_cite_name *name = &people->list[people->count];
        name->family = clean_member(cite, one, "family");
        name->given = clean_member(cite, one, "given");
        name->literal = clean_member(cite, one, "literal");
        if (name->family.len || name->given.len || name->literal.len)
            people->count++;
    }
    return DH_OK;
}

/* A sole ":(unav)" says that there is no author. */
static void forget_unavailable(struct dh_cite_people *people)
{
    if (people->count == 1 && dh_str_equal(people->list[0].literal, DH_STR(":(unav)")))
        people->count = 0;
}

static int64_t date_part(struct json_object *parts, size_t i)
{
    struct json_object *part =
        i < json_object_array_length(parts) ? json_object_array_get_idx(parts, i) : NULL;
    int64_t number = dh_str_integer(dh_text_of(part));
    return number < -999999 || number > 999999 ? 0 : number;
}

static void read_date(struct dh_cite *cite, struct json_object *issued)
{
    struct json_object *parts = dh_json_get(issued, "date-parts");
    if (json_object_is_type(parts, json_type_array))
        parts = json_object_array_length(parts) ? json_object_array_get_idx(parts, 0) : NULL;
    if (!json_object_is_type(parts, json_type_array))
        return;
    cite->year = date_part(parts, 0);
    cite->month = date_part(parts, 1);
    cite->day = date_part(parts, 2);
    if (cite->month < 1 || cite->month > 12)
        cite->month = 0;
    if (!cite->month || cite->day < 1 || cite->day > 31)
        cite->day = 0;
}

/* The DOI as URL; ptr NULL without one. */
static struct dh_str resolver_url(struct dh_cite *cite, struct dh_str doi)
{
    static const struct dh_str resolver = {"https://doi.org/", 16};
    char *url = doi.len ? dh_arena_alloc(cite->arena, resolver.len + doi.len) : NULL;
    if (!url)
        return DH_STR_NONE;
    memcpy(url, resolver.ptr, resolver.len);
    memcpy(url + resolver.len, doi.ptr, doi.len);
    return (struct dh_str){url, resolver.len + doi.len};
}

static void read_addresses(struct dh_cite *cite)
{
    struct dh_str url = cite->texts[DH_CITE_URL];
    struct dh_str resolver = resolver_url(cite, cite->texts[DH_CITE_DOI]);
    cite->texts[DH_CITE_LINK] = resolver.len ? resolver : url;
    cite->texts[DH_CITE_LANDING] = url.len ? url : resolver;
}

static const struct {
    const char *type;
    enum dh_cite_word word;
} descriptions[] = {
    {"dataset", DH_WORD_DATASET},
    {"graphic", DH_WORD_GRAPHIC},
    {"software", DH_WORD_SOFTWARE},
    {"song", DH_WORD_SONG},
    {"motion_picture", DH_WORD_MOTION_PICTURE},
    {"broadcast", DH_WORD_BROADCAST},
    {"map", DH_WORD_MAP},
};

static void read_description(struct dh_cite *cite)
{
    for (size_t i = 0; i < sizeof(descriptions) / sizeof(*descriptions); i++)
        if (dh_str_equal(dh_str(descriptions[i].type), cite->type))
            cite->texts[DH_CITE_DESCRIPTION] =
                dh_str(dh_cite_word(cite->locale, descriptions[i].word));
}

static bool is_english(struct dh_str language)
{
    return !language.len || dh_str_starts_nocase(language, DH_STR("en"));
}

static enum dh_status read_tree(struct dh_cite *cite, struct json_object *csl)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof(text_keys) / sizeof(*text_keys); i++)
        cite->texts[text_keys[i].element] = clean_member(cite, csl, text_keys[i].key);
    for (size_t i = 0; !status && i < sizeof(people_keys) / sizeof(*people_keys); i++)
        status = read_people(cite, dh_json_get(csl, people_keys[i].key),
                             &cite->people[people_keys[i].element]);
    if (status)
        return status;
    forget_unavailable(&cite->people[DH_CITE_AUTHORS]);
    cite->people[DH_CITE_EDITORS_FIRST] = cite->people[DH_CITE_EDITORS];
    if (cite->texts[DH_CITE_PAGE].len)
        cite->texts[DH_CITE_PAGE] = dh_cite_pages(cite->arena, cite->texts[DH_CITE_PAGE],
                                                  cite->style->pages, cite->style->dash);
    cite->type = dh_text(csl, "type");
    read_description(cite);
    read_date(cite, dh_json_get(csl, "issued"));
    read_addresses(cite);
    cite->english = is_english(dh_text_present(csl, "language"));
    return DH_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

bool dh_cite_is_type(const struct dh_cite *cite, const char *types)
{
    while (*types) {
        size_t len = strcspn(types, " ");
        if (len == cite->type.len && memcmp(types, cite->type.ptr, len) == 0)
            return true;
        types += len + (types[len] == ' ');
    }
    return false;
}

static const struct dh_cite_block *choose_blocks(const struct dh_cite *cite)
{
    const struct dh_cite_row *row = cite->style->rows;
    while (row->types && !dh_cite_is_type(cite, row->types))
        row++;
    return row->blocks;
}

enum dh_status dh_cite_write(struct json_object *csl, const struct dh_format_options *options,
                             struct dh_buf *out, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_cite cite = {.arena = arena};
    choose(&cite, options);
    if (read_tree(&cite, csl))
        return dh_fail(err, DH_MEMORY, "out of memory");
    cite.out = (struct dh_cite_out){.buf = out,
                                    .locale = cite.locale,
                                    .plain = options->plain,
                                    .start = out->len,
                                    .visible = out->len};
    dh_cite_blocks(&cite, choose_blocks(&cite));
    return DH_OK;
}

static enum dh_status write(struct json_object *metadata, const struct dh_format_options *options,
                            struct dh_buf *out, struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *csl = dh_citeproc_tree(metadata, arena);
    if (!csl)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_cite_write(csl, options, out, arena, err);
    json_object_put(csl);
    return status;
}

const struct dh_format dh_format_citation = {
    .name = "citation",
    .title = "Formatted citation",
    .type = "text/x-bibliography",
    .flags = DH_FORMAT_UPSTREAM,
    .join = "\n\n",
    .write = write,
};
