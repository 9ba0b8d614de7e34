#ifndef STORE_SHARE_H
#define STORE_SHARE_H

#include "store/guard.h"

/*
 * Views of the schema that several tests or metrics read, made once: each is kept as a table in a database of its own
 * beside the store, and a guard that joins finds that table under the view's name, by itself and behind other views.
 * What is read of the table is told as what the view reads (guard_reads). A view that could not be made within the
 * bounds of a query is not kept: whoever needs it reads the view, and meets the bound under their own name.
 */
struct share;

/* Chooses the views; the schema must outlive it. NULL after reporting that memory ran out. */
struct share *share_new(const struct schema *schema, struct diagnostics *diagnostics);
/* Whether SQL names a view that is to be made, or one that reads one. */
bool share_concerns(const struct share *share, const char *sql);
/*
 * Makes the views behind a guard of its own on the store's file at `store_path`, in a file beside it; nothing is
 * written to the store. Once `stop` is set (unless NULL) no more are made. False after reporting that the system
 * failed.
 */
bool share_make(struct share *share, const char *store_path, int64_t as_of, const atomic_bool *stop,
                struct diagnostics *diagnostics);
/* Makes a guard on the same store read the tables. It has no query open, and is freed before the share. False after
 * reporting. */
bool share_join(const struct share *share, struct guard *guard);
/* Removes the file. NULL is nothing. */
void share_free(struct share *share);

#endif
