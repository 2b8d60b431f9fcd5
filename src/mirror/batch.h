/*
 * Batch: some values of the input on their way from the cutter over a worker to the writer. Moving
 * many at a time keeps the threads from waking each other for each record.
 */
#ifndef DH_MIRROR_BATCH_H
#define DH_MIRROR_BATCH_H

#include "mirror/cutter.h"
#include "mirror/filter.h"
#include "mirror/months.h"
#include "store/store.h"

enum dh_value_kind {
    DH_VALUE_RECORD,
    DH_VALUE_ACCOUNT,
    DH_VALUE_PREFIX,
    DH_VALUE_EVENT,
    DH_VALUE_PASSED, /* a resource that is not kept */
    DH_VALUE_LEFT,   /* a record that the filter leaves out */
    DH_VALUE_MEMBER, /* no value: a member of an archive is over, or the archive itself */
    DH_VALUE_BAD     /* err says why */
};

/* Where values come from. */
struct dh_origin {
    size_t source;    /* which of the inputs */
    const char *file; /* for reports; copied */
    int month;        /* that a member of an archive is about; or -1 */
};

/* The end of a member. */
struct dh_member_end {
    uint64_t number;      /* of the member, from 1; 0: the end of the archive */
    struct dh_month rows; /* counted in it, when it is a CSV */
};

struct dh_value {
    /* from the cutter */
    size_t at, len;          /* in batch->text */
    struct dh_origin origin; /* `file` in the arena */
    uint64_t line, byte;
    const char *fault;   /* a constant, or NULL */
    uint64_t fault_byte; /* of the fault, or of the value */
    enum dh_status status;
    /* from the worker */
    enum dh_value_kind kind;
    const char *type;             /* PASSED: a constant */
    struct dh_prepared *prepared; /* RECORD */
    enum dh_doi_state state;      /* RECORD, LEFT */
    const char *repairs;          /* RECORD: what was mended; or NULL */
    struct dh_account account;    /* ACCOUNT */
    struct dh_str *prefixes;
    size_t prefix_count;
    struct dh_event_in event; /* EVENT */
    struct dh_str prefix;     /* PREFIX */
    int64_t created;
    struct dh_err *err;              /* BAD */
    const struct dh_member_end *end; /* MEMBER */
};

enum { DH_BATCH_VALUES = 128, DH_BATCH_BYTES = 256 * 1024 };

struct dh_batch {
    struct dh_buf text;    /* of all values */
    struct dh_arena arena; /* of the worker's results */
    struct dh_value values[DH_BATCH_VALUES];
    size_t count;
    bool ready;       /* the worker is done */
    const char *file; /* of the values added last */
};

/* NULL when out of memory. */
struct dh_batch *dh_batch_new(void);
/* NULL is allowed. */
void dh_batch_free(struct dh_batch *batch);
/* No further value fits. */
static inline bool dh_batch_full(const struct dh_batch *batch)
{
    return batch->count == DH_BATCH_VALUES || batch->text.len >= DH_BATCH_BYTES;
}
/* Copies what the cutter gave. DH_MEMORY. */
enum dh_status dh_batch_add(struct dh_batch *batch, const struct dh_cut *cut,
                            const struct dh_origin *origin, struct dh_err *err);
/* As if the cutter had found this fault: an input that breaks off. */
enum dh_status dh_batch_add_fault(struct dh_batch *batch, const struct dh_cut *cut,
                                  const struct dh_origin *origin, const struct dh_err *fault,
                                  struct dh_err *err);
/* Tells the writer that all values of a member came. DH_MEMORY. */
enum dh_status dh_batch_add_end(struct dh_batch *batch, const struct dh_origin *origin,
                                const struct dh_member_end *end, struct dh_err *err);
/*
 * Parses and prepares every value that passes the filter (`trial`; NULL: all); what fails becomes
 * DH_VALUE_BAD. Drops the text.
 */
void dh_batch_read(struct dh_batch *batch, struct dh_store *store, struct dh_trial *trial);

#endif
