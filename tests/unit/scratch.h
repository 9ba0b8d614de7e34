#ifndef SCRATCH_H
#define SCRATCH_H

/* A folder of its own for a test, and what unit tests of files and diagnostics have in common. */

#include "base/diagnostics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct scratch {
    char folder[64];
    struct diagnostics *diagnostics;
};

static inline void scratch_begin(struct scratch *scratch) {
    strcpy(scratch->folder, "/tmp/tickmark-unit-XXXXXX");
    assert_non_null(mkdtemp(scratch->folder));
    scratch->diagnostics = diagnostics_new();
    assert_non_null(scratch->diagnostics);
}

static inline int scratch_remove(const char *path, const struct stat *status, int type, struct FTW *position) {
    (void)status;
    (void)type;
    (void)position;
    return remove(path);
}

static inline void scratch_end(struct scratch *scratch) {
    diagnostics_free(scratch->diagnostics);
    assert_int_equal(nftw(scratch->folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* The path of a name in the folder; four of them live at a time. */
static inline const char *scratch_path(const struct scratch *scratch, const char *name) {
    static char paths[4][256];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    assert_true(snprintf(path, sizeof paths[0], "%s/%s", scratch->folder, name) < (int)sizeof paths[0]);
    return path;
}

static inline void scratch_write(const struct scratch *scratch, const char *name, const char *content) {
    FILE *file = fopen(scratch_path(scratch, name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
    assert_int_equal(fclose(file), 0);
}

/* Checks all that was reported, as it would be printed, with the folder's path shown as "@". */
static inline void scratch_expect(const struct scratch *scratch, const char *expected) {
    struct buffer printed = {0};
    struct buffer shown = {0};
    diagnostics_print(scratch->diagnostics, DIAGNOSTIC_NOTE, false, &printed);
    size_t length = strlen(scratch->folder);
    for (const char *at = buffer_text(&printed); *at != '\0';) {
        bool folder = strncmp(at, scratch->folder, length) == 0;
        buffer_append_byte(&shown, folder ? '@' : *at);
        at += folder ? length : 1;
    }
    assert_string_equal(buffer_text(&shown), expected);
    buffer_free(&printed);
    buffer_free(&shown);
}

#endif
