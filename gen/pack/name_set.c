#include "pack/name_set.h"

#include "base/buffer.h"
#include "base/text.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

struct name_set {
    void *root;
    const UNormalizer2 *composer;
    struct buffer folder; /* of the last file, folded, with its slash: all that it goes through are known as folders */
};

/* One folded path: a file, or a folder that some file's path goes through. */
struct node {
    char *folded;
    char *given; /* the first name that brought it */
    bool folder;
};

struct name_set *name_set_new(void) {
    struct name_set *set = calloc(1, sizeof *set);
    UErrorCode status = U_ZERO_ERROR;
    if (!set) {
        return NULL;
    }
    set->composer = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) {
        free(set);
        return NULL;
    }
    return set;
}

static void node_free(void *pointer) {
    struct node *node = pointer;
    if (node) {
        free(node->folded);
        free(node->given);
        free(node);
    }
}

void name_set_free(struct name_set *set) {
    if (set) {
        tdestroy(set->root, node_free);
        buffer_free(&set->folder);
        free(set);
    }
}

static int compare(const void *a, const void *b) {
    const struct node *left = a;
    const struct node *right = b;
    return strcmp(left->folded, right->folded);
}

/* NFC of `text`; a new string for the caller to free, or NULL when memory is out. */
static UChar *compose(const struct name_set *set, const UChar *text, int32_t length, int32_t *composed_length) {
    UErrorCode status = U_ZERO_ERROR;
    /* NFC grows UTF-16 at most threefold (UAX #15, expansion factors). */
    int32_t capacity = length * 3 + 1;
    UChar *composed = reallocarray(NULL, (size_t)capacity, sizeof *composed);
    if (composed) {
        *composed_length = unorm2_normalize(set->composer, text, length, composed, capacity, &status);
        if (U_FAILURE(status)) {
            free(composed);
            composed = NULL;
        }
    }
    return composed;
}

/* Appends the name with small letters: all that folding does to ASCII. */
static bool fold_ascii(const char *name, size_t length, struct buffer *out) {
    for (size_t i = 0; i < length; i++) {
        bool capital = name[i] >= 'A' && name[i] <= 'Z';
        buffer_append_byte(out, capital ? (char)(name[i] - 'A' + 'a') : name[i]);
    }
    return !out->failed;
}

/* Appends NFC(fold(NFC(name))): folding can leave a string that is no longer composed. False when memory is out. */
static bool fold(const struct name_set *set, const char *name, size_t length, struct buffer *out) {
    if (text_ascii_run(name, length) == length) {
        return fold_ascii(name, length, out);
    }
    struct buffer folded = {0};
    UChar *wide = reallocarray(NULL, length + 1, sizeof *wide);
    UChar *composed = NULL;
    UChar *again = NULL;
    UErrorCode status = U_ZERO_ERROR;
    bool done = false;
    int32_t count = 0;
    if (!wide) {
        goto ended;
    }
    u_strFromUTF8(wide, (int32_t)length + 1, &count, name, (int32_t)length, &status);
    if (U_FAILURE(status)) {
        goto ended;
    }
    composed = compose(set, wide, count, &count);
    if (!composed) {
        goto ended;
    }
    for (int32_t i = 0; i < count;) {
        UChar32 point;
        U16_NEXT(composed, i, count, point);
        point = u_foldCase(point, U_FOLD_CASE_DEFAULT);
        UChar units[2];
        int32_t used = 0;
        U16_APPEND_UNSAFE(units, used, point);
        buffer_append(&folded, units, (size_t)used * sizeof *units);
    }
    if (folded.failed) {
        goto ended;
    }
    again = compose(set, (const UChar *)folded.data, (int32_t)(folded.length / sizeof *again), &count);
    if (!again) {
        goto ended;
    }
    for (int32_t i = 0; i < count;) {
        UChar32 point;
        U16_NEXT(again, i, count, point);
        text_utf8_append(out, (uint32_t)point);
    }
    done = !out->failed;
ended:
    buffer_free(&folded);
    free(wide);
    free(composed);
    free(again);
    return done;
}

/* Finds or adds a path. NULL when memory is out. `*fresh` tells which. */
static struct node *reach(struct name_set *set, const char *folded, const char *given, bool folder, bool *fresh) {
    const struct node wanted = {.folded = (char *)(uintptr_t)folded};
    struct node **place = tfind(&wanted, &set->root, compare);
    *fresh = place == NULL;
    if (!*fresh) {
        return *place;
    }
    struct node *node = calloc(1, sizeof *node);
    if (!node) {
        return NULL;
    }
    node->folder = folder;
    node->folded = strdup(folded);
    node->given = strdup(given);
    place = node->folded && node->given ? tsearch(node, &set->root, compare) : NULL;
    if (!place) {
        node_free(node);
        return NULL;
    }
    return *place;
}

/* How much of a folded name is the path of folders that the file before it went through, which are known already. */
static size_t known_folders(const struct name_set *set, const struct buffer *folded) {
    size_t length = set->folder.length;
    bool same = length > 0 && length <= folded->length && memcmp(set->folder.data, folded->data, length) == 0;
    return same ? length : 0;
}

/* Without the memory for it, the next file looks for all of its folders. */
static void keep_folder(struct name_set *set, const struct buffer *folded) {
    const char *slash = strrchr(folded->data, '/');
    buffer_clear(&set->folder);
    buffer_append(&set->folder, folded->data, slash ? (size_t)(slash + 1 - folded->data) : 0);
}

enum name_set_result name_set_add(struct name_set *set, const char *name, const char **other) {
    size_t length = strlen(name);
    struct buffer folded = {0};
    enum name_set_result result = NAME_SET_MEMORY;
    struct node *node = NULL;
    bool fresh = false;
    if (length == 0 || !text_utf8_valid(name, length, NULL)) {
        return NAME_SET_MALFORMED;
    }
    if (!fold(set, name, length, &folded)) {
        goto ended;
    }
    for (char *slash = strchr(folded.data + known_folders(set, &folded), '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        node = reach(set, folded.data, name, true, &fresh);
        *slash = '/';
        if (!node) {
            goto ended;
        }
        if (!node->folder) {
            result = NAME_SET_FOLDER;
            goto ended;
        }
    }
    node = reach(set, folded.data, name, false, &fresh);
    if (node) {
        result = fresh ? NAME_SET_ADDED : node->folder ? NAME_SET_FOLDER : NAME_SET_TAKEN;
        keep_folder(set, &folded);
    }
ended:
    if (other) {
        *other = node ? node->given : NULL;
    }
    buffer_free(&folded);
    return result;
}
