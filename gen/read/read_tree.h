#ifndef READ_READ_TREE_H
#define READ_READ_TREE_H

#include "read/reader.h"
#include "read/walk.h"

/* JSON, NDJSON, YAML and XML: what walks the document, and the rows of the record that it stands on. */
struct read_tree {
    struct outline *outline;
    struct walk walk;
    bool projecting;
    bool wanted;   /* some rule took the record */
    uint32_t item; /* the next one whose rules are due */
    size_t item_rule;
    uint64_t documents;  /* complete ones */
    uint64_t listless;   /* of these, without any of the lists that hold records */
    bool stopped;        /* an error ended reading */
    uint64_t **answered; /* by rule and condition: the document in which a record answered it; NULL: none asks */
    bool *late;          /* a rule's `when` looked for a value of the document that was not there yet */
};

/* Reports a malformed or cut-off document. `record` is 0 outside records. */
void read_tree_report_stop(struct reader *reader, const struct walk *walk, uint64_t record);
/* Reports why a record, or what stands around the records, cannot be used. */
void read_tree_report_fault(struct reader *reader, const struct nest *nest, const struct walk_state *state,
                            uint64_t record);
/* Takes what a complete document says around its records. False when memory is out. */
bool read_tree_envelope(struct reader *reader, const struct outline *outline, const struct walk *walk);
/* Compares the whole file with what the kind describes, when all is read. */
void read_tree_finish(struct reader *reader);

#endif
