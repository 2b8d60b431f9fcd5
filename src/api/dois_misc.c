/* The small routes below /dois: random names, landing page, media, metadata. */
#include <sys/random.h>

#include "api/dois.h"

/* ---- /dois/random --------------------------------------------------------------------------- */

static const uint64_t random_limit = 1073741823;

enum { CODE_LENGTH = 6, GROUP = 4, CODE_MAX = 24 };

/*
 * A number as DataCite's suffixes write it: base 32 without i, l, o and u, at least six digits, two
 * decimal check digits, a hyphen between each four counted from the end.
 */
static struct dh_str encode(struct dh_arena *arena, uint64_t number)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char text[CODE_MAX];
    size_t at = sizeof(text), length = 0;
    unsigned check = 98 - (unsigned)(number % 97 * 100 % 97);
    const char tail[2] = {(char)('0' + check % 10), (char)('0' + check / 10)};
    for (uint64_t rest = number; rest || length < CODE_LENGTH + 2; length++) {
        if (length && length % GROUP == 0)
            text[--at] = '-';
        text[--at] = length < 2 ? tail[length] : digits[rest % 32];
        rest = length < 2 ? rest : rest / 32;
    }
    return dh_arena_copy(arena, (struct dh_str){text + at, sizeof(text) - at});
}

static uint64_t random_number(void)
{
    uint64_t number;
    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
        number = (uint64_t)dh_time_now();
    return number % random_limit;
}

/* All digits of the text as one number; 0 when there are none or too many. */
static uint64_t digits_of(struct dh_str text)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            continue;
        if (number > UINT64_MAX / 100)
            return 0;
        number = number * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return number;
}

/* "10." and at least four digits. */
static bool usable_prefix(struct dh_str prefix)
{
    size_t digits = 0;
    if (!dh_str_starts(prefix, DH_STR("10.")))
        return false;
    for (size_t i = 3; i < prefix.len; i++, digits++)
        if (prefix.ptr[i] < '0' || prefix.ptr[i] > '9')
            return false;
    return digits >= 4;
}

static bool has_number(const uint64_t *numbers, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

/* The shape of errors that upstream does not handle. */
static void reply_unhandled(struct dh_call *call, const char *title)
{
    call->raised = true;
    call->response->status = 500;
    dh_buf_char(call->out, '{');
    dh_put_int(call->out, "status", 400);
    dh_put_text(call->out, "title", title);
    dh_buf_char(call->out, '}');
}

static void write_random(struct dh_call *call, struct dh_str prefix, struct dh_str shoulder,
                         size_t size)
{
    uint64_t given = digits_of(dh_params_get(call->params, "number", NULL));
    uint64_t *numbers = dh_arena_array(call->arena, size + 1, sizeof(*numbers));
    struct dh_buf name;
    size_t count = 0;
    dh_buf_init(&name, DH_DOI_MAX + CODE_MAX);
    dh_buf_text(call->out, "{\"dois\":[");
    for (size_t i = 0; numbers && i < size; i++) {
        uint64_t number = given ? given : random_number();
        if (has_number(numbers, count, number))
            continue;
        dh_buf_clear(&name);
        dh_buf_str(&name, prefix);
        dh_buf_char(&name, '/');
        dh_buf_str(&name, shoulder);
        dh_buf_text(&name, shoulder.len ? "-" : "");
        dh_buf_str(&name, encode(call->arena, number));
        if (count)
            dh_buf_char(call->out, ',');
        dh_json_string(call->out, dh_buf_view(&name), DH_JSON_HTML);
        numbers[count++] = number;
    }
    dh_buf_text(call->out, "]}");
    if (!numbers || name.status)
        call->out->status = DH_MEMORY;
    dh_buf_release(&name);
}

void dh_dois_random(struct dh_call *call)
{
    struct dh_str wanted = dh_params_get(call->params, "prefix", NULL);
    struct dh_str size = dh_params_get(call->params, "size", NULL);
    size_t slash = dh_str_find(wanted, '/');
    struct dh_str prefix = {wanted.ptr, slash}, shoulder = dh_str_from(wanted, slash + 1);
    int64_t count = dh_str_blank(size) ? 1 : dh_str_integer(size);
    call->passing = true;
    call->response->no_etag = true;
    if (dh_str_blank(wanted)) {
        dh_reply_error(call, 422, "Parameter prefix is required");
        call->raised = false; /* upstream answers this one itself: it carries the identity header */
    } else if (!usable_prefix(prefix) || wanted.len > DH_DOI_MAX) {
        reply_unhandled(call, "No valid prefix found");
    } else {
        count = count < 0 ? 0 : count > DH_LIST_ITEMS_MAX ? DH_LIST_ITEMS_MAX : count;
        write_random(call, prefix, shoulder, (size_t)count);
    }
}

/* ---- below a DOI ---------------------------------------------------------------------------- */

/* The landing page as stored: there is no handle server to ask. */
void dh_dois_get_url(struct dh_call *call)
{
    struct dh_hit hit;
    if (!dh_doi_find(call, &hit))
        return;
    struct dh_str url = dh_wire_value(&hit.wire, DH_ATTR_URL, DH_FORM_PLAIN);
    if (!url.len || dh_str_equal(url, DH_STR("null"))) {
        call->response->status = 204;
        return;
    }
    dh_buf_text(call->out, "{\"url\":");
    dh_buf_str(call->out, url);
    dh_buf_char(call->out, '}');
}

/* No media are stored: contentUrl is an attribute of the record. */
void dh_dois_media(struct dh_call *call)
{
    struct dh_paging paging;
    struct dh_hit hit;
    if (!dh_doi_find(call, &hit) || !dh_paging_read(call, &paging))
        return;
    dh_buf_text(call->out, "{\"data\":[],\"meta\":{");
    dh_put_paging(call, &paging, 0);
    dh_buf_char(call->out, '}');
    dh_put_links(call, "/media", &paging, 0, 0, DH_STR_NONE);
    dh_buf_char(call->out, '}');
}

void dh_dois_medium(struct dh_call *call)
{
    dh_reply_missing(call);
}

void dh_dois_metadata(struct dh_call *call)
{
    dh_reply_missing(call);
}
