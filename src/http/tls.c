/*
 * Certificate and key. libmicrohttpd only says that its daemon did not start, so the files are
 * checked with GnuTLS first, for an error that a person can act on.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/exchange.h"

enum { PEM_MAX = 1024 * 1024 };

static enum dh_status read_file(const char *path, char **out, struct dh_err *err)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return dh_fail(err, DH_IO, "cannot read %s: %s", path, strerror(errno));
    char *text = calloc(1, PEM_MAX + 1);
    size_t len = text ? fread(text, 1, PEM_MAX + 1, file) : 0;
    bool failed = ferror(file);
    fclose(file);
    if (text && !failed && len <= PEM_MAX) {
        *out = text;
        return DH_OK;
    }
    free(text);
    if (!text)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return dh_fail(err, DH_IO, "cannot read %s: %s", path, failed ? "read error" : "too large");
}

static enum dh_status check_pair(const char *cert_file, char *cert, char *key, struct dh_err *err)
{
    gnutls_certificate_credentials_t pair;
    if (gnutls_certificate_allocate_credentials(&pair) < 0)
        return dh_fail(err, DH_MEMORY, "out of memory");
    gnutls_datum_t c = {(unsigned char *)cert, (unsigned)strlen(cert)};
    gnutls_datum_t k = {(unsigned char *)key, (unsigned)strlen(key)};
    int failed = gnutls_certificate_set_x509_key_mem(pair, &c, &k, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(pair);
    if (failed < 0)
        return dh_fail(err, DH_IO, "cannot use the certificate %s with its key: %s", cert_file,
                       gnutls_strerror(failed));
    return DH_OK;
}

enum dh_status dh_tls_load(const char *cert_file, const char *key_file, char **cert, char **key,
                           struct dh_err *err)
{
    *cert = *key = NULL;
    if (!cert_file || !key_file)
        return dh_fail(err, DH_IO, "TLS needs both a certificate and a key");
    enum dh_status status = read_file(cert_file, cert, err);
    if (!status)
        status = read_file(key_file, key, err);
    if (!status)
        status = check_pair(cert_file, *cert, *key, err);
    if (status) {
        free(*cert);
        free(*key);
        *cert = *key = NULL;
    }
    return status;
}
