#include "http/negotiation.h"

/* Cuts the next comma part off; a comma in a quoted string does not separate. */
static bool next_item(struct dh_str *rest, struct dh_str *item)
{
    if (!rest->ptr)
        return false;
    bool quoted = false;
    size_t i = 0;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '\\' && quoted)
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            break;
    }
    if (i > rest->len)
        i = rest->len;
    *item = (struct dh_str){rest->ptr, i};
    *rest = i == rest->len ? DH_STR_NONE : dh_str_from(*rest, i + 1);
    return true;
}

/* A weight: digits with at most one point. Anything else, a sign or an exponent too, is malformed.
 */
static bool parse_weight(struct dh_str text, double *q)
{
    double value = 0, unit = 1;
    bool point = false;
    if (!text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            unit = point ? unit / 10 : unit;
            value = point ? value + (c - '0') * unit : value * 10 + (c - '0');
        } else {
            return false;
        }
    }
    *q = value > 1 ? 1 : value;
    return true;
}

/* Cuts the next "name=value" off; one without an equals sign has a value with ptr NULL. */
static bool next_parameter(struct dh_str *rest, struct dh_str *name, struct dh_str *value)
{
    struct dh_str part;
    if (!dh_str_split(rest, ';', &part))
        return false;
    size_t equals = dh_str_find(part, '=');
    *name = dh_str_trim((struct dh_str){part.ptr, equals});
    *value = equals < part.len ? dh_str_trim(dh_str_from(part, equals + 1)) : DH_STR_NONE;
    return true;
}

static bool parse_item(struct dh_str item, struct dh_weighted *out)
{
    struct dh_str part, name, value;
    dh_str_split(&item, ';', &part);
    out->value = dh_str_trim(part);
    out->parameters = item;
    out->q = 1;
    while (next_parameter(&item, &name, &value))
        if (value.ptr && dh_str_equal_nocase(name, DH_STR("q")) && !parse_weight(value, &out->q))
            return false;
    return out->value.len > 0;
}

struct dh_str dh_weighted_parameter(struct dh_str parameters, const char *name)
{
    struct dh_str given, value, found = DH_STR_NONE;
    while (parameters.ptr && next_parameter(&parameters, &given, &value))
        if (value.ptr && dh_str_equal_nocase(given, dh_str(name)))
            found = value;
    if (found.len > 1 && found.ptr[0] == '"' && found.ptr[found.len - 1] == '"')
        found = (struct dh_str){found.ptr + 1, found.len - 2};
    return found;
}

size_t dh_weighted_parse(struct dh_str header, struct dh_weighted *out, size_t max)
{
    struct dh_str item;
    size_t count = 0;
    for (size_t position = 0; count < max && next_item(&header, &item); position++) {
        struct dh_weighted new = {.position = position};
        if (!parse_item(item, &new))
            continue;
        size_t at = count++;
        for (; at > 0 && out[at - 1].q < new.q; at--)
            out[at] = out[at - 1];
        out[at] = new;
    }
    return count;
}

/* What a client said of the two codings that there are; a negative weight: nothing. */
struct codings {
    double gzip, identity;
};

enum { CODINGS_MAX = 32 };

/* A coding named more than once with a weight of zero stays refused. */
static void note(double *weight, double q)
{
    if (*weight < 0 || q == 0)
        *weight = q;
}

static struct codings read_codings(struct dh_str header)
{
    struct dh_weighted items[CODINGS_MAX];
    size_t count = dh_weighted_parse(header, items, CODINGS_MAX);
    struct codings found = {-1, -1};
    double any = -1;
    for (size_t i = 0; i < count; i++) {
        if (dh_str_equal_nocase(items[i].value, DH_STR("gzip")) ||
            dh_str_equal_nocase(items[i].value, DH_STR("x-gzip")))
            note(&found.gzip, items[i].q);
        else if (dh_str_equal_nocase(items[i].value, DH_STR("identity")))
            note(&found.identity, items[i].q);
        else if (dh_str_equal(items[i].value, DH_STR("*")))
            note(&any, items[i].q);
    }
    if (found.gzip < 0)
        found.gzip = any;
    if (found.identity < 0)
        found.identity = any;
    return found;
}

bool dh_accepts_gzip(struct dh_str accept_encoding)
{
    struct codings found = read_codings(accept_encoding);
    return found.gzip > 0 && found.gzip >= found.identity;
}

bool dh_refuses_all_encodings(struct dh_str accept_encoding)
{
    struct codings found = read_codings(accept_encoding);
    return found.gzip <= 0 && found.identity == 0;
}
