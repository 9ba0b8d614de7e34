#include "config/schema_files.h"

#include <pthread.h>
#include <stdatomic.h>

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
