#include "assess/earlier.h"

#include "assess/earlier.sql.h"
#include "store/query.h"

#include <stdlib.h>

struct earlier_export {
    int64_t evidence;
    int64_t at;
};

struct earlier {
    struct earlier_export *exports; /* by evidence */
    size_t count;
};

struct earlier *earlier_open(struct store *store, struct diagnostics *diagnostics) {
    struct earlier *earlier = calloc(1, sizeof *earlier);
    struct query query = {0};
    size_t capacity = 0;
    bool enough = earlier != NULL;
    bool read = enough && query_open(&query, store_connection(store), "earlier_list", sql_earlier_list, diagnostics);

    while (read && enough && query_step(&query)) {
        if (earlier->count == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            struct earlier_export *grown = reallocarray(earlier->exports, capacity, sizeof *grown);
            enough = grown != NULL;
            earlier->exports = enough ? grown : earlier->exports;
        }
        if (enough) {
            earlier->exports[earlier->count++] =
                (struct earlier_export){query_column_integer(&query, 0), query_column_integer(&query, 1)};
        }
    }
    if (!enough) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the exports from before the period");
    }
    if (!query_close(&query) || !read || !enough) {
        earlier_free(earlier);
        return NULL;
    }
    return earlier;
}

void earlier_free(struct earlier *earlier) {
    if (earlier != NULL) {
        free(earlier->exports);
        free(earlier);
    }
}

static int compare(const void *key, const void *item) {
    int64_t evidence = *(const int64_t *)key;
    const struct earlier_export *export = item;

    return (evidence > export->evidence) - (evidence < export->evidence);
}

bool earlier_holds(const struct earlier *earlier, int64_t ref, int64_t *at) {
    int64_t evidence = STORE_REF_EVIDENCE(ref);
    const struct earlier_export *found =
        earlier->count > 0 ? bsearch(&evidence, earlier->exports, earlier->count, sizeof *earlier->exports, compare)
                           : NULL;

    *at = found != NULL ? found->at : 0;
    return found != NULL;
}
