#include "cli/csv.h"

#include "cli/facts.h"

static const struct {
    const char *name;
    dh_fact *fact;
} columns[] = {
    {"doi", dh_fact_doi},
    {"url", dh_fact_url},
    {"registered", dh_fact_registered_day},
    {"state", dh_fact_state},
    {"resourceTypeGeneral", dh_fact_type},
    {"resourceType", dh_fact_resource_type},
    {"title", dh_fact_title},
    {"author", dh_fact_authors},
    {"publisher", dh_fact_publisher},
    {"publicationYear", dh_fact_year},
    {"version", dh_fact_version},
    {"rights", dh_fact_rights},
    {"shortName", dh_fact_short_name},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool needs_quotes(struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\n' || text.ptr[i] == '\r')
            return true;
    return text.len == 0;
}

/* Null is nothing, an empty text is "". */
static void put_value(struct dh_buf *out, struct dh_str text)
{
    if (!text.ptr)
        return;
    if (!needs_quotes(text)) {
        dh_buf_str(out, text);
        return;
    }
    dh_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            dh_buf_char(out, '"');
        dh_buf_char(out, text.ptr[i]);
    }
    dh_buf_char(out, '"');
}

void dh_csv_header(struct dh_buf *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_buf_text(out, columns[i].name);
    }
    dh_buf_char(out, '\n');
}

void dh_csv_row(const struct dh_hit *hit, struct dh_buf *out, struct dh_arena *arena)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i)
            dh_buf_char(out, ',');
        put_value(out, columns[i].fact(hit, arena));
    }
    dh_buf_char(out, '\n');
}
