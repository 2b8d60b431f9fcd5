/*
 * Record: one DOI's metadata. A canonical JSON tree of attributes plus a small envelope of what
 * varies without the metadata changing (times, counts) or belongs to accounts.
 *
 * Canonical: every attribute of fields.def with DataCite's shape (arrays where upstream has arrays,
 * publisher and affiliation as objects), DOI in lower case; nested keys keep what came, nulls
 * included. A *partial* record, fresh from dh_record_read, holds only the attributes that its input
 * carried: absent is not null (merge rules). dh_record_complete or dh_record_merge makes it whole.
 */
#ifndef DH_MODEL_RECORD_H
#define DH_MODEL_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "model/fields.h"
#include "model/vocab.h"

struct dh_record {
    struct dh_str doi; /* lower case; bytes owned by the record */
    /* Owned, shared with nobody. Not in it: doi, prefix, suffix, alternateIdentifiers, counts,
       times. When identifiers and alternateIdentifiers came, identifiers is the one kept. */
    struct json_object *attributes;
    struct dh_str client;    /* lower-case symbol, empty when unknown; owned */
    struct dh_str provider;  /* likewise */
    enum dh_doi_state state; /* DH_STATE__N when it did not come; wins over the tree's `state` */
    int64_t created, registered, updated; /* ms; DH_TIME_NONE */
    int64_t counts[DH_COUNT__N];          /* -1 when it did not come */
    bool poor_publisher;                  /* publisher came as a string: the poorer form */
    bool poor_affiliation;                /* affiliations came as strings and none as object */
};

void dh_record_init(struct dh_record *record);
void dh_record_release(struct dh_record *record);

/* What was odd in an input and has been mended. `text` is one line each, joined by "; ". */
struct dh_repairs {
    unsigned count;
    char text[512];
};

/*
 * Reads a JSON:API resource ({"id","type":"dois","attributes",...}), bare attributes ({"doi",...})
 * or DataCite JSON ({"id":"https://doi.org/...","doi",...}) into a partial record. Tolerated odd
 * shapes (an object where an array belongs, a number as text, a year as text, null lists ...) are
 * mended and reported in *repairs (may be NULL). DH_INVALID without a DOI or with an attribute that
 * cannot be given its shape; dh_err.field names it. Takes nothing: `resource` stays the caller's.
 */
enum dh_status dh_record_read(struct json_object *resource, struct dh_record *out,
                              struct dh_repairs *repairs, struct dh_err *err);
/*
 * The same without the copy: the record shares its values with `resource`, which is mended on the
 * way. The caller puts `resource` away before the record goes to another thread, as json-c's
 * reference counts are not atomic, and uses it for nothing else.
 */
enum dh_status dh_record_take(struct json_object *resource, struct dh_record *out,
                              struct dh_repairs *repairs, struct dh_err *err);
/*
 * Makes a partial record whole: empty lists, nulls, derived types, container and `published`, state
 * findable, isActive, schemaVersion. Identifiers that repeat the DOI in capitals or the URL go, as
 * upstream never shows them. Times that did not come: created falls back to registered, updated,
 * now; updated to the later of created and registered. Done twice it changes nothing more.
 */
enum dh_status dh_record_complete(struct dh_record *record, struct dh_err *err);
/*
 * Overlays `incoming` (partial) on `old` (whole): only attributes that came; a poorer form of equal
 * content leaves the richer one. The result, whole, in *out. A new client without a provider makes
 * the provider unknown.
 */
enum dh_status dh_record_merge(const struct dh_record *old, const struct dh_record *incoming,
                               struct dh_record *out, struct dh_err *err);

struct dh_hash {
    uint64_t low, high;
};
/*
 * Of the audited metadata only: no counts, series, times, xml, landing page checks. Whether there
 * is a change worth an activity is told by the hash: dh_record_changes also lists the landing page.
 */
struct dh_hash dh_record_hash(const struct dh_record *record);

/*
 * The `changes` object of an activity, as JSON text in wire form (keys in snake_case sorted by
 * length, then bytes): all audited fields of a whole record (create), or field -> [old, new] of
 * those that differ (update; "{}" when none). The publisher stands as object under `publisher_obj`;
 * showing it as `publisher`, last, is the API's work.
 */
void dh_record_creation(const struct dh_record *record, struct dh_buf *out);
void dh_record_changes(const struct dh_record *old, const struct dh_record *now,
                       struct dh_buf *out);

#endif
