#include "config/programme_private.h"

#include <stdlib.h>
#include <string.h>

static int programme_sequence_order(const void *a, const void *b) {
    const struct sequence_known *one = a;
    const struct sequence_known *other = b;
    int order = sequence_compare(one->prefix, other->prefix);
    return order != 0 ? order : (one->first > other->first) - (one->first < other->first);
}

/* One number or range with its reason; false after a report. */
static bool programme_sequence_gap(struct arena *arena, const struct yaml_pair *pair, struct sequence_known *known,
                                   struct diagnostics *diagnostics) {
    static const struct decode_field reason = {"reason", DECODE_TEXT, 0, true, NULL};
    size_t length = 0;

    known->text = pair->key;
    known->place = pair->place;
    if (!sequence_range(pair->key, &length, &known->first, &known->last)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &pair->place,
                           "the known gap '%.60s' is no number of a sequence; write one such as CHG-1043, or the first "
                           "and last of a range such as CHG-1043..CHG-1045",
                           pair->key);
        return false;
    }
    known->prefix = arena_copy(arena, pair->key, length);
    if (known->prefix == NULL)
        return decode_out_of_memory(diagnostics);
    return decode_scalar(arena, pair->value, "known gap", &reason, &known->reason, diagnostics);
}

static void programme_sequence_gaps(struct arena *arena, const struct yaml_node *node, struct programme_source *source,
                                    struct diagnostics *diagnostics) {
    if (!decode_is(node, YAML_MAPPING, "'known_gaps'", diagnostics))
        return;
    struct sequence_known *known = arena_array(arena, node->count + 1, sizeof(*known));
    size_t count = 0;
    if (known == NULL) {
        decode_out_of_memory(diagnostics);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        if (programme_sequence_gap(arena, &node->pairs[i], &known[count], diagnostics))
            count++;
    qsort(known, count, sizeof(*known), programme_sequence_order);
    for (size_t i = 1; i < count; i++)
        if (sequence_compare(known[i].prefix, known[i - 1].prefix) == 0 && known[i].first <= known[i - 1].last)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &known[i].place,
                               "the known gap '%.60s' names numbers that '%.60s' names too; say each once",
                               known[i].text, known[i - 1].text);
    source->known_gaps = known;
    source->known_gap_count = count;
}

void programme_sequence_read(struct arena *arena, const struct yaml_node *source_node, const struct schema *schema,
                             struct programme_source *source, struct diagnostics *diagnostics) {
    const struct yaml_node *node = yaml_get(source_node, "sequence");
    const struct yaml_node *gaps = yaml_get(source_node, "known_gaps");

    if (gaps != NULL && node == NULL)
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &gaps->place,
                           "'known_gaps' is for sources with a 'sequence'; say which column is numbered without gaps");
    if (source->sequence == NULL)
        return;
    source->sequence_place = node->place;
    programme_column_find(source, source->sequence, &node->place, schema, &source->sequence_type,
                          &source->sequence_column, diagnostics);
    if (source->kind != SIZE_MAX && source->sequence_column != SIZE_MAX) {
        enum column_kind kind = schema->types[source->sequence_type].columns[source->sequence_column].kind;
        if (kind != COLUMN_TEXT && kind != COLUMN_INTEGER)
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                               "'sequence' is a column of texts or whole numbers, and '%.60s' is neither; write one "
                               "such as change_ticket.ticket",
                               source->sequence);
    }
    if (gaps != NULL)
        programme_sequence_gaps(arena, gaps, source, diagnostics);
}
