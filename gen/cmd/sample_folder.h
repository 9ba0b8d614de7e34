#ifndef CMD_SAMPLE_FOLDER_H
#define CMD_SAMPLE_FOLDER_H

#include "cmd/sample_take.h"

/* What stands beside one item: the records that support it, and the documents behind all of them. */
struct sample_support {
    const char *relation; /* "review" */
    int64_t ref;
};

/* The folders of a sample's items, as they are filled. */
struct sample_folder {
    struct sample_take *take;
    const char *path;    /* of the staging folder */
    const char *request; /* or "" */
    struct buffer index; /* index.csv of all of it */
    struct buffer page;  /* rows of index.html */
};

/*
 * Makes the folder of the item at `index` with its record, the records that support it, the documents and an index of
 * their digests; adds them to the index of the whole. False after reporting.
 */
bool sample_folder_make(struct sample_folder *folder, size_t index, const struct sample_support *supports,
                        size_t support_count);
/* Appends a text so that it may be a part of a file's name: letters, digits, '.', '-' and '_', of limited length. */
void sample_folder_name(struct buffer *out, const char *text);

#endif
