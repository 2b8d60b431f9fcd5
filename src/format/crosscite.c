/* Crosscite JSON: DataCite JSON with the record's own members in snake_case. */
#include "format/json_readers.h"
#include "format/json_trees.h"
#include "format/parts.h"
#include "format/rows.h"

/* "rights_list" of "rightsList"; NULL when the arena is full. */
static const char *snake_case(struct dh_arena *arena, const char *key)
{
    char *out = dh_arena_alloc(arena, 2 * strlen(key) + 1);
    for (size_t at = 0; out && *key; key++) {
        bool capital = *key >= 'A' && *key <= 'Z';
        if (capital)
            out[at++] = '_';
        out[at++] = (char)(capital ? *key - 'A' + 'a' : *key);
    }
    return out;
}

static enum dh_status write_record(struct json_object *metadata,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    (void)options;
    struct json_object *tree = dh_datacite_json_tree(metadata, arena);
    struct json_object *renamed = tree ? json_object_new_object() : NULL;
    if (renamed) {
        json_object_object_foreach(tree, key, value)
        {
            const char *name = snake_case(arena, key);
            if (name)
                dh_put_ref(renamed, name, value);
        }
    }
    json_object_put(tree);
    return dh_json_tree_write(renamed, out, err);
}

const struct dh_format dh_format_crosscite = {
    .name = "crosscite",
    .title = "Crosscite JSON",
    .type = "application/vnd.crosscite.crosscite+json",
    .flags = DH_FORMAT_UPSTREAM | DH_FORMAT_JSON,
    .open = "[\n",
    .join = ",\n",
    .close = "\n]",
    .write = write_record,
    .read = dh_crosscite_read,
    .fits = dh_crosscite_fits,
};
