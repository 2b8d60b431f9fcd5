/* directory: makes the directory objects that dh_store_directory lends, for any backend. */
#ifndef DH_STORE_DIRECTORY_H
#define DH_STORE_DIRECTORY_H

#include "store/store.h"

/* A directory under construction; everything it points to lies in its arena. */
struct dh_directory *dh_directory_new(void);
struct dh_arena *dh_directory_arena(struct dh_directory *directory);
/* One more holder; released by dh_directory_release. */
void dh_directory_retain(struct dh_directory *directory);

#endif
