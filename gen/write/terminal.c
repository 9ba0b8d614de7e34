#include "write/terminal.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/statement.h"
#include "store/query.h"
#include "write/terminal.sql.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <string.h>

#define TERMINAL_INDENT 2
#define TERMINAL_LINE   1000

static const char *terminal_paint(const char *verdict) {
    static const struct {
        const char *verdict;
        const char *sequence;
    } paints[] = {
        {"exception", "\033[31m"}, {"insufficient", "\033[33m"},  {"pending", "\033[36m"},
        {"effective", "\033[32m"}, {"no occurrence", "\033[32m"}, {"not applicable", "\033[2m"},
    };
    for (size_t i = 0; i < sizeof paints / sizeof paints[0]; i++)
        if (strcmp(paints[i].verdict, verdict) == 0)
            return paints[i].sequence;
    return "";
}

void terminal_heading(struct terminal *terminal, const char *text) {
    buffer_format(terminal->out, "\n%s%s%s\n", terminal->colour ? "\033[1m" : "", text,
                  terminal->colour ? "\033[0m" : "");
}

static bool terminal_memory(struct terminal *terminal) {
    diagnostics_report(terminal->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the overview");
    return false;
}

bool terminal_show(struct terminal *terminal, const struct terminal_view *view) {
    struct query query = {0};
    const char **cells = NULL;
    const char **paints = NULL;
    size_t cell_count = 0;
    size_t paint_count = 0;
    size_t rows = 0;
    bool done = false;
    struct arena *arena = arena_new();
    if (arena == NULL)
        return terminal_memory(terminal);
    if (!query_open(&query, terminal->store, view->name, view->sql, terminal->diagnostics))
        goto end;
    for (; query_step(&query); rows++) {
        if (view->limit > 0 && rows >= view->limit)
            continue;
        for (size_t i = 0; i < view->column_count; i++) {
            const char *text = query_column_text(&query, (int)i);
            const char **cell = arena_push(arena, &cells, &cell_count, sizeof *cell);
            const char *copy = arena_text(arena, text == NULL ? "" : text);
            if (cell == NULL || copy == NULL) {
                terminal_memory(terminal);
                goto end;
            }
            *cell = copy;
        }
        const char **paint = arena_push(arena, &paints, &paint_count, sizeof *paint);
        if (paint == NULL) {
            terminal_memory(terminal);
            goto end;
        }
        const char *verdict = view->paints ? query_column_text(&query, (int)view->column_count) : NULL;
        *paint = verdict == NULL ? "" : terminal_paint(verdict);
    }
    const struct terminal_table table = {.columns = view->columns,
                                         .column_count = view->column_count,
                                         .cells = cells,
                                         .row_count = paint_count,
                                         .width = terminal->width,
                                         .colour = terminal->colour,
                                         .indent = TERMINAL_INDENT,
                                         .painted = view->painted,
                                         .paints = paints};
    if (rows == 0 && view->none != NULL)
        buffer_format(terminal->out, "  %s\n", view->none);
    done = rows == 0 || terminal_table_draw(&table, terminal->out) || terminal_memory(terminal);
    if (rows > paint_count)
        buffer_format(terminal->out, "  and %zu more, in the report\n", rows - paint_count);
end:
    done = query_close(&query) && done;
    arena_free(arena);
    return done;
}

static bool terminal_head(struct terminal *terminal) {
    struct query query;
    bool opened = query_open(&query, terminal->store, "terminal_head", sql_terminal_head, terminal->diagnostics);
    if (opened && query_step(&query)) {
        const char *texts[6];
        for (int i = 0; i < 6; i++) {
            texts[i] = query_column_text(&query, i);
            texts[i] = texts[i] == NULL && i < 5 ? "" : texts[i];
        }
        terminal_table_text(terminal->out, texts[0], TERMINAL_LINE);
        buffer_append_text(terminal->out, ", ");
        terminal_table_text(terminal->out, texts[1], TERMINAL_LINE);
        buffer_format(terminal->out, "\nPeriod %s, %s to %s%s%s\n", texts[2], texts[3], texts[4],
                      texts[5] != NULL ? ", through " : "", texts[5] != NULL ? texts[5] : "");
        const char *subject = query_column_text(&query, 6);
        buffer_format(terminal->out, "%s%s", subject != NULL ? subject : "", subject != NULL ? "\n" : "");
        buffer_append_text(terminal->out, STATEMENT "\n");
    }
    return query_close(&query) && opened;
}

static bool terminal_verdicts(struct terminal *terminal) {
    struct query query;
    bool opened =
        query_open(&query, terminal->store, "terminal_verdicts", sql_terminal_verdicts, terminal->diagnostics);
    terminal_heading(terminal, "Controls");
    bool first = true;
    while (opened && query_step(&query)) {
        const char *verdict = query_column_text(&query, 0);
        const char *paint = terminal->colour ? terminal_paint(verdict) : "";
        buffer_format(terminal->out, "%s%s%" PRId64 " %s%s", first ? "  " : ", ", paint,
                      query_column_integer(&query, 1), verdict, *paint != '\0' ? "\033[0m" : "");
        first = false;
    }
    buffer_append_text(terminal->out, first ? "  none\n" : "\n\n");
    return query_close(&query) && opened;
}

static bool terminal_coverage_met(struct terminal *terminal) {
    struct query query;
    bool opened =
        query_open(&query, terminal->store, "terminal_coverage_met", sql_terminal_coverage_met, terminal->diagnostics);
    terminal_heading(terminal, "Evidence");
    if (opened && query_step(&query)) {
        int64_t met = query_column_integer(&query, 0);
        buffer_format(terminal->out, "  %" PRId64 " expected series of exports %s complete and in time\n", met,
                      met == 1 ? "is" : "are");
        int64_t awaited = query_column_integer(&query, 1);
        if (awaited > 0)
            buffer_format(terminal->out, "  %" PRId64 " %s not due yet\n", awaited, awaited == 1 ? "is" : "are");
    }
    return query_close(&query) && opened;
}

/* How many findings there are in each state, and how this period follows the one before; nothing where neither is. */
static bool terminal_findings(struct terminal *terminal) {
    struct query states = {0};
    struct query continuity = {0};
    bool opened =
        query_open(&states, terminal->store, "terminal_finding_states", sql_terminal_finding_states,
                   terminal->diagnostics) &&
        query_open(&continuity, terminal->store, "terminal_continuity", sql_terminal_continuity, terminal->diagnostics);
    bool any = opened && query_step(&states);
    bool compared = opened && query_step(&continuity);
    if (any || compared)
        terminal_heading(terminal, "Findings");
    if (!any && compared)
        buffer_append_text(terminal->out, "  none\n");
    const char *before = "  ";
    for (bool more = any; more; more = query_step(&states)) {
        buffer_format(terminal->out, "%s%" PRId64 " %s", before, query_column_integer(&states, 1),
                      query_column_text(&states, 0));
        if (query_column_integer(&states, 2) > 0)
            buffer_format(terminal->out, " (%" PRId64 " overdue)", query_column_integer(&states, 2));
        before = ", ";
    }
    if (any)
        buffer_append_byte(terminal->out, '\n');
    if (compared) {
        buffer_append_text(terminal->out, "  ");
        terminal_table_text(terminal->out, query_column_text(&continuity, 0), TERMINAL_LINE);
        buffer_append_byte(terminal->out, '\n');
    }
    opened = query_close(&states) && opened;
    return query_close(&continuity) && opened;
}

bool terminal_write(sqlite3 *store, int width, bool colour, struct buffer *out, struct diagnostics *diagnostics) {
    static const struct terminal_column control_columns[] = {{"Control", false},   {"Title", false},
                                                             {"Verdict", false},   {"Tests", true},
                                                             {"Exceptions", true}, {"Undetermined", true}};
    static const struct terminal_column criterion_columns[] = {
        {"Criterion", false}, {"What it asks", false}, {"Found", false}};
    static const struct terminal_column coverage_columns[] = {
        {"Control", false}, {"Evidence", false}, {"Source", false}, {"Cadence", false}, {"Expected", true},
        {"Met", true},      {"Late", true},      {"Missing", true}, {"Unusable", true}};
    static const struct terminal_column exception_columns[] = {
        {"Control", false}, {"Item", false}, {"What was found", false}, {"Waiver", false}, {"Evidence", false}};
    static const struct terminal_column finding_columns[] = {{"Finding", false}, {"Item", false}, {"Severity", false},
                                                             {"State", false},   {"Due", false},  {"Days", true},
                                                             {"Why", false}};
    static const struct terminal_view findings = {
        "terminal_findings", sql_terminal_findings, finding_columns, 7, false, 0, LIMIT_TERMINAL_ROWS, NULL};
    static const struct terminal_view controls = {
        "terminal_controls", sql_terminal_controls, control_columns, 6, true, 2, 0, NULL};
    static const struct terminal_view criteria = {
        "terminal_criteria", sql_terminal_criteria, criterion_columns, 3, false, 0, 0, "none"};
    static const struct terminal_view coverage = {
        "terminal_coverage", sql_terminal_coverage, coverage_columns, 9, false, 0, 0, NULL};
    static const struct terminal_view exceptions = {
        "terminal_exceptions", sql_terminal_exceptions, exception_columns, 5, false, 0, LIMIT_TERMINAL_ROWS, "none"};
    struct terminal terminal = {store, out, diagnostics, width, colour};
    if (!terminal_head(&terminal) || !terminal_verdicts(&terminal) || !terminal_show(&terminal, &controls))
        return false;
    terminal_heading(&terminal, "Criteria in scope");
    if (!terminal_show(&terminal, &criteria) || !terminal_coverage_met(&terminal) ||
        !terminal_show(&terminal, &coverage))
        return false;
    terminal_heading(&terminal, "Exceptions");
    if (!terminal_show(&terminal, &exceptions) || !terminal_findings(&terminal) || !terminal_show(&terminal, &findings))
        return false;
    return !out->failed || terminal_memory(&terminal);
}
