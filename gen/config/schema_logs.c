#include "base/pattern.h"
#include "config/log_preset.h"
#include "config/schema_private.h"

#include <string.h>

static bool schema_logs_bad_pattern(struct schema_loader *loader, const struct yaml_node *node,
                                    const struct pattern_fault *fault) {
    if (fault->memory)
        return decode_out_of_memory(loader->diagnostics);
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_PATTERN, &node->place,
                       "the regular expression '%.200s' is wrong at character %zu: %s; correct it (PCRE2 syntax)",
                       node->text, fault->offset, fault->message);
    return false;
}

static bool schema_logs_add_text(struct schema_loader *loader, struct text_list *list, const char *text) {
    const char **slot = arena_push(loader->arena, &list->items, &list->count, sizeof(*list->items));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = text;
    return true;
}

/* Each named group once, for the paths of the rows. */
static bool schema_logs_add_groups(struct schema_loader *loader, const struct pattern *pattern, struct kind *kind) {
    for (size_t i = 0; i < pattern_name_count(pattern); i++) {
        const char *name = pattern_name(pattern, i);
        bool known = false;
        for (size_t j = 0; j < kind->log_groups.count && !known; j++)
            known = strcmp(kind->log_groups.items[j], name) == 0;
        char *copy = known ? NULL : arena_text(loader->arena, name);
        if (!known && copy == NULL)
            return decode_out_of_memory(loader->diagnostics);
        if (!known && !schema_logs_add_text(loader, &kind->log_groups, copy))
            return false;
    }
    return true;
}

/* Checks one expression; `groups`: its named groups become paths of the kind. */
static bool schema_logs_check(struct schema_loader *loader, const struct yaml_node *node, const char *text,
                              enum pattern_reach reach, struct kind *groups) {
    struct pattern_fault fault;
    struct pattern *pattern = pattern_new(text, reach, &fault);
    if (pattern == NULL)
        return schema_logs_bad_pattern(loader, node, &fault);
    bool good = groups == NULL || schema_logs_add_groups(loader, pattern, groups);
    pattern_free(pattern);
    return good;
}

/* A pattern or a list of them. */
static bool schema_logs_patterns(struct schema_loader *loader, const struct yaml_node *node, const char *what,
                                 enum pattern_reach reach, struct kind *groups, struct text_list *out) {
    bool good = true;
    if (node == NULL)
        return true;
    if (node->kind != YAML_SEQUENCE)
        return decode_is(node, YAML_SCALAR, what, loader->diagnostics) &&
               schema_logs_check(loader, node, node->text, reach, groups) &&
               schema_logs_add_text(loader, out, node->text);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        good = decode_is(item, YAML_SCALAR, what, loader->diagnostics) &&
               schema_logs_check(loader, item, item->text, reach, groups) &&
               schema_logs_add_text(loader, out, item->text) && good;
    }
    return good;
}

static bool schema_logs_preset(struct schema_loader *loader, const struct yaml_node *node, struct kind *kind) {
    static const struct decode_field choice = {"preset", DECODE_CHOICE, 0, true, log_preset_names};
    int preset = 0;
    if (!decode_scalar(loader->arena, node, "kind", &choice, &preset, loader->diagnostics))
        return false;
    kind->log_pairs = log_presets[preset].pairs;
    for (const char *const *text = log_presets[preset].patterns; text != NULL && *text != NULL; text++) {
        if (!schema_logs_check(loader, node, *text, PATTERN_WHOLE, kind) ||
            !schema_logs_add_text(loader, &kind->log_patterns, *text))
            return false;
    }
    return true;
}

bool schema_logs_load(struct schema_loader *loader, const struct yaml_node *root, const struct yaml_node *detect,
                      struct kind *kind) {
    static const char *const keys[] = {"pattern", "preset", "skip", "continue"};
    const struct yaml_node *pattern = yaml_get(root, "pattern");
    const struct yaml_node *preset = yaml_get(root, "preset");
    const struct yaml_node *lines = detect != NULL ? yaml_get(detect, "lines") : NULL;
    struct text_list continues = {0};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && kind->format != FORMAT_LOG; i++) {
        const struct yaml_node *node = yaml_get(root, keys[i]);
        if (node == NULL)
            continue;
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'%s' belongs to the format log, and this kind has another; leave it out", keys[i]);
        return false;
    }
    if (kind->format != FORMAT_LOG)
        return true;
    if ((pattern == NULL) == (preset == NULL)) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_MISSING_KEY, &root->place,
                           "a log needs either 'pattern', regular expressions with named groups, or 'preset', one of "
                           "syslog, sshd, sudo, keyvalue and common-log; write one of them");
        return false;
    }
    bool good = schema_logs_patterns(loader, pattern, "a pattern", PATTERN_WHOLE, kind, &kind->log_patterns);
    good = (preset == NULL || schema_logs_preset(loader, preset, kind)) && good;
    good = schema_logs_patterns(loader, yaml_get(root, "skip"), "a pattern of 'skip'", PATTERN_BEGINNING, NULL,
                                &kind->log_skips) &&
           good;
    good = schema_logs_patterns(loader, yaml_get(root, "continue"), "a pattern of 'continue'", PATTERN_BEGINNING, NULL,
                                &continues) &&
           good;
    if (continues.count > 1) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_KIND, &yaml_get(root, "continue")->place,
                           "'continue' must be a single pattern; join them with '|'");
        return false;
    }
    kind->log_continue = continues.count > 0 ? continues.items[0] : NULL;
    return schema_logs_patterns(loader, lines, "a pattern of 'lines'", PATTERN_BEGINNING, NULL, &kind->detect_lines) &&
           good;
}
