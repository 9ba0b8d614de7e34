#ifndef CONFIG_DECODE_H
#define CONFIG_DECODE_H

#include "config/yaml.h"

/*
 * Turns YAML nodes into structs by tables, so that every file of the programme is checked the same way: unknown keys
 * ("did you mean"), missing keys, wrong kinds, values outside a list; all problems of a file in one go.
 */
enum decode_kind {
    DECODE_TEXT,      /* const char * : a scalar */
    DECODE_NAME,      /* const char * : an identifier (text_is_name, loose) */
    DECODE_BOOLEAN,   /* bool */
    DECODE_INTEGER,   /* int64_t */
    DECODE_REAL,      /* double */
    DECODE_PERCENT,   /* double : "0%" or "2.5%" as a fraction */
    DECODE_DURATION,  /* int64_t seconds : "1 day", "15 minutes", "30 days", "2 hours", "0" */
    DECODE_DATE,      /* int64_t : a day, UTC midnight */
    DECODE_CHOICE,    /* int : index into `choices` */
    DECODE_TEXTS,     /* struct text_list : a scalar or a sequence of scalars */
    DECODE_NODE,      /* const struct yaml_node * : anything, decoded later */
    DECODE_PLACE_ONLY /* accepted and not stored */
};

struct text_list {
    const char **items;
    size_t count;
};

struct decode_field {
    const char *key; /* first, for text_nearest */
    enum decode_kind kind;
    size_t offset; /* offsetof in the target struct */
    bool required;
    const char *const *choices; /* DECODE_CHOICE: NULL-terminated */
};

/*
 * Fills `target` from a mapping. `what` names it in diagnostics ("control", "source"). Fields that are absent keep
 * their value. Returns false when anything was reported; what could be decoded is filled in all the same.
 */
bool decode_mapping(struct arena *arena, const struct yaml_node *node, const char *what,
                    const struct decode_field *fields, size_t field_count, void *target,
                    struct diagnostics *diagnostics);
/* One scalar by itself, by the same rules; `target` is as DECODE_* says. */
bool decode_scalar(struct arena *arena, const struct yaml_node *node, const char *what,
                   const struct decode_field *field, void *target, struct diagnostics *diagnostics);

/* A scalar or a sequence of scalars by itself (DECODE_TEXTS). */
bool decode_texts(struct arena *arena, const struct yaml_node *node, const char *what, const struct decode_field *field,
                  struct text_list *target, struct diagnostics *diagnostics);
/* Seconds from "1 day", "15 minutes", "2 weeks", "0"; false for anything else. */
bool decode_duration(const char *text, int64_t *out);

/* A key whose value is a sequence of mappings: how its items become an array of structs inside a larger one. */
struct decode_list {
    const char *key;
    const char *what; /* "source" */
    const struct decode_field *fields;
    size_t field_count;
    size_t size;         /* of one struct */
    const void *blank;   /* what one is before it is filled; NULL: all zero */
    size_t place_offset; /* its struct place */
    size_t items_offset; /* in the larger struct: the array ... */
    size_t count_offset; /* ... and its length */
};
/*
 * Fills array and count in `target` from `sequence` (NULL: absent, nothing is done). Item i of the sequence is always
 * struct i of the array, also where it could not be decoded.
 */
bool decode_sequence(struct arena *arena, const struct yaml_node *sequence, const struct decode_list *list,
                     void *target, struct diagnostics *diagnostics);

/* Whether a node is of this kind; reports if not. `what` is the subject of the sentence: "'types'". */
bool decode_is(const struct yaml_node *node, enum yaml_kind kind, const char *what, struct diagnostics *diagnostics);
/*
 * Reports a name that nothing has: "there is no <what> '<word>'", and the nearest candidate (as text_nearest) or all of
 * them where they are few. Always false.
 */
bool decode_unknown(const struct place *place, const char *what, const char *word, const void *candidates, size_t count,
                    size_t stride, struct diagnostics *diagnostics);
/* Reports that memory ran out. Always false. */
bool decode_out_of_memory(struct diagnostics *diagnostics);

#endif
