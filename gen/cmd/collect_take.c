#include "cmd/collect_take.h"

#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "cmd/collect_copy.h"
#include "cmd/collect_due.h"
#include "cmd/collect_environment.h"
#include "cmd/collect_output.h"
#include "cmd/collect_said.h"
#include "cmd/collect_sidecar.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VERSION_SECONDS 60
#define VERSION_BYTES   4096
#define VERSION_SHOWN   300

/* One collection, from the names of its files to the files. */
struct taking {
    struct command *command;
    const struct workspace *workspace;
    const struct file_list *list; /* of the evidence there was before */
    const struct programme_source *source;
    struct collect_words words;
    struct collect_environment environment;
    const char *name;         /* of the evidence, below inputs/evidence */
    const char *path;         /* the same from here */
    const char *sidecar_path; /* beside it */
    const char *output_path;  /* where the output waits */
    const char *draft_path;   /* where the sidecar waits */
    const char *const *argv;
    const char *program;
    const char *program_sha256;
    const char *version;
    struct process_result process;
    int64_t started_at;
    int64_t ended_at;
    const char *earlier; /* an export that this one is once more, or NULL */
    struct collect_result *out;
    bool broken; /* the system failed, or the process was told to end: nothing further is to be collected */
};

static bool broken(struct taking *taking) {
    taking->broken = true;
    return false;
}

static bool no_memory(struct taking *taking) {
    diagnostics_report(taking->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to collect source '%s'",
                       taking->source->id);
    return broken(taking);
}

/* A text with {date}, {from}, {to}, {until} (and {period}, in paths) filled in. Other braces stay as they are. */
static const char *fill(struct taking *taking, const char *text) {
    const struct collect_words *words = &taking->words;
    const char *const marks[][2] = {{"{date}", words->date},
                                    {"{period}", words->date},
                                    {"{from}", words->from},
                                    {"{to}", words->to},
                                    {"{until}", words->until}};
    struct buffer filled = {0};

    while (*text != '\0') {
        size_t i = 0;
        while (i < sizeof marks / sizeof marks[0] && strncmp(text, marks[i][0], strlen(marks[i][0])) != 0) {
            i++;
        }
        if (i < sizeof marks / sizeof marks[0]) {
            buffer_append_text(&filled, marks[i][1]);
            text += strlen(marks[i][0]);
        } else {
            buffer_append_byte(&filled, *text++);
        }
    }
    const char *whole = buffer_text(&filled);
    const char *copy = whole != NULL ? arena_text(taking->command->arena, whole) : NULL;
    buffer_free(&filled);
    return copy;
}

static const char *const *fill_all(struct taking *taking, const struct text_list *words) {
    const char **filled = arena_array(taking->command->arena, words->count + 1, sizeof *filled);

    for (size_t i = 0; filled != NULL && i < words->count; i++) {
        filled[i] = fill(taking, words->items[i]);
        if (filled[i] == NULL) {
            return NULL;
        }
    }
    return filled;
}

static const char *day_text(struct taking *taking, int64_t at) {
    char text[DATETIME_ISO_BYTES];

    datetime_date(at, text);
    return arena_text(taking->command->arena, text);
}

static bool name_files(struct taking *taking, const char *folder, struct span span) {
    struct arena *arena = taking->command->arena;
    struct collect_words *words = &taking->words;

    words->date = collect_due_name(arena, taking->source->command->covers, span);
    words->from = day_text(taking, span.from);
    words->to = day_text(taking, span.until - 1);
    words->until = day_text(taking, span.until);
    if (words->date == NULL || words->from == NULL || words->to == NULL || words->until == NULL) {
        return no_memory(taking);
    }
    taking->name = fill(taking, taking->source->path);
    taking->path = taking->name == NULL ? NULL : path_join(arena, taking->workspace->evidence, taking->name);
    taking->sidecar_path = taking->path == NULL ? NULL : arena_format(arena, "%s.meta.yaml", taking->path);
    taking->output_path = arena_format(arena, "%s/%s.output", folder, taking->source->id);
    taking->draft_path = arena_format(arena, "%s/%s.meta.yaml", folder, taking->source->id);
    taking->argv = fill_all(taking, &taking->source->command->argv);
    return (taking->sidecar_path != NULL && taking->output_path != NULL && taking->draft_path != NULL &&
            taking->argv != NULL) ||
           no_memory(taking);
}

/* The name must be free, and this source the only one that claims it. */
static bool check_name(struct taking *taking) {
    const struct programme *programme = taking->workspace->programme;
    struct diagnostics *diagnostics = taking->command->diagnostics;
    struct path_match match;

    for (size_t i = 0; i < programme->source_count; i++) {
        const struct programme_source *other = &programme->sources[i];
        if (other != taking->source && path_match(other->path, taking->name, &match)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_SOURCE_AMBIGUOUS, &taking->source->place,
                               "the file %s of source '%s' would be claimed by source '%s' (%s) as well; make one path "
                               "narrower",
                               taking->name, taking->source->id, other->id, other->path);
            return false;
        }
    }
    if (!file_exists(taking->path) && file_exists(taking->sidecar_path)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_SIDECAR, &(struct place){.path = taking->sidecar_path},
                           "a sidecar without its file stands where source '%s' would put its own; add its file, or "
                           "remove it and collect again",
                           taking->source->id);
        return false;
    }
    if (file_exists(taking->path)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_COLLECT_EXISTS, &(struct place){.path = taking->path},
                           "source '%s' has an export of this name, and evidence is never overwritten; it stays as it "
                           "is, and if it is wrong move it and its sidecar away first",
                           taking->source->id);
        taking->out->state = COLLECT_THERE;
        taking->out->path = taking->path;
        return false;
    }
    return true;
}

static bool find_program(struct taking *taking, const char *name, const char **out) {
    struct buffer found = {0};

    *out = NULL;
    if (process_find(name, taking->workspace->folder, taking->environment.path, &found)) {
        *out = arena_text(taking->command->arena, buffer_text(&found));
        if (*out == NULL) {
            no_memory(taking);
        }
    } else {
        diagnostics_report(taking->command->diagnostics, DIAGNOSTIC_COLLECT_START, &taking->source->command->place,
                           "the program '%.120s' of source '%s' is not there or not executable; install it, put its "
                           "folder on PATH where collect runs, or write its path from the programme folder",
                           name, taking->source->id);
    }
    buffer_free(&found);
    return *out != NULL;
}

/* The digest of the program tells which edition of a script made an export. Without it the export is still good. */
static bool digest_program(struct taking *taking) {
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];
    const char *joined = path_join(taking->command->arena, taking->workspace->folder, taking->program);
    char *path = joined != NULL ? realpath(joined, NULL) : NULL;

    if (path != NULL && file_digest(path, digest)) {
        digest_hex(digest, hex);
        taking->program_sha256 = arena_text(taking->command->arena, hex);
    }
    free(path);
    return joined != NULL || no_memory(taking);
}

struct memory_sink {
    struct byte_sink sink;
    struct buffer text;
};

static bool write_memory(struct byte_sink *sink, const void *bytes, size_t length) {
    struct memory_sink *memory = (struct memory_sink *)sink;

    buffer_append(&memory->text, bytes, length);
    return !memory->text.failed;
}

/* Asks the tool which edition it is. */
static bool ask_version(struct taking *taking) {
    const struct text_list *words = &taking->source->command->version;
    struct memory_sink memory = {.sink.write = write_memory};
    const char *program = NULL;
    bool done = false;

    if (words->count == 0) {
        return true;
    }
    const char *const *argv = fill_all(taking, words);
    if (argv == NULL) {
        return no_memory(taking);
    }
    if (!find_program(taking, argv[0], &program)) {
        return false;
    }
    const struct process_request request = {
        .program = program,
        .argv = argv,
        .environment = taking->environment.entries,
        .folder = taking->workspace->folder,
        .seconds = VERSION_SECONDS,
        .most_bytes = VERSION_BYTES,
        .out = &memory.sink,
    };
    process_run(&request, &taking->process);
    if (taking->process.end != PROCESS_EXITED || taking->process.code != 0) {
        taking->broken = !collect_said_failure(taking->command, taking->source, &taking->environment, &taking->process,
                                               "version command", &request, NULL);
        goto end;
    }
    /* Some print it on standard error. */
    bool silent = memory.text.length == 0;
    taking->version = collect_said_text(taking->command->arena, &taking->environment,
                                        silent ? taking->process.err_tail : buffer_text(&memory.text),
                                        silent ? taking->process.err_tail_length : memory.text.length, VERSION_SHOWN);
    done = taking->version != NULL || no_memory(taking);

end:
    buffer_free(&memory.text);
    return done;
}

static bool cannot_write(struct taking *taking, const char *path, int error) {
    diagnostics_report_errno(
        taking->command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, error,
        "what the command of source '%s' prints cannot be kept, check the folder's permissions and "
        "free space",
        taking->source->id);
    return broken(taking);
}

/* Says why there is no evidence, and takes away what must not stay. */
static bool judge_end(struct taking *taking, const struct process_request *request, const char *secret) {
    struct diagnostics *diagnostics = taking->command->diagnostics;
    bool good = taking->process.end == PROCESS_EXITED && taking->process.code == 0;
    bool kept = secret == NULL && taking->process.out_bytes > 0;

    if (!kept && (!good || secret != NULL)) {
        unlink(taking->output_path);
    }
    if (secret != NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_COLLECT_SECRET, &taking->source->command->place,
                           "what the command of source '%s' printed holds the value of %s, so it was thrown away; let "
                           "the command not print it",
                           taking->source->id, secret);
    }
    if (!good) {
        taking->broken = !collect_said_failure(taking->command, taking->source, &taking->environment, &taking->process,
                                               "command", request, kept ? taking->output_path : NULL);
    }
    return good && secret == NULL;
}

static bool run_program(struct taking *taking) {
    const struct programme_command *command = taking->source->command;
    struct byte_sink_descriptor file;
    struct byte_sink_digest tap = {0};
    struct collect_environment_sink watch = {0};
    uint8_t digest[DIGEST_BYTES];
    int error = 0;
    bool done = false;

    unlink(taking->output_path);
    unlink(taking->draft_path);
    int descriptor = file_open_new(taking->output_path, 0644);
    if (descriptor < 0) {
        return cannot_write(taking, taking->output_path, errno);
    }
    byte_sink_descriptor(&file, descriptor);
    if (!byte_sink_digest_open(&tap, &file.sink)) {
        no_memory(taking);
        goto end;
    }
    collect_environment_watch(&watch, &taking->environment, &tap.sink);
    const struct process_request request = {
        .program = taking->program,
        .argv = taking->argv,
        .environment = taking->environment.entries,
        .folder = taking->workspace->folder,
        .seconds = command->timeout,
        .most_bytes = (uint64_t)command->most_bytes,
        .out = &watch.sink,
    };
    /* The clock itself: SOURCE_DATE_EPOCH would let evidence be dated by whoever sets it. */
    taking->started_at = (int64_t)time(NULL);
    process_run(&request, &taking->process);
    taking->ended_at = (int64_t)time(NULL);
    error = file.error;
    done = byte_sink_digest_close(&tap, digest);
    if (!done) {
        no_memory(taking);
        goto end;
    }
    digest_hex(digest, taking->out->sha256);
    if (error == 0 && fsync(descriptor) != 0 && errno != EINVAL) {
        error = errno;
    }
    done = error == 0 && judge_end(taking, &request, watch.found);

end:
    byte_sink_digest_close(&tap, digest);
    buffer_free(&watch.carry);
    if (close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    return error == 0 ? done : cannot_write(taking, taking->output_path, error);
}

/* Sidecar first: should the process die in between, a sidecar without its file is said by every later command. */
static bool publish(struct taking *taking, const struct record_tally *tally) {
    struct diagnostics *diagnostics = taking->command->diagnostics;
    struct buffer text = {0};
    bool taken = false;
    const struct collect_sidecar sidecar = {
        .source = taking->source,
        .environment = &taking->environment,
        .words = &taking->words,
        .argv = taking->argv,
        .program = taking->program,
        .program_sha256 = taking->program_sha256,
        .version = taking->version,
        .started_at = taking->started_at,
        .ended_at = taking->ended_at,
        .result = &taking->process,
        .sha256 = taking->out->sha256,
        .tally = tally,
        .copy = taking->earlier != NULL,
    };

    collect_sidecar_write(&sidecar, &text);
    const char *parent = path_parent(taking->command->arena, taking->path);
    bool done = buffer_text(&text) != NULL && parent != NULL;
    if (!done) {
        no_memory(taking);
    }
    done = done && file_make_directory(parent, diagnostics) &&
           file_create(taking->draft_path, text.data, text.length, 0644, diagnostics) &&
           file_move_new(taking->draft_path, taking->sidecar_path, &taken, diagnostics);
    if (done && !file_move_new(taking->output_path, taking->path, &taken, diagnostics)) {
        unlink(taking->sidecar_path);
        done = false;
    }
    buffer_free(&text);
    if (taken) {
        diagnostics_report(diagnostics, DIAGNOSTIC_COLLECT_FAILED, &(struct place){.path = taking->path},
                           "a file of this name came to be there while the command of source '%s' ran; it stays, and "
                           "what the command printed is kept in %s until the next try: see which is right",
                           taking->source->id, taking->output_path);
        return false;
    }
    return done || broken(taking);
}

static bool judge_output(struct taking *taking) {
    struct diagnostics *diagnostics = taking->command->diagnostics;
    struct collect_output output = {0};
    struct path_match match;
    bool done = false;

    if (!path_match(taking->source->path, taking->name, &match)) {
        match = (struct path_match){0};
    }
    if (!collect_output_read(taking->command, taking->workspace, taking->source, taking->output_path, &match,
                             &output)) {
        broken(taking);
        goto end;
    }
    if (output.problem != NULL) {
        bool kept = taking->process.out_bytes > 0;
        if (kept) {
            collect_output_report(&output, taking->output_path, diagnostics);
        } else {
            unlink(taking->output_path);
        }
        diagnostics_report(diagnostics, DIAGNOSTIC_COLLECT_REJECTED, &taking->source->command->place,
                           "what the command of source '%s' printed is no evidence: %s%s%s; correct the command, or "
                           "the source's kind",
                           taking->source->id, output.problem, kept ? "; it is kept in " : "",
                           kept ? taking->output_path : "");
        goto end;
    }
    taking->out->records = output.tally.records;
    taking->out->rows = output.tally.rows;
    done = publish(taking, &output.tally);
    if (done) {
        collect_output_report(&output, taking->path, diagnostics);
    }

end:
    collect_output_free(&output);
    return done;
}

/* A copy is kept and does not count: somebody has to look into it. */
static bool look_for_copy(struct taking *taking) {
    if (!collect_copy_find(taking->command, taking->workspace, taking->source, taking->list, taking->process.out_bytes,
                           taking->out->sha256, &taking->earlier)) {
        return broken(taking);
    }
    return true;
}

static void report_copy(struct taking *taking) {
    diagnostics_report(
        taking->command->diagnostics, DIAGNOSTIC_COLLECT_COPY, &(struct place){.path = taking->path},
        "the command of source '%s' printed %s once more, down to the last moments that it tells of; see "
        "whether it asks anew, and if it does, add `collected_at` with the value of `started_at` to the "
        "sidecar: without that `run` does not count it",
        taking->source->id, taking->earlier);
}

bool collect_take(struct command *command, const struct collect_place *place, const struct programme_source *source,
                  struct span span, struct collect_result *out) {
    struct taking taking = {
        .command = command, .workspace = place->workspace, .list = place->list, .source = source, .out = out};

    out->source = source->id;
    out->state = COLLECT_NONE;
    if (!name_files(&taking, place->folder, span) || !check_name(&taking) ||
        !collect_environment_open(command, source, &taking.words, &taking.environment) ||
        !find_program(&taking, taking.argv[0], &taking.program) || !digest_program(&taking) || !ask_version(&taking) ||
        !run_program(&taking) || !look_for_copy(&taking) || !judge_output(&taking)) {
        return !taking.broken;
    }
    out->state = COLLECT_STORED;
    out->path = taking.path;
    if (taking.process.err_bytes > 0) {
        collect_said_complaint(command, source, &taking.environment, &taking.process);
    }
    if (taking.earlier != NULL) {
        report_copy(&taking);
    }
    return true;
}
