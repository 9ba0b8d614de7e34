#ifndef STORE_LOAD_BULK_H
#define STORE_LOAD_BULK_H

#include "store/load_rows.h"

/*
 * Many rows on their way into the types' tables past SQLite, whose inserting takes several times as long as all that
 * writing them does. In between the store has no transaction, and must not be asked for anything.
 */
struct load_bulk;

/*
 * Ends the loading transaction and makes ready for rows of the types that the file being loaded can give (store->counts
 * says which), with refs from `first` on. *out is NULL where SQLite has to insert them: then the transaction is open
 * again. False after a report.
 */
bool load_bulk_begin(struct store *store, int64_t first, struct load_bulk **out);
/* Whether rows of another file can be added, too: of the types that it can give, with refs from `first` on. */
bool load_bulk_takes(const struct store *store, const struct load_bulk *bulk, int64_t first);
/*
 * Adds a row in a snapshot, behind all others of its type. False after a report (`path` is the evidence file's, as it
 * is shown).
 */
bool load_bulk_add(struct store *store, struct load_bulk *bulk, const struct load_row *row, int64_t snapshot,
                   const char *path);
/* Writes all that was held, opens the loading transaction again, and frees. False after a report. */
bool load_bulk_end(struct store *store, struct load_bulk *bulk, const char *path);
/* Of a load that failed. NULL is nothing. */
void load_bulk_free(struct load_bulk *bulk);

#endif
