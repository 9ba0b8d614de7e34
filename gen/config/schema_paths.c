#include "config/cedar_path.h"
#include "config/schema_private.h"

#include <string.h>

/* A reader of path text: what is left, and how to complain about the whole. */
struct path_text {
    struct schema_loader *loader;
    const struct place *place;
    const char *whole;
    const char *rest;
    bool lists; /* [*] may stand for the elements of a list */
};

static bool schema_paths_bad(const struct path_text *text, const char *why) {
    diagnostics_report(text->loader->diagnostics, DIAGNOSTIC_BAD_PATH, text->place, "in the path '%.120s' %s",
                       text->whole, why);
    return false;
}

/* One key: a run without '.', '[' and ']', or ['like.this']. Moves past it. */
static bool schema_paths_key(struct path_text *text, const char **key) {
    const char *start = text->rest;
    size_t length;

    if (strncmp(start, "['", 2) == 0) {
        start += 2;
        const char *end = strstr(start, "']");
        if (end == NULL)
            return schema_paths_bad(text, "a key in ['...'] is not closed; add '] behind it");
        length = (size_t)(end - start);
        text->rest = end + 2;
    } else {
        length = strcspn(start, ".[]");
        text->rest = start + length;
    }
    if (length == 0)
        return schema_paths_bad(text,
                                "a key is empty; write key.key, and ['...'] around a key that holds a '.' or '['");
    *key = arena_copy(text->loader->arena, start, length);
    return *key != NULL || decode_out_of_memory(text->loader->diagnostics);
}

/* Keys joined by '.', up to the end. */
static bool schema_paths_keys(struct path_text *text, struct value_path *path) {
    for (;;) {
        const char *key;
        if (!schema_paths_key(text, &key))
            return false;
        const char **slot = arena_push(text->loader->arena, &path->keys, &path->key_count, sizeof(*path->keys));
        if (slot == NULL)
            return decode_out_of_memory(text->loader->diagnostics);
        *slot = key;
        for (; text->lists && strncmp(text->rest, "[*]", 3) == 0; text->rest += 3) {
            slot = arena_push(text->loader->arena, &path->keys, &path->key_count, sizeof(*path->keys));
            if (slot == NULL)
                return decode_out_of_memory(text->loader->diagnostics);
            *slot = NULL;
            path->some = true;
        }
        if (*text->rest == '\0')
            return true;
        if (*text->rest == '.')
            text->rest++;
        else if (strncmp(text->rest, "['", 2) != 0)
            return schema_paths_bad(text,
                                    "a list is entered; values of its elements need a row whose 'at' ends in [*]");
    }
}

static bool schema_paths_special(struct path_text *text, enum kind_format format, struct value_path *path) {
    if (strcmp(text->rest, "@key") == 0 || strcmp(text->rest, "@index") == 0) {
        path->base = strcmp(text->rest, "@key") == 0 ? PATH_KEY : PATH_INDEX;
        return true;
    }
    if (strncmp(text->rest, "@file.", 6) == 0 && text->rest[6] != '\0' && path->climbs == 0) {
        path->base = PATH_FILE;
        text->rest += 6;
        return schema_paths_keys(text, path);
    }
    if (format == FORMAT_XML)
        return schema_paths_keys(text, path);
    return schema_paths_bad(text, "an '@' begins something unknown; use @key, @index or @file.NAME");
}

static bool schema_paths_parse(struct schema_loader *loader, const char *string, const struct place *place,
                               enum kind_format format, bool lists, struct value_path *out) {
    struct path_text text = {loader, place, string, string, lists};
    *out = (struct value_path){.base = PATH_ROW, .text = string, .place = *place};

    if (string[0] == '\0')
        return schema_paths_bad(&text, "there is nothing; write a column or key, or '.' for the value itself");
    bool column = format == FORMAT_CSV || format == FORMAT_XLSX || format == FORMAT_LOG;
    if (string[0] == '$' && !(column && string[1] != '.')) {
        if (string[1] != '.' || string[2] == '\0')
            return schema_paths_bad(&text, "'$' stands alone; write $.key for a value around the records");
        out->base = PATH_ENVELOPE;
        text.rest += 2;
        return schema_paths_keys(&text, out);
    }
    if (column && string[0] != '@') {
        const char **slot = arena_push(loader->arena, &out->keys, &out->key_count, sizeof(*out->keys));
        if (slot == NULL)
            return decode_out_of_memory(loader->diagnostics);
        *slot = string;
        return true;
    }
    for (; strncmp(text.rest, "../", 3) == 0; text.rest += 3) {
        out->climbs++;
        out->base = PATH_PARENT;
    }
    if (strcmp(text.rest, ".") == 0)
        return true;
    if (text.rest[0] == '@')
        return schema_paths_special(&text, format, out);
    return schema_paths_keys(&text, out);
}

bool schema_paths_value(struct schema_loader *loader, const char *string, const struct place *place,
                        enum kind_format format, struct value_path *out) {
    return schema_paths_parse(loader, string, place, format, false, out);
}

bool schema_paths_at(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule) {
    if (!decode_is(node, YAML_SCALAR, "'at'", loader->diagnostics))
        return false;
    struct path_text text = {loader, &node->place, node->text, node->text, false};
    bool first = true;

    rule->at_text = node->text;
    if (strcmp(node->text, ".") == 0)
        return true;
    if (node->text[0] == '$')
        return schema_paths_bad(&text, "a '$' begins it; 'at' starts at the document by itself, leave '$' out");
    while (first || *text.rest != '\0') {
        struct path_step *step = arena_push(loader->arena, &rule->at, &rule->at_count, sizeof(*rule->at));
        if (step == NULL)
            return decode_out_of_memory(loader->diagnostics);
        if (strncmp(text.rest, "[*]", 3) == 0) {
            step->kind = STEP_ITEMS;
            text.rest += 3;
            first = false;
            continue;
        }
        if (*text.rest == '.')
            text.rest++;
        else if (!first && strncmp(text.rest, "['", 2) != 0)
            return schema_paths_bad(&text, "a list is entered otherwise than by [*]; write list[*]");
        if (text.rest[0] == '*' && (text.rest[1] == '\0' || text.rest[1] == '.' || text.rest[1] == '[')) {
            step->kind = STEP_MEMBERS;
            text.rest++;
        } else if (!schema_paths_key(&text, &step->key)) {
            return false;
        }
        first = false;
    }
    return true;
}

/* The step that made the row, or the one that made what `climbs` levels up holds it; NULL when that is no wildcard. */
static const struct path_step *schema_paths_wildcard(const struct row_rule *rule, size_t climbs) {
    for (size_t i = rule->at_count; i > 0; i--) {
        if (rule->at[i - 1].kind == STEP_KEY)
            continue;
        if (climbs == 0)
            return &rule->at[i - 1];
        climbs--;
    }
    return NULL;
}

/* Whether some pattern of a log has the group. */
static bool schema_paths_group(struct schema_loader *loader, const struct kind *kind, const struct value_path *path) {
    for (size_t i = 0; i < kind->log_groups.count; i++) {
        if (strcmp(kind->log_groups.items[i], path->keys[0]) == 0)
            return true;
    }
    return decode_unknown(&path->place, "group called", path->keys[0], kind->log_groups.items, kind->log_groups.count,
                          sizeof(*kind->log_groups.items), loader->diagnostics);
}

static bool schema_paths_check(struct schema_loader *loader, const char *string, const struct place *place,
                               const struct kind *kind, const struct row_rule *rule, bool lists,
                               struct value_path *out) {
    enum kind_format format = kind->has_inside ? kind->inside_format : kind->format;
    struct path_text text = {loader, place, string, string, lists};

    if (!schema_paths_parse(loader, string, place, format, lists && format != FORMAT_CEDAR, out))
        return false;
    if (out->some && out->base != PATH_ROW)
        return schema_paths_bad(&text, "a list is entered elsewhere than below the row; give its elements a row");
    const struct path_step *made_by = schema_paths_wildcard(rule, out->climbs);
    bool line = (format == FORMAT_NDJSON || format == FORMAT_CEDAR) && out->climbs > 0 &&
                schema_paths_wildcard(rule, out->climbs - 1) != NULL;
    enum cedar_value value;
    if (format == FORMAT_CEDAR && out->base != PATH_ENVELOPE && !cedar_path_find(rule, out, &value))
        return schema_paths_bad(&text, rule->at_count == 0 || out->base == PATH_PARENT
                                           ? "is nothing that a policy has; use effect, id, principal, action, "
                                             "resource, the last three also with _operator, principal and resource "
                                             "with _type and _id, conditions or annotation.NAME"
                                           : "is nothing that an action has; use '.', type, id, @index, or ../ and "
                                             "what its policy has");
    switch (out->base) {
    case PATH_ENVELOPE:
        if (!kind->has_inside &&
            (kind->format == FORMAT_CSV || kind->format == FORMAT_NDJSON || kind->format == FORMAT_LOG ||
             kind->format == FORMAT_CEDAR || kind->format == FORMAT_XLSX))
            return schema_paths_bad(&text, "'$.' looks for a document around the records, and this format has none");
        return true;
    case PATH_PARENT:
        if (made_by == NULL && !line)
            return schema_paths_bad(&text, "'../' climbs past the record; use $.key for values around the records");
        return true;
    case PATH_KEY:
        if (made_by == NULL || made_by->kind != STEP_MEMBERS)
            return schema_paths_bad(&text, "@key has no member to name; 'at' must have .* at that level");
        return true;
    case PATH_INDEX:
        if (made_by == NULL || made_by->kind != STEP_ITEMS)
            return schema_paths_bad(&text, "@index has no list to count in; 'at' must have [*] at that level");
        return true;
    case PATH_ROW:
        return kind->log_groups.count == 0 || schema_paths_group(loader, kind, out);
    case PATH_FILE:
        return true;
    }
    return true;
}

bool schema_paths_row(struct schema_loader *loader, const char *string, const struct place *place,
                      const struct kind *kind, const struct row_rule *rule, struct value_path *out) {
    return schema_paths_check(loader, string, place, kind, rule, false, out);
}

bool schema_paths_condition(struct schema_loader *loader, const char *string, const struct place *place,
                            const struct kind *kind, const struct row_rule *rule, struct value_path *out) {
    return schema_paths_check(loader, string, place, kind, rule, true, out);
}
