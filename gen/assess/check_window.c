#include "assess/check_window.h"

#include "assess/coverage.h"

#define DAY INT64_C(86400)

static bool same(const struct span *a, const struct span *b) {
    return a->from == b->from && a->until == b->until;
}

/* As `--period` takes it, so that `show` finds what was looked at. */
static const char *name_span(struct arena *arena, const struct span *span) {
    struct civil from = datetime_to_civil(span->from);
    char first[DATETIME_ISO_BYTES];
    char last[DATETIME_ISO_BYTES];
    const struct {
        enum cadence cadence;
        const char *name;
    } known[] = {
        {CADENCE_MONTHLY, arena_format(arena, "%04d-%02d", (int)from.year, from.month)},
        {CADENCE_QUARTERLY, arena_format(arena, "%04d-Q%d", (int)from.year, (from.month + 2) / 3)},
        {CADENCE_ANNUAL, arena_format(arena, "%04d", (int)from.year)},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct span whole = coverage_interval(known[i].cadence, span->from);
        if (same(&whole, span)) {
            return known[i].name;
        }
    }
    datetime_date(span->from, first);
    datetime_date(span->until - 1, last);
    return arena_format(arena, "%s..%s", first, last);
}

bool check_window_begin(struct arena *arena, const struct check_window *period, struct check_windows *out) {
    *out = (struct check_windows){0};
    struct check_window *slot = arena_push(arena, &out->items, &out->count, sizeof *out->items);
    if (slot != NULL) {
        *slot = *period;
    }
    return slot != NULL;
}

static size_t add(struct arena *arena, const struct span *span, const char *id, struct check_windows *windows) {
    const struct check_window period = windows->items[0];

    for (size_t i = 0; i < windows->count; i++) {
        if (same(&windows->items[i].span, span)) {
            return i;
        }
    }
    id = id != NULL ? id : name_span(arena, span);
    struct check_window *slot = arena_push(arena, &windows->items, &windows->count, sizeof *windows->items);
    if (id == NULL || slot == NULL) {
        return SIZE_MAX;
    }
    /* What came after the period is another check's. */
    int64_t last = period.span.until - 1;
    bool beyond = span->until > period.span.until && period.as_of > last;
    *slot = (struct check_window){.id = id, .span = *span, .as_of = beyond ? last : period.as_of};
    return windows->count - 1;
}

size_t check_window_find(struct arena *arena, const struct programme *programme, unsigned cadences,
                         struct check_windows *windows) {
    const struct span period = windows->items[0].span;
    struct span span = period;
    const char *id = NULL;

    for (int cadence = 0; cadence < CADENCE_COUNT; cadence++) {
        if ((cadences & CHECK_WINDOW_CADENCE(cadence)) == 0) {
            continue;
        }
        struct span interval = coverage_interval((enum cadence)cadence, period.until - 1);
        if (cadence == CADENCE_PERIOD) {
            const struct programme_period *whole = programme_period_around(programme, &period);
            interval = whole != NULL ? whole->span : period;
            id = whole != NULL ? whole->id : NULL;
        } else if (interval.until - interval.from <= period.until - period.from) {
            continue;
        }
        span.from = interval.from < span.from ? interval.from : span.from;
        span.until = interval.until > span.until ? interval.until : span.until;
        if (id != NULL && !same(&interval, &span)) {
            id = NULL; /* other cadences reach further than the declared period */
        }
    }
    return add(arena, &span, id, windows);
}

size_t check_window_back(struct arena *arena, int64_t days, struct check_windows *windows) {
    const struct check_window *period = &windows->items[0];
    int64_t last = period->as_of < period->span.until - 1 ? period->as_of : period->span.until - 1;
    int64_t from = datetime_day_start(last) - (days - 1) * DAY;
    struct span span = {from < period->span.from ? from : period->span.from, period->span.until};

    return add(arena, &span, NULL, windows);
}

bool check_window_open(const struct check_window *window) {
    return window->as_of < window->span.until - 1;
}

bool check_window_due(enum cadence frequency, int64_t checked, int64_t as_of) {
    struct span interval = coverage_interval(frequency, as_of);
    /* The last moment of the last interval that is over. */
    int64_t over = (interval.until - 1 <= as_of ? interval.until : interval.from) - 1;

    return checked < over;
}
