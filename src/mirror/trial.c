#include <stdlib.h>

#include "base/limits.h"
#include "mirror/filter_parts.h"

/* The values of one source of the record at hand. */
struct supply {
    struct dh_str *values;
    size_t count, room;
};

struct dh_trial {
    const struct dh_record_filter *filter;
    struct dh_arena arena;  /* of the matcher and the plan */
    struct dh_arena values; /* what a record needs */
    struct dh_matcher *matcher;
    struct dh_values_plan *plan;
    const struct dh_record *record;
    struct supply supplies[DH_SOURCE__N];
    enum dh_source last; /* that the query looks at */
    bool failed;         /* out of memory */
};

struct dh_trial *dh_trial_new(const struct dh_record_filter *filter)
{
    struct dh_trial *trial = calloc(1, sizeof(*trial));
    if (!trial)
        return NULL;
    trial->filter = filter;
    for (int i = 0; i < DH_SOURCE__N; i++)
        if (filter->sources[i])
            trial->last = (enum dh_source)i;
    dh_arena_init(&trial->arena, DH_ARENA_MAX);
    dh_arena_init(&trial->values, DH_ARENA_MAX);
    if (!filter->matches)
        return trial;
    trial->plan = dh_values_plan(filter->sources, &trial->arena);
    if (trial->plan &&
        dh_matcher_make(filter->query.root, &trial->matcher, &trial->arena, NULL) == DH_OK)
        return trial;
    dh_trial_free(trial);
    return NULL;
}

void dh_trial_free(struct dh_trial *trial)
{
    if (!trial)
        return;
    dh_arena_release(&trial->arena);
    dh_arena_release(&trial->values);
    free(trial);
}

static bool holds(const struct dh_filter_list *list, struct dh_str value)
{
    for (size_t i = 0; i < list->count; i++)
        if (dh_str_equal(list->items[i], value))
            return true;
    return false;
}

static bool cites(const struct dh_filter_list *list, struct dh_record *record,
                  struct dh_arena *arena)
{
    struct json_object *related = dh_json_get(record->attributes, "relatedIdentifiers");
    size_t count =
        json_object_is_type(related, json_type_array) ? json_object_array_length(related) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *one = json_object_array_get_idx(related, i);
        if (!dh_str_equal(dh_json_member(one, "relatedIdentifierType"), DH_STR("DOI")))
            continue;
        struct dh_str doi = dh_doi_parse(arena, dh_json_member(one, "relatedIdentifier"));
        if (doi.ptr && (holds(list, doi) || holds(list, dh_doi_prefix(doi))))
            return true;
    }
    return false;
}

/* A provider that did not come is the part before the dot, as the store has it. */
static struct dh_str provider_of(const struct dh_record *record)
{
    struct dh_str client = record->client;
    size_t dot = dh_str_find(client, '.');
    if (record->provider.len || dot == client.len)
        return record->provider;
    return (struct dh_str){client.ptr, dot};
}

static bool lists_hold(struct dh_trial *trial, struct dh_record *record)
{
    const struct dh_filter_list *lists = trial->filter->lists;
    struct json_object *types = dh_json_get(record->attributes, "types");
    return (!lists[DH_ASKED_CLIENT].count || holds(&lists[DH_ASKED_CLIENT], record->client)) &&
           (!lists[DH_ASKED_PROVIDER].count ||
            holds(&lists[DH_ASKED_PROVIDER], provider_of(record))) &&
           (!lists[DH_ASKED_PREFIX].count ||
            holds(&lists[DH_ASKED_PREFIX], dh_doi_prefix(record->doi))) &&
           (!lists[DH_ASKED_TYPE].count ||
            holds(&lists[DH_ASKED_TYPE], dh_resource_type_id(types))) &&
           (!lists[DH_ASKED_CITING].count ||
            cites(&lists[DH_ASKED_CITING], record, &trial->values));
}

/* ---- the query ------------------------------------------------------------------------------ */

static bool supply(struct dh_trial *trial, enum dh_source source, struct dh_str value)
{
    struct supply *supply = &trial->supplies[source];
    struct dh_str *values = dh_arena_reserve(&trial->values, supply->values, &supply->room,
                                             supply->count + 1, sizeof(*values));
    trial->failed = trial->failed || !values;
    if (!values)
        return false;
    supply->values = values;
    value = dh_arena_copy(&trial->values, value);
    trial->failed = trial->failed || !value.ptr;
    supply->values[supply->count++] = value;
    return !trial->failed;
}

static bool take(void *context, enum dh_source source, struct dh_str value)
{
    struct dh_trial *trial = context;
    if (source > trial->last)
        return false;
    return !trial->filter->sources[source] || supply(trial, source, value);
}

static void supply_number(struct dh_trial *trial, enum dh_source source, int64_t value)
{
    char term[DH_NUMBER_TERM];
    if (!trial->filter->sources[source] || value == DH_TIME_NONE)
        return;
    dh_term_of_integer(value, term);
    supply(trial, source, (struct dh_str){term, sizeof(term)});
}

/* What the store keeps in columns; a publication year stands for its first instant. */
static void supply_columns(struct dh_trial *trial, const struct dh_record *record)
{
    static const enum dh_source counts[DH_COUNT__N] = {
        [DH_COUNT_VIEW] = DH_SOURCE_VIEW_COUNT,
        [DH_COUNT_DOWNLOAD] = DH_SOURCE_DOWNLOAD_COUNT,
        [DH_COUNT_REFERENCE] = DH_SOURCE_REFERENCE_COUNT,
        [DH_COUNT_CITATION] = DH_SOURCE_CITATION_COUNT,
        [DH_COUNT_PART] = DH_SOURCE_PART_COUNT,
        [DH_COUNT_PART_OF] = DH_SOURCE_PART_OF_COUNT,
        [DH_COUNT_VERSION] = DH_SOURCE_VERSION_COUNT,
        [DH_COUNT_VERSION_OF] = DH_SOURCE_VERSION_OF_COUNT,
    };
    enum { YEAR_MAX = 9999 };
    struct json_object *json = dh_json_get(record->attributes, "publicationYear");
    int64_t year = json_object_is_type(json, json_type_int) ? json_object_get_int64(json) : -1;
    if (year >= 0 && year <= YEAR_MAX)
        supply_number(trial, DH_SOURCE_PUBLICATION_YEAR, dh_time_civil(year, 1, 1));
    supply_number(trial, DH_SOURCE_CREATED, record->created);
    supply_number(trial, DH_SOURCE_UPDATED, record->updated);
    supply_number(trial, DH_SOURCE_REGISTERED, record->registered);
    for (size_t i = 0; i < DH_COUNT__N; i++)
        supply_number(trial, counts[i], record->counts[i] < 0 ? 0 : record->counts[i]);
}

static enum dh_status values(void *context, enum dh_source source, struct dh_str **out,
                             size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_trial *trial = context;
    (void)arena;
    (void)err;
    *out = trial->supplies[source].values;
    *count = trial->supplies[source].count;
    return DH_OK;
}

static enum dh_status try_query(struct dh_trial *trial, const struct dh_record *record,
                                bool *passes, struct dh_err *err)
{
    double score;
    memset(trial->supplies, 0, sizeof(trial->supplies));
    enum dh_status status = dh_values_walk(trial->plan, record, take, trial, &trial->values, err);
    supply_columns(trial, record);
    if (!status && trial->failed)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    return status ? status : dh_matcher_try(trial->matcher, values, trial, passes, &score, err);
}

/* ---- a record as it will be stored ---------------------------------------------------------- */

/* What a record brought: what is completed goes again, as an import changes only what came. */
struct brought {
    bool attributes[DH_ATTR__N];
    enum dh_doi_state state;
    int64_t created, registered, updated;
};

static void note(const struct dh_record *record, struct brought *out)
{
    *out = (struct brought){.state = record->state,
                            .created = record->created,
                            .registered = record->registered,
                            .updated = record->updated};
    json_object_object_foreach(record->attributes, key, value)
    {
        enum dh_attribute attribute = dh_attribute_find(dh_str(key));
        (void)value;
        if (attribute < DH_ATTR__N)
            out->attributes[attribute] = true;
    }
}

static void strip(struct dh_record *record, const struct brought *brought)
{
    for (int i = 0; i < DH_ATTR__N; i++)
        if (!brought->attributes[i])
            json_object_object_del(record->attributes, dh_attributes[i].name);
    record->state = brought->state;
    record->created = brought->created;
    record->registered = brought->registered;
    record->updated = brought->updated;
}

enum dh_status dh_trial_try(struct dh_trial *trial, struct dh_record *record, bool *passes,
                            struct dh_err *err)
{
    struct brought brought;
    dh_arena_clear(&trial->values);
    *passes = lists_hold(trial, record);
    if (!*passes || !trial->filter->matches)
        return DH_OK;
    note(record, &brought);
    enum dh_status status = dh_record_complete(record, err);
    if (!status)
        status = try_query(trial, record, passes, err);
    strip(record, &brought);
    return status;
}
