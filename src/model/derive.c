#include "model/derive.h"

struct dh_str dh_ror_name(struct dh_str id)
{
    static const struct dh_str schemes[] = {{"https://", 8}, {"http://", 7}};
    for (size_t i = 0; i < 2; i++) {
        if (dh_str_starts_nocase(id, schemes[i])) {
            id = dh_str_from(id, schemes[i].len);
            break;
        }
    }
    return id.len > 8 && dh_str_starts(id, DH_STR("ror.org/")) ? id : DH_STR_NONE;
}

struct dh_str dh_orcid_number(struct dh_str id)
{
    static const struct dh_str heads[] = {{"https://orcid.org/", 18}, {"http://orcid.org/", 17}};
    for (size_t i = 0; i < 2; i++)
        if (dh_str_starts(id, heads[i]))
            return dh_str_from(id, heads[i].len);
    return DH_STR_NONE;
}

bool dh_subject_is_science(struct json_object *subject)
{
    return dh_str_equal(dh_json_member(subject, "subjectScheme"),
                        DH_STR("Fields of Science and Technology (FOS)"));
}
