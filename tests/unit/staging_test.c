#include "scratch.h"

#include "base/file.h"
#include "base/staging.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const struct staging *staging, const char *name, const char *content, struct diagnostics *diagnostics) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", staging_path(staging), name);
    assert_true(file_create(path, content, strlen(content), 0644, diagnostics));
}

static void assert_content(struct scratch *scratch, const char *name, const char *expected) {
    struct buffer content = {0};
    assert_true(file_read(scratch_path(scratch, name), 1000, &content, scratch->diagnostics));
    assert_string_equal(buffer_text(&content), expected);
    buffer_free(&content);
}

static unsigned count_entries(const char *path) {
    DIR *directory = opendir(path);
    assert_non_null(directory);
    unsigned count = 0;
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(directory);
    return count;
}

static void publish(struct scratch *scratch, const char *content) {
    struct staging *staging = staging_begin(scratch_path(scratch, "out/2025-Q4"), scratch->diagnostics);
    assert_non_null(staging);
    put(staging, "report", content, scratch->diagnostics);
    assert_true(staging_commit(staging, scratch->diagnostics));
    staging_end(staging);
}

static void appears_at_once(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct staging *staging = staging_begin(scratch_path(&scratch, "out/2025-Q4/"), scratch.diagnostics);
    assert_non_null(staging);
    put(staging, "report", "first", scratch.diagnostics);
    assert_false(file_exists(scratch_path(&scratch, "out/2025-Q4")));
    assert_true(staging_commit(staging, scratch.diagnostics));
    assert_content(&scratch, "out/2025-Q4/report", "first");
    staging_end(staging);
    assert_content(&scratch, "out/2025-Q4/report", "first");
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 1);
    scratch_expect(&scratch, "");
    scratch_end(&scratch);
}

static void replaces_whole(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    publish(&scratch, "first");
    scratch_write(&scratch, "out/2025-Q4/stray", "x");
    publish(&scratch, "second");
    assert_content(&scratch, "out/2025-Q4/report", "second");
    assert_false(file_exists(scratch_path(&scratch, "out/2025-Q4/stray")));
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 1);
    scratch_end(&scratch);
}

static void abort_leaves_the_last(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    publish(&scratch, "first");
    struct staging *staging = staging_begin(scratch_path(&scratch, "out/2025-Q4"), scratch.diagnostics);
    put(staging, "report", "half", scratch.diagnostics);
    staging_end(staging);
    assert_content(&scratch, "out/2025-Q4/report", "first");
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 1);
    staging_end(NULL);
    scratch_end(&scratch);
}

static void leftovers_go(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct staging *staging = staging_begin(scratch_path(&scratch, "out/2025-Q4"), scratch.diagnostics);
        _exit(staging == NULL ? 1 : 0); /* as if killed */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 1);
    assert_int_equal(mkdir(scratch_path(&scratch, "out/.2025-Q3.partial-1"), 0700), 0);
    publish(&scratch, "after");
    /* What is left of another target is not ours to remove. */
    assert_true(file_exists(scratch_path(&scratch, "out/.2025-Q3.partial-1")));
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 2);
    scratch_expect(&scratch, "");
    scratch_end(&scratch);
}

static void a_living_run_is_respected(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct staging *first = staging_begin(scratch_path(&scratch, "out/2025-Q4"), scratch.diagnostics);
    assert_non_null(first);
    assert_null(staging_begin(scratch_path(&scratch, "out/2025-Q4"), scratch.diagnostics));
    scratch_expect(&scratch,
                   "@/out/2025-Q4: failure: another run is writing this output, wait for it to end [file-write]\n");
    put(first, "report", "first", scratch.diagnostics);
    assert_true(staging_commit(first, scratch.diagnostics));
    staging_end(first);
    scratch_end(&scratch);
}

static void an_interrupted_exchange_is_repaired(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    publish(&scratch, "good");
    assert_int_equal(rename(scratch_path(&scratch, "out/2025-Q4"), scratch_path(&scratch, "out/.2025-Q4.previous")), 0);
    staging_end(staging_begin(scratch_path(&scratch, "out/2025-Q4"), scratch.diagnostics));
    assert_content(&scratch, "out/2025-Q4/report", "good");
    assert_int_equal(count_entries(scratch_path(&scratch, "out")), 1);
    scratch_end(&scratch);
}

static void only_outputs_are_replaced(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    const char *target = scratch_path(&scratch, "out");
    assert_true(staging_may_replace(target, "mark", scratch.diagnostics));
    assert_int_equal(mkdir(target, 0700), 0);
    assert_true(staging_may_replace(target, "mark", scratch.diagnostics));
    scratch_write(&scratch, "out/.own", "x");
    assert_false(staging_may_replace(target, "mark", scratch.diagnostics));
    scratch_write(&scratch, "out/mark", "x");
    assert_true(staging_may_replace(target, "mark", scratch.diagnostics));
    const char *file = scratch_path(&scratch, "out/mark");
    assert_false(staging_may_replace(file, "mark", scratch.diagnostics));
    const char *link = scratch_path(&scratch, "link");
    assert_int_equal(symlink("out", link), 0);
    assert_false(staging_may_replace(link, "mark", scratch.diagnostics));
    scratch_expect(&scratch,
                   "@/link: failure: what is there is no folder, so it is not replaced; move it away or write "
                   "elsewhere with --out [file-write]\n"
                   "@/out: failure: the folder holds files but no mark, so it is none that a run wrote; move it away "
                   "or write elsewhere with --out [file-write]\n"
                   "@/out/mark: failure: what is there is no folder, so it is not replaced; move it away or write "
                   "elsewhere with --out [file-write]\n");
    scratch_end(&scratch);
}

static void commits_below_a_link(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_int_equal(mkdir(scratch_path(&scratch, "real"), 0700), 0);
    assert_int_equal(symlink("real", scratch_path(&scratch, "out")), 0);
    publish(&scratch, "first");
    publish(&scratch, "second");
    assert_content(&scratch, "real/2025-Q4/report", "second");
    assert_int_equal(count_entries(scratch_path(&scratch, "real")), 1);
    scratch_expect(&scratch, "");
    scratch_end(&scratch);
}

static void says_when_it_cannot(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "file", "x");
    assert_null(staging_begin(scratch_path(&scratch, "file/2025-Q4"), scratch.diagnostics));
    scratch_expect(&scratch, "@/file: failure: the folder cannot be made, check the permissions of the one that holds "
                             "it: File exists [file-write]\n");
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appears_at_once),           cmocka_unit_test(replaces_whole),
        cmocka_unit_test(abort_leaves_the_last),     cmocka_unit_test(leftovers_go),
        cmocka_unit_test(a_living_run_is_respected), cmocka_unit_test(an_interrupted_exchange_is_repaired),
        cmocka_unit_test(only_outputs_are_replaced), cmocka_unit_test(commits_below_a_link),
        cmocka_unit_test(says_when_it_cannot),
    };
    return cmocka_run_group_tests_name("staging", tests, NULL, NULL);
}
