#ifndef BASE_PROCESSORS_H
#define BASE_PROCESSORS_H

#include <stddef.h>

/* How many processors there are to work on: at least one, and at most `most`. */
size_t processors(size_t most);
/*
 * Lets the calling thread give way to the program's others where processors are scarce, for as long as it lives: for
 * work that is waited for last. Where the system cannot, nothing happens.
 */
void processors_give_way(void);

#endif
