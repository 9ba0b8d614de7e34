#include "store/guard_rules.h"

#include "base/limits.h"
#include "store/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Functions whose result depends on their arguments alone (and, for the date functions, on as_of). Not here, for what
 * they do: random, randomblob (chance), printf and format (one call runs past any deadline), zeroblob (memory),
 * load_extension, sqlite_* and the counters of changes (state). Bytewise sorted.
 */
static const char *const allowed_functions[] = {
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "business_days",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "date_of",
    "datetime",
    "degrees",
    "dense_rank",
    "duration_text",
    "epoch",
    "exp",
    "first_value",
    "floor",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "iso",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_quote",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "percentile",
    "pi",
    "pow",
    "power",
    "quote",
    "radians",
    "rank",
    "ref_text",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "strftime",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
};

static int compare_name(const void *key, const void *element) {
    return sqlite3_stricmp(key, *(const char *const *)element);
}

static bool function_allowed(const char *name) {
    return bsearch(name, allowed_functions, sizeof allowed_functions / sizeof allowed_functions[0],
                   sizeof allowed_functions[0], compare_name) != NULL;
}

/* SQLite's own tables and the virtual ones that show its insides: what they hold depends on how the store was built. */
static bool table_hidden(const char *table) {
    return sqlite3_strnicmp(table, "sqlite_", 7) == 0 || sqlite3_strnicmp(table, "pragma_", 7) == 0 ||
           sqlite3_stricmp(table, "dbstat") == 0;
}

static int refuse(struct guard_rules *rules, const char *what, const char *name) {
    if (rules->refusal[0] == '\0') {
        snprintf(rules->refusal, sizeof rules->refusal, "%s%s%.100s", what, name == NULL ? "" : " ",
                 name == NULL ? "" : name);
    }
    return SQLITE_DENY;
}

static bool noted(const struct guard_rules *rules, const char *table, const char *column) {
    for (size_t i = rules->read_count; i-- > 0;) {
        if (strcmp(rules->reads[i].table, table) == 0 && strcmp(rules->reads[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

static int note_read(struct guard_rules *rules, const char *table, const char *column) {
    if (rules->arena == NULL || noted(rules, table, column)) {
        return SQLITE_OK;
    }
    struct guard_read *read = arena_push(rules->arena, &rules->reads, &rules->read_count, sizeof *read);
    if (read != NULL) {
        read->table = arena_text(rules->arena, table);
        read->column = arena_text(rules->arena, column);
    }
    if (read == NULL || read->table == NULL || read->column == NULL) {
        rules->memory = true;
        return SQLITE_DENY;
    }
    return SQLITE_OK;
}

/* The type whose rows a table of the engine's holds, or NULL. */
static const char *type_of(const char *table) {
    return strncmp(table, TABLES_ROWS, sizeof TABLES_ROWS - 1) == 0 ? table + sizeof TABLES_ROWS - 1 : NULL;
}

/* Whether a view is one of those that the engine makes of a type: `type` or `type_latest`. */
static bool view_of(const char *view, const char *type) {
    size_t length = strlen(type);
    return strncmp(view, type, length) == 0 && (view[length] == '\0' || strcmp(view + length, SCHEMA_LATEST) == 0);
}

/*
 * A type's own view names all of its columns, whichever of them are wanted: that one of them is read is said of the
 * view, and of the table only that it is read.
 */
static int note_column(struct guard_rules *rules, const char *table, const char *column, const char *view) {
    const char *type = type_of(table);
    return note_read(rules, table, type != NULL && view != NULL && view_of(view, type) ? "" : column);
}

/* Who reads a table that stands for a view reads all that the view does, whichever of its columns are wanted. */
static int note_stand_in(struct guard_rules *rules, const char *table) {
    for (size_t i = 0; i < rules->stand_in_count; i++) {
        const struct guard_stand_in *stand_in = &rules->stand_ins[i];
        if (strcmp(stand_in->table, table) != 0) {
            continue;
        }
        if (noted(rules, table, "")) {
            return SQLITE_OK;
        }
        int result = note_read(rules, table, ""); /* a view's name, which is not kept */
        for (size_t r = 0; result == SQLITE_OK && r < stand_in->read_count; r++) {
            result = note_read(rules, stand_in->reads[r].table, stand_in->reads[r].column);
        }
        return result;
    }
    return refuse(rules, "it reads", table);
}

static int authorize(void *context, int action, const char *first, const char *second, const char *database,
                     const char *view) {
    struct guard_rules *rules = context;
    if (rules->engine) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        if (first == NULL) {
            return SQLITE_OK;
        }
        if (table_hidden(first)) {
            return refuse(rules, "it reads", first);
        }
        if (database != NULL && strcmp(database, GUARD_RULES_SHARED) == 0) {
            return note_stand_in(rules, first);
        }
        return note_column(rules, first, second == NULL ? "" : second, view);
    case SQLITE_FUNCTION:
        return second != NULL && function_allowed(second) ? SQLITE_OK : refuse(rules, "it calls the function", second);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return refuse(rules, "it writes to", first);
    case SQLITE_ATTACH:
        return refuse(rules, "it attaches a database", NULL);
    case SQLITE_PRAGMA:
        return refuse(rules, "it uses the pragma", first);
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return refuse(rules, "it controls a transaction", NULL);
    default:
        return refuse(rules, "it does something other than read", NULL);
    }
}

static bool close_switches(sqlite3 *connection) {
    static const struct {
        int option;
        int value;
    } switches[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (sqlite3_db_config(connection, switches[i].option, switches[i].value, (int *)NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

bool guard_rules_apply(struct guard_rules *rules, sqlite3 *connection) {
    if (!close_switches(connection)) {
        return false;
    }
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, (int)LIMIT_SQL_BYTES);
    sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, (int)LIMIT_SQL_BYTES);
    sqlite3_limit(connection, SQLITE_LIMIT_EXPR_DEPTH, LIMIT_SQL_EXPRESSION_DEPTH);
    sqlite3_limit(connection, SQLITE_LIMIT_VDBE_OP, LIMIT_SQL_VDBE_OPERATIONS);
    sqlite3_limit(connection, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LIMIT_SQL_LIKE_BYTES);
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, 0);
    sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
    return sqlite3_set_authorizer(connection, authorize, rules) == SQLITE_OK;
}

void guard_rules_begin(struct guard_rules *rules, struct arena *arena) {
    rules->arena = arena;
    rules->reads = NULL;
    rules->read_count = 0;
    rules->memory = false;
    rules->refusal[0] = '\0';
}

static int compare_reads(const void *a, const void *b) {
    const struct guard_read *x = a;
    const struct guard_read *y = b;
    int order = strcmp(x->table, y->table);
    return order != 0 ? order : strcmp(x->column, y->column);
}

static bool is_table(sqlite3 *connection, const char *name) {
    return sqlite3_table_column_metadata(connection, "main", name, NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* The table that a type's own view stands for, or NULL where the name is another view's; without memory too. */
static const char *table_behind(struct guard_rules *rules, sqlite3 *connection, struct arena *arena, const char *view) {
    size_t length = strlen(view);
    size_t suffix = sizeof SCHEMA_LATEST - 1;
    const char *table = arena_format(arena, TABLES_ROWS "%s", view);
    rules->memory = rules->memory || table == NULL;
    if (table != NULL && is_table(connection, table)) {
        return table;
    }
    if (length <= suffix || strcmp(view + length - suffix, SCHEMA_LATEST) != 0) {
        return NULL;
    }
    table = arena_format(arena, TABLES_ROWS "%.*s", (int)(length - suffix), view);
    rules->memory = rules->memory || table == NULL;
    return table != NULL && is_table(connection, table) ? table : NULL;
}

bool guard_rules_finish(struct guard_rules *rules, sqlite3 *connection, struct arena *arena) {
    /* Views, common table expressions and subqueries are reported beside the tables that they read. */
    size_t kept = 0;
    const char *name = "";
    const char *table = NULL; /* that the name stands for: many columns of one are reported one after the other */
    for (size_t i = 0; i < rules->read_count; i++) {
        struct guard_read read = rules->reads[i];
        if (strcmp(read.table, name) != 0) {
            name = read.table;
            table = is_table(connection, name) ? name : table_behind(rules, connection, arena, name);
        }
        if (table != NULL) {
            rules->reads[kept++] = (struct guard_read){.table = table, .column = read.column};
        }
    }
    if (kept > 1) {
        qsort(rules->reads, kept, sizeof *rules->reads, compare_reads);
    }
    rules->read_count = 0;
    for (size_t i = 0; i < kept; i++) {
        if (rules->read_count == 0 || compare_reads(&rules->reads[rules->read_count - 1], &rules->reads[i]) != 0) {
            rules->reads[rules->read_count++] = rules->reads[i];
        }
    }
    return !rules->memory;
}
