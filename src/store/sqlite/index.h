/*
 * index: which records have which term. It is a row of segments, each the records of one range of
 * numbers, none overlapping, in ascending order. A segment is never changed: a commit writes the
 * records it brought as a new one at the end, and merges neighbours when there are many small ones.
 * A number is used once only, so a record that changed is in the index under its old and its new
 * number; the old one is passed over by everybody who looks numbers up in the columns, and goes for
 * good when its segment is next merged.
 *
 * A key is a source and a term. Its postings in a segment are the numbers that have it, and for
 * TEXT sources the places of the word in each. Under DH_SQ_PRESENT a source has one key, with an
 * empty term: all numbers with a value, and for TEXT how many words they have.
 */
#ifndef DH_SQ_INDEX_H
#define DH_SQ_INDEX_H

#include "query/query.h"
#include "store/sqlite/columns.h"
#include "store/sqlite/index_codec.h"

enum { DH_SQ_PRESENT = 0x8000 }; /* added to a source */

/* ---- reading; inside the reader's transaction, results in the arena --------------------------- */

/* The postings of one key in one segment. */
struct dh_sq_postings {
    uint32_t base, high; /* the segment's lowest and highest number */
    uint32_t count;      /* numbers, the dead ones included */
    uint8_t coding;      /* of `numbers`: how index_codec.c wrote them */
    bool present;        /* of DH_SQ_PRESENT: `places` says how many words */
    struct dh_str numbers;
    struct dh_str places; /* ptr NULL when not asked for, or the source is no TEXT */
};

/*
 * The postings of a key, at most one per segment, in ascending order of numbers. *count 0 when no
 * record has it.
 */
enum dh_status dh_sq_index_find(struct dh_sq_reader *reader, unsigned source, struct dh_str term,
                                bool places, struct dh_sq_postings **out, size_t *count,
                                struct dh_arena *arena, struct dh_err *err);

/* What is done with the terms of a source, segment by segment, in each in ascending order. */
struct dh_sq_scan {
    void *context;
    /* Whether this term's postings are wanted. */
    bool (*accept)(void *context, struct dh_str term);
    /* Called with the postings of an accepted term; borrowed for the call. */
    void (*found)(void *context, const struct dh_sq_postings *postings);
};
/*
 * Goes through the terms of a source in [low, high); high.ptr NULL: to its end. DH_LIMIT when the
 * reader's deadline passes meanwhile.
 */
enum dh_status dh_sq_index_scan(struct dh_sq_reader *reader, unsigned source, struct dh_str low,
                                struct dh_str high, const struct dh_sq_scan *scan,
                                struct dh_err *err);

/* Sets the bit of each living slot that has one of the numbers. `bits` holds a bit per slot. */
void dh_sq_postings_mark(const struct dh_sq_postings *postings, const struct dh_sq_columns *columns,
                         uint64_t *bits);

/* One record after the other of some postings. */
enum { DH_SQ_AHEAD = 64 };
struct dh_sq_cursor {
    uint32_t number;
    /* how often the word occurs; the number of words for DH_SQ_PRESENT; 1 w/o places */
    uint32_t times;
    /* how far reading has come */
    struct dh_sq_numbers numbers;
    uint32_t ahead[DH_SQ_AHEAD], ahead_at, ahead_count;
    const uint8_t *places, *places_end;
    uint32_t unread; /* places of `number` not yet passed over */
    uint32_t single; /* its only place, when `unread` is 0 */
    bool present;
};
void dh_sq_cursor_start(struct dh_sq_cursor *cursor, const struct dh_sq_postings *postings);
bool dh_sq_cursor_next(struct dh_sq_cursor *cursor);
/* The places in the present record, ascending: at most `room` of them, the number written. Once per
 * record, before the next dh_sq_cursor_next; may be left out. */
uint32_t dh_sq_cursor_places(struct dh_sq_cursor *cursor, uint32_t *out, uint32_t room);

/* True when the deadline of the reader's connection has passed; for loops of our own. */
bool dh_sq_late(const struct dh_sq_reader *reader);

/* ---- writing ---------------------------------------------------------------------------------- */

struct dh_sq_making; /* index_entries.h */
/* What a record's values come to: its distinct keys with their places, packed. Any thread. */
enum dh_status dh_sq_entries_make(struct dh_sq_making *making, const struct dh_record *record,
                                  struct dh_buf *out, struct dh_arena *arena, struct dh_err *err);

/*
 * The index of the transaction at work. What is added goes to a thread of the indexer's own as soon
 * as it is much; the functions are the writer's alone.
 */
struct dh_sq_indexer;
struct dh_sq_writer;
struct dh_sq_indexer *dh_sq_indexer_new(void); /* NULL when out of memory */
void dh_sq_indexer_free(struct dh_sq_indexer *indexer);

/* Adds the entries of a new number, higher than any before. */
enum dh_status dh_sq_index_add(struct dh_sq_writer *w, uint32_t number, struct dh_str entries,
                               struct dh_err *err);
/* Takes note that a number went. */
enum dh_status dh_sq_index_remove(struct dh_sq_writer *w, uint32_t number, struct dh_err *err);
/* Writes what was added as segments and merges what is due; the last act before COMMIT. */
enum dh_status dh_sq_index_settle(struct dh_sq_writer *w, struct dh_err *err);
/* After a rollback: forgets what was added. */
void dh_sq_index_forget(struct dh_sq_writer *w);

/*
 * Whether the index was made by these sources and this cutting into words (their stamp is kept in
 * `meta`), and making it anew from the stored records when it was not, in one transaction.
 */
enum dh_status dh_sq_index_fits(struct dh_sq_conn *conn, bool *fits, struct dh_err *err);
enum dh_status dh_sq_index_rebuild(struct dh_sq_store *store, struct dh_err *err);
/* Every record of the store is indexed as its text says, and nothing else is; DH_CORRUPT. */
enum dh_status dh_sq_index_check(struct dh_sq_reader *reader, struct dh_err *err);

#endif
