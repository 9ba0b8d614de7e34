#include "config/schema_private.h"

#include "base/file.h"
#include "base/path.h"
#include "config/schema_files.h"

#include <stdlib.h>
#include <string.h>

/* The parts of a schema folder, in the order in which they need each other. */
enum schema_part {
    PART_CRITERIA,
    PART_TYPES,
    PART_KINDS,
    PART_VIEWS,
    PART_CONTROLS,
    PART_METRICS,
    PART_FINDINGS,
    PART_SYNONYMS,
    PART_POPULATIONS,
    PART_REQUESTS,
    PART_SAMPLING,
    PART_CHECKS,
    SCHEMA_PARTS
};
static const struct {
    const char *prefix;
    const char *suffix;
    bool (*load)(struct schema_loader *loader, const struct yaml_node *root);
} schema_parts[SCHEMA_PARTS] = {
    [PART_CRITERIA] = {"criteria", ".yaml", schema_criteria_load},
    [PART_TYPES] = {"types/", ".yaml", schema_types_load},
    [PART_KINDS] = {"kinds/", ".yaml", schema_kinds_load},
    [PART_VIEWS] = {"views/", ".sql", NULL},
    [PART_CONTROLS] = {"controls/", ".yaml", schema_controls_load},
    [PART_METRICS] = {"metrics/", ".yaml", schema_metrics_load},
    [PART_FINDINGS] = {"findings", ".yaml", schema_findings_load},
    [PART_SYNONYMS] = {"synonyms", ".yaml", schema_synonyms_load},
    [PART_POPULATIONS] = {"populations/", ".yaml", schema_populations_load},
    [PART_REQUESTS] = {"requests", ".yaml", schema_requests_load},
    [PART_SAMPLING] = {"sampling", ".yaml", schema_sampling_load},
    [PART_CHECKS] = {"checks", ".yaml", schema_checks_load},
};

static bool schema_ends_with(const char *text, const char *suffix) {
    size_t length = strlen(text);
    size_t suffix_length = strlen(suffix);
    return length >= suffix_length && strcmp(text + length - suffix_length, suffix) == 0;
}

/* Which part a file belongs to; SCHEMA_PARTS: none. What is no folder is one file. */
static size_t schema_part(const char *name) {
    for (size_t part = 0; part < SCHEMA_PARTS; part++) {
        const char *prefix = schema_parts[part].prefix;
        size_t length = strlen(prefix);
        if (strncmp(name, prefix, length) == 0 &&
            (schema_ends_with(prefix, "/") ? schema_ends_with(name, schema_parts[part].suffix)
                                           : strcmp(name + length, schema_parts[part].suffix) == 0))
            return part;
    }
    return SCHEMA_PARTS;
}

/* A file that looks as if it were meant to be read; others (a README, our XSD) are passed over. */
static bool schema_looks_meant(const char *name) {
    return schema_ends_with(name, ".yaml") || schema_ends_with(name, ".yml") || schema_ends_with(name, ".sql") ||
           schema_ends_with(name, ".json");
}

static bool schema_load_file(struct schema_loader *loader, const struct schema_file *file) {
    const char **slot = arena_push(loader->arena, &loader->schema->files.items, &loader->schema->files.count,
                                   sizeof(*loader->schema->files.items));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = file->name;
    if (!file->yaml)
        return schema_views_load(loader, file->name, file->path);
    if (file->root != NULL && file->root->kind == YAML_NULL && schema_parts[file->part].load == schema_kinds_load) {
        /* Also what `kind infer` finds where its own output goes. */
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_SCHEMA_FILE, &(struct place){.path = file->path},
                           "this file is empty, so that it adds no kind; write one or remove it");
        return true;
    }
    return file->root != NULL && schema_parts[file->part].load(loader, file->root);
}

/* Drops the files of kinds that are not named, where each of those named is in some file. */
static bool schema_keep_used(struct schema_loader *loader, struct schema_file *files, size_t *count,
                             const struct text_list *kinds) {
    bool *keep = arena_array(loader->arena, *count + 1, sizeof(*keep));
    bool *found = arena_array(loader->arena, kinds->count + 1, sizeof(*found));
    size_t missing = kinds->count;
    if (keep == NULL || found == NULL)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < *count; i++) {
        size_t index = kinds->count;
        keep[i] =
            schema_parts[files[i].part].load != schema_kinds_load || schema_files_may_be(files[i].path, kinds, &index);
        if (index < kinds->count && !found[index]) {
            found[index] = true;
            missing--;
        }
    }
    if (missing > 0)
        return true;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (keep[i])
            files[kept++] = files[i];
    }
    *count = kept;
    return true;
}

/*
 * The files that are to be read, in the order in which their parts are; of kinds those named, or all where `kinds` is
 * NULL. NULL after reporting.
 */
static struct schema_file *schema_choose_files(struct schema_loader *loader, const char *folder,
                                               const struct file_list *list, const struct text_list *kinds,
                                               size_t *count) {
    struct schema_file *files = arena_array(loader->arena, list->count + 1, sizeof(*files));
    *count = 0;
    for (size_t part = 0; part < SCHEMA_PARTS; part++) {
        for (size_t i = 0; files != NULL && i < list->count; i++) {
            const char *name = list->entries[i].path;
            if (schema_part(name) != part)
                continue;
            const char *path = path_join(loader->arena, folder, name);
            if (path == NULL)
                files = NULL;
            else
                files[(*count)++] = (struct schema_file){name, path, part, schema_parts[part].load != NULL, NULL};
        }
    }
    if (files == NULL) {
        decode_out_of_memory(loader->diagnostics);
        return NULL;
    }
    if (kinds != NULL && !schema_keep_used(loader, files, count, kinds))
        return NULL;
    return files;
}

/* Sorts what a part has brought, so that the next part can refer to it by index. */
static bool schema_settle(struct schema_loader *loader, size_t part) {
    struct schema *schema = loader->schema;
    switch (part) {
    case PART_TYPES:
        return schema_check_sorted(loader, "type", schema->types, schema->type_count, sizeof(*schema->types),
                                   offsetof(struct evidence_type, place));
    case PART_KINDS:
        return schema_check_sorted(loader, "kind", schema->kinds, schema->kind_count, sizeof(*schema->kinds),
                                   offsetof(struct kind, place));
    case PART_VIEWS:
        return schema_check_sorted(loader, "view", schema->views, schema->view_count, sizeof(*schema->views),
                                   offsetof(struct view, place));
    case PART_CONTROLS:
        return schema_check_sorted(loader, "control", schema->controls, schema->control_count,
                                   sizeof(*schema->controls), offsetof(struct control, place));
    case PART_POPULATIONS:
        return schema_check_sorted(loader, "population", schema->populations, schema->population_count,
                                   sizeof(*schema->populations), offsetof(struct population, place));
    default:
        return true;
    }
}

static int schema_compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool schema_load_parts(struct schema_loader *loader, const char *folder, const struct file_list *list,
                              const struct text_list *kinds) {
    size_t count = 0;
    size_t next = 0;
    struct schema_file *files = schema_choose_files(loader, folder, list, kinds, &count);
    struct schema_files *parsing =
        files == NULL ? NULL : schema_files_begin(files, count, loader->arena, loader->diagnostics);
    bool good = true;
    if (parsing == NULL)
        return false;
    for (size_t part = 0; part < SCHEMA_PARTS; part++) {
        size_t found = 0;
        for (; next < count && files[next].part == part; next++, found++) {
            schema_files_take(parsing, next);
            if (!schema_load_file(loader, &files[next]))
                good = false;
        }
        if (found == 0 && part == PART_CRITERIA) {
            struct place place = {.path = path_join(loader->arena, folder, "criteria.yaml")};
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_FILE_READ, &place,
                               "the file is not there; a schema begins with its criteria, copy the one that tickmark "
                               "ships");
            good = false;
        }
        if (!schema_settle(loader, part))
            good = false;
    }
    schema_files_end(parsing);
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->entries[i].path;
        if (schema_part(name) < SCHEMA_PARTS || !schema_looks_meant(name))
            continue;
        struct place place = {.path = path_join(loader->arena, folder, name)};
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_SCHEMA_FILE, &place,
                           "this file is not read; the schema is criteria.yaml, types/*.yaml, kinds/*.yaml, "
                           "views/*.sql, controls/*.yaml, metrics/*.yaml, populations/*.yaml, checks.yaml, "
                           "findings.yaml, synonyms.yaml, requests.yaml and sampling.yaml");
    }
    return good;
}

/* Where the control's first criterion stands among the criteria. */
static size_t schema_control_rank(const struct schema *schema, const struct control *control) {
    const struct criterion *first =
        control->criteria.count > 0 ? schema_criterion(schema, control->criteria.items[0]) : NULL;
    return first != NULL ? (size_t)(first - schema->criteria) : SIZE_MAX;
}

static int schema_compare_controls(const void *a, const void *b, void *context) {
    const struct control *first = a;
    const struct control *second = b;
    size_t first_rank = schema_control_rank(context, first);
    size_t second_rank = schema_control_rank(context, second);
    if (first_rank != second_rank)
        return first_rank < second_rank ? -1 : 1;
    return strcmp(first->id, second->id);
}

struct schema *schema_load(struct arena *arena, const char *folder, struct diagnostics *diagnostics) {
    return schema_load_used(arena, folder, NULL, diagnostics);
}

struct schema *schema_load_used(struct arena *arena, const char *folder, const struct text_list *kinds,
                                struct diagnostics *diagnostics) {
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE);
    struct schema *schema = arena_allocate(arena, sizeof(*schema));
    struct schema_loader loader = {.arena = arena, .diagnostics = diagnostics, .schema = schema};
    struct file_list files = {0};

    if (schema == NULL) {
        decode_out_of_memory(diagnostics);
        return NULL;
    }
    schema->deadlines = (struct schema_deadlines)SCHEMA_DEADLINES_NONE;
    if (!file_list(arena, folder, false, &files, diagnostics))
        return NULL;
    bool good = schema_load_parts(&loader, folder, &files, kinds);
    if (!schema_check_all(&loader))
        good = false;
    if (schema->control_count > 0)
        qsort_r(schema->controls, schema->control_count, sizeof(*schema->controls), schema_compare_controls, schema);
    if (schema->files.count > 0)
        qsort(schema->files.items, schema->files.count, sizeof(*schema->files.items), schema_compare_names);
    return good && diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE) == before ? schema : NULL;
}

bool schema_add_kind(struct arena *arena, struct schema *schema, const char *path, const char *text, size_t length,
                     struct diagnostics *diagnostics) {
    struct schema_loader loader = {.arena = arena, .diagnostics = diagnostics, .schema = schema};
    const struct yaml_node *root = yaml_parse(arena, path, text, length, diagnostics);

    return root != NULL && schema_kinds_load(&loader, root);
}

size_t schema_type(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->type_count; i++) {
        if (strcmp(schema->types[i].id, id) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t schema_kind(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->kind_count; i++) {
        if (strcmp(schema->kinds[i].id, id) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t schema_population(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->population_count; i++) {
        if (strcmp(schema->populations[i].id, id) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t schema_column(const struct evidence_type *type, const char *name) {
    for (size_t i = 0; i < type->column_count; i++) {
        if (strcmp(type->columns[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

const struct control *schema_control(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->control_count; i++) {
        if (strcmp(schema->controls[i].id, id) == 0)
            return &schema->controls[i];
    }
    return NULL;
}

const struct view *schema_view(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->view_count; i++) {
        if (strcmp(schema->views[i].id, id) == 0)
            return &schema->views[i];
    }
    return NULL;
}

const struct test *schema_test(const struct schema *schema, const char *id, const struct control **control) {
    for (size_t c = 0; c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            if (strcmp(schema->controls[c].tests[t].id, id) == 0) {
                if (control != NULL)
                    *control = &schema->controls[c];
                return &schema->controls[c].tests[t];
            }
        }
    }
    return NULL;
}

bool schema_no_test(const struct schema *schema, struct arena *arena, const struct place *place, const char *id,
                    struct diagnostics *diagnostics) {
    const char **ids = NULL;
    size_t count = 0;
    for (size_t c = 0; c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            const char **slot = arena_push(arena, &ids, &count, sizeof(*ids));
            if (slot == NULL)
                return decode_out_of_memory(diagnostics);
            *slot = schema->controls[c].tests[t].id;
        }
    }
    return decode_unknown(place, "test", id, ids, count, sizeof(*ids), diagnostics);
}

static int schema_index_of(const char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

int schema_cadence(const char *name) {
    return schema_index_of(schema_cadence_names, CADENCE_COUNT, name);
}

int schema_severity(const char *name) {
    return schema_index_of(schema_severity_names, SEVERITY_COUNT, name);
}

static bool schema_maps(const struct row_rule *rule, size_t column) {
    for (size_t i = 0; i < rule->mapping_count; i++) {
        if (rule->mappings[i].column == column && rule->mappings[i].constant == NULL)
            return true;
    }
    return false;
}

bool schema_tells_moments(const struct schema *schema, const struct kind *kind) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct row_rule *rule = &kind->rules[i];
        const struct evidence_type *type = &schema->types[rule->type];
        if (type->shape == TYPE_SNAPSHOT && type->time_column != SIZE_MAX && schema_maps(rule, type->time_column))
            return true;
    }
    return false;
}

const struct criterion *schema_criterion(const struct schema *schema, const char *id) {
    for (size_t i = 0; i < schema->criterion_count; i++) {
        if (strcmp(schema->criteria[i].id, id) == 0)
            return &schema->criteria[i];
    }
    return NULL;
}

bool schema_kind_gives(const struct kind *kind, size_t type) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (kind->rules[i].type == type)
            return true;
    }
    return false;
}

bool schema_requires(const struct control *control, size_t type) {
    for (size_t i = 0; i < control->requirement_count; i++) {
        if (control->requirements[i].type == type)
            return true;
    }
    return false;
}
