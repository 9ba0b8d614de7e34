#include "document/tree.h"

#include "base/limits.h"

#include <string.h>

struct document *tree_new(struct arena *arena) {
    struct document *document = arena_allocate(arena, sizeof *document);
    if (document == NULL)
        return NULL;
    document->arena = arena;
    document->root = tree_append(document, NULL, NODE_SECTION);
    return document->root == NULL ? NULL : document;
}

void tree_attach(struct node *parent, struct node *child) {
    if (parent->last_child == NULL)
        parent->first_child = child;
    else
        parent->last_child->next = child;
    parent->last_child = child;
}

void tree_adopt(struct node *parent, struct node *from) {
    if (from->first_child == NULL)
        return;
    tree_attach(parent, from->first_child);
    parent->last_child = from->last_child;
    from->first_child = NULL;
    from->last_child = NULL;
}

struct node *tree_append(struct document *document, struct node *parent, enum node_kind kind) {
    if (document->node_count >= LIMIT_DOCUMENT_NODES)
        return NULL;
    struct node *node = arena_allocate(document->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    document->node_count++;
    node->kind = kind;
    if (parent != NULL)
        tree_attach(parent, node);
    return node;
}

/* Sections stand in sections only, and those nest no deeper than there are levels. */
static const struct node *tree_find_below(const struct node *section, const char *anchor) {
    if (section->target != NULL && strcmp(section->target, anchor) == 0)
        return section;
    for (const struct node *child = section->first_child; child != NULL; child = child->next) {
        const struct node *found = child->kind == NODE_SECTION ? tree_find_below(child, anchor) : NULL;
        if (found != NULL)
            return found;
    }
    return NULL;
}

const struct node *tree_find(const struct document *document, const char *anchor) {
    return tree_find_below(document->root, anchor);
}

bool tree_report(const struct document *document, const char *path, struct diagnostics *diagnostics) {
    if (document->node_count >= LIMIT_DOCUMENT_NODES)
        diagnostics_report(diagnostics, DIAGNOSTIC_TEMPLATE_LIMIT, &(struct place){.path = path},
                           "the report grows past %d parts; let its queries return fewer rows", LIMIT_DOCUMENT_NODES);
    else
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making the report");
    return false;
}
