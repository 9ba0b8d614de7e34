#ifndef CONFIG_PROGRAMME_PRIVATE_H
#define CONFIG_PROGRAMME_PRIVATE_H

#include "config/programme.h"

/*
 * Checks what was decoded from `root` against itself and the schema: ids unique, names known, dates in order,
 * parameters converted. Item i of a list in `root` is struct i of the array. Reports what it finds.
 */
void programme_check_all(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                         struct programme *programme, struct diagnostics *diagnostics);
/* The same for the sources, before it: fills each source's kind and command. `root` is the file's tree. */
void programme_sources_check(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                             struct programme *programme, struct diagnostics *diagnostics);
/*
 * Reads `command:` of a source whose kind and path are known: a list of words, or a mapping that holds it as `argv`. A
 * source without a `query` then has the command as such.
 */
void programme_command_read(struct arena *arena, const struct yaml_node *source_node, const struct schema *schema,
                            struct programme_source *source, struct diagnostics *diagnostics);
/* Reads `sequence:` and `known_gaps:` of a source whose kind is known. */
void programme_sequence_read(struct arena *arena, const struct yaml_node *source_node, const struct schema *schema,
                             struct programme_source *source, struct diagnostics *diagnostics);
/*
 * Finds "type.column" in `text`; the type is one of those that the source's kind gives. `*column` is SIZE_MAX after a
 * report at `place`.
 */
void programme_column_find(const struct programme_source *source, const char *text, const struct place *place,
                           const struct schema *schema, size_t *type, size_t *column, struct diagnostics *diagnostics);
/* Checks the reconciliations, after the sources: finds their types and columns. */
void programme_reconcile_check(const struct yaml_node *root, const struct schema *schema, struct programme *programme,
                               struct diagnostics *diagnostics);
/* The same for what `readiness` goes by: fills what targets are set for, and reads `readiness:`. */
void programme_readiness_check(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                               struct programme *programme, struct diagnostics *diagnostics);

/* Reads `roi:`; NULL after reporting. */
const struct programme_roi *programme_roi_read(struct arena *arena, const struct yaml_node *node,
                                               struct diagnostics *diagnostics);

#endif
