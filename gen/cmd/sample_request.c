#include "cmd/sample_request.h"

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/sample_file.h"
#include "cmd/sample_folder.h"
#include "config/decode.h"
#include "config/yaml.h"

#include <ctype.h>
#include <string.h>

#define NOTE_PREFIX "request-"
#define NOTE_SUFFIX ".json"
#define NOTE_FORMAT "tickmark sample request 1"

static const char *note_path(struct command *command, const char *folder) {
    struct buffer name = {0};

    sample_folder_name(&name, command->options.request);
    for (size_t i = 0; i < name.length; i++) {
        name.data[i] = (char)tolower((unsigned char)name.data[i]); /* as ids of requests are told apart */
    }
    const char *path = buffer_text(&name) != NULL ? arena_format(command->arena, "%s/" NOTE_PREFIX "%s" NOTE_SUFFIX,
                                                                 folder, buffer_text(&name))
                                                  : NULL;
    buffer_free(&name);
    return path;
}

bool sample_request_note(struct command *command, const char *out, const struct sample *sample, const char *fulfilled) {
    const char *request = command->options.request;
    struct buffer bytes = {0};

    if (request == NULL) {
        return true;
    }
    const char *folder = sample_place(command, out, sample->period, sample->test, sample->nonce);
    const char *path = folder != NULL ? note_path(command, folder) : NULL;
    if (path == NULL) {
        return sample_out_of_memory(command);
    }
    if (!file_is_directory(folder) || (fulfilled == NULL && file_exists(path))) {
        return true;
    }
    buffer_append_text(&bytes, "{\"format\": \"" NOTE_FORMAT "\", \"request\": ");
    text_json_string(&bytes, request, strlen(request));
    if (fulfilled != NULL) {
        buffer_append_text(&bytes, ", \"fulfilled\": ");
        text_json_string(&bytes, fulfilled, strlen(fulfilled));
    }
    buffer_append_text(&bytes, "}\n");
    bool done = bytes.failed ? sample_out_of_memory(command)
                             : file_replace(path, bytes.data, bytes.length, 0644, command->diagnostics);
    buffer_free(&bytes);
    return done;
}

/* JSON is YAML, so that what is wrong in it is said with its place. */
static bool read_note(struct command *command, const char *path, struct request_sample *out) {
    struct note {
        const char *format;
        const char *request;
        const char *fulfilled;
    } note = {0};
    static const struct decode_field fields[] = {
        {"format", DECODE_TEXT, offsetof(struct note, format), true, NULL},
        {"request", DECODE_TEXT, offsetof(struct note, request), true, NULL},
        {"fulfilled", DECODE_TEXT, offsetof(struct note, fulfilled), false, NULL},
    };
    const struct yaml_node *root = yaml_load(command->arena, path, command->diagnostics);

    if (root == NULL || !decode_mapping(command->arena, root, "the note of a request", fields,
                                        sizeof fields / sizeof fields[0], &note, command->diagnostics)) {
        return false;
    }
    out->request = note.request;
    out->fulfilled = note.fulfilled;
    return true;
}

bool sample_request_drawn(struct command *command, const char *out, const struct sample *sample) {
    const char *folder = sample_place(command, out, sample->period, sample->test, sample->nonce);
    struct request_sample note = {0};
    struct file_list list;
    size_t count = 0;

    if (folder == NULL) {
        return sample_out_of_memory(command);
    }
    if (command->options.request != NULL || !file_is_directory(folder)) {
        return true;
    }
    if (!file_list(command->arena, folder, false, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (strncmp(list.entries[i].path, NOTE_PREFIX, strlen(NOTE_PREFIX)) == 0) {
            const char *path = path_join(command->arena, folder, list.entries[i].path);
            if (path == NULL) {
                return sample_out_of_memory(command);
            }
            if (!read_note(command, path, &note)) {
                return false;
            }
            count++;
        }
    }
    command->options.request = count == 1 ? note.request : NULL;
    return true;
}

/* The draw, which must follow from its own files; else `problem` says that it does not. */
static bool read_draw(struct command *command, const char *folder, struct request_sample *out) {
    struct diagnostics *heard = command->diagnostics;
    const char *path = path_join(command->arena, folder, SAMPLE_DRAW_FILE);
    struct sample sample = {0};

    command->diagnostics = diagnostics_new();
    if (path == NULL || command->diagnostics == NULL) {
        diagnostics_free(command->diagnostics);
        command->diagnostics = heard;
        return sample_out_of_memory(command);
    }
    bool good = sample_file_read(command, path, &sample);
    diagnostics_free(command->diagnostics);
    command->diagnostics = heard;
    if (!good) {
        out->problem = "its files are not those of a draw any more; restore them, or draw again";
        return true;
    }
    out->test = sample.test;
    out->digest = sample.digest;
    out->population = sample.population;
    out->size = sample.size;
    return true;
}

static bool add(struct command *command, const char *samples_folder, const char *period, const char *note,
                struct request_sample **samples, size_t *count) {
    const char *path = path_join(command->arena, samples_folder, note);
    const char *folder = path != NULL ? path_parent(command->arena, path) : NULL;
    struct request_sample *slot = arena_push(command->arena, samples, count, sizeof *slot);

    if (folder == NULL || slot == NULL) {
        return sample_out_of_memory(command);
    }
    *slot = (struct request_sample){0};
    slot->path = arena_format(command->arena, "%s-samples/%s", period, path_name(folder));
    const char *mark = arena_format(command->arena, "%s.json", path_name(folder));
    if (slot->path == NULL || mark == NULL) {
        return sample_out_of_memory(command);
    }
    if (!read_note(command, path, slot) || !read_draw(command, folder, slot)) {
        return false;
    }
    const char *index = slot->fulfilled != NULL ? path_join(command->arena, slot->fulfilled, mark) : NULL;
    slot->put_together = index != NULL && file_exists(index);
    return true;
}

bool sample_request_list(struct command *command, const char *out, const char *period, struct request_sample **samples,
                         size_t *count) {
    const char *folder = arena_format(command->arena, "%s/%s-samples", out, period);
    struct file_list list;

    *samples = NULL;
    *count = 0;
    if (folder == NULL) {
        return sample_out_of_memory(command);
    }
    if (!file_list(command->arena, folder, true, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *name = path_name(list.entries[i].path);
        bool note = strncmp(name, NOTE_PREFIX, strlen(NOTE_PREFIX)) == 0 && name != list.entries[i].path;
        if (note && !add(command, folder, period, list.entries[i].path, samples, count)) {
            return false;
        }
    }
    return true;
}
