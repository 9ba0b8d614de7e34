#include "config/programme_private.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define PROGRAMME_DAY 86400

static const char *const programme_scope_kinds[] = {"service",    "system",    "data", "location",
                                                    "subservice", "exclusion", NULL};

/* What stands in the file and not, or not in that form, in the programme. */
struct programme_draft {
    struct programme programme;
    int64_t report_type;
    struct text_list holidays;
};

static const struct decode_field period_fields[] = {
    {"id", DECODE_TEXT, offsetof(struct programme_period, id), true, NULL},
    {"from", DECODE_DATE, offsetof(struct programme_period, span.from), true, NULL},
    {"to", DECODE_DATE, offsetof(struct programme_period, span.until), true, NULL},
    {"prior", DECODE_TEXTS, offsetof(struct programme_period, prior), false, NULL},
};
static const struct decode_field commitment_fields[] = {
    {"id", DECODE_TEXT, offsetof(struct programme_commitment, id), true, NULL},
    {"text", DECODE_TEXT, offsetof(struct programme_commitment, text), true, NULL},
};
static const struct decode_field scope_fields[] = {
    {"name", DECODE_TEXT, offsetof(struct programme_system, name), true, NULL},
    {"kind", DECODE_PLACE_ONLY, 0, true, NULL},
    {"description", DECODE_TEXT, offsetof(struct programme_system, description), true, NULL},
};
static const struct decode_field source_fields[] = {
    {"id", DECODE_NAME, offsetof(struct programme_source, id), true, NULL},
    {"kind", DECODE_PLACE_ONLY, 0, true, NULL},
    {"path", DECODE_TEXT, offsetof(struct programme_source, path), true, NULL},
    {"system", DECODE_TEXT, offsetof(struct programme_source, system), false, NULL},
    {"query", DECODE_TEXT, offsetof(struct programme_source, query), false, NULL},
    {"collected_by", DECODE_TEXT, offsetof(struct programme_source, collected_by), false, NULL},
    {"silence", DECODE_DURATION, offsetof(struct programme_source, silence), false, NULL},
    {"sequence", DECODE_TEXT, offsetof(struct programme_source, sequence), false, NULL},
    {"known_gaps", DECODE_PLACE_ONLY, 0, false, NULL},
    {"zone", DECODE_PLACE_ONLY, 0, false, NULL},
    {"from", DECODE_DATE, offsetof(struct programme_source, from), false, NULL},
    {"until", DECODE_DATE, offsetof(struct programme_source, until), false, NULL},
    {"empty", DECODE_TEXT, offsetof(struct programme_source, empty_reason), false, NULL},
    {"tolerate", DECODE_PLACE_ONLY, 0, false, NULL},
    {"approved_by", DECODE_TEXT, offsetof(struct programme_source, approved_by), false, NULL},
    {"day_order", DECODE_TEXT, offsetof(struct programme_source, day_order_text), false, NULL},
    {"encoding", DECODE_TEXT, offsetof(struct programme_source, encoding_text), false, NULL},
    {"sheet", DECODE_TEXT, offsetof(struct programme_source, sheet), false, NULL},
    {"member", DECODE_TEXTS, offsetof(struct programme_source, members), false, NULL},
    {"command", DECODE_PLACE_ONLY, 0, false, NULL},
};
static const struct decode_field person_fields[] = {
    {"id", DECODE_TEXT, offsetof(struct programme_person, id), true, NULL},
    {"logins", DECODE_TEXTS, offsetof(struct programme_person, logins), true, NULL},
};
static const struct decode_field override_fields[] = {
    {"control", DECODE_TEXT, offsetof(struct programme_override, control), true, NULL},
    {"parameter", DECODE_TEXT, offsetof(struct programme_override, parameter), true, NULL},
    {"value", DECODE_NODE, offsetof(struct programme_override, value), true, NULL},
    {"approver", DECODE_TEXT, offsetof(struct programme_override, approver), true, NULL},
    {"date", DECODE_DATE, offsetof(struct programme_override, date), true, NULL},
    {"reason", DECODE_TEXT, offsetof(struct programme_override, reason), true, NULL},
};
static const struct decode_field exclusion_fields[] = {
    {"control", DECODE_TEXT, offsetof(struct programme_exclusion, control), true, NULL},
    {"reason", DECODE_TEXT, offsetof(struct programme_exclusion, reason), true, NULL},
};
static const struct decode_field waiver_fields[] = {
    {"id", DECODE_TEXT, offsetof(struct programme_waiver, id), true, NULL},
    {"test", DECODE_TEXT, offsetof(struct programme_waiver, test), true, NULL},
    {"item", DECODE_TEXT, offsetof(struct programme_waiver, item), false, NULL},
    {"reason", DECODE_TEXT, offsetof(struct programme_waiver, reason), true, NULL},
    {"approver", DECODE_TEXT, offsetof(struct programme_waiver, approver), true, NULL},
    {"approved", DECODE_DATE, offsetof(struct programme_waiver, approved), true, NULL},
    {"expires", DECODE_DATE, offsetof(struct programme_waiver, expires), true, NULL},
};
static const struct decode_field response_fields[] = {
    {"test", DECODE_TEXT, offsetof(struct programme_response, test), true, NULL},
    {"item", DECODE_TEXT, offsetof(struct programme_response, item), false, NULL},
    {"cause", DECODE_TEXT, offsetof(struct programme_response, cause), false, NULL},
    {"extent", DECODE_TEXT, offsetof(struct programme_response, extent), false, NULL},
    {"response", DECODE_TEXT, offsetof(struct programme_response, response), true, NULL},
    {"action", DECODE_TEXT, offsetof(struct programme_response, action), false, NULL},
    {"completed", DECODE_DATE, offsetof(struct programme_response, completed), false, NULL},
    {"owner", DECODE_TEXT, offsetof(struct programme_response, owner), false, NULL},
    {"due", DECODE_DATE, offsetof(struct programme_response, due), false, NULL},
};
static const char *const programme_finding_statuses[] = {"open", "closed", NULL}; /* enum programme_finding_status */
static const struct decode_field finding_fields[] = {
    {"id", DECODE_TEXT, offsetof(struct programme_finding, id), true, NULL},
    {"control", DECODE_TEXT, offsetof(struct programme_finding, control), false, NULL},
    {"text", DECODE_TEXT, offsetof(struct programme_finding, text), true, NULL},
    {"severity", DECODE_CHOICE, offsetof(struct programme_finding, severity), true, schema_severity_names},
    {"opened", DECODE_DATE, offsetof(struct programme_finding, opened), true, NULL},
    {"owner", DECODE_TEXT, offsetof(struct programme_finding, owner), true, NULL},
    {"due", DECODE_DATE, offsetof(struct programme_finding, due), false, NULL},
    {"status", DECODE_CHOICE, offsetof(struct programme_finding, status), false, programme_finding_statuses},
    {"closed", DECODE_DATE, offsetof(struct programme_finding, closed), false, NULL},
    {"verified_by", DECODE_TEXT, offsetof(struct programme_finding, verified_by), false, NULL},
};
static const struct decode_field event_fields[] = {
    {"date", DECODE_DATE, offsetof(struct programme_event, date), true, NULL},
    {"text", DECODE_TEXT, offsetof(struct programme_event, text), true, NULL},
    {"effect", DECODE_TEXT, offsetof(struct programme_event, effect), true, NULL},
    {"material", DECODE_BOOLEAN, offsetof(struct programme_event, material), false, NULL},
};
static const char *const programme_conclusions[] = {"no exceptions", "exceptions",
                                                    NULL}; /* enum programme_conclusion */
static const struct decode_field result_fields[] = {
    {"test", DECODE_TEXT, offsetof(struct programme_result, test), true, NULL},
    {"at", DECODE_DATE, offsetof(struct programme_result, at), true, NULL},
    {"by", DECODE_TEXT, offsetof(struct programme_result, by), true, NULL},
    {"looked_at", DECODE_TEXT, offsetof(struct programme_result, looked_at), true, NULL},
    {"conclusion", DECODE_CHOICE, offsetof(struct programme_result, conclusion), true, programme_conclusions},
    {"found", DECODE_TEXT, offsetof(struct programme_result, found), false, NULL},
};
static const struct decode_field disposition_fields[] = {
    {"source", DECODE_TEXT, offsetof(struct programme_disposition, source), true, NULL},
    {"file", DECODE_TEXT, offsetof(struct programme_disposition, path), true, NULL},
    {"record", DECODE_INTEGER, offsetof(struct programme_disposition, record), true, NULL},
    {"reason", DECODE_TEXT, offsetof(struct programme_disposition, reason), true, NULL},
    {"approver", DECODE_TEXT, offsetof(struct programme_disposition, approver), true, NULL},
    {"date", DECODE_DATE, offsetof(struct programme_disposition, date), true, NULL},
};

static const struct decode_field reconciliation_fields[] = {
    {"source", DECODE_TEXT, offsetof(struct programme_reconciliation, source), true, NULL},
    {"column", DECODE_TEXT, offsetof(struct programme_reconciliation, column), true, NULL},
    {"with", DECODE_TEXT, offsetof(struct programme_reconciliation, with), true, NULL},
    {"their", DECODE_TEXT, offsetof(struct programme_reconciliation, their), true, NULL},
    {"meaning", DECODE_TEXT, offsetof(struct programme_reconciliation, meaning), true, NULL},
};

static const struct decode_field target_fields[] = {
    {"control", DECODE_TEXT, offsetof(struct programme_target, control), false, NULL},
    {"criterion", DECODE_TEXT, offsetof(struct programme_target, criterion), false, NULL},
    {"category", DECODE_TEXT, offsetof(struct programme_target, category), false, NULL},
    {"state", DECODE_PLACE_ONLY, 0, true, NULL},
    {"date", DECODE_DATE, offsetof(struct programme_target, date), false, NULL},
    {"owner", DECODE_TEXT, offsetof(struct programme_target, owner), false, NULL},
    {"note", DECODE_TEXT, offsetof(struct programme_target, note), false, NULL},
};

static const struct programme_source programme_blank_source = {
    .kind = SIZE_MAX, .zone = DATETIME_ZONE_UNDECLARED, .from = INT64_MIN, .until = INT64_MAX};
static const struct programme_response programme_blank_response = {.due = INT64_MIN, .completed = INT64_MIN};
static const struct programme_finding programme_blank_finding = {.status = -1, .due = INT64_MIN, .closed = INT64_MIN};
static const struct programme_target programme_blank_target = {.date = INT64_MIN};

#define PROGRAMME_LIST(the_key, the_what, type, items, the_count, the_fields, the_blank)                               \
    {                                                                                                                  \
        .key = the_key, .what = the_what, .fields = the_fields, .field_count = COUNT(the_fields),                      \
        .size = sizeof(struct type), .blank = the_blank, .place_offset = offsetof(struct type, place),                 \
        .items_offset = offsetof(struct programme, items), .count_offset = offsetof(struct programme, the_count)       \
    }
static const struct decode_list programme_lists[] = {
    PROGRAMME_LIST("periods", "period", programme_period, periods, period_count, period_fields, NULL),
    PROGRAMME_LIST("commitments", "commitment", programme_commitment, commitments, commitment_count, commitment_fields,
                   NULL),
    PROGRAMME_LIST("scope", "part of the scope", programme_system, scope, scope_count, scope_fields, NULL),
    PROGRAMME_LIST("sources", "source", programme_source, sources, source_count, source_fields,
                   &programme_blank_source),
    PROGRAMME_LIST("people", "person", programme_person, people, person_count, person_fields, NULL),
    PROGRAMME_LIST("overrides", "override", programme_override, overrides, override_count, override_fields, NULL),
    PROGRAMME_LIST("not_applicable", "control that does not apply", programme_exclusion, exclusions, exclusion_count,
                   exclusion_fields, NULL),
    PROGRAMME_LIST("waivers", "waiver", programme_waiver, waivers, waiver_count, waiver_fields, NULL),
    PROGRAMME_LIST("responses", "response", programme_response, responses, response_count, response_fields,
                   &programme_blank_response),
    PROGRAMME_LIST("findings", "finding", programme_finding, findings, finding_count, finding_fields,
                   &programme_blank_finding),
    PROGRAMME_LIST("subsequent_events", "subsequent event", programme_event, events, event_count, event_fields, NULL),
    PROGRAMME_LIST("results", "result", programme_result, results, result_count, result_fields, NULL),
    PROGRAMME_LIST("reconciliations", "reconciliation", programme_reconciliation, reconciliations, reconciliation_count,
                   reconciliation_fields, NULL),
    PROGRAMME_LIST("targets", "target", programme_target, targets, target_count, target_fields,
                   &programme_blank_target),
    PROGRAMME_LIST("dispositions", "disposition", programme_disposition, dispositions, disposition_count,
                   disposition_fields, NULL),
};

static const struct decode_field programme_fields[] = {
    {"organisation", DECODE_TEXT, offsetof(struct programme, organisation), true, NULL},
    {"slug", DECODE_TEXT, offsetof(struct programme, organisation_slug), false, NULL},
    {"system", DECODE_TEXT, offsetof(struct programme, system), true, NULL},
    {"description", DECODE_TEXT, offsetof(struct programme, description), false, NULL},
    {"contact", DECODE_TEXT, offsetof(struct programme, contact), false, NULL},
    {"report_type", DECODE_INTEGER, offsetof(struct programme_draft, report_type), false, NULL},
    {"categories", DECODE_TEXTS, offsetof(struct programme, categories), true, NULL},
    {"holidays", DECODE_TEXTS, offsetof(struct programme_draft, holidays), false, NULL},
    {"periods", DECODE_PLACE_ONLY, 0, false, NULL},
    {"commitments", DECODE_PLACE_ONLY, 0, false, NULL},
    {"scope", DECODE_PLACE_ONLY, 0, false, NULL},
    {"sources", DECODE_PLACE_ONLY, 0, true, NULL},
    {"people", DECODE_PLACE_ONLY, 0, false, NULL},
    {"overrides", DECODE_PLACE_ONLY, 0, false, NULL},
    {"results", DECODE_PLACE_ONLY, 0, false, NULL},
    {"not_applicable", DECODE_PLACE_ONLY, 0, false, NULL},
    {"waivers", DECODE_PLACE_ONLY, 0, false, NULL},
    {"responses", DECODE_PLACE_ONLY, 0, false, NULL},
    {"findings", DECODE_PLACE_ONLY, 0, false, NULL},
    {"subsequent_events", DECODE_PLACE_ONLY, 0, false, NULL},
    {"remediation_days", DECODE_PLACE_ONLY, 0, false, NULL},
    {"reconciliations", DECODE_PLACE_ONLY, 0, false, NULL},
    {"dispositions", DECODE_PLACE_ONLY, 0, false, NULL},
    {"requests", DECODE_PLACE_ONLY, 0, false, NULL},
    {"targets", DECODE_PLACE_ONLY, 0, false, NULL},
    {"readiness", DECODE_PLACE_ONLY, 0, false, NULL},
    {"signing", DECODE_PLACE_ONLY, 0, false, NULL},
    {"roi", DECODE_PLACE_ONLY, 0, false, NULL},
};

static const struct decode_field requests_fields[] = {
    {"list", DECODE_TEXT, offsetof(struct programme, request_list), true, NULL},
};

static const struct decode_field signing_fields[] = {
    {"key", DECODE_TEXT, offsetof(struct programme, signing_key), true, NULL},
    {"certificate", DECODE_TEXT, offsetof(struct programme, signing_certificate), true, NULL},
    {"anchors", DECODE_TEXTS, offsetof(struct programme, signing_anchors), false, NULL},
    {"development", DECODE_BOOLEAN, offsetof(struct programme, signing_development), false, NULL},
};

/* Lower case, digits, and one '-' for every run of anything else. */
static const char *programme_slug(struct arena *arena, const char *organisation) {
    char *slug = arena_text(arena, organisation);
    size_t length = 0;
    if (slug == NULL)
        return NULL;
    for (const char *c = organisation; *c != '\0'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9'))
            slug[length++] = lower;
        else if (length > 0 && slug[length - 1] != '-')
            slug[length++] = '-';
    }
    if (length > 0 && slug[length - 1] == '-')
        length--;
    slug[length] = '\0';
    return length > 0 ? slug : "organisation";
}

static int programme_compare_days(const void *a, const void *b) {
    const int64_t *one = a;
    const int64_t *other = b;
    return (*one > *other) - (*one < *other);
}

/* Days without business, each a date. */
static bool programme_holidays(struct arena *arena, const struct yaml_node *root, const struct text_list *texts,
                               struct datetime_days *out, struct diagnostics *diagnostics) {
    const struct yaml_node *node = yaml_get(root, "holidays");

    out->days = arena_array(arena, texts->count + 1, sizeof(*out->days));
    if (out->days == NULL)
        return decode_out_of_memory(diagnostics);
    for (size_t i = 0; i < texts->count; i++) {
        const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->items[i] : node;
        struct span day;
        if (!datetime_span(texts->items[i], strlen(texts->items[i]), &day) || day.until - day.from != PROGRAMME_DAY)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &item->place,
                               "the holiday '%.80s' is no day; write it as 2025-12-25", texts->items[i]);
        else if (!datetime_among(out, day.from)) {
            out->days[out->count++] = day.from;
            qsort(out->days, out->count, sizeof(*out->days), programme_compare_days);
        }
    }
    return true;
}

/* Scalars of the programme itself that the tables cannot express. */
static bool programme_finish(struct arena *arena, const struct yaml_node *root, struct programme_draft *draft,
                             struct diagnostics *diagnostics) {
    struct programme *programme = &draft->programme;
    const struct yaml_node *slug = yaml_get(root, "slug");
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    if (draft->report_type != 1 && draft->report_type != 2)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "report_type")->place,
                           "'report_type' must be 1 (design at a date) or 2 (operation over a period)");
    programme->type_one = draft->report_type == 1;
    if (!programme_holidays(arena, root, &draft->holidays, &programme->holidays, diagnostics))
        return false;
    if (programme->organisation_slug != NULL) {
        size_t length = strlen(programme->organisation_slug);
        if (length == 0 || length > 64 || strspn(programme->organisation_slug, allowed) != length)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &slug->place,
                               "'slug' must be a-z, 0-9 and '-', at most 64 characters: it begins file names");
    } else if (programme->organisation != NULL) {
        programme->organisation_slug = programme_slug(arena, programme->organisation);
        if (programme->organisation_slug == NULL)
            return decode_out_of_memory(diagnostics);
    }
    return true;
}

static void programme_finish_scope(struct arena *arena, const struct yaml_node *root, struct programme *programme,
                                   struct diagnostics *diagnostics) {
    static const struct decode_field kind = {"kind", DECODE_CHOICE, 0, true, programme_scope_kinds};
    for (size_t i = 0; i < programme->scope_count; i++) {
        const struct yaml_node *node = yaml_get(yaml_get(root, "scope")->items[i], "kind");
        int choice = 0;
        programme->scope[i].kind = programme_scope_kinds[0];
        if (node != NULL && decode_scalar(arena, node, "part of the scope", &kind, &choice, diagnostics))
            programme->scope[i].kind = programme_scope_kinds[choice];
    }
}

static bool programme_decode(struct arena *arena, const struct yaml_node *root, struct programme_draft *draft,
                             struct diagnostics *diagnostics) {
    struct programme *programme = &draft->programme;
    const struct yaml_node *signing = yaml_get(root, "signing");

    programme->place = root->place;
    decode_mapping(arena, root, "programme", programme_fields, COUNT(programme_fields), draft, diagnostics);
    if (root->kind != YAML_MAPPING)
        return false;
    for (size_t i = 0; i < COUNT(programme_lists); i++)
        decode_sequence(arena, yaml_get(root, programme_lists[i].key), &programme_lists[i], programme, diagnostics);
    for (size_t i = 0; i < programme->period_count; i++)
        programme->periods[i].span.until += PROGRAMME_DAY;
    if (yaml_get(root, "remediation_days") != NULL)
        schema_deadlines_read(arena, yaml_get(root, "remediation_days"), &programme->deadlines, diagnostics);
    const struct yaml_node *requests = yaml_get(root, "requests");
    if (requests != NULL)
        decode_mapping(arena, requests, "requests", requests_fields, COUNT(requests_fields), programme, diagnostics);
    if (signing != NULL)
        decode_mapping(arena, signing, "signing", signing_fields, COUNT(signing_fields), programme, diagnostics);
    if (yaml_get(root, "roi") != NULL)
        programme->roi = programme_roi_read(arena, yaml_get(root, "roi"), diagnostics);
    programme_finish_scope(arena, root, programme, diagnostics);
    return programme_finish(arena, root, draft, diagnostics);
}

bool programme_kinds(struct arena *arena, const char *folder, struct text_list *out) {
    struct diagnostics *unheard = diagnostics_new();
    char *path = path_join(arena, folder, "inputs/programme.yaml");
    const struct yaml_node *root = unheard != NULL && path != NULL ? yaml_load(arena, path, unheard) : NULL;
    const struct yaml_node *sources = root != NULL && root->kind == YAML_MAPPING ? yaml_get(root, "sources") : NULL;
    bool told = sources != NULL && sources->kind == YAML_SEQUENCE;
    const char **kinds = told ? arena_array(arena, sources->count + 1, sizeof(*kinds)) : NULL;
    told = told && kinds != NULL;
    size_t count = 0;
    for (size_t i = 0; told && i < sources->count; i++) {
        const struct yaml_node *source = sources->items[i];
        const struct yaml_node *kind = source->kind == YAML_MAPPING ? yaml_get(source, "kind") : NULL;
        told = kind != NULL && kind->kind == YAML_SCALAR;
        size_t known = 0;
        while (told && known < count && strcmp(kinds[known], kind->text) != 0)
            known++;
        if (told && known == count)
            kinds[count++] = kind->text;
    }
    *out = (struct text_list){kinds, count};
    diagnostics_free(unheard);
    return told;
}

struct programme *programme_load(struct arena *arena, const char *folder, const struct schema *schema,
                                 struct diagnostics *diagnostics) {
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE);
    char *path = path_join(arena, folder, "inputs/programme.yaml");
    struct programme_draft *draft = arena_allocate(arena, sizeof(*draft));

    if (path == NULL || draft == NULL) {
        decode_out_of_memory(diagnostics);
        return NULL;
    }
    draft->report_type = 2;
    draft->programme.deadlines = schema->deadlines;
    draft->programme.submission = draft->programme.start = INT64_MIN;
    const struct yaml_node *root = yaml_load(arena, path, diagnostics);
    if (root == NULL || !programme_decode(arena, root, draft, diagnostics))
        return NULL;
    programme_sources_check(arena, root, schema, &draft->programme, diagnostics);
    programme_reconcile_check(root, schema, &draft->programme, diagnostics);
    programme_check_all(arena, root, schema, &draft->programme, diagnostics);
    programme_readiness_check(arena, root, schema, &draft->programme, diagnostics);
    return diagnostics_count(diagnostics, DIAGNOSTIC_EVIDENCE) == before ? &draft->programme : NULL;
}

const struct programme_override *programme_find_override(const struct programme *programme, const char *control,
                                                         const char *parameter, int64_t as_of) {
    for (size_t i = 0; i < programme->override_count; i++) {
        const struct programme_override *override = &programme->overrides[i];
        if (strcmp(override->control, control) == 0 && strcmp(override->parameter, parameter) == 0)
            return override->date <= as_of ? override : NULL;
    }
    return NULL;
}

bool programme_in_scope(const struct programme *programme, const char *category) {
    if (strcmp(category, "security") == 0)
        return true;
    for (size_t i = 0; i < programme->categories.count; i++) {
        if (strcmp(programme->categories.items[i], category) == 0)
            return true;
    }
    return false;
}

const char *programme_not_applicable(const struct programme *programme, const struct schema *schema,
                                     const struct control *control) {
    for (size_t i = 0; i < programme->exclusion_count; i++) {
        if (strcmp(programme->exclusions[i].control, control->id) == 0)
            return programme->exclusions[i].reason;
    }
    for (size_t i = 0; i < control->criteria.count; i++) {
        const struct criterion *criterion = schema_criterion(schema, control->criteria.items[i]);
        if (criterion == NULL || programme_in_scope(programme, criterion->category))
            return NULL;
    }
    return "none of its criteria belongs to a category that is in scope";
}

/* "FROM..TO", each a day, month, quarter, week or year: from the first day of one to the last day of the other. */
static bool programme_range(const char *name, struct span *out) {
    const char *dots = strstr(name, "..");
    struct span first;
    struct span last;
    if (dots == NULL || strstr(dots + 2, "..") != NULL || !datetime_span(name, (size_t)(dots - name), &first) ||
        !datetime_span(dots + 2, strlen(dots + 2), &last) || first.from >= last.until)
        return false;
    *out = (struct span){first.from, last.until};
    return true;
}

bool programme_prior_is_file(const char *name) {
    const char *ending = strrchr(name, '.');
    return ending != NULL && (strcmp(ending, ".zip") == 0 || strcmp(ending, ".sqlite") == 0);
}

const struct programme_period *programme_find_period(const struct programme *programme, const char *id) {
    for (size_t i = 0; i < programme->period_count; i++) {
        if (programme->periods[i].id != NULL && strcmp(programme->periods[i].id, id) == 0)
            return &programme->periods[i];
    }
    return NULL;
}

const struct programme_period *programme_period_around(const struct programme *programme, const struct span *span) {
    const struct programme_period *found = NULL;

    for (size_t i = 0; i < programme->period_count; i++) {
        const struct programme_period *period = &programme->periods[i];
        if (period->span.from > span->from || period->span.until < span->until)
            continue;
        if (found == NULL || period->span.until - period->span.from < found->span.until - found->span.from)
            found = period;
    }
    return found;
}

bool programme_period(const struct programme *programme, const char *name, struct span *out) {
    const struct programme_period *declared = programme_find_period(programme, name);
    if (declared != NULL) {
        *out = declared->span;
        return true;
    }
    return datetime_span(name, strlen(name), out) || programme_range(name, out);
}

/* The words of a login: without the blanks around it. */
static size_t programme_trim(const char **text) {
    *text += strspn(*text, " \t");
    size_t length = strlen(*text);
    while (length > 0 && ((*text)[length - 1] == ' ' || (*text)[length - 1] == '\t'))
        length--;
    return length;
}

bool programme_knows(const struct programme *programme, const char *login) {
    size_t length = programme_trim(&login);
    for (size_t p = 0; p < programme->person_count; p++) {
        for (size_t l = 0; l < programme->people[p].logins.count; l++) {
            const char *known = programme->people[p].logins.items[l];
            size_t known_length = programme_trim(&known);
            if (known_length == length && strncasecmp(known, login, length) == 0)
                return true;
        }
    }
    return false;
}
