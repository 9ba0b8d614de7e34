#ifndef CONFIG_SCHEMA_PRIVATE_H
#define CONFIG_SCHEMA_PRIVATE_H

#include "config/schema.h"

/* What the parts of the schema loader share. Every function that returns bool has reported what it found when false. */

/* A control named before all controls are known. */
struct schema_reference {
    const char *id;
    struct place place;
};

struct schema_loader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct schema *schema;
    struct schema_reference *compensating; /* ids of controls that other controls name */
    size_t compensating_count;
};

/* One file each: `root` is the file's tree. What can be decoded is added to the schema, also beside errors. */
bool schema_criteria_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_types_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_kinds_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_controls_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_findings_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_metrics_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_checks_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_synonyms_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_populations_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_requests_load(struct schema_loader *loader, const struct yaml_node *root);
bool schema_sampling_load(struct schema_loader *loader, const struct yaml_node *root);
/* Whether the rules that tests name for their samples are there. */
bool schema_sampling_check(struct schema_loader *loader);
/* `name` is the file's path inside the folder, for the view's id; `path` the one to open. */
bool schema_views_load(struct schema_loader *loader, const char *name, const char *path);

/*
 * Sorts structs that begin with an id and hold a struct place at `place_offset`, and reports those that share an id at
 * the later place, naming the earlier one.
 */
bool schema_check_sorted(struct schema_loader *loader, const char *what, void *items, size_t count, size_t size,
                         size_t place_offset);
/* Metrics of one id, and those to draw, once all are known. */
bool schema_metrics_check(struct schema_loader *loader);
/* Whether an id is that of a figure that tickmark works out itself. */
bool schema_metrics_own(const char *id);
/* The `charts` of a file of metrics; NULL: none. Whether these are there is checked once all metrics are known. */
bool schema_metrics_charts(struct schema_loader *loader, const struct yaml_node *node);
bool schema_metrics_charts_check(struct schema_loader *loader);
/* A parameter of a control or a metric: `value`, `unit` and `meaning`. */
bool schema_controls_parameter(struct schema_loader *loader, const struct yaml_pair *pair, struct parameter *parameter);
/* All criteria there; names of types and views apart; control and test ids apart; compensating controls known. */
bool schema_check_all(struct schema_loader *loader);
/* Whether an id may name a type, column, view or parameter: a-z, 0-9, '_', not one of ours. */
bool schema_check_name(struct schema_loader *loader, const struct place *place, const char *what, const char *name);
/* Whether a text may be the id of a control or test: letters, digits, '-', '.', '_'. */
bool schema_check_id(struct schema_loader *loader, const struct place *place, const char *what, const char *id);

/* A value written in YAML, as a column of that kind holds it; null is VALUE_NULL. Times are ISO, UTC without a zone. */
bool schema_value_convert(struct schema_loader *loader, const struct column *column, const struct yaml_node *node,
                          struct value *out);
/* A parameter's value by the kind of its declaration (its `value` and `duration`): for overrides and challenges. */
bool schema_value_parameter(const struct parameter *parameter, const struct yaml_node *node, struct value *out,
                            struct diagnostics *diagnostics);
/* A parameter's declaration: the kind follows from how the value is written. */
bool schema_value_declare(struct schema_loader *loader, struct parameter *parameter, const struct yaml_node *node);

/* Where a rule's records stand. */
bool schema_paths_at(struct schema_loader *loader, const struct yaml_node *node, struct row_rule *rule);
/* A value path by the syntax of `format`; `place` is where the text stands. */
bool schema_paths_value(struct schema_loader *loader, const char *text, const struct place *place,
                        enum kind_format format, struct value_path *out);
/* The same in a row rule: also checks that what it climbs to is there. */
bool schema_paths_row(struct schema_loader *loader, const char *text, const struct place *place,
                      const struct kind *kind, const struct row_rule *rule, struct value_path *out);
/* The same in a condition, which may ask for the elements of lists below the row by [*]. */
bool schema_paths_condition(struct schema_loader *loader, const char *text, const struct place *place,
                            const struct kind *kind, const struct row_rule *rule, struct value_path *out);

/* What only logs have: patterns, or a preset for them. `detect` may be NULL. */
bool schema_logs_load(struct schema_loader *loader, const struct yaml_node *root, const struct yaml_node *detect,
                      struct kind *kind);
/* `complete` and `count` of a kind whose format is known; nodes may be NULL. */
bool schema_rules_complete(struct schema_loader *loader, const struct yaml_node *complete,
                           const struct yaml_node *count, struct kind *kind);
/* The rows of a kind whose format is known. */
bool schema_rules_load(struct schema_loader *loader, const struct yaml_node *rows, struct kind *kind);
/* The `map` of a rule whose type and `at` are known. */
bool schema_mappings_load(struct schema_loader *loader, const struct yaml_node *map, const struct kind *kind,
                          struct row_rule *rule);
/* The `requires` and the `parameters` of a control, or of what reads evidence as one does; nodes may be NULL. */
bool schema_controls_requires(struct schema_loader *loader, const struct yaml_node *requires, struct control *control);
bool schema_controls_parameters(struct schema_loader *loader, const struct yaml_node *parameters,
                                struct control *control);
/* The tests of a control whose id and parameters are known. */
bool schema_tests_load(struct schema_loader *loader, const struct yaml_node *tests, struct control *control);
/* The challenges of a test whose query is known. */
bool schema_challenges_load(struct schema_loader *loader, const struct yaml_node *challenges,
                            const struct control *control, struct test *test);
/* The rows that a challenge gives: known types and columns, values of their kinds. `given` may be NULL. */
bool schema_challenges_given(struct schema_loader *loader, const struct yaml_node *given);

#endif
