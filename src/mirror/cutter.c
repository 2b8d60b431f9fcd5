#include "mirror/cutter.h"

#include <stdlib.h>

#include "mirror/scan.h"

/* What values stand in. An array of pages of arrays is three deep; more is broken input. */
enum { LEVELS_MAX = 16 };

enum kind {
    IN_LIST,     /* an array at the top level, or in such a one */
    IN_DOCUMENT, /* the object around `data` and `included`, between two members */
    IN_MEMBERS   /* the array that is `data` or `included` */
};

struct level {
    enum kind kind;
    bool included;
    bool scalars; /* a string, word or number stood in it: told once */
    enum { WANT_VALUE, WANT_COMMA, WANT_EITHER } want;
};

struct dh_cutter {
    struct dh_window window;
    enum dh_layout layout;
    size_t indent; /* leading white space of the line of window.pos */
    bool new_line; /* a newline stood before window.pos */
    bool lost;     /* something was broken: what is missing or too much behind it is no news */
    struct level levels[LEVELS_MAX];
    size_t depth;
};

enum dh_status dh_cutter_new(dh_cutter_source *source, void *context, size_t max,
                             struct dh_cutter **out, struct dh_err *err)
{
    *out = calloc(1, sizeof(**out));
    if (!*out)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_window_init(&(*out)->window, source, context, max);
    return DH_OK;
}

void dh_cutter_free(struct dh_cutter *cutter)
{
    if (!cutter)
        return;
    dh_window_release(&cutter->window);
    free(cutter);
}

static struct level *level_of(struct dh_cutter *cutter)
{
    return cutter->depth ? &cutter->levels[cutter->depth - 1] : NULL;
}

static void enter(struct dh_cutter *cutter, enum kind kind, bool included)
{
    if (cutter->depth == LEVELS_MAX)
        cutter->depth = 0; /* nothing sane is so deep: start over */
    cutter->levels[cutter->depth++] = (struct level){.kind = kind, .included = included};
}

/* A value, or what stood in its place, is over. */
static void want(struct dh_cutter *cutter, int what)
{
    struct level *level = level_of(cutter);
    if (level)
        level->want = what;
}

static void leave(struct dh_cutter *cutter)
{
    cutter->depth--;
    want(cutter, WANT_COMMA);
    cutter->lost = cutter->lost && cutter->depth;
}

/* Says that what was passed is no value. */
static bool fault(struct dh_cutter *cutter, struct dh_cut *cut, const char *text)
{
    cut->fault = text;
    cut->fault_byte = cut->byte;
    cut->status = DH_INVALID;
    cut->end = dh_window_place(&cutter->window, cutter->window.pos);
    cutter->lost = true;
    return true;
}

static bool byte_order_mark(struct dh_window *window)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    while (window->len - window->pos < sizeof(mark) && dh_window_fill(window))
        continue;
    return window->len - window->pos >= sizeof(mark) &&
           memcmp(window->bytes + window->pos, mark, sizeof(mark)) == 0;
}

/* Passes white space between values; false at the end. */
static bool next_byte(struct dh_cutter *cutter)
{
    struct dh_window *window = &cutter->window;
    window->keep = window->pos;
    cutter->new_line = false;
    bool counting = dh_window_place(window, window->pos) == 0; /* blanks from the line's start */
    for (; dh_window_peek(window); window->keep = window->pos) {
        char c = window->bytes[window->pos];
        if (c == '\n') {
            counting = cutter->new_line = true;
            cutter->indent = 0;
            window->pos++;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            cutter->indent += counting;
            window->pos++;
        } else if (c == '\xef' && !cutter->depth && byte_order_mark(window)) {
            window->pos += 3;
        } else {
            return true;
        }
    }
    return false;
}

/* After a value that took several lines: the leading white space of the line of its end. */
static void measure_indent(struct dh_cutter *cutter)
{
    const struct dh_window *window = &cutter->window;
    size_t line = window->pos;
    while (line > window->keep && window->bytes[line - 1] != '\n')
        line--;
    cutter->indent = 0;
    while (line < window->pos && (window->bytes[line] == ' ' || window->bytes[line] == '\t'))
        line++, cutter->indent++;
}

/* An object or array that is a value. True when the cut is to be given. */
static bool take_member(struct dh_cutter *cutter, enum dh_member member, struct dh_cut *cut);

static bool take_bracket(struct dh_cutter *cutter, bool documents, struct dh_cut *cut)
{
    struct dh_window *window = &cutter->window;
    struct dh_scan scan = {
        .layout = cutter->layout, .indent = cutter->indent, .documents = documents};
    enum dh_scan_end end = dh_scan_value(&scan, window);
    if (end == DH_SCAN_DOCUMENT) {
        enter(cutter, IN_DOCUMENT, false);
        return take_member(cutter, scan.member, cut);
    }
    if (end == DH_SCAN_VALUE) {
        want(cutter, WANT_COMMA);
        cutter->lost = cutter->lost && cutter->depth;
        cutter->layout = scan.newline ? DH_LAYOUT_SPREAD : DH_LAYOUT_LINES;
        if (scan.newline)
            measure_indent(cutter);
        cut->text = (struct dh_str){window->bytes + window->keep, window->pos - window->keep};
    } else {
        dh_scan_recover(&scan, window, cut);
        cutter->indent = scan.indent;
        cutter->lost = true;
        want(cutter, WANT_EITHER);
    }
    cut->end = dh_window_place(window, window->pos);
    return true;
}

/* Passes a string, word or number, to the end of its line or the next comma or end of a list. */
static void skip_scalar(struct dh_cutter *cutter)
{
    struct dh_window *window = &cutter->window;
    for (; dh_window_peek(window); window->keep = window->pos) {
        char c = window->bytes[window->pos];
        if (c == '\n' || (cutter->depth && c && strchr(",]}", c)))
            return;
        if (c != '"')
            window->pos++;
        else if (!dh_scan_string(window))
            return;
    }
}

/* The value of a member of a document, at pos. */
static bool take_member(struct dh_cutter *cutter, enum dh_member member, struct dh_cut *cut)
{
    struct dh_window *window = &cutter->window;
    window->keep = window->pos;
    cut->line = dh_window_line(window);
    cut->byte = dh_window_place(window, window->pos);
    cut->included = member == DH_MEMBER_INCLUDED;
    char c = window->bytes[window->pos];
    if (c == '[' && member != DH_MEMBER_OTHER) {
        window->pos++;
        enter(cutter, IN_MEMBERS, cut->included);
        return false;
    }
    if (c != '{' && c != '[') {
        skip_scalar(cutter);
        return false;
    }
    enum dh_layout layout = cutter->layout;
    take_bracket(cutter, false, cut);
    if (member == DH_MEMBER_OTHER)
        cutter->layout = layout;
    return member != DH_MEMBER_OTHER || cut->fault;
}

/* In a document, at a comma, a key or the end. */
static bool take_key(struct dh_cutter *cutter, struct dh_cut *cut)
{
    struct dh_window *window = &cutter->window;
    char c = window->bytes[window->pos];
    if (c == '"') {
        if (!dh_scan_string(window))
            return fault(cutter, cut, "JSON: a string is not closed");
        enum dh_member member = dh_member_find(
            (struct dh_str){window->bytes + window->keep + 1, window->pos - window->keep - 2});
        if (!next_byte(cutter) || window->bytes[window->pos] != ':')
            return fault(cutter, cut, "JSON: unexpected character");
        window->pos++;
        return next_byte(cutter) && take_member(cutter, member, cut);
    }
    if (c == '}')
        leave(cutter);
    if (c == '{' || c == '[') { /* the document was cut short and another begins */
        cutter->depth = 0;
        return cutter->lost ? false : fault(cutter, cut, "JSON ends too early");
    }
    window->pos++;
    return c != ',' && c != '}' && fault(cutter, cut, "JSON: unexpected character");
}

/* A comma or a closing bracket between values. */
static bool take_mark(struct dh_cutter *cutter, char c, struct dh_cut *cut)
{
    struct level *level = level_of(cutter);
    cutter->window.pos++;
    if (c == ',' && level && level->want == WANT_VALUE)
        return fault(cutter, cut, "JSON: a value is missing");
    if (c == ',')
        want(cutter, WANT_VALUE);
    else if (c == ']' && level)
        leave(cutter);
    else if (!cutter->lost)
        return fault(cutter, cut, "JSON: unexpected closing bracket");
    return false;
}

/* Deals with what begins at pos. True when there is a cut to give. */
static bool take(struct dh_cutter *cutter, struct dh_cut *cut)
{
    struct level *level = level_of(cutter);
    char c = cutter->window.bytes[cutter->window.pos];
    if (level && level->kind == IN_DOCUMENT)
        return take_key(cutter, cut);
    if (c == ',' || c == ']' || c == '}')
        return take_mark(cutter, c, cut);
    if (level && level->want == WANT_COMMA && level->kind == IN_LIST && cutter->new_line) {
        cutter->depth = 0; /* the list was cut short at the end of its line */
        return !cutter->lost && fault(cutter, cut, "JSON ends too early: a list is not closed");
    }
    if (level && level->want == WANT_COMMA) {
        level->want = WANT_EITHER;
        return !cutter->lost && fault(cutter, cut, "JSON: a comma is missing between values");
    }
    cut->included = level && level->included;
    if (c == '[' && (!level || level->kind == IN_LIST)) {
        cutter->window.pos++;
        enter(cutter, IN_LIST, false);
        return false;
    }
    if (c == '{' || c == '[')
        return take_bracket(cutter, true, cut);
    skip_scalar(cutter);
    want(cutter, WANT_COMMA);
    if (level && level->scalars)
        return false;
    if (level)
        level->scalars = true;
    return fault(cutter, cut, "a record must be a JSON object");
}

static void place(struct dh_cutter *cutter, struct dh_cut *cut)
{
    *cut = (struct dh_cut){.line = dh_window_line(&cutter->window),
                           .byte = dh_window_place(&cutter->window, cutter->window.pos)};
}

enum dh_status dh_cutter_next(struct dh_cutter *cutter, struct dh_cut *out, struct dh_err *err)
{
    struct dh_window *window = &cutter->window;
    window->keep = window->pos;
    bool found = false;
    while (!found && next_byte(cutter)) {
        place(cutter, out);
        found = take(cutter, out);
    }
    /* A value that the source's own end has cut in two is told of by the source's error alone. */
    if (found && !(out->fault && window->status && window->pos == window->len))
        return DH_OK;
    if (!found)
        place(cutter, out);
    if (window->status) {
        out->fault_byte = dh_window_place(window, window->len);
        if (err)
            *err = window->err;
        return window->status;
    }
    if (!cutter->depth || cutter->lost)
        return DH_DONE;
    cutter->depth = 0;
    return fault(cutter, out, "JSON ends too early: a list is not closed") ? DH_OK : DH_DONE;
}
