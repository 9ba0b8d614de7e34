#include "base/diagnostics.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

struct listing {
    struct buffer *out;
    bool begun;
};

static void json_number(struct buffer *out, const char *name, uint64_t number) {
    if (number > 0) {
        buffer_format(out, ", \"%s\": %" PRIu64, name, number);
    }
}

static bool json_view(void *context, const struct diagnostic_view *view) {
    struct listing *listing = context;
    struct buffer *out = listing->out;
    buffer_append_text(out, listing->begun ? ",\n  {\"path\": " : "\n  {\"path\": ");
    listing->begun = true;
    if (view->place.path == NULL) {
        buffer_append_text(out, "null");
    } else {
        text_json_string(out, view->place.path, strlen(view->place.path));
    }
    if (view->place.member != NULL) {
        buffer_append_text(out, ", \"member\": ");
        text_json_string(out, view->place.member, strlen(view->place.member));
    }
    json_number(out, "line", view->place.line);
    json_number(out, "column", view->place.column);
    json_number(out, "record", view->place.record);
    buffer_format(out,
                  ", \"level\": \"%s\", \"id\": \"%s\", \"text\": ", diagnostic_level_name(diagnostic_level(view->id)),
                  diagnostic_name(view->id));
    text_json_string(out, view->text, strlen(view->text));
    json_number(out, "more", view->more);
    buffer_append_byte(out, '}');
    return true;
}

void diagnostics_json(struct diagnostics *diagnostics, struct buffer *out) {
    struct listing listing = {.out = out};
    buffer_append_byte(out, '[');
    diagnostics_visit(diagnostics, json_view, &listing);
    const char *lost = diagnostics_lost(diagnostics);
    if (lost != NULL) {
        json_view(&listing, &(struct diagnostic_view){.id = DIAGNOSTIC_MEMORY, .text = lost});
    }
    buffer_append_text(out, listing.begun ? "\n]" : "]");
}
