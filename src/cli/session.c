/* Opening the store, and asking the API without a server. */
#include "cli/cli.h"

int dh_cli_open(struct dh_cli *cli, enum dh_store_mode mode, bool reader)
{
    enum dh_status status = dh_store_open(cli->store_path, mode, &cli->store, &cli->err);
    if (!status && reader)
        status = dh_reader_open(cli->store, &cli->reader, &cli->err);
    return status ? dh_cli_no_store(cli, status) : DH_EXIT_OK;
}

void dh_cli_close(struct dh_cli *cli)
{
    if (cli->api)
        dh_api_close(cli->api);
    if (cli->reader)
        dh_reader_close(cli->reader);
    if (cli->store)
        dh_store_close(cli->store);
    dh_arena_release(&cli->arena);
}

/* The title of the first error of a JSON:API error document, or of upstream's odd shape. */
static struct dh_str error_title(struct dh_str body, struct dh_arena *arena)
{
    struct json_object *document = NULL;
    if (dh_json_parse(body, &document, NULL))
        return DH_STR("the request failed");
    struct json_object *errors = dh_json_get(document, "errors");
    if (json_object_is_type(errors, json_type_array))
        errors = json_object_array_get_idx(errors, 0);
    struct dh_str title = dh_arena_copy(arena, dh_json_member(errors, "title"));
    json_object_put(document);
    return title;
}

int dh_cli_ask(struct dh_cli *cli, struct dh_str target, struct dh_buf *body)
{
    const struct dh_api_options options = {
        .owner = true, .explain = true, .version = DOIHOUND_VERSION};
    enum dh_status status = DH_OK;
    struct dh_arena arena;
    struct dh_response response = {.status = 200};
    if (!cli->api)
        status = dh_api_open(cli->store, &options, &cli->api, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&response.body, DH_RESPONSE_MAX);
    dh_api_get(cli->api, cli->reader, target, DH_STR(""), &arena, &response);
    int result = DH_EXIT_OK;
    if (response.body.status)
        result = dh_cli_no_memory();
    else if (response.status >= 400)
        result = response.status >= 500 ? DH_EXIT_FAILED : DH_EXIT_MISS;
    if (result && !response.body.status)
        dh_say("%.*s", DH_STR_ARG(error_title(dh_buf_view(&response.body), &arena)));
    if (response.status >= 500)
        dh_say("'doihound status --check' looks for damage");
    if (result)
        dh_buf_release(&response.body);
    *body = response.body;
    dh_arena_release(&arena);
    return result;
}

int dh_cli_find(struct dh_cli *cli, const char *word, struct dh_hit *hit, struct dh_arena *arena)
{
    struct dh_str doi = dh_doi_parse(arena, dh_str(word));
    if (!doi.ptr) {
        dh_say("'%.100s' is no DOI", word);
        return DH_EXIT_MISS;
    }
    enum dh_status status = dh_store_get(cli->reader, doi, hit, arena, &cli->err);
    if (status == DH_NOT_FOUND) {
        dh_say("the store has no record of %s", word);
        return DH_EXIT_MISS;
    }
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}

void dh_cli_note_empty(struct dh_cli *cli)
{
    struct dh_store_stats stats;
    if (dh_store_stats(cli->reader, &stats, NULL) == DH_OK && stats.records == 0)
        dh_say("the store %s is empty; fill it with 'doihound import --sample' or 'doihound "
               "import FILE'",
               cli->store_path);
}
