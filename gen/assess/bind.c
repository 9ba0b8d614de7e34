#include "assess/bind.h"

#include "base/text.h"

#include <string.h>

bool bind_common(const char *name, struct span period, int64_t as_of, const struct challenge_value *given,
                 size_t given_count, struct value *out) {
    const struct {
        const char *name;
        int64_t value;
    } fixed[] = {
        {"period_from", period.from},
        {"period_until", period.until},
        {"as_of", as_of},
    };

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcmp(name, fixed[i].name) == 0) {
            *out = (struct value){.kind = VALUE_INTEGER, .integer = fixed[i].value};
            return true;
        }
    }
    for (size_t i = 0; i < given_count; i++) {
        if (strcmp(name, given[i].name) == 0) {
            *out = given[i].value;
            return true;
        }
    }
    return false;
}

static bool find_value(const struct bind_values *values, const char *name, struct value *out) {
    const struct challenge *challenge = values->challenge;

    if (bind_common(name, values->period, values->as_of, challenge != NULL ? challenge->values : NULL,
                    challenge != NULL ? challenge->value_count : 0, out)) {
        return true;
    }
    const struct programme_override *override =
        values->programme != NULL ? programme_find_override(values->programme, values->control->id, name, values->as_of)
                                  : NULL;
    if (override != NULL) {
        *out = override->converted;
        return true;
    }
    for (size_t i = 0; i < values->control->parameter_count; i++) {
        if (strcmp(values->control->parameters[i].name, name) == 0) {
            *out = values->control->parameters[i].value;
            return true;
        }
    }
    return false;
}

bool bind_parameters(struct guard_query *query, const struct bind_values *values, const struct test *test,
                     const char *skip, struct diagnostics *diagnostics) {
    bool known = true;

    for (int i = 0;; i++) {
        const char *name = guard_parameter(query, i);
        struct value value;
        if (name == NULL) {
            break;
        }
        if (skip != NULL && strcmp(name, skip) == 0) {
            continue;
        }
        if (!find_value(values, name, &value)) {
            const char *near = text_nearest(name, values->control->parameters, values->control->parameter_count,
                                            sizeof *values->control->parameters);
            diagnostics_report(diagnostics, DIAGNOSTIC_TEST_PARAMETER, &test->query_place,
                               "test %s uses :%s, which control %s does not declare%s%s%s; add it to its parameters",
                               test->id, name, values->control->id, near != NULL ? " (did you mean :" : "",
                               near != NULL ? near : "", near != NULL ? "?)" : "");
            known = false;
            continue;
        }
        if (!guard_bind(query, name, &value)) {
            known = false;
        }
    }
    return known;
}
