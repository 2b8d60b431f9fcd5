#include "cli/csv.h"

#include "cli/facts.h"
#include "format/csv.h"

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
        dh_csv_value(out, columns[i].fact(hit, arena));
    }
    dh_buf_char(out, '\n');
}
