#include "config/programme_private.h"

#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

#define COMMAND_TIMEOUT INT64_C(600)

static const char *const programme_command_covers[] = {"moment", "day", "week", "month", "quarter", "year", NULL};

static const struct decode_field programme_command_fields[] = {
    {"argv", DECODE_PLACE_ONLY, 0, true, NULL},
    {"timeout", DECODE_DURATION, offsetof(struct programme_command, timeout), false, NULL},
    {"environment", DECODE_PLACE_ONLY, 0, false, NULL},
    {"version", DECODE_PLACE_ONLY, 0, false, NULL},
    {"covers", DECODE_CHOICE, offsetof(struct programme_command, covers), false, programme_command_covers},
    {"most_bytes", DECODE_INTEGER, offsetof(struct programme_command, most_bytes), false, NULL},
};

/* A program with its arguments. A single text is refused: it would look as if a shell took it apart. */
static void programme_command_words(struct arena *arena, const struct yaml_node *node, const char *key,
                                    struct text_list *words, struct diagnostics *diagnostics) {
    const struct decode_field field = {key, DECODE_TEXTS, 0, true, NULL};

    if (node->kind == YAML_SCALAR) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &node->place,
                           "'%s' of a command must be a list of words, since no shell takes a line apart; write "
                           "[program, argument, ...]",
                           key);
        return;
    }
    if (!decode_is(node, YAML_SEQUENCE, "a command", diagnostics) ||
        !decode_texts(arena, node, "command", &field, words, diagnostics))
        return;
    if (words->count == 0 || words->items[0][0] == '\0')
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'%s' of a command names no program; write its name, or its path from the programme folder",
                           key);
    else if (words->count > LIMIT_COLLECT_WORDS)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "a command has at most %d words; put them into a script", LIMIT_COLLECT_WORDS);
}

static bool programme_command_variable(const char *name) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

    return name[0] != '\0' && strchr(letters, name[0]) != NULL &&
           strspn(name + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name + 1);
}

static void programme_command_environment(struct arena *arena, const struct yaml_node *node,
                                          struct programme_command *command, struct diagnostics *diagnostics) {
    static const struct decode_field field = {"environment", DECODE_TEXTS, 0, false, NULL};
    static const char *const given[] = {"PATH", "LC_ALL", "TZ"};

    if (!decode_texts(arena, node, "command", &field, &command->environment, diagnostics))
        return;
    for (size_t i = 0; i < command->environment.count; i++) {
        const char *name = command->environment.items[i];
        size_t length = strcspn(name, "=");
        const struct place *place = node->kind == YAML_SEQUENCE ? &node->items[i]->place : &node->place;
        bool taken = strncmp(name, "TICKMARK_", strlen("TICKMARK_")) == 0;

        for (size_t g = 0; g < sizeof(given) / sizeof(given[0]); g++)
            taken = taken || strcmp(name, given[g]) == 0;
        if (name[length] == '=') /* the value is not repeated: it may be a secret */
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "'environment' lists the names of variables, never their values, and here is a value "
                               "behind '%.*s='; write the name alone, set it where collect runs, and change the value "
                               "if it is a secret",
                               (int)(length < 40 ? length : 40), name);
        else if (!programme_command_variable(name))
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "'%.40s' is no name of a variable; write letters, digits and '_', such as AWS_PROFILE",
                               name);
        else if (taken)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "every command is given '%.40s' by itself; take it off the list", name);
    }
}

/* The file of an export is named after a day or a span, and after nothing else. */
static void programme_command_path(const struct yaml_node *node, const struct programme_source *source,
                                   struct diagnostics *diagnostics) {
    size_t spans = 0;
    bool other = false;

    for (const char *at = source->path; *at != '\0'; at++) {
        bool span = strncmp(at, "{date}", strlen("{date}")) == 0 || strncmp(at, "{period}", strlen("{period}")) == 0;
        spans += span;
        other = other || *at == '*' || (*at == '{' && !span);
    }
    if (spans == 0 || other)
        diagnostics_report(diagnostics, DIAGNOSTIC_BAD_PATH, &node->place,
                           "a source with a command gives its files names by itself, so its path must hold {date} or "
                           "{period} and nothing else that is left open, and here is '%.120s'; write one such as "
                           "okta/users-{date}.json",
                           source->path);
}

static void programme_command_spans(const struct schema *schema, const struct programme_source *source,
                                    const struct programme_command *command, struct diagnostics *diagnostics) {
    const struct kind *kind = &schema->kinds[source->kind];
    bool snapshot = false;

    if (kind->format == FORMAT_DOCUMENT) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &command->place,
                           "a document is evidence by what a person states beside it, which no command does; take "
                           "'command' away and put the document and its sidecar in place by hand");
        return;
    }
    for (size_t i = 0; i < kind->rule_count; i++)
        snapshot = snapshot || schema->types[kind->rules[i].type].shape == TYPE_SNAPSHOT;
    if (snapshot && command->covers != PROGRAMME_COVERS_MOMENT)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &command->place,
                           "exports of kind '%s' say what there is at a moment and cover no %s; take 'covers' away",
                           kind->id, programme_command_covers[command->covers]);
    else if (!snapshot && command->covers == PROGRAMME_COVERS_MOMENT)
        diagnostics_report(diagnostics, DIAGNOSTIC_MISSING_KEY, &command->place,
                           "exports of kind '%s' say what happened in a span, so this command has to say which it "
                           "prints; add 'covers: month' (day, week, month, quarter, year) and give it {from} and {to}",
                           kind->id);
}

static void programme_command_bounds(const struct yaml_node *node, const struct programme_command *command,
                                     struct diagnostics *diagnostics) {
    if (command->timeout < 1 || command->timeout > LIMIT_COLLECT_SECONDS)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(node, "timeout")->place,
                           "'timeout' of a command must lie between 1 second and 1 day");
    if (command->most_bytes < 1 || (uint64_t)command->most_bytes > LIMIT_COLLECT_BYTES)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(node, "most_bytes")->place,
                           "'most_bytes' of a command must lie between 1 and %" PRIu64, (uint64_t)LIMIT_COLLECT_BYTES);
}

/* The words in a line, for the sheet on how an export was made. */
static const char *programme_command_line(struct arena *arena, const struct text_list *words) {
    struct buffer line = {0};

    for (size_t i = 0; i < words->count; i++)
        buffer_format(&line, "%s%s", i > 0 ? " " : "", words->items[i]);
    const char *text = buffer_text(&line);
    const char *copy = text != NULL ? arena_text(arena, text) : NULL;
    buffer_free(&line);
    return copy;
}

void programme_command_read(struct arena *arena, const struct yaml_node *source_node, const struct schema *schema,
                            struct programme_source *source, struct diagnostics *diagnostics) {
    const struct yaml_node *node = yaml_get(source_node, "command");
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_SETUP);

    if (node == NULL)
        return;
    struct programme_command *command = arena_allocate(arena, sizeof(*command));
    if (command == NULL) {
        decode_out_of_memory(diagnostics);
        return;
    }
    command->timeout = COMMAND_TIMEOUT;
    command->most_bytes = (int64_t)LIMIT_COLLECT_BYTES;
    command->place = node->place;
    source->command = command;
    if (node->kind == YAML_SEQUENCE || node->kind == YAML_SCALAR) {
        programme_command_words(arena, node, "argv", &command->argv, diagnostics);
    } else if (decode_mapping(arena, node, "command", programme_command_fields,
                              sizeof(programme_command_fields) / sizeof(programme_command_fields[0]), command,
                              diagnostics)) {
        programme_command_words(arena, yaml_get(node, "argv"), "argv", &command->argv, diagnostics);
        if (yaml_get(node, "version") != NULL)
            programme_command_words(arena, yaml_get(node, "version"), "version", &command->version, diagnostics);
        if (yaml_get(node, "environment") != NULL)
            programme_command_environment(arena, yaml_get(node, "environment"), command, diagnostics);
        programme_command_bounds(node, command, diagnostics);
    }
    if (source->path != NULL)
        programme_command_path(yaml_get(source_node, "path"), source, diagnostics);
    if (diagnostics_count(diagnostics, DIAGNOSTIC_SETUP) > before || source->kind == SIZE_MAX)
        return;
    programme_command_spans(schema, source, command, diagnostics);
    if (source->query == NULL) {
        source->query = programme_command_line(arena, &command->argv);
        if (source->query == NULL)
            decode_out_of_memory(diagnostics);
    }
}
