/* RIS: what the row of the format needs of its reader. Private to format/. */
#ifndef DH_FORMAT_RIS_H
#define DH_FORMAT_RIS_H

#include "format/format.h"

dh_format_reader dh_ris_read;
dh_format_fits dh_ris_fits;

#endif
