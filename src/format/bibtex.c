/* BibTeX as the DataCite REST API writes it: nothing is escaped, every value stands in braces. */
#include "format/bibtex.h"

#include "format/parts.h"
#include "format/rows.h"
#include "format/valid_only.h"

/* ---- values --------------------------------------------------------------------------------- */

typedef struct dh_str value_of(struct json_object *metadata, struct dh_arena *arena);

static struct dh_str doi_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(metadata, "doi");
}

static struct dh_str url_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(metadata, "url");
}

static struct dh_str keywords_of(struct json_object *metadata, struct dh_arena *arena)
{
    return dh_keywords(metadata, ", ", arena);
}

static struct dh_str language_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(metadata, "language");
}

static struct dh_str title_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_first_title(metadata);
}

static struct dh_str journal_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(dh_container(metadata), "title");
}

static struct dh_str volume_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(dh_container(metadata), "volume");
}

static struct dh_str issue_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(dh_container(metadata), "issue");
}

static struct dh_str publisher_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_publisher_name(metadata);
}

static struct dh_str year_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(metadata, "publicationYear");
}

static struct dh_str copyright_of(struct json_object *metadata, struct dh_arena *arena)
{
    (void)arena;
    return dh_text(dh_at(dh_json_get(metadata, "rightsList"), 0), "rights");
}

static const struct {
    const char *name;
    value_of *value;
} fields[] = {
    {"doi", doi_of},
    {"url", url_of},
    {"author", dh_authors_text},
    {"keywords", keywords_of},
    {"language", language_of},
    {"title", title_of},
    {"journal", journal_of},
    {"volume", volume_of},
    {"issue", issue_of},
    {"pages", dh_pages},
    {"publisher", publisher_of},
    {"year", year_of},
    {"copyright", copyright_of},
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* ---- an entry ------------------------------------------------------------------------------- */

/* A comma or white space would end the key. */
static void put_key(struct dh_buf *out, struct dh_str key)
{
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.ptr[i];
        if (c <= ' ' || c == ',' || c == '{' || c == '}')
            dh_buf_printf(out, "%%%02X", c);
        else
            dh_buf_char(out, key.ptr[i]);
    }
}

/* What is no single word would end the type and begin something else. */
static struct dh_str type_of(struct json_object *metadata)
{
    struct dh_str type = dh_type_of(metadata, "bibtex");
    bool word = type.len > 0;
    for (size_t i = 0; word && i < type.len; i++)
        word = (unsigned char)type.ptr[i] > ' ' && !memchr("\"#%'(),={}@\\~\x7F", type.ptr[i], 15);
    return word ? type : DH_STR("misc");
}

/* The lines of a long value keep the indent of their entry. */
static void put_field(struct dh_buf *out, const char *name, struct dh_str value)
{
    struct dh_str line;
    dh_buf_text(out, "  ");
    dh_buf_text(out, name);
    dh_buf_text(out, " = {");
    for (bool first = true; dh_str_split(&value, '\n', &line); first = false) {
        if (!first)
            dh_buf_text(out, "\n  ");
        dh_buf_str(out, line);
    }
    dh_buf_char(out, '}');
}

static enum dh_status bibtex_write(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    enum dh_status status = dh_valid_only(metadata, arena, err);
    if (status)
        return status;
    struct dh_str key = dh_doi_id(metadata, arena);
    dh_buf_char(out, '@');
    dh_buf_str(out, type_of(metadata));
    dh_buf_char(out, '{');
    put_key(out, key.ptr ? key : dh_text(metadata, "doi"));
    for (size_t i = 0; i < FIELDS; i++) {
        struct dh_str value = fields[i].value(metadata, arena);
        if (!value.ptr)
            continue;
        dh_buf_text(out, ",\n");
        put_field(out, fields[i].name, value);
    }
    dh_buf_text(out, "\n}\n");
    return DH_OK;
}

const struct dh_format dh_format_bibtex = {
    .name = "bibtex",
    .title = "BibTeX",
    .type = "application/x-bibtex",
    .extensions = "bib,bibtex",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_VALID,
    .join = "\n",
    .write = bibtex_write,
    .read = dh_bibtex_read,
    .fits = dh_bibtex_fits,
};
