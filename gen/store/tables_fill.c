#include "store/tables_fill.h"

#include <stdint.h>
#include <string.h>

static bool report(struct diagnostics *diagnostics, const char *what, const char *placeholder, size_t length) {
    diagnostics_report(diagnostics, DIAGNOSTIC_STORE_FAILED, NULL,
                       "a statement of the program's own %s {%.*s}; this is an error in tickmark, please report it",
                       what, (int)length, placeholder);
    return false;
}

static bool report_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while making SQL from the schema");
    return false;
}

static size_t find(const struct tables_part *parts, size_t count, const char *placeholder, size_t length) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(parts[i].placeholder) == length && memcmp(parts[i].placeholder, placeholder, length) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Whether the template has the placeholder. */
static bool asks_for(const char *template, const char *placeholder) {
    size_t length = strlen(placeholder);
    for (const char *at = strchr(template, '{'); at != NULL; at = strchr(at + 1, '{')) {
        if (strncmp(at + 1, placeholder, length) == 0 && at[length + 1] == '}') {
            return true;
        }
    }
    return false;
}

static void append_name(struct buffer *out, const char *name) {
    for (; *name != '\0'; name++) {
        if (*name == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, *name);
    }
}

/* Puts in the part that the placeholder at `at` asks for; `length` is the placeholder's without its braces. */
static bool put_in(struct buffer *out, const char *at, size_t length, bool quoted, const struct tables_part *parts,
                   size_t count, struct diagnostics *diagnostics) {
    size_t part = find(parts, count, at, length);
    if (part == SIZE_MAX) {
        return report(diagnostics, "has no part for", at, length);
    }
    if (quoted != (parts[part].name != NULL)) {
        return report(diagnostics, quoted ? "puts quotes around the text" : "puts no quotes around the name", at,
                      length);
    }
    if (quoted) {
        append_name(out, parts[part].name);
    } else if (parts[part].text != NULL) {
        buffer_append_text(out, parts[part].text);
    } else {
        return report(diagnostics, "has neither a name nor a text for", at, length);
    }
    return true;
}

bool tables_fill(struct buffer *out, const char *template, const struct tables_part *parts, size_t count,
                 struct diagnostics *diagnostics) {
    for (size_t i = 0; i < count; i++) {
        if (!asks_for(template, parts[i].placeholder)) {
            return report(diagnostics, "does not ask for", parts[i].placeholder, strlen(parts[i].placeholder));
        }
    }
    bool quoted = false;
    for (const char *at = template; *at != '\0';) {
        if (*at == '{') {
            size_t length = strcspn(at + 1, "}");
            if (!put_in(out, at + 1, length, quoted, parts, count, diagnostics)) {
                return false;
            }
            at += length + 2; /* a placeholder that a part has is closed: `asks_for` saw the brace */
        } else if (*at == '\n') {
            at += strspn(at, " \n");
            buffer_append_text(out, *at == '\0' ? "" : " ");
        } else {
            quoted = quoted != (*at == '"');
            buffer_append_byte(out, *at++);
        }
    }
    return !out->failed || report_memory(diagnostics);
}

bool tables_fill_open(struct query *query, sqlite3 *connection, const char *name, const char *template,
                      const struct tables_part *parts, size_t count, struct diagnostics *diagnostics) {
    struct buffer sql = {0};
    bool done = tables_fill(&sql, template, parts, count, diagnostics) &&
                query_open(query, connection, name, buffer_text(&sql), diagnostics);
    buffer_free(&sql);
    return done;
}

bool tables_fill_name(struct buffer *out, const char *template, const char *placeholder, const char *name,
                      struct diagnostics *diagnostics) {
    const struct tables_part part = {.placeholder = placeholder, .name = name};
    return tables_fill(out, template, &part, 1, diagnostics);
}

bool tables_fill_columns(struct buffer *out, const char *template, const struct evidence_type *type,
                         const size_t *columns, size_t count, const char *between, struct diagnostics *diagnostics) {
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, i == 0 ? "" : between);
        if (!tables_fill_name(out, template, "column", type->columns[columns[i]].name, diagnostics)) {
            return false;
        }
    }
    return true;
}
