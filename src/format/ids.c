/* Identifiers of works, people, organisations and funders in one form each. */
#include "format/ids.h"

#include "model/vocab.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take(struct dh_str *s, const char *start)
{
    struct dh_str prefix = dh_str(start);
    if (!dh_str_starts(*s, prefix))
        return false;
    *s = dh_str_from(*s, prefix.len);
    return true;
}

static bool take_scheme(struct dh_str *s)
{
    return take(s, "http://") || take(s, "https://");
}

static size_t digits(struct dh_str s)
{
    size_t count = 0;
    while (count < s.len && digit(s.ptr[count]))
        count++;
    return count;
}

static struct dh_str joined(struct dh_arena *arena, const char *start, struct dh_str end)
{
    return dh_arena_format(arena, "%s%.*s", start, DH_STR_ARG(end));
}

/* ---- DOIs ----------------------------------------------------------------------------------- */

/* Takes a resolver and "doi:" off *s. *resolver is a constant, the live one unless a test system
 * is named; *url tells that there was one. False with a host that is none. */
static bool take_resolver(struct dh_str *s, const char **resolver, bool *url)
{
    *resolver = "https://doi.org/";
    *url = take(s, "http:/") || take(s, "https:/");
    if (*url) {
        take(s, "/");
        take(s, "dx.");
        if (take(s, "handle.stage.datacite.org/") || take(s, "handle.test.datacite.org/"))
            *resolver = "https://handle.stage.datacite.org/";
        else if (!take(s, "doi.org/"))
            return false;
    }
    take(s, "doi:");
    return true;
}

/* "10.", four or five digits, a slash and something, on one line. */
static bool doi_fits(struct dh_str name)
{
    if (!dh_str_starts(name, DH_STR("10.")))
        return false;
    size_t count = digits(dh_str_from(name, 3));
    return (count == 4 || count == 5) && name.len > count + 4 && name.ptr[count + 3] == '/' &&
           !memchr(name.ptr, '\n', name.len);
}

static bool zero_width_space(struct dh_str s, size_t at)
{
    return dh_str_starts(dh_str_from(s, at), DH_STR("\xE2\x80\x8B"));
}

static bool stays_in_url(char c)
{
    return letter(c) || digit(c) || (c && strchr("-._~:/?#@!$&'()*+,;=", c));
}

struct dh_str dh_id_doi_url(struct dh_arena *arena, struct dh_str text)
{
    static const char hex[] = "0123456789ABCDEF";
    const char *resolver;
    bool url;
    if (!take_resolver(&text, &resolver, &url) || !doi_fits(text))
        return DH_STR_NONE;
    size_t len = strlen(resolver);
    char *out = dh_arena_array(arena, text.len + len, 3); /* an escape is three bytes */
    if (!out)
        return DH_STR_NONE;
    memcpy(out, resolver, len);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (zero_width_space(text, i)) {
            i += 2;
        } else if (stays_in_url(c)) {
            out[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        } else {
            out[len++] = '%';
            out[len++] = hex[(unsigned char)c >> 4];
            out[len++] = hex[c & 15];
        }
    }
    return (struct dh_str){out, len};
}

struct dh_str dh_id_doi(struct dh_arena *arena, struct dh_str text)
{
    const char *resolver;
    bool url;
    if (!take_resolver(&text, &resolver, &url) || !doi_fits(text))
        return DH_STR_NONE;
    if (url) {
        text.len = dh_str_find(text, '?');
        text.len = dh_str_find(text, '#');
        if (!doi_fits(text))
            return DH_STR_NONE;
    }
    struct dh_str copy = dh_arena_lower(arena, text);
    if (!copy.ptr)
        return DH_STR_NONE;
    char *out = (char *)copy.ptr;
    size_t len = 0;
    for (size_t i = 0; i < copy.len; i++)
        if (zero_width_space(copy, i))
            i += 2;
        else
            out[len++] = copy.ptr[i];
    return (struct dh_str){out, len};
}

/* ---- people, organisations, funders --------------------------------------------------------- */

/* "0000-0002-1825-0097" with hyphens or spaces; the last group may be longer, as upstream has it.
 */
static bool orcid_fits(struct dh_str s)
{
    if (s.len < 19)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool gap = i == 4 || i == 9 || i == 14;
        char c = s.ptr[i];
        if (gap ? c != '-' && c != ' ' : !digit(c) && !(i >= 18 && c == 'X'))
            return false;
    }
    return true;
}

struct dh_str dh_id_orcid(struct dh_arena *arena, struct dh_str text)
{
    if (take_scheme(&text)) {
        if (!take(&text, "www."))
            take(&text, "sandbox.");
        if (!take(&text, "orcid.org/"))
            return DH_STR_NONE;
    }
    if (text.len && text.ptr[text.len - 1] == '/')
        text.len--;
    if (!orcid_fits(text))
        return DH_STR_NONE;
    return dh_arena_format(arena, "https://orcid.org/%.4s-%.4s-%.4s-%.*s", text.ptr, text.ptr + 5,
                           text.ptr + 10, (int)text.len - 15, text.ptr + 15);
}

bool dh_id_orcid_checked(struct dh_str text)
{
    unsigned sum = 0, count = 0, last = 0;
    if (text.len && text.ptr[text.len - 1] == '/')
        text.len--;
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == '/') {
            text = dh_str_from(text, i);
            break;
        }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '-' || c == ' ')
            continue;
        if (count == 16 || (!digit(c) && !(count == 15 && (c == 'X' || c == 'x'))))
            return false;
        last = digit(c) ? (unsigned)(c - '0') : 10;
        if (count++ < 15)
            sum = (sum + last) * 2;
    }
    return count == 16 && (12 - sum % 11) % 11 == last;
}

static bool word(char c)
{
    return letter(c) || digit(c) || c == '_';
}

struct dh_str dh_id_ror(struct dh_arena *arena, struct dh_str text)
{
    bool scheme = take_scheme(&text);
    if (!take(&text, "ror.org/") && scheme)
        return DH_STR_NONE;
    if (text.len == 10 && text.ptr[9] == '/')
        text.len--;
    if (text.len != 9 || text.ptr[0] != '0' || digits(dh_str_from(text, 7)) != 2)
        return DH_STR_NONE;
    for (size_t i = 1; i < 7; i++)
        if (!word(text.ptr[i]))
            return DH_STR_NONE;
    return joined(arena, "https://ror.org/", text);
}

struct dh_str dh_id_funder(struct dh_arena *arena, struct dh_str text)
{
    const char *resolver;
    bool url;
    if (!take_resolver(&text, &resolver, &url))
        return DH_STR_NONE;
    take(&text, "10.13039/");
    if (text.len < 2 || text.ptr[0] == '0' || digits(text) != text.len)
        return DH_STR_NONE;
    return joined(arena, "https://doi.org/10.13039/", text);
}

struct dh_str dh_id_issn(struct dh_arena *arena, struct dh_str text)
{
    if (text.len == 9)
        return text;
    if (text.len != 8)
        return DH_STR_NONE;
    return dh_arena_format(arena, "%.4s-%.4s", text.ptr, text.ptr + 4);
}

/* ---- what kind an identifier is ------------------------------------------------------------- */

static bool labelled_issn(struct dh_str s)
{
    if (!take(&s, "ISSN ") && !take(&s, "eISSN "))
        return false;
    if (s.len < 9 || digits(s) != 4 || s.ptr[4] != '-' || digits(dh_str_from(s, 5)) < 3)
        return false;
    for (size_t i = 8; i < s.len; i++)
        if (!digit(s.ptr[i]) && s.ptr[i] != 'X')
            return false;
    return true;
}

const char *dh_id_type(struct dh_str text)
{
    struct dh_str rest = text;
    const char *resolver;
    bool url;
    if (take_resolver(&rest, &resolver, &url) && doi_fits(rest))
        return "DOI";
    rest = text;
    if (take_scheme(&rest))
        return "URL";
    return labelled_issn(text) ? "ISSN" : NULL;
}

struct dh_str dh_id_type_spelling(struct dh_str type)
{
    static const char *const further[] = {"md5", "minid", "dataguid"};
    size_t count = dh_vocab_count(DH_VOCAB_RELATED_IDENTIFIER_TYPE);
    for (size_t i = 0; i < count; i++) {
        struct dh_str value = dh_str(dh_vocab_value(DH_VOCAB_RELATED_IDENTIFIER_TYPE, i));
        if (dh_str_equal_nocase(value, type))
            return value;
    }
    for (size_t i = 0; i < sizeof(further) / sizeof(further[0]); i++)
        if (dh_str_equal_nocase(dh_str(further[i]), type))
            return dh_str(further[i]);
    return type;
}
