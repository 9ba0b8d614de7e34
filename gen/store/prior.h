#ifndef STORE_PRIOR_H
#define STORE_PRIOR_H

#include "base/digest.h"
#include "store/store.h"

/*
 * Assessments of earlier periods. Each is hostile: whoever made it may have put anything in its place, so it is read on
 * a guarded connection of its own, from a copy that nobody else can change, table by table with limits on rows and
 * texts; every value is looked at before it is taken.
 */
struct prior {
    const char *path;             /* as reports and diagnostics name it */
    const char *copy;             /* the store's file, to be read */
    uint8_t sha256[DIGEST_BYTES]; /* of what `path` names */
    const char *signature;        /* what became of it, in words */
    const char *signer;           /* NULL: unknown */
};

/*
 * Fills the tm_prior tables with `count` assessments, in time order. False after reporting one that cannot be used: not
 * a store of this form, of another organisation, of no earlier period, or two of one period.
 */
bool prior_import(struct store *store, const struct prior *priors, size_t count);

#endif
