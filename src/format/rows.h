/* The formats' rows, each defined in the file of its format. Private to format/. */
#ifndef DH_FORMAT_ROWS_H
#define DH_FORMAT_ROWS_H

#include "format/format.h"

extern const struct dh_format dh_format_datacite, dh_format_datacite_json, dh_format_schema_org,
    dh_format_codemeta, dh_format_crosscite, dh_format_citeproc, dh_format_bibtex, dh_format_ris,
    dh_format_jats, dh_format_csv, dh_format_citation, dh_format_rdf_xml, dh_format_turtle,
    dh_format_croissant, dh_format_crossref, dh_format_npm;

#endif
