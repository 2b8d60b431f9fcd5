/*
 * model: what a DataCite record is. The table of attributes and fields, the controlled
 * vocabularies, reading and normalising JSON into the one canonical form, merging, differences,
 * and the wire form in which a record is stored. Knows nothing of SQLite, HTTP or files.
 */
#ifndef DH_MODEL_H
#define DH_MODEL_H

#include "model/account.h"
#include "model/derive.h"
#include "model/doi.h"
#include "model/fields.h"
#include "model/findings.h"
#include "model/kernel.h"
#include "model/record.h"
#include "model/series.h"
#include "model/vocab.h"
#include "model/wire.h"

#endif
