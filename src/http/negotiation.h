/* Content negotiation (RFC 9110, 12): weighted lists of Accept and Accept-Encoding. */
#ifndef DH_HTTP_NEGOTIATION_H
#define DH_HTTP_NEGOTIATION_H

#include "base/base.h"

struct dh_weighted {
    struct dh_str value;      /* without parameters, as sent */
    struct dh_str parameters; /* "style=ieee; q=0.5"; may be empty */
    double q;
    size_t position;
};
/* Items by q descending, then position; q defaults to 1. Malformed items are skipped. */
size_t dh_weighted_parse(struct dh_str header, struct dh_weighted *out, size_t max);
/* The value of a parameter by its name in any case, quotes taken off; ptr NULL when not given. */
struct dh_str dh_weighted_parameter(struct dh_str parameters, const char *name);
/* True when a gzip answer is wanted: gzip (or *) with q > 0 and not below identity's. */
bool dh_accepts_gzip(struct dh_str accept_encoding);
/* True when neither identity nor gzip is acceptable ("identity;q=0", "*;q=0"): a 406. */
bool dh_refuses_all_encodings(struct dh_str accept_encoding);

#endif
