#include "scratch.h"

#include "base/process.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Keeps what passes in memory. */
struct keeping_sink {
    struct byte_sink sink;
    struct buffer text;
    bool refuse;
};

static bool keep(struct byte_sink *sink, const void *bytes, size_t length) {
    struct keeping_sink *kept = (struct keeping_sink *)sink;
    buffer_append(&kept->text, bytes, length);
    return !kept->refuse;
}

/* One shell script, run in a folder of its own. */
struct trial {
    struct scratch scratch;
    struct keeping_sink kept;
    struct process_result result;
};

static const char *const environment[] = {"PATH=/usr/bin:/bin", "GREETING=hello", NULL};

static void run(struct trial *trial, const char *script, int64_t seconds, uint64_t most) {
    const char *const argv[] = {"sh", "-c", script, NULL};
    buffer_free(&trial->kept.text);
    trial->kept = (struct keeping_sink){.sink.write = keep};
    const struct process_request request = {
        .program = "/bin/sh",
        .argv = argv,
        .environment = environment,
        .folder = trial->scratch.folder,
        .seconds = seconds,
        .most_bytes = most,
        .out = &trial->kept.sink,
    };
    process_run(&request, &trial->result);
}

static int begin(void **state) {
    struct trial *trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    scratch_begin(&trial->scratch);
    *state = trial;
    return 0;
}

static int end(void **state) {
    struct trial *trial = *state;
    buffer_free(&trial->kept.text);
    scratch_end(&trial->scratch);
    free(trial);
    return 0;
}

static void assert_ended(const struct trial *trial, enum process_end expected, int code) {
    assert_int_equal(trial->result.end, expected);
    assert_int_equal(trial->result.code, code);
}

/* However much it is, and whether it is read or not. */
static void input_is_found_whole(void **state) {
    struct trial *trial = *state;
    const char *const argv[] = {"sh", "-c", "cat | wc -c", NULL};
    const char *const deaf[] = {"true", NULL};
    struct buffer input = {0};

    for (int i = 0; i < 200000; i++) {
        buffer_append_text(&input, "a line of input\n");
    }
    trial->kept = (struct keeping_sink){.sink.write = keep};
    struct process_request request = {
        .program = "/bin/sh",
        .argv = argv,
        .environment = environment,
        .folder = trial->scratch.folder,
        .seconds = 60,
        .most_bytes = 1000,
        .out = &trial->kept.sink,
        .input = input.data,
        .input_length = input.length,
    };
    process_run(&request, &trial->result);
    assert_ended(trial, PROCESS_EXITED, 0);
    assert_string_equal(buffer_text(&trial->kept.text), "3200000\n");
    request.program = "/bin/true";
    request.argv = deaf;
    process_run(&request, &trial->result);
    assert_ended(trial, PROCESS_EXITED, 0);
    buffer_free(&input);
}

/* The process whose number a script wrote into a file is no more (or a zombie of somebody else). */
static void assert_gone(struct trial *trial, const char *name) {
    char number[32] = "";
    FILE *file = fopen(scratch_path(&trial->scratch, name), "r");
    assert_non_null(file);
    assert_non_null(fgets(number, sizeof number, file));
    fclose(file);
    long pid = strtol(number, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void output_and_status(void **state) {
    struct trial *trial = *state;
    run(trial, "echo one; echo two >&2; exit 3", 10, 100);
    assert_ended(trial, PROCESS_EXITED, 3);
    assert_string_equal(buffer_text(&trial->kept.text), "one\n");
    assert_int_equal(trial->result.out_bytes, 4);
    assert_int_equal(trial->result.err_bytes, 4);
    assert_string_equal(trial->result.err_tail, "two\n");
    char hex[DIGEST_HEX_BYTES];
    digest_hex(trial->result.err_sha256, hex);
    /* echo two | sha256sum */
    assert_string_equal(hex, "27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a");
}

static void surroundings(void **state) {
    struct trial *trial = *state;
    int open_here = dup2(STDERR_FILENO, 9); /* not to be handed on, though nobody said so when it was opened */
    assert_int_equal(open_here, 9);
    run(trial, "env | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD=' | sort; pwd; cat; ls /proc/$$/fd", 10, 1000);
    close(open_here);
    assert_int_equal(trial->result.end, PROCESS_EXITED);
    struct buffer expected = {0};
    buffer_format(&expected, "GREETING=hello\nPATH=/usr/bin:/bin\n%s\n0\n1\n2\n", trial->scratch.folder);
    assert_string_equal(buffer_text(&trial->kept.text), buffer_text(&expected));
    buffer_free(&expected);
}

static void a_signal_ends_it(void **state) {
    struct trial *trial = *state;
    run(trial, "kill -KILL $$", 10, 100);
    assert_ended(trial, PROCESS_SIGNALLED, SIGKILL);
}

static void signals_are_as_usual(void **state) {
    /* What the C library keeps for itself: posix_spawn, by which make starts this test, leaves it ignored. */
    const unsigned long internal = 3ul << 31;
    struct trial *trial = *state;
    unsigned long blocked = 1;
    unsigned long ignored = 1;
    signal(SIGPIPE, SIG_IGN);
    /* A program that ignores SIGPIPE has bit 12 set here. */
    run(trial,
        "while read -r name value; do case $name in SigIgn:|SigBlk:) echo $name $value;; esac; done < "
        "/proc/self/status",
        10, 200);
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(sscanf(buffer_text(&trial->kept.text), "SigBlk: %lx SigIgn: %lx", &blocked, &ignored), 2);
    assert_int_equal(blocked, 0);
    assert_int_equal(ignored & ~internal, 0);
}

static void too_long(void **state) {
    struct trial *trial = *state;
    time_t began = time(NULL);
    run(trial, "echo $$ > own; sleep 60 & echo $! > other; trap 'echo tidied > tidied; exit 0' TERM; wait", 1, 100);
    assert_ended(trial, PROCESS_TIMED_OUT, 0);
    assert_true(time(NULL) - began < 4);
    assert_gone(trial, "own");
    assert_gone(trial, "other");
    assert_int_equal(access(scratch_path(&trial->scratch, "tidied"), F_OK), 0);
}

static void too_long_and_deaf(void **state) {
    struct trial *trial = *state;
    run(trial, "echo $$ > own; trap '' TERM; while :; do sleep 1; done", 1, 100);
    assert_ended(trial, PROCESS_TIMED_OUT, 0);
    assert_gone(trial, "own");
}

static void too_much(void **state) {
    struct trial *trial = *state;
    run(trial, "echo $$ > own; yes", 20, 1000000);
    assert_ended(trial, PROCESS_TOO_MUCH, 0);
    assert_true(trial->result.out_bytes <= 1000000);
    assert_gone(trial, "own");
    run(trial, "printf 12345", 10, 5);
    assert_ended(trial, PROCESS_EXITED, 0);
    run(trial, "printf 123456", 10, 5);
    assert_ended(trial, PROCESS_TOO_MUCH, 0);
}

/* Left behind in its group, and in a session of its own: both end with the command. */
static void nothing_is_left(void **state) {
    struct trial *trial = *state;
    run(trial,
        "sleep 60 > /dev/null 2>&1 & echo $! > first\n"
        "setsid sh -c 'echo $$ > second; sleep 60' > /dev/null 2>&1 &\n"
        "while ! [ -s second ]; do sleep 0.05; done; echo done",
        20, 100);
    assert_ended(trial, PROCESS_EXITED, 0);
    assert_string_equal(buffer_text(&trial->kept.text), "done\n");
    assert_gone(trial, "first");
    assert_gone(trial, "second");
}

static void a_daemon_holds_the_output(void **state) {
    struct trial *trial = *state;
    time_t began = time(NULL);
    run(trial, "setsid sh -c 'echo $$ > own; sleep 60' & while ! [ -s own ]; do sleep 0.05; done; echo half", 20, 100);
    assert_ended(trial, PROCESS_HELD, 0);
    assert_true(time(NULL) - began < 10);
    assert_gone(trial, "own");
    run(trial, "sleep 60 & exit 4", 20, 100);
    assert_ended(trial, PROCESS_EXITED, 4);
}

static void interrupted(void **state) {
    struct trial *trial = *state;
    struct buffer script = {0};
    buffer_format(&script, "echo $$ > own; kill -TERM %ld; sleep 60", (long)getpid());
    run(trial, buffer_text(&script), 20, 100);
    buffer_free(&script);
    assert_ended(trial, PROCESS_INTERRUPTED, SIGTERM);
    assert_gone(trial, "own");
}

static void a_long_complaint(void **state) {
    struct trial *trial = *state;
    run(trial, "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done >&2", 20, 100);
    assert_ended(trial, PROCESS_EXITED, 0);
    assert_int_equal(trial->result.err_tail_length, LIMIT_PROCESS_TAIL);
    assert_int_equal(trial->result.err_bytes, 10 * 7 + 90 * 8 + 900 * 9 + 1000 * 10);
    assert_non_null(strstr(trial->result.err_tail, "line 1998\nline 1999\n"));
}

static void not_started(void **state) {
    struct trial *trial = *state;
    const char *const argv[] = {"nothing", NULL};
    struct process_request request = {.program = "/nonexistent",
                                      .argv = argv,
                                      .environment = environment,
                                      .folder = trial->scratch.folder,
                                      .seconds = 5,
                                      .most_bytes = 1,
                                      .out = &trial->kept.sink};
    process_run(&request, &trial->result);
    assert_ended(trial, PROCESS_NOT_STARTED, ENOENT);
    request.program = "/bin/sh";
    request.folder = scratch_path(&trial->scratch, "no-such-folder");
    process_run(&request, &trial->result);
    assert_ended(trial, PROCESS_NOT_STARTED, ENOENT);
}

static void programs_are_found(void **state) {
    struct trial *trial = *state;
    struct buffer found = {0};
    scratch_write(&trial->scratch, "tool", "#!/bin/sh\n");
    assert_false(process_find("./tool", trial->scratch.folder, "", &found));
    assert_int_equal(chmod(scratch_path(&trial->scratch, "tool"), 0755), 0);
    assert_true(process_find("./tool", trial->scratch.folder, "", &found));
    assert_string_equal(buffer_text(&found), "./tool");
    buffer_clear(&found);
    struct buffer path = {0};
    buffer_format(&path, "relative::/nonexistent:%s:/bin", trial->scratch.folder);
    assert_true(process_find("tool", "/", buffer_text(&path), &found));
    assert_string_equal(buffer_text(&found), scratch_path(&trial->scratch, "tool"));
    buffer_clear(&found);
    assert_false(process_find("no-such-tool-here", "/", buffer_text(&path), &found));
    assert_false(process_find("tool", "/", "", &found));
    /* A folder is no program, and one that is named from where somebody stands is passed over. */
    assert_false(process_find("bin", "/", "/", &found));
    assert_int_equal(chdir(trial->scratch.folder), 0);
    assert_false(process_find("tool", trial->scratch.folder, ".::", &found));
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(found.length, 0);
    buffer_free(&path);
    buffer_free(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(input_is_found_whole, begin, end),
        cmocka_unit_test_setup_teardown(output_and_status, begin, end),
        cmocka_unit_test_setup_teardown(surroundings, begin, end),
        cmocka_unit_test_setup_teardown(a_signal_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(signals_are_as_usual, begin, end),
        cmocka_unit_test_setup_teardown(too_long, begin, end),
        cmocka_unit_test_setup_teardown(too_long_and_deaf, begin, end),
        cmocka_unit_test_setup_teardown(too_much, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_left, begin, end),
        cmocka_unit_test_setup_teardown(a_daemon_holds_the_output, begin, end),
        cmocka_unit_test_setup_teardown(interrupted, begin, end),
        cmocka_unit_test_setup_teardown(a_long_complaint, begin, end),
        cmocka_unit_test_setup_teardown(not_started, begin, end),
        cmocka_unit_test_setup_teardown(programs_are_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
