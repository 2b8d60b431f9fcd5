/*
 * What the files of api/ share: the call (one request being answered), the route table, the
 * JSON:API envelope, errors, paging and links. Private to api/.
 */
#ifndef DH_API_CALL_H
#define DH_API_CALL_H

#include "api/age.h"
#include "api/api.h"

struct dh_format;

struct dh_api {
    struct dh_store *store;
    struct dh_api_options options;
    struct dh_arena strings;
    const char **content_types;                    /* of the formats, in their order */
    _Atomic(const struct dh_http_server *) server; /* for /metrics; or NULL; set while serving */
    struct dh_age age;
};

/* One request being answered. Everything is borrowed for the time of the call. */
struct dh_call {
    const struct dh_api *api;
    struct dh_reader *reader;
    const struct dh_request *request;
    const struct dh_params *params; /* the request's, plus what a nested route adds */
    struct dh_response *response;
    struct dh_buf *out; /* the response's body */
    struct dh_arena *arena;
    struct dh_str arg[3];          /* captures of the route, percent-decoded */
    const struct dh_format *fixed; /* the format that the path names; or NULL */
    bool own;                      /* the answer tells of this server: it has no age */
    bool passing;                  /* the answer holds for this moment only: chance, clocks */
    bool raised;                   /* answered with a raised error: no identity header, no JSONP */
    struct dh_err err;
};

/* Fills call->response. Never fails: a failure is answered. */
typedef void dh_handler(struct dh_call *call);

/*
 * A row of the route table (routes.c). `pattern` is matched segment by segment: a literal, `:` for
 * one segment, or `*` for one or more segments, slashes included (DOIs), as many as leave the rest
 * of the pattern its match. The first row that matches wins, so the more specific ones come first.
 * Trailing slashes of the path are ignored. Captures are percent-decoded.
 */
struct dh_route {
    const char *pattern;
    dh_handler *handle;
    bool quick; /* cheap enough for the event loop */
    const char
        *param; /* nested routes: the parameter that capture 0 stands for, "provider-id", or NULL */
    const char *media; /* "application": capture 0 is the rest of a media type; or NULL */
};

/* The row for a raw path, with its captures filled (arena), or NULL. */
const struct dh_route *dh_route_find(struct dh_str path, struct dh_str arg[3],
                                     struct dh_arena *arena);
/*
 * For resources that upstream also serves in other formats: true when the answer may be JSON. Else
 * a 406 has been given. Sets response->vary_accept when Accept took part in the choice.
 */
bool dh_negotiate_json(struct dh_call *call);

/* ---- errors (spec rest-api-read 1.5) -------------------------------------------------------- */

/* The type of every JSON answer; told by its address. */
extern const char dh_type_json[];
extern const char dh_type_text[];
/* The Content-Type of a format. */
const char *dh_content_type(const struct dh_api *api, const struct dh_format *format);
/* {"errors":[{"status":"404","title":"..."}]}, no identity header. Drops what was in the body. */
void dh_reply_error(struct dh_call *call, int status, const char *title);
/* The odd shape {"errors":{"title":"..."}} of a rejected search. Status 400. */
void dh_reply_rejected(struct dh_call *call, const char *reason);
/* 404 with upstream's sentence. */
void dh_reply_missing(struct dh_call *call);
/*
 * The answer to a failed call below: DH_NOT_FOUND 404, DH_INVALID 400, DH_BUSY and deadline 503,
 * others 500. Title: err.text.
 */
void dh_reply_status(struct dh_call *call, enum dh_status status);

/* ---- writing JSON --------------------------------------------------------------------------- */

/* `"name":` preceded by a comma unless the last byte opens an object or array. */
void dh_key(struct dh_buf *out, const char *name);
/* Members, with dh_key. Strings are escaped for the wire (DH_JSON_HTML); ptr NULL writes null. */
void dh_put_str(struct dh_buf *out, const char *name, struct dh_str value);
void dh_put_text(struct dh_buf *out, const char *name, const char *value);
void dh_put_int(struct dh_buf *out, const char *name, int64_t value);
void dh_put_bool(struct dh_buf *out, const char *name, bool value);
/* An instant as 2016-01-24T15:05:35Z, with .000 when `millis`; DH_TIME_NONE writes null. */
void dh_put_time(struct dh_buf *out, const char *name, int64_t time, bool millis);
void dh_put_json(struct dh_buf *out, const char *name, struct json_object *value);
/* {"id":...,"type":...} */
void dh_put_link(struct dh_buf *out, struct dh_str id, const char *type);
/* `"name":{"data":{"id","type"}}`, data null when id.ptr is NULL. */
void dh_put_to_one(struct dh_buf *out, const char *name, struct dh_str id, const char *type);
/* `"name":{"data":[...]}` */
void dh_put_to_many(struct dh_buf *out, const char *name, const struct dh_str *ids, size_t count,
                    const char *type);

/* ---- paging (spec 1.6) ---------------------------------------------------------------------- */

struct dh_paging {
    int64_t size;   /* effective; negative is rejected before */
    int64_t number; /* 1-based */
    bool cursor;    /* page[cursor] was given */
    int64_t after;  /* cursor: created, ms; DH_TIME_NONE at the start */
    struct dh_str after_id;
};
/*
 * Reads page[size|number|cursor]; `rows` (legacy) is page[size] when that is absent. Returns false
 * after having answered (negative size: odd 400).
 */
bool dh_paging_read(struct dh_call *call, struct dh_paging *out);
/* The page[cursor] value for a last hit: base64url("millis,id") without padding. */
struct dh_str dh_cursor_write(struct dh_arena *arena, int64_t millis, struct dh_str id);
/* Back; false (start over) when the text is no cursor. */
bool dh_cursor_read(struct dh_arena *arena, struct dh_str text, int64_t *millis, struct dh_str *id);
/* Members total, totalPages, page (not in cursor mode) of an open meta object. */
void dh_put_paging(struct dh_call *call, const struct dh_paging *paging, uint64_t total);

/*
 * `,"links":{"self":...,"next":...}`: self is the request's URL byte for byte. next, when there is
 * a further page, is `path` under the base with every given parameter (later duplicates win), page
 * number or cursor replaced, form-encoded and sorted. `last_cursor` is for cursor mode (else ptr
 * NULL).
 */
void dh_put_links(struct dh_call *call, const char *path, const struct dh_paging *paging,
                  uint64_t total, size_t hits, struct dh_str last_cursor);

/* ---- sparse fields (spec 1.8) --------------------------------------------------------------- */

/* The value of fields[type]; ptr NULL when not given. Items in order given, comma list. */
struct dh_str dh_sparse(const struct dh_call *call, const char *type);
/* True when the comma list holds the name; also true when list.ptr is NULL. */
bool dh_field_wanted(struct dh_str list, const char *name);
/* True when include=... holds the name (lower-cased, dashes as underscores). */
bool dh_included(const struct dh_call *call, const char *name);

/* ---- facets of small lists ------------------------------------------------------------------ */

/* `"name":[{"id","title","count"}...]` from buckets. */
struct dh_shown_bucket {
    struct dh_str id, title;
    int64_t count;
};
void dh_put_buckets(struct dh_buf *out, const char *name, const struct dh_shown_bucket *buckets,
                    size_t count);
/* Rule T of the facet table ("titleize"). */
struct dh_str dh_titleize(struct dh_arena *arena, struct dh_str key);

/* ---- the handlers, by file ------------------------------------------------------------------ */

/* dois.c */
dh_handler dh_dois_list, dh_dois_single, dh_dois_random, dh_dois_get_url, dh_dois_media,
    dh_dois_medium, dh_dois_metadata;
/* resolve.c, citation.c */
dh_handler dh_resolve, dh_citation, dh_citation_style_list, dh_citation_locale_list;
/* activities.c */
dh_handler dh_activities_list, dh_activities_single, dh_activities_of_doi,
    dh_activities_of_provider, dh_activities_of_client;
/* events.c */
dh_handler dh_events_list, dh_events_single, dh_events_of_doi;
/* accounts: providers.c, clients.c, totals.c */
dh_handler dh_providers_list, dh_providers_single, dh_providers_totals, dh_providers_stats,
    dh_providers_random;
dh_handler dh_clients_list, dh_clients_single, dh_clients_totals, dh_clients_stats;
dh_handler dh_repositories_list, dh_repositories_single, dh_repositories_random;
/* prefixes.c */
dh_handler dh_prefixes_list, dh_prefixes_single, dh_prefixes_totals, dh_client_prefixes_list,
    dh_client_prefixes_single, dh_provider_prefixes_list, dh_provider_prefixes_single,
    dh_repository_prefixes_list, dh_repository_prefixes_single;
/* resource_types.c */
dh_handler dh_resource_types_list, dh_resource_types_single;
/* changes.c, status.c */
dh_handler dh_changes, dh_status_page;
/* service.c */
dh_handler dh_index, dh_heartbeat, dh_metrics, dh_login_needed;

#endif
