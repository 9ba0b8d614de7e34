#include "assess/coverage.h"

#include <stdlib.h>

/* Where intervals begin: the start of the day, ISO week, month, quarter or year that holds `at`. */
static int64_t interval_start(enum cadence cadence, int64_t at) {
    int64_t day = datetime_day_start(at);
    struct civil civil = datetime_to_civil(day);

    switch (cadence) {
    case CADENCE_WEEKLY:
        return day - (int64_t)datetime_weekday(day) * 86400;
    case CADENCE_MONTHLY:
        return datetime_month_start(day);
    case CADENCE_QUARTERLY:
        civil.month = (civil.month - 1) / 3 * 3 + 1;
        civil.day = 1;
        return datetime_from_civil(&civil);
    case CADENCE_ANNUAL:
        civil.month = 1;
        civil.day = 1;
        return datetime_from_civil(&civil);
    default:
        return day;
    }
}

static int64_t interval_end(enum cadence cadence, int64_t start) {
    switch (cadence) {
    case CADENCE_WEEKLY:
        return start + 7 * 86400;
    case CADENCE_MONTHLY:
        return datetime_add_months(start, 1);
    case CADENCE_QUARTERLY:
        return datetime_add_months(start, 3);
    case CADENCE_ANNUAL:
        return datetime_add_months(start, 12);
    default:
        return start + 86400;
    }
}

struct span coverage_interval(enum cadence cadence, int64_t at) {
    int64_t start = interval_start(cadence, at);

    return (struct span){start, interval_end(cadence, start)};
}

/* One interval's length before a time. */
static int64_t interval_before(enum cadence cadence, int64_t at) {
    switch (cadence) {
    case CADENCE_WEEKLY:
        return at - 7 * 86400;
    case CADENCE_MONTHLY:
        return datetime_add_months(at, -1);
    case CADENCE_QUARTERLY:
        return datetime_add_months(at, -3);
    default:
        return datetime_add_months(at, -12);
    }
}

/* Whether less than half is left of an interval in which a range begins: what is due in it is not asked for. */
static bool mostly_before(struct span interval, int64_t from) {
    return interval.from < from && interval.until - from < from - interval.from;
}

struct span coverage_whole(const struct programme *programme, struct span range) {
    const struct programme_period *declared = programme_period_around(programme, &range);
    bool part = declared != NULL && range.until < datetime_add_months(range.from, PROGRAMME_LEAST_MONTHS);

    return part ? declared->span : range;
}

/* The interval of the cadence in which a range begins. */
static struct span first_interval(enum cadence cadence, struct span whole, struct span range) {
    return cadence == CADENCE_PERIOD ? whole : coverage_interval(cadence, range.from);
}

int64_t coverage_since(enum cadence cadence, struct span whole, int64_t grace, struct span range) {
    if (cadence < CADENCE_WEEKLY || range.from >= range.until) {
        return range.from;
    }
    struct span first = first_interval(cadence, whole, range);
    if (first.until <= range.until) {
        bool next = cadence != CADENCE_PERIOD && interval_end(cadence, first.until) <= range.until;
        return next && mostly_before(first, range.from) ? range.from : first.from;
    }
    bool calendar = cadence != CADENCE_PERIOD;
    int64_t length = first.until - first.from;
    int64_t oldest = (calendar ? interval_before(cadence, range.from) : range.from - length) - grace;
    int64_t before = calendar ? interval_start(cadence, first.from - 1) : first.from - length;
    return oldest > before ? oldest : before;
}

int64_t coverage_ends(enum cadence cadence, struct span whole, struct span range) {
    if (cadence < CADENCE_WEEKLY || range.from >= range.until) {
        return 0;
    }
    struct span first = first_interval(cadence, whole, range);
    return first.until > range.until ? first.until : 0;
}

static bool append_span(struct coverage_intervals *intervals, size_t *capacity, struct span span) {
    if (intervals->count == *capacity) {
        size_t wanted = *capacity == 0 ? 64 : *capacity * 2;
        struct span *grown = reallocarray(intervals->spans, wanted, sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        intervals->spans = grown;
        *capacity = wanted;
    }
    intervals->spans[intervals->count++] = span;
    return true;
}

bool coverage_intervals(enum cadence cadence, const struct datetime_days *holidays, struct span range,
                        struct coverage_intervals *out) {
    size_t capacity = 0;
    *out = (struct coverage_intervals){0};

    if (range.from >= range.until) {
        return true;
    }
    if (cadence != CADENCE_PERIOD) {
        int64_t from = range.from;
        for (int64_t start = interval_start(cadence, range.from);;) {
            int64_t end = interval_end(cadence, start);
            if (end > range.until) {
                break;
            }
            bool idle = cadence == CADENCE_BUSINESS_DAY && !datetime_business_day(holidays, start);
            bool joined = mostly_before((struct span){start, end}, range.from);
            if (!idle && !joined) {
                if (!append_span(out, &capacity, (struct span){from, end})) {
                    goto failed;
                }
            }
            if (!joined) {
                from = end;
            }
            start = end;
        }
    }
    if (out->count == 0 && !append_span(out, &capacity, range)) {
        goto failed;
    }
    out->since = out->spans[0].from;
    return true;

failed:
    coverage_intervals_free(out);
    return false;
}

static int64_t date_start(enum cadence cadence, const struct datetime_days *holidays, struct span range) {
    int64_t start = range.until - 86400;

    switch (cadence) {
    case CADENCE_BUSINESS_DAY:
        while (start > range.from && !datetime_business_day(holidays, start)) {
            start -= 86400;
        }
        return start;
    case CADENCE_WEEKLY:
    case CADENCE_MONTHLY:
    case CADENCE_QUARTERLY:
    case CADENCE_ANNUAL:
        return interval_before(cadence, range.until);
    case CADENCE_PERIOD:
        return range.from;
    default:
        return start;
    }
}

bool coverage_date(enum cadence cadence, const struct datetime_days *holidays, int64_t grace, struct span range,
                   struct coverage_intervals *out) {
    size_t capacity = 0;
    *out = (struct coverage_intervals){0};

    if (range.from >= range.until) {
        return true;
    }
    int64_t from = date_start(cadence, holidays, range) - grace;
    out->since = from > range.from ? from : range.from;
    return append_span(out, &capacity, (struct span){out->since, range.until});
}

bool coverage_rest(struct span range, struct coverage_intervals *intervals) {
    size_t capacity = intervals->count; /* of which nobody knows more */

    if (intervals->count == 0 || intervals->spans[intervals->count - 1].until >= range.until) {
        return true;
    }
    return append_span(intervals, &capacity, (struct span){intervals->spans[intervals->count - 1].until, range.until});
}

void coverage_intervals_free(struct coverage_intervals *intervals) {
    free(intervals->spans);
    *intervals = (struct coverage_intervals){0};
}

const char *coverage_status_name(enum coverage_status status) {
    static const char *const names[] = {
        [COVERAGE_MET] = "met",         [COVERAGE_LATE] = "late",   [COVERAGE_MISSING] = "missing",
        [COVERAGE_INVALID] = "invalid", [COVERAGE_EMPTY] = "empty", [COVERAGE_FUTURE] = "future",
    };
    return names[status];
}

/* What an interval without a usable export is, given the best unusable one (or NULL). */
static enum coverage_status unmet(int64_t due, int64_t as_of, const struct coverage_export *unusable) {
    if (unusable != NULL) {
        return unusable->empty ? COVERAGE_EMPTY : COVERAGE_INVALID;
    }
    return due > as_of ? COVERAGE_FUTURE : COVERAGE_MISSING;
}

/* The same where the range holds no due date. */
static enum coverage_status unmet_in_part(const struct coverage_intervals *intervals, int64_t as_of,
                                          const struct coverage_export *unusable, struct coverage_occurrence *out) {
    if (unusable != NULL) {
        return unmet(0, as_of, unusable);
    }
    if (intervals->overdue != 0 && intervals->overdue <= as_of) {
        return COVERAGE_MISSING;
    }
    out->due.until = intervals->ends;
    return COVERAGE_FUTURE;
}

/* The newest export of the time before the first interval in which it may have been made, or NULL. */
static const struct coverage_export *find_earlier(const struct coverage_intervals *intervals,
                                                  const struct coverage_export *exports, size_t export_count) {
    const struct coverage_export *found = NULL;

    for (size_t i = 0; i < export_count && exports[i].effective_at < intervals->spans[0].from; i++) {
        if (exports[i].effective_at >= intervals->since) {
            found = &exports[i];
        }
    }
    return found;
}

void coverage_snapshots(const struct coverage_intervals *intervals, int64_t grace, int64_t as_of,
                        const struct coverage_export *exports, size_t export_count,
                        struct coverage_occurrence *occurrences) {
    size_t next = 0; /* first export that serves no occurrence yet */

    for (size_t i = 0; i < intervals->count; i++) {
        struct span due = intervals->spans[i];
        struct coverage_occurrence *occurrence = &occurrences[i];
        const struct coverage_export *met = NULL;
        const struct coverage_export *unusable = NULL;
        *occurrence = (struct coverage_occurrence){.due = due};

        while (next < export_count && exports[next].effective_at < due.from) {
            next++;
        }
        size_t look = next;
        for (; look < export_count && exports[look].effective_at < due.until + grace; look++) {
            if (exports[look].usable) {
                met = &exports[look];
                break;
            }
            if (unusable == NULL && exports[look].effective_at < due.until) {
                unusable = &exports[look];
            }
        }
        if (i == 0 && met == NULL && unusable == NULL) {
            const struct coverage_export *earlier = find_earlier(intervals, exports, export_count);
            met = earlier != NULL && earlier->usable ? earlier : NULL;
            unusable = met == NULL ? earlier : NULL;
            look = met != NULL ? next - 1 : look;
        }
        if (met != NULL) {
            occurrence->status = COVERAGE_MET;
            occurrence->evidence = met->evidence;
            occurrence->effective_at = met->effective_at;
            next = look + 1;
            continue;
        }
        if (intervals->ends != 0) {
            occurrence->status = unmet_in_part(intervals, as_of, unusable, occurrence);
            occurrence->evidence = unusable != NULL ? unusable->evidence : 0;
            occurrence->effective_at = unusable != NULL ? unusable->effective_at : 0;
            continue;
        }
        /* Late only if the next interval keeps one of its own: two usable exports before its end. */
        const struct coverage_export *late = NULL;
        size_t late_index = look;
        int64_t late_until = i + 1 < intervals->count ? intervals->spans[i + 1].until : INT64_MAX;
        size_t usable = 0;
        for (; look < export_count && exports[look].effective_at < late_until; look++) {
            if (exports[look].usable) {
                if (late == NULL) {
                    late = &exports[look];
                    late_index = look;
                }
                usable++;
            }
        }
        if (late != NULL && (usable > 1 || i + 1 == intervals->count)) {
            occurrence->status = COVERAGE_LATE;
            occurrence->evidence = late->evidence;
            occurrence->effective_at = late->effective_at;
            next = late_index + 1;
            continue;
        }
        occurrence->status = unmet(due.until + grace, as_of, unusable);
        if (unusable != NULL) {
            occurrence->evidence = unusable->evidence;
            occurrence->effective_at = unusable->effective_at;
        }
    }
}

void coverage_events(const struct coverage_intervals *intervals, int64_t as_of, const struct coverage_export *exports,
                     size_t export_count, struct coverage_occurrence *occurrences) {
    for (size_t i = 0; i < intervals->count; i++) {
        struct span due = intervals->spans[i];
        struct coverage_occurrence *occurrence = &occurrences[i];
        const struct coverage_export *unusable = NULL;
        int64_t covered = due.from; /* everything before it is covered */
        *occurrence = (struct coverage_occurrence){.due = due};

        for (size_t e = 0; e < export_count; e++) {
            const struct coverage_export *export = &exports[e];
            if (export->span.until <= due.from || export->span.from >= due.until) {
                continue;
            }
            if (!export->usable) {
                unusable = unusable != NULL ? unusable : export;
            } else if (export->span.from <= covered && export->span.until > covered) {
                covered = export->span.until;
                occurrence->evidence = export->evidence;
                occurrence->effective_at = export->span.until - 1;
            }
        }
        if (covered >= due.until) {
            occurrence->status = COVERAGE_MET;
            continue;
        }
        occurrence->status = intervals->ends != 0 ? unmet_in_part(intervals, as_of, unusable, occurrence)
                                                  : unmet(due.until, as_of, unusable);
        occurrence->evidence = unusable != NULL ? unusable->evidence : 0;
        occurrence->effective_at = unusable != NULL ? unusable->effective_at : 0;
    }
}

int64_t coverage_longest_gap(struct span range, int64_t as_of, bool snapshots, const struct coverage_export *exports,
                             size_t export_count) {
    int64_t until = as_of + 1 < range.until ? as_of + 1 : range.until;
    int64_t covered = range.from;
    int64_t longest = 0;

    for (size_t e = 0; e < export_count; e++) {
        const struct coverage_export *export = &exports[e];
        struct span span = snapshots ? (struct span){export->effective_at, export->effective_at} : export->span;
        if (!export->usable || span.until < range.from || span.from >= until) {
            continue;
        }
        if (span.from - covered > longest) {
            longest = span.from - covered;
        }
        if (span.until > covered) {
            covered = span.until;
        }
    }
    if (until - covered > longest) {
        longest = until - covered;
    }
    return longest;
}
