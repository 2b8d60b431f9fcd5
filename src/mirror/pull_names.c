/* Records asked for by name: lists of DOIs in URLs. */
#include "http/url.h"
#include "mirror/pull_parts.h"

bool dh_subject_alone(const struct dh_subject *subject)
{
    return dh_str_find(subject->doi, ',') < subject->doi.len;
}

size_t dh_subjects_list(const struct dh_subject *subjects, size_t count, size_t most,
                        struct dh_buf *out)
{
    size_t some = 0, start = out->len, before = start;
    while (some < count && some < most) {
        const struct dh_subject *next = &subjects[some];
        if (some && (dh_subject_alone(next) || dh_subject_alone(subjects)))
            break;
        dh_buf_text(out, some ? "," : "");
        dh_url_encode_form(out, next->doi);
        if (some && out->len - start > DH_NAMES_BYTES) {
            out->len = before;
            break;
        }
        before = out->len;
        some++;
    }
    return some;
}
