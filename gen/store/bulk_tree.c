#include "store/bulk_tree.h"

#include "base/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS 20 /* as many as SQLite goes down */

#define LEAF          0x0d /* of a table */
#define INTERIOR      0x05
#define LEAF_HEADER   8u
#define INNER_HEADER  12u
#define CELL_POINTER  2u
#define CHILD         4u                                          /* bytes of a page's number */
#define MOST_LOCAL    (BULK_FILE_PAGE - 35u)                      /* bytes of a record that stand in a leaf at most */
#define LEAST_LOCAL   ((BULK_FILE_PAGE - 12u) * 32u / 255u - 23u) /* and at least, where it goes on in other pages */
#define OVERFLOW_ROOM (BULK_FILE_PAGE - CHILD)

/* A page's header. */
enum { PAGE_KIND = 0, PAGE_CELLS = 3, PAGE_CONTENT = 5, PAGE_RIGHT = 8 };

/* The last page of a level: the ones before it are complete. */
struct level {
    uint32_t number; /* 0: it gets one when it is written */
    size_t cells;
    size_t content;      /* where the cells begin: they are added from the end of the page to its beginning */
    int64_t highest;     /* key of its last cell */
    size_t highest_size; /* bytes of that cell */
    unsigned char *page;
};

struct bulk_tree {
    struct bulk_file *file;
    uint32_t root;
    struct level levels[LEVELS]; /* from the leaf to the root */
    size_t depth;
    int64_t last;
    unsigned char number[BULK_ROW_VARINT + 7]; /* the last one as it stands in its cell; some bytes are not used */
    size_t number_size;                        /* 0: there was none */
    bool any;                                  /* there is a row */
    bool changed;                              /* rows were added */
    unsigned char *record;                     /* one that is too long for a page */
    size_t capacity;
};

static unsigned get_short(const unsigned char *bytes) {
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static void put_short(unsigned char *bytes, size_t number) {
    bytes[0] = (unsigned char)(number >> 8);
    bytes[1] = (unsigned char)number;
}

/* Reads a number that ends before `end`; NULL when it does not. */
static const unsigned char *get_varint(const unsigned char *at, const unsigned char *end, uint64_t *number) {
    *number = 0;
    for (size_t i = 0; i < BULK_ROW_VARINT && at < end; i++) {
        unsigned char byte = *at++;
        if (i + 1 == BULK_ROW_VARINT) {
            *number = *number << 8 | byte;
            return at;
        }
        *number = *number << 7 | (byte & 0x7f);
        if ((byte & 0x80) == 0) {
            return at;
        }
    }
    return NULL;
}

static size_t header_size(const struct level *level) {
    return level->page[PAGE_KIND] == LEAF ? LEAF_HEADER : INNER_HEADER;
}

static bool has_room(const struct level *level, size_t size) {
    return header_size(level) + CELL_POINTER * (level->cells + 1) + size <= level->content;
}

/* Makes room for a cell, which there is: where it is to be written. */
static unsigned char *add_cell(struct level *level, size_t size, int64_t key) {
    level->content -= size;
    put_short(level->page + header_size(level) + CELL_POINTER * level->cells, level->content);
    level->cells++;
    level->highest = key;
    level->highest_size = size;
    return level->page + level->content;
}

static void empty(struct level *level, int kind) {
    memset(level->page, 0, BULK_FILE_PAGE);
    level->page[PAGE_KIND] = (unsigned char)kind;
    level->cells = 0;
    level->content = BULK_FILE_PAGE;
}

/* Adds a complete child to a page above the leaves. There is room. */
static void add_child(struct level *level, uint32_t child, int64_t key) {
    unsigned char *cell = add_cell(level, CHILD + bulk_row_varint_size((uint64_t)key), key);

    bulk_file_put(cell, child);
    (void)bulk_row_varint(cell + CHILD, (uint64_t)key);
}

/* The last page of a level and its header, as they are to be written. */
static void settle(struct level *level) {
    put_short(level->page + PAGE_CELLS, level->cells);
    put_short(level->page + PAGE_CONTENT, level->content);
}

/* Writes the level's page, which gets a number if it has none. */
static bool write_page(struct bulk_tree *tree, struct level *level) {
    settle(level);
    if (level->number != 0) {
        return bulk_file_write(tree->file, level->number, level->page);
    }
    memcpy(bulk_file_add(tree->file, &level->number), level->page, BULK_FILE_PAGE);
    return tree->file->error == SQLITE_OK;
}

/* The root's page stays where it is: what stood in it goes one level down. */
static bool raise_root(struct bulk_tree *tree) {
    struct level *level = &tree->levels[tree->depth];

    if (tree->depth == LEVELS) {
        tree->file->error = SQLITE_FULL;
        return false;
    }
    level->page = malloc(BULK_FILE_PAGE);
    if (level->page == NULL) {
        tree->file->error = SQLITE_NOMEM;
        return false;
    }
    empty(level, INTERIOR);
    level->number = tree->root;
    tree->levels[tree->depth - 1].number = 0;
    tree->depth++;
    return true;
}

/* Writes the page of a level, which is full, makes it known above, and begins the next one. */
static bool complete(struct bulk_tree *tree, size_t at) {
    struct level *level = &tree->levels[at];
    int64_t key = level->highest;

    if (at + 1 == tree->depth && !raise_root(tree)) {
        return false;
    }
    if (at > 0) {
        /* The child of its last cell becomes the one at its right end, which has no cell. */
        unsigned char *cell = level->page + level->content;
        memcpy(level->page + PAGE_RIGHT, cell, CHILD);
        memset(cell, 0, level->highest_size);
        level->cells--;
        memset(level->page + INNER_HEADER + CELL_POINTER * level->cells, 0, CELL_POINTER);
        level->content += level->highest_size;
    }
    if (!write_page(tree, level)) {
        return false;
    }
    struct level *above = &tree->levels[at + 1];
    if (!has_room(above, CHILD + bulk_row_varint_size((uint64_t)key)) && !complete(tree, at + 1)) {
        return false;
    }
    add_child(above, level->number, key);
    empty(level, at == 0 ? LEAF : INTERIOR);
    level->number = 0;
    return true;
}

/* Puts the cells of a page above the leaves one behind the other, as if they had been added here. */
static bool repack(struct level *level) {
    unsigned char old[BULK_FILE_PAGE];
    const unsigned char *end = old + BULK_FILE_PAGE;
    size_t cells = get_short(level->page + PAGE_CELLS);

    memcpy(old, level->page, sizeof old);
    empty(level, INTERIOR);
    memcpy(level->page + PAGE_RIGHT, old + PAGE_RIGHT, CHILD);
    if (cells == 0 || INNER_HEADER + CELL_POINTER * cells > BULK_FILE_PAGE) {
        return false;
    }
    for (size_t i = 0; i < cells; i++) {
        size_t at = get_short(old + INNER_HEADER + CELL_POINTER * i);
        uint64_t key;
        if (at + CHILD >= BULK_FILE_PAGE || get_varint(old + at + CHILD, end, &key) == NULL ||
            !has_room(level, CHILD + bulk_row_varint_size(key))) {
            return false;
        }
        add_child(level, bulk_file_get(old + at), (int64_t)key);
    }
    return true;
}

/* Takes a leaf as it is: what is free between its cells stays free. */
static bool take_leaf(struct bulk_tree *tree, struct level *level) {
    const unsigned char *end = level->page + BULK_FILE_PAGE;
    uint64_t size;
    uint64_t key;

    level->cells = get_short(level->page + PAGE_CELLS);
    level->content = get_short(level->page + PAGE_CONTENT);
    if (LEAF_HEADER + CELL_POINTER * level->cells > level->content || level->content > BULK_FILE_PAGE) {
        return false;
    }
    if (level->cells == 0) {
        return tree->depth == 1; /* an empty table */
    }
    size_t last = get_short(level->page + LEAF_HEADER + CELL_POINTER * (level->cells - 1));
    if (last >= BULK_FILE_PAGE) {
        return false;
    }
    const unsigned char *cell = get_varint(level->page + last, end, &size);
    if (cell == NULL || get_varint(cell, end, &key) == NULL) {
        return false;
    }
    level->highest = tree->last = (int64_t)key;
    tree->any = true;
    return true;
}

/* Reads the pages from the root down; `levels` has them upside down. */
static bool read_levels(struct bulk_tree *tree) {
    uint32_t number = tree->root;
    bool leaf = false;

    while (!leaf) {
        if (tree->depth == LEVELS || number < 2) {
            return false;
        }
        struct level *level = &tree->levels[tree->depth];
        level->number = number;
        level->page = malloc(BULK_FILE_PAGE);
        if (level->page == NULL) {
            return false;
        }
        tree->depth++;
        if (!bulk_file_read(tree->file, number, level->page)) {
            return false;
        }
        leaf = level->page[PAGE_KIND] == LEAF;
        if (!leaf && (level->page[PAGE_KIND] != INTERIOR || !repack(level))) {
            return false;
        }
        number = bulk_file_get(level->page + PAGE_RIGHT);
    }
    return true;
}

struct bulk_tree *bulk_tree_open(struct bulk_file *file, uint32_t root) {
    struct bulk_tree *tree = calloc(1, sizeof *tree);

    if (tree == NULL) {
        return NULL;
    }
    tree->file = file;
    tree->root = root;
    if (!read_levels(tree)) {
        goto failed;
    }
    for (size_t i = 0; i < tree->depth / 2; i++) {
        struct level swap = tree->levels[i];
        tree->levels[i] = tree->levels[tree->depth - 1 - i];
        tree->levels[tree->depth - 1 - i] = swap;
    }
    if (!take_leaf(tree, &tree->levels[0])) {
        goto failed;
    }
    return tree;

failed:
    bulk_tree_free(tree);
    return NULL;
}

bool bulk_tree_last(const struct bulk_tree *tree, int64_t *number) {
    *number = tree->last;
    return tree->any;
}

/* Where a record of this size goes on in other pages, how much of it stands in the leaf. */
static size_t local_size(size_t size) {
    size_t local = LEAST_LOCAL + (size - LEAST_LOCAL) % OVERFLOW_ROOM;

    return local <= MOST_LOCAL ? local : LEAST_LOCAL;
}

/* Writes what does not stand in the leaf, page behind page. */
static void add_overflow(struct bulk_tree *tree, const unsigned char *bytes, size_t size) {
    uint32_t number;

    while (size > 0) {
        size_t part = size < OVERFLOW_ROOM ? size : OVERFLOW_ROOM;
        unsigned char *page = bulk_file_add(tree->file, &number);
        if (part < size) {
            bulk_file_put(page, bulk_file_next(tree->file));
        }
        memcpy(page + CHILD, bytes, part);
        bytes += part;
        size -= part;
    }
}

/* The row as bytes, to be cut; NULL when memory is out. */
static const unsigned char *whole_record(struct bulk_tree *tree, const struct bulk_row *row) {
    if (row->size > tree->capacity) {
        unsigned char *grown = realloc(tree->record, row->size);
        if (grown == NULL) {
            tree->file->error = SQLITE_NOMEM;
            return NULL;
        }
        tree->record = grown;
        tree->capacity = row->size;
    }
    bulk_row_write(row, tree->record);
    return tree->record;
}

/* Makes the next number from the last one, of which as a rule only the lowest byte differs. */
static void make_number(struct bulk_tree *tree, int64_t number) {
    unsigned char *lowest = tree->number + tree->number_size - 1;

    if (tree->number_size > 0 && tree->number_size < BULK_ROW_VARINT && number == tree->last + 1 && *lowest < 0x7f) {
        ++*lowest;
        return;
    }
    (void)bulk_row_varint(tree->number, (uint64_t)number);
    tree->number_size = bulk_row_varint_size((uint64_t)number);
}

bool bulk_tree_add(struct bulk_tree *tree, int64_t number, const struct bulk_row *row) {
    bool whole = row->size <= MOST_LOCAL;
    size_t local = whole ? row->size : local_size(row->size);

    assert(!tree->any || number > tree->last);
    make_number(tree, number);
    size_t size = bulk_row_varint_size(row->size) + tree->number_size + local + (whole ? 0 : CHILD);
    if (!has_room(&tree->levels[0], size) && !complete(tree, 0)) {
        return false;
    }
    const unsigned char *record = whole ? NULL : whole_record(tree, row);
    if (!whole && record == NULL) {
        return false;
    }
    unsigned char *cell = add_cell(&tree->levels[0], size, number);
    cell = bulk_row_varint(cell, row->size);
    bytes_copy(cell, tree->number, tree->number_size);
    cell += tree->number_size;
    if (whole) {
        bulk_row_write(row, cell);
    } else {
        memcpy(cell, record, local);
        bulk_file_put(cell + local, bulk_file_next(tree->file));
        add_overflow(tree, record + local, row->size - local);
    }
    tree->last = number;
    tree->any = true;
    tree->changed = true;
    return tree->file->error == SQLITE_OK;
}

bool bulk_tree_end(struct bulk_tree *tree) {
    bool done = tree->file->error == SQLITE_OK;

    for (size_t i = 0; tree->changed && done && i < tree->depth; i++) {
        if (i > 0) {
            bulk_file_put(tree->levels[i].page + PAGE_RIGHT, tree->levels[i - 1].number);
        }
        done = write_page(tree, &tree->levels[i]);
    }
    return done;
}

void bulk_tree_free(struct bulk_tree *tree) {
    if (tree == NULL) {
        return;
    }
    for (size_t i = 0; i < LEVELS; i++) {
        free(tree->levels[i].page);
    }
    free(tree->record);
    free(tree);
}
