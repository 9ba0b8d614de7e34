#include "cmd/anchors.h"

#include "base/file.h"
#include "cmd/workspace.h"

bool anchors_find(struct command *command, struct text_list *out) {
    *out = (struct text_list){0};
    if (command->options.anchor != NULL) {
        const char **item = arena_array(command->arena, 1, sizeof *item);
        if (item == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the anchor");
            return false;
        }
        item[0] = command->options.anchor;
        *out = (struct text_list){item, 1};
        return true;
    }
    struct workspace workspace = {.folder = command->options.folder};
    const char *programme = workspace_path(command, &workspace, "inputs/programme.yaml");
    if (programme == NULL) {
        return false;
    }
    if (!file_exists(programme)) {
        return true;
    }
    if (!workspace_open(command, &workspace)) {
        return false;
    }
    const struct text_list *declared = &workspace.programme->signing_anchors;
    const char **items = arena_array(command->arena, declared->count + 1, sizeof *items);
    if (items == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the anchors");
        return false;
    }
    for (size_t i = 0; i < declared->count; i++) {
        items[i] = workspace_path(command, &workspace, declared->items[i]);
        if (items[i] == NULL) {
            return false;
        }
    }
    *out = (struct text_list){items, declared->count};
    return true;
}
