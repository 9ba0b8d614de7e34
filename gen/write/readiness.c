#include "write/readiness.h"

#include "base/limits.h"
#include "base/statement.h"
#include "store/query.h"
#include "write/readiness.sql.h"
#include "write/terminal.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <string.h>

#define READINESS_WIDTH  100
#define READINESS_INDENT 6
#define READINESS_LINE   1000

/* Each row of a query is a finished JSON value. */
struct readiness_list {
    const char *key;
    const char *name;
    const char *sql;
    bool many; /* a list; else the one row */
};

static bool readiness_put_list(sqlite3 *store, const struct readiness_list *list, struct buffer *out,
                               struct diagnostics *diagnostics) {
    struct query query = {0};
    bool opened = query_open(&query, store, list->name, list->sql, diagnostics);
    bool first = true;
    buffer_format(out, "  \"%s\": %s", list->key, list->many ? "[" : "");
    while (opened && query_step(&query)) {
        const char *text = query_column_text(&query, 0);
        buffer_append_text(out, !list->many ? "" : first ? "\n    " : ",\n    ");
        buffer_append_text(out, text != NULL ? text : "null");
        first = false;
    }
    buffer_append_text(out, !list->many ? "" : first ? "]" : "\n  ]");
    return query_close(&query) && opened;
}

bool readiness_json(sqlite3 *store, struct buffer *out, struct diagnostics *diagnostics) {
    static const struct readiness_list lists[] = {
        {"readiness", "readiness_json_facts", sql_readiness_json_facts, false},
        {"shares", "readiness_json_shares", sql_readiness_json_shares, true},
        {"gaps", "readiness_json_gaps", sql_readiness_json_gaps, true},
        {"requests", "readiness_json_requests", sql_readiness_json_requests, true},
        {"timeline", "readiness_json_weeks", sql_readiness_json_weeks, true},
        {"roadmap", "readiness_json_phases", sql_readiness_json_phases, true},
        {"mock_requests", "readiness_json_mock", sql_readiness_json_mock, true},
        {"mock_samples", "readiness_json_samples", sql_readiness_json_samples, true},
        {"mock_would_have_failed", "readiness_json_failures", sql_readiness_json_failures, true},
        {"mock_not_shown_by_sample", "readiness_json_missed", sql_readiness_json_missed, true},
    };
    bool done = true;
    buffer_append_text(out, "{\n");
    for (size_t i = 0; done && i < sizeof lists / sizeof lists[0]; i++) {
        buffer_append_text(out, i > 0 ? ",\n" : "");
        done = readiness_put_list(store, &lists[i], out, diagnostics);
    }
    buffer_append_text(out, "\n}\n");
    if (done && out->failed)
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the readiness");
    return done && !out->failed;
}

/* A text over as many lines as it needs, each but the first after `indent` spaces; a word is never broken or cut. */
static void readiness_wrap(struct terminal *terminal, const char *text, size_t indent) {
    size_t limit = terminal->width > 0 ? (size_t)terminal->width : READINESS_WIDTH;
    size_t used = 0;
    while (*text != '\0') {
        struct buffer word = {0};
        struct buffer cells = {0};
        size_t length = strcspn(text, " \n");
        buffer_append(&word, text, length);
        size_t width = buffer_text(&word) != NULL ? terminal_table_text(&cells, buffer_text(&word), SIZE_MAX) : 0;
        if (used > 0 && indent + used + 1 + width > limit) {
            buffer_format(terminal->out, "\n%*s", (int)indent, "");
            used = 0;
        }
        if (used > 0 && width > 0)
            buffer_append_byte(terminal->out, ' ');
        used += width + (used > 0 && width > 0);
        buffer_append(terminal->out, cells.data, cells.length);
        terminal->out->failed = terminal->out->failed || cells.failed || word.failed;
        buffer_free(&word);
        buffer_free(&cells);
        text += length;
        text += strspn(text, " \n");
    }
    buffer_append_byte(terminal->out, '\n');
}

static void readiness_put_line(struct terminal *terminal, const char *label, const char *text) {
    if (text == NULL || *text == '\0')
        return;
    buffer_format(terminal->out, "%*s%-5s", READINESS_INDENT, "", label);
    readiness_wrap(terminal, text, READINESS_INDENT + 5);
}

static bool readiness_put_requests(struct terminal *terminal) {
    struct query query = {0};
    bool opened = query_open(&query, terminal->store, "readiness_text_requests", sql_readiness_text_requests,
                             terminal->diagnostics);
    size_t rows = 0;
    for (; opened && query_step(&query); rows++) {
        if (rows >= LIMIT_TERMINAL_ROWS)
            continue;
        const char *head = query_column_text(&query, 1);
        buffer_format(terminal->out, "%s%4" PRId64 "  %s", rows > 0 ? "\n" : "", query_column_integer(&query, 0),
                      terminal->colour && query_column_integer(&query, 9) != 0 ? "\033[33m" : "");
        terminal_table_text(terminal->out, head != NULL ? head : "", READINESS_LINE);
        buffer_format(terminal->out, "%s\n", terminal->colour && query_column_integer(&query, 9) != 0 ? "\033[0m" : "");
        readiness_put_line(terminal, "what", query_column_text(&query, 2));
        readiness_put_line(terminal, "days", query_column_text(&query, 3));
        readiness_put_line(terminal, "how", query_column_text(&query, 4));
        readiness_put_line(terminal, "who", query_column_text(&query, 5));
        readiness_put_line(terminal, "by", query_column_text(&query, 8));
        readiness_put_line(terminal, "do", query_column_text(&query, 6));
        readiness_put_line(terminal, "for", query_column_text(&query, 7));
    }
    if (rows == 0)
        buffer_append_text(terminal->out, "  nothing\n");
    if (rows > LIMIT_TERMINAL_ROWS)
        buffer_format(terminal->out, "\n  and %zu more, in the report\n", rows - LIMIT_TERMINAL_ROWS);
    return query_close(&query) && opened;
}

static bool readiness_put_head(struct terminal *terminal) {
    struct query query = {0};
    bool opened =
        query_open(&query, terminal->store, "readiness_text_head", sql_readiness_text_head, terminal->diagnostics);
    if (opened && query_step(&query)) {
        for (int i = 0; i < 2; i++) {
            const char *text = query_column_text(&query, i);
            terminal_table_text(terminal->out, text != NULL ? text : "", READINESS_LINE);
            buffer_append_byte(terminal->out, '\n');
        }
        buffer_append_text(terminal->out, STATEMENT "\n");
        terminal_heading(terminal, "Controls at their target");
        buffer_format(terminal->out, "  %s (%s)\n", query_column_text(&query, 2), query_column_text(&query, 3));
    }
    return query_close(&query) && opened;
}

/* Nothing, where no mock audit was made. */
static bool readiness_put_mock(struct terminal *terminal) {
    static const struct terminal_column failure_columns[] = {{"Control", false}, {"Would have failed", false}};
    static const struct terminal_column missed_columns[] = {{"Test", false}, {"Not shown by its sample", false}};
    static const struct terminal_view failures = {
        "readiness_text_failures", sql_readiness_text_failures, failure_columns, 2, false, 0,
        LIMIT_TERMINAL_ROWS,       "nothing would have failed"};
    static const struct terminal_view missed = {
        "readiness_text_missed", sql_readiness_text_missed, missed_columns, 2, false, 0, LIMIT_TERMINAL_ROWS, NULL};
    struct query query = {0};
    bool done =
        query_open(&query, terminal->store, "readiness_text_mock", sql_readiness_text_mock, terminal->diagnostics);
    bool made = done && query_step(&query);
    if (made) {
        terminal_heading(terminal, "Mock audit");
        buffer_format(terminal->out, "  %s\n\n", query_column_text(&query, 0));
    }
    done = query_close(&query) && done;
    return done && (!made || (terminal_show(terminal, &failures) && terminal_show(terminal, &missed)));
}

bool readiness_text(sqlite3 *store, int width, bool colour, struct buffer *out, struct diagnostics *diagnostics) {
    static const struct terminal_column category_columns[] = {
        {"Category", false}, {"Controls", true}, {"Operating", true}, {"At target", true}, {"Share", false}};
    static const struct terminal_column criterion_columns[] = {
        {"Criterion", false}, {"What it asks", false}, {"Controls at their target", false}};
    static const struct terminal_column gap_columns[] = {{"Control", false},
                                                         {"Now", false},
                                                         {"Target", false},
                                                         {"Gap", false},
                                                         {"By", false},
                                                         {"Priority", false},
                                                         {"Severity + state + due + criteria", false}};
    static const struct terminal_column week_columns[] = {
        {"Week", false}, {"From", false}, {"To", false}, {"What", false}, {"What tickmark produces", false}};
    static const struct terminal_column step_columns[] = {{"Month", false}, {"From", false}, {"To", false},
                                                          {"Phase", false}, {"Step", false}, {"To do", true}};
    static const struct terminal_view categories = {
        "readiness_text_categories", sql_readiness_text_categories, category_columns, 5, false, 0, 0, "none"};
    static const struct terminal_view criteria = {
        "readiness_text_criteria", sql_readiness_text_criteria, criterion_columns, 3, false, 0, 0, "none"};
    static const struct terminal_view gaps = {
        "readiness_text_gaps", sql_readiness_text_gaps, gap_columns, 7, true, 1, LIMIT_TERMINAL_ROWS, "none"};
    static const struct terminal_view weeks = {
        "readiness_text_weeks", sql_readiness_text_weeks, week_columns, 5, false, 0, 0, "none"};
    static const struct terminal_view steps = {
        "readiness_text_steps", sql_readiness_text_steps, step_columns, 6, false, 0, 0, "none"};
    static const struct {
        const char *heading;
        const struct terminal_view *view; /* NULL: what is missing */
    } parts[] = {
        {"By category", &categories},
        {"Criteria with a control short of its target, or with none", &criteria},
        {"Gaps", &gaps},
        {"Missing before week 1, the most urgent first", NULL},
        {"The audit, from the submission", &weeks},
        {"Roadmap of a programme that starts", &steps},
    };
    struct terminal terminal = {store, out, diagnostics, width, colour};
    bool done = readiness_put_head(&terminal);
    for (size_t i = 0; done && i < sizeof parts / sizeof parts[0]; i++) {
        terminal_heading(&terminal, parts[i].heading);
        done = parts[i].view != NULL ? terminal_show(&terminal, parts[i].view) : readiness_put_requests(&terminal);
    }
    done = done && readiness_put_mock(&terminal);
    if (done && out->failed)
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the readiness");
    return done && !out->failed;
}
