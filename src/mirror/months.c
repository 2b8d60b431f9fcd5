#include "mirror/months.h"

#include <stdlib.h>

#include "base/json.h"

void dh_months_release(struct dh_months *months)
{
    free(months->items);
    *months = (struct dh_months){0};
}

/* The entry of a month, made when it is new; NULL out of memory. */
static struct dh_month *entry(struct dh_months *months, int month)
{
    size_t low = 0, high = months->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (months->items[middle].month < month)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < months->count && months->items[low].month == month)
        return &months->items[low];
    struct dh_month *items =
        dh_array_reserve(months->items, &months->room, months->count + 1, sizeof(*items));
    if (!items)
        return NULL;
    months->items = items;
    struct dh_month *at = months->items + low;
    memmove(at + 1, at, (months->count++ - low) * sizeof(*at));
    *at = (struct dh_month){.month = month};
    return at;
}

enum dh_status dh_months_add(struct dh_months *months, const struct dh_month *more,
                             struct dh_err *err)
{
    struct dh_month *month = more->month < 0 ? NULL : entry(months, more->month);
    if (!month)
        return more->month < 0 ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
    month->counted = month->counted || more->counted;
    for (size_t i = 0; i < DH_MONTH_STATES; i++) {
        month->rows[i] += more->rows[i];
        month->records[i] += more->records[i];
    }
    return DH_OK;
}

/* ---- as JSON: [[month, counted, [rows by state], [records by state]], ...] ------------------- */

static bool append(struct json_object *list, struct json_object *value)
{
    if (value && json_object_array_add(list, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static struct json_object *numbers(const uint64_t *values)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < DH_MONTH_STATES; i++)
        if (!append(list, json_object_new_int64((int64_t)values[i]))) {
            json_object_put(list);
            list = NULL;
        }
    return list;
}

struct json_object *dh_months_write(const struct dh_months *months)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; all && i < months->count; i++) {
        const struct dh_month *month = &months->items[i];
        struct json_object *one = json_object_new_array();
        bool whole = one && append(one, json_object_new_int(month->month)) &&
                     append(one, json_object_new_boolean(month->counted)) &&
                     append(one, numbers(month->rows)) && append(one, numbers(month->records));
        if (!whole || !append(all, json_object_get(one))) {
            json_object_put(all);
            all = NULL;
        }
        json_object_put(one);
    }
    return all;
}

static struct json_object *element(struct json_object *list, size_t i)
{
    bool array = json_object_is_type(list, json_type_array) && i < json_object_array_length(list);
    return array ? json_object_array_get_idx(list, i) : NULL;
}

static void read_numbers(struct json_object *list, uint64_t *out)
{
    for (size_t i = 0; i < DH_MONTH_STATES; i++) {
        int64_t value = json_object_get_int64(element(list, i));
        out[i] = value > 0 ? (uint64_t)value : 0;
    }
}

enum dh_status dh_months_read(struct dh_months *months, struct json_object *json,
                              struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (!json_object_is_type(json, json_type_array))
        return dh_fail(err, DH_CORRUPT, "the progress of an import cannot be read");
    for (size_t i = 0; !status && i < json_object_array_length(json); i++) {
        struct json_object *one = element(json, i);
        struct dh_month month = {.month = json_object_get_int(element(one, 0)),
                                 .counted = json_object_get_boolean(element(one, 1))};
        read_numbers(element(one, 2), month.rows);
        read_numbers(element(one, 3), month.records);
        status = dh_months_add(months, &month, err);
    }
    return status;
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { CELL_MAX = 63, PIECE = 64 * 1024 };

/* A CSV being read: only the cell of the state is kept. */
struct reading {
    struct dh_month *out;
    uint64_t line, byte;
    size_t column, state; /* the one at hand; that of the state, SIZE_MAX before it is known */
    char cell[CELL_MAX + 1];
    size_t len; /* of the cell at hand, cut at CELL_MAX */
    bool quoted, any, head;
    enum dh_doi_state found;
};

static void end_cell(struct reading *reading)
{
    struct dh_str cell = {reading->cell, reading->len};
    if (reading->head && reading->state == SIZE_MAX && dh_str_equal(cell, DH_STR("state")))
        reading->state = reading->column;
    else if (!reading->head && reading->column == reading->state)
        reading->found = dh_state_find(cell);
    reading->column++;
    reading->len = 0;
}

/* False when the first row names no state. */
static bool end_row(struct reading *reading)
{
    bool head = reading->head;
    if (!reading->any)
        return true;
    end_cell(reading);
    if (!head)
        reading->out->rows[reading->found < DH_STATE__N ? reading->found : DH_STATE__N]++;
    reading->column = 0;
    reading->any = reading->head = false;
    reading->found = DH_STATE__N;
    return !head || reading->state != SIZE_MAX;
}

/* Quotes within a quoted cell are doubled: leaving and entering it again comes to the same. */
static bool take(struct reading *reading, char c)
{
    if (c == '\n')
        reading->line++;
    if (c == '"') {
        reading->quoted = !reading->quoted;
    } else if (c == '\n' && !reading->quoted) {
        return end_row(reading);
    } else if (c == ',' && !reading->quoted) {
        end_cell(reading);
    } else if (c != '\r' || reading->quoted) {
        bool kept = reading->head || reading->column == reading->state;
        if (kept && reading->len < CELL_MAX)
            reading->cell[reading->len++] = c;
    }
    reading->any = reading->any || (c != '\r' && c != '\n');
    return true;
}

static enum dh_status count(struct dh_input *input, struct reading *reading, char *piece,
                            struct dh_err *err)
{
    size_t len = 1;
    while (len) {
        enum dh_status status = dh_input_read(input, piece, PIECE, &len, err);
        for (size_t i = 0; i < len; i++, reading->byte++)
            if (!take(reading, piece[i]))
                return dh_fail(err, DH_INVALID, "this CSV has no column called state");
        if (status)
            return status;
    }
    return end_row(reading) ? DH_OK
                            : dh_fail(err, DH_INVALID, "this CSV has no column called state");
}

enum dh_status dh_rows_count(struct dh_input *input, struct dh_month *out, uint64_t *line,
                             uint64_t *byte, struct dh_err *err)
{
    struct reading reading = {
        .out = out, .line = 1, .state = SIZE_MAX, .head = true, .found = DH_STATE__N};
    char *piece = malloc(PIECE);
    if (!piece)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = count(input, &reading, piece, err);
    out->counted = true;
    *line = reading.line;
    *byte = reading.byte;
    free(piece);
    return status;
}
