/*
 * Imports a data file into a store, lists what a filter selects, and shows one record with its
 * history and as a citation.
 *
 *     cc example.c $(pkg-config --cflags --libs doihound) -o example
 *     ./example doihound.db records.jsonl client-id=exmpl.archive 10.82433/a
 */
#include <doihound.h>
#include <inttypes.h>
#include <stdio.h>

static int fail(const struct dh_err *err)
{
    fprintf(stderr, "%s: %s\n", dh_status_text(err->code), err->text);
    return 1;
}

static void complain(void *context, const struct dh_load_report *report)
{
    (void)context;
    fprintf(stderr, "%s:%" PRIu64 ": %s%s\n", report->file, report->line,
            report->status ? "" : "mended: ", report->text);
}

static int import(struct dh *dh, const char *path)
{
    struct dh_load_options options = {.report = complain};
    struct dh_load_counts counts;
    struct dh_err err;
    if (dh_load_files(dh, &path, 1, &options, &counts, &err) != DH_OK)
        return fail(&err);
    printf("%" PRIu64 " created, %" PRIu64 " updated, %" PRIu64 " bad\n", counts.created,
           counts.updated, counts.bad);
    return 0;
}

static int list(struct dh *dh, const char *filter)
{
    struct dh_list *list;
    struct dh_err err;
    const char *json;
    enum dh_status status;
    if (dh_list_new(dh, filter, &list, &err) != DH_OK)
        return fail(&err);
    while ((status = dh_list_next(list, &json, NULL, &err)) == DH_OK)
        printf("%s\n", json);
    printf("%" PRIu64 " records\n", dh_list_total(list));
    dh_list_free(list);
    return status == DH_DONE ? 0 : fail(&err);
}

static int show(struct dh *dh, const char *doi)
{
    struct dh_err err;
    char *record, *history;
    if (dh_get(dh, doi, "affiliation=true", &record, NULL, &err) != DH_OK)
        return fail(&err);
    printf("%s\n", record);
    dh_free(record);
    if (dh_history(dh, doi, &history, NULL, &err) != DH_OK)
        return fail(&err);
    printf("%s\n", history);
    dh_free(history);
    char *citation;
    if (dh_cite(dh, doi, NULL, NULL, &citation, NULL, &err) != DH_OK)
        return fail(&err);
    printf("%s\n", citation);
    dh_free(citation);
    return 0;
}

int main(int argc, char **argv)
{
    struct dh *dh;
    struct dh_err err;
    if (argc < 4) {
        fprintf(stderr, "usage: %s STORE FILE FILTER [DOI]\n", argv[0]);
        return 2;
    }
    if (dh_open(argv[1], DH_OPEN_CREATE, &dh, &err) != DH_OK)
        return fail(&err);
    int failed = import(dh, argv[2]) || list(dh, argv[3]) || (argc > 4 && show(dh, argv[4]));
    dh_close(dh);
    return failed;
}
