/* The handle, single records, history and summary. */
#include <stdlib.h>

#include "lib/lib.h"

const char *dh_version(void)
{
    return DOIHOUND_VERSION;
}

void dh_free(char *text)
{
    free(text);
}

enum dh_status dh_lib_hand_over(struct dh_buf *text, char **out, size_t *len, struct dh_err *err)
{
    dh_buf_char(text, '\0');
    if (text->status)
        return dh_fail(err, text->status, "out of memory");
    if (len)
        *len = text->len - 1;
    *out = text->ptr;
    dh_buf_init(text, text->max);
    return DH_OK;
}

/* ---- the handle ----------------------------------------------------------------------------- */

enum dh_status dh_open(const char *path, enum dh_open_mode mode, struct dh **out,
                       struct dh_err *err)
{
    static const enum dh_store_mode modes[] = {
        [DH_OPEN_READ] = DH_STORE_READ,
        [DH_OPEN_WRITE] = DH_STORE_WRITE,
        [DH_OPEN_CREATE] = DH_STORE_CREATE,
    };
    const struct dh_api_options options = {
        .owner = true, .explain = true, .version = DOIHOUND_VERSION};
    *out = NULL;
    if ((size_t)mode >= sizeof(modes) / sizeof(modes[0]))
        return dh_fail(err, DH_INVALID, "no such mode");
    struct dh *dh = calloc(1, sizeof(*dh));
    if (!dh)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_store_open(path, modes[mode], &dh->store, err);
    if (!status)
        status = dh_api_open(dh->store, &options, &dh->api, err);
    if (status) {
        if (dh->store)
            dh_store_close(dh->store);
        free(dh);
        return status;
    }
    dh->writable = mode != DH_OPEN_READ;
    pthread_mutex_init(&dh->lock, NULL);
    pthread_mutex_init(&dh->loading, NULL);
    *out = dh;
    return DH_OK;
}

void dh_close(struct dh *dh)
{
    if (!dh)
        return;
    while (dh->idle_count)
        dh_reader_close(dh->idle[--dh->idle_count]);
    dh_api_close(dh->api);
    dh_store_close(dh->store);
    pthread_mutex_destroy(&dh->lock);
    pthread_mutex_destroy(&dh->loading);
    free(dh);
}

enum dh_status dh_lib_borrow(struct dh *dh, struct dh_reader **out, struct dh_err *err)
{
    *out = NULL;
    pthread_mutex_lock(&dh->lock);
    if (dh->idle_count)
        *out = dh->idle[--dh->idle_count];
    pthread_mutex_unlock(&dh->lock);
    return *out ? DH_OK : dh_reader_open(dh->store, out, err);
}

void dh_lib_return(struct dh *dh, struct dh_reader *reader)
{
    pthread_mutex_lock(&dh->lock);
    bool keep = dh->idle_count < DH_LIB_IDLE_MAX;
    if (keep)
        dh->idle[dh->idle_count++] = reader;
    pthread_mutex_unlock(&dh->lock);
    if (!keep)
        dh_reader_close(reader);
}

enum dh_status dh_summarize(struct dh *dh, struct dh_summary *out, struct dh_err *err)
{
    struct dh_reader *reader;
    struct dh_store_stats stats = {0};
    *out = (struct dh_summary){0};
    enum dh_status status = dh_lib_borrow(dh, &reader, err);
    if (status)
        return status;
    status = dh_store_stats(reader, &stats, err);
    dh_lib_return(dh, reader);
    if (status)
        return status;
    *out = (struct dh_summary){
        .records = stats.records,
        .findable = stats.by_state[DH_STATE_FINDABLE],
        .registered = stats.by_state[DH_STATE_REGISTERED],
        .draft = stats.by_state[DH_STATE_DRAFT],
        .activities = stats.activities,
        .relations = stats.relations,
        .providers = stats.providers,
        .clients = stats.clients,
        .prefixes = stats.prefixes,
        .file_bytes = stats.file_bytes,
        .last_write = stats.last_write,
        .schema = stats.schema,
    };
    return DH_OK;
}

/* ---- answers about one DOI ------------------------------------------------------------------ */

/* Writes "/dois/{doi}" and what follows it as the pages' target. */
static enum dh_status aim(struct dh_pages *pages, const char *doi, const char *behind,
                          const char *params, struct dh_err *err)
{
    struct dh_str name = dh_doi_parse(&pages->arena, dh_str(doi));
    if (!name.ptr)
        return dh_fail(err, DH_INVALID, "not a DOI: %s", doi ? doi : "");
    dh_buf_text(&pages->target, "/dois/");
    dh_url_encode_path(&pages->target, name, false);
    dh_buf_text(&pages->target, behind);
    dh_buf_char(&pages->target, '?');
    dh_buf_str(&pages->target, dh_str(params));
    dh_buf_text(&pages->target, "&callback="); /* plain JSON, whatever was asked for */
    return pages->target.status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

enum dh_status dh_get(struct dh *dh, const char *doi, const char *params, char **json, size_t *len,
                      struct dh_err *err)
{
    struct dh_pages pages;
    struct dh_str resource;
    struct dh_buf text;
    *json = NULL;
    dh_buf_init(&text, DH_RESPONSE_MAX);
    enum dh_status status = dh_pages_init(&pages, dh, err);
    if (!status)
        status = aim(&pages, doi, "", params, err);
    if (!status)
        status = dh_pages_next(&pages, &resource, err);
    if (status == DH_DONE)
        status = dh_fail(err, DH_NOT_FOUND, "no such record: %s", doi);
    if (!status) {
        dh_buf_str(&text, resource);
        status = dh_lib_hand_over(&text, json, len, err);
    }
    dh_buf_release(&text);
    dh_pages_release(&pages);
    return status;
}

/* All resources of a list about one DOI, as a JSON array. */
static enum dh_status gather(struct dh *dh, const char *doi, const char *behind, const char *params,
                             char **json, size_t *len, struct dh_err *err)
{
    struct dh_pages pages;
    struct dh_str resource;
    struct dh_buf text;
    *json = NULL;
    dh_buf_init(&text, DH_RESPONSE_MAX);
    enum dh_status status = dh_pages_init(&pages, dh, err);
    struct dh_str all = dh_arena_format(&pages.arena, "page[size]=1000&%s", params ? params : "");
    if (!status && !all.ptr)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status)
        status = aim(&pages, doi, behind, all.ptr, err);
    dh_buf_char(&text, '[');
    while (!status && !(status = dh_pages_next(&pages, &resource, err))) {
        if (text.len > 1)
            dh_buf_char(&text, ',');
        dh_buf_str(&text, resource);
    }
    dh_buf_char(&text, ']');
    if (status == DH_DONE)
        status = dh_lib_hand_over(&text, json, len, err);
    dh_buf_release(&text);
    dh_pages_release(&pages);
    return status;
}

enum dh_status dh_history(struct dh *dh, const char *doi, char **json, size_t *len,
                          struct dh_err *err)
{
    return gather(dh, doi, "/activities", NULL, json, len, err);
}

enum dh_status dh_related(struct dh *dh, const char *doi, const char *params, char **json,
                          size_t *len, struct dh_err *err)
{
    return gather(dh, doi, "/events", params, json, len, err);
}
