/* What is known about the DOIs of statements: from memory, or for a few of them read one by one. */
#include <stdlib.h>

#include "store/sqlite/events.h"

/* One DOI of a small question. */
struct dh_sq_party {
    uint32_t id, prefix, rank;
    bool read;          /* the card, when there is one */
    struct dh_str doi;  /* ptr NULL until asked for */
    int64_t numbers[4]; /* in the order of number_columns */
    uint32_t terms[3];  /* likewise */
    uint32_t *people;
    uint32_t people_count;
};

static const enum dh_column number_columns[] = {DH_COLUMN_CREATED, DH_COLUMN_REGISTERED,
                                                DH_COLUMN_UPDATED, DH_COLUMN_YEAR};
static const enum dh_column term_columns[] = {DH_COLUMN_AGENCY, DH_COLUMN_CLIENT,
                                              DH_COLUMN_RESOURCE_TYPE_ID};
enum {
    NUMBERS = sizeof(number_columns) / sizeof(number_columns[0]),
    TERMS = sizeof(term_columns) / sizeof(term_columns[0])
};

/* ---- statements ----------------------------------------------------------------------------- */

int dh_sq_statement_compare(const void *a, const void *b)
{
    const struct dh_sq_statement *x = a, *y = b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    return (x->type > y->type) - (x->type < y->type);
}

/* Version 8: subject in the first 48 bits; behind the variant the object in 48, the type in 14. */
enum { TYPE_BITS = 14 };

void dh_sq_statement_uuid(const struct dh_sq_statement *s, unsigned char out[16])
{
    uint64_t high = (uint64_t)s->subject << 16 | 0x8000;
    uint64_t low = UINT64_C(1) << 63 | (uint64_t)s->object << TYPE_BITS | s->type;
    for (int i = 0; i < 8; i++) {
        out[i] = (unsigned char)(high >> (56 - 8 * i));
        out[8 + i] = (unsigned char)(low >> (56 - 8 * i));
    }
}

bool dh_sq_statement_of_uuid(struct dh_str text, struct dh_sq_statement *out)
{
    unsigned char bytes[16], again[16];
    uint64_t high = 0, low = 0;
    if (!dh_sq_uuid_parse(text, bytes))
        return false;
    for (int i = 0; i < 8; i++) {
        high = high << 8 | bytes[i];
        low = low << 8 | bytes[8 + i];
    }
    out->subject = (uint32_t)(high >> 16);
    out->object = (uint32_t)(low >> TYPE_BITS);
    out->type = (uint16_t)(low & ((1 << TYPE_BITS) - 1));
    out->came = false;
    dh_sq_statement_uuid(out, again);
    return memcmp(bytes, again, sizeof(bytes)) == 0;
}

void dh_sq_event_uuid(const struct dh_sq_statement *s, unsigned char out[16])
{
    if (s->came)
        memcpy(out, dh_sq_came_of(s)->uuid, 16);
    else
        dh_sq_statement_uuid(s, out);
}

/* ---- reading the parties -------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    uint32_t x = ((const struct dh_sq_party *)a)->id, y = ((const struct dh_sq_party *)b)->id;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
    const struct dh_sq_party *x = *(const struct dh_sq_party *const *)a;
    const struct dh_sq_party *y = *(const struct dh_sq_party *const *)b;
    return dh_str_compare(x->doi, y->doi);
}

static enum dh_status no_room(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status read_name(struct dh_sq_event_view *view, uint32_t id, struct dh_str *out,
                                struct dh_arena *arena)
{
    struct dh_sq_conn *conn = &view->reader->conn;
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_DOI_NAME, &sql, view->err, "i", (int64_t)id);
    if (!status)
        status = dh_sq_step(conn, sql, view->err);
    if (status == DH_DONE)
        return dh_fail(view->err, DH_CORRUPT, "the store is damaged (a relation without a DOI)");
    if (status)
        return status;
    *out = dh_arena_copy(arena, dh_sq_bytes(sql, 0));
    dh_sq_reset(sql);
    return out->ptr ? DH_OK : no_room(view->err);
}

static bool take_people(struct dh_sq_event_view *view, const struct dh_sq_row *row,
                        struct dh_sq_party *party)
{
    uint32_t first = row->first[DH_COLUMN_PERSON];
    party->people_count = row->first[DH_COLUMN_PERSON + 1] - first;
    if (!party->people_count)
        return true;
    party->people = dh_arena_array(view->arena, party->people_count, sizeof(*party->people));
    if (party->people)
        memcpy(party->people, row->ids + first, party->people_count * sizeof(*party->people));
    return party->people != NULL;
}

/* A DOI without a record here has only its name. */
static enum dh_status read_card(struct dh_sq_event_view *view, struct dh_sq_party *party)
{
    struct dh_sq_conn *conn = &view->reader->conn;
    struct dh_sq_row *row = &view->reader->row;
    sqlite3_stmt *sql;
    for (int i = 0; i < NUMBERS; i++)
        party->numbers[i] = DH_TIME_NONE;
    enum dh_status status =
        dh_sq_query(conn, DH_SQL_RELATED_CARD, &sql, view->err, "i", (int64_t)party->id);
    if (!status)
        status = dh_sq_step(conn, sql, view->err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    status = dh_sq_row_unpack(row, dh_sq_bytes(sql, 0), view->err);
    dh_sq_reset(sql);
    if (status)
        return status;
    for (int i = 0; i < NUMBERS; i++)
        party->numbers[i] = row->numbers[number_columns[i]];
    for (int i = 0; i < TERMS; i++)
        party->terms[i] = dh_sq_row_term(row, term_columns[i]);
    return take_people(view, row, party) ? DH_OK : no_room(view->err);
}

static void note(struct dh_sq_event_view *view, enum dh_status status)
{
    if (status && !view->status)
        view->status = status;
}

static struct dh_sq_party *party_of(const struct dh_sq_event_view *view, uint32_t id)
{
    const struct dh_sq_party key = {.id = id};
    return bsearch(&key, view->parties, view->party_count, sizeof(key), by_id);
}

static const struct dh_sq_party *read_party(struct dh_sq_event_view *view, uint32_t id)
{
    struct dh_sq_party *party = party_of(view, id);
    if (!party->read) {
        party->read = true;
        note(view, read_card(view, party));
    }
    return party;
}

static enum dh_status name_party(struct dh_sq_event_view *view, struct dh_sq_party *party)
{
    return party->doi.ptr ? DH_OK : read_name(view, party->id, &party->doi, view->arena);
}

/* Names that are URLs have no prefix. */
struct dh_str dh_sq_event_name_prefix(struct dh_str name)
{
    return dh_str_starts(name, DH_STR("10.")) ? dh_doi_prefix(name) : DH_STR("");
}

/* In the order of the names, as the table of all statements has them. */
static enum dh_status rank(struct dh_sq_event_view *view)
{
    struct dh_sq_party **order = dh_arena_array(view->arena, view->party_count + 1, sizeof(*order));
    struct dh_sq_prefix_run *runs =
        dh_arena_array(view->arena, view->party_count + 1, sizeof(*runs));
    enum dh_status status = order && runs ? DH_OK : no_room(view->err);
    for (uint32_t i = 0; i < view->party_count && !status; i++) {
        order[i] = &view->parties[i];
        status = name_party(view, order[i]);
    }
    if (status)
        return status;
    qsort(order, view->party_count, sizeof(*order), by_name);
    for (uint32_t i = 0; i < view->party_count; i++) {
        struct dh_str prefix = dh_sq_event_name_prefix(order[i]->doi);
        if (!view->prefix_count || !dh_str_equal(prefix, runs[view->prefix_count - 1].text))
            runs[view->prefix_count++] = (struct dh_sq_prefix_run){i, prefix};
        order[i]->rank = i;
        order[i]->prefix = view->prefix_count - 1;
    }
    view->prefixes = runs;
    return DH_OK;
}

static void need_ranks(struct dh_sq_event_view *view)
{
    if (!view->prefixes && !view->status)
        note(view, rank(view));
}

enum dh_status dh_sq_event_view_open(struct dh_sq_event_view *view)
{
    uint32_t all = dh_sq_event_count(view), count = 0;
    struct dh_sq_party *parties =
        dh_arena_array(view->arena, (size_t)all * 2 + 1, sizeof(*parties));
    if (!parties)
        return no_room(view->err);
    for (uint32_t i = 0; i < all; i++) {
        parties[2 * i].id = dh_sq_event_at(view, i)->subject;
        parties[2 * i + 1].id = dh_sq_event_at(view, i)->object;
    }
    qsort(parties, (size_t)all * 2, sizeof(*parties), by_id);
    for (uint32_t i = 0; i < all * 2; i++)
        if (!count || parties[count - 1].id != parties[i].id)
            parties[count++].id = parties[i].id;
    view->parties = parties;
    view->party_count = count;
    return DH_OK;
}

/* ---- telling -------------------------------------------------------------------------------- */

/* UINT32_MAX when the DOI is no record. */
static uint32_t slot_of(const struct dh_sq_event_view *view, uint32_t id)
{
    return view->table->slot_of[id];
}

int64_t dh_sq_event_number(struct dh_sq_event_view *view, uint32_t id, enum dh_column column)
{
    if (view->columns) {
        uint32_t slot = slot_of(view, id);
        return slot == UINT32_MAX ? DH_TIME_NONE
                                  : dh_sq_value(&view->columns->column[column], slot);
    }
    for (int i = 0; i < NUMBERS; i++)
        if (number_columns[i] == column)
            return read_party(view, id)->numbers[i];
    return DH_TIME_NONE;
}

uint32_t dh_sq_event_term(struct dh_sq_event_view *view, uint32_t id, enum dh_column column)
{
    if (view->columns) {
        uint32_t slot = slot_of(view, id);
        return slot == UINT32_MAX ? 0 : dh_sq_id(&view->columns->column[column], slot);
    }
    for (int i = 0; i < TERMS; i++)
        if (term_columns[i] == column)
            return read_party(view, id)->terms[i];
    return 0;
}

bool dh_sq_event_people(struct dh_sq_event_view *view, uint32_t id, dh_sq_person_fn *each,
                        const void *context)
{
    if (!view->columns) {
        const struct dh_sq_party *party = read_party(view, id);
        for (uint32_t i = 0; party->people && i < party->people_count; i++)
            if (each(context, party->people[i]))
                return true;
        return false;
    }
    const struct dh_sq_column *column = &view->columns->column[DH_COLUMN_PERSON];
    uint32_t slot = slot_of(view, id), end = slot == UINT32_MAX ? 0 : dh_sq_ids_end(column, slot);
    for (uint32_t at = end ? dh_sq_ids_first(column, slot) : 0; at < end; at++)
        if (each(context, dh_sq_ids_at(column, at)))
            return true;
    return false;
}

int64_t dh_sq_event_time(struct dh_sq_event_view *view, const struct dh_sq_statement *s,
                         enum dh_column column)
{
    if (!s->came)
        return dh_sq_event_number(view, s->subject, column);
    return column == DH_COLUMN_CREATED ? dh_sq_came_of(s)->created : dh_sq_came_of(s)->updated;
}

int64_t dh_sq_event_occurred(struct dh_sq_event_view *view, const struct dh_sq_statement *s)
{
    if (s->came)
        return dh_sq_came_of(s)->occurred;
    int64_t registered = dh_sq_event_number(view, s->subject, DH_COLUMN_REGISTERED);
    if (registered != DH_TIME_NONE)
        return registered;
    return dh_sq_event_number(view, s->subject, DH_COLUMN_CREATED);
}

uint32_t dh_sq_event_prefixes(struct dh_sq_event_view *view, const struct dh_sq_prefix_run **out)
{
    need_ranks(view);
    *out = view->prefixes;
    return view->prefix_count;
}

uint32_t dh_sq_event_rank(struct dh_sq_event_view *view, uint32_t id)
{
    need_ranks(view);
    return view->columns ? view->table->rank_of[id] : party_of(view, id)->rank;
}

/* The last run that begins at this rank or before it. */
static uint32_t run_of(const struct dh_sq_event_view *view, uint32_t rank_of_id)
{
    uint32_t low = 0, high = view->prefix_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (view->prefixes[middle].rank <= rank_of_id)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t dh_sq_event_prefix(struct dh_sq_event_view *view, uint32_t id)
{
    need_ranks(view);
    if (view->status)
        return UINT32_MAX;
    uint32_t run =
        view->columns ? run_of(view, view->table->rank_of[id]) : party_of(view, id)->prefix;
    return view->prefixes[run].text.len ? run : UINT32_MAX;
}

static enum dh_status doi_of(struct dh_sq_event_view *view, uint32_t id, struct dh_str *out,
                             struct dh_arena *arena)
{
    if (!view->columns) {
        struct dh_sq_party *party = party_of(view, id);
        enum dh_status status = name_party(view, party);
        *out = party->doi;
        return status;
    }
    uint32_t slot = slot_of(view, id);
    if (slot == UINT32_MAX)
        return read_name(view, id, out, arena);
    *out = dh_arena_copy(arena, dh_sq_slot_doi(view->columns, slot));
    return out->ptr ? DH_OK : no_room(view->err);
}

/* ---- kinds and sources ---------------------------------------------------------------------- */

static struct dh_str term_text(struct dh_sq_event_view *view, enum dh_column column, uint32_t id)
{
    struct dh_str text = DH_STR_NONE;
    enum dh_status status =
        dh_sq_term_text(view->reader, column, id, &text, view->arena, view->err);
    note(view, status);
    return text;
}

/* One that is called a work and no more tells nothing of its kind. */
static int kind_of(struct dh_str resource_type_id)
{
    size_t type = dh_resource_type_find(resource_type_id);
    const char *name = dh_resource_type_schema_org(type);
    if (!*name || strcmp(name, "CreativeWork") == 0)
        return -1;
    size_t first = 0;
    while (strcmp(dh_resource_type_schema_org(first), name) != 0)
        first++;
    return (int)first;
}

int dh_sq_event_kind(struct dh_sq_event_view *view, uint32_t id)
{
    uint32_t term = dh_sq_event_term(view, id, DH_COLUMN_RESOURCE_TYPE_ID);
    if (term == 0 || term >= DH_SQ_FEW_TERMS)
        return -1;
    if (!view->kinds[term]) {
        int kind = kind_of(term_text(view, DH_COLUMN_RESOURCE_TYPE_ID, term));
        view->kinds[term] = (int16_t)(kind < 0 ? -1 : kind + 1);
    }
    return view->kinds[term] < 0 ? -1 : view->kinds[term] - 1;
}

/* From where DataCite's own events come: first its records about each other, then those about DOIs
 * of other agencies, last what Crossref's records state. */
const char *const dh_sq_event_sources[DH_SQ_EVENT_SOURCES] = {
    "datacite-related", "datacite-crossref", "datacite-kisti", "datacite-medra", "datacite-jalc",
    "datacite-istic",   "datacite-airiti",   "datacite-cnki",  "datacite-op",    "crossref",
};
enum { OF_CROSSREF = 1, BY_CROSSREF = DH_SQ_EVENT_SOURCES - 1 };

static unsigned agency_of(struct dh_sq_event_view *view, uint32_t id)
{
    uint32_t term = dh_sq_event_term(view, id, DH_COLUMN_AGENCY);
    if (term == 0 || term >= DH_SQ_FEW_TERMS)
        return 0;
    if (!view->agencies[term]) {
        struct dh_str name = term_text(view, DH_COLUMN_AGENCY, term);
        size_t i = BY_CROSSREF;
        while (--i && !dh_str_equal_nocase(name, dh_str(dh_sq_event_sources[i] + 9)))
            continue;
        view->agencies[term] = (int16_t)(i + 1);
    }
    return (unsigned)view->agencies[term] - 1;
}

unsigned dh_sq_event_source(struct dh_sq_event_view *view, const struct dh_sq_statement *s)
{
    if (s->came)
        return view->event_kinds.items[dh_sq_came_of(s)->kind].origin;
    if (agency_of(view, s->subject) == OF_CROSSREF)
        return BY_CROSSREF;
    return agency_of(view, s->object);
}

struct dh_str dh_sq_event_source_text(const struct dh_sq_event_view *view, unsigned source)
{
    return source < DH_SQ_EVENT_SOURCES
               ? dh_str(dh_sq_event_sources[source])
               : view->event_kinds.items[source - DH_SQ_EVENT_SOURCES].source;
}

struct dh_str dh_sq_event_relation(const struct dh_sq_event_view *view, unsigned type)
{
    size_t known = dh_vocab_count(DH_VOCAB_RELATION_TYPE);
    return type < known ? dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, type))
                        : view->event_kinds.items[type - known].relation;
}

/* What only an event that came has, in an arena of its own: the table may go before the event. */
static bool fill_came(const struct dh_sq_event_view *view, const struct dh_sq_came *came,
                      struct dh_event *out, struct dh_arena *arena)
{
    const struct dh_sq_event_kind *kind = &view->event_kinds.items[came->kind];
    out->came = true;
    out->total = came->total;
    out->source = dh_arena_copy(arena, kind->source);
    out->license = dh_arena_copy(arena, kind->license);
    out->action = dh_arena_copy(arena, kind->action);
    out->token = dh_arena_copy(arena, kind->token);
    if (came->s.type >= dh_vocab_count(DH_VOCAB_RELATION_TYPE)) {
        out->type = dh_vocab_count(DH_VOCAB_RELATION_TYPE);
        out->relation = dh_arena_copy(arena, kind->relation);
    }
    return out->source.ptr && out->license.ptr && out->action.ptr && out->token.ptr &&
           out->relation.ptr;
}

enum dh_status dh_sq_event_fill(struct dh_sq_event_view *view, const struct dh_sq_statement *s,
                                bool brief, struct dh_event *out, struct dh_arena *arena)
{
    unsigned char uuid[16];
    dh_sq_event_uuid(s, uuid);
    *out = (struct dh_event){
        .uuid = dh_sq_uuid_text(arena, (struct dh_str){(char *)uuid, sizeof(uuid)}),
        .type = s->type,
        .relation = dh_sq_event_relation(view, s->type),
        .total = 1,
        .occurred = DH_TIME_NONE,
        .created = DH_TIME_NONE,
        .updated = DH_TIME_NONE,
    };
    if (!out->uuid.ptr || (s->came && !fill_came(view, dh_sq_came_of(s), out, arena)))
        return no_room(view->err);
    if (!brief && !s->came)
        out->source = dh_str(dh_sq_event_sources[dh_sq_event_source(view, s)]);
    if (!brief || s->came) {
        out->occurred = dh_sq_event_occurred(view, s);
        out->created = dh_sq_event_time(view, s, DH_COLUMN_CREATED);
        out->updated = dh_sq_event_time(view, s, DH_COLUMN_UPDATED);
    }
    enum dh_status status = doi_of(view, s->subject, &out->subject, arena);
    return status ? status : doi_of(view, s->object, &out->object, arena);
}
