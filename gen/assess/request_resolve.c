#include "assess/request.h"

#include "assess/request_private.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool request_out_of_memory(const struct request_run *run) {
    diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to answer the requests");
    return false;
}

bool request_add_target(const struct request_run *run, struct request_case *one, enum request_target_kind kind,
                        enum request_how how, const char *id, const char *from) {
    for (size_t i = 0; i < one->target_count; i++) {
        if (one->targets[i].kind == kind && strcmp(one->targets[i].id, id) == 0) {
            return true;
        }
    }
    if (one->target_count == LIMIT_REQUEST_TARGETS) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_REQUEST_LIST, &one->request->place,
                           "request %s leads to more than %d controls, populations and types; split it",
                           one->request->id, LIMIT_REQUEST_TARGETS);
        return false;
    }
    struct request_target *slot = arena_push(run->arena, &one->targets, &one->target_count, sizeof *one->targets);
    if (slot == NULL) {
        return request_out_of_memory(run);
    }
    *slot = (struct request_target){kind, how, id, from};
    return true;
}

bool request_add_lack(const struct request_run *run, struct request_case *one, const char *text) {
    const char **slot = arena_push(run->arena, &one->lacks.items, &one->lacks.count, sizeof *slot);

    if (slot == NULL || text == NULL) {
        return request_out_of_memory(run);
    }
    *slot = text;
    return true;
}

static bool note_unknown(const struct request_run *run, struct request_case *one, const char *word) {
    const char *near =
        text_nearest(word, run->schema->controls, run->schema->control_count, sizeof *run->schema->controls);

    near = near != NULL
               ? near
               : text_nearest(word, run->schema->criteria, run->schema->criterion_count, sizeof *run->schema->criteria);
    diagnostics_report(run->diagnostics, DIAGNOSTIC_REQUEST_UNKNOWN, &one->request->place,
                       "request %s names %.80s, which is no control, criterion, population or evidence type%s%s%s; say "
                       "what it is under `answers:` of the sidecar",
                       one->request->id, word, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                       near != NULL ? "?)" : "");
    return request_add_lack(run, one, arena_format(run->arena, "%.80s is not in the schema", word));
}

static bool has_digit(const char *word) {
    return strpbrk(word, "0123456789") != NULL;
}

/* Ids that stand in one word or several: "CC6.1-01 CC6.1-02", "CC6.1 Logical access". What follows is a title. */
static bool read_words(const struct request_run *run, struct request_case *one, char *part) {
    char *rest = part;
    bool first = true;

    for (char *word = strtok_r(part, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        bool found = false;
        if (!request_find_id(run, one, word, REQUEST_BY_NAME, &found)) {
            return false;
        }
        if (!found) {
            return !first || !has_digit(word) || note_unknown(run, one, word);
        }
        first = false;
    }
    return true;
}

/* A cell of ids and names, several with a mark between them. */
static bool read_cell(const struct request_run *run, struct request_case *one, const char *cell, bool ids) {
    char *copy = arena_text(run->arena, cell);
    char *rest = copy;

    if (copy == NULL) {
        return request_out_of_memory(run);
    }
    bool whole = false;
    bool good = request_find_name(run, one, cell, REQUEST_BY_NAME, &whole);
    if (!good || whole) {
        return good;
    }
    for (char *part = strtok_r(copy, ",;|&/", &rest); part != NULL; part = strtok_r(NULL, ",;|&/", &rest)) {
        part += strspn(part, " ");
        for (size_t length = strlen(part); length > 0 && part[length - 1] == ' '; length--) {
            part[length - 1] = '\0';
        }
        bool found = false;
        if (*part == '\0') {
            continue;
        }
        if (!request_find_name(run, one, part, REQUEST_BY_NAME, &found)) {
            return false;
        }
        if (!found && ids && !read_words(run, one, part)) {
            return false;
        }
    }
    return true;
}

/* What a description says is asked for, where no column does. */
static void read_asks(const struct request_run *run, struct request_case *one) {
    const struct request_words *words = &run->schema->request_words;
    const char *const texts[] = {one->request->cells[REQUEST_SUBJECT], one->request->cells[REQUEST_DESCRIPTION]};
    static const int order[] = {REQUEST_SAMPLE, REQUEST_POPULATION};

    one->asks = one->request->asks;
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++) {
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
            for (size_t i = 0; one->asks == REQUEST_ASKS_COUNT && i < words->asks[order[o]].count; i++) {
                if (request_words_hold(texts[t], words->asks[order[o]].items[i])) {
                    one->asks = order[o];
                    one->asks_by_words = true;
                }
            }
        }
    }
}

bool request_has_target(const struct request_case *one, enum request_target_kind kind) {
    for (size_t i = 0; i < one->target_count; i++) {
        if (one->targets[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* Where a listing is asked for and only controls are named: the populations that the schema says these are about. */
static bool turn_to_populations(const struct request_run *run, struct request_case *one) {
    struct request_case turned = *one;

    turned.targets = NULL;
    turned.target_count = 0;
    for (size_t i = 0; i < one->target_count; i++) {
        const struct request_target *target = &one->targets[i];
        if (target->kind != REQUEST_TARGET_CONTROL) {
            if (!request_add_target(run, &turned, target->kind, target->how, target->id, target->from)) {
                return false;
            }
            continue;
        }
        for (size_t p = 0; p < run->schema->population_count; p++) {
            const struct population *population = &run->schema->populations[p];
            for (size_t c = 0; c < population->controls.count; c++) {
                if (strcmp(population->controls.items[c], target->id) == 0 &&
                    !request_add_target(run, &turned, REQUEST_TARGET_POPULATION, target->how, population->id,
                                        target->id)) {
                    return false;
                }
            }
        }
    }
    if (request_has_target(&turned, REQUEST_TARGET_POPULATION)) {
        *one = turned;
    }
    return true;
}

/* Of a control beside it only the name of the population is meant: its own evidence is not what is asked for. */
static void drop_controls(struct request_case *one) {
    size_t kept = 0;

    for (size_t i = 0; i < one->target_count; i++) {
        if (one->targets[i].kind != REQUEST_TARGET_CONTROL) {
            one->targets[kept++] = one->targets[i];
        }
    }
    one->target_count = kept;
}

static bool resolve(const struct request_run *run, struct request_case *one) {
    const struct request *request = one->request;
    bool answered = false;

    read_asks(run, one);
    if (!request_take_answers(run, one, &answered)) {
        return false;
    }
    if (answered) {
        return true;
    }
    if (!read_cell(run, one, request->cells[REQUEST_CONTROL], true) ||
        !read_cell(run, one, request->cells[REQUEST_SUBJECT], false)) {
        return false;
    }
    /* Beside a control its criterion says where it belongs, and not that all controls of the criterion are meant. */
    struct request_case aside = {.request = request};
    struct request_case *wide = one->target_count > 0 ? &aside : one;
    bool read = read_cell(run, wide, request->cells[REQUEST_CRITERION], true);
    if (wide == &aside) {
        for (size_t i = 0; read && i < aside.lacks.count; i++) {
            read = request_add_lack(run, one, aside.lacks.items[i]);
        }
    }
    if (!read) {
        return false;
    }
    if (one->asks == REQUEST_ASKS_COUNT && *request->cells[REQUEST_ASKS] != '\0' &&
        !request_add_lack(run, one,
                          arena_format(run->arena, "what is asked for, \"%.80s\", is not understood",
                                       request->cells[REQUEST_ASKS]))) {
        return false;
    }
    bool listing = one->asks == REQUEST_POPULATION || one->asks == REQUEST_SAMPLE;
    if (listing && request_has_target(one, REQUEST_TARGET_POPULATION)) {
        drop_controls(one);
    } else if (listing && !turn_to_populations(run, one)) {
        return false;
    }
    if (one->target_count == 0 || (listing && !request_has_target(one, REQUEST_TARGET_POPULATION))) {
        return request_propose(run, one);
    }
    return true;
}

static int compare_folders(const void *a, const void *b) {
    const struct request_case *const *first = a;
    const struct request_case *const *second = b;

    return strcasecmp((*first)->folder, (*second)->folder);
}

/* An id as the name of a folder: what may mean something in a path becomes '-'. NULL: memory. */
static const char *name_folder(const struct request_run *run, const char *id, bool distinct) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];
    char *name = arena_text(run->arena, id);

    for (char *c = name; c != NULL && *c != '\0'; c++) {
        if (strchr(allowed, *c) == NULL) {
            *c = '-';
        }
    }
    if (name == NULL || !digest_bytes(id, strlen(id), digest)) {
        return NULL;
    }
    digest_hex(digest, hex);
    bool hidden = *name == '.' || *name == '-';
    return arena_format(run->arena, "%s%s%s%.8s", hidden ? "r" : "", name, distinct ? "-" : "", distinct ? hex : "");
}

static bool name_folders(const struct request_run *run) {
    size_t count = run->list->count;
    struct request_case **sorted = arena_array(run->arena, count + 1, sizeof *sorted);

    for (size_t i = 0; sorted != NULL && i < count; i++) {
        sorted[i] = &run->cases[i];
        run->cases[i].folder = name_folder(run, run->cases[i].request->id, false);
        if (run->cases[i].folder == NULL) {
            return request_out_of_memory(run);
        }
    }
    if (sorted == NULL) {
        return request_out_of_memory(run);
    }
    qsort(sorted, count, sizeof *sorted, compare_folders);
    for (size_t i = 0, next = 0; i < count; i = next) {
        for (next = i + 1; next < count && strcasecmp(sorted[i]->folder, sorted[next]->folder) == 0;) {
            next++;
        }
        bool altered = strcmp(sorted[i]->folder, sorted[i]->request->id) != 0;
        for (size_t k = i; k < next; k++) {
            /* One that was altered is told apart too, since its plain form may be the id of a request to come. */
            if (next - i > 1 || (altered && k == i)) {
                sorted[k]->folder = name_folder(run, sorted[k]->request->id, true);
                if (sorted[k]->folder == NULL) {
                    return request_out_of_memory(run);
                }
            }
        }
    }
    return true;
}

bool request_resolve(struct request_run *run) {
    bool good = true;

    run->cases = arena_array(run->arena, run->list->count + 1, sizeof *run->cases);
    if (run->cases == NULL) {
        return request_out_of_memory(run);
    }
    for (size_t i = 0; i < run->list->count; i++) {
        run->cases[i].request = &run->list->items[i];
        good = resolve(run, &run->cases[i]) && good;
    }
    request_unused_answers(run);
    return name_folders(run) && good;
}

bool request_needs(const struct request_run *run, const char *population) {
    for (size_t i = 0; i < run->list->count; i++) {
        for (size_t t = 0; t < run->cases[i].target_count; t++) {
            const struct request_target *target = &run->cases[i].targets[t];
            if (target->kind == REQUEST_TARGET_POPULATION && strcmp(target->id, population) == 0) {
                return true;
            }
        }
    }
    return false;
}
