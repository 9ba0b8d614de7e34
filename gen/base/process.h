#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/buffer.h"
#include "base/byte_sink.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one place that starts another program: without a shell, in a session of its own without a terminal, with nothing
 * but what it is given on standard input, no descriptor but the standard ones, and the environment that it is given. It
 * is waited for, and whatever it started is ended before process_run returns.
 */
struct process_request {
    const char *program;            /* path of the executable, from `folder` */
    const char *const *argv;        /* NULL-terminated; [0] is its name */
    const char *const *environment; /* NULL-terminated, all of it */
    const char *folder;             /* where it runs */
    int64_t seconds;                /* after which it is ended, asked first and then killed */
    uint64_t most_bytes;            /* on standard output; more end it */
    struct byte_sink *out;          /* what it prints on standard output, as it comes */
    const void *input;              /* what it finds on standard input; NULL: nothing */
    size_t input_length;
};

enum process_end {
    PROCESS_EXITED,      /* code: exit status */
    PROCESS_SIGNALLED,   /* code: signal that ended it */
    PROCESS_TIMED_OUT,   /* it took longer than it may */
    PROCESS_TOO_MUCH,    /* it printed more than it may */
    PROCESS_HELD,        /* it ended well, but something that it left behind kept its standard output open */
    PROCESS_INTERRUPTED, /* code: signal that told this process to end */
    PROCESS_NOT_STARTED, /* code: errno of execve or of the folder */
    PROCESS_FAILED       /* code: errno of this process, or of the sink where that says it */
};

struct process_result {
    enum process_end end;
    int code;
    uint64_t out_bytes; /* passed to the sink */
    uint64_t err_bytes; /* said on standard error */
    uint8_t err_sha256[DIGEST_BYTES];
    char err_tail[LIMIT_PROCESS_TAIL + 1]; /* the last of it, NUL-terminated; may begin inside a character */
    size_t err_tail_length;
};

/* Runs it. SIGCHLD, SIGHUP, SIGINT and SIGTERM of the process are taken over meanwhile; it must have one thread. */
void process_run(const struct process_request *request, struct process_result *result);

/*
 * Finds a program as execvp would: a name without '/' in the folders of `path` (those not absolute are passed over, so
 * that where one stands decides nothing), any other below `folder`. Appends what to execute from within `folder`; false
 * when nothing executable is there.
 */
bool process_find(const char *name, const char *folder, const char *path, struct buffer *out);

#endif
