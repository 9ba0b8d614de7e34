#include "scratch.h"

#include "base/file.h"
#include "base/sandbox.h"
#include "base/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *answer(void *context) {
    *(int *)context = 42;
    return NULL;
}

static bool denied(long result, int error) {
    return result == -1 && errno == error;
}

/* Runs in a child that is sealed; the number of the first promise that is not kept, or 0. */
static int broken_promise(struct scratch *scratch, bool has_landlock) {
    pthread_t thread;
    int answered = 0;
    if (pthread_create(&thread, NULL, answer, &answered) != 0 || pthread_join(thread, NULL) != 0 || answered != 42) {
        return 1;
    }
    char *const arguments[] = {"true", NULL};
    if (!denied(execv("/bin/true", arguments), EPERM) || !denied(socket(AF_INET, SOCK_STREAM, 0), EPERM) ||
        !denied(socket(AF_UNIX, SOCK_STREAM, 0), EPERM)) {
        return 2;
    }
    struct buffer content = {0};
    if (!file_read(scratch_path(scratch, "in/evidence"), 100, &content, scratch->diagnostics) ||
        strcmp(buffer_text(&content), "seen") != 0) {
        return 3;
    }
    buffer_free(&content);
    /* A second exchange shows that both kinds of rename are allowed below the writable folder. */
    for (int round = 0; round < 2; round++) {
        struct staging *staging = staging_begin(scratch_path(scratch, "out/2025-Q4"), scratch->diagnostics);
        if (staging == NULL || !staging_commit(staging, scratch->diagnostics)) {
            return 4;
        }
        staging_end(staging);
    }
    if (has_landlock) {
        if (!denied(open("/etc/passwd", O_RDONLY), EACCES) ||
            !denied(open(scratch_path(scratch, "in/evidence"), O_WRONLY), EACCES) ||
            !denied(open(scratch_path(scratch, "in/new"), O_WRONLY | O_CREAT, 0600), EACCES) ||
            !denied(open(scratch_path(scratch, "secret"), O_RDONLY), EACCES)) {
            return 5;
        }
    }
#if !defined(__SANITIZE_ADDRESS__)
    if (!denied(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM) || !denied(fork(), EPERM)) {
        return 6;
    }
#endif
    return 0;
}

static void seals_the_process(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_int_equal(mkdir(scratch_path(&scratch, "in"), 0700), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, "out"), 0700), 0);
    scratch_write(&scratch, "in/evidence", "seen");
    scratch_write(&scratch, "secret", "unseen");
    bool has_landlock = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const char *readable[] = {scratch_path(&scratch, "in"), scratch_path(&scratch, "absent"), NULL};
        const char *writable[] = {scratch_path(&scratch, "out"), NULL};
        if (!sandbox_enter(readable, writable, scratch.diagnostics)) {
            _exit(100);
        }
        uint64_t notes = diagnostics_count_id(scratch.diagnostics, DIAGNOSTIC_SANDBOX);
        if ((notes == 0) != has_landlock) {
            _exit(101);
        }
        _exit(broken_promise(&scratch, has_landlock));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(seals_the_process)};
    return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
