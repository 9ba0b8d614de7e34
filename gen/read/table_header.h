#ifndef READ_TABLE_HEADER_H
#define READ_TABLE_HEADER_H

#include "config/schema.h"
#include "read/csv.h"

/*
 * The header of a table. Titles may stand above it ("Employees as of 1 December", a company's name): a few rows that
 * have none of the columns that the kind's `detect:` names, and fewer cells with something in them than the header.
 */
#define TABLE_TITLES_MOST 20

struct table_titles {
    size_t rows;
    size_t most; /* cells with something in them, of any of them */
};

/* How many of the columns of `detect:` the row has; `there` (may be NULL) gets a flag for each. */
size_t table_header_columns(const struct kind *kind, const struct csv_cell *cells, size_t count, bool *there);
/* Counts the row among the titles; false where it can be none, or where there are too many. */
bool table_header_title(struct table_titles *titles, const struct kind *kind, const struct csv_cell *cells,
                        size_t count);
/* Whether the row below those titles is the header: it has all columns of `detect:`. */
bool table_header_below(const struct table_titles *titles, const struct kind *kind, const struct csv_cell *cells,
                        size_t count);
/* Cells with something in them. */
size_t table_header_filled(const struct csv_cell *cells, size_t count);

#endif
