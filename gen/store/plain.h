#ifndef STORE_PLAIN_H
#define STORE_PLAIN_H

#include "base/value.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * SQL expressions over texts that are so plain that no SQL machine is needed: literals, names, ||, =, <>, IS [NOT]
 * NULL, [NOT] IN, AND, OR, NOT, CASE, coalesce, ifnull, iif, nullif, lower, upper and trim. They mean what they mean to
 * SQLite, which is asked where they might not.
 */
struct plain;

/*
 * An expression that SQLite has accepted, over inputs with these names, each a text or NULL. NULL where it is none of
 * that kind, or memory is out: SQLite computes it as well.
 */
struct plain *plain_new(const char *sql, const char *const *names, size_t count);
/*
 * Computes it from the inputs' values. False where SQLite has to: for what is long, or is no text and needs to be one.
 * A text lives until the next call.
 */
bool plain_evaluate(struct plain *plain, const struct value *inputs, struct value *out);
void plain_free(struct plain *plain);

#endif
