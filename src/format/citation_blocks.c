/* Walking the blocks of a style: what the record lacks leaves no trace. */
#include "format/citation.h"

struct group {
    const char *delimiter; /* or NULL */
    bool begun;            /* a part of it is there or waits */
};

bool dh_cite_has(const struct dh_cite *cite, unsigned element)
{
    if (element <= DH_CITE_LAST_NAMES)
        return cite->people[element].count > 0;
    if (element <= DH_CITE_LAST_ADDRESS)
        return cite->texts[element].len > 0;
    return element == DH_CITE_MONTH_DAY ? cite->month > 0 : cite->year != 0;
}

static void begin_part(struct dh_cite *cite, struct group *group)
{
    if (group->begun && group->delimiter)
        dh_out_wait(&cite->out, dh_str(group->delimiter), false);
}

/* ---- elements ------------------------------------------------------------------------------- */

static void add_text(struct dh_cite *cite, const struct dh_cite_block *block)
{
    struct dh_cite_out *out = &cite->out;
    unsigned look = block->look;
    struct dh_str text = cite->texts[block->what];
    if ((look & DH_LOOK_HEADLINE) && cite->english)
        look |= DH_LOOK_TITLE;
    text = dh_cite_dress(cite->arena, text, look, cite->locale);
    dh_out_open_fonts(out, look);
    if (look & DH_LOOK_QUOTES)
        dh_out_quoted(out, text);
    else
        dh_out_value(out, text);
    dh_out_close_fonts(out, look);
}

static void add_element(struct dh_cite *cite, const struct dh_cite_block *block)
{
    if (block->what == DH_CITE_AUTHORS || block->what == DH_CITE_EDITORS_FIRST)
        dh_cite_names(cite, &cite->style->authors, &cite->people[block->what]);
    else if (block->what <= DH_CITE_LAST_NAMES)
        dh_cite_names(cite, &cite->style->editors, &cite->people[block->what]);
    else if (block->what <= DH_CITE_LAST_TEXT)
        add_text(cite, block);
    else if (block->what <= DH_CITE_LAST_ADDRESS)
        dh_out_address(&cite->out, cite->texts[block->what]);
    else {
        dh_out_open_fonts(&cite->out, block->look);
        dh_out_value(&cite->out, dh_cite_date(cite, block->what));
        dh_out_close_fonts(&cite->out, block->look);
    }
}

static void add_item(struct dh_cite *cite, const struct dh_cite_block *block, struct group *group)
{
    if (!dh_cite_has(cite, block->what))
        return;
    begin_part(cite, group);
    if (block->before)
        dh_out_wait(&cite->out, dh_str(block->before), false);
    add_element(cite, block);
    cite->out.contents++;
    if (block->after)
        dh_out_text(&cite->out, dh_str(block->after));
    group->begun = true;
}

/* ---- words ---------------------------------------------------------------------------------- */

static bool is_plural(const struct dh_cite *cite, unsigned element)
{
    if (element == DH_CITE_NONE)
        return false;
    if (element <= DH_CITE_LAST_NAMES)
        return cite->people[element].count > 1;
    struct dh_str text = cite->texts[element];
    return element == DH_CITE_PAGE ? dh_cite_is_plural_page(text) : dh_cite_is_plural_number(text);
}

static bool follows_comma(const struct dh_cite_out *out)
{
    return out->pending_count &&
           dh_str_equal(out->pending[out->pending_count - 1].text, DH_STR(", "));
}

/* A word waits for an element of its group, unless there was one. */
static void add_word(struct dh_cite *cite, const struct dh_cite_block *block, struct group *group,
                     size_t contents)
{
    struct dh_str word = dh_str(block->text);
    unsigned look = block->look;
    if ((look & DH_LOOK_SENTENCE) && !follows_comma(&cite->out))
        look |= DH_LOOK_CAPITAL;
    if (block->kind == DH_BLOCK_TERM) {
        enum dh_cite_word which = (enum dh_cite_word)(block->what + is_plural(cite, block->about));
        word = dh_cite_dress(cite->arena, dh_str(dh_cite_word(cite->locale, which)), look,
                             cite->locale);
    }
    begin_part(cite, group);
    dh_out_wait(&cite->out, dh_str(block->before), false);
    dh_out_wait(&cite->out, word, false);
    dh_out_wait(&cite->out, dh_str(block->after), false);
    if (cite->out.contents > contents)
        dh_out_flush(&cite->out);
    group->begun = true;
}

/* ---- groups and conditions ------------------------------------------------------------------- */

static const struct dh_cite_block *add_parts(struct dh_cite *cite,
                                             const struct dh_cite_block *block, struct group *group,
                                             size_t contents);

static const struct dh_cite_block *add_group(struct dh_cite *cite,
                                             const struct dh_cite_block *block, struct group *outer)
{
    struct dh_cite_out *out = &cite->out;
    struct group group = {.delimiter = block->text};
    size_t contents = out->contents, pending = out->pending_count;
    begin_part(cite, outer);
    dh_out_wait(out, dh_str(block->before), false);
    dh_out_open_fonts(out, block->look);
    const struct dh_cite_block *end = add_parts(cite, block + 1, &group, contents);
    if (out->contents == contents) {
        out->pending_count = pending;
        return end + 1;
    }
    dh_out_close_fonts(out, block->look);
    if (block->after)
        dh_out_text(out, dh_str(block->after));
    outer->begun = true;
    return end + 1;
}

static bool is_choice(const struct dh_cite_block *block)
{
    return block->kind == DH_BLOCK_IF || block->kind == DH_BLOCK_IF_NUMBER ||
           block->kind == DH_BLOCK_IF_TYPE;
}

/* To the ELSE or FI that belongs to where `block` stands. */
static const struct dh_cite_block *skip(const struct dh_cite_block *block)
{
    for (size_t depth = 0;; block++) {
        bool end = block->kind == DH_BLOCK_FI;
        if (depth == 0 && (end || block->kind == DH_BLOCK_ELSE))
            return block;
        depth += is_choice(block);
        depth -= end;
    }
}

static const struct dh_cite_block *add_choice(struct dh_cite *cite,
                                              const struct dh_cite_block *block,
                                              struct group *group, size_t contents)
{
    bool holds = block->kind == DH_BLOCK_IF_TYPE ? dh_cite_is_type(cite, block->text)
                                                 : dh_cite_has(cite, block->what);
    if (block->kind == DH_BLOCK_IF_NUMBER)
        holds = holds && dh_cite_is_number(cite->texts[block->what]);
    const struct dh_cite_block *end =
        holds ? add_parts(cite, block + 1, group, contents) : skip(block + 1);
    if (end->kind == DH_BLOCK_ELSE)
        end = holds ? skip(end + 1) : add_parts(cite, end + 1, group, contents);
    return end + 1;
}

/* Until the end of the group, choice or list; returns what ended it. `contents`: how many elements
 * there were when the group began. */
static const struct dh_cite_block *add_parts(struct dh_cite *cite,
                                             const struct dh_cite_block *block, struct group *group,
                                             size_t contents)
{
    for (;;) {
        switch (block->kind) {
        case DH_BLOCK_ITEM:
            add_item(cite, block++, group);
            break;
        case DH_BLOCK_TERM:
        case DH_BLOCK_TEXT:
            add_word(cite, block++, group, contents);
            break;
        case DH_BLOCK_OPEN:
            block = add_group(cite, block, group);
            break;
        case DH_BLOCK_IF:
        case DH_BLOCK_IF_NUMBER:
        case DH_BLOCK_IF_TYPE:
            block = add_choice(cite, block, group, contents);
            break;
        case DH_BLOCK_PART:
            add_parts(cite, block->part, group, contents);
            block++;
            break;
        default:
            return block;
        }
    }
}

void dh_cite_blocks(struct dh_cite *cite, const struct dh_cite_block *blocks)
{
    struct group group = {.delimiter = NULL};
    add_parts(cite, blocks, &group, 0);
    cite->out.pending_count = 0;
}
