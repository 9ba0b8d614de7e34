#include "config/schema_files.h"

#include "base/file.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 4096 /* of a file, within which its kind is looked for */

/* What the threads share. */
struct schema_files_work {
    struct schema_file *files;
    size_t count;
    atomic_size_t next; /* the file to take next */
    struct diagnostics *diagnostics;
};

struct schema_files_thread {
    struct schema_files_work *work;
    struct arena *arena;
};

static void *schema_files_take(void *context) {
    const struct schema_files_thread *thread = context;
    struct schema_files_work *work = thread->work;
    for (size_t i = atomic_fetch_add(&work->next, 1); i < work->count; i = atomic_fetch_add(&work->next, 1)) {
        struct schema_file *file = &work->files[i];
        if (file->yaml)
            file->root = yaml_load(thread->arena, file->path, work->diagnostics);
    }
    return NULL;
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

void schema_files_parse(struct schema_file *files, size_t count, struct arena *arena, struct diagnostics *diagnostics) {
    struct schema_files_work work = {.files = files, .count = count, .diagnostics = diagnostics};
    struct schema_files_thread here = {&work, arena};
    struct schema_files_thread second = {&work, arena_new()};
    pthread_t thread;

    atomic_init(&work.next, 0);
    bool helped = second.arena != NULL && pthread_create(&thread, NULL, schema_files_take, &second) == 0;
    schema_files_take(&here);
    if (helped)
        pthread_join(thread, NULL);
    arena_join(arena, second.arena);
}
