#include "base/process.h"

#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS_MOST  65536 /* that are looked at where close_range is missing */
#define READ_BYTES        65536
#define ASKED_SECONDS     5    /* between asking a command to end and killing it */
#define HELD_MILLISECONDS 2000 /* that its output may stay open and silent after it has ended */

/* One command, from before it is started until nothing of it is left. */
struct running {
    const struct process_request *request;
    struct process_result *result;
    struct digest *err_digest;
    pid_t child;
    int out;     /* read ends; -1 when closed */
    int err;     /* the same */
    int signals; /* signalfd */
    bool ended;  /* the child itself */
    int status;  /* of waitpid */
    bool subreaper;
    bool failed; /* the digest of standard error */
    sigset_t old_mask;
    struct sigaction old_child;
};

static int64_t now_milliseconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_one(int *descriptor) {
    if (*descriptor >= 0) {
        close(*descriptor);
    }
    *descriptor = -1;
}

static void finish(struct running *running, enum process_end end, int code) {
    running->result->end = end;
    running->result->code = code;
}

/* No descriptor but the standard ones is handed on. An older kernel has to be told one by one. */
static bool keep_descriptors(void) {
    struct rlimit most;

    if (close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) == 0) {
        return true;
    }
    if (getrlimit(RLIMIT_NOFILE, &most) != 0) {
        return false;
    }
    for (int i = STDERR_FILENO + 1; (rlim_t)i < most.rlim_cur && i < DESCRIPTORS_MOST; i++) {
        fcntl(i, F_SETFD, FD_CLOEXEC);
    }
    return true;
}

/* In the child, between fork and execve: only what is safe there. Says on `report` why it could not become the program.
 */
static _Noreturn void become(const struct process_request *request, const sigset_t *mask, pid_t parent, int given,
                             int out, int err, int report) {
    static const struct rlimit no_core = {0, 0};
    struct sigaction usual = {.sa_handler = SIG_DFL};
    int error;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a command does not outlive a collector that was killed */
    if (getppid() != parent) {
        _exit(127);
    }
    int in = given >= 0 ? given : open("/dev/null", O_RDONLY);
    if (in < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0 ||
        !keep_descriptors() || setrlimit(RLIMIT_CORE, &no_core) != 0) {
        goto failed;
    }
    for (int signal = 1; signal < NSIG; signal++) {
        sigaction(signal, &usual, NULL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (chdir(request->folder) == 0) {
        execve(request->program, (char *const *)request->argv, (char *const *)request->environment);
    }

failed:
    error = errno;
    if (write(report, &error, sizeof error) != (ssize_t)sizeof error) {
        _exit(126);
    }
    _exit(127);
}

/* Reads the errno that a child reports which could not become its program; 0 when it did. */
static int read_report(int report) {
    int error = 0;
    ssize_t got;

    do {
        got = read(report, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof error ? error : 0;
}

static void take_signals(struct running *running) {
    static const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &running->old_mask);
    sigaction(SIGCHLD, &usual, &running->old_child); /* where it is ignored, children leave no status */
    running->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    /* What a command leaves behind becomes this process's child, so that it can be ended wherever it went. */
    running->subreaper = prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

static void give_back_signals(struct running *running) {
    if (running->subreaper) {
        prctl(PR_SET_CHILD_SUBREAPER, 0);
    }
    close_one(&running->signals);
    sigaction(SIGCHLD, &running->old_child, NULL);
    sigprocmask(SIG_SETMASK, &running->old_mask, NULL);
}

/* A file without a name that holds the input, read from its start: however much it is, nothing has to be fed to it. */
static bool hold_input(const struct process_request *request, int *in) {
    const char *bytes = request->input;
    size_t left = request->input_length;

    if (bytes == NULL) {
        return true;
    }
    *in = memfd_create("input", MFD_CLOEXEC);
    while (*in >= 0 && left > 0) {
        ssize_t written = write(*in, bytes, left);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        left -= (size_t)written;
    }
    return *in >= 0 && lseek(*in, 0, SEEK_SET) == 0;
}

static bool start(struct running *running) {
    int in = -1;
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    int report[2] = {-1, -1};
    pid_t parent = getpid();
    bool started = false;

    if (running->signals < 0 || !hold_input(running->request, &in) || pipe2(out, O_CLOEXEC) != 0 ||
        pipe2(err, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) {
        finish(running, PROCESS_FAILED, errno);
        goto end;
    }
    running->child = fork();
    if (running->child < 0) {
        finish(running, PROCESS_FAILED, errno);
        goto end;
    }
    if (running->child == 0) {
        become(running->request, &running->old_mask, parent, in, out[1], err[1], report[1]);
    }
    close_one(&report[1]);
    int error = read_report(report[0]);
    if (error != 0) {
        finish(running, PROCESS_NOT_STARTED, error);
        waitpid(running->child, NULL, 0);
        goto end;
    }
    running->out = out[0];
    running->err = err[0];
    out[0] = err[0] = -1;
    started = fcntl(running->out, F_SETFL, O_NONBLOCK) == 0 && fcntl(running->err, F_SETFL, O_NONBLOCK) == 0;
    if (!started) {
        finish(running, PROCESS_FAILED, errno);
    }

end:
    close_one(&in);
    close_one(&out[0]);
    close_one(&out[1]);
    close_one(&err[0]);
    close_one(&err[1]);
    close_one(&report[0]);
    close_one(&report[1]);
    return started;
}

/* Reads what is there; closes at the end. False after finishing: too much, or the sink failed. */
static bool read_out(struct running *running) {
    struct process_result *result = running->result;
    char bytes[READ_BYTES];
    ssize_t got = read(running->out, bytes, sizeof bytes);

    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    if (got <= 0) {
        close_one(&running->out);
        return true;
    }
    if ((uint64_t)got > running->request->most_bytes - result->out_bytes) {
        finish(running, PROCESS_TOO_MUCH, 0);
        return false;
    }
    result->out_bytes += (uint64_t)got;
    if (!running->request->out->write(running->request->out, bytes, (size_t)got)) {
        finish(running, PROCESS_FAILED, 0);
        return false;
    }
    return true;
}

static void keep_tail(struct process_result *result, const char *bytes, size_t length) {
    size_t most = LIMIT_PROCESS_TAIL;

    if (length >= most) {
        memcpy(result->err_tail, bytes + (length - most), most);
        result->err_tail_length = most;
    } else {
        size_t kept = result->err_tail_length < most - length ? result->err_tail_length : most - length;
        memmove(result->err_tail, result->err_tail + (result->err_tail_length - kept), kept);
        memcpy(result->err_tail + kept, bytes, length);
        result->err_tail_length = kept + length;
    }
    result->err_tail[result->err_tail_length] = '\0';
}

/* The same for standard error; whether anything was read. */
static bool read_err(struct running *running) {
    char bytes[READ_BYTES];
    ssize_t got = read(running->err, bytes, sizeof bytes);

    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got <= 0) {
        close_one(&running->err);
        return false;
    }
    running->result->err_bytes += (uint64_t)got;
    running->failed |= !digest_update(running->err_digest, bytes, (size_t)got);
    keep_tail(running->result, bytes, (size_t)got);
    return true;
}

/* Takes the signals that came: notes the child's end, returns one that tells this process to end, or 0. */
static int read_signals(struct running *running) {
    struct signalfd_siginfo got;
    int stop = 0;

    while (read(running->signals, &got, sizeof got) == (ssize_t)sizeof got) {
        if (got.ssi_signo != (uint32_t)SIGCHLD) {
            stop = (int)got.ssi_signo;
        }
    }
    if (!running->ended && waitpid(running->child, &running->status, WNOHANG) == running->child) {
        running->ended = true;
    }
    return stop;
}

/* The child has ended: how. `held`: its output is still open. */
static void finish_ended(struct running *running, bool held) {
    if (WIFSIGNALED(running->status)) {
        finish(running, PROCESS_SIGNALLED, WTERMSIG(running->status));
    } else if (held && WEXITSTATUS(running->status) == 0) {
        finish(running, PROCESS_HELD, 0);
    } else {
        finish(running, PROCESS_EXITED, WEXITSTATUS(running->status));
    }
}

/* Reads until the command has ended and its output is closed, or something else is known of its end. */
static void attend(struct running *running) {
    int64_t deadline = now_milliseconds() + running->request->seconds * 1000;
    int64_t held = INT64_MAX; /* until when the output of a command that has ended may stay open without a byte */

    for (;;) {
        struct pollfd watched[] = {
            {.fd = running->signals, .events = POLLIN},
            {.fd = running->out, .events = POLLIN}, /* -1 is passed over */
            {.fd = running->err, .events = POLLIN},
        };
        int64_t left = (held < deadline ? held : deadline) - now_milliseconds();
        if (left <= 0) {
            if (running->ended) {
                finish_ended(running, true);
            } else {
                finish(running, PROCESS_TIMED_OUT, 0);
            }
            return;
        }
        if (poll(watched, sizeof watched / sizeof watched[0], left > 60000 ? 60000 : (int)left) < 0) {
            if (errno != EINTR) {
                finish(running, PROCESS_FAILED, errno);
                return;
            }
            continue;
        }
        int stop = read_signals(running);
        if (stop != 0) {
            finish(running, PROCESS_INTERRUPTED, stop);
            return;
        }
        if (watched[1].revents != 0 && !read_out(running)) {
            return;
        }
        if (watched[2].revents != 0) {
            read_err(running);
        }
        if (running->ended && running->out < 0) {
            finish_ended(running, false);
            return;
        }
        if (running->ended && (held == INT64_MAX || watched[1].revents != 0)) {
            held = now_milliseconds() + HELD_MILLISECONDS;
        }
    }
}

/* Asks the command to end, so that it can tidy up, and gives it a while. */
static void ask_to_end(struct running *running) {
    int64_t deadline = now_milliseconds() + ASKED_SECONDS * 1000;

    kill(-running->child, SIGTERM);
    while (!running->ended) {
        struct pollfd watched = {.fd = running->signals, .events = POLLIN};
        int64_t left = deadline - now_milliseconds();
        if (left <= 0 || (poll(&watched, 1, (int)left) < 0 && errno != EINTR)) {
            return;
        }
        read_signals(running);
    }
}

/*
 * Kills this process's children: with PR_SET_CHILD_SUBREAPER they are all that the command left behind. False when the
 * kernel does not list them.
 */
static bool kill_children(void) {
    char path[64];
    long child;

    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    FILE *children = fopen(path, "re");
    if (children == NULL) {
        return false;
    }
    while (fscanf(children, "%ld", &child) == 1) {
        if (child > 1) {
            kill((pid_t)child, SIGKILL);
        }
    }
    fclose(children);
    return true;
}

/*
 * Ends the process group and everything that left it, generation by generation, and takes their statuses. What cannot
 * be killed at once (a process in the middle of input or output, or of another account) is given up on after a while.
 */
static void end_all(struct running *running) {
    const struct timespec pause = {.tv_nsec = 2000000};
    int64_t deadline = now_milliseconds() + ASKED_SECONDS * 1000;
    int reaped = 0;

    while (reaped < LIMIT_PROCESS_LEFT && now_milliseconds() < deadline) {
        /* Once the child is gone its group may be too, so that its number is used only where nothing else is known. */
        bool listed = running->subreaper && kill_children();
        if (!running->ended || !listed) {
            kill(-running->child, SIGKILL);
        }
        int status;
        pid_t gone = waitpid(running->subreaper ? -1 : running->child, &status, WNOHANG);
        if (gone < 0) {
            return;
        }
        if (gone == 0) {
            nanosleep(&pause, NULL);
            continue;
        }
        running->ended = running->ended || gone == running->child;
        reaped++;
    }
}

void process_run(const struct process_request *request, struct process_result *result) {
    struct running running = {
        .request = request, .result = result, .child = -1, .out = -1, .err = -1, .err_digest = digest_new()};

    *result = (struct process_result){.end = PROCESS_FAILED, .code = ENOMEM};
    if (running.err_digest == NULL) {
        return;
    }
    take_signals(&running);
    if (start(&running)) {
        attend(&running);
        if (result->end == PROCESS_TIMED_OUT || result->end == PROCESS_TOO_MUCH || result->end == PROCESS_INTERRUPTED) {
            ask_to_end(&running);
        }
    }
    if (running.child > 0 && result->end != PROCESS_NOT_STARTED) {
        end_all(&running);
    }
    while (running.err >= 0 && read_err(&running)) {
    }
    close_one(&running.out);
    close_one(&running.err);
    give_back_signals(&running);
    if (!digest_finish(running.err_digest, result->err_sha256) || running.failed) {
        finish(&running, PROCESS_FAILED, ENOMEM);
    }
    digest_free(running.err_digest);
}

static bool is_program(const char *path) {
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

bool process_find(const char *name, const char *folder, const char *path, struct buffer *out) {
    struct buffer tried = {0};
    bool found = false;

    if (strchr(name, '/') != NULL) {
        buffer_format(&tried, "%s%s%s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name);
        found = buffer_text(&tried) != NULL && is_program(buffer_text(&tried));
        buffer_clear(&tried);
        buffer_append_text(&tried, name);
    } else {
        for (const char *at = path; !found && *at != '\0'; at += *at == ':') {
            size_t length = strcspn(at, ":");
            buffer_clear(&tried);
            buffer_append(&tried, at, length);
            buffer_format(&tried, "/%s", name);
            found = at[0] == '/' && buffer_text(&tried) != NULL && is_program(buffer_text(&tried));
            at += length;
        }
    }
    if (found) {
        buffer_append_text(out, buffer_text(&tried) != NULL ? buffer_text(&tried) : "");
    }
    found = found && !tried.failed && !out->failed;
    buffer_free(&tried);
    return found;
}
