#ifndef ASSESS_MUTATION_GIVEN_H
#define ASSESS_MUTATION_GIVEN_H

#include "base/arena.h"
#include "config/schema.h"
#include "config/yaml.h"

#include <stddef.h>

/*
 * Copies of what a challenge gives with one thing different. What is not different is shared with the original, which
 * stays as it is. `type` is the index of a pair of `given`, `row` of a row in it. NULL when memory is out.
 */

/* With another value under a row's key; `text` NULL: with none. */
const struct yaml_node *mutation_given_value(struct arena *arena, const struct yaml_node *given, size_t type,
                                             size_t row, const char *key, const char *text);
/* Without a row. */
const struct yaml_node *mutation_given_without(struct arena *arena, const struct yaml_node *given, size_t type,
                                               size_t row);
/* With a row once more, under another key of its evidence type. */
const struct yaml_node *mutation_given_again(struct arena *arena, const struct yaml_node *given, size_t type,
                                             size_t row, const struct evidence_type *evidence_type);

#endif
