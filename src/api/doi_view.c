/* One DOI as a resource object: fragments of the stored text, spliced with what varies. */
#include <stdlib.h>

#include "api/attribute.h"
#include "api/dois.h"

/* ---- relationships -------------------------------------------------------------------------- */

/* Where a relationship appears. */
enum where { ALWAYS, DETAIL, SINGLE };

struct dh_doi_relation {
    const char *name;
    const char *field; /* as fields[dois] names it */
    enum where where;
    bool related; /* read from the store's relations */
    void (*put)(struct dh_buf *out, const char *name, const struct dh_hit *hit,
                const struct dh_relations *related);
};

static void put_client(struct dh_buf *out, const char *name, const struct dh_hit *hit,
                       const struct dh_relations *related)
{
    (void)related;
    dh_put_to_one(out, name, hit->client, "clients");
}

static void put_provider(struct dh_buf *out, const char *name, const struct dh_hit *hit,
                         const struct dh_relations *related)
{
    (void)related;
    dh_put_to_one(out, name, hit->provider, "providers");
}

/* One object with the DOI's own name, whether there are media or not. */
static void put_media(struct dh_buf *out, const char *name, const struct dh_hit *hit,
                      const struct dh_relations *related)
{
    (void)related;
    dh_put_to_one(out, name, hit->doi, "media");
}

#define RELATED(function, list, count)                                                             \
    static void function(struct dh_buf *out, const char *name, const struct dh_hit *hit,           \
                         const struct dh_relations *related)                                       \
    {                                                                                              \
        (void)hit;                                                                                 \
        dh_put_to_many(out, name, related ? related->list : NULL, related ? related->count : 0,    \
                       "dois");                                                                    \
    }
RELATED(put_references, references, reference_count)
RELATED(put_citations, citations, citation_count)
RELATED(put_parts, parts, part_count)
RELATED(put_part_of, part_of, part_of_count)
RELATED(put_versions, versions, version_count)
RELATED(put_version_of, version_of, version_of_count)
#undef RELATED

static const struct dh_doi_relation relations[] = {
    {"client", "client", ALWAYS, false, put_client},
    {"provider", "provider", DETAIL, false, put_provider},
    {"media", "media", SINGLE, false, put_media},
    {"references", "references", DETAIL, true, put_references},
    {"citations", "citations", DETAIL, true, put_citations},
    {"parts", "parts", DETAIL, true, put_parts},
    {"partOf", "part_of", DETAIL, true, put_part_of},
    {"versions", "versions", DETAIL, true, put_versions},
    {"versionOf", "version_of", DETAIL, true, put_version_of},
};

enum { RELATIONS = sizeof(relations) / sizeof(relations[0]) };
_Static_assert((int)RELATIONS <= (int)DH_DOI_RELATIONS_MAX, "dh_doi_view.relations is too short");

/* ---- what a request wants ------------------------------------------------------------------- */

struct wants {
    bool single, detail, composite, agency, owner;
};

static bool attribute_shown(const struct wants *wants, enum dh_attribute attribute)
{
    unsigned where = dh_attributes[attribute].where;
    return !((where & DH_IN_DETAIL && !wants->detail) ||
             (where & DH_NOT_COMPOSITE && wants->composite) ||
             (where & DH_IN_RIGHT && !wants->owner) || (where & DH_IN_AGENCY && !wants->agency));
}

static bool relation_shown(const struct wants *wants, const struct dh_doi_relation *relation)
{
    return relation->where == ALWAYS || (relation->where == DETAIL && wants->detail) ||
           (relation->where == SINGLE && wants->single);
}

static void want_attribute(struct dh_doi_view *view, enum dh_attribute attribute)
{
    for (size_t i = 0; i < view->attribute_count; i++)
        if (view->attributes[i] == attribute)
            return;
    view->attributes[view->attribute_count++] = attribute;
    view->need_related |= attribute == DH_ATTR_CITATIONS_OVER_TIME;
}

static void want_relation(struct dh_doi_view *view, const struct dh_doi_relation *relation)
{
    for (size_t i = 0; i < view->relation_count; i++)
        if (view->relations[i] == relation)
            return;
    view->relations[view->relation_count++] = relation;
    view->need_related |= relation->related;
}

/* The items of fields[dois], in the order given; what the answer does not have is no error. */
static void want_named(struct dh_doi_view *view, const struct wants *wants, struct dh_str list)
{
    struct dh_str item;
    while (dh_str_split(&list, ',', &item)) {
        enum dh_attribute attribute = dh_attribute_find(item);
        if (attribute != DH_ATTR__N && attribute_shown(wants, attribute))
            want_attribute(view, attribute);
        for (size_t i = 0; i < RELATIONS; i++)
            if (dh_str_equal(item, dh_str(relations[i].field)) &&
                relation_shown(wants, &relations[i]))
                want_relation(view, &relations[i]);
    }
}

static bool exactly_true(const struct dh_call *call, const char *name)
{
    return dh_str_equal(dh_params_get(call->params, name, NULL), DH_STR("true"));
}

void dh_doi_view_read(const struct dh_call *call, bool single, struct dh_doi_view *out)
{
    const struct wants wants = {
        .single = single,
        .detail = single || dh_params_has(call->params, "detail", NULL),
        .composite = !single && dh_params_present(call->params, "composite"),
        .agency = dh_params_has(call->params, "include_other_registration_agencies", NULL),
        .owner = call->api->options.owner,
    };
    struct dh_str fields = dh_sparse(call, "dois");
    *out = (struct dh_doi_view){
        .single = single,
        .affiliation = exactly_true(call, "affiliation") ? DH_FORM_RICH : DH_FORM_PLAIN,
        .publisher = exactly_true(call, "publisher") ? DH_FORM_RICH : DH_FORM_PLAIN,
    };
    if (fields.ptr) {
        want_named(out, &wants, fields);
        return;
    }
    for (enum dh_attribute i = 0; i < DH_ATTR__N; i++)
        if (attribute_shown(&wants, i))
            want_attribute(out, i);
    for (size_t i = 0; i < RELATIONS; i++)
        if (relation_shown(&wants, &relations[i]))
            want_relation(out, &relations[i]);
}

/* ---- attributes ----------------------------------------------------------------------------- */

/* What an attribute's writer gets to see. */
struct source {
    const struct dh_doi_view *view;
    const struct dh_hit *hit;
    const struct dh_relations *related;
};
typedef void putter(struct dh_buf *out, const struct source *source, enum dh_attribute attribute);

static void put_fragment(struct dh_buf *out, const struct source *source,
                         enum dh_attribute attribute);

static void put_doi(struct dh_buf *out, const struct source *source, enum dh_attribute attribute)
{
    dh_put_str(out, dh_attributes[attribute].name, source->hit->doi);
}

static void put_state(struct dh_buf *out, const struct source *source, enum dh_attribute attribute)
{
    bool known = source->hit->state < DH_STATE__N;
    dh_put_text(out, dh_attributes[attribute].name,
                known ? dh_state_name(source->hit->state) : NULL);
}

static void put_count(struct dh_buf *out, const struct source *source, enum dh_attribute attribute)
{
    int64_t count = source->hit->counts[dh_attribute_count(attribute)];
    dh_put_int(out, dh_attributes[attribute].name, count > 0 ? count : 0);
}

static void put_created(struct dh_buf *out, const struct source *source,
                        enum dh_attribute attribute)
{
    dh_put_time(out, dh_attributes[attribute].name, source->hit->created, source->view->single);
}

static void put_registered(struct dh_buf *out, const struct source *source,
                           enum dh_attribute attribute)
{
    dh_put_time(out, dh_attributes[attribute].name, source->hit->registered, source->view->single);
}

static void put_updated(struct dh_buf *out, const struct source *source,
                        enum dh_attribute attribute)
{
    dh_put_time(out, dh_attributes[attribute].name, source->hit->updated, source->view->single);
}

/* The date of type "issued" in small letters, which hardly any record has; true when written. */
static bool put_issued(struct dh_buf *out, const struct source *source, enum dh_attribute attribute)
{
    static const char mark[] = "\"issued\"";
    struct dh_str text = dh_wire_value(&source->hit->wire, DH_ATTR_DATES, DH_FORM_PLAIN);
    struct json_object *dates = NULL;
    bool written = false;
    if (!text.len || !memmem(text.ptr, text.len, mark, sizeof(mark) - 1) ||
        dh_json_parse(text, &dates, NULL))
        return false;
    size_t count =
        json_object_is_type(dates, json_type_array) ? json_object_array_length(dates) : 0;
    for (size_t i = 0; !written && i < count; i++) {
        struct json_object *date = json_object_array_get_idx(dates, i);
        written = dh_str_equal(dh_json_member(date, "dateType"), DH_STR("issued"));
        if (written)
            dh_put_str(out, dh_attributes[attribute].name, dh_json_member(date, "date"));
    }
    json_object_put(dates);
    return written;
}

/* Always null in lists; in single records the year as text. */
static void put_published(struct dh_buf *out, const struct source *source,
                          enum dh_attribute attribute)
{
    bool known = source->view->single && source->hit->year != DH_TIME_NONE;
    if (source->view->single && put_issued(out, source, attribute))
        return;
    dh_key(out, dh_attributes[attribute].name);
    if (known)
        dh_buf_printf(out, "\"%lld\"", (long long)source->hit->year);
    else
        dh_buf_text(out, "null");
}

static void put_agency(struct dh_buf *out, const struct source *source, enum dh_attribute attribute)
{
    struct dh_str stored = dh_wire_fragment(&source->hit->wire, attribute, DH_FORM_PLAIN);
    if (stored.len)
        put_fragment(out, source, attribute);
    else
        dh_put_str(out, dh_attributes[attribute].name, source->hit->agency);
}

/*
 * The series that came with the record. When there is none and the count is the store's own, the
 * series too is counted from the records here.
 */
static void put_citations_over_time(struct dh_buf *out, const struct source *source,
                                    enum dh_attribute attribute)
{
    const struct dh_hit *hit = source->hit;
    const struct dh_relations *related = source->related;
    struct dh_str stored = dh_wire_value(&hit->wire, attribute, DH_FORM_PLAIN);
    bool own = hit->counts[DH_COUNT_CITATION] == hit->local[DH_COUNT_CITATION];
    if (stored.len > 2 || !own || !related) {
        put_fragment(out, source, attribute);
        return;
    }
    dh_key(out, dh_attributes[attribute].name);
    dh_buf_char(out, '[');
    for (size_t i = 0; i < related->citation_year_count; i++)
        dh_buf_printf(out, "%s{\"year\":\"%d\",\"total\":%lld}", i ? "," : "",
                      (int)related->citations_by_year[i].year,
                      (long long)related->citations_by_year[i].total);
    dh_buf_char(out, ']');
}

/* Attributes that are not simply spliced. */
static putter *const putters[DH_ATTR__N] = {
    [DH_ATTR_DOI] = put_doi,
    [DH_ATTR_STATE] = put_state,
    [DH_ATTR_VIEW_COUNT] = put_count,
    [DH_ATTR_DOWNLOAD_COUNT] = put_count,
    [DH_ATTR_REFERENCE_COUNT] = put_count,
    [DH_ATTR_CITATION_COUNT] = put_count,
    [DH_ATTR_CITATIONS_OVER_TIME] = put_citations_over_time,
    [DH_ATTR_PART_COUNT] = put_count,
    [DH_ATTR_PART_OF_COUNT] = put_count,
    [DH_ATTR_VERSION_COUNT] = put_count,
    [DH_ATTR_VERSION_OF_COUNT] = put_count,
    [DH_ATTR_CREATED] = put_created,
    [DH_ATTR_REGISTERED] = put_registered,
    [DH_ATTR_PUBLISHED] = put_published,
    [DH_ATTR_UPDATED] = put_updated,
    [DH_ATTR_AGENCY] = put_agency,
};

/* How an attribute without a stored value is shown. */
static const char *empty_value(enum dh_shape shape)
{
    static const char *const values[] = {
        [DH_SHAPE_TEXT] = "null", [DH_SHAPE_INTEGER] = "null",     [DH_SHAPE_BOOLEAN] = "false",
        [DH_SHAPE_OBJECT] = "{}", [DH_SHAPE_OBJECT_NULL] = "null", [DH_SHAPE_OBJECTS] = "[]",
        [DH_SHAPE_TEXTS] = "[]",  [DH_SHAPE_TEXTS_NULL] = "null",  [DH_SHAPE_COUNT] = "0",
        [DH_SHAPE_TIME] = "null",
    };
    return values[shape];
}

static void put_fragment(struct dh_buf *out, const struct source *source,
                         enum dh_attribute attribute)
{
    bool person = attribute == DH_ATTR_CREATORS || attribute == DH_ATTR_CONTRIBUTORS;
    enum dh_form form = person                           ? source->view->affiliation
                        : attribute == DH_ATTR_PUBLISHER ? source->view->publisher
                                                         : DH_FORM_PLAIN;
    struct dh_str fragment = dh_wire_fragment(&source->hit->wire, attribute, form);
    if (!fragment.len) {
        dh_key(out, dh_attributes[attribute].name);
        dh_buf_text(out, empty_value(dh_attributes[attribute].shape));
        return;
    }
    if (out->len && out->ptr[out->len - 1] != '{')
        dh_buf_char(out, ',');
    dh_buf_str(out, fragment);
}

bool dh_attribute_without_body(enum dh_attribute attribute)
{
    return putters[attribute] && attribute != DH_ATTR_CITATIONS_OVER_TIME &&
           attribute != DH_ATTR_PUBLISHED && attribute != DH_ATTR_AGENCY;
}

struct dh_str dh_hit_attribute(const struct dh_hit *hit, enum dh_attribute attribute,
                               enum dh_form form, const struct dh_relations *related,
                               struct dh_buf *scratch)
{
    const struct dh_doi_view view = {.single = attribute == DH_ATTR_PUBLISHED};
    const struct source source = {&view, hit, related};
    if (!putters[attribute])
        return dh_wire_value(&hit->wire, attribute, form);
    dh_buf_clear(scratch);
    putters[attribute](scratch, &source, attribute);
    return dh_str_from(dh_buf_view(scratch), dh_attributes[attribute].name_len + 3);
}

/* ---- the resource --------------------------------------------------------------------------- */

void dh_doi_write(struct dh_buf *out, const struct dh_doi_view *view, const struct dh_hit *hit,
                  const struct dh_relations *related)
{
    const struct source source = {view, hit, related};
    dh_buf_text(out, "{\"id\":");
    dh_json_string(out, hit->doi, DH_JSON_HTML);
    dh_buf_text(out, ",\"type\":\"dois\",\"attributes\":{");
    for (size_t i = 0; i < view->attribute_count; i++) {
        enum dh_attribute attribute = view->attributes[i];
        putter *put = putters[attribute] ? putters[attribute] : put_fragment;
        put(out, &source, attribute);
    }
    dh_buf_text(out, "},\"relationships\":{");
    for (size_t i = 0; i < view->relation_count; i++)
        view->relations[i]->put(out, view->relations[i]->name, hit, related);
    dh_buf_text(out, "}}");
}

void dh_dois_reserve(struct dh_buf *out, const struct dh_doi_view *view, const struct dh_hit *hits,
                     size_t count)
{
    enum { BESIDE = 1024 }; /* counts, times, relationships */
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < view->attribute_count; k++)
            size += hits[i].wire.fragment[view->attributes[k]][DH_FORM_RICH].len;
        size += BESIDE;
    }
    if (size < out->max - out->len)
        dh_buf_reserve(out, size);
}

/* The store counts whatever it can list. */
static bool has_relations(const struct dh_hit *hit)
{
    for (int i = 0; i < DH_COUNT__N; i++)
        if (hit->local[i] > 0)
            return true;
    return false;
}

enum dh_status dh_doi_put(struct dh_call *call, const struct dh_doi_view *view,
                          const struct dh_hit *hit)
{
    struct dh_relations related = {0};
    bool ask = view->need_related && !hit->relations && has_relations(hit);
    enum dh_status status = DH_OK;
    if (ask)
        status = dh_store_relations(call->reader, hit->doi, &related, call->arena, &call->err);
    if (!status)
        dh_doi_write(call->out, view, hit, hit->relations ? hit->relations : &related);
    return status;
}
