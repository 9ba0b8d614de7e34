#include "read/read_log.h"

#include "base/quote.h"

#include <string.h>

#define DAY_SECONDS INT64_C(86400)
#define TEXTS_BYTES 512 /* of a record that is copied as a whole sooner than its values one by one */

/* A log that was exported at a moment holds the year before it: that is what its times without a year lie in. */
static void read_log_cover(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    int64_t effective;

    if (!kind->has_effective || kind->effective.base != PATH_FILE) {
        return;
    }
    struct raw raw = reader_file_part(&reader->request, &kind->effective);
    if (convert_time(&raw, kind->effective_time, reader->request.zone, NULL, &effective) == DATETIME_OK) {
        reader->rows.covered = (struct span){effective - 364 * DAY_SECONDS, effective + DAY_SECONDS};
        reader->rows.has_covered = true;
    }
}

static const struct raw *read_log_stand(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct read_log *state = context;
    size_t field = state->rules[rule].fields[part][index];

    return field == SIZE_MAX ? NULL : &state->names[field].raw;
}

static struct raw read_log_fetch(void *context, size_t rule, enum rows_part part, size_t index) {
    const struct raw *raw = read_log_stand(context, rule, part, index);

    return raw == NULL ? (struct raw){.kind = RAW_ABSENT} : *raw;
}

static bool read_log_open(struct reader *reader) {
    struct read_log *state = arena_allocate(reader->arena, sizeof *state);

    if (state == NULL) {
        return false;
    }
    reader->state = state;
    state->next_rule = reader->request.kind->rule_count;
    if (read_log_prepare(reader)) {
        state->log = log_open(reader->bytes, state->continues);
    }
    if (state->log == NULL) {
        read_log_forget(reader);
        return false;
    }
    read_log_cover(reader);
    rows_stand_at(&reader->rows, read_log_stand, state);
    reader->rows.no_zeros = true; /* a line with one is rejected */
    return true;
}

static void read_log_close(struct reader *reader) {
    struct read_log *state = reader->state;

    log_close(state->log);
    read_log_forget(reader);
}

static void read_log_report_problem(struct reader *reader, const struct place *place) {
    static const struct {
        enum diagnostic id;
        const char *what;
    } problems[] = {
        [LOG_PROBLEM_LENGTH] = {DIAGNOSTIC_RECORD_TOO_LONG, "a line is longer than 16 MiB; correct the export"},
        [LOG_PROBLEM_ENCODING] = {DIAGNOSTIC_ENCODING, "the line is not UTF-8; " READER_ENCODING_ADVICE},
        [LOG_PROBLEM_NUL] = {DIAGNOSTIC_ENCODING,
                             "the line holds NUL characters, as after a crash; correct the export"},
        [LOG_PROBLEM_PATTERN] = {DIAGNOSTIC_LOG_LINE, "whether the line belongs to the one before takes too many "
                                                      "steps to find out; write a simpler pattern under `continue:`"},
        [LOG_PROBLEM_UTF16] = {DIAGNOSTIC_ENCODING, "the text is UTF-16; " READER_UTF16_ADVICE},
    };
    const struct read_log *state = reader->state;
    enum log_problem problem = log_problem(state->log);

    diagnostics_report(reader->request.diagnostics, problems[problem].id, place, "%s", problems[problem].what);
}

/* About the record that was just read. */
static void read_log_report_line(struct reader *reader, enum read_log_match match, const char *fault, const char *text,
                                 size_t length) {
    const struct read_log *state = reader->state;
    struct diagnostics *diagnostics = reader->request.diagnostics;
    const struct kind *kind = reader->request.kind;
    struct place place = reader_place(reader, state->locator.line, 0, state->locator.record);
    char quoted[QUOTE_BYTES];

    switch (match) {
    case READ_LOG_LIMIT:
        diagnostics_report(diagnostics, DIAGNOSTIC_LOG_LINE, &place,
                           "a pattern of the kind %s takes too many steps on %s; write it without a repetition inside "
                           "a repetition",
                           kind->id, quote(quoted, text, length));
        return;
    case READ_LOG_TWICE:
        diagnostics_report(diagnostics, DIAGNOSTIC_LOG_LINE, &place,
                           "the line has the key %s twice, and which one is meant is unclear; correct the export",
                           quote(quoted, fault, strlen(fault)));
        return;
    case READ_LOG_UNCLOSED:
        diagnostics_report(diagnostics, DIAGNOSTIC_LOG_LINE, &place,
                           "a quote has no end in %s; correct the export, or name such lines under `skip:`",
                           quote(quoted, text, length));
        return;
    default:
        diagnostics_report(diagnostics, DIAGNOSTIC_LOG_LINE, &place,
                           kind->log_pairs ? "there is no key=value in %s; name such lines under `skip:` in the kind %s"
                                           : "no pattern fits %s; name such lines under `skip:` in the kind %s, or add "
                                             "a pattern for them",
                           quote(quoted, text, length), kind->id);
        return;
    }
}

/* One note about all keys that nobody asked for. */
static void read_log_note_unknown(struct reader *reader) {
    const struct read_log *state = reader->state;
    struct place place = reader_place(reader, 0, 0, 0);
    struct buffer list = {0};
    char quoted[QUOTE_BYTES];

    for (size_t i = 0; i < state->unknown_count; i++) {
        buffer_format(&list, "%s%s", i > 0 ? ", " : "", quote(quoted, state->unknown[i], strlen(state->unknown[i])));
    }
    if (state->unknown_count > 0 && buffer_text(&list) != NULL) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_UNKNOWN_PATH, &place,
                           "the keys %s%s are neither mapped nor ignored by the kind %s; map them, or list them under "
                           "`ignore:`",
                           buffer_text(&list), state->unknown_more ? " and more" : "", reader->request.kind->id);
    }
    buffer_free(&list);
}

static void read_log_never_seen(struct reader *reader, size_t field) {
    struct read_log *state = reader->state;
    struct place place = reader_place(reader, 0, 0, 0);
    char quoted[QUOTE_BYTES];

    if (field == SIZE_MAX || state->names[field].seen) {
        return;
    }
    state->names[field].seen = true; /* said once, however many columns it fills */
    reader->source.tally.wrong_shape = true;
    diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_PATH_NEVER_SEEN, &place,
                       "%s stands nowhere in the file; export it with this value, or mark it `optional` in the kind %s",
                       quote(quoted, state->names[field].name, strlen(state->names[field].name)),
                       reader->request.kind->id);
}

/* Keys are only known by the lines: one that is mapped and stands in none was renamed, or is misspelt in the kind. */
static void read_log_check_keys(struct reader *reader) {
    const struct kind *kind = reader->request.kind;
    const struct read_log *state = reader->state;

    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct row_rule *rule = &kind->rules[i];
        bool made = reader->rows.rules[i].rows > 0;
        for (size_t j = 0; j < rule->when_count && !made && !rule->may_be_empty; j++) {
            if (rule->when[j].kind == CONDITION_IN) {
                read_log_never_seen(reader, state->rules[i].fields[ROWS_CONDITION][j]);
            }
        }
        for (size_t j = 0; j < rule->mapping_count && made; j++) {
            if (rule->mappings[j].has_from && !rule->mappings[j].optional) {
                read_log_never_seen(reader, state->rules[i].fields[ROWS_MAPPING][j]);
            }
        }
    }
}

static void read_log_finish(struct reader *reader) {
    struct record_tally *tally = &reader->source.tally;

    if (tally->records == 0 && tally->wrong_shape) {
        return;
    }
    if (tally->records > 0 && tally->rejected == tally->records) {
        reader_wrong_shape(reader, "no line is one that the kind knows");
        return;
    }
    /* A log without lines says that nothing happened. */
    tally->list_seen = true;
    if (reader->request.kind->log_pairs && tally->records > 0) {
        read_log_check_keys(reader);
        read_log_note_unknown(reader);
    }
}

/* Reads the next record and counts it. RECORD_ROW also for one that gives no row: then no rule is due. */
static enum record_status read_log_record(struct reader *reader) {
    struct read_log *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    const char *fault = NULL;
    const char *text;
    size_t length;
    enum log_event event = log_next(state->log, &text, &length);

    if (event == LOG_END) {
        return RECORD_END;
    }
    if (event == LOG_READ_FAILED) {
        return reader_failed(reader, log_system_error(state->log));
    }
    if (event == LOG_ERROR && log_problem(state->log) == LOG_PROBLEM_UTF16) {
        struct place whole = reader_place(reader, 0, 0, 0);
        tally->wrong_shape = true;
        read_log_report_problem(reader, &whole);
        return RECORD_END;
    }
    tally->records++;
    state->locator = (struct locator){.record = tally->records,
                                      .line = log_line(state->log),
                                      .offset = log_offset(state->log),
                                      .length = log_length(state->log)};
    if (event == LOG_ERROR) {
        struct place place = reader_place(reader, state->locator.line, 0, tally->records);
        read_log_report_problem(reader, &place);
        tally->rejected++;
        return RECORD_ROW;
    }
    enum read_log_match match = read_log_match(reader, text, length, &fault);
    switch (match) {
    case READ_LOG_MATCHED:
        state->next_rule = 0;
        state->wanted = false;
        state->texts = length > TEXTS_BYTES ? (struct value_run){0} : (struct value_run){text, length};
        break;
    case READ_LOG_SKIPPED:
        tally->passed_over++;
        break;
    case READ_LOG_FAILED:
        return reader_out_of_memory(reader);
    case READ_LOG_UNKNOWN_LINE:
    case READ_LOG_LIMIT:
    case READ_LOG_TWICE:
    case READ_LOG_UNCLOSED:
        read_log_report_line(reader, match, fault, text, length);
        tally->rejected++;
        break;
    }
    return RECORD_ROW;
}

static enum record_status read_log_next(struct reader *reader, struct record *out) {
    struct read_log *state = reader->state;
    struct record_tally *tally = &reader->source.tally;
    size_t rule_count = reader->request.kind->rule_count;
    enum record_status status = RECORD_ROW;

    while (status == RECORD_ROW) {
        while (state->next_rule < rule_count) {
            bool made = rows_make(&reader->rows, state->next_rule++, &state->locator, read_log_fetch, state, out);
            tally->loaded += made && !state->wanted;
            state->wanted = state->wanted || made;
            tally->passed_over += state->next_rule == rule_count && !state->wanted;
            if (made) {
                out->texts = state->texts;
                return RECORD_ROW;
            }
        }
        status = read_log_record(reader);
    }
    return status;
}

static bool read_log_again(struct reader *reader) {
    struct read_log *state = reader->state;

    log_close(state->log);
    state->log = log_open(reader->bytes, state->continues);
    return state->log != NULL;
}

const struct reader_format read_log_format = {read_log_open, read_log_next, read_log_close, read_log_again,
                                              read_log_finish};
