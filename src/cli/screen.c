#include "cli/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 40 };

static size_t terminal_width(int fd)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        return USUAL_WIDTH;
    return width < LEAST_WIDTH ? LEAST_WIDTH : (size_t)width;
}

struct dh_screen dh_screen_of(int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool terminal = isatty(fd);
    bool plain = (no_color && *no_color) || !term || strcmp(term, "dumb") == 0;
    return (struct dh_screen){
        .terminal = terminal,
        .colour = terminal && !plain,
        .width = terminal ? terminal_width(fd) : 0,
    };
}

const char *dh_screen_bold(const struct dh_screen *screen)
{
    return screen->colour ? "\033[1m" : "";
}

const char *dh_screen_plain(const struct dh_screen *screen)
{
    return screen->colour ? "\033[0m" : "";
}
