#include "assess/metric_sources.h"

#include "assess/metric.sql.h"
#include "base/arena.h"
#include "store/query.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_SOURCES 3 /* that a note names */

struct metric_source {
    const char *type;
    const char *source;
    bool due;
    bool complete;
};

struct metric_sources {
    struct arena *arena;
    struct metric_source *items; /* by type, then source */
    size_t count;
};

static bool read_sources(struct metric_sources *sources, sqlite3 *connection, struct diagnostics *diagnostics) {
    struct query query = {0};
    bool memory = true;

    if (query_open(&query, connection, "metric_sources", sql_metric_sources, diagnostics)) {
        while (memory && query_step(&query)) {
            struct metric_source *item =
                arena_push(sources->arena, &sources->items, &sources->count, sizeof *sources->items);
            memory = item != NULL;
            if (memory) {
                item->type = arena_text(sources->arena, query_column_text(&query, 0));
                item->source = arena_text(sources->arena, query_column_text(&query, 1));
                item->due = query_column_integer(&query, 2) > 0;
                item->complete = query_column_integer(&query, 3) == 0 && query_column_integer(&query, 4) == 0;
                memory = item->type != NULL && item->source != NULL;
            }
        }
    }
    if (!memory) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to look at the evidence of metrics");
    }
    return query_close(&query) && memory;
}

struct metric_sources *metric_sources_open(sqlite3 *connection, struct diagnostics *diagnostics) {
    struct metric_sources *sources = calloc(1, sizeof *sources);

    if (sources != NULL) {
        sources->arena = arena_new();
    }
    if (sources == NULL || sources->arena == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to look at the evidence of metrics");
        metric_sources_free(sources);
        return NULL;
    }
    if (!read_sources(sources, connection, diagnostics)) {
        metric_sources_free(sources);
        return NULL;
    }
    return sources;
}

void metric_sources_free(struct metric_sources *sources) {
    if (sources == NULL) {
        return;
    }
    arena_free(sources->arena);
    free(sources);
}

enum metric_evidence metric_sources_look(const struct metric_sources *sources, const char *type, struct buffer *note) {
    struct buffer names = {0};
    size_t declared = 0;
    size_t due = 0;
    size_t complete = 0;
    size_t named = 0;

    for (size_t i = 0; i < sources->count; i++) {
        const struct metric_source *source = &sources->items[i];
        if (strcmp(source->type, type) != 0) {
            continue;
        }
        declared++;
        due += source->due;
        complete += source->due && source->complete;
        if (source->due && !source->complete && named++ < NAMED_SOURCES) {
            buffer_format(&names, "%s%s", named > 1 ? ", " : "", source->source);
        }
    }
    if (due > 0 && complete == due) {
        buffer_free(&names);
        return METRIC_EVIDENCE_WHOLE;
    }
    const char *list = buffer_text(&names);
    buffer_append_text(note, note->length > 0 ? "; " : "");
    if (declared == 0) {
        buffer_format(note, "no source is declared for %s", type);
    } else if (due == 0) {
        buffer_format(note, "no export of %s was due", type);
    } else {
        buffer_format(note, "from %zu of %zu sources of %s; not complete: %s%s", complete, due, type,
                      list != NULL ? list : "", named > NAMED_SOURCES ? " and more" : "");
    }
    note->failed = note->failed || list == NULL;
    buffer_free(&names);
    return complete > 0 ? METRIC_EVIDENCE_PART : METRIC_EVIDENCE_NONE;
}
