#include "read/outline.h"

#include <string.h>

static struct outline_node *outline_node(struct outline *outline, struct outline_node *parent, enum step_kind step) {
    struct outline_node *node = arena_allocate(outline->arena, sizeof *node);

    if (node != NULL) {
        node->parent = parent;
        node->step = step;
    }
    return node;
}

static struct outline_node *outline_key(struct outline *outline, struct outline_node *parent, const char *key,
                                        size_t length) {
    for (struct outline_node *child = parent->first; child != NULL; child = child->next) {
        if (child->key_length == length && memcmp(child->key, key, length) == 0) {
            return child;
        }
    }
    struct outline_node *child = outline_node(outline, parent, STEP_KEY);
    if (child == NULL || (child->key = arena_copy(outline->arena, key, length)) == NULL) {
        return NULL;
    }
    child->key_length = length;
    child->slot = parent->child_count++;
    child->next = parent->first;
    parent->first = child;
    return child;
}

static struct outline_node *outline_step(struct outline *outline, struct outline_node *parent, enum step_kind step,
                                         const char *key) {
    if (step == STEP_KEY) {
        return outline_key(outline, parent, key, strlen(key));
    }
    struct outline_node **slot = step == STEP_ITEMS ? &parent->items : &parent->members;
    if (*slot == NULL) {
        *slot = outline_node(outline, parent, step);
    }
    return *slot;
}

static bool outline_down(struct outline *outline, struct outline_node *base, const struct value_path *path,
                         struct outline_path *out) {
    struct outline_node *node = base;

    out->base = base;
    out->steps = arena_array(outline->arena, path->key_count + 1, sizeof *out->steps);
    if (out->steps == NULL) {
        return false;
    }
    for (size_t i = 0; i < path->key_count; i++) {
        node = outline_step(outline, node, path->keys[i] == NULL ? STEP_ITEMS : STEP_KEY, path->keys[i]);
        if (node == NULL) {
            return false;
        }
        out->steps[out->step_count++] = node;
    }
    node->value = true;
    out->target = node;
    out->some = path->some;
    return true;
}

/* The element of the wildcard that stands `climbs` wildcards above the row's own; the document when there is none. */
static struct outline_node *outline_climb(struct outline *outline, const struct row_rule *rule,
                                          struct outline_node *node, size_t climbs) {
    for (size_t i = rule->at_count; i > 0; i--, node = node->parent) {
        if (rule->at[i - 1].kind != STEP_KEY && climbs-- == 0) {
            return node;
        }
    }
    return outline->root;
}

static bool outline_path(struct outline *outline, enum outline_part part, const struct row_rule *rule,
                         struct outline_node *row, const struct value_path *path, struct outline_path *out) {
    out->base_kind = path->base;
    if ((path->base == PATH_ENVELOPE) != (part == OUTLINE_AROUND) && part != OUTLINE_WHOLE) {
        return true;
    }
    switch (path->base) {
    case PATH_ROW:
        return outline_down(outline, row, path, out);
    case PATH_PARENT:
        return outline_down(outline, outline_climb(outline, rule, row, path->climbs), path, out);
    case PATH_ENVELOPE:
        return outline_down(outline, outline->root, path, out);
    case PATH_KEY:
    case PATH_INDEX: {
        struct outline_node *element = outline_climb(outline, rule, row, path->climbs);
        element->named = true;
        out->base = element;
        return true;
    }
    case PATH_FILE:
        return true;
    }
    return true;
}

static bool outline_row(struct outline *outline, const struct row_rule *rule, size_t index) {
    struct outline_rule *out = &outline->rules[index];
    struct outline_node *node = outline->root;

    for (size_t i = 0; i < rule->at_count; i++) {
        node = outline_step(outline, node, rule->at[i].kind, rule->at[i].key);
        if (node == NULL) {
            return false;
        }
        if (rule->at[i].kind != STEP_KEY && out->list == NULL && !outline->lines) {
            out->list = node;
            node->record = true;
        }
    }
    outline->document_record = outline->document_record || out->list == NULL;
    size_t *slot = arena_push(outline->arena, &node->rules, &node->rule_count, sizeof *node->rules);
    if (slot == NULL) {
        return false;
    }
    *slot = index;
    out->node = node;
    return true;
}

static bool outline_rule(struct outline *outline, enum outline_part part, const struct row_rule *rule, size_t index) {
    struct outline_rule *out = &outline->rules[index];
    const size_t counts[] = {rule->mapping_count, rule->input_count, rule->when_count};

    if (part != OUTLINE_AROUND && !outline_row(outline, rule, index)) {
        return false;
    }
    for (size_t i = 0; i <= ROWS_CONDITION; i++) {
        out->paths[i] = arena_array(outline->arena, counts[i] + 1, sizeof *out->paths[i]);
        if (out->paths[i] == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->mapping_count; i++) {
        if (rule->mappings[i].has_from &&
            !outline_path(outline, part, rule, out->node, &rule->mappings[i].from, &out->paths[ROWS_MAPPING][i])) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->input_count; i++) {
        if (!outline_path(outline, part, rule, out->node, &rule->inputs[i].from, &out->paths[ROWS_INPUT][i])) {
            return false;
        }
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        if (!outline_path(outline, part, rule, out->node, &rule->when[i].path, &out->paths[ROWS_CONDITION][i])) {
            return false;
        }
    }
    return true;
}

/*
 * Walks a path text of `ignore:` or `detect:` down from `node`, making what is missing: keys joined by '.', [*], .*,
 * and
 * ['a.key']. NULL when memory is out.
 */
static struct outline_node *outline_text(struct outline *outline, struct outline_node *node, const char *text) {
    while (node != NULL && *text != '\0') {
        text += *text == '.';
        if (strncmp(text, "[*]", 3) == 0) {
            node = outline_step(outline, node, STEP_ITEMS, NULL);
            text += 3;
        } else if (text[0] == '*' && strchr(".[", text[1]) != NULL) {
            node = outline_step(outline, node, STEP_MEMBERS, NULL);
            text++;
        } else if (strncmp(text, "['", 2) == 0 && strstr(text, "']") != NULL) {
            const char *end = strstr(text, "']");
            node = outline_key(outline, node, text + 2, (size_t)(end - text) - 2);
            text = end + 2;
        } else {
            size_t length = strcspn(text, ".[");
            length += length == 0 && *text != '\0';
            node = length == 0 ? node : outline_key(outline, node, text, length);
            text += length;
        }
    }
    return node;
}

/* Calls for the document and for the elements of each outermost list. */
static bool outline_add_texts(struct outline *outline, const struct text_list *texts,
                              void (*mark)(struct outline_node *node)) {
    for (size_t i = 0; i < texts->count; i++) {
        const char *text = texts->items[i];
        bool absolute = strncmp(text, "$.", 2) == 0;
        struct outline_node *node = outline_text(outline, outline->root, absolute ? text + 2 : text);
        if (node == NULL) {
            return false;
        }
        mark(node);
        for (size_t j = 0; j < outline->rule_count && !absolute; j++) {
            if (outline->rules[j].list == NULL) {
                continue;
            }
            node = outline_text(outline, outline->rules[j].list, text);
            if (node == NULL) {
                return false;
            }
            mark(node);
        }
    }
    return true;
}

static void outline_mark_ignored(struct outline_node *node) {
    node->ignored = true;
}

static void outline_mark_wanted(struct outline_node *node) {
    node->value = true;
}

static void outline_mark_known(struct outline_node *node) {
    (void)node; /* that it is seen is enough */
}

static size_t outline_hash(const char *key, size_t length) {
    uint32_t first = 0;
    uint32_t last = 0;

    if (length >= sizeof first) {
        memcpy(&first, key, sizeof first);
        memcpy(&last, key + length - sizeof last, sizeof last);
    } else {
        memcpy(&first, key, length);
    }
    uint64_t mixed = ((uint64_t)first << 32 | last) + length;
    return (size_t)((mixed * UINT64_C(0x9E3779B97F4A7C15)) >> 40);
}

/* Makes the hash tables. Called again when paths were added. */
static bool outline_finish(struct outline *outline, struct outline_node *node) {
    size_t size = 4;

    while (size < node->child_count * 2) {
        size *= 2;
    }
    if (node->child_count > 0) {
        node->table = arena_array(outline->arena, size, sizeof *node->table);
        if (node->table == NULL) {
            return false;
        }
        node->table_mask = size - 1;
    }
    for (struct outline_node *child = node->first; child != NULL; child = child->next) {
        size_t at = outline_hash(child->key, child->key_length);
        while (node->table[at & node->table_mask] != NULL) {
            at++;
        }
        node->table[at & node->table_mask] = child;
        if (!outline_finish(outline, child)) {
            return false;
        }
    }
    return (node->items == NULL || outline_finish(outline, node->items)) &&
           (node->members == NULL || outline_finish(outline, node->members));
}

/* Whether all that is asked for stands in the elements of the list that the document is. */
static bool outline_is_list(const struct outline *outline, const struct kind *kind) {
    const struct outline_node *items = outline->root->items;
    bool list = outline->format == nest_format(FORMAT_JSON) && items != NULL && items->record &&
                outline->root->child_count == 0 && kind->detect_paths.count > 0;

    for (size_t i = 0; i < outline->rule_count && list; i++) {
        list = outline->rules[i].list == items;
    }
    return list;
}

struct outline *outline_new(struct arena *arena, const struct kind *kind, enum outline_part part) {
    static const struct row_rule none = {0};
    struct outline *outline = arena_allocate(arena, sizeof *outline);
    enum kind_format format = part == OUTLINE_INSIDE ? kind->inside_format : kind->format;

    if (outline == NULL) {
        return NULL;
    }
    outline->arena = arena;
    outline->format = nest_format(format);
    outline->lines = format == FORMAT_NDJSON;
    outline->root = outline_node(outline, NULL, STEP_KEY);
    outline->rules = arena_array(arena, kind->rule_count, sizeof *outline->rules);
    if (outline->root == NULL || (outline->rules == NULL && kind->rule_count > 0)) {
        return NULL;
    }
    outline->rule_count = kind->rule_count;
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (!outline_rule(outline, part, &kind->rules[i], i)) {
            return NULL;
        }
    }
    if (kind->has_effective &&
        !outline_path(outline, part, &none, outline->root, &kind->effective, &outline->effective)) {
        return NULL;
    }
    outline->complete =
        part == OUTLINE_INSIDE ? NULL : arena_array(arena, kind->complete_count + 1, sizeof *outline->complete);
    if (outline->complete == NULL && part != OUTLINE_INSIDE) {
        return NULL;
    }
    for (size_t i = 0; i < kind->complete_count && outline->complete != NULL; i++) {
        if (!outline_path(outline, part, &none, outline->root, &kind->complete[i].path, &outline->complete[i])) {
            return NULL;
        }
    }
    if (kind->has_count && !outline_path(outline, part, &none, outline->root, &kind->count, &outline->count)) {
        return NULL;
    }
    if (part == OUTLINE_AROUND) {
        if (!outline_down(outline, outline->root, &kind->inside, &outline->inside)) {
            return NULL;
        }
        outline->inside.target->inside = true;
    }
    outline->alone = part == OUTLINE_WHOLE && !outline->lines && outline_is_list(outline, kind);
    if (outline->alone && !outline_add_texts(outline, &kind->detect_paths, outline_mark_known)) {
        return NULL;
    }
    if (!outline_add_texts(outline, &kind->ignore, outline_mark_ignored) || !outline_finish(outline, outline->root)) {
        return NULL;
    }
    return outline;
}

bool outline_add_detection(struct outline *outline, const struct kind *kind) {
    return outline_add_texts(outline, &kind->detect_paths, outline_mark_wanted) &&
           outline_add_texts(outline, &kind->detect_without, outline_mark_known) &&
           outline_finish(outline, outline->root);
}

bool outline_detected(struct outline *outline, const char *text, uint64_t document) {
    const struct outline_node *node = outline_text(outline, outline->root, text);
    bool seen = node != NULL && node->seen >= document;

    for (size_t i = 0; i < outline->rule_count && !seen; i++) {
        struct outline_node *list = outline->rules[i].list;
        node = list == NULL ? NULL : outline_text(outline, list, text);
        seen = node != NULL && node->seen >= document;
    }
    return seen;
}

struct outline_node *outline_child(const struct outline_node *node, const char *key, size_t length) {
    if (node->table != NULL) {
        for (size_t at = outline_hash(key, length); node->table[at & node->table_mask] != NULL; at++) {
            struct outline_node *child = node->table[at & node->table_mask];
            if (child->key_length == length && memcmp(child->key, key, length) == 0) {
                return child;
            }
        }
    }
    return node->members;
}

void outline_print(const struct outline_node *node, struct buffer *out) {
    if (node->parent == NULL) {
        return;
    }
    outline_print(node->parent, out);
    if (node->step == STEP_ITEMS) {
        buffer_append_text(out, "[*]");
        return;
    }
    buffer_append_text(out, node->parent->parent != NULL || out->length > 0 ? "." : "");
    if (node->step == STEP_MEMBERS) {
        buffer_append_byte(out, '*');
    } else {
        buffer_append(out, node->key, node->key_length);
    }
}
