#include "cli/import_counts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"

void dh_import_counts_init(struct dh_import_counts *counts)
{
    *counts = (struct dh_import_counts){0};
    dh_buf_init(&counts->lines, DH_BODY_MAX);
    dh_buf_init(&counts->json, DH_RESPONSE_MAX);
}

void dh_import_counts_release(struct dh_import_counts *counts)
{
    dh_buf_release(&counts->lines);
    dh_buf_release(&counts->json);
}

static const char *state_name(size_t state)
{
    return state < DH_STATE__N ? dh_state_name((enum dh_doi_state)state) : "other";
}

/*
 * A data file holds the records of findable DOIs; of the registered ones it has the rows alone. A
 * difference is one of a state whose records the file does hold.
 */
static void compare(struct dh_import_counts *counts, const struct dh_import_month *month,
                    size_t state)
{
    uint64_t rows = month->rows[state], records = month->records[state];
    if (!month->counted || rows == records)
        return;
    if (!records && state != DH_STATE_FINDABLE) {
        counts->rows_only += rows;
        return;
    }
    if (counts->differences++ < DH_COMPLAINTS_MAX)
        dh_buf_printf(&counts->lines,
                      "%s: %04d-%02u: %s: %" PRIu64 " in the CSV, %" PRIu64 " records came\n",
                      month->file, month->year, month->month, state_name(state), rows, records);
}

static void write_states(struct dh_buf *out, const uint64_t *numbers)
{
    char mark = '{';
    for (size_t i = 0; i <= DH_STATE__N; i++)
        if (numbers[i]) {
            dh_buf_printf(out, "%c\"%s\":%" PRIu64, mark, state_name(i), numbers[i]);
            mark = ',';
        }
    dh_buf_text(out, mark == '{' ? "{}" : "}");
}

void dh_import_counts_add(struct dh_import_counts *counts, const struct dh_import_month *month)
{
    struct dh_buf *json = &counts->json;
    for (size_t i = 0; i <= DH_STATE__N; i++)
        compare(counts, month, i);
    dh_buf_text(json, json->len ? ",{\"file\":" : "{\"file\":");
    dh_json_string(json, dh_str(month->file), DH_JSON_PLAIN);
    dh_buf_printf(json, ",\"month\":\"%04d-%02u\",\"rows\":", month->year, month->month);
    if (month->counted)
        write_states(json, month->rows);
    else
        dh_buf_text(json, "null");
    dh_buf_text(json, ",\"records\":");
    write_states(json, month->records);
    dh_buf_char(json, '}');
}

void dh_import_counts_tell(const struct dh_import_counts *counts)
{
    if (counts->lines.len)
        fwrite(counts->lines.ptr, 1, counts->lines.len, stderr);
    if (counts->differences > DH_COMPLAINTS_MAX)
        fprintf(stderr, "and %" PRIu64 " more differences; --json has all\n",
                counts->differences - DH_COMPLAINTS_MAX);
    if (counts->rows_only)
        fprintf(stderr, "%" PRIu64 " DOIs that are not findable stand in the CSV alone\n",
                counts->rows_only);
}

void dh_import_counts_write(const struct dh_import_counts *counts,
                            const struct dh_import_result *result, double seconds,
                            struct dh_buf *out)
{
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        {"records", result->records},      {"created", result->created},
        {"updated", result->updated},      {"touched", result->touched},
        {"unchanged", result->unchanged},  {"leftOut", result->left},
        {"accounts", result->accounts},    {"events", result->events},
        {"newEvents", result->new_events}, {"bad", result->bad},
        {"repaired", result->repaired},    {"members", result->members},
        {"resumed", result->resumed},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        dh_buf_printf(out, "%c\"%s\":%" PRIu64, i ? ',' : '{', rows[i].name, rows[i].count);
    dh_buf_printf(out, ",\"seconds\":%.3f,\"months\":[", seconds);
    if (counts->json.status)
        out->status = counts->json.status;
    dh_buf_str(out, dh_buf_view(&counts->json));
    dh_buf_text(out, "]}\n");
}
