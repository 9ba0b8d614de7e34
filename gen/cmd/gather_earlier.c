#include "cmd/gather_earlier.h"

#include "assess/coverage.h"

#define DAY INT64_C(86400)

/* What is known of a source's exports by their names. */
struct earlier_source {
    int64_t since;  /* one from then on may serve the period; where the period begins, none from before it does */
    int64_t until;  /* one of the period itself, from before then, serves it in any case */
    bool in_period; /* there is such a one */
    int64_t newest; /* from before the period; INT64_MIN: none */
};

/* When an export was taken, as its name says: on the day, or at the end of a longer span. */
static int64_t taken_at(const struct span *span) {
    return span->until - span->from <= DAY ? span->from : span->until - 1;
}

/* Whether everything that the kind gives holds until another export says otherwise. */
static bool stands(const struct schema *schema, const struct kind *kind) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (!schema->types[kind->rules[i].type].stands) {
            return false;
        }
    }
    return true;
}

/* The end of the first interval that is due in a range, grace included, or of the range. False when memory is out. */
static bool first_until(const struct requirement *requirement, const struct programme *programme,
                        const struct span *range, int64_t *until) {
    struct coverage_intervals intervals;

    if (!coverage_intervals(requirement->cadence, &programme->holidays, *range, &intervals)) {
        return false;
    }
    int64_t due = intervals.count > 0 ? intervals.spans[0].until + requirement->grace : range->until;
    *until = due < range->until ? due : range->until;
    coverage_intervals_free(&intervals);
    return true;
}

/*
 * What the requirements of a control say of an export of the kind: the latest time from which one lets it serve, and
 * the earliest until when one asks for it. `*asked`: there is one.
 */
static bool ask_control(const struct control *control, const struct kind *kind, const struct programme *programme,
                        const struct span *range, struct earlier_source *known, bool *asked) {
    struct span whole = coverage_whole(programme, *range);

    for (size_t i = 0; i < control->requirement_count; i++) {
        const struct requirement *requirement = &control->requirements[i];
        if (!schema_kind_gives(kind, requirement->type)) {
            continue;
        }
        int64_t since = coverage_since(requirement->cadence, whole, requirement->grace, *range);
        int64_t until = range->until;
        if (!first_until(requirement, programme, range, &until)) {
            return false;
        }
        known->since = since > known->since ? since : known->since;
        known->until = until < known->until ? until : known->until;
        *asked = true;
    }
    return true;
}

static bool ask_source(const struct workspace *workspace, const struct workspace_period *period,
                       const struct programme_source *source, struct earlier_source *known) {
    const struct schema *schema = workspace->schema;
    const struct programme *programme = workspace->programme;
    const struct kind *kind = &schema->kinds[source->kind];
    struct span range = period->span;
    bool asked = false;

    if (programme->type_one && period->as_of + 1 < range.until) {
        range.until = period->as_of + 1;
    }
    *known = (struct earlier_source){.since = source->from, .until = range.until, .newest = INT64_MIN};
    if (!stands(schema, kind)) {
        known->since = range.from;
        return true;
    }
    for (size_t i = 0; i < schema->control_count; i++) {
        const struct control *control = &schema->controls[i];
        if (control->effective_from >= range.until || control->superseded <= range.from ||
            programme_not_applicable(programme, schema, control) != NULL) {
            continue;
        }
        if (!ask_control(control, kind, programme, &range, known, &asked)) {
            return false;
        }
    }
    known->since = asked && known->since < range.from ? known->since : range.from;
    return true;
}

static void note_file(const struct workspace_period *period, const struct gather_file *file,
                      struct earlier_source *known) {
    int64_t at = taken_at(&file->match.span);

    if (file->match.span.until <= period->span.from) {
        known->newest = at > known->newest ? at : known->newest;
    } else if (at >= period->span.from && at < known->until && at <= period->as_of) {
        known->in_period = true;
    }
}

bool gather_earlier(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                    struct gather_file *files, size_t count) {
    const struct programme *programme = workspace->programme;
    struct earlier_source *sources = arena_array(command->arena, programme->source_count + 1, sizeof *sources);
    bool enough = sources != NULL;

    for (size_t i = 0; enough && i < programme->source_count; i++) {
        enough = ask_source(workspace, period, &programme->sources[i], &sources[i]);
    }
    if (!enough) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of evidence");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (files[i].source != NULL && files[i].match.dated) {
            note_file(period, &files[i], &sources[files[i].source - programme->sources]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct gather_file *file = &files[i];
        if (file->source == NULL || !file->match.dated || file->match.span.until > period->span.from) {
            continue;
        }
        const struct earlier_source *known = &sources[file->source - programme->sources];
        int64_t at = taken_at(&file->match.span);
        file->earlier = !known->in_period && at == known->newest && at >= known->since;
    }
    return true;
}
