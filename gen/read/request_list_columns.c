#include "read/request_list_private.h"

#include "base/limits.h"
#include "base/quote.h"

#include <string.h>

/*
 * Which part of a request a header names: REQUEST_COLUMNS for none. What may be the id or the description is the one
 * that no other column is: `has_id` says whether one is the id.
 */
static size_t column_of(const struct list_reader *reader, const char *header, bool has_id, bool *declared,
                        const char **near) {
    const struct request_sidecar *sidecar = reader->source->sidecar;

    *declared = false;
    for (size_t i = 0; sidecar != NULL && i < sidecar->column_count; i++) {
        if (strcmp(sidecar->columns[i].header, header) == 0) {
            *declared = true;
            return (size_t)sidecar->columns[i].column;
        }
    }
    if (request_words_find(&reader->source->words->either, 1, header, NULL) == 0) {
        return has_id ? REQUEST_DESCRIPTION : REQUEST_ID;
    }
    return request_words_find(reader->source->words->columns, REQUEST_COLUMNS, header, near);
}

/* Whether a column is the id that cannot be anything else. */
static bool names_id(const struct list_reader *reader, const char *const *cells, size_t count) {
    bool declared;

    for (size_t i = 0; i < count; i++) {
        if (column_of(reader, cells[i], true, &declared, NULL) == REQUEST_ID) {
            return true;
        }
    }
    return false;
}

bool request_list_is_header(const struct list_reader *reader, const char *const *cells, size_t count) {
    bool has_id = names_id(reader, cells, count);
    bool id = false;
    size_t others = 0;
    bool declared;

    for (size_t i = 0; i < count; i++) {
        size_t column = column_of(reader, cells[i], has_id, &declared, NULL);
        id = id || column == REQUEST_ID;
        others += column != REQUEST_ID && column != REQUEST_COLUMNS;
    }
    return id && others > 0;
}

/* A header that the sidecar speaks of and that is not there would change the meaning of the list without a word. */
static void check_declared(struct list_reader *reader, const char *const *cells, size_t count) {
    const struct request_sidecar *sidecar = reader->source->sidecar;

    for (size_t i = 0; sidecar != NULL && i < sidecar->column_count; i++) {
        bool found = false;
        for (size_t c = 0; c < count; c++) {
            found = found || strcmp(cells[c], sidecar->columns[i].header) == 0;
        }
        if (!found) {
            struct place place = request_list_place(reader, reader->header_line);
            char quoted[QUOTE_BYTES];
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_COLUMN, &place,
                               "no column is called %s, as `columns:` of the sidecar says; correct it there",
                               quote(quoted, sidecar->columns[i].header, strlen(sidecar->columns[i].header)));
            reader->good = false;
        }
    }
}

static void report_unread(struct list_reader *reader, const char *header, const char *near, uint64_t line) {
    size_t column = near != NULL ? request_words_find(reader->source->words->columns, REQUEST_COLUMNS, near, NULL)
                                 : REQUEST_COLUMNS;
    struct place place = request_list_place(reader, line);
    char quoted[QUOTE_BYTES];

    if (column == REQUEST_COLUMNS) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_UNREAD, &place,
                           "column %s is not read; if it matters, say what it is under `columns:` of the sidecar",
                           quote(quoted, header, strlen(header)));
    } else {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_UNREAD, &place,
                           "column %s is not read (did you mean \"%s\", which is '%s'?); if so, say it under "
                           "`columns:` of the sidecar",
                           quote(quoted, header, strlen(header)), near, request_column_names[column]);
    }
}

void request_list_take_header(struct list_reader *reader, const char **cells, size_t count, uint64_t line) {
    bool has_id = names_id(reader, cells, count);

    reader->header = cells;
    reader->width = count;
    reader->header_line = line;
    for (size_t i = 0; i < count; i++) {
        const char *near = NULL;
        bool declared = false;
        size_t column = column_of(reader, cells[i], has_id, &declared, &near);
        if (column == REQUEST_COLUMNS) {
            if (!declared && *cells[i] != '\0') {
                report_unread(reader, cells[i], near, line);
            }
            continue;
        }
        if (reader->fields[column] != NO_COLUMN) {
            struct place place = request_list_place(reader, line);
            char quoted[2][QUOTE_BYTES];
            const char *other = cells[reader->fields[column]];
            diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_COLUMN, &place,
                               "columns %s and %s both are '%s'; say under `columns:` of the sidecar which one is, and "
                               "`ignore` for the other",
                               quote(quoted[0], other, strlen(other)), quote(quoted[1], cells[i], strlen(cells[i])),
                               request_column_names[column]);
            reader->good = false;
            continue;
        }
        reader->fields[column] = i;
    }
    check_declared(reader, cells, count);
    if (reader->fields[REQUEST_DESCRIPTION] == NO_COLUMN && reader->fields[REQUEST_CONTROL] == NO_COLUMN &&
        reader->fields[REQUEST_CRITERION] == NO_COLUMN && reader->fields[REQUEST_SUBJECT] == NO_COLUMN) {
        struct place place = request_list_place(reader, line);
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_COLUMN, &place,
                           "no column says what is requested (description, control, criterion or subject); name one "
                           "under `columns:` of the sidecar");
        reader->good = false;
    }
}

void request_list_no_header(struct list_reader *reader) {
    struct place place = request_list_place(reader, reader->header_line);
    struct buffer seen = {0};

    for (size_t i = 0; i < reader->fullest_count && seen.length < 200; i++) {
        char quoted[QUOTE_BYTES];
        const char *near = NULL;
        bool declared = false;
        if (*reader->fullest[i] == '\0') {
            continue;
        }
        size_t column = column_of(reader, reader->fullest[i], false, &declared, &near);
        buffer_format(&seen, "%s%s%s%s%s", seen.length > 0 ? ", " : "",
                      quote(quoted, reader->fullest[i], strlen(reader->fullest[i])),
                      near != NULL ? " (did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?)" : "");
        if (column != REQUEST_COLUMNS) {
            buffer_format(&seen, " (%s)", request_column_names[column]);
        }
    }
    const char *text = buffer_text(&seen);
    if (reader->fullest == NULL) {
        diagnostics_report(reader->diagnostics, DIAGNOSTIC_REQUEST_LIST, &place,
                           "the list is empty; it wants a row of column names and a row for each request");
    } else {
        diagnostics_report(
            reader->diagnostics, DIAGNOSTIC_REQUEST_COLUMN, &place,
            "none of the first %d rows names the id of a request and another part of it; the fullest has "
            "%s: say under `columns:` of the sidecar what they are, or `sheet:` for another sheet",
            LIMIT_REQUEST_HEAD, text != NULL ? text : "");
    }
    buffer_free(&seen);
}
