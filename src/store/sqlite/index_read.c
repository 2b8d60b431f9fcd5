#include "store/sqlite/index_segment.h"

bool dh_sq_late(const struct dh_sq_reader *reader)
{
    return dh_sq_overdue(&reader->conn);
}

static bool of_text(unsigned source)
{
    source &= ~(unsigned)DH_SQ_PRESENT;
    return source < DH_SOURCE__N && dh_sources[source].type == DH_INDEX_TEXT;
}

/* A part of an entry in memory that lasts; `bytes` are near ones, or NULL with the length. */
static enum dh_status fetch(struct dh_sq_reader *reader, enum dh_sq_sql sql, int64_t segment,
                            struct dh_str *bytes, bool far, uint32_t offset, struct dh_arena *arena,
                            struct dh_err *err)
{
    if (!bytes->len)
        return DH_OK;
    char *copy = dh_arena_alloc(arena, bytes->len);
    if (!copy)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = DH_OK;
    if (far)
        status = dh_sq_stream_read(&reader->conn, sql, segment, offset, bytes->len, copy, err);
    else
        memcpy(copy, bytes->ptr, bytes->len);
    bytes->ptr = copy;
    return status;
}

static struct dh_sq_postings postings_of(const struct dh_sq_segment *segment, unsigned source,
                                         const struct dh_sq_entry *entry)
{
    return (struct dh_sq_postings){.base = segment->low,
                                   .high = segment->high,
                                   .count = entry->count,
                                   .coding = entry->coding,
                                   .present = source & DH_SQ_PRESENT,
                                   .numbers = entry->numbers};
}

/* ---- find ------------------------------------------------------------------------------------- */

struct find {
    struct dh_sq_reader *reader;
    struct dh_str key;
    unsigned source;
    bool places;
    struct dh_arena *arena;
    struct dh_err *err;
};

static enum dh_status take_entry(const struct find *find, const struct dh_sq_segment *segment,
                                 struct dh_sq_entry *entry, struct dh_sq_postings *out)
{
    enum dh_status status = fetch(find->reader, DH_SQL_POSTING, segment->id, &entry->numbers,
                                  entry->far_numbers, entry->numbers_at, find->arena, find->err);
    bool wanted = find->places && entry->has_places;
    if (!status && wanted)
        status = fetch(find->reader, DH_SQL_PLACE, segment->id, &entry->places, entry->far_places,
                       entry->places_at, find->arena, find->err);
    *out = postings_of(segment, find->source, entry);
    if (wanted)
        out->places = entry->places;
    return status;
}

/* DH_NOT_FOUND, without a text, when the segment has no such key. */
static enum dh_status find_in(const struct find *find, const struct dh_sq_segment *segment,
                              struct dh_sq_postings *out)
{
    struct dh_sq_conn *conn = &find->reader->conn;
    struct dh_sq_entry entry;
    sqlite3_stmt *sql;
    uint32_t block = dh_sq_segment_seek(segment, find->key);
    enum dh_status status = dh_sq_query(conn, DH_SQL_BLOCK, &sql, find->err, "i",
                                        dh_sq_segment_row(segment->id, block));
    if (!status)
        status = dh_sq_step(conn, sql, find->err);
    if (status)
        return status == DH_DONE ? dh_sq_index_damaged(find->err) : status;
    status = dh_sq_block_find(dh_sq_bytes(sql, 0), find->key, &entry);
    if (status == DH_OK)
        status = take_entry(find, segment, &entry, out);
    else if (status == DH_CORRUPT)
        dh_sq_index_damaged(find->err);
    dh_sq_reset(sql);
    return status;
}

/* The key of a source and a term. */
static bool make_key(unsigned source, struct dh_str term, struct dh_str *key,
                     struct dh_arena *arena)
{
    char *bytes = dh_arena_alloc(arena, DH_SQ_KEY_SOURCE + term.len);
    if (!bytes)
        return false;
    bytes[0] = (char)(source >> 8);
    bytes[1] = (char)source;
    if (term.len)
        memcpy(bytes + DH_SQ_KEY_SOURCE, term.ptr, term.len);
    *key = (struct dh_str){bytes, DH_SQ_KEY_SOURCE + term.len};
    return true;
}

enum dh_status dh_sq_index_find(struct dh_sq_reader *reader, unsigned source, struct dh_str term,
                                bool places, struct dh_sq_postings **out, size_t *count,
                                struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_sq_segments *segments;
    struct find find = {.reader = reader,
                        .source = source,
                        .places = places && of_text(source),
                        .arena = arena,
                        .err = err};
    *out = NULL;
    *count = 0;
    enum dh_status status = dh_sq_segments_take(reader, &segments, err);
    if (status || term.len > DH_SQ_KEY_MAX)
        return status;
    for (size_t i = 0; i < segments->count; i++) {
        if (!dh_sq_segment_has(segments->all[i], source))
            continue;
        if (!*out)
            *out = dh_arena_array(arena, segments->count - i, sizeof(**out));
        if (!*out || (!find.key.ptr && !make_key(source, term, &find.key, arena)))
            return dh_fail(err, DH_MEMORY, "out of memory");
        status = find_in(&find, segments->all[i], &(*out)[*count]);
        if (status == DH_OK)
            ++*count;
        else if (status != DH_NOT_FOUND)
            return status;
    }
    return DH_OK;
}

/* ---- scan ------------------------------------------------------------------------------------- */

enum { TERMS_BETWEEN_LOOKS = 4096 };

struct walk {
    struct dh_sq_reader *reader;
    const struct dh_sq_scan *scan;
    unsigned source;
    struct dh_str low, high; /* keys; high.ptr NULL: the end of the source */
    uint32_t terms;          /* since the last look at the clock */
    struct dh_sq_block block;
    struct dh_buf numbers;
    struct dh_err *err;
};

static enum dh_status hand_over(struct walk *walk, const struct dh_sq_segment *segment,
                                const struct dh_sq_entry *entry)
{
    struct dh_sq_postings postings = postings_of(segment, walk->source, entry);
    enum dh_status status = DH_OK;
    if (entry->far_numbers) {
        dh_buf_clear(&walk->numbers);
        char *room = dh_buf_reserve(&walk->numbers, entry->numbers.len);
        if (!room)
            return dh_fail(walk->err, walk->numbers.status, "out of memory");
        status = dh_sq_stream_read(&walk->reader->conn, DH_SQL_POSTING, segment->id,
                                   entry->numbers_at, entry->numbers.len, room, walk->err);
        postings.numbers.ptr = room;
    }
    if (!status)
        walk->scan->found(walk->scan->context, &postings);
    return status;
}

/* The terms of a block; DH_DONE when the end of the range is in it. */
static enum dh_status scan_block(struct walk *walk, const struct dh_sq_segment *segment,
                                 struct dh_str bytes)
{
    struct dh_sq_block *block = &walk->block;
    struct dh_sq_entry entry;
    if (!dh_sq_block_open(block, bytes))
        return dh_sq_index_damaged(walk->err);
    enum dh_status status;
    while ((status = dh_sq_block_next(block, &entry)) == DH_OK) {
        struct dh_str key = {(const char *)block->key, block->key_len};
        unsigned source = (unsigned)block->key[0] << 8 | block->key[1];
        if (source > walk->source || (walk->high.ptr && dh_str_compare(key, walk->high) >= 0))
            return DH_DONE;
        if (source < walk->source || dh_str_compare(key, walk->low) < 0)
            continue;
        if (++walk->terms >= TERMS_BETWEEN_LOOKS) {
            walk->terms = 0;
            if (dh_sq_late(walk->reader))
                return dh_fail(walk->err, DH_LIMIT, "the question takes too long");
        }
        struct dh_str term = dh_str_from(key, DH_SQ_KEY_SOURCE);
        if (walk->scan->accept(walk->scan->context, term) &&
            (status = hand_over(walk, segment, &entry)) != DH_OK)
            return status;
    }
    return status == DH_CORRUPT ? dh_sq_index_damaged(walk->err) : DH_OK;
}

static enum dh_status scan_segment(struct walk *walk, const struct dh_sq_segment *segment)
{
    struct dh_sq_conn *conn = &walk->reader->conn;
    sqlite3_stmt *sql;
    uint32_t first = dh_sq_segment_seek(segment, walk->low);
    enum dh_status status = dh_sq_query(conn, DH_SQL_BLOCKS, &sql, walk->err, "ii",
                                        dh_sq_segment_row(segment->id, first),
                                        dh_sq_segment_row(segment->id, segment->blocks));
    while (!status && (status = dh_sq_step(conn, sql, walk->err)) == DH_OK) {
        status = scan_block(walk, segment, dh_sq_bytes(sql, 0));
        if (status)
            dh_sq_reset(sql);
    }
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_index_scan(struct dh_sq_reader *reader, unsigned source, struct dh_str low,
                                struct dh_str high, const struct dh_sq_scan *scan,
                                struct dh_err *err)
{
    const struct dh_sq_segments *segments;
    struct dh_arena arena;
    enum dh_status status = dh_sq_segments_take(reader, &segments, err);
    if (status)
        return status;
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct walk *walk = dh_arena_alloc(&arena, sizeof(*walk));
    if (!walk)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *walk = (struct walk){.reader = reader, .scan = scan, .source = source, .err = err};
    dh_buf_init(&walk->numbers, SIZE_MAX);
    if (!make_key(source, low, &walk->low, &arena) ||
        (high.ptr && !make_key(source, high, &walk->high, &arena)))
        status = dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < segments->count && !status; i++)
        if (dh_sq_segment_has(segments->all[i], source))
            status = scan_segment(walk, segments->all[i]);
    dh_buf_release(&walk->numbers);
    dh_arena_release(&arena);
    return status;
}
