/*
 * Lists of requests, CSV and workbooks. Whatever the bytes are: no crash, a list that is read has requests with ids
 * that are told apart, each in a line of its own, and one that is not read says why.
 */
#include "read/request_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const char *names[REQUEST_COLUMNS];
    const char *open[] = {"open"};
    const char *asks[] = {"population"};
    struct request_words words = {.given = true, .asks = {{asks, 1}}, .statuses = {{open, 1}}};
    struct arena *arena = arena_new();
    struct diagnostics *diagnostics = diagnostics_new();
    struct request_list list;

    for (size_t i = 0; i < REQUEST_COLUMNS; i++) {
        names[i] = request_column_names[i];
        words.columns[i] = (struct text_list){&names[i], 1};
    }
    const struct request_list_source source = {
        .path = "list", .bytes = (const char *)bytes, .length = length, .words = &words};
    check(arena != NULL && diagnostics != NULL);
    if (request_list_read(arena, &source, &list, diagnostics)) {
        check(list.count > 0 && diagnostics_count(diagnostics, DIAGNOSTIC_SETUP) == 0);
        for (size_t i = 0; i < list.count; i++) {
            check(*list.items[i].id != '\0');
            for (size_t k = 0; k < i; k++) {
                check(strcasecmp(list.items[i].id, list.items[k].id) != 0);
                check(list.items[i].place.line > list.items[k].place.line);
            }
        }
    } else {
        check(diagnostics_count(diagnostics, DIAGNOSTIC_SETUP) > 0);
    }
    diagnostics_free(diagnostics);
    arena_free(arena);
    return 0;
}
