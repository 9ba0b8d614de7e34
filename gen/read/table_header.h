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

/*
 * Looks at the first row of a table, or at the one below the titles so far. True where it is one more title, and the
 * next row has to be looked at. Else it is the header, if anything is: `*found` columns of `detect:` stand in it, and
 * `there` (may be NULL) gets a flag for each; below titles it has all of them or counts as having none.
 */
bool table_header_title(struct table_titles *titles, const struct kind *kind, const struct csv_cell *cells,
                        size_t count, bool *there, size_t *found);
/* Cells with something in them. */
size_t table_header_filled(const struct csv_cell *cells, size_t count);

#endif
