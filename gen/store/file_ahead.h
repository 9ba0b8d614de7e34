#ifndef STORE_FILE_AHEAD_H
#define STORE_FILE_AHEAD_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Reads a database file ahead. SQLite asks for one page after the other, and where a whole table is gone through, that
 * is a system call for every page. Once it asks for pages as they lie in the file, or nearly so, LIMIT_SQL_AHEAD_BYTES
 * are read at a time. What was read ahead counts only as long as nobody else can write the file: it is forgotten
 * whenever SQLite takes or gives up a lock, and when it writes.
 */
struct file_ahead {
    sqlite3_io_methods methods; /* first: the file's methods lead back to it */
    const sqlite3_io_methods *system;
    sqlite3_int64 next; /* where what follows the last page begins */
    unsigned run;       /* pages that were asked for one after the other */
    sqlite3_int64 size; /* of the file; 0: not asked for yet */
    sqlite3_int64 from; /* of what is held */
    sqlite3_int64 held;
    unsigned char *bytes;
};

/* Stands before the methods of a file that was just opened; `ahead` lives as long as the file object. */
void file_ahead_begin(struct file_ahead *ahead, sqlite3_file *file);

#endif
