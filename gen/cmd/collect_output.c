#include "cmd/collect_output.h"

#include "base/file.h"
#include "base/limits.h"
#include "read/read.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* Reads every record; counts the rows of each type. */
static bool read_records(struct command *command, const struct workspace *workspace,
                         const struct programme_source *source, const char *path, const struct path_match *match,
                         uint64_t *rows, struct collect_output *out) {
    const struct kind *kind = &workspace->schema->kinds[source->kind];
    struct byte_source_descriptor bytes;
    struct record record;
    enum record_status status;
    int descriptor = file_open(path);

    if (descriptor < 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                 "the output of the command cannot be read back; check the disk");
        return false;
    }
    byte_source_descriptor(&bytes, descriptor);
    const struct read_request request = {
        .schema = workspace->schema,
        .kind = kind,
        .path = path,
        .match = match,
        .zone = source->zone,
        .approved_by = source->approved_by,
        .bytes = &bytes.source,
        .diagnostics = out->said,
    };
    struct record_source *records = read_open(&request);
    if (records == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", path);
        close(descriptor);
        return false;
    }
    while ((status = records->next(records, &record)) == RECORD_ROW) {
        rows[kind->rules[record.rule].type]++;
    }
    out->tally = records->tally;
    read_close(records);
    close(descriptor);
    if (status != RECORD_END) {
        collect_output_report(out, path, command->diagnostics);
    }
    return status == RECORD_END;
}

/* A type that the kind must give rows of and that has none, or NULL; as `run` judges an export. */
static const struct evidence_type *empty_type(const struct schema *schema, const struct kind *kind,
                                              const uint64_t *rows) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (!kind->rules[i].may_be_empty && rows[kind->rules[i].type] == 0) {
            return &schema->types[kind->rules[i].type];
        }
    }
    return NULL;
}

static bool recognises(struct command *command, const struct schema *schema, size_t kind, const char *path,
                       bool *recognised) {
    struct buffer bytes = {0};
    size_t *kinds = arena_array(command->arena, schema->kind_count, sizeof *kinds);
    bool done = kinds != NULL && file_read_head(path, LIMIT_RECOGNITION_BYTES, &bytes, command->diagnostics);

    *recognised = false;
    if (done) {
        size_t count = read_detect(schema, bytes.data, bytes.length, kinds, schema->kind_count);
        for (size_t i = 0; i < count; i++) {
            *recognised = *recognised || kinds[i] == kind;
        }
    } else if (kinds == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to recognise %s", path);
    }
    buffer_free(&bytes);
    return done;
}

static bool has_detection(const struct kind *kind) {
    return kind->detect_columns.count + kind->detect_paths.count + kind->detect_lines.count > 0;
}

/* What is wrong with the whole of it; NULL: nothing, or memory is out and `*failed` is set. */
static const char *judge(struct command *command, const struct workspace *workspace,
                         const struct programme_source *source, const char *path, const uint64_t *rows,
                         const struct record_tally *tally, bool *failed) {
    const struct kind *kind = &workspace->schema->kinds[source->kind];
    const struct evidence_type *empty = empty_type(workspace->schema, kind, rows);
    struct arena *arena = command->arena;
    const char *problem = NULL;
    bool recognised = true;

    if (tally->wrong_shape) {
        problem = arena_format(arena, "it is not what kind '%s' describes", kind->id);
    } else if (tally->truncated) {
        problem = "it ends in the middle";
    } else if (tally->records > 0 && tally->rejected == tally->records) {
        problem =
            arena_format(arena, "none of its %" PRIu64 " records can be read as kind '%s'", tally->records, kind->id);
    } else if (empty != NULL && source->empty_reason == NULL) {
        problem =
            arena_format(arena, "it gives no %s (where that is right, declare 'empty:' with a reason)", empty->id);
    } else if (tally->rows > 0 && has_detection(kind)) {
        *failed = !recognises(command, workspace->schema, source->kind, path, &recognised);
        if (!*failed && !recognised) {
            problem = arena_format(arena, "kind '%s' does not recognise it", kind->id);
        }
        return problem;
    } else {
        return NULL;
    }
    *failed = problem == NULL;
    if (*failed) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to judge %s", path);
    }
    return problem;
}

bool collect_output_read(struct command *command, const struct workspace *workspace,
                         const struct programme_source *source, const char *path, const struct path_match *match,
                         struct collect_output *out) {
    uint64_t *rows = arena_array(command->arena, workspace->schema->type_count, sizeof *rows);
    uint64_t size = 0;
    bool failed = false;

    *out = (struct collect_output){.said = diagnostics_new()};
    if (rows == NULL || out->said == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", path);
        return false;
    }
    if (!file_size(path, &size, command->diagnostics)) {
        return false;
    }
    if (size == 0 && source->empty_reason == NULL) {
        out->problem = "it is empty (where that is right, declare 'empty:' with a reason)";
        return true;
    }
    if (!read_records(command, workspace, source, path, match, rows, out)) {
        return false;
    }
    out->problem = judge(command, workspace, source, path, rows, &out->tally, &failed);
    return !failed;
}

struct retelling {
    const char *path;
    struct diagnostics *diagnostics;
};

static bool retell(void *context, const struct diagnostic_view *view) {
    const struct retelling *retelling = context;
    struct place place = view->place;

    place.path = retelling->path;
    for (uint64_t i = 0; i <= view->more; i++) { /* those that were only counted are counted again */
        diagnostics_report(retelling->diagnostics, view->id, &place, "%s", view->text);
    }
    return true;
}

void collect_output_report(const struct collect_output *output, const char *path, struct diagnostics *diagnostics) {
    struct retelling retelling = {path, diagnostics};

    if (output->said != NULL) {
        diagnostics_visit(output->said, retell, &retelling);
    }
}

void collect_output_free(struct collect_output *output) {
    diagnostics_free(output->said);
    *output = (struct collect_output){0};
}
