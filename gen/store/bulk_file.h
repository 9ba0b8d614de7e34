#ifndef STORE_BULK_FILE_H
#define STORE_BULK_FILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A database file as its pages, written past SQLite while its connection has no transaction: for rows that come by the
 * million. To SQLite it is another program that took the file's lock, changed pages and counted the change, as its file
 * format (fileformat2.html) provides for. Pages are added behind the last one; one that is free stays so.
 */
#define BULK_FILE_PAGE 4096

struct bulk_file {
    sqlite3_file *file;   /* the connection's own */
    uint32_t next;        /* number of the page that is added next */
    unsigned char *pages; /* that were added and are not written yet */
    uint32_t first;       /* number of the first of them */
    size_t count;
    int error; /* SQLite's, of the first read or write that failed; all calls after it do nothing */
};

/*
 * Takes the lock. False when SQLite has to do the writing: a transaction is open, the file is laid out otherwise than
 * the store is, someone else has the lock, or memory is out.
 */
bool bulk_file_open(struct bulk_file *file, sqlite3 *connection);
/* Reads or writes one of the pages that were there before. Big endian numbers, as everywhere in the file. */
bool bulk_file_read(struct bulk_file *file, uint32_t number, unsigned char *page);
bool bulk_file_write(struct bulk_file *file, uint32_t number, const unsigned char *page);
/* A new page of zeros, to be filled until the next call. Never NULL: after a failure it is one that is not written. */
unsigned char *bulk_file_add(struct bulk_file *file, uint32_t *number);
/* The number that bulk_file_add gives next. */
uint32_t bulk_file_next(const struct bulk_file *file);
/* Writes what was added and counts the change. False after a failure: the file is then good for nothing. */
bool bulk_file_end(struct bulk_file *file);
/* Gives the lock back; after bulk_file_end, or without it when the file is thrown away or nothing was written. */
void bulk_file_close(struct bulk_file *file);

uint32_t bulk_file_get(const unsigned char *bytes);
void bulk_file_put(unsigned char *bytes, uint32_t number);

#endif
