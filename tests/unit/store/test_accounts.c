/* Accounts: stubs that records leave, real accounts over them, prefixes, the directory. */
#include "fixture.h"

static const struct dh_directory *directory(struct fixture *f)
{
    const struct dh_directory *out = NULL;
    assert_ok(f, dh_store_directory(f->reader, &out, &f->err));
    return out;
}

static enum dh_change put_account(struct fixture *f, enum dh_account_kind kind, const char *symbol,
                                  const char *parent, const char *attributes, const char *prefix)
{
    struct dh_account account = {.kind = kind,
                                 .symbol = dh_str(symbol),
                                 .parent = dh_str(parent),
                                 .name = dh_str("A name"),
                                 .created = 1000,
                                 .updated = 2000,
                                 .active = true};
    struct dh_str prefixes[] = {dh_str(prefix)};
    enum dh_change change;
    assert_ok(f, dh_json_parse(dh_str(attributes), &account.attributes, &f->err));
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f,
              dh_store_put_account(f->store, &account, prefixes, prefix != NULL, &change, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    json_object_put(account.attributes);
    return change;
}

#define WITH_CLIENT                                                                                \
    "{\"id\":\"10.5072/a\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/a\"},"              \
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"ORG.Repo\",\"type\":\"clients\"}}}}"

static void a_record_leaves_stubs(void **state)
{
    struct fixture *f = *state;
    const struct dh_directory *empty = directory(f);
    assert_int_equal(empty->client_count, 0);
    put(f, WITH_CLIENT);
    const struct dh_directory *d = directory(f);
    assert_int_equal(d->client_count, 1);
    assert_text(d->clients[0].symbol, "org.repo");
    assert_text(d->clients[0].name, "org.repo");
    assert_text(d->clients[0].parent, "org");
    assert_true(d->clients[0].stub);
    assert_null(d->clients[0].attributes);
    assert_int_equal(d->provider_count, 1);
    assert_text(d->providers[0].symbol, "org");
    assert_int_equal(d->prefix_count, 1);
    assert_text(d->prefixes[0].prefix, "10.5072");
    assert_int_equal(d->prefixes[0].created, DH_TIME_NONE);
    assert_int_equal(d->client_prefix_count, 1);
    assert_text(d->client_prefixes[0].account, "org.repo");
    assert_int_equal(d->client_prefixes[0].id.len, 36);
    assert_int_equal(d->provider_prefix_count, 1);
    /* An object that is held does not change. */
    assert_int_equal(empty->client_count, 0);
    dh_directory_release(empty);
    put(f, "{\"doi\":\"10.5072/b\"}");
    const struct dh_directory *same = directory(f);
    assert_ptr_equal(same, d);
    dh_directory_release(same);
    dh_directory_release(d);
}

static void an_account_takes_the_place_of_its_stub(void **state)
{
    struct fixture *f = *state;
    put(f, WITH_CLIENT);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "cons",
                                 "{\"name\":\"A name\",\"clientType\":\"repository\","
                                 "\"systemEmail\":\"x@example.org\"}",
                                 "10.9999"),
                     DH_CHANGE_CREATED);
    const struct dh_directory *d = directory(f);
    assert_int_equal(d->client_count, 1);
    assert_false(d->clients[0].stub);
    assert_text(d->clients[0].name, "A name");
    assert_text(d->clients[0].parent, "cons");
    assert_int_equal(d->clients[0].created, 1000);
    assert_text(dh_json_member(d->clients[0].attributes, "clientType"), "repository");
    /* What the account tells of its prefixes stands for what its records let guess. */
    assert_int_equal(d->client_prefix_count, 1);
    assert_text(d->client_prefixes[0].prefix, "10.9999");
    assert_int_equal(d->provider_count, 2);
    dh_directory_release(d);
    /* A record that names no provider now gets the one of the account. */
    put(f, "{\"id\":\"10.5072/n\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/n\"},"
           "\"relationships\":{\"client\":{\"data\":{\"id\":\"org.repo\",\"type\":\"clients\"}}}}");
    assert_text(get(f, "10.5072/n").provider, "cons");
}

static void account_changes_are_activities(void **state)
{
    struct fixture *f = *state;
    const char *one = "{\"name\":\"A\",\"clientType\":\"repository\",\"systemEmail\":\"x\"}";
    const char *two = "{\"name\":\"B\",\"clientType\":\"repository\",\"systemEmail\":\"y\"}";
    const char *mail = "{\"name\":\"B\",\"clientType\":\"repository\",\"systemEmail\":\"z\"}";
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", one, NULL), DH_CHANGE_CREATED);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", one, NULL), DH_CHANGE_NONE);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", two, NULL), DH_CHANGE_UPDATED);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", mail, NULL), DH_CHANGE_TOUCHED);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", mail, "10.7"), DH_CHANGE_TOUCHED);
    assert_int_equal(put_account(f, DH_CLIENT, "org.repo", "org", mail, "10.7"), DH_CHANGE_NONE);
    struct dh_str subject = dh_str("org.repo");
    struct dh_activity_search search = {.kind = DH_OF_CLIENT,
                                        .subjects = &subject,
                                        .subject_count = 1,
                                        .ascending = true,
                                        .limit = 10};
    struct dh_activity_page page;
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    assert_int_equal(page.total, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct dh_activity *a = &page.items[i];
        bool created = a->action == DH_ACTION_CREATE;
        assert_int_equal(a->version, created ? 1 : 2);
        assert_text(a->subject, "org.repo");
        assert_text(a->changes, created ? "{\"name\":\"A\",\"client_type\":\"repository\"}"
                                        : "{\"name\":[\"A\",\"B\"]}");
    }
}

static void prefixes_have_their_time(void **state)
{
    struct fixture *f = *state;
    put(f, WITH_CLIENT);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_prefix(f->store, dh_str("10.5072"), 5000, &f->err));
    assert_ok(f, dh_store_put_prefix(f->store, dh_str("10.1000"), DH_TIME_NONE, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    const struct dh_directory *d = directory(f);
    assert_int_equal(d->prefix_count, 2);
    assert_text(d->prefixes[0].prefix, "10.1000");
    assert_int_equal(d->prefixes[1].created, 5000);
    dh_directory_release(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_leaves_stubs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_account_takes_the_place_of_its_stub, set_up, tear_down),
        cmocka_unit_test_setup_teardown(account_changes_are_activities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prefixes_have_their_time, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
