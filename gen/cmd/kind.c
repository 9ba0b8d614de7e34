#include "cmd/command.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/hint.h"
#include "cmd/listing.h"
#include "cmd/readout.h"
#include "cmd/workspace.h"
#include "read/infer.h"
#include "read/read.h"

#include <string.h>

#define KINDS_NAMED 4
#define DRAFT_PATH  "the draft"

/* ---- list ---- */

static const char *types_of(struct command *command, const struct schema *schema, const struct kind *kind) {
    struct text_list names = {0};

    for (size_t i = 0; i < kind->rule_count; i++) {
        const char *id = schema->types[kind->rules[i].type].id;
        bool listed = false;
        for (size_t j = 0; j < names.count && !listed; j++) {
            listed = strcmp(names.items[j], id) == 0;
        }
        if (!listed && !listing_add(command, &names, id)) {
            return NULL;
        }
    }
    return listing_join(command, &names);
}

/* By what of a file its kind is told. */
static const char *recognised_by(struct command *command, const struct kind *kind) {
    size_t names = kind->detect_columns.count + kind->detect_paths.count + kind->detect_lines.count;
    const char *what = kind->detect_columns.count > 0 ? "column" : kind->detect_paths.count > 0 ? "path" : "line";

    if (names == 0) {
        return kind->format == FORMAT_DOCUMENT ? "its source" : "nothing";
    }
    return arena_format(command->arena, "%zu %s%s", names, what, names == 1 ? "" : "s");
}

static bool fill_kinds(struct command *command, const struct schema *schema, struct text_list *cells) {
    for (size_t i = 0; i < schema->kind_count; i++) {
        const struct kind *kind = &schema->kinds[i];
        if (!listing_add(command, cells, kind->id) ||
            !listing_add(command, cells, kind->vendor != NULL ? kind->vendor : "") ||
            !listing_add(command, cells, schema_format_names[kind->format]) ||
            !listing_add(command, cells, recognised_by(command, kind)) ||
            !listing_add(command, cells, types_of(command, schema, kind))) {
            return false;
        }
    }
    return true;
}

/* ---- infer ---- */

struct inference {
    const char *path;
    struct workspace workspace;
    struct buffer bytes;
    struct infer_request request;
    struct infer_draft draft;
    struct buffer yaml;
};

/* The options that only `infer` has. */
static bool read_wishes(struct command *command, struct inference *inference) {
    const struct schema *schema = inference->workspace.schema;
    const char *type = command->options.type;
    const char *id = command->options.id;

    inference->request =
        (struct infer_request){.schema = schema, .name = path_name(inference->path), .id = id, .type = SIZE_MAX};
    if (type != NULL) {
        inference->request.type = schema_type(schema, type);
        if (inference->request.type == SIZE_MAX) {
            const char *near = text_nearest(type, schema->types, schema->type_count, sizeof *schema->types);
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "no evidence type \"%s\"%s%s%s; `tickmark show types` lists them", type,
                               near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                               near != NULL ? "?)" : "");
            return false;
        }
    }
    if (id != NULL && (!infer_id_valid(id) || schema_kind(schema, id) != SIZE_MAX)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           schema_kind(schema, id) != SIZE_MAX
                               ? "there is a kind %s already; choose another --id"
                               : "--id wants the name of a kind, a-z first, then a-z, 0-9, '-' and '_', not \"%s\"",
                           id);
        return false;
    }
    return true;
}

/* Kinds that claim the sample before there is the new one: two that claim a file are an error. How many there are. */
static size_t report_claims(struct command *command, const struct inference *inference) {
    struct schema *schema = inference->workspace.schema;
    struct place place = {.path = inference->path};
    size_t kinds[KINDS_NAMED];
    size_t count = read_detect(schema, inference->bytes.data, inference->bytes.length, kinds, KINDS_NAMED);

    for (size_t i = 0; i < count && i < KINDS_NAMED; i++) {
        const struct kind *kind = &schema->kinds[kinds[i]];
        diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_CLAIMED, &place,
                           "the kind %s recognises this file already, at %s:%llu; use that one, or make its `detect:` "
                           "stricter before you add the draft",
                           kind->id, kind->place.path, (unsigned long long)kind->place.line);
    }
    return count;
}

/* Reads the sample by the draft, as `validate` would, with times without a zone as UTC. */
static bool read_by_draft(struct command *command, const struct inference *inference, struct buffer *out) {
    const struct schema *schema = inference->workspace.schema;
    const struct kind *kind = &schema->kinds[schema->kind_count - 1];
    struct diagnostics *said = diagnostics_new(); /* about the records: `validate` says it again */
    struct byte_source_memory bytes;
    struct path_match match = {0};
    struct readout readout = {0};
    struct record record;
    bool done = false;

    byte_source_memory(&bytes, inference->bytes.data, inference->bytes.length);
    const struct read_request request = {
        .schema = schema,
        .kind = kind,
        .path = inference->path,
        .match = &match,
        .zone = 0,
        .bytes = &bytes.source,
        .diagnostics = said,
    };
    struct record_source *records = said == NULL ? NULL : read_open(&request);
    if (records != NULL && readout_begin(command->arena, schema, kind, UINT64_MAX, &readout)) {
        enum record_status status;
        while ((status = records->next(records, &record)) == RECORD_ROW) {
            readout_add(&readout, &record);
        }
        readout_print(&readout, &records->tally,
                      "as read by the draft; check every value against the export by hand, then remove this line", out);
        done = status == RECORD_END && !out->failed;
        readout_free(&readout);
    }
    read_close(records);
    diagnostics_free(said);
    if (!done) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", inference->path);
    }
    return done;
}

/* --test: FOLDER/<id>/ with the export and what was read of it. */
static bool write_test(struct command *command, const struct inference *inference) {
    const char *folder = path_join(command->arena, command->options.test, inference->draft.id);
    const char *name = arena_format(command->arena, "export.%s", inference->draft.extension);
    const char *export = folder != NULL && name != NULL ? path_join(command->arena, folder, name) : NULL;
    const char *expected = folder != NULL ? path_join(command->arena, folder, "expected.json") : NULL;
    struct buffer rows = {0};

    if (export == NULL || expected == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the paths of the test");
        return false;
    }
    if (inference->bytes.length > LIMIT_TEST_EXPORT_BYTES) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = inference->path},
                           "a test's export is read by people: cut this one to a few records, good and bad ones, and "
                           "to less than %u bytes",
                           LIMIT_TEST_EXPORT_BYTES);
        return false;
    }
    if (file_exists(export) || file_exists(expected)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = folder},
                           "there is a test of that kind already; choose another --id or folder, nothing is "
                           "overwritten");
        return false;
    }
    bool done = read_by_draft(command, inference, &rows) && file_make_directory(folder, command->diagnostics) &&
                file_create(export, inference->bytes.data, inference->bytes.length, 0644, command->diagnostics) &&
                file_create(expected, rows.data, rows.length, 0644, command->diagnostics);
    buffer_free(&rows);
    return done;
}

/* --save: never over a file that is there. */
static bool save(struct command *command, const struct inference *inference, const char *path) {
    if (file_exists(path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = path},
                           "there is a file of that name; choose another --id, nothing is overwritten");
        return false;
    }
    const char *folder = path_parent(command->arena, path);
    return folder != NULL && file_make_directory(folder, command->diagnostics) &&
           file_create(path, inference->yaml.data, inference->yaml.length, 0644, command->diagnostics);
}

/* The draft must load, whatever the sample held: it is read as schema/kinds/ID.yaml would be. */
static bool draft(struct command *command, struct inference *inference) {
    struct schema *schema = inference->workspace.schema;
    struct place place = {.path = inference->path};
    const char *next = hint_command(command, "validate --rows", inference->path);

    if (!infer_kind(command->arena, &inference->request, &inference->yaml, &inference->draft)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to draft a kind");
        return false;
    }
    if (inference->draft.refusal != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_UNDRAFTED, &place, "%s", inference->draft.refusal);
        return true;
    }
    const char *name = arena_format(command->arena, "kinds/%s.yaml", inference->draft.id);
    const char *path = name != NULL ? path_join(command->arena, inference->workspace.schema_folder, name) : NULL;
    if (next == NULL || path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the path of the kind");
        return false;
    }
    if (report_claims(command, inference) > 0 && command->options.save && command->options.id == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &place,
                           "the draft is not saved, since no file can be read that two kinds recognise; where you want "
                           "it all the same, name it with --id");
        return false;
    }
    if (!schema_add_kind(command->arena, schema, DRAFT_PATH, inference->yaml.data, inference->yaml.length,
                         command->diagnostics) ||
        (command->options.test != NULL && !write_test(command, inference))) {
        return false;
    }
    if (!command->options.save) {
        buffer_append(&command->out, inference->yaml.data, inference->yaml.length);
    } else if (!save(command, inference, path)) {
        return false;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_KIND_DRAFTED, &place,
                       "drafted %s, as %s; %s %s, decide what is marked " INFER_OPEN
                       " (%zu), then look at what it reads: %s",
                       inference->draft.id, inference->draft.type, command->options.save ? "read it in" : "save it as",
                       path, inference->draft.open, next);
    return true;
}

static bool infer(struct command *command) {
    struct inference inference = {.path = command->argument_count == 2 ? command->arguments[1] : NULL};
    bool done = false;

    if (inference.path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`kind infer` wants one file, a sample of the export; see `tickmark kind --help`");
        return false;
    }
    if (workspace_open_schema(command, &inference.workspace) && read_wishes(command, &inference) &&
        file_read_head(inference.path, LIMIT_RECOGNITION_BYTES, &inference.bytes, command->diagnostics)) {
        inference.request.bytes = inference.bytes.data != NULL ? inference.bytes.data : "";
        inference.request.length = inference.bytes.length;
        inference.request.cut = inference.bytes.length == LIMIT_RECOGNITION_BYTES;
        done = draft(command, &inference);
    }
    buffer_free(&inference.bytes);
    buffer_free(&inference.yaml);
    return done;
}

bool kind_command(struct command *command) {
    static const struct terminal_column columns[] = {
        {"Kind", false}, {"Vendor", false}, {"Format", false}, {"Recognised by", false}, {"Types", false}};
    static const struct listing kinds = {"kinds", columns, sizeof columns / sizeof columns[0], fill_kinds};
    const char *action = command->argument_count > 0 ? command->arguments[0] : "";
    bool drafting = command->options.type != NULL || command->options.id != NULL || command->options.test != NULL ||
                    command->options.save;

    if (strcmp(action, "infer") == 0) {
        return infer(command);
    }
    if (strcmp(action, "list") == 0 && command->argument_count == 1 && !drafting) {
        return listing_print(command, &kinds);
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       strcmp(action, "list") == 0
                           ? "`kind list` takes neither files nor --type, --id, --save and --test"
                           : "`kind` knows two actions: `tickmark kind list` and `tickmark kind infer FILE`");
    return false;
}
