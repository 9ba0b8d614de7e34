#include "assess/verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

void verdict_add(struct verdict_states *states, enum verdict verdict, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;

    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    char *reason = buffer_take(&text);
    struct verdict_state *grown = reallocarray(states->states, states->count + 1, sizeof *grown);
    if (grown != NULL) {
        states->states = grown;
    }
    if (reason == NULL || grown == NULL) {
        states->failed = true;
        free(reason);
        return;
    }
    grown[states->count++] = (struct verdict_state){verdict, reason};
}

void verdict_free(struct verdict_states *states) {
    for (size_t i = 0; i < states->count; i++) {
        free(states->states[i].reason);
    }
    free(states->states);
    *states = (struct verdict_states){0};
}

enum verdict verdict_weightiest(const struct verdict_states *states) {
    enum verdict weightiest = VERDICT_NOT_APPLICABLE;

    if (states->count == 0) {
        return VERDICT_INSUFFICIENT;
    }
    for (size_t i = 0; i < states->count; i++) {
        if (states->states[i].verdict > weightiest) {
            weightiest = states->states[i].verdict;
        }
    }
    return weightiest;
}

void verdict_judge(struct verdict_states *states, const struct verdict_counts *counts, double tolerable,
                   bool zero_proven) {
    bool lacking = states->count > 0;
    double share = counts->population > 0 ? (double)counts->exceptions / (double)counts->population : 0;

    if (counts->exceptions > 0 && share > tolerable) {
        verdict_add(states, VERDICT_EXCEPTION, "%" PRIu64 " of %" PRIu64 " items", counts->exceptions,
                    counts->population);
    }
    if (counts->undetermined > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT, "%" PRIu64 " of %" PRIu64 " items could not be determined",
                    counts->undetermined, counts->population);
    }
    if (counts->population == 0 && !lacking) {
        if (zero_proven) {
            verdict_add(states, VERDICT_NO_OCCURRENCE,
                        "the control did not operate in the period; complete exports show that nothing called for it");
        } else {
            verdict_add(states, VERDICT_INSUFFICIENT, "the population is empty");
        }
    }
    if (states->count == 0 && counts->exceptions > 0) {
        verdict_add(states, VERDICT_EFFECTIVE, "%" PRIu64 " of %" PRIu64 " items deviate, within the tolerable rate",
                    counts->exceptions, counts->population);
    } else if (states->count == 0 && counts->population == 1) {
        verdict_add(states, VERDICT_EFFECTIVE, "the only item was tested");
    } else if (states->count == 0) {
        verdict_add(states, VERDICT_EFFECTIVE, "all %" PRIu64 " items tested", counts->population);
    }
}

void verdict_print(enum verdict verdict, bool manual, const struct verdict_counts *counts, struct buffer *out) {
    switch (verdict) {
    case VERDICT_EXCEPTION:
        buffer_format(
            out, counts->exceptions == 1 ? "%" PRIu64 " exception of %" PRIu64 : "%" PRIu64 " exceptions of %" PRIu64,
            counts->exceptions, counts->population);
        break;
    case VERDICT_EFFECTIVE:
        if (counts->exceptions > 0) {
            buffer_format(out, "effective with deviations, %" PRIu64 " of %" PRIu64, counts->exceptions,
                          counts->population);
        } else {
            buffer_append_text(out, "no exceptions noted");
        }
        break;
    case VERDICT_INSUFFICIENT:
        buffer_append_text(out, "insufficient evidence");
        break;
    case VERDICT_PENDING:
        buffer_append_text(out, manual ? "manual evidence awaited" : "evidence awaited");
        break;
    case VERDICT_NO_OCCURRENCE:
        buffer_append_text(out, "no occurrence in the period");
        break;
    case VERDICT_NOT_APPLICABLE:
    case VERDICT_COUNT:
        buffer_append_text(out, "not applicable");
        break;
    }
}
