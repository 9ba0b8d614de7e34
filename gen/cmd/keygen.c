#include "cmd/command.h"

#include "base/file.h"
#include "base/path.h"
#include "cmd/workspace.h"
#include "trust/keys.h"

/* A development key serves for three years, and from the start of the day it was made. */
#define KEY_YEARS 3

bool keygen_command(struct command *command) {
    struct workspace workspace;

    if (command->argument_count > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "`keygen` takes no argument \"%s\"",
                           command->arguments[0]);
        return false;
    }
    if (!workspace_open(command, &workspace)) {
        return false;
    }
    const struct programme *programme = workspace.programme;
    if (programme->signing_key == NULL || programme->signing_certificate == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &programme->place,
                           "the programme names no key; add `signing: {key: keys/signing.key, certificate: "
                           "keys/signing.crt, anchors: [keys/signing.crt], development: true}`");
        return false;
    }
    const int64_t today = datetime_day_start(command->signing_time);
    const struct keys_request request = {
        .key_path = workspace_path(command, &workspace, programme->signing_key),
        .certificate_path = workspace_path(command, &workspace, programme->signing_certificate),
        .organisation = programme->organisation,
        .elliptic = command->options.elliptic,
        .from = today,
        .until = datetime_add_months(today, 12 * KEY_YEARS),
    };
    if (request.key_path == NULL || request.certificate_path == NULL) {
        return false;
    }
    const char *folders[] = {path_parent(command->arena, request.key_path),
                             path_parent(command->arena, request.certificate_path)};
    for (size_t i = 0; i < 2; i++) {
        if (folders[i] == NULL || !file_make_directory(folders[i], command->diagnostics)) {
            return false;
        }
    }
    if (!keys_generate(&request, command->diagnostics)) {
        return false;
    }
    if (!command->options.quiet) {
        buffer_format(&command->out,
                      "Made a development key pair (%s):\n  %s\n  %s\n"
                      "It proves that a package was not altered, not who signed it; reports say so. Keep the key to "
                      "yourself.\n",
                      request.elliptic ? "P-256" : "RSA-3072", request.key_path, request.certificate_path);
    }
    return true;
}
