#include "cmd/command.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "cmd/workspace.h"

#include <string.h>

/* Where `make install` puts schema and templates; a programme folder given by -C comes first. */
#ifndef TICKMARK_SHARE
#define TICKMARK_SHARE "/usr/local/share/tickmark"
#endif

static bool copy_folder(struct command *command, const char *from, const char *to) {
    struct file_list list;

    if (!file_list(command->arena, from, false, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct buffer bytes = {0};
        char *source = path_join(command->arena, from, list.entries[i].path);
        char *target = path_join(command->arena, to, list.entries[i].path);
        char *folder = target != NULL ? path_parent(command->arena, target) : NULL;
        bool copied = source != NULL && folder != NULL && file_make_directory(folder, command->diagnostics) &&
                      file_read(source, LIMIT_YAML_BYTES, &bytes, command->diagnostics) &&
                      file_create(target, bytes.data, bytes.length, 0644, command->diagnostics);
        buffer_free(&bytes);
        if (!copied) {
            return false;
        }
    }
    return true;
}

/* The folder that schema/ and templates/ are copied from. */
static const char *find_model(struct command *command) {
    const char *const candidates[] = {command->options.folder, TICKMARK_SHARE};

    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const char *schema = path_join(command->arena, candidates[i], "schema");
        if (schema != NULL && file_is_directory(schema)) {
            return candidates[i];
        }
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_NO_PROGRAMME, &(struct place){.path = command->options.folder},
                       "no schema/ here nor in " TICKMARK_SHARE "; name a folder that has schema/ and templates/ with "
                       "-C DIR");
    return NULL;
}

static bool target_is_free(struct command *command, const char *target) {
    struct file_list list;

    if (file_exists(target) && !file_is_directory(target)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = target},
                           "there is a file of that name; choose another folder");
        return false;
    }
    if (!file_list(command->arena, target, true, &list, command->diagnostics)) {
        return false;
    }
    if (list.count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = target},
                           "the folder is not empty; choose a new one, nothing is overwritten");
        return false;
    }
    return true;
}

static bool write_inputs(struct command *command, const char *model, const char *target) {
    char *evidence = arena_format(command->arena, "%s/inputs/evidence", target);
    char *programme = arena_format(command->arena, "%s/inputs/programme.yaml", target);
    char *outline = arena_format(command->arena, "%s/templates/programme.yaml", model);
    struct buffer text = {0};

    if (evidence == NULL || programme == NULL || outline == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the new folder");
        return false;
    }
    bool done = file_make_directory(evidence, command->diagnostics) &&
                file_read(outline, LIMIT_YAML_BYTES, &text, command->diagnostics) &&
                file_create(programme, text.data, text.length, 0644, command->diagnostics);
    buffer_free(&text);
    return done;
}

bool init_command(struct command *command) {
    if (command->argument_count != 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`init` wants the folder to make, such as `tickmark init acme`");
        return false;
    }
    const char *target = command->arguments[0];
    const char *model = find_model(command);
    if (model == NULL || !target_is_free(command, target)) {
        return false;
    }
    const char *const copied[] = {"schema", "templates"};
    for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
        char *from = path_join(command->arena, model, copied[i]);
        char *to = path_join(command->arena, target, copied[i]);
        if (from == NULL || to == NULL || !copy_folder(command, from, to)) {
            return false;
        }
    }
    if (!write_inputs(command, model, target)) {
        return false;
    }
    if (!command->options.quiet) {
        buffer_format(&command->out,
                      "Made %s. Next:\n"
                      "  1. describe the organisation and its sources in %s/inputs/programme.yaml\n"
                      "  2. put exports into %s/inputs/evidence/ and look at them: tickmark validate -C %s\n"
                      "  3. tickmark keygen -C %s\n"
                      "  4. tickmark run -C %s\n",
                      target, target, target, target, target, target);
    }
    return true;
}
