/*
 * Searches against a naive scan: a few hundred generated records, edited at random, every answer
 * worked out again by loops over plain structs.
 */
#include "fixture.h"

enum { RECORDS = 400, SUBJECTS = 12, CLIENTS = 7, EDITS = 300 };

/* What the generator knows of a record. */
struct plain {
    bool there;
    char doi[32];
    int state, client, year, language; /* language, year: -1 none */
    unsigned subjects;                 /* a bit each */
    int64_t created, updated;          /* created: DH_TIME_NONE for a few */
    int views;                         /* -1: did not come */
    int title;
};

static const char *const states[] = {"findable", "registered", "draft"};
static const char *const languages[] = {"de", "en", "fr", ""};

/* The fixture comes first: its functions take a world as well. */
struct world {
    struct fixture f;
    struct plain records[RECORDS];
    unsigned seed;
};

static int roll(struct world *w, int sides)
{
    return (int)(rand_r(&w->seed) % (unsigned)sides);
}

static void make(struct world *w, int i)
{
    struct plain *p = &w->records[i];
    bool there = p->there;
    snprintf(p->doi, sizeof(p->doi), "10.%d/%c%d", 1000 + i % 3, 'a' + i % 5, i * 7919 % 1000);
    p->there = true;
    p->state = roll(w, 10) < 8 ? 0 : roll(w, 3);
    p->client = roll(w, CLIENTS);
    p->year = roll(w, 20) ? 2000 + roll(w, 25) : -1;
    p->language = roll(w, 5) - 1;
    p->subjects = (unsigned)roll(w, 1 << SUBJECTS) & (unsigned)roll(w, 1 << SUBJECTS);
    if (!there)
        p->created = dh_time_civil(2010 + roll(w, 10), 1 + (unsigned)roll(w, 12), 5);
    p->updated = dh_time_civil(2020 + roll(w, 3), 1 + (unsigned)roll(w, 12), 9);
    p->views = roll(w, 3) ? roll(w, 4) : -1;
    /* A count that came once stays: absent is not null. */
    if (there && p->views < 0)
        p->views = 0;
    p->title = roll(w, 30);
}

static void write_json(const struct plain *p, struct dh_buf *out)
{
    char created[DH_TIME_TEXT_MAX], updated[DH_TIME_TEXT_MAX];
    dh_time_format(p->created, false, created);
    dh_time_format(p->updated, false, updated);
    dh_buf_clear(out);
    dh_buf_printf(out,
                  "{\"id\":\"%s\",\"type\":\"dois\",\"attributes\":{\"doi\":\"%s\",\"state\":"
                  "\"%s\",\"created\":\"%s\",\"updated\":\"%s\",\"titles\":[{\"title\":\"T%d "
                  "\xc3\x84%d\"}],\"subjects\":[",
                  p->doi, p->doi, states[p->state], created, updated, p->title % 7, p->title);
    for (int s = 0, n = 0; s < SUBJECTS; s++)
        if (p->subjects >> s & 1)
            dh_buf_printf(out, "%s{\"subject\":\"s%d\"}", n++ ? "," : "", s);
    dh_buf_text(out, "]");
    if (p->year >= 0)
        dh_buf_printf(out, ",\"publicationYear\":%d", p->year);
    else
        dh_buf_text(out, ",\"publicationYear\":null");
    if (p->language >= 0)
        dh_buf_printf(out, ",\"language\":\"%s\"", languages[p->language]);
    else
        dh_buf_text(out, ",\"language\":null");
    if (p->views >= 0)
        dh_buf_printf(out, ",\"viewCount\":%d", p->views);
    dh_buf_printf(out,
                  "},\"relationships\":{\"client\":{\"data\":{\"id\":\"org%d.c%d\",\"type\":"
                  "\"clients\"}}}}",
                  p->client % 2, p->client);
    dh_buf_char(out, '\0');
}

static void put_plain(struct fixture *f, const struct plain *p)
{
    struct dh_buf json;
    dh_buf_init(&json, DH_BODY_MAX);
    write_json(p, &json);
    put_open(f, json.ptr);
    dh_buf_release(&json);
}

/* Fills a store, asks once so that columns are loaded, then edits at random with more questions. */
static void fill(struct fixture *f, struct world *w)
{
    struct dh_search search = all_records();
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = 0; i < RECORDS / 2; i++) {
        make(w, i);
        put_plain(f, &w->records[i]);
    }
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_int_equal(find(f, &search).total, RECORDS / 2);
    for (int i = 0; i < EDITS; i++) {
        int at = i < RECORDS / 2 ? RECORDS / 2 + i : roll(w, RECORDS);
        if (i % 10 == 0)
            assert_ok(f, dh_store_begin(f->store, &f->err));
        make(w, at);
        put_plain(f, &w->records[at]);
        make(w, i);
        put_plain(f, &w->records[i]);
        if (i % 10 == 9)
            assert_ok(f, dh_store_commit(f->store, &f->err));
        if (i % 50 == 49)
            find(f, &search);
    }
}

static int set_up_world(void **state)
{
    if (set_up(state))
        return -1;
    struct world *w = calloc(1, sizeof(*w));
    struct fixture *f = *state;
    w->f = *f;
    free(f);
    w->seed = 42;
    fill(&w->f, w);
    *state = w;
    return 0;
}

static struct world *world(void **state)
{
    return *state;
}

/* ---- the naive side ------------------------------------------------------------------------- */

static void client_of(const struct plain *p, char out[16])
{
    snprintf(out, 16, "org%d.c%d", p->client % 2, p->client);
}

/* True when a plain record passes a filter of the kinds used below. */
static bool passes_one(const struct plain *p, const struct dh_filter *filter)
{
    bool hit = false;
    char client[16], subject[8];
    client_of(p, client);
    if (filter->op == DH_FILTER_NOTHING)
        return false;
    if (filter->op == DH_FILTER_RANGE) {
        int64_t value = filter->column == DH_COLUMN_YEAR ? (p->year < 0 ? DH_TIME_NONE : p->year)
                        : filter->column == DH_COLUMN_UPDATED ? p->updated
                                                              : (p->views < 0 ? 0 : p->views);
        return value != DH_TIME_NONE && value >= filter->low && value <= filter->high;
    }
    for (size_t i = 0; i < filter->value_count; i++) {
        struct dh_str v = filter->values[i];
        if (filter->column == DH_COLUMN_STATE)
            hit = hit || dh_str_equal(v, dh_str(states[p->state]));
        if (filter->column == DH_COLUMN_CLIENT)
            hit = hit || dh_str_equal(v, dh_str(client));
        if (filter->column == DH_COLUMN_LANGUAGE && p->language >= 0)
            hit = hit || dh_str_equal(v, dh_str(languages[p->language]));
        for (int s = 0; filter->column == DH_COLUMN_SUBJECT && s < SUBJECTS; s++) {
            snprintf(subject, sizeof(subject), "s%d", s);
            hit = hit || ((p->subjects >> s & 1) && dh_str_equal(v, dh_str(subject)));
        }
    }
    return hit != (filter->op == DH_FILTER_NOT_IN);
}

static bool passes(const struct plain *p, const struct dh_search *search)
{
    bool any = false, grouped = false;
    if (!p->there)
        return false;
    for (size_t i = 0; i < search->filter_count; i++) {
        bool hit = passes_one(p, &search->filters[i]);
        if (!search->filters[i].any && !hit)
            return false;
        grouped = grouped || search->filters[i].any;
        any = any || (search->filters[i].any && hit);
    }
    return !grouped || any;
}

static const struct plain *find_plain(const struct world *w, struct dh_str doi)
{
    for (int i = 0; i < RECORDS; i++)
        if (w->records[i].there && dh_str_equal(dh_str(w->records[i].doi), doi))
            return &w->records[i];
    fail_msg("no plain record %.*s", DH_STR_ARG(doi));
    return NULL;
}

/* ---- filters -------------------------------------------------------------------------------- */

static void random_filter(struct world *w, struct dh_filter *filter, struct dh_str *values)
{
    static const struct dh_str pool[4][4] = {
        {{"findable", 8}, {"draft", 5}, {"registered", 10}, {"unknown", 7}},
        {{"org0.c0", 7}, {"org1.c1", 7}, {"org0.c2", 7}, {"nobody", 6}},
        {{"de", 2}, {"en", 2}, {"", 0}, {"xx", 2}},
        {{"s0", 2}, {"s5", 2}, {"s11", 3}, {"s99", 3}},
    };
    static const enum dh_column columns[] = {DH_COLUMN_STATE, DH_COLUMN_CLIENT, DH_COLUMN_LANGUAGE,
                                             DH_COLUMN_SUBJECT};
    int kind = roll(w, 8);
    *filter = (struct dh_filter){.any = roll(w, 3) == 0, .values = values};
    if (kind < 4) {
        filter->column = columns[kind];
        filter->op = roll(w, 4) ? DH_FILTER_IN : DH_FILTER_NOT_IN;
        filter->value_count = (size_t)roll(w, 3) + (roll(w, 10) > 0);
        for (size_t i = 0; i < filter->value_count; i++)
            values[i] = pool[kind][roll(w, 4)];
    } else if (kind < 7) {
        static const enum dh_column numbers[] = {DH_COLUMN_YEAR, DH_COLUMN_UPDATED,
                                                 DH_COLUMN_VIEWS};
        filter->column = numbers[kind - 4];
        filter->op = DH_FILTER_RANGE;
        filter->low = kind == 4   ? 2000 + roll(w, 25)
                      : kind == 5 ? dh_time_civil(2020 + roll(w, 3), 3, 1)
                                  : roll(w, 4);
        filter->high = kind == 4 ? filter->low + roll(w, 10) : roll(w, 2) ? INT64_MAX : filter->low;
    } else {
        filter->op = roll(w, 5) ? DH_FILTER_RANGE : DH_FILTER_NOTHING;
        filter->column = DH_COLUMN_VIEWS;
        filter->high = 3;
    }
}

static void filters_agree_with_a_scan(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    for (int round = 0; round < 600; round++) {
        struct dh_filter filters[4];
        struct dh_str values[4][4];
        struct dh_search search = all_records();
        search.filters = filters;
        search.filter_count = (size_t)roll(w, 5);
        for (size_t i = 0; i < search.filter_count; i++)
            random_filter(w, &filters[i], values[i]);
        struct dh_page page = find(f, &search);
        size_t expected = 0;
        for (int i = 0; i < RECORDS; i++)
            expected += passes(&w->records[i], &search);
        assert_int_equal(page.total, expected);
        assert_int_equal(page.count, expected);
        for (size_t i = 0; i < page.count; i++) {
            assert_true(passes(find_plain(w, page.hits[i].doi), &search));
            assert_true(i == 0 || dh_str_compare(page.hits[i - 1].doi, page.hits[i].doi) < 0);
        }
        dh_arena_clear(&f->arena);
    }
}

static void listed_dois_restrict(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct dh_str dois[] = {dh_str(w->records[3].doi), dh_str("10.1/none"),
                            dh_str(w->records[1].doi), dh_str(w->records[3].doi)};
    struct dh_search search = all_records();
    search.dois = dois;
    search.doi_count = 4;
    search.bodies = true;
    struct dh_page page = find(f, &search);
    assert_int_equal(page.total, 2);
    assert_int_equal(page.count, 2);
    assert_true(dh_wire_fragment(&page.hits[0].wire, DH_ATTR_TITLES, DH_FORM_PLAIN).len > 10);
    struct dh_filter nothing = {.op = DH_FILTER_NOTHING};
    search.filters = &nothing;
    search.filter_count = 1;
    assert_int_equal(find(f, &search).total, 0);
}

/* ---- order ---------------------------------------------------------------------------------- */

static int64_t sort_key(const struct plain *p, enum dh_sort sort)
{
    switch (sort) {
    case DH_SORT_UPDATED:
        return p->updated;
    case DH_SORT_CREATED:
        return p->created;
    case DH_SORT_VIEWS:
        return p->views < 0 ? 0 : p->views;
    case DH_SORT_TITLE: { /* "t3 a14" after folding: as text */
        char text[16] = {0};
        snprintf(text, sizeof(text), "t%d a%d", p->title % 7, p->title);
        int64_t key = 0;
        for (int i = 0; i < 7; i++)
            key = key << 8 | (unsigned char)text[i];
        return key;
    }
    default:
        return 0;
    }
}

static void expect_order(const struct world *w, const struct dh_page *page, enum dh_sort sort,
                         bool descending)
{
    for (size_t i = 1; i < page->count; i++) {
        const struct plain *a = find_plain(w, page->hits[i - 1].doi);
        const struct plain *b = find_plain(w, page->hits[i].doi);
        int64_t x = sort_key(a, sort), y = sort_key(b, sort);
        int names = strcmp(a->doi, b->doi);
        if (sort == DH_SORT_NAME && descending)
            names = -names;
        if (x == y ? names >= 0 : (x > y) != descending)
            fail_msg("sort %d: %s stands before %s", sort, a->doi, b->doi);
    }
}

static void every_order_holds_on_every_page(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    static const enum dh_sort sorts[] = {DH_SORT_UPDATED, DH_SORT_CREATED, DH_SORT_NAME,
                                         DH_SORT_TITLE,   DH_SORT_VIEWS,   DH_SORT_NONE};
    struct dh_str findable = dh_str("findable"), few[] = {dh_str("s0"), dh_str("s1")};
    struct dh_filter filters[] = {
        {.column = DH_COLUMN_STATE, .values = &findable, .value_count = 1},
        {.column = DH_COLUMN_SUBJECT, .values = few, .value_count = 2},
        {.column = DH_COLUMN_YEAR, .op = DH_FILTER_RANGE, .low = 2020, .high = 2020}};
    for (size_t s = 0; s < sizeof(sorts) / sizeof(sorts[0]); s++)
        for (int d = 0; d < 2; d++)
            for (size_t n = 0; n <= 3; n++) {
                struct dh_search search = all_records();
                search.filters = filters;
                search.filter_count = n;
                search.sort = sorts[s];
                search.descending = d;
                struct dh_page whole = find(f, &search), page;
                expect_order(w, &whole, sorts[s], d && sorts[s] != DH_SORT_NONE);
                search.limit = 7;
                for (search.offset = 0; search.offset <= whole.total; search.offset += 7) {
                    page = find(f, &search);
                    assert_int_equal(page.total, whole.total);
                    for (size_t i = 0; i < page.count; i++)
                        assert_int_equal(page.hits[i].number, whole.hits[search.offset + i].number);
                    size_t left = whole.count - search.offset;
                    assert_int_equal(page.count, left < 7 ? left : 7);
                }
                dh_arena_clear(&f->arena);
            }
}

static void a_cursor_walks_through_all(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct dh_filter filter = {
        .column = DH_COLUMN_YEAR, .op = DH_FILTER_RANGE, .low = 2020, .high = 2020};
    for (size_t n = 0; n < 2; n++) {
        struct dh_search search = all_records();
        search.filters = &filter;
        search.filter_count = n;
        uint64_t total = find(f, &search).total, seen = 0;
        search.cursor = true;
        search.after_created = DH_TIME_NONE;
        search.limit = 9;
        struct dh_page page;
        const struct plain *last = NULL;
        while ((page = find(f, &search)).count) {
            assert_int_equal(page.total, total);
            for (size_t i = 0; i < page.count; i++) {
                const struct plain *p = find_plain(w, page.hits[i].doi);
                if (last)
                    assert_true(last->created < p->created ||
                                (last->created == p->created && strcmp(last->doi, p->doi) < 0));
                last = p;
            }
            seen += page.count;
            search.after_created = last->created;
            search.after_doi = dh_str(last->doi);
        }
        assert_int_equal(seen, total);
    }
}

static void random_order_follows_its_seed(void **state)
{
    struct fixture *f = *state;
    struct dh_search search = all_records();
    search.sort = DH_SORT_RANDOM;
    search.seed = 5;
    search.limit = 20;
    struct dh_page one = find(f, &search), two = find(f, &search);
    search.seed = 6;
    struct dh_page other = find(f, &search);
    size_t same = 0;
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(one.hits[i].number, two.hits[i].number);
        same += one.hits[i].number == other.hits[i].number;
    }
    assert_true(same < 10);
}

static void samples_come_by_group(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct dh_search search = all_records();
    search.sort = DH_SORT_UPDATED;
    search.descending = true;
    search.sample_by = DH_COLUMN_CLIENT;
    search.sample = 2;
    struct dh_page page = find(f, &search);
    assert_int_equal(page.count, 2 * CLIENTS);
    assert_int_equal(page.total, page.count);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < page.count; i += 2) {
        const struct plain *p = find_plain(w, page.hits[i].doi);
        size_t size = 0, newer = 0;
        assert_true(dh_str_equal(page.hits[i].client, page.hits[i + 1].client));
        for (int k = 0; k < RECORDS; k++) {
            const struct plain *q = &w->records[k];
            if (!q->there || q->client != p->client)
                continue;
            size++;
            newer +=
                q->updated > p->updated || (q->updated == p->updated && strcmp(q->doi, p->doi) < 0);
        }
        assert_int_equal(newer, 0);
        assert_true(size <= last);
        last = size;
    }
}

/* ---- facets --------------------------------------------------------------------------------- */

static int64_t count_plain(const struct world *w, const struct dh_search *search,
                           enum dh_column column, struct dh_str key)
{
    struct dh_filter filter = {.column = column, .values = &key, .value_count = 1};
    int64_t count = 0;
    for (int i = 0; i < RECORDS; i++)
        count += passes(&w->records[i], search) && passes_one(&w->records[i], &filter);
    return count;
}

static void expect_terms(struct fixture *f, const struct world *w, const struct dh_search *search,
                         enum dh_column column, const struct dh_facet_result *result, size_t size)
{
    struct dh_facet_request all = {.column = column, .size = 1000, .inner = DH_COLUMN__N};
    struct dh_search whole = *search;
    whole.facets = &all;
    whole.facet_count = 1;
    whole.limit = 0;
    struct dh_page page = find(f, &whole);
    int64_t other = 0;
    assert_int_equal(result->count, page.facets[0].count < size ? page.facets[0].count : size);
    for (size_t i = 0; i < page.facets[0].count; i++) {
        const struct dh_bucket *b = &page.facets[0].buckets[i];
        assert_int_equal(b->count, count_plain(w, search, column, b->key));
        assert_true(b->count > 0);
        if (i)
            assert_true(b[-1].count > b->count ||
                        (b[-1].count == b->count && dh_str_compare(b[-1].key, b->key) < 0));
        if (i < result->count)
            assert_true(dh_str_equal(b->key, result->buckets[i].key) &&
                        b->count == result->buckets[i].count);
        else
            other += b->count;
    }
    assert_int_equal(result->other, other);
}

static void facets_agree_with_a_scan(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    static const enum dh_column columns[] = {DH_COLUMN_STATE, DH_COLUMN_CLIENT, DH_COLUMN_LANGUAGE,
                                             DH_COLUMN_SUBJECT};
    for (int round = 0; round < 100; round++) {
        struct dh_filter filters[3];
        struct dh_str values[3][4];
        struct dh_facet_request requests[4];
        struct dh_search search = all_records();
        search.filters = filters;
        search.filter_count = (size_t)roll(w, 3);
        for (size_t i = 0; i < search.filter_count; i++)
            random_filter(w, &filters[i], values[i]);
        for (int i = 0; i < 4; i++)
            requests[i] = (struct dh_facet_request){.column = columns[i],
                                                    .size = (size_t)roll(w, 6),
                                                    .inner = DH_COLUMN__N,
                                                    .missing = true};
        search.facets = requests;
        search.facet_count = 4;
        struct dh_page page = find(f, &search);
        for (int i = 0; i < 4; i++) {
            expect_terms(f, w, &search, columns[i], &page.facets[i], requests[i].size);
            assert_int_equal(page.facets[i].sum, page.total);
        }
        int64_t none = 0;
        for (int i = 0; i < RECORDS; i++)
            none += passes(&w->records[i], &search) && w->records[i].subjects == 0;
        assert_int_equal(page.facets[3].missing, none);
        dh_arena_clear(&f->arena);
    }
}

static void years_months_and_sums_agree(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct dh_str en = dh_str("en");
    struct dh_filter english = {.column = DH_COLUMN_LANGUAGE, .values = &en, .value_count = 1};
    struct dh_facet_request requests[] = {
        {.kind = DH_FACET_YEARS, .column = DH_COLUMN_YEAR, .size = 100, .missing = true},
        {.kind = DH_FACET_YEARS, .column = DH_COLUMN_CREATED, .size = 4},
        {.kind = DH_FACET_MONTHS, .column = DH_COLUMN_UPDATED, .size = 100},
        {.kind = DH_FACET_SUM_BY_YEAR, .column = DH_COLUMN_VIEWS, .size = 10},
        {.kind = DH_FACET_SUM, .column = DH_COLUMN_VIEWS},
        {.kind = DH_FACET_SUM, .column = DH_COLUMN_VIEWS, .within = &english},
    };
    struct dh_search search = all_records();
    search.facets = requests;
    search.facet_count = 6;
    struct dh_page page = find(f, &search);
    int64_t by_year[3000] = {0}, views[3000] = {0}, months[3000 * 12] = {0}, none = 0, sum = 0,
            english_sum = 0;
    for (int i = 0; i < RECORDS; i++) {
        const struct plain *p = &w->records[i];
        unsigned month;
        if (!p->there)
            continue;
        none += p->year < 0;
        by_year[p->year < 0 ? 0 : p->year]++;
        views[p->year < 0 ? 0 : p->year] += p->views < 0 ? 0 : p->views;
        int64_t year = dh_time_year(p->updated, &month, NULL);
        months[year * 12 + month - 1]++;
        sum += p->views < 0 ? 0 : p->views;
        if (p->language == 1)
            english_sum += p->views < 0 ? 0 : p->views;
    }
    assert_int_equal(page.facets[0].missing, none);
    for (size_t i = 0; i < page.facets[0].count; i++) {
        struct dh_bucket *b = &page.facets[0].buckets[i];
        assert_int_equal(b->count, by_year[dh_str_integer(b->key)]);
        assert_true(i == 0 || dh_str_compare(b[-1].key, b->key) > 0);
        struct dh_hit hit;
        assert_ok(f, dh_store_read(f->reader, b->sample, &hit, &f->arena, &f->err));
        assert_int_equal(hit.year, dh_str_integer(b->key));
    }
    assert_int_equal(page.facets[1].count, 4);
    assert_text(page.facets[1].buckets[0].key, "2019");
    int64_t total = 0;
    for (size_t i = 0; i < page.facets[2].count; i++) {
        struct dh_bucket *b = &page.facets[2].buckets[i];
        assert_int_equal(b->key.len, 7);
        int64_t month = dh_str_integer(dh_str_from(b->key, 5));
        assert_int_equal(b->count, months[dh_str_integer(b->key) * 12 + month - 1]);
        total += b->count;
    }
    assert_int_equal(total, page.total);
    assert_true(page.facets[3].count <= 10 && page.facets[3].count > 5);
    for (size_t i = 0; i < page.facets[3].count; i++) {
        struct dh_bucket *b = &page.facets[3].buckets[i];
        assert_int_equal(b->count, views[dh_str_integer(b->key)]);
        assert_true(dh_str_integer(b->key) >= 2015);
    }
    assert_int_equal(page.facets[4].sum, sum);
    assert_int_equal(page.facets[5].sum, english_sum);
}

static void buckets_count_inner_terms(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct dh_facet_request request = {
        .column = DH_COLUMN_SUBJECT, .size = 3, .inner = DH_COLUMN_STATE};
    struct dh_search search = all_records();
    search.facets = &request;
    search.facet_count = 1;
    for (int round = 0; round < 2; round++) { /* counted, then remembered */
        struct dh_page page = find(f, &search);
        assert_int_equal(page.facets[0].count, 3);
        for (size_t i = 0; i < 3; i++) {
            struct dh_bucket *b = &page.facets[0].buckets[i];
            struct dh_filter filter = {
                .column = DH_COLUMN_SUBJECT, .values = &b->key, .value_count = 1};
            struct dh_search within = all_records();
            within.filters = &filter;
            within.filter_count = 1;
            int64_t total = 0;
            for (size_t k = 0; k < b->inner_count; k++) {
                assert_int_equal(b->inner[k].count,
                                 count_plain(w, &within, DH_COLUMN_STATE, b->inner[k].key));
                total += b->inner[k].count;
            }
            assert_int_equal(total, b->count);
            struct dh_page hits = find(f, &within);
            uint32_t lowest = UINT32_MAX;
            for (size_t k = 0; k < hits.count; k++)
                lowest = hits.hits[k].number < lowest ? hits.hits[k].number : lowest;
            assert_int_equal(b->sample, lowest);
        }
    }
}

/* A store that grew by edits and one made afresh from the outcome give the same answers. */
static void there_are_no_ghosts(void **state)
{
    struct fixture *f = *state;
    struct world *w = world(state);
    struct fixture fresh = open_second(f, "fresh.db", DH_STORE_CREATE);
    assert_ok(&fresh, dh_store_begin(fresh.store, &fresh.err));
    for (int i = 0; i < RECORDS; i++)
        if (w->records[i].there)
            put_plain(&fresh, &w->records[i]);
    assert_ok(&fresh, dh_store_commit(fresh.store, &fresh.err));
    struct dh_search search = all_records();
    search.bodies = true;
    struct dh_page grown = find(f, &search), made = find(&fresh, &search);
    assert_int_equal(grown.total, made.total);
    for (size_t i = 0; i < grown.count; i++) {
        assert_true(dh_str_equal(grown.hits[i].doi, made.hits[i].doi));
        assert_true(dh_str_equal(grown.hits[i].wire.text, made.hits[i].wire.text));
        assert_true(dh_str_equal(grown.hits[i].client, made.hits[i].client));
        assert_int_equal(grown.hits[i].updated, made.hits[i].updated);
        assert_int_equal(grown.hits[i].state, made.hits[i].state);
    }
    close_second(&fresh);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_agree_with_a_scan),
        cmocka_unit_test(listed_dois_restrict),
        cmocka_unit_test(every_order_holds_on_every_page),
        cmocka_unit_test(a_cursor_walks_through_all),
        cmocka_unit_test(random_order_follows_its_seed),
        cmocka_unit_test(samples_come_by_group),
        cmocka_unit_test(facets_agree_with_a_scan),
        cmocka_unit_test(years_months_and_sums_agree),
        cmocka_unit_test(buckets_count_inner_terms),
        cmocka_unit_test(there_are_no_ghosts),
    };
    return cmocka_run_group_tests(tests, set_up_world, tear_down);
}
