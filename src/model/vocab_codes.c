/* The two long tables of the vocabularies, licences and languages: codes are found by bisection. */
#include <stdlib.h>

#include "model/vocab.h"

struct language {
    const char *code, *name;
};

/* Lengths tell most names and URLs apart, so that a walk over all rows is short. */
static const struct licence_row {
    struct dh_licence licence; /* first, as it is what is given out */
    size_t name_len, url_len;
} licences[] = {
#define DH_LICENCE(id, name, url) {{id, name, url}, sizeof(name) - 1, sizeof(url) - 1},
#include "model/licences.def"
};

static const struct language languages[] = {
#define DH_LANGUAGE(code, name) {code, name},
#include "model/languages.def"
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : (unsigned char)c;
}

static int by_id(const void *key, const void *row)
{
    const struct dh_str *wanted = key;
    const char *id = ((const struct licence_row *)row)->licence.id;
    for (size_t i = 0; i < wanted->len; i++) {
        int order = lower(wanted->ptr[i]) - lower(id[i]);
        if (order || !id[i])
            return order ? order : 1;
    }
    return id[wanted->len] ? -1 : 0;
}

static int by_code(const void *key, const void *row)
{
    return dh_str_compare(*(const struct dh_str *)key,
                          dh_str(((const struct language *)row)->code));
}

const struct dh_licence *dh_licence_find(struct dh_str id)
{
    const struct licence_row *row =
        bsearch(&id, licences, sizeof(licences) / sizeof(licences[0]), sizeof(licences[0]), by_id);
    return row ? &row->licence : NULL;
}

static bool same(struct dh_str wanted, const char *text, size_t len)
{
    return wanted.len && wanted.len == len && memcmp(wanted.ptr, text, len) == 0;
}

const struct dh_licence *dh_licence_match(const struct dh_licence_signs *signs)
{
    const struct dh_licence *named = signs->exact ? NULL : dh_licence_find(signs->id);
    for (size_t i = 0; i < sizeof(licences) / sizeof(licences[0]); i++) {
        const struct licence_row *row = &licences[i];
        const struct dh_licence *licence = &row->licence;
        if (licence == named || same(signs->name, licence->name, row->name_len) ||
            same(signs->url, licence->url, row->url_len) ||
            same(signs->other_url, licence->url, row->url_len) ||
            (signs->exact && dh_str_equal(signs->id, dh_str(licence->id))))
            return licence;
    }
    return NULL;
}

const char *dh_language_name(struct dh_str code)
{
    const struct language *row = bsearch(&code, languages, sizeof(languages) / sizeof(languages[0]),
                                         sizeof(languages[0]), by_code);
    return row ? row->name : NULL;
}
