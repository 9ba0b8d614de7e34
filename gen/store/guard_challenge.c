#include "store/guard_state.h"

#include "base/limits.h"
#include "config/yaml.h"
#include "store/calendar.h"
#include "store/guard_challenge.sql.h"
#include "store/query.h"
#include "store/snapshot.sql.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/tables_fill.h"
#include "store/transaction.sql.h"
#include "store/views.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_SOURCE "challenge"

/* A snapshot that a challenge has given; its id is its place, from 1. */
struct given_snapshot {
    const struct evidence_type *type;
    const char *source; /* the challenge's */
    int64_t at;
};

/* The rows of an evidence type. */
struct given_rows {
    struct query insert; /* opened when a challenge first gives one */
    struct query take_back;
    bool given;
};

/* What puts rows in and takes them back, prepared once: a schema has many hundred challenges of a few rows each. */
struct guard_challenge {
    const struct schema *schema;
    struct given_snapshot *snapshots;
    size_t snapshot_count;
    size_t snapshot_capacity;
    struct query evidence;
    struct query snapshot;
    struct query identity;
    struct query system;
    struct query settle;
    struct query take_back_evidence;
    struct query take_back_snapshots;
    struct query take_back_identities;
    struct query take_back_systems;
    bool identities_given;
    bool systems_given;
    bool unsettled;          /* several snapshots of one source and type */
    struct given_rows *rows; /* by evidence type */
};

void guard_challenge_free(struct guard_challenge *challenge) {
    if (challenge == NULL) {
        return;
    }
    struct query *const all[] = {&challenge->evidence,
                                 &challenge->snapshot,
                                 &challenge->identity,
                                 &challenge->system,
                                 &challenge->settle,
                                 &challenge->take_back_evidence,
                                 &challenge->take_back_snapshots,
                                 &challenge->take_back_identities,
                                 &challenge->take_back_systems};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        (void)query_close(all[i]); /* failures have stopped the challenges already */
    }
    for (size_t i = 0; challenge->rows != NULL && i < challenge->schema->type_count; i++) {
        (void)query_close(&challenge->rows[i].insert);
        (void)query_close(&challenge->rows[i].take_back);
    }
    free(challenge->rows);
    free(challenge->snapshots);
    free(challenge);
}

static bool open_challenge(struct guard *guard, const struct schema *schema) {
    struct guard_challenge *challenge = calloc(1, sizeof *challenge);
    guard->challenge = challenge;
    if (challenge != NULL) {
        challenge->schema = schema;
        challenge->rows = calloc(schema->type_count + 1, sizeof *challenge->rows);
    }
    if (challenge == NULL || challenge->rows == NULL) {
        diagnostics_report(guard->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while preparing challenges");
        return false;
    }
    const struct query_statement all[] = {
        {&challenge->evidence, "insert_challenge_evidence", sql_insert_challenge_evidence},
        {&challenge->snapshot, "insert_challenge_snapshot", sql_insert_challenge_snapshot},
        {&challenge->identity, "insert_challenge_identity", sql_insert_challenge_identity},
        {&challenge->system, "insert_challenge_system", sql_insert_challenge_system},
        {&challenge->settle, "settle_snapshots", sql_settle_snapshots},
        {&challenge->take_back_evidence, "take_back_evidence", sql_take_back_evidence},
        {&challenge->take_back_snapshots, "take_back_snapshots", sql_take_back_snapshots},
        {&challenge->take_back_identities, "take_back_identities", sql_take_back_identities},
        {&challenge->take_back_systems, "take_back_systems", sql_take_back_systems},
    };
    return query_open_all(all, sizeof all / sizeof all[0], guard->connection, guard->diagnostics);
}

static bool build(struct guard *guard, const struct schema *schema, const struct span *period) {
    static const struct tables_scope all = {.as_of = INT64_MAX};
    guard->rules.engine = true;
    bool built = query_execute(guard->connection, "challenge_settings", sql_challenge_settings, guard->diagnostics) &&
                 query_execute(guard->connection, "begin", sql_begin, guard->diagnostics) &&
                 tables_create(guard->connection, schema, guard->diagnostics) &&
                 calendar_fill(guard->connection, period, NULL, guard->diagnostics) &&
                 views_create(guard->connection, schema, &all, guard->diagnostics) &&
                 query_execute(guard->connection, "commit", sql_commit, guard->diagnostics) &&
                 open_challenge(guard, schema) &&
                 query_execute(guard->connection, "begin", sql_begin, guard->diagnostics);
    guard->rules.engine = false;
    return built && views_check(guard, schema);
}

struct guard *guard_open_challenge(const struct schema *schema, const struct span *period, int64_t as_of,
                                   struct diagnostics *diagnostics) {
    struct guard *guard = guard_state_open(GUARD_IN_MEMORY, NULL, as_of, LIMIT_CHALLENGE_STEPS, diagnostics);
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
    guard_state_tighten(guard);
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
    struct guard_challenge *challenge;
    const struct evidence_type *type;
};

static int64_t last_day(const struct guard *guard) {
    return datetime_day_start(guard->period.until - 1);
}

/* The snapshot of (type, source, at), made when it is the first of its kind; 0 when that failed. */
static int64_t snapshot_of(struct give *give, const char *source, int64_t at) {
    struct guard_challenge *challenge = give->challenge;
    bool another = false;
    for (size_t i = 0; i < challenge->snapshot_count; i++) {
        const struct given_snapshot *given = &challenge->snapshots[i];
        if (given->type == give->type && strcmp(given->source, source) == 0) {
            if (given->at == at) {
                return (int64_t)i + 1;
            }
            another = true;
        }
    }
    if (challenge->snapshot_count == challenge->snapshot_capacity) {
        size_t capacity = 2 * challenge->snapshot_capacity + 8;
        struct given_snapshot *grown = reallocarray(challenge->snapshots, capacity, sizeof *grown);
        if (grown == NULL) {
            diagnostics_report(give->guard->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out in a challenge");
            return 0;
        }
        challenge->snapshots = grown;
        challenge->snapshot_capacity = capacity;
    }
    challenge->snapshots[challenge->snapshot_count++] = (struct given_snapshot){give->type, source, at};
    int64_t id = (int64_t)challenge->snapshot_count;
    query_integer(&challenge->evidence, 1, id);
    query_text(&challenge->evidence, 2, source);
    query_integer(&challenge->evidence, 3, at);
    query_integer(&challenge->snapshot, 1, id);
    query_text(&challenge->snapshot, 2, source);
    query_text(&challenge->snapshot, 3, give->type->id);
    query_integer(&challenge->snapshot, 4, at);
    challenge->unsettled = challenge->unsettled || another;
    return query_run(&challenge->evidence) && query_run(&challenge->snapshot) ? id : 0;
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

static bool open_rows(struct give *give, struct given_rows *rows) {
    sqlite3 *connection = give->guard->connection;
    struct diagnostics *diagnostics = give->guard->diagnostics;
    if (rows->take_back.statement != NULL) {
        return true;
    }
    struct buffer sql = {0};
    bool opened = tables_insert(&rows->insert, connection, give->type, diagnostics) &&
                  tables_fill_name(&sql, sql_take_back_rows, "type", give->type->id, diagnostics) &&
                  query_ready(&rows->take_back, connection, "take_back_rows", buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    return opened;
}

static bool give_type(struct give *give, const struct yaml_node *rows) {
    if (rows->kind != YAML_SEQUENCE || rows->count == 0) {
        /* An export without rows: it was there, and it says that there is nothing. */
        return snapshot_of(give, DEFAULT_SOURCE, last_day(give->guard)) != 0;
    }
    struct given_rows *of_type = &give->challenge->rows[give->type - give->challenge->schema->types];
    bool given = open_rows(give, of_type);
    of_type->given = true;
    for (size_t i = 0; given && i < rows->count; i++) {
        given = give_row(give, &of_type->insert, rows->items[i], (int64_t)i + 1);
    }
    return given;
}

/* Rows of what the programme says: two texts each, by these names. */
static bool give_pairs(struct query *insert, const struct yaml_node *rows, const char *first, const char *second) {
    bool given = true;
    for (size_t i = 0; given && rows->kind == YAML_SEQUENCE && i < rows->count; i++) {
        const struct yaml_node *one = yaml_get(rows->items[i], first);
        const struct yaml_node *other = yaml_get(rows->items[i], second);
        if (one != NULL && one->kind == YAML_SCALAR && other != NULL && other->kind == YAML_SCALAR) {
            query_text(insert, 1, one->text);
            query_text(insert, 2, other->text);
            given = query_run(insert);
        }
    }
    return given;
}

static bool give_all(struct give *give, const struct schema *schema, const struct yaml_node *given) {
    bool done = true;
    for (size_t i = 0; done && given != NULL && i < given->count; i++) {
        size_t type = schema_type(schema, given->pairs[i].key);
        if (type != SIZE_MAX) {
            give->type = &schema->types[type];
            done = give_type(give, given->pairs[i].value);
        } else if (strcmp(given->pairs[i].key, SCHEMA_IDENTITY) == 0) {
            give->challenge->identities_given = true;
            done = give_pairs(&give->challenge->identity, given->pairs[i].value, "login", "person");
        } else if (strcmp(given->pairs[i].key, SCHEMA_SYSTEM) == 0) {
            give->challenge->systems_given = true;
            done = give_pairs(&give->challenge->system, given->pairs[i].value, "source", "system");
        }
    }
    return done && (!give->challenge->unsettled || query_run(&give->challenge->settle));
}

bool guard_give(struct guard *guard, const struct schema *schema, const struct yaml_node *given) {
    struct memory_account *before = memory_enter(&guard->account);
    struct give give = {.guard = guard, .challenge = guard->challenge};
    guard->rules.engine = true;
    guard->challenge->snapshot_count = 0;
    guard->challenge->unsettled = false;
    bool done = give_all(&give, schema, given);
    guard->rules.engine = false;
    memory_leave(before);
    return done;
}

bool guard_take_back(struct guard *guard) {
    struct memory_account *before = memory_enter(&guard->account);
    guard->rules.engine = true;
    struct guard_challenge *challenge = guard->challenge;
    bool done = query_run(&challenge->take_back_evidence);
    done = query_run(&challenge->take_back_snapshots) && done;
    done = (!challenge->identities_given || query_run(&challenge->take_back_identities)) && done;
    done = (!challenge->systems_given || query_run(&challenge->take_back_systems)) && done;
    challenge->identities_given = false;
    challenge->systems_given = false;
    for (size_t i = 0; i < challenge->schema->type_count; i++) {
        struct given_rows *rows = &challenge->rows[i];
        done = (!rows->given || query_run(&rows->take_back)) && done;
        rows->given = false;
    }
    guard->rules.engine = false;
    memory_leave(before);
    return done;
}
