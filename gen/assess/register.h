#ifndef ASSESS_REGISTER_H
#define ASSESS_REGISTER_H

#include "assess/finding.h"
#include "store/guard.h"

/*
 * Management's own findings: those of a register that comes as evidence (of internal audits, penetration tests,
 * deficiencies). The schema's view SCHEMA_REGISTER lists them, whatever type they are kept in:
 *   finding (its id), text, severity, found_at, owner, due_at, closed_at, verified_by, ref, control (or NULL).
 * One that was closed is remediated when somebody verified it, since no test repeats it; one that the register no
 * longer names stays as it was. Those closed before the period are left out. They change no verdict.
 *
 * The view is read behind `guard`, which is open on the store's file.
 *
 * What the programme declares under `findings:` goes by the same rules; an id that stands in both is an error.
 */
bool register_run(struct store *store, struct guard *guard, const struct schema *schema, struct finding_frame *frame,
                  struct diagnostics *diagnostics);

#endif
