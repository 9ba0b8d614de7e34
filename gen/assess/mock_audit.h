#ifndef ASSESS_MOCK_AUDIT_H
#define ASSESS_MOCK_AUDIT_H

#include "config/programme.h"
#include "config/schema.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * An audit in one run, before the auditor comes: for each control in scope the requests that are likely (the evidence
 * that it asks for, the population of each test, what persons state), and of each population a sample, sized by the
 * rule of sampling.yaml and drawn from the population's digest and a nonce as `sample` draws it, every item of which is
 * looked up. Adds to the tables of mock_audit.sql; no verdict is touched.
 */
struct mock_audit_input {
    const struct schema *schema;
    const struct programme *programme;
    const char *nonce;
    struct diagnostics *diagnostics;
};

/* The tables, empty: reports may ask for them whether a mock audit was made or not. */
bool mock_audit_tables(struct store *store, struct diagnostics *diagnostics);
/*
 * On a judged store whose results are committed; `store_path` is its file. Commits. `*failed` is how many controls
 * would have failed. False after reporting; a population that no sample can be drawn from is a result.
 */
bool mock_audit_run(struct store *store, const char *store_path, const struct mock_audit_input *input, int64_t *failed);

#endif
