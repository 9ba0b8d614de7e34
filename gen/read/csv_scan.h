#ifndef READ_CSV_SCAN_H
#define READ_CSV_SCAN_H

#include "read/csv.h"

/*
 * Looks for what ends a part of a row, some bytes at a time. A zero ends every part, since the input may end there; 16
 * bytes behind the input, zeros at first, are read too. `*not_ascii` is set where bytes past 127 were passed over.
 */

/* What ends an unquoted cell: a delimiter, a line end, a quote or a zero. */
const unsigned char *csv_scan_plain(const unsigned char *at, char delimiter, bool *not_ascii);
/* What ends a quoted cell, or stands doubled in it: a quote, or a zero. Bytes behind it may set `*not_ascii`. */
const unsigned char *csv_scan_quoted(const unsigned char *at, bool *not_ascii);
/*
 * The line end of a whole row without quotes, as most are; its cells are in `cells` then, and `*count` says how many.
 * NULL when the row is none, or not there to its end, or has more cells than `capacity`.
 */
const unsigned char *csv_scan_row(const unsigned char *at, char delimiter, struct csv_cell *cells, size_t capacity,
                                  size_t *count, bool *not_ascii);

#endif
