/* Filters of events: values become sets of small numbers once, then each statement is tested. */
#include <stdlib.h>

#include "store/sqlite/events.h"

struct dh_sq_event_test {
    const struct dh_event_filter *filter;
    bool (*passes)(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                   const struct dh_sq_statement *s);
    uint64_t *set; /* ascending */
    size_t count;
};

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool has(const struct dh_sq_event_test *test, uint64_t number)
{
    size_t low = 0, high = test->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (test->set[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < test->count && test->set[low] == number;
}

/* ---- what a value is as a number: DH_NOT_FOUND when it is none ------------------------------- */

typedef enum dh_status number_fn(struct dh_sq_event_view *view, struct dh_str value, uint64_t *out);

static enum dh_status number_of_doi(struct dh_sq_event_view *view, struct dh_str value,
                                    uint64_t *out)
{
    int64_t id = 0;
    enum dh_status status =
        dh_sq_integer(&view->reader->conn, DH_SQL_DOI_ID, &id, view->err, "s", value);
    *out = (uint64_t)id;
    return status;
}

static enum dh_status term_number(struct dh_sq_event_view *view, enum dh_column column,
                                  struct dh_str value, uint64_t *out)
{
    int64_t id = 0;
    enum dh_status status = dh_sq_integer(&view->reader->conn, DH_SQL_TERM_ID, &id, view->err, "is",
                                          (int64_t)dh_sq_space(column), value);
    *out = (uint64_t)id;
    return status;
}

static enum dh_status number_of_person(struct dh_sq_event_view *view, struct dh_str value,
                                       uint64_t *out)
{
    return term_number(view, DH_COLUMN_PERSON, value, out);
}

static enum dh_status number_of_registrant(struct dh_sq_event_view *view, struct dh_str value,
                                           uint64_t *out)
{
    if (!dh_str_starts(value, DH_STR("datacite.")))
        return DH_NOT_FOUND;
    return term_number(view, DH_COLUMN_CLIENT, dh_str_from(value, 9), out);
}

static enum dh_status number_of_prefix(struct dh_sq_event_view *view, struct dh_str value,
                                       uint64_t *out)
{
    /* The names are in order, prefixes as such are not: 10.1/ stands behind 10.1.5/. */
    const struct dh_sq_prefix_run *prefixes;
    uint32_t count = dh_sq_event_prefixes(view, &prefixes);
    for (uint32_t i = 0; i < count; i++)
        if (value.len && dh_str_equal(prefixes[i].text, value)) {
            *out = i;
            return DH_OK;
        }
    return view->status ? view->status : DH_NOT_FOUND;
}

static enum dh_status number_of_type(struct dh_sq_event_view *view, struct dh_str value,
                                     uint64_t *out)
{
    const struct dh_sq_event_kinds *kinds = &view->event_kinds;
    *out = dh_vocab_find(DH_VOCAB_RELATION_TYPE, value);
    if (*out < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        return DH_OK;
    for (uint32_t i = 0; i < kinds->count; i++)
        if (kinds->items[i].relation.ptr && dh_str_equal(kinds->items[i].relation, value)) {
            *out = kinds->items[i].type;
            return DH_OK;
        }
    return DH_NOT_FOUND;
}

static enum dh_status number_of_source(struct dh_sq_event_view *view, struct dh_str value,
                                       uint64_t *out)
{
    const struct dh_sq_event_kinds *kinds = &view->event_kinds;
    for (*out = 0; *out < DH_SQ_EVENT_SOURCES; ++*out)
        if (dh_str_equal(value, dh_str(dh_sq_event_sources[*out])))
            return DH_OK;
    for (uint32_t i = 0; i < kinds->count; i++)
        if (kinds->items[i].relation.ptr && dh_str_equal(kinds->items[i].source, value)) {
            *out = kinds->items[i].origin;
            return DH_OK;
        }
    return DH_NOT_FOUND;
}

static enum dh_status number_of_kind(struct dh_sq_event_view *view, struct dh_str value,
                                     uint64_t *out)
{
    (void)view;
    for (*out = 0; *out < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE); ++*out)
        if (dh_str_equal(value, dh_str(dh_resource_type_schema_org(*out))))
            return DH_OK;
    return DH_NOT_FOUND;
}

static uint64_t pair(int a, int b)
{
    return a < b ? (uint64_t)a << 8 | (uint64_t)b : (uint64_t)b << 8 | (uint64_t)a;
}

static enum dh_status number_of_kinds(struct dh_sq_event_view *view, struct dh_str value,
                                      uint64_t *out)
{
    uint64_t first, second;
    size_t dash = dh_str_find(value, '-');
    struct dh_str right = dh_str_from(value, dash + 1);
    value.len = dash;
    if (dh_str_compare(value, right) > 0 || number_of_kind(view, value, &first) ||
        number_of_kind(view, right, &second))
        return DH_NOT_FOUND;
    *out = pair((int)first, (int)second);
    return DH_OK;
}

/* ---- tests ---------------------------------------------------------------------------------- */

typedef bool test_fn(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                     const struct dh_sq_statement *s);

static bool test_uuid(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                      const struct dh_sq_statement *s)
{
    unsigned char uuid[16], wanted[16];
    (void)view;
    dh_sq_event_uuid(s, uuid);
    for (size_t i = 0; i < test->filter->value_count; i++)
        if (dh_sq_uuid_parse(test->filter->values[i], wanted) && memcmp(uuid, wanted, 16) == 0)
            return true;
    return false;
}

static bool test_subject(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                         const struct dh_sq_statement *s)
{
    (void)view;
    return has(test, s->subject);
}

static bool test_object(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                        const struct dh_sq_statement *s)
{
    (void)view;
    return has(test, s->object);
}

static bool test_doi(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                     const struct dh_sq_statement *s)
{
    (void)view;
    return has(test, s->subject) || has(test, s->object);
}

/* Only references, parts and versions have a source and a target; usage has a target. */
static bool test_end(const struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                     const struct dh_sq_statement *s, bool source)
{
    bool inverse;
    if (s->type >= dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        return !source && dh_event_usage(dh_sq_event_relation(view, s->type)) &&
               has(test, s->object);
    if (dh_relation_edge(s->type, &inverse) == DH_EDGE_NONE)
        return false;
    return has(test, inverse == source ? s->object : s->subject);
}

static bool test_source_doi(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                            const struct dh_sq_statement *s)
{
    return test_end(view, test, s, true);
}

static bool test_target_doi(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                            const struct dh_sq_statement *s)
{
    return test_end(view, test, s, false);
}

static bool test_prefix(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                        const struct dh_sq_statement *s)
{
    return has(test, dh_sq_event_prefix(view, s->subject)) ||
           has(test, dh_sq_event_prefix(view, s->object));
}

static bool test_type(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                      const struct dh_sq_statement *s)
{
    (void)view;
    return has(test, s->type);
}

static bool test_source(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                        const struct dh_sq_statement *s)
{
    return has(test, dh_sq_event_source(view, s));
}

static bool test_kind(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                      const struct dh_sq_statement *s)
{
    int subject = dh_sq_event_kind(view, s->subject), object = dh_sq_event_kind(view, s->object);
    return (subject >= 0 && has(test, (uint64_t)subject)) ||
           (object >= 0 && has(test, (uint64_t)object));
}

static bool test_kinds(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                       const struct dh_sq_statement *s)
{
    int subject = dh_sq_event_kind(view, s->subject), object = dh_sq_event_kind(view, s->object);
    return subject >= 0 && object >= 0 && has(test, pair(subject, object));
}

static bool test_registrant(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                            const struct dh_sq_statement *s)
{
    return has(test, dh_sq_event_term(view, s->subject, DH_COLUMN_CLIENT)) ||
           has(test, dh_sq_event_term(view, s->object, DH_COLUMN_CLIENT));
}

static bool is_wanted(const void *context, uint32_t person)
{
    return has(context, person);
}

static bool test_person(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                        const struct dh_sq_statement *s)
{
    return dh_sq_event_people(view, s->subject, is_wanted, test) ||
           dh_sq_event_people(view, s->object, is_wanted, test);
}

static bool in_range(const struct dh_sq_event_test *test, int64_t value)
{
    return value != DH_TIME_NONE && value >= test->filter->low && value <= test->filter->high;
}

static bool test_occurred(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                          const struct dh_sq_statement *s)
{
    return in_range(test, dh_sq_event_occurred(view, s));
}

static bool test_created(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                         const struct dh_sq_statement *s)
{
    return in_range(test, dh_sq_event_time(view, s, DH_COLUMN_CREATED));
}

static bool test_updated(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                         const struct dh_sq_statement *s)
{
    return in_range(test, dh_sq_event_time(view, s, DH_COLUMN_UPDATED));
}

static bool test_year(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                      const struct dh_sq_statement *s)
{
    return in_range(test, dh_sq_event_number(view, s->subject, DH_COLUMN_YEAR));
}

static bool test_nothing(struct dh_sq_event_view *view, const struct dh_sq_event_test *test,
                         const struct dh_sq_statement *s)
{
    (void)view, (void)test, (void)s;
    return false;
}

/* ---- making ready --------------------------------------------------------------------------- */

static const struct {
    number_fn *number; /* NULL: the values are not looked up */
    test_fn *test;
} rows[] = {
    [DH_EVENT_UUID] = {NULL, test_uuid},
    [DH_EVENT_SUBJECT] = {number_of_doi, test_subject},
    [DH_EVENT_OBJECT] = {number_of_doi, test_object},
    [DH_EVENT_DOI] = {number_of_doi, test_doi},
    [DH_EVENT_SOURCE_DOI] = {number_of_doi, test_source_doi},
    [DH_EVENT_TARGET_DOI] = {number_of_doi, test_target_doi},
    [DH_EVENT_PREFIX] = {number_of_prefix, test_prefix},
    [DH_EVENT_TYPE] = {number_of_type, test_type},
    [DH_EVENT_SOURCE] = {number_of_source, test_source},
    [DH_EVENT_KIND] = {number_of_kind, test_kind},
    [DH_EVENT_KINDS] = {number_of_kinds, test_kinds},
    [DH_EVENT_REGISTRANT] = {number_of_registrant, test_registrant},
    [DH_EVENT_PERSON] = {number_of_person, test_person},
    [DH_EVENT_YEAR] = {NULL, test_year},
    [DH_EVENT_OCCURRED] = {NULL, test_occurred},
    [DH_EVENT_CREATED] = {NULL, test_created},
    [DH_EVENT_UPDATED] = {NULL, test_updated},
    [DH_EVENT_NOTHING] = {NULL, test_nothing},
};

static enum dh_status fill(struct dh_sq_event_view *view, struct dh_sq_event_test *test,
                           number_fn *number)
{
    const struct dh_event_filter *filter = test->filter;
    test->set = dh_arena_array(view->arena, filter->value_count + 1, sizeof(*test->set));
    if (!test->set)
        return dh_fail(view->err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < filter->value_count; i++) {
        enum dh_status status = number(view, filter->values[i], &test->set[test->count]);
        if (status && status != DH_NOT_FOUND)
            return status;
        test->count += status == DH_OK;
    }
    qsort(test->set, test->count, sizeof(*test->set), by_number);
    return DH_OK;
}

enum dh_status dh_sq_event_compile(struct dh_sq_event_view *view,
                                   const struct dh_event_search *search,
                                   struct dh_sq_event_test **out)
{
    struct dh_sq_event_test *tests =
        dh_arena_array(view->arena, search->filter_count + 1, sizeof(*tests));
    enum dh_status status = DH_OK;
    if (!tests)
        return dh_fail(view->err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < search->filter_count && !status; i++) {
        const struct dh_event_filter *filter = &search->filters[i];
        tests[i].filter = filter;
        tests[i].passes = rows[filter->field].test;
        if (rows[filter->field].number)
            status = fill(view, &tests[i], rows[filter->field].number);
    }
    *out = tests;
    return status;
}

bool dh_sq_event_passes(struct dh_sq_event_view *view, const struct dh_sq_event_test *tests,
                        const struct dh_sq_statement *s)
{
    for (; tests->passes; tests++)
        if (!tests->passes(view, tests, s))
            return false;
    return true;
}
