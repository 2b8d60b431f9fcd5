#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/sqlite/columns.h"

/*
 * A whole load cuts the record numbers into parts and lets a few threads read them, each over a
 * connection of its own that shows the same moment. A part is a set of columns by itself. The
 * parts are then joined, column by column.
 */
enum {
    PART_MIN = 1024, /* numbers in a part */
    PART_MAX = 65536,
    PARTS = 16,    /* that a load is cut into while that leaves parts of such sizes */
    HANDS_MAX = 4, /* threads that load */
    FEW = 1024     /* first room for terms and DOIs */
};

static enum dh_status no_memory(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory for the columns");
}

static bool has_cells(enum dh_column c)
{
    return dh_sq_kinds[c] != DH_KIND_TERMS;
}

static uint32_t first_scale(enum dh_column c)
{
    return dh_sq_kinds[c] == DH_KIND_TIME ? 1000 : 1;
}

/* Resizes one array; false leaves it as it was. */
static bool resize(void *array, size_t count, size_t size)
{
    void **place = array;
    void *grown = realloc(*place, count * size);
    if (grown)
        *place = grown;
    return grown != NULL;
}

static void clear_column(struct dh_sq_column *column)
{
    dh_sq_cells_release(&column->cells);
    free(column->spans);
    column->spans = NULL;
    column->last_id = 0;
}

static void clear_base(struct dh_sq_columns *columns)
{
    free(columns->numbers);
    free(columns->alive);
    free(columns->dois);
    free(columns->doi_at);
    free(columns->doi_base);
    columns->numbers = NULL;
    columns->alive = NULL;
    columns->dois = NULL;
    columns->doi_at = NULL;
    columns->doi_base = NULL;
    columns->doi_cap = 0;
}

void dh_sq_columns_clear(struct dh_sq_columns *columns)
{
    for (int c = 0; c < DH_COLUMN__N; c++)
        clear_column(&columns->column[c]);
    clear_base(columns);
    columns->count = columns->cap = columns->living = 0;
}

/* ---- one more record ------------------------------------------------------------------------ */

static bool reserve_base(struct dh_sq_columns *columns, size_t cap)
{
    bool fresh = !columns->doi_base;
    bool done = resize(&columns->numbers, cap, sizeof(uint32_t)) &&
                resize(&columns->alive, cap, 1) &&
                resize(&columns->doi_at, cap + 1, sizeof(uint32_t)) &&
                resize(&columns->doi_base, (cap >> DH_SQ_DOI_BLOCK_BITS) + 1, sizeof(uint64_t));
    if (done && fresh)
        columns->doi_at[0] = columns->doi_base[0] = 0;
    return done;
}

static bool reserve_column(struct dh_sq_column *column, enum dh_column c, size_t used, size_t cap)
{
    bool fresh = column->cells.width == 0;
    column->scale = fresh ? first_scale(c) : column->scale;
    if (has_cells(c))
        return dh_sq_cells_reserve(&column->cells, used, cap, 1);
    if (!resize(&column->spans, cap + 1, sizeof(uint32_t)))
        return false;
    if (fresh)
        column->spans[0] = 0;
    return dh_sq_cells_reserve(&column->cells, fresh ? 0 : column->spans[used], FEW, 1);
}

/* Room for `cap` slots. */
static bool reserve(struct dh_sq_columns *columns, size_t cap)
{
    bool done = cap < UINT32_MAX && reserve_base(columns, cap);
    for (enum dh_column c = 0; c < DH_COLUMN__N && done; c++)
        done = reserve_column(&columns->column[c], c, columns->count, cap);
    if (done)
        columns->cap = (uint32_t)cap;
    return done;
}

/* Offsets count from the start of their block. */
static void set_doi_start(struct dh_sq_columns *columns, uint32_t slot, size_t start)
{
    uint32_t block = slot >> DH_SQ_DOI_BLOCK_BITS;
    if (slot == block << DH_SQ_DOI_BLOCK_BITS)
        columns->doi_base[block] = start;
    columns->doi_at[slot] = (uint32_t)(start - columns->doi_base[block]);
}

static bool add_doi(struct dh_sq_columns *columns, struct dh_str doi)
{
    uint32_t slot = columns->count;
    size_t start = dh_sq_doi_start(columns, slot), need = start + doi.len;
    if (need > columns->doi_cap) {
        size_t cap = columns->doi_cap + columns->doi_cap / 8 + FEW;
        cap = cap < need ? need : cap;
        if (!resize(&columns->dois, cap, 1))
            return false;
        columns->doi_cap = cap;
    }
    memcpy(columns->dois + start, doi.ptr, doi.len);
    set_doi_start(columns, slot + 1, need);
    return true;
}

static bool add_id(struct dh_sq_column *column, size_t i, uint64_t id)
{
    if (id > column->last_id)
        column->last_id = (uint32_t)id;
    return dh_sq_cell_set(&column->cells, i, i, id);
}

static bool add_ids(struct dh_sq_column *column, uint32_t slot, struct dh_sq_packed *in)
{
    uint64_t count = dh_sq_packed_next(in);
    size_t used = column->spans[slot];
    if (count > (size_t)(in->end - in->at)) {
        in->bad = true;
        count = 0;
    }
    if (used + count > column->cells.cap) {
        size_t cap = column->cells.cap + column->cells.cap / 2;
        cap = cap < used + count ? used + count : cap;
        if (used + count > UINT32_MAX || !dh_sq_cells_reserve(&column->cells, used, cap, 1))
            return false;
    }
    bool done = true;
    for (uint64_t i = 0; i < count && done; i++)
        done = add_id(column, used++, (uint32_t)dh_sq_packed_next(in));
    column->spans[slot + 1] = (uint32_t)used;
    return done;
}

/* A time of less than whole seconds has come: all are kept in milliseconds from now on. */
static bool to_milliseconds(struct dh_sq_column *column, size_t used)
{
    if (column->scale == 1)
        return true;
    if (!dh_sq_cells_reserve(&column->cells, used, column->cells.cap, sizeof(uint64_t)))
        return false;
    uint64_t *cells = column->cells.at;
    for (size_t i = 0; i < used; i++)
        if (cells[i])
            cells[i] = dh_sq_fold(dh_sq_unfold(cells[i]) * column->scale);
    column->scale = 1;
    return true;
}

static bool add_time(struct dh_sq_column *column, uint32_t slot, uint64_t folded)
{
    if (column->scale != 1 && folded) {
        int64_t time = dh_sq_unfold(folded);
        if (time % column->scale == 0)
            folded = dh_sq_fold(time / column->scale);
        else if (!to_milliseconds(column, slot))
            return false;
    }
    return dh_sq_cell_set(&column->cells, slot, slot, folded);
}

/* The counts as shown: as they came, else those of the store's relations. */
static bool add_counts(struct dh_sq_columns *columns, uint32_t slot, struct dh_sq_packed *in)
{
    uint64_t shown[DH_COUNT__N];
    bool done = true;
    for (int i = 0; i < DH_COUNT__N; i++)
        shown[i] = dh_sq_packed_next(in);
    for (int i = 0; i < DH_COUNT__N; i++) {
        uint64_t local = dh_sq_packed_next(in);
        shown[i] = shown[i] ? shown[i] - 1 : local;
    }
    for (int i = 0; i < DH_COUNT__N && done; i++)
        done = dh_sq_cell_set(&columns->column[DH_COLUMN_VIEWS + i].cells, slot, slot,
                              dh_sq_fold((int64_t)shown[i]));
    return done;
}

enum dh_status dh_sq_columns_append(struct dh_sq_columns *columns, uint32_t number,
                                    struct dh_str row, struct dh_err *err)
{
    struct dh_sq_packed in = dh_sq_packed(row);
    uint32_t slot = columns->count;
    size_t more = (slot < PART_MAX ? slot : slot / 8) + FEW;
    bool done = slot < columns->cap || reserve(columns, slot + more);
    struct dh_str doi = dh_sq_packed_bytes(&in);
    if (in.bad)
        return dh_fail(err, DH_CORRUPT, "a record's row is cut short");
    done = done && add_doi(columns, doi);
    dh_sq_packed_next(&in); /* its version */
    for (enum dh_column c = 0; c < DH_COLUMN__N && done; c++) {
        struct dh_sq_column *column = &columns->column[c];
        if (dh_sq_shows_count(c))
            continue;
        if (dh_sq_kinds[c] == DH_KIND_TERM)
            done = add_id(column, slot, (uint32_t)dh_sq_packed_next(&in));
        else if (dh_sq_kinds[c] == DH_KIND_TERMS)
            done = add_ids(column, slot, &in);
        else if (dh_sq_kinds[c] == DH_KIND_TIME)
            done = add_time(column, slot, dh_sq_packed_next(&in));
        else
            done = dh_sq_cell_set(&column->cells, slot, slot, dh_sq_packed_next(&in));
    }
    if (!done || !add_counts(columns, slot, &in))
        return no_memory(err);
    if (in.bad || in.at != in.end)
        return dh_fail(err, DH_CORRUPT, "a record's row contradicts itself");
    columns->numbers[slot] = number;
    columns->alive[slot] = 1;
    columns->count++;
    columns->living++;
    return DH_OK;
}

/* ---- reading the parts ---------------------------------------------------------------------- */

struct load {
    struct dh_sq_store *store;
    struct dh_sq_columns *columns; /* to be filled */
    struct dh_sq_columns *parts;
    uint32_t part_count;
    uint32_t total;
    uint64_t sequence;
    int64_t first, last, part_size;
    atomic_uint next; /* part or column that the next free hand takes */
};

/* A thread at work. The one that asked for the load brings its connection. */
struct hand {
    struct load *load;
    struct dh_sq_conn *conn;
    pthread_t thread;
    enum dh_status status;
    struct dh_err err;
};

static enum dh_status read_part(struct hand *hand, uint32_t index)
{
    struct load *load = hand->load;
    struct dh_sq_columns *part = &load->parts[index];
    int64_t low = load->first + index * load->part_size;
    int64_t high = load->last - low < load->part_size ? load->last : low + load->part_size - 1;
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(hand->conn, DH_SQL_CARDS, &sql, &hand->err, "ii", low, high);
    while (!status && (status = dh_sq_step(hand->conn, sql, &hand->err)) == DH_OK) {
        status = dh_sq_columns_append(part, (uint32_t)sqlite3_column_int64(sql, 0),
                                      dh_sq_bytes(sql, 1), &hand->err);
        if (status)
            dh_sq_reset(sql);
    }
    return status == DH_DONE ? DH_OK : status;
}

static void read_parts(struct hand *hand)
{
    struct load *load = hand->load;
    uint32_t index;
    while (!hand->status && (index = atomic_fetch_add(&load->next, 1)) < load->part_count)
        hand->status = read_part(hand, index);
}

/* A hand that cannot see the same moment leaves the work to the others. */
static void read_beside(struct hand *hand)
{
    struct dh_sq_conn conn;
    int64_t sequence = 0;
    if (dh_sq_connect(hand->load->store, &conn, NULL))
        return;
    hand->conn = &conn;
    if (dh_sq_run(&conn, DH_SQL_BEGIN, NULL, "") == DH_OK) {
        if (dh_sq_integer(&conn, DH_SQL_SEQUENCE, &sequence, NULL, "") == DH_OK &&
            (uint64_t)sequence == hand->load->sequence)
            read_parts(hand);
        dh_sq_run(&conn, DH_SQL_COMMIT, NULL, "");
    }
    dh_sq_conn_close(&conn);
    hand->conn = NULL;
}

static void *read_thread(void *context)
{
    struct hand *hand = context;
    if (hand->conn)
        read_parts(hand);
    else
        read_beside(hand);
    return NULL;
}

/* ---- joining them --------------------------------------------------------------------------- */

static bool join_base(struct load *load)
{
    struct dh_sq_columns *all = load->columns;
    size_t bytes = 0, slot = 0;
    for (uint32_t p = 0; p < load->part_count; p++)
        bytes += dh_sq_doi_start(&load->parts[p], load->parts[p].count);
    all->doi_cap = bytes + bytes / 16 + FEW;
    all->dois = malloc(all->doi_cap);
    if (!all->dois || !reserve_base(all, all->cap))
        return false;
    bytes = 0;
    for (uint32_t p = 0; p < load->part_count; p++) {
        struct dh_sq_columns *part = &load->parts[p];
        size_t len = dh_sq_doi_start(part, part->count);
        memcpy(all->numbers + slot, part->numbers, part->count * sizeof(uint32_t));
        memcpy(all->dois + bytes, part->dois, len);
        for (uint32_t i = 1; i <= part->count; i++)
            set_doi_start(all, (uint32_t)slot + i, bytes + dh_sq_doi_start(part, i));
        slot += part->count;
        bytes += len;
        clear_base(part);
    }
    memset(all->alive, 1, slot);
    return true;
}

/* The width and scale that hold the values of all parts. */
static bool agree(struct load *load, enum dh_column c)
{
    struct dh_sq_column *all = &load->columns->column[c];
    uint8_t width = 1;
    all->scale = first_scale(c);
    for (uint32_t p = 0; p < load->part_count; p++)
        if (load->parts[p].column[c].scale < all->scale)
            all->scale = load->parts[p].column[c].scale;
    for (uint32_t p = 0; p < load->part_count; p++) {
        struct dh_sq_column *part = &load->parts[p].column[c];
        if (part->scale != all->scale && !to_milliseconds(part, load->parts[p].count))
            return false;
        width = part->cells.width > width ? part->cells.width : width;
        all->last_id = part->last_id > all->last_id ? part->last_id : all->last_id;
    }
    return dh_sq_cells_reserve(&all->cells, 0, has_cells(c) ? load->columns->cap : FEW, width);
}

static bool join_cells(struct load *load, enum dh_column c)
{
    size_t slot = 0;
    for (uint32_t p = 0; p < load->part_count; p++) {
        struct dh_sq_columns *part = &load->parts[p];
        dh_sq_cells_copy(&part->column[c].cells, part->count, &load->columns->column[c].cells,
                         slot);
        slot += part->count;
        clear_column(&part->column[c]);
    }
    return true;
}

static bool join_spans(struct load *load, enum dh_column c)
{
    struct dh_sq_column *all = &load->columns->column[c];
    size_t slot = 0, used = 0;
    for (uint32_t p = 0; p < load->part_count; p++)
        used += load->parts[p].column[c].spans[load->parts[p].count];
    all->spans = malloc(((size_t)load->columns->cap + 1) * sizeof(uint32_t));
    if (used > UINT32_MAX || !all->spans ||
        !dh_sq_cells_reserve(&all->cells, 0, used + used / 16 + FEW, 1))
        return false;
    used = 0;
    all->spans[0] = 0;
    for (uint32_t p = 0; p < load->part_count; p++) {
        struct dh_sq_column *part = &load->parts[p].column[c];
        uint32_t count = load->parts[p].count;
        for (uint32_t i = 1; i <= count; i++)
            all->spans[slot + i] = (uint32_t)used + part->spans[i];
        dh_sq_cells_copy(&part->cells, part->spans[count], &all->cells, used);
        used += part->spans[count];
        slot += count;
        clear_column(part);
    }
    return true;
}

static void *join_thread(void *context)
{
    struct hand *hand = context;
    struct load *load = hand->load;
    unsigned c;
    while (!hand->status && (c = atomic_fetch_add(&load->next, 1)) <= DH_COLUMN__N) {
        bool done;
        if (c == DH_COLUMN__N)
            done = join_base(load);
        else
            done = agree(load, c) && (has_cells(c) ? join_cells(load, c) : join_spans(load, c));
        if (!done)
            hand->status = no_memory(&hand->err);
    }
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Lets all hands do one kind of work; the first of them is the calling thread. */
static enum dh_status work(struct load *load, struct dh_sq_conn *conn, unsigned hand_count,
                           void *(*run)(void *), struct dh_err *err)
{
    struct hand hands[HANDS_MAX] = {{.load = load, .conn = conn}};
    enum dh_status status = DH_OK;
    unsigned started = 1;
    load->next = 0;
    for (; started < hand_count; started++) {
        hands[started].load = load;
        if (pthread_create(&hands[started].thread, NULL, run, &hands[started]))
            break;
    }
    run(&hands[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(hands[i].thread, NULL);
    for (unsigned i = 0; i < started && !status; i++) {
        status = hands[i].status;
        if (status && err)
            *err = hands[i].err;
    }
    return status;
}

/* Leaves out the parts without records. */
static uint64_t close_ranks(struct load *load)
{
    uint32_t kept = 0;
    uint64_t total = 0;
    for (uint32_t p = 0; p < load->part_count; p++) {
        total += load->parts[p].count;
        if (load->parts[p].count)
            load->parts[kept++] = load->parts[p];
    }
    load->part_count = kept;
    return total;
}

static enum dh_status load_parts(struct load *load, struct dh_sq_conn *conn, struct dh_err *err)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned hands = cores < 1 ? 1 : cores > HANDS_MAX ? HANDS_MAX : (unsigned)cores;
    hands = load->part_count < hands ? load->part_count : hands;
    enum dh_status status = work(load, conn, hands, read_thread, err);
    if (status)
        return status;
    uint64_t total = close_ranks(load), cap = total + total / 16 + FEW;
    if (cap >= UINT32_MAX)
        return no_memory(err);
    load->columns->cap = (uint32_t)cap;
    status = work(load, conn, hands, join_thread, err);
    if (!status)
        load->columns->count = load->columns->living = (uint32_t)total;
    return status;
}

enum dh_status dh_sq_columns_load(struct dh_sq_store *store, struct dh_sq_columns *columns,
                                  struct dh_sq_conn *conn, uint64_t sequence, struct dh_err *err)
{
    struct load load = {.store = store, .columns = columns, .sequence = sequence};
    enum dh_status status = dh_sq_integer(conn, DH_SQL_CARD_FIRST, &load.first, err, "");
    if (!status)
        status = dh_sq_integer(conn, DH_SQL_CARD_LAST, &load.last, err, "");
    if (status || load.last == 0)
        return status;
    if (load.first < 1 || load.last > UINT32_MAX)
        return dh_fail(err, DH_CORRUPT, "a record number is out of range");
    load.part_size = (load.last - load.first) / PARTS + 1;
    load.part_size = load.part_size < PART_MIN ? PART_MIN : load.part_size;
    load.part_size = load.part_size > PART_MAX ? PART_MAX : load.part_size;
    load.part_count = (uint32_t)((load.last - load.first) / load.part_size + 1);
    load.parts = calloc(load.part_count, sizeof(*load.parts));
    if (!load.parts)
        return no_memory(err);
    status = load_parts(&load, conn, err);
    for (uint32_t p = 0; p < load.part_count; p++)
        dh_sq_columns_clear(&load.parts[p]);
    free(load.parts);
    return status;
}
