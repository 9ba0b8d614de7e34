#include "cmd/collect_said.h"

#include <inttypes.h>
#include <string.h>

#define SAID_BYTES 600

const char *collect_said_text(struct arena *arena, const struct collect_environment *environment, const char *text,
                              size_t length, size_t most) {
    struct buffer masked = {0};

    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        length--;
    }
    collect_environment_mask(environment, text, length, &masked);
    const char *whole = buffer_text(&masked);
    const char *said = NULL;
    if (whole != NULL && masked.length > most) {
        const char *from = whole + (masked.length - most);
        while (((unsigned char)*from & 0xC0) == 0x80) {
            from++;
        }
        said = arena_format(arena, "... %s", from);
    } else if (whole != NULL) {
        said = arena_text(arena, whole);
    }
    buffer_free(&masked);
    return said;
}

/* Standard error's end. Where its beginning is cut off, so may be a secret there: that line is left out. */
static const char *said_on_error(struct command *command, const struct collect_environment *environment,
                                 const struct process_result *result) {
    const char *text = result->err_tail;
    size_t length = result->err_tail_length;

    if (result->err_bytes > length) {
        const char *line = memchr(text, '\n', length);
        size_t cut = line != NULL ? (size_t)(line - text) + 1 : length;
        text += cut;
        length -= cut;
    }
    return collect_said_text(command->arena, environment, text, length, SAID_BYTES);
}

static bool report_system(struct command *command, const struct programme_source *source,
                          const struct process_result *result) {
    if (result->end == PROCESS_INTERRUPTED) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL,
                           "a signal (%d) ended the collection while the command of source '%s' ran, which was ended "
                           "with it; collect again",
                           result->code, source->id);
    } else if (result->code != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL, result->code,
                                 "the command of source '%s' cannot be run, check the limits of processes and memory",
                                 source->id);
    } else {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL,
                           "what the command of source '%s' prints cannot be kept, check memory and free space",
                           source->id);
    }
    return false;
}

bool collect_said_failure(struct command *command, const struct programme_source *source,
                          const struct collect_environment *environment, const struct process_result *result,
                          const char *what, const struct process_request *request, const char *kept) {
    struct buffer how = {0};
    const char *advice = "see what it lacks and collect again";

    switch (result->end) {
    case PROCESS_EXITED:
        buffer_format(&how, "ended with status %d", result->code);
        break;
    case PROCESS_SIGNALLED:
        buffer_format(&how, "was ended by signal %d", result->code);
        break;
    case PROCESS_TIMED_OUT:
        buffer_format(&how, "was not done after %" PRId64 " second%s and was ended", request->seconds,
                      request->seconds == 1 ? "" : "s");
        advice = "see what holds it up, or give it more with 'timeout'";
        break;
    case PROCESS_TOO_MUCH:
        buffer_format(&how, "printed more than %" PRIu64 " bytes and was ended", request->most_bytes);
        advice = "let it export less at once, or allow more with 'most_bytes'";
        break;
    case PROCESS_HELD:
        buffer_append_text(&how, "left a process behind that kept its output open, and nobody knows whether that is "
                                 "whole");
        advice = "let it wait for what it starts";
        break;
    case PROCESS_NOT_STARTED:
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_COLLECT_START, &source->command->place, result->code,
                                 "the %s of source '%s' cannot be started, check the first line of a script and the "
                                 "programme folder",
                                 what, source->id);
        return true;
    case PROCESS_INTERRUPTED:
    case PROCESS_FAILED:
        return report_system(command, source, result);
    }
    const char *text = buffer_text(&how);
    const char *said = said_on_error(command, environment, result);
    if (text == NULL || said == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to say how a command ended");
        buffer_free(&how);
        return false;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_COLLECT_FAILED, &source->command->place,
                       "the %s of source '%s' %s, so there is no evidence of it%s%s%s%s%s; %s", what, source->id, text,
                       kept != NULL ? "; what it printed is kept in " : "", kept != NULL ? kept : "",
                       *said != '\0' ? "; it said: \"" : "", said, *said != '\0' ? "\"" : "", advice);
    buffer_free(&how);
    return true;
}

void collect_said_complaint(struct command *command, const struct programme_source *source,
                            const struct collect_environment *environment, const struct process_result *result) {
    const char *said = said_on_error(command, environment, result);

    diagnostics_report(command->diagnostics, DIAGNOSTIC_COLLECT_SAID, &source->command->place,
                       "the command of source '%s' succeeded, and said on standard error: \"%s\"; see whether its "
                       "output is whole",
                       source->id, said != NULL ? said : "");
}
