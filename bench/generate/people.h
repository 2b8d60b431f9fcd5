/*
 * People and organisations, and what belongs to them: names, ORCID iDs, ROR ids, clients,
 * providers, prefixes, DOIs. All follow from their number.
 */
#ifndef PEOPLE_H
#define PEOPLE_H

#include "maker.h"

enum { CLIENTS = 2000, PROVIDERS = 250, ORGANISATIONS = 8000, PEOPLE = 1000000, FAMILIES = 20000 };

struct person {
    unsigned family, given, organisation;
    bool orcid;
};

struct person person_of(unsigned number);
void put_family(struct line *line, const struct words *words, unsigned k);
void put_given(struct line *line, const struct words *words, unsigned k);
void put_orcid(struct line *line, unsigned person);
void put_organisation(struct line *line, const struct words *words, unsigned k);
bool has_ror(unsigned organisation);
void put_ror(struct line *line, unsigned organisation);

unsigned client_of(const struct maker *m, uint64_t record);
unsigned provider_of(const struct maker *m, unsigned client);
void put_provider(struct line *line, unsigned provider);
void put_client(struct maker *m, unsigned client);
void put_prefix(struct line *line, unsigned client);
void put_doi(struct maker *m, uint64_t record);

/* "creators":[...],"contributors":[...] of the record at hand. */
void put_people(struct maker *m);

#endif
