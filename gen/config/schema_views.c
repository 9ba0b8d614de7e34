#include "config/schema_private.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/text.h"

#include <string.h>

/* The bytes must be a text that one statement can hold. */
static bool schema_views_check(struct schema_loader *loader, const struct buffer *bytes, const struct place *place) {
    size_t bad;
    size_t used = strspn(bytes->length > 0 ? bytes->data : "", " \t\r\n;");
    if (used == bytes->length) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                           "the view is empty; write a SELECT, or remove the file");
        return false;
    }
    if (!text_utf8_valid(bytes->data, bytes->length, &bad) || memchr(bytes->data, '\0', bytes->length) != NULL) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                           "the view is not a text in UTF-8; save it as one");
        return false;
    }
    return true;
}

bool schema_views_load(struct schema_loader *loader, const char *name, const char *path) {
    const char *file = path_name(name);
    struct view view = {.place = {.path = path, .line = 1, .column = 1}};
    struct buffer bytes = {0};
    bool good = false;

    view.id = arena_copy(loader->arena, file, strlen(file) - strlen(".sql"));
    if (view.id == NULL)
        return decode_out_of_memory(loader->diagnostics);
    if (!schema_check_name(loader, &view.place, "view", view.id))
        return false;
    if (!file_read(path, LIMIT_SQL_BYTES, &bytes, loader->diagnostics))
        goto done;
    if (!schema_views_check(loader, &bytes, &view.place))
        goto done;
    /* The store puts the text behind CREATE VIEW ... AS, where a final ';' and blanks would end it early. */
    while (bytes.length > 0 && strchr(" \t\r\n;", bytes.data[bytes.length - 1]) != NULL)
        bytes.length--;
    view.sql = arena_copy(loader->arena, bytes.data, bytes.length);
    struct view *slot =
        arena_push(loader->arena, &loader->schema->views, &loader->schema->view_count, sizeof(*loader->schema->views));
    if (view.sql == NULL || slot == NULL) {
        decode_out_of_memory(loader->diagnostics);
        goto done;
    }
    *slot = view;
    good = true;
done:
    buffer_free(&bytes);
    return good;
}
