/* Lists of names: order, initials, and what stands for the names left out. */
#include <unictype.h>
#include <unistr.h>

#include "format/citation.h"

/* ---- initials ------------------------------------------------------------------------------- */

/* Scripts whose names have an order of their own and initials: CSL's "romanesque" ones. */
static const char *const romanesque[] = {"Common",   "Inherited", "Latin",    "Greek",
                                         "Cyrillic", "Hebrew",    "Armenian", "Georgian"};

static bool is_romanesque(struct dh_str text)
{
    size_t size;
    for (size_t at = 0; at < text.len; at += size) {
        uint32_t c = dh_utf8_next(dh_str_from(text, at), &size);
        const uc_script_t *script = c < 0x250 ? NULL : uc_script(c);
        bool found = !script;
        for (size_t i = 0; !found && i < sizeof(romanesque) / sizeof(*romanesque); i++)
            found = strcmp(script->name, romanesque[i]) == 0;
        if (!found)
            return false;
    }
    return true;
}

static bool is_upper(uint32_t c)
{
    return c < 0x80 ? c >= 'A' && c <= 'Z' : uc_is_property_uppercase(c);
}

static bool is_hyphen(uint32_t c)
{
    return c == '-' || c == 0x2010 || c == 0x2011;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == 0xA0;
}

static bool is_mark(uint32_t c)
{
    return c >= 0x300 && uc_is_general_category(c, UC_CATEGORY_M);
}

static void trim_end(struct dh_buf *buf)
{
    while (buf->len && buf->ptr[buf->len - 1] == ' ')
        buf->len--;
}

/* Past the rest of a name whose capital is taken, and the spaces behind it. */
static size_t past_rest(struct dh_str given, size_t at, bool *spaced)
{
    size_t size;
    *spaced = false;
    for (; at < given.len; at += size) {
        uint32_t c = dh_utf8_next(dh_str_from(given, at), &size);
        if (*spaced ? !is_space(c) : is_upper(c) || is_hyphen(c))
            break;
        *spaced = *spaced || is_space(c);
    }
    return at;
}

static size_t add_initial(struct dh_buf *buf, struct dh_str given, size_t at,
                          const struct dh_cite_names *form)
{
    size_t size, start = at;
    bool spaced;
    dh_utf8_next(dh_str_from(given, at), &size);
    for (at += size; at < given.len; at += size)
        if (!is_mark(dh_utf8_next(dh_str_from(given, at), &size)))
            break;
    dh_buf_add(buf, given.ptr + start, at - start);
    dh_buf_text(buf, form->initials);
    return past_rest(given, at, &spaced);
}

/* Every capital makes an initial; what has none stays: "Maria del Carmen" is "M. del C." */
static struct dh_str initials_of(struct dh_str given, const struct dh_cite_names *form,
                                 struct dh_arena *arena)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    for (size_t at = 0, size; at < given.len;) {
        uint32_t c = dh_utf8_next(dh_str_from(given, at), &size);
        if (is_upper(c)) {
            at = add_initial(&buf, given, at, form);
            continue;
        }
        bool word = !is_hyphen(c) && !is_space(c) && !is_mark(c);
        if (is_hyphen(c))
            trim_end(&buf);
        else if (word && buf.len && buf.ptr[buf.len - 1] != ' ' &&
                 (at == 0 || given.ptr[at - 1] == ' '))
            dh_buf_char(&buf, ' ');
        if (!is_hyphen(c) || !form->no_hyphens)
            dh_buf_add(&buf, given.ptr + at, size);
        at += size;
    }
    trim_end(&buf);
    return dh_cite_keep(arena, &buf, given);
}

/* ---- one name ------------------------------------------------------------------------------- */

static void add_part(struct dh_cite_out *out, struct dh_str part, const char *between, bool more)
{
    if (more)
        dh_out_text(out, dh_str(between));
    if (part.len)
        dh_out_value(out, part);
}

static void add_name(struct dh_cite *cite, const struct dh_cite_names *form,
                     const struct dh_cite_name *name, bool inverted)
{
    struct dh_cite_out *out = &cite->out;
    struct dh_str family = name->family, given = name->given;
    if (name->literal.len) {
        dh_out_value(out, name->literal);
        return;
    }
    bool both = family.len && given.len;
    bool roman = is_romanesque(family) && is_romanesque(given);
    if (form->initials && roman && both)
        given = initials_of(given, form, cite->arena);
    if (roman && !inverted) {
        add_part(out, given, "", false);
        add_part(out, family, " ", both);
    } else {
        add_part(out, family, "", false);
        add_part(out, given, !roman ? " " : form->separator ? form->separator : ", ", both);
    }
}

/* ---- the list ------------------------------------------------------------------------------- */

static void add_et_al(struct dh_cite *cite, const struct dh_cite_names *form, size_t shown)
{
    struct dh_cite_out *out = &cite->out;
    unsigned look = form->et_al_italic ? DH_LOOK_ITALIC : 0;
    bool delimited = shown > 1 || form->et_al_delimited;
    dh_out_text(out, delimited ? dh_str(form->delimiter ? form->delimiter : ", ") : DH_STR(" "));
    dh_out_open_fonts(out, look);
    dh_out_text(out, dh_str(dh_cite_word(cite->locale, DH_WORD_ET_AL)));
    dh_out_close_fonts(out, look);
}

static void add_joint(struct dh_cite *cite, const struct dh_cite_names *form, size_t count)
{
    struct dh_cite_out *out = &cite->out;
    const char *delimiter = form->delimiter ? form->delimiter : ", ";
    bool delimited = form->joint == DH_AND_NONE || form->last == DH_LAST_ALWAYS ||
                     (form->last == DH_LAST_CONTEXTUAL && count > 2);
    if (delimited)
        dh_out_text(out, dh_str(delimiter));
    if (form->joint == DH_AND_NONE)
        return;
    if (!delimited)
        dh_out_text(out, DH_STR(" "));
    dh_out_text(out, form->joint == DH_AND_SYMBOL
                         ? DH_STR("&")
                         : dh_str(dh_cite_word(cite->locale, DH_WORD_AND)));
    dh_out_text(out, DH_STR(" "));
}

void dh_cite_names(struct dh_cite *cite, const struct dh_cite_names *form,
                   const struct dh_cite_people *people)
{
    size_t count = people->count;
    bool cut = form->et_al_min && count >= form->et_al_min && form->et_al_first < count;
    size_t shown = cut ? form->et_al_first : count;
    const char *delimiter = form->delimiter ? form->delimiter : ", ";
    for (size_t i = 0; i < shown; i++) {
        bool inverted =
            form->order == DH_ORDER_INVERTED || (form->order == DH_ORDER_FIRST_INVERTED && i == 0);
        if (i && i + 1 == shown && !cut)
            add_joint(cite, form, count);
        else if (i)
            dh_out_text(&cite->out, dh_str(delimiter));
        add_name(cite, form, &people->list[i], inverted);
    }
    if (!cut)
        return;
    if (!form->et_al_last) {
        add_et_al(cite, form, shown);
        return;
    }
    dh_out_text(&cite->out, dh_str(delimiter));
    dh_out_text(&cite->out, DH_STR("… "));
    add_name(cite, form, &people->list[count - 1], form->order == DH_ORDER_INVERTED);
}
