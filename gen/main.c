#include "cmd/arguments.h"
#include "cmd/command.h"

#include "base/xml.h"
#include "store/store.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* The only places that look at the clock and the environment. */
static int64_t signing_time(void) {
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;

    if (fixed != NULL && *fixed != '\0') {
        errno = 0;
        long long seconds = strtoll(fixed, &end, 10);
        if (errno == 0 && *end == '\0' && seconds >= 0) {
            return seconds;
        }
    }
    return (int64_t)time(NULL);
}

static int terminal_width(void) {
    struct winsize size;

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool print_all(FILE *stream, const struct buffer *text) {
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
                                 "cannot write to standard output");
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
    if (!print_all(stderr, &said)) {
        status = status == 0 ? 3 : status;
    }
    buffer_free(&said);
    return status;
}

int main(int argc, char **argv) {
    struct command command = {.signing_time = signing_time(), .width = terminal_width()};
    int status = 3;

    /* A closed pipe or a file-size limit is a write error with a message, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    command.arena = arena_new();
    command.diagnostics = diagnostics_new();
    command.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    if (command.arena == NULL || command.diagnostics == NULL || !store_start() || !xml_start()) {
        fputs("tickmark: error: cannot start: no memory\n", stderr);
        goto end;
    }
    const struct arguments_entry *entry = arguments_read(&command, argc, argv);
    if (entry != NULL) {
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
