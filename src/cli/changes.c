#include "cli/changes.h"

#include <poll.h>
#include <unistd.h>

#include "api/changes.h"
#include "cli/text.h"

void dh_change_print(const struct dh_change_item *item, struct dh_arena *arena)
{
    struct dh_str time = dh_text_time(arena, item->time);
    struct dh_str doi = dh_text_clean(arena, item->doi);
    printf("%llu\t%.*s\t%s\t", (unsigned long long)item->sequence, DH_STR_ARG(time),
           dh_change_word(item->what));
    dh_text_write(stdout, doi);
    putchar('\t');
    for (size_t i = 0; i < item->key_count; i++) {
        struct dh_str name = dh_text_clean(arena, dh_change_attribute(item->keys[i]));
        printf("%s", i ? ", " : "");
        dh_text_write(stdout, name);
    }
    printf("%s\n", item->key_count ? "" : "-");
}

bool dh_changes_pause(int milliseconds)
{
    struct pollfd out = {.fd = STDOUT_FILENO};
    return poll(&out, 1, milliseconds) > 0 && (out.revents & (POLLERR | POLLNVAL));
}
