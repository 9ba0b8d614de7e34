#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include "base/arena.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A YAML file as a tree with positions, made from libyaml's events. Anchors and aliases, tags and several documents are
 * refused (aliases never expand); duplicate keys, depth and node count are checked. Every value keeps its text as
 * written.
 */
enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct place place;      /* of the first character */
    struct place text_place; /* YAML_SCALAR: of the text's first character; for a block its first line */
    const char *text;        /* YAML_SCALAR, YAML_NULL: as written, NUL-terminated (a NUL in a scalar is refused) */
    size_t length;
    bool quoted;              /* written in quotes or as a block, so that 'null', true or 1 are texts */
    struct yaml_pair *pairs;  /* YAML_MAPPING, in the order written */
    struct yaml_node **items; /* YAML_SEQUENCE */
    size_t count;             /* pairs or items */
};
struct yaml_pair {
    const char *key;
    struct place place;
    struct yaml_node *value;
};

/* Parses bytes that came from `path`; all in `arena`. NULL after reporting. An empty file is a YAML_NULL node. */
struct yaml_node *yaml_parse(struct arena *arena, const char *path, const char *bytes, size_t length,
                             struct diagnostics *diagnostics);
/* Reads and parses a file of at most LIMIT_YAML_BYTES. */
struct yaml_node *yaml_load(struct arena *arena, const char *path, struct diagnostics *diagnostics);
/* The value under `key`, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

#endif
