#include "read_fixture.h"

static const char kind[] = "kind: things\n"
                           "format: csv\n"
                           "detect: {columns: [ID, N]}\n"
                           "null: ['', N/A]\n"
                           "rows:\n"
                           "  - type: thing\n"
                           "    when: {Deleted: {not: ['yes']}}\n"
                           "    map:\n"
                           "      id: ID\n"
                           "      n: N\n"
                           "      r: {from: R, optional: true}\n"
                           "      ok: OK\n"
                           "      made: {from: At, time: iso}\n"
                           "      sort: {from: Sort, values: {R: red, B: blue}, null: ['-']}\n"
                           "      note: {expr: 'a || b', from: {a: A, b: B}, optional: true}\n"
                           "ignore: [Spare]\n";
static const char *const kinds[] = {kind, NULL};

#define HEADER "ID,N,R,OK,At,Sort,Deleted,A,B\n"

static void test_columns_of_each_kind(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   HEADER "one,-7,0.5,Yes,2025-10-01T08:00:00Z,R,,x,y\n"
                          "\"two, too\",,,,,,no,,\n"
                          "three,N/A,N/A,N/A,N/A,-,,,N/A\n",
                   /* 1759305600 by date -u -d 2025-10-01T08:00:00Z +%s */
                   "thing 1 line 2 id=one n=-7 r=0.5 ok=1 made=1759305600 sort=red :a=x :b=y\n"
                   "thing 2 line 3 id=two, too :a= :b=\n"
                   "thing 3 line 4 id=three :a= :b=N/A\n"
                   "3 of 3\n",
                   "");
    fixture_end(&f);
}

static void test_when_passes_over(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, HEADER "one,1,,,,,yes,,\ntwo,2,,,,,,,\n",
                   "thing 2 line 3 id=two n=2 :a= :b=\n"
                   "1 of 2, 1 passed over\n",
                   "");
    fixture_end(&f);
}

/* Spreadsheets leave rows of separators below the last one; one with a value in it is a record. */
static void test_rows_of_separators_are_none(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, HEADER ",,,,,,,,\none,1,,,,,,,\n,,,\n,2,,,,,,,\n\"\",,,,,,,,\n,,,,,,,,\n",
                   "thing 1 line 3 id=one n=1 :a= :b=\n"
                   "thing 2 line 5 n=2 :a= :b= (1 invalid)\n"
                   "2 of 2\n",
                   "evidence:5: record 2: error: the record has no id, which thing requires; complete it at its source "
                   "and export again [required-missing]\n");
    fixture_end(&f);
}

static void test_bad_values_are_told(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(
        &f,
        HEADER "one,1.0,x,maybe,2025-13-01,G,,,\n,9223372036854775808,1e5,1,2025-10-01,B,,,\n"
               "three,,,,2025-10-01T08:00:00,,,,\nfour,,,,2025-10-02T08:00:00,,,,\n",
        /* 1759276800 by date -u -d 2025-10-01 +%s */
        "thing 1 line 2 id=one :a= :b= (5 invalid)\n"
        "thing 2 line 3 r=100000 ok=1 made=1759276800 sort=blue :a= :b= (2 invalid)\n"
        "thing 3 line 4 id=three :a= :b= (1 invalid)\n"
        "thing 4 line 5 id=four :a= :b= (1 invalid)\n"
        "4 of 4, 1 unknown\n",
        "evidence:2: record 1: error: \"1.0\" is not a whole number of 64 bits, as the column n wants; correct the "
        "export, or how the kind maps N [value-conversion]\n"
        "evidence:2: record 1: error: \"2025-13-01\" is not a time written as 'iso', as the column made wants; correct "
        "the export, or how the kind maps At [value-conversion]\n"
        "evidence:2: record 1: error: \"maybe\" is not true or false, as the column ok wants; correct the export, or "
        "how the kind maps OK [value-conversion]\n"
        "evidence:2: record 1: error: \"x\" is not a number, as the column r wants; correct the export, or how the "
        "kind maps R [value-conversion]\n"
        "evidence:2: record 1: error: the value \"G\" of sort is none that the kind things knows; add it to the kind's "
        "values, or correct the export [unknown-value]\n"
        "evidence:3: record 2: error: \"9223372036854775808\" is not a whole number of 64 bits, as the column n wants; "
        "correct the export, or how the kind maps N [value-conversion]\n"
        "evidence:3: record 2: error: the record has no id, which thing requires; complete it at its source and export "
        "again [required-missing]\n"
        "evidence:4: record 3: error: the times of made have no zone (\"2025-10-01T08:00:00\"); declare `zone:` for "
        "the "
        "source [time-zone]\n");
    assert_int_equal(f.tally.invalid, 4);
    f.zone = 7200;
    fixture_expect(&f, HEADER "three,,,,2025-10-01T08:00:00,,,,\n",
                   "thing 1 line 2 id=three made=1759298400 :a= :b=\n1 of 1\n", "");
    fixture_end(&f);
}

/* The text of the row before says nothing about another one, whatever stood in between. */
static void test_times_that_come_again(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   HEADER "a,,,,2025-10-01T08:00:00Z,,,,\nb,,,,2025-10-01T08:00:00Z,,,,\n"
                          "c,,,,2025-10-01T08:00:01Z,,,,\nd,,,,,,,,\ne,,,,2025-10-01T08:00:01Z,,,,\n"
                          "f,,,,2025-10-01T08:00:1Z,,,,\ng,,,,2025-10-01T10:00:00+02:00,,,,\n"
                          "h,,,,                           2025-10-01T08:00:01Z,,,,\n"
                          "i,,,,                           2025-10-01T08:00:00Z,,,,\n",
                   /* 1759305600 and 1759305601 by date -u -d 2025-10-01T08:00:00Z +%s */
                   "thing 1 line 2 id=a made=1759305600 :a= :b=\n"
                   "thing 2 line 3 id=b made=1759305600 :a= :b=\n"
                   "thing 3 line 4 id=c made=1759305601 :a= :b=\n"
                   "thing 4 line 5 id=d :a= :b=\n"
                   "thing 5 line 6 id=e made=1759305601 :a= :b=\n"
                   "thing 6 line 7 id=f :a= :b= (1 invalid)\n"
                   "thing 7 line 8 id=g made=1759305600 :a= :b=\n"
                   "thing 8 line 9 id=h made=1759305601 :a= :b=\n"
                   "thing 9 line 10 id=i made=1759305600 :a= :b=\n"
                   "9 of 9\n",
                   "evidence:7: record 6: error: \"2025-10-01T08:00:1Z\" is not a time written as 'iso', as the column "
                   "made wants; correct the export, or how the kind maps At [value-conversion]\n");
    fixture_end(&f);
}

static void test_unreadable_rows(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f,
                   HEADER "one,1,,,,,,,\n"
                          "two,2\n"
                          "three,3,,,,,,,,,\n"
                          "four \"4\",,,,,,,,\n"
                          "\xE9,,,,,,,,\n"
                          "six,6,,,,,,,\n",
                   "thing 1 line 2 id=one n=1 :a= :b=\n"
                   "thing 6 line 7 id=six n=6 :a= :b=\n"
                   "2 of 6, 4 rejected\n",
                   "evidence:3: record 2: error: the row has 2 fields and the header 9; correct the export "
                   "[csv-ragged]\n"
                   "evidence:4: record 3: error: the row has 11 fields and the header 9; correct the export "
                   "[csv-ragged]\n"
                   "evidence:5: record 4: error: a quote stands inside a cell that does not begin with one; quote the "
                   "cell and double the quotes in it [csv-quote]\n"
                   "evidence:6: record 5: error: the row is not UTF-8; export it as UTF-8, or declare what it really "
                   "is, such as `encoding: windows-1252` [encoding]\n");
    fixture_expect(&f, HEADER "one,1,,,,,,,\ntwo,\"2\nthree,3\n",
                   "thing 1 line 2 id=one n=1 :a= :b=\n"
                   "1 of 2, 1 rejected, truncated\n",
                   "evidence:3: record 2: error: the file ends inside a quoted cell of this row; export it again, or "
                   "close the quote [truncated]\n");
    fixture_end(&f);
}

static void test_headers(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, kinds);
    fixture_expect(&f, HEADER, "0 of 0\n", "");
    fixture_expect(&f, "\xEF\xBB\xBFID;N;OK;At;Sort;Deleted;Spare\r\none;1;;;;;\r\n",
                   "thing 1 line 2 id=one n=1\n1 of 1\n", "");
    fixture_expect(&f, "", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the file is empty; export it again as 'things' [wrong-shape]\n");
    fixture_expect(&f, "\n\n", "0 of 0, no list, wrong shape\n",
                   "evidence: error: there is no header row; the file begins with \"  \"; export it again as 'things' "
                   "[wrong-shape]\n");
    fixture_expect(&f, "<html><body>Sign in</body></html>\n", "0 of 0, no list, wrong shape\n",
                   "evidence: error: the header row has none of the columns that the kind maps; the file begins with "
                   "\"<html><body>Sign in</body></html> \"; export it again as 'things' [wrong-shape]\n");
    fixture_expect(&f, "ID,n,OK,At,Sorts,Deleted\none,1,,,,\n", "0 of 0, no list, wrong shape\n",
                   "evidence:1: error: the header lacks \"N\" (did you mean \"n\"?), \"Sort\" (did you mean "
                   "\"Sorts\"?) (unknown to the kind: \"n\", \"Sorts\"); export with these "
                   "columns, or mark them `optional` in the kind things [csv-columns]\n");
    fixture_expect(&f, "ID,N,OK,At,Sort,Deleted,N,Spare,Spare\none,1,,,,,2,,\n", "0 of 0, no list, wrong shape\n",
                   "evidence:1: error: the header has \"N\" more than once, and which one is meant is unclear; rename "
                   "one [csv-columns]\n");
    fixture_expect(
        &f, "ID,N,OK,At,Sort,Deleted,Extra,More\n", "0 of 0\n",
        "evidence:1: note: the columns \"Extra\", \"More\" are neither mapped nor ignored by the kind things; "
        "map them, or list them under `ignore:` [unknown-path]\n");
    fixture_expect_bytes(&f, "I\0D\0\n\0", 6, "0 of 0, no list, wrong shape\n",
                         "evidence: error: the text is UTF-16; export it with a byte order mark or as UTF-8, "
                         "or declare `encoding: utf-16le` [encoding]\n");
    fixture_end(&f);
}

/* A cut never adds a row, and the rows before it stay as they were. */
static void test_cut_everywhere(void **state) {
    (void)state;
    static const char text[] = HEADER "one,1,,,,,,,\n\"two\nlines\",2,,,,,,,\nthree,3,,,,,,,\n";
    struct fixture f;
    struct buffer whole = {0};
    struct buffer cut = {0};
    fixture_begin(&f, kinds);
    fixture_read_by(&f, 0, text, sizeof text - 1, 0, &whole);
    for (size_t length = 0; length < sizeof text; length++) {
        buffer_clear(&cut);
        fixture_read_by(&f, 0, text, length, 0, &cut);
        assert_true(f.tally.loaded <= 3);
        /* All but the last row, which may be the one that was cut, are rows of the whole. */
        size_t same = 0;
        for (uint64_t line = 1; line < f.tally.loaded; line++) {
            same += strcspn(cut.data + same, "\n") + 1;
        }
        assert_memory_equal(cut.data, whole.data, same);
        assert_true(f.tally.list_seen || f.tally.wrong_shape || f.tally.truncated);
    }
    buffer_free(&whole);
    buffer_free(&cut);
    fixture_end(&f);
}

static void test_several_rules_and_names(void **state) {
    (void)state;
    static const char two[] = "kind: pairs\n"
                              "format: csv\n"
                              "detect: {columns: [Name]}\n"
                              "rows:\n"
                              "  - {type: thing, map: {id: Name, note: '@file.team', sort: {value: blue}}}\n"
                              "  - type: part\n"
                              "    when: {Part: {present: true}}\n"
                              "    may_be_empty: true\n"
                              "    map: {thing: Name, name: Part, place: {from: '@file.place', optional: true}}\n";
    static const char *const pair[] = {two, NULL};
    struct fixture f;
    fixture_begin(&f, pair);
    f.match = (struct path_match){.parts = {{"team", 4, "green", 5}, {"place", 5, "12", 2}}, .part_count = 2};
    fixture_expect(&f, "Name,Part\na,wheel\nb,\n",
                   "thing 1 line 2 id=a sort=blue note=green\n"
                   "part 1 line 2 thing=a name=wheel place=12\n"
                   "thing 2 line 3 id=b sort=blue note=green\n"
                   "2 of 2\n",
                   "");
    fixture_end(&f);
}

/* What one expression may go without, another may need. */
static void test_inputs_of_expressions(void **state) {
    (void)state;
    static const char text[] = "kind: made\n"
                               "format: csv\n"
                               "detect: {columns: [ID]}\n"
                               "rows:\n"
                               "  - type: thing\n"
                               "    map:\n"
                               "      id: ID\n"
                               "      note: {expr: 'a || b', from: {a: Alpha, b: Beta}, optional: true}\n"
                               "      sort: {expr: 'b || c', from: {b: Beta, c: Gamma}}\n";
    static const char *const made[] = {text, NULL};
    struct fixture f;
    fixture_begin(&f, made);
    fixture_expect(&f, "ID,Beta,Gamma\none,2,3\n", "thing 1 line 2 id=one :b=2 :c=3\n1 of 1\n", "");
    fixture_expect(&f, "ID,Alpha\none,1\n", "0 of 0, no list, wrong shape\n",
                   "evidence:1: error: the header lacks \"Beta\", \"Gamma\"; export with these columns, or mark them "
                   "`optional` in the kind made [csv-columns]\n");
    fixture_end(&f);
}

static const char ordinary[] = "kind: ordinary\n"
                               "format: csv\n"
                               "detect: {columns: [ID, N]}\n"
                               "rows:\n"
                               "  - type: thing\n"
                               "    map: {id: ID, n: N, ok: {from: OK, optional: true}, note: Note}\n";
static const char *const ordinaries[] = {ordinary, NULL};

/* Of a kind that has no texts of its own for NULL, most numbers are read where they stand: the same as all others. */
static void test_whole_numbers(void **state) {
    (void)state;
    struct fixture f;
    fixture_begin(&f, ordinaries);
    fixture_expect(&f,
                   "ID,N,OK,Note\na,0,,\nb,007,true,x\nc,999999999999999999,,\nd,1000000000000000000,false,y\n"
                   "e,9223372036854775807,,\nf,-9223372036854775808,,\ng,+12,,\nh, 34 ,,\ni,,,\nj,\"56\",,\n",
                   "thing 1 line 2 id=a n=0\n"
                   "thing 2 line 3 id=b n=7 ok=1 note=x\n"
                   "thing 3 line 4 id=c n=999999999999999999\n"
                   "thing 4 line 5 id=d n=1000000000000000000 ok=0 note=y\n"
                   "thing 5 line 6 id=e n=9223372036854775807\n"
                   "thing 6 line 7 id=f n=-9223372036854775808\n"
                   "thing 7 line 8 id=g n=12\n"
                   "thing 8 line 9 id=h n=34\n"
                   "thing 9 line 10 id=i\n"
                   "thing 10 line 11 id=j n=56\n"
                   "10 of 10\n",
                   "");
    fixture_expect(&f, "ID,N,Note\na,12x,\nb,9223372036854775808,\n",
                   "thing 1 line 2 id=a (1 invalid)\nthing 2 line 3 id=b (1 invalid)\n2 of 2\n",
                   "evidence:2: record 1: error: \"12x\" is not a whole number of 64 bits, as the column n wants; "
                   "correct the export, or how the kind maps N [value-conversion]\n"
                   "evidence:3: record 2: error: \"9223372036854775808\" is not a whole number of 64 bits, as the "
                   "column n wants; correct the export, or how the kind maps N [value-conversion]\n");
    fixture_end(&f);
}

/* A NUL would end a text for everyone behind; an empty text is nothing, which a column may require not to be. */
static void test_texts_that_are_none(void **state) {
    (void)state;
    static const char nul[] = "ID,N,Note\na,1,x\0y\nb,2,\"z\0\"\n\0,3,\nd,4,w\n";
    struct fixture f;
    fixture_begin(&f, ordinaries);
    fixture_expect_bytes(
        &f, nul, sizeof nul - 1,
        "thing 1 line 2 id=a n=1 (1 invalid)\nthing 2 line 3 id=b n=2 (1 invalid)\nthing 3 line 4 n=3 (1 invalid)\n"
        "thing 4 line 5 id=d n=4 note=w\n4 of 4\n",
        "evidence:2: record 1: error: \"x?y\" is not a text of at most 1 MiB without NUL characters, as the column "
        "note wants; correct the export, or how the kind maps Note [value-conversion]\n"
        "evidence:3: record 2: error: \"z?\" is not a text of at most 1 MiB without NUL characters, as the column note "
        "wants; correct the export, or how the kind maps Note [value-conversion]\n"
        "evidence:4: record 3: error: \"?\" is not a text of at most 1 MiB without NUL characters, as the column id "
        "wants; correct the export, or how the kind maps ID [value-conversion]\n");
    fixture_expect(&f, "ID,N,Note\n,1,x\n\"\",2,\n",
                   "thing 1 line 2 n=1 note=x (1 invalid)\nthing 2 line 3 n=2 (1 invalid)\n2 of 2\n",
                   "evidence:2: record 1: error: the record has no id, which thing requires; complete it at its source "
                   "and export again [required-missing]\n"
                   "evidence:3: record 2: error: the record has no id, which thing requires; complete it at its source "
                   "and export again [required-missing]\n");
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_of_each_kind),
        cmocka_unit_test(test_when_passes_over),
        cmocka_unit_test(test_rows_of_separators_are_none),
        cmocka_unit_test(test_bad_values_are_told),
        cmocka_unit_test(test_times_that_come_again),
        cmocka_unit_test(test_unreadable_rows),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_several_rules_and_names),
        cmocka_unit_test(test_inputs_of_expressions),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_texts_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
