#ifndef READ_CSV_H
#define READ_CSV_H

#include "base/byte_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * RFC 4180 with what real exports add: a BOM, LF, CRLF or CR line ends, a missing final newline, delimiters , ; tab and
 * | (sniffed on the first row when 0 is given), newlines in quotes, a line "#TYPE ..." or "sep=;" before the first row.
 * Cells keep their spaces. Empty lines are no rows. Every row says where it is. A quote inside an unquoted cell, or
 * anything but a delimiter behind a closing quote, makes the row unreadable: its first line is then passed over, so
 * that no row behind it is lost. UTF-16 ends the input.
 */
enum csv_event {
    CSV_ROW,
    CSV_END,
    CSV_ERROR,     /* this row is unreadable (`csv_error`); the next call goes on behind its line */
    CSV_TRUNCATED, /* the input ended inside a quoted cell */
    CSV_READ_FAILED
};

struct csv_cell {
    const char *bytes; /* decoded, valid UTF-8, until the next call */
    size_t length;
    bool quoted;
};

struct csv;

struct csv *csv_open(struct byte_source *bytes, char delimiter);
void csv_close(struct csv *csv);
enum csv_event csv_next(struct csv *csv, const struct csv_cell **cells, size_t *count);
uint64_t csv_offset(const struct csv *csv); /* of the row's first byte */
uint64_t csv_length(const struct csv *csv); /* of the row, without its line end */
uint64_t csv_line(const struct csv *csv);
/* Whether the last row is known to hold neither quotes nor NUL. */
bool csv_is_plain(const struct csv *csv);
char csv_delimiter(const struct csv *csv);
/* Has the delimiter told by the next row anew, where none was asked for: titles above a header have their own. */
void csv_sniff_again(struct csv *csv);
/* Whether the last row ended with a line end. */
bool csv_final_newline(const struct csv *csv);
/* What is wrong, after CSV_ERROR. */
enum csv_problem {
    CSV_PROBLEM_QUOTE,
    CSV_PROBLEM_LENGTH,
    CSV_PROBLEM_COLUMNS,
    CSV_PROBLEM_ENCODING,
    CSV_PROBLEM_UTF16
};
enum csv_problem csv_problem(const struct csv *csv);
const char *csv_error(const struct csv *csv);
int csv_system_error(const struct csv *csv);

#endif
