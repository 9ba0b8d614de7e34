#include "assess/request_private.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool unknown(const struct request_run *run, const struct request_answer *answer, const char *what,
                    const char *name, const void *candidates, size_t count, size_t stride) {
    const char *near = text_nearest(name, candidates, count, stride);

    diagnostics_report(run->diagnostics, DIAGNOSTIC_ANSWER_UNKNOWN, &answer->place,
                       "the answer to %s names %s %.200s, which is not there%s%s%s", answer->request, what, name,
                       near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
    return false;
}

/* Names of one sort; `kind` is what each must lead to. */
static bool take_names(const struct request_run *run, struct request_case *one, const struct request_answer *answer,
                       const struct text_list *names, enum request_target_kind kind) {
    const struct schema *schema = run->schema;
    bool good = true;

    for (size_t i = 0; i < names->count; i++) {
        struct request_case found = {.request = one->request};
        const char *name = names->items[i];
        bool any = false;
        if (!(kind == REQUEST_TARGET_POPULATION ? request_find_name : request_find_id)(run, &found, name,
                                                                                       REQUEST_BY_ANSWER, &any)) {
            return false;
        }
        if (kind == REQUEST_TARGET_TYPE && !request_has_target(&found, kind)) {
            /* A path: whether it is there is known when the evidence has been read. */
            good = request_add_target(run, one, REQUEST_TARGET_EVIDENCE, REQUEST_BY_ANSWER, name, name) && good;
            continue;
        }
        if (!request_has_target(&found, kind)) {
            good = kind == REQUEST_TARGET_POPULATION
                       ? unknown(run, answer, "the population", name, schema->populations, schema->population_count,
                                 sizeof *schema->populations)
                       : unknown(run, answer, "the control or criterion", name, schema->controls, schema->control_count,
                                 sizeof *schema->controls);
            continue;
        }
        for (size_t t = 0; t < found.target_count; t++) {
            if (found.targets[t].kind == kind &&
                !request_add_target(run, one, kind, REQUEST_BY_ANSWER, found.targets[t].id, found.targets[t].from)) {
                return false;
            }
        }
    }
    return good;
}

bool request_take_answers(const struct request_run *run, struct request_case *one, bool *answered) {
    const struct request_sidecar *sidecar = run->sidecar;
    bool good = true;

    for (size_t i = 0; sidecar != NULL && i < sidecar->answer_count; i++) {
        const struct request_answer *answer = &sidecar->answers[i];
        if (strcasecmp(answer->request, one->request->id) != 0) {
            continue;
        }
        *answered = true;
        if (answer->not_applicable != NULL) {
            one->not_applicable = answer->not_applicable;
        }
        good = take_names(run, one, answer, &answer->populations, REQUEST_TARGET_POPULATION) && good;
        good = take_names(run, one, answer, &answer->controls, REQUEST_TARGET_CONTROL) && good;
        good = take_names(run, one, answer, &answer->evidence, REQUEST_TARGET_TYPE) && good;
    }
    return good;
}

void request_unused_answers(const struct request_run *run) {
    for (size_t i = 0; run->sidecar != NULL && i < run->sidecar->answer_count; i++) {
        const struct request_answer *answer = &run->sidecar->answers[i];
        bool used = false;
        for (size_t r = 0; r < run->list->count && !used; r++) {
            used = strcasecmp(run->list->items[r].id, answer->request) == 0;
        }
        if (!used) {
            const char *near =
                text_nearest(answer->request, run->list->items, run->list->count, sizeof *run->list->items);
            diagnostics_report(run->diagnostics, DIAGNOSTIC_ANSWER_UNUSED, &answer->place,
                               "the list has no request %s%s%s%s; remove the answer, or correct its id",
                               answer->request, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                               near != NULL ? "?)" : "");
        }
    }
}
