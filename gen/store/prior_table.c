#include "store/prior_table.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/schema.h"
#include "store/prior.sql.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {"new", "open", "reopened", "accepted", "remediated", NULL};
static const char *const origins[] = {"test", "register", NULL};
static const char *const due_origins[] = {"response", "register", "severity", NULL};

static const struct prior_column control_columns[] = {
    {"control", PRIOR_TEXT, NULL}, {"title", PRIOR_TEXT, NULL},       {"verdict", PRIOR_TEXT, schema_verdict_names},
    {"printed", PRIOR_TEXT, NULL}, {"exceptions", PRIOR_COUNT, NULL}, {"undetermined", PRIOR_COUNT, NULL},
};
static const struct prior_column test_columns[] = {
    {"test", PRIOR_TEXT, NULL},
    {"control", PRIOR_TEXT, NULL},
    {"verdict", PRIOR_TEXT, schema_verdict_names},
    {"population", PRIOR_COUNT, NULL},
    {"exceptions", PRIOR_COUNT, NULL},
    {"undetermined", PRIOR_COUNT, NULL},
    {"population_digest", PRIOR_SHA256, NULL},
    {"query", PRIOR_TEXT_OR_NULL, NULL},
    {"parameters", PRIOR_TEXT_OR_NULL, NULL},
};
static const struct prior_column finding_columns[] = {
    {"id", PRIOR_TEXT, NULL},
    {"origin", PRIOR_TEXT, origins},
    {"control", PRIOR_TEXT_OR_NULL, NULL},
    {"test", PRIOR_TEXT_OR_NULL, NULL},
    {"item", PRIOR_TEXT, NULL},
    {"severity", PRIOR_TEXT, schema_severity_names},
    {"state", PRIOR_TEXT, states},
    {"text", PRIOR_TEXT, NULL},
    {"source", PRIOR_TEXT_OR_NULL, NULL},
    {"owner", PRIOR_TEXT_OR_NULL, NULL},
    {"due", PRIOR_TIME_OR_NULL, NULL},
    {"due_by", PRIOR_TEXT_OR_NULL, due_origins},
    {"first_period", PRIOR_TEXT, NULL},
    {"found", PRIOR_TIME, NULL},
    {"completed", PRIOR_TIME_OR_NULL, NULL},
    {"closed", PRIOR_TIME_OR_NULL, NULL},
    {"closed_period", PRIOR_TEXT_OR_NULL, NULL},
    {"occurrences", PRIOR_COUNT, NULL},
    {"cause", PRIOR_TEXT_OR_NULL, NULL},
    {"extent", PRIOR_TEXT_OR_NULL, NULL},
    {"response", PRIOR_TEXT_OR_NULL, NULL},
    {"action", PRIOR_TEXT_OR_NULL, NULL},
    {"waiver", PRIOR_TEXT_OR_NULL, NULL},
    {"evidence", PRIOR_TEXT_OR_NULL, NULL},
};
static const struct prior_column metric_columns[] = {
    {"id", PRIOR_TEXT, NULL},        {"title", PRIOR_TEXT, NULL},        {"value", PRIOR_REAL_OR_NULL, NULL},
    {"printed", PRIOR_TEXT, NULL},   {"unit", PRIOR_TEXT_OR_NULL, NULL}, {"formula", PRIOR_TEXT, NULL},
    {"position", PRIOR_COUNT, NULL},
};

#define COLUMNS(columns) columns, sizeof columns / sizeof columns[0]

const struct prior_table prior_table_all[PRIOR_TABLE_COUNT] = {
    {{"tm_control_result", "tm_control", NULL},
     COLUMNS(control_columns),
     sql_prior_read_controls,
     "prior_insert_control",
     sql_prior_insert_control},
    {{"tm_test_result", "tm_test", "tm_parameter"},
     COLUMNS(test_columns),
     sql_prior_read_tests,
     "prior_insert_test",
     sql_prior_insert_test},
    {{"tm_finding", NULL, NULL},
     COLUMNS(finding_columns),
     sql_prior_read_findings,
     "prior_insert_finding",
     sql_prior_insert_finding},
    {{"tm_metric", NULL, NULL},
     COLUMNS(metric_columns),
     sql_prior_read_metrics,
     "prior_insert_metric",
     sql_prior_insert_metric},
};

const char *prior_table_text_fault(struct prior_table_texts *texts, const struct value *value) {
    const char *bytes = value->text.bytes;
    size_t length = value->text.length;
    size_t offset = 0;

    texts->bytes += length;
    if (length > LIMIT_PRIOR_TEXT) {
        snprintf(texts->fault, sizeof texts->fault, "a text of more than %u KiB, the limit,", LIMIT_PRIOR_TEXT >> 10);
        return texts->fault;
    }
    if (texts->bytes > LIMIT_PRIOR_ALL_TEXTS) {
        snprintf(texts->fault, sizeof texts->fault, "more than %u MiB of text in all, the limit,",
                 LIMIT_PRIOR_ALL_TEXTS >> 20);
        return texts->fault;
    }
    if (!text_utf8_valid(bytes, length, &offset)) {
        return "a text that is not UTF-8";
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == 0x7f || (byte < 0x20 && byte != '\n' && byte != '\t')) {
            return "a text with a control character";
        }
    }
    return NULL;
}

static bool is_choice(const char *const *choices, const struct value *value) {
    for (size_t i = 0; choices != NULL && choices[i] != NULL; i++) {
        if (strlen(choices[i]) == value->text.length &&
            memcmp(choices[i], value->text.bytes, value->text.length) == 0) {
            return true;
        }
    }
    return choices == NULL;
}

const char *prior_table_value_fault(struct prior_table_texts *texts, const struct prior_column *column,
                                    const struct value *value) {
    bool null_allowed =
        column->kind == PRIOR_TEXT_OR_NULL || column->kind == PRIOR_TIME_OR_NULL || column->kind == PRIOR_REAL_OR_NULL;
    uint8_t digest[DIGEST_BYTES];

    if (value->kind == VALUE_NULL) {
        return null_allowed ? NULL : "nothing";
    }
    switch (column->kind) {
    case PRIOR_TEXT:
    case PRIOR_TEXT_OR_NULL:
        if (value->kind != VALUE_TEXT) {
            return "no text";
        }
        if (!is_choice(column->choices, value)) {
            return "a word that no assessment writes there";
        }
        return prior_table_text_fault(texts, value);
    case PRIOR_COUNT:
        return value->kind == VALUE_INTEGER && value->integer >= 0 ? NULL : "no count";
    case PRIOR_TIME:
    case PRIOR_TIME_OR_NULL:
        return value->kind == VALUE_INTEGER && value->integer >= 0 && value->integer <= PRIOR_TABLE_LATEST ? NULL
                                                                                                           : "no time";
    case PRIOR_REAL_OR_NULL:
        return value->kind == VALUE_REAL || value->kind == VALUE_INTEGER ? NULL : "no number";
    case PRIOR_SHA256:
        return value->kind == VALUE_TEXT && digest_from_hex(value->text.bytes, value->text.length, digest)
                   ? NULL
                   : "no digest";
    }
    return NULL;
}
