#include "cli/pages.h"

#include "cli/json_path.h"
#include "cli/text.h"

bool dh_list_page_take(struct dh_str *data, struct dh_str *resource)
{
    if (data->len == 0)
        return false;
    size_t end = dh_json_text_end(*data, 0);
    *resource = (struct dh_str){data->ptr, end};
    *data = dh_str_from(*data, end + 1); /* and the comma */
    return true;
}

/* `{"data":[...],"meta":...}` without its first member, parsed. */
static enum dh_status parse_rest(struct dh_str rest, struct json_object **out, struct dh_err *err)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_RESPONSE_MAX);
    dh_buf_char(&text, '{');
    dh_buf_str(&text, rest);
    enum dh_status status = text.status;
    if (!status)
        status = dh_json_parse(dh_buf_view(&text), out, err);
    dh_buf_release(&text);
    return status;
}

enum dh_status dh_list_page_open(struct dh_str body, struct dh_list_page *page,
                                 struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_str head = DH_STR("{\"data\":[");
    struct json_object *rest = NULL;
    *page = (struct dh_list_page){.next = DH_STR_NONE};
    if (!dh_str_starts(body, head))
        return dh_fail(err, DH_CORRUPT, "the API gave no list");
    size_t end = dh_json_text_end(body, head.len - 1);
    page->data = (struct dh_str){body.ptr + head.len, end - 1 - head.len};
    enum dh_status status = parse_rest(dh_str_from(body, end + 1), &rest, err);
    if (status)
        return status;
    struct json_object *total = dh_json_get(dh_json_get(rest, "meta"), "total");
    struct dh_str next = dh_json_member(dh_json_get(rest, "links"), "next");
    page->total = total ? (uint64_t)json_object_get_int64(total) : 0;
    if (next.ptr)
        page->next = dh_arena_copy(arena, next);
    json_object_put(rest);
    return DH_OK;
}

int dh_list_walk(struct dh_cli *cli, struct dh_str target, dh_each_resource *each, void *context,
                 uint64_t *total)
{
    struct dh_arena arenas[2]; /* the target of one page lies in the arena of the one before */
    int result = DH_EXIT_OK;
    dh_arena_init(&arenas[0], DH_ARENA_MAX);
    dh_arena_init(&arenas[1], DH_ARENA_MAX);
    for (size_t i = 0; target.ptr && !result; i++) {
        struct dh_arena *arena = &arenas[i % 2];
        struct dh_list_page page;
        struct dh_str resource;
        struct dh_buf body;
        dh_arena_clear(arena);
        result = dh_cli_ask(cli, target, &body);
        if (result)
            break;
        if (dh_list_page_open(dh_buf_view(&body), &page, arena, &cli->err))
            result = dh_cli_failed(cli, DH_CORRUPT);
        if (i == 0 && total)
            *total = page.total;
        while (!result && dh_list_page_take(&page.data, &resource))
            result = each(context, resource);
        target = page.next;
        dh_buf_release(&body);
    }
    dh_arena_release(&arenas[0]);
    dh_arena_release(&arenas[1]);
    return result;
}

void dh_list_note_cut(struct dh_cli *cli, uint64_t shown, uint64_t total)
{
    if (shown < total)
        dh_say("%.*s of %.*s; --all for all", DH_STR_ARG(dh_text_number(&cli->arena, shown)),
               DH_STR_ARG(dh_text_number(&cli->arena, total)));
}

static int print_resource(void *context, struct dh_str resource)
{
    uint64_t *count = context;
    if ((*count)++)
        fputc(',', stdout);
    dh_text_write(stdout, resource);
    return ferror(stdout) ? DH_EXIT_FAILED : DH_EXIT_OK;
}

static int print_all(struct dh_cli *cli, struct dh_str target, uint64_t *total)
{
    uint64_t count = 0;
    fputs("{\"data\":[", stdout);
    int result = dh_list_walk(cli, target, print_resource, &count, total);
    if (!result)
        printf("],\"meta\":{\"total\":%llu}}\n", (unsigned long long)*total);
    return result;
}

int dh_list_print(struct dh_cli *cli, struct dh_str target, bool all, uint64_t *total)
{
    struct dh_list_page page;
    struct dh_str resource;
    struct dh_buf body;
    uint64_t count = 0;
    *total = 0;
    if (all)
        return print_all(cli, target, total);
    int result = dh_cli_ask(cli, target, &body);
    if (result)
        return result;
    dh_text_write(stdout, dh_buf_view(&body));
    fputc('\n', stdout);
    if (!dh_list_page_open(dh_buf_view(&body), &page, &cli->arena, NULL)) {
        while (dh_list_page_take(&page.data, &resource))
            count++;
        dh_list_note_cut(cli, count, page.total);
        *total = page.total;
    }
    dh_buf_release(&body);
    return DH_EXIT_OK;
}
