#ifndef ASSESS_REQUEST_PRIVATE_H
#define ASSESS_REQUEST_PRIVATE_H

#include "assess/request.h"

/* What the parts of request.h's work share. Functions that return bool have reported what made them false. */

bool request_out_of_memory(const struct request_run *run);
/* Leads a request to something once; `id` and `from` live as long as the run. */
bool request_add_target(const struct request_run *run, struct request_case *one, enum request_target_kind kind,
                        enum request_how how, const char *id, const char *from);
/* Notes, in a sentence, what it lacks; `text` NULL is memory that ran out. */
bool request_add_lack(const struct request_run *run, struct request_case *one, const char *text);
bool request_has_target(const struct request_case *one, enum request_target_kind kind);
/*
 * Adds what has the id (control, criterion, another guide's number of a control, test, population, evidence type), in
 * any case of letters. For a request, `how` REQUEST_BY_NAME is refined by what it is.
 */
bool request_find_id(const struct request_run *run, struct request_case *one, const char *id, enum request_how how,
                     bool *found);
/* The same, and what has a title or, of populations, a name that is made of these words. */
bool request_find_name(const struct request_run *run, struct request_case *one, const char *name, enum request_how how,
                       bool *found);
/* Adds what the words of the request speak of, as proposals. */
bool request_propose(const struct request_run *run, struct request_case *one);
/* Adds what management's answers say of it; `*answered` when there is one. */
bool request_take_answers(const struct request_run *run, struct request_case *one, bool *answered);
/* Warns of answers to requests that the list does not hold. */
void request_unused_answers(const struct request_run *run);

#endif
