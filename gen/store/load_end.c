#include "store/load.h"

#include "store/load.sql.h"
#include "store/snapshot.sql.h"

#include <inttypes.h>
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

/* The types' counts, times and snapshots; sums go to `*sum`. */
static bool write_types(struct ending *ending, struct state_count *sum) {
    struct store *store = ending->store;
    int64_t unknown = (int64_t)ending->tally->unknown_values + store->unknown_values;
    struct query *insert = &store->insert_evidence_type;
    struct query *snapshot = &store->insert_snapshot;
    bool done =
        query_ready(insert, store->connection, "insert_evidence_type", sql_insert_evidence_type, store->diagnostics) &&
        query_ready(snapshot, store->connection, "insert_snapshot", sql_insert_snapshot, store->diagnostics);
    for (size_t i = 0; done && i < store->schema->type_count; i++) {
        const struct state_count *count = &store->counts[i];
        if (!count->used) {
            continue;
        }
        query_integer(insert, 1, ending->evidence->id);
        query_text(insert, 2, store->schema->types[i].id);
        query_integer(insert, 3, count->rows);
        query_integer(insert, 4, count->invalid);
        /* The reader counts them for the file: each of its types may be the one that has them. */
        query_integer(insert, 5, unknown);
        query_integer(insert, 6, count->folded);
        int64_t effective = effective_of(ending, store->schema->types[i].shape);
        query_integer(snapshot, 1, STATE_SNAPSHOT(ending->evidence->id, i));
        query_integer(snapshot, 2, ending->evidence->id);
        query_text(snapshot, 3, ending->evidence->source->id);
        query_text(snapshot, 4, store->schema->types[i].id);
        query_integer(snapshot, 5, effective);
        query_integer(snapshot, 6, ending->problem == NULL);
        query_integer(snapshot, 7, stands_at(ending, effective));
        done = query_run(insert) && query_run(snapshot);
        if (count->timed > 0) {
            sum->first_at = sum->timed == 0 || count->first_at < sum->first_at ? count->first_at : sum->first_at;
            sum->last_at = sum->timed == 0 || count->last_at > sum->last_at ? count->last_at : sum->last_at;
        }
        sum->timed += count->timed;
        sum->invalid += count->invalid;
        sum->folded += count->folded;
    }
    return done;
}

static bool write_evidence(const struct ending *ending, const struct state_count *sum) {
    struct store *store = ending->store;
    const struct store_evidence *evidence = ending->evidence;
    const struct record_tally *tally = ending->tally;
    char sha256[DIGEST_HEX_BYTES];
    digest_hex(ending->end->sha256, sha256);
    struct query *insert = &store->insert_evidence;
    if (!query_ready(insert, store->connection, "insert_evidence", sql_insert_evidence, store->diagnostics)) {
        return false;
    }
    query_integer(insert, 1, evidence->id);
    query_text(insert, 2, evidence->path);
    query_text(insert, 3, evidence->source == NULL ? NULL : evidence->source->id);
    query_text(insert, 4, evidence->kind == NULL ? NULL : evidence->kind->id);
    query_text(insert, 5, sha256);
    query_integer(insert, 6, (int64_t)ending->end->bytes);
    query_integer(insert, 7, (int64_t)tally->records);
    query_integer(insert, 8, (int64_t)tally->loaded);
    query_integer(insert, 9, (int64_t)tally->passed_over);
    query_integer(insert, 10, (int64_t)tally->rejected);
    query_integer(insert, 11, (int64_t)tally->rows);
    query_integer(insert, 12, sum->invalid);
    query_integer(insert, 13, (int64_t)tally->unknown_values + (evidence->kind == NULL ? 0 : store->unknown_values));
    query_integer(insert, 14, sum->folded);
    query_integer(insert, 15, tally->truncated);
    query_integer(insert, 16, tally->wrong_shape);
    query_integer(insert, 17, tally->list_seen);
    query_integer_or_null(insert, 18, evidence->span.from, evidence->dated);
    query_integer_or_null(insert, 19, evidence->span.until, evidence->dated);
    query_integer_or_null(insert, 20, ending->effective_at, ending->effective_by != NULL);
    query_text(insert, 21, ending->effective_by);
    query_integer_or_null(insert, 22, sum->first_at, sum->timed > 0);
    query_integer_or_null(insert, 23, sum->last_at, sum->timed > 0);
    query_integer_or_null(insert, 24, ending->silent_from, ending->timed);
    query_integer_or_null(insert, 25, ending->silent_for, ending->timed);
    query_text(insert, 26, evidence->collected_by);
    query_integer_or_null(insert, 27, evidence->collected_at, evidence->collected_at != INT64_MIN);
    query_integer_or_null(insert, 28, evidence->claimed_records, evidence->claimed_records >= 0);
    query_integer(insert, 29, ending->problem == NULL);
    query_text(insert, 30, ending->problem);
    query_integer(insert, 31, evidence->earlier && ending->effective_at < store->options.span.from);
    return query_run(insert);
}

static bool write_members(struct store *store, int64_t evidence, const struct record_source *records) {
    struct query insert = {0};
    if (records->member_count == 0) {
        return true;
    }
    if (!query_open(&insert, store->connection, "insert_member", sql_insert_member, store->diagnostics)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < records->member_count; i++) {
        const struct record_member *member = &records->members[i];
        query_integer(&insert, 1, evidence);
        query_integer(&insert, 2, (int64_t)i + 1);
        query_text(&insert, 3, member->name);
        query_integer(&insert, 4, (int64_t)member->first_record);
        query_integer(&insert, 5, (int64_t)member->records);
        query_integer(&insert, 6, (int64_t)member->bytes);
        done = query_run(&insert);
    }
    return query_close(&insert) && done;
}

bool store_load_end(struct store *store, const struct store_evidence *evidence, const struct record_source *records,
                    const struct store_evidence_end *end) {
    struct ending ending = {.store = store, .evidence = evidence, .tally = &records->tally, .end = end};
    ending.effective_at = effective_of(&ending, shape_of(&ending));
    ending.effective_by = effective_by(&ending);
    judge(&ending);
    struct state_count sum = {0};
    return write_types(&ending, &sum) && write_evidence(&ending, &sum) && write_members(store, evidence->id, records);
}

bool store_note_evidence(struct store *store, const struct store_evidence *evidence,
                         const struct store_evidence_end *end) {
    static const struct record_tally nothing = {0};
    const struct state_count sum = {0};
    const struct ending ending = {
        .store = store, .evidence = evidence, .tally = &nothing, .end = end, .problem = "unclaimed"};
    struct place place = place_of(&ending);
    diagnostics_report(store->diagnostics, DIAGNOSTIC_UNCLAIMED_FILE, &place,
                       "no source claims this file; it is kept and not tested: correct its name, declare a source for "
                       "it, or remove it");
    return load_begin(store) && write_evidence(&ending, &sum);
}
