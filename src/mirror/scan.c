#include "mirror/scan.h"

/* What a byte is to the grammar. Everything that is nothing else belongs to a word or number. */
enum token {
    TOKEN_WORD,
    TOKEN_SPACE,
    TOKEN_QUOTE,
    TOKEN_OBJECT,
    TOKEN_ARRAY,
    TOKEN_OBJECT_END,
    TOKEN_ARRAY_END,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN__N
};

static const unsigned char tokens[256] = {
    [' '] = TOKEN_SPACE,     ['\t'] = TOKEN_SPACE, ['\r'] = TOKEN_SPACE, ['\n'] = TOKEN_SPACE,
    ['"'] = TOKEN_QUOTE,     ['{'] = TOKEN_OBJECT, ['['] = TOKEN_ARRAY,  ['}'] = TOKEN_OBJECT_END,
    [']'] = TOKEN_ARRAY_END, [','] = TOKEN_COMMA,  [':'] = TOKEN_COLON,
};

static const bool string_stops[256] = {['"'] = true, ['\\'] = true, ['\n'] = true};

/* What may come next inside a value. */
enum expect {
    EXPECT_VALUE,
    EXPECT_FIRST_VALUE, /* or the end of the array */
    EXPECT_KEY,
    EXPECT_FIRST_KEY, /* or the end of the object */
    EXPECT_COLON,
    EXPECT_NEXT /* a comma or the end */
};

enum { ON_VALUE = 1 << EXPECT_VALUE | 1 << EXPECT_FIRST_VALUE };

/* Under which expectations a token is right. */
static const unsigned char allowed[TOKEN__N] = {
    [TOKEN_WORD] = ON_VALUE,
    [TOKEN_QUOTE] = ON_VALUE | 1 << EXPECT_KEY | 1 << EXPECT_FIRST_KEY,
    [TOKEN_OBJECT] = ON_VALUE,
    [TOKEN_ARRAY] = ON_VALUE,
    [TOKEN_OBJECT_END] = 1 << EXPECT_FIRST_KEY | 1 << EXPECT_NEXT,
    [TOKEN_ARRAY_END] = 1 << EXPECT_FIRST_VALUE | 1 << EXPECT_NEXT,
    [TOKEN_COMMA] = 1 << EXPECT_NEXT,
    [TOKEN_COLON] = 1 << EXPECT_COLON,
};

static enum token token_at(const struct dh_window *window)
{
    return tokens[(unsigned char)window->bytes[window->pos]];
}

enum dh_member dh_member_find(struct dh_str key)
{
    static const struct {
        struct dh_str key;
        enum dh_member member;
    } members[] = {
        {{"data", 4}, DH_MEMBER_DATA},
        {{"included", 8}, DH_MEMBER_INCLUDED},
    };
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (dh_str_equal(key, members[i].key))
            return members[i].member;
    return DH_MEMBER_OTHER;
}

bool dh_scan_string(struct dh_window *window)
{
    window->pos++;
    while (dh_window_peek(window)) {
        while (window->pos < window->len &&
               !string_stops[(unsigned char)window->bytes[window->pos]])
            window->pos++;
        if (window->pos == window->len)
            continue;
        char c = window->bytes[window->pos];
        if (c == '\n')
            return false;
        window->pos++;
        if (c == '"')
            return true;
        if (!dh_window_peek(window)) {
            window->pos--; /* back to the backslash: who goes on must see it */
            return false;
        }
        if (window->bytes[window->pos] != '\n')
            window->pos++;
    }
    return false;
}

void dh_scan_word(struct dh_window *window)
{
    while (dh_window_peek(window) && token_at(window) == TOKEN_WORD)
        window->pos++;
}

/*
 * Passes white space. False at the end, and where values stand one per line and a line begins as
 * the value's own did: there the next value begins and this one was cut short.
 */
static bool next_token(struct dh_scan *scan, struct dh_window *window)
{
    size_t line = 0; /* where the line begins that was last entered, from window->keep */
    for (; dh_window_peek(window) && token_at(window) == TOKEN_SPACE; window->pos++) {
        if (window->bytes[window->pos] != '\n')
            continue;
        line = window->pos + 1 - window->keep;
        if (!scan->newline)
            scan->newline = line - 1;
    }
    if (window->pos == window->len)
        return false;
    return !(line && scan->layout == DH_LAYOUT_LINES && token_at(window) == TOKEN_OBJECT &&
             window->pos - window->keep - line == scan->indent);
}

static bool open_bracket(struct dh_scan *scan, struct dh_window *window, bool object)
{
    if (scan->depth == DH_JSON_DEPTH_MAX) {
        scan->fault = "JSON: nested too deep";
        return false;
    }
    scan->objects[scan->depth++] = object;
    scan->expect = object ? EXPECT_FIRST_KEY : EXPECT_FIRST_VALUE;
    window->pos++;
    return true;
}

static bool close_bracket(struct dh_scan *scan, struct dh_window *window, bool object)
{
    if (scan->objects[scan->depth - 1] != object)
        return false;
    scan->depth--;
    scan->expect = EXPECT_NEXT;
    window->pos++;
    return true;
}

static bool pass_string(struct dh_scan *scan, struct dh_window *window)
{
    size_t start = window->pos + 1 - window->keep;
    bool key = !(1 << scan->expect & ON_VALUE);
    if (!dh_scan_string(window)) {
        scan->in_string = window->full;
        scan->fault = "JSON: a string is not closed";
        return false;
    }
    scan->expect = key ? EXPECT_COLON : EXPECT_NEXT;
    size_t end = window->pos - 1 - window->keep;
    if (key && scan->depth == 1)
        scan->member =
            dh_member_find((struct dh_str){window->bytes + window->keep + start, end - start});
    return true;
}

/* Passes one token; false when it is out of place. */
static bool pass(struct dh_scan *scan, struct dh_window *window, enum token token)
{
    if (!(allowed[token] >> scan->expect & 1))
        return false;
    switch (token) {
    case TOKEN_QUOTE:
        return pass_string(scan, window);
    case TOKEN_OBJECT:
    case TOKEN_ARRAY:
        return open_bracket(scan, window, token == TOKEN_OBJECT);
    case TOKEN_OBJECT_END:
    case TOKEN_ARRAY_END:
        return close_bracket(scan, window, token == TOKEN_OBJECT_END);
    case TOKEN_COMMA:
        scan->expect = scan->objects[scan->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
        window->pos++;
        return true;
    case TOKEN_COLON:
        scan->expect = EXPECT_VALUE;
        window->pos++;
        return true;
    default:
        scan->expect = EXPECT_NEXT;
        dh_scan_word(window);
        return true;
    }
}

/* At the value of `data` or `included`: an object, an array or null makes a document. */
static bool opens_document(const struct dh_scan *scan, const struct dh_window *window,
                           enum token token)
{
    return scan->documents && scan->depth == 1 && scan->member && scan->expect == EXPECT_VALUE &&
           (token == TOKEN_OBJECT || token == TOKEN_ARRAY || window->bytes[window->pos] == 'n');
}

enum dh_scan_end dh_scan_value(struct dh_scan *scan, struct dh_window *window)
{
    scan->member = DH_MEMBER_OTHER;
    scan->newline = scan->depth = 0;
    scan->fault = NULL;
    scan->in_string = false;
    window->full = false;
    scan->expect = EXPECT_VALUE;
    do {
        enum token token = token_at(window);
        if (opens_document(scan, window, token))
            return DH_SCAN_DOCUMENT;
        if (!pass(scan, window, token)) {
            if (!scan->fault)
                scan->fault = "JSON: unexpected character";
            break;
        }
        if (scan->depth == 0)
            return DH_SCAN_VALUE;
    } while (next_token(scan, window));
    if (!scan->fault)
        scan->fault = "JSON ends too early";
    return DH_SCAN_FAULT;
}
