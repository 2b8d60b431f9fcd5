/* The stored fragments are spliced into one object, in the order of the formats, and parsed once.
 */
#include "api/metadata.h"

#include "format/ids.h"
#include "http/url.h"

struct splice {
    struct dh_buf text;
    const struct dh_hit *hit;
};

static void key(struct splice *s, const char *name)
{
    dh_buf_text(&s->text, s->text.len > 1 ? ",\"" : "\"");
    dh_buf_text(&s->text, name);
    dh_buf_text(&s->text, "\":");
}

static void put(struct splice *s, const char *name, struct dh_str value)
{
    if (!value.ptr)
        return;
    key(s, name);
    dh_json_string(&s->text, value, DH_JSON_PLAIN);
}

static bool has(const struct splice *s, enum dh_attribute attribute)
{
    struct dh_str value = dh_wire_value(&s->hit->wire, attribute, DH_FORM_RICH);
    return value.len && !dh_str_equal(value, DH_STR("null"));
}

static void put_stored(struct splice *s, enum dh_attribute attribute)
{
    if (!has(s, attribute))
        return;
    if (s->text.len > 1)
        dh_buf_char(&s->text, ',');
    dh_buf_str(&s->text, dh_wire_fragment(&s->hit->wire, attribute, DH_FORM_RICH));
}

/* ---- what is not simply spliced ------------------------------------------------------------- */

/* The DOI as URL and in capitals. */
static void put_names(struct splice *s)
{
    struct dh_arena arena;
    dh_arena_init(&arena, (size_t)DH_DOI_MAX * 8);
    struct dh_str doi = s->hit->doi, id = dh_id_doi_url(&arena, doi);
    struct dh_str upper = dh_arena_upper(&arena, doi);
    if (id.ptr) {
        put(s, "id", id);
    } else {
        key(s, "id");
        dh_buf_text(&s->text, "\"https://doi.org/");
        dh_url_encode_path(&s->text, doi, true);
        dh_buf_char(&s->text, '"');
    }
    put(s, "doi", upper.ptr ? upper : doi);
    dh_arena_release(&arena);
}

static void put_agency(struct splice *s)
{
    if (has(s, DH_ATTR_AGENCY))
        put_stored(s, DH_ATTR_AGENCY);
    else
        put(s, "agency", s->hit->agency.len ? s->hit->agency : DH_STR("datacite"));
}

static void put_registered(struct splice *s)
{
    char text[DH_TIME_TEXT_MAX];
    if (s->hit->registered != DH_TIME_NONE)
        put(s, "registered",
            (struct dh_str){text, dh_time_format(s->hit->registered, false, text)});
}

/* ---- the tree ------------------------------------------------------------------------------- */

static const enum dh_attribute spliced[] = {
    DH_ATTR_URL,
    DH_ATTR_TYPES,
    DH_ATTR_CREATORS,
    DH_ATTR_TITLES,
    DH_ATTR_PUBLISHER,
    DH_ATTR_CONTAINER,
    DH_ATTR_SUBJECTS,
    DH_ATTR_CONTRIBUTORS,
    DH_ATTR_DATES,
    DH_ATTR_PUBLICATION_YEAR,
    DH_ATTR_LANGUAGE,
    DH_ATTR_IDENTIFIERS,
    DH_ATTR_SIZES,
    DH_ATTR_FORMATS,
    DH_ATTR_VERSION,
    DH_ATTR_RIGHTS_LIST,
    DH_ATTR_DESCRIPTIONS,
    DH_ATTR_GEO_LOCATIONS,
    DH_ATTR_FUNDING_REFERENCES,
    DH_ATTR_RELATED_IDENTIFIERS,
    DH_ATTR_RELATED_ITEMS,
    DH_ATTR_SCHEMA_VERSION,
};

static void splice(struct splice *s, bool xml)
{
    const struct dh_hit *hit = s->hit;
    dh_buf_char(&s->text, '{');
    put_names(s);
    for (size_t i = 0; i < sizeof(spliced) / sizeof(spliced[0]); i++)
        put_stored(s, spliced[i]);
    put(s, "providerId", hit->provider.len ? hit->provider : DH_STR_NONE);
    put(s, "clientId", hit->client.len ? hit->client : DH_STR_NONE);
    put_agency(s);
    if (hit->state < DH_STATE__N)
        put(s, "state", dh_str(dh_state_name(hit->state)));
    put_registered(s);
    put_stored(s, DH_ATTR_CONTENT_URL);
    if (xml)
        put_stored(s, DH_ATTR_XML);
    dh_buf_char(&s->text, '}');
}

struct json_object *dh_hit_metadata(const struct dh_hit *hit, bool xml, struct dh_err *err)
{
    struct splice s = {.hit = hit};
    struct json_object *tree = NULL;
    dh_buf_init(&s.text, DH_RECORD_MAX);
    dh_buf_reserve(&s.text, hit->wire.text.len + DH_DOI_MAX);
    splice(&s, xml);
    enum dh_status status = s.text.status;
    if (status)
        dh_fail(err, status, "%s", dh_status_text(status));
    else
        status = dh_json_parse(dh_buf_view(&s.text), &tree, err);
    dh_buf_release(&s.text);
    if (status == DH_INVALID)
        dh_fail(err, DH_CORRUPT, "the stored form of a record cannot be read");
    return tree;
}
