/*
 * query: what a user asks, from text to a tree that is checked against the field table. Here: the
 * language (parse.h, tree.h), how text becomes words (words.h), patterns (pattern.h), the values of
 * a record that can be searched (values.h), and a tree tried on one document (match.h). What does
 * not belong here: stores, sets of records, parameters of requests.
 */
#ifndef DH_QUERY_H
#define DH_QUERY_H

#include "query/match.h"
#include "query/parse.h"
#include "query/pattern.h"
#include "query/tree.h"
#include "query/values.h"
#include "query/words.h"

#endif
