#ifndef CONFIG_REQUEST_H
#define CONFIG_REQUEST_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "config/request_words.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A list of requests as an auditor sends it, once its columns and words are understood (read/request_list.h), and what
 * management says beside it.
 */
struct request {
    const char *id;
    const char *cells[REQUEST_COLUMNS]; /* as written, without what is blank around it; "" where there is none */
    int asks;                           /* enum request_asks, or REQUEST_ASKS_COUNT: not said */
    int status;                         /* enum request_status; REQUEST_OPEN where it is not said */
    int priority;                       /* enum request_priority, or REQUEST_PRIORITY_COUNT: not said */
    int64_t due;                        /* UTC midnight; INT64_MIN when not said */
    struct place place;
};

struct request_list {
    struct request *items; /* in the order of the list */
    size_t count;
};

/* Which words lead to an answer that no id in the list leads to: management's own saying. */
struct request_answer {
    const char *request;
    struct text_list populations;
    struct text_list controls;  /* controls or criteria */
    struct text_list evidence;  /* evidence types, or paths below inputs/evidence */
    const char *not_applicable; /* why, or NULL */
    struct place place;
};

struct request_column_choice {
    const char *header;
    int column; /* enum request_column; REQUEST_COLUMNS: passed over */
};

/* LIST.meta.yaml beside a list: what the list does not say by itself. */
struct request_sidecar {
    const char *sheet; /* of a workbook */
    const char *encoding_text;
    const struct encoding *encoding; /* NULL: UTF-8, or UTF-16 by its mark */
    int dates;                       /* enum request_dates */
    struct request_column_choice *columns;
    size_t column_count;
    struct request_answer *answers;
    size_t answer_count;
};
enum request_dates { REQUEST_DATES_PLAIN, REQUEST_DATES_DAY_FIRST, REQUEST_DATES_MONTH_FIRST };

/* Reads a sidecar from bytes of `path`. False after reporting. */
bool request_sidecar_read(struct arena *arena, const char *path, const char *bytes, size_t length,
                          struct request_sidecar *out, struct diagnostics *diagnostics);

#endif
