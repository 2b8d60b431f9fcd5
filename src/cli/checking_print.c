#include "cli/checking_print.h"

#include "base/json.h"
#include "cli/text.h"

static const char *severity_of(const struct dh_finding *finding)
{
    return finding->severity == DH_SEVERITY_ERROR ? "error" : "warning";
}

/* ---- lines -------------------------------------------------------------------------------------- */

/* "creatorName', attribute 'nameType", as the API has it, is creatorName@nameType. */
static void print_property(struct dh_str source)
{
    const struct dh_str between = DH_STR("', attribute '");
    for (size_t i = 0; i < source.len; i++)
        if (dh_str_starts(dh_str_from(source, i), between)) {
            dh_text_write(stdout, (struct dh_str){source.ptr, i});
            fputc('@', stdout);
            source = dh_str_from(source, i + between.len);
            break;
        }
    dh_text_write(stdout, source);
}

static void print_clean(struct dh_str text, struct dh_arena *arena)
{
    dh_text_write(stdout, dh_text_clean(arena, text));
}

static void print_line(const struct dh_finding_printer *printer, const struct dh_finding *finding,
                       struct dh_arena *arena)
{
    print_clean(printer->name, arena);
    if (finding->line)
        printf(":%u:%u", finding->line, finding->column);
    else if (printer->several)
        printf(": record %zu", finding->record + 1);
    if (!finding->line && finding->pointer.len) {
        fputs(": ", stdout);
        print_clean(finding->pointer, arena);
    }
    printf(": %s: ", severity_of(finding));
    print_property(dh_text_clean(arena, finding->source));
    fputs(": ", stdout);
    print_clean(finding->message, arena);
    printf(" [%.*s]\n", DH_STR_ARG(finding->rule));
}

/* ---- JSON Lines ------------------------------------------------------------------------------------ */

static void add_text(struct dh_buf *line, const char *key, struct dh_str text,
                     struct dh_arena *arena)
{
    dh_buf_printf(line, "%s\"%s\":", line->len > 1 ? "," : "", key);
    dh_json_string(line, dh_utf8_clean(arena, text), DH_JSON_PLAIN);
}

static void add_number(struct dh_buf *line, const char *key, uint64_t number)
{
    dh_buf_printf(line, "%s\"%s\":%llu", line->len > 1 ? "," : "", key, (unsigned long long)number);
}

static void begin(struct dh_buf *line, const struct dh_finding_printer *printer,
                  struct dh_arena *arena)
{
    dh_buf_init(line, DH_RECORD_MAX);
    dh_buf_char(line, '{');
    add_text(line, printer->stored ? "doi" : "file", printer->name, arena);
}

static void end(struct dh_buf *line)
{
    dh_buf_text(line, "}\n");
    if (!line->status)
        dh_text_write(stdout, dh_buf_view(line));
    dh_buf_release(line);
}

static void print_json(const struct dh_finding_printer *printer, const struct dh_finding *finding,
                       struct dh_arena *arena)
{
    struct dh_buf line;
    begin(&line, printer, arena);
    if (!printer->stored)
        add_number(&line, "record", finding->record + 1);
    if (finding->line) {
        add_number(&line, "line", finding->line);
        add_number(&line, "column", finding->column);
    }
    if (finding->pointer.ptr)
        add_text(&line, "pointer", finding->pointer, arena);
    add_text(&line, "severity", dh_str(severity_of(finding)), arena);
    add_text(&line, "property", finding->source, arena);
    add_text(&line, "rule", finding->rule, arena);
    add_text(&line, "message", finding->message, arena);
    end(&line);
}

void dh_finding_print(const struct dh_finding_printer *printer, const struct dh_finding *finding,
                      struct dh_arena *arena)
{
    if (printer->json)
        print_json(printer, finding, arena);
    else
        print_line(printer, finding, arena);
}

/* ---- what cannot be read --------------------------------------------------------------------------- */

void dh_fault_print(const struct dh_finding_printer *printer, const struct dh_place *place,
                    const struct dh_err *err, struct dh_arena *arena)
{
    struct dh_buf line;
    if (!printer->json) {
        dh_place_complain(place, err);
        return;
    }
    begin(&line, printer, arena);
    if (place->line) {
        add_number(&line, "line", place->line);
        add_number(&line, "byte", place->byte);
    }
    add_text(&line, "severity", DH_STR("error"), arena);
    add_text(&line, "rule", DH_STR("unreadable"), arena);
    add_text(&line, "message", dh_str(err->text), arena);
    end(&line);
}
