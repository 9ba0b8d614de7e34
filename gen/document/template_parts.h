#ifndef DOCUMENT_TEMPLATE_PARTS_H
#define DOCUMENT_TEMPLATE_PARTS_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/limits.h"
#include "document/tree.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stddef.h>

/* What a template is once it is parsed; shared by the template_* files of this stage. */

#define TEMPLATE_NONE ((size_t)-1)
/* The query `report`, the sections inside one another, and a table's own query. */
#define TEMPLATE_FRAMES (LIMIT_TEMPLATE_DEPTH + 2)

/* Where a name leads: a column of the current row of an enclosing query. Frame 0 is the query `report`. */
struct template_reference {
    size_t frame;
    int column;
};

struct template_parameter {
    const char *name;
    struct template_reference from;
};

/* A query as one place of the template uses it. */
struct template_use {
    size_t query; /* into template.queries */
    struct template_parameter *parameters;
    size_t parameter_count;
};

enum template_part_kind {
    PART_TEXT,
    PART_VALUE,    /* {{name}} */
    PART_MARKDOWN, /* {{{name}}} */
    PART_SECTION,  /* {{#name}}: until names are resolved; then one of the next two */
    PART_ROWS,
    PART_IF,
    PART_INVERTED, /* {{^name}}: likewise */
    PART_NO_ROWS,
    PART_UNLESS,
    PART_TABLE,
    PART_CHART,
    PART_PAGE_BREAK
};

struct template_parts {
    struct template_part *items;
    size_t count;
};

struct template_part {
    enum template_part_kind kind;
    struct place place;
    const char *text; /* PART_TEXT: its text; tables and charts: their YAML; else the name */
    size_t length;
    struct template_parts inner;         /* sections */
    struct template_reference reference; /* values and conditions */
    struct template_use use;             /* rows */
    struct template_table *table;
    struct template_chart *chart;
};

struct template_column {
    int alignment; /* enum alignment */
    double width;
    bool code;
    bool optional; /* left out where no row has anything in it */
    const struct yaml_node *title_node, *value_node, *link_node, *badge_node;
    struct template_parts title; /* in the enclosing scope */
    struct template_parts value, link, badge;
};

struct template_table {
    const char *query;
    const struct yaml_node *caption_node, *empty_node, *columns_node;
    struct template_use use;
    struct template_parts caption, empty; /* in the enclosing scope */
    struct template_column *columns;      /* in the rows of the query */
    size_t column_count;
};

/* The texts of a chart's block: what each row adds, but for the caption. */
enum template_chart_text {
    CHART_CAPTION, /* in the enclosing scope */
    CHART_BY,
    CHART_PANEL,
    CHART_NOTE,
    CHART_LABEL,
    CHART_VALUE,
    CHART_PRINTED,
    CHART_TARGET,
    CHART_FULL,
    CHART_TEXTS
};

struct template_chart {
    const char *query;
    int kind; /* enum chart_kind */
    int64_t least;
    const struct yaml_node *nodes[CHART_TEXTS];
    struct template_parts texts[CHART_TEXTS];
    struct template_use use;
};

struct template_query {
    const char *name; /* first, for text_nearest */
    struct guard_query *prepared;
    bool open; /* an enclosing section is reading it */
};

/* The texts of the head. */
enum template_text {
    TEXT_TITLE,
    TEXT_SUBTITLE,
    TEXT_ORGANISATION,
    TEXT_SYSTEM,
    TEXT_STATEMENT,
    TEXT_NOTICE,
    TEXT_CONFIDENTIALITY,
    TEXT_COUNT
};

struct template {
    struct arena *arena;
    const char *path;
    struct guard *guard;
    struct template_query *queries;
    size_t query_count;
    size_t report; /* the query `report`, or TEMPLATE_NONE */
    struct template_parts texts[TEXT_COUNT];
    struct template_parts body;
};

/* Reports that memory ran out. Always false. */
static inline bool template_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading a template");
    return false;
}

#endif
