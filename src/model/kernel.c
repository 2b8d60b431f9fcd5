/*
 * A document against the tables, in document order as libxml2 goes: an element's attributes, its
 * children, its text, what it lacks. After the first child that is out of place nothing more of its
 * parent's content is looked at, as libxml2 does.
 */
#include "model/kernel_parts.h"

enum { EXPECTED_MAX = 10 }; /* names that libxml2 lists */

struct checker {
    struct dh_findings *findings;
    struct dh_str ns; /* that elements must have; empty for trees that were made */
};

/* One element being checked. */
struct level {
    const struct dh_xml *element;
    struct dh_kernel_row row;
    size_t at;      /* SEQUENCE: the row that the last child matched */
    unsigned count; /* and how many did */
    uint32_t seen;  /* ALL: which rows were matched */
    bool bad;       /* the content is given up */
};

static bool stopped(const struct checker *checker)
{
    return checker->findings->stop && checker->findings->errors;
}

static void report(struct checker *checker, const struct dh_xml *element, struct dh_str source,
                   const char *rule, struct dh_str message)
{
    dh_findings_add(checker->findings, DH_SEVERITY_ERROR, source, rule, element, message);
}

static void report_element(struct checker *checker, const struct dh_xml *element, const char *rule,
                           struct dh_str message)
{
    struct dh_str source = dh_kernel_source(element->name);
    report(checker, element, dh_arena_copy(checker->findings->arena, source), rule, message);
}

/* ---- attributes ------------------------------------------------------------------------------ */

/* Its name with the namespace in front, as "{namespace}name". */
static struct dh_str attr_name(struct checker *checker, const struct dh_xml_attr *attr)
{
    if (!attr->ns.len)
        return attr->name;
    return dh_arena_format(checker->findings->arena, "{%.*s}%.*s", DH_STR_ARG(attr->ns),
                           DH_STR_ARG(attr->name));
}

/* The API cuts its source off the message, up to the last brace. */
static struct dh_str attr_source(struct checker *checker, const struct dh_xml *element,
                                 const struct dh_xml_attr *attr)
{
    if (attr->ns.len)
        return dh_arena_copy(checker->findings->arena, attr->name);
    return dh_arena_format(checker->findings->arena, "%.*s', attribute '%.*s",
                           DH_STR_ARG(element->name), DH_STR_ARG(attr->name));
}

static bool is_lang(const struct dh_xml_attr *attr)
{
    return dh_str_equal(attr->name, DH_STR("xml:lang")) ||
           (dh_str_equal(attr->name, DH_STR("lang")) && dh_str_equal(attr->ns, DH_STR(DH_XML_NS)));
}

/* Trees that were made carry declarations and prefixes as attributes like others. */
static bool is_declaration(const struct dh_xml_attr *attr)
{
    static const struct dh_str names[] = {
        {"schemaLocation", 14}, {"noNamespaceSchemaLocation", 25}, {"type", 4}, {"nil", 3}};
    if (!attr->ns.len)
        return dh_str_starts(attr->name, DH_STR("xmlns")) ||
               dh_str_starts(attr->name, DH_STR("xsi:"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (dh_str_equal(attr->name, names[i]))
            return dh_str_equal(attr->ns, DH_STR(DH_XSI_NS));
    return false;
}

static const struct dh_kernel_attr *attr_row(const struct dh_kernel_row *row,
                                             const struct dh_xml_attr *attr)
{
    bool lang = is_lang(attr);
    for (size_t i = 0; i < row->attr_count; i++) {
        const struct dh_kernel_attr *known = &row->attrs[i];
        if (known->value == DH_KERNEL_LANG ? lang
                                           : !attr->ns.len && dh_str_equal(known->name, attr->name))
            return known;
    }
    return NULL;
}

static void check_value(struct checker *checker, const struct dh_xml *element,
                        const struct dh_xml_attr *attr, enum dh_kernel_value type)
{
    struct dh_findings *findings = checker->findings;
    struct dh_arena_mark mark = dh_arena_mark(findings->arena);
    const struct dh_finding *last = findings->last;
    struct dh_kernel_fault fault = dh_kernel_value_check(type, attr->value, findings->arena);
    if (fault.rule)
        report(checker, element,
               is_lang(attr) ? DH_STR("lang") : attr_source(checker, element, attr), fault.rule,
               fault.message);
    if (findings->last == last) /* no fault, or one too many */
        dh_arena_rewind(findings->arena, mark);
}

/* No element may be nil: xsi:nil is refused whatever it says. */
static void check_nil(struct checker *checker, const struct dh_xml *element)
{
    for (const struct dh_xml_attr *attr = element->attrs; attr; attr = attr->next) {
        if (!dh_str_equal(attr->name, DH_STR("nil")) || !dh_str_equal(attr->ns, DH_STR(DH_XSI_NS)))
            continue;
        struct dh_str value = dh_str_trim(attr->value);
        if (dh_str_equal(value, DH_STR("true")) || dh_str_equal(value, DH_STR("false")) ||
            dh_str_equal(value, DH_STR("1")) || dh_str_equal(value, DH_STR("0")))
            report_element(checker, element, "nil", DH_STR("The element is not 'nillable'."));
        else
            report(checker, element, DH_STR("nil"), "datatype",
                   dh_arena_format(checker->findings->arena,
                                   "'%.*s' is not a valid value of the atomic type 'xs:boolean'.",
                                   DH_STR_ARG(attr->value)));
    }
}

/* An element without a usable type, and what is in it: xml:lang is known everywhere. */
static void check_any(struct checker *checker, const struct dh_xml *element)
{
    check_nil(checker, element);
    for (const struct dh_xml_attr *attr = element->attrs; attr; attr = attr->next)
        if (is_lang(attr))
            check_value(checker, element, attr, DH_KERNEL_LANG);
    for (const struct dh_xml *child = dh_xml_first(element); child; child = dh_xml_next(child))
        check_any(checker, child);
}

/* The values of known attributes; returns which rows are there. */
static uint32_t check_values(struct checker *checker, const struct level *level)
{
    uint32_t there = 0;
    for (const struct dh_xml_attr *attr = level->element->attrs; attr; attr = attr->next) {
        const struct dh_kernel_attr *row = attr_row(&level->row, attr);
        if (!row)
            continue;
        there |= 1U << (row - level->row.attrs);
        check_value(checker, level->element, attr, row->value);
    }
    return there;
}

static void check_unknown(struct checker *checker, const struct level *level)
{
    for (const struct dh_xml_attr *attr = level->element->attrs; attr; attr = attr->next)
        if (!attr_row(&level->row, attr) && !is_declaration(attr))
            report(checker, level->element, attr_source(checker, level->element, attr),
                   "unknown-attribute",
                   dh_arena_format(checker->findings->arena, "The attribute '%.*s' is not allowed.",
                                   DH_STR_ARG(attr_name(checker, attr))));
}

static void check_attributes(struct checker *checker, const struct level *level)
{
    check_nil(checker, level->element);
    uint32_t there = check_values(checker, level);
    check_unknown(checker, level);
    for (size_t i = 0; i < level->row.attr_count; i++)
        if (level->row.attrs[i].required && !(there & 1U << i))
            report_element(checker, level->element, "required",
                           dh_arena_format(checker->findings->arena,
                                           "The attribute '%.*s' is required but missing.",
                                           DH_STR_ARG(level->row.attrs[i].name)));
}

/* ---- which child may come --------------------------------------------------------------------- */

static bool all_there(const struct level *level)
{
    for (size_t i = 0; i < level->row.child_count; i++)
        if (level->row.children[i].least && !(level->seen & 1U << i))
            return false;
    return true;
}

/* Whether a SEQUENCE may go on with row `i`: those between are there as often as they must. */
static bool reachable(const struct level *level, size_t i)
{
    if (i == level->at)
        return level->count < level->row.children[i].most;
    for (size_t between = level->at; between < i; between++) {
        unsigned count = between == level->at ? level->count : 0;
        if (count < level->row.children[between].least)
            return false;
    }
    return i > level->at;
}

static bool may_come(const struct level *level, size_t i)
{
    switch (level->row.content) {
    case DH_CONTENT_ALL:
        return !(level->seen & 1U << i);
    case DH_CONTENT_CHOICE:
        return true;
    default:
        return reachable(level, i);
    }
}

/* Whether libxml2 names row `i` among those expected: it forgets what need not come any more where
 * it counts, or where any order is allowed. */
static bool is_named(const struct level *level, size_t i)
{
    const struct dh_kernel_child *child = &level->row.children[i];
    if (level->row.content == DH_CONTENT_CHOICE ||
        (level->row.content == DH_CONTENT_ALL && all_there(level)))
        return false;
    if (level->row.content != DH_CONTENT_ALL && i == level->at && child->least > 1 &&
        level->count >= child->least)
        return false;
    return may_come(level, i);
}

/* " Expected is one of ( a, b ).", or nothing. */
static struct dh_str expected_text(struct checker *checker, const struct level *level)
{
    struct dh_arena *arena = checker->findings->arena;
    struct dh_str names = DH_STR("");
    size_t count = 0;
    for (size_t i = 0; i < level->row.child_count && count < EXPECTED_MAX; i++)
        if (is_named(level, i))
            names = dh_arena_format(arena, "%.*s%s{" DH_KERNEL_NS "}%.*s", DH_STR_ARG(names),
                                    count++ ? ", " : "", DH_STR_ARG(level->row.children[i].name));
    if (!count)
        return names;
    return dh_arena_format(arena, " Expected is%s ( %.*s ).", count > 1 ? " one of" : "",
                           DH_STR_ARG(names));
}

static const struct dh_kernel_child *match(struct checker *checker, struct level *level,
                                           const struct dh_xml *child)
{
    if (!dh_str_equal(child->ns, checker->ns))
        return NULL;
    for (size_t i = 0; i < level->row.child_count; i++) {
        if (!dh_str_equal(level->row.children[i].name, child->name) || !may_come(level, i))
            continue;
        level->count = i == level->at ? level->count + 1 : 1;
        level->at = i;
        level->seen |= 1U << i;
        return &level->row.children[i];
    }
    return NULL;
}

static bool complete(const struct level *level)
{
    if (level->row.content == DH_CONTENT_ALL)
        return all_there(level);
    for (size_t i = level->at; i < level->row.child_count; i++)
        if ((i == level->at ? level->count : 0) < level->row.children[i].least)
            return false;
    return true;
}

/* ---- content ---------------------------------------------------------------------------------- */

static void check_element(struct checker *checker, const struct dh_xml *element,
                          enum dh_kernel_type type);

/* What each kind of content says about children and about text that it cannot have. */
static const struct {
    const char *markup, *text;
} refusals[] = {
    [DH_CONTENT_ALL] = {NULL, "Character content other than whitespace is not allowed because the "
                              "content type is 'element-only'."},
    [DH_CONTENT_SEQUENCE] = {NULL, "Character content other than whitespace is not allowed because "
                                   "the content type is 'element-only'."},
    [DH_CONTENT_CHOICE] = {NULL, "Character content other than whitespace is not allowed because "
                                 "the content type is 'element-only'."},
    [DH_CONTENT_COMPLEX] = {"Element content is not allowed, because the content type is a simple "
                            "type definition.",
                            NULL},
    [DH_CONTENT_SIMPLE] = {"Element content is not allowed, because the type definition is simple.",
                           NULL},
    [DH_CONTENT_EMPTY] = {"Element content is not allowed, because the content type is empty.",
                          "Character content is not allowed, because the content type is empty."},
    [DH_CONTENT_ANY] = {NULL, NULL},
};

static void check_text(struct checker *checker, const struct level *level,
                       const struct dh_xml *node)
{
    const char *refusal = refusals[level->row.content].text;
    if (refusal && (level->row.content == DH_CONTENT_EMPTY || !dh_str_blank(node->text)))
        report_element(checker, level->element, "text", dh_str(refusal));
}

static void check_child(struct checker *checker, struct level *level, const struct dh_xml *child)
{
    const char *refusal = refusals[level->row.content].markup;
    if (refusal) {
        level->bad = true;
        report_element(checker, level->element, "markup", dh_str(refusal));
        return;
    }
    const struct dh_kernel_child *row = match(checker, level, child);
    if (row) {
        check_element(checker, child, row->type);
        return;
    }
    level->bad = true;
    report_element(checker, child, "unexpected",
                   dh_arena_format(checker->findings->arena, "This element is not expected.%.*s",
                                   DH_STR_ARG(expected_text(checker, level))));
}

/* The text before any markup: what libxml2 takes for the value. */
static struct dh_str value_of(const struct dh_xml *element)
{
    return element->first && !element->first->name.ptr ? element->first->text : DH_STR("");
}

static void check_end(struct checker *checker, const struct level *level)
{
    if (level->row.value != DH_KERNEL_STRING) {
        struct dh_kernel_fault fault = dh_kernel_value_check(
            level->row.value, value_of(level->element), checker->findings->arena);
        if (fault.rule)
            report_element(checker, level->element, fault.rule, fault.message);
    }
    if (level->bad || complete(level))
        return;
    report_element(checker, level->element, "missing-child",
                   dh_arena_format(checker->findings->arena, "Missing child element(s).%.*s",
                                   DH_STR_ARG(expected_text(checker, level))));
}

/* Recursion is bounded: no type is within itself. */
static void check_element(struct checker *checker, const struct dh_xml *element,
                          enum dh_kernel_type type)
{
    struct level level = {.element = element, .row = dh_kernel_row(type)};
    if (level.row.content == DH_CONTENT_ANY) {
        check_any(checker, element);
        return;
    }
    check_attributes(checker, &level);
    for (const struct dh_xml *node = element->first; node; node = node->next) {
        if (stopped(checker) || level.bad)
            break;
        if (node->name.ptr)
            check_child(checker, &level, node);
        else
            check_text(checker, &level, node);
    }
    if (!stopped(checker))
        check_end(checker, &level);
}

void dh_kernel_check(const struct dh_xml *resource, struct dh_findings *findings)
{
    struct dh_str made = dh_xml_attr(resource, "xmlns"); /* a declaration, when read */
    struct dh_str ns = made.ptr ? made : resource->ns;
    struct checker checker = {.findings = findings, .ns = made.ptr ? DH_STR_NONE : ns};
    if (dh_str_equal(ns, DH_STR(DH_KERNEL_NS)) && dh_str_equal(resource->name, DH_STR("resource")))
        check_element(&checker, resource, DH_TYPE_RESOURCE);
    else
        report_element(&checker, resource, "root",
                       DH_STR("No matching global declaration available for the validation root."));
}
