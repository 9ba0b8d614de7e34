#ifndef READ_FIXTURE_H
#define READ_FIXTURE_H

/* Reads evidence by a kind that a test writes down, and shows what came of it as text. */

#include "scratch.h"

#include "base/digest.h"
#include "read/container.h"
#include "read/read.h"

#include <inttypes.h>

static const char fixture_types[] =
    "types:\n"
    "  - type: thing\n"
    "    title: Thing\n"
    "    meaning: A thing with a column of each kind\n"
    "    shape: snapshot\n"
    "    key: [id]\n"
    "    columns:\n"
    "      id: {type: text, required: true, meaning: its name}\n"
    "      n: {type: integer, null: none, meaning: a number}\n"
    "      r: {type: real, null: none, meaning: a share}\n"
    "      ok: {type: boolean, null: none, meaning: a flag}\n"
    "      made: {type: time, null: none, meaning: a time}\n"
    "      sort: {type: enumeration, values: [red, blue], null: none, meaning: a colour}\n"
    "      note: {type: text, null: none, meaning: anything}\n"
    "  - type: part\n"
    "    title: Part\n"
    "    meaning: A part of a thing\n"
    "    shape: snapshot\n"
    "    key: [thing, name]\n"
    "    columns:\n"
    "      thing: {type: text, required: true, meaning: the thing}\n"
    "      name: {type: text, required: true, meaning: the part}\n"
    "      place: {type: integer, null: none, meaning: its place}\n";

/* Every criterion, as a schema must have them; `family` and how many. */
static inline void fixture_criteria(struct buffer *out) {
    static const struct {
        const char *family;
        const char *category;
        int count;
    } families[] = {
        {"CC1", "security", 5},    {"CC2", "security", 3},       {"CC3", "security", 4},
        {"CC4", "security", 2},    {"CC5", "security", 3},       {"CC6", "security", 8},
        {"CC7", "security", 5},    {"CC8", "security", 1},       {"CC9", "security", 2},
        {"A1", "availability", 3}, {"C1", "confidentiality", 2}, {"PI1", "processing-integrity", 5},
        {"P1", "privacy", 1},      {"P2", "privacy", 1},         {"P3", "privacy", 2},
        {"P4", "privacy", 3},      {"P5", "privacy", 2},         {"P6", "privacy", 7},
        {"P7", "privacy", 1},      {"P8", "privacy", 1},
    };
    buffer_append_text(out, "criteria:\n");
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        for (int number = 1; number <= families[i].count; number++) {
            buffer_format(out, "  - {id: %s.%d, category: %s, title: t}\n", families[i].family, number,
                          families[i].category);
        }
    }
}

struct fixture {
    struct scratch scratch;
    struct arena *arena;
    struct schema *schema;
    struct path_match match;
    int32_t zone;
    struct yaml_node *sidecar;
    const char *approved_by;
    struct record_tally tally; /* of the last file read */
    struct read_facts facts;
};

/* `kinds` are the files of schema/kinds/, one YAML document each, ended by NULL. */
static inline void fixture_begin(struct fixture *f, const char *const *kinds) {
    char name[32];

    *f = (struct fixture){.zone = DATETIME_ZONE_UNDECLARED};
    scratch_begin(&f->scratch);
    f->arena = arena_new();
    assert_non_null(f->arena);
    assert_int_equal(mkdir(scratch_path(&f->scratch, "types"), 0700), 0);
    assert_int_equal(mkdir(scratch_path(&f->scratch, "kinds"), 0700), 0);
    struct buffer criteria = {0};
    fixture_criteria(&criteria);
    scratch_write(&f->scratch, "criteria.yaml", buffer_text(&criteria));
    buffer_free(&criteria);
    scratch_write(&f->scratch, "types/types.yaml", fixture_types);
    for (size_t i = 0; kinds[i] != NULL; i++) {
        snprintf(name, sizeof name, "kinds/%zu.yaml", i);
        scratch_write(&f->scratch, name, kinds[i]);
    }
    f->schema = schema_load(f->arena, f->scratch.folder, f->scratch.diagnostics);
    if (f->schema == NULL) {
        struct buffer printed = {0};
        diagnostics_print(f->scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        print_error("%s", buffer_text(&printed));
        buffer_free(&printed);
    }
    assert_non_null(f->schema);
}

static inline void fixture_end(struct fixture *f) {
    arena_free(f->arena);
    scratch_end(&f->scratch);
}

/* One row: its type, record, line, place and those columns that are not NULL. */
static inline void fixture_show(const struct fixture *f, const struct kind *kind, const struct record *record,
                                struct buffer *out) {
    const struct row_rule *rule = &kind->rules[record->rule];
    const struct evidence_type *type = &f->schema->types[rule->type];

    buffer_format(out, "%s %" PRIu64 " line %" PRIu64, type->id, record->locator.record, record->locator.line);
    for (size_t i = 0; i < record->value_count; i++) {
        const struct value *value = &record->values[i];
        bool input = i >= type->column_count;
        if (value->kind == VALUE_NULL) {
            continue;
        }
        buffer_format(out, " %s%s=", input ? ":" : "",
                      input ? rule->inputs[i - type->column_count].name : type->columns[i].name);
        switch (value->kind) {
        case VALUE_NULL:
            break;
        case VALUE_INTEGER:
            buffer_format(out, "%" PRId64, value->integer);
            break;
        case VALUE_REAL:
            buffer_format(out, "%g", value->real);
            break;
        case VALUE_TEXT:
            buffer_append(out, value->text.bytes, value->text.length);
            break;
        }
    }
    if (record->invalid > 0) {
        buffer_format(out, " (%u invalid)", record->invalid);
    }
    buffer_append_byte(out, '\n');
}

/* Reads with blocks of at most `most` bytes and appends every row, the envelope, and the tally's unusual members. */
static inline void fixture_read_by(struct fixture *f, size_t kind_index, const char *bytes, size_t length, size_t most,
                                   struct buffer *out) {
    const struct kind *kind = &f->schema->kinds[kind_index];
    struct byte_source_memory memory;
    struct byte_sink_digest tap = {0};
    uint8_t seen[DIGEST_BYTES];
    uint8_t expected[DIGEST_BYTES];
    struct record record;
    enum record_status status;
    bool packed = container_tell(bytes, length) != CONTAINER_NONE; /* places are then in what comes out */

    assert_true(byte_sink_digest_open(&tap, NULL));
    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    const struct read_request request = {.schema = f->schema,
                                         .kind = kind,
                                         .path = "evidence",
                                         .match = &f->match,
                                         .zone = f->zone,
                                         .sidecar = f->sidecar,
                                         .approved_by = f->approved_by,
                                         .bytes = &memory.source,
                                         .sink = &tap.sink,
                                         .diagnostics = f->scratch.diagnostics};
    struct record_source *source = read_open(&request);
    assert_non_null(source);
    while ((status = source->next(source, &record)) == RECORD_ROW) {
        assert_true(record.locator.offset + record.locator.length <= length || packed);
        fixture_show(f, kind, &record, out);
    }
    assert_int_equal(status, RECORD_END);
    assert_int_equal(source->next(source, &record), RECORD_END);
    f->tally = source->tally;
    read_facts(source, &f->facts);
    assert_int_equal(f->tally.records, f->tally.loaded + f->tally.passed_over + f->tally.rejected);
    /* Whatever the content, the sink has seen all of it, once and in order. */
    assert_int_equal(tap.bytes, length);
    assert_int_equal(f->facts.bytes, length);
    assert_true(digest_bytes(bytes, length, expected));
    assert_true(byte_sink_digest_close(&tap, seen));
    assert_memory_equal(seen, expected, DIGEST_BYTES);
    for (size_t i = 0; i < source->envelope_count; i++) {
        const struct envelope_value *envelope = &source->envelope[i];
        const struct evidence_type *type = &f->schema->types[kind->rules[envelope->rule].type];
        buffer_format(out, "all of %s: %s=", type->id, type->columns[envelope->column].name);
        if (envelope->value.kind == VALUE_TEXT) {
            buffer_append(out, envelope->value.text.bytes, envelope->value.text.length);
        } else if (envelope->value.kind == VALUE_INTEGER) {
            buffer_format(out, "%" PRId64, envelope->value.integer);
        }
        buffer_append_byte(out, '\n');
    }
    const struct record_tally *t = &f->tally;
    buffer_format(out, "%" PRIu64 " of %" PRIu64, t->loaded, t->records);
    const struct {
        const char *name;
        uint64_t count;
    } parts[] = {{"passed over", t->passed_over}, {"rejected", t->rejected}, {"unknown", t->unknown_values}};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].count > 0) {
            buffer_format(out, ", %" PRIu64 " %s", parts[i].count, parts[i].name);
        }
    }
    buffer_format(out, "%s%s%s\n", t->list_seen ? "" : ", no list", t->truncated ? ", truncated" : "",
                  t->wrong_shape ? ", wrong shape" : "");
    read_close(source);
}

/* Reads whole, and in small pieces, which must make no difference; checks rows and tally, then what was reported. */
static inline void fixture_expect_bytes(struct fixture *f, const char *bytes, size_t length, const char *rows,
                                        const char *diagnostics) {
    struct buffer out = {0};

    for (size_t most = 3; most-- > 0;) {
        diagnostics_free(f->scratch.diagnostics);
        f->scratch.diagnostics = diagnostics_new();
        buffer_clear(&out);
        fixture_read_by(f, 0, bytes, length, most, &out);
        assert_string_equal(buffer_text(&out), rows);
        scratch_expect(&f->scratch, diagnostics);
    }
    buffer_free(&out);
}

static inline void fixture_expect(struct fixture *f, const char *bytes, const char *rows, const char *diagnostics) {
    fixture_expect_bytes(f, bytes, strlen(bytes), rows, diagnostics);
}

/* How many of an id were reported for the file that was read last. */
static inline uint64_t fixture_count(const struct fixture *f, enum diagnostic id) {
    return diagnostics_count_id(f->scratch.diagnostics, id);
}

/* As fixture_expect, whatever is reported. */
static inline void fixture_expect_rows(struct fixture *f, const char *bytes, size_t length, const char *rows) {
    for (size_t most = 3; most-- > 0;) {
        struct buffer out = {0};
        diagnostics_free(f->scratch.diagnostics);
        f->scratch.diagnostics = diagnostics_new();
        fixture_read_by(f, 0, bytes, length, most, &out);
        assert_string_equal(buffer_text(&out), rows);
        buffer_free(&out);
    }
}

static inline void fixture_expect_text(struct fixture *f, const char *text, const char *rows) {
    fixture_expect_rows(f, text, strlen(text), rows);
}

#endif
