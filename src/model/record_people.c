/* Creators and contributors: their affiliations and name identifiers as lists of objects. */
#include "model/record_parts.h"

/* Texts in an affiliation list become {name: text}: the API's plain form, so no repair. */
static enum dh_status name_affiliations(struct dh_mend *mend, struct json_object *list)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *element = json_object_array_get_idx(list, i);
        if (!json_object_is_type(element, json_type_string)) {
            mend->affiliation_objects += json_object_is_type(element, json_type_object);
            continue;
        }
        mend->affiliation_texts++;
        struct json_object *object = dh_mend_object_of("name", element);
        if (!object || json_object_array_put_idx(list, i, object) != 0) {
            json_object_put(object);
            return dh_fail(mend->err, DH_MEMORY, "out of memory");
        }
    }
    return DH_OK;
}

/* A list inside a person: missing is empty, and what cannot be mended is left out. */
static enum dh_status mend_nested(struct dh_mend *mend, struct json_object *person, const char *key,
                                  const char *main_key)
{
    struct json_object *value = json_object_get(dh_json_get(person, key));
    struct json_object *before = value;
    enum json_type type = json_object_get_type(value);
    enum dh_status status = DH_OK;
    if (!value || type == json_type_boolean) {
        if (value)
            dh_mend_note(mend, "list in a person dropped");
        json_object_put(value);
        value = json_object_new_array();
        status = value ? DH_OK : dh_fail(mend->err, DH_MEMORY, "out of memory");
    } else {
        status = dh_mend_list(mend, main_key, &value);
    }
    if (!status && value == before) {
        json_object_put(value);
        return DH_OK;
    }
    if (!status && json_object_object_add(person, key, value) != 0)
        status = dh_fail(mend->err, DH_MEMORY, "out of memory");
    if (status)
        json_object_put(value);
    return status;
}

enum dh_status dh_mend_person(struct dh_mend *mend, struct json_object *person)
{
    struct json_object *affiliations = dh_json_get(person, "affiliation");
    enum dh_status status = DH_OK;
    if (json_object_is_type(affiliations, json_type_array))
        status = name_affiliations(mend, affiliations);
    else if (json_object_is_type(affiliations, json_type_string))
        mend->affiliation_texts++;
    else
        mend->affiliation_objects += json_object_is_type(affiliations, json_type_object);
    if (!status)
        status = mend_nested(mend, person, "affiliation", "name");
    if (!status)
        status = mend_nested(mend, person, "nameIdentifiers", "nameIdentifier");
    return status;
}
