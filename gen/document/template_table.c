#include "document/template_table.h"

#include "config/decode.h"
#include "document/template_parse.h"

#include <stdlib.h>
#include <string.h>

static const char *const template_alignments[] = {"left", "centre", "right", NULL};

static const struct decode_field template_table_fields[] = {
    {"query", DECODE_NAME, offsetof(struct template_table, query), true, NULL},
    {"caption", DECODE_NODE, offsetof(struct template_table, caption_node), false, NULL},
    {"empty", DECODE_NODE, offsetof(struct template_table, empty_node), false, NULL},
    {"columns", DECODE_NODE, offsetof(struct template_table, columns_node), true, NULL},
};
static const struct decode_field template_column_fields[] = {
    {"title", DECODE_NODE, offsetof(struct template_column, title_node), true, NULL},
    {"value", DECODE_NODE, offsetof(struct template_column, value_node), true, NULL},
    {"align", DECODE_CHOICE, offsetof(struct template_column, alignment), false, template_alignments},
    {"width", DECODE_REAL, offsetof(struct template_column, width), false, NULL},
    {"link", DECODE_NODE, offsetof(struct template_column, link_node), false, NULL},
    {"badge", DECODE_NODE, offsetof(struct template_column, badge_node), false, NULL},
    {"code", DECODE_BOOLEAN, offsetof(struct template_column, code), false, NULL},
    {"optional", DECODE_BOOLEAN, offsetof(struct template_column, optional), false, NULL},
};
#define TEMPLATE_FIELDS(fields) (fields), sizeof(fields) / sizeof((fields)[0])

bool template_table_text(struct template_scope *scope, const struct yaml_node *node, const char *what,
                         struct template_parts *parts) {
    if (node == NULL || node->kind == YAML_NULL)
        return true;
    return decode_is(node, YAML_SCALAR, what, scope->diagnostics) &&
           template_parse(scope->template->arena, node->text, node->length, &node->text_place, false, parts,
                          scope->diagnostics) &&
           template_scope_resolve(scope, parts);
}

const struct yaml_node *template_table_yaml(struct template_scope *scope, const struct template_part *part) {
    struct buffer yaml = {0};
    for (uint64_t line = 0; line < part->place.line; line++)
        buffer_append_byte(&yaml, '\n');
    buffer_append(&yaml, part->text, part->length);
    const char *text = buffer_text(&yaml);
    const struct yaml_node *node = NULL;
    if (text == NULL)
        template_memory(scope->diagnostics);
    else
        node = yaml_parse(scope->template->arena, scope->template->path, text, yaml.length, scope->diagnostics);
    buffer_free(&yaml);
    return node;
}

/* What the columns are, and their titles. */
static bool template_table_columns(struct template_scope *scope, struct template_table *table) {
    const struct yaml_node *list = table->columns_node;
    if (!decode_is(list, YAML_SEQUENCE, "'columns'", scope->diagnostics))
        return false;
    if (list->count == 0) {
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &list->place,
                           "a table without columns; list at least one");
        return false;
    }
    table->columns = arena_array(scope->template->arena, list->count, sizeof *table->columns);
    if (table->columns == NULL)
        return template_memory(scope->diagnostics);
    table->column_count = list->count;
    bool all = true;
    for (size_t i = 0; i < list->count; i++) {
        struct template_column *column = &table->columns[i];
        bool decoded = decode_mapping(scope->template->arena, list->items[i], "column",
                                      TEMPLATE_FIELDS(template_column_fields), column, scope->diagnostics);
        if (decoded && (column->width < 0 || column->width > 1000)) {
            diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &list->items[i]->place,
                               "a column's width is its share, from 0 to 1000; write such a number");
            decoded = false;
        }
        all = decoded && template_table_text(scope, column->title_node, "'title'", &column->title) && all;
    }
    return all;
}

/* What stands in the cells, in the rows of the table's query. */
static bool template_table_cells(struct template_scope *scope, struct template_table *table) {
    bool all = true;
    for (size_t i = 0; i < table->column_count; i++) {
        struct template_column *column = &table->columns[i];
        all = template_table_text(scope, column->value_node, "'value'", &column->value) &&
              template_table_text(scope, column->link_node, "'link'", &column->link) &&
              template_table_text(scope, column->badge_node, "'badge'", &column->badge) && all;
    }
    return all;
}

bool template_table_read(struct template_scope *scope, struct template_part *part) {
    struct template_table *table = arena_allocate(scope->template->arena, sizeof *table);
    if (table == NULL)
        return template_memory(scope->diagnostics);
    part->table = table;
    const struct yaml_node *node = template_table_yaml(scope, part);
    if (node == NULL || !decode_mapping(scope->template->arena, node, "table", TEMPLATE_FIELDS(template_table_fields),
                                        table, scope->diagnostics))
        return false;
    if (!template_scope_use(scope, table->query, &node->place, &table->use))
        return false;
    bool texts = template_table_text(scope, table->caption_node, "'caption'", &table->caption) &&
                 template_table_text(scope, table->empty_node, "'empty'", &table->empty);
    bool columns = template_table_columns(scope, table);
    template_scope_enter(scope, &table->use);
    bool cells = template_table_cells(scope, table);
    template_scope_leave(scope);
    return texts && columns && cells;
}
