/* Hints: why a result may be empty. A filter's value that nothing in the store has is likely a
 * slip. */
#ifndef DH_CLI_HINTS_H
#define DH_CLI_HINTS_H

#include "cli/cli.h"

/* After an empty result: tells that the store is empty, or which filter values it does not know. */
void dh_hint_nothing(struct dh_cli *cli);

#endif
