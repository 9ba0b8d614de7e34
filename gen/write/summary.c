#include "write/summary.h"

#include "base/text.h"
#include "base/value.h"
#include "store/query.h"
#include "write/summary.sql.h"

#include <math.h>
#include <string.h>

/* How a column becomes a JSON value. */
enum summary_kind { SUMMARY_TEXT, SUMMARY_INTEGER, SUMMARY_REAL, SUMMARY_BOOLEAN };

struct summary_field {
    const char *key;
    enum summary_kind kind;
};

static const struct summary_field summary_control_fields[] = {{"id", SUMMARY_TEXT},
                                                              {"title", SUMMARY_TEXT},
                                                              {"verdict", SUMMARY_TEXT},
                                                              {"printed", SUMMARY_TEXT},
                                                              {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_test_fields[] = {{"id", SUMMARY_TEXT},
                                                           {"title", SUMMARY_TEXT},
                                                           {"verdict", SUMMARY_TEXT},
                                                           {"population", SUMMARY_INTEGER},
                                                           {"exceptions", SUMMARY_INTEGER},
                                                           {"undetermined", SUMMARY_INTEGER},
                                                           {"population_digest", SUMMARY_TEXT},
                                                           {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_criterion_fields[] = {
    {"id", SUMMARY_TEXT},          {"category", SUMMARY_TEXT},           {"in_scope", SUMMARY_BOOLEAN},
    {"controls", SUMMARY_INTEGER}, {"with_exceptions", SUMMARY_INTEGER}, {"printed", SUMMARY_TEXT},
    {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_coverage_fields[] = {
    {"control", SUMMARY_TEXT},     {"type", SUMMARY_TEXT},
    {"cadence", SUMMARY_TEXT},     {"source", SUMMARY_TEXT},
    {"expected", SUMMARY_INTEGER}, {"met", SUMMARY_INTEGER},
    {"late", SUMMARY_INTEGER},     {"missing", SUMMARY_INTEGER},
    {"unusable", SUMMARY_INTEGER}, {"longest_gap_days", SUMMARY_INTEGER},
    {"awaited", SUMMARY_INTEGER},  {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_evidence_fields[] = {
    {"path", SUMMARY_TEXT},          {"source", SUMMARY_TEXT},
    {"kind", SUMMARY_TEXT},          {"sha256", SUMMARY_TEXT},
    {"bytes", SUMMARY_INTEGER},      {"records", SUMMARY_INTEGER},
    {"loaded", SUMMARY_INTEGER},     {"passed_over", SUMMARY_INTEGER},
    {"rejected", SUMMARY_INTEGER},   {"invalid", SUMMARY_INTEGER},
    {"duplicates", SUMMARY_INTEGER}, {"accepted", SUMMARY_BOOLEAN},
    {"problem", SUMMARY_TEXT},       {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_metric_fields[] = {
    {"id", SUMMARY_TEXT},   {"title", SUMMARY_TEXT},   {"value", SUMMARY_REAL},   {"printed", SUMMARY_TEXT},
    {"unit", SUMMARY_TEXT}, {"formula", SUMMARY_TEXT}, {"section", SUMMARY_TEXT}, {"state", SUMMARY_TEXT},
    {"note", SUMMARY_TEXT}, {"better", SUMMARY_TEXT},  {"target", SUMMARY_REAL},  {"on_target", SUMMARY_BOOLEAN},
    {"test", SUMMARY_TEXT}, {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_metric_input_fields[] = {
    {"metric", SUMMARY_TEXT}, {"name", SUMMARY_TEXT}, {"value", SUMMARY_REAL}, {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_trend_fields[] = {
    {"metric", SUMMARY_TEXT},     {"period", SUMMARY_TEXT},    {"value", SUMMARY_REAL}, {"printed", SUMMARY_TEXT},
    {"difference", SUMMARY_REAL}, {"direction", SUMMARY_TEXT}, {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_roi_fields[] = {{"id", SUMMARY_TEXT},
                                                          {"title", SUMMARY_TEXT},
                                                          {"unit", SUMMARY_TEXT},
                                                          {"low", SUMMARY_REAL},
                                                          {"mid", SUMMARY_REAL},
                                                          {"high", SUMMARY_REAL},
                                                          {"like_low", SUMMARY_REAL},
                                                          {"like_high", SUMMARY_REAL},
                                                          {"formula", SUMMARY_TEXT},
                                                          {"published", SUMMARY_REAL},
                                                          {"published_note", SUMMARY_TEXT},
                                                          {"note", SUMMARY_TEXT},
                                                          {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_finding_fields[] = {{"id", SUMMARY_TEXT},
                                                              {"control", SUMMARY_TEXT},
                                                              {"test", SUMMARY_TEXT},
                                                              {"item", SUMMARY_TEXT},
                                                              {"severity", SUMMARY_TEXT},
                                                              {"state", SUMMARY_TEXT},
                                                              {"text", SUMMARY_TEXT},
                                                              {"ref", SUMMARY_TEXT},
                                                              {"waiver", SUMMARY_TEXT},
                                                              {"owner", SUMMARY_TEXT},
                                                              {"due", SUMMARY_TEXT},
                                                              {"origin", SUMMARY_TEXT},
                                                              {"reason", SUMMARY_TEXT},
                                                              {"prior_state", SUMMARY_TEXT},
                                                              {"occurrences", SUMMARY_INTEGER},
                                                              {"first_period", SUMMARY_TEXT},
                                                              {"found", SUMMARY_TEXT},
                                                              {"closed", SUMMARY_TEXT},
                                                              {"closed_period", SUMMARY_TEXT},
                                                              {"age_days", SUMMARY_INTEGER},
                                                              {"overdue", SUMMARY_BOOLEAN},
                                                              {"due_by", SUMMARY_TEXT},
                                                              {"cause", SUMMARY_TEXT},
                                                              {"extent", SUMMARY_TEXT},
                                                              {"response", SUMMARY_TEXT},
                                                              {"action", SUMMARY_TEXT},
                                                              {"completed", SUMMARY_TEXT},
                                                              {"evidence", SUMMARY_TEXT},
                                                              {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_prior_fields[] = {
    {"period", SUMMARY_TEXT},    {"from", SUMMARY_TEXT},   {"to", SUMMARY_TEXT},     {"as_of", SUMMARY_TEXT},
    {"profile", SUMMARY_TEXT},   {"path", SUMMARY_TEXT},   {"sha256", SUMMARY_TEXT}, {"version", SUMMARY_TEXT},
    {"signature", SUMMARY_TEXT}, {"signer", SUMMARY_TEXT}, {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_continuity_fields[] = {{"earlier", SUMMARY_TEXT}, {"later", SUMMARY_TEXT},
                                                                 {"state", SUMMARY_TEXT},   {"days", SUMMARY_INTEGER},
                                                                 {"text", SUMMARY_TEXT},    {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_event_fields[] = {{"date", SUMMARY_TEXT},
                                                            {"text", SUMMARY_TEXT},
                                                            {"effect", SUMMARY_TEXT},
                                                            {"material", SUMMARY_BOOLEAN},
                                                            {NULL, SUMMARY_TEXT}};
static const struct summary_field summary_waiver_fields[] = {
    {"id", SUMMARY_TEXT},         {"test", SUMMARY_TEXT},     {"item", SUMMARY_TEXT},    {"reason", SUMMARY_TEXT},
    {"approver", SUMMARY_TEXT},   {"approved", SUMMARY_TEXT}, {"expires", SUMMARY_TEXT}, {"expired", SUMMARY_BOOLEAN},
    {"matched", SUMMARY_INTEGER}, {NULL, SUMMARY_TEXT}};

/* JSON as it is written: two spaces a level, commas before every member but the first. */
struct summary {
    sqlite3 *store;
    struct buffer *out;
    struct diagnostics *diagnostics;
    int depth;
    bool first;
};

static void summary_line(struct summary *summary) {
    buffer_append_text(summary->out, summary->first ? "\n" : ",\n");
    summary->first = false;
    for (int i = 0; i < summary->depth; i++)
        buffer_append_text(summary->out, "  ");
}

/* Keys are the program's own: none has to be escaped. */
static void summary_put_key(struct summary *summary, const char *key) {
    buffer_append_byte(summary->out, '"');
    buffer_append_text(summary->out, key);
    buffer_append_text(summary->out, "\": ");
}

static void summary_open(struct summary *summary, const char *key, char bracket) {
    if (summary->depth > 0)
        summary_line(summary);
    if (key != NULL)
        summary_put_key(summary, key);
    buffer_append_byte(summary->out, bracket);
    summary->depth++;
    summary->first = true;
}

/* An empty list or object closes on its own line. */
static void summary_close(struct summary *summary, char bracket) {
    summary->depth--;
    if (!summary->first) {
        summary->first = true;
        summary_line(summary);
    }
    buffer_append_byte(summary->out, bracket);
    summary->first = false;
}

static void summary_key(struct summary *summary, const char *key) {
    summary_line(summary);
    summary_put_key(summary, key);
}

static void summary_text(struct summary *summary, const char *text) {
    if (text == NULL)
        buffer_append_text(summary->out, "null");
    else
        text_json_string(summary->out, text, strlen(text));
}

/* JSON has no NaN and no infinity (RFC 8259, 6). Seventeen digits bring back the same double; fewer where they do. */
static void summary_real(struct summary *summary, double value) {
    char text[32];
    if (!isfinite(value)) {
        buffer_append_text(summary->out, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        sqlite3_snprintf(sizeof text, text, "%!.*g", digits, value);
        double back = 0;
        if (value_real(text, strlen(text), &back) && !(back < value) && !(back > value))
            break;
    }
    buffer_append_text(summary->out, text);
}

/* The columns of the current row as members, from the first column on. */
static void summary_members(struct summary *summary, struct query *query, const struct summary_field *fields) {
    for (int column = 0; fields[column].key != NULL; column++) {
        summary_key(summary, fields[column].key);
        if (query_column_null(query, column)) {
            buffer_append_text(summary->out, "null");
            continue;
        }
        switch (fields[column].kind) {
        case SUMMARY_TEXT:
            summary_text(summary, query_column_text(query, column));
            break;
        case SUMMARY_INTEGER:
            buffer_append_integer(summary->out, query_column_integer(query, column));
            break;
        case SUMMARY_REAL:
            summary_real(summary, query_column_real(query, column));
            break;
        case SUMMARY_BOOLEAN:
            buffer_append_text(summary->out, query_column_integer(query, column) != 0 ? "true" : "false");
            break;
        }
    }
}

/* A list of objects, one a row. */
static bool summary_list(struct summary *summary, const char *key, const char *name, const char *sql,
                         const struct summary_field *fields) {
    struct query query;
    bool opened = query_open(&query, summary->store, name, sql, summary->diagnostics);
    summary_open(summary, key, '[');
    while (opened && query_step(&query)) {
        summary_open(summary, NULL, '{');
        summary_members(summary, &query, fields);
        summary_close(summary, '}');
    }
    summary_close(summary, ']');
    return query_close(&query) && opened;
}

/* A list of texts: the first column for the id bound to ?1. */
static bool summary_texts(struct summary *summary, const char *key, struct query *query, const char *id) {
    summary_open(summary, key, '[');
    query_text(query, 1, id);
    while (query_step(query)) {
        summary_line(summary);
        summary_text(summary, query_column_text(query, 0));
    }
    summary_close(summary, ']');
    return query_reset(query);
}

static bool summary_control_tests(struct summary *summary, struct query *tests, struct query *reasons,
                                  const char *control) {
    bool done = true;
    summary_open(summary, "tests", '[');
    query_text(tests, 1, control);
    while (done && query_step(tests)) {
        summary_open(summary, NULL, '{');
        summary_members(summary, tests, summary_test_fields);
        done = summary_texts(summary, "reasons", reasons, query_column_text(tests, 0));
        summary_close(summary, '}');
    }
    summary_close(summary, ']');
    return query_reset(tests) && done;
}

static bool summary_controls(struct summary *summary) {
    struct query controls = {0};
    struct query states = {0};
    struct query criteria = {0};
    struct query tests = {0};
    struct query reasons = {0};
    struct diagnostics *diagnostics = summary->diagnostics;
    bool done =
        query_open(&controls, summary->store, "summary_controls", sql_summary_controls, diagnostics) &&
        query_open(&states, summary->store, "summary_control_states", sql_summary_control_states, diagnostics) &&
        query_open(&criteria, summary->store, "summary_control_criteria", sql_summary_control_criteria, diagnostics) &&
        query_open(&tests, summary->store, "summary_tests", sql_summary_tests, diagnostics) &&
        query_open(&reasons, summary->store, "summary_reasons", sql_summary_reasons, diagnostics);
    summary_open(summary, "controls", '[');
    while (done && query_step(&controls)) {
        const char *control = query_column_text(&controls, 0);
        summary_open(summary, NULL, '{');
        summary_members(summary, &controls, summary_control_fields);
        done = summary_texts(summary, "states", &states, control) &&
               summary_texts(summary, "criteria", &criteria, control) &&
               summary_control_tests(summary, &tests, &reasons, control);
        summary_close(summary, '}');
    }
    summary_close(summary, ']');
    done = query_close(&controls) && done;
    done = query_close(&states) && done;
    done = query_close(&criteria) && done;
    done = query_close(&tests) && done;
    return query_close(&reasons) && done;
}

static bool summary_head(struct summary *summary, size_t *package_at) {
    static const char *const period_keys[] = {"id", "from", "to", "as_of"};
    struct query query;
    bool opened = query_open(&query, summary->store, "summary_head", sql_summary_head, summary->diagnostics);
    if (opened && query_step(&query)) {
        summary_open(summary, "period", '{');
        for (int i = 0; i < 4; i++) {
            summary_key(summary, period_keys[i]);
            summary_text(summary, query_column_text(&query, i));
        }
        summary_key(summary, "through");
        buffer_append_text(summary->out, query_column_integer(&query, 4) != 0 ? "true" : "false");
        summary_close(summary, '}');
        summary_key(summary, "organisation");
        summary_text(summary, query_column_text(&query, 5));
        summary_key(summary, "profile");
        summary_text(summary, query_column_text(&query, 6));
    }
    summary_key(summary, "package");
    *package_at = summary->out->length;
    summary_text(summary, NULL);
    return query_close(&query) && opened;
}

static bool summary_diagnostics(struct summary *summary) {
    static const struct summary_field fields[] = {
        {"errors", SUMMARY_INTEGER}, {"warnings", SUMMARY_INTEGER}, {NULL, SUMMARY_TEXT}};
    struct query query;
    bool opened =
        query_open(&query, summary->store, "summary_diagnostics", sql_summary_diagnostics, summary->diagnostics);
    summary_open(summary, "diagnostics", '{');
    if (opened && query_step(&query))
        summary_members(summary, &query, fields);
    summary_close(summary, '}');
    return query_close(&query) && opened;
}

bool summary_write(sqlite3 *store, struct buffer *out, size_t *package_at, struct diagnostics *diagnostics) {
    static const struct {
        const char *key;
        const char *name;
        const char *sql;
        const struct summary_field *fields;
    } lists[] = {
        {"criteria", "summary_criteria", sql_summary_criteria, summary_criterion_fields},
        {"coverage", "summary_coverage", sql_summary_coverage, summary_coverage_fields},
        {"evidence", "summary_evidence", sql_summary_evidence, summary_evidence_fields},
        {"metrics", "summary_metrics", sql_summary_metrics, summary_metric_fields},
        {"metric_inputs", "summary_metric_inputs", sql_summary_metric_inputs, summary_metric_input_fields},
        {"trends", "summary_trends", sql_summary_trends, summary_trend_fields},
        {"roi", "summary_roi", sql_summary_roi, summary_roi_fields},
        {"findings", "summary_findings", sql_summary_findings, summary_finding_fields},
        {"waivers", "summary_waivers", sql_summary_waivers, summary_waiver_fields},
        {"prior", "summary_priors", sql_summary_priors, summary_prior_fields},
        {"continuity", "summary_continuity", sql_summary_continuity, summary_continuity_fields},
        {"subsequent_events", "summary_events", sql_summary_events, summary_event_fields},
    };
    struct summary summary = {.store = store, .out = out, .diagnostics = diagnostics, .first = true};
    summary_open(&summary, NULL, '{');
    bool done = summary_head(&summary, package_at) && summary_controls(&summary);
    for (size_t i = 0; done && i < sizeof lists / sizeof lists[0]; i++)
        done = summary_list(&summary, lists[i].key, lists[i].name, lists[i].sql, lists[i].fields);
    done = done && summary_diagnostics(&summary);
    summary_close(&summary, '}');
    buffer_append_byte(out, '\n');
    if (done && out->failed)
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the summary");
    return done && !out->failed;
}

void summary_name(const struct buffer *summary, size_t package_at, const struct summary_package *package,
                  struct buffer *out) {
    struct summary part = {.out = out, .depth = 2, .first = true}; /* in an object inside that of the summary */
    size_t behind = package_at + strlen("null");
    buffer_append(out, summary->data, package_at);
    buffer_append_byte(out, '{');
    summary_key(&part, "path");
    summary_text(&part, package->path);
    summary_key(&part, "sha256");
    summary_text(&part, package->sha256);
    summary_key(&part, "bytes");
    buffer_append_integer(out, package->bytes);
    summary_close(&part, '}');
    buffer_append(out, summary->data + behind, summary->length - behind);
}
