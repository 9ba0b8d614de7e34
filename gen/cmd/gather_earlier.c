#include "cmd/gather_earlier.h"

#include "assess/coverage.h"

#define DAY INT64_C(86400)

/* What is known of a source's exports by their names. */
struct earlier_source {
    int64_t since;  /* one from then on may serve the period; where the period begins, none from before it does */
    bool in_period; /* it has one of the period itself */
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

/* The latest time from which one requirement of a control lets an export of the kind serve; `asked`: there is one. */
static int64_t control_since(const struct control *control, const struct kind *kind, const struct span *range,
                             bool *asked) {
    int64_t since = INT64_MIN;

    for (size_t i = 0; i < control->requirement_count; i++) {
        const struct requirement *requirement = &control->requirements[i];
        if (schema_kind_gives(kind, requirement->type)) {
            int64_t own = coverage_since(requirement->cadence, requirement->grace, *range);
            since = own > since ? own : since;
            *asked = true;
        }
    }
    return since;
}

static int64_t source_since(const struct workspace *workspace, const struct workspace_period *period,
                            const struct programme_source *source) {
    const struct schema *schema = workspace->schema;
    const struct kind *kind = &schema->kinds[source->kind];
    struct span range = period->span;
    int64_t since = source->from;
    bool asked = false;

    if (workspace->programme->type_one && period->as_of + 1 < range.until) {
        range.until = period->as_of + 1;
    }
    if (!stands(schema, kind)) {
        return range.from;
    }
    for (size_t i = 0; i < schema->control_count; i++) {
        const struct control *control = &schema->controls[i];
        if (control->effective_from >= range.until || control->superseded <= range.from ||
            programme_not_applicable(workspace->programme, schema, control) != NULL) {
            continue;
        }
        int64_t own = control_since(control, kind, &range, &asked);
        since = own > since ? own : since;
    }
    return asked && since < range.from ? since : range.from;
}

static void note_file(const struct workspace_period *period, const struct gather_file *file,
                      struct earlier_source *known) {
    int64_t at = taken_at(&file->match.span);

    if (file->match.span.until <= period->span.from) {
        known->newest = at > known->newest ? at : known->newest;
    } else if (at >= period->span.from && at < period->span.until && at <= period->as_of) {
        known->in_period = true;
    }
}

bool gather_earlier(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                    struct gather_file *files, size_t count) {
    const struct programme *programme = workspace->programme;
    struct earlier_source *sources = arena_array(command->arena, programme->source_count + 1, sizeof *sources);

    if (sources == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of evidence");
        return false;
    }
    for (size_t i = 0; i < programme->source_count; i++) {
        sources[i] = (struct earlier_source){.since = source_since(workspace, period, &programme->sources[i]),
                                             .newest = INT64_MIN};
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
