#include "cli/querying.h"

#include "cli/text.h"

enum { SHOWN_MAX = 1000 /* a longer query is not repeated */ };

/* The query on one line, and a caret under byte `at`. */
static void point_at(struct dh_cli *cli, struct dh_str query, size_t at)
{
    if (query.len > SHOWN_MAX)
        return;
    struct dh_str before = dh_text_clean(&cli->arena, (struct dh_str){query.ptr, at});
    bool space = at && (query.ptr[at - 1] == ' ' || query.ptr[at - 1] == '\t');
    struct dh_str all = dh_text_clean(&cli->arena, query);
    size_t cells = dh_text_width(before) + (space ? 1 : 0);
    fprintf(stderr, "  %.*s\n  %*s^\n", DH_STR_ARG(all), (int)cells, "");
}

static int say_invalid(struct dh_cli *cli, struct dh_str query, struct dh_str why)
{
    if (why.len)
        dh_say("the query cannot be understood: %.*s", DH_STR_ARG(why));
    else
        dh_say("the query cannot be understood: %s", cli->err.text);
    point_at(cli, query, cli->err.pos < query.len ? cli->err.pos : query.len);
    return DH_EXIT_USAGE;
}

int dh_querying_read(struct dh_cli *cli, struct dh_str text, struct dh_query *out)
{
    struct dh_str why = DH_STR_NONE;
    enum dh_status status = dh_query_parse(DH_QUERY_DOIS, text, out, &why, &cli->arena, &cli->err);
    if (status == DH_INVALID || status == DH_LIMIT)
        return say_invalid(cli, text, why);
    if (status)
        return dh_cli_failed(cli, status);
    for (size_t i = 0; i < out->warning_count; i++) {
        dh_say("warning: %.*s", DH_STR_ARG(out->warnings[i].text));
        point_at(cli, out->given, out->warnings[i].at);
    }
    return DH_EXIT_OK;
}
