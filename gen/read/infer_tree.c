#include "read/infer_tree.h"

#include <string.h>

#define TABLE_SLOTS (4 * LIMIT_INFER_NODES)

struct infer_tree_frame {
    struct infer_node *node;
    bool list;
    bool parent; /* an element that holds elements */
    uint64_t mark;
};

struct infer_tree_walk {
    struct infer_tree *tree;
    struct nest *nest;
    struct infer_tree_frame frames[LIMIT_JSON_DEPTH + 1];
    size_t depth;
    struct infer_node *pending;
};

static bool infer_tree_plain(const struct infer_node *node, bool first) {
    const char *key = node->key;

    bool meant = node->attribute && strcmp(key, "@key") != 0 && strcmp(key, "@index") != 0;
    return strcspn(key, ".[]") == node->key_length && node->key_length > 0 && key[0] != '*' &&
           (!first || meant || (key[0] != '$' && key[0] != '@'));
}

void infer_tree_path(const struct infer_node *node, const struct infer_node *from, struct buffer *out) {
    size_t before = out->length;

    if (node == from || node->parent == NULL) {
        return;
    }
    infer_tree_path(node->parent, from, out);
    bool first = out->length == before;
    if (node->step == STEP_ITEMS) {
        buffer_append_text(out, "[*]");
    } else if (node->step == STEP_MEMBERS) {
        buffer_append_text(out, first ? "*" : ".*");
    } else if (infer_tree_plain(node, first)) {
        buffer_format(out, "%s%s", first ? "" : ".", node->key);
    } else {
        buffer_format(out, "['%s']", node->key);
    }
    if (node->repeated && node != from) {
        buffer_append_text(out, "[*]");
    }
}

bool infer_tree_writable(const struct infer_node *node) {
    for (; node->parent != NULL; node = node->parent) {
        if (node->step == STEP_KEY && (node->key_length == 0 || strlen(node->key) != node->key_length ||
                                       strstr(node->key, "']") != NULL || strchr(node->key, '\n') != NULL)) {
            return false;
        }
    }
    return true;
}

static struct infer_node *infer_tree_new(struct infer_tree *tree, struct infer_node *parent, enum step_kind step,
                                         const char *key, size_t length) {
    struct infer_node *node = arena_allocate(tree->arena, sizeof *node);
    struct buffer path = {0};

    if (node == NULL) {
        return NULL;
    }
    node->parent = parent;
    node->step = step;
    node->key = arena_copy(tree->arena, key, length);
    node->key_length = length;
    node->attribute = tree->format->repeats && length > 0 && key[0] == '@';
    tree->node_count++;
    if (parent != NULL && parent->last != NULL) {
        parent->last->next = node;
    } else if (parent != NULL) {
        parent->first = node;
    }
    if (parent != NULL) {
        parent->last = node;
    }
    if (tree->members_at != NULL) {
        infer_tree_path(node, NULL, &path);
        node->members = strcmp(path.length == 0 ? "" : buffer_text(&path), tree->members_at) == 0;
        buffer_free(&path);
    }
    return node->key == NULL ? NULL : node;
}

/* The only child of its step: the elements of a list, the members of an object. */
static struct infer_node *infer_tree_inside(struct infer_tree *tree, struct infer_node *node, enum step_kind step) {
    for (struct infer_node *child = node->first; child != NULL; child = child->next) {
        if (child->step == step) {
            return child;
        }
    }
    return infer_tree_new(tree, node, step, "", 0);
}

/* Where a child would stand in the table, were nothing there yet. */
static size_t infer_tree_slot(const struct infer_node *parent, const char *key, size_t length) {
    uint64_t hash = (uint64_t)(uintptr_t)parent >> 4;

    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)key[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(hash >> 20) % TABLE_SLOTS;
}

/* The child by key; NULL with tree->overflow set when there are too many. */
static struct infer_node *infer_tree_child(struct infer_tree *tree, struct infer_node *node, const char *key,
                                           size_t length) {
    size_t slot = infer_tree_slot(node, key, length);

    if (node->members) {
        struct infer_node *member = infer_tree_inside(tree, node, STEP_MEMBERS);
        return member != NULL && infer_field_add(tree->arena, tree->synonyms, &node->field, key, length) ? member
                                                                                                         : NULL;
    }
    for (; tree->table[slot] != NULL; slot = (slot + 1) % TABLE_SLOTS) {
        struct infer_node *child = tree->table[slot];
        if (child->parent == node && child->key_length == length && memcmp(child->key, key, length) == 0) {
            return child;
        }
    }
    if (tree->node_count >= LIMIT_INFER_NODES) {
        tree->overflow = true;
        return NULL;
    }
    tree->table[slot] = infer_tree_new(tree, node, STEP_KEY, key, length);
    return tree->table[slot];
}

static struct infer_node *infer_tree_place(struct infer_tree_walk *walk) {
    struct infer_tree_frame *top = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;

    return top == NULL ? walk->tree->root
           : top->list ? infer_tree_inside(walk->tree, top->node, STEP_ITEMS)
                       : walk->pending;
}

static bool infer_tree_begin(struct infer_tree_walk *walk, bool list) {
    struct infer_node *node = infer_tree_place(walk);

    if (node == NULL || walk->depth > LIMIT_JSON_DEPTH) {
        return false;
    }
    node->visits++;
    node->objects += !list;
    node->lists += list;
    bool element = walk->tree->format->repeats;
    if (element && walk->depth > 0) {
        walk->frames[walk->depth - 1].parent = true;
    }
    walk->frames[walk->depth++] =
        (struct infer_tree_frame){node, list, false, element ? walk->nest->format->hold(walk->nest) : 0};
    return true;
}

static bool infer_tree_scalar(struct infer_tree_walk *walk, struct infer_node *node, const char *text, size_t length) {
    node->field.present++;
    return infer_field_add(walk->tree->arena, walk->tree->synonyms, &node->field, text, length);
}

/* The text of an element that holds no other. */
static bool infer_tree_end(struct infer_tree_walk *walk) {
    struct infer_tree_frame *frame = &walk->frames[--walk->depth];
    size_t length = 0;

    if (!walk->tree->format->repeats || frame->parent || walk->depth == 0) {
        return true;
    }
    const char *text = walk->nest->format->held(walk->nest, frame->mark, &length);
    return text == NULL || infer_tree_scalar(walk, frame->node, text, length);
}

/* False when memory is out. */
static bool infer_tree_key(struct infer_tree_walk *walk) {
    struct infer_tree *tree = walk->tree;
    struct infer_node *parent = walk->frames[walk->depth - 1].node;

    walk->pending = infer_tree_child(tree, parent, walk->nest->text, walk->nest->text_length);
    if (walk->pending == NULL) {
        return tree->overflow && walk->nest->format->skip(walk->nest);
    }
    bool again = walk->pending->held_in == parent->visits;
    walk->pending->repeated = walk->pending->repeated || (again && tree->format->repeats && parent->visits > 0);
    walk->pending->held_in = parent->visits;
    return true;
}

static bool infer_tree_event(struct infer_tree_walk *walk, enum nest_event event) {
    struct nest *nest = walk->nest;
    struct infer_node *node;

    switch (event) {
    case NEST_OBJECT_BEGIN:
    case NEST_LIST_BEGIN:
        return infer_tree_begin(walk, event == NEST_LIST_BEGIN);
    case NEST_OBJECT_END:
    case NEST_LIST_END:
        return infer_tree_end(walk);
    case NEST_KEY:
        return infer_tree_key(walk);
    case NEST_STRING:
    case NEST_NUMBER:
    case NEST_TRUE:
    case NEST_FALSE:
    case NEST_NULL:
        node = infer_tree_place(walk);
        if (node == NULL) {
            return false;
        }
        node->visits++;
        if (event == NEST_NULL) {
            node->field.present++;
            return true;
        }
        if (nest->text == NULL || event == NEST_TRUE || event == NEST_FALSE) {
            return infer_tree_scalar(walk, node, event == NEST_TRUE ? "true" : "false", event == NEST_TRUE ? 4 : 5);
        }
        return infer_tree_scalar(walk, node, nest->text, nest->text_length);
    default:
        return true;
    }
}

bool infer_tree_read(struct infer_tree *tree, const char *bytes, size_t length, bool lines) {
    struct byte_source_memory memory;
    struct infer_tree_walk walk = {.tree = tree};
    bool good = true;

    tree->root = infer_tree_new(tree, NULL, STEP_KEY, "", 0);
    tree->table = arena_array(tree->arena, TABLE_SLOTS, sizeof *tree->table);
    byte_source_memory(&memory, bytes, length);
    walk.nest = tree->format->open(&memory.source, lines);
    good = walk.nest != NULL && tree->root != NULL && tree->table != NULL;
    for (bool more = good; more && good;) {
        enum nest_event event = tree->format->next(walk.nest);
        good = event != NEST_READ_FAILED;
        if (event == NEST_DOCUMENT_END) {
            tree->documents++;
            walk.depth = 0;
        } else if (event == NEST_ERROR || event == NEST_TRUNCATED) {
            tree->unread = true;
            walk.depth = 0;
            more = event == NEST_ERROR && lines && tree->format->resynchronise(walk.nest);
        } else if (event == NEST_END) {
            more = false;
        } else {
            good = good && (infer_tree_event(&walk, event) || (tree->overflow && walk.pending == NULL));
        }
    }
    if (walk.nest != NULL) {
        tree->format->close(walk.nest);
    }
    return good;
}

bool infer_tree_looks(enum kind_format format, const char *bytes, size_t length, bool lines, uint64_t *documents) {
    const struct nest_format *reader = nest_format(format);
    struct byte_source_memory memory;
    enum nest_event event;
    bool nested = false; /* the first value is an object, or a list of objects or lists */
    bool list = false;
    bool whole = true;

    *documents = 0;
    byte_source_memory(&memory, bytes, length);
    struct nest *nest = reader->open(&memory.source, lines);
    if (nest == NULL) {
        return false;
    }
    for (bool more = true; more;) {
        event = reader->next(nest);
        if (event == NEST_ERROR && lines) {
            more = reader->resynchronise(nest);
        } else if (event == NEST_ERROR || event == NEST_END || event == NEST_TRUNCATED || event == NEST_READ_FAILED) {
            whole = event == NEST_END || event == NEST_TRUNCATED;
            more = false;
        } else if (event == NEST_DOCUMENT_END) {
            ++*documents;
        } else if (event == NEST_OBJECT_BEGIN || (event == NEST_LIST_BEGIN && list)) {
            nested = true;
        }
        list = list || event == NEST_LIST_BEGIN;
        more = more && (nested || list || event == NEST_ERROR); /* a scalar is no data */
    }
    reader->close(nest);
    return nested && whole;
}
