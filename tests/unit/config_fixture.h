#ifndef CONFIG_FIXTURE_H
#define CONFIG_FIXTURE_H

/* A small, complete schema and programme in a folder of their own, and changes to them that must be refused. */

#include "scratch.h"

#include "base/arena.h"
#include "config/programme.h"

struct config_file {
    const char *name;
    const char *content;
};

/* One change to a good file: the first `find` in `file` becomes `replace`, and what must then be said. */
struct config_change {
    const char *file;
    const char *find;
    const char *replace;
    const char *mark;   /* the diagnostic points at the first occurrence of this in the changed file */
    const char *id;     /* its id */
    const char *phrase; /* part of its text */
    size_t count;       /* how many diagnostics there are in all */
};

static inline void config_make_folders(const struct scratch *scratch) {
    static const char *const folders[] = {"schema",       "schema/types",    "schema/kinds",
                                          "schema/views", "schema/controls", "inputs"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        assert_int_equal(mkdir(scratch_path(scratch, folders[i]), 0755), 0);
}

/* All criteria of the standard, as the schema must name them. */
static inline void config_write_criteria(const struct scratch *scratch) {
    static const struct {
        const char *category;
        const char *ids;
    } lists[] = {
        {"security", "CC1.1 CC1.2 CC1.3 CC1.4 CC1.5 CC2.1 CC2.2 CC2.3 CC3.1 CC3.2 CC3.3 CC3.4 CC4.1 CC4.2 CC5.1 CC5.2 "
                     "CC5.3 CC6.1 CC6.2 CC6.3 CC6.4 CC6.5 CC6.6 CC6.7 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4 CC7.5 CC8.1 CC9.1 "
                     "CC9.2"},
        {"availability", "A1.1 A1.2 A1.3"},
        {"confidentiality", "C1.1 C1.2"},
        {"processing-integrity", "PI1.1 PI1.2 PI1.3 PI1.4 PI1.5"},
        {"privacy", "P1.1 P2.1 P3.1 P3.2 P4.1 P4.2 P4.3 P5.1 P5.2 P6.1 P6.2 P6.3 P6.4 P6.5 P6.6 P6.7 P7.1 P8.1"},
    };
    struct buffer text = {0};
    buffer_append_text(&text, "criteria:\n");
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const char *id = lists[i].ids; *id != '\0';) {
            size_t length = strcspn(id, " ");
            buffer_format(&text, "  - {id: %.*s, category: %s, title: Something is done}\n", (int)length, id,
                          lists[i].category);
            id += length + (id[length] == ' ');
        }
    }
    scratch_write(scratch, "schema/criteria.yaml", buffer_text(&text));
    buffer_free(&text);
}

static const struct config_file config_files[] = {
    {"schema/types/access.yaml",
     "types:\n"
     "  - type: account\n"
     "    title: Account\n"
     "    meaning: What one signs in with.\n"
     "    shape: snapshot\n"
     "    key: [login]\n"
     "    columns:\n"
     "      login: {type: text, required: true, meaning: The name}\n"
     "      active: {type: boolean, default: true, meaning: Whether it works}\n"
     "      kind: {type: enumeration, values: [person, service], default: person, meaning: Whose it is}\n"
     "      last_login: {type: time, null: never, meaning: The last sign-in}\n"
     "  - type: change\n"
     "    title: Change\n"
     "    meaning: A merged pull request.\n"
     "    shape: event\n"
     "    volume: high\n"
     "    key: [number]\n"
     "    time: merged_at\n"
     "    columns:\n"
     "      number: {type: integer, required: true, meaning: Its number}\n"
     "      author: {type: text, meaning: Who wrote it}\n"
     "      merged_at: {type: time, meaning: When}\n"},
    {"schema/kinds/users.yaml",
     "kind: users\n"
     "format: csv\n"
     "delimiter: tab\n"
     "null: [\"\", N/A]\n"
     "detect: {columns: [user.name]}\n"
     "rows:\n"
     "  - type: account\n"
     "    when: {state: [ACTIVE, LOCKED], deleted: {not: \"yes\"}, user.name: {present: true}}\n"
     "    map:\n"
     "      login: user.name\n"
     "      active: {value: true}\n"
     "      kind: {from: role, values: {human: person, robot: service, other: null}, null: [none]}\n"
     "      last_login: {from: seen, time: epoch-ms, optional: true}\n"
     "ignore: [id]\n"},
    {"schema/kinds/changes.yaml",
     "kind: changes\n"
     "format: json\n"
     "effective: {from: $.meta.taken, time: iso}\n"
     "rows:\n"
     "  - type: change\n"
     "    at: items[*].pulls.*\n"
     "    map:\n"
     "      number:\n"
     "        expr: CAST(raw AS INTEGER)\n"
     "        from: {raw: \"@key\"}\n"
     "      author: ../['owner.name']\n"
     "      merged_at: {from: merged.at, time: iso}\n"
     "    fold: {key: [number], by: merged_at, take: {author: first, merged_at: maximum}}\n"},
    {"schema/views/active_account.sql", "-- Accounts that work.\nSELECT * FROM account WHERE active;\n"},
    {"schema/controls/access.yaml",
     "controls:\n"
     "  - id: AC-01\n"
     "    title: Accounts are reviewed\n"
     "    criteria: [CC6.1, CC6.2]\n"
     "    alias: [A.9]\n"
     "    owner: Security\n"
     "    frequency: weekly\n"
     "    effective_from: 2025-01-01\n"
     "    compensating: [AC-02]\n"
     "    narrative: |\n"
     "      Once a week.\n"
     "    requires:\n"
     "      - {type: account, cadence: weekly, grace: 2 days, automated: true, produced_by: a job}\n"
     "    parameters:\n"
     "      stale_days: {value: 30, meaning: Days without a sign-in}\n"
     "      limit: {value: 15 minutes, unit: duration, meaning: How long it may take}\n"
     "    tests:\n"
     "      - id: AC-01.1\n"
     "        title: No account is stale\n"
     "        method: inspection\n"
     "        query: |\n"
     "          SELECT ref, login AS item,\n"
     "                 NULL AS exception, NULL AS undetermined\n"
     "          FROM account\n"
     "        tolerable: 2.5%\n"
     "        severity: high\n"
     "        witness: [account]\n"
     "        remediation: Disable it.\n"
     "        challenges:\n"
     "          - given: {account: [{login: eve, last_login: 2025-01-01, at: 2025-10-06, source: okta}]}\n"
     "            parameters: {limit: 1 hour}\n"
     "            expect: exception\n"
     "          - given: {account: [{login: ann, active: true, last_login: null}]}\n"
     "            expect: effective\n"
     "  - id: AC-02\n"
     "    title: Somebody looks\n"
     "    criteria: CC6.3\n"
     "    owner: Security\n"
     "    narrative: Somebody looks.\n"
     "    tests:\n"
     "      - {id: AC-02.1, title: Seen, method: observation, manual: {attest: It was seen., by: Owner, document: the "
     "log}}\n"},
    {"inputs/programme.yaml",
     "organisation: Example & Söhne AG\n"
     "system: Ledger\n"
     "report_type: 2\n"
     "categories: [security, availability]\n"
     "periods:\n"
     "  - {id: 2025-Q4, from: 2025-10-01, to: 2025-12-31}\n"
     "commitments:\n"
     "  - {id: SLA, text: It is there.}\n"
     "scope:\n"
     "  - {name: Ledger, kind: service, description: The books}\n"
     "sources:\n"
     "  - id: okta-users\n"
     "    kind: users\n"
     "    path: okta/users-{date}.csv\n"
     "    zone: \"+02:00\"\n"
     "    until: 2025-12-31\n"
     "    tolerate: {invalid: 1%, reason: old rows}\n"
     "people:\n"
     "  - {id: E1, logins: [ann, ann.b]}\n"
     "  - {id: E2, logins: bob}\n"
     "overrides:\n"
     "  - {control: AC-01, parameter: limit, value: 1 hour, approver: Ann, date: 2025-09-01, reason: agreed}\n"
     "not_applicable:\n"
     "  - {control: AC-02, reason: nobody there}\n"
     "waivers:\n"
     "  - {id: W1, test: AC-01.1, item: eve, reason: leaving, approver: Ann, approved: 2025-10-01, expires: "
     "2025-11-01}\n"
     "responses:\n"
     "  - {test: AC-01.1, response: Disabled.}\n"
     "dispositions:\n"
     "  - {source: okta-users, file: okta/a.csv, record: 3, reason: cut, approver: Ann, date: 2025-10-02}\n"
     "signing: {key: keys/key.pem, certificate: keys/cert.pem, anchors: [keys/ca.pem], development: true}\n"},
};
#define CONFIG_FILES (sizeof config_files / sizeof config_files[0])

static inline void config_write(const struct scratch *scratch) {
    config_make_folders(scratch);
    config_write_criteria(scratch);
    for (size_t i = 0; i < CONFIG_FILES; i++)
        scratch_write(scratch, config_files[i].name, config_files[i].content);
}

static inline const char *config_content(const char *name) {
    for (size_t i = 0; i < CONFIG_FILES; i++) {
        if (strcmp(config_files[i].name, name) == 0)
            return config_files[i].content;
    }
    return "";
}

/* Checks that a line `@/file:line:col: error: ...phrase... [id]` was reported. */
static inline void config_expect(const struct scratch *scratch, const char *place, const char *phrase, const char *id) {
    struct buffer printed = {0};
    char start[512];
    bool found = false;
    snprintf(start, sizeof start, "%s/%s: ", scratch->folder, place);
    diagnostics_print(scratch->diagnostics, DIAGNOSTIC_NOTE, false, &printed);
    const char *text = buffer_text(&printed);
    for (const char *line = text; *line != '\0' && !found;) {
        size_t length = strcspn(line, "\n");
        char copy[8192];
        snprintf(copy, sizeof copy, "%.*s", (int)length, line);
        char wanted[128];
        snprintf(wanted, sizeof wanted, "[%s]", id);
        found =
            strncmp(copy, start, strlen(start)) == 0 && strstr(copy, phrase) != NULL && strstr(copy, wanted) != NULL;
        line += length + (line[length] == '\n');
    }
    if (!found)
        fail_msg("missing %s...%s...[%s] in:\n%s", start, phrase, id, text);
    buffer_free(&printed);
}

/* "file:line:col" of the first occurrence of `mark`; columns count characters. */
static inline void config_place(const char *file, const char *content, const char *mark, char *out, size_t size) {
    const char *at = strstr(content, mark);
    size_t line = 1;
    size_t column = 1;
    assert_non_null(at);
    for (const char *c = content; c < at; c++) {
        if (*c == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*c & 0xC0) != 0x80) {
            column++;
        }
    }
    snprintf(out, size, "%s:%zu:%zu", file, line, column);
}

/* Makes the change in a fresh folder, loads all, and checks what is said. */
static inline void config_check_change(const struct config_change *change) {
    struct scratch scratch;
    struct arena *arena = arena_new();
    struct buffer changed = {0};
    const char *content = config_content(change->file);
    const char *at = strstr(content, change->find);
    char place[512];

    assert_non_null(at);
    buffer_append(&changed, content, (size_t)(at - content));
    buffer_append_text(&changed, change->replace);
    buffer_append_text(&changed, at + strlen(change->find));
    scratch_begin(&scratch);
    config_write(&scratch);
    scratch_write(&scratch, change->file, buffer_text(&changed));
    char schema_folder[256];
    snprintf(schema_folder, sizeof schema_folder, "%s/schema", scratch.folder);
    const struct schema *schema = schema_load(arena, schema_folder, scratch.diagnostics);
    const struct programme *programme =
        schema != NULL ? programme_load(arena, scratch.folder, schema, scratch.diagnostics) : NULL;
    config_place(change->file, buffer_text(&changed), change->mark, place, sizeof place);
    config_expect(&scratch, place, change->phrase, change->id);
    assert_null(programme);
    if (diagnostics_count(scratch.diagnostics, DIAGNOSTIC_NOTE) != change->count) {
        struct buffer printed = {0};
        diagnostics_print(scratch.diagnostics, DIAGNOSTIC_NOTE, false, &printed);
        fail_msg("%zu expected after '%s':\n%s", change->count, change->replace, buffer_text(&printed));
    }
    buffer_free(&changed);
    arena_free(arena);
    scratch_end(&scratch);
}

#endif
