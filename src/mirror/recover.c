/* Where to go on behind a broken value: see cutter.h for the rules. */
#include "mirror/scan.h"

/* True when the first line of the value holds more than its opening bracket, as one per line does.
 */
static bool whole_on_line(const struct dh_scan *scan, const struct dh_window *window)
{
    size_t len = scan->newline ? scan->newline : window->pos - window->keep;
    if (scan->layout != DH_LAYOUT_UNKNOWN)
        return scan->layout == DH_LAYOUT_LINES;
    return len > 0 && !dh_str_blank((struct dh_str){window->bytes + window->keep + 1, len - 1});
}

/*
 * Goes on from the fault, counting brackets only, until those that were open are closed. False when
 * the line ends first: pos is at the newline or the end.
 */
static bool close_brackets(struct dh_window *window, unsigned depth, bool in_string)
{
    window->keep = window->pos;
    for (; depth && dh_window_peek(window); window->keep = window->pos) {
        char c = window->bytes[window->pos];
        if (c == '\n')
            return false;
        window->pos++;
        if (c == '"') {
            in_string = !in_string;
        } else if (!in_string) {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
        } else if (c == '\\' && dh_window_peek(window) && window->bytes[window->pos] != '\n') {
            window->pos++;
        }
    }
    return depth == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* From a newline: passes lines until one stands no deeper than the value did. */
static void leave_indent(struct dh_scan *scan, struct dh_window *window)
{
    while (dh_window_peek(window)) {
        window->keep = ++window->pos;
        size_t column = 0;
        for (; dh_window_peek(window) && blank(window->bytes[window->pos]); column++)
            window->keep = ++window->pos;
        if (window->pos == window->len)
            return;
        char c = window->bytes[window->pos];
        if (column <= scan->indent && c && strchr("{}[]", c)) {
            if (c == '}' && column == scan->indent)
                window->keep = ++window->pos;
            scan->indent = column;
            return;
        }
        dh_window_skip_line(window);
    }
}

void dh_scan_recover(struct dh_scan *scan, struct dh_window *window, struct dh_cut *cut)
{
    bool too_long = window->full, lines = whole_on_line(scan, window);
    cut->status = too_long ? DH_LIMIT : DH_INVALID;
    cut->fault = too_long ? "JSON value longer than the limit" : scan->fault;
    cut->fault_byte = dh_window_place(window, window->pos);
    if (scan->newline) {
        window->pos = window->keep + scan->newline;
        if (lines && !too_long) {
            cut->fault = "JSON ends too early";
            cut->fault_byte = dh_window_place(window, window->pos);
            return;
        }
    } else if (close_brackets(window, scan->depth, scan->in_string) || lines) {
        return;
    }
    leave_indent(scan, window);
}
