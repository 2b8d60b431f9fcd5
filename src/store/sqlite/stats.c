#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite/index.h"

static uint64_t file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
}

static enum dh_status count(struct dh_sq_conn *conn, enum dh_sq_sql id, uint64_t *out,
                            struct dh_err *err)
{
    int64_t value = 0;
    enum dh_status status = dh_sq_integer(conn, id, &value, err, "");
    *out = (uint64_t)value;
    return status;
}

static enum dh_status count_accounts(struct dh_sq_conn *conn, enum dh_account_kind kind,
                                     uint64_t *out, struct dh_err *err)
{
    int64_t value = 0;
    enum dh_status status =
        dh_sq_integer(conn, DH_SQL_COUNT_ACCOUNTS, &value, err, "i", (int64_t)kind);
    *out = (uint64_t)value;
    return status;
}

/* The state of every card; ids of states are few and remembered. */
static enum dh_status count_states(struct dh_sq_reader *reader, struct dh_store_stats *out,
                                   struct dh_err *err)
{
    sqlite3_stmt *sql;
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_ROWS, &sql, err, "");
    while (!status && (status = dh_sq_step(&reader->conn, sql, err)) == DH_OK) {
        struct dh_str text = DH_STR_NONE;
        status = dh_sq_row_unpack(&reader->row, dh_sq_bytes(sql, 0), err);
        if (!status)
            status =
                dh_sq_term_text(reader, DH_COLUMN_STATE,
                                dh_sq_row_term(&reader->row, DH_COLUMN_STATE), &text, &arena, err);
        enum dh_doi_state state = dh_state_find(text);
        if (!status && state < DH_STATE__N)
            out->by_state[state]++;
        dh_arena_clear(&arena);
        if (status)
            dh_sq_reset(sql);
    }
    dh_arena_release(&arena);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status read_last_write(struct dh_sq_conn *conn, struct dh_store_stats *out,
                                      struct dh_err *err)
{
    enum dh_status status =
        dh_sq_integer(conn, DH_SQL_META, &out->last_write, err, "s", DH_STR("last_write"));
    return status == DH_NOT_FOUND ? DH_OK : status;
}

static enum dh_status read_stats(struct dh_sq_reader *reader, struct dh_store_stats *out,
                                 struct dh_err *err)
{
    struct dh_sq_conn *conn = &reader->conn;
    const struct {
        enum dh_sq_sql sql;
        uint64_t *value;
    } counts[] = {
        {DH_SQL_COUNT_RECORDS, &out->records},     {DH_SQL_COUNT_ACTIVITIES, &out->activities},
        {DH_SQL_COUNT_RELATIONS, &out->relations}, {DH_SQL_COUNT_PREFIXES, &out->prefixes},
        {DH_SQL_BODY_BYTES, &out->body_bytes},     {DH_SQL_COUNT_EVENTS, &out->events},
    };
    enum dh_status status = dh_sq_sequence(&reader->base, &out->sequence, err);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && !status; i++)
        status = count(conn, counts[i].sql, counts[i].value, err);
    if (!status)
        status = count_accounts(conn, DH_PROVIDER, &out->providers, err);
    if (!status)
        status = count_accounts(conn, DH_CLIENT, &out->clients, err);
    if (!status)
        status = count_states(reader, out, err);
    return status ? status : read_last_write(conn, out, err);
}

enum dh_status dh_sq_brief(struct dh_reader *base, struct dh_store_stats *out, struct dh_err *err)
{
    *out = (struct dh_store_stats){.last_write = DH_TIME_NONE, .schema = DH_SQ_SCHEMA};
    enum dh_status status = dh_sq_sequence(base, &out->sequence, err);
    return status ? status : read_last_write(&dh_sq_reader(base)->conn, out, err);
}

enum dh_status dh_sq_stats(struct dh_reader *base, struct dh_store_stats *out, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    const char *path = dh_sq_store(base->store)->path;
    *out = (struct dh_store_stats){.last_write = DH_TIME_NONE, .schema = DH_SQ_SCHEMA};
    enum dh_status status = dh_sq_begin_read(reader, err);
    if (status)
        return status;
    dh_sq_deadline(&reader->conn, false);
    status = read_stats(reader, out, err);
    dh_sq_end_read(reader);
    char *wal = sqlite3_mprintf("%s-wal", path);
    out->file_bytes = file_size(path) + (wal ? file_size(wal) : 0);
    sqlite3_free(wal);
    return status;
}

/* ---- check ---------------------------------------------------------------------------------- */

static enum dh_status check_file(struct dh_sq_conn *conn, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_INTEGRITY, &sql, err, "");
    if (!status)
        status = dh_sq_step(conn, sql, err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    struct dh_str finding = dh_sq_bytes(sql, 0);
    if (!dh_str_equal(finding, DH_STR("ok")))
        status = dh_fail(err, DH_CORRUPT, "the file is damaged: %.*s", DH_STR_ARG(finding));
    dh_sq_reset(sql);
    return status;
}

static enum dh_status check_terms(struct dh_sq_reader *reader, struct dh_arena *arena,
                                  struct dh_err *err)
{
    const struct dh_sq_row *row = &reader->row;
    struct dh_str text;
    enum dh_status status = DH_OK;
    for (enum dh_column c = 0; c < DH_COLUMN__N; c++)
        for (uint32_t i = row->first[c]; i < row->first[c + 1] && !status; i++)
            status = dh_sq_term_text(reader, c, row->ids[i], &text, arena, err);
    return status;
}

/* The row that `sql` stands on: number, row, DOI, text. */
static enum dh_status check_card(struct dh_sq_reader *reader, sqlite3_stmt *sql,
                                 struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str doi = dh_sq_bytes(sql, 2), z = dh_sq_bytes(sql, 3), text;
    struct dh_wire wire;
    long long n = sqlite3_column_int64(sql, 0);
    enum dh_status status = dh_sq_row_unpack(&reader->row, dh_sq_bytes(sql, 1), err);
    if (status)
        return status;
    if (!doi.ptr || !dh_str_equal(doi, reader->row.doi))
        return dh_fail(err, DH_CORRUPT, "record %lld has another DOI than its name says", n);
    if (!z.ptr)
        return dh_fail(err, DH_CORRUPT, "record %.*s has no text", DH_STR_ARG(doi));
    status = check_terms(reader, arena, err);
    if (!status)
        status = dh_sq_body_unpack(&dh_sq_store(reader->base.store)->codec, reader->zstd, z, &text,
                                   arena, err);
    return status ? status : dh_wire_open(text, &wire, err);
}

static enum dh_status check_cards(struct dh_sq_reader *reader, struct dh_err *err)
{
    sqlite3_stmt *sql;
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_CHECK_CARDS, &sql, err, "");
    while (!status && (status = dh_sq_step(&reader->conn, sql, err)) == DH_OK) {
        status = check_card(reader, sql, &arena, err);
        dh_arena_clear(&arena);
        if (status)
            dh_sq_reset(sql);
    }
    dh_arena_release(&arena);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status check_counts(struct dh_sq_conn *conn, struct dh_err *err)
{
    static const struct {
        enum dh_sq_sql sql;
        const char *text;
    } rows[] = {
        {DH_SQL_CHECK_BODIES, "texts belong to no record"},
        {DH_SQL_CHECK_RELATIONS, "relations lead to no record or no DOI"},
        {DH_SQL_CHECK_EVENTS, "events lead to no DOI or are of no kind"},
        {DH_SQL_CHECK_NUMBER, "record numbers are beyond the last one given"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t found = 0;
        enum dh_status status = count(conn, rows[i].sql, &found, err);
        if (status)
            return status;
        if (found)
            return dh_fail(err, DH_CORRUPT, "%llu %s", (unsigned long long)found, rows[i].text);
    }
    return DH_OK;
}

enum dh_status dh_sq_check(struct dh_reader *base, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    enum dh_status status = dh_sq_begin_read(reader, err);
    if (status)
        return status;
    dh_sq_deadline(&reader->conn, false);
    status = check_file(&reader->conn, err);
    if (!status)
        status = check_cards(reader, err);
    if (!status)
        status = check_counts(&reader->conn, err);
    if (!status)
        status = dh_sq_index_check(reader, err);
    dh_sq_end_read(reader);
    return status;
}

/* ---- backup --------------------------------------------------------------------------------- */

/* One step copies all pages under one read transaction: in a WAL it holds nobody up. */
static enum dh_status copy(struct dh_sq_conn *from, const char *path, struct dh_err *err)
{
    struct dh_sq_conn to;
    enum dh_status status =
        dh_sq_conn_open(&to, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (status)
        return status;
    sqlite3_backup *backup = sqlite3_backup_init(to.db, "main", from->db, "main");
    int code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(to.db);
    if (backup)
        sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        status = dh_sq_fail(code == SQLITE_BUSY ? from : &to, code, err);
    dh_sq_conn_close(&to);
    return status;
}

enum dh_status dh_sq_backup(struct dh_reader *base, const char *path, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    if (access(path, F_OK) == 0)
        return dh_fail(err, DH_INVALID, "%s exists already", path);
    char *part = sqlite3_mprintf("%s.part", path);
    if (!part)
        return dh_fail(err, DH_MEMORY, "out of memory");
    unlink(part);
    dh_sq_deadline(&reader->conn, false);
    enum dh_status status = copy(&reader->conn, part, err);
    if (!status && link(part, path) != 0)
        status = errno == EEXIST
                     ? dh_fail(err, DH_INVALID, "%s exists already", path)
                     : dh_fail(err, DH_IO, "%s cannot be written: %s", path, strerror(errno));
    unlink(part);
    sqlite3_free(part);
    return status;
}
