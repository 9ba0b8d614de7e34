#include "scratch.h"

#include "base/arena.h"
#include "base/byte_source.h"
#include "base/file.h"
#include "base/file_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void reads_within_the_limit(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "ten", "0123456789");
    struct buffer out = {0};
    assert_true(file_read(scratch_path(&scratch, "ten"), 10, &out, scratch.diagnostics));
    assert_string_equal(buffer_text(&out), "0123456789");
    scratch_expect(&scratch, "");
    buffer_clear(&out);
    assert_false(file_read(scratch_path(&scratch, "ten"), 9, &out, scratch.diagnostics));
    scratch_expect(&scratch, "@/ten: error: the file is larger than 9 bytes, split it [file-too-large]\n");
    buffer_free(&out);
    scratch_end(&scratch);
}

static void opens_only_regular_files(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "real", "x");
    assert_int_equal(symlink("real", scratch_path(&scratch, "link")), 0);
    assert_int_equal(mkfifo(scratch_path(&scratch, "pipe"), 0600), 0);
    static const struct {
        const char *name;
        int error;
    } cases[] = {{"link", ELOOP}, {"pipe", EINVAL}, {".", EISDIR}, {"absent", ENOENT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        errno = 0;
        assert_int_equal(file_open(scratch_path(&scratch, cases[i].name)), -1);
        assert_int_equal(errno, cases[i].error);
    }
    int descriptor = file_open(scratch_path(&scratch, "real"));
    assert_true(descriptor >= 0);
    assert_int_equal(fcntl(descriptor, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(descriptor);
    struct buffer out = {0};
    assert_false(file_read(scratch_path(&scratch, "absent"), 9, &out, scratch.diagnostics));
    scratch_expect(&scratch,
                   "@/absent: error: the file cannot be opened, check its name, kind and permissions: No such "
                   "file or directory [file-read]\n");
    buffer_free(&out);
    scratch_end(&scratch);
}

static void lists_sorted_without_the_odd_ones(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_int_equal(mkdir(scratch_path(&scratch, "b"), 0700), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, ".git"), 0700), 0);
    scratch_write(&scratch, "b/z.csv", "12345");
    scratch_write(&scratch, "b/B.csv", "1");
    scratch_write(&scratch, "b.csv", "");
    scratch_write(&scratch, "a.csv", "12");
    scratch_write(&scratch, ".hidden", "x");
    scratch_write(&scratch, ".git/config", "x");
    scratch_write(&scratch, "line\nbreak", "x");
    assert_int_equal(symlink("/etc", scratch_path(&scratch, "etc")), 0);
    assert_int_equal(mkfifo(scratch_path(&scratch, "pipe"), 0600), 0);
    struct arena *arena = arena_new();
    struct file_list list;
    assert_true(file_list(arena, scratch.folder, false, &list, scratch.diagnostics));
    static const struct file_entry expected[] = {{"a.csv", 2}, {"b.csv", 0}, {"b/B.csv", 1}, {"b/z.csv", 5}};
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(list.entries[i].path, expected[i].path);
        assert_int_equal(list.entries[i].size, expected[i].size);
    }
    scratch_expect(
        &scratch, "@/etc: error: a symbolic link is not read as evidence, put a regular file in its place [file-kind]\n"
                  "@/line\\x0abreak: error: the name holds a control character, rename it [file-name]\n"
                  "@/pipe: error: a device, pipe or socket is not read as evidence, put a regular file in its place "
                  "[file-kind]\n");
    arena_free(arena);
    scratch_end(&scratch);
}

static void lists_a_missing_folder(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    struct arena *arena = arena_new();
    struct file_list list;
    assert_true(file_list(arena, scratch_path(&scratch, "absent"), true, &list, scratch.diagnostics));
    assert_int_equal(list.count, 0);
    scratch_expect(&scratch, "");
    assert_false(file_list(arena, scratch_path(&scratch, "absent"), false, &list, scratch.diagnostics));
    scratch_expect(&scratch, "@/absent: error: the folder cannot be read, check its name and permissions: No such file "
                             "or directory [file-read]\n");
    arena_free(arena);
    scratch_end(&scratch);
}

static void refuses_bottomless_folders(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    char path[256];
    strcpy(path, scratch.folder);
    for (int i = 0; i < 40; i++) {
        strcat(path, "/d");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    struct arena *arena = arena_new();
    struct file_list list;
    assert_false(file_list(arena, scratch.folder, false, &list, scratch.diagnostics));
    scratch_expect(&scratch, "@: error: folders are nested more than 32 deep, move the files up [file-read]\n");
    arena_free(arena);
    scratch_end(&scratch);
}

static void creates_once(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    const char *path = scratch_path(&scratch, "new");
    assert_true(file_create(path, "abc", 3, 0600, scratch.diagnostics));
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 3);
    scratch_expect(&scratch, "");
    assert_false(file_create(path, "other", 5, 0600, scratch.diagnostics));
    scratch_expect(&scratch, "@/new: failure: the file cannot be written, check the folder's permissions and free "
                             "space: File exists [file-write]\n");
    struct buffer out = {0};
    assert_true(file_read(path, 10, &out, scratch.diagnostics));
    assert_string_equal(buffer_text(&out), "abc");
    buffer_free(&out);
    scratch_end(&scratch);
}

static void moves_to_a_free_name_alone(void **state) {
    (void)state;
    struct scratch scratch;
    bool taken = true;
    struct buffer out = {0};
    scratch_begin(&scratch);
    scratch_write(&scratch, "from", "new");
    scratch_write(&scratch, "there", "old");
    assert_false(
        file_move_new(scratch_path(&scratch, "from"), scratch_path(&scratch, "there"), &taken, scratch.diagnostics));
    assert_true(taken);
    assert_true(file_read(scratch_path(&scratch, "there"), 10, &out, scratch.diagnostics));
    assert_string_equal(buffer_text(&out), "old");
    assert_int_equal(symlink("nowhere", scratch_path(&scratch, "link")), 0);
    assert_false(
        file_move_new(scratch_path(&scratch, "from"), scratch_path(&scratch, "link"), &taken, scratch.diagnostics));
    assert_true(taken);
    scratch_expect(&scratch, "");
    assert_true(
        file_move_new(scratch_path(&scratch, "from"), scratch_path(&scratch, "to"), &taken, scratch.diagnostics));
    assert_false(taken);
    assert_false(file_exists(scratch_path(&scratch, "from")));
    buffer_clear(&out);
    assert_true(file_read(scratch_path(&scratch, "to"), 10, &out, scratch.diagnostics));
    assert_string_equal(buffer_text(&out), "new");
    scratch_expect(&scratch, "");
    assert_false(
        file_move_new(scratch_path(&scratch, "to"), scratch_path(&scratch, "no/folder"), &taken, scratch.diagnostics));
    assert_false(taken);
    scratch_expect(&scratch, "@/no/folder: failure: the file cannot be put in its place, check the folder's "
                             "permissions and free space: No such file or directory [file-write]\n");
    buffer_free(&out);
    scratch_end(&scratch);
}

static void makes_and_removes_folders(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    assert_true(file_make_directory(scratch_path(&scratch, "a/b/c"), scratch.diagnostics));
    assert_true(file_make_directory(scratch_path(&scratch, "a/b/c"), scratch.diagnostics));
    assert_true(file_is_directory(scratch_path(&scratch, "a/b/c")));
    scratch_write(&scratch, "kept", "x");
    scratch_write(&scratch, "a/b/file", "x");
    assert_false(file_is_directory(scratch_path(&scratch, "kept")));
    assert_int_equal(symlink("../kept", scratch_path(&scratch, "a/link")), 0);
    assert_int_equal(symlink("..", scratch_path(&scratch, "a/up")), 0);
    assert_true(file_remove_tree(scratch_path(&scratch, "a"), scratch.diagnostics));
    assert_false(file_exists(scratch_path(&scratch, "a")));
    assert_true(file_exists(scratch_path(&scratch, "kept")));
    assert_true(file_remove_tree(scratch_path(&scratch, "a"), scratch.diagnostics));
    scratch_expect(&scratch, "");
    assert_false(file_make_directory(scratch_path(&scratch, "kept/x"), scratch.diagnostics));
    scratch_expect(&scratch, "@/kept/x: failure: the folder cannot be made, check the permissions of the one that "
                             "holds it: File exists [file-write]\n");
    scratch_end(&scratch);
}

static void sources_give_the_same_bytes(void **state) {
    (void)state;
    struct scratch scratch;
    scratch_begin(&scratch);
    scratch_write(&scratch, "bytes", "0123456789");
    for (size_t most = 0; most <= 11; most++) {
        struct byte_source_memory memory;
        byte_source_memory(&memory, "0123456789", 10);
        memory.most = most;
        char into[16];
        size_t total = 0;
        ssize_t got;
        while ((got = memory.source.read(&memory.source, into + total, 4)) > 0) {
            assert_true(most == 0 || (size_t)got <= most);
            total += (size_t)got;
        }
        assert_int_equal(got, 0);
        assert_int_equal(total, 10);
        assert_memory_equal(into, "0123456789", 10);
    }
    int descriptor = file_open(scratch_path(&scratch, "bytes"));
    struct byte_source_descriptor file;
    byte_source_descriptor(&file, descriptor);
    char into[16];
    assert_int_equal(file.source.read(&file.source, into, sizeof into), 10);
    assert_int_equal(file.source.read(&file.source, into, sizeof into), 0);
    close(descriptor);
    assert_int_equal(file.source.read(&file.source, into, sizeof into), -1);
    assert_int_equal(errno, EBADF);
    scratch_end(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_within_the_limit),
        cmocka_unit_test(opens_only_regular_files),
        cmocka_unit_test(lists_sorted_without_the_odd_ones),
        cmocka_unit_test(lists_a_missing_folder),
        cmocka_unit_test(refuses_bottomless_folders),
        cmocka_unit_test(creates_once),
        cmocka_unit_test(moves_to_a_free_name_alone),
        cmocka_unit_test(makes_and_removes_folders),
        cmocka_unit_test(sources_give_the_same_bytes),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
