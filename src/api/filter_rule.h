/*
 * A row of filters.def as the server uses it, and the functions its rows name: how a parameter's
 * value becomes clauses of a search. Private to filters.c, filter_values.c, filter_accounts.c and
 * event_filters.c.
 */
#ifndef DH_API_FILTER_RULE_H
#define DH_API_FILTER_RULE_H

#include "api/filters.h"

/* The clauses of one request as they are collected. */
struct dh_filter_reading {
    const struct dh_directory *directory;
    struct dh_arena *arena;
    struct dh_err *err;
    struct dh_filter *filters;
    size_t count, room;
};

/* What is done to one value before it is compared; ptr NULL when it is no value of its kind. */
typedef struct dh_str dh_filter_item(struct dh_arena *arena, struct dh_str value);

enum dh_filter_group { DH_GROUP_AND, DH_GROUP_OR };
enum dh_filter_given { DH_GIVEN_VALUE, DH_GIVEN_FLAG, DH_GIVEN_EMPTY };

struct dh_filter_rule {
    enum dh_filter_group group;
    enum dh_filter_given given;
    enum dh_column column;
    enum dh_status (*read)(struct dh_filter_reading *, const struct dh_filter_rule *,
                           struct dh_str);
    dh_filter_item *item;
    int64_t bits;
};

/* Appends the clauses of one parameter. */
typedef enum dh_status dh_filter_read(struct dh_filter_reading *reading,
                                      const struct dh_filter_rule *rule, struct dh_str value);

/* filter_values.c */
dh_filter_read dh_read_nowhere, dh_read_nothing, dh_read_list, dh_read_single, dh_read_flag,
    dh_read_truth, dh_read_at_least, dh_read_years;
dh_filter_item dh_item_as_given, dh_item_lower_case, dh_item_dashed, dh_item_ror_name,
    dh_item_ror_url, dh_item_orcid_url, dh_item_doi_url, dh_item_kernel_url, dh_item_science;
/* filter_accounts.c */
dh_filter_read dh_read_consortium, dh_read_certificates, dh_read_client_type, dh_read_re3data,
    dh_read_opendoar;

/* A clause with the rule's column and group; DH_MEMORY when there is no room. */
enum dh_status dh_filter_add(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                             enum dh_filter_op op, const struct dh_str *values, size_t count,
                             int64_t low, int64_t high);
/*
 * The items of a comma list as Ruby's split gives them: empty ones at the end do not count. Values
 * that `item` refuses are left out. DH_INVALID beyond DH_LIST_ITEMS_MAX.
 */
enum dh_status dh_filter_items(struct dh_filter_reading *reading, dh_filter_item *item,
                               struct dh_str list, struct dh_str **out, size_t *count);
/* Four digits; and upstream's complaint about what is not, DH_INVALID. */
bool dh_is_year(struct dh_str text);
enum dh_status dh_no_year(struct dh_err *err, struct dh_str text);
/* "JournalArticle", "journal-article" or "journalArticle" as "journal_article". */
struct dh_str dh_underscore(struct dh_arena *arena, struct dh_str name);

#endif
