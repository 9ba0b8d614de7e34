#include "cmd/arguments.h"

#include "base/text.h"
#include "cmd/sample_text.h"
#include "read/infer.h"

#include <stddef.h>
#include <string.h>

static const struct arguments_entry entries[] = {
    {"run", run_command, "", "read the evidence, test the controls, write the reports, sign the package",
     " -C --period --profile --out --as-of --prior --mutate --format --passphrase-fd -q ",
     "Reads inputs/evidence below the programme folder, validates it against schema/, tests every control over the\n"
     "period and leaves in out/PERIOD/ the reports, assessment.sqlite, summary.json and the signed package.\n"
     "What was there is replaced only when everything has succeeded. --mutate also alters the records of the tests'\n"
     "challenges and reports how many of the altered ones each test caught; it takes a few seconds.\n"
     "Findings are carried from the assessments that the period's `prior:` names, or from those given by --prior.\n\n"
     "  tickmark run --period 2025-Q4\n"
     "  tickmark run -C acme --period 2025-Q4 --as-of 2025-11-30\n"
     "  tickmark run --period 2025-Q4 --prior out/2025-Q3/acme-2025-Q3-portfolio.zip\n"
     "  SOURCE_DATE_EPOCH=1767225600 tickmark run --period 2025-Q4    the same bytes every time (RSA keys)\n"},
    {"readiness", readiness_command, "", "say what is missing before the audit, and how far each control is",
     " -C --period --as-of --submission --mock --nonce --out --format -q ",
     "Assesses the evidence as `run` does and compares it with what the controls are to be (`targets:` in\n"
     "inputs/programme.yaml; \"operating\" by the submission where nothing is said): the gaps by priority, readiness "
     "by\n"
     "category and criterion, what is still missing before week 1 as a list of requests (who, what, until when, for "
     "which\n"
     "controls), the weeks of the audit with dates, and a roadmap for a programme that starts. The rules, the weeks "
     "and\n"
     "the roadmap stand in templates/readiness.yaml. Leaves readiness.html, readiness.pdf and readiness.json in\n"
     "out/PERIOD-readiness/. Status 1 when something is missing.\n\n"
     "--mock adds a mock audit: for each control the requests that an auditor would make, and of each population a\n"
     "sample, sized by schema/sampling.yaml and drawn with the nonce, every item looked up; and what would have "
     "failed.\n\n"
     "  tickmark readiness --period 2025-Q4\n"
     "  tickmark readiness --period 2025-Q4 --mock --nonce 'dice: 4 1 6 6 2'\n"
     "  tickmark readiness --period 2025-Q4 --submission 2026-02-02\n"
     "  tickmark readiness --period 2025-Q4 --as-of 2025-11-30 --format json\n"},
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
    {"schema", schema_command, "test [TEST...]", "check the schema and run every challenge of every test",
     " -C --mutate --format -q ",
     "Loads criteria, types, kinds, views and controls, prepares every query, and plants each challenge's records: a\n"
     "test that does not find what it is for is an error. --mutate then alters those records, a value at a time, in "
     "the\n"
     "columns that a test reads, and says how many of the altered ones each test caught, and which columns it reads "
     "and\n"
     "never judges. With TEST, or the control of it, also which ones it did not notice.\n\n"
     "  tickmark schema test\n"
     "  tickmark schema test --mutate\n"
     "  tickmark schema test --mutate CC6.1-01.1\n"},
    {"population", population_command, "[ID...]",
     "list populations (hires, changes, vendors ...), and whether all are there",
     " -C --period --out --as-of --format -q ",
     "Runs the queries of schema/populations over the evidence of the period, all or those named, and leaves in\n"
     "out/PERIOD-populations/ for each a CSV file (a row a member, with its reference and evidence file) and a "
     "statement:\n"
     "how many, from which exports, and whether every export that was due is there. An empty one says that complete "
     "exports\n"
     "show it, or that it could not be shown. Texts that a spreadsheet program would run as formulas get an apostrophe "
     "in\n"
     "front, and the column `defused` names them. Status 1 when one could not be shown to be complete.\n\n"
     "  tickmark population --period 2025-Q4\n"
     "  tickmark population --period 2025-Q4 hires leavers\n"
     "  tickmark show populations              what there is to list\n"},
    {"requests", requests_command, "[LIST]", "answer the auditor's list of requests from the evidence",
     " -C --period --out --as-of --copy --format -q ",
     "Reads an auditor's list (CSV or xlsx; default: `requests: list:` in inputs/programme.yaml) and answers each "
     "request by\n"
     "the control, criterion, population or evidence that it names: evidence files with digests, listings, results of "
     "tests,\n"
     "and what is missing. What only words lead to is proposed and stays open until LIST.meta.yaml says it under "
     "`answers:`.\n"
     "Prints the requests by due day and leaves in out/PERIOD-requests/ an index (CSV, JSON, HTML), the listings, and "
     "a folder\n"
     "for each request. Status 1 when one is open or short.\n\n"
     "  tickmark requests --period 2025-Q4\n"
     "  tickmark requests --period 2025-Q4 --as-of 2026-01-20 pbc-list.xlsx    late ones are marked\n"
     "  tickmark requests --period 2025-Q4 --copy      with the evidence files, their digests checked\n"},
    {"show", show_command, "criteria|controls|tests|types|populations|ROW",
     "list criteria, controls, tests, types or populations, or the record behind a row",
     " -C --period --out --format -q ",
     "ROW is a reference as reports print it, such as E12.345: shows its values, and the record in the evidence file,\n"
     "read again from the evidence, whose digest is checked first.\n\n"
     "  tickmark show criteria\n"
     "  tickmark show tests\n"
     "  tickmark show types\n"
     "  tickmark show populations\n"
     "  tickmark show --period 2025-Q4 E12.345\n"},
    {"explain", explain_command, "CONTROL|TEST|FINDING|FIGURE",
     "follow a figure to its query, parameters, rows, files, lines and digests",
     " -C --period --out --all --format -q ",
     "From the assessment of the last run: why a control has its verdict; a test's query with the parameters as they "
     "were\n"
     "bound, the exports it read with their digests, its population and its exceptions; of each exception the record, "
     "read\n"
     "again from the evidence, whose digest is checked first. A test's query is run again on the assessment's rows, "
     "and the\n"
     "digest of its population compared. A figure is named by its id in summary.json, or is TEST:population,\n"
     "TEST:exceptions or TEST:undetermined; a criterion has controls. Long lists are cut; --all prints them whole.\n\n"
     "  tickmark explain --period 2025-Q4 CC6.1-01\n"
     "  tickmark explain --period 2025-Q4 CC6.1-01.1 | less\n"
     "  tickmark explain --period 2025-Q4 F-2fbe6afd60\n"
     "  tickmark explain --period 2025-Q4 compliance_score\n"
     "  tickmark explain --period 2025-Q4 --all CC6.1-01.1:population\n"},
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
    {"letter", letter_command, "", "draft management's bridge letter for the time after the last assessed period",
     " -C --prior --period --through --out -q ",
     "Writes out/bridge-letter-DATE/ with the letter as HTML and PDF, from templates/bridge-letter.md: it names the\n"
     "assessment that it follows, the material changes among `subsequent_events:` of inputs/programme.yaml, and the\n"
     "findings that were open. It covers the days from the end of that period to --through, three months at most. It "
     "is\n"
     "a draft of management's own statement: nothing is tested for it, and it gives no assurance.\n\n"
     "  tickmark letter --period 2025-Q4 --through 2026-02-28\n"
     "  tickmark letter --prior acme-2025-Q4-portfolio.zip --through 2026-02-28\n"},
    {"sample", sample_command, "[SAMPLE.json]", "draw a sample that anyone can repeat, evaluate it, or put it together",
     " -C --period --out --as-of --test --nonce --size --rule --risk --method --stratum --evaluate --confidence "
     "--tolerable --fulfil --request --package --anchor --format -q ",
     "Draws items of a test's population for an auditor, by the nonce that the auditor gives once the population's\n"
     "digest is published: first `tickmark run` and hand the package over, then the nonce. The evidence is read "
     "again,\n"
     "and a population that is not the published one is refused. The draw is left in out/PERIOD-samples/, where no\n"
     "other one ever replaces it. Sizes and the evaluation are ruled by schema/sampling.yaml.\n\n"
     "--evaluate reads sample.csv as it was filled in (`no deviation`, `deviation` or `not examined`), checks it\n"
     "against the draw, and gives the deviation rate and its exact one-sided upper limit (hypergeometric). Status 0\n"
     "means that the limit is within the tolerable rate, 1 that it is not, that the items are too few to tell, or "
     "that\n"
     "the full test found more deviations than that, or lacks evidence.\n\n"
     "--fulfil makes a folder for every item with its record, what supports it and the documents behind them, with\n"
     "their digests.\n\n"
     "--package takes everything out of a signed package, once it is verified and its signer trusted (--anchor, or "
     "the\n"
     "anchors of the folder given by -C), so that who has nothing else can repeat a draw or put it together.\n\n"
     "  tickmark sample --period 2025-Q4 --test CC8.1-01.1 --nonce 'the auditor wrote this'\n"
     "  tickmark sample --period 2025-Q4 --test CC8.1-01.1 --nonce N --rule frequency --risk higher\n"
     "  tickmark sample --period 2025-Q4 --test CC8.1-01.1 --nonce N --stratum month --size 30\n"
     "  tickmark sample --evaluate filled-in.csv out/2025-Q4-samples/CC8.1-01.1-d2a1.../sample.json\n"
     "  tickmark sample --evaluate out/2025-Q4-samples/CC8.1-01.1-d2a1.../sample.csv --tolerable 5% --confidence 95\n"
     "  tickmark sample --period 2025-Q4 --test CC8.1-01.1 --nonce N --fulfil for-the-auditor --request PBC-12\n"
     "  tickmark sample --package acme-2025-Q4-portfolio.zip --anchor acme.crt --test CC8.1-01.1 --nonce N\n\n"
     "How a sample is drawn, and how to repeat it without tickmark:\n\n" SAMPLE_TEXT_ALGORITHM},
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
    const char *only; /* the command that it has this meaning for; NULL: every one that takes it */
    bool repeats;     /* the field is a struct command_texts */
};
#define TEXT(name, field, value, help)                                                                                 \
    { name, offsetof(struct command_options, field), true, value, help, NULL, false }
#define TEXT_OF(only, name, field, value, help)                                                                        \
    { name, offsetof(struct command_options, field), true, value, help, only, false }
#define FLAG(name, field, help)                                                                                        \
    { name, offsetof(struct command_options, field), false, "", help, NULL, false }
#define TEXTS(name, field, value, help)                                                                                \
    { name, offsetof(struct command_options, field), true, value, help, NULL, true }
static const struct option options[] = {
    TEXT("-C", folder, "DIR", "the programme folder (default: where you are)"),
    TEXT("--period", period, "P", "2025-Q4, or 2025-10-01..2025-12-31; default: the only one declared"),
    TEXT("--profile", profile, "NAME", "the report, a template in templates/: portfolio (default), metrics"),
    TEXT("--out", out, "DIR", "where outputs go (default: out/ in the programme folder)"),
    TEXT("--as-of", as_of, "DATE", "what was known at the end of this day (default: the period's last)"),
    TEXT("--anchor", anchor, "FILE", "a certificate to trust (PEM)"),
    TEXT("--passphrase-fd", passphrase_fd, "N", "read the key's passphrase from this open descriptor"),
    TEXT("--type", type, "TYPE", "the evidence type to draft (default: the one that fits best)"),
    TEXT("--id", id, "ID", "the name of the drafted kind (default: from the file's name)"),
    TEXT_OF("kind", "--test", test, "DIR",
            "also write DIR/ID/ with the export and the rows read, to be checked by hand"),
    TEXT("--format", format, "text|json", "how results and diagnostics are printed"),
    FLAG("--save", save, "write the draft to schema/kinds/ID.yaml instead of printing it"),
    FLAG("--rows", rows, "also print the rows that are read, as JSON"),
    FLAG("--elliptic", elliptic, "make a P-256 key"),
    FLAG("--due", due, "only the sources or checks that are due"),
    FLAG("--mutate", mutate, "alter the records of the challenges and say what was caught"),
    FLAG("--all", all, "print long lists whole"),
    FLAG("--copy", copy, "also copy the evidence files into the folders of the requests"),
    TEXT("--date", date, "DATE", "today, or for events a day of the span to collect"),
    TEXT("--through", through, "DATE", "the last day that the letter speaks of"),
    TEXTS("--prior", prior, "FILE", "a package or assessment.sqlite of an earlier period; may be given several times"),
    TEXT("--submission", submission, "DATE", "the day on which the auditor is given the package"),
    FLAG("--mock", mock, "also make a mock audit"),
    TEXT_OF("sample", "--test", test, "ID", "the test whose population is drawn from"),
    TEXT("--nonce", nonce, "TEXT", "what the auditor chose once the digest was known"),
    TEXT("--size", size, "N", "how many items, in place of a rule"),
    TEXT("--rule", rule, "NAME", "of schema/sampling.yaml (default: the test's, or the one named there)"),
    TEXT("--risk", risk, "lower|higher", "which end of a rule's range (default: as sampling.yaml says)"),
    TEXT("--method", method, "NAME", "random (default), stratified or systematic"),
    TEXT("--stratum", stratum, "WHAT", "quarter, month, source, or a column of the query or the record"),
    TEXT("--evaluate", evaluate, "FILE", "evaluate a sample.csv that was filled in"),
    TEXT("--confidence", confidence, "PERCENT", "of the upper limit (default: as sampling.yaml said at the draw)"),
    TEXT("--tolerable", tolerable, "PERCENT", "the tolerable deviation rate (default: the test's)"),
    TEXT("--fulfil", fulfil, "DIR", "put the drawn items together in a new folder"),
    TEXT("--package", package, "FILE", "draw from this signed package, in place of the folder and its last run"),
    TEXT("--request", request, "ID",
         "the auditor's request that this answers; it begins the names of the items' folders"),
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
        buffer_format(out, "  %-12s%s\n", entries[i].name, entries[i].summary);
    }
    buffer_append_text(out,
                       "\n`tickmark COMMAND --help` explains a command and its options. `tickmark --version` prints "
                       "the version.\n"
                       "Exit status: 0 all in order, 1 exceptions or insufficient evidence, 2 usage, programme, schema "
                       "or\ntemplate error, 3 the system failed and nothing was published, 4 verification failed.\n");
}

static bool accepts(const struct arguments_entry *entry, const struct option *option) {
    struct buffer wanted = {0};

    buffer_format(&wanted, " %s ", option->name);
    const char *text = buffer_text(&wanted);
    bool found = text != NULL && strstr(entry->options, text) != NULL &&
                 (option->only == NULL || strcmp(option->only, entry->name) == 0);
    buffer_free(&wanted);
    return found;
}

static void print_help(const struct arguments_entry *entry, struct buffer *out) {
    buffer_format(out, "usage: tickmark %s [OPTION...]%s%s\n\n%s\n", entry->name, *entry->arguments != '\0' ? " " : "",
                  entry->arguments, entry->help);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (accepts(entry, &options[i])) {
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

static bool keep_text(struct command *command, const struct option *option, struct command_texts *texts,
                      const char *value) {
    if (texts->count == COMMAND_MOST_TEXTS) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s may be given at most %d times",
                           option->name, COMMAND_MOST_TEXTS);
        return false;
    }
    texts->items[texts->count++] = value;
    return true;
}

/* One option at argv[*index]; moves past its value. */
static bool read_option(struct command *command, const struct arguments_entry *entry, int argc, char **argv,
                        int *index) {
    const char *word = argv[*index];
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const char *refused = NULL;

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &options[i];
        char *field = (char *)&command->options + option->offset;
        if (strlen(option->name) != length || strncmp(option->name, word, length) != 0) {
            continue;
        }
        if (!accepts(entry, option)) {
            refused = option->name; /* unless another of that name is this command's */
            continue;
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
        if (option->repeats) {
            return keep_text(command, option, (struct command_texts *)(void *)field, value);
        }
        *(const char **)(void *)field = value;
        return true;
    }
    if (refused != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`%s` takes no option %s; see `tickmark %s --help`", entry->name, refused, entry->name);
        return false;
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
    bool help = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || (help && argc == 2)) {
        print_usage(&command->out);
        return NULL;
    }
    if (strcmp(argv[1], "--version") == 0) {
        buffer_append_text(&command->out, "tickmark " COMMAND_VERSION "\n");
        return NULL;
    }
    const char *name = help ? argv[2] : argv[1];
    const struct arguments_entry *entry = find_entry(name);
    if (entry == NULL && name[0] == '-') {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "no command \"%s\": options stand after the command, as in `tickmark run %s`; see "
                           "`tickmark --help`",
                           name, name);
        return NULL;
    }
    if (entry == NULL) {
        report_unknown(command, "command", name, text_nearest(name, entries, ENTRY_COUNT, sizeof entries[0]));
        return NULL;
    }
    if (help) {
        print_help(entry, &command->out);
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
