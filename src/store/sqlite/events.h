/*
 * events: statements of records as events, and those that came from a server. A question about few
 * DOIs is answered from the indexes of their tables (`relation`, `event`); any other from a table
 * of all in memory, made by the first such question and then kept until the store changes. Either
 * way there are two lists, of statements and of what came, and a view that tells about the DOIs in
 * them. A place is that in the first list, beyond its end in the second.
 */
#ifndef DH_SQ_EVENTS_H
#define DH_SQ_EVENTS_H

#include "store/sqlite/columns.h"

/* Ids of table doi; subject, object, type is also the order of the list. */
struct dh_sq_statement {
    uint32_t subject, object;
    uint16_t type; /* of the vocabulary; behind its end, its count and the id of a kind */
    bool came;     /* it is the first member of a struct dh_sq_came */
};
int dh_sq_statement_compare(const void *a, const void *b);
/* The computed event's uuid and back; false when it is none of ours. */
void dh_sq_statement_uuid(const struct dh_sq_statement *statement, unsigned char out[16]);
bool dh_sq_statement_of_uuid(struct dh_str text, struct dh_sq_statement *out);

/* ---- what came (event_came.c) --------------------------------------------------------------- */

struct dh_sq_came {
    struct dh_sq_statement s;
    uint16_t kind;
    uint32_t total;
    int64_t occurred, created, updated;
    unsigned char uuid[16];
};

/* What many events have in common; a row of table event_kind. */
struct dh_sq_event_kind {
    struct dh_str relation, source, license, action, token;
    uint16_t type;   /* as in a statement; the same for the same relation */
    uint16_t origin; /* number of the source (dh_sq_event_source) */
};

/* By id; those that are not there have no relation. Read when `items` is not NULL. */
struct dh_sq_event_kinds {
    struct dh_sq_event_kind *items;
    uint32_t count;
};

struct dh_sq_came_list {
    struct dh_sq_came *items; /* malloc's */
    size_t room;
    uint32_t count;
};

enum dh_status dh_sq_event_kinds_read(struct dh_sq_conn *conn, struct dh_sq_event_kinds *out,
                                      struct dh_arena *arena, struct dh_err *err);
/* Appends the event in the row of a statement; a damaged one is left out. DH_MEMORY. */
enum dh_status dh_sq_came_take(struct dh_sq_came_list *list, sqlite3_stmt *sql,
                               const struct dh_sq_event_kinds *kinds, struct dh_err *err);
/* Puts them in the order of statements, or of uuids, each then once. */
void dh_sq_came_order(struct dh_sq_came_list *list, bool by_uuid);
/* Takes the statements off an ascending list that came, too; returns how many are left. */
uint32_t dh_sq_came_hide(struct dh_sq_statement *items, uint32_t count,
                         struct dh_sq_came_list *came);

/* ---- the table of all statements (event_table.c) -------------------------------------------- */

/* DOIs in the order of their names with one prefix stand together. */
struct dh_sq_prefix_run {
    uint32_t rank; /* of its first DOI */
    struct dh_str text;
};

struct dh_sq_event_table {
    uint64_t sequence;
    unsigned users; /* under the lock of the keep, which is one of them */
    struct dh_sq_statement *items;
    uint32_t count;
    struct dh_sq_came_list came;
    struct dh_sq_event_kinds event_kinds;
    uint32_t top;      /* highest id */
    uint32_t *slot_of; /* by id: the record's slot in the columns, or UINT32_MAX */
    uint32_t *rank_of; /* by id: place of the name among all names */
    struct dh_sq_prefix_run *prefixes;
    uint32_t prefix_count;
    struct dh_arena arena; /* texts, and what is below */
    pthread_mutex_t lock;  /* of what is made on demand: */
    uint32_t *orders[DH_EVENT_SORT__N];
    struct dh_event_page *whole; /* the counts of all events */
};

/* What a store handle keeps. */
struct dh_sq_event_keep {
    pthread_mutex_t lock;
    struct dh_sq_event_table *newest;
};
struct dh_sq_event_keep *dh_sq_event_keep_new(void);
void dh_sq_event_keep_free(struct dh_sq_event_keep *keep);
/* The table at the moment of the columns, which are entered; give back. */
enum dh_status dh_sq_event_table_take(struct dh_sq_reader *reader,
                                      const struct dh_sq_columns *columns,
                                      struct dh_sq_event_table **out, struct dh_err *err);
void dh_sq_event_table_give(struct dh_sq_reader *reader, struct dh_sq_event_table *table);

/* ---- the view (event_view.c) ---------------------------------------------------------------- */

struct dh_sq_party; /* what a small question has read about one DOI */

enum { DH_SQ_FEW_TERMS = 256 }; /* agencies and general resource types are fewer */

struct dh_sq_event_view {
    struct dh_sq_reader *reader;
    struct dh_arena *arena;
    struct dh_err *err;
    enum dh_status status; /* the first failure of an accessor; then it gave nothing */
    const struct dh_sq_statement *items;
    uint32_t count;
    const struct dh_sq_came *came;
    uint32_t came_count;
    struct dh_sq_event_kinds event_kinds; /* of a small question: when something came */
    const struct dh_sq_columns *columns;  /* NULL: a small question, with `parties` */
    struct dh_sq_event_table *table;      /* likewise */
    struct dh_sq_party *parties;          /* ascending by id */
    uint32_t party_count;
    const struct dh_sq_prefix_run *prefixes; /* of a small question: NULL until asked for */
    uint32_t prefix_count;
    int16_t kinds[DH_SQ_FEW_TERMS], agencies[DH_SQ_FEW_TERMS]; /* by term id; 0: not looked up */
};

/* Both lists as one: how many, and what is at a place. */
static inline uint32_t dh_sq_event_count(const struct dh_sq_event_view *view)
{
    return view->count + view->came_count;
}
static inline const struct dh_sq_statement *dh_sq_event_at(const struct dh_sq_event_view *view,
                                                           uint32_t place)
{
    return place < view->count ? &view->items[place] : &view->came[place - view->count].s;
}
/* What a statement that came is part of. */
static inline const struct dh_sq_came *dh_sq_came_of(const struct dh_sq_statement *s)
{
    return (const struct dh_sq_came *)s;
}

/* Makes room for what is to be known about the DOIs of a short list; it is read when asked for. */
enum dh_status dh_sq_event_view_open(struct dh_sq_event_view *view);

/* A number or a term of a DOI's record; none when it is no record here. */
int64_t dh_sq_event_number(struct dh_sq_event_view *view, uint32_t id, enum dh_column column);
uint32_t dh_sq_event_term(struct dh_sq_event_view *view, uint32_t id, enum dh_column column);
/* True as soon as `each` is so for one of the people of a DOI's record. */
typedef bool dh_sq_person_fn(const void *context, uint32_t person);
bool dh_sq_event_people(struct dh_sq_event_view *view, uint32_t id, dh_sq_person_fn *each,
                        const void *context);
/* As it came; else the registration, or the creation, of the subject's record. */
int64_t dh_sq_event_occurred(struct dh_sq_event_view *view, const struct dh_sq_statement *s);
/* DH_COLUMN_CREATED or _UPDATED: as it came, else of the subject's record. */
int64_t dh_sq_event_time(struct dh_sq_event_view *view, const struct dh_sq_statement *s,
                         enum dh_column column);
void dh_sq_event_uuid(const struct dh_sq_statement *s, unsigned char out[16]);
/* What a name's run of prefixes is called; "" for what is no DOI. Borrowed. */
struct dh_str dh_sq_event_name_prefix(struct dh_str name);
/* The prefixes of all DOIs; and positions in them and among all names. */
uint32_t dh_sq_event_prefixes(struct dh_sq_event_view *view, const struct dh_sq_prefix_run **out);
/* (UINT32_MAX for what is no DOI) */
uint32_t dh_sq_event_prefix(struct dh_sq_event_view *view, uint32_t id);
uint32_t dh_sq_event_rank(struct dh_sq_event_view *view, uint32_t id);
/* The first resource type of the same schema.org type, or -1: none, or no more than a work. */
int dh_sq_event_kind(struct dh_sq_event_view *view, uint32_t id);
/* Position in dh_sq_event_sources; behind its end, its count and the id of a kind. */
enum { DH_SQ_EVENT_SOURCES = 10 };
extern const char *const dh_sq_event_sources[DH_SQ_EVENT_SOURCES];
unsigned dh_sq_event_source(struct dh_sq_event_view *view, const struct dh_sq_statement *s);
/* The texts of a source's number and of a statement's type; constants, or as long as the view. */
struct dh_str dh_sq_event_source_text(const struct dh_sq_event_view *view, unsigned source);
struct dh_str dh_sq_event_relation(const struct dh_sq_event_view *view, unsigned type);
/* The event but for what `brief` leaves out. Its strings are in `arena` or in that of the view. */
enum dh_status dh_sq_event_fill(struct dh_sq_event_view *view, const struct dh_sq_statement *s,
                                bool brief, struct dh_event *out, struct dh_arena *arena);

/* ---- orders (event_order.c) ----------------------------------------------------------------- */

/* The places of all events of the view in an order, ascending; malloc's, NULL out of memory. */
uint32_t *dh_sq_event_order(struct dh_sq_event_view *view, enum dh_event_sort sort);
/* As it sorts: what has no time comes last. */
int64_t dh_sq_event_time_key(int64_t time);

/* ---- filters (event_filter.c) --------------------------------------------------------------- */

struct dh_sq_event_test;
/* The filters made ready for a view, in its arena. */
enum dh_status dh_sq_event_compile(struct dh_sq_event_view *view,
                                   const struct dh_event_search *search,
                                   struct dh_sq_event_test **out);
bool dh_sq_event_passes(struct dh_sq_event_view *view, const struct dh_sq_event_test *tests,
                        const struct dh_sq_statement *s);

/* ---- counts (event_counts.c) ---------------------------------------------------------------- */

struct dh_sq_event_counter;
struct dh_sq_event_counter *dh_sq_event_counter_new(void);
void dh_sq_event_counter_free(struct dh_sq_event_counter *counter);
/* False when out of memory. */
bool dh_sq_event_counter_add(struct dh_sq_event_counter *counter, struct dh_sq_event_view *view,
                             const struct dh_sq_statement *s);
/* Fills page->counts, in `arena`. */
enum dh_status dh_sq_event_counter_give(struct dh_sq_event_counter *counter,
                                        struct dh_sq_event_view *view, struct dh_event_page *page,
                                        struct dh_arena *arena);

#endif
