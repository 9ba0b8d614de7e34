#ifndef ASSESS_POPULATION_LIST_PRIVATE_H
#define ASSESS_POPULATION_LIST_PRIVATE_H

#include "assess/bind.h"
#include "base/buffer.h"
#include "base/byte_sink.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a population's own columns stand in its query. */
struct population_list_columns {
    int ref;
    int item;
    int undetermined; /* -1: none */
};
struct population_list_columns population_list_columns(const struct guard_query *query);

/* Rows on their way to a sink, a block at a time. */
struct population_list_rows {
    struct byte_sink *sink; /* NULL: nothing is written */
    struct buffer text;
    struct buffer defused; /* names of cells of the row at hand */
    uint64_t defused_rows;
    bool failed; /* the sink has recorded why, or memory is out */
};
void population_list_rows_head(struct population_list_rows *rows, const struct guard_query *query,
                               const struct population_list_columns *columns);
/* The row that the query stands on; `path` is that of its evidence. */
void population_list_rows_add(struct population_list_rows *rows, struct guard_query *query,
                              const struct population_list_columns *columns, const char *path);
/* Writes what is left; whether all was written. */
bool population_list_rows_end(struct population_list_rows *rows);
void population_list_rows_free(struct population_list_rows *rows);

#endif
