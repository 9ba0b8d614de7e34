#ifndef STORE_BULK_TREE_H
#define STORE_BULK_TREE_H

#include "store/bulk_file.h"
#include "store/bulk_row.h"

/*
 * A table's b-tree that rows are appended to, each behind the last one: leaves are filled to the end and never looked
 * at again, so that only the pages from the root down to the last leaf are held.
 */
struct bulk_tree;

/* Reads those pages. NULL when they are none that rows can be appended to, or could not be read, or memory is out. */
struct bulk_tree *bulk_tree_open(struct bulk_file *file, uint32_t root);
/* The number of the last row; false when there is none. */
bool bulk_tree_last(const struct bulk_tree *tree, int64_t *number);
/* Adds a row that was measured; its number is higher than that of the last. False when memory is out, or for good after
 * a failure of the file. */
bool bulk_tree_add(struct bulk_tree *tree, int64_t number, const struct bulk_row *row);
/* Writes the pages that were held. Before bulk_file_end; nothing can be added any more. */
bool bulk_tree_end(struct bulk_tree *tree);
void bulk_tree_free(struct bulk_tree *tree);

#endif
