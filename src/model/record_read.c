/* From a JSON document to a partial record: finding the parts, copying and mending attributes. */
#include "base/limits.h"
#include "model/doi.h"
#include "model/record_parts.h"

/* A document taken apart; all borrowed. */
struct source {
    struct json_object *resource, *attributes, *relationships;
    bool take; /* share the values instead of copying them */
};

/* For these a null says no more than absence: lists show `published` so, drafts `isActive`. */
static bool null_is_absent(enum dh_attribute a)
{
    return a == DH_ATTR_PUBLISHED || a == DH_ATTR_IS_ACTIVE || a == DH_ATTR_AGENCY;
}

static enum dh_status take_apart(struct json_object *resource, struct source *out,
                                 struct dh_err *err)
{
    struct json_object *data = dh_json_get(resource, "data");
    if (json_object_is_type(data, json_type_object) && !dh_json_has(resource, "doi"))
        resource = data;
    if (!json_object_is_type(resource, json_type_object))
        return dh_fail(err, DH_INVALID, "a record must be a JSON object");
    struct json_object *attributes = dh_json_get(resource, "attributes");
    bool wrapped = json_object_is_type(attributes, json_type_object);
    struct dh_str type = dh_json_member(resource, "type");
    if (wrapped && type.len && !dh_str_equal(type, DH_STR("dois"))) {
        enum dh_status status = dh_fail(err, DH_INVALID, "a resource of type \"%.*s\", not dois",
                                        (int)(type.len < 64 ? type.len : 64), type.ptr);
        dh_err_field(err, DH_STR("type"));
        return status;
    }
    *out = (struct source){.resource = resource,
                           .attributes = wrapped ? attributes : resource,
                           .relationships = dh_json_get(resource, "relationships")};
    return DH_OK;
}

static bool set_doi(struct dh_record *out, struct dh_str text)
{
    text = dh_str_trim(text);
    if (dh_doi_valid(text))
        return dh_record_set(&out->doi, text, true);
    struct dh_arena arena;
    dh_arena_init(&arena, (size_t)DH_DOI_MAX * 16);
    struct dh_str doi = dh_doi_parse(&arena, text);
    bool done = doi.len && dh_record_set(&out->doi, doi, true);
    dh_arena_release(&arena);
    return done;
}

static enum dh_status read_doi(const struct source *in, struct dh_record *out, struct dh_err *err)
{
    struct dh_str doi = dh_json_member(in->attributes, "doi");
    if (set_doi(out, doi) || (doi.len == 0 && set_doi(out, dh_json_member(in->resource, "id"))))
        return DH_OK;
    enum dh_status status = dh_fail(err, DH_INVALID, doi.len ? "not a DOI: %.*s" : "no DOI",
                                    (int)(doi.len < 100 ? doi.len : 100), doi.ptr ? doi.ptr : "");
    dh_err_field(err, DH_STR("doi"));
    return status;
}

/* The symbol of a relationship, or of a plain member as DataCite JSON has it. */
static bool read_account(const struct source *in, const char *relationship, const char *member,
                         struct dh_str *out)
{
    struct json_object *data = dh_json_get(dh_json_get(in->relationships, relationship), "data");
    struct dh_str symbol = dh_json_member(data, "id");
    if (!symbol.len)
        symbol = dh_json_member(in->attributes, member);
    if (!symbol.len)
        symbol = dh_json_member(in->resource, member);
    return dh_record_set(out, dh_str_trim(symbol), true);
}

static void read_times(const struct source *in, struct dh_record *out, struct dh_mend *mend)
{
    const struct {
        enum dh_attribute attribute;
        int64_t *time;
    } times[] = {{DH_ATTR_CREATED, &out->created},
                 {DH_ATTR_REGISTERED, &out->registered},
                 {DH_ATTR_UPDATED, &out->updated}};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        mend->attribute = dh_attributes[times[i].attribute].name;
        struct json_object *value = dh_json_get(in->attributes, mend->attribute);
        if (value && !dh_time_parse(dh_json_str(value), times[i].time))
            dh_mend_note(mend, "no time");
    }
}

static void read_counts(const struct source *in, struct dh_record *out, struct dh_mend *mend)
{
    for (enum dh_count c = 0; c < DH_COUNT__N; c++) {
        mend->attribute = dh_attributes[dh_count_attribute(c)].name;
        struct json_object *value = dh_json_get(in->attributes, mend->attribute);
        if (!value)
            continue;
        bool text = json_object_is_type(value, json_type_string);
        int64_t count = text ? dh_str_integer(dh_json_str(value)) : json_object_get_int64(value);
        if (!json_object_is_type(value, json_type_int))
            dh_mend_note(mend, "no integer");
        else if (count > DH_COUNTED_MAX)
            dh_mend_note(mend, "beyond all counting");
        if (count >= 0 && count <= DH_COUNTED_MAX)
            out->counts[c] = count;
    }
}

static void read_state(const struct source *in, struct dh_record *out, struct dh_mend *mend)
{
    mend->attribute = dh_attributes[DH_ATTR_STATE].name;
    struct json_object *value = dh_json_get(in->attributes, mend->attribute);
    out->state = dh_state_find(dh_json_str(value));
    if (value && out->state == DH_STATE__N)
        dh_mend_note(mend, "unknown state");
}

/* Renames a member of an object; nothing when it is not there. */
static bool rename_key(struct json_object *object, const char *from, const char *to)
{
    struct json_object *value;
    if (!json_object_object_get_ex(object, from, &value))
        return true;
    json_object_get(value);
    json_object_object_del(object, from);
    if (json_object_object_add(object, to, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

/* Alternate identifiers under the names of identifiers, in place. */
static enum dh_status rename_alternates(struct json_object *list, struct dh_err *err)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (!rename_key(item, "alternateIdentifier", "identifier") ||
            !rename_key(item, "alternateIdentifierType", "identifierType"))
            return dh_fail(err, DH_MEMORY, "out of memory");
    }
    return DH_OK;
}

/* Copies, mends and keeps one attribute; `from` names the member it is read from. */
static enum dh_status read_attribute(const struct source *in, enum dh_attribute from,
                                     enum dh_attribute a, struct dh_record *out,
                                     struct dh_mend *mend)
{
    struct json_object *value;
    if (!json_object_object_get_ex(in->attributes, dh_attributes[from].name, &value))
        return DH_OK;
    if (!value && null_is_absent(a))
        return DH_OK;
    struct json_object *copy = in->take ? json_object_get(value) : dh_tree_copy(value);
    if (value && !copy)
        return dh_fail(mend->err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_mend_value(mend, from, &copy);
    if (!status && from != a)
        status = rename_alternates(copy, mend->err);
    if (!status && !dh_attribute_set(out->attributes, a, copy, true))
        status = dh_fail(mend->err, DH_MEMORY, "out of memory");
    if (status)
        json_object_put(copy);
    return status;
}

static enum dh_status read_attributes(const struct source *in, struct dh_record *out,
                                      struct dh_mend *mend)
{
    bool alias = !dh_json_get(in->attributes, dh_attributes[DH_ATTR_IDENTIFIERS].name) &&
                 dh_json_get(in->attributes, dh_attributes[DH_ATTR_ALTERNATE_IDENTIFIERS].name);
    enum dh_status status = DH_OK;
    for (enum dh_attribute a = 0; !status && a < DH_ATTR__N; a++) {
        if (!dh_attribute_in_tree(a) || a == DH_ATTR_STATE)
            continue;
        bool other = a == DH_ATTR_IDENTIFIERS && alias;
        status = read_attribute(in, other ? DH_ATTR_ALTERNATE_IDENTIFIERS : a, a, out, mend);
    }
    return status;
}

static enum dh_status read_all(const struct source *in, struct dh_record *out, struct dh_mend *mend)
{
    enum dh_status status = read_doi(in, out, mend->err);
    if (status)
        return status;
    out->attributes = json_object_new_object();
    if (!out->attributes || !read_account(in, "client", "clientId", &out->client) ||
        !read_account(in, "provider", "providerId", &out->provider))
        return dh_fail(mend->err, DH_MEMORY, "out of memory");
    read_times(in, out, mend);
    read_counts(in, out, mend);
    read_state(in, out, mend);
    status = read_attributes(in, out, mend);
    out->poor_publisher = mend->publisher_text;
    out->poor_affiliation = mend->affiliation_texts && !mend->affiliation_objects;
    return status;
}

static enum dh_status read_resource(struct json_object *resource, bool take, struct dh_record *out,
                                    struct dh_repairs *repairs, struct dh_err *err)
{
    dh_record_init(out);
    if (repairs)
        *repairs = (struct dh_repairs){0};
    struct source in;
    enum dh_status status = take_apart(resource, &in, err);
    if (status)
        return status;
    in.take = take;
    struct dh_mend mend = {.repairs = repairs, .err = err, .attribute = ""};
    status = read_all(&in, out, &mend);
    if (status)
        dh_record_release(out);
    return status;
}

enum dh_status dh_record_read(struct json_object *resource, struct dh_record *out,
                              struct dh_repairs *repairs, struct dh_err *err)
{
    return read_resource(resource, false, out, repairs, err);
}

enum dh_status dh_record_take(struct json_object *resource, struct dh_record *out,
                              struct dh_repairs *repairs, struct dh_err *err)
{
    return read_resource(resource, true, out, repairs, err);
}
