#include "config/programme_private.h"
#include "config/schema_private.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct programme_checker {
    struct arena *arena;
    const struct yaml_node *root;
    const struct schema *schema;
    struct programme *programme;
    struct diagnostics *diagnostics;
};

/* An id and where it stands, for finding those that stand twice. `second` narrows it, or is "". */
struct programme_id {
    const char *id;
    const char *second;
    struct place place;
};

/* Where the value of a key of a list's item stands; the item itself when the key is absent. */
static const struct place *programme_place(const struct programme_checker *checker, const char *list, size_t index,
                                           const char *key) {
    const struct yaml_node *item = yaml_get(checker->root, list)->items[index];
    const struct yaml_node *value = yaml_get(item, key);
    return value != NULL ? &value->place : &item->place;
}

static int programme_compare_ids(const void *a, const void *b) {
    const struct programme_id *first = a;
    const struct programme_id *second = b;
    int order = strcmp(first->id, second->id);
    if (order == 0)
        order = strcmp(first->second, second->second);
    if (order != 0)
        return order;
    if (first->place.line != second->place.line)
        return first->place.line < second->place.line ? -1 : 1;
    return (first->place.column > second->place.column) - (first->place.column < second->place.column);
}

static void programme_check_ids(const struct programme_checker *checker, const char *what, struct programme_id *ids,
                                size_t count) {
    if (count < 2)
        return;
    qsort(ids, count, sizeof(*ids), programme_compare_ids);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(ids[i - 1].id, ids[i].id) == 0 && strcmp(ids[i - 1].second, ids[i].second) == 0)
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &ids[i].place,
                               "the %s '%.80s%s%.80s' stands already in line %llu; remove or rename one of them", what,
                               ids[i].id, ids[i].second[0] != '\0' ? " / " : "", ids[i].second,
                               (unsigned long long)ids[i - 1].place.line);
    }
}

/* Checks that one text field of a list's structs is unique, or two together where `second_offset` is not SIZE_MAX. */
static void programme_check_unique(const struct programme_checker *checker, const char *what, const void *items,
                                   size_t count, size_t size, size_t id_offset, size_t second_offset,
                                   size_t place_offset) {
    struct programme_id *ids = arena_array(checker->arena, count, sizeof(*ids));
    size_t filled = 0;
    if (ids == NULL && count > 0) {
        decode_out_of_memory(checker->diagnostics);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *item = (const char *)items + i * size;
        struct programme_id *id = &ids[filled];
        memcpy(&id->id, item + id_offset, sizeof(id->id));
        id->second = "";
        if (second_offset != SIZE_MAX)
            memcpy(&id->second, item + second_offset, sizeof(id->second));
        if (id->second == NULL)
            id->second = "";
        memcpy(&id->place, item + place_offset, sizeof(id->place));
        filled += id->id != NULL;
    }
    programme_check_ids(checker, what, ids, filled);
}

#define UNIQUE(checker, what, items, count, type, id, second)                                                          \
    programme_check_unique(checker, what, items, count, sizeof(struct type), offsetof(struct type, id), second,        \
                           offsetof(struct type, place))

static void programme_check_duplicates(const struct programme_checker *checker) {
    const struct programme *programme = checker->programme;
    UNIQUE(checker, "period", programme->periods, programme->period_count, programme_period, id, SIZE_MAX);
    UNIQUE(checker, "commitment", programme->commitments, programme->commitment_count, programme_commitment, id,
           SIZE_MAX);
    UNIQUE(checker, "part of the scope", programme->scope, programme->scope_count, programme_system, name,
           offsetof(struct programme_system, kind));
    UNIQUE(checker, "source", programme->sources, programme->source_count, programme_source, id, SIZE_MAX);
    UNIQUE(checker, "person", programme->people, programme->person_count, programme_person, id, SIZE_MAX);
    UNIQUE(checker, "override", programme->overrides, programme->override_count, programme_override, control,
           offsetof(struct programme_override, parameter));
    UNIQUE(checker, "control that does not apply", programme->exclusions, programme->exclusion_count,
           programme_exclusion, control, SIZE_MAX);
    UNIQUE(checker, "waiver", programme->waivers, programme->waiver_count, programme_waiver, id, SIZE_MAX);
    UNIQUE(checker, "finding", programme->findings, programme->finding_count, programme_finding, id, SIZE_MAX);
    UNIQUE(checker, "response to", programme->responses, programme->response_count, programme_response, test,
           offsetof(struct programme_response, item));
}

/* One login belongs to one person: otherwise what it did could not be told apart. */
static void programme_check_logins(const struct programme_checker *checker) {
    const struct programme *programme = checker->programme;
    struct programme_id *ids = NULL;
    size_t count = 0;
    for (size_t p = 0; p < programme->person_count; p++) {
        const struct programme_person *person = &programme->people[p];
        for (size_t l = 0; l < person->logins.count; l++) {
            struct programme_id *id = arena_push(checker->arena, &ids, &count, sizeof(*ids));
            if (id == NULL) {
                decode_out_of_memory(checker->diagnostics);
                return;
            }
            *id = (struct programme_id){person->logins.items[l], "", *programme_place(checker, "people", p, "logins")};
        }
    }
    programme_check_ids(checker, "login", ids, count);
}

static const struct control *programme_check_control(const struct programme_checker *checker, const char *id,
                                                     const struct place *place) {
    const struct schema *schema = checker->schema;
    const struct control *control = schema_control(schema, id);
    if (control == NULL)
        decode_unknown(place, "control", id, schema->controls, schema->control_count, sizeof(*schema->controls),
                       checker->diagnostics);
    return control;
}

static void programme_check_test(const struct programme_checker *checker, const char *id, const struct place *place) {
    if (schema_test(checker->schema, id, NULL) == NULL)
        schema_no_test(checker->schema, checker->arena, place, id, checker->diagnostics);
}

static void programme_check_override(const struct programme_checker *checker, struct programme_override *override,
                                     size_t index) {
    if (override->control == NULL || override->parameter == NULL || override->value == NULL)
        return;
    const struct control *control =
        programme_check_control(checker, override->control, programme_place(checker, "overrides", index, "control"));
    if (control == NULL)
        return;
    for (size_t p = 0; p < control->parameter_count; p++) {
        const struct parameter *parameter = &control->parameters[p];
        if (strcmp(parameter->name, override->parameter) != 0)
            continue;
        override->text = override->value->text;
        schema_value_parameter(parameter, override->value, &override->converted, checker->diagnostics);
        return;
    }
    char *what = arena_format(checker->arena, "parameter of the control '%s' called", control->id);
    if (what == NULL)
        decode_out_of_memory(checker->diagnostics);
    else
        decode_unknown(programme_place(checker, "overrides", index, "parameter"), what, override->parameter,
                       control->parameters, control->parameter_count, sizeof(*control->parameters),
                       checker->diagnostics);
}

static void programme_check_decisions(const struct programme_checker *checker) {
    struct programme *programme = checker->programme;
    for (size_t i = 0; i < programme->override_count; i++)
        programme_check_override(checker, &programme->overrides[i], i);
    for (size_t i = 0; i < programme->exclusion_count; i++) {
        if (programme->exclusions[i].control != NULL)
            programme_check_control(checker, programme->exclusions[i].control,
                                    programme_place(checker, "not_applicable", i, "control"));
    }
    for (size_t i = 0; i < programme->waiver_count; i++) {
        const struct programme_waiver *waiver = &programme->waivers[i];
        if (waiver->test != NULL)
            programme_check_test(checker, waiver->test, programme_place(checker, "waivers", i, "test"));
        if (waiver->expires < waiver->approved)
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE,
                               programme_place(checker, "waivers", i, "expires"),
                               "the waiver expires before it was approved; check the two dates");
    }
    for (size_t i = 0; i < programme->response_count; i++) {
        if (programme->responses[i].test != NULL)
            programme_check_test(checker, programme->responses[i].test,
                                 programme_place(checker, "responses", i, "test"));
    }
}

/* Management's own findings: what they say of being closed has to agree. */
static void programme_check_findings(const struct programme_checker *checker) {
    const struct programme *programme = checker->programme;
    for (size_t i = 0; i < programme->finding_count; i++) {
        const struct programme_finding *finding = &programme->findings[i];
        bool closed = finding->closed != INT64_MIN;
        const char *wrong = NULL;
        const char *key = "closed";
        if (finding->control != NULL)
            programme_check_control(checker, finding->control, programme_place(checker, "findings", i, "control"));
        if (finding->id != NULL && (*finding->id == '\0' || strlen(finding->id) > LIMIT_ITEM_BYTES)) {
            wrong = "its id is empty or too long; give it a short one";
            key = "id";
        } else if (closed && finding->closed < finding->opened) {
            wrong = "it was closed before it was opened; check the two dates";
        } else if (finding->status == PROGRAMME_FINDING_OPEN && closed) {
            wrong = "it is open and has a date on which it was closed; correct one of them";
        } else if (finding->status == PROGRAMME_FINDING_CLOSED && !closed) {
            wrong = "it is closed and does not say when; add `closed:` with the date";
            key = "status";
        } else if (finding->verified_by != NULL && !closed) {
            wrong = "somebody verified what is not closed; add `closed:` with the date, or take the name out";
            key = "verified_by";
        }
        if (wrong != NULL)
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE,
                               programme_place(checker, "findings", i, key), "finding '%.80s': %s",
                               finding->id != NULL ? finding->id : "", wrong);
    }
}

/* Recorded results are of tests that a person makes. */
static void programme_check_results(const struct programme_checker *checker) {
    const struct programme *programme = checker->programme;
    for (size_t i = 0; i < programme->result_count; i++) {
        const char *id = programme->results[i].test;
        const struct place *place = id != NULL ? programme_place(checker, "results", i, "test") : NULL;
        if (id == NULL)
            continue;
        programme_check_test(checker, id, place);
        const struct test *test = schema_test(checker->schema, id, NULL);
        if (test != NULL && test->query != NULL)
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "the test '%.80s' has a query, and no result of it can be recorded; only manual tests "
                               "have results",
                               id);
    }
}

static void programme_check_dispositions(const struct programme_checker *checker) {
    const struct programme *programme = checker->programme;
    for (size_t i = 0; i < programme->disposition_count; i++) {
        const struct programme_disposition *disposition = &programme->dispositions[i];
        bool known = disposition->source == NULL;
        for (size_t s = 0; s < programme->source_count && !known; s++)
            known = programme->sources[s].id != NULL && strcmp(programme->sources[s].id, disposition->source) == 0;
        if (!known)
            decode_unknown(programme_place(checker, "dispositions", i, "source"), "source", disposition->source,
                           programme->sources, programme->source_count, sizeof(*programme->sources),
                           checker->diagnostics);
        if (disposition->record < 1)
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE,
                               programme_place(checker, "dispositions", i, "record"),
                               "'record' counts the file's records from 1; write that number");
    }
}

static void programme_check_categories(const struct programme_checker *checker) {
    static const char *const known[] = {"security", "availability", "confidentiality", "processing-integrity",
                                        "privacy"};
    const struct yaml_node *node = yaml_get(checker->root, "categories");
    const struct text_list *categories = &checker->programme->categories;
    if (node == NULL)
        return;
    if (categories->count == 0)
        diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'categories' is empty; name at least security");
    for (size_t i = 0; i < categories->count; i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
            found = found || strcmp(known[k], categories->items[i]) == 0;
        if (!found)
            decode_unknown(&node->place, "category", categories->items[i], known, sizeof(known) / sizeof(known[0]),
                           sizeof(known[0]), checker->diagnostics);
    }
}

/* The id names the folder of the period's outputs and stands in the package's name. */
static void programme_check_period_id(const struct programme_checker *checker, size_t index) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    const char *id = checker->programme->periods[index].id;
    size_t length = id != NULL ? strlen(id) : 0;

    if (id != NULL && (length == 0 || length > LIMIT_NAME_BYTES || id[0] == '.' || strspn(id, allowed) != length))
        diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE,
                           programme_place(checker, "periods", index, "id"),
                           "the id of a period names a folder: write letters, digits, '-', '_' and '.', not first a "
                           "'.', at most %d characters, such as 2025-Q4",
                           LIMIT_NAME_BYTES);
}

/* A period that is named as prior is one that was declared and does not end later; anything else is a file. */
static void programme_check_prior(const struct programme_checker *checker, const struct programme_period *period,
                                  size_t index) {
    const struct programme *programme = checker->programme;
    for (size_t i = 0; i < period->prior.count; i++) {
        const char *name = period->prior.items[i];
        const struct programme_period *prior = programme_find_period(programme, name);
        const struct place *place = programme_place(checker, "periods", index, "prior");
        if (prior == NULL && !programme_prior_is_file(name))
            decode_unknown(place, "earlier period", name, programme->periods, programme->period_count,
                           sizeof(*programme->periods), checker->diagnostics);
        else if (prior != NULL && (prior == period || prior->span.until > period->span.until))
            diagnostics_report(checker->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "the period '%s' does not end before this one; name earlier periods", name);
    }
}

void programme_check_all(struct arena *arena, const struct yaml_node *root, const struct schema *schema,
                         struct programme *programme, struct diagnostics *diagnostics) {
    const struct programme_checker checker = {arena, root, schema, programme, diagnostics};
    programme_check_categories(&checker);
    for (size_t i = 0; i < programme->period_count; i++) {
        programme_check_period_id(&checker, i);
        programme_check_prior(&checker, &programme->periods[i], i);
        if (programme->periods[i].span.from >= programme->periods[i].span.until)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, programme_place(&checker, "periods", i, "to"),
                               "the period ends before it begins; check the two dates");
    }
    programme_check_duplicates(&checker);
    programme_check_logins(&checker);
    programme_check_decisions(&checker);
    programme_check_findings(&checker);
    programme_check_results(&checker);
    programme_check_dispositions(&checker);
}
