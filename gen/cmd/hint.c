#include "cmd/hint.h"

#include "base/buffer.h"

#include <string.h>

/* Whether a shell takes the word as it is. Bytes of UTF-8 beyond ASCII mean nothing to it. */
static bool is_plain(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+:,@%=-";

    if (*word == '\0' || *word == '-') {
        return false;
    }
    for (; *word != '\0'; word++) {
        if ((unsigned char)*word < 0x80 && strchr(plain, *word) == NULL) {
            return false;
        }
    }
    return true;
}

static void append_word(struct buffer *line, const char *word) {
    if (is_plain(word)) {
        buffer_append_text(line, word);
        return;
    }
    buffer_append_text(line, *word == '-' ? "'./" : "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            buffer_append_text(line, "'\\''");
        } else {
            buffer_append_byte(line, *word);
        }
    }
    buffer_append_byte(line, '\'');
}

const char *hint_command(const struct command *command, const char *words, const char *path) {
    struct buffer line = {0};

    buffer_format(&line, "tickmark %s ", words);
    if (strcmp(command->options.folder, ".") != 0) {
        buffer_append_text(&line, "-C ");
        append_word(&line, command->options.folder);
        buffer_append_byte(&line, ' ');
    }
    append_word(&line, path);
    const char *text = buffer_text(&line) != NULL ? arena_format(command->arena, "%s", buffer_text(&line)) : NULL;
    buffer_free(&line);
    return text;
}
