#include "cmd/hint.h"

#include <string.h>

void hint_word(struct buffer *out, const char *word) {
    if (*word != '\0' &&
        word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=+,:@%")] == '\0') {
        buffer_append_text(out, word);
        return;
    }
    buffer_append_byte(out, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            buffer_append_text(out, "'\\''");
        } else {
            buffer_append_byte(out, *word);
        }
    }
    buffer_append_byte(out, '\'');
}

/* One that begins with '-' would be taken for an option. */
static void append_path(struct buffer *line, const char *path) {
    buffer_append_text(line, *path == '-' ? "./" : "");
    hint_word(line, path);
}

const char *hint_command(const struct command *command, const char *words, const char *path) {
    struct buffer line = {0};

    buffer_format(&line, "tickmark %s ", words);
    if (strcmp(command->options.folder, ".") != 0) {
        buffer_append_text(&line, "-C ");
        append_path(&line, command->options.folder);
        buffer_append_byte(&line, ' ');
    }
    append_path(&line, path);
    const char *text = buffer_text(&line) != NULL ? arena_format(command->arena, "%s", buffer_text(&line)) : NULL;
    buffer_free(&line);
    return text;
}
