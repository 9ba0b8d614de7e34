#include "assess/readiness.h"

#include "assess/mock_audit.h"
#include "assess/readiness.sql.h"
#include "store/query.h"
#include "store/transaction.sql.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_SECONDS  86400
#define NUMBER_BYTES 32

int64_t readiness_submission(const struct readiness_rules *rules, const struct datetime_days *days,
                             struct span period) {
    return business_day_after(days, period.until - DAY_SECONDS, rules->submission_after);
}

static bool put_value(struct query *insert, const char *key, const char *value) {
    query_text(insert, 1, key);
    query_text(insert, 2, value);
    return query_run(insert);
}

static bool put_date(struct query *insert, const char *key, int64_t date) {
    char text[DATETIME_ISO_BYTES];

    datetime_date(date, text);
    return put_value(insert, key, text);
}

static bool write_values(sqlite3 *connection, const struct readiness_input *input) {
    struct query insert = {0};
    bool done =
        query_open(&insert, connection, "readiness_insert_value", sql_readiness_insert_value, input->diagnostics) &&
        put_date(&insert, "submission", input->submission) && put_date(&insert, "start", input->start) &&
        put_value(&insert, "package", input->package);

    return query_close(&insert) && done;
}

static bool put_rule(struct query *insert, const char *part, const char *key, int64_t points, size_t position) {
    query_text(insert, 1, part);
    query_text(insert, 2, key);
    query_integer(insert, 3, points);
    query_integer(insert, 4, (int64_t)position);
    return query_run(insert);
}

static bool put_rules(struct query *insert, const struct readiness_rules *rules) {
    size_t position = 0;
    bool done = true;

    for (size_t i = 0; done && i < sizeof rules->severity / sizeof rules->severity[0]; i++) {
        done = put_rule(insert, "severity", schema_severity_names[i], rules->severity[i], position++);
    }
    for (size_t i = 0; done && i < READINESS_STATES; i++) {
        done = put_rule(insert, "state", readiness_rules_states[i], rules->state[i], position++);
    }
    for (size_t i = 0; done && i < rules->due_count; i++) {
        char days[NUMBER_BYTES];
        snprintf(days, sizeof days, "%" PRId64, rules->dues[i].within);
        done = put_rule(insert, "due", days, rules->dues[i].points, position++);
    }
    done = done && put_rule(insert, "criteria", "each", rules->each_criterion, position++) &&
           put_rule(insert, "criteria", "most", rules->most_criteria, position++);
    for (size_t i = 0; done && i < rules->level_count; i++) {
        done = put_rule(insert, "level", rules->levels[i].name, rules->levels[i].from, position++);
    }
    return done;
}

static bool write_rules(sqlite3 *connection, const struct readiness_input *input) {
    const struct readiness_rules *rules = input->rules;
    struct query rule = {0};
    struct query ask = {0};
    struct query fault = {0};
    bool done =
        query_open(&rule, connection, "readiness_insert_rule", sql_readiness_insert_rule, input->diagnostics) &&
        query_open(&ask, connection, "readiness_insert_ask", sql_readiness_insert_ask, input->diagnostics) &&
        query_open(&fault, connection, "readiness_insert_fault", sql_readiness_insert_fault, input->diagnostics) &&
        put_rules(&rule, rules);

    for (size_t i = 0; done && i < READINESS_ASKS; i++) {
        done = put_value(&ask, readiness_rules_asks[i], rules->asks[i]);
    }
    for (size_t i = 0; done && i < rules->fault_count; i++) {
        query_integer(&fault, 1, (int64_t)i + 1);
        query_text(&fault, 2, rules->faults[i].like);
        query_text(&fault, 3, rules->faults[i].ask);
        done = query_run(&fault);
    }
    done = query_close(&rule) && done;
    done = query_close(&ask) && done;
    return query_close(&fault) && done;
}

static bool write_targets(sqlite3 *connection, const struct readiness_input *input) {
    static const char *const kinds[] = {
        [PROGRAMME_TARGET_CONTROL] = "control",
        [PROGRAMME_TARGET_CRITERION] = "criterion",
        [PROGRAMME_TARGET_CATEGORY] = "category",
    };
    const struct programme *programme = input->programme;
    struct query insert = {0};
    bool done =
        query_open(&insert, connection, "readiness_insert_target", sql_readiness_insert_target, input->diagnostics);

    for (size_t i = 0; done && i < programme->target_count; i++) {
        const struct programme_target *target = &programme->targets[i];
        query_integer(&insert, 1, (int64_t)i + 1);
        query_text(&insert, 2, kinds[target->kind]);
        query_text(&insert, 3, target->subject);
        query_text(&insert, 4, target->state);
        query_integer_or_null(&insert, 5, target->date, target->date != INT64_MIN);
        query_text(&insert, 6, target->owner);
        query_text(&insert, 7, target->note);
        done = query_run(&insert);
    }
    return query_close(&insert) && done;
}

/* Which kinds could give a type is the schema's knowledge; which sources `collect` exports, the programme's. */
static bool write_sources(sqlite3 *connection, const struct readiness_input *input) {
    const struct programme *programme = input->programme;
    const struct schema *known = input->known;
    struct query command = {0};
    struct query kind = {0};
    bool done = query_open(&command, connection, "readiness_insert_command", sql_readiness_insert_command,
                           input->diagnostics) &&
                query_open(&kind, connection, "readiness_insert_kind", sql_readiness_insert_kind, input->diagnostics);

    for (size_t i = 0; done && i < programme->source_count; i++) {
        if (programme->sources[i].command != NULL) {
            query_text(&command, 1, programme->sources[i].id);
            done = query_run(&command);
        }
    }
    for (size_t k = 0; done && known != NULL && k < known->kind_count; k++) {
        for (size_t r = 0; done && r < known->kinds[k].rule_count; r++) {
            query_text(&kind, 1, known->types[known->kinds[k].rules[r].type].id);
            query_text(&kind, 2, known->kinds[k].id);
            query_text(&kind, 3, known->kinds[k].title);
            query_text(&kind, 4, known->kinds[k].produced_by);
            done = query_run(&kind);
        }
    }
    done = query_close(&command) && done;
    return query_close(&kind) && done;
}

/* The statements that find what is missing and weigh it, in this order: each sees what those before it wrote. */
static bool find_gaps(sqlite3 *connection, const struct readiness_input *input, int64_t as_of) {
    const int64_t submission_end = input->submission + DAY_SECONDS;
    const int64_t today = datetime_day_start(as_of);
    const struct {
        const char *name;
        const char *sql;
        int64_t first;
        int64_t second;
    } statements[] = {
        {"readiness_need_exports", sql_readiness_need_exports, submission_end, INT64_MIN},
        {"readiness_need_sources", sql_readiness_need_sources, INT64_MIN, INT64_MIN},
        {"readiness_need_attestations", sql_readiness_need_attestations, submission_end, today + DAY_SECONDS},
        {"readiness_need_items", sql_readiness_need_items, INT64_MIN, INT64_MIN},
        {"readiness_need_faults", sql_readiness_need_faults, INT64_MIN, INT64_MIN},
        {"readiness_need_rest", sql_readiness_need_rest, INT64_MIN, INT64_MIN},
        {"readiness_need_controls", sql_readiness_need_controls, INT64_MIN, INT64_MIN},
        {"readiness_gaps", sql_readiness_gaps, input->submission, today},
        {"readiness_requests", sql_readiness_requests, input->submission, today + DAY_SECONDS},
        {"readiness_shares", sql_readiness_shares, INT64_MIN, INT64_MIN},
    };
    bool done = true;

    for (size_t i = 0; done && i < sizeof statements / sizeof statements[0]; i++) {
        struct query query = {0};
        done = query_open(&query, connection, statements[i].name, statements[i].sql, input->diagnostics);
        if (done && statements[i].first != INT64_MIN) {
            query_integer(&query, 1, statements[i].first);
        }
        if (done && statements[i].second != INT64_MIN) {
            query_integer(&query, 2, statements[i].second);
        }
        done = done && query_run(&query);
        done = query_close(&query) && done;
    }
    return done;
}

static bool count_missing(sqlite3 *connection, const struct readiness_input *input, struct readiness_counts *counts) {
    struct query query = {0};
    bool done = query_open(&query, connection, "readiness_missing", sql_readiness_missing, input->diagnostics) &&
                query_step(&query);

    if (done) {
        counts->missing = query_column_integer(&query, 0);
        counts->overdue = query_column_integer(&query, 1);
    }
    return query_close(&query) && done;
}

bool readiness_run(struct store *store, const char *store_path, const struct readiness_input *input,
                   struct readiness_counts *counts) {
    sqlite3 *connection = store_connection(store);
    struct diagnostics *diagnostics = input->diagnostics;

    /* The queries of the roadmap read what is written here, on a connection of their own. */
    return query_execute(connection, "begin", sql_begin, diagnostics) &&
           query_execute(connection, "readiness_tables", sql_readiness_tables, diagnostics) &&
           mock_audit_tables(store, diagnostics) && write_values(connection, input) && write_rules(connection, input) &&
           write_targets(connection, input) && write_sources(connection, input) &&
           find_gaps(connection, input, store_options(store)->as_of) && readiness_plan_weeks(store, input) &&
           query_execute(connection, "commit", sql_commit, diagnostics) &&
           query_execute(connection, "begin", sql_begin, diagnostics) &&
           readiness_plan_phases(store, store_path, input) &&
           query_execute(connection, "commit", sql_commit, diagnostics) && count_missing(connection, input, counts);
}
