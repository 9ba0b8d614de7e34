#include "document/template.h"

#include "base/file.h"
#include "base/text.h"
#include "document/template_head.h"
#include "document/template_parse.h"
#include "document/template_scope.h"

#include <string.h>

/* The file's text with plain line ends, in the template's arena. */
static char *template_file(struct template *template, size_t *length, struct diagnostics *diagnostics) {
    struct buffer file = {0};
    char *text = NULL;
    size_t bad = 0;
    if (!file_read(template->path, LIMIT_TEMPLATE_BYTES, &file, diagnostics))
        goto done;
    if (!text_utf8_valid(file.data, file.length, &bad) || memchr(buffer_text(&file), '\0', file.length) != NULL) {
        uint64_t line = 1;
        for (size_t i = 0; i < bad; i++)
            line += file.data[i] == '\n';
        diagnostics_report(diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX,
                           &(struct place){.path = template->path, .line = line},
                           "bytes that are not text in UTF-8; save the template as UTF-8");
        goto done;
    }
    text = arena_copy(template->arena, buffer_text(&file), file.length);
    if (text == NULL) {
        template_memory(diagnostics);
        goto done;
    }
    *length = 0;
    for (size_t i = 0; i < file.length; i++)
        if (text[i] != '\r' || text[i + 1] != '\n')
            text[(*length)++] = text[i];
    text[*length] = '\0';
done:
    buffer_free(&file);
    return text;
}

struct template *template_load(const char *path, struct guard *guard, struct diagnostics *diagnostics) {
    struct template *template = NULL;
    struct arena *arena = arena_new();
    if (arena != NULL)
        template = arena_allocate(arena, sizeof *template);
    if (template == NULL) {
        arena_free(arena);
        template_memory(diagnostics);
        return NULL;
    }
    size_t length = 0;
    size_t body = 0;
    uint64_t line = 0;
    struct template_scope scope;
    *template = (struct template){.arena = arena, .guard = guard, .report = TEMPLATE_NONE};
    template->path = arena_text(arena, path);
    if (template->path == NULL) {
        template_memory(diagnostics);
        goto failed;
    }
    char *text = template_file(template, &length, diagnostics);
    if (text == NULL || !template_head_read(template, text, length, &body, &line, diagnostics))
        goto failed;
    struct place place = {.path = template->path, .line = line};
    if (!template_parse(arena, text + body, length - body, &place, true, &template->body, diagnostics))
        goto failed;
    template_scope_begin(&scope, template, diagnostics);
    if (!template_scope_resolve(&scope, &template->body))
        goto failed;
    return template;
failed:
    template_free(template);
    return NULL;
}

void template_free(struct template *template) {
    if (template == NULL)
        return;
    for (size_t i = 0; i < template->query_count; i++)
        guard_query_free(template->queries[i].prepared);
    arena_free(template->arena);
}
