#ifndef STORE_DESCRIBE_H
#define STORE_DESCRIBE_H

#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdbool.h>

/* Fills the engine's tables with what configuration says. */
struct describe {
    sqlite3 *connection;
    const struct schema *schema;
    const struct programme *programme;
    const struct store_options *options;
    struct diagnostics *diagnostics;
};

/* Criteria, types, controls with their parameters as overridden, requirements, tests. */
bool describe_schema(const struct describe *describe);
/* Meta data, scope, commitments, identities, sources, waivers. */
bool describe_programme(const struct describe *describe);

#endif
