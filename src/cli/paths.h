/* Where files are when nobody says: the store, and the catalogue that comes with the program. */
#ifndef DH_CLI_PATHS_H
#define DH_CLI_PATHS_H

#include "base/base.h"

/* $DOIHOUND_STORE, else doihound/store.db under $XDG_DATA_HOME or ~/.local/share. NULL: no home. */
const char *dh_path_store(struct dh_arena *arena);
/* The bundled catalogue: beside the build tree or installed. NULL when there is none. */
const char *dh_path_sample(struct dh_arena *arena);
/* The absolute form of a path, or the path itself when it cannot be told. */
const char *dh_path_absolute(struct dh_arena *arena, const char *path);

#endif
