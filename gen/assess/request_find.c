#include "assess/request_private.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

#define TITLE_WORDS_LEAST 3    /* of a control's title, for its words to tell it from others */
#define TITLE_SHARE       0.66 /* of these that a request must hold */

static enum request_how refine(enum request_how how, enum request_how what) {
    return how == REQUEST_BY_NAME ? what : how;
}

static const char *keep(const struct request_run *run, const char *text) {
    return arena_text(run->arena, text);
}

/* Controls by their own id, by that of one of their tests, or by another guide's number. */
static bool find_controls(const struct request_run *run, struct request_case *one, const char *id, const char *from,
                          enum request_how how, bool alias, bool *found) {
    for (size_t c = 0; c < run->schema->control_count; c++) {
        const struct control *control = &run->schema->controls[c];
        bool same = !alias && strcasecmp(control->id, id) == 0;
        for (size_t t = 0; !alias && t < control->test_count; t++) {
            same = same || strcasecmp(control->tests[t].id, id) == 0;
        }
        for (size_t a = 0; alias && a < control->alias.count; a++) {
            same = same || strcasecmp(control->alias.items[a], id) == 0;
        }
        if (same &&
            !request_add_target(run, one, REQUEST_TARGET_CONTROL, refine(how, REQUEST_BY_CONTROL), control->id, from)) {
            return false;
        }
        *found = *found || same;
    }
    return true;
}

static bool find_criterion(const struct request_run *run, struct request_case *one, const char *id, const char *from,
                           enum request_how how, bool *found) {
    const struct criterion *criterion = NULL;

    for (size_t i = 0; i < run->schema->criterion_count; i++) {
        if (strcasecmp(run->schema->criteria[i].id, id) == 0) {
            criterion = &run->schema->criteria[i];
        }
    }
    if (criterion == NULL) {
        return true;
    }
    size_t mapped = 0;
    *found = true;
    for (size_t c = 0; c < run->schema->control_count; c++) {
        const struct control *control = &run->schema->controls[c];
        for (size_t i = 0; i < control->criteria.count; i++) {
            if (strcmp(control->criteria.items[i], criterion->id) != 0) {
                continue;
            }
            mapped++;
            if (!request_add_target(run, one, REQUEST_TARGET_CONTROL, refine(how, REQUEST_BY_CRITERION), control->id,
                                    from)) {
                return false;
            }
        }
    }
    bool in_scope = programme_in_scope(run->programme, criterion->category);
    return mapped > 0 ||
           request_add_lack(run, one,
                            arena_format(run->arena, "no control is mapped to %s%s%s%s", criterion->id,
                                         in_scope ? "" : ", and its category, ", in_scope ? "" : criterion->category,
                                         in_scope ? "" : ", is not in the scope of the examination"));
}

bool request_find_id(const struct request_run *run, struct request_case *one, const char *id, enum request_how how,
                     bool *found) {
    const struct schema *schema = run->schema;
    const char *from = keep(run, id);

    if (from == NULL) {
        return request_out_of_memory(run);
    }
    *found = false;
    for (size_t p = 0; p < schema->population_count; p++) {
        if (strcasecmp(schema->populations[p].id, id) == 0) {
            *found = true;
            return request_add_target(run, one, REQUEST_TARGET_POPULATION, how, schema->populations[p].id, from);
        }
    }
    bool good = find_controls(run, one, id, from, how, false, found);
    if (good && !*found) {
        good = find_criterion(run, one, id, from, how, found);
    }
    if (good && !*found) {
        good = find_controls(run, one, id, from, how, true, found);
    }
    if (!good || *found) {
        return good;
    }
    for (size_t t = 0; t < schema->type_count; t++) {
        if (strcasecmp(schema->types[t].id, id) == 0) {
            *found = true;
            return request_add_target(run, one, REQUEST_TARGET_TYPE, how, schema->types[t].id, from);
        }
    }
    return true;
}

/* Whether a text is one of a population's names, made of the same words. */
static bool is_name_of(const struct population *population, const char *text) {
    const char *own[] = {population->id, population->title, population->many};
    const struct text_list lists[] = {{own, sizeof own / sizeof own[0]}, population->names};

    return request_words_find(lists, 2, text, NULL) < 2;
}

bool request_find_name(const struct request_run *run, struct request_case *one, const char *name, enum request_how how,
                       bool *found) {
    const struct schema *schema = run->schema;

    bool good = request_find_id(run, one, name, how, found);
    if (!good || *found) {
        return good;
    }
    const char *from = keep(run, name);
    if (from == NULL) {
        return request_out_of_memory(run);
    }
    for (size_t p = 0; p < schema->population_count; p++) {
        if (is_name_of(&schema->populations[p], name)) {
            *found = true;
            return request_add_target(run, one, REQUEST_TARGET_POPULATION, how, schema->populations[p].id, from);
        }
    }
    for (size_t t = 0; t < schema->type_count; t++) {
        const struct text_list title = {&schema->types[t].title, 1};
        if (request_words_find(&title, 1, name, NULL) == 0) {
            *found = true;
            return request_add_target(run, one, REQUEST_TARGET_TYPE, how, schema->types[t].id, from);
        }
    }
    return true;
}

/* The share of the words of a title, but for those that tell nothing, which a text holds; 0 where they are too few. */
static double share_of_title(const struct request_run *run, const char *plain_text, const char *title) {
    const struct text_list *fillers = &run->schema->request_words.fillers;
    struct buffer plain = {0};
    size_t words = 0;
    size_t held = 0;
    char *rest = NULL;

    request_words_plain(&plain, title);
    for (char *word = plain.failed || plain.length == 0 ? NULL : strtok_r(plain.data, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        if (request_words_find(fillers, 1, word, NULL) == 0) {
            continue;
        }
        words++;
        held += request_words_hold_plain(plain_text, word);
    }
    buffer_free(&plain);
    return words < TITLE_WORDS_LEAST ? 0 : (double)held / (double)words;
}

/* Whether a text of plain words holds those of a phrase. */
static bool holds(const char *plain_text, const char *phrase) {
    struct buffer plain = {0};

    request_words_plain(&plain, phrase);
    bool held = buffer_text(&plain) != NULL && request_words_hold_plain(plain_text, buffer_text(&plain));
    buffer_free(&plain);
    return held;
}

static bool propose_populations(const struct request_run *run, struct request_case *one, const char *text,
                                size_t *left) {
    for (size_t p = 0; *left > 0 && p < run->schema->population_count; p++) {
        const struct population *population = &run->schema->populations[p];
        const char *phrase = holds(text, population->title)  ? population->title
                             : holds(text, population->many) ? population->many
                                                             : NULL;
        for (size_t n = 0; phrase == NULL && n < population->names.count; n++) {
            phrase = holds(text, population->names.items[n]) ? population->names.items[n] : NULL;
        }
        if (phrase == NULL) {
            continue;
        }
        --*left;
        if (!request_add_target(run, one, REQUEST_TARGET_POPULATION, REQUEST_BY_WORDS, population->id, phrase)) {
            return false;
        }
    }
    return true;
}

static bool propose_controls(const struct request_run *run, struct request_case *one, const char *text, size_t *left) {
    for (size_t c = 0; *left > 0 && c < run->schema->control_count; c++) {
        const struct control *control = &run->schema->controls[c];
        if (!holds(text, control->id) && share_of_title(run, text, control->title) < TITLE_SHARE) {
            continue;
        }
        --*left;
        if (!request_add_target(run, one, REQUEST_TARGET_CONTROL, REQUEST_BY_WORDS, control->id, control->title)) {
            return false;
        }
    }
    return true;
}

/* A title of one word, such as "Change", stands in too many texts. */
static bool propose_types(const struct request_run *run, struct request_case *one, const char *text, size_t *left) {
    for (size_t t = 0; *left > 0 && t < run->schema->type_count; t++) {
        const struct evidence_type *type = &run->schema->types[t];
        if (strchr(type->title, ' ') == NULL || !holds(text, type->title)) {
            continue;
        }
        --*left;
        if (!request_add_target(run, one, REQUEST_TARGET_TYPE, REQUEST_BY_WORDS, type->id, type->title)) {
            return false;
        }
    }
    return true;
}

bool request_propose(const struct request_run *run, struct request_case *one) {
    const char *const *cells = one->request->cells;
    struct buffer text = {0};
    size_t left = LIMIT_REQUEST_WORDS;

    request_words_plain(&text, cells[REQUEST_DESCRIPTION]);
    buffer_append_byte(&text, ' ');
    request_words_plain(&text, cells[REQUEST_SUBJECT]);
    buffer_append_byte(&text, ' ');
    request_words_plain(&text, cells[REQUEST_CONTROL]);
    const char *plain = buffer_text(&text);
    bool listing = one->asks == REQUEST_POPULATION || one->asks == REQUEST_SAMPLE;
    bool done = plain != NULL ? propose_populations(run, one, plain, &left) : request_out_of_memory(run);
    if (done && !listing) {
        done = propose_controls(run, one, plain, &left) && propose_types(run, one, plain, &left);
    }
    buffer_free(&text);
    return done;
}
