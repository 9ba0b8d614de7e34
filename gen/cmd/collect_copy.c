#include "cmd/collect_copy.h"

#include "base/path.h"

#include <errno.h>
#include <string.h>

bool collect_copy_find(struct command *command, const struct workspace *workspace,
                       const struct programme_source *source, const struct file_list *list, uint64_t size,
                       const char *sha256, const char **earlier) {
    const struct schema *schema = workspace->schema;

    *earlier = NULL;
    for (size_t i = 0; i < list->count && schema_tells_moments(schema, &schema->kinds[source->kind]); i++) {
        struct path_match match;
        uint8_t digest[DIGEST_BYTES];
        char other[DIGEST_HEX_BYTES];
        if (list->entries[i].size != size || !path_match(source->path, list->entries[i].path, &match)) {
            continue;
        }
        const char *path = path_join(command->arena, workspace->evidence, list->entries[i].path);
        if (path == NULL || !file_digest(path, digest)) {
            diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path},
                                     path == NULL ? ENOMEM : errno,
                                     "an earlier export cannot be compared with the new one; check its permissions");
            return false;
        }
        digest_hex(digest, other);
        if (strcmp(other, sha256) == 0) {
            *earlier = path;
            return true;
        }
    }
    return true;
}
