/*
 * Facts: what a record says beside people and text: dates, type, relations, rights, funding,
 * places, files, counts. Each writes ,"attribute":... and needs a record at hand.
 */
#ifndef FACTS_H
#define FACTS_H

#include "maker.h"

enum { FUNDERS = 1500 };

void put_dates(struct maker *m);
void put_types(struct maker *m);
void put_identifiers(struct maker *m);
void put_related(struct maker *m);
void put_rights(struct maker *m);
void put_funder_name(struct line *line, const struct words *words, unsigned funder);
void put_funding(struct maker *m);
void put_places(struct maker *m);
void put_files(struct maker *m);
void put_counts(struct maker *m);

#endif
