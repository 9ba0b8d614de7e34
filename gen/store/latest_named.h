#ifndef STORE_LATEST_NAMED_H
#define STORE_LATEST_NAMED_H

#include "config/schema.h"

#include <stdbool.h>

/*
 * Marks in `named`, a flag for each evidence type, those whose view of newest snapshots some SQL of the schema may
 * name: that of its views, tests, metrics, populations and checks. One that is only in a comment counts too.
 */
void latest_named(const struct schema *schema, bool *named);

#endif
