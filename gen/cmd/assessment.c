#include "cmd/assessment.h"

#include "assess/assess.h"
#include "base/path.h"
#include "base/sandbox.h"
#include "cmd/gather.h"

#define ASSESSMENT_MOST_FOLDERS 16

static bool out_of_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to begin the assessment");
    return false;
}

bool assessment_seal(struct command *command, const struct workspace *workspace, const char *const *writable) {
    /* Named singly because each may be a symbolic link that leads out of the folder. */
    const char *const readable[] = {workspace->folder,
                                    workspace->inputs,
                                    workspace->evidence,
                                    workspace->schema_folder,
                                    workspace->templates,
                                    "/usr/share",
                                    "/usr/lib/locale", /* how names in archives are read */
                                    "/etc/ssl",
                                    "/etc/localtime",
                                    NULL};

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
    out->out = command->options.out != NULL ? command->options.out : workspace_path(command, &out->workspace, "out");
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

struct store *assessment_judge(struct command *command, const struct workspace *workspace,
                               const struct workspace_period *period, const char *path) {
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
    bool done = store != NULL && gather_evidence(command, workspace, period, store, NULL) &&
                assess_run(store, path, workspace->schema, workspace->programme, challenges, &command->progress,
                           command->diagnostics) &&
                store_note_diagnostics(store, command->diagnostics, workspace->folder);
    challenge_job_free(challenges);
    if (!done) {
        store_free(store);
    }
    return done ? store : NULL;
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
    out->store = assessment_judge(command, &out->workspace, &out->period, out->path);
    return out->store != NULL;
}

bool assessment_make(struct command *command, const char *const *writable, struct assessment *out) {
    return assessment_configure(command, out) && assessment_gather(command, writable, out);
}

void assessment_close(struct assessment *assessment) {
    store_free(assessment->store);
    assessment->store = NULL;
    staging_end(assessment->staging);
    assessment->staging = NULL;
}
