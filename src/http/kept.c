/* The shelf: a hash table in order of use. */
#include "http/kept.h"

#include <stdlib.h>
#include <uthash.h>
#include <xxhash.h>

struct dh_kept {
    UT_hash_handle hh;
    XXH128_hash_t hash; /* of the key: two keys with one hash are not to be expected */
    unsigned held;      /* by exchanges; the shelf itself counts as one while it is in the table */
    size_t bytes;
    struct dh_str body, packed;
    char tag[DH_TAG_LEN + 1];
    struct dh_response like; /* status, type, headers */
    char text[];             /* the body, then the values of the headers */
};

/* What tells one request from another: the target, the base of links, what may be answered. */
static bool hash_key(const struct dh_request *request, XXH128_hash_t *out)
{
    const struct dh_str parts[] = {request->target, request->base, request->accept};
    enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
    size_t len = 0;
    for (size_t i = 0; i < PARTS; i++)
        len += parts[i].len + 1;
    char *key = dh_arena_alloc(request->arena, len), *at = key;
    if (!key)
        return false;
    for (size_t i = 0; i < PARTS; at += parts[i++].len + 1) /* a NUL between two parts */
        if (parts[i].len)
            memcpy(at, parts[i].ptr, parts[i].len);
    *out = XXH3_128bits(key, len);
    return true;
}

static void drop(struct dh_kept *kept)
{
    if (--kept->held)
        return;
    free((char *)(uintptr_t)kept->packed.ptr);
    free(kept);
}

static void take_off(struct dh_shelf *shelf, struct dh_kept *kept)
{
    HASH_DEL(shelf->table, kept);
    shelf->bytes -= kept->bytes;
    drop(kept);
}

static void empty(struct dh_shelf *shelf)
{
    while (shelf->table)
        take_off(shelf, shelf->table);
}

void dh_shelf_release(struct dh_shelf *shelf)
{
    empty(shelf);
}

struct dh_kept *dh_shelf_take(struct dh_shelf *shelf, uint64_t version,
                              const struct dh_request *request)
{
    struct dh_kept *kept = NULL;
    if (shelf->version != version)
        empty(shelf);
    shelf->version = version;
    XXH128_hash_t hash;
    if (!shelf->table || !version || !hash_key(request, &hash))
        return NULL;
    HASH_FIND(hh, shelf->table, &hash, sizeof(hash), kept);
    if (!kept)
        return NULL;
    HASH_DEL(shelf->table, kept); /* and to the end of the line again */
    HASH_ADD(hh, shelf->table, hash, sizeof(kept->hash), kept);
    kept->held++;
    return kept;
}

void dh_kept_give(struct dh_kept *kept)
{
    if (kept)
        drop(kept);
}

/* Takes a copy of `from` at *at, moves *at behind it. */
static struct dh_str place(char **at, struct dh_str from)
{
    struct dh_str to = {*at, from.len};
    if (from.len)
        memcpy(*at, from.ptr, from.len);
    *at += from.len;
    return to;
}

static struct dh_kept *copy(const struct dh_request *request, const struct dh_response *response)
{
    XXH128_hash_t hash;
    size_t bytes = sizeof(struct dh_kept) + response->body.len;
    for (size_t i = 0; i < response->header_count; i++)
        bytes += response->headers[i].value.len;
    struct dh_kept *kept = hash_key(request, &hash) ? malloc(bytes) : NULL;
    if (!kept)
        return NULL;
    *kept = (struct dh_kept){.held = 1, .hash = hash, .bytes = bytes, .like = *response};
    char *at = kept->text;
    kept->body = place(&at, dh_buf_view(&response->body));
    kept->like.body = (struct dh_buf){0};
    for (size_t i = 0; i < response->header_count; i++)
        kept->like.headers[i].value = place(&at, response->headers[i].value);
    return kept;
}

void dh_shelf_put(struct dh_shelf *shelf, uint64_t version, const struct dh_request *request,
                  const struct dh_response *response)
{
    if (!version || version != shelf->version || response->status != 200 ||
        response->body.len > DH_KEPT_MAX)
        return;
    struct dh_kept *kept = copy(request, response), *same = NULL;
    if (!kept)
        return;
    HASH_FIND(hh, shelf->table, &kept->hash, sizeof(kept->hash), same);
    if (same)
        take_off(shelf, same);
    HASH_ADD(hh, shelf->table, hash, sizeof(kept->hash), kept);
    shelf->bytes += kept->bytes;
    /* HASH_DEL moves the table's head on, which the analyser does not see. */
    while (shelf->bytes > DH_SHELF_MAX)
        take_off(shelf, shelf->table); /* NOLINT(clang-analyzer-unix.Malloc) */
}

struct dh_str dh_kept_body(const struct dh_kept *kept)
{
    return kept->body;
}

struct dh_str dh_kept_packed(const struct dh_kept *kept)
{
    return kept->packed;
}

struct dh_str dh_shelf_pack(struct dh_shelf *shelf, struct dh_kept *kept, struct dh_str packed)
{
    char *bytes = malloc(packed.len ? packed.len : 1);
    if (!bytes)
        return DH_STR_NONE;
    memcpy(bytes, packed.ptr, packed.len);
    kept->packed = (struct dh_str){bytes, packed.len};
    kept->bytes += packed.len;
    shelf->bytes += packed.len;
    return kept->packed;
}

const char *dh_kept_tag(struct dh_kept *kept,
                        void (*make)(struct dh_str body, char tag[DH_TAG_LEN + 1]))
{
    if (!kept->tag[0])
        make(kept->body, kept->tag);
    return kept->tag;
}

void dh_kept_describe(const struct dh_kept *kept, struct dh_response *out)
{
    struct dh_buf body = out->body;
    *out = kept->like;
    out->body = body;
}
