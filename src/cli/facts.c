#include "cli/facts.h"

struct json_object *dh_fact_value(const struct dh_hit *hit, enum dh_attribute attribute)
{
    struct json_object *value = NULL;
    struct dh_str text = dh_wire_value(&hit->wire, attribute, DH_FORM_RICH);
    if (text.len == 0 || dh_json_parse(text, &value, NULL))
        return NULL;
    return value;
}

static struct dh_str text_of(const struct dh_hit *hit, enum dh_attribute attribute,
                             struct dh_arena *arena)
{
    struct json_object *value = dh_fact_value(hit, attribute);
    struct dh_str text = dh_json_str(value);
    if (text.ptr)
        text = dh_arena_copy(arena, text);
    json_object_put(value);
    return text;
}

static struct dh_str member_of(const struct dh_hit *hit, enum dh_attribute attribute,
                               const char *member, struct dh_arena *arena)
{
    struct json_object *value = dh_fact_value(hit, attribute);
    struct dh_str text = dh_json_member(value, member);
    if (text.ptr)
        text = dh_arena_copy(arena, text);
    json_object_put(value);
    return text;
}

/* Adds one item's text to a joined list; nothing when the item has none. */
typedef void put_item(struct json_object *item, const char *separator, struct dh_buf *out);

static void put_separated(struct dh_buf *out, const char *separator, struct dh_str text)
{
    if (!text.ptr)
        return;
    if (out->len)
        dh_buf_text(out, separator);
    dh_buf_str(out, text);
}

static struct dh_str joined(const struct dh_hit *hit, enum dh_attribute attribute, put_item *put,
                            const char *separator, struct dh_arena *arena)
{
    struct json_object *list = dh_fact_value(hit, attribute);
    struct dh_buf out;
    dh_buf_init(&out, DH_RECORD_MAX);
    if (json_object_is_type(list, json_type_array))
        for (size_t i = 0; i < json_object_array_length(list); i++)
            put(json_object_array_get_idx(list, i), separator, &out);
    struct dh_str text = out.len ? dh_arena_copy(arena, dh_buf_view(&out)) : DH_STR_NONE;
    dh_buf_release(&out);
    json_object_put(list);
    return text;
}

struct dh_str dh_fact_doi(const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return hit->doi;
}

struct dh_str dh_fact_state(const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return hit->state < DH_STATE__N ? dh_str(dh_state_name(hit->state)) : DH_STR_NONE;
}

struct dh_str dh_fact_client(const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return hit->client;
}

struct dh_str dh_fact_provider(const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return hit->provider;
}

struct dh_str dh_fact_year(const struct dh_hit *hit, struct dh_arena *arena)
{
    if (hit->year == DH_TIME_NONE)
        return DH_STR_NONE;
    return dh_arena_format(arena, "%lld", (long long)hit->year);
}

static struct dh_str time_text(int64_t time, struct dh_arena *arena)
{
    char text[DH_TIME_TEXT_MAX];
    if (time == DH_TIME_NONE)
        return DH_STR_NONE;
    size_t len = dh_time_format(time, false, text);
    return dh_arena_copy(arena, (struct dh_str){text, len});
}

struct dh_str dh_fact_created(const struct dh_hit *hit, struct dh_arena *arena)
{
    return time_text(hit->created, arena);
}

struct dh_str dh_fact_registered(const struct dh_hit *hit, struct dh_arena *arena)
{
    return time_text(hit->registered, arena);
}

struct dh_str dh_fact_updated(const struct dh_hit *hit, struct dh_arena *arena)
{
    return time_text(hit->updated, arena);
}

struct dh_str dh_fact_registered_day(const struct dh_hit *hit, struct dh_arena *arena)
{
    enum { DAY = 10 };
    struct dh_str text = time_text(hit->registered, arena);
    if (text.len > DAY)
        text.len = DAY;
    return text;
}

struct dh_str dh_fact_url(const struct dh_hit *hit, struct dh_arena *arena)
{
    return text_of(hit, DH_ATTR_URL, arena);
}

struct dh_str dh_fact_version(const struct dh_hit *hit, struct dh_arena *arena)
{
    return text_of(hit, DH_ATTR_VERSION, arena);
}

struct dh_str dh_fact_title(const struct dh_hit *hit, struct dh_arena *arena)
{
    struct json_object *titles = dh_fact_value(hit, DH_ATTR_TITLES);
    struct json_object *first = NULL;
    if (json_object_is_type(titles, json_type_array))
        first = json_object_array_get_idx(titles, 0);
    struct dh_str text = dh_json_member(first, "title");
    if (text.ptr)
        text = dh_arena_copy(arena, text);
    json_object_put(titles);
    return text;
}

struct dh_str dh_fact_publisher(const struct dh_hit *hit, struct dh_arena *arena)
{
    return member_of(hit, DH_ATTR_PUBLISHER, "name", arena);
}

struct dh_str dh_fact_type(const struct dh_hit *hit, struct dh_arena *arena)
{
    return member_of(hit, DH_ATTR_TYPES, "resourceTypeGeneral", arena);
}

struct dh_str dh_fact_resource_type(const struct dh_hit *hit, struct dh_arena *arena)
{
    return member_of(hit, DH_ATTR_TYPES, "resourceType", arena);
}

struct dh_str dh_fact_kind(const struct dh_hit *hit, struct dh_arena *arena)
{
    struct dh_str general = dh_fact_type(hit, arena), own = dh_fact_resource_type(hit, arena);
    if (!own.len || dh_str_equal_nocase(general, own))
        return general;
    if (!general.len)
        return own;
    return dh_arena_format(arena, "%.*s (%.*s)", DH_STR_ARG(general), DH_STR_ARG(own));
}

static void put_creator(struct json_object *creator, const char *separator, struct dh_buf *out)
{
    struct dh_str family = dh_json_member(creator, "familyName");
    struct dh_str given = dh_json_member(creator, "givenName");
    struct dh_str name = dh_json_member(creator, "name");
    if (!family.len) {
        put_separated(out, separator, name);
        return;
    }
    put_separated(out, separator, family);
    if (given.len) {
        dh_buf_text(out, ", ");
        dh_buf_str(out, given);
    }
}

struct dh_str dh_fact_creators(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined(hit, DH_ATTR_CREATORS, put_creator, "; ", arena);
}

/* Upstream's form: a family name without a given one keeps its comma, a bare name gets braces. */
static void put_author(struct json_object *creator, const char *separator, struct dh_buf *out)
{
    struct dh_str family = dh_json_member(creator, "familyName");
    struct dh_str name = dh_json_member(creator, "name");
    if (family.len) {
        put_separated(out, separator, family);
        dh_buf_text(out, ", ");
        dh_buf_str(out, dh_json_member(creator, "givenName"));
    } else if (name.len) {
        put_separated(out, separator, DH_STR("{"));
        dh_buf_str(out, name);
        dh_buf_char(out, '}');
    }
}

struct dh_str dh_fact_authors(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined(hit, DH_ATTR_CREATORS, put_author, " and ", arena);
}

/* The name of the licence, else its identifier, else its address. */
static void put_right(struct json_object *right, const char *separator, struct dh_buf *out)
{
    static const char *const members[] = {"rights", "rightsIdentifier", "rightsUri"};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct dh_str text = dh_json_member(right, members[i]);
        if (text.len) {
            put_separated(out, separator, text);
            return;
        }
    }
}

struct dh_str dh_fact_rights(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined(hit, DH_ATTR_RIGHTS_LIST, put_right, "; ", arena);
}

static void put_subject(struct json_object *subject, const char *separator, struct dh_buf *out)
{
    put_separated(out, separator, dh_json_member(subject, "subject"));
}

struct dh_str dh_fact_subjects(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined(hit, DH_ATTR_SUBJECTS, put_subject, "; ", arena);
}

static bool is_short_name(struct json_object *identifier)
{
    struct dh_str type = dh_json_member(identifier, "identifierType");
    struct dh_str wanted = DH_STR("short name");
    return type.len >= wanted.len &&
           dh_str_equal_nocase(dh_str_from(type, type.len - wanted.len), wanted);
}

static void put_short_name(struct json_object *identifier, const char *separator,
                           struct dh_buf *out)
{
    if (is_short_name(identifier))
        put_separated(out, separator, dh_json_member(identifier, "identifier"));
}

struct dh_str dh_fact_short_name(const struct dh_hit *hit, struct dh_arena *arena)
{
    return joined(hit, DH_ATTR_IDENTIFIERS, put_short_name, "; ", arena);
}

struct dh_str dh_fact_description(const struct dh_hit *hit, struct dh_arena *arena)
{
    struct json_object *list = dh_fact_value(hit, DH_ATTR_DESCRIPTIONS);
    struct dh_str text = DH_STR_NONE;
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        bool abstract = dh_str_equal(dh_json_member(item, "descriptionType"), DH_STR("Abstract"));
        if (abstract || !text.ptr)
            text = dh_json_member(item, "description");
        if (abstract)
            break;
    }
    if (text.ptr)
        text = dh_arena_copy(arena, text);
    json_object_put(list);
    return text;
}
