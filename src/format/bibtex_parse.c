/*
 * BibTeX texts taken apart:
 *
 *   text    ::= (junk | "@" word body)*
 *   body    ::= "{" inner "}" | "(" inner ")"
 *   inner   ::= [key ","] fields         of an entry
 *             | fields                   of @string
 *             | value                    of @preamble
 *   fields  ::= [name "=" value] ("," [name "=" value])*
 *   value   ::= piece ("#" piece)*
 *   piece   ::= "{" balanced "}" | '"' balanced '"' | number | macro
 *
 * Whatever stands outside of it is junk, @comment{balanced} too. Nothing is read twice, so the time
 * is that of the text's length, and an error ends it at once.
 */
#include "base/json.h"
#include "format/bibtex.h"

/* ---- characters ----------------------------------------------------------------------------- */

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Of a name of an entry type, field or macro. */
static bool name_char(char c)
{
    return (unsigned char)c > ' ' && c != 127 && !memchr("\"#%'(),={}@\\~", c, 14);
}

static bool at_end(const struct dh_bibtex *in)
{
    return in->pos >= in->text.len;
}

static char here(const struct dh_bibtex *in)
{
    return at_end(in) ? '\0' : in->text.ptr[in->pos];
}

static void skip_space(struct dh_bibtex *in)
{
    while (!at_end(in) && space(here(in)))
        in->pos++;
}

static bool take(struct dh_bibtex *in, char c)
{
    skip_space(in);
    if (at_end(in) || here(in) != c)
        return false;
    in->pos++;
    return true;
}

static struct dh_str take_name(struct dh_bibtex *in)
{
    size_t start = in->pos;
    while (!at_end(in) && name_char(here(in)))
        in->pos++;
    return (struct dh_str){in->text.ptr + start, in->pos - start};
}

/* ---- errors --------------------------------------------------------------------------------- */

static size_t line_of(const struct dh_bibtex *in, size_t pos)
{
    size_t line = 1;
    for (size_t i = 0; i < pos; i++)
        line += in->text.ptr[i] == '\n';
    return line;
}

static enum dh_status fault(const struct dh_bibtex *in, size_t pos, const char *what)
{
    return dh_fail_at(in->err, DH_INVALID, pos, "line %zu: %s", line_of(in, pos), what);
}

static enum dh_status no_memory(const struct dh_bibtex *in)
{
    return dh_fail(in->err, DH_MEMORY, "out of memory");
}

/* ---- values --------------------------------------------------------------------------------- */

/* What stands up to the closing `end` (a brace, or a quote outside of braces), which is taken, too;
 * the opening character is behind us. False when the text ends before. */
static bool balanced(struct dh_bibtex *in, char end, struct dh_str *inner)
{
    size_t start = in->pos, depth = 0;
    for (; !at_end(in); in->pos++) {
        char c = here(in);
        if (!depth && c == end) {
            *inner = (struct dh_str){in->text.ptr + start, in->pos++ - start};
            return true;
        }
        if (c == '{')
            depth++;
        else if (c == '}' && depth)
            depth--;
        else if (c == '}')
            return false;
    }
    return false;
}

/* The text of a macro; the name itself when it is none that is known. */
static enum dh_status expand(struct dh_bibtex *in, struct dh_str name, struct dh_str *piece)
{
    struct dh_str lower = dh_arena_lower(in->arena, name);
    if (!lower.ptr)
        return no_memory(in);
    struct json_object *macro = dh_json_get(in->macros, lower.ptr);
    *piece = macro ? dh_json_str(macro) : name;
    in->expanded += piece->len;
    if (in->expanded > DH_DOCUMENT_MAX)
        return dh_fail_at(in->err, DH_LIMIT, in->pos, "line %zu: @string makes the text too large",
                          line_of(in, in->pos));
    return DH_OK;
}

static enum dh_status read_piece(struct dh_bibtex *in, struct dh_str *piece)
{
    skip_space(in);
    size_t start = in->pos;
    if (take(in, '{'))
        return balanced(in, '}', piece) ? DH_OK : fault(in, start, "a \"{\" is not closed");
    if (take(in, '"'))
        return balanced(in, '"', piece) ? DH_OK
                                        : fault(in, start, "a quotation mark is not closed");
    *piece = take_name(in);
    if (!piece->len)
        return fault(in, start, "a value is missing");
    bool number = piece->ptr[0] >= '0' && piece->ptr[0] <= '9';
    return number ? DH_OK : expand(in, *piece, piece);
}

/* What follows the first piece of a value in several ones. */
static enum dh_status read_pieces(struct dh_bibtex *in, struct dh_str *value)
{
    struct dh_buf joined;
    struct dh_str piece = *value;
    enum dh_status status = DH_OK;
    dh_buf_init(&joined, DH_DOCUMENT_MAX);
    dh_buf_str(&joined, piece);
    while (!status && take(in, '#')) {
        status = read_piece(in, &piece);
        if (!status)
            dh_buf_str(&joined, piece);
    }
    if (!status && joined.status)
        status = dh_fail(in->err, joined.status, "line %zu: the value is too large",
                         line_of(in, in->pos));
    if (!status) {
        *value = dh_arena_copy(in->arena, dh_buf_view(&joined));
        if (!value->ptr)
            status = no_memory(in);
    }
    dh_buf_release(&joined);
    return status;
}

static enum dh_status read_value(struct dh_bibtex *in, struct dh_str *value)
{
    enum dh_status status = read_piece(in, value);
    skip_space(in);
    return !status && here(in) == '#' ? read_pieces(in, value) : status;
}

/* ---- fields --------------------------------------------------------------------------------- */

static enum dh_status read_field(struct dh_bibtex *in, struct dh_bibtex_field *field)
{
    size_t start = in->pos;
    struct dh_str name = take_name(in);
    if (!name.len)
        return fault(in, start, "the name of a field is missing");
    if (!take(in, '='))
        return dh_fail_at(in->err, DH_INVALID, start, "line %zu: \"=\" is missing behind \"%.*s\"",
                          line_of(in, start), (int)(name.len < 40 ? name.len : 40), name.ptr);
    field->name = dh_arena_lower(in->arena, name);
    return field->name.ptr ? read_value(in, &field->value) : no_memory(in);
}

/* Fields up to `close`, which is taken; `start` is where their entry begins. */
static enum dh_status read_fields(struct dh_bibtex *in, char close, size_t start,
                                  struct dh_bibtex_field **link)
{
    size_t count = 0;
    while (!take(in, close)) {
        if (take(in, ','))
            continue;
        if (++count > DH_BIBTEX_FIELDS_MAX)
            return dh_fail_at(in->err, DH_LIMIT, start, "line %zu: the entry has too many fields",
                              line_of(in, start));
        if (at_end(in))
            return fault(in, start, "the entry is not closed");
        struct dh_bibtex_field *field = dh_arena_alloc(in->arena, sizeof(*field));
        if (!field)
            return no_memory(in);
        enum dh_status status = read_field(in, field);
        if (status)
            return status;
        *link = field;
        link = &field->next;
        skip_space(in);
        if (!at_end(in) && here(in) != ',' && here(in) != close)
            return fault(in, in->pos, "a comma is missing between two fields");
    }
    return DH_OK;
}

/* ---- entries -------------------------------------------------------------------------------- */

/* Where a key would stand; empty when fields begin at once. */
static enum dh_status read_key(struct dh_bibtex *in, char close, size_t start, struct dh_str *key)
{
    skip_space(in);
    size_t from = in->pos;
    bool gap = false;
    for (; !at_end(in); in->pos++) {
        char c = here(in);
        if (c == ',' || c == close) {
            *key = dh_str_trim((struct dh_str){in->text.ptr + from, in->pos - from});
            return DH_OK;
        }
        bool assigned = in->pos > from && in->text.ptr[in->pos - 1] == '=';
        if ((c == '=' && gap) || (assigned && (c == '"' || c == '{' || space(c)))) {
            *key = DH_STR("");
            in->pos = from;
            return DH_OK;
        }
        if (c == '"' || c == '{' || c == '}')
            return fault(in, in->pos, "a comma is missing behind the key of the entry");
        gap = space(c);
    }
    return fault(in, start, "the entry is not closed");
}

static enum dh_status read_entry(struct dh_bibtex *in, char close, size_t start, struct dh_str type,
                                 struct dh_bibtex_entry *entry)
{
    entry->type = dh_arena_lower(in->arena, type);
    if (!entry->type.ptr)
        return no_memory(in);
    enum dh_status status = read_key(in, close, start, &entry->key);
    return status ? status : read_fields(in, close, start, &entry->fields);
}

static enum dh_status read_macros(struct dh_bibtex *in, char close, size_t start)
{
    struct dh_bibtex_field *fields = NULL;
    enum dh_status status = read_fields(in, close, start, &fields);
    for (; !status && fields; fields = fields->next) {
        if (json_object_object_length(in->macros) >= DH_BIBTEX_MACROS_MAX)
            return dh_fail_at(in->err, DH_LIMIT, start, "line %zu: there are too many @string",
                              line_of(in, start));
        struct json_object *value = dh_json_new_str(fields->value);
        if (!value)
            return no_memory(in);
        if (json_object_object_add(in->macros, fields->name.ptr, value)) {
            json_object_put(value);
            return no_memory(in);
        }
    }
    return status;
}

static enum dh_status read_preamble(struct dh_bibtex *in, char close, size_t start)
{
    struct dh_str unused;
    enum dh_status status = read_value(in, &unused);
    if (!status && !take(in, close))
        return fault(in, start, "@preamble is not closed");
    return status;
}

/* What stands behind "@word". */
static enum dh_status read_body(struct dh_bibtex *in, size_t start, struct dh_str word,
                                struct dh_bibtex_entry *entry)
{
    struct dh_str unused;
    skip_space(in);
    char open = here(in), close = open == '{' ? '}' : ')';
    if (!word.len || (open != '{' && open != '('))
        return DH_OK;
    if (dh_str_equal_nocase(word, DH_STR("comment"))) {
        if (open == '{' && (in->pos++, !balanced(in, '}', &unused)))
            return fault(in, start, "@comment is not closed");
        return DH_OK;
    }
    in->pos++;
    if (dh_str_equal_nocase(word, DH_STR("string")))
        return read_macros(in, close, start);
    if (dh_str_equal_nocase(word, DH_STR("preamble")))
        return read_preamble(in, close, start);
    return read_entry(in, close, start, word, entry);
}

/* ---- the text ------------------------------------------------------------------------------- */

/* Moves to the next "@" that may begin something: not one in a mail address, nor behind a "%". */
static bool find_at(struct dh_bibtex *in)
{
    bool comment = false, word = false;
    for (; !at_end(in); in->pos++) {
        char c = here(in);
        if (c == '@' && !comment && !word)
            return true;
        comment = c == '\n' || c == '\r' ? false : comment || c == '%';
        word = name_char(c);
    }
    return false;
}

enum dh_status dh_bibtex_init(struct dh_bibtex *in, struct dh_str text, struct dh_arena *arena,
                              struct dh_err *err)
{
    *in = (struct dh_bibtex){.text = text, .arena = arena, .err = err};
    in->macros = json_object_new_object();
    return in->macros ? DH_OK : no_memory(in);
}

void dh_bibtex_release(struct dh_bibtex *in)
{
    json_object_put(in->macros);
    in->macros = NULL;
}

enum dh_status dh_bibtex_next(struct dh_bibtex *in, struct dh_bibtex_entry *entry)
{
    enum dh_status status = DH_OK;
    *entry = (struct dh_bibtex_entry){.type = DH_STR_NONE};
    while (!status && !entry->type.ptr && find_at(in)) {
        size_t start = in->pos++;
        skip_space(in);
        struct dh_str word = take_name(in);
        status = read_body(in, start, word, entry);
    }
    return status;
}

struct dh_str dh_bibtex_get(const struct dh_bibtex_entry *entry, struct dh_str name)
{
    for (const struct dh_bibtex_field *field = entry->fields; field; field = field->next)
        if (dh_str_equal(field->name, name))
            return field->value;
    return DH_STR_NONE;
}

/* True when some line begins with "@word" and an opening brace: texts in prose have no such line.
 */
bool dh_bibtex_fits(const struct dh_format_input *input)
{
    struct dh_bibtex in = {.text = input->text};
    for (; !at_end(&in); in.pos++) {
        skip_space(&in);
        if (take(&in, '@')) {
            skip_space(&in);
            bool word = take_name(&in).len;
            if (word && (take(&in, '{') || take(&in, '(')))
                return true;
        }
        in.pos += dh_str_find(dh_str_from(in.text, in.pos), '\n');
    }
    return false;
}
