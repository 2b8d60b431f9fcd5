/* Screen: what a person sees text on. Terminal or not, how wide, coloured or not. */
#ifndef DH_CLI_SCREEN_H
#define DH_CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct dh_screen {
    bool terminal;
    bool colour;  /* a terminal, NO_COLOR is unset, TERM is not "dumb" */
    size_t width; /* in cells; 0 when nothing should be cut or wrapped */
};

/* Looks at a file descriptor. */
struct dh_screen dh_screen_of(int fd);
/* Control sequences that begin and end emphasis; "" without colour. */
const char *dh_screen_bold(const struct dh_screen *screen);
const char *dh_screen_plain(const struct dh_screen *screen);

#endif
