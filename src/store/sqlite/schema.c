#include "store/sqlite/backend.h"

/*
 * What the tables hold:
 *   doi         every DOI that a record or an event has or names, interned
 *   card        one narrow row per living record: `row` is packed by pack.c. A changed record gets
 *               a new number n, never used before
 *   body        its text (body.h) and the hashes of its metadata and of its text
 *   title       sort key of its first title
 *   term        interned strings of the TERM and TERMS columns, ids from 1 per column
 *   relation    what findable records state about other DOIs; type is a position of the vocabulary
 *   assignment  of a prefix; told: by the account itself, else by a record that uses it
 *   activity    `subject` is a doi.id or a symbol; `changes` is NULL for a creation that the body
 * of a record still at version 1 tells as well change      numbers low..high are to be looked at
 * again by who keeps cards in memory meta        next: next number; directory: version of the
 * accounts; last_write; index: by what sources and words the index was made segment     of the
 * index: the records low..high; `dead` of them went since. outline, block, posting and place hold
 * what is in it (index_segment.h)
 *   event       what a server told of DOIs; event_kind what many of them have in common
 *   scope       what is kept as a copy of another server, and how far (store/scopes.h)
 *   listed      DOIs of lists that scopes are named after
 */
static const char schema_1[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE dictionary(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE doi(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE card(n INTEGER PRIMARY KEY, name INTEGER NOT NULL UNIQUE, row BLOB NOT NULL);"
    "CREATE TABLE body(n INTEGER PRIMARY KEY, hash BLOB NOT NULL, z BLOB NOT NULL);"
    "CREATE TABLE title(n INTEGER PRIMARY KEY, key TEXT NOT NULL);"
    "CREATE TABLE term(column INTEGER NOT NULL, id INTEGER NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY(column, id)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX term_value ON term(column, value);"
    "CREATE TABLE relation(subject INTEGER NOT NULL, object INTEGER NOT NULL,"
    " type INTEGER NOT NULL, PRIMARY KEY(subject, object, type)) WITHOUT ROWID;"
    "CREATE INDEX relation_object ON relation(object, subject, type);"
    "CREATE TABLE activity(id INTEGER PRIMARY KEY, uuid BLOB NOT NULL, kind INTEGER NOT NULL,"
    " subject NOT NULL, user TEXT, action INTEGER NOT NULL, version INTEGER NOT NULL,"
    " time INTEGER NOT NULL, changes BLOB);"
    "CREATE INDEX activity_subject ON activity(kind, subject, id);"
    "CREATE INDEX activity_time ON activity(time, uuid);"
    "CREATE INDEX activity_uuid ON activity(uuid);"
    "CREATE TABLE account(kind INTEGER NOT NULL, symbol TEXT NOT NULL, parent TEXT NOT NULL,"
    " name TEXT NOT NULL, attributes TEXT, created INTEGER, updated INTEGER,"
    " active INTEGER NOT NULL, stub INTEGER NOT NULL, PRIMARY KEY(kind, symbol)) WITHOUT ROWID;"
    "CREATE TABLE prefix(prefix TEXT PRIMARY KEY, created INTEGER) WITHOUT ROWID;"
    "CREATE TABLE assignment(id BLOB PRIMARY KEY, kind INTEGER NOT NULL, account TEXT NOT NULL,"
    " prefix TEXT NOT NULL, created INTEGER, updated INTEGER, told INTEGER NOT NULL,"
    " UNIQUE(kind, account, prefix)) WITHOUT ROWID;"
    "CREATE TABLE change(seq INTEGER PRIMARY KEY AUTOINCREMENT, low INTEGER NOT NULL,"
    " high INTEGER NOT NULL);"
    "INSERT INTO meta VALUES('next', 1), ('directory', 0);"
    "PRAGMA application_id = 0x64686f75;";

static enum dh_status create_1(struct dh_sq_conn *conn, struct dh_err *err)
{
    enum dh_status status = dh_sq_exec(conn, schema_1, err);
    if (status)
        return status;
    struct dh_buf bytes;
    dh_buf_init(&bytes, DH_BODY_MAX);
    dh_sq_dictionary_write(&bytes);
    status = bytes.status ? dh_fail(err, bytes.status, "out of memory")
                          : dh_sq_run(conn, DH_SQL_DICTIONARY_ADD, err, "ib", (int64_t)1,
                                      dh_buf_view(&bytes));
    dh_buf_release(&bytes);
    return status;
}

/* Ids of segments are never used again: outlines are kept in memory by them. */
static const char schema_2[] =
    "CREATE TABLE segment(id INTEGER PRIMARY KEY AUTOINCREMENT, low INTEGER NOT NULL,"
    " high INTEGER NOT NULL, records INTEGER NOT NULL, dead INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL);"
    "CREATE TABLE outline(segment INTEGER PRIMARY KEY, data BLOB NOT NULL);"
    "CREATE TABLE block(id INTEGER PRIMARY KEY, data BLOB NOT NULL);"
    "CREATE TABLE posting(id INTEGER PRIMARY KEY, data BLOB NOT NULL);"
    "CREATE TABLE place(id INTEGER PRIMARY KEY, data BLOB NOT NULL);";

/* The index is filled when the store is opened (dh_sq_index_fits). */
static enum dh_status create_2(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn, schema_2, err);
}

static enum dh_status create_3(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn,
                      "CREATE TABLE scope(url TEXT NOT NULL, filter TEXT NOT NULL,"
                      " progress TEXT NOT NULL, started INTEGER NOT NULL, finished INTEGER,"
                      " total INTEGER NOT NULL, missing INTEGER NOT NULL,"
                      " PRIMARY KEY(url, filter)) WITHOUT ROWID;",
                      err);
}

/*
 * Events that came from a server (store/events.h): `subject` and `object` are doi.id, also of what
 * is no DOI but a URL; `kind` names what many have in common. For them table doi holds names that
 * no record has.
 *
 * An activity with an `origin` is of the server that the record came from, which has it there. For
 * a scope: `since`, the moment whose state at the server the copy has; `checked` and `trouble`,
 * when it was last asked and what hindered it.
 */
static enum dh_status create_4(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn,
                      "CREATE TABLE event(id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE,"
                      " subject INTEGER NOT NULL, object INTEGER NOT NULL, kind INTEGER NOT NULL,"
                      " total INTEGER NOT NULL, occurred INTEGER, created INTEGER,"
                      " updated INTEGER);"
                      "CREATE INDEX event_subject ON event(subject, object);"
                      "CREATE INDEX event_object ON event(object);"
                      "CREATE TABLE event_kind(id INTEGER PRIMARY KEY, relation TEXT NOT NULL,"
                      " source TEXT NOT NULL, license TEXT NOT NULL, action TEXT NOT NULL,"
                      " token TEXT NOT NULL, UNIQUE(relation, source, license, action, token));"
                      "ALTER TABLE activity ADD COLUMN origin TEXT;"
                      "ALTER TABLE scope ADD COLUMN since INTEGER;"
                      "ALTER TABLE scope ADD COLUMN checked INTEGER;"
                      "ALTER TABLE scope ADD COLUMN trouble TEXT NOT NULL DEFAULT '';"
                      "UPDATE scope SET since = started, checked = finished"
                      " WHERE finished IS NOT NULL;",
                      err);
}

/* Until when a scope has the activities of its server; none for those copied without. */
static enum dh_status create_5(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn, "ALTER TABLE scope ADD COLUMN activities INTEGER;", err);
}

/* Likewise the events. */
static enum dh_status create_6(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn, "ALTER TABLE scope ADD COLUMN events INTEGER;", err);
}

/* What was called a list before was the mark of a pull that was broken off, without the DOIs. */
static enum dh_status create_7(struct dh_sq_conn *conn, struct dh_err *err)
{
    return dh_sq_exec(conn,
                      "CREATE TABLE listed(list TEXT NOT NULL, doi TEXT NOT NULL,"
                      " PRIMARY KEY(list, doi)) WITHOUT ROWID;"
                      "DELETE FROM scope WHERE url GLOB 'list:*';",
                      err);
}

/* migrations[i] makes version i + 1 of version i; version 0 is an empty file. */
static enum dh_status (*const migrations[DH_SQ_SCHEMA])(struct dh_sq_conn *, struct dh_err *) = {
    create_1, create_2, create_3, create_4, create_5, create_6, create_7,
};

static enum dh_status migrate(struct dh_sq_conn *conn, int64_t from, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (int64_t version = from; version < DH_SQ_SCHEMA && !status; version++)
        status = migrations[version](conn, err);
    char text[64];
    sqlite3_snprintf(sizeof(text), text, "PRAGMA user_version = %d;", DH_SQ_SCHEMA);
    return status ? status : dh_sq_exec(conn, text, err);
}

struct heading {
    int64_t application, version, tables;
};

static enum dh_status read_heading(struct dh_sq_conn *conn, struct heading *out, struct dh_err *err)
{
    enum dh_status status = dh_sq_integer(conn, DH_SQL_APPLICATION, &out->application, err, "");
    if (!status)
        status = dh_sq_integer(conn, DH_SQL_VERSION, &out->version, err, "");
    return status ? status : dh_sq_integer(conn, DH_SQL_TABLES, &out->tables, err, "");
}

/* All from one moment: another process may be making the store. */
static enum dh_status look(struct dh_sq_conn *conn, const char *path, int64_t *version,
                           struct dh_err *err)
{
    struct heading heading = {0};
    bool alone = sqlite3_get_autocommit(conn->db);
    enum dh_status status = alone ? dh_sq_run(conn, DH_SQL_BEGIN, err, "") : DH_OK;
    if (!status)
        status = read_heading(conn, &heading, err);
    if (alone)
        dh_sq_run(conn, DH_SQL_COMMIT, NULL, "");
    *version = heading.version;
    if (status == DH_CORRUPT ||
        (!status && heading.tables && heading.application != DH_SQ_APPLICATION))
        return dh_fail(err, DH_CORRUPT, "%s is no doihound store", path);
    if (!status && *version > DH_SQ_SCHEMA)
        return dh_fail(err, DH_NEWER,
                       "%s was written by a newer doihound (schema %lld, this program knows %d)",
                       path, (long long)*version, DH_SQ_SCHEMA);
    return status;
}

enum dh_status dh_sq_schema(struct dh_sq_conn *conn, const char *path, enum dh_store_mode mode,
                            struct dh_err *err)
{
    int64_t version = 0;
    enum dh_status status = look(conn, path, &version, err);
    if (status || version == DH_SQ_SCHEMA)
        return status;
    if (version == 0 && mode != DH_STORE_CREATE)
        return dh_fail(err, DH_NOT_FOUND, "no store at %s (the file is empty)", path);
    if (mode == DH_STORE_READ)
        return dh_fail(err, DH_UNSUPPORTED,
                       "%s was written by an older doihound; open it once for writing", path);
    /* Bodies of 1 to 2 KB leave a quarter of a page of 4 KB unused. */
    status = dh_sq_exec_patiently(conn, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;", err);
    if (!status)
        status = dh_sq_exec(conn, "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    /* Another process may have been faster. */
    status = look(conn, path, &version, err);
    if (!status && version < DH_SQ_SCHEMA)
        status = migrate(conn, version, err);
    if (!status)
        return dh_sq_exec(conn, "COMMIT", err);
    dh_sq_exec(conn, "ROLLBACK", NULL);
    return status;
}
