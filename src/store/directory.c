#include "store/directory.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The directory is the first member: both are one address. */
struct holder {
    struct dh_directory directory;
    atomic_uint holders;
    struct dh_arena arena;
};

struct dh_directory *dh_directory_new(void)
{
    struct holder *holder = calloc(1, sizeof(*holder));
    if (!holder)
        return NULL;
    atomic_init(&holder->holders, 1);
    dh_arena_init(&holder->arena, DH_ARENA_MAX);
    return &holder->directory;
}

struct dh_arena *dh_directory_arena(struct dh_directory *directory)
{
    return &((struct holder *)directory)->arena;
}

void dh_directory_retain(struct dh_directory *directory)
{
    atomic_fetch_add(&((struct holder *)directory)->holders, 1);
}

static void drop_attributes(const struct dh_account *accounts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_object_put(accounts[i].attributes);
}

void dh_directory_release(const struct dh_directory *directory)
{
    struct holder *holder = (struct holder *)(uintptr_t)directory;
    if (!holder || atomic_fetch_sub(&holder->holders, 1) != 1)
        return;
    drop_attributes(directory->providers, directory->provider_count);
    drop_attributes(directory->clients, directory->client_count);
    dh_arena_release(&holder->arena);
    free(holder);
}
