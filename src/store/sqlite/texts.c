#include <stdlib.h>

#include "store/sqlite/columns.h"

static bool add(struct dh_sq_texts *texts, struct dh_str value)
{
    size_t at = texts->count ? texts->at[texts->count + 1] : 0;
    if (texts->count + 2 >= texts->at_cap) {
        uint32_t cap = texts->at_cap ? texts->at_cap * 2 : 64;
        size_t *offsets = realloc(texts->at, cap * sizeof(*offsets));
        if (!offsets)
            return false;
        texts->at = offsets;
        texts->at_cap = cap;
    }
    if (at + value.len > texts->cap) {
        size_t cap = texts->cap * 2 > at + value.len ? texts->cap * 2 : at + value.len + 1024;
        char *bytes = realloc(texts->bytes, cap);
        if (!bytes)
            return false;
        texts->bytes = bytes;
        texts->cap = cap;
    }
    if (value.len)
        memcpy(texts->bytes + at, value.ptr, value.len);
    texts->count++;
    texts->at[texts->count] = at;
    texts->at[texts->count + 1] = at + value.len;
    return true;
}

static enum dh_status read_on(struct dh_sq_conn *conn, struct dh_sq_texts *texts,
                              enum dh_column name, struct dh_err *err)
{
    sqlite3_stmt *sql;
    bool room = true;
    enum dh_status status =
        dh_sq_query(conn, DH_SQL_TERMS, &sql, err, "ii", (int64_t)name, (int64_t)texts->count);
    while (!status && room && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int64_t id = sqlite3_column_int64(sql, 0);
        while (room && texts->count + 1 < id)
            room = add(texts, DH_STR(""));
        room = room && add(texts, dh_sq_bytes(sql, 1));
    }
    if (!room) {
        dh_sq_reset(sql);
        return dh_fail(err, DH_MEMORY, "out of memory for the terms of a column");
    }
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_texts_load(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                enum dh_column name, struct dh_err *err)
{
    struct dh_sq_column *column = &columns->column[dh_sq_space(name)];
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&columns->lazy);
    if (!column->texts.loaded) {
        column->texts.count = 0;
        status = read_on(&reader->conn, &column->texts, dh_sq_space(name), err);
        column->texts.loaded = !status;
    }
    pthread_mutex_unlock(&columns->lazy);
    return status;
}

enum dh_status dh_sq_texts_extend(struct dh_sq_conn *conn, struct dh_sq_columns *columns,
                                  enum dh_column name, struct dh_err *err)
{
    enum dh_column space = dh_sq_space(name);
    struct dh_sq_texts *texts = &columns->column[space].texts;
    if (!texts->loaded || columns->column[name].last_id <= texts->count)
        return DH_OK;
    return read_on(conn, texts, space, err);
}
