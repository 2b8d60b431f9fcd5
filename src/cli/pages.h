/*
 * Pages: list documents of the API taken apart without parsing their resources, and followed from
 * page to page by links.next.
 */
#ifndef DH_CLI_PAGES_H
#define DH_CLI_PAGES_H

#include "cli/cli.h"

struct dh_list_page {
    struct dh_str data; /* between the brackets of "data"; borrowed from the body */
    uint64_t total;     /* meta.total */
    struct dh_str next; /* target of the next page, in the arena; ptr NULL when there is none */
};

/* Takes a list document apart. DH_CORRUPT when it is none. */
enum dh_status dh_list_page_open(struct dh_str body, struct dh_list_page *page,
                                 struct dh_arena *arena, struct dh_err *err);
/* Takes the next resource off *data; false when there is none left. */
bool dh_list_page_take(struct dh_str *data, struct dh_str *resource);

/* Called for each resource, in order; anything but 0 ends the walk with that exit status. */
typedef int dh_each_resource(void *context, struct dh_str resource);
/* Asks for `target` and all pages behind it. *total (may be NULL) is that of the first page. */
int dh_list_walk(struct dh_cli *cli, struct dh_str target, dh_each_resource *each, void *context,
                 uint64_t *total);
/*
 * Prints one list document, or with `all` the resources of every page in one, and a newline. *total
 * is how many there are.
 */
int dh_list_print(struct dh_cli *cli, struct dh_str target, bool all, uint64_t *total);
/* Tells on standard error that only `shown` of `total` were shown, when that is so. */
void dh_list_note_cut(struct dh_cli *cli, uint64_t shown, uint64_t total);

#endif
