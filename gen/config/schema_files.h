#ifndef CONFIG_SCHEMA_FILES_H
#define CONFIG_SCHEMA_FILES_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "config/decode.h"
#include "config/yaml.h"

#include <stdbool.h>
#include <stddef.h>

/* A file of the schema folder. */
struct schema_file {
    const char *name; /* inside the folder */
    const char *path; /* to open */
    size_t part;      /* what of the schema it holds */
    bool yaml;
    struct yaml_node *root; /* of a YAML file; NULL when it could not be read, after reporting */
};

/*
 * Whether a file of a kind may be one of those named: the kind stands on a line of its own near the file's beginning.
 * Where it cannot be seen, it may. `*index`, when it can, is that of the name.
 */
bool schema_files_may_be(const char *path, const struct text_list *kinds, size_t *index);

/*
 * Parses the YAML files, of which the first are taken when they are asked for, and the last ahead of that on a second
 * thread, where one can be had. The trees are in `arena`. NULL when memory is out, after reporting.
 */
struct schema_files;
struct schema_files *schema_files_begin(struct schema_file *files, size_t count, struct arena *arena,
                                        struct diagnostics *diagnostics);
/* Has the file's `root`; each file is asked for in turn. */
void schema_files_take(struct schema_files *parsing, size_t index);
/* Waits for what was begun; may be NULL. */
void schema_files_end(struct schema_files *parsing);

#endif
