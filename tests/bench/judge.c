/*
 * Loads a programme as a run does, makes its store as large as an SQL script says, and judges it:
 *   judge PROGRAMME PERIOD STORE SCRIPT [each]
 * Prints the wall-clock and CPU seconds of the judgement alone (coverage, challenges, tests, findings) and the most
 * memory that the process held while it was made, in KiB; with `each` also the CPU seconds of making the views that
 * tests share, and of every test's query by itself.
 */
#include "assess/assess.h"
#include "assess/bind.h"
#include "base/file.h"
#include "cmd/gather.h"
#include "cmd/workspace.h"
#include "store/guard.h"
#include "store/share.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_SCRIPT (1u << 20)
#define MOST_STATUS 8192

static double seconds(clockid_t clock) {
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* From here on /proc tells the most memory anew. */
static void forget_memory(void) {
    int descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        if (write(descriptor, "5", 1) != 1) {
            fprintf(stderr, "the most memory counts from the start of the process\n");
        }
        close(descriptor);
    }
}

static long most_memory(void) {
    char text[MOST_STATUS];
    long found = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(text, sizeof text, status) != NULL) {
        if (strncmp(text, "VmHWM:", 6) == 0) {
            found = strtol(text + 6, NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return found;
}

static bool enlarge(struct store *store, const char *path, struct diagnostics *diagnostics) {
    struct buffer script = {0};
    char *message = NULL;
    bool done = file_read(path, MOST_SCRIPT, &script, diagnostics) && buffer_text(&script) != NULL;

    if (done && sqlite3_exec(store_connection(store), buffer_text(&script), NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, message);
        done = false;
    }
    sqlite3_free(message);
    buffer_free(&script);
    return done;
}

static bool judge(struct command *command, struct workspace *workspace, struct store *store, const char *path) {
    struct challenge_job *challenges = challenge_job_begin(workspace->schema, command->diagnostics);

    forget_memory();
    double wall = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    bool done = challenges != NULL && assess_run(store, path, workspace->schema, workspace->programme, challenges,
                                                 &command->progress, command->diagnostics);
    if (done) {
        printf("%.2f %.2f %ld\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
               most_memory());
        fflush(stdout);
    }
    challenge_job_free(challenges);
    return done;
}

static bool time_test(struct guard *guard, const struct workspace *workspace, const struct workspace_period *period,
                      const struct control *control, const struct test *test, struct diagnostics *diagnostics) {
    const struct bind_values values = {
        .control = control, .programme = workspace->programme, .period = period->span, .as_of = period->as_of};
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct guard_query *query = guard_prepare(guard, test->query, &test->query_place);
    bool done = query != NULL && bind_parameters(query, &values, test, NULL, diagnostics);
    enum guard_step step = GUARD_FAILED;
    uint64_t rows = 0;

    while (done && (step = guard_step(query)) == GUARD_ROW) {
        rows++;
    }
    printf("%8.3f %9" PRIu64 " %s%s\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, rows, test->id,
           step == GUARD_DONE ? "" : " (stopped)");
    fflush(stdout);
    guard_query_free(query);
    return done;
}

static bool time_each(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                      const char *path) {
    struct share *share = share_new(workspace->schema, command->diagnostics);
    struct guard *guard = guard_open(path, period->as_of, command->diagnostics);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    bool done = share != NULL && guard != NULL && share_make(share, path, period->as_of, NULL, command->diagnostics) &&
                share_join(share, guard);
    printf("%8.3f %9s shared views\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, "");

    for (size_t c = 0; done && c < workspace->schema->control_count; c++) {
        const struct control *control = &workspace->schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++) {
            if (control->tests[t].query != NULL) {
                time_test(guard, workspace, period, control, &control->tests[t], command->diagnostics);
            }
        }
    }
    guard_free(guard);
    share_free(share);
    return done;
}

static bool work(struct command *command, const char *store_path, const char *script, bool each) {
    struct workspace workspace;
    struct workspace_period period;

    if (!workspace_open_used(command, &workspace) || !workspace_choose_period(command, &workspace, &period)) {
        return false;
    }
    const struct store_options options = {period.id, period.span, period.as_of, "portfolio", COMMAND_VERSION};
    struct store *store =
        store_create(store_path, workspace.schema, workspace.programme, &options, command->diagnostics);
    bool done = store != NULL && gather_evidence(command, &workspace, &period, store, NULL) &&
                store_load_finish(store) && enlarge(store, script, command->diagnostics) &&
                judge(command, &workspace, store, store_path) &&
                (!each || time_each(command, &workspace, &period, store_path));
    store_free(store);
    return done;
}

int main(int argc, char **argv) {
    struct command command = {.arena = arena_new(), .diagnostics = diagnostics_new()};
    bool done = false;

    if (argc < 5 || command.arena == NULL || command.diagnostics == NULL || !store_start()) {
        fprintf(stderr, "usage: judge PROGRAMME PERIOD STORE SCRIPT [each]\n");
        return 2;
    }
    command.options = (struct command_options){.folder = argv[1], .period = argv[2], .profile = "portfolio"};
    done = work(&command, argv[3], argv[4], argc > 5);
    struct buffer said = {0};
    diagnostics_print(command.diagnostics, DIAGNOSTIC_SETUP, false, &said);
    fputs(buffer_text(&said) != NULL ? buffer_text(&said) : "", stderr);
    buffer_free(&said);
    arena_free(command.arena);
    diagnostics_free(command.diagnostics);
    return done ? 0 : 1;
}
