#include "cmd/arguments.h"
#include "cmd/command.h"

#include "base/value.h"
#include "base/xml.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SIGNING_TIME_MOST INT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last that a certificate can name */

/*
 * Signing time and terminal: the only places that look at the clock and the environment, but for `collect`, which dates
 * evidence by the clock alone and hands listed variables to commands.
 */
static bool choose_signing_time(struct command *command) {
    const char *fixed = getenv("SOURCE_DATE_EPOCH");

    command->signing_time = (int64_t)time(NULL);
    if (fixed == NULL || *fixed == '\0') {
        return true;
    }
    if (value_integer(fixed, strlen(fixed), &command->signing_time) && command->signing_time >= 0 &&
        command->signing_time <= SIGNING_TIME_MOST) {
        return true;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       "SOURCE_DATE_EPOCH in the environment wants seconds since 1970, such as 1767225600, not \"%s\"; "
                       "correct or unset it",
                       fixed);
    return false;
}

/*
 * A standard stream that was closed by the caller would give its number to the next file opened, and what is printed
 * would land in that file. The place is held by a descriptor on which reading and writing fail.
 */
static bool hold_standard_streams(void) {
    int descriptor;

    do {
        descriptor = open("/", O_PATH);
    } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    return descriptor >= 0 && close(descriptor) == 0;
}

static int terminal_width(void) {
    struct winsize size;

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool print_all(FILE *stream, const struct buffer *text) {
    if (text->failed) {
        errno = ENOMEM;
    }
    return !text->failed && (text->length == 0 || fwrite(text->data, 1, text->length, stream) == text->length) &&
           fflush(stream) == 0;
}

/* Results on standard output; what there is to say about them, sorted, on standard error. */
static int print(struct command *command, bool done) {
    struct buffer said = {0};
    int status = diagnostics_exit_status(command->diagnostics);

    if (!done && status == 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL,
                           "the command did not finish; please report this with its input");
        status = diagnostics_exit_status(command->diagnostics);
    }
    if (command->shortcomings && status == 0) {
        status = 1;
    }
    if (!print_all(stdout, &command->out)) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, NULL, errno,
                                 "standard output cannot be written, so the result is not shown; see what it leads to");
        status = diagnostics_exit_status(command->diagnostics);
    }
    enum diagnostic_level least = command->options.quiet ? DIAGNOSTIC_EVIDENCE : DIAGNOSTIC_NOTE;
    bool colour = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
    if (command->options.json_diagnostics) {
        diagnostics_json(command->diagnostics, &said);
        buffer_append_byte(&said, '\n');
    } else {
        diagnostics_print(command->diagnostics, least, colour, &said);
    }
    if (said.failed) {
        fputs("failure: there is no memory to say what went wrong, raise the limit [memory]\n", stderr);
        status = 3;
    } else if (!print_all(stderr, &said)) {
        status = status == 0 ? 3 : status;
    }
    buffer_free(&said);
    return status;
}

int main(int argc, char **argv) {
    struct command command = {.width = terminal_width()};
    int status = 3;

    /* A closed pipe or a file-size limit is a write error with a message, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    command.arena = arena_new();
    command.diagnostics = diagnostics_new();
    command.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    if (!hold_standard_streams() || command.arena == NULL || command.diagnostics == NULL || !store_start() ||
        !xml_start()) {
        fputs("failure: there is no memory or no file descriptor to start with, raise the limits [memory]\n", stderr);
        goto end;
    }
    const struct arguments_entry *entry = arguments_read(&command, argc, argv);
    if (entry != NULL && choose_signing_time(&command)) {
        progress_open(&command.progress, stderr, command.options.quiet);
        status = print(&command, entry->run(&command));
    } else {
        status = print(&command, diagnostics_exit_status(command.diagnostics) == 0);
    }

end:
    buffer_free(&command.out);
    diagnostics_free(command.diagnostics);
    arena_free(command.arena);
    xml_stop();
    return status;
}
