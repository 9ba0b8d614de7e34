#ifndef READ_SHEET_H
#define READ_SHEET_H

#include "read/csv.h"
#include "read/workbook.h"

/*
 * The rows of a sheet, each as cells of text from column A on. A cell is what it shows or nearly so: texts as they are
 * (shared, inline, or a formula's saved result), numbers with up to 15 digits, "true" and "false", dates as
 * "2025-11-28" and "2025-11-28T08:00:00", errors as "#N/A". Rows without a value are passed over, as are merged cells
 * but for the first.
 */
struct sheet;

/* NULL when memory is out or the sheet is not there (the workbook's fault is set). The workbook stays the caller's. */
struct sheet *sheet_open(struct workbook *workbook);
void sheet_close(struct sheet *sheet);
/*
 * The next row; CSV_ERROR for one that is unreadable (sheet_fault, of the row), CSV_TRUNCATED where the sheet or the
 * workbook breaks off (sheet_fault). A row has at least `width` cells, and more only where there is something in them.
 */
enum csv_event sheet_next(struct sheet *sheet, size_t width, const struct csv_cell **cells, size_t *count);
uint64_t sheet_row(const struct sheet *sheet);    /* its number, as the program shows it */
uint64_t sheet_offset(const struct sheet *sheet); /* of its element in the sheet's part */
uint64_t sheet_length(const struct sheet *sheet);
enum diagnostic sheet_problem(const struct sheet *sheet);
const char *sheet_fault(const struct sheet *sheet);
int sheet_system_error(const struct sheet *sheet);

#define SHEET_TIME_BYTES 40
/*
 * The number that stands for a day or time (18.17.4.1) as text; false when there is none, such as the 29 February 1900
 * that never was.
 */
bool sheet_time(double serial, enum workbook_style style, bool epoch_1904, char out[SHEET_TIME_BYTES]);

#endif
