#include "assess/continuity.h"

#include "assess/finding.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

#define DAY_SECONDS 86400

const char *const continuity_state_names[] = {
    [CONTINUITY_CONTIGUOUS] = "contiguous", [CONTINUITY_HOLE] = "hole",       [CONTINUITY_OVERLAP] = "overlap",
    [CONTINUITY_WITHIN] = "within",         [CONTINUITY_INTERIM] = "interim", [CONTINUITY_NONE] = "none",
};

/* The first second that the assessment of a period did not reach. */
static int64_t assessed_until(const struct continuity_period *period) {
    int64_t reached = datetime_day_start(period->as_of) + DAY_SECONDS;
    return reached < period->span.until ? reached : period->span.until;
}

enum continuity_state continuity_judge(const struct continuity_period *earlier, const struct continuity_period *later,
                                       int64_t *days) {
    int64_t until = assessed_until(earlier);

    *days = 0;
    if (earlier->span.from >= later->span.from && earlier->span.until <= later->span.until) {
        return CONTINUITY_WITHIN;
    }
    if (earlier->span.until > later->span.from) {
        *days = (earlier->span.until - later->span.from) / DAY_SECONDS;
        return CONTINUITY_OVERLAP;
    }
    *days = (later->span.from - until) / DAY_SECONDS;
    if (earlier->span.until < later->span.from) {
        return CONTINUITY_HOLE;
    }
    return until < earlier->span.until ? CONTINUITY_INTERIM : CONTINUITY_CONTIGUOUS;
}

static void describe(const struct continuity_period *earlier, const struct continuity_period *later,
                     enum continuity_state state, int64_t days, struct buffer *out) {
    char first[DATETIME_ISO_BYTES];
    char last[DATETIME_ISO_BYTES];
    const char *plural = days == 1 ? "day" : "days";

    switch (state) {
    case CONTINUITY_CONTIGUOUS:
        datetime_date(later->span.from, first);
        buffer_format(out, "%s begins on %s, the day after %s ended", later->id, first, earlier->id);
        break;
    case CONTINUITY_HOLE:
        datetime_date(assessed_until(earlier), first);
        datetime_date(later->span.from - 1, last);
        buffer_format(out, "%" PRId64 " %s from %s to %s, between %s and %s, are in no assessed period", days, plural,
                      first, last, earlier->id, later->id);
        break;
    case CONTINUITY_INTERIM:
        datetime_date(assessed_until(earlier), first);
        datetime_date(later->span.from - 1, last);
        buffer_format(out, "%s was assessed before it had ended: %" PRId64 " %s from %s to %s are in no assessment",
                      earlier->id, days, plural, first, last);
        break;
    case CONTINUITY_OVERLAP:
        datetime_date(later->span.from, first);
        datetime_date(earlier->span.until - 1, last);
        buffer_format(out, "%" PRId64 " %s from %s to %s are in %s and in %s", days, plural, first, last, earlier->id,
                      later->id);
        break;
    case CONTINUITY_WITHIN:
        buffer_format(out, "%s lies within %s", earlier->id, later->id);
        break;
    case CONTINUITY_NONE:
        buffer_append_text(out, "no assessment of an earlier period was given, so that nothing shows that this period "
                                "follows one without a hole");
        break;
    }
}

struct keeping {
    struct query insert;
    struct buffer text;
    struct diagnostics *diagnostics;
    int64_t position;
};

static bool keep(struct keeping *keeping, const struct continuity_period *earlier,
                 const struct continuity_period *later) {
    int64_t days = 0;
    enum continuity_state state = earlier != NULL ? continuity_judge(earlier, later, &days) : CONTINUITY_NONE;

    buffer_clear(&keeping->text);
    describe(earlier, later, state, days, &keeping->text);
    const char *text = buffer_text(&keeping->text);
    if (text == NULL) {
        diagnostics_report(keeping->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to compare periods");
        return false;
    }
    if (state == CONTINUITY_HOLE || state == CONTINUITY_OVERLAP || state == CONTINUITY_INTERIM) {
        diagnostics_report(keeping->diagnostics, DIAGNOSTIC_CONTINUITY, NULL,
                           "%s; assess what is missing, or say in the report why it is so", text);
    }
    query_integer(&keeping->insert, 1, ++keeping->position);
    query_text(&keeping->insert, 2, earlier != NULL ? earlier->id : "");
    query_text(&keeping->insert, 3, later->id);
    query_text(&keeping->insert, 4, continuity_state_names[state]);
    query_integer(&keeping->insert, 5, days);
    query_text(&keeping->insert, 6, text);
    return query_run(&keeping->insert);
}

static bool read_period(struct query *list, struct buffer *id, struct continuity_period *out) {
    buffer_clear(id);
    buffer_append_text(id, query_column_text(list, 0));
    *out = (struct continuity_period){
        .id = buffer_text(id),
        .span = {query_column_integer(list, 1), query_column_integer(list, 2)},
        .as_of = query_column_integer(list, 3),
    };
    return out->id != NULL;
}

bool continuity_run(struct store *store, struct diagnostics *diagnostics) {
    const struct store_options *options = store_options(store);
    const struct continuity_period now = {options->period, options->span, options->as_of};
    struct continuity_period periods[2];
    struct buffer ids[2] = {{0}, {0}};
    struct query list = {0};
    struct keeping keeping = {.diagnostics = diagnostics};
    size_t count = 0;
    bool done =
        query_open(&list, store_connection(store), "continuity_list", sql_continuity_list, diagnostics) &&
        query_open(&keeping.insert, store_connection(store), "continuity_insert", sql_continuity_insert, diagnostics);

    while (done && query_step(&list)) {
        size_t at = count % 2;
        done = read_period(&list, &ids[at], &periods[at]) &&
               (count == 0 || keep(&keeping, &periods[1 - at], &periods[at]));
        count++;
    }
    done = done && keep(&keeping, count > 0 ? &periods[(count - 1) % 2] : NULL, &now);
    done = query_close(&list) && done;
    done = query_close(&keeping.insert) && done;
    buffer_free(&keeping.text);
    buffer_free(&ids[0]);
    buffer_free(&ids[1]);
    return done;
}
