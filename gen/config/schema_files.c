#include "config/schema_files.h"

#include "base/file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 4096 /* of a file, within which its kind is looked for */

struct schema_files {
    struct schema_file *files;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct arena *ahead; /* the second thread's */
    pthread_t thread;
    bool helped;
    /* What the threads share: files from `first` to `last` are nobody's yet; those from `ready` on are parsed. */
    pthread_mutex_t lock;
    pthread_cond_t parsed;
    size_t first;
    size_t last;
    size_t ready;
};

static void parse(struct schema_file *file, struct arena *arena, struct diagnostics *diagnostics) {
    if (file->yaml)
        file->root = yaml_load(arena, file->path, diagnostics);
}

/* Takes one file after the other from the end. */
static void *parse_ahead(void *context) {
    struct schema_files *parsing = context;
    for (;;) {
        pthread_mutex_lock(&parsing->lock);
        bool left = parsing->first < parsing->last;
        size_t index = left ? --parsing->last : 0;
        pthread_mutex_unlock(&parsing->lock);
        if (!left)
            return NULL;
        parse(&parsing->files[index], parsing->ahead, parsing->diagnostics);
        pthread_mutex_lock(&parsing->lock);
        parsing->ready = index;
        pthread_cond_signal(&parsing->parsed);
        pthread_mutex_unlock(&parsing->lock);
    }
}

/* The name behind "kind:" at the beginning of a line; NULL where there is none in the head, or not plainly. */
static const char *schema_files_kind(const char *head, size_t *length) {
    static const char key[] = "kind:";
    const char *line = head;
    while (strncmp(line, key, sizeof key - 1) != 0) {
        line = strchr(line, '\n');
        if (line == NULL)
            return NULL;
        line++;
    }
    line += sizeof key - 1;
    line += strspn(line, " ");
    *length = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-");
    const char *behind = line + *length;
    return *length > 0 && (*behind == '\n' || *behind == '\r') ? line : NULL;
}

bool schema_files_may_be(const char *path, const struct text_list *kinds, size_t *index) {
    char head[HEAD_BYTES + 1];
    int descriptor = file_open(path);
    ssize_t got = descriptor < 0 ? -1 : read(descriptor, head, HEAD_BYTES);
    size_t length = 0;
    if (descriptor >= 0)
        close(descriptor); /* it was only read */
    *index = kinds->count;
    if (got <= 0)
        return true; /* whatever is wrong with it is said when it is loaded */
    head[got] = '\0';
    const char *kind = schema_files_kind(head, &length);
    if (kind == NULL)
        return true;
    for (size_t i = 0; i < kinds->count; i++) {
        if (strlen(kinds->items[i]) == length && memcmp(kinds->items[i], kind, length) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

struct schema_files *schema_files_begin(struct schema_file *files, size_t count, struct arena *arena,
                                        struct diagnostics *diagnostics) {
    struct schema_files *parsing = calloc(1, sizeof(*parsing));
    if (parsing == NULL) {
        decode_out_of_memory(diagnostics);
        return NULL;
    }
    *parsing = (struct schema_files){.files = files,
                                     .arena = arena,
                                     .diagnostics = diagnostics,
                                     .ahead = arena_new(),
                                     .lock = PTHREAD_MUTEX_INITIALIZER,
                                     .parsed = PTHREAD_COND_INITIALIZER,
                                     .last = count,
                                     .ready = count};
    parsing->helped = parsing->ahead != NULL && pthread_create(&parsing->thread, NULL, parse_ahead, parsing) == 0;
    return parsing;
}

void schema_files_take(struct schema_files *parsing, size_t index) {
    pthread_mutex_lock(&parsing->lock);
    bool mine = index < parsing->last;
    if (mine)
        parsing->first = index + 1;
    while (!mine && index < parsing->ready)
        pthread_cond_wait(&parsing->parsed, &parsing->lock);
    pthread_mutex_unlock(&parsing->lock);
    if (mine)
        parse(&parsing->files[index], parsing->arena, parsing->diagnostics);
}

void schema_files_end(struct schema_files *parsing) {
    if (parsing == NULL)
        return;
    pthread_mutex_lock(&parsing->lock);
    parsing->first = parsing->last; /* what nobody asked for is not wanted */
    pthread_mutex_unlock(&parsing->lock);
    if (parsing->helped)
        pthread_join(parsing->thread, NULL);
    arena_join(parsing->arena, parsing->ahead);
    pthread_cond_destroy(&parsing->parsed);
    pthread_mutex_destroy(&parsing->lock);
    free(parsing);
}
