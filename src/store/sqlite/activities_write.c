#include <sys/random.h>
#include <time.h>

#include "store/sqlite/writer.h"

void dh_sq_uuid(unsigned char out[16])
{
    enum { NS_PER_MS = 1000000 };
    struct timespec now;
    ssize_t got = 0;
    do
        got = getrandom(out, 16, 0);
    while (got != 16);
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / NS_PER_MS;
    uint64_t part = ((uint64_t)now.tv_nsec % NS_PER_MS << 12) / NS_PER_MS;
    for (int i = 0; i < 6; i++)
        out[i] = (unsigned char)(ms >> (40 - 8 * i));
    out[6] = (unsigned char)(0x70 | part >> 8);
    out[7] = (unsigned char)part;
    out[8] = (unsigned char)((out[8] & 0x3f) | 0x80);
}

/* The changes as stored; ptr stays NULL for none. */
static enum dh_status pack(struct dh_sq_store *store, struct dh_str changes, struct dh_buf *z,
                           struct dh_err *err)
{
    dh_buf_init(z, (size_t)DH_RECORD_MAX * 2);
    return changes.ptr ? dh_sq_body_pack(&store->codec, changes, z, err) : DH_OK;
}

enum dh_status dh_sq_activity_add(struct dh_sq_store *store, int64_t name, struct dh_str user,
                                  enum dh_action action, uint32_t version, struct dh_str changes,
                                  struct dh_err *err)
{
    struct dh_buf z;
    unsigned char uuid[16];
    dh_sq_uuid(uuid);
    enum dh_status status = pack(store, changes, &z, err);
    if (!status)
        status = dh_sq_run(&store->writer->conn, DH_SQL_ACTIVITY_ADD, err, "biisiiib",
                           (struct dh_str){(char *)uuid, sizeof(uuid)}, (int64_t)DH_OF_DOI, name,
                           user.len ? user : DH_STR_NONE, (int64_t)action, (int64_t)version,
                           dh_time_now(), dh_buf_view(&z));
    dh_buf_release(&z);
    return status;
}

enum dh_status dh_sq_activity_account(struct dh_sq_store *store, enum dh_activity_kind kind,
                                      struct dh_str symbol, enum dh_action action,
                                      struct dh_str changes, struct dh_err *err)
{
    struct dh_buf z;
    unsigned char uuid[16];
    dh_sq_uuid(uuid);
    enum dh_status status = pack(store, changes, &z, err);
    if (!status)
        status = dh_sq_run(&store->writer->conn, DH_SQL_ACTIVITY_ADD_ACCOUNT, err, "bissiib",
                           (struct dh_str){(char *)uuid, sizeof(uuid)}, (int64_t)kind, symbol,
                           symbol, (int64_t)action, dh_time_now(), dh_buf_view(&z));
    dh_buf_release(&z);
    return status;
}

enum dh_status dh_sq_activity_fill(struct dh_sq_store *store, int64_t name, struct dh_str changes,
                                   struct dh_err *err)
{
    struct dh_buf z;
    enum dh_status status = pack(store, changes, &z, err);
    if (!status)
        status =
            dh_sq_run(&store->writer->conn, DH_SQL_ACTIVITY_FILL, err, "ib", name, dh_buf_view(&z));
    dh_buf_release(&z);
    return status;
}

enum dh_status dh_sq_put_activity(struct dh_store *base, const struct dh_activity *activity,
                                  bool *added, struct dh_err *err)
{
    struct dh_sq_store *store = dh_sq_store(base);
    struct dh_sq_writer *w = store->writer;
    unsigned char uuid[16];
    struct dh_buf z;
    int64_t name;
    bool fresh;
    *added = false;
    if (!dh_sq_uuid_parse(activity->uuid, uuid))
        return dh_fail(err, DH_INVALID, "an activity without a uuid");
    enum dh_status status = dh_sq_intern_doi(w, activity->subject,
                                             dh_sq_doi_hash(activity->subject), &name, &fresh, err);
    if (status)
        return status;
    status = pack(store, activity->changes, &z, err);
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_ACTIVITY_TAKE, err, "bisiiibs",
                           (struct dh_str){(char *)uuid, sizeof(uuid)}, name, activity->user,
                           (int64_t)activity->action, (int64_t)activity->version, activity->time,
                           dh_buf_view(&z), activity->origin);
    dh_buf_release(&z);
    *added = !status && sqlite3_changes(w->conn.db) > 0;
    w->wrote = w->wrote || *added;
    return status;
}
