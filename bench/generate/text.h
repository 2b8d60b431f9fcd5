/*
 * Text: what is written in sentences and keywords, in the language of the record.
 */
#ifndef TEXT_H
#define TEXT_H

#include "maker.h"

enum { SUBJECTS = 30000 };

/* The language of the record at hand: 0 is English. */
unsigned choose_tongue(struct maker *m);
/* Its code; NULL when the record does not say. */
const char *tongue_code(struct maker *m, unsigned tongue);

/* ,"titles":[...] ,"descriptions":[...] ,"subjects":[...] */
void put_titles(struct maker *m, unsigned tongue);
void put_descriptions(struct maker *m, unsigned tongue);
void put_subjects(struct maker *m);

#endif
