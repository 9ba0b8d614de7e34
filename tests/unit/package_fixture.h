#ifndef TESTS_PACKAGE_FIXTURE_H
#define TESTS_PACKAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "base/file.h"
#include "base/file_remove.h"
#include "pack/package.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the tests of pack and trust share: a folder of their own, an invented organisation, and looks at diagnostics. */

#define FIXTURE_DATE       1760000000 /* 2025-10-09T08:53:20Z, as `date -u -d @1760000000` says */
#define FIXTURE_PATH_BYTES 256

static char fixture_folder[64];

static inline int fixture_open(void **state) {
    (void)state;
    strcpy(fixture_folder, "/tmp/tickmark-test-XXXXXX");
    return mkdtemp(fixture_folder) ? 0 : -1;
}

static inline int fixture_close(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    bool done = file_remove_tree(fixture_folder, diagnostics);
    diagnostics_free(diagnostics);
    return done ? 0 : -1;
}

/* A path in the folder; one of four rotating places, so that a few can be used side by side. */
static inline const char *fixture_path(const char *name) {
    static char paths[4][FIXTURE_PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, FIXTURE_PATH_BYTES, "%s/%s", fixture_folder, name);
    return path;
}

static inline struct package_identity fixture_identity(void) {
    return (struct package_identity){
        .date = FIXTURE_DATE,
        .organisation = "Example Cooperative",
        .identifier = "example-2025-Q4-portfolio",
        .description = "Evidence of the fourth quarter",
        .agent = "tickmark test",
    };
}

struct fixture_search {
    enum diagnostic id;
    const char *text;
    bool found;
};

static inline bool fixture_visit(void *context, const struct diagnostic_view *view) {
    struct fixture_search *search = context;
    search->found = view->id == search->id &&
                    (strstr(view->text, search->text) || (view->place.path && strstr(view->place.path, search->text)));
    return !search->found;
}

/* Whether a diagnostic of this id was recorded with this in its text or path. */
static inline bool fixture_says(struct diagnostics *diagnostics, enum diagnostic id, const char *text) {
    struct fixture_search search = {.id = id, .text = text};
    diagnostics_visit(diagnostics, fixture_visit, &search);
    return search.found;
}

/* Fails with all diagnostics in print when there are any. */
static inline void fixture_quiet(struct diagnostics *diagnostics) {
    struct buffer text = {0};
    if (diagnostics_count(diagnostics, DIAGNOSTIC_NOTE) > 0) {
        diagnostics_print(diagnostics, DIAGNOSTIC_NOTE, false, &text);
        print_error("%s", buffer_text(&text));
        buffer_free(&text);
        fail();
    }
}

static inline void fixture_read(const char *path, struct buffer *out) {
    struct diagnostics *diagnostics = diagnostics_new();
    buffer_clear(out);
    assert_true(file_read(path, 64u << 20, out, diagnostics));
    diagnostics_free(diagnostics);
}

static inline void fixture_write(const char *path, const void *bytes, size_t length, unsigned mode) {
    struct diagnostics *diagnostics = diagnostics_new();
    unlink(path);
    assert_true(file_create(path, bytes, length, mode, diagnostics));
    diagnostics_free(diagnostics);
}

#endif
