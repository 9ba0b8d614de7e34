#include "store/load.h"

#include "store/load_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS  INT64_C(86400)
#define HOUR_SECONDS INT64_C(3600)

/* What is known of a file when it has been read. */
struct ending {
    struct store *store;
    const struct store_evidence *evidence;
    const struct record_tally *tally;
    const struct store_evidence_end *end;
    int64_t effective_at; /* of the file */
    const char *effective_by;
    const char *problem; /* the first that was found; NULL: accepted */
    bool timed;          /* it holds events with times, so that it can be said where none is */
    int64_t silent_from;
    int64_t silent_for;
};

static struct place place_of(const struct ending *ending) {
    return (struct place){.path = load_shown_path(ending->evidence)};
}

static void set_problem(struct ending *ending, const char *problem) {
    if (ending->problem == NULL) {
        ending->problem = problem;
    }
}

/* A snapshot named after a day was taken on it; after a longer span, at its end. Events reach to the end of theirs. */
static int64_t effective_of(const struct ending *ending, enum type_shape shape) {
    const struct store_evidence *evidence = ending->evidence;
    if (ending->end->has_effective) {
        return ending->end->effective;
    }
    if (evidence->sidecar_effective) {
        return evidence->effective;
    }
    if (!evidence->dated) {
        const struct store_options *options = &ending->store->options;
        return options->as_of < options->span.until - 1 ? options->as_of : options->span.until - 1;
    }
    bool day = evidence->span.until - evidence->span.from <= DAY_SECONDS;
    return shape == TYPE_SNAPSHOT && day ? evidence->span.from : evidence->span.until - 1;
}

static const char *effective_by(const struct ending *ending) {
    return ending->end->has_effective            ? "content"
           : ending->evidence->sidecar_effective ? "sidecar"
           : ending->evidence->dated             ? "name"
                                                 : "period";
}

/* A kind that gives both shapes is dated as the snapshot that it is. */
static enum type_shape shape_of(const struct ending *ending) {
    const struct kind *kind = ending->evidence->kind;
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (ending->store->schema->types[kind->rules[i].type].shape == TYPE_SNAPSHOT) {
            return TYPE_SNAPSHOT;
        }
    }
    return TYPE_EVENT;
}

static void check_date(struct ending *ending) {
    const struct store_evidence *evidence = ending->evidence;
    bool said = ending->end->has_effective || evidence->sidecar_effective;
    if (!said || !evidence->dated ||
        (ending->effective_at >= evidence->span.from - DAY_SECONDS &&
         ending->effective_at < evidence->span.until + DAY_SECONDS)) {
        return;
    }
    struct place place = place_of(ending);
    char said_at[DATETIME_ISO_BYTES];
    char from[DATETIME_ISO_BYTES];
    char until[DATETIME_ISO_BYTES];
    datetime_iso(ending->effective_at, said_at);
    datetime_date(evidence->span.from, from);
    datetime_date(evidence->span.until - 1, until);
    diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_DATE_CONFLICT, &place,
                       "the %s says %s, but the file's name says %s to %s; the former counts: rename the file",
                       ending->end->has_effective ? "export" : "sidecar", said_at, from, until);
}

static void check_events(struct ending *ending, const struct evidence_type *type, const struct state_count *count) {
    int64_t outside = count->before + count->after;
    if (outside == 0) {
        return;
    }
    struct place place = place_of(ending);
    char first[DATETIME_ISO_BYTES];
    char last[DATETIME_ISO_BYTES];
    datetime_iso(count->first_at, first);
    datetime_iso(count->last_at, last);
    if (outside == count->timed) {
        diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_RECORDS_OUTSIDE, &place,
                           "every %s in it (%s to %s) lies outside what the file's name says it covers; it does not "
                           "count: export the right span or rename the file",
                           type->id, first, last);
        set_problem(ending, "records outside");
    } else {
        /* At the edges a few may; with most of them outside, the few inside do not make it that span's export. */
        bool most = outside > count->timed - outside;
        diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_RECORDS_OUTSIDE, &place,
                           "%" PRId64 " of %" PRId64
                           " rows of %s (from %s to %s) lie outside what the file's name says it covers; %s",
                           outside, count->timed, type->id, first, last,
                           most ? "it does not count: export the right span or rename the file"
                                : "check the export's time range and zone");
        if (most) {
            set_problem(ending, "records outside");
        }
    }
}

static void check_snapshot(struct ending *ending, const struct evidence_type *type, const struct state_count *count) {
    int64_t effective = effective_of(ending, TYPE_SNAPSHOT);
    /* One time for all rows is the export's own; what lies behind in other files is told when all pages are known. */
    bool outdated = type->fresh_within > 0 && count->timed > 0 && count->first_at == count->last_at &&
                    count->last_at < effective - type->fresh_within && ending->evidence->collected_at == INT64_MIN;
    if (count->timed == 0 || (count->last_at <= effective + DAY_SECONDS && !outdated)) {
        return;
    }
    struct place place = place_of(ending);
    char last[DATETIME_ISO_BYTES];
    char taken[DATETIME_ISO_BYTES];
    datetime_iso(count->last_at, last);
    datetime_iso(effective, taken);
    if (outdated) {
        diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_OUTDATED_EXPORT, &place,
                           "every row of %s in it has %s %s, which is long before the time that it stands for (%s); it "
                           "does not count: export again, or say in a sidecar when it was collected (collected_at)",
                           type->id, type->columns[type->time_column].name, last, taken);
        set_problem(ending, "outdated");
        return;
    }
    diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_RECORDS_OUTSIDE, &place,
                       "a row of %s has %s %s, which is after the export was taken (%s); it does not count: give the "
                       "file the date of its export",
                       type->id, type->columns[type->time_column].name, last, taken);
    set_problem(ending, "records outside");
}

/* Whether some rule that makes the type must give a row. */
static bool needs_rows(const struct kind *kind, size_t type) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (kind->rules[i].type == type && !kind->rules[i].may_be_empty) {
            return true;
        }
    }
    return false;
}

static void check_empty(struct ending *ending, size_t type) {
    const struct store_evidence *evidence = ending->evidence;
    if (ending->store->counts[type].rows > 0 || evidence->source->empty_reason != NULL ||
        !needs_rows(evidence->kind, type)) {
        return;
    }
    /* A file of the wrong shape has been reported as such by its reader. */
    if (!ending->tally->wrong_shape && !ending->tally->truncated) {
        struct place place = place_of(ending);
        diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_EMPTY_EXPORT, &place,
                           "the export gives no %s, so it does not count; export again, or declare 'empty:' with a "
                           "reason for source '%s' if that is right",
                           ending->store->schema->types[type].id, evidence->source->id);
    }
    set_problem(ending, "empty");
}

static void check_count(struct ending *ending) {
    int64_t claimed = ending->evidence->claimed_records;
    if (claimed < 0 || (uint64_t)claimed == ending->tally->records) {
        return;
    }
    struct place place = place_of(ending);
    diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_RECORD_COUNT, &place,
                       "it holds %" PRIu64 " record%s, but its source counted %" PRId64
                       "; it does not count: export again",
                       ending->tally->records, ending->tally->records == 1 ? "" : "s", claimed);
    set_problem(ending, "record count");
}

static void check_silence(struct ending *ending) {
    const struct programme_source *source = ending->evidence->source;

    ending->timed = load_silence_longest(ending->store, &ending->silent_from, &ending->silent_for);
    if (!ending->timed || source->silence == 0 || ending->silent_for <= source->silence) {
        return;
    }
    struct place place = place_of(ending);
    char from[DATETIME_ISO_BYTES];
    datetime_iso(ending->silent_from, from);
    diagnostics_report(ending->store->diagnostics, DIAGNOSTIC_SILENT_EXPORT, &place,
                       "nothing happened in it for %" PRId64 " hours from %s on, which is longer than the %" PRId64
                       " hours that source '%s' may be silent; it does not count: export again, or correct 'silence'",
                       ending->silent_for / HOUR_SECONDS, from, source->silence / HOUR_SECONDS, source->id);
    set_problem(ending, "silent");
}

/* What was changed after it was collected is somebody's word, and no longer the system's. */
static void check_digest(struct ending *ending) {
    const struct store_evidence *evidence = ending->evidence;
    if (!evidence->has_claimed_sha256 || memcmp(evidence->claimed_sha256, ending->end->sha256, DIGEST_BYTES) == 0) {
        return;
    }
    struct place place = place_of(ending);
    diagnostics_report(
        ending->store->diagnostics, DIAGNOSTIC_EVIDENCE_ALTERED, &place,
        "its SHA-256 is not the one that its sidecar names, so it was altered after it was collected; it "
        "does not count: restore it, or collect it again");
    set_problem(ending, "altered");
}

static void judge(struct ending *ending) {
    check_digest(ending);
    if (ending->tally->wrong_shape) {
        set_problem(ending, "wrong shape");
    }
    if (ending->tally->truncated) {
        set_problem(ending, "truncated");
    }
    check_date(ending);
    check_count(ending);
    check_silence(ending);
    for (size_t i = 0; i < ending->store->schema->type_count; i++) {
        const struct evidence_type *type = &ending->store->schema->types[i];
        const struct state_count *count = &ending->store->counts[i];
        if (!count->used) {
            continue;
        }
        check_empty(ending, i);
        if (type->shape == TYPE_EVENT) {
            check_events(ending, type, count);
        } else {
            check_snapshot(ending, type, count);
        }
    }
}

/* When the tests are to see a snapshot. */
static int64_t stands_at(const struct ending *ending, int64_t effective) {
    int64_t begins = ending->store->options.span.from;

    return ending->evidence->earlier && effective < begins ? begins : effective;
}

/* What the file did to each type that it can give; NULL after reporting. Freed by the caller. */
static struct load_write_type *list_types(const struct ending *ending, size_t *count) {
    const struct store *store = ending->store;
    struct load_write_type *types = calloc(ending->evidence->kind->rule_count + 1, sizeof *types);

    *count = 0;
    if (types == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return NULL;
    }
    for (size_t i = 0; i < store->schema->type_count; i++) {
        if (store->counts[i].used) {
            int64_t effective = effective_of(ending, store->schema->types[i].shape);
            types[(*count)++] = (struct load_write_type){i, store->counts[i], effective, stands_at(ending, effective)};
        }
    }
    return types;
}

/* What is written of any file; types and unknown values are not among it. */
static struct load_write_file describe(const struct ending *ending) {
    const struct store_evidence *evidence = ending->evidence;
    struct load_write_file file = {
        .id = evidence->id,
        .path = evidence->path,
        .source = evidence->source == NULL ? NULL : evidence->source->id,
        .kind = evidence->kind == NULL ? NULL : evidence->kind->id,
        .bytes = (int64_t)ending->end->bytes,
        .tally = *ending->tally,
        .dated = evidence->dated,
        .span = evidence->span,
        .effective_at = ending->effective_at,
        .effective_by = ending->effective_by,
        .timed = ending->timed,
        .silent_from = ending->silent_from,
        .silent_for = ending->silent_for,
        .collected_by = evidence->collected_by,
        .collected_at = evidence->collected_at,
        .claimed_records = evidence->claimed_records,
        .problem = ending->problem,
        .before_period = evidence->earlier && ending->effective_at < ending->store->options.span.from,
    };

    memcpy(file.sha256, ending->end->sha256, DIGEST_BYTES);
    return file;
}

bool store_load_end(struct store *store, const struct store_evidence *evidence, const struct record_source *records,
                    const struct store_evidence_end *end) {
    struct ending ending = {.store = store, .evidence = evidence, .tally = &records->tally, .end = end};
    ending.effective_at = effective_of(&ending, shape_of(&ending));
    ending.effective_by = effective_by(&ending);
    judge(&ending);
    struct load_write_file file = describe(&ending);
    struct load_write_type *types = list_types(&ending, &file.type_count);
    file.types = types;
    file.unknown_values = (int64_t)records->tally.unknown_values + store->unknown_values;
    bool done = types != NULL && load_write_add(store, &file, records->members, records->member_count);
    free(types);
    return done;
}

bool store_note_evidence(struct store *store, const struct store_evidence *evidence,
                         const struct store_evidence_end *end) {
    static const struct record_tally nothing = {0};
    const struct ending ending = {
        .store = store, .evidence = evidence, .tally = &nothing, .end = end, .problem = "unclaimed"};
    struct place place = place_of(&ending);
    diagnostics_report(store->diagnostics, DIAGNOSTIC_UNCLAIMED_FILE, &place,
                       "no source claims this file; it is kept and not tested: correct its name, declare a source for "
                       "it, or remove it");
    const struct load_write_file file = describe(&ending);
    return load_write_add(store, &file, NULL, 0);
}
