#include "config/programme_private.h"

#include <string.h>

/* One side of a reconciliation: a source, and the column that is compared. */
struct side {
    const char *source;
    const char *column;
    const struct yaml_node *source_node;
    const struct yaml_node *column_node;
    size_t *type;
    size_t *index;
};

static const struct programme_source *programme_reconcile_source(const struct programme *programme, const char *id) {
    for (size_t i = 0; i < programme->source_count; i++)
        if (programme->sources[i].id != NULL && strcmp(programme->sources[i].id, id) == 0)
            return &programme->sources[i];
    return NULL;
}

static void programme_reconcile_side(const struct side *side, const struct schema *schema,
                                     const struct programme *programme, struct diagnostics *diagnostics) {
    if (side->source == NULL || side->column == NULL)
        return;
    const struct programme_source *source = programme_reconcile_source(programme, side->source);
    if (source == NULL) {
        decode_unknown(&side->source_node->place, "source", side->source, programme->sources, programme->source_count,
                       sizeof(*programme->sources), diagnostics);
        return;
    }
    programme_column_find(source, side->column, &side->column_node->place, schema, side->type, side->index,
                          diagnostics);
}

void programme_reconcile_check(const struct yaml_node *root, const struct schema *schema, struct programme *programme,
                               struct diagnostics *diagnostics) {
    const struct yaml_node *list = yaml_get(root, "reconciliations");
    for (size_t i = 0; i < programme->reconciliation_count; i++) {
        struct programme_reconciliation *item = &programme->reconciliations[i];
        const struct yaml_node *node = list->items[i];
        item->column_index = item->their_index = SIZE_MAX;
        const struct side here = {item->source, item->column,       yaml_get(node, "source"), yaml_get(node, "column"),
                                  &item->type,  &item->column_index};
        const struct side there = {
            item->with,        item->their,       yaml_get(node, "with"), yaml_get(node, "their"),
            &item->their_type, &item->their_index};
        programme_reconcile_side(&here, schema, programme, diagnostics);
        programme_reconcile_side(&there, schema, programme, diagnostics);
    }
}
