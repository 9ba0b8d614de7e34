#include "base/processors.h"

#include <unistd.h>

size_t processors(size_t most) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (size_t)count > most ? most : (size_t)count;
}
