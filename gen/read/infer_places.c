#include "read/infer_tree.h"

#include <string.h>

#define PLACES_MOST   16
#define ABOVE_LOSS    15 /* of the grade of a value that stands in a record above */
#define MEMBERS_LEAST 3  /* values of one shape that make the keys of an object names */

struct infer_places {
    struct arena *arena;
    const struct synonyms *synonyms;
    struct infer_tree *tree;
    struct infer_sample *sample;
};

static const char *infer_places_text(struct arena *arena, const struct infer_node *node, const struct infer_node *from,
                                     const char *lead) {
    struct buffer path = {0};

    buffer_append_text(&path, lead);
    infer_tree_path(node, from, &path);
    const char *text = buffer_text(&path) != NULL ? arena_text(arena, buffer_text(&path)) : NULL;
    buffer_free(&path);
    return text;
}

static bool infer_places_push(struct arena *arena, struct text_list *list, const char *text) {
    const char **slot = text == NULL ? NULL : arena_push(arena, &list->items, &list->count, sizeof *list->items);

    if (slot != NULL) {
        *slot = text;
    }
    return slot != NULL;
}

/* The node of an element, where the node is a list of objects; or NULL. */
static struct infer_node *infer_places_element(struct infer_node *node) {
    if (node->repeated) {
        return node->objects > 0 && node->first != NULL ? node : NULL;
    }
    struct infer_node *inside = node->lists > 0 || node->members ? node->first : NULL;
    while (inside != NULL && inside->step == STEP_KEY) {
        inside = inside->next;
    }
    return inside != NULL && inside->objects > 0 ? inside : NULL;
}

static bool infer_places_is_list(const struct infer_node *node) {
    return node->lists > 0 || node->repeated || node->members;
}

static bool infer_places_holds(const struct infer_node *node, const struct infer_node *inner) {
    while (inner != NULL && inner != node) {
        inner = inner->parent;
    }
    return inner == node;
}

/* Which fields are collected: those of a record, or of one that holds it. */
struct infer_places_scope {
    const struct infer_node *element;
    const struct infer_node *record;    /* the one at hand, which `element` holds or is */
    const struct infer_node *outermost; /* the record of the file */
    const char *climb;                  /* "../" for each record between */
};

/* The names of the keys from the record to a field, and its paths. */
static bool infer_places_field(struct infer_places *places, struct infer_place *place, struct infer_node *node,
                               const struct infer_places_scope *scope) {
    const char *keys[LIMIT_JSON_DEPTH];
    size_t count = 0;
    const struct infer_node *top = node;

    if (place->field_count == LIMIT_INFER_FIELDS || !infer_tree_writable(node)) {
        places->sample->overflow = places->sample->overflow || place->field_count == LIMIT_INFER_FIELDS;
        return true;
    }
    for (const struct infer_node *at = node; at != scope->element && count < LIMIT_JSON_DEPTH; at = at->parent) {
        memmove(keys + 1, keys, count++ * sizeof *keys);
        keys[0] = at->attribute ? at->key + 1 : at->key;
        top = at;
    }
    struct infer_field **slot = arena_push(places->arena, &place->fields, &place->field_count, sizeof *place->fields);
    struct infer_field *field = arena_allocate(places->arena, sizeof *field);
    if (slot == NULL || field == NULL) {
        return false;
    }
    *slot = field;
    *field = node->field; /* a field of several places has other paths in each */
    field->path = infer_places_text(places->arena, node, scope->element, scope->climb);
    field->known = infer_places_text(places->arena, node, scope->outermost, "");
    field->top = infer_places_text(places->arena, top, scope->outermost, "");
    field->above = *scope->climb != '\0';
    infer_field_name(field, places->synonyms, keys, count);
    for (size_t i = 0; i < field->name_count && field->above; i++) {
        field->names[i].loss += ABOVE_LOSS;
    }
    return field->path != NULL && field->known != NULL && field->top != NULL;
}

/* All scalars of a record, below one node of it. */
static bool infer_places_fields(struct infer_places *places, struct infer_place *place, struct infer_node *node,
                                const struct infer_places_scope *scope) {
    bool good = true;

    for (struct infer_node *child = node->first; child != NULL && good; child = child->next) {
        if (child->step != STEP_KEY) {
            continue;
        }
        bool list = infer_places_is_list(child);
        if (list && infer_places_holds(child, scope->record)) {
            continue;
        }
        if (list || (child->objects > 0 && child->first == NULL && child->field.present == 0)) {
            child->field.compounds = child->visits;
            good = infer_places_field(places, place, child, scope);
            struct infer_node *inner = list && *scope->climb == '\0' ? infer_places_element(child) : NULL;
            if (inner != NULL && infer_tree_writable(inner)) {
                good = good && infer_places_push(places->arena, &place->nested,
                                                 infer_places_text(places->arena, inner, NULL, ""));
            }
            continue;
        }
        if (child->field.present > 0) {
            good = infer_places_field(places, place, child, scope);
        }
        good = good && infer_places_fields(places, place, child, scope);
    }
    return good;
}

/* What a value around the records, or one below it, says of the whole export. */
static bool infer_places_hint(struct infer_places *places, struct infer_place *place, const struct infer_node *node) {
    const struct infer_field *field = &node->field;
    char words[INFER_NAME_BYTES];
    enum datetime_format format;
    bool good = true;

    infer_words(node->key, node->key_length, words);
    bool said = field->values > 0 && (field->word_count != 1 || strcmp(field->words[0].text, "false") != 0);
    if (infer_words_listed(&places->synonyms->paging, words) && (field->present > 0 || field->values > 0)) {
        const char **path = said ? &place->paged : &place->last;
        *path = infer_places_text(places->arena, node, NULL, "$.");
        place->ends = field->booleans > 0 ? "\"false\"" : "\"\"";
        good = *path != NULL;
    }
    if (place->made == NULL && infer_words_listed(&places->synonyms->made, words) && infer_field_time(field, &format) &&
        !infer_field_ambiguous(field)) {
        place->made = infer_places_text(places->arena, node, NULL, "$.");
        place->made_time = datetime_format_name(format);
        good = place->made != NULL;
    }
    for (const struct infer_node *child = node->first; child != NULL && good; child = child->next) {
        good = child->step != STEP_KEY || !infer_tree_writable(child) || infer_places_hint(places, place, child);
    }
    return good;
}

/* What stands around the records: to be ignored, and what it says of the whole. */
static bool infer_places_around(struct infer_places *places, struct infer_place *place, struct infer_node *node,
                                const struct infer_node *element) {
    bool good = true;

    for (struct infer_node *child = node->first; child != NULL && good; child = child->next) {
        if (child == element || child->step != STEP_KEY) {
            continue;
        }
        if (infer_places_holds(child, element)) {
            good = infer_places_around(places, place, child, element);
            continue;
        }
        if (!infer_tree_writable(child)) {
            continue;
        }
        const char *path = infer_places_text(places->arena, child, NULL, "$.");
        good = infer_places_push(places->arena, &place->around, path) && infer_places_hint(places, place, child);
    }
    return good;
}

static bool infer_places_is_element(const struct infer_node *node) {
    return node->step != STEP_KEY || node->repeated;
}

/* The names of members, which are their keys. */
static bool infer_places_names(struct infer_places *places, struct infer_place *place, struct infer_node *element) {
    static const char *const key = "key";
    struct infer_field *names = arena_allocate(places->arena, sizeof *names);
    struct infer_field **slot = arena_push(places->arena, &place->fields, &place->field_count, sizeof *place->fields);

    if (names == NULL || slot == NULL) {
        return false;
    }
    *names = element->parent->field;
    names->compounds = 0;

    names->path = names->known = names->top = "@key";
    names->present = names->values + names->nothing;
    infer_field_name(names, places->synonyms, &key, 1);
    *slot = names;
    return true;
}

/* The values of the records that hold this one. */
static bool infer_places_above(struct infer_places *places, struct infer_place *place, const struct infer_node *element,
                               const struct infer_node *outermost) {
    const char *climb = "";
    bool good = true;

    for (struct infer_node *node = element->parent; node != NULL && element != outermost && good; node = node->parent) {
        if (!infer_places_is_element(node) || node->parent == NULL) {
            continue;
        }
        climb = arena_format(places->arena, "../%s", climb);
        const struct infer_places_scope scope = {node, element, outermost, climb};
        good = climb != NULL && infer_places_fields(places, place, node, &scope);
    }
    return good;
}

/* The last key on the way to the element. */
static void infer_places_words(const struct infer_node *element, char words[INFER_NAME_BYTES]) {
    while (element->parent != NULL && element->step != STEP_KEY) {
        element = element->parent;
    }
    infer_words(element->key, element->key_length, words);
}

/* `element`: the object that is a record; `outermost`: the one of the file that holds it, or the same. */
static bool infer_places_add(struct infer_places *places, struct infer_node *element,
                             const struct infer_node *outermost, const char *at) {
    struct infer_sample *sample = places->sample;
    char *words = arena_allocate(places->arena, INFER_NAME_BYTES);
    const struct infer_places_scope scope = {element, element, outermost, ""};

    if (sample->place_count == PLACES_MOST) {
        return true;
    }
    struct infer_place *place =
        arena_push(places->arena, &sample->places, &sample->place_count, sizeof *sample->places);
    if (place == NULL || words == NULL) {
        return false;
    }
    place->at = at;
    infer_places_words(element, words);
    place->words = words;
    place->records = element->objects;
    place->inner = element != outermost;
    return (element->step != STEP_MEMBERS || infer_places_names(places, place, element)) &&
           infer_places_fields(places, place, element, &scope) &&
           infer_places_above(places, place, element, outermost) &&
           (outermost == places->tree->root || infer_places_around(places, place, places->tree->root, outermost));
}

/* The lists below a node, and in their records the lists of those. */
static bool infer_places_find(struct infer_places *places, struct infer_node *node,
                              const struct infer_node *outermost) {
    struct infer_node *element = infer_places_element(node);
    bool good = true;

    if (element != NULL && element != outermost && infer_tree_writable(element)) {
        const char *at = infer_places_text(places->arena, element, NULL, "");
        outermost = outermost == NULL ? element : outermost;
        good = at != NULL && infer_places_add(places, element, outermost, at);
        node = element;
    }
    for (struct infer_node *child = node->first; child != NULL && good; child = child->next) {
        good = child->step != STEP_KEY || infer_places_find(places, child, outermost);
    }
    return good;
}

/* How many keys of one object another has, too. */
static size_t infer_places_shared(const struct infer_node *one, const struct infer_node *other, size_t *count) {
    size_t shared = 0;

    *count = 0;
    for (const struct infer_node *a = one->first; a != NULL; a = a->next) {
        ++*count;
        for (const struct infer_node *b = other->first; b != NULL; b = b->next) {
            if (a->key_length == b->key_length && memcmp(a->key, b->key, a->key_length) == 0) {
                shared++;
                break;
            }
        }
    }
    return shared;
}

/* The outermost object whose keys are names: several members, all objects with mostly the same keys. */
static const struct infer_node *infer_places_members(const struct infer_tree *tree, const struct infer_node *node) {
    size_t members = 0;
    bool alike = node->objects > 0 && node->lists == 0;

    for (const struct infer_node *child = node->first; child != NULL && alike; child = child->next) {
        size_t count;
        if (tree->overflow && child->first == NULL) {
            continue; /* what it holds was no longer looked at */
        }
        alike = child->step == STEP_KEY && child->objects > 0 && child->objects == child->visits && !child->repeated &&
                child->first != NULL && infer_places_shared(child, node->first, &count) * 2 > count;
        members++;
    }
    if (alike && members >= MEMBERS_LEAST) {
        return node;
    }
    for (const struct infer_node *child = node->first; child != NULL; child = child->next) {
        const struct infer_node *found =
            child->step == STEP_KEY && !infer_places_is_list(child) ? infer_places_members(tree, child) : NULL;
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

bool infer_places(struct arena *arena, const struct infer_request *request, struct infer_sample *out) {
    struct infer_tree tree = {
        .arena = arena, .synonyms = &request->schema->synonyms, .format = nest_format(out->format)};
    struct infer_places places = {arena, &request->schema->synonyms, &tree, out};
    bool lines = out->format == FORMAT_NDJSON;

    if (!infer_tree_read(&tree, request->bytes, request->length, lines)) {
        return false;
    }
    const struct infer_node *members = lines || tree.format->repeats ? NULL : infer_places_members(&tree, tree.root);
    if (members != NULL && infer_tree_writable(members)) {
        struct infer_tree again = {.arena = arena,
                                   .synonyms = tree.synonyms,
                                   .format = tree.format,
                                   .members_at = infer_places_text(arena, members, NULL, "")};
        if (again.members_at == NULL || !infer_tree_read(&again, request->bytes, request->length, lines)) {
            return false;
        }
        tree = again;
    }
    out->unread = tree.unread && !request->cut;
    out->overflow = tree.overflow;
    if (!infer_places_find(&places, tree.root, lines ? tree.root : NULL)) {
        return false;
    }
    return tree.root->objects == 0 || tree.root->members ||
           infer_places_add(&places, tree.root, tree.root, lines ? NULL : ".");
}
