#include "store/bulk_tree.h"

#include "scratch.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * Every row is inserted by SQLite into one database and written past it into another. Both then hold the same to the
 * byte: VACUUM INTO copies records as they are, and lays them out by nothing but their order.
 */

#define COLUMNS   140 /* the header of a record that long needs two bytes for its own length */
#define ROOM      (40u << 10)
#define FIRST_ROW (INT64_C(7) << 32)

struct table {
    const char *name;
    struct evidence_type type;
    uint32_t root;
    struct bulk_tree *tree;
    sqlite3_stmt *insert[2];
    int64_t last;
};

struct pair {
    struct scratch scratch;
    sqlite3 *connections[2]; /* by SQLite, past SQLite */
    struct column columns[COLUMNS];
    struct table tables[2]; /* narrow, wide */
    struct bulk_file file;
    uint64_t seed;
    unsigned char room[BULK_ROW_ROOM(COLUMNS)];
    struct value values[COLUMNS];
    char text[ROOM];
};

static uint64_t draw(struct pair *pair) {
    pair->seed ^= pair->seed << 13;
    pair->seed ^= pair->seed >> 7;
    pair->seed ^= pair->seed << 17;
    return pair->seed;
}

static void run(sqlite3 *connection, const char *sql) {
    char *error = NULL;

    if (sqlite3_exec(connection, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s: %s", sql, error);
    }
}

static void run_both(struct pair *pair, const char *sql) {
    run(pair->connections[0], sql);
    run(pair->connections[1], sql);
}

static void ask(sqlite3 *connection, const char *sql, const char *expected) {
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static const char *sql_type(enum column_kind kind) {
    return kind == COLUMN_REAL ? "REAL" : kind == COLUMN_TEXT ? "TEXT" : "INTEGER";
}

static void create_table(struct pair *pair, struct table *table) {
    struct buffer create = {0};
    struct buffer insert = {0};

    buffer_format(&create,
                  "CREATE TABLE %s (ref INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, record INTEGER NOT NULL, "
                  "line INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, "
                  "invalid INTEGER NOT NULL, row_rule INTEGER NOT NULL, excluded TEXT",
                  table->name);
    buffer_format(&insert, "INSERT INTO %s VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL", table->name);
    for (size_t i = 0; i < table->type.column_count; i++) {
        buffer_format(&create, ", c%zu %s", i, sql_type(table->type.columns[i].kind));
        buffer_append_text(&insert, ", ?");
    }
    buffer_append_text(&create, ") STRICT");
    buffer_append_text(&insert, ")");
    for (size_t i = 0; i < 2; i++) {
        run(pair->connections[i], buffer_text(&create));
        assert_int_equal(sqlite3_prepare_v2(pair->connections[i], buffer_text(&insert), -1, &table->insert[i], NULL),
                         SQLITE_OK);
    }
    buffer_free(&create);
    buffer_free(&insert);
}

static void find_root(struct pair *pair, struct table *table) {
    char *sql = sqlite3_mprintf("SELECT rootpage FROM sqlite_schema WHERE name = %Q", table->name);
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(pair->connections[1], sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    table->root = (uint32_t)sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    sqlite3_free(sql);
}

static int begin(void **state) {
    static const enum column_kind kinds[] = {COLUMN_TEXT, COLUMN_INTEGER, COLUMN_REAL, COLUMN_TEXT};
    struct pair *pair = calloc(1, sizeof *pair);

    assert_non_null(pair);
    scratch_begin(&pair->scratch);
    pair->seed = UINT64_C(88172645463325252);
    for (size_t i = 0; i < COLUMNS; i++) {
        pair->columns[i].kind = kinds[i % 4];
    }
    pair->tables[0] = (struct table){.name = "narrow", .type = {.columns = pair->columns, .column_count = 4}};
    pair->tables[1] = (struct table){.name = "wide", .type = {.columns = pair->columns, .column_count = COLUMNS}};
    for (size_t i = 0; i < 2; i++) {
        const char *path = scratch_path(&pair->scratch, i == 0 ? "inserted.sqlite" : "written.sqlite");
        assert_int_equal(sqlite3_open(path, &pair->connections[i]), SQLITE_OK);
        run(pair->connections[i], "PRAGMA page_size = 4096; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    }
    for (size_t i = 0; i < 2; i++) {
        create_table(pair, &pair->tables[i]);
        find_root(pair, &pair->tables[i]);
        pair->tables[i].last = FIRST_ROW;
    }
    run_both(pair, "CREATE TABLE other (number INTEGER PRIMARY KEY, text TEXT)");
    *state = pair;
    return 0;
}

static int end(void **state) {
    struct pair *pair = *state;

    for (size_t i = 0; i < 2; i++) {
        bulk_tree_free(pair->tables[i].tree);
    }
    bulk_file_close(&pair->file);
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++) {
            sqlite3_finalize(pair->tables[i].insert[j]);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sqlite3_close(pair->connections[i]), SQLITE_OK);
    }
    scratch_end(&pair->scratch);
    free(pair);
    return 0;
}

static void open_session(struct pair *pair) {
    run(pair->connections[0], "BEGIN");
    assert_true(bulk_file_open(&pair->file, pair->connections[1]));
    for (size_t i = 0; i < 2; i++) {
        pair->tables[i].tree = bulk_tree_open(&pair->file, pair->tables[i].root);
        assert_non_null(pair->tables[i].tree);
        int64_t last = 0;
        bool any = bulk_tree_last(pair->tables[i].tree, &last);
        assert_int_equal(any ? last : FIRST_ROW, pair->tables[i].last);
    }
}

static void close_session(struct pair *pair) {
    for (size_t i = 0; i < 2; i++) {
        assert_true(bulk_tree_end(pair->tables[i].tree));
        bulk_tree_free(pair->tables[i].tree);
        pair->tables[i].tree = NULL;
    }
    assert_true(bulk_file_end(&pair->file));
    bulk_file_close(&pair->file);
    run(pair->connections[0], "COMMIT");
}

static void insert(struct pair *pair, struct table *table, size_t which, int64_t number, const int64_t *integers) {
    sqlite3_stmt *statement = table->insert[which];

    assert_int_equal(sqlite3_bind_int64(statement, 1, number), SQLITE_OK);
    for (int i = 0; i < BULK_ROW_INTEGERS; i++) {
        assert_int_equal(sqlite3_bind_int64(statement, i + 2, integers[i]), SQLITE_OK);
    }
    for (size_t i = 0; i < table->type.column_count; i++) {
        const struct value *value = &pair->values[i];
        int at = (int)i + 2 + BULK_ROW_INTEGERS;
        int result = value->kind == VALUE_NULL      ? sqlite3_bind_null(statement, at)
                     : value->kind == VALUE_INTEGER ? sqlite3_bind_int64(statement, at, value->integer)
                     : value->kind == VALUE_REAL
                         ? sqlite3_bind_double(statement, at, value->real)
                         : sqlite3_bind_text(statement, at, value->text.bytes, (int)value->text.length, SQLITE_STATIC);
        assert_int_equal(result, SQLITE_OK);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
}

/* Adds the row in `values` to both, the second by a session or, `by_sqlite`, without one. */
static void add(struct pair *pair, struct table *table, uint64_t step, bool by_sqlite) {
    struct bulk_row row = {.columns = pair->values, .type = &table->type, .room = pair->room};

    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        row.integers[i] = (int64_t)(draw(pair) >> (draw(pair) % 64));
    }
    table->last += (int64_t)step;
    insert(pair, table, 0, table->last, row.integers);
    if (by_sqlite) {
        insert(pair, table, 1, table->last, row.integers);
        return;
    }
    bulk_row_measure(&row);
    assert_true(bulk_tree_add(table->tree, table->last, &row));
}

static int64_t draw_integer(struct pair *pair) {
    static const int64_t edges[] = {
        0, 1, INT8_MAX, INT16_MAX, 0x7fffff, INT32_MAX, INT64_C(0x7fffffffffff), INT64_C(1) << 53, INT64_MAX};
    uint64_t bits = draw(pair);
    int64_t edge = edges[bits % (sizeof edges / sizeof edges[0])];

    switch (bits >> 8 & 3) {
    case 0:
        return edge;
    case 1:
        return -edge - (int64_t)(bits >> 10 & 1);
    case 2:
        return edge == INT64_MAX ? INT64_MIN : edge + 1;
    default:
        return (int64_t)draw(pair) >> (bits >> 16 & 63);
    }
}

static double draw_real(struct pair *pair) {
    static const double edges[] = {0.0,    -0.0,    1.0,     5.0,    -1.5,     1e300, 5e-324, 0x1p47,
                                   0x1p63, -0x1p63, -0x1p47, 0x1p53, 0x1.8p46, 0.1,   127.0,  9007199254740993.0};
    uint64_t bits = draw(pair);

    return (bits & 1) != 0 ? edges[bits >> 8 & 15] : (double)draw_integer(pair) / (double)(1u << (bits >> 1 & 7));
}

/* Fills `values` at random, texts of at most so many bytes. */
static void draw_values(struct pair *pair, const struct table *table, size_t longest) {
    for (size_t i = 0; i < table->type.column_count; i++) {
        struct value *value = &pair->values[i];
        uint64_t bits = draw(pair);
        *value = (struct value){.kind = VALUE_NULL};
        if (bits % 5 == 0) {
            continue;
        }
        switch (table->type.columns[i].kind) {
        case COLUMN_TEXT:
            *value = (struct value){.kind = VALUE_TEXT, .text = {pair->text, (bits >> 8) % (longest + 1)}};
            break;
        case COLUMN_REAL:
            if (bits >> 8 & 1) {
                *value = (struct value){.kind = VALUE_REAL, .real = draw_real(pair)};
                break;
            }
            *value = (struct value){.kind = VALUE_INTEGER, .integer = draw_integer(pair)};
            break;
        default:
            *value = (struct value){.kind = VALUE_INTEGER, .integer = draw_integer(pair)};
            break;
        }
    }
}

static void fill_text(struct pair *pair) {
    for (size_t i = 0; i < ROOM; i++) {
        pair->text[i] = (char)('a' + draw(pair) % 26);
    }
}

static char *read_whole(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat status;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    char *bytes = malloc((size_t)status.st_size);
    assert_non_null(bytes);
    *length = (size_t)status.st_size;
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void assert_same(struct pair *pair) {
    static const char *const copies[] = {"inserted.copy", "written.copy"};
    char *bytes[2];
    size_t lengths[2];

    ask(pair->connections[1], "PRAGMA integrity_check", "ok");
    for (size_t i = 0; i < 2; i++) {
        const char *path = scratch_path(&pair->scratch, copies[i]);
        char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
        run(pair->connections[i], sql);
        sqlite3_free(sql);
        bytes[i] = read_whole(path, &lengths[i]);
        assert_int_equal(remove(path), 0);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(bytes[0], bytes[1], lengths[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void no_row_and_one_row_are_as_inserted(void **state) {
    struct pair *pair = *state;

    open_session(pair);
    close_session(pair);
    ask(pair->connections[1], "SELECT count(*) FROM narrow", "0");
    assert_same(pair);
    open_session(pair);
    draw_values(pair, &pair->tables[0], 0);
    add(pair, &pair->tables[0], 1, false);
    close_session(pair);
    ask(pair->connections[1], "SELECT count(*) || ' ' || max(ref) FROM narrow", "1 30064771073");
    assert_same(pair);
}

static void random_rows_are_as_inserted(void **state) {
    struct pair *pair = *state;

    fill_text(pair);
    open_session(pair);
    for (size_t i = 0; i < 6000; i++) {
        struct table *table = &pair->tables[draw(pair) % 8 == 0];
        draw_values(pair, table, draw(pair) % 64 == 0 ? 9000 : 40);
        add(pair, table, 1 + draw(pair) % 3, false);
    }
    close_session(pair);
    assert_same(pair);
}

/* The record of one text has as many bytes as are wanted: around the longest of a leaf, and of leaf and other pages. */
static void rows_at_the_edges_of_pages_are_as_inserted(void **state) {
    static const size_t edges[] = {4061, 489, 4096, 4061 + 4092, 489 + 4092, 489 + 2 * 4092, 4061 + 8 * 4092};
    struct pair *pair = *state;

    fill_text(pair);
    open_session(pair);
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        for (size_t around = 0; around < 81; around++) {
            memset(pair->values, 0, sizeof pair->values);
            pair->values[0] = (struct value){.kind = VALUE_TEXT, .text = {pair->text, edges[i] + around - 60}};
            add(pair, &pair->tables[0], 1, false);
        }
    }
    close_session(pair);
    assert_same(pair);
}

/* So that the root is raised twice, and pages above the leaves become full. */
static void many_rows_are_as_inserted(void **state) {
    struct pair *pair = *state;

    fill_text(pair);
    open_session(pair);
    pair->tables[0].last = INT64_C(1) << 56; /* the longest numbers: the fewest children of a page */
    for (size_t i = 0; i < 40000; i++) {
        memset(pair->values, 0, sizeof pair->values);
        pair->values[0] = (struct value){.kind = VALUE_TEXT, .text = {pair->text, 1200 + i % 7}};
        if (i % 10 == 0) {
            add(pair, &pair->tables[0], 1, false);
        }
        pair->values[0].text.length = i % 11;
        add(pair, &pair->tables[0], 1, false);
    }
    close_session(pair);
    ask(pair->connections[1], "SELECT count(*) FROM narrow", "44000");
    assert_same(pair);
}

/* SQLite has its turn between sessions: in the same tables, in others, with pages that become free. */
static void sessions_and_sqlite_take_turns(void **state) {
    struct pair *pair = *state;

    fill_text(pair);
    for (size_t turn = 0; turn < 24; turn++) {
        struct table *table = &pair->tables[turn % 2];
        run_both(pair, "BEGIN");
        for (size_t i = draw(pair) % 200; i > 0; i--) {
            draw_values(pair, table, 300);
            add(pair, table, 1 + draw(pair) % 2, true);
        }
        run_both(pair, "INSERT INTO other (text) SELECT hex(zeroblob(3000)) FROM narrow LIMIT 20;"
                       "UPDATE narrow SET excluded = 'duplicate', c0 = NULL WHERE ref % 13 = 1;"
                       "UPDATE wide SET excluded = 'superseded by a later one', c3 = 'y' WHERE ref % 17 = 1;"
                       "DELETE FROM other WHERE number % 3 = 0");
        run_both(pair, "COMMIT");
        open_session(pair);
        for (size_t i = draw(pair) % 400; i > 0; i--) {
            table = &pair->tables[draw(pair) % 4 == 0];
            draw_values(pair, table, draw(pair) % 16 == 0 ? 6000 : 200);
            add(pair, table, 1, false);
        }
        close_session(pair);
        ask(pair->connections[1], "PRAGMA integrity_check", "ok");
    }
    assert_same(pair);
}

static uint32_t page_count(sqlite3 *connection) {
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(connection, "PRAGMA page_count", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    uint32_t count = (uint32_t)sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return count;
}

/* A hole in the file takes it to the page that is SQLite's for locking, which stays empty. */
static void the_lock_page_is_left_out(void **state) {
    const uint32_t lock_page = 262145;
    struct pair *pair = *state;
    unsigned char header[100];

    assert_true(bulk_file_open(&pair->file, pair->connections[1]));
    uint32_t before = bulk_file_next(&pair->file);
    pair->file.next = pair->file.first = lock_page - 5;
    assert_true(bulk_file_end(&pair->file));
    bulk_file_close(&pair->file);
    FILE *file = fopen(scratch_path(&pair->scratch, "written.sqlite"), "r+b");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (off_t)(lock_page - 6) * BULK_FILE_PAGE), 0);
    assert_int_equal(fread(header, 1, sizeof header, file), sizeof header);
    assert_int_equal(bulk_file_get(header + 28), lock_page - 6);
    assert_int_equal(fclose(file), 0);
    fill_text(pair);
    open_session(pair);
    for (size_t i = 0; i < 400; i++) {
        draw_values(pair, &pair->tables[0], i == 20 ? 30000 : 200);
        add(pair, &pair->tables[0], 1, false);
    }
    close_session(pair);
    assert_true(page_count(pair->connections[1]) > lock_page + 10);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(pair->connections[1], "PRAGMA integrity_check(1000000)", -1, &statement, NULL),
                     SQLITE_OK);
    size_t unused = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (const char *line = (const char *)sqlite3_column_text(statement, 0); line != NULL && *line != '\0';) {
            size_t length = strcspn(line, "\n");
            if (strncmp(line, "***", 3) != 0) {
                assert_non_null(memmem(line, length, "never used", 10));
                unused++;
            }
            line += length + (line[length] == '\n');
        }
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(unused, lock_page - 5 - before);
    char *sql = sqlite3_mprintf("ATTACH %Q AS inserted", scratch_path(&pair->scratch, "inserted.sqlite"));
    run(pair->connections[1], sql);
    sqlite3_free(sql);
    ask(pair->connections[1],
        "SELECT count(*) FROM (SELECT * FROM main.narrow INTERSECT SELECT * FROM inserted.narrow)", "400");
    run(pair->connections[1], "DETACH inserted");
}

static void what_is_not_understood_is_left_to_sqlite(void **state) {
    struct pair *pair = *state;
    sqlite3 *connection = pair->connections[1];
    sqlite3 *other;

    run(connection, "BEGIN");
    run(connection, "SELECT * FROM other");
    assert_false(bulk_file_open(&pair->file, connection));
    run(connection, "COMMIT");
    assert_int_equal(sqlite3_open(scratch_path(&pair->scratch, "written.sqlite"), &other), SQLITE_OK);
    run(other, "BEGIN IMMEDIATE");
    assert_false(bulk_file_open(&pair->file, connection));
    run(other, "COMMIT");
    assert_true(bulk_file_open(&pair->file, connection));
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_BUSY);
    bulk_file_close(&pair->file);
    run(other, "BEGIN IMMEDIATE; COMMIT; PRAGMA journal_mode = WAL");
    assert_false(bulk_file_open(&pair->file, connection));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(sqlite3_open(scratch_path(&pair->scratch, "large_pages.sqlite"), &other), SQLITE_OK);
    run(other, "PRAGMA page_size = 8192; CREATE TABLE t (x)");
    assert_false(bulk_file_open(&pair->file, other));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

/* No page, whatever stands in it, is read beyond its end. */
static void broken_pages_are_refused(void **state) {
    struct pair *pair = *state;
    unsigned char page[BULK_FILE_PAGE];
    size_t refused = 0;

    fill_text(pair);
    open_session(pair);
    for (size_t i = 0; i < 3000; i++) {
        draw_values(pair, &pair->tables[0], 40);
        add(pair, &pair->tables[0], 1, false);
    }
    close_session(pair);
    assert_true(bulk_file_open(&pair->file, pair->connections[1]));
    assert_true(bulk_file_read(&pair->file, pair->tables[0].root, page));
    for (size_t i = 0; i < 3000; i++) {
        unsigned char broken[BULK_FILE_PAGE];
        memcpy(broken, page, sizeof broken);
        for (size_t j = 1 + draw(pair) % 4; j > 0; j--) {
            broken[draw(pair) % (i % 2 == 0 ? 12 : BULK_FILE_PAGE)] = (unsigned char)draw(pair);
        }
        assert_true(bulk_file_write(&pair->file, pair->tables[0].root, broken));
        struct bulk_tree *tree = bulk_tree_open(&pair->file, pair->tables[0].root);
        refused += tree == NULL;
        bulk_tree_free(tree);
        pair->file.error = SQLITE_OK; /* of reading behind the file's end */
    }
    assert_true(refused > 500);
    assert_true(bulk_file_write(&pair->file, pair->tables[0].root, page));
    bulk_file_close(&pair->file);
    assert_same(pair);
}

static void a_full_disk_is_told(void **state) {
    struct pair *pair = *state;
    struct rlimit limit = {.rlim_cur = 200000, .rlim_max = RLIM_INFINITY};
    struct bulk_row row = {.columns = pair->values, .type = &pair->tables[0].type, .room = pair->room};
    size_t added = 0;

    memset(pair->values, 0, sizeof pair->values);
    bulk_row_measure(&row);
    open_session(pair);
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    while (added < 100000 && bulk_tree_add(pair->tables[0].tree, FIRST_ROW + 1 + (int64_t)added, &row)) {
        added++;
    }
    limit.rlim_cur = RLIM_INFINITY;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, before);
    assert_true(added < 100000);
    assert_int_not_equal(pair->file.error, SQLITE_OK);
    assert_false(bulk_tree_add(pair->tables[0].tree, FIRST_ROW + 100001, &row));
    assert_false(bulk_tree_end(pair->tables[0].tree));
    assert_false(bulk_file_end(&pair->file));
    run(pair->connections[0], "COMMIT");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_row_and_one_row_are_as_inserted, begin, end),
        cmocka_unit_test_setup_teardown(random_rows_are_as_inserted, begin, end),
        cmocka_unit_test_setup_teardown(rows_at_the_edges_of_pages_are_as_inserted, begin, end),
        cmocka_unit_test_setup_teardown(many_rows_are_as_inserted, begin, end),
        cmocka_unit_test_setup_teardown(sessions_and_sqlite_take_turns, begin, end),
        cmocka_unit_test_setup_teardown(the_lock_page_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_left_to_sqlite, begin, end),
        cmocka_unit_test_setup_teardown(broken_pages_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told, begin, end),
    };
    return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
