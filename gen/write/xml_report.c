#include "write/xml_report.h"

#include "base/text.h"
#include "base/xml.h"
#include "store/query.h"
#include "write/xml_report.sql.h"

#include <string.h>

#define XML_NAME      "portfolio.xml"
#define XML_NAMESPACE "urn:tickmark:portfolio:1"

/* How a column is written; NULL leaves it out. In a list attributes come first. */
enum xml_kind {
    XML_NONE,      /* the end of a list */
    XML_ATTRIBUTE, /* the value as an attribute */
    XML_BOOLEAN,   /* 0 and 1 as false and true, an attribute */
    XML_CHILD,     /* an element of its own */
    XML_CONTENT    /* the element's content */
};
struct xml_field {
    const char *name;
    enum xml_kind kind;
};

/* Elements made from rows; inner ones are queried by the first column of the outer row. */
struct xml_list {
    const char *container; /* an element around them, or NULL */
    const char *element;
    const char *name; /* of the statement */
    const char *sql;
    const struct xml_field *fields;
    const struct xml_list *inner;
    size_t inner_count;
};

static const struct xml_field xml_period_fields[] = {
    {"id", XML_ATTRIBUTE},      {"from", XML_ATTRIBUTE},       {"to", XML_ATTRIBUTE},      {"asOf", XML_ATTRIBUTE},
    {"through", XML_ATTRIBUTE}, {"reportType", XML_ATTRIBUTE}, {"profile", XML_ATTRIBUTE}, {"organisation", XML_CHILD},
    {"system", XML_CHILD},      {"statement", XML_CHILD},      {"subject", XML_CHILD},     {NULL, XML_NONE}};
static const struct xml_field xml_commitment_fields[] = {{"id", XML_ATTRIBUTE}, {"", XML_CONTENT}, {NULL, XML_NONE}};
static const struct xml_field xml_criterion_fields[] = {{"id", XML_ATTRIBUTE},
                                                        {"category", XML_ATTRIBUTE},
                                                        {"inScope", XML_BOOLEAN},
                                                        {"controls", XML_ATTRIBUTE},
                                                        {"withExceptions", XML_ATTRIBUTE},
                                                        {"title", XML_CHILD},
                                                        {"printed", XML_CHILD},
                                                        {NULL, XML_NONE}};
static const struct xml_field xml_control_fields[] = {{"id", XML_ATTRIBUTE},
                                                      {"verdict", XML_ATTRIBUTE},
                                                      {"tests", XML_ATTRIBUTE},
                                                      {"exceptions", XML_ATTRIBUTE},
                                                      {"undetermined", XML_ATTRIBUTE},
                                                      {"applicable", XML_BOOLEAN},
                                                      {"effectiveFrom", XML_ATTRIBUTE},
                                                      {"superseded", XML_ATTRIBUTE},
                                                      {"title", XML_CHILD},
                                                      {"printed", XML_CHILD},
                                                      {"owner", XML_CHILD},
                                                      {"frequency", XML_CHILD},
                                                      {"narrative", XML_CHILD},
                                                      {"notApplicable", XML_CHILD},
                                                      {NULL, XML_NONE}};
static const struct xml_field xml_reference_fields[] = {{"ref", XML_ATTRIBUTE}, {NULL, XML_NONE}};
static const struct xml_field xml_alias_fields[] = {{"", XML_CONTENT}, {NULL, XML_NONE}};
static const struct xml_field xml_control_state_fields[] = {
    {"verdict", XML_ATTRIBUTE}, {"tests", XML_ATTRIBUTE}, {NULL, XML_NONE}};
static const struct xml_field xml_parameter_fields[] = {
    {"name", XML_ATTRIBUTE}, {"overridden", XML_BOOLEAN}, {"date", XML_ATTRIBUTE},
    {"value", XML_CHILD},    {"default", XML_CHILD},      {"meaning", XML_CHILD},
    {"approver", XML_CHILD}, {"reason", XML_CHILD},       {NULL, XML_NONE}};
static const struct xml_field xml_requirement_fields[] = {{"id", XML_ATTRIBUTE},
                                                          {"type", XML_ATTRIBUTE},
                                                          {"cadence", XML_ATTRIBUTE},
                                                          {"graceSeconds", XML_ATTRIBUTE},
                                                          {"automated", XML_BOOLEAN},
                                                          {"producedBy", XML_CHILD},
                                                          {NULL, XML_NONE}};
static const struct xml_field xml_coverage_fields[] = {{"source", XML_ATTRIBUTE},
                                                       {"expected", XML_ATTRIBUTE},
                                                       {"met", XML_ATTRIBUTE},
                                                       {"late", XML_ATTRIBUTE},
                                                       {"missing", XML_ATTRIBUTE},
                                                       {"unusable", XML_ATTRIBUTE},
                                                       {"longestGapSeconds", XML_ATTRIBUTE},
                                                       {NULL, XML_NONE}};
static const struct xml_field xml_test_fields[] = {
    {"id", XML_ATTRIBUTE},         {"method", XML_ATTRIBUTE},       {"severity", XML_ATTRIBUTE},
    {"tolerable", XML_ATTRIBUTE},  {"verdict", XML_ATTRIBUTE},      {"population", XML_ATTRIBUTE},
    {"exceptions", XML_ATTRIBUTE}, {"undetermined", XML_ATTRIBUTE}, {"populationDigest", XML_ATTRIBUTE},
    {"title", XML_CHILD},          {"printed", XML_CHILD},          {"manual", XML_CHILD},
    {"manualBy", XML_CHILD},       {"manualDocument", XML_CHILD},   {"manualEach", XML_CHILD},
    {"query", XML_CHILD},          {"remediation", XML_CHILD},      {NULL, XML_NONE}};
static const struct xml_field xml_test_state_fields[] = {
    {"verdict", XML_ATTRIBUTE}, {"", XML_CONTENT}, {NULL, XML_NONE}};
static const struct xml_field xml_item_fields[] = {
    {"state", XML_ATTRIBUTE}, {"ref", XML_ATTRIBUTE}, {"evidence", XML_ATTRIBUTE}, {"waiver", XML_ATTRIBUTE},
    {"name", XML_CHILD},      {"text", XML_CHILD},    {"detail", XML_CHILD},       {NULL, XML_NONE}};
static const struct xml_field xml_source_fields[] = {{"id", XML_ATTRIBUTE},
                                                     {"kind", XML_ATTRIBUTE},
                                                     {"zoneSeconds", XML_ATTRIBUTE},
                                                     {"expectedFrom", XML_ATTRIBUTE},
                                                     {"expectedUntil", XML_ATTRIBUTE},
                                                     {"toleratedInvalid", XML_ATTRIBUTE},
                                                     {"title", XML_CHILD},
                                                     {"vendor", XML_CHILD},
                                                     {"system", XML_CHILD},
                                                     {"path", XML_CHILD},
                                                     {"query", XML_CHILD},
                                                     {"producedBy", XML_CHILD},
                                                     {"collectedBy", XML_CHILD},
                                                     {"emptyReason", XML_CHILD},
                                                     {"toleranceReason", XML_CHILD},
                                                     {NULL, XML_NONE}};
static const struct xml_field xml_sequence_fields[] = {{"source", XML_ATTRIBUTE},    {"column", XML_ATTRIBUTE},
                                                       {"records", XML_ATTRIBUTE},   {"unnumbered", XML_ATTRIBUTE},
                                                       {"sequences", XML_ATTRIBUTE}, {"numbers", XML_ATTRIBUTE},
                                                       {"missing", XML_ATTRIBUTE},   {"known", XML_ATTRIBUTE},
                                                       {"complete", XML_BOOLEAN},    {NULL, XML_NONE}};
static const struct xml_field xml_run_fields[] = {{"first", XML_ATTRIBUTE},   {"last", XML_ATTRIBUTE},
                                                  {"numbers", XML_ATTRIBUTE}, {"missing", XML_ATTRIBUTE},
                                                  {"known", XML_ATTRIBUTE},   {NULL, XML_NONE}};
static const struct xml_field xml_gap_fields[] = {
    {"first", XML_ATTRIBUTE}, {"last", XML_ATTRIBUTE},   {"numbers", XML_ATTRIBUTE},
    {"after", XML_ATTRIBUTE}, {"before", XML_ATTRIBUTE}, {"reason", XML_CHILD},
    {NULL, XML_NONE}};
static const struct xml_field xml_evidence_fields[] = {{"id", XML_ATTRIBUTE},
                                                       {"source", XML_ATTRIBUTE},
                                                       {"kind", XML_ATTRIBUTE},
                                                       {"sha256", XML_ATTRIBUTE},
                                                       {"bytes", XML_ATTRIBUTE},
                                                       {"records", XML_ATTRIBUTE},
                                                       {"loaded", XML_ATTRIBUTE},
                                                       {"passedOver", XML_ATTRIBUTE},
                                                       {"rejected", XML_ATTRIBUTE},
                                                       {"rows", XML_ATTRIBUTE},
                                                       {"invalid", XML_ATTRIBUTE},
                                                       {"unknownValues", XML_ATTRIBUTE},
                                                       {"duplicates", XML_ATTRIBUTE},
                                                       {"superseded", XML_ATTRIBUTE},
                                                       {"folded", XML_ATTRIBUTE},
                                                       {"dispositioned", XML_ATTRIBUTE},
                                                       {"accepted", XML_BOOLEAN},
                                                       {"effectiveAt", XML_ATTRIBUTE},
                                                       {"effectiveBy", XML_ATTRIBUTE},
                                                       {"firstAt", XML_ATTRIBUTE},
                                                       {"lastAt", XML_ATTRIBUTE},
                                                       {"collectedAt", XML_ATTRIBUTE},
                                                       {"path", XML_CHILD},
                                                       {"collectedBy", XML_CHILD},
                                                       {"problem", XML_CHILD},
                                                       {NULL, XML_NONE}};
static const struct xml_field xml_finding_fields[] = {{"id", XML_ATTRIBUTE},
                                                      {"origin", XML_ATTRIBUTE},
                                                      {"control", XML_ATTRIBUTE},
                                                      {"test", XML_ATTRIBUTE},
                                                      {"severity", XML_ATTRIBUTE},
                                                      {"state", XML_ATTRIBUTE},
                                                      {"priorState", XML_ATTRIBUTE},
                                                      {"ref", XML_ATTRIBUTE},
                                                      {"waiver", XML_ATTRIBUTE},
                                                      {"due", XML_ATTRIBUTE},
                                                      {"dueBy", XML_ATTRIBUTE},
                                                      {"firstPeriod", XML_ATTRIBUTE},
                                                      {"found", XML_ATTRIBUTE},
                                                      {"completed", XML_ATTRIBUTE},
                                                      {"closed", XML_ATTRIBUTE},
                                                      {"closedPeriod", XML_ATTRIBUTE},
                                                      {"occurrences", XML_ATTRIBUTE},
                                                      {"ageDays", XML_ATTRIBUTE},
                                                      {"overdue", XML_BOOLEAN},
                                                      {"item", XML_CHILD},
                                                      {"text", XML_CHILD},
                                                      {"reason", XML_CHILD},
                                                      {"cause", XML_CHILD},
                                                      {"extent", XML_CHILD},
                                                      {"response", XML_CHILD},
                                                      {"action", XML_CHILD},
                                                      {"owner", XML_CHILD},
                                                      {"evidence", XML_CHILD},
                                                      {NULL, XML_NONE}};
static const struct xml_field xml_prior_fields[] = {{"period", XML_ATTRIBUTE},
                                                    {"from", XML_ATTRIBUTE},
                                                    {"to", XML_ATTRIBUTE},
                                                    {"asOf", XML_ATTRIBUTE},
                                                    {"profile", XML_ATTRIBUTE},
                                                    {"sha256", XML_ATTRIBUTE},
                                                    {"version", XML_ATTRIBUTE},
                                                    {"path", XML_CHILD},
                                                    {"signature", XML_CHILD},
                                                    {"signer", XML_CHILD},
                                                    {NULL, XML_NONE}};
static const struct xml_field xml_continuity_fields[] = {{"earlier", XML_ATTRIBUTE}, {"later", XML_ATTRIBUTE},
                                                         {"state", XML_ATTRIBUTE},   {"days", XML_ATTRIBUTE},
                                                         {"", XML_CONTENT},          {NULL, XML_NONE}};
static const struct xml_field xml_event_fields[] = {
    {"date", XML_ATTRIBUTE}, {"material", XML_BOOLEAN}, {"text", XML_CHILD}, {"effect", XML_CHILD}, {NULL, XML_NONE}};
static const struct xml_field xml_waiver_fields[] = {{"id", XML_ATTRIBUTE},       {"test", XML_ATTRIBUTE},
                                                     {"approved", XML_ATTRIBUTE}, {"expires", XML_ATTRIBUTE},
                                                     {"expired", XML_BOOLEAN},    {"matched", XML_ATTRIBUTE},
                                                     {"item", XML_CHILD},         {"reason", XML_CHILD},
                                                     {"approver", XML_CHILD},     {NULL, XML_NONE}};
static const struct xml_field xml_metric_fields[] = {
    {"id", XML_ATTRIBUTE},  {"value", XML_ATTRIBUTE}, {"unit", XML_ATTRIBUTE}, {"title", XML_CHILD},
    {"printed", XML_CHILD}, {"formula", XML_CHILD},   {NULL, XML_NONE}};

#define XML_STATEMENT(statement) #statement, sql_##statement
#define XML_INNER(lists)         (lists), sizeof(lists) / sizeof((lists)[0])

static const struct xml_list xml_sequence_inner[] = {
    {NULL, "run", XML_STATEMENT(xml_sequence_runs), xml_run_fields, NULL, 0},
    {NULL, "gap", XML_STATEMENT(xml_sequence_gaps), xml_gap_fields, NULL, 0}};
static const struct xml_list xml_source_inner[] = {
    {NULL, "sequence", XML_STATEMENT(xml_source_sequence), xml_sequence_fields, XML_INNER(xml_sequence_inner)}};
static const struct xml_list xml_requirement_inner[] = {
    {NULL, "coverage", XML_STATEMENT(xml_requirement_coverage), xml_coverage_fields, NULL, 0}};
static const struct xml_list xml_test_inner[] = {
    {NULL, "state", XML_STATEMENT(xml_test_states), xml_test_state_fields, NULL, 0},
    {NULL, "item", XML_STATEMENT(xml_test_items), xml_item_fields, NULL, 0}};
static const struct xml_list xml_control_inner[] = {
    {NULL, "criterion", XML_STATEMENT(xml_control_criteria), xml_reference_fields, NULL, 0},
    {NULL, "alias", XML_STATEMENT(xml_control_aliases), xml_alias_fields, NULL, 0},
    {NULL, "compensating", XML_STATEMENT(xml_control_compensating), xml_reference_fields, NULL, 0},
    {NULL, "state", XML_STATEMENT(xml_control_states), xml_control_state_fields, NULL, 0},
    {NULL, "parameter", XML_STATEMENT(xml_control_parameters), xml_parameter_fields, NULL, 0},
    {NULL, "requirement", XML_STATEMENT(xml_control_requirements), xml_requirement_fields,
     XML_INNER(xml_requirement_inner)},
    {NULL, "test", XML_STATEMENT(xml_tests), xml_test_fields, XML_INNER(xml_test_inner)}};
static const struct xml_list xml_lists[] = {
    {NULL, "period", XML_STATEMENT(xml_period), xml_period_fields, NULL, 0},
    {"commitments", "commitment", XML_STATEMENT(xml_commitments), xml_commitment_fields, NULL, 0},
    {"criteria", "criterion", XML_STATEMENT(xml_criteria), xml_criterion_fields, NULL, 0},
    {"controls", "control", XML_STATEMENT(xml_controls), xml_control_fields, XML_INNER(xml_control_inner)},
    {"sources", "source", XML_STATEMENT(xml_sources), xml_source_fields, XML_INNER(xml_source_inner)},
    {"evidence", "file", XML_STATEMENT(xml_evidence), xml_evidence_fields, NULL, 0},
    {"findings", "finding", XML_STATEMENT(xml_findings), xml_finding_fields, NULL, 0},
    {"waivers", "waiver", XML_STATEMENT(xml_waivers), xml_waiver_fields, NULL, 0},
    {"metrics", "metric", XML_STATEMENT(xml_metrics), xml_metric_fields, NULL, 0},
    {"priors", "prior", XML_STATEMENT(xml_priors), xml_prior_fields, NULL, 0},
    {"continuity", "step", XML_STATEMENT(xml_continuity), xml_continuity_fields, NULL, 0},
    {"subsequentEvents", "event", XML_STATEMENT(xml_events), xml_event_fields, NULL, 0}};

/* The statement of a list, prepared when it is first needed: inner lists are asked once an outer row. */
struct xml_statement {
    const struct xml_list *list;
    struct query query;
};
#define XML_STATEMENTS 32 /* lists, the inner ones included */

struct xml_report {
    sqlite3 *store;
    struct buffer *out;
    struct diagnostics *diagnostics;
    int depth;
    struct xml_statement statements[XML_STATEMENTS];
    size_t statement_count;
};

/* NULL after reporting. */
static struct query *xml_query(struct xml_report *report, const struct xml_list *list) {
    size_t i = 0;
    while (i < report->statement_count && report->statements[i].list != list)
        i++;
    struct xml_statement *statement = &report->statements[i];
    if (i == report->statement_count) {
        statement->list = list;
        report->statement_count++;
    }
    return query_ready(&statement->query, report->store, list->name, list->sql, report->diagnostics) ? &statement->query
                                                                                                     : NULL;
}

static bool xml_close(struct xml_report *report) {
    bool done = true;
    for (size_t i = 0; i < report->statement_count; i++)
        done = query_close(&report->statements[i].query) && done;
    return done;
}

static void xml_indent(struct xml_report *report) {
    for (int i = 0; i < report->depth; i++)
        buffer_append_text(report->out, "  ");
}

static void xml_attribute(struct xml_report *report, const char *name, const char *value) {
    buffer_append_byte(report->out, ' ');
    buffer_append_text(report->out, name);
    buffer_append_text(report->out, "=\"");
    text_xml_escape(report->out, value, strlen(value));
    buffer_append_byte(report->out, '"');
}

/* The attributes of the current row, in `<element ...` without its end; the first field that is none. */
static int xml_attributes(struct xml_report *report, const struct xml_list *list, struct query *query) {
    int column = 0;
    buffer_format(report->out, "<%s", list->element);
    for (; list->fields[column].kind == XML_ATTRIBUTE || list->fields[column].kind == XML_BOOLEAN; column++) {
        if (query_column_null(query, column))
            continue;
        if (list->fields[column].kind == XML_ATTRIBUTE)
            xml_attribute(report, list->fields[column].name, query_column_text(query, column));
        else
            xml_attribute(report, list->fields[column].name,
                          query_column_integer(query, column) != 0 ? "true" : "false");
    }
    return column;
}

static void xml_end(struct xml_report *report, const char *name) {
    buffer_append_text(report->out, "</");
    buffer_append_text(report->out, name);
    buffer_append_text(report->out, ">\n");
}

static void xml_child(struct xml_report *report, const char *name, const char *text) {
    xml_indent(report);
    buffer_append_byte(report->out, '<');
    buffer_append_text(report->out, name);
    buffer_append_byte(report->out, '>');
    text_xml_escape(report->out, text, strlen(text));
    xml_end(report, name);
}

static bool xml_write_list(struct xml_report *report, const struct xml_list *list, const char *key);

/* The element of the current row. */
static bool xml_row(struct xml_report *report, const struct xml_list *list, struct query *query) {
    bool done = true;
    xml_indent(report);
    int column = xml_attributes(report, list, query);
    if (list->fields[column].kind == XML_CONTENT) {
        const char *text = query_column_text(query, column);
        buffer_append_byte(report->out, '>');
        if (text != NULL)
            text_xml_escape(report->out, text, strlen(text));
        xml_end(report, list->element);
        return true;
    }
    size_t before = report->out->length;
    buffer_append_text(report->out, ">\n");
    report->depth++;
    size_t content = report->out->length;
    for (; list->fields[column].kind != XML_NONE; column++)
        if (!query_column_null(query, column))
            xml_child(report, list->fields[column].name, query_column_text(query, column));
    for (size_t i = 0; done && i < list->inner_count; i++)
        done = xml_write_list(report, &list->inner[i], query_column_text(query, 0));
    report->depth--;
    if (report->out->length == content && !report->out->failed) {
        report->out->length = before;
        buffer_append_text(report->out, "/>\n");
        return done;
    }
    xml_indent(report);
    xml_end(report, list->element);
    return done;
}

/* All elements of a list, with ?1 bound to `key` unless it is NULL. */
static bool xml_write_list(struct xml_report *report, const struct xml_list *list, const char *key) {
    struct query *query = xml_query(report, list);
    bool done = query != NULL;
    if (list->container != NULL) {
        xml_indent(report);
        buffer_format(report->out, "<%s>\n", list->container);
        report->depth++;
    }
    if (done && key != NULL)
        query_text(query, 1, key);
    while (done && query_step(query))
        done = xml_row(report, list, query);
    if (list->container != NULL) {
        report->depth--;
        xml_indent(report);
        xml_end(report, list->container);
    }
    return query != NULL && query_reset(query) && done;
}

bool xml_report_write(sqlite3 *store, struct buffer *out, struct diagnostics *diagnostics) {
    struct xml_report report = {.store = store, .out = out, .diagnostics = diagnostics, .depth = 1};
    bool done = true;
    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<portfolio xmlns=\"" XML_NAMESPACE "\">\n");
    for (size_t i = 0; done && i < sizeof xml_lists / sizeof xml_lists[0]; i++)
        done = xml_write_list(&report, &xml_lists[i], NULL);
    buffer_append_text(out, "</portfolio>\n");
    if (!xml_close(&report) || !done)
        return false;
    if (out->failed)
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while writing the XML report");
    return !out->failed;
}

bool xml_report_valid(const struct buffer *text, const char *xsd_path, struct diagnostics *diagnostics) {
    return xml_validate(text->data, text->length, xsd_path, XML_NAME, DIAGNOSTIC_XML_INVALID, diagnostics);
}
