#include "store/guard_state.h"

#include "config/yaml.h"
#include "store/calendar.h"
#include "store/guard_challenge.sql.h"
#include "store/query.h"
#include "store/snapshot.sql.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/transaction.sql.h"
#include "store/views.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_SOURCE "challenge"

static bool build(struct guard *guard, const struct schema *schema, const struct span *period) {
    guard->rules.engine = true;
    bool built = query_execute(guard->connection, "begin", sql_begin, guard->diagnostics) &&
                 tables_create(guard->connection, schema, guard->diagnostics) &&
                 calendar_fill(guard->connection, period, guard->diagnostics) &&
                 views_create(guard->connection, schema, guard->diagnostics) &&
                 query_execute(guard->connection, "commit", sql_commit, guard->diagnostics);
    guard->rules.engine = false;
    return built && views_check(guard, schema);
}

struct guard *guard_open_challenge(const struct schema *schema, const struct span *period, int64_t as_of,
                                   struct diagnostics *diagnostics) {
    struct guard *guard = guard_state_open(NULL, as_of, GUARD_CHALLENGE_SECONDS, diagnostics);
    if (guard == NULL) {
        return NULL;
    }
    guard->period = *period;
    struct memory_account *before = memory_enter(&guard->account);
    bool built = build(guard, schema, period);
    memory_leave(before);
    if (!built) {
        guard_free(guard);
        return NULL;
    }
    return guard;
}

/* The challenge's text as the column's kind; false where it is none (config has said so already). */
static bool convert(const struct column *column, const struct yaml_node *node, struct value *out) {
    bool truth;
    switch (column->kind) {
    case COLUMN_INTEGER:
        out->kind = VALUE_INTEGER;
        return value_integer(node->text, node->length, &out->integer);
    case COLUMN_REAL:
        out->kind = VALUE_REAL;
        return value_real(node->text, node->length, &out->real);
    case COLUMN_BOOLEAN:
        if (!value_boolean(node->text, node->length, &truth)) {
            return false;
        }
        *out = (struct value){.kind = VALUE_INTEGER, .integer = truth};
        return true;
    case COLUMN_TIME:
        out->kind = VALUE_INTEGER;
        return datetime_parse(node->text, node->length, DATETIME_ISO, 0, &out->integer) == DATETIME_OK;
    case COLUMN_TEXT:
    case COLUMN_ENUMERATION:
        break;
    }
    *out = (struct value){.kind = VALUE_TEXT, .text = {node->text, node->length}};
    return true;
}

/* The column's value in a given row: what is written, else the column's default, else NULL. */
static struct value given_value(const struct column *column, const struct yaml_node *row) {
    const struct yaml_node *node = yaml_get(row, column->name);
    if (node == NULL) {
        node = column->default_value;
    }
    struct value value = {.kind = VALUE_NULL};
    if (node == NULL || node->kind != YAML_SCALAR || !convert(column, node, &value)) {
        value.kind = VALUE_NULL;
    }
    return value;
}

struct give {
    struct guard *guard;
    const struct evidence_type *type;
    struct query find;
    struct query evidence;
    struct query snapshot;
};

static int64_t last_day(const struct guard *guard) {
    return datetime_day_start(guard->period.until - 1);
}

/* The snapshot of (type, source, at), made when it is the first of its kind; 0 when that failed. */
static int64_t snapshot_of(struct give *give, const char *source, int64_t at) {
    query_text(&give->find, 1, give->type->id);
    query_text(&give->find, 2, source);
    query_integer(&give->find, 3, at);
    int64_t id = query_step(&give->find) ? query_column_integer(&give->find, 0) : 0;
    if (!query_reset(&give->find) || id != 0) {
        return id;
    }
    id = ++give->guard->given;
    query_integer(&give->evidence, 1, id);
    query_text(&give->evidence, 2, source);
    query_integer(&give->evidence, 3, at);
    query_integer(&give->snapshot, 1, id);
    query_integer(&give->snapshot, 2, id);
    query_text(&give->snapshot, 3, source);
    query_text(&give->snapshot, 4, give->type->id);
    query_integer(&give->snapshot, 5, at);
    return query_run(&give->evidence) && query_run(&give->snapshot) ? id : 0;
}

static bool give_row(struct give *give, struct query *insert, const struct yaml_node *row, int64_t ordinal) {
    const struct evidence_type *type = give->type;
    const struct yaml_node *source = schema_column(type, "source") == SIZE_MAX ? yaml_get(row, "source") : NULL;
    const struct yaml_node *at = schema_column(type, "at") == SIZE_MAX ? yaml_get(row, "at") : NULL;
    int64_t when = last_day(give->guard);
    if (at != NULL && at->kind == YAML_SCALAR) {
        (void)datetime_parse(at->text, at->length, DATETIME_ISO, 0, &when); /* checked by config */
    }
    int64_t snapshot =
        snapshot_of(give, source != NULL && source->kind == YAML_SCALAR ? source->text : DEFAULT_SOURCE, when);
    if (snapshot == 0) {
        return false;
    }
    int64_t invalid = 0;
    for (size_t i = 0; i < type->column_count; i++) {
        int index = (int)(TABLES_COLUMN_COUNT + i) + 1;
        struct value value = given_value(&type->columns[i], row);
        invalid |= value.kind == VALUE_NULL && type->columns[i].required;
        switch (value.kind) {
        case VALUE_NULL:
            query_null(insert, index);
            break;
        case VALUE_INTEGER:
            query_integer(insert, index, value.integer);
            break;
        case VALUE_REAL:
            query_real(insert, index, value.real);
            break;
        case VALUE_TEXT:
            query_text(insert, index, value.text.bytes);
            break;
        }
    }
    query_integer(insert, TABLES_REF + 1, STORE_REF(snapshot, ordinal));
    query_integer(insert, TABLES_SNAPSHOT + 1, snapshot);
    query_integer(insert, TABLES_RECORD + 1, ordinal);
    query_integer(insert, TABLES_LINE + 1, (int64_t)row->place.line);
    query_integer(insert, TABLES_OFFSET + 1, 0);
    query_integer(insert, TABLES_LENGTH + 1, 0);
    query_integer(insert, TABLES_INVALID + 1, invalid);
    query_integer(insert, TABLES_RULE + 1, 0);
    query_null(insert, TABLES_EXCLUDED + 1);
    return query_run(insert);
}

static bool give_type(struct give *give, const struct yaml_node *rows) {
    if (rows->kind != YAML_SEQUENCE || rows->count == 0) {
        /* An export without rows: it was there, and it says that there is nothing. */
        return snapshot_of(give, DEFAULT_SOURCE, last_day(give->guard)) != 0;
    }
    struct buffer sql = {0};
    struct query insert = {0};
    bool given = tables_insert(&sql, give->type, give->guard->diagnostics) &&
                 query_open(&insert, give->guard->connection, "give_row", buffer_text(&sql), give->guard->diagnostics);
    for (size_t i = 0; given && i < rows->count; i++) {
        given = give_row(give, &insert, rows->items[i], (int64_t)i + 1);
    }
    buffer_free(&sql);
    return query_close(&insert) && given;
}

/* Rows of the identity map: each says whose login it is. */
static bool give_identity(struct guard *guard, const struct yaml_node *rows) {
    struct query insert = {0};
    bool given = query_open(&insert, guard->connection, "insert_challenge_identity", sql_insert_challenge_identity,
                            guard->diagnostics);
    for (size_t i = 0; given && rows->kind == YAML_SEQUENCE && i < rows->count; i++) {
        const struct yaml_node *login = yaml_get(rows->items[i], "login");
        const struct yaml_node *person = yaml_get(rows->items[i], "person");
        if (login != NULL && login->kind == YAML_SCALAR && person != NULL && person->kind == YAML_SCALAR) {
            query_text(&insert, 1, login->text);
            query_text(&insert, 2, person->text);
            given = query_run(&insert);
        }
    }
    return query_close(&insert) && given;
}

static bool give_all(struct give *give, const struct schema *schema, const struct yaml_node *given) {
    sqlite3 *connection = give->guard->connection;
    struct diagnostics *diagnostics = give->guard->diagnostics;
    if (!query_execute(connection, "give", sql_give, diagnostics)) {
        return false;
    }
    bool done = query_open(&give->find, connection, "find_snapshot", sql_find_snapshot, diagnostics) &&
                query_open(&give->evidence, connection, "insert_challenge_evidence", sql_insert_challenge_evidence,
                           diagnostics) &&
                query_open(&give->snapshot, connection, "insert_snapshot", sql_insert_snapshot, diagnostics);
    for (size_t i = 0; done && given != NULL && i < given->count; i++) {
        size_t type = schema_type(schema, given->pairs[i].key);
        if (type != SIZE_MAX) {
            give->type = &schema->types[type];
            done = give_type(give, given->pairs[i].value);
        } else if (strcmp(given->pairs[i].key, SCHEMA_IDENTITY) == 0) {
            done = give_identity(give->guard, given->pairs[i].value);
        }
    }
    done = query_close(&give->find) && done;
    done = query_close(&give->evidence) && done;
    done = query_close(&give->snapshot) && done;
    return done && query_execute(connection, "set_until", sql_set_until, diagnostics) &&
           query_execute(connection, "set_latest", sql_set_latest, diagnostics);
}

bool guard_give(struct guard *guard, const struct schema *schema, const struct yaml_node *given) {
    struct memory_account *before = memory_enter(&guard->account);
    struct give give = {.guard = guard};
    guard->rules.engine = true;
    guard->given = 0;
    bool done = give_all(&give, schema, given);
    guard->rules.engine = false;
    memory_leave(before);
    return done;
}

bool guard_take_back(struct guard *guard) {
    struct memory_account *before = memory_enter(&guard->account);
    guard->rules.engine = true;
    bool done = query_execute(guard->connection, "take_back", sql_take_back, guard->diagnostics);
    guard->rules.engine = false;
    memory_leave(before);
    return done;
}
