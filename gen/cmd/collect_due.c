#include "cmd/collect_due.h"

#include "assess/coverage.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>

#define DAY INT64_C(86400)

/* What the plan of one source is made from. */
struct planning {
    struct arena *arena;
    const struct schema *schema;
    const struct programme *programme;
    const struct programme_source *source;
    const struct collect_export *exports;
    size_t export_count;
    int64_t now;
    struct collect_plan *plan;
    bool required;  /* some control asks for what the source exports */
    int64_t next;   /* when something will be due, or INT64_MAX */
    struct span of; /* events: the time that has to be covered */
};

struct span collect_due_span(int covers, int64_t at) {
    static const int months[] = {
        [PROGRAMME_COVERS_MONTH] = 1, [PROGRAMME_COVERS_QUARTER] = 3, [PROGRAMME_COVERS_YEAR] = 12};
    int64_t start = datetime_day_start(at);

    if (covers == PROGRAMME_COVERS_MOMENT || covers == PROGRAMME_COVERS_DAY) {
        return (struct span){start, start + DAY};
    }
    if (covers == PROGRAMME_COVERS_WEEK) {
        start -= datetime_weekday(start) * DAY;
        return (struct span){start, start + 7 * DAY};
    }
    start = datetime_month_start(at);
    start = datetime_add_months(start, -((datetime_to_civil(start).month - 1) % months[covers]));
    return (struct span){start, datetime_add_months(start, months[covers])};
}

const char *collect_due_name(struct arena *arena, int covers, struct span span) {
    struct civil civil = datetime_to_civil(span.from);
    char day[DATETIME_ISO_BYTES];

    switch (covers) {
    case PROGRAMME_COVERS_YEAR:
        return arena_format(arena, "%04" PRId64, civil.year);
    case PROGRAMME_COVERS_QUARTER:
        return arena_format(arena, "%04" PRId64 "-Q%d", civil.year, (civil.month + 2) / 3);
    case PROGRAMME_COVERS_MONTH:
        return arena_format(arena, "%04" PRId64 "-%02d", civil.year, civil.month);
    case PROGRAMME_COVERS_WEEK: {
        /* The year of an ISO week is that of its Thursday. */
        int64_t thursday = span.from + 3 * DAY;
        int64_t year = datetime_to_civil(thursday).year;
        int64_t first = datetime_from_civil(&(struct civil){.year = year, .month = 1, .day = 1});
        return arena_format(arena, "%04" PRId64 "-W%02d", year, (int)((thursday - first) / (7 * DAY)) + 1);
    }
    default:
        datetime_date(span.from, day);
        return arena_text(arena, day);
    }
}

static const char *print_span(struct arena *arena, struct span span) {
    char from[DATETIME_ISO_BYTES];
    char to[DATETIME_ISO_BYTES];

    datetime_date(span.from, from);
    datetime_date(span.until - 1, to);
    return arena_format(arena, "%s to %s", from, to);
}

static bool add(struct planning *planning, struct span span, const char *why) {
    struct collect_plan *plan = planning->plan;
    struct collect_due *due = why == NULL ? NULL : arena_push(planning->arena, &plan->items, &plan->count, sizeof *due);

    if (due == NULL) {
        return false;
    }
    *due = (struct collect_due){span, why};
    return true;
}

static int compare_effective(const void *a, const void *b) {
    int64_t first = ((const struct coverage_export *)a)->effective_at;
    int64_t second = ((const struct coverage_export *)b)->effective_at;

    return (first > second) - (first < second);
}

/* The first interval that `now` may still serve and that no export serves. */
static bool plan_snapshot(struct planning *planning, const struct requirement *requirement, struct span range) {
    struct coverage_intervals intervals = {0};
    struct coverage_occurrence *occurrences = NULL;
    struct coverage_export *exports = calloc(planning->export_count + 1, sizeof *exports);
    bool done = false;

    if (exports == NULL ||
        !coverage_intervals(requirement->cadence, &planning->programme->holidays, range, &intervals)) {
        goto end;
    }
    occurrences = calloc(intervals.count + 1, sizeof *occurrences);
    if (occurrences == NULL) {
        goto end;
    }
    for (size_t i = 0; i < planning->export_count; i++) {
        const struct collect_export *export = &planning->exports[i];
        bool day = export->span.until - export->span.from <= DAY;
        exports[i] = (struct coverage_export){
            .effective_at = day ? export->span.from : export->span.until - 1,
            .span = export->span,
            .usable = export->usable,
        };
    }
    qsort(exports, planning->export_count, sizeof *exports, compare_effective);
    coverage_snapshots(&intervals, requirement->grace, planning->now, exports, planning->export_count, occurrences);
    done = true;
    for (size_t i = 0; i < intervals.count && done; i++) {
        const struct span *due = &occurrences[i].due;
        bool served = occurrences[i].status == COVERAGE_MET || occurrences[i].status == COVERAGE_LATE;
        if (due->from > planning->now) {
            planning->next = due->from < planning->next ? due->from : planning->next;
            break;
        }
        if (!served && planning->now < due->until + requirement->grace && planning->plan->count == 0) {
            const char *span = print_span(planning->arena, *due);
            done = span != NULL && add(planning, collect_due_span(PROGRAMME_COVERS_MOMENT, planning->now),
                                       arena_format(planning->arena, "%s, %s: none from %s",
                                                    planning->schema->types[requirement->type].id,
                                                    schema_cadence_names[requirement->cadence], span));
        }
    }

end:
    coverage_intervals_free(&intervals);
    free(occurrences);
    free(exports);
    return done;
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* One requirement over one period, clipped to when the source and the control are in force. */
static bool plan_requirement(struct planning *planning, const struct control *control,
                             const struct requirement *requirement, struct span period) {
    const struct programme_source *source = planning->source;
    const struct span range = {later(period.from, later(source->from, control->effective_from)),
                               earlier(period.until, earlier(source->until, control->superseded))};

    planning->required = true;
    if (range.from >= range.until || planning->now >= range.until + requirement->grace) {
        return true;
    }
    if (range.from > planning->now) {
        planning->next = earlier(planning->next, range.from);
        return true;
    }
    if (source->command->covers == PROGRAMME_COVERS_MOMENT) {
        return plan_snapshot(planning, requirement, range);
    }
    planning->of.from = earlier(planning->of.from, range.from);
    planning->of.until = later(planning->of.until, range.until);
    return true;
}

/* Whether usable exports cover every second of a span. */
static bool is_covered(const struct planning *planning, struct span span) {
    int64_t covered = span.from;

    for (size_t i = 0; i < planning->export_count; i++) {
        const struct collect_export *export = &planning->exports[i];
        if (export->usable && export->span.from <= covered && export->span.until > covered) {
            covered = export->span.until;
        }
    }
    return covered >= span.until;
}

/* Every span that is over and not covered, from the first that reaches into the time to cover. */
static bool plan_events(struct planning *planning) {
    int covers = planning->source->command->covers;
    struct span span;

    if (planning->of.from >= planning->of.until) {
        return true;
    }
    for (int64_t at = planning->of.from; at < planning->of.until; at = span.until) {
        span = collect_due_span(covers, at);
        if (span.until > planning->now) {
            planning->next = earlier(planning->next, span.until);
            break;
        }
        if (is_covered(planning, span)) {
            continue;
        }
        const char *printed = print_span(planning->arena, span);
        bool last = planning->plan->count + 1 == LIMIT_COLLECT_SPANS;
        if (printed == NULL || !add(planning, span,
                                    arena_format(planning->arena, "nothing covers %s%s", printed,
                                                 last ? ", nor what follows: collect again for that" : ""))) {
            return false;
        }
        if (last) {
            break;
        }
    }
    return true;
}

static bool plan_control(struct planning *planning, const struct control *control) {
    const struct programme *programme = planning->programme;

    for (size_t r = 0; r < control->requirement_count; r++) {
        const struct requirement *requirement = &control->requirements[r];
        bool held = false;
        if (!schema_kind_gives(&planning->schema->kinds[planning->source->kind], requirement->type)) {
            continue;
        }
        for (size_t p = 0; p < programme->period_count; p++) {
            const struct span *period = &programme->periods[p].span;
            held = held || (planning->now >= period->from && planning->now < period->until);
            if (!plan_requirement(planning, control, requirement, *period)) {
                return false;
            }
        }
        if (!held && !plan_requirement(planning, control, requirement,
                                       collect_due_span(PROGRAMME_COVERS_QUARTER, planning->now))) {
            return false;
        }
    }
    return true;
}

/* Says why there is nothing to do. */
static bool explain_idle(struct planning *planning) {
    char day[DATETIME_ISO_BYTES];

    if (!planning->required) {
        planning->plan->idle = "no control that applies asks for it";
    } else if (planning->next == INT64_MAX) {
        planning->plan->idle = "all that was due is there";
    } else {
        datetime_date(planning->next, day);
        planning->plan->idle = arena_format(planning->arena, "not before %s", day);
    }
    return planning->plan->idle != NULL;
}

bool collect_due_plan(struct arena *arena, const struct schema *schema, const struct programme *programme,
                      const struct programme_source *source, const struct collect_export *exports, size_t export_count,
                      int64_t now, struct collect_plan *out) {
    struct planning planning = {
        .arena = arena,
        .schema = schema,
        .programme = programme,
        .source = source,
        .exports = exports,
        .export_count = export_count,
        .now = now,
        .plan = out,
        .next = INT64_MAX,
        .of = {INT64_MAX, INT64_MIN},
    };

    *out = (struct collect_plan){0};
    for (size_t c = 0; c < schema->control_count; c++) {
        if (programme_not_applicable(programme, schema, &schema->controls[c]) == NULL &&
            !plan_control(&planning, &schema->controls[c])) {
            return false;
        }
    }
    if (!plan_events(&planning)) {
        return false;
    }
    for (size_t i = 0; i < export_count && out->count > 0 && source->command->covers == PROGRAMME_COVERS_MOMENT; i++) {
        if (exports[i].span.from == out->items[0].span.from && exports[i].span.until == out->items[0].span.until) {
            out->count = 0; /* today's name is taken: the next one is tomorrow's */
            planning.next = earlier(planning.next, exports[i].span.until);
        }
    }
    return out->count > 0 || explain_idle(&planning);
}
