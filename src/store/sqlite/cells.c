#include "store/sqlite/cells.h"

#include <stdlib.h>

void dh_sq_cells_release(struct dh_sq_cells *cells)
{
    free(cells->at);
    *cells = (struct dh_sq_cells){0};
}

void dh_sq_cells_copy(const struct dh_sq_cells *from, size_t count, struct dh_sq_cells *to,
                      size_t at)
{
    if (!count)
        return;
    if (from->width == to->width) {
        memcpy((char *)to->at + at * to->width, from->at, count * from->width);
        return;
    }
    for (size_t i = 0; i < count; i++)
        dh_sq_cell_set(to, at + i, at + i, dh_sq_cell(from, i));
}

bool dh_sq_cells_reserve(struct dh_sq_cells *cells, size_t used, size_t cap, uint8_t width)
{
    struct dh_sq_cells grown = {.cap = cap, .width = cells->width > width ? cells->width : width};
    grown.most = UINT64_MAX >> (64 - 8 * grown.width);
    if (cap <= cells->cap && grown.width == cells->width)
        return true;
    if (cap < cells->cap)
        cap = grown.cap = cells->cap;
    if (cap > SIZE_MAX / grown.width)
        return false;
    if (grown.width == cells->width) {
        grown.at = realloc(cells->at, cap * grown.width + 1);
    } else {
        grown.at = malloc(cap * grown.width + 1);
        if (grown.at)
            dh_sq_cells_copy(cells, used, &grown, 0);
        if (grown.at)
            free(cells->at);
    }
    if (grown.at)
        *cells = grown;
    return grown.at != NULL;
}

bool dh_sq_cells_widen(struct dh_sq_cells *cells, size_t i, size_t used, uint64_t value)
{
    uint8_t width = value > UINT32_MAX ? 8 : value > UINT16_MAX ? 4 : 2;
    return dh_sq_cells_reserve(cells, used, cells->cap, width) &&
           dh_sq_cell_set(cells, i, used, value);
}
