#include "base/diagnostics.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum diagnostic_level level;
    const char *meaning;
} table[] = {
#define X(symbol, id, level, meaning) [DIAGNOSTIC_##symbol] = {id, level, meaning},
    DIAGNOSTIC_IDS(X)
#undef X
};

static const struct {
    const char *name;
    const char *colour;
    int exit_status;
} levels[] = {
    [DIAGNOSTIC_NOTE] = {"note", "\033[36m", 0},      [DIAGNOSTIC_WARNING] = {"warning", "\033[35m", 0},
    [DIAGNOSTIC_EVIDENCE] = {"error", "\033[31m", 1}, [DIAGNOSTIC_UNVERIFIED] = {"error", "\033[31m", 4},
    [DIAGNOSTIC_SETUP] = {"error", "\033[31m", 2},    [DIAGNOSTIC_FAILURE] = {"failure", "\033[31m", 3},
};

/* All diagnostics of one id and one file. */
struct group {
    enum diagnostic id;
    const char *path;
    uint64_t reported;
    uint64_t kept;
    uint64_t visited;
};

struct entry {
    struct group *group;
    struct place place;
    const char *text;
    uint64_t sequence;
};

struct diagnostics {
    pthread_mutex_t lock;
    struct arena *arena;
    struct entry **entries;
    size_t entry_count;
    size_t entry_capacity;
    struct group **buckets; /* open addressing; the capacity is a power of two */
    size_t bucket_count;
    size_t group_count;
    uint64_t counts[DIAGNOSTIC_COUNT];
    bool lost; /* memory ran out while a diagnostic was kept */
};

static const char lost_text[] = "memory ran out, so not all that is wrong can be said; give the process more";

const char *diagnostic_name(enum diagnostic id) {
    return table[id].name;
}

const char *diagnostic_meaning(enum diagnostic id) {
    return table[id].meaning;
}

enum diagnostic_level diagnostic_level(enum diagnostic id) {
    return table[id].level;
}

const char *diagnostic_level_name(enum diagnostic_level level) {
    return levels[level].name;
}

struct diagnostics *diagnostics_new(void) {
    struct diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    if (diagnostics == NULL) {
        return NULL;
    }
    diagnostics->arena = arena_new();
    if (diagnostics->arena == NULL || pthread_mutex_init(&diagnostics->lock, NULL) != 0) {
        arena_free(diagnostics->arena);
        free(diagnostics);
        return NULL;
    }
    return diagnostics;
}

void diagnostics_free(struct diagnostics *diagnostics) {
    if (diagnostics == NULL) {
        return;
    }
    pthread_mutex_destroy(&diagnostics->lock);
    arena_free(diagnostics->arena);
    free(diagnostics->entries);
    free(diagnostics->buckets);
    free(diagnostics);
}

static bool same_path(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* FNV-1a over the id and the path. */
static uint64_t group_hash(enum diagnostic id, const char *path) {
    uint64_t hash = 14695981039346656037u ^ (uint64_t)id;
    hash *= 1099511628211u;
    for (const char *c = path == NULL ? "" : path; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    }
    return hash;
}

static struct group **group_slot(struct group **buckets, size_t count, enum diagnostic id, const char *path) {
    size_t at = (size_t)group_hash(id, path) & (count - 1);
    while (buckets[at] != NULL && !(buckets[at]->id == id && same_path(buckets[at]->path, path))) {
        at = (at + 1) & (count - 1);
    }
    return &buckets[at];
}

static bool groups_grow(struct diagnostics *diagnostics) {
    size_t count = diagnostics->bucket_count == 0 ? 64 : diagnostics->bucket_count * 2;
    struct group **buckets = calloc(count, sizeof *buckets);
    if (buckets == NULL) {
        return false;
    }
    for (size_t i = 0; i < diagnostics->bucket_count; i++) {
        struct group *group = diagnostics->buckets[i];
        if (group != NULL) {
            *group_slot(buckets, count, group->id, group->path) = group;
        }
    }
    free(diagnostics->buckets);
    diagnostics->buckets = buckets;
    diagnostics->bucket_count = count;
    return true;
}

static struct group *group_get(struct diagnostics *diagnostics, enum diagnostic id, const char *path) {
    if (diagnostics->group_count * 2 >= diagnostics->bucket_count && !groups_grow(diagnostics)) {
        return NULL;
    }
    struct group **slot = group_slot(diagnostics->buckets, diagnostics->bucket_count, id, path);
    if (*slot != NULL) {
        return *slot;
    }
    struct group *group = arena_allocate(diagnostics->arena, sizeof *group);
    if (group == NULL) {
        return NULL;
    }
    group->id = id;
    if (path != NULL) {
        group->path = arena_text(diagnostics->arena, path);
        if (group->path == NULL) {
            return NULL;
        }
    }
    *slot = group;
    diagnostics->group_count++;
    return group;
}

/* Cuts a text at its limit, on a character's boundary, and marks the cut. */
static void text_cut(struct buffer *text) {
    if (text->failed || text->length <= LIMIT_DIAGNOSTIC_BYTES) {
        return;
    }
    size_t length = LIMIT_DIAGNOSTIC_BYTES;
    while (length > 0 && ((unsigned char)text->data[length] & 0xC0) == 0x80) {
        length--;
    }
    text->length = length;
    buffer_append_text(text, "...");
}

static bool keep(struct diagnostics *diagnostics, struct group *group, const struct place *place,
                 const struct buffer *text) {
    if (diagnostics->entry_count == diagnostics->entry_capacity) {
        size_t capacity = diagnostics->entry_capacity == 0 ? 64 : diagnostics->entry_capacity * 2;
        struct entry **entries = reallocarray(diagnostics->entries, capacity, sizeof *entries);
        if (entries == NULL) {
            return false;
        }
        diagnostics->entries = entries;
        diagnostics->entry_capacity = capacity;
    }
    struct entry *entry = arena_allocate(diagnostics->arena, sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    entry->text = arena_copy(diagnostics->arena, text->data, text->length);
    if (entry->text == NULL) {
        return false;
    }
    if (place != NULL) {
        entry->place = *place;
    }
    entry->place.path = group->path;
    if (entry->place.member != NULL) {
        entry->place.member = arena_text(diagnostics->arena, entry->place.member);
        if (entry->place.member == NULL) {
            return false;
        }
    }
    entry->group = group;
    entry->sequence = diagnostics->entry_count;
    diagnostics->entries[diagnostics->entry_count++] = entry;
    group->kept++;
    return true;
}

static void report(struct diagnostics *diagnostics, enum diagnostic id, const struct place *place,
                   struct buffer *text) {
    text_cut(text);
    pthread_mutex_lock(&diagnostics->lock);
    diagnostics->counts[id]++;
    struct group *group = group_get(diagnostics, id, place == NULL ? NULL : place->path);
    bool kept = group != NULL && !text->failed;
    if (group != NULL) {
        group->reported++;
    }
    if (kept && group->kept < LIMIT_DIAGNOSTICS_KEPT) {
        kept = keep(diagnostics, group, place, text);
    }
    if (!kept) {
        /* The text is lost, the fact is not: the run ends as one that ran out of memory. */
        diagnostics->counts[DIAGNOSTIC_MEMORY]++;
        diagnostics->lost = true;
    }
    pthread_mutex_unlock(&diagnostics->lock);
}

void diagnostics_report(struct diagnostics *diagnostics, enum diagnostic id, const struct place *place,
                        const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    report(diagnostics, id, place, &text);
    buffer_free(&text);
}

void diagnostics_report_errno(struct diagnostics *diagnostics, enum diagnostic id, const struct place *place, int error,
                              const char *format, ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    /* Not strerror: its text follows the locale. */
    const char *description = strerrordesc_np(error);
    if (description != NULL) {
        buffer_format(&text, ": %s", description);
    } else {
        buffer_format(&text, ": error %d", error);
    }
    /* Where memory is short, no file and no permission is to be looked at. */
    report(diagnostics, error == ENOMEM ? DIAGNOSTIC_MEMORY : id, place, &text);
    buffer_free(&text);
}

void diagnostics_join(struct diagnostics *diagnostics, const struct diagnostics *from) {
    for (size_t i = 0; i < from->entry_count; i++) {
        const struct entry *entry = from->entries[i];
        struct buffer text = {0};
        buffer_append_text(&text, entry->text);
        report(diagnostics, entry->group->id, &entry->place, &text);
        buffer_free(&text);
    }
    pthread_mutex_lock(&diagnostics->lock);
    for (size_t i = 0; i < from->bucket_count; i++) {
        const struct group *other = from->buckets[i];
        uint64_t counted = other != NULL ? other->reported - other->kept : 0;
        if (counted > 0) {
            struct group *group = group_get(diagnostics, other->id, other->path);
            diagnostics->counts[other->id] += counted;
            if (group != NULL) {
                group->reported += counted;
            } else {
                diagnostics->lost = true;
            }
        }
    }
    if (from->lost) {
        diagnostics->counts[DIAGNOSTIC_MEMORY]++;
        diagnostics->lost = true;
    }
    pthread_mutex_unlock(&diagnostics->lock);
}

const char *diagnostics_lost(const struct diagnostics *diagnostics) {
    return diagnostics->lost ? lost_text : NULL;
}

uint64_t diagnostics_count(const struct diagnostics *diagnostics, enum diagnostic_level level) {
    uint64_t count = 0;
    for (size_t id = 0; id < DIAGNOSTIC_COUNT; id++) {
        if (table[id].level >= level) {
            count += diagnostics->counts[id];
        }
    }
    return count;
}

uint64_t diagnostics_count_id(const struct diagnostics *diagnostics, enum diagnostic id) {
    return diagnostics->counts[id];
}

int diagnostics_exit_status(const struct diagnostics *diagnostics) {
    enum diagnostic_level heaviest = DIAGNOSTIC_NOTE;
    for (size_t id = 0; id < DIAGNOSTIC_COUNT; id++) {
        if (diagnostics->counts[id] > 0 && table[id].level > heaviest) {
            heaviest = table[id].level;
        }
    }
    return levels[heaviest].exit_status;
}

static int compare_numbers(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

static int compare_entries(const void *left, const void *right) {
    const struct entry *a = *(const struct entry *const *)left;
    const struct entry *b = *(const struct entry *const *)right;
    int order = strcmp(a->place.path == NULL ? "" : a->place.path, b->place.path == NULL ? "" : b->place.path);
    if (order == 0) {
        order = strcmp(a->place.member == NULL ? "" : a->place.member, b->place.member == NULL ? "" : b->place.member);
    }
    if (order == 0) {
        order = compare_numbers(a->place.line, b->place.line);
    }
    if (order == 0) {
        order = compare_numbers(a->place.column, b->place.column);
    }
    if (order == 0) {
        order = compare_numbers(a->place.record, b->place.record);
    }
    if (order == 0) {
        order = compare_numbers(a->group->id, b->group->id);
    }
    if (order == 0) {
        order = strcmp(a->text, b->text);
    }
    return order != 0 ? order : compare_numbers(a->sequence, b->sequence);
}

bool diagnostics_visit(struct diagnostics *diagnostics,
                       bool (*visit)(void *context, const struct diagnostic_view *view), void *context) {
    if (diagnostics->entry_count > 1) {
        qsort(diagnostics->entries, diagnostics->entry_count, sizeof *diagnostics->entries, compare_entries);
    }
    for (size_t i = 0; i < diagnostics->entry_count; i++) {
        diagnostics->entries[i]->group->visited = 0;
    }
    for (size_t i = 0; i < diagnostics->entry_count; i++) {
        const struct entry *entry = diagnostics->entries[i];
        struct group *group = entry->group;
        struct diagnostic_view view = {.id = group->id, .place = entry->place, .text = entry->text};
        if (++group->visited == group->kept) {
            view.more = group->reported - group->kept;
        }
        if (!visit(context, &view)) {
            return false;
        }
    }
    return true;
}

/*
 * Texts and paths may quote hostile evidence: what could steer a terminal (controls, also of C1, and the marks that
 * turn the reading direction) and malformed UTF-8 is shown as its bytes.
 */
static void append_visible(struct buffer *out, const char *text) {
    size_t length = strlen(text);
    size_t position = 0;
    while (position < length) {
        size_t start = position;
        uint32_t c = text_utf8_next(text, length, &position);
        bool malformed = c == 0xFFFD && position == start + 1;
        bool steers = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
                      (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        if (!malformed && !steers) {
            buffer_append(out, text + start, position - start);
            continue;
        }
        for (size_t i = start; i < position; i++) {
            buffer_format(out, "\\x%02x", (unsigned)(unsigned char)text[i]);
        }
    }
}

static void print_place(const struct place *place, bool colour, struct buffer *out) {
    if (place->path == NULL && place->line == 0 && place->record == 0) {
        return;
    }
    if (colour) {
        buffer_append_text(out, "\033[1m");
    }
    if (place->path != NULL) {
        append_visible(out, place->path);
        if (place->member != NULL) {
            buffer_append_byte(out, '!');
            append_visible(out, place->member);
        }
        buffer_append_byte(out, ':');
    }
    if (place->line > 0) {
        buffer_format(out, "%" PRIu64 ":", place->line);
        if (place->column > 0) {
            buffer_format(out, "%" PRIu64 ":", place->column);
        }
    }
    if (place->record > 0) {
        bool first = place->path == NULL && place->line == 0;
        buffer_format(out, "%srecord %" PRIu64 ":", first ? "" : " ", place->record);
    }
    buffer_append_text(out, colour ? "\033[0m " : " ");
}

static void print_line(enum diagnostic id, const struct place *place, const char *text, bool colour,
                       struct buffer *out) {
    enum diagnostic_level level = table[id].level;
    print_place(place, colour, out);
    if (colour) {
        buffer_format(out, "%s%s:\033[0m ", levels[level].colour, levels[level].name);
    } else {
        buffer_format(out, "%s: ", levels[level].name);
    }
    append_visible(out, text);
    buffer_format(out, " [%s]\n", table[id].name);
}

struct printing {
    struct diagnostics *diagnostics;
    enum diagnostic_level least;
    bool colour;
    struct buffer *out;
};

static bool print_view(void *context, const struct diagnostic_view *view) {
    const struct printing *printing = context;
    if (table[view->id].level < printing->least) {
        return true;
    }
    const struct diagnostics *diagnostics = printing->diagnostics;
    const struct group *group =
        *group_slot(diagnostics->buckets, diagnostics->bucket_count, view->id, view->place.path);
    if (group->visited > LIMIT_DIAGNOSTICS_EACH) {
        return true;
    }
    print_line(view->id, &view->place, view->text, printing->colour, printing->out);
    bool last = group->visited == LIMIT_DIAGNOSTICS_EACH || group->visited == group->kept;
    if (last && group->reported > group->visited) {
        char more[48];
        snprintf(more, sizeof more, "%" PRIu64 " more", group->reported - group->visited);
        struct place file = {.path = group->path};
        print_line(view->id, &file, more, printing->colour, printing->out);
    }
    return true;
}

void diagnostics_print(struct diagnostics *diagnostics, enum diagnostic_level least, bool colour, struct buffer *out) {
    struct printing printing = {.diagnostics = diagnostics, .least = least, .colour = colour, .out = out};
    diagnostics_visit(diagnostics, print_view, &printing);
    if (diagnostics->lost) {
        print_line(DIAGNOSTIC_MEMORY, &(struct place){0}, lost_text, colour, out);
    }
}
