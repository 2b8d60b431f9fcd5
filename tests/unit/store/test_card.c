/* Cards: what the hash of a term must keep apart, as the writer trusts it. */
#include "fixture.h"
#include "store/sqlite/card.h"

/* A seed of XXH3 is added to the bytes of short texts: these were equal under the columns as seeds.
 */
static void terms_of_two_columns_differ(void **state)
{
    (void)state;
    for (int a = 0; a < DH_COLUMN__N; a++) {
        for (int b = 0; b < DH_COLUMN__N; b++) {
            if (dh_sq_space((enum dh_column)a) == dh_sq_space((enum dh_column)b))
                continue;
            for (char c = 'a'; c <= 'z'; c++) {
                char text[] = "abcdefghijklmnop", other[] = "abcdefghijklmnop";
                other[8] = c;
                struct dh_sq_term x = dh_sq_term((enum dh_column)a, dh_str(text));
                struct dh_sq_term y = dh_sq_term((enum dh_column)b, dh_str(other));
                assert_false(XXH128_isEqual(x.hash, y.hash));
            }
        }
    }
}

static void terms_of_one_space_agree(void **state)
{
    (void)state;
    struct dh_sq_term x = dh_sq_term(DH_COLUMN_PERSON, DH_STR("https://orcid.org/0000-0001"));
    struct dh_sq_term y = dh_sq_term(DH_COLUMN_PERSON_ANY, DH_STR("https://orcid.org/0000-0001"));
    assert_true(XXH128_isEqual(x.hash, y.hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_of_two_columns_differ),
        cmocka_unit_test(terms_of_one_space_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
