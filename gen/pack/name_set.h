#ifndef PACK_NAME_SET_H
#define PACK_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The file names of a package, which must stay apart wherever it is extracted: file systems that fold case or normalise
 * Unicode would let one overwrite another. Names are compared after NFC and simple case folding (Unicode, through ICU),
 * and a file may not stand where another name has a folder. Searching is a balanced tree, which no choice of names can
 * slow down.
 */
struct name_set;

enum name_set_result {
    NAME_SET_ADDED,
    NAME_SET_TAKEN,  /* an equal name is there already: *other */
    NAME_SET_FOLDER, /* one of the two is a folder of the other's path: *other */
    NAME_SET_MALFORMED /* not UTF-8 */,
    NAME_SET_MEMORY
};

struct name_set *name_set_new(void);
void name_set_free(struct name_set *set);
/* `*other`, when not NULL, is the name as it was given when it was added; owned by the set. */
enum name_set_result name_set_add(struct name_set *set, const char *name, const char **other);

#endif
