/* Events: what records state about other DOIs, found from either side, in order, page by page. */
#include <pthread.h>

#include "fixture.h"

static const char *const types[] = {"Cites",         "IsCitedBy",  "References",
                                    "IsDerivedFrom", "HasPart",    "IsPartOf",
                                    "IsVersionOf",   "HasVersion", "IsSupplementTo"};
enum { TYPES = sizeof(types) / sizeof(types[0]) };

/* A record that states two relations. `hours` shifts its times from the start of 2020. */
static void state_two(struct fixture *f, const char *doi, const char *more, int hours,
                      const char *type1, const char *object1, const char *type2,
                      const char *object2)
{
    char json[2048], created[DH_TIME_TEXT_MAX], updated[DH_TIME_TEXT_MAX];
    int64_t start = dh_time_civil(2020, 1, 1) + (int64_t)hours * 3600000;
    dh_time_format(start, false, created);
    dh_time_format(start + 86400000, false, updated);
    snprintf(json, sizeof(json),
             "{\"doi\":\"%s\",\"state\":\"findable\",\"created\":\"%s\",\"updated\":\"%s\",%s"
             "\"relatedIdentifiers\":[{\"relationType\":\"%s\",\"relatedIdentifier\":\"%s\","
             "\"relatedIdentifierType\":\"DOI\"},{\"relationType\":\"%s\",\"relatedIdentifier\":"
             "\"%s\",\"relatedIdentifierType\":\"DOI\"}]}",
             doi, created, updated, more, type1, object1, type2, object2);
    put(f, json);
}

static struct dh_event_page ask(struct fixture *f, struct dh_event_search *search)
{
    struct dh_event_page page;
    assert_ok(f, dh_store_events(f->reader, search, &page, &f->arena, &f->err));
    return page;
}

/* All events with one of up to two values in a field. */
static struct dh_event_page with(struct fixture *f, enum dh_event_field field, const char *first,
                                 const char *second)
{
    struct dh_str values[2] = {dh_str(first), dh_str(second)};
    struct dh_event_filter filter = {
        .field = field, .values = values, .value_count = second ? 2 : 1};
    struct dh_event_search search = {
        .filters = &filter, .filter_count = 1, .limit = 100, .after_created = DH_TIME_NONE};
    return ask(f, &search);
}

static void expect(struct fixture *f, enum dh_event_field field, const char *first,
                   const char *second, uint64_t total)
{
    struct dh_event_page page = with(f, field, first, second);
    if (page.total != total)
        fail_msg("field %d, %s: %llu events, not %llu", (int)field, first,
                 (unsigned long long)page.total, (unsigned long long)total);
}

static void put_few(struct fixture *f)
{
    state_two(f, "10.1/a",
              "\"types\":{\"resourceTypeGeneral\":\"Dataset\"},\"publicationYear\":2019,", 1,
              "IsDerivedFrom", "https://doi.org/10.2/B", "Cites", "10.3/elsewhere");
    state_two(f, "10.2/b",
              "\"types\":{\"resourceTypeGeneral\":\"JournalArticle\"},"
              "\"registered\":\"2021-03-04T05:06:07Z\",",
              2, "IsCitedBy", "10.1/a", "HasPart", "10.2/b");
}

static void found_from_every_side(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    expect(f, DH_EVENT_SUBJECT, "10.1/a", NULL, 2);
    expect(f, DH_EVENT_OBJECT, "10.1/a", NULL, 1);
    expect(f, DH_EVENT_DOI, "10.1/a", NULL, 3);
    expect(f, DH_EVENT_DOI, "10.1/a", "10.2/b", 4);
    expect(f, DH_EVENT_DOI, "10.9/nobody", "10.3/elsewhere", 1);
    expect(f, DH_EVENT_OBJECT, "10.2/b", NULL, 2);
    /* a cites elsewhere; b says that a cites it; b has itself as part. */
    expect(f, DH_EVENT_SOURCE_DOI, "10.1/a", NULL, 2);
    expect(f, DH_EVENT_TARGET_DOI, "10.2/b", NULL, 2);
    expect(f, DH_EVENT_SOURCE_DOI, "10.2/b", NULL, 1);
    expect(f, DH_EVENT_PREFIX, "10.2", NULL, 3);
    expect(f, DH_EVENT_PREFIX, "10.3", "10.4", 1);
    expect(f, DH_EVENT_PREFIX, "10.", NULL, 0);
    expect(f, DH_EVENT_TYPE, "Cites", "HasPart", 2);
    expect(f, DH_EVENT_TYPE, "cites", NULL, 0);
    expect(f, DH_EVENT_SOURCE, "datacite-related", NULL, 4);
    expect(f, DH_EVENT_SOURCE, "crossref", NULL, 0);
    expect(f, DH_EVENT_KIND, "Dataset", NULL, 3);
    expect(f, DH_EVENT_KINDS, "Dataset-ScholarlyArticle", NULL, 2);
    expect(f, DH_EVENT_KINDS, "ScholarlyArticle-Dataset", NULL, 0);
    expect(f, DH_EVENT_NOTHING, "", NULL, 0);
}

static void an_event_tells_all(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    struct dh_event_page page = with(f, DH_EVENT_SUBJECT, "10.1/a", NULL);
    assert_int_equal(page.count, 2);
    assert_text(page.items[0].subject, "10.1/a");
    assert_text(page.items[0].object, "10.2/b");
    assert_string_equal(dh_vocab_value(DH_VOCAB_RELATION_TYPE, page.items[0].type),
                        "IsDerivedFrom");
    assert_text(page.items[0].source, "datacite-related");
    assert_int_equal(page.items[0].created, dh_time_civil(2020, 1, 1) + 3600000);
    assert_int_equal(page.items[0].occurred, page.items[0].created);
    assert_int_equal(page.items[0].updated, page.items[0].created + 86400000);
    page = with(f, DH_EVENT_SUBJECT, "10.2/b", NULL);
    int64_t registered = 0;
    dh_time_parse(DH_STR("2021-03-04T05:06:07Z"), &registered);
    assert_int_equal(page.items[0].occurred, registered);
}

static void agencies_are_sources(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.5/article\",\"agency\":\"crossref\"}");
    state_two(f, "10.1/a", "", 1, "Cites", "10.5/article", "Cites", "10.5/nobody");
    state_two(f, "10.5/other", "\"agency\":\"crossref\",", 1, "Cites", "10.1/a", "Cites",
              "10.5/article");
    expect(f, DH_EVENT_SOURCE, "datacite-crossref", NULL, 1);
    expect(f, DH_EVENT_SOURCE, "datacite-related", NULL, 1);
    expect(f, DH_EVENT_SOURCE, "crossref", NULL, 2);
}

static void uuids_lead_back(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    struct dh_event_search search = {.limit = 100, .after_created = DH_TIME_NONE};
    struct dh_event_page page = ask(f, &search);
    assert_int_equal(page.total, 4);
    for (size_t i = 0; i < page.count; i++) {
        char uuid[37] = {0};
        assert_int_equal(page.items[i].uuid.len, 36);
        memcpy(uuid, page.items[i].uuid.ptr, 36);
        assert_int_equal(uuid[14], '8');
        struct dh_event_page one = with(f, DH_EVENT_UUID, uuid, NULL);
        assert_int_equal(one.total, 1);
        assert_true(dh_str_equal(one.items[0].subject, page.items[i].subject));
        assert_true(dh_str_equal(one.items[0].object, page.items[i].object));
        assert_int_equal(one.items[0].type, page.items[i].type);
        /* The same numbers with a bit turned over are no event. */
        for (int bit = 0; bit < 36; bit++) {
            char other[37];
            memcpy(other, uuid, sizeof(other));
            if (other[bit] == '-')
                continue;
            other[bit] = other[bit] == 'f' ? '0' : 'f';
            one = with(f, DH_EVENT_UUID, other, NULL);
            if (one.total)
                assert_false(dh_str_equal(one.items[0].uuid, page.items[i].uuid));
        }
    }
    expect(f, DH_EVENT_UUID, "no uuid", "00000000-0000-0000-0000-000000000000", 0);
    expect(f, DH_EVENT_UUID, "ffffffff-ffff-8000-bfff-ffffffffffff",
           "00000000-0001-8000-8000-0000ffffffff", 0);
}

static void only_what_is_findable_is_stated(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    put(f, "{\"doi\":\"10.1/a\",\"state\":\"registered\"}");
    expect(f, DH_EVENT_SUBJECT, "10.1/a", NULL, 0);
    expect(f, DH_EVENT_DOI, "10.1/a", NULL, 1);
    expect(f, DH_EVENT_PREFIX, "10.3", NULL, 0);
    put(f, "{\"doi\":\"10.1/a\",\"state\":\"findable\"}");
    expect(f, DH_EVENT_PREFIX, "10.3", NULL, 1);
}

static void ranges(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    static const struct {
        enum dh_event_field field;
        int from, to;
        uint64_t total;
    } rows[] = {
        {DH_EVENT_OCCURRED, 2020, 2020, 2}, {DH_EVENT_OCCURRED, 2021, 2021, 2},
        {DH_EVENT_OCCURRED, 2019, 2030, 4}, {DH_EVENT_CREATED, 2021, 2030, 0},
        {DH_EVENT_UPDATED, 2020, 2020, 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_event_filter filter = {.field = rows[i].field,
                                         .low = dh_time_civil(rows[i].from, 1, 1),
                                         .high = dh_time_civil(rows[i].to + 1, 1, 1) - 1};
        struct dh_event_search search = {.filters = &filter, .filter_count = 1, .limit = 10};
        assert_int_equal(ask(f, &search).total, rows[i].total);
    }
    struct dh_event_filter filter = {.field = DH_EVENT_YEAR, .low = 2019, .high = 2019};
    struct dh_event_search search = {.filters = &filter, .filter_count = 1, .limit = 10};
    assert_int_equal(ask(f, &search).total, 2);
}

/* ---- many ----------------------------------------------------------------------------------- */

enum { RECORDS = 60, HUB_CITED = 5000 };

static void put_many(struct fixture *f)
{
    unsigned seed = 5;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = 0; i < RECORDS; i++) {
        char json[1024], names[3][32], created[DH_TIME_TEXT_MAX];
        snprintf(names[0], sizeof(names[0]), "10.%d/r%d", 1 + i % 3, i);
        for (int k = 1; k < 3; k++)
            snprintf(names[k], sizeof(names[k]), "10.%d/r%d", rand_r(&seed) % 5,
                     rand_r(&seed) % RECORDS);
        /* Few moments, so that many records share theirs. */
        dh_time_format(dh_time_civil(2015 + rand_r(&seed) % 4, 1, 1), false, created);
        snprintf(json, sizeof(json),
                 "{\"doi\":\"%s\",\"created\":\"%s\",\"updated\":\"%s\",\"relatedIdentifiers\":["
                 "{\"relationType\":\"%s\",\"relatedIdentifier\":\"%s\","
                 "\"relatedIdentifierType\":\"DOI\"},{\"relationType\":\"%s\","
                 "\"relatedIdentifier\":\"%s\",\"relatedIdentifierType\":\"DOI\"}]}",
                 names[0], created, created, types[rand_r(&seed) % TYPES], names[1],
                 types[rand_r(&seed) % TYPES], names[2]);
        put_open(f, json);
    }
    assert_ok(f, dh_store_commit(f->store, &f->err));
}

/* Walks a cursor in pages of `size`; the uuids must be those of `whole`, each once, in order. */
static void walk(struct fixture *f, struct dh_event_search search, const struct dh_event_page *all,
                 size_t size)
{
    size_t seen = 0;
    search.cursor = true;
    search.limit = size;
    search.after_created = DH_TIME_NONE;
    for (;;) {
        struct dh_event_page page = ask(f, &search);
        assert_int_equal(page.total, all->total);
        for (size_t i = 0; i < page.count; i++, seen++) {
            assert_true(seen < all->count);
            assert_true(dh_str_equal(page.items[i].uuid, all->items[seen].uuid));
        }
        if (!page.count)
            break;
        const struct dh_event *last = &page.items[page.count - 1];
        search.after_created = last->created == DH_TIME_NONE ? INT64_MAX : last->created;
        search.after_uuid = last->uuid;
    }
    assert_int_equal(seen, all->count);
}

static void cursors_lose_nothing(void **state)
{
    struct fixture *f = *state;
    put_many(f);
    struct dh_event_search search = {
        .sort = DH_EVENT_BY_CREATED, .limit = 1000, .after_created = DH_TIME_NONE};
    struct dh_event_page all = ask(f, &search);
    assert_true(all.count > RECORDS && all.count == all.total);
    for (size_t i = 1; i < all.count; i++) {
        const struct dh_event *a = &all.items[i - 1], *b = &all.items[i];
        assert_true(a->created < b->created ||
                    (a->created == b->created && dh_str_compare(a->uuid, b->uuid) < 0));
    }
    static const size_t sizes[] = {1, 2, 7, 50, 1000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        walk(f, search, &all, sizes[i]);

    struct dh_str prefix = dh_str("10.2");
    struct dh_event_filter filter = {DH_EVENT_PREFIX, &prefix, 1, 0, 0};
    search.filters = &filter;
    search.filter_count = 1;
    struct dh_event_page some = ask(f, &search);
    assert_true(some.count > 3 && some.count < all.count);
    walk(f, search, &some, 3);

    struct dh_str doi = all.items[0].subject;
    filter = (struct dh_event_filter){DH_EVENT_DOI, &doi, 1, 0, 0};
    some = ask(f, &search);
    walk(f, search, &some, 1);
}

static void orders(void **state)
{
    struct fixture *f = *state;
    put_many(f);
    for (int sort = DH_EVENT_BY_UUID; sort <= DH_EVENT_BY_TYPE; sort++) {
        struct dh_event_search search = {.sort = sort, .limit = 1000};
        struct dh_event_page up = ask(f, &search);
        search.descending = true;
        struct dh_event_page down = ask(f, &search);
        assert_int_equal(up.count, down.count);
        for (size_t i = 0; i < up.count; i++)
            assert_true(dh_str_equal(up.items[i].uuid, down.items[down.count - 1 - i].uuid));
        for (size_t i = 1; i < up.count; i++) {
            const struct dh_event *a = &up.items[i - 1], *b = &up.items[i];
            int order = 0;
            if (sort == DH_EVENT_BY_UPDATED)
                order = (a->updated > b->updated) - (a->updated < b->updated);
            else if (sort == DH_EVENT_BY_OBJECT)
                order = dh_str_compare(a->object, b->object);
            else if (sort == DH_EVENT_BY_TYPE)
                order = strcmp(dh_vocab_value(DH_VOCAB_RELATION_TYPE, a->type),
                               dh_vocab_value(DH_VOCAB_RELATION_TYPE, b->type));
            else if (sort == DH_EVENT_BY_CREATED)
                order = (a->created > b->created) - (a->created < b->created);
            assert_true(order < 0 || (order == 0 && dh_str_compare(a->uuid, b->uuid) < 0));
        }
        /* Pages are slices. */
        search.descending = false;
        search.offset = 5;
        search.limit = 4;
        struct dh_event_page page = ask(f, &search);
        assert_int_equal(page.count, 4);
        assert_true(dh_str_equal(page.items[0].uuid, up.items[5].uuid));
        search.offset = up.count - 1;
        assert_int_equal(ask(f, &search).count, 1);
        search.offset = up.count + 10;
        assert_int_equal(ask(f, &search).count, 0);
    }
}

/* A question about one DOI and one about everything must tell the same, whichever way is taken. */
static void both_ways_agree(void **state)
{
    struct fixture *f = *state;
    put_many(f);
    struct dh_event_search search = {.limit = 1000, .counts = true};
    struct dh_event_page all = ask(f, &search);
    for (int i = 0; i < RECORDS; i += 7) {
        char doi[32];
        snprintf(doi, sizeof(doi), "10.%d/r%d", 1 + i % 3, i);
        struct dh_event_page page = with(f, DH_EVENT_DOI, doi, NULL);
        size_t seen = 0;
        for (size_t k = 0; k < all.count; k++) {
            const struct dh_event *event = &all.items[k];
            if (!dh_str_equal(event->subject, dh_str(doi)) &&
                !dh_str_equal(event->object, dh_str(doi)))
                continue;
            assert_true(seen < page.count);
            assert_true(dh_str_equal(page.items[seen].uuid, event->uuid));
            assert_int_equal(page.items[seen].updated, event->updated);
            seen++;
        }
        assert_int_equal(seen, page.count);
    }
    /* Every DOI named: the counts are those of everything. */
    static struct dh_str names[RECORDS * 5];
    static char texts[RECORDS * 5][32];
    for (int i = 0; i < RECORDS * 5; i++) {
        snprintf(texts[i], sizeof(texts[i]), "10.%d/r%d", i % 5, i / 5);
        names[i] = dh_str(texts[i]);
    }
    struct dh_event_filter filter = {DH_EVENT_DOI, names, RECORDS * 5, 0, 0};
    search.filters = &filter;
    search.filter_count = 1;
    struct dh_event_page named = ask(f, &search);
    assert_int_equal(named.total, all.total);
    for (int i = 0; i < DH_EVENT_COUNT__N; i++) {
        assert_int_equal(named.counts[i].count, all.counts[i].count);
        for (size_t k = 0; k < all.counts[i].count; k++) {
            const struct dh_bucket *a = &all.counts[i].buckets[k], *b = &named.counts[i].buckets[k];
            assert_true(dh_str_equal(a->key, b->key));
            assert_int_equal(a->count, b->count);
            assert_int_equal(a->inner_count, b->inner_count);
        }
    }
}

static void counts_are_of_all_that_pass(void **state)
{
    struct fixture *f = *state;
    put_few(f);
    struct dh_event_search search = {.limit = 0, .counts = true};
    struct dh_event_page page = ask(f, &search);
    assert_int_equal(page.total, 4);
    assert_int_equal(page.count, 0);
    assert_int_equal(page.counts[DH_EVENT_SOURCES].count, 1);
    assert_int_equal(page.counts[DH_EVENT_SOURCES].buckets[0].count, 4);
    assert_int_equal(page.counts[DH_EVENT_TYPES].count, 4);
    const struct dh_bucket *first = &page.counts[DH_EVENT_TYPES].buckets[0];
    assert_text(first->key, "Cites");
    assert_int_equal(first->inner_count, 1);
    assert_text(first->inner[0].key, "2020-01");
    assert_int_equal(page.counts[DH_EVENT_OCCURRED_YEARS].count, 2);
    assert_text(page.counts[DH_EVENT_OCCURRED_YEARS].buckets[0].key, "2021");
    assert_int_equal(page.counts[DH_EVENT_CREATED_YEARS].count, 1);
    /* An event counts once for a prefix that both sides have. */
    assert_int_equal(page.counts[DH_EVENT_PREFIXES].count, 3);
    assert_text(page.counts[DH_EVENT_PREFIXES].buckets[0].key, "10.1");
    assert_int_equal(page.counts[DH_EVENT_PREFIXES].buckets[0].count, 3);
    assert_text(page.counts[DH_EVENT_PREFIXES].buckets[1].key, "10.2");
    assert_int_equal(page.counts[DH_EVENT_PREFIXES].buckets[1].count, 3);
    assert_int_equal(page.counts[DH_EVENT_KIND_PAIRS].count, 2);
    assert_text(page.counts[DH_EVENT_KIND_PAIRS].buckets[0].key, "Dataset-ScholarlyArticle");
    assert_int_equal(page.counts[DH_EVENT_KIND_PAIRS].buckets[0].count, 2);

    struct dh_str type = dh_str("HasPart");
    struct dh_event_filter filter = {DH_EVENT_TYPE, &type, 1, 0, 0};
    search.filters = &filter;
    search.filter_count = 1;
    page = ask(f, &search);
    assert_int_equal(page.counts[DH_EVENT_PREFIXES].count, 1);
    assert_int_equal(page.counts[DH_EVENT_PREFIXES].buckets[0].count, 1);
}

static void what_changes_shows_at_once(void **state)
{
    struct fixture *f = *state;
    struct dh_event_search search = {.limit = 10, .counts = true};
    assert_int_equal(ask(f, &search).total, 0);
    put_few(f);
    assert_int_equal(ask(f, &search).total, 4);
    state_two(f, "10.1/a", "", 1, "IsDerivedFrom", "10.2/b", "IsDerivedFrom", "10.2/b");
    struct dh_event_page page = ask(f, &search);
    assert_int_equal(page.total, 3);
    assert_int_equal(page.counts[DH_EVENT_SOURCES].buckets[0].count, 3);
    put(f, "{\"doi\":\"10.2/b\",\"state\":\"draft\"}");
    assert_int_equal(ask(f, &search).total, 1);
}

/* More statements than are read one by one. */
static void a_doi_that_thousands_cite(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = 0; i < HUB_CITED; i++) {
        char json[512];
        snprintf(json, sizeof(json),
                 "{\"doi\":\"10.1/c%d\",\"created\":\"2020-01-01T00:00:00Z\",\"relatedIdentifiers\""
                 ":[{\"relationType\":\"%s\",\"relatedIdentifier\":\"10.1/hub\","
                 "\"relatedIdentifierType\":\"DOI\"}]}",
                 i, i % 10 ? "Cites" : "IsDerivedFrom");
        put_open(f, json);
    }
    assert_ok(f, dh_store_commit(f->store, &f->err));
    struct dh_str hub = dh_str("10.1/hub"), derived = dh_str("IsDerivedFrom");
    struct dh_event_filter filters[] = {{DH_EVENT_OBJECT, &hub, 1, 0, 0},
                                        {DH_EVENT_TYPE, &derived, 1, 0, 0}};
    struct dh_event_search search = {.filters = filters,
                                     .filter_count = 1,
                                     .sort = DH_EVENT_BY_CREATED,
                                     .limit = HUB_CITED,
                                     .after_created = DH_TIME_NONE};
    struct dh_event_page all = ask(f, &search);
    assert_int_equal(all.total, HUB_CITED);
    assert_int_equal(all.count, HUB_CITED);
    walk(f, search, &all, 999);
    search.filter_count = 2;
    assert_int_equal(ask(f, &search).total, HUB_CITED / 10);
    expect(f, DH_EVENT_SUBJECT, "10.1/hub", NULL, 0);
}

/* ---- asked one by one ----------------------------------------------------------------------- */

static enum dh_status keep_b(void *context, struct dh_event *event, bool *kept, struct dh_err *err)
{
    size_t *asked = context;
    (void)err;
    ++*asked;
    *kept = dh_str_equal(event->object, DH_STR("10.2/b"));
    event->score = event->type;
    return DH_OK;
}

static enum dh_status refuse(void *context, struct dh_event *event, bool *kept, struct dh_err *err)
{
    (void)context, (void)event;
    *kept = true;
    return dh_fail(err, DH_INVALID, "no");
}

static void events_are_kept_one_by_one(void **state)
{
    struct fixture *f = *state;
    size_t asked = 0;
    put_few(f);
    struct dh_event_search search = {
        .sort = DH_EVENT_BY_SCORE, .limit = 10, .counts = true, .keep = keep_b, .context = &asked};
    struct dh_event_page page = ask(f, &search);
    assert_int_equal(asked, 4);
    assert_int_equal(page.total, 2);
    assert_int_equal(page.counts[DH_EVENT_SOURCES].buckets[0].count, 2);
    assert_true(page.items[0].score > page.items[1].score);
    search.offset = 1;
    struct dh_event_page second = ask(f, &search);
    assert_int_equal(second.count, 1);
    assert_true(dh_str_equal(second.items[0].uuid, page.items[1].uuid));
    search.keep = refuse;
    assert_int_equal(dh_store_events(f->reader, &search, &page, &f->arena, &f->err), DH_INVALID);
}

/* ---- many at once --------------------------------------------------------------------------- */

enum { READERS = 4, ROUNDS = 40 };

struct shared {
    struct fixture *f;
    _Atomic bool stop;
    _Atomic unsigned asked, wrong;
};

/* Every total is of one moment: it is what its own counts add up to, and it never shrinks. */
static void *ask_on(void *context)
{
    struct shared *shared = context;
    struct dh_reader *reader = NULL;
    struct dh_arena arena;
    struct dh_err err;
    uint64_t last = 0;
    dh_arena_init(&arena, DH_ARENA_MAX);
    shared->wrong += dh_reader_open(shared->f->store, &reader, &err) != DH_OK;
    for (unsigned i = 0; reader && !shared->stop; i++) {
        struct dh_str type = dh_str("Cites");
        struct dh_event_filter filter = {DH_EVENT_TYPE, &type, 1, 0, 0};
        struct dh_event_search search = {.filters = &filter,
                                         .filter_count = i % 2,
                                         .sort = (enum dh_event_sort)(i % DH_EVENT_BY_SCORE),
                                         .limit = 10,
                                         .counts = true};
        struct dh_event_page page;
        dh_arena_clear(&arena);
        enum dh_status status = dh_store_events(reader, &search, &page, &arena, &err);
        int64_t sum = 0;
        for (size_t k = 0; !status && k < page.counts[DH_EVENT_SOURCES].count; k++)
            sum += page.counts[DH_EVENT_SOURCES].buckets[k].count;
        shared->wrong += status != DH_OK && status != DH_BUSY;
        shared->wrong += !status && ((uint64_t)sum != page.total || page.total < last);
        last = status ? last : page.total;
        shared->asked++;
    }
    dh_reader_close(reader);
    dh_arena_release(&arena);
    return NULL;
}

static void readers_ask_while_records_come(void **state)
{
    struct shared shared = {.f = *state};
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, &shared), 0);
    for (int i = 0; i < ROUNDS; i++) {
        char doi[32];
        snprintf(doi, sizeof(doi), "10.1/t%d", i);
        state_two(shared.f, doi, "", i, "Cites", "10.1/t0", "Cites", "10.1/t1");
    }
    while (shared.asked < ROUNDS)
        usleep(1000);
    shared.stop = true;
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.wrong, 0);
    struct dh_event_search search = {.counts = true};
    assert_int_equal(ask(shared.f, &search).total, 2 * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(found_from_every_side, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_tells_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(agencies_are_sources, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uuids_lead_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_is_findable_is_stated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ranges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cursors_lose_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(orders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_ways_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_are_of_all_that_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_changes_shows_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_doi_that_thousands_cite, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_are_kept_one_by_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(readers_ask_while_records_come, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
