/* What a whole record says beyond what it was given: the container, `published`. */
#include "model/record_parts.h"

/* A container under construction: members that are null stay out. */
static bool put(struct json_object *container, const char *key, struct json_object *value)
{
    return !value || json_object_object_add(container, key, value) == 0;
}

static struct json_object *share(struct json_object *object, const char *key)
{
    return json_object_get(dh_json_get(object, key));
}

static struct json_object *text_of(struct dh_str s)
{
    return s.ptr ? dh_json_new_str(s) : NULL;
}

/* The first object of a list whose member `key` is `value`. */
static struct json_object *find(struct json_object *list, const char *key, struct dh_str value)
{
    if (!json_object_is_type(list, json_type_array))
        return NULL;
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (dh_str_equal(dh_json_member(item, key), value))
            return item;
    }
    return NULL;
}

static struct json_object *first(struct json_object *list)
{
    bool array = json_object_is_type(list, json_type_array) && json_object_array_length(list);
    return array ? json_object_array_get_idx(list, 0) : NULL;
}

static struct json_object *type_of(struct json_object *attributes)
{
    struct dh_str general = dh_json_member(dh_json_get(attributes, "types"), "resourceTypeGeneral");
    bool dataset = dh_str_equal(general, DH_STR("Dataset"));
    return dh_json_new_str(dataset ? DH_STR("DataRepository") : DH_STR("Series"));
}

static struct json_object *from_item(struct json_object *attributes, struct json_object *item)
{
    static const char *const copied[] = {"volume", "issue", "edition", "number"};
    struct json_object *out = json_object_new_object();
    struct json_object *identifier = dh_json_get(item, "relatedItemIdentifier");
    bool done = out && put(out, "type", type_of(attributes)) &&
                put(out, "identifier", share(identifier, "relatedItemIdentifier")) &&
                put(out, "identifierType", share(identifier, "relatedItemIdentifierType")) &&
                put(out, "title", share(first(dh_json_get(item, "titles")), "title"));
    for (size_t i = 0; done && i < sizeof(copied) / sizeof(copied[0]); i++)
        done = put(out, copied[i], share(item, copied[i]));
    if (dh_str_equal(dh_json_member(item, "numberType"), DH_STR("Chapter")))
        done = done && put(out, "chapterNumber", share(item, "number"));
    if (done && put(out, "firstPage", share(item, "firstPage")) &&
        put(out, "lastPage", share(item, "lastPage")))
        return out;
    json_object_put(out);
    return NULL;
}

/* "Journal, 12(3), 45-67" taken apart; parts that are not there have no ptr. */
struct series {
    struct dh_str title, volume, issue, first_page, last_page;
};

static struct dh_str or_none(struct dh_str s)
{
    return dh_str_blank(s) ? DH_STR_NONE : s;
}

/* "12(3)" is volume 12, issue 3; anything else is a volume as a whole. */
static void split_volume(struct dh_str s, struct series *out)
{
    out->volume = or_none(s);
    if (s.len < 3 || s.ptr[s.len - 1] != ')')
        return;
    for (size_t i = s.len - 2; i > 0 && s.ptr[i] != ')'; i--)
        if (s.ptr[i - 1] == '(') {
            out->volume = or_none((struct dh_str){s.ptr, i - 1});
            out->issue = or_none((struct dh_str){s.ptr + i, s.len - 1 - i});
            return;
        }
}

static struct series split_series(struct dh_str text)
{
    struct series out = {0};
    struct dh_str rest = text, part, second = DH_STR_NONE, last = DH_STR_NONE;
    while (text.len && text.ptr[text.len - 1] == ',')
        text.len--;
    rest = text;
    size_t count = 0;
    for (; text.len && dh_str_split(&rest, ',', &part); count++) {
        last = dh_str_trim(part);
        if (count == 0)
            out.title = or_none(last);
        if (count == 1)
            second = last;
    }
    if (count > 2)
        split_volume(second, &out);
    if (count > 1 && last.len) {
        size_t dash = dh_str_find(last, '-');
        out.first_page = dh_str_trim((struct dh_str){last.ptr, dash});
        struct dh_str end = dh_str_from(last, dash + 1);
        out.last_page = or_none(dh_str_trim((struct dh_str){end.ptr, dh_str_find(end, '-')}));
    }
    return out;
}

static struct json_object *from_series(struct json_object *attributes, struct dh_str text)
{
    struct series series = split_series(text);
    if (!series.title.len)
        return NULL;
    struct json_object *out = json_object_new_object();
    struct json_object *whole =
        find(dh_json_get(attributes, "relatedIdentifiers"), "relationType", DH_STR("IsPartOf"));
    if (out && put(out, "type", type_of(attributes)) &&
        put(out, "identifier", share(whole, "relatedIdentifier")) &&
        put(out, "identifierType", share(whole, "relatedIdentifierType")) &&
        put(out, "title", text_of(series.title)) && put(out, "volume", text_of(series.volume)) &&
        put(out, "issue", text_of(series.issue)) &&
        put(out, "firstPage", text_of(series.first_page)) &&
        put(out, "lastPage", text_of(series.last_page)))
        return out;
    json_object_put(out);
    return NULL;
}

struct json_object *dh_container_derive(struct json_object *attributes)
{
    struct json_object *item =
        find(dh_json_get(attributes, "relatedItems"), "relationType", DH_STR("IsPublishedIn"));
    if (item)
        return from_item(attributes, item);
    struct json_object *series = find(dh_json_get(attributes, "descriptions"), "descriptionType",
                                      DH_STR("SeriesInformation"));
    return from_series(attributes, dh_json_member(series, "description"));
}

struct json_object *dh_published_derive(struct json_object *attributes)
{
    struct json_object *issued =
        find(dh_json_get(attributes, "dates"), "dateType", DH_STR("issued"));
    struct json_object *date = dh_json_get(issued, "date");
    if (json_object_is_type(date, json_type_string))
        return json_object_get(date);
    struct json_object *year = json_object_get(dh_json_get(attributes, "publicationYear"));
    if (year && dh_mend_text(&year))
        return year;
    json_object_put(year);
    return NULL;
}
