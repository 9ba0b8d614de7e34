#ifndef READ_REQUEST_LIST_PRIVATE_H
#define READ_REQUEST_LIST_PRIVATE_H

#include "read/request_list.h"
#include "read/request_table.h"

#define NO_COLUMN SIZE_MAX
struct list_reader {
    struct arena *arena;
    const struct request_list_source *source;
    struct diagnostics *diagnostics;
    struct request_table table;
    struct request_list *out;
    const char **header; /* NULL until it is found */
    size_t width;
    size_t fields[REQUEST_COLUMNS]; /* where each stands in a row, or NO_COLUMN */
    uint64_t header_line;
    const char **fullest; /* the row with most in it, to say what is wrong where no header is found */
    size_t fullest_count;
    size_t fullest_filled;
    uint64_t rows;
    bool good;
};

struct place request_list_place(const struct list_reader *reader, uint64_t line);
/* Whether a row names the id of a request and another part of it. */
bool request_list_is_header(const struct list_reader *reader, const char *const *cells, size_t count);
/* Takes it as the header, and reports columns that are not read, or of which two mean the same. */
void request_list_take_header(struct list_reader *reader, const char **cells, size_t count, uint64_t line);
/* Reports that there is none, with what stands in the first row. */
void request_list_no_header(struct list_reader *reader);

#endif
