/*
 * http: bytes on the wire (RFC 9110, 9112). A server on libmicrohttpd, a client
 * on libcurl, URLs and parameters, content
 * negotiation, compression. No domain words: it does not know what a DOI is.
 */
#ifndef DH_HTTP_H
#define DH_HTTP_H

#include "http/client.h"
#include "http/negotiation.h"
#include "http/server.h"
#include "http/url.h"

#endif
