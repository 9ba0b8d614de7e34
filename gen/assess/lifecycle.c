#include "assess/lifecycle.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

const char *const lifecycle_state_names[] = {
    [LIFECYCLE_NEW] = "new",
    [LIFECYCLE_OPEN] = "open",
    [LIFECYCLE_REOPENED] = "reopened",
    [LIFECYCLE_ACCEPTED] = "accepted",
    [LIFECYCLE_REMEDIATED] = "remediated",
    [LIFECYCLE_STATE_COUNT] = NULL,
};

enum lifecycle_before lifecycle_before(const char *state) {
    if (strcmp(state, lifecycle_state_names[LIFECYCLE_ACCEPTED]) == 0) {
        return LIFECYCLE_WAS_ACCEPTED;
    }
    return strcmp(state, lifecycle_state_names[LIFECYCLE_REMEDIATED]) == 0 ? LIFECYCLE_WAS_REMEDIATED
                                                                           : LIFECYCLE_WAS_OPEN;
}

enum lifecycle_outcome lifecycle_judge(const struct lifecycle_facts *facts) {
    if (facts->exceptions > 0) {
        return facts->waived == facts->exceptions ? LIFECYCLE_WAIVED : LIFECYCLE_EXCEPTION;
    }
    if (facts->undetermined > 0) {
        return LIFECYCLE_UNDETERMINED;
    }
    if (!facts->tested) {
        return LIFECYCLE_NOT_TESTED;
    }
    if (facts->shortcomings > 0) {
        return LIFECYCLE_INSUFFICIENT;
    }
    if (!facts->same) {
        return LIFECYCLE_CHANGED;
    }
    if (facts->population == 0) {
        return LIFECYCLE_NO_POPULATION;
    }
    if (facts->seen > 0) {
        return LIFECYCLE_RETESTED;
    }
    if (facts->standing && facts->source_there) {
        return LIFECYCLE_GONE;
    }
    if (facts->other > 0) {
        return LIFECYCLE_OTHERS;
    }
    return facts->completed ? LIFECYCLE_CORRECTED : LIFECYCLE_UNSTATED;
}

static bool shows_remediation(enum lifecycle_outcome outcome) {
    return outcome == LIFECYCLE_RETESTED || outcome == LIFECYCLE_GONE || outcome == LIFECYCLE_CORRECTED;
}

enum lifecycle_state lifecycle_next(enum lifecycle_before before, enum lifecycle_outcome outcome, bool waiver) {
    static const enum lifecycle_state there[LIFECYCLE_BEFORE_COUNT] = {
        [LIFECYCLE_UNKNOWN] = LIFECYCLE_OPEN,
        [LIFECYCLE_ABSENT] = LIFECYCLE_NEW,
        [LIFECYCLE_WAS_OPEN] = LIFECYCLE_OPEN,
        [LIFECYCLE_WAS_ACCEPTED] = LIFECYCLE_OPEN,
        [LIFECYCLE_WAS_REMEDIATED] = LIFECYCLE_REOPENED,
    };

    if (outcome == LIFECYCLE_EXCEPTION) {
        return there[before];
    }
    if (outcome == LIFECYCLE_WAIVED) {
        return LIFECYCLE_ACCEPTED;
    }
    if (before == LIFECYCLE_WAS_REMEDIATED || shows_remediation(outcome)) {
        return LIFECYCLE_REMEDIATED;
    }
    return before == LIFECYCLE_WAS_ACCEPTED && waiver ? LIFECYCLE_ACCEPTED : LIFECYCLE_OPEN;
}

static void seen_reason(enum lifecycle_before before, struct buffer *out) {
    static const char *const words[LIFECYCLE_BEFORE_COUNT] = {
        [LIFECYCLE_UNKNOWN] = "found in this period; no earlier assessment was given to compare with",
        [LIFECYCLE_ABSENT] = "found in this period, and in no earlier one that was given",
        [LIFECYCLE_WAS_OPEN] = "found before, and again in this period",
        [LIFECYCLE_WAS_ACCEPTED] = "found again, and no waiver in force names it any more",
        [LIFECYCLE_WAS_REMEDIATED] = "was remediated, and is back",
    };
    buffer_append_text(out, words[before]);
}

void lifecycle_reason(enum lifecycle_before before, enum lifecycle_outcome outcome, const struct lifecycle_facts *facts,
                      bool waiver, struct buffer *out) {
    static const char *const words[LIFECYCLE_OUTCOME_COUNT] = {
        [LIFECYCLE_WAIVED] = "found, and a waiver in force names it",
        [LIFECYCLE_UNDETERMINED] = "not retested: the test could not tell",
        [LIFECYCLE_NOT_TESTED] = "not retested: the test did not run in this period",
        [LIFECYCLE_INSUFFICIENT] = "not retested: the evidence of the test is insufficient",
        [LIFECYCLE_CHANGED] = "not retested: the test or its thresholds have changed since",
        [LIFECYCLE_NO_POPULATION] = "not retested: there was nothing to test in this period",
        [LIFECYCLE_GONE] = "retested: it is no longer among all that the test lists",
        [LIFECYCLE_OTHERS] = "not retested: it did not occur again, and other items deviated",
        [LIFECYCLE_UNSTATED] =
            "not retested: it did not occur again, and no response states that the corrective action "
            "was completed since it last did",
    };

    if (outcome == LIFECYCLE_EXCEPTION) {
        seen_reason(before, out);
    } else if (outcome == LIFECYCLE_WAIVED) {
        buffer_append_text(out, words[outcome]);
    } else if (before == LIFECYCLE_WAS_REMEDIATED) {
        buffer_append_text(out, "remediated in an earlier period, and not found again");
    } else if (outcome == LIFECYCLE_RETESTED) {
        buffer_format(out, "retested: no exception in %" PRId64 " %s of this period", facts->seen,
                      facts->seen == 1 ? "item" : "items");
    } else if (outcome == LIFECYCLE_CORRECTED) {
        buffer_format(out, "retested: the corrective action is completed, and none of %" PRId64 " %s deviated",
                      facts->population, facts->population == 1 ? "item" : "items");
    } else {
        buffer_append_text(out, words[outcome]);
        if (before == LIFECYCLE_WAS_ACCEPTED) {
            buffer_append_text(out, waiver ? "; the waiver is in force" : "; no waiver in force names it any more");
        }
    }
}
