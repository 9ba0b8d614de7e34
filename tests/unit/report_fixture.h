#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

/* The assessment of report_fixture.sql as a store, and document trees as text. Tests run in the repository's folder. */

#include "scratch.h"

#include "base/file.h"
#include "document/chart.h"
#include "document/tree.h"
#include "store/engine.sql.h"

#include <sqlite3.h>

#define REPORT_AS_OF INT64_C(1767225599)

static inline void report_fixture_execute(sqlite3 *store, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(store, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
}

/* A new store with the fixture's rows and then those of `more` (NULL: none). The caller closes the connection. */
static inline sqlite3 *report_fixture_open(const struct scratch *scratch, const char *more) {
    struct buffer rows = {0};
    sqlite3 *store = NULL;
    assert_true(file_read("tests/unit/report_fixture.sql", 1 << 20, &rows, scratch->diagnostics));
    assert_int_equal(sqlite3_open(scratch_path(scratch, "store.sqlite"), &store), SQLITE_OK);
    report_fixture_execute(store, sql_engine_tables);
    report_fixture_execute(store, buffer_text(&rows));
    if (more != NULL)
        report_fixture_execute(store, more);
    buffer_free(&rows);
    return store;
}

/* A chart: its kind, its caption, and of each panel title, note, whole, target and points. */
static inline void report_fixture_chart(const struct chart *chart, struct buffer *out) {
    buffer_format(out, "%s<%s>(", chart->kind == CHART_BARS ? "BARS" : "COLUMNS",
                  chart->caption == NULL ? "" : chart->caption);
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct chart_panel *panel = &chart->panels[i];
        buffer_format(out, "{%s|%s|%g|", panel->title, panel->note, panel->full);
        if (panel->aimed)
            buffer_format(out, "%g", panel->target);
        for (size_t p = 0; p < panel->point_count; p++) {
            const struct chart_point *point = &panel->points[p];
            buffer_format(out, "|%s:%s", point->label, point->printed);
            if (point->known)
                buffer_format(out, "=%g", point->value);
        }
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ')');
}

/*
 * A tree in few characters: a section is S and its level, `#anchor`, what it holds in (); H heading, P paragraph, L or
 * O and the number list, I item, T table (with its columns' alignments), R or RH row, C cell, K code block, Q quote,
 * --- rule, === page break; in a line: "text", B() strong, E() emphasis, `code`, A<target>() link, [class:badge], /
 * line break.
 */
static inline void report_fixture_tree(const struct node *parent, struct buffer *out) {
    static const char *const names[] = {
        [NODE_HEADING] = "H", [NODE_PARAGRAPH] = "P", [NODE_ITEM] = "I",     [NODE_CELL] = "C",
        [NODE_QUOTE] = "Q",   [NODE_STRONG] = "B",    [NODE_EMPHASIS] = "E",
    };
    for (const struct node *node = parent->first_child; node != NULL; node = node->next) {
        switch (node->kind) {
        case NODE_SECTION:
            buffer_format(out, "S%d#%s%s", node->level, node->target, node->screen ? "!" : "");
            break;
        case NODE_LIST:
            if (node->ordered)
                buffer_format(out, "O%d", node->start);
            else
                buffer_append_text(out, "L");
            break;
        case NODE_TABLE:
            buffer_append_text(out, "T");
            for (size_t i = 0; i < node->table->column_count; i++)
                buffer_append_byte(out, "lcr"[node->table->columns[i].alignment]);
            break;
        case NODE_CHART:
            report_fixture_chart(node->chart, out);
            continue;
        case NODE_ROW:
            buffer_append_text(out, node->header ? "RH" : "R");
            break;
        case NODE_CODE_BLOCK:
            buffer_format(out, "K\"%.*s\"", (int)node->length, node->text);
            continue;
        case NODE_RULE:
            buffer_append_text(out, "---");
            continue;
        case NODE_PAGE_BREAK:
            buffer_append_text(out, "===");
            continue;
        case NODE_TEXT:
            buffer_format(out, "\"%.*s\"", (int)node->length, node->text);
            continue;
        case NODE_CODE:
            buffer_format(out, "`%.*s`", (int)node->length, node->text);
            continue;
        case NODE_LINK:
            buffer_format(out, "A<%s>", node->target);
            break;
        case NODE_BADGE:
            buffer_format(out, "[%s:%.*s]", node->target, (int)node->length, node->text);
            continue;
        case NODE_LINE_BREAK:
            buffer_append_text(out, "/");
            continue;
        case NODE_HEADING:
        case NODE_PARAGRAPH:
        case NODE_ITEM:
        case NODE_CELL:
        case NODE_QUOTE:
        case NODE_STRONG:
        case NODE_EMPHASIS:
            buffer_append_text(out, names[node->kind]);
            break;
        }
        buffer_append_byte(out, '(');
        report_fixture_tree(node, out);
        buffer_append_byte(out, ')');
    }
}

static inline void report_fixture_expect(const struct document *document, const char *expected) {
    struct buffer out = {0};
    report_fixture_tree(document->root, &out);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

#endif
