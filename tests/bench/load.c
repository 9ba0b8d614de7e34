/*
 * Reads one export, validates it and loads it into a new store, as a run does before it judges anything:
 *   load PROGRAMME KIND EVIDENCE-PATH STORE
 * Prints the rows, the CPU seconds and the wall-clock seconds from the first byte to the last row.
 */
#include "base/byte_sink.h"
#include "base/file.h"
#include "base/path.h"
#include "config/programme.h"
#include "config/schema.h"
#include "read/read.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock) {
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool load(const struct schema *schema, const struct programme_source *source, const char *path,
                 const char *store_path, struct diagnostics *diagnostics) {
    const struct span quarter = {INT64_C(1759276800), INT64_C(1767225600)};
    const struct store_options options = {"2025-Q4", quarter, quarter.until - 1, "portfolio", "0"};
    const struct programme programme = {.organisation = "Bench", .organisation_slug = "bench"};
    struct store_evidence evidence = {.id = 1,
                                      .path = path,
                                      .source = source,
                                      .kind = &schema->kinds[source->kind],
                                      .dated = true,
                                      .span = quarter,
                                      .collected_at = INT64_MIN,
                                      .claimed_records = -1};
    struct path_match match = {.dated = true, .span = quarter};
    struct store_evidence_end end = {0};
    struct byte_source_descriptor bytes;
    struct byte_sink_digest tap = {0};
    struct record_source *records = NULL;
    bool done = false;
    int descriptor = file_open(path);
    struct store *store = store_create(store_path, schema, &programme, &options, diagnostics);

    if (descriptor < 0 || store == NULL || !byte_sink_digest_open(&tap, NULL)) {
        goto end;
    }
    byte_source_descriptor(&bytes, descriptor);
    const struct read_request request = {.schema = schema,
                                         .kind = evidence.kind,
                                         .path = path,
                                         .match = &match,
                                         .zone = 0,
                                         .bytes = &bytes.source,
                                         .sink = &tap.sink,
                                         .diagnostics = diagnostics};
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    double wall = seconds(CLOCK_MONOTONIC);
    records = read_open(&request);
    done = records != NULL && store_load(store, &evidence, records) && byte_sink_digest_close(&tap, end.sha256);
    end.bytes = tap.bytes;
    done = done && store_load_end(store, &evidence, records, &end);
    if (done) {
        printf("%" PRIu64 " %.4f %.4f\n", records->tally.rows, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
               seconds(CLOCK_MONOTONIC) - wall);
    }

end:
    read_close(records);
    if (descriptor >= 0) {
        close(descriptor);
    }
    store_free(store);
    return done;
}

int main(int argc, char **argv) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct arena *arena = arena_new();
    bool done = false;

    if (argc != 5 || diagnostics == NULL || arena == NULL || !store_start()) {
        fprintf(stderr, "usage: load PROGRAMME KIND EVIDENCE-PATH STORE\n");
        return 2;
    }
    char *folder = path_join(arena, argv[1], "schema");
    struct schema *schema = folder != NULL ? schema_load(arena, folder, diagnostics) : NULL;
    struct programme_source source = {.id = "bench", .path = "x", .from = INT64_MIN, .until = INT64_MAX};
    source.kind = schema != NULL ? schema_kind(schema, argv[2]) : SIZE_MAX;
    done = source.kind != SIZE_MAX && load(schema, &source, argv[3], argv[4], diagnostics);
    arena_free(arena);
    diagnostics_free(diagnostics);
    return done ? 0 : 1;
}
