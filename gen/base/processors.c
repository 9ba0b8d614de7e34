#include "base/processors.h"

#include <unistd.h>

#define GIVING_WAY 5 /* a third of the weight of those that do not */

size_t processors(size_t most) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (size_t)count > most ? most : (size_t)count;
}

void processors_give_way(void) {
    /* On Linux each thread has a nice value of its own. That it cannot be had costs time alone. */
    (void)!nice(GIVING_WAY);
}
