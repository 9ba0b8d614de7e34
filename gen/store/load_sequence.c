#include "store/load.h"

#include "base/limits.h"
#include "store/load_sequence.sql.h"
#include "store/tables.h"
#include "store/tables_fill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * Gaps in the numbers of a source that declares a sequence: a record that was cut out before the export was handed over
 * leaves its number behind. SQLite sorts the numbers of all exports that count, so that memory does not grow with them,
 * and one pass over them finds the holes. What lies before the first number and after the last is not looked for.
 */
#define EXAMPLES      3  /* that are named in a text */
#define LONELY_SPARED 10 /* prefixes; of more, most should have a second number */

struct sequence_search {
    struct store *store;
    const struct programme_source *source;
    struct query values;
    struct query place;
    struct query insert;
    struct query insert_run;
    struct query insert_gap;

    struct buffer prefix; /* of the sequence at hand, as its last number has it */
    const struct sequence_known *known;
    size_t known_count;
    int64_t first; /* number */
    int first_digits;
    int64_t last;
    int last_digits;
    int64_t last_ref;
    int64_t run_numbers;
    int64_t run_missing;
    int64_t run_known;

    int64_t *explained; /* missing numbers, by entry of the source's known_gaps */
    int64_t sequences;
    int64_t lonely; /* sequences with one number */
    int64_t counted;
    int64_t missing;
    int64_t gaps;
    int64_t with_reason;
    int64_t listed;  /* gaps, with a reason or without */
    int64_t gap_ref; /* the record before the first gap without a reason */
    int64_t record_count;
    int64_t unnumbered;
    int64_t unnumbered_ref;
    int64_t others; /* of them, each counted once where they stand together */
    struct buffer missing_text;
    struct buffer unnumbered_text;
    struct buffer other; /* the last value without a number */
    struct buffer key;   /* that SQLite sorts by */
    bool scattered;
};

/* Numbers have up to 18 digits, and a thousand sequences of them may lack more than an integer holds. */
static int64_t add(int64_t one, int64_t other) {
    return one > INT64_MAX - other ? INT64_MAX : one + other;
}

static const char *plural(int64_t count) {
    return count == 1 ? "" : "s";
}

static const char *number_text(const struct sequence_search *search, struct buffer *out, int digits, int64_t number) {
    const char *prefix = tables_text(&search->prefix, search->store->diagnostics);
    buffer_clear(out);
    if (prefix == NULL) {
        return NULL;
    }
    sequence_print(out, prefix, digits, number);
    return tables_text(out, search->store->diagnostics);
}

/* "A, B to C and more": appends one of the examples. */
static void add_example(struct buffer *out, int64_t earlier, const char *first, const char *last) {
    if (earlier == EXAMPLES) {
        buffer_append_text(out, " and more");
    } else if (earlier < EXAMPLES) {
        buffer_format(out, last == NULL ? "%s%s" : "%s%s to %s", earlier > 0 ? ", " : "", first, last);
    }
}

/* Missing numbers that one entry explains, or none; `ref` is the record behind them. */
static bool take_part(struct sequence_search *search, int64_t first, const struct sequence_part *part, int64_t ref) {
    int64_t count = part->last - first + 1;
    struct buffer buffers[2] = {{0}, {0}};
    const char *from = number_text(search, &buffers[0], search->last_digits, first);
    const char *to = number_text(search, &buffers[1], search->last_digits, part->last);
    struct query *insert = &search->insert_gap;
    bool done = from != NULL && to != NULL;

    if (done && part->known == NULL) {
        add_example(&search->missing_text, search->gaps, from, count == 1 ? NULL : to);
        search->gap_ref = search->gaps == 0 ? search->last_ref : search->gap_ref;
        search->gaps++;
        search->run_missing = add(search->run_missing, count);
    } else if (done) {
        search->explained[part->known - search->source->known_gaps] += count;
        search->run_known = add(search->run_known, count);
    }
    if (done && search->listed < LIMIT_SEQUENCE_GAPS) {
        search->listed++;
        query_text(insert, 1, search->source->id);
        query_text(insert, 2, from);
        query_text(insert, 3, to);
        query_integer(insert, 4, count);
        query_integer(insert, 5, search->last_ref);
        query_integer(insert, 6, ref);
        query_text(insert, 7, part->known == NULL ? NULL : part->known->reason);
        done = query_run(insert);
    }
    buffer_free(&buffers[0]);
    buffer_free(&buffers[1]);
    return done;
}

static bool take_hole(struct sequence_search *search, int64_t first, int64_t last, int64_t ref) {
    while (first <= last) {
        const struct sequence_part part = sequence_part(first, last, search->known, search->known_count);
        if (!take_part(search, first, &part, ref)) {
            return false;
        }
        first = part.last + 1;
    }
    return true;
}

static void begin_run(struct sequence_search *search, const char *prefix, int64_t number, int digits) {
    const struct programme_source *source = search->source;
    size_t begin = 0;

    while (begin < source->known_gap_count && sequence_compare(source->known_gaps[begin].prefix, prefix) < 0) {
        begin++;
    }
    search->known = source->known_gaps + begin;
    search->known_count = 0;
    while (begin + search->known_count < source->known_gap_count &&
           sequence_compare(search->known[search->known_count].prefix, prefix) == 0) {
        search->known_count++;
    }
    search->first = number;
    search->first_digits = digits;
    search->run_numbers = search->run_missing = search->run_known = 0;
}

/* Numbers that are declared as missing and stand in the exports. */
static void check_known(const struct sequence_search *search) {
    for (size_t i = 0; i < search->known_count; i++) {
        const struct sequence_known *known = &search->known[i];
        int64_t first = known->first > search->first ? known->first : search->first;
        int64_t last = known->last < search->last ? known->last : search->last;
        int64_t there = last - first + 1 - search->explained[known - search->source->known_gaps];
        if (first <= last && there > 0) {
            diagnostics_report(search->store->diagnostics, DIAGNOSTIC_KNOWN_GAP, &known->place,
                               "%" PRId64 " number%s of the known gap '%s' %s in the exports of source '%s'; correct "
                               "'known_gaps', or find out where the record%s come%s from",
                               there, plural(there), known->text, there == 1 ? "stands" : "stand", search->source->id,
                               plural(there), there == 1 ? "s" : "");
        }
    }
}

static bool end_run(struct sequence_search *search) {
    struct buffer buffers[2] = {{0}, {0}};
    struct query *insert = &search->insert_run;
    bool done = true;

    if (search->run_numbers == 0) {
        return true;
    }
    check_known(search);
    search->sequences++;
    search->lonely += search->run_numbers == 1;
    search->counted += search->run_numbers;
    search->missing = add(search->missing, search->run_missing);
    search->with_reason = add(search->with_reason, search->run_known);
    if (search->sequences <= LIMIT_SEQUENCES) {
        const char *first = number_text(search, &buffers[0], search->first_digits, search->first);
        const char *last = number_text(search, &buffers[1], search->last_digits, search->last);
        query_text(insert, 1, search->source->id);
        query_text(insert, 2, first);
        query_text(insert, 3, last);
        query_integer(insert, 4, search->run_numbers);
        query_integer(insert, 5, search->run_missing);
        query_integer(insert, 6, search->run_known);
        done = first != NULL && last != NULL && query_run(insert);
    }
    buffer_free(&buffers[0]);
    buffer_free(&buffers[1]);
    return done;
}

static bool take_number(struct sequence_search *search, const char *text, size_t length, size_t prefix_length,
                        int64_t number, int64_t ref) {
    int digits = (int)(length - prefix_length);
    bool done = true;
    bool same = search->run_numbers > 0 && search->prefix.length == prefix_length &&
                (prefix_length == 0 || strncasecmp(search->prefix.data, text, prefix_length) == 0);

    if (same && number == search->last) {
        return true;
    }
    if (same && number - search->last > 1) {
        done = take_hole(search, search->last + 1, number - 1, ref);
    } else if (!same) {
        done = end_run(search);
    }
    buffer_clear(&search->prefix);
    buffer_append(&search->prefix, text, prefix_length);
    const char *prefix = tables_text(&search->prefix, search->store->diagnostics);
    if (!done || prefix == NULL) {
        return false;
    }
    if (!same) {
        begin_run(search, prefix, number, digits);
    }
    search->last = number;
    search->last_digits = digits;
    search->last_ref = ref;
    search->run_numbers++;
    return true;
}

static bool take_other(struct sequence_search *search, const char *text, size_t length, int64_t ref) {
    const char *shown = text == NULL ? "no value" : length == 0 ? "''" : text;

    search->unnumbered_ref = search->unnumbered == 0 ? ref : search->unnumbered_ref;
    if (search->unnumbered++ == 0 || strcmp(shown, buffer_text(&search->other)) != 0) {
        add_example(&search->unnumbered_text, search->others++, shown, NULL);
        buffer_clear(&search->other);
        buffer_append_text(&search->other, shown);
    }
    return tables_text(&search->other, search->store->diagnostics) != NULL;
}

static bool follow(struct sequence_search *search) {
    struct query *query = &search->values;
    bool done = true;

    while (done && query_step(query)) {
        const char *text = query_column_text(query, 0);
        size_t length = (size_t)sqlite3_column_bytes(query->statement, 0);
        int64_t ref = query_column_integer(query, 1);
        size_t prefix_length = 0;
        int64_t number = 0;
        search->record_count++;
        if (text != NULL) {
            sequence_trim(&text, &length);
        }
        done = text != NULL && sequence_split(text, length, &prefix_length, &number)
                   ? take_number(search, text, length, prefix_length, number, ref)
                   : take_other(search, text, length, ref);
    }
    return !query->failed && done && end_run(search);
}

/* Where a record stands; its path lives in `path`. */
static bool find_place(struct sequence_search *search, int64_t ref, struct buffer *path, struct place *place) {
    query_integer(&search->place, 1, ref);
    bool found = query_step(&search->place);
    if (found) {
        load_show_path(search->store, query_column_text(&search->place, 0), path);
        place->path = tables_text(path, search->store->diagnostics);
        place->line = (uint64_t)query_column_integer(&search->place, 1);
        place->record = (uint64_t)query_column_integer(&search->place, 2);
    }
    return query_reset(&search->place) && found && place->path != NULL;
}

static bool report(struct sequence_search *search) {
    struct diagnostics *diagnostics = search->store->diagnostics;
    const struct programme_source *source = search->source;
    const char *missing = tables_text(&search->missing_text, diagnostics);
    const char *unnumbered = tables_text(&search->unnumbered_text, diagnostics);
    struct buffer paths[2] = {{0}, {0}};
    struct place place = {0};
    bool done = missing != NULL && unnumbered != NULL;

    if (done && search->missing > 0) {
        done = find_place(search, search->gap_ref, &paths[0], &place);
        if (done) {
            diagnostics_report(diagnostics, DIAGNOSTIC_SEQUENCE_GAP, &place,
                               "%" PRId64 " number%s of %s %s missing in the exports of source '%s' (%s), the first "
                               "behind this record, so that they do not count as complete; export what is missing, or "
                               "say under 'known_gaps' why it never was",
                               search->missing, plural(search->missing), source->sequence,
                               search->missing == 1 ? "is" : "are", source->id, missing);
        }
    }
    if (done && search->unnumbered > 0) {
        done = find_place(search, search->unnumbered_ref, &paths[1], &place);
        if (done) {
            diagnostics_report(diagnostics, DIAGNOSTIC_SEQUENCE_NUMBER, &place,
                               "%" PRId64 " of %" PRId64 " values of %s in the exports of source '%s' end in no number "
                               "of at most %d digits (%s), so that nothing can be missing between them; correct them, "
                               "or declare as 'sequence' what is numbered",
                               search->unnumbered, search->record_count, source->sequence, source->id, SEQUENCE_DIGITS,
                               unnumbered);
        }
    }
    if (done && search->scattered) {
        diagnostics_report(diagnostics, DIAGNOSTIC_SEQUENCE_NUMBER, &source->sequence_place,
                           "the %" PRId64 " numbers of %s begin in %" PRId64 " ways, so hardly one follows another and "
                           "none can be seen to be missing; declare as 'sequence' what is numbered one by one",
                           search->counted, source->sequence, search->sequences);
    }
    buffer_free(&paths[0]);
    buffer_free(&paths[1]);
    return done;
}

static bool write_summary(struct sequence_search *search) {
    const struct programme_source *source = search->source;
    struct query *insert = &search->insert;
    double tolerated = source->tolerated_invalid * (double)search->record_count;
    bool complete = search->missing == 0 && !search->scattered && (double)search->unnumbered <= tolerated;

    query_text(insert, 1, source->id);
    query_text(insert, 2, source->sequence);
    query_integer(insert, 3, search->record_count);
    query_integer(insert, 4, search->unnumbered);
    query_integer(insert, 5, search->sequences);
    query_integer(insert, 6, search->counted);
    query_integer(insert, 7, search->missing);
    query_integer(insert, 8, search->gaps);
    query_integer(insert, 9, search->with_reason);
    if (search->gaps > 0) { /* a binding that is not made is NULL */
        query_buffer(insert, 10, &search->missing_text);
    }
    if (search->unnumbered > 0) {
        query_buffer(insert, 11, &search->unnumbered_text);
    }
    query_integer(insert, 12, search->scattered);
    query_integer(insert, 13, complete);
    return query_run(insert);
}

static bool open_queries(struct sequence_search *search) {
    struct store *store = search->store;
    const struct evidence_type *type = &store->schema->types[search->source->sequence_type];
    const struct tables_part parts[] = {
        {.placeholder = "type", .name = type->id},
        {.placeholder = "column", .name = type->columns[search->source->sequence_column].name}};
    const struct query_statement fixed[] = {{&search->insert, "sequence_insert", sql_sequence_insert},
                                            {&search->insert_run, "sequence_insert_run", sql_sequence_insert_run},
                                            {&search->insert_gap, "sequence_insert_gap", sql_sequence_insert_gap}};
    bool done = query_open_all(fixed, sizeof fixed / sizeof fixed[0], store->connection, store->diagnostics) &&
                tables_fill_open(&search->values, store->connection, "sequence_values", sql_sequence_values, parts, 2,
                                 store->diagnostics) &&
                tables_fill_open(&search->place, store->connection, "sequence_place", sql_sequence_place, parts, 1,
                                 store->diagnostics);
    if (done) {
        query_text(&search->values, 1, search->source->id);
        query_text(&search->values, 2, type->id);
    }
    return done;
}

/* sequence_key(value): see sequence.h; NULL for what is no number. */
static void key_function(sqlite3_context *context, int count, sqlite3_value **arguments) {
    struct buffer *key = sqlite3_user_data(context);
    const char *text = (const char *)sqlite3_value_text(arguments[0]);
    size_t length = (size_t)sqlite3_value_bytes(arguments[0]);

    (void)count;
    buffer_clear(key);
    if (text == NULL) {
        return;
    }
    sequence_trim(&text, &length);
    if (!sequence_key(text, length, key)) {
        return;
    }
    if (key->failed) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_text(context, key->data, (int)key->length, SQLITE_TRANSIENT);
    }
}

/* For this search alone: no query of the schema has a use for it. */
static bool set_key_function(struct sequence_search *search, bool there) {
    struct store *store = search->store;
    int result = sqlite3_create_function(store->connection, "sequence_key", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                         &search->key, there ? key_function : NULL, NULL, NULL);
    if (result != SQLITE_OK) {
        diagnostics_report(store->diagnostics, query_failure(store->connection), NULL,
                           "SQLite failed to set up the search for gaps in numbers: %s; run again",
                           sqlite3_errmsg(store->connection));
    }
    return result == SQLITE_OK;
}

static bool search_source(struct store *store, const struct programme_source *source) {
    struct sequence_search search = {.store = store, .source = source};
    search.explained = calloc(source->known_gap_count + 1, sizeof *search.explained);
    if (search.explained == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    bool done = set_key_function(&search, true) && open_queries(&search) && follow(&search);
    search.scattered = search.sequences > LIMIT_SEQUENCES ||
                       (search.sequences > LONELY_SPARED && search.lonely * 2 > search.sequences);
    done = done && report(&search) && write_summary(&search);
    struct query *const opened[] = {&search.values, &search.place, &search.insert, &search.insert_run,
                                    &search.insert_gap};
    for (size_t i = 0; i < sizeof opened / sizeof opened[0]; i++) {
        done = query_close(opened[i]) && done;
    }
    done = set_key_function(&search, false) && done;
    buffer_free(&search.prefix);
    buffer_free(&search.missing_text);
    buffer_free(&search.unnumbered_text);
    buffer_free(&search.other);
    buffer_free(&search.key);
    free(search.explained);
    return done;
}

bool load_sequence(struct store *store) {
    const struct programme *programme = store->programme;
    bool done = true;

    for (size_t i = 0; done && i < programme->source_count; i++) {
        done = programme->sources[i].sequence == NULL || search_source(store, &programme->sources[i]);
    }
    return done;
}
