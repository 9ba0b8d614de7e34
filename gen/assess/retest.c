#include "assess/retest.h"

#include "assess/finding.sql.h"
#include "base/arena.h"
#include "store/query.h"

#include <stdlib.h>
#include <string.h>

struct retest_entry {
    const char *test;
    const char *item;
    int64_t seen;
};

struct retest {
    struct store *store;
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct retest_entry *entries; /* by test, then item */
    size_t count;
};

static int compare(const void *a, const void *b) {
    const struct retest_entry *left = a;
    const struct retest_entry *right = b;
    int order = strcmp(left->test, right->test);

    return order != 0 ? order : strcmp(left->item, right->item);
}

static bool out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the findings of earlier periods");
    return false;
}

static bool read_entries(struct retest *retest) {
    struct query query = {0};
    bool done =
        query_open(&query, store_connection(retest->store), "retest_list", sql_retest_list, retest->diagnostics);

    while (done && query_step(&query)) {
        struct retest_entry *entry =
            arena_push(retest->arena, &retest->entries, &retest->count, sizeof *retest->entries);
        if (entry != NULL) {
            entry->test = arena_text(retest->arena, query_column_text(&query, 0));
            entry->item = arena_text(retest->arena, query_column_text(&query, 1));
        }
        done = (entry != NULL && entry->test != NULL && entry->item != NULL) || out_of_memory(retest->diagnostics);
    }
    if (done && retest->count > 1) {
        qsort(retest->entries, retest->count, sizeof *retest->entries, compare);
    }
    return query_close(&query) && done;
}

struct retest *retest_open(struct store *store, struct diagnostics *diagnostics) {
    struct retest *retest = calloc(1, sizeof *retest);

    if (retest != NULL) {
        *retest = (struct retest){.store = store, .diagnostics = diagnostics, .arena = arena_new()};
    }
    if (retest == NULL || retest->arena == NULL) {
        out_of_memory(diagnostics);
        goto failed;
    }
    if (!query_execute(store_connection(store), "retest_insert", sql_retest_insert, diagnostics) ||
        !read_entries(retest)) {
        goto failed;
    }
    return retest;

failed:
    retest_free(retest);
    return NULL;
}

void retest_free(struct retest *retest) {
    if (retest != NULL) {
        arena_free(retest->arena);
        free(retest);
    }
}

/* The first entry that does not come before this one. */
static size_t first_from(const struct retest *retest, const struct retest_entry *wanted) {
    size_t low = 0;
    size_t high = retest->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&retest->entries[middle], wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool retest_concerns(const struct retest *retest, const char *test) {
    const struct retest_entry wanted = {test, "", 0};
    size_t at = retest != NULL ? first_from(retest, &wanted) : 0;

    return retest != NULL && at < retest->count && strcmp(retest->entries[at].test, test) == 0;
}

void retest_see(struct retest *retest, const char *test, const char *subject) {
    const struct retest_entry wanted = {test, subject, 0};
    size_t at = first_from(retest, &wanted);

    if (at < retest->count && compare(&retest->entries[at], &wanted) == 0) {
        retest->entries[at].seen++;
    }
}

bool retest_write(struct retest *retest) {
    struct query update = {0};
    bool done =
        query_open(&update, store_connection(retest->store), "retest_seen", sql_retest_seen, retest->diagnostics);

    for (size_t i = 0; done && i < retest->count; i++) {
        if (retest->entries[i].seen > 0) {
            query_text(&update, 1, retest->entries[i].test);
            query_text(&update, 2, retest->entries[i].item);
            query_integer(&update, 3, retest->entries[i].seen);
            done = query_run(&update);
        }
    }
    return query_close(&update) && done;
}
