#include "assess/check_state.h"

#include <stdlib.h>
#include <string.h>

const struct check_state_check *check_state_find(const struct check_state *state, const char *check) {
    for (size_t i = 0; i < state->check_count; i++) {
        if (strcmp(state->checks[i].check, check) == 0) {
            return &state->checks[i];
        }
    }
    return NULL;
}

/* ---- what was awaited ---- */

const struct check_test_result *check_state_answer(const struct check_state_awaited *awaited,
                                                   const struct check_result *result,
                                                   const struct check_windows *windows) {
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        if (strcmp(test->test, awaited->test) == 0 && strcmp(windows->items[test->window].id, awaited->window) == 0) {
            return test;
        }
    }
    return NULL;
}

bool check_state_is_overdue(const struct check_state_check *before, int64_t as_of) {
    for (size_t i = 0; before != NULL && i < before->awaited_count; i++) {
        if (before->awaited[i].due <= as_of) {
            return true;
        }
    }
    return false;
}

/* ---- comparing ---- */

static int compare_failures(const void *a, const void *b) {
    const struct check_state_failure *first = a;
    const struct check_state_failure *second = b;
    int order = strcmp(first->test, second->test);

    return order != 0 ? order : strcmp(first->item, second->item);
}

static const char *test_of(const struct check_failure *failure) {
    return failure->test != NULL ? failure->test : "";
}

/* What tells one failure of a test from another: its item, or of evidence that is short in what way it is. */
static const char *item_of(const struct check_failure *failure) {
    return *failure->item != '\0' ? failure->item : failure->text;
}

/* Failures in bytewise order, so that another's can be found among them. NULL when memory is out. */
static struct check_state_failure *sorted(struct arena *arena, const struct check_state_failure *failures,
                                          size_t count) {
    struct check_state_failure *copy = arena_array(arena, count + 1, sizeof *copy);

    if (copy != NULL && count > 0) {
        memcpy(copy, failures, count * sizeof *copy);
        qsort(copy, count, sizeof *copy, compare_failures);
    }
    return copy;
}

static bool among(const struct check_state_failure *all, size_t count, const char *test, const char *item) {
    const struct check_state_failure wanted = {.test = test, .item = item};

    return count > 0 && bsearch(&wanted, all, count, sizeof *all, compare_failures) != NULL;
}

static const struct check_state_alert *find_alert(const struct check_state_check *before, const char *when) {
    for (size_t i = 0; before != NULL && i < before->alert_count; i++) {
        if (strcmp(before->alerts[i].when, when) == 0) {
            return &before->alerts[i];
        }
    }
    return NULL;
}

static bool compare_alert(struct arena *arena, const struct check_state_alert *before,
                          struct check_alert_result *alert) {
    alert->change = CHECK_NEW;
    if (before == NULL) {
        return true;
    }
    struct check_state_failure *known = sorted(arena, before->failures, before->failure_count);
    if (known == NULL) {
        return false;
    }
    bool worse = alert->total > (uint64_t)(before->total > 0 ? before->total : 0) || alert->severity > before->severity;
    for (size_t i = 0; i < alert->failure_count; i++) {
        struct check_failure *failure = &alert->failures[i];
        failure->fresh = !among(known, before->failure_count, test_of(failure), item_of(failure));
        worse = worse || failure->fresh;
    }
    alert->change = worse ? CHECK_WORSE : CHECK_REPEATED;
    return true;
}

/* Whether the test was looked at with all of its evidence. A source's age is always known. */
static bool was_judged(const struct check_result *result, const char *when, const char *test) {
    if (*test == '\0' || strcmp(when, CHECK_WHEN_OVERDUE) == 0) {
        return true;
    }
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *seen = &result->tests[i];
        if (strcmp(seen->test, test) == 0) {
            /* That evidence was short is over when the test could be judged, or needs none. */
            return seen->judged || seen->outcome == CHECK_NOT_APPLICABLE ||
                   (strcmp(when, CHECK_WHEN_INSUFFICIENT) == 0 && seen->outcome != CHECK_AWAITED);
        }
    }
    return true; /* the check looks at it no more */
}

static const struct check_alert_result *current(const struct check_result *result, const char *when) {
    for (size_t i = 0; i < result->alert_count; i++) {
        if (strcmp(result->alerts[i].when, when) == 0) {
            return &result->alerts[i];
        }
    }
    return NULL;
}

static bool push_past(struct arena *arena, struct check_pasts *pasts, const struct check_past *past) {
    struct check_past *slot = arena_push(arena, &pasts->items, &pasts->count, sizeof *pasts->items);

    if (slot != NULL) {
        *slot = *past;
    }
    return slot != NULL;
}

/* What was alerted under `before` and is not among the failures that stand now. */
static bool find_gone(struct arena *arena, const struct check_state_alert *before, const struct check_result *result,
                      struct check_pasts *resolved, struct check_pasts *standing) {
    const struct check_alert_result *now = current(result, before->when);
    size_t count = now != NULL ? now->failure_count : 0;
    struct check_state_failure *found = arena_array(arena, count + 1, sizeof *found);
    const char *id = arena_format(arena, "%s:%s", result->check->id, before->when);

    if (found == NULL || id == NULL) {
        return false;
    }
    if (now != NULL && now->total > now->failure_count) {
        return true; /* not all of them are listed: none can be said to be gone */
    }
    for (size_t i = 0; i < count; i++) {
        found[i] = (struct check_state_failure){.test = test_of(&now->failures[i]), .item = item_of(&now->failures[i])};
    }
    if (count > 0) {
        qsort(found, count, sizeof *found, compare_failures);
    }
    for (size_t i = 0; i < before->failure_count; i++) {
        const struct check_state_failure *past = &before->failures[i];
        if (among(found, count, past->test, past->item)) {
            continue;
        }
        const struct check_past entry = {id, result->check->id, before->severity, past->test, past->item};
        bool judged = was_judged(result, before->when, past->test);
        if (!push_past(arena, judged ? resolved : standing, &entry)) {
            return false;
        }
    }
    return true;
}

bool check_state_compare(struct arena *arena, const struct check_state_check *before, struct check_result *result,
                         struct check_pasts *resolved, struct check_pasts *standing) {
    for (size_t i = 0; i < result->alert_count; i++) {
        struct check_alert_result *alert = &result->alerts[i];
        if (!compare_alert(arena, find_alert(before, alert->when), alert)) {
            return false;
        }
    }
    for (size_t i = 0; before != NULL && i < before->alert_count; i++) {
        if (!find_gone(arena, &before->alerts[i], result, resolved, standing)) {
            return false;
        }
    }
    return true;
}

/* ---- remembering ---- */

static bool keep_failure(struct arena *arena, struct check_state_alert *alert, const char *test, const char *item) {
    struct check_state_failure *slot =
        arena_push(arena, &alert->failures, &alert->failure_count, sizeof *alert->failures);

    if (slot != NULL) {
        *slot = (struct check_state_failure){.test = test, .item = item};
    }
    return slot != NULL;
}

static struct check_state_alert *keep_alert(struct arena *arena, struct check_state_check *check, const char *when,
                                            int severity) {
    for (size_t i = 0; i < check->alert_count; i++) {
        if (strcmp(check->alerts[i].when, when) == 0) {
            return &check->alerts[i];
        }
    }
    struct check_state_alert *alert = arena_push(arena, &check->alerts, &check->alert_count, sizeof *check->alerts);
    if (alert != NULL) {
        *alert = (struct check_state_alert){.when = when, .severity = severity};
    }
    return alert;
}

static bool keep_all(struct arena *arena, struct check_state_check *check, const struct check_result *result,
                     const struct check_pasts *standing) {
    for (size_t i = 0; i < result->alert_count; i++) {
        const struct check_alert_result *alert = &result->alerts[i];
        struct check_state_alert *kept = keep_alert(arena, check, alert->when, alert->severity);
        if (kept == NULL) {
            return false;
        }
        kept->total = (int64_t)alert->total;
        for (size_t f = 0; f < alert->failure_count; f++) {
            if (!keep_failure(arena, kept, test_of(&alert->failures[f]), item_of(&alert->failures[f]))) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < standing->count; i++) {
        const struct check_past *past = &standing->items[i];
        if (strcmp(past->check, result->check->id) != 0) {
            continue;
        }
        struct check_state_alert *kept =
            keep_alert(arena, check, past->alert + strlen(past->check) + 1, past->severity);
        if (kept == NULL || !keep_failure(arena, kept, past->test, past->item)) {
            return false;
        }
        kept->total++;
    }
    return true;
}

static bool keep_awaited(struct arena *arena, struct check_state_check *check,
                         const struct check_state_awaited *awaited) {
    struct check_state_awaited *slot =
        arena_push(arena, &check->awaited, &check->awaited_count, sizeof *check->awaited);

    if (slot != NULL) {
        *slot = *awaited;
    }
    return slot != NULL;
}

/* What was awaited before and not looked at now goes on being awaited. */
static bool keep_unanswered(struct arena *arena, struct check_state_check *check,
                            const struct check_state_check *before, const struct check_result *result,
                            const struct check_windows *windows) {
    for (size_t i = 0; i < before->awaited_count; i++) {
        if (check_state_answer(&before->awaited[i], result, windows) == NULL &&
            !keep_awaited(arena, check, &before->awaited[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        const struct check_state_awaited awaited = {test->test, windows->items[test->window].id, test->due, {0}};
        if (test->outcome == CHECK_AWAITED && !keep_awaited(arena, check, &awaited)) {
            return false;
        }
    }
    return true;
}

static struct check_state_check *find_slot(struct arena *arena, struct check_state *state, const char *check) {
    for (size_t i = 0; i < state->check_count; i++) {
        if (strcmp(state->checks[i].check, check) == 0) {
            return &state->checks[i];
        }
    }
    struct check_state_check *grown = arena_array(arena, state->check_count + 1, sizeof *grown);
    if (grown == NULL) {
        return NULL;
    }
    if (state->check_count > 0) {
        memcpy(grown, state->checks, state->check_count * sizeof *grown);
    }
    state->checks = grown;
    grown[state->check_count] = (struct check_state_check){.check = check, .checked = INT64_MIN};
    return &grown[state->check_count++];
}

bool check_state_update(struct arena *arena, struct check_state *state, const struct check_result *result,
                        const struct check_windows *windows, const struct check_pasts *standing, int64_t checked) {
    struct check_state_check *slot = find_slot(arena, state, result->check->id);

    if (slot == NULL) {
        return false;
    }
    const struct check_state_check before = *slot;
    bool earlier = checked < before.checked;
    *slot = (struct check_state_check){.check = before.check, .checked = earlier ? before.checked : checked};
    if (earlier) {
        slot->alerts = before.alerts;
        slot->alert_count = before.alert_count;
    }
    return keep_unanswered(arena, slot, &before, result, windows) &&
           (earlier || keep_all(arena, slot, result, standing));
}
