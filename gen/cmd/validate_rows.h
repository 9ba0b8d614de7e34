#ifndef CMD_VALIDATE_ROWS_H
#define CMD_VALIDATE_ROWS_H

#include "cmd/command.h"
#include "cmd/gather.h"
#include "store/load_expression.h"

/* The columns of rows that SQL makes (`expr:`), computed as loading does, for a command that loads nothing. */
struct validate_rows {
    const struct schema *schema;
    struct load_expressions *expressions; /* made with the first file */
    struct load_expression_file file;
    struct value *columns; /* arena: of the widest type */
    uint64_t invalid;      /* rows of the file that expressions alone made invalid */
};

/* Begins with a file of the kind; false after a report. Start with zeros. */
bool validate_rows_begin(struct validate_rows *rows, struct command *command, const struct schema *schema,
                         const struct kind *kind, const struct gather_file *file);
/* Fills the row's columns: until the next call its values are the type's columns and nothing else. */
void validate_rows_compute(struct validate_rows *rows, struct record *record);
/* Adds what the rows of the file turned out to be. */
void validate_rows_count(const struct validate_rows *rows, struct record_tally *tally);
void validate_rows_free(struct validate_rows *rows);

#endif
