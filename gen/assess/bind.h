#ifndef ASSESS_BIND_H
#define ASSESS_BIND_H

#include "config/programme.h"
#include "config/schema.h"
#include "store/guard.h"

#include <stdbool.h>
#include <stdint.h>

/* What the parameters of a test's SQL stand for. */
struct bind_values {
    const struct control *control;
    const struct programme *programme; /* its overrides count; NULL: the control's defaults alone */
    const struct challenge *challenge; /* its values count before the control's, or NULL */
    struct span period;
    int64_t as_of;
};

/*
 * What the parameters that every query may use stand for: :period_from, :period_until and :as_of, and those that a
 * challenge gives. False where the name is none of them.
 */
bool bind_common(const char *name, struct span period, int64_t as_of, const struct challenge_value *given,
                 size_t given_count, struct value *out);

/*
 * Binds every parameter of a prepared test: the control's by name, :period_from, :period_until and :as_of. A parameter
 * that nobody declares is reported at the test's query, and the result is false. `skip`, when not NULL, is left alone.
 */
bool bind_parameters(struct guard_query *query, const struct bind_values *values, const struct test *test,
                     const char *skip, struct diagnostics *diagnostics);

#endif
