/*
 * account_values: what an account of the directory gives to search: the sources with home CLIENT
 * (a client asked) and PROVIDER (a provider asked).
 */
#ifndef DH_STORE_ACCOUNT_VALUES_H
#define DH_STORE_ACCOUNT_VALUES_H

#include "query/match.h"
#include "store/store.h"

struct dh_account_document {
    const struct dh_directory *directory;
    const struct dh_account *account; /* NULL has no values */
    bool owner; /* finds by e-mail addresses and the like too, which strangers do not see */
};

/* A dh_document_fn; `context` is a struct dh_account_document. A source whose home is not with this
 * kind of account has no values. */
enum dh_status dh_account_values(void *context, enum dh_source source, struct dh_str **values,
                                 size_t *count, struct dh_arena *arena, struct dh_err *err);

/* The account of a lower-case symbol; NULL when there is none. */
const struct dh_account *dh_directory_account(const struct dh_directory *directory,
                                              enum dh_account_kind kind, struct dh_str symbol);

#endif
