#ifndef STORE_SHARE_CHOICE_H
#define STORE_SHARE_CHOICE_H

#include "base/diagnostics.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which of a schema's views are worth being made once: those that at least two tests or metrics read, themselves or by
 * way of another view. It goes by the names that stand in the SQL. Where such a name means something else, a view is
 * made for nothing, and that is all.
 */
struct share_choice {
    size_t *order; /* the views to make, each after those that it reads */
    size_t count;
    bool *concerned;      /* by view: it is made, or reads one that is */
    uint64_t lengths[32]; /* by the letter that views' names begin with: a bit for each length that they have */
};

/* False after reporting that memory ran out. share_choice_free is due in any case. */
bool share_choice_make(const struct schema *schema, struct share_choice *out, struct diagnostics *diagnostics);
void share_choice_free(struct share_choice *choice);
/* Whether SQL names a view that is concerned. */
bool share_choice_concerns(const struct share_choice *choice, const struct schema *schema, const char *sql);

#endif
