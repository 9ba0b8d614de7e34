/*
 * What is drafted from samples: formats, where the records are, types, nulls, booleans, times, and what is left open.
 * Every draft must load.
 */
#include "read_fixture.h"

#include "read/infer.h"

static const char synonyms[] = "columns:\n"
                               "  id: [identifier, code]\n"
                               "  thing.note: [remark, comment]\n"
                               "  made: [created, creation]\n"
                               "  ok: [flag]\n"
                               "opposites:\n"
                               "  ok: [deleted]\n"
                               "types:\n"
                               "  thing: [things]\n"
                               "  part: [parts]\n"
                               "values:\n"
                               "  sort: {red: [crimson]}\n"
                               "  ok: {\"true\": [active], \"false\": [gone]}\n"
                               "null: [N/A, \"-\", None]\n"
                               "fillers: [at, on, date, time]\n"
                               "wrappers: [profile]\n"
                               "handles: [login, name]\n"
                               "identifiers: [id, number, key]\n"
                               "paging: [next]\n"
                               "made: [generated at]\n";

static const char *const kinds[] = {
    "kind: a-table\nformat: csv\ndetect: {columns: [id, n, r]}\nrows: [{type: thing, map: {id: id, n: n, r: r}}]\n",
    NULL};

struct drafted {
    struct fixture f;
    struct buffer yaml;
    struct infer_draft draft;
};

static void begin(struct drafted *d) {
    fixture_begin(&d->f, kinds);
    scratch_write(&d->f.scratch, "synonyms.yaml", synonyms);
    d->f.schema = schema_load(d->f.arena, d->f.scratch.folder, d->f.scratch.diagnostics);
    assert_non_null(d->f.schema);
    d->yaml = (struct buffer){0};
}

static void end(struct drafted *d) {
    buffer_free(&d->yaml);
    fixture_end(&d->f);
}

/* Drafts, and loads what was drafted. */
static const char *draft_as(struct drafted *d, const char *name, const char *text, size_t type) {
    const struct infer_request request = {
        .schema = d->f.schema, .name = name, .bytes = text, .length = strlen(text), .type = type};

    buffer_clear(&d->yaml);
    assert_true(infer_kind(d->f.arena, &request, &d->yaml, &d->draft));
    if (d->draft.refusal != NULL) {
        return "";
    }
    const char *yaml = buffer_text(&d->yaml);
    size_t count = d->f.schema->kind_count;
    if (!schema_add_kind(d->f.arena, d->f.schema, "draft", yaml, d->yaml.length, d->f.scratch.diagnostics)) {
        struct buffer printed = {0};
        diagnostics_print(d->f.scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        fail_msg("%s\n%s", yaml, buffer_text(&printed));
    }
    d->f.schema->kind_count = count;
    return yaml;
}

static const char *draft(struct drafted *d, const char *name, const char *text) {
    return draft_as(d, name, text, SIZE_MAX);
}

static void has(const char *yaml, const char *part) {
    if (strstr(yaml, part) == NULL) {
        fail_msg("no \"%s\" in\n%s", part, yaml);
    }
}

static void lacks(const char *yaml, const char *part) {
    if (strstr(yaml, part) != NULL) {
        fail_msg("\"%s\" stands in\n%s", part, yaml);
    }
}

/* What the draft reads of the sample, one row a line. */
static void reads(struct drafted *d, const char *name, const char *text, const char *expected) {
    const char *yaml = draft(d, name, text);
    assert_true(schema_add_kind(d->f.arena, d->f.schema, "draft", yaml, strlen(yaml), d->f.scratch.diagnostics));
    const struct kind *kind = &d->f.schema->kinds[--d->f.schema->kind_count];
    struct byte_source_memory bytes;
    struct record record;
    struct buffer shown = {0};
    byte_source_memory(&bytes, text, strlen(text));
    const struct read_request request = {.schema = d->f.schema,
                                         .kind = kind,
                                         .path = name,
                                         .match = &d->f.match,
                                         .zone = 0,
                                         .bytes = &bytes.source,
                                         .diagnostics = d->f.scratch.diagnostics};
    struct record_source *source = read_open(&request);
    assert_non_null(source);
    while (source->next(source, &record) == RECORD_ROW) {
        fixture_show(&d->f, kind, &record, &shown);
    }
    read_close(source);
    assert_string_equal(buffer_text(&shown), expected);
    buffer_free(&shown);
}

static void a_table_is_drafted_whole(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "things-2025-10.csv",
                             "Code;N;R;Flag;Created on;Sort;Colour\n"
                             "a;1;1.5;yes;2025-10-01T08:00:00Z;red;x\n"
                             "b;2;2.5;no;2025-10-02T08:00:00Z;blue;y\n");
    has(yaml, "kind: things\n");
    has(yaml, "format: csv\ndelimiter: \";\"\n");
    has(yaml, "- type: thing\n");
    has(yaml, "the word \"things\" speaks for it");
    has(yaml, "      id: Code # by a usual name of it\n");
    has(yaml, "      n: \"N\" # by its name\n");
    has(yaml, "      r: R # by its name\n");
    has(yaml, "# Seen: \"yes\" 1, \"no\" 1\n      ok: Flag # by a usual name of it\n");
    has(yaml, "      made: {from: Created on, time: iso} #");
    has(yaml, "        values:\n          red: red\n          blue: blue\n");
    has(yaml, "ignore:\n  - Colour # text\n");
    assert_int_equal(d.draft.open, 1); /* title, vendor and how it is exported */
    assert_string_equal(d.draft.extension, "csv");
    reads(&d, "things.csv", "Code,Flag,Created\na,yes,2025-10-01\n", "thing 1 line 2 id=a ok=1 made=1759276800\n");
    end(&d);
}

static void words_for_nothing_are_nulls_where_they_were_seen(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "things.csv", "id,n,made,note\na,1,-,None\nb,N/A,2025-10-01,x\nc,3,,y\n");
    has(yaml, "n: {from: \"n\", null: [N/A]}");
    has(yaml, "made: {from: made, time: iso, null: [\"-\"]}");
    has(yaml, "note: {from: note, null: [None]}");
    reads(&d, "things.csv", "id,n,made\na,N/A,2025-10-01\nb,2,-\n",
          "thing 1 line 2 id=a made=1759276800\nthing 2 line 3 id=b n=2\n");
    end(&d);
}

static void booleans_in_other_words_get_a_table(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "things.csv", "id,ok\na,Active\nb,Gone\nc,Parked\n");
    has(yaml, "        values:\n          Active: true\n          Gone: false\n          # Parked: ?\n");
    has(yaml, INFER_OPEN ": what do the words below that are commented out mean: true or false?");
    reads(&d, "things.csv", "id,ok\na,Active\nb,Gone\nc,Parked\n",
          "thing 1 line 2 id=a ok=1\nthing 2 line 3 id=b ok=0\nthing 3 line 4 id=c (1 invalid)\n");
    /* A flag that says the contrary is turned round, also for the word that the sample has not. */
    reads(&d, "things.json", "[{\"id\": \"a\", \"deleted\": true}, {\"id\": \"b\", \"deleted\": false}]",
          "thing 1 line 1 id=a ok=0\nthing 2 line 1 id=b ok=1\n");
    yaml = draft(&d, "things.json", "[{\"id\": \"a\", \"deleted\": true}, {\"id\": \"b\", \"deleted\": true}]");
    has(yaml, "          \"true\": false\n          \"false\": true\n");
    end(&d);
}

static void unknown_words_of_an_enumeration_stay_unknown(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "things.csv", "id,sort\na,Crimson\nb,BLUE\nc,green\nd,green\n");
    has(yaml, "          Crimson: red\n          BLUE: blue\n          # green: ?\n");
    yaml = draft(&d, "things.csv", "id,sort\na,green\nb,green\nc,pink\nd,pink\n");
    has(yaml, "        # values:\n        #   green: ?\n        #   pink: ?\n");
    end(&d);
}

static void times_are_told_by_all_their_values(void **state) {
    static const struct {
        const char *values[3];
        const char *format;
    } cases[] = {
        {{"2025-10-01T08:00:00Z", "2025-10-02", "2025-10-03T08:00:00+02:00"}, "time: iso"},
        {{"1759276800", "1759276801", "1759276802.5"}, "time: epoch}"},
        {{"1759276800000", "1759276801000", "1759276802000"}, "time: epoch-ms"},
        {{"20251001080000Z", "20251002080000Z", "20251003080000Z"}, "time: compact"},
        {{"Wed, 01 Oct 2025 08:00:00 GMT", "Thu, 02 Oct 2025 08:00:00 GMT", ""}, "time: rfc1123"},
        {{"Wed Oct  1 08:00:00 2025", "Thu Oct  2 08:00:00 2025", ""}, "time: ctime"},
        {{"01/Oct/2025:08:00:00 +0000", "02/Oct/2025:08:00:00 +0000", ""}, "time: common-log"},
        {{"31/12/2025", "01/02/2025", "02/03/2025"}, "time: day-first"},
        {{"12/31/2025", "01/02/2025", "02/03/2025"}, "time: month-first"},
    };
    (void)state;
    struct drafted d;
    begin(&d);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300];
        snprintf(text, sizeof text, "id;made\na;\"%s\"\nb;\"%s\"\nc;\"%s\"\n", cases[i].values[0], cases[i].values[1],
                 cases[i].values[2]);
        has(draft(&d, "things.csv", text), cases[i].format);
    }
    has(draft(&d, "things.csv", "id,made\na,31/12/2025\nb,01/02/2025\n"),
        "# \"31/12/2025\" says that the day comes first.");
    /* An integer that is no time of our days is none. */
    lacks(draft(&d, "things.csv", "id,made\na,17\nb,18\n"), "from: made");
    end(&d);
}

static void an_ambiguous_date_is_left_open(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *text = "id,made\na,03/04/2025\nb,05/06/2025\n";
    const char *yaml = draft(&d, "things.csv", text);
    has(yaml, INFER_OPEN ": day or month first? Every date seen can be read both ways, such as \"03/04/2025\".");
    reads(&d, "things.csv", text, "thing 1 line 2 id=a (1 invalid)\nthing 2 line 3 id=b (1 invalid)\n");
    end(&d);
}

static void titles_above_a_header_are_none(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *text =
        "Example Company, Ltd;;\nThings as of 2025-12-01;;\n\nid;n;made\na;1;2025-10-01\nb;2;2025-10-02\n";
    const char *yaml = draft(&d, "things.csv", text);
    has(yaml, "made: {from: made, time: iso}");
    has(yaml, "(2 records)");
    reads(&d, "things.csv", text, "thing 1 line 5 id=a n=1 made=1759276800\nthing 2 line 6 id=b n=2 made=1759363200\n");
    end(&d);
}

static void what_times_lack_is_said(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "things.csv", "id,made\na,2025-10-01 08:00\nb,2025-10-02T08:00:00Z\n");
    has(yaml, INFER_OPEN ": 1 of 2 times are without a zone");
    yaml = draft(&d, "things.csv", "id,made\na,2025-10-01\nb,someday\nc,2025-10-02\n");
    has(yaml, INFER_OPEN ": 1 of 3 values are no such time, the first \"someday\"");
    yaml = draft(&d, "things.csv", "id,made\na,2025-10-01\nb,0001-01-01T00:00:00Z\n");
    has(yaml, INFER_OPEN ": \"0001-01-01T00:00:00Z\" may stand for \"never\"");
    yaml = draft(&d, "things.csv", "id,made\na,Oct  1 08:00:00\nb,Oct  2 08:00:00\n");
    has(yaml, "time: syslog");
    has(yaml, INFER_OPEN ": the times have no year");
    yaml = draft(&d, "things.csv", "id,n\na,1\nb,many\nc,3\n");
    has(yaml, INFER_OPEN ": 1 of 3 values are no whole numbers; they are rejected.");
    yaml = draft(&d, "things.csv", "id,made\na,\nb,\n");
    has(yaml, INFER_OPEN ": it is empty in the whole sample");
    end(&d);
}

static void records_are_found_in_their_envelope(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml =
        draft(&d, "export.json",
              "{\"next\": \"abc\", \"meta\": {\"generated_at\": \"2025-12-31T00:00:00Z\"}, \"data\": {\"things\": "
              "[{\"id\": \"a\", \"profile\": {\"n\": 1, \"x\": 2}, \"tags\": [{\"name\": \"t\"}], \"a.b\": 1}]}}");
    has(yaml, "    at: \"data.things[*]\"\n");
    has(yaml, "      n: profile.n #");
    has(yaml, "the word \"things\" speaks for it");
    has(yaml, INFER_OPEN ": this may be one page of several, as \"$.next\" around the records says");
    has(yaml, "effective: {from: \"$.meta.generated_at\", time: iso}");
    has(yaml, "Each record holds lists: \"data.things[*].tags[*]\".");
    has(yaml, "  - profile.x # integer\n  - tags # list or object\n  - \"['a.b']\" # boolean\n");
    has(yaml, "  - \"$.next\" # around the records\n  - \"$.meta\" # around the records\n");
    yaml = draft(&d, "export.json", "{\"paging\": {\"next\": null}, \"things\": [{\"id\": \"a\", \"n\": 1}]}");
    has(yaml, INFER_OPEN ": this seems to be all, or the last of several pages, as \"$.paging.next\"");
    has(yaml, "complete: {\"$.paging.next\": [\"\"]}");
    yaml = draft(&d, "export.json", "{\"next\": false, \"things\": [{\"id\": \"a\", \"n\": 1}]}");
    has(yaml, "complete: {\"$.next\": [\"false\"]}");
    /* Who is meant by an object about a person. */
    yaml = draft(&d, "things.json",
                 "[{\"id\": \"a\", \"remark\": {\"url\": \"x\", \"name\": \"Ann\", \"login\": \"ann\"}}]");
    has(yaml, "      note: remark.login #");
    /* One document that is the record. */
    yaml = draft(&d, "thing.json", "{\"id\": \"a\", \"n\": 1}");
    has(yaml, "    at: \".\"\n");
    end(&d);
}

static void inner_lists_see_the_record_around(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *text =
        "[{\"thing\": \"a\", \"parts\": [{\"name\": \"p\", \"place\": 1}, {\"name\": \"q\", \"place\": 2}]}]";
    const char *yaml = draft_as(&d, "export.json", text, schema_type(d.f.schema, "part"));
    has(yaml, "    at: \"[*].parts[*]\"\n");
    has(yaml, "      thing: \"../thing\" #");
    has(yaml, "detect: {paths: [\"parts[*].name\", \"parts[*].place\"");
    reads(&d, "parts.json", text, "part 1 line 1 thing=a name=p place=1\npart 1 line 1 thing=a name=q place=2\n");
    end(&d);
}

static void keys_that_are_names_become_values(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *text =
        "{\"things\": {\"a@example.com\": {\"n\": 1, \"ok\": true}, \"b@example.com\": {\"n\": 2, \"ok\": "
        "false}, \"c@example.com\": {\"n\": 3, \"ok\": true}}}";
    const char *yaml = draft(&d, "export.json", text);
    has(yaml, "    at: \"things.*\"\n");
    has(yaml, "      id: \"@key\" #");
    reads(&d, "export.json", text,
          "thing 1 line 1 id=a@example.com n=1 ok=1\nthing 2 line 1 id=b@example.com n=2 ok=0\n"
          "thing 3 line 1 id=c@example.com n=3 ok=1\n");
    has(yaml, "      n: \"n\" #");
    end(&d);
}

static void other_formats_are_told_apart(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft(&d, "x.json", "{\"id\": \"a\", \"n\": 1}\n{\"id\": \"b\", \"n\": 2}\n");
    has(yaml, "format: ndjson\n");
    lacks(yaml, "    at:");
    has(draft(&d, "x.txt",
              "progress\n{\"id\": \"a\", \"n\": 1}\n{\"id\": \"b\", \"n\": 2}\n{\"id\": \"c\", \"n\": 2}\n"),
        "format: ndjson\n");
    yaml = draft(&d, "x.yml", "things:\n  - id: a\n    n: 1\n  - id: b\n    n: 2\n");
    has(yaml, "format: yaml\n");
    has(yaml, "    at: \"things[*]\"\n");
    yaml = draft(&d, "x.xml", "<all when='1'><thing id='a'><n>1</n></thing><thing id='b'><n>2</n></thing></all>");
    has(yaml, "format: xml\n");
    has(yaml, "    at: \"all.thing[*]\"\n");
    has(yaml, "      id: \"@id\" #");
    has(yaml, "      n: \"n\" #");
    reads(&d, "x.xml", "<all when='1'><thing id='a'><n>1</n></thing><thing id='b'><n>2</n></thing></all>",
          "thing 1 line 1 id=a n=1\nthing 2 line 1 id=b n=2\n");
    yaml = draft(&d, "things.log", "id=a n=1 flag=yes\nid=b n=2 flag=no\n");
    has(yaml, "format: log\npreset: keyvalue\ndetect:\n  lines:\n");
    reads(&d, "things.log", "id=a n=1 flag=yes\nid=b n=2 flag=no\n",
          "thing 1 line 1 id=a n=1 ok=1\nthing 2 line 2 id=b n=2 ok=0\n");
    has(draft(&d, "x.csv", "id\tn\na\t1\n"), "delimiter: tab\n");
    has(draft(&d, "x.csv", "id|n\na|1\n"), "delimiter: \"|\"\n");
    end(&d);
}

static void what_is_required_and_not_there_is_open(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *text = "n,r,note\n1,1.5,x\n2,2.5,y\n";
    const char *yaml = draft(&d, "things.csv", text);
    has(yaml, "found a field, but not the required id; the word");
    has(yaml, INFER_OPEN ": id is required, a text. its name.");
    has(yaml, "      id: {from: " INFER_OPEN ", optional: true}\n");
    reads(&d, "things.csv", text,
          "thing 1 line 2 n=1 r=1.5 note=x (1 invalid)\nthing 2 line 3 n=2 r=2.5 note=y (1 invalid)\n");
    end(&d);
}

static void a_type_can_be_asked_for(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    const char *yaml = draft_as(&d, "things.csv", "foo,bar\n1,2\n", schema_type(d.f.schema, "part"));
    has(yaml, "# Type: part, as it was asked for; 0 of its 3 columns found a field, but not the required thing, name.");
    has(yaml, "thing: {from: " INFER_OPEN);
    end(&d);
}

static void detection_keeps_clear_of_other_kinds(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    /* a-table knows id, n and r: none of them alone tells the two apart. */
    const char *yaml = draft(&d, "things.csv", "id,n,r,special\na,1,1.5,x\nb,2,2.5,y\n");
    has(yaml, "special]}");
    lacks(yaml, "may have all that");
    yaml = draft(&d, "things.csv", "id,n,r\na,1,1.5\nb,2,2.5\n");
    has(yaml, INFER_OPEN ": the exports of the kind a-table may have all that `detect:` asks for");
    end(&d);
}

static void doubtful_tables_are_said(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    has(draft(&d, "things.csv", "id,n,n\na,1,2\n"), "  - \"n\" # cannot be mapped: it stands twice");
    has(draft(&d, "things.csv", "id,n\na,1,2\nb,2\n"), INFER_OPEN ": 1 row has more or fewer cells than the first");
    has(draft_as(&d, "things.csv", "a,2025-10-01,5\nb,2025-10-02,6\n", 0),
        INFER_OPEN ": the first row does not look like a header");
    has(draft(&d, "things.csv", "id,n\na,1\na,2\n"),
        INFER_OPEN ": id tells the records of this type apart, but several have");
    end(&d);
}

static void what_cannot_be_drafted_is_refused(void **state) {
    static const struct {
        const char *name;
        const char *text;
        const char *why;
    } cases[] = {
        {"x.zip", "PK\3\4rest", "a ZIP archive or a workbook"},
        {"x.gz", "\x1F\x8B\x08rest", "compressed by gzip"},
        {"x.csv",
         "\xFF\xFE"
         "i",
         "text in UTF-16"},
        {"x.html", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"},
        {"policy.md", "# Policy\n\nWe lock, we log, we look.\n", "a written document"},
        {"x.json", "", "the file is empty"},
        {"x.json", "{\"message\": \"Bad credentials\"}", "no evidence type fits"},
        {"x.json", "[]", "no record in it"},
        {"x.json", "{\"things\": []}", "no evidence type fits"},
        {"x.csv", "id,n\n", "no records in it"},
        {"x.csv", "id,n\n1\n2\n", "most rows do not fit the first"},
        {"x.csv", "Things of 12.11.2025\n\nid;n\n\"1\";\"2\"\n\"3\";\"4\"\n", "what stands above the header"},
        {"x.log", "Oct  1 08:00:00 host prog[1]: it works\n", "a log of free text"},
        {"x.txt", "just words\nand more of them\n", "neither a table"},
    };
    (void)state;
    struct drafted d;
    begin(&d);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        draft(&d, cases[i].name, cases[i].text);
        if (d.draft.refusal == NULL || strstr(d.draft.refusal, cases[i].why) == NULL) {
            fail_msg("%s: %s", cases[i].text, d.draft.refusal == NULL ? buffer_text(&d.yaml) : d.draft.refusal);
        }
    }
    end(&d);
}

static void hostile_names_stay_texts(void **state) {
    (void)state;
    struct drafted d;
    begin(&d);
    /* Line ends, quotes, what YAML or a path would read otherwise, and characters that hide or end a line elsewhere. */
    draft(&d, "x\n: y.csv",
          "id,\"a\nb: c\",\"d\"\"e\\\",$.x,@y,'z',\xE2\x80\xA8w,\xE2\x80\xAEv,# u\nq,1,2,3,4,5,6,7,8\n");
    draft(
        &d, "x.json",
        "[{\"id\": \"q\", \"a.b\": 1, \"['c']\": 2, \"\": 3, \"*\": 4, \"@key\": 5, \"$\": {\"x\": 6}, \"d\\n: e\": 7, "
        "\"\\u0000f\": 8, \"../g\": 9, \"true\": 1, \"\\u2028h\": 2}]");
    draft(&d, "x.csv", "id,ok\nq,\"yes\n# no: ?\"\nr,\"\xC2\x85true\"\n");
    draft(&d, "x.csv", "id,sort\nq,\"re\"\"d\"\nr,red\ns,\"blue\n\"\nt,red\n");
    draft(&d, ".csv", "id,n\nq,1\n");
    assert_string_equal(d.draft.id, "csv");
    draft(&d, "2025-10.csv", "id,n\nq,1\n");
    assert_string_equal(d.draft.id, "new-kind");
    draft(&d, "a-table.csv", "id,n\nq,1\n");
    assert_string_equal(d.draft.id, "my-a-table");
    end(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_drafted_whole),
        cmocka_unit_test(words_for_nothing_are_nulls_where_they_were_seen),
        cmocka_unit_test(booleans_in_other_words_get_a_table),
        cmocka_unit_test(unknown_words_of_an_enumeration_stay_unknown),
        cmocka_unit_test(times_are_told_by_all_their_values),
        cmocka_unit_test(an_ambiguous_date_is_left_open),
        cmocka_unit_test(titles_above_a_header_are_none),
        cmocka_unit_test(what_times_lack_is_said),
        cmocka_unit_test(records_are_found_in_their_envelope),
        cmocka_unit_test(inner_lists_see_the_record_around),
        cmocka_unit_test(keys_that_are_names_become_values),
        cmocka_unit_test(other_formats_are_told_apart),
        cmocka_unit_test(what_is_required_and_not_there_is_open),
        cmocka_unit_test(a_type_can_be_asked_for),
        cmocka_unit_test(detection_keeps_clear_of_other_kinds),
        cmocka_unit_test(doubtful_tables_are_said),
        cmocka_unit_test(what_cannot_be_drafted_is_refused),
        cmocka_unit_test(hostile_names_stay_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
