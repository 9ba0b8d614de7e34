#ifndef CMD_RETRIEVE_H
#define CMD_RETRIEVE_H

#include "base/buffer.h"
#include "cmd/workspace.h"
#include "read/excerpt.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* The record behind a row of a published store, as it stands in the evidence. */
struct retrieved {
    int64_t ref;
    size_t type;        /* into the schema's types */
    const char *source; /* its id */
    const char *path;   /* below inputs/evidence */
    const char *file;   /* the same from where the process stands */
    const char *sha256; /* of the file, as it was assessed */
    int64_t number;     /* of the record in the file, or in the member */
    int64_t line;
    bool invalid;
    const char *excluded; /* why it was left out, or NULL */
    struct excerpt excerpt;
};

/*
 * Finds the row by its reference. `*found` is false where the store has no such row: types of high volume are in the
 * evidence alone. Texts live as long as the command. False when the store failed, after reporting.
 */
bool retrieve_find(struct command *command, const struct workspace *workspace, sqlite3 *store, int64_t ref,
                   struct retrieved *out, bool *found);

/* Evidence files of moderate size that were read and checked, so that many records of one file read it once. */
struct retrieve_files;
/* NULL when memory is out, after reporting. */
struct retrieve_files *retrieve_files_new(struct command *command);
void retrieve_files_free(struct retrieve_files *files);

/*
 * Appends the record's text to `out`, read again from the evidence, whose digest is compared with the assessed one
 * first: what is given is what was hashed. False after reporting: the file is not there, or not the same.
 */
bool retrieve_read(struct command *command, struct retrieve_files *files, const struct retrieved *record,
                   struct buffer *out);

#endif
