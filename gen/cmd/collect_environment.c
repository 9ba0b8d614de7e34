#include "cmd/collect_environment.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_PATH    "/usr/local/bin:/usr/bin:/bin"
#define SHORTEST      8 /* a shorter value stands in too many texts by chance to be looked for */
#define ENTRIES_USUAL 8 /* PATH, LC_ALL, TZ and those of the span */

/* Whether a variable's name says that its value opens something. An id does not. */
static bool names_secret(const char *name) {
    static const char *const words[] = {"SECRET", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "KEY", "PAT"};
    size_t length = strlen(name);

    if (length > 3 && strcmp(name + length - 3, "_ID") == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *at = strstr(name, words[i]);
        bool whole = at != NULL && (at == name || at[-1] == '_') &&
                     (at[strlen(words[i])] == '\0' || at[strlen(words[i])] == '_');
        if (at != NULL && (whole || strcmp(words[i], "PAT") != 0)) {
            return true;
        }
    }
    return false;
}

static bool is_path(const char *value) {
    return value[0] == '/' && access(value, F_OK) == 0;
}

/* Whether the value may be looked for in a text. */
static bool is_telling(const struct collect_variable *variable) {
    return strlen(variable->value) >= SHORTEST && !is_path(variable->value);
}

static bool check_words(struct command *command, const struct programme_source *source,
                        const struct collect_variable *variable) {
    const struct text_list *const lists[] = {&source->command->argv, &source->command->version};

    for (size_t l = 0; variable->secret && is_telling(variable) && l < sizeof lists / sizeof lists[0]; l++) {
        for (size_t i = 0; i < lists[l]->count; i++) {
            if (strstr(lists[l]->items[i], variable->value) != NULL) {
                diagnostics_report(command->diagnostics, DIAGNOSTIC_COLLECT_VARIABLE, &source->command->place,
                                   "word %zu of this command holds the value of %s; let the command take it from its "
                                   "environment, and change the secret, which was written down here",
                                   i + 1, variable->name);
                return false;
            }
        }
    }
    return true;
}

bool collect_environment_open(struct command *command, const struct programme_source *source,
                              const struct collect_words *words, struct collect_environment *out) {
    const struct text_list *names = &source->command->environment;
    struct collect_variable *variables = arena_array(command->arena, names->count + 1, sizeof *variables);
    const char **entries = arena_array(command->arena, names->count + ENTRIES_USUAL + 1, sizeof *entries);
    const char *path = getenv("PATH");
    size_t count = 0;
    bool done = true;

    *out = (struct collect_environment){.path = path != NULL ? path : USUAL_PATH, .variables = variables};
    if (variables == NULL || entries == NULL) {
        goto no_memory;
    }
    const char *const usual[ENTRIES_USUAL][2] = {
        {"PATH", out->path},
        {"LC_ALL", "C.UTF-8"},
        {"TZ", "UTC"},
        {"TICKMARK_SOURCE", source->id},
        {"TICKMARK_DATE", words->date},
        {"TICKMARK_FROM", words->from},
        {"TICKMARK_TO", words->to},
        {"TICKMARK_UNTIL", words->until},
    };
    for (size_t i = 0; i < ENTRIES_USUAL; i++) {
        entries[count] = arena_format(command->arena, "%s=%s", usual[i][0], usual[i][1]);
        if (entries[count++] == NULL) {
            goto no_memory;
        }
    }
    for (size_t i = 0; i < names->count; i++) {
        const char *value = getenv(names->items[i]);
        if (value == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_COLLECT_VARIABLE, &source->command->place,
                               "the command of source '%s' is to be given %s, which is not set here; set it where "
                               "collect runs, or take it off 'environment'",
                               source->id, names->items[i]);
            done = false;
            continue;
        }
        struct collect_variable *variable = &variables[out->count++];
        *variable = (struct collect_variable){names->items[i], value, names_secret(names->items[i])};
        done = check_words(command, source, variable) && done;
        entries[count] = arena_format(command->arena, "%s=%s", names->items[i], value);
        if (entries[count++] == NULL) {
            goto no_memory;
        }
    }
    out->entries = entries;
    return done;

no_memory:
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the command of source '%s'",
                       source->id);
    return false;
}

void collect_environment_mask(const struct collect_environment *environment, const char *text, size_t length,
                              struct buffer *out) {
    for (size_t at = 0; at < length;) {
        const struct collect_variable *masked = NULL;
        for (size_t i = 0; i < environment->count; i++) {
            const struct collect_variable *variable = &environment->variables[i];
            size_t value = strlen(variable->value);
            if (is_telling(variable) && value <= length - at && memcmp(text + at, variable->value, value) == 0 &&
                (masked == NULL || value > strlen(masked->value))) {
                masked = variable;
            }
        }
        if (masked != NULL) {
            buffer_format(out, "[%s]", masked->name);
            at += strlen(masked->value);
        } else if (text[at] == '\n' || text[at] == '\r') {
            at++;
            if (out->length > 0 && out->data[out->length - 1] != ' ' && at < length) {
                buffer_append_text(out, " | ");
            }
        } else {
            text_utf8_append(out, text_utf8_next(text, length, &at));
        }
    }
}

static bool watch_write(struct byte_sink *sink, const void *bytes, size_t length) {
    struct collect_environment_sink *watch = (struct collect_environment_sink *)sink;
    const struct collect_environment *environment = watch->environment;
    size_t longest = 0;

    buffer_append(&watch->carry, bytes, length);
    if (watch->carry.failed) {
        return false;
    }
    for (size_t i = 0; i < environment->count; i++) {
        const struct collect_variable *variable = &environment->variables[i];
        size_t value = strlen(variable->value);
        if (!variable->secret || !is_telling(variable)) {
            continue;
        }
        longest = value > longest ? value : longest;
        if (memmem(watch->carry.data, watch->carry.length, variable->value, value) != NULL) {
            watch->found = variable->name;
        }
    }
    size_t kept = longest == 0 ? 0 : longest - 1;
    if (watch->carry.length > kept) {
        buffer_drop(&watch->carry, watch->carry.length - kept);
    }
    return watch->next->write(watch->next, bytes, length);
}

void collect_environment_watch(struct collect_environment_sink *watch, const struct collect_environment *environment,
                               struct byte_sink *next) {
    *watch = (struct collect_environment_sink){.sink.write = watch_write, .next = next, .environment = environment};
}
