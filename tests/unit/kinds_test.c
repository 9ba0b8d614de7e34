/*
 * Every kind of the shipped schema on the exports of tests/kinds: the rows that it makes, and the records that it turns
 * away, are those that were derived by hand (tests/kinds/README.md). A list that is a full page of its API is noticed.
 */
#include "base/byte_sink.h"
#include "base/file.h"
#include "config/schema.h"
#include "read/read.h"
#include "scratch.h"
#include "store/store.h"

#include <jansson.h>
#include <unistd.h>

#define KINDS_FOLDER "tests/kinds"
#define PERIOD_FROM  INT64_C(1759276800)
#define PERIOD_UNTIL INT64_C(1767225600)

struct kinds_test {
    struct scratch scratch;
    struct arena *arena;
    struct schema *schema;
    bool *kind_tried;
    size_t *incomplete; /* exports that say themselves that they are not all there is, by kind */
};

/* One folder with an export and what is expected of it; `evidence` is its number in the store that holds them all. */
struct kinds_case {
    int64_t evidence;
    const char *folder;
    const struct kind *kind;
    json_t *expected;
    char export_path[256];
};

static bool find_export(struct kinds_case *found) {
    static const char *const endings[] = {"csv", "json", "ndjson", "yaml", "xml", "log", "cedar", "md"};

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(found->export_path, sizeof found->export_path, "%s/export.%s", found->folder, endings[i]);
        if (file_exists(found->export_path)) {
            return true;
        }
    }
    return false;
}

static const char *expected_text(const struct kinds_case *tried, const char *key, const char *otherwise) {
    const char *text = json_string_value(json_object_get(tried->expected, key));
    return text != NULL ? text : otherwise;
}

static void load_case(struct kinds_test *test, const struct kinds_case *tried, struct store *store) {
    char sidecar_path[300];
    struct path_match match = {0};
    struct programme_source source = {
        .id = tried->folder,
        .kind = (size_t)(tried->kind - test->schema->kinds),
        .path = expected_text(tried, "pattern", "export"),
        .zone = tried->kind->zone_text != NULL ? DATETIME_ZONE_UNDECLARED : 0,
        .from = INT64_MIN,
        .until = INT64_MAX,
    };
    struct byte_sink_digest tap;
    struct byte_source_descriptor bytes;
    struct store_evidence evidence = {
        .id = tried->evidence,
        .path = tried->export_path,
        .source = &source,
        .kind = tried->kind,
        .collected_at = INT64_MIN,
        .claimed_records = -1,
    };
    struct store_evidence_end end = {0};
    struct read_facts facts;
    int descriptor = file_open(tried->export_path);

    assert_true(descriptor >= 0);
    assert_true(path_match(source.path, expected_text(tried, "path", "export"), &match));
    evidence.dated = match.dated;
    evidence.span = match.span;
    byte_source_descriptor(&bytes, descriptor);
    assert_true(byte_sink_digest_open(&tap, NULL));
    snprintf(sidecar_path, sizeof sidecar_path, "%s/export.meta.yaml", tried->folder);
    const struct read_request request = {
        .schema = test->schema,
        .kind = tried->kind,
        .path = tried->export_path,
        .match = &match,
        .zone = source.zone,
        .sidecar = file_exists(sidecar_path) ? yaml_load(test->arena, sidecar_path, test->scratch.diagnostics) : NULL,
        .bytes = &bytes.source,
        .sink = &tap.sink,
        .diagnostics = test->scratch.diagnostics,
    };
    struct record_source *records = read_open(&request);
    assert_non_null(records);
    assert_true(store_load(store, &evidence, records));
    read_facts(records, &facts);
    end.has_effective = facts.has_effective;
    end.effective = facts.effective;
    end.bytes = tap.bytes;
    assert_true(byte_sink_digest_close(&tap, end.sha256));
    assert_true(store_load_end(store, &evidence, records, &end));
    read_close(records);
    assert_int_equal(close(descriptor), 0);
}

/* Compares one column with its expectation; times are written as ISO text. */
static void check_value(const struct kinds_case *tried, const struct evidence_type *type, size_t row, const char *name,
                        const json_t *expected, sqlite3_stmt *statement, int column) {
    char found[1100];
    char wanted[1100];
    size_t index = schema_column(type, name);
    enum column_kind kind = COLUMN_TEXT;

    if (index == SIZE_MAX) {
        fail_msg("%s: %s has no column %s", tried->folder, type->id, name);
    }
    kind = type->columns[index].kind;
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        snprintf(found, sizeof found, "null");
    } else if (kind == COLUMN_TIME) {
        char iso[DATETIME_ISO_BYTES];
        datetime_iso(sqlite3_column_int64(statement, column), iso);
        snprintf(found, sizeof found, "%s", iso);
    } else if (kind == COLUMN_BOOLEAN) {
        snprintf(found, sizeof found, "%s", sqlite3_column_int(statement, column) != 0 ? "true" : "false");
    } else {
        snprintf(found, sizeof found, "%s", (const char *)sqlite3_column_text(statement, column));
    }
    switch (json_typeof(expected)) {
    case JSON_NULL:
        snprintf(wanted, sizeof wanted, "null");
        break;
    case JSON_TRUE:
        snprintf(wanted, sizeof wanted, "true");
        break;
    case JSON_FALSE:
        snprintf(wanted, sizeof wanted, "false");
        break;
    case JSON_INTEGER:
        snprintf(wanted, sizeof wanted, "%lld", (long long)json_integer_value(expected));
        break;
    case JSON_REAL:
        snprintf(wanted, sizeof wanted, "%.15g", json_real_value(expected));
        if (strpbrk(wanted, ".e") == NULL) {
            snprintf(wanted, sizeof wanted, "%.1f", json_real_value(expected));
        }
        break;
    default:
        snprintf(wanted, sizeof wanted, "%s", json_string_value(expected));
        break;
    }
    if (strcmp(found, wanted) != 0) {
        fail_msg("%s: %s row %zu: %s is %s, expected %s", tried->folder, type->id, row + 1, name, found, wanted);
    }
}

static void check_type(const struct kinds_test *test, const struct kinds_case *tried, sqlite3 *connection,
                       const char *name, const json_t *rows) {
    size_t type = schema_type(test->schema, name);
    char sql[256];
    sqlite3_stmt *statement = NULL;
    size_t row = 0;

    assert_int_not_equal(type, SIZE_MAX);
    snprintf(sql, sizeof sql, "SELECT * FROM \"tm_row_%s\" WHERE excluded IS NULL AND ref >> 32 = %lld ORDER BY ref",
             name, (long long)tried->evidence);
    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &statement, NULL), SQLITE_OK);
    for (; sqlite3_step(statement) == SQLITE_ROW; row++) {
        json_t *expected = json_array_get(rows, row);
        const char *key;
        json_t *value;
        if (expected == NULL) {
            fail_msg("%s: more than %zu rows of %s", tried->folder, row, name);
        }
        json_object_foreach(expected, key, value) {
            int column = 0;
            while (column < sqlite3_column_count(statement) &&
                   strcmp(sqlite3_column_name(statement, column), key) != 0) {
                column++;
            }
            check_value(tried, &test->schema->types[type], row, key, value, statement, column);
        }
    }
    sqlite3_finalize(statement);
    if (row != json_array_size(rows)) {
        fail_msg("%s: %zu rows of %s, expected %zu", tried->folder, row, name, json_array_size(rows));
    }
}

static void check_counts(const struct kinds_case *tried, sqlite3 *connection) {
    static const char *const names[] = {"records", "rejected", "passed_over", "invalid", "unknown_values"};
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(connection,
                                        "SELECT records, rejected, passed_over, invalid, unknown_values, loaded, "
                                        "effective_at, truncated FROM tm_evidence WHERE id = ?",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_bind_int64(statement, 1, tried->evidence), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    for (int i = 0; i < 5; i++) {
        long long expected = json_integer_value(json_object_get(tried->expected, names[i]));
        if (sqlite3_column_int64(statement, i) != expected) {
            fail_msg("%s: %s is %lld, expected %lld", tried->folder, names[i],
                     (long long)sqlite3_column_int64(statement, i), expected);
        }
    }
    assert_int_equal(sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1) +
                                                             sqlite3_column_int64(statement, 2) +
                                                             sqlite3_column_int64(statement, 5));
    const char *effective = expected_text(tried, "effective", NULL);
    if (effective != NULL) {
        char iso[DATETIME_ISO_BYTES];
        datetime_iso(sqlite3_column_int64(statement, 6), iso);
        assert_string_equal(iso, effective);
    }
    bool incomplete = json_is_true(json_object_get(tried->expected, "incomplete"));
    bool truncated = json_is_true(json_object_get(tried->expected, "truncated"));
    if ((sqlite3_column_int(statement, 7) != 0) != (incomplete || truncated)) {
        fail_msg("%s: it is %s all there is", tried->folder, incomplete ? "taken for" : "not taken for");
    }
    sqlite3_finalize(statement);
}

static bool find_case(struct kinds_test *test, const char *path, struct kinds_case *out) {
    const char *slash = strrchr(path, '/');
    json_error_t error;

    if (slash == NULL || strcmp(slash, "/expected.json") != 0) {
        return false;
    }
    char *kind = arena_copy(test->arena, path, strcspn(path, "/"));
    size_t index = schema_kind(test->schema, kind);
    if (index == SIZE_MAX) {
        fail_msg("%s: the schema has no kind %s", path, kind);
    }
    *out = (struct kinds_case){
        .folder = arena_format(test->arena, KINDS_FOLDER "/%.*s", (int)(slash - path), path),
        .kind = &test->schema->kinds[index],
    };
    out->expected = json_load_file(arena_format(test->arena, "%s/expected.json", out->folder), 0, &error);
    if (out->expected == NULL || !find_export(out)) {
        fail_msg("%s: %s", out->folder, out->expected == NULL ? error.text : "no export");
    }
    if (json_object_get(out->expected, "unchecked") != NULL) {
        fail_msg("%s: nobody has checked the expected rows yet", out->folder);
    }
    test->kind_tried[index] = true;
    test->incomplete[index] += json_is_true(json_object_get(out->expected, "incomplete"));
    return true;
}

static void check_case(const struct kinds_test *test, struct kinds_case *tried, sqlite3 *connection) {
    const char *name;
    json_t *rows;

    json_object_foreach(json_object_get(tried->expected, "rows"), name, rows) {
        check_type(test, tried, connection, name, rows);
    }
    check_counts(tried, connection);
    json_decref(tried->expected);
}

/* All exports go into one store, each under a source of its own: making a store takes longer than filling it. */
static void every_kind_reads_its_exports(void **state) {
    const struct store_options options = {"2025-Q4", {PERIOD_FROM, PERIOD_UNTIL}, PERIOD_UNTIL - 1, "portfolio", "0"};
    const struct programme programme = {.organisation = "Example", .organisation_slug = "example"};
    struct kinds_test *test = *state;
    const char *path = scratch_path(&test->scratch, "store.sqlite");
    struct file_list list;

    assert_true(file_list(test->arena, KINDS_FOLDER, false, &list, test->scratch.diagnostics));
    struct kinds_case *cases = arena_array(test->arena, list.count + 1, sizeof *cases);
    assert_non_null(cases);
    struct store *store = store_create(path, test->schema, &programme, &options, test->scratch.diagnostics);
    assert_non_null(store);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (find_case(test, list.entries[i].path, &cases[count])) {
            cases[count].evidence = (int64_t)count + 1;
            load_case(test, &cases[count++], store);
        }
    }
    assert_true(store_load_finish(store));
    for (size_t i = 0; i < count; i++) {
        check_case(test, &cases[i], store_connection(store));
    }
    store_free(store);
    assert_true(count > 0);
    for (size_t k = 0; k < test->schema->kind_count; k++) {
        if (!test->kind_tried[k]) {
            fail_msg("kind %s has no export in " KINDS_FOLDER, test->schema->kinds[k].id);
        }
        if (test->incomplete[k] < test->schema->kinds[k].complete_count + test->schema->kinds[k].has_count) {
            fail_msg("kind %s has an end of `complete:` or `count:` that no export of its folder fails",
                     test->schema->kinds[k].id);
        }
    }
}

/* Each export is recognised as its own kind, and as no other. */
static void every_export_is_recognised(void **state) {
    struct kinds_test *test = *state;
    struct file_list list;

    assert_true(file_list(test->arena, KINDS_FOLDER, false, &list, test->scratch.diagnostics));
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.entries[i].path;
        char *kind = arena_copy(test->arena, path, strcspn(path, "/"));
        size_t index = schema_kind(test->schema, kind);
        struct buffer bytes = {0};
        size_t kinds[4];
        if (strstr(path, "/export.") == NULL || strstr(path, ".meta.yaml") != NULL ||
            test->schema->kinds[index].format == FORMAT_DOCUMENT) {
            continue;
        }
        assert_true(
            file_read(arena_format(test->arena, KINDS_FOLDER "/%s", path), 1 << 20, &bytes, test->scratch.diagnostics));
        size_t count = read_detect(test->schema, bytes.data, bytes.length, kinds, 4);
        buffer_free(&bytes);
        if (count != 1 || kinds[0] != index) {
            fail_msg("%s: recognised as %zu kinds, the first %s", path, count,
                     count > 0 ? test->schema->kinds[kinds[0]].id : "none");
        }
    }
}

/* The list that the rows of a kind come from, in one of its exports; *root is what it stands in. NULL: it is elsewhere.
 */
static json_t *page_list(const struct kind *kind, json_t *root) {
    const char *at = kind->rules[0].at_text;
    size_t key = strcspn(at, ".[");

    if (json_is_array(root)) {
        return strncmp(at, "[*]", 3) == 0 ? root : NULL;
    }
    for (; at[key] == '.'; key = strcspn(at, ".[")) {
        root = json_object_getn(root, at, key);
        at += key + 1;
    }
    return json_object_getn(root, at, key);
}

/* Whether an export is taken for a page that others may follow. */
static bool page_is_full(const struct kinds_test *test, const struct kind *kind, const char *bytes) {
    struct byte_source_memory memory;
    struct byte_sink_digest tap;
    struct record record;
    uint8_t digest[DIGEST_BYTES];
    enum record_status status = RECORD_ROW;

    byte_source_memory(&memory, bytes, strlen(bytes));
    assert_true(byte_sink_digest_open(&tap, NULL));
    const struct read_request request = {
        .schema = test->schema,
        .kind = kind,
        .path = kind->id,
        .bytes = &memory.source,
        .sink = &tap.sink,
        .diagnostics = test->scratch.diagnostics,
    };
    struct record_source *records = read_open(&request);
    assert_non_null(records);
    while (status == RECORD_ROW) {
        status = records->next(records, &record);
    }
    assert_int_equal(status, RECORD_END);
    bool truncated = records->tally.truncated;
    read_close(records);
    assert_true(byte_sink_digest_close(&tap, digest));
    return truncated;
}

/* Each page size of each kind, in a list as long as that, and in one that lacks two records to it. */
static void every_full_page_is_noticed(void **state) {
    struct kinds_test *test = *state;
    size_t tried = 0;

    for (size_t k = 0; k < test->schema->kind_count; k++) {
        const struct kind *kind = &test->schema->kinds[k];
        if (kind->page_size_count == 0) {
            continue;
        }
        json_t *root = json_load_file(arena_format(test->arena, KINDS_FOLDER "/%s/export.json", kind->id), 0, NULL);
        json_t *list = page_list(kind, root);
        if (json_array_size(list) == 0) {
            fail_msg("kind %s: its export has no list at %s", kind->id, kind->rules[0].at_text);
        }
        json_t *first = json_incref(json_array_get(list, 0));
        for (size_t i = 0; i < kind->page_size_count; i++) {
            for (uint64_t less = 0; less <= 2; less += 2) {
                json_array_clear(list);
                while (json_array_size(list) < kind->page_sizes[i] - less) {
                    assert_int_equal(json_array_append(list, first), 0);
                }
                char *bytes = json_dumps(root, 0);
                if (page_is_full(test, kind, bytes) != (less == 0)) {
                    fail_msg("kind %s: %zu records are %s", kind->id, json_array_size(list),
                             less == 0 ? "taken for all there is" : "taken for a full page");
                }
                free(bytes);
                tried++;
            }
        }
        json_decref(first);
        json_decref(root);
    }
    assert_true(tried > 0);
}

static int set_up(void **state) {
    static struct kinds_test test;

    scratch_begin(&test.scratch);
    assert_true(store_start());
    test.arena = arena_new();
    assert_non_null(test.arena);
    test.schema = schema_load(test.arena, "schema", test.scratch.diagnostics);
    assert_non_null(test.schema);
    /* Nothing is asked of the stores but rows: what each would be told of controls takes longer than all the rest. */
    test.schema->control_count = 0;
    test.schema->view_count = 0;
    test.kind_tried = arena_array(test.arena, test.schema->kind_count, sizeof *test.kind_tried);
    test.incomplete = arena_array(test.arena, test.schema->kind_count, sizeof *test.incomplete);
    *state = &test;
    return 0;
}

static int tear_down(void **state) {
    struct kinds_test *test = *state;

    arena_free(test->arena);
    scratch_end(&test->scratch);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_reads_its_exports),
        cmocka_unit_test(every_export_is_recognised),
        cmocka_unit_test(every_full_page_is_noticed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
