#ifndef NEST_FUZZ_H
#define NEST_FUZZ_H

/* What the fuzz targets of formats with nested values share. */

#include "read_fixture.h"

static inline void nest_fuzz_must(bool holds) {
    if (!holds) {
        abort();
    }
}

static inline void nest_fuzz(const char *const *kinds, const uint8_t *bytes, size_t length) {
    static struct fixture fixture;
    struct buffer shown = {0};
    struct buffer again = {0};
    size_t found[8];

    if (fixture.schema == NULL) {
        fixture_begin(&fixture, kinds);
    }
    if (length < 2) {
        return;
    }
    size_t kind = bytes[0] % fixture.schema->kind_count;
    const char *text = (const char *)bytes + 2;
    diagnostics_free(fixture.scratch.diagnostics);
    fixture.scratch.diagnostics = diagnostics_new();
    nest_fuzz_must(fixture.scratch.diagnostics != NULL);
    fixture_read_by(&fixture, kind, text, length - 2, 0, &shown);
    const struct record_tally tally = fixture.tally;
    uint64_t said = diagnostics_count(fixture.scratch.diagnostics, DIAGNOSTIC_EVIDENCE);
    nest_fuzz_must(said > 0 || (tally.rejected == 0 && tally.invalid == 0 && tally.unknown_values == 0));
    nest_fuzz_must(said > 0 || !(tally.truncated || tally.wrong_shape));
    nest_fuzz_must(tally.list_seen || tally.wrong_shape || tally.truncated);
    fixture_read_by(&fixture, kind, text, length - 2, 1 + bytes[1] % 8, &again);
    nest_fuzz_must(shown.length == again.length && memcmp(shown.data, again.data, shown.length) == 0);
    nest_fuzz_must(read_detect(fixture.schema, text, length - 2, found, 8) <= fixture.schema->kind_count);
    buffer_free(&shown);
    buffer_free(&again);
}

#endif
