/*
 * cells: an array of numbers in as few bytes as the largest one needs: it starts with a byte each
 * and is made wider when a number does not fit.
 */
#ifndef DH_SQ_CELLS_H
#define DH_SQ_CELLS_H

#include "base/base.h"

struct dh_sq_cells {
    void *at;
    size_t cap;
    uint64_t most; /* that a cell can hold */
    uint8_t width; /* bytes a cell: 1, 2, 4 or 8; 0 before the first dh_sq_cells_reserve */
};

void dh_sq_cells_release(struct dh_sq_cells *cells);
/* Room for `cap` cells, at least `width` bytes each; the first `used` are kept. */
bool dh_sq_cells_reserve(struct dh_sq_cells *cells, size_t used, size_t cap, uint8_t width);
/* Sets cell i of `used` cells or the one behind them (i < cap) when it does not fit. */
bool dh_sq_cells_widen(struct dh_sq_cells *cells, size_t i, size_t used, uint64_t value);
/* Copies cells that are not wider than those of `to`. */
void dh_sq_cells_copy(const struct dh_sq_cells *from, size_t count, struct dh_sq_cells *to,
                      size_t at);

static inline uint64_t dh_sq_cell(const struct dh_sq_cells *cells, size_t i)
{
    switch (cells->width) {
    case 1:
        return ((const uint8_t *)cells->at)[i];
    case 2:
        return ((const uint16_t *)cells->at)[i];
    case 4:
        return ((const uint32_t *)cells->at)[i];
    default:
        return ((const uint64_t *)cells->at)[i];
    }
}

/* Sets cell i < cap, one of `used` cells or the one behind them; false when out of memory. */
static inline bool dh_sq_cell_set(struct dh_sq_cells *cells, size_t i, size_t used, uint64_t value)
{
    if (value > cells->most)
        return dh_sq_cells_widen(cells, i, used, value);
    switch (cells->width) {
    case 1:
        ((uint8_t *)cells->at)[i] = (uint8_t)value;
        return true;
    case 2:
        ((uint16_t *)cells->at)[i] = (uint16_t)value;
        return true;
    case 4:
        ((uint32_t *)cells->at)[i] = (uint32_t)value;
        return true;
    default:
        ((uint64_t *)cells->at)[i] = value;
        return true;
    }
}

#endif
