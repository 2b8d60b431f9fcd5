/* The readers of the JSON formats, for the rows that stand with their writers. Private to format/.
 */
#ifndef DH_FORMAT_JSON_READERS_H
#define DH_FORMAT_JSON_READERS_H

#include "format/format.h"

dh_format_reader dh_datacite_json_read, dh_crosscite_read, dh_schema_org_read, dh_codemeta_read,
    dh_citeproc_read, dh_npm_read;
dh_format_fits dh_datacite_json_fits, dh_crosscite_fits, dh_schema_org_fits, dh_codemeta_fits,
    dh_citeproc_fits, dh_npm_fits;

#endif
