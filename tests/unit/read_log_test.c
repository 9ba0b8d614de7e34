#include "read_fixture.h"

/* One kind of a log, given by its own lines and its rows. */
#define KIND(lines, rows) "kind: log\nformat: log\n" lines "rows:\n  - type: thing\n" rows

static void with(const char *kind, const char *text, const char *rows, const char *diagnostics) {
    const char *const kinds[] = {kind, NULL};
    struct fixture f;

    fixture_begin(&f, kinds);
    fixture_expect(&f, text, rows, diagnostics);
    fixture_end(&f);
}

static void patterns_in_order(void **state) {
    (void)state;
    with(KIND("pattern:\n"
              "  - '(?<who>\\w+) left'\n"
              "  - '(?<who>\\w+) (?<what>.*)'\n"
              "skip: ['-- ', '#']\n",
              "    map: {id: who, note: {from: what, null: [nothing]}}\n"),
         "ann left\nbob came in\n-- mark --\ncee nothing\n# note\nleft\ndee left early",
         "thing 1 line 1 id=ann\nthing 2 line 2 id=bob note=came in\nthing 4 line 4 id=cee\n"
         "thing 7 line 7 id=dee note=left early\n4 of 7, 2 passed over, 1 rejected\n",
         "evidence:6: record 6: error: no pattern fits \"left\"; name such lines under `skip:` in the kind log, or add "
         "a "
         "pattern for them [log-line]\n");
}

static void conditions_and_lines(void **state) {
    (void)state;
    with(KIND("pattern: '(?<id>\\d+) (?<level>\\w+): (?<text>.*)'\ncontinue: '\\s+at '\n",
              "    when: {level: [ERROR]}\n    map: {id: id, note: text}\n"),
         "1 INFO: fine\n2 ERROR: bad\n  at one\n  at two\n3 ERROR: worse\n",
         "thing 2 line 2 id=2 note=bad\n  at one\n  at two\nthing 3 line 5 id=3 note=worse\n2 of 3, 1 passed over\n",
         "");
}

static void a_name_in_several_groups(void **state) {
    (void)state;
    with(KIND("pattern: '(?J)(?:a(?<x>\\d)|b(?<x>\\d))'\n", "    map: {id: x}\n"), "a1\nb2\n",
         "thing 1 line 1 id=1\nthing 2 line 2 id=2\n2 of 2\n", "");
}

/* What a line lacks is not what the one before had. */
static void values_of_one_line(void **state) {
    (void)state;
    with(KIND("pattern: '(?<id>\\d+)(?: at (?<at>\\S+))?(?: in (?<sort>\\w+))?(?: by (?<who>\\w+))?'\n",
              "    map: {id: id, made: {from: at, time: iso}, sort: sort, note: who}\n"),
         "1 at 2025-10-06T08:00:00Z in red by ann\n2 in red by bob\n3\n4 at 2025-10-06T08:00:00Z in blue\n5 by cee\n",
         "thing 1 line 1 id=1 made=1759737600 sort=red note=ann\nthing 2 line 2 id=2 sort=red note=bob\n"
         "thing 3 line 3 id=3\nthing 4 line 4 id=4 made=1759737600 sort=blue\nthing 5 line 5 id=5 note=cee\n5 of 5\n",
         "");
}

/* What would take for ever is a rejected line, and the next one is read. */
static void hostile_patterns(void **state) {
    (void)state;
    static const char *const patterns[] = {"(?<x>(?:a+)+)b", "(?<x>(?:a|aa)+)b", "(?<x>(?:.*){20})b",
                                           "(?<x>(?:a(?R)?)+)b"};

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        char kind[300];
        snprintf(kind, sizeof kind, KIND("pattern: '%s'\n", "    map: {id: x}\n"), patterns[i]);
        const char *const kinds[] = {kind, NULL};
        struct fixture f;
        struct buffer text = {0};
        struct buffer out = {0};
        fixture_begin(&f, kinds);
        for (int a = 0; a < 5000; a++) {
            buffer_append_byte(&text, 'a');
        }
        buffer_append_text(&text, "\nab\n");
        fixture_read_by(&f, 0, text.data, text.length, 0, &out);
        assert_int_equal(f.tally.records, 2);
        assert_int_equal(f.tally.rejected, 1);
        assert_int_equal(f.tally.loaded, 1);
        assert_int_equal(fixture_count(&f, DIAGNOSTIC_LOG_LINE), 1);
        buffer_free(&out);
        buffer_free(&text);
        fixture_end(&f);
    }
}

static void wrong_files(void **state) {
    (void)state;
    static const char kind[] = KIND("pattern: '(?<x>\\d+)'\n", "    map: {id: x}\n");
    static const char *const kinds[] = {kind, NULL};
    struct fixture f;

    with(kind, "", "0 of 0\n", "");
    with(kind, "a\nb\n", "0 of 2, 2 rejected, no list, wrong shape\n",
         "evidence: error: no line is one that the kind knows; the file begins with \"a b \"; export it again as 'log' "
         "[wrong-shape]\n"
         "evidence:1: record 1: error: no pattern fits \"a\"; name such lines under `skip:` in the kind log, or add a "
         "pattern for them [log-line]\n"
         "evidence:2: record 2: error: no pattern fits \"b\"; name such lines under `skip:` in the kind log, or add a "
         "pattern for them [log-line]\n");
    fixture_begin(&f, kinds);
    fixture_expect_bytes(
        &f, "1\n\xFF\n2\0\n3\n", 9, "thing 1 line 1 id=1\nthing 4 line 4 id=3\n2 of 4, 2 rejected\n",
        "evidence:2: record 2: error: the line is not UTF-8; export it as UTF-8, or declare what it really "
        "is, such as `encoding: windows-1252` [encoding]\n"
        "evidence:3: record 3: error: the line holds NUL characters, as after a crash; correct the "
        "export [encoding]\n");
    fixture_expect_bytes(&f, "1\0\n\0", 4, "0 of 0, no list, wrong shape\n",
                         "evidence: error: the text is UTF-16; export it with a byte order mark or as UTF-8, "
                         "or declare `encoding: utf-16le` [encoding]\n");
    fixture_end(&f);
}

static void key_values(void **state) {
    (void)state;
    static const char kind[] = KIND(
        "preset: keyvalue\nskip: '#'\n",
        "    map: {id: user, note: {from: msg, optional: true}, n: {from: n, optional: true}}\n") "ignore: [level]\n";
    with(
        kind,
        "Oct 1 level=info user=ann, n=4\nuser=\"bob b\" msg='it''s' x=\n"
        "user=cee msg=\"a \\\"b\\\"\\nc = d\" \"free user=text\"\n# none\nnone\nuser=a user=b\nuser=\"open\nmsg=\"\"\n",
        "thing 1 line 1 id=ann n=4\nthing 2 line 2 id=bob b note=it\nthing 3 line 3 id=cee note=a \"b\"\nc = d\n"
        "thing 8 line 8 (1 invalid)\n4 of 8, 1 passed over, 3 rejected\n",
        "evidence: note: the keys \"x\" are neither mapped nor ignored by the kind log; map them, or list them under "
        "`ignore:` [unknown-path]\n"
        "evidence:5: record 5: error: there is no key=value in \"none\"; name such lines under `skip:` in the kind log "
        "[log-line]\n"
        "evidence:6: record 6: error: the line has the key \"user\" twice, and which one is meant is unclear; correct "
        "the export [log-line]\n"
        "evidence:7: record 7: error: a quote has no end in \"user=\"open\"; correct the export, or name such lines "
        "under "
        "`skip:` [log-line]\n"
        "evidence:8: record 8: error: the record has no id, which thing requires; complete it at its source and export "
        "again [required-missing]\n");
    with(
        KIND("preset: keyvalue\n", "    map: {id: user, note: {from: text}}\n"), "user=a\n",
        "thing 1 line 1 id=a\n1 of 1, wrong shape\n",
        "evidence: error: \"text\" stands nowhere in the file; export it with this value, or mark it `optional` in the "
        "kind log [path-never-seen]\n");
}

static void syslog_lines(void **state) {
    (void)state;
    with(
        KIND("preset: syslog\nnull: ['', '-']\n", "    when: {program: {present: true}}\n"
                                                  "    map: {id: program, note: message, n: pid}\n"),
        "Dec 10 06:55:46 host sshd[42]: Bye\n"
        "<34>Oct  1 22:14:15 host su: it failed: twice\n"
        "2025-10-01T08:00:00.123456+00:00 host cron[7]:\n"
        "<165>1 2025-10-11T22:14:15.003Z host app 9 ID47 [x@1 a=\"b\\\"]\" c=\"d\"][y@1] \xEF\xBB\xBFwith data\n"
        "<34>1 2025-10-11T22:14:15Z - web - - -\n"
        "Dec 10 06:55:46 host last message repeated 2 times\n"
        "no syslog\n",
        "thing 1 line 1 id=sshd n=42 note=Bye\nthing 2 line 2 id=su note=it failed: twice\n"
        "thing 3 line 3 id=cron n=7\nthing 4 line 4 id=app n=9 note=with data\nthing 5 line 5 id=web\n"
        "5 of 7, 1 passed over, 1 rejected\n",
        "evidence:7: record 7: error: no pattern fits \"no syslog\"; name such lines under `skip:` in the kind log, or "
        "add a pattern for them [log-line]\n");
}

/* The lines are as OpenSSH and sudo write them; some names are chosen to look like the rest of a line. */
static void sshd_lines(void **state) {
    (void)state;
#define AT "Oct  1 08:00:00 host sshd[1]: "
    with("kind: log\nformat: log\npreset: sshd\nrows:\n"
         "  - type: part\n    when: {result: {present: true}}\n    map: {thing: user, name: address, place: port}\n"
         "  - type: thing\n    when: {result: {present: true}}\n    map: {id: result, note: method}\n",
         AT "Accepted publickey for ann from 192.0.2.1 port 52110 ssh2: ED25519 SHA256:abc\n" AT
            "Failed password for invalid user x from 1.1.1.1 port 9 ssh2 from 192.0.2.2 port 22 ssh2\n" AT
            "Failed none for invalid user  from 2001:db8::1 port 22 ssh2\n" AT
            "Invalid user admin from 192.0.2.3 port 40000\n" AT
            "error: maximum authentication attempts exceeded for root from 192.0.2.4 port 7 ssh2 [preauth]\n" AT
            "message repeated 2 times: [ Failed password for root from 192.0.2.5 port 8 ssh2]\n" AT
            "Connection closed by 192.0.2.6 port 1 [preauth]\n"
            "Oct  1 08:00:00 host cron[1]: Accepted nothing for ann from 192.0.2.1 port 1\n",
         "part 1 line 1 thing=ann name=192.0.2.1 place=52110\nthing 1 line 1 id=Accepted note=publickey\n"
         "part 2 line 2 thing=x from 1.1.1.1 port 9 ssh2 name=192.0.2.2 place=22\nthing 2 line 2 id=Failed "
         "note=password\n"
         "part 3 line 3 name=2001:db8::1 place=22 (1 invalid)\nthing 3 line 3 id=Failed note=none\n"
         "part 4 line 4 thing=admin name=192.0.2.3 place=40000\nthing 4 line 4 id=Invalid user\n"
         "part 5 line 5 thing=root name=192.0.2.4 place=7\nthing 5 line 5 id=maximum authentication attempts "
         "exceeded\n"
         "part 6 line 6 thing=root name=192.0.2.5 place=8\nthing 6 line 6 id=Failed note=password\n"
         "6 of 8, 2 passed over\n",
         "evidence:3: record 3: error: the record has no thing, which part requires; complete it at its source and "
         "export again [required-missing]\n");
}

static void sudo_lines(void **state) {
    (void)state;
    with("kind: log\nformat: log\npreset: sudo\nrows:\n"
         "  - type: part\n    when: {command: {present: true}}\n    map: {thing: user, name: command}\n"
         "  - type: thing\n    when: {command: {present: true}}\n    map: {id: run_as, note: reason, sort: {value: "
         "red}}\n",
         "Oct  1 08:00:00 host sudo:      ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/id ; echo\n"
         "Oct  1 08:00:01 host sudo[5]: bob : command not allowed ; TTY=unknown ; PWD=/ ; USER=app ; GROUP=adm ; "
         "TSID=000001 ; ENV=A=b ; COMMAND=/bin/sh\n"
         "Oct  1 08:00:02 host sudo: pam_unix(sudo:session): session opened for user root by ann(uid=0)\n",
         "part 1 line 1 thing=ann name=/usr/bin/id ; echo\nthing 1 line 1 id=root sort=red\n"
         "part 2 line 2 thing=bob name=/bin/sh\nthing 2 line 2 id=app sort=red note=command not allowed\n"
         "2 of 3, 1 passed over\n",
         "");
}

static void common_log_lines(void **state) {
    (void)state;
    with(
        "kind: log\nformat: log\npreset: common-log\nrows:\n  - type: thing\n"
        "    map: {id: address, n: status, made: {from: time, time: common-log}, note: {from: target, null: ['-']}}\n",
        "192.0.2.1 - ann [01/Oct/2025:08:00:00 +0000] \"GET /a?b=c HTTP/1.1\" 200 12\n"
        "192.0.2.2 - - [01/Oct/2025:10:00:00 +0200] \"GET / HTTP/2.0\" 404 - \"-\" \"a \\\"b\\\" c\"\n"
        "192.0.2.3 - - [01/Oct/2025:08:00:00 +0000] \"\\x16\\x03\" 400 0\n"
        "192.0.2.4\n",
        "thing 1 line 1 id=192.0.2.1 n=200 made=1759305600 note=/a?b=c\n"
        "thing 2 line 2 id=192.0.2.2 n=404 made=1759305600 note=/\n"
        "thing 3 line 3 id=192.0.2.3 n=400 made=1759305600\n3 of 4, 1 rejected\n",
        "evidence:4: record 4: error: no pattern fits \"192.0.2.4\"; name such lines under `skip:` in the kind log, or "
        "add a pattern for them [log-line]\n");
}

static void years(void **state) {
    (void)state;
    static const char kind[] = "kind: log\nformat: log\npreset: syslog\nrows:\n  - type: thing\n"
                               "    map: {id: host, made: {from: time, time: syslog}}\n";
    static const char exported[] =
        "kind: log\nformat: log\npreset: syslog\neffective: {from: '@file.day', time: compact}\n"
        "rows:\n  - type: thing\n    map: {id: host, made: {from: time, time: syslog}}\n";
    static const char *const kinds[] = {kind, NULL};
    static const char *const exported_kinds[] = {exported, NULL};
    static const char text[] = "Dec 10 06:55:46 h x: y\nJan 10 06:55:46 h x: y\n2024-01-10T06:55:46Z h x: y\n";
    struct fixture f;

    fixture_begin(&f, kinds);
    f.zone = 0;
    fixture_expect(
        &f, text,
        "thing 1 line 1 id=h (1 invalid)\nthing 2 line 2 id=h (1 invalid)\n"
        "thing 3 line 3 id=h made=1704869746\n3 of 3\n",
        "evidence:1: record 1: error: the times of made have no year (\"Dec 10 06:55:46\"), and the file's path "
        "does not say it; put {period} or {date} into the source's path [time-year]\n");
    assert_true(path_match("log-{period}.txt", "log-2026-01.txt", &f.match));
    fixture_expect(&f, text,
                   "thing 1 line 1 id=h made=1765349746\nthing 2 line 2 id=h made=1768028146\n"
                   "thing 3 line 3 id=h made=1704869746\n3 of 3\n",
                   "");
    fixture_end(&f);
    fixture_begin(&f, exported_kinds);
    f.zone = 0;
    assert_true(path_match("log-{day}.txt", "log-20251231.txt", &f.match));
    fixture_expect(&f, text,
                   "thing 1 line 1 id=h made=1765349746\nthing 2 line 2 id=h made=1736492146\n"
                   "thing 3 line 3 id=h made=1704869746\n3 of 3\n",
                   "");
    fixture_end(&f);
}

static void detection(void **state) {
    (void)state;
    static const char *const kinds[] = {
        KIND("pattern: '(?<x>.*)'\ndetect: {lines: ['<\\d+>', '.* sshd\\[']}\n", "    map: {id: x}\n"), NULL};
    static const char yes[] = "noise\n<1>a\n\nhost sshd[1]: x\n";
    struct fixture f;
    struct buffer late = {0};
    size_t kind = 0;

    fixture_begin(&f, kinds);
    assert_int_equal(read_detect(f.schema, yes, sizeof yes - 1, &kind, 1), 1);
    assert_int_equal(read_detect(f.schema, yes, 15, &kind, 1), 0);
    for (int i = 0; i < 20; i++) {
        buffer_append_text(&late, "x\n");
    }
    buffer_append_text(&late, yes);
    assert_int_equal(read_detect(f.schema, late.data, late.length, &kind, 1), 0);
    buffer_free(&late);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_in_order),
        cmocka_unit_test(conditions_and_lines),
        cmocka_unit_test(a_name_in_several_groups),
        cmocka_unit_test(values_of_one_line),
        cmocka_unit_test(hostile_patterns),
        cmocka_unit_test(wrong_files),
        cmocka_unit_test(key_values),
        cmocka_unit_test(syslog_lines),
        cmocka_unit_test(sshd_lines),
        cmocka_unit_test(sudo_lines),
        cmocka_unit_test(common_log_lines),
        cmocka_unit_test(years),
        cmocka_unit_test(detection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
