#include "cli/stopping.h"

#include <signal.h>

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

void dh_stopping_begin(void)
{
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool dh_stopping(void)
{
    return atomic_load(&stop);
}

atomic_bool *dh_stopping_flag(void)
{
    return &stop;
}
