#ifndef CMD_EXPLAIN_PRIVATE_H
#define CMD_EXPLAIN_PRIVATE_H

#include "cmd/command.h"
#include "cmd/explain_page.h"
#include "cmd/retrieve.h"
#include "cmd/workspace.h"
#include "store/query.h"

#include <sqlite3.h>

/* What the files of `explain` share. An explanation is a list of sections, each a query over the published store. */

struct explain {
    struct command *command;
    struct workspace workspace;
    struct workspace_period period;
    const char *path; /* of the published store */
    sqlite3 *store;
    struct retrieve_files *files;
    struct explain_page page;
};

enum explain_layout {
    EXPLAIN_FIELDS, /* one row: every column with its name as the label */
    EXPLAIN_LIST    /* a row each: its "line", and the columns that `shown` names */
};

struct explain_section {
    const char *key;
    const char *heading; /* of text; NULL: none */
    const char *name;    /* of the query */
    const char *sql;
    enum explain_layout layout;
    const char *shown;                   /* " name name " of the columns that text prints below a line, or NULL */
    const char *none;                    /* what text says where there is no row; NULL: the section is left out */
    const char *second;                  /* ?2 of a section that stands below no row, or NULL */
    size_t most;                         /* rows that text shows without --all; 0: all */
    const struct explain_section *parts; /* of each row; ends with a key of NULL */
    /* What no query tells of a row; false when it failed. */
    bool (*more)(struct explain *explain, struct query *row);
};

/* What can be explained, and by which sections; ends with a name of NULL. */
struct explain_sort {
    const char *name;
    const struct explain_section *sections;
};
extern const struct explain_sort explain_sorts[];
extern const struct explain_section explain_head[]; /* of every explanation; `second` is the store's path */

/* Prints the sections up to a key of NULL, for one id. */
bool explain_sections(struct explain *explain, const struct explain_section *sections, const char *id);
/* The value of a row's column by name, or NULL where there is none of that name. */
const char *explain_column(struct query *row, const char *name);
bool explain_column_integer(struct query *row, const char *name, int64_t *out);

/* The record behind the "_ref" of a row, read again from the evidence. */
bool explain_record(struct explain *explain, struct query *row);
/* Runs a test's query again on the published rows: the count and the digest, and with `list` the items. */
bool explain_population(struct explain *explain, const char *test, bool list);
/* The SQL that makes one of the engine's own figures; NULL where it is not one of them, or memory is out. */
const char *explain_figure_sql(struct arena *arena, const char *id);

#endif
