/* The two long tables of the vocabularies, searched by bisection: licences and languages. */
#include <stdlib.h>

#include "model/vocab.h"

struct language {
    const char *code, *name;
};

static const struct dh_licence licences[] = {
#define DH_LICENCE(id, name, url) {id, name, url},
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
    const char *id = ((const struct dh_licence *)row)->id;
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
    return bsearch(&id, licences, sizeof(licences) / sizeof(licences[0]), sizeof(licences[0]),
                   by_id);
}

const char *dh_language_name(struct dh_str code)
{
    const struct language *row = bsearch(&code, languages, sizeof(languages) / sizeof(languages[0]),
                                         sizeof(languages[0]), by_code);
    return row ? row->name : NULL;
}
