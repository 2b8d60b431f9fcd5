/*
 * Record: a whole resource as one line.
 */
#ifndef RECORD_H
#define RECORD_H

#include "maker.h"

void put_record(struct maker *m, uint64_t record);
void put_provider_account(struct maker *m, unsigned provider);
void put_client_account(struct maker *m, unsigned client);

#endif
