#include "store/events.h"

const char *dh_event_usage(struct dh_str relation)
{
    static const struct {
        const char *relation, *counts;
    } rows[] = {
        {"unique-dataset-investigations-regular", "views"},
        {"unique-dataset-requests-regular", "downloads"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (dh_str_equal(relation, dh_str(rows[i].relation)))
            return rows[i].counts;
    return NULL;
}
