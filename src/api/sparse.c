/* fields[type]=a,b and include=a,b: which parts of a resource are shown. */
#include "api/call.h"

struct dh_str dh_sparse(const struct dh_call *call, const char *type)
{
    return dh_params_get(call->params, "fields", type);
}

bool dh_field_wanted(struct dh_str list, const char *name)
{
    struct dh_str rest = list, item;
    if (!list.ptr)
        return true;
    while (dh_str_split(&rest, ',', &item))
        if (dh_str_equal(item, dh_str(name)))
            return true;
    return false;
}

/* "Provider-Prefix" and "providerPrefix" are both provider_prefix to the API. */
static bool same_name(struct dh_str item, struct dh_str name)
{
    size_t at = 0;
    for (size_t i = 0; i < item.len; i++, at++) {
        char c = item.ptr[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (upper && i && at < name.len && name.ptr[at] == '_' && item.ptr[i - 1] != '_' &&
            item.ptr[i - 1] != '-')
            at++;
        c = c == '-' ? '_' : upper ? (char)(c + 32) : c;
        if (at >= name.len || name.ptr[at] != c)
            return false;
    }
    return at == name.len;
}

bool dh_included(const struct dh_call *call, const char *name)
{
    struct dh_str rest = dh_params_get(call->params, "include", NULL), item;
    while (dh_str_split(&rest, ',', &item))
        if (same_name(dh_str_trim(item), dh_str(name)))
            return true;
    return false;
}
