#include "cmd/sample_take.h"

#include "assess/sample_population.h"
#include "assess/sample_rule.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/report.h"
#include "cmd/retrieve.h"
#include "cmd/sample.sql.h"
#include "cmd/sample_list.h"
#include "cmd/sample_stratum.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

const char *sample_place(struct command *command, const char *out, const char *period, const char *test,
                         const char *nonce) {
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];

    if (!digest_bytes(nonce, strlen(nonce), digest)) {
        sample_out_of_memory(command);
        return NULL;
    }
    digest_hex(digest, hex);
    const char *folder = arena_format(command->arena, "%s/%s-samples/%s-%.16s", out, period, test, hex);
    if (folder == NULL) {
        sample_out_of_memory(command);
    }
    return folder;
}

bool sample_nonce_good(struct command *command, const char *nonce) {
    size_t length = strlen(nonce);
    bool good = length > 0 && length <= LIMIT_SAMPLE_NONCE_BYTES && text_utf8_valid(nonce, length, NULL);

    for (size_t i = 0; good && i < length; i++) {
        good = (unsigned char)nonce[i] >= 0x20 && nonce[i] != 0x7F;
    }
    if (!good) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "--nonce wants one line of text of at most %d bytes in UTF-8, as the auditor gave it",
                           LIMIT_SAMPLE_NONCE_BYTES);
    }
    return good;
}

/* The test, which must have a population: a manual one has the statements of people. */
static bool find_test(struct sample_take *take, const char *id) {
    struct command *command = take->command;
    const struct schema *schema = take->assessment.workspace.schema;

    take->test = schema_test(schema, id, &take->control);
    if (take->test == NULL) {
        const char *near = NULL;
        for (size_t c = 0; near == NULL && c < schema->control_count; c++) {
            near = text_nearest(id, schema->controls[c].tests, schema->controls[c].test_count, sizeof(struct test));
        }
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "no test \"%s\"%s%s%s; `tickmark show tests` lists them", id,
                           near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
        return false;
    }
    if (take->test->query == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "test %s is made by a person, and what it rests on are the few statements that its result "
                           "lists; look at all of them",
                           id);
        return false;
    }
    return true;
}

static bool unfrozen(struct sample_take *take, const char *path, const char *what) {
    const char *period = take->assessment.period.id;

    diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_UNFROZEN, &(struct place){.path = path},
                       "%s, so that no digest of the population stands before the nonce; run `tickmark run --period "
                       "%s`, hand the package over, then get the nonce from the auditor",
                       what, period);
    return false;
}

/* A population that is none, by what the published run says. */
static bool check_frozen(struct sample_take *take, const char *path, const char *verdict, const char *printed) {
    struct sample *sample = &take->sample;

    if (strcmp(verdict, schema_verdict_names[VERDICT_NOT_APPLICABLE]) == 0) {
        diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_EMPTY, &(struct place){.path = path},
                           "test %s is not applicable in this period, so that there is no population to draw from; "
                           "see its result for the reason",
                           sample->test);
        return false;
    }
    if (sample->population == 0) {
        diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_EMPTY, &(struct place){.path = path},
                           "the population of test %s is empty (%s), so that there is nothing to draw; its result "
                           "says what the zero rests on",
                           sample->test, printed);
        return false;
    }
    return true;
}

/* What the last published run has frozen, and the day that it looked from. */
static bool read_frozen(struct sample_take *take) {
    struct command *command = take->command;
    struct workspace_period *period = &take->assessment.period;
    struct sample *sample = &take->sample;
    struct query query = {0};
    bool done = false;
    const char *path = take->package.store != NULL
                           ? take->package.store
                           : arena_format(command->arena, "%s/%s/assessment.sqlite", take->assessment.out, period->id);

    if (path == NULL) {
        return sample_out_of_memory(command);
    }
    if (!file_exists(path)) {
        return unfrozen(take, path, "no run of this period was published yet");
    }
    take->published = report_open_store(command, path);
    if (take->published == NULL ||
        !query_open(&query, take->published, "sample_frozen", sql_sample_frozen, command->diagnostics)) {
        goto end;
    }
    query_text(&query, 1, take->test->id);
    if (!query_step(&query)) {
        done = !query.failed && unfrozen(take, path, "the published run does not know the test");
        goto end;
    }
    sample->population = (uint64_t)query_column_integer(&query, 2);
    sample->exceptions = (uint64_t)query_column_integer(&query, 3);
    sample->undetermined = (uint64_t)query_column_integer(&query, 4);
    sample->digest = arena_text(command->arena, query_column_text(&query, 5));
    sample->verdict = arena_text(command->arena, query_column_text(&query, 0));
    if (command->options.as_of == NULL && !query_column_null(&query, 6)) {
        period->as_of = query_column_integer(&query, 6);
    }
    done = ((sample->digest != NULL && sample->verdict != NULL) || sample_out_of_memory(command)) &&
           check_frozen(take, path, query_column_text(&query, 0), query_column_text(&query, 1));

end:
    return query_close(&query) && done;
}

static bool no_rules(struct command *command) {
    diagnostics_report(
        command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, NULL,
        "the schema has no sampling.yaml, so that nothing says how samples are sized and evaluated; copy "
        "the one that tickmark ships");
    return false;
}

bool sample_take_begin(struct command *command, const char *test, struct sample_take *take) {
    *take = (struct sample_take){.command = command};
    if (!sample_package_open(command, &take->package) || !assessment_configure(command, &take->assessment) ||
        !find_test(take, test)) {
        return false;
    }
    const struct sampling *sampling = &take->assessment.workspace.schema->sampling;
    if (!sampling->given) {
        return no_rules(command);
    }
    take->sample = (struct sample){
        .confidence = (uint64_t)sampling->confidence,
        .conclude_from = (uint64_t)sampling->conclude_from,
        .organisation = take->assessment.workspace.programme->organisation,
        .period = take->assessment.period.id,
        .test = take->test->id,
        .title = take->test->title,
        .control = take->control->id,
        .tolerable = take->test->tolerable,
    };
    return read_frozen(take);
}

/* Items on their way into the list. */
struct listing_rows {
    struct sample_list_writer *writer;
    struct sample_stratum_finder *finder;
};

static bool list_row(void *context, const struct sample_population_row *row) {
    struct listing_rows *rows = context;
    const char *stratum = sample_stratum_name(rows->finder, row);
    const struct sample_list_row listed = {
        .item = row->item, .has_ref = row->has_ref, .ref = row->ref, .stratum = stratum};

    return stratum != NULL && sample_list_add(rows->writer, &listed);
}

/* Runs the test's query and writes population.csv. */
static bool list_population(struct sample_take *take, const char *stratum) {
    struct command *command = take->command;
    const struct assessment *assessment = &take->assessment;
    const struct bind_values values = {.control = take->control,
                                       .programme = assessment->workspace.programme,
                                       .period = assessment->period.span,
                                       .as_of = assessment->period.as_of};
    struct guard *guard = guard_open(assessment->path, assessment->period.as_of, command->diagnostics);
    struct listing_rows rows = {.writer = sample_list_create(command, take->list_path),
                                .finder =
                                    sample_stratum_open(command, assessment->workspace.schema, take->store, stratum)};
    bool done = guard != NULL && rows.writer != NULL && rows.finder != NULL &&
                sample_population_walk(guard, take->test, &values, list_row, &rows, command->diagnostics);

    done = sample_list_end(rows.writer) && done;
    sample_stratum_free(rows.finder);
    guard_free(guard);
    return done;
}

static bool check_unchanged(struct sample_take *take, const struct sample *listed) {
    const struct sample *frozen = &take->sample;

    if (strcmp(frozen->digest, listed->digest) == 0) {
        return true;
    }
    diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_CHANGED, NULL,
                       "the population of test %s is not the one that was published: %" PRIu64
                       " items with digest %s now, %" PRIu64 " with %s then; restore the evidence and the schema, or "
                       "run `tickmark run` again, hand the package over, and get another nonce",
                       frozen->test, listed->population, listed->digest, frozen->population, frozen->digest);
    return false;
}

static bool no_rule(struct sample_take *take, const struct sampling_rule *rule, const char *name) {
    const struct sampling *sampling = &take->assessment.workspace.schema->sampling;

    if (rule != NULL) {
        diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, &rule->place,
                           "rule %s does not know how often control %s operates (\"%s\"); add a word of it to one of "
                           "the sizes, or give --rule or --size",
                           rule->id, take->control->id,
                           take->control->frequency != NULL ? take->control->frequency : "");
    } else {
        const char *near = text_nearest(name, sampling->rules, sampling->rule_count, sizeof *sampling->rules);
        diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, NULL,
                           "no rule \"%s\" in schema/sampling.yaml%s%s%s", name, near != NULL ? "; did you mean " : "",
                           near != NULL ? near : "", near != NULL ? "?" : "; add it, or choose another");
    }
    return false;
}

/* How many items, and why so many. */
static bool choose_size(struct sample_take *take, const struct sample_wish *wish) {
    const struct sampling *sampling = &take->assessment.workspace.schema->sampling;
    struct sample *sample = &take->sample;
    struct buffer why = {0};

    if (wish->size > 0) {
        sample->size = wish->size < sample->population ? wish->size : sample->population;
        sample->rule = wish->kept_rule != NULL ? wish->kept_rule : "";
        sample->why = wish->kept_why != NULL            ? wish->kept_why
                      : wish->size > sample->population ? "as asked for; there are fewer, so all are taken"
                                                        : "as asked for";
        return true;
    }
    const char *name = wish->rule != NULL             ? wish->rule
                       : take->test->sampling != NULL ? take->test->sampling
                                                      : sampling->rule;
    const struct sampling_rule *rule = schema_sampling_rule(take->assessment.workspace.schema, name);
    enum sampling_risk risk = wish->risk_given ? wish->risk : sampling->risk;
    if (rule == NULL || !sample_rule_size(rule, risk, take->control, sample->population, &sample->size, &why)) {
        buffer_free(&why);
        return no_rule(take, rule, name);
    }
    sample->rule = rule->id;
    sample->why = buffer_text(&why) != NULL ? arena_text(take->command->arena, buffer_text(&why)) : NULL;
    buffer_free(&why);
    if (sample->size > LIMIT_SAMPLE_ITEMS) {
        diagnostics_report(take->command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, &rule->place,
                           "rule %s wants %" PRIu64 " items, and a sample has at most %d; bound it with 'most'",
                           rule->id, sample->size, LIMIT_SAMPLE_ITEMS);
        return false;
    }
    return sample->why != NULL || sample_out_of_memory(take->command);
}

/* Where the record of an item stands. */
static bool find_place(struct sample_take *take, struct sample_item *item) {
    struct retrieved record;
    bool found = false;

    if (item->has_ref &&
        !retrieve_find(take->command, &take->assessment.workspace, take->store, item->ref, &record, &found)) {
        return false;
    }
    if (found) {
        item->evidence = record.path;
        item->record = record.number;
    }
    return true;
}

/* What the full test of the published run found of each item, and where its record is. */
static bool look_up(struct sample_take *take) {
    struct command *command = take->command;
    struct sample *sample = &take->sample;
    struct query query = {0};
    bool done = query_open(&query, take->published, "sample_found", sql_sample_found, command->diagnostics);

    for (size_t i = 0; done && i < sample->item_count; i++) {
        struct sample_item *item = &sample->items[i];
        query_text(&query, 1, sample->test);
        query_text(&query, 2, item->item);
        if (query_step(&query)) {
            item->found = arena_text(command->arena, query_column_text(&query, 0));
            item->text = arena_text(command->arena, query_column_text(&query, 1));
        }
        done = query_reset(&query) && find_place(take, item) &&
               ((item->found != NULL && item->text != NULL) || sample_out_of_memory(command));
    }
    return query_close(&query) && done;
}

/* What stopped the reading; what is only wrong with the evidence was for the run to say, and decides no draw. */
static bool say_again(void *context, const struct diagnostic_view *view) {
    struct sample_take *take = context;

    if (diagnostic_level(view->id) > DIAGNOSTIC_EVIDENCE || view->id == DIAGNOSTIC_SANDBOX) {
        diagnostics_report(take->command->diagnostics, view->id, &view->place, "%s", view->text);
    }
    return true;
}

static bool gather(struct sample_take *take, const char *const *writable) {
    struct command *command = take->command;
    struct diagnostics *heard = command->diagnostics;

    take->aside = diagnostics_new();
    if (take->aside == NULL) {
        return sample_out_of_memory(command);
    }
    command->diagnostics = take->aside;
    bool done = assessment_gather(command, writable, &take->assessment);
    command->diagnostics = heard;
    return diagnostics_visit(take->aside, say_again, take) && done;
}

bool sample_take_draw(struct sample_take *take, const struct sample_wish *wish, const char *const *writable) {
    struct command *command = take->command;
    struct sample *sample = &take->sample;
    struct assessment *assessment = &take->assessment;
    struct sample listed;

    sample->nonce = wish->nonce;
    sample->method = wish->method;
    sample->stratum = wish->stratum;
    if (!gather(take, writable)) {
        return false;
    }
    take->store = report_open_store(command, assessment->path);
    take->list_path = path_join(command->arena, staging_path(assessment->staging), SAMPLE_LIST_FILE);
    if (take->store == NULL || (take->list_path == NULL && !sample_out_of_memory(command)) ||
        !list_population(take, wish->stratum)) {
        return false;
    }
    listed = *sample;
    if (!sample_list_count(command, take->list_path, &listed) || !check_unchanged(take, &listed)) {
        return false;
    }
    *sample = listed;
    return choose_size(take, wish) && sample_list_draw(command, take->list_path, sample) && look_up(take);
}

void sample_take_end(struct sample_take *take) {
    sqlite3_close(take->store);
    sqlite3_close(take->published);
    take->store = take->published = NULL;
    assessment_close(&take->assessment);
    diagnostics_free(take->aside);
    take->aside = NULL;
    sample_package_close(&take->package);
}
