/*
 * Stopping: SIGINT and SIGTERM as the wish that the command ends soon and keeps what is there. One
 * for the whole program.
 */
#ifndef DH_CLI_STOPPING_H
#define DH_CLI_STOPPING_H

#include <stdatomic.h>
#include <stdbool.h>

/* From now on the signals do not end the program but are noted. */
void dh_stopping_begin(void);
/* Whether one came. Any thread. */
bool dh_stopping(void);
/* The same as a flag for those who look at one; lasts as long as the program. */
atomic_bool *dh_stopping_flag(void);

#endif
