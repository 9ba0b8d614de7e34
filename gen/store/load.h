#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "base/buffer.h"
#include "store/state.h"

#include <stdbool.h>

/* Parts of loading that call each other. */

/*
 * Makes ready for statements: opens the loading transaction where it is not open yet. What was written past SQLite, or
 * kept meanwhile, is in the store then.
 */
bool load_begin(struct store *store);
/* The first and last ref that rows of an evidence file can have. */
void load_range(const struct store_evidence *evidence, int64_t *first, int64_t *last);
/* The path to show in diagnostics. */
const char *load_shown_path(const struct store_evidence *evidence);

/* The same for a file that is known by its row only; appends to `out`. */
void load_show_path(const struct store *store, const char *path, struct buffer *out);

/* Notes the key of a row that was inserted (load_key_note.c); what cannot be kept makes load_keys ask the table. */
void load_key_note(struct store *store, const struct store_evidence *evidence, size_t type,
                   const struct value *columns);
/* Says whether a key of the type may have come twice. */
bool load_key_may_repeat(struct store *store, size_t type);
/* Gives back what the keys of a type were kept in; they are not known any more. */
void load_key_forget(struct store *store, size_t type);
/* Snapshots that share hardly a key with their neighbours (load_unlike.c): reported, and those alone refused. */
bool load_unlike(struct store *store);
/* Rows of one file, or of later files, that repeat a key (load_keys.c): marks and counts them. */
bool load_keys(struct store *store);

/* The programme's dispositions (load_disposition.c): writes them, and counts what they meet. */
bool load_disposition(struct store *store);

/* The programme's reconciliations (load_reconcile.c): which values one source has that another lacks. */
bool load_reconcile(struct store *store);

/* Numbers that are missing where a source declares a sequence (load_sequence.c): reported, and kept. */
bool load_sequence(struct store *store);

/* How long an export of events is silent (load_silence.c). Begins with a file; false after a report. */
bool load_silence_begin(struct store *store, const struct store_evidence *evidence);
/* A row's own time. */
void load_silence_note(struct store *store, int64_t at);
/* The longest stretch of whole hours without a row, in what the file covers; false where nothing can be said of it. */
bool load_silence_longest(const struct store *store, int64_t *from, int64_t *seconds);

/* `fold:` of a rule (load_fold.c), over the rows of one file. */
bool load_fold(struct store *store, const struct store_evidence *evidence, size_t rule);

#endif
