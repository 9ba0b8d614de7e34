/*
 * Reading by kinds. The first byte chooses the kind, the second the size of the reads. Whatever the rest is: no crash,
 * the counts add up, the sink sees every byte once, and nothing that was cut off or misshapen goes unsaid.
 */

#include "read_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-table\nformat: csv\ndetect: {columns: [id, n]}\nrows:\n"
    "  - {type: thing, when: {gone: {not: ['yes']}}, map: {id: id, n: {from: n, optional: true}, made: {from: made, "
    "time: day-first, optional: true}, sort: {from: sort, values: {r: red}, optional: true}}}\n"
    "  - {type: part, when: {part: {present: true}}, may_be_empty: true, map: {thing: id, name: part}}\n",
    "kind: b-list\nformat: json\ndetect: {paths: [id]}\neffective: {from: $.made, time: iso}\nrows:\n"
    "  - {type: thing, at: \"d.things[*]\", map: {id: id, n: n, note: $.name, made: {from: made, time: epoch}}}\n"
    "  - {type: part, at: \"d.things[*].parts[*]\", when: {$.ok: ['1', 'true']}, map: {thing: ../id, name: name, "
    "place: "
    "'@index'}}\n"
    "  - {type: part, at: users.*, may_be_empty: true, map: {thing: '@key', name: ., place: {from: n, optional: "
    "true}}}\n",
    "kind: c-lines\nformat: ndjson\ndetect: {paths: [id]}\nrows:\n"
    "  - {type: thing, map: {id: id, r: {from: a.r, optional: true}, note: {expr: x, from: {x: a}, optional: true}}}\n"
    "  - {type: part, at: \"parts[*]\", may_be_empty: true, map: {thing: ../id, name: name}}\n",
    "kind: d-within\nformat: json\ndetect: {paths: [Content]}\neffective: {from: $.made, time: epoch-ms}\n"
    "inside: {path: Content, format: csv}\nrows: [{type: thing, map: {id: id, note: $.name}}]\n",
    "kind: e-whole\nformat: json\ndetect: {paths: [id]}\nrows: [{type: thing, at: ., map: {id: id, note: .}}]\n",
    NULL};

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static struct fixture fixture;
    struct buffer shown = {0};
    struct buffer again = {0};

    if (fixture.schema == NULL) {
        fixture_begin(&fixture, kinds);
    }
    if (length < 2) {
        return 0;
    }
    size_t kind = bytes[0] % fixture.schema->kind_count;
    const char *text = (const char *)bytes + 2;
    fixture.zone = bytes[1] & 0x80 ? 3600 : DATETIME_ZONE_UNDECLARED;
    diagnostics_free(fixture.scratch.diagnostics);
    fixture.scratch.diagnostics = diagnostics_new();
    must(fixture.scratch.diagnostics != NULL);
    fixture_read_by(&fixture, kind, text, length - 2, 0, &shown);
    const struct record_tally tally = fixture.tally;
    uint64_t said = diagnostics_count(fixture.scratch.diagnostics, DIAGNOSTIC_EVIDENCE);
    must(said > 0 || (tally.rejected == 0 && tally.invalid == 0 && tally.unknown_values == 0));
    must(said > 0 || !(tally.truncated || tally.wrong_shape));
    must(tally.list_seen || tally.wrong_shape || tally.truncated);
    fixture_read_by(&fixture, kind, text, length - 2, 1 + bytes[1] % 8, &again);
    must(shown.length == again.length && memcmp(shown.data, again.data, shown.length) == 0);
    size_t found[8];
    must(read_detect(fixture.schema, text, length - 2, found, 8) <= fixture.schema->kind_count);
    buffer_free(&shown);
    buffer_free(&again);
    return 0;
}
