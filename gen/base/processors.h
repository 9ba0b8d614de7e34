#ifndef BASE_PROCESSORS_H
#define BASE_PROCESSORS_H

#include <stddef.h>

/* How many processors there are to work on: at least one, and at most `most`. */
size_t processors(size_t most);

#endif
