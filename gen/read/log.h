#ifndef READ_LOG_H
#define READ_LOG_H

#include "base/byte_source.h"
#include "base/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Text as records of one or several lines. LF, CRLF and CR end a line, so that what a progress display wrote over
 * (text, CR, text) is a line of its own and nothing is lost; a missing final line end and a BOM are no matter. The
 * escape sequences of terminals (ECMA-48) are taken out of the lines, and lines that are then empty or blank are no
 * records. A line that `continues` matches belongs to the record before it, behind a LF. Every record says where it is.
 */
enum log_event {
    LOG_RECORD,
    LOG_END,
    LOG_ERROR, /* this record is unreadable (`log_problem`); the next call goes on behind it */
    LOG_READ_FAILED
};

enum log_problem {
    LOG_PROBLEM_LENGTH,
    LOG_PROBLEM_ENCODING,
    LOG_PROBLEM_NUL,
    LOG_PROBLEM_PATTERN, /* whether the next line belongs to it took `continues` too many steps */
    LOG_PROBLEM_UTF16    /* of the whole input, which ends */
};

struct log;

/* `continues` may be NULL, and stays the caller's. NULL when memory is out. */
struct log *log_open(struct byte_source *bytes, struct pattern *continues);
void log_close(struct log *log);
/* The text lives until the next call. It is there for LOG_ERROR too, as it was read, to be quoted. */
enum log_event log_next(struct log *log, const char **text, size_t *length);
uint64_t log_line(const struct log *log);   /* of the record's first byte */
uint64_t log_offset(const struct log *log); /* of the record's first byte */
uint64_t log_length(const struct log *log); /* of the record, without its last line end */
enum log_problem log_problem(const struct log *log);
int log_system_error(const struct log *log);

#endif
