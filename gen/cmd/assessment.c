#include "cmd/assessment.h"

#include "assess/assess.h"
#include "base/path.h"
#include "base/sandbox.h"
#include "cmd/gather.h"

#include <string.h>

#define ASSESSMENT_MOST_FOLDERS 16

static bool out_of_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to begin the assessment");
    return false;
}

bool assessment_seal(struct command *command, const struct workspace *workspace, const char *const *writable) {
    /* Named singly because each may be a symbolic link that leads out of the folder. */
    const char *const own[] = {
        workspace->folder,    workspace->inputs, workspace->evidence, workspace->schema_folder,
        workspace->templates, "/usr/share",      "/usr/lib/locale", /* how names in archives are read */
        "/etc/ssl",           "/etc/localtime"};
    const size_t count = sizeof own / sizeof own[0];
    const char *const *more = workspace->more_readable;
    size_t more_count = 0;

    while (more != NULL && more[more_count] != NULL) {
        more_count++;
    }
    const char **readable = arena_array(command->arena, count + more_count + 1, sizeof *readable);
    if (readable == NULL) {
        return out_of_memory(command);
    }
    memcpy(readable, own, sizeof own);
    if (more_count > 0) {
        memcpy(readable + count, more, more_count * sizeof *more);
    }
    if (!sandbox_enter(readable, writable, command->diagnostics)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL,
                           "the process could not be confined, so no evidence was read; see the note on the kernel");
        return false;
    }
    return true;
}

bool assessment_configure(struct command *command, struct assessment *out) {
    *out = (struct assessment){0};
    if (!workspace_open_used(command, &out->workspace) ||
        !workspace_choose_period(command, &out->workspace, &out->period)) {
        return false;
    }
    out->out = workspace_out(command, &out->workspace);
    const char *target = out->out != NULL ? path_join(command->arena, out->out, "assessment") : NULL;
    if (target == NULL) {
        return out_of_memory(command);
    }
    out->staging = staging_begin(target, command->diagnostics);
    if (out->staging == NULL) {
        return false;
    }
    out->path = path_join(command->arena, staging_path(out->staging), "assessment.sqlite");
    return out->path != NULL || out_of_memory(command);
}

/* `priors`: what is taken over of earlier periods, by way of the file `scratch`; NULL: nothing. */
static struct store *judge(struct command *command, const struct workspace *workspace,
                           const struct workspace_period *period, const char *path, const struct prior_files *priors,
                           const char *scratch) {
    struct challenge_job *challenges = challenge_job_begin(workspace->schema, command->diagnostics);
    const struct store_options options = {
        .period = period->id,
        .span = period->span,
        .as_of = period->as_of,
        .profile = command->options.profile,
        .version = COMMAND_VERSION,
    };
    struct store *store = challenges == NULL ? NULL
                                             : store_create(path, workspace->schema, workspace->programme, &options,
                                                            command->diagnostics);
    bool done = store != NULL && (priors == NULL || prior_take(command, priors, scratch, store)) &&
                gather_evidence(command, workspace, period, store, NULL) && store_load_finish(store) &&
                assess_run(store, path, workspace->schema, workspace->programme, challenges, &command->progress,
                           command->diagnostics) &&
                store_note_diagnostics(store, command->diagnostics, workspace->folder);
    challenge_job_free(challenges);
    if (!done) {
        store_free(store);
    }
    return done ? store : NULL;
}

struct store *assessment_judge(struct command *command, const struct workspace *workspace,
                               const struct workspace_period *period, const char *path) {
    return judge(command, workspace, period, path, NULL, NULL);
}

bool assessment_gather(struct command *command, const char *const *writable, struct assessment *out) {
    const char *folders[ASSESSMENT_MOST_FOLDERS] = {out->out};
    size_t count = 1;

    for (size_t i = 0; writable != NULL && writable[i] != NULL && count + 1 < ASSESSMENT_MOST_FOLDERS; i++) {
        folders[count++] = writable[i];
    }
    if (!assessment_seal(command, &out->workspace, folders)) {
        return false;
    }
    const char *scratch = arena_format(command->arena, "%s.prior", out->path);
    if (scratch == NULL) {
        return out_of_memory(command);
    }
    out->store = judge(command, &out->workspace, &out->period, out->path, &out->priors, scratch);
    return out->store != NULL;
}

void assessment_close(struct assessment *assessment) {
    store_free(assessment->store);
    assessment->store = NULL;
    staging_end(assessment->staging);
    assessment->staging = NULL;
}
