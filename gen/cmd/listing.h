#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include "cmd/command.h"
#include "config/schema.h"
#include "write/terminal.h"

/* What the schema has of one sort, as a table or as JSON. */
struct listing {
    const char *name; /* "controls" */
    const struct terminal_column *columns;
    size_t column_count;
    /* Adds the cells of every row, by listing_add; false when memory is out. */
    bool (*fill)(struct command *command, const struct schema *schema, struct text_list *cells);
};

/* `text` lives as long as the command; NULL, as the other functions' failures, is memory that ran out. */
bool listing_add(struct command *command, struct text_list *cells, const char *text);
/* The texts with ", " between them. NULL when memory is out. */
const char *listing_join(struct command *command, const struct text_list *list);
/* Loads the schema and prints the listing, by --format. */
bool listing_print(struct command *command, const struct listing *listing);

#endif
