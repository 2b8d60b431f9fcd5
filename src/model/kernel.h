/*
 * kernel: the rules of DataCite Metadata Schema 4.7 as tables (kernel.def): elements, their order,
 * attributes, types of values. A document is checked as its XSD would, with the messages that
 * libxml2 gives for it, because those are what the DataCite REST API answers with.
 */
#ifndef DH_MODEL_KERNEL_H
#define DH_MODEL_KERNEL_H

#include <json-c/json.h>

#include "model/findings.h"

/* Checks a `resource` element, read or made from attributes. Sources are named as the API does. */
void dh_kernel_check(const struct dh_xml *resource, struct dh_findings *findings);
/* Whether a text is an xs:anyURI to libxml2, which is less strict than RFC 3986. */
bool dh_kernel_uri(struct dh_str text);
/* What the API checks of attributes before that: shapes, url, rights too long, contributor types.
 */
void dh_attributes_check(struct json_object *metadata, struct dh_findings *findings);

#endif
