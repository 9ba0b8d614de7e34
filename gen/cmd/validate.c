#include "cmd/command.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/gather.h"
#include "cmd/hint.h"
#include "cmd/readout.h"
#include "cmd/validate_rows.h"
#include "cmd/workspace.h"
#include "read/infer.h"
#include "read/read.h"
#include "write/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KINDS_NAMED 8
#define UNCUT_WIDTH 4096 /* a path that is cut is of no use */

/* What became of one file. */
struct validation {
    const char *path;
    const char *kind;   /* NULL: not recognised */
    const char *source; /* NULL: given on the command line */
    bool ambiguous;     /* several kinds claim it */
    bool unread;        /* it could not be opened */
    bool sidecar;       /* describes another file, and is no evidence itself */
    const char *rows;   /* JSON, where they are asked for */
    struct record_tally tally;
    char sha256[DIGEST_HEX_BYTES];
    bool altered; /* since it was collected */
};
struct validations {
    struct validation *items;
    size_t count;
};

static bool keep_rows(struct command *command, struct readout *readout, const struct record_tally *tally,
                      struct validation *out) {
    struct buffer text = {0};

    readout_print(readout, tally, NULL, &text);
    out->rows = buffer_text(&text) != NULL ? arena_text(command->arena, buffer_text(&text)) : NULL;
    if (out->rows == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the rows of %s", out->path);
    } else if (readout->count > readout->most) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_ROWS_CUT, &(struct place){.path = out->path},
                           "the first %" PRIu64 " of %" PRIu64 " rows are printed; take a smaller export to see all",
                           readout->most, readout->count);
    }
    buffer_free(&text);
    readout_free(readout);
    return out->rows != NULL;
}

/* Whether the file is still the one that its sidecar speaks of. */
static void check_digest(struct command *command, const struct gather_file *file, const uint8_t digest[DIGEST_BYTES],
                         struct validation *out) {
    uint8_t claimed[DIGEST_BYTES];

    out->altered = gather_claimed_digest(command, file, claimed) && memcmp(claimed, digest, DIGEST_BYTES) != 0;
    if (out->altered) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_EVIDENCE_ALTERED, &(struct place){.path = file->full_path},
                           "its SHA-256 is not the one that its sidecar names, so it was altered after it was "
                           "collected; restore it, or collect it again");
    }
}

/* Reads every record and throws it away: what counts is what is said on the way. */
static bool read_all(struct command *command, struct validate_rows *rows, const struct schema *schema,
                     const struct kind *kind, const struct gather_file *file, struct validation *out) {
    struct gather_reading reading;
    struct record record;
    struct readout readout = {0};
    uint8_t digest[DIGEST_BYTES];
    enum record_status status = RECORD_ROW;

    if (command->options.rows && !readout_begin(command->arena, schema, kind, LIMIT_ROWS_PRINTED, &readout)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the rows of %s", file->path);
        return false;
    }
    readout.computed = true;
    if (!validate_rows_begin(rows, command, schema, kind, file) ||
        !gather_open(schema, kind, file, NULL, &reading, command->diagnostics)) {
        return false;
    }
    while (status == RECORD_ROW) {
        status = reading.records->next(reading.records, &record);
        if (status == RECORD_ROW) {
            validate_rows_compute(rows, &record);
            if (command->options.rows) {
                readout_add(&readout, &record);
            }
        }
    }
    out->kind = kind->id;
    out->tally = reading.records->tally;
    validate_rows_count(rows, &out->tally);
    progress_add(&command->progress, reading.tap.bytes, out->tally.records);
    bool done = status == RECORD_END && byte_sink_digest_close(&reading.tap, digest);
    if (done) {
        digest_hex(digest, out->sha256);
        check_digest(command, file, digest, out);
    }
    if (command->options.rows) {
        done = keep_rows(command, &readout, &out->tally, out) && done;
    }
    gather_close(&reading);
    return done;
}

/* No kind claims the file: which comes nearest, and what to do. */
static void report_unknown(struct command *command, const struct schema *schema, const char *path,
                           const struct buffer *bytes) {
    struct place place = {.path = path};
    struct buffer missing = {0};
    const char *why = infer_unreadable(path_name(path), bytes->data != NULL ? bytes->data : "", bytes->length);
    const struct kind *nearest = why != NULL ? NULL : read_nearest(schema, bytes->data, bytes->length, &missing);
    const char *next = hint_command(command, "kind infer", path);

    if (why != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_UNKNOWN, &place, "no kind recognises this file: %s",
                           why);
    } else if (nearest != NULL && buffer_text(&missing) != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_UNKNOWN, &place,
                           "no kind in schema/kinds recognises this file; the nearest is %s, which also looks for %s. "
                           "Where it is such an export, export it with that; else draft a kind: %s",
                           nearest->id, buffer_text(&missing), next != NULL ? next : "tickmark kind infer");
    } else {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_UNKNOWN, &place,
                           "no kind in schema/kinds recognises this file; draft one: %s",
                           next != NULL ? next : "tickmark kind infer");
    }
    buffer_free(&missing);
}

/* The only kind that claims a file; none, or several, are reported. */
static bool recognise(struct command *command, const struct schema *schema, struct validation *item,
                      const struct kind **kind) {
    const char *path = item->path;
    struct place place = {.path = path};
    struct buffer bytes = {0};
    size_t kinds[KINDS_NAMED];
    bool done = file_read_head(path, LIMIT_RECOGNITION_BYTES, &bytes, command->diagnostics);

    *kind = NULL;
    item->unread = !done;
    if (done) {
        size_t count = read_detect(schema, bytes.data, bytes.length, kinds, KINDS_NAMED);
        if (count == 1) {
            *kind = &schema->kinds[kinds[0]];
        } else if (count == 0) {
            report_unknown(command, schema, path, &bytes);
        } else {
            item->ambiguous = true;
            diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_AMBIGUOUS, &place,
                               "the kinds %s and %s both recognise this file; make `detect:` of one of them stricter",
                               schema->kinds[kinds[0]].id, schema->kinds[kinds[1]].id);
        }
    }
    buffer_free(&bytes);
    return done;
}

/* Columns of the kinds that read something which their drafts left open (read/infer.h). */
static void report_open(struct command *command, const struct schema *schema, const struct validations *all) {
    for (size_t k = 0; k < schema->kind_count; k++) {
        const struct kind *kind = &schema->kinds[k];
        bool used = false;
        for (size_t i = 0; i < all->count && !used; i++) {
            used = all->items[i].kind == kind->id;
        }
        for (size_t r = 0; r < kind->rule_count && used; r++) {
            const struct row_rule *rule = &kind->rules[r];
            for (size_t m = 0; m < rule->mapping_count; m++) {
                const struct mapping *mapping = &rule->mappings[m];
                if (mapping->has_from && strcmp(mapping->from.text, INFER_OPEN) == 0) {
                    diagnostics_report(
                        command->diagnostics, DIAGNOSTIC_KIND_OPEN, &mapping->place,
                        "the draft left open what fills %s; name a column or key of the export, or write "
                        "{value: ...}",
                        schema->types[rule->type].columns[mapping->column].name);
                }
            }
        }
    }
}

static bool validate_arguments(struct command *command, struct validations *all) {
    struct workspace workspace;
    struct validate_rows rows = {0};

    if (!workspace_open_schema(command, &workspace)) {
        return false;
    }
    all->items = arena_array(command->arena, command->argument_count, sizeof *all->items);
    if (all->items == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of files");
        return false;
    }
    bool done = true;
    for (size_t i = 0; i < command->argument_count; i++) {
        struct validation *item = &all->items[all->count++];
        struct gather_file file = {.path = command->arguments[i], .full_path = command->arguments[i]};
        const struct kind *kind = NULL;
        item->path = file.path;
        item->sidecar = gather_is_sidecar(file.path);
        if (item->sidecar) {
            continue;
        }
        if (!gather_sidecar_beside(command, &file) || !recognise(command, workspace.schema, item, &kind) ||
            (kind != NULL && !read_all(command, &rows, workspace.schema, kind, &file, item))) {
            done = false; /* the other files are looked at all the same */
        }
    }
    validate_rows_free(&rows);
    report_open(command, workspace.schema, all);
    return done;
}

struct folder_walk {
    struct workspace workspace;
    struct validate_rows rows;
    struct validations *all;
};

static bool validate_claimed(struct command *command, void *context, const struct gather_file *file) {
    struct folder_walk *walk = context;
    struct validation *item = NULL;

    if (gather_is_sidecar(file->path)) {
        return true;
    }
    item = &walk->all->items[walk->all->count++];
    item->path = file->path;
    if (file->source == NULL) {
        return true;
    }
    item->source = file->source->id;
    return read_all(command, &walk->rows, walk->workspace.schema, &walk->workspace.schema->kinds[file->source->kind],
                    file, item);
}

static bool validate_folder(struct command *command, struct validations *all) {
    struct folder_walk walk = {.all = all};
    struct file_list list;

    if (!workspace_open(command, &walk.workspace) ||
        !file_list(command->arena, walk.workspace.evidence, false, &list, command->diagnostics)) {
        return false;
    }
    all->items = arena_array(command->arena, list.count + 1, sizeof *all->items);
    if (all->items == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of files");
        return false;
    }
    bool done = gather_walk(command, &walk.workspace, NULL, &list, validate_claimed, &walk);
    validate_rows_free(&walk.rows);
    report_open(command, walk.workspace.schema, all);
    return done;
}

static bool is_faulty(const struct validation *item) {
    const struct record_tally *tally = &item->tally;

    return (item->kind == NULL && !item->sidecar) || item->altered || tally->rejected > 0 || tally->invalid > 0 ||
           tally->unknown_values > 0 || tally->truncated || tally->wrong_shape;
}

static const char *state_of(const struct validation *item) {
    return item->sidecar             ? "sidecar"
           : item->ambiguous         ? "ambiguous"
           : item->unread            ? "unread"
           : item->kind == NULL      ? item->source == NULL ? "unknown kind" : "unread"
           : item->tally.wrong_shape ? "wrong shape"
           : item->tally.truncated   ? "truncated"
           : item->altered           ? "altered"
           : is_faulty(item)         ? "with faults"
                                     : "in order";
}

static bool print_text(struct command *command, const struct validations *all) {
    static const struct terminal_column columns[] = {
        {"State", false},   {"Kind", false},   {"Records", true}, {"Loaded", true}, {"Passed over", true},
        {"Rejected", true}, {"Invalid", true}, {"Rows", true},    {"File", false},
    };
    enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };
    const char **cells = arena_array(command->arena, all->count * COLUMN_COUNT + 1, sizeof *cells);

    if (cells == NULL) {
        return false;
    }
    if (all->count == 0) {
        buffer_append_text(&command->out, "There are no files of evidence yet; put exports into inputs/evidence\n");
        return true;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct validation *item = &all->items[i];
        const uint64_t numbers[] = {item->tally.records,  item->tally.loaded,  item->tally.passed_over,
                                    item->tally.rejected, item->tally.invalid, item->tally.rows};
        const char **row = &cells[i * COLUMN_COUNT];
        row[0] = state_of(item);
        row[1] = item->kind != NULL ? item->kind : "-";
        for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
            row[2 + n] = arena_format(command->arena, "%" PRIu64, numbers[n]);
            if (row[2 + n] == NULL) {
                return false;
            }
        }
        row[COLUMN_COUNT - 1] = item->path;
    }
    return terminal_table(columns, COLUMN_COUNT, cells, all->count, UNCUT_WIDTH, command->colour, &command->out);
}

static void append_string(struct buffer *out, const char *text) {
    if (text == NULL) {
        buffer_append_text(out, "null");
    } else {
        text_json_string(out, text, strlen(text));
    }
}

static void print_json(struct buffer *out, const struct validations *all) {
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < all->count; i++) {
        const struct validation *item = &all->items[i];
        const struct record_tally *tally = &item->tally;
        buffer_append_text(out, i > 0 ? ",\n {\"path\": " : "\n {\"path\": ");
        append_string(out, item->path);
        buffer_append_text(out, ", \"kind\": ");
        append_string(out, item->kind);
        buffer_append_text(out, ", \"source\": ");
        append_string(out, item->source);
        if (item->rows != NULL) {
            buffer_append_text(out, ", \"read\": ");
            buffer_append_text(out, item->rows);
        }
        buffer_format(out,
                      ", \"sha256\": \"%s\", \"records\": %" PRIu64 ", \"loaded\": %" PRIu64
                      ", \"passed_over\": %" PRIu64 ", \"rejected\": %" PRIu64 ", \"rows\": %" PRIu64
                      ", \"invalid\": %" PRIu64 ", \"unknown_values\": %" PRIu64 ", \"state\": \"%s\"}",
                      item->sha256, tally->records, tally->loaded, tally->passed_over, tally->rejected, tally->rows,
                      tally->invalid, tally->unknown_values, state_of(item));
    }
    buffer_append_text(out, "\n]\n");
}

bool validate_command(struct command *command) {
    struct validations all = {0};
    bool done = command->argument_count > 0 ? validate_arguments(command, &all) : validate_folder(command, &all);

    progress_close(&command->progress);
    for (size_t i = 0; i < all.count; i++) {
        command->shortcomings = command->shortcomings || is_faulty(&all.items[i]);
    }
    if (command->options.json_diagnostics) {
        print_json(&command->out, &all);
    } else if (!command->options.quiet && (done || all.count > 0) && !print_text(command, &all)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to print the result");
        return false;
    }
    for (size_t i = 0; i < all.count && !command->options.json_diagnostics; i++) {
        buffer_append_text(&command->out, all.items[i].rows != NULL ? all.items[i].rows : "");
    }
    return done;
}
