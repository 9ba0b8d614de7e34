#include "cmd/explain_private.h"

#include <string.h>

static int find_column(struct query *row, const char *name) {
    int count = sqlite3_column_count(row->statement);

    for (int i = 0; i < count; i++) {
        if (strcmp(sqlite3_column_name(row->statement, i), name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *explain_column(struct query *row, const char *name) {
    int column = find_column(row, name);

    return column >= 0 ? query_column_text(row, column) : NULL;
}

bool explain_column_integer(struct query *row, const char *name, int64_t *out) {
    int column = find_column(row, name);

    if (column < 0 || query_column_null(row, column)) {
        return false;
    }
    *out = query_column_integer(row, column);
    return true;
}

static bool is_shown(const struct explain_section *section, const char *name) {
    const char *found = section->shown != NULL ? strstr(section->shown, name) : NULL;

    return found != NULL && found[-1] == ' ' && found[strlen(name)] == ' ';
}

static void print_column(struct explain_page *page, struct query *row, int column, const char *name) {
    switch (sqlite3_column_type(row->statement, column)) {
    case SQLITE_INTEGER:
        explain_page_integer(page, name, query_column_integer(row, column));
        break;
    case SQLITE_FLOAT:
        explain_page_real(page, name, query_column_real(row, column));
        break;
    default:
        explain_page_text(page, name, query_column_text(row, column));
        break;
    }
}

static void print_columns(struct explain *explain, const struct explain_section *section, struct query *row) {
    int count = sqlite3_column_count(row->statement);

    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(row->statement, i);
        bool named = *name != '_' && strcmp(name, "line") != 0;
        if (named && (explain->page.json || section->layout == EXPLAIN_FIELDS || is_shown(section, name))) {
            print_column(&explain->page, row, i, name);
        }
    }
}

static bool run_section(struct explain *explain, const struct explain_section *section, const char *first,
                        const char *second);

static bool print_parts(struct explain *explain, const struct explain_section *section, struct query *row) {
    /* The row's texts are the statement's; the parts have statements of their own, so they stay. */
    const char *key = explain_column(row, "_key");
    const char *other = explain_column(row, "_other");

    for (const struct explain_section *part = section->parts; part != NULL && part->key != NULL; part++) {
        if (!run_section(explain, part, key, other != NULL ? other : part->second)) {
            return false;
        }
    }
    return true;
}

static bool print_row(struct explain *explain, const struct explain_section *section, struct query *row) {
    bool list = section->layout == EXPLAIN_LIST;

    if (list) {
        explain_page_item(&explain->page, explain_column(row, "line"));
    }
    print_columns(explain, section, row);
    bool done = section->more == NULL || section->more(explain, row);
    done = done && print_parts(explain, section, row);
    if (list) {
        explain_page_item_end(&explain->page);
    }
    return done;
}

static void say_rest(struct explain *explain, size_t rest) {
    struct buffer text = {0};

    buffer_format(&text, "and %zu more; --all lists them", rest);
    explain_page_say(&explain->page, buffer_text(&text) != NULL ? buffer_text(&text) : "");
    explain->page.out->failed = explain->page.out->failed || text.failed;
    buffer_free(&text);
}

static bool run_section(struct explain *explain, const struct explain_section *section, const char *first,
                        const char *second) {
    struct explain_page *page = &explain->page;
    struct query row = {0};
    size_t count = 0;
    bool all = explain->command->options.all || page->json || section->most == 0;
    bool done = query_open(&row, explain->store, section->name, section->sql, explain->command->diagnostics);

    query_text(&row, 1, first);
    if (done && sqlite3_bind_parameter_count(row.statement) > 1) {
        query_text(&row, 2, second);
    }
    while (done && query_step(&row)) {
        if (count++ == 0) {
            explain_page_open(page, section->key, section->heading, section->layout == EXPLAIN_LIST);
        }
        if (all || count <= section->most) {
            done = print_row(explain, section, &row);
        }
    }
    if (done && !all && count > section->most) {
        say_rest(explain, count - section->most);
    }
    if (count == 0 && (page->json || section->none != NULL)) {
        explain_page_open(page, section->key, section->heading, section->layout == EXPLAIN_LIST);
        explain_page_say(page, section->none != NULL ? section->none : "");
    }
    if (count > 0 || page->json || section->none != NULL) {
        explain_page_close(page);
    }
    return query_close(&row) && done;
}

bool explain_sections(struct explain *explain, const struct explain_section *sections, const char *id) {
    for (const struct explain_section *section = sections; section->key != NULL; section++) {
        if (!run_section(explain, section, id, section->second)) {
            return false;
        }
    }
    return true;
}
