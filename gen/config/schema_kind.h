#ifndef CONFIG_SCHEMA_KIND_H
#define CONFIG_SCHEMA_KIND_H

#include "base/datetime.h"
#include "base/diagnostics.h"
#include "base/encoding.h"
#include "base/value.h"
#include "config/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of schema.h: what a kind of export is. */

/* ---- kinds: a file each ---- */

enum kind_format {
    FORMAT_CSV,
    FORMAT_JSON,
    FORMAT_NDJSON,
    FORMAT_DOCUMENT,
    FORMAT_YAML,
    FORMAT_XML,
    FORMAT_LOG,
    FORMAT_CEDAR,
    FORMAT_XLSX,
    FORMAT_COUNT
};
extern const char *const schema_format_names[]; /* NULL-terminated: "csv", "json", ... */

/*
 * A path into a record. For csv and xlsx a single name, the column. For JSON and YAML keys joined by '.', from the
 * row's `at`;
 * "../" climbs to the record that holds a nested list, "$." starts at the document, "@key" is the member name that a
 * ".*" matched, "@index" the position in the list (from 0), "@file.NAME" a named part of the file's path, "." the row's
 * own value. A key that holds a '.' or '[' is written ['like.this'].
 *
 * For XML the keys are the local names of elements, the root's the first; a prefix is left out, and names that differ
 * in it alone are the same name. "name[*]" in `at` are all elements of the name below one, wherever they stand there.
 * A key "@name" is an attribute: "@id" of the row's element, "rule.@id" of one in it; "@key", "@index" and "@file."
 * keep their meaning as the first step, and attributes of these names are written ['@key']. An element's value is the
 * text in it and in all below it, CDATA included, without the white space at both ends.
 *
 * For logs a single name, the named group or the key. For Cedar as for JSON, in a policy as config/cedar_path.h has it.
 *
 * In a condition, below the row of a JSON, YAML or XML document, "name[*]" stands for each element of the list: "some".
 */
struct value_path {
    enum path_base { PATH_ROW, PATH_PARENT, PATH_ENVELOPE, PATH_KEY, PATH_INDEX, PATH_FILE } base;
    size_t climbs;     /* PATH_PARENT, PATH_KEY, PATH_INDEX: how many "../" */
    const char **keys; /* NULL: "[*]" */
    size_t key_count;
    bool some;        /* a "[*]" is among the keys */
    const char *text; /* as written */
    struct place place;
};

/* How one column of a row is made. Exactly one of `from` (has_from), `constant` and `expression` is set. */
struct mapping {
    size_t column; /* into the evidence type */
    bool has_from;
    struct value_path from;
    const struct yaml_node *constant;
    struct value constant_value; /* converted to the column's kind at load */
    size_t expression;           /* index into row_rule.expressions, or SIZE_MAX */
    bool optional;               /* the path may be absent from an export without making it the wrong shape */
    bool has_time;
    enum datetime_format time;
    struct text_list nulls;  /* further texts that mean NULL for this column */
    const char **value_from; /* `values:` table: text in the export ... */
    struct value *value_to;  /* ... and what it becomes; an unlisted text is an unknown value */
    size_t value_count;
    struct place place;
};

/* `expr:` SQL over named raw inputs, run by the store on a guarded connection as the row is inserted. */
struct expression {
    const char *sql;
    size_t column;
    struct place place;
};
struct expression_input {
    const char *name;       /* the name that the SQL uses */
    struct value_path from; /* its raw value: text, or NULL */
    bool needed;            /* by an expression that is not optional */
    struct place place;
};

/*
 * One condition of `when`. All must hold. Where the path has a "[*]", one text or `present` asks whether some element
 * answers, `not` and `present: false` whether none does.
 */
struct condition {
    struct value_path path;
    enum condition_kind { CONDITION_IN, CONDITION_NOT_IN, CONDITION_PRESENT, CONDITION_ABSENT } kind;
    struct text_list texts;
};

enum fold_take { FOLD_FIRST, FOLD_LAST, FOLD_MINIMUM, FOLD_MAXIMUM };
struct fold {
    bool used;
    size_t *key; /* columns that name the entity */
    size_t key_count;
    size_t by;       /* column that orders its rows; an enumeration by the order of its values */
    size_t *columns; /* columns taken otherwise than by FOLD_LAST */
    enum fold_take *takes;
    size_t take_count;
};

struct path_step {                                              /* one step of `at` */
    enum step_kind { STEP_KEY, STEP_ITEMS, STEP_MEMBERS } kind; /* .key   [*]   .* */
    const char *key;
};

struct row_rule {
    size_t type;          /* into schema.types */
    struct path_step *at; /* from the document's root; the outermost wildcard is the record. csv: empty */
    size_t at_count;
    const char *at_text;
    struct condition *when;
    size_t when_count;
    struct mapping *mappings;
    size_t mapping_count;
    struct expression *expressions;
    size_t expression_count;
    struct expression_input *inputs;
    size_t input_count;
    struct fold fold;
    bool may_be_empty; /* a valid export may give no row by this rule */
    struct place place;
};

struct kind {
    const char *id;
    const char *title;
    const char *vendor;
    const char *produced_by; /* the command or console page that exports it */
    enum kind_format format;
    struct text_list detect_columns;
    struct text_list detect_paths;
    struct text_list detect_without; /* json, ndjson, yaml, xml: paths that no such export has */
    struct text_list detect_lines;   /* log: patterns; each must match one of the first lines */
    struct text_list log_patterns;   /* log: tried in order on a whole record; a named group is a path */
    struct text_list log_groups;     /* log: the names of all of them */
    struct text_list log_skips;      /* log: of records that are expected and not wanted */
    const char *log_continue;        /* log: of a line that belongs to the record before it; NULL: a line is a record */
    bool log_pairs;                  /* log: in place of patterns, key=value pairs; a key is a path */
    const char *sheet;               /* xlsx: its name; NULL: the first that is not hidden */
    char delimiter;                  /* csv: 0 to sniff among , ; tab | */
    struct text_list nulls;          /* texts that mean NULL in every column; replaces the default ("") */
    bool has_effective;
    struct value_path effective; /* "$.x": when the snapshot was taken, said by the export itself */
    enum datetime_format effective_time;
    struct condition *complete; /* on "$.x": what a document says behind which nothing follows */
    size_t complete_count;
    bool has_count;
    struct value_path count; /* "$.x": of how many records there are, said by the export itself */
    uint64_t *page_sizes;    /* of an API whose answers do not say whether another one follows */
    size_t page_size_count;
    const char *zone_text;           /* `zone:` as written; NULL: times without one need that of the source ... */
    int32_t zone;                    /* ... and seconds east of UTC; a source's own comes before it */
    const char *encoding_text;       /* `encoding:` as written ... */
    const struct encoding *encoding; /* ... and what it is; NULL: UTF-8, or UTF-16 by its mark */
    struct text_list members;        /* patterns of the files in an archive that are read; none: all */
    bool has_inside;                 /* the records are text inside a value of a document */
    struct value_path inside;
    enum kind_format inside_format;
    struct row_rule *rules;
    size_t rule_count;
    struct text_list ignore; /* paths known and not wanted */
    struct place place;
};

#endif
