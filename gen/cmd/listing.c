#include "cmd/listing.h"

#include "base/text.h"
#include "cmd/workspace.h"

#include <string.h>

bool listing_add(struct command *command, struct text_list *cells, const char *text) {
    const char **grown = cells->items;
    const char **cell = arena_push(command->arena, &grown, &cells->count, sizeof *cell);

    cells->items = grown;
    if (cell == NULL || text == NULL) {
        return false;
    }
    *cell = text;
    return true;
}

const char *listing_join(struct command *command, const struct text_list *list) {
    struct buffer text = {0};

    for (size_t i = 0; i < list->count; i++) {
        buffer_format(&text, "%s%s", i > 0 ? ", " : "", list->items[i]);
    }
    const char *joined = buffer_text(&text) != NULL ? arena_text(command->arena, buffer_text(&text)) : NULL;
    buffer_free(&text);
    return joined;
}

/* An array of objects whose keys are the columns' titles in lower case, with '_' for a blank. */
static void print_json(struct buffer *out, const struct listing *listing, const struct text_list *cells) {
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < cells->count; i++) {
        size_t column = i % listing->column_count;
        const char *title = listing->columns[column].title;
        buffer_append_text(out, column > 0 ? ", \"" : i > 0 ? ",\n {\"" : "\n {\"");
        for (const char *c = title; *c != '\0'; c++) {
            buffer_append_byte(out, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c == ' ' ? '_' : *c);
        }
        buffer_append_text(out, "\": ");
        text_json_string(out, cells->items[i], strlen(cells->items[i]));
        buffer_append_text(out, column + 1 == listing->column_count ? "}" : "");
    }
    buffer_append_text(out, "\n]\n");
}

bool listing_print(struct command *command, const struct listing *listing) {
    struct workspace workspace;
    struct text_list cells = {0};

    if (!workspace_open_schema(command, &workspace)) {
        return false;
    }
    if (!listing->fill(command, workspace.schema, &cells)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list %s", listing->name);
        return false;
    }
    if (command->options.json_diagnostics) {
        print_json(&command->out, listing, &cells);
        return true;
    }
    return terminal_table(listing->columns, listing->column_count, cells.items, cells.count / listing->column_count,
                          command->width, command->colour, &command->out);
}
