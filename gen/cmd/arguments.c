#include "cmd/arguments.h"

#include "base/text.h"
#include "read/infer.h"

#include <stddef.h>
#include <string.h>

static const struct arguments_entry entries[] = {
    {"run", run_command, "", "read the evidence, test the controls, write the reports, sign the package",
     " -C --period --profile --out --as-of --format --passphrase-fd -q ",
     "Reads inputs/evidence below the programme folder, validates it against schema/, tests every control over the\n"
     "period and leaves in out/PERIOD/ the reports, assessment.sqlite, summary.json and the signed package.\n"
     "What was there is replaced only when everything has succeeded.\n\n"
     "  tickmark run --period 2025-Q4\n"
     "  tickmark run -C acme --period 2025-Q4 --as-of 2025-11-30\n"
     "  SOURCE_DATE_EPOCH=1767225600 tickmark run --period 2025-Q4    the same bytes every time (RSA keys)\n"},
    {"check", check_command, "", "look between audits whether controls still work, and raise an alert where not",
     " -C --period --group --due --as-of --out --notify --webhook --webhook-auth --webhook-secret-fd --anchor "
     "--timeout "
     "--format -q ",
     "Judges the checks of schema/checks.yaml on the evidence of a month (or any period), makes no package, and leaves "
     "in\n"
     "out/check/PERIOD/ the file alerts.json and the stores that `tickmark show` follows a reference in. What is due "
     "only at\n"
     "the end of a quarter is judged over the quarter so far once it is there, and awaited before; evidence that is "
     "short of\n"
     "what it should be alerts too. A failure that was alerted before is not told again unless it got worse; the "
     "status stays\n"
     "1 while it stands. What was alerted is remembered in out/check/state.json, once everybody has been told.\n\n"
     "  tickmark check --period 2025-11\n"
     "  tickmark check --period 2025-11 --group access --format json\n"
     "  tickmark check --period 2025-11 --as-of 2025-11-10 --due     checks whose day, week, month ... has ended\n"
     "  tickmark check --period 2025-11 --notify 'bin/page.sh security'    gets the alerts as JSON on standard input\n"
     "  tickmark check --period 2025-11 --webhook https://alerts.example.com/soc2 --webhook-secret-fd 3 3< secret\n"},
    {"collect", collect_command, "[SOURCE...]", "run the commands of sources and keep what they print as evidence",
     " -C --due --date --format -q ",
     "Runs the `command:` of each source in inputs/programme.yaml (or of those named), without a shell, and stores "
     "what it\n"
     "printed under the source's path, beside a sidecar that says how it was made. Output of a command that fails, or "
     "that\n"
     "the source's kind does not take for an export, is no evidence: it is kept aside in inputs/evidence/.collect and "
     "said.\n"
     "Existing files are never overwritten. A snapshot is dated today, in UTC, by the clock; events by the span they "
     "cover.\n"
     "--date of another day is refused for a snapshot.\n\n"
     "  tickmark collect --due                 what the controls' requirements ask for and is not there\n"
     "  tickmark collect okta aws-iam          these, whether due or not\n"
     "  tickmark collect --date 2025-10-31 github-pulls    the month that holds this day, which must be over\n"},
    {"validate", validate_command, "[FILE...]", "say what each evidence file is, and what is wrong with it",
     " -C --rows --format -q ",
     "Without files: every file in inputs/evidence, by the source that claims it. With files: any exports, recognised\n"
     "by the kinds in schema/kinds; each record is accounted for. Two kinds that recognise the same file are an "
     "error;\n"
     "for a file that none recognises, `tickmark kind infer FILE` drafts one.\n\n"
     "  tickmark validate\n"
     "  tickmark validate ~/Downloads/credential-report.csv\n"
     "  tickmark validate --rows users.csv          also the rows that its kind makes of it, as JSON\n"},
    {"verify", verify_command, "PACKAGE", "check a package: container, contents, bag, manifest, signature, trust",
     " -C --anchor --format -q ",
     "Prints each check and names the file that was altered, is missing or does not belong. Trust comes only from the\n"
     "certificates given with --anchor, or under `signing: anchors:` in inputs/programme.yaml of the folder given by "
     "-C.\n\n"
     "  tickmark verify out/2025-Q4/acme-2025-Q4-portfolio.zip\n"
     "  tickmark verify --anchor acme-root.pem acme-2025-Q4-portfolio.zip\n"},
    {"keygen", keygen_command, "", "make a development key pair for signing", " -C --elliptic -q ",
     "Makes the key and the self-signed certificate that inputs/programme.yaml names under `signing:`. Such a key "
     "proves\n"
     "that nothing was altered, not who signed: reports say so. Existing files are never overwritten.\n\n"
     "  tickmark keygen\n"
     "  tickmark keygen --elliptic        P-256 in place of RSA-3072 (packages then differ in every run)\n"},
    {"schema", schema_command, "test", "check the schema and run every challenge of every test", " -C --format -q ",
     "Loads criteria, types, kinds, views and controls, prepares every query, and plants each challenge's records: a\n"
     "test that does not find what it is for is an error.\n\n"
     "  tickmark schema test\n"},
    {"show", show_command, "criteria|controls|tests|types|ROW",
     "list criteria, controls, tests or evidence types, or the record behind a row", " -C --period --out --format -q ",
     "ROW is a reference as reports print it, such as E12.345: shows its values, and the record in the evidence file,\n"
     "read again from the evidence, whose digest is checked first.\n\n"
     "  tickmark show criteria\n"
     "  tickmark show tests\n"
     "  tickmark show types\n"
     "  tickmark show --period 2025-Q4 E12.345\n"},
    {"kind", kind_command, "list|infer [FILE]", "list the kinds of exports that are known, or draft one from a sample",
     " -C --type --id --save --test --format -q ",
     "A kind says how one vendor's export is recognised and which evidence it holds. `list` prints those of "
     "schema/kinds.\n"
     "`infer` drafts one from a sample (CSV, JSON, NDJSON, YAML, XML, or a log of key=value pairs): the format, where "
     "the\n"
     "records are, which field fills which column, the words and times that were seen. What the sample does not say "
     "is\n"
     "left open and marked " INFER_OPEN ": nothing is guessed silently.\n\n"
     "  tickmark kind list\n"
     "  tickmark kind infer acme-users.csv\n"
     "  tickmark kind infer --save acme-users.csv    keep it as schema/kinds/acme-users.yaml\n"
     "  tickmark validate --rows acme-users.csv      what the kind reads, once it is there\n"
     "  tickmark kind infer --save --type account --id acme-users --test tests/kinds users.csv\n"},
    {"init", init_command, "DIR", "make a programme folder of your own", " -C -q ",
     "Copies schema/ and templates/ and writes inputs/programme.yaml and inputs/evidence/ to begin with. The folder "
     "must\n"
     "be new or empty.\n\n"
     "  tickmark init acme\n"},
};
#define ENTRY_COUNT (sizeof entries / sizeof entries[0])

struct option {
    const char *name;
    size_t offset;
    bool takes_value;
    const char *value; /* for help */
    const char *help;
};
#define TEXT(name, field, value, help)                                                                                 \
    { name, offsetof(struct command_options, field), true, value, help }
#define FLAG(name, field, help)                                                                                        \
    { name, offsetof(struct command_options, field), false, "", help }
static const struct option options[] = {
    TEXT("-C", folder, "DIR", "the programme folder (default: where you are)"),
    TEXT("--period", period, "P", "2025-Q4, or 2025-10-01..2025-12-31; default: the only one declared"),
    TEXT("--profile", profile, "NAME", "the report: portfolio (default)"),
    TEXT("--out", out, "DIR", "where outputs go (default: out/ in the programme folder)"),
    TEXT("--as-of", as_of, "DATE", "what was known at the end of this day (default: the period's last)"),
    TEXT("--anchor", anchor, "FILE", "a certificate to trust (PEM)"),
    TEXT("--passphrase-fd", passphrase_fd, "N", "read the key's passphrase from this open descriptor"),
    TEXT("--type", type, "TYPE", "the evidence type to draft (default: the one that fits best)"),
    TEXT("--id", id, "ID", "the name of the drafted kind (default: from the file's name)"),
    TEXT("--test", test, "DIR", "also write DIR/ID/ with the export and the rows read, to be checked by hand"),
    TEXT("--format", format, "text|json", "how results and diagnostics are printed"),
    FLAG("--save", save, "write the draft to schema/kinds/ID.yaml instead of printing it"),
    FLAG("--rows", rows, "also print the rows that are read, as JSON"),
    FLAG("--elliptic", elliptic, "make a P-256 key"),
    FLAG("--due", due, "only the sources or checks that are due"),
    TEXT("--date", date, "DATE", "today, or for events a day of the span to collect"),
    TEXT("--group", group, "NAME", "access, change, monitoring ... as in schema/checks.yaml, or all (default)"),
    TEXT("--notify", notify, "COMMAND", "a program and its words, without a shell; it gets what is new as JSON"),
    TEXT("--webhook", webhook, "URL", "post what is new as JSON; https, or http to this machine"),
    TEXT("--webhook-auth", webhook_auth, "HOW", "bearer (default): an Authorization header; hmac: a signature"),
    TEXT("--webhook-secret-fd", webhook_secret_fd, "N", "read the secret for it from this open descriptor"),
    TEXT("--timeout", timeout, "SECONDS", "that the notifier, and each attempt to post, may take (default 30)"),
    FLAG("-q", quiet, "print errors only"),
};
#define OPTION_COUNT (sizeof options / sizeof options[0])

static void print_usage(struct buffer *out) {
    buffer_append_text(out, "usage: tickmark COMMAND [OPTION...] [ARGUMENT...]\n\n"
                            "Turns a folder of exported evidence into a signed SOC 2 audit package.\n\n");
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        buffer_format(out, "  %-10s%s\n", entries[i].name, entries[i].summary);
    }
    buffer_append_text(out,
                       "\n`tickmark COMMAND --help` explains a command and its options. `tickmark --version` prints "
                       "the version.\n"
                       "Exit status: 0 all in order, 1 exceptions or insufficient evidence, 2 usage, programme, schema "
                       "or\ntemplate error, 3 the system failed and nothing was published, 4 verification failed.\n");
}

static bool accepts(const struct arguments_entry *entry, const char *option) {
    struct buffer wanted = {0};

    buffer_format(&wanted, " %s ", option);
    const char *text = buffer_text(&wanted);
    bool found = text != NULL && strstr(entry->options, text) != NULL;
    buffer_free(&wanted);
    return found;
}

static void print_help(const struct arguments_entry *entry, struct buffer *out) {
    buffer_format(out, "usage: tickmark %s [OPTION...]%s%s\n\n%s\n", entry->name, *entry->arguments != '\0' ? " " : "",
                  entry->arguments, entry->help);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (accepts(entry, options[i].name)) {
            struct buffer name = {0};
            buffer_format(&name, "%s %s", options[i].name, options[i].value);
            buffer_format(out, "  %-22s%s\n", buffer_text(&name) != NULL ? buffer_text(&name) : "", options[i].help);
            buffer_free(&name);
        }
    }
}

static const struct arguments_entry *find_entry(const char *name) {
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static void report_unknown(struct command *command, const char *what, const char *word, const char *near) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "no %s \"%s\"%s%s%s; see `tickmark --help`", what,
                       word, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
}

/* One option at argv[*index]; moves past its value. */
static bool read_option(struct command *command, const struct arguments_entry *entry, int argc, char **argv,
                        int *index) {
    const char *word = argv[*index];
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &options[i];
        char *field = (char *)&command->options + option->offset;
        if (strlen(option->name) != length || strncmp(option->name, word, length) != 0) {
            continue;
        }
        if (!accepts(entry, option->name)) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                               "`%s` takes no option %s; see `tickmark %s --help`", entry->name, option->name,
                               entry->name);
            return false;
        }
        if (!option->takes_value) {
            *(bool *)(void *)field = true;
            return true;
        }
        const char *value = equals != NULL ? equals + 1 : *index + 1 < argc ? argv[++*index] : NULL;
        if (value == NULL || *value == '\0') {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s wants a value: %s %s", option->name,
                               option->name, option->value);
            return false;
        }
        *(const char **)(void *)field = value;
        return true;
    }
    report_unknown(command, "option", word, text_nearest(word, options, OPTION_COUNT, sizeof options[0]));
    return false;
}

static bool check_options(struct command *command) {
    const char *format = command->options.format;

    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "--format is text or json, not \"%s\"",
                           format);
        return false;
    }
    command->options.json_diagnostics = strcmp(format, "json") == 0;
    if (strchr(command->options.profile, '/') != NULL || *command->options.profile == '.') {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--profile is the name of a template in templates/, not \"%s\"", command->options.profile);
        return false;
    }
    return true;
}

const struct arguments_entry *arguments_read(struct command *command, int argc, char **argv) {
    const char **arguments = arena_array(command->arena, (size_t)argc + 1, sizeof *arguments);

    command->options = (struct command_options){.folder = ".", .profile = "portfolio", .format = "text"};
    if (arguments == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the command line");
        return NULL;
    }
    if (argc < 2) {
        print_usage(&command->out);
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "no command given; name one of the above");
        return NULL;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(&command->out);
        return NULL;
    }
    if (strcmp(argv[1], "--version") == 0) {
        buffer_append_text(&command->out, "tickmark " COMMAND_VERSION "\n");
        return NULL;
    }
    const struct arguments_entry *entry = find_entry(argv[1]);
    if (entry == NULL) {
        report_unknown(command, "command", argv[1], text_nearest(argv[1], entries, ENTRY_COUNT, sizeof entries[0]));
        return NULL;
    }
    bool options_over = false;
    for (int i = 2; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = true;
        } else if (!options_over && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            print_help(entry, &command->out);
            return NULL;
        } else if (!options_over && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!read_option(command, entry, argc, argv, &i)) {
                return NULL;
            }
        } else {
            arguments[command->argument_count++] = argv[i];
        }
    }
    command->arguments = arguments;
    return check_options(command) ? entry : NULL;
}
