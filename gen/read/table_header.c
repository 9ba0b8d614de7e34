#include "read/table_header.h"

#include <string.h>

/* How many of the columns of `detect:` the row has. */
static size_t columns(const struct kind *kind, const struct csv_cell *cells, size_t count, bool *there) {
    size_t found = 0;

    for (size_t i = 0; i < kind->detect_columns.count; i++) {
        const char *name = kind->detect_columns.items[i];
        bool has = false;
        for (size_t j = 0; j < count && !has; j++) {
            has = cells[j].length == strlen(name) && memcmp(cells[j].bytes, name, cells[j].length) == 0;
        }
        found += has;
        if (there != NULL) {
            there[i] = has;
        }
    }
    return found;
}

size_t table_header_filled(const struct csv_cell *cells, size_t count) {
    size_t filled = 0;

    for (size_t i = 0; i < count; i++) {
        filled += cells[i].length > 0;
    }
    return filled;
}

bool table_header_title(struct table_titles *titles, const struct kind *kind, const struct csv_cell *cells,
                        size_t count, bool *there, size_t *found) {
    size_t filled = table_header_filled(cells, count);

    *found = columns(kind, cells, count, there);
    if (*found == 0 && kind->detect_columns.count > 0 && titles->rows < TABLE_TITLES_MOST) {
        titles->rows++;
        titles->most = filled > titles->most ? filled : titles->most;
        return true;
    }
    if (titles->rows > 0 && (*found < kind->detect_columns.count || filled <= titles->most)) {
        *found = 0;
    }
    return false;
}
