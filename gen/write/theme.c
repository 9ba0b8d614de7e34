#include "write/theme.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/value.h"

#include <string.h>
#include <strings.h>

#define THEME_BADGE    "badge."
#define THEME_SMALLEST 6.0
#define THEME_LARGEST  20.0

enum theme_kind { THEME_COLOUR, THEME_FONT, THEME_FOLDER, THEME_FALLBACK, THEME_SIZE };

static const struct theme_key {
    const char *name;
    enum theme_kind kind;
    size_t offset;
} theme_keys[] = {
    {"ink", THEME_COLOUR, offsetof(struct theme, ink)},
    {"muted", THEME_COLOUR, offsetof(struct theme, muted)},
    {"accent", THEME_COLOUR, offsetof(struct theme, accent)},
    {"rule", THEME_COLOUR, offsetof(struct theme, rule)},
    {"band", THEME_COLOUR, offsetof(struct theme, band)},
    {"link", THEME_COLOUR, offsetof(struct theme, link)},
    {"body", THEME_FONT, offsetof(struct theme, body)},
    {"body_bold", THEME_FONT, offsetof(struct theme, body_bold)},
    {"body_italic", THEME_FONT, offsetof(struct theme, body_italic)},
    {"mono", THEME_FONT, offsetof(struct theme, mono)},
    {"fallback", THEME_FALLBACK, 0},
    {"folder", THEME_FOLDER, 0},
    {"body_size", THEME_SIZE, offsetof(struct theme, body_size)},
};
#define THEME_KEYS (sizeof theme_keys / sizeof theme_keys[0])

struct theme_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct theme *theme;
    struct place place;
    bool given[THEME_KEYS];
    const char **folders;
    size_t folder_count;
};

static bool theme_memory(struct theme_reader *reader) {
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading the theme");
    return false;
}

static bool theme_refuse(struct theme_reader *reader, const char *key, const char *advice) {
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_THEME, &reader->place, "'%.60s' %s", key, advice);
    return false;
}

/* Six hexadecimal digits. */
static bool theme_colour(const char *text, size_t length, unsigned *out) {
    if (length != 6)
        return false;
    unsigned colour = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = memchr(digits, text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i], 16);
        if (digit == NULL)
            return false;
        colour = colour << 4 | (unsigned)(digit - digits);
    }
    *out = colour;
    return true;
}

/* "FILE from PACKAGE" to the path of FILE in the first folder that has it. */
static bool theme_font(struct theme_reader *reader, const char *key, const char *value, const char **out) {
    const char *from = strstr(value, " from ");
    if (from == NULL || from == value || strchr(value, '/') != NULL)
        return theme_refuse(reader, key,
                            "names a font; write the name of a font file and its package, as in "
                            "'Example-Regular.ttf from fonts-example'");
    int length = (int)(from - value);
    for (size_t i = 0; i < reader->folder_count; i++) {
        *out = arena_format(reader->arena, "%s/%.*s", reader->folders[i], length, value);
        if (*out == NULL)
            return theme_memory(reader);
        if (file_exists(*out))
            return true;
    }
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_THEME_FONT, &reader->place,
                       "the font '%.*s' is in none of the folders above this line; install the package %s, or name "
                       "another font",
                       length, value, from + strlen(" from "));
    return false;
}

static bool theme_add_badge(struct theme_reader *reader, const char *key, const char *value) {
    struct theme *theme = reader->theme;
    size_t length = strlen(value);
    struct theme_badge badge = {.name = key + strlen(THEME_BADGE)};
    if (!text_is_name(badge.name, true))
        return theme_refuse(reader, key, "does not name a badge; write 'badge.' and its class");
    if (length != 16 || memcmp(value + 6, " on ", 4) != 0 || !theme_colour(value, 6, &badge.ink) ||
        !theme_colour(value + 10, 6, &badge.paper))
        return theme_refuse(reader, key, "is a badge; write two colours, as in '202020 on f0f0f0'");
    struct theme_badge *kept = arena_push(reader->arena, &theme->badges, &theme->badge_count, sizeof *kept);
    if (kept == NULL)
        return theme_memory(reader);
    *kept = badge;
    return true;
}

static bool theme_push_text(struct theme_reader *reader, const char ***texts, size_t *count, const char *text) {
    const char **kept = arena_push(reader->arena, texts, count, sizeof *kept);
    if (kept == NULL)
        return theme_memory(reader);
    *kept = text;
    return true;
}

static bool theme_set(struct theme_reader *reader, const struct theme_key *key, const char *value) {
    char *target = (char *)reader->theme + key->offset;
    const char *font = NULL;
    switch (key->kind) {
    case THEME_COLOUR:
        return theme_colour(value, strlen(value), (unsigned *)(void *)target) ||
               theme_refuse(reader, key->name, "is a colour; write six hexadecimal digits, as in '1f2933'");
    case THEME_FONT:
        return theme_font(reader, key->name, value, (const char **)(void *)target);
    case THEME_FALLBACK:
        return theme_font(reader, key->name, value, &font) &&
               theme_push_text(reader, &reader->theme->fallback, &reader->theme->fallback_count, font);
    case THEME_FOLDER:
        return theme_push_text(reader, &reader->folders, &reader->folder_count, value);
    case THEME_SIZE: {
        double size = 0;
        if (!value_real(value, strlen(value), &size) || size < THEME_SMALLEST || size > THEME_LARGEST)
            return theme_refuse(reader, key->name, "is a size in points; write a number from 6 to 20");
        reader->theme->body_size = size;
        return true;
    }
    }
    return false;
}

/* One `key = value`; `key` ends at `length`. */
static bool theme_entry(struct theme_reader *reader, const char *key, const char *value) {
    if (strncmp(key, THEME_BADGE, strlen(THEME_BADGE)) == 0)
        return theme_add_badge(reader, key, value);
    for (size_t i = 0; i < THEME_KEYS; i++) {
        if (strcmp(theme_keys[i].name, key) != 0)
            continue;
        bool repeats = theme_keys[i].kind == THEME_FOLDER || theme_keys[i].kind == THEME_FALLBACK;
        if (reader->given[i] && !repeats)
            return theme_refuse(reader, key, "stands twice; take one of the lines out");
        reader->given[i] = true;
        return theme_set(reader, &theme_keys[i], value);
    }
    const char *near = text_nearest(key, theme_keys, THEME_KEYS, sizeof theme_keys[0]);
    diagnostics_report(reader->diagnostics, DIAGNOSTIC_THEME, &reader->place, "'%.60s' is not part of a theme%s%s%s",
                       key, near != NULL ? "; did you mean '" : "; take it out", near != NULL ? near : "",
                       near != NULL ? "'?" : "");
    return false;
}

/* A copy without the blanks around it. */
static char *theme_trim(struct theme_reader *reader, const char *from, const char *until) {
    while (from < until && strchr(" \t\r", *from) != NULL)
        from++;
    while (until > from && strchr(" \t\r", until[-1]) != NULL)
        until--;
    return arena_copy(reader->arena, from, (size_t)(until - from));
}

static bool theme_line(struct theme_reader *reader, const char *line, const char *end) {
    char *text = theme_trim(reader, line, end);
    if (text == NULL)
        return theme_memory(reader);
    if (*text == '\0' || *text == '#')
        return true;
    const char *equals = strchr(text, '=');
    if (equals == NULL)
        return theme_refuse(reader, text, "is not understood; write 'key = value'");
    const char *key = theme_trim(reader, text, equals);
    const char *value = theme_trim(reader, equals + 1, text + strlen(text));
    if (key == NULL || value == NULL)
        return theme_memory(reader);
    return theme_entry(reader, key, value);
}

static bool theme_file(struct theme_reader *reader, const char *path, const struct buffer *file) {
    size_t bad = 0;
    const char *line = buffer_text(file);
    const char *limit = line + file->length;
    if (memchr(line, '\0', file->length) != NULL || !text_utf8_valid(line, file->length, &bad))
        return theme_refuse(reader, path, "is not text in UTF-8; save it as such");
    bool all = true;
    while (line < limit) {
        const char *end = memchr(line, '\n', (size_t)(limit - line));
        if (end == NULL)
            end = limit;
        reader->place.line++;
        all = theme_line(reader, line, end) && all;
        line = end + 1;
    }
    reader->place.line = 0;
    for (size_t i = 0; i < THEME_KEYS; i++)
        if (!reader->given[i] && theme_keys[i].kind != THEME_FALLBACK)
            all = theme_refuse(reader, theme_keys[i].name, "is missing; add a line for it");
    return all;
}

/* The style sheet stands inside a `style` element, which it must not end. */
static bool theme_style(struct theme_reader *reader, const char *path, const struct buffer *file) {
    reader->place = (struct place){.path = path};
    if (memchr(buffer_text(file), '\0', file->length) != NULL ||
        !text_utf8_valid(buffer_text(file), file->length, NULL))
        return theme_refuse(reader, path, "is not text in UTF-8; save it as such");
    if (strcasestr(buffer_text(file), "</style") != NULL)
        return theme_refuse(reader, "</style", "would end the style sheet inside the report; take it out");
    reader->theme->style = arena_copy(reader->arena, buffer_text(file), file->length);
    return reader->theme->style != NULL || theme_memory(reader);
}

struct theme *theme_load(struct arena *arena, const char *folder, struct diagnostics *diagnostics) {
    struct theme_reader reader = {.arena = arena, .diagnostics = diagnostics};
    struct buffer file = {0};
    bool all = false;
    reader.theme = arena_allocate(arena, sizeof *reader.theme);
    const char *path = arena_format(arena, "%s/theme.conf", folder);
    const char *style = arena_format(arena, "%s/theme.css", folder);
    if (reader.theme == NULL || path == NULL || style == NULL) {
        theme_memory(&reader);
        return NULL;
    }
    reader.place.path = path;
    if (!file_read(path, LIMIT_TEMPLATE_BYTES, &file, diagnostics))
        goto done;
    all = theme_file(&reader, path, &file);
    buffer_clear(&file);
    all = file_read(style, LIMIT_TEMPLATE_BYTES, &file, diagnostics) && theme_style(&reader, style, &file) && all;
done:
    buffer_free(&file);
    return all ? reader.theme : NULL;
}

const struct theme_badge *theme_badge(const struct theme *theme, const char *name) {
    for (size_t i = 0; i < theme->badge_count; i++)
        if (strcmp(theme->badges[i].name, name) == 0)
            return &theme->badges[i];
    return NULL;
}
