/*
 * doihound.h - the public C API of doihound, a local DataCite metadata service.
 *
 * A store is one SQLite file that holds DOI records, accounts, relations and
 * activities. This header is everything a program needs to read it and to
 * import into it; the server and the command line are built from the same
 * parts. Every function says what it borrows, what it gives, which codes it
 * returns and which threads may call it.
 */
#ifndef DOIHOUND_H
#define DOIHOUND_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DH_API __attribute__((visibility("default")))

/* What a call came to. Zero is success; a code travels up unchanged. */
enum dh_status {
    DH_OK = 0,
    DH_DONE,        /* an iteration has no further element */
    DH_NOT_FOUND,   /* no such record, account, file */
    DH_INVALID,     /* the input breaks a rule; dh_err says where */
    DH_LIMIT,       /* a named ceiling of base/limits.h was reached */
    DH_UNSUPPORTED, /* a known request that this build or backend cannot serve */
    DH_BUSY,        /* another process holds the store's write lock */
    DH_NEWER,       /* the store was written by a newer doihound */
    DH_CORRUPT,     /* the store's content contradicts itself */
    DH_IO,          /* the operating system refused: disk, network, permission */
    DH_MEMORY       /* out of memory */
};

/*
 * Why a call failed. The caller owns it and passes it down; it may be NULL.
 * Nothing in doihound keeps an error in a global or thread-local place.
 */
struct dh_err {
    enum dh_status code;
    size_t pos;      /* byte offset in the input, where the input has one */
    char field[64];  /* JSON pointer or name of the property at fault, or "" */
    char text[256];  /* one line for a person, without a newline */
};

/* Returns a constant short name of a status ("not found"). Any thread. */
DH_API const char *dh_status_text(enum dh_status status);

#ifdef __cplusplus
}
#endif
#endif
