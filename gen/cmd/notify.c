#include "cmd/notify.h"

#include "base/limits.h"
#include "base/process.h"
#include "base/text.h"
#include "base/value.h"
#include "cmd/webhook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_DONE     '.' /* the helper has done all it was asked for */
#define ANSWER_NOTIFY   'n' /* what the notifier failed at follows */
#define ANSWER_WEBHOOK  'w'
#define ANSWER_BYTES    65536
#define OUTPUT_BYTES    (1u << 20) /* that a notifier may print */
#define SECONDS_MOST    3600
#define DESCRIPTOR_MOST 1023

struct notify {
    pid_t helper;
    int to;   /* what is to be told; closed at its end */
    int from; /* how it went */
};

/* What the helper works with. */
struct helper {
    const char *folder;
    const char **words; /* of the notifier, NULL-terminated; NULL: none */
    const char *program;
    struct webhook_request webhook; /* url NULL: none */
    int64_t seconds;
};

static bool wrong(struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(struct command *command, const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;

    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    const char *said = buffer_text(&text);
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s", said != NULL ? said : "no memory");
    buffer_free(&text);
    return false;
}

static bool no_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to notify anybody");
    return false;
}

/* ---- options ---- */

/* Words are what stands between blanks: nothing is quoted, expanded or taken apart any further. */
static bool read_words(struct command *command, const char *text, const char ***out) {
    const char **words = arena_array(command->arena, LIMIT_NOTIFY_WORDS + 1, sizeof *words);
    size_t count = 0;

    if (words == NULL) {
        return no_memory(command);
    }
    for (const char *at = text + strspn(text, " \t"); *at != '\0';) {
        size_t length = strcspn(at, " \t");
        if (count == LIMIT_NOTIFY_WORDS) {
            return wrong(command, "--notify has more than %d words; write a script for it", LIMIT_NOTIFY_WORDS);
        }
        words[count] = arena_copy(command->arena, at, length);
        if (words[count++] == NULL) {
            return no_memory(command);
        }
        at += length;
        at += strspn(at, " \t");
    }
    if (count == 0) {
        return wrong(command, "--notify wants a program, such as --notify bin/page.sh");
    }
    *out = words;
    return true;
}

static bool find_notifier(struct command *command, struct helper *helper) {
    const char *path = getenv("PATH");
    struct buffer program = {0};

    if (command->options.notify == NULL) {
        return true;
    }
    if (!read_words(command, command->options.notify, &helper->words)) {
        return false;
    }
    bool found = process_find(helper->words[0], helper->folder, path != NULL ? path : "/usr/bin:/bin", &program);
    const char *text = buffer_text(&program);
    helper->program = found && text != NULL ? arena_text(command->arena, text) : NULL;
    buffer_free(&program);
    if (!found) {
        return wrong(
            command,
            "the notifier \"%s\" is no program that can be run; name one on PATH, or a path from the programme "
            "folder",
            helper->words[0]);
    }
    return helper->program != NULL || no_memory(command);
}

static bool read_number(struct command *command, const char *option, const char *text, int64_t least, int64_t most,
                        int64_t *out) {
    if (text == NULL || (value_integer(text, strlen(text), out) && *out >= least && *out <= most)) {
        return true;
    }
    return wrong(command, "%s wants a number from %lld to %lld, not \"%s\"", option, (long long)least, (long long)most,
                 text);
}

/* The first line of a descriptor, which is closed. It goes into a header, so that it may hold nothing but characters.
 */
static bool read_secret(struct command *command, int descriptor, struct webhook_request *webhook) {
    char *secret = arena_allocate(command->arena, LIMIT_NOTIFY_SECRET + 1);
    size_t length = 0;
    ssize_t got = 1;

    if (secret == NULL) {
        return no_memory(command);
    }
    while (got != 0 && length <= LIMIT_NOTIFY_SECRET) {
        got = read(descriptor, secret + length, LIMIT_NOTIFY_SECRET + 1 - length);
        if (got < 0 && errno != EINTR) {
            return wrong(command, "--webhook-secret-fd: descriptor %d cannot be read: %s", descriptor,
                         strerrordesc_np(errno));
        }
        length += got > 0 ? (size_t)got : 0;
    }
    close(descriptor);
    if (length > 0 && secret[length - 1] == '\n') {
        length--;
    }
    if (length == 0 || length > LIMIT_NOTIFY_SECRET) {
        return wrong(command, "--webhook-secret-fd: the secret is empty, or longer than %d bytes", LIMIT_NOTIFY_SECRET);
    }
    if (text_ascii_run(secret, length) != length) {
        return wrong(command, "--webhook-secret-fd: the secret holds more than one line of printable ASCII");
    }
    webhook->secret = secret;
    webhook->secret_length = length;
    return true;
}

static bool read_webhook(struct command *command, struct helper *helper) {
    const struct command_options *options = &command->options;
    struct webhook_request *webhook = &helper->webhook;
    const char *reason = NULL;
    int64_t descriptor = -1;
    bool hmac = options->webhook_auth != NULL && strcmp(options->webhook_auth, "hmac") == 0;

    if (options->webhook == NULL) {
        return (options->webhook_secret_fd == NULL && options->webhook_auth == NULL && options->anchor == NULL) ||
               wrong(command,
                     "--webhook-secret-fd, --webhook-auth and --anchor are about --webhook, which is not given");
    }
    if (!webhook_acceptable(options->webhook, &reason)) {
        return wrong(command, "--webhook cannot be posted to: %s", reason); /* it may hold a secret: not shown */
    }
    if (options->webhook_auth != NULL && !hmac && strcmp(options->webhook_auth, "bearer") != 0) {
        return wrong(command, "--webhook-auth is bearer or hmac, not \"%s\"", options->webhook_auth);
    }
    if (options->webhook_auth != NULL && options->webhook_secret_fd == NULL) {
        return wrong(command, "--webhook-auth needs the secret; give it with --webhook-secret-fd N");
    }
    webhook->url = options->webhook;
    webhook->anchor = options->anchor;
    webhook->seconds = helper->seconds;
    if (options->webhook_secret_fd == NULL) {
        return true;
    }
    webhook->kind = hmac ? WEBHOOK_HMAC : WEBHOOK_BEARER;
    return read_number(command, "--webhook-secret-fd", options->webhook_secret_fd, 0, DESCRIPTOR_MOST, &descriptor) &&
           read_secret(command, (int)descriptor, webhook);
}

/* ---- the helper ---- */

static bool write_all(int descriptor, const void *bytes, size_t length) {
    const char *at = bytes;

    while (length > 0) {
        ssize_t written = write(descriptor, at, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        at += written;
        length -= (size_t)written;
    }
    return true;
}

/* Reads to the end of the pipe; false when memory or the pipe fails, or there is more than `most`. */
static bool read_all(int descriptor, size_t most, struct buffer *out) {
    char bytes[16384];

    for (;;) {
        ssize_t got = read(descriptor, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0 && !out->failed;
        }
        buffer_append(out, bytes, (size_t)got);
        if (out->length > most) {
            return false;
        }
    }
}

static bool pass_over(struct byte_sink *sink, const void *bytes, size_t length) {
    (void)sink;
    (void)bytes;
    (void)length;
    return true;
}

/* What a program said last, on one line and harmless. */
static void append_said(const struct process_result *result, struct buffer *out) {
    size_t length = result->err_tail_length;

    while (length > 0 && (result->err_tail[length - 1] == '\n' || result->err_tail[length - 1] == ' ')) {
        length--;
    }
    if (length > 0) {
        buffer_append_text(out, "; it said: ");
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)result->err_tail[i];
        if (byte == '\n') {
            buffer_append_text(out, " | ");
        } else {
            buffer_append_byte(out, byte < 0x20 || byte == 0x7f ? '?' : (char)byte);
        }
    }
}

static void run_notifier(const struct helper *helper, const struct buffer *document, struct buffer *answer) {
    struct byte_sink nowhere = {.write = pass_over};
    const struct process_request request = {
        .program = helper->program,
        .argv = helper->words,
        .environment = (const char *const *)environ,
        .folder = helper->folder,
        .seconds = helper->seconds,
        .most_bytes = OUTPUT_BYTES,
        .out = &nowhere,
        .input = document->data,
        .input_length = document->length,
    };
    struct process_result result;

    process_run(&request, &result);
    if (result.end == PROCESS_EXITED && result.code == 0) {
        return;
    }
    buffer_format(answer, "%c", ANSWER_NOTIFY);
    switch (result.end) {
    case PROCESS_EXITED:
        buffer_format(answer, "ended with status %d", result.code);
        break;
    case PROCESS_SIGNALLED:
        buffer_format(answer, "was ended by signal %d", result.code);
        break;
    case PROCESS_TIMED_OUT:
        buffer_format(answer, "took longer than %lld seconds and was ended", (long long)helper->seconds);
        break;
    case PROCESS_TOO_MUCH:
        buffer_append_text(answer, "printed more than it may and was ended");
        break;
    case PROCESS_HELD:
        buffer_append_text(answer, "left a program behind that kept its output open");
        break;
    case PROCESS_INTERRUPTED:
        buffer_append_text(answer, "was interrupted");
        break;
    case PROCESS_NOT_STARTED:
    case PROCESS_FAILED:
        buffer_format(answer, "could not be run: %s", strerrordesc_np(result.code));
        break;
    }
    append_said(&result, answer);
    buffer_append_byte(answer, '\n');
}

/* Waits for a document, tells whom it has to, and answers. What comes without an answer's end was not told. */
static _Noreturn void serve(struct helper *helper, int from, int to) {
    struct buffer document = {0};
    struct buffer answer = {0};
    struct buffer problem = {0};

    /* Whoever dies before it has written all of it wants nobody told: the last byte says that it is whole. */
    if (!read_all(from, SIZE_MAX, &document) || document.length == 0 || document.data[document.length - 1] != '\0') {
        _exit(0);
    }
    document.length--;
    if (helper->words != NULL) {
        run_notifier(helper, &document, &answer);
    }
    helper->webhook.body = document.data;
    helper->webhook.length = document.length;
    if (helper->webhook.url != NULL && !webhook_post(&helper->webhook, &problem)) {
        const char *text = buffer_text(&problem);
        buffer_format(&answer, "%c%s\n", ANSWER_WEBHOOK, text != NULL ? text : "memory ran out");
    }
    buffer_format(&answer, "%c\n", ANSWER_DONE);
    bool told = !answer.failed && write_all(to, answer.data, answer.length);
    _exit(told ? 0 : 1);
}

/* ---- this side ---- */

static void close_both(int pipe[2]) {
    for (int i = 0; i < 2; i++) {
        if (pipe[i] >= 0) {
            close(pipe[i]);
        }
    }
}

static bool fork_helper(struct command *command, struct helper *helper, struct notify *notify) {
    int to[2] = {-1, -1};
    int from[2] = {-1, -1};
    pid_t parent = getpid();

    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
        goto failed;
    }
    notify->helper = fork();
    if (notify->helper < 0) {
        goto failed;
    }
    if (notify->helper == 0) {
        close(to[1]);
        close(from[0]);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) {
            _exit(0);
        }
        serve(helper, to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    notify->to = to[1];
    notify->from = from[0];
    return true;

failed:
    diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_UNFINISHED, NULL, errno,
                             "the process that notifies cannot be started, so nothing was checked");
    close_both(to);
    close_both(from);
    return false;
}

bool notify_begin(struct command *command, const char *folder, struct notify **out) {
    struct helper *helper = arena_allocate(command->arena, sizeof *helper);
    struct notify *notify = arena_allocate(command->arena, sizeof *notify);

    *out = NULL;
    if (helper == NULL || notify == NULL) {
        return no_memory(command);
    }
    *helper = (struct helper){.folder = folder, .seconds = LIMIT_NOTIFY_SECONDS};
    if (!read_number(command, "--timeout", command->options.timeout, 1, SECONDS_MOST, &helper->seconds) ||
        !find_notifier(command, helper) || !read_webhook(command, helper)) {
        return false;
    }
    if (helper->words == NULL && helper->webhook.url == NULL) {
        return command->options.timeout == NULL ||
               wrong(command, "--timeout is about --notify and --webhook, of which none is given");
    }
    bool forked = fork_helper(command, helper, notify);
    if (helper->webhook.secret != NULL) {
        explicit_bzero((char *)helper->webhook.secret, helper->webhook.secret_length);
    }
    *out = forked ? notify : NULL;
    return forked;
}

/* One line of the answer. */
static void report_line(const char *line, size_t length, struct diagnostics *diagnostics) {
    int shown = (int)length - 1;

    if (line[0] == ANSWER_NOTIFY) {
        diagnostics_report(diagnostics, DIAGNOSTIC_CHECK_NOTIFY, NULL,
                           "the notifier %.*s; the alerts stand in the file, and will be alerted again", shown,
                           line + 1);
    } else {
        diagnostics_report(diagnostics, DIAGNOSTIC_CHECK_WEBHOOK, NULL,
                           "the alerts were not taken by %.*s; they stand in the file, and will be alerted again",
                           shown, line + 1);
    }
}

bool notify_send(struct notify *notify, const void *bytes, size_t length, struct diagnostics *diagnostics) {
    struct buffer answer = {0};
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_FAILURE);
    bool ended = false;
    bool handed = write_all(notify->to, bytes, length) && write_all(notify->to, "", 1);

    close(notify->to);
    notify->to = -1;
    bool whole = handed && read_all(notify->from, ANSWER_BYTES, &answer);
    for (size_t at = 0; whole && at < answer.length;) {
        const char *line = answer.data + at;
        const char *newline = memchr(line, '\n', answer.length - at);
        size_t line_length = newline != NULL ? (size_t)(newline - line) : answer.length - at;
        if (line_length > 0 && line[0] == ANSWER_DONE) {
            ended = true;
        } else if (line_length > 0) {
            report_line(line, line_length, diagnostics);
        }
        at += line_length + 1;
    }
    buffer_free(&answer);
    if (!ended) {
        diagnostics_report(diagnostics, DIAGNOSTIC_CHECK_NOTIFY, NULL,
                           "the process that notifies ended before it had told anybody; the alerts stand in the file, "
                           "and will be alerted again");
    }
    return ended && diagnostics_count(diagnostics, DIAGNOSTIC_FAILURE) == before;
}

void notify_end(struct notify *notify) {
    if (notify == NULL) {
        return;
    }
    if (notify->to >= 0) {
        close(notify->to);
    }
    close(notify->from);
    while (waitpid(notify->helper, NULL, 0) < 0 && errno == EINTR) {
    }
}
