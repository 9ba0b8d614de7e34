#include "cmd/sample_list.h"

#include "assess/population.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct counting {
    struct command *command;
    struct sample *sample;
    struct place place;
    struct digest_sum digest;
    struct buffer scratch;
};

/* The stratum of that name, or the one before which it would stand. */
static size_t find_stratum(const struct sample *sample, const char *name, bool *found) {
    size_t from = 0;
    size_t until = sample->stratum_count;

    while (from < until) {
        size_t middle = from + (until - from) / 2;
        int order = strcmp(sample->strata[middle].name, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        from = order < 0 ? middle + 1 : from;
        until = order < 0 ? until : middle;
    }
    *found = false;
    return from;
}

static bool add_stratum(struct counting *counting, size_t at, const char *name) {
    struct sample *sample = counting->sample;
    struct arena *arena = counting->command->arena;

    if (sample->stratum_count == LIMIT_SAMPLE_STRATA) {
        diagnostics_report(counting->command->diagnostics, DIAGNOSTIC_SAMPLE_SIZE, &counting->place,
                           "the population has more than %d strata by %s; choose another --stratum",
                           LIMIT_SAMPLE_STRATA, sample->stratum);
        return false;
    }
    struct sample_stratum *grown = sample->strata;
    const char *copy = arena_text(arena, name);
    if (copy == NULL || arena_push(arena, &grown, &sample->stratum_count, sizeof *grown) == NULL) {
        return sample_out_of_memory(counting->command);
    }
    sample->strata = grown;
    memmove(&grown[at + 1], &grown[at], (sample->stratum_count - 1 - at) * sizeof *grown);
    grown[at] = (struct sample_stratum){.name = copy};
    return true;
}

static bool count_row(void *context, const struct sample_list_row *row) {
    struct counting *counting = context;
    bool found = false;
    size_t at = find_stratum(counting->sample, row->stratum, &found);

    if (!found && !add_stratum(counting, at, row->stratum)) {
        return false;
    }
    counting->sample->strata[at].items++;
    counting->sample->population++;
    return population_digest(&counting->digest, NULL, &counting->scratch, row->item, row->has_ref, row->ref) ||
           sample_out_of_memory(counting->command);
}

bool sample_list_count(struct command *command, const char *path, struct sample *sample) {
    struct counting counting = {.command = command, .sample = sample, .place = {.path = path}};
    char hex[DIGEST_HEX_BYTES];

    sample->population = 0;
    sample->strata = NULL;
    sample->stratum_count = 0;
    bool done = sample_list_walk(command, path, count_row, &counting);
    buffer_free(&counting.scratch);
    digest_hex(counting.digest.bytes, hex);
    sample->digest = arena_text(command->arena, hex);
    return done && (sample->digest != NULL || sample_out_of_memory(command));
}

/* Where drawn items stand in the list; and what is needed to draw them. */
struct drawing {
    struct command *command;
    struct sample *sample;
    uint8_t seed[DIGEST_BYTES];
    struct sample_draw_lowest **lowest; /* by stratum, or one for all */
    size_t lowest_count;
    size_t *order; /* indexes of the sample's items by their positions */
    size_t next;   /* of them: the next one that the list comes to */
};

static bool offer_row(void *context, const struct sample_list_row *row) {
    struct drawing *drawing = context;
    bool found = true;
    size_t at = drawing->lowest_count == 1 ? 0 : find_stratum(drawing->sample, row->stratum, &found);

    return (found && sample_draw_lowest_offer(drawing->lowest[at], drawing->seed, row->item, row->position)) ||
           sample_out_of_memory(drawing->command);
}

/* Draws the lowest ranks, of all items or of each stratum's. */
static bool draw_ranked(struct drawing *drawing, const char *path) {
    struct sample *sample = drawing->sample;
    bool stratified = sample->method == SAMPLE_STRATIFIED;
    size_t count = stratified ? sample->stratum_count : 1;
    bool done = false;

    drawing->lowest = calloc(count, sizeof(struct sample_draw_lowest *));
    drawing->lowest_count = count;
    for (size_t i = 0; drawing->lowest != NULL && i < count; i++) {
        drawing->lowest[i] = sample_draw_lowest_new(stratified ? sample->strata[i].selected : sample->size);
        if (drawing->lowest[i] == NULL) {
            goto memory;
        }
    }
    if (drawing->lowest == NULL) {
        goto memory;
    }
    if (!sample_list_walk(drawing->command, path, offer_row, drawing)) {
        goto end;
    }
    for (size_t i = 0; i < count; i++) {
        size_t kept_count = 0;
        const struct sample_draw_kept *kept = sample_draw_lowest_finish(drawing->lowest[i], &kept_count);
        for (size_t k = 0; k < kept_count && sample->item_count < sample->size; k++) {
            sample->items[sample->item_count++].position = kept[k].position;
        }
    }
    done = true;
    goto end;

memory:
    sample_out_of_memory(drawing->command);
end:
    for (size_t i = 0; drawing->lowest != NULL && i < count; i++) {
        sample_draw_lowest_free(drawing->lowest[i]);
    }
    free(drawing->lowest);
    return done;
}

static void draw_systematic(struct drawing *drawing) {
    struct sample *sample = drawing->sample;

    for (uint64_t i = 0; i < sample->size; i++) {
        sample->items[sample->item_count++].position =
            sample_draw_position(drawing->seed, sample->population, sample->size, i);
    }
}

/* How many items each stratum gives: by plan, or as it came. */
static bool allocate(struct command *command, struct sample *sample) {
    uint64_t *numbers = arena_array(command->arena, 2 * sample->stratum_count + 1, sizeof *numbers);

    if (numbers == NULL) {
        return sample_out_of_memory(command);
    }
    for (size_t i = 0; i < sample->stratum_count; i++) {
        numbers[i] = sample->strata[i].items;
    }
    sample_draw_allocate(numbers, sample->stratum_count, sample->size, numbers + sample->stratum_count);
    for (size_t i = 0; i < sample->stratum_count; i++) {
        sample->strata[i].selected = numbers[sample->stratum_count + i];
    }
    return true;
}

static int compare_positions(const void *a, const void *b, void *context) {
    const struct sample *sample = context;
    uint64_t first = sample->items[*(const size_t *)a].position;
    uint64_t second = sample->items[*(const size_t *)b].position;

    return (first > second) - (first < second);
}

size_t *sample_list_order(struct command *command, const struct sample *sample) {
    size_t *order = arena_array(command->arena, sample->item_count + 1, sizeof *order);

    if (order == NULL) {
        sample_out_of_memory(command);
        return NULL;
    }
    for (size_t i = 0; i < sample->item_count; i++) {
        order[i] = i;
    }
    if (sample->item_count > 1) {
        qsort_r(order, sample->item_count, sizeof *order, compare_positions, (void *)sample);
    }
    return order;
}

/* What the list says of an item that was drawn. */
static bool fill_row(void *context, const struct sample_list_row *row) {
    struct drawing *drawing = context;
    struct sample *sample = drawing->sample;
    struct arena *arena = drawing->command->arena;

    if (drawing->next == sample->item_count || sample->items[drawing->order[drawing->next]].position != row->position) {
        return true;
    }
    struct sample_item *item = &sample->items[drawing->order[drawing->next++]];
    bool found = false;
    size_t stratum = find_stratum(sample, row->stratum, &found);
    item->item = arena_text(arena, row->item);
    item->has_ref = row->has_ref;
    item->ref = row->ref;
    item->reference = sample_list_reference(arena, row->has_ref, row->ref);
    item->stratum = sample->strata[stratum].name;
    item->evidence = item->found = item->text = "";
    if (sample->method != SAMPLE_STRATIFIED) {
        sample->strata[stratum].selected++;
    }
    return (item->item != NULL && item->reference != NULL) || sample_out_of_memory(drawing->command);
}

static bool fill_items(struct drawing *drawing, const char *path) {
    drawing->order = sample_list_order(drawing->command, drawing->sample);
    return drawing->order != NULL && sample_list_walk(drawing->command, path, fill_row, drawing);
}

bool sample_list_draw(struct command *command, const char *path, struct sample *sample) {
    struct drawing drawing = {.command = command, .sample = sample};
    char hex[DIGEST_HEX_BYTES];

    sample->items = arena_array(command->arena, sample->size + 1, sizeof *sample->items);
    sample->item_count = 0;
    if (sample->items == NULL || !sample_draw_seed(sample->digest, sample->nonce, drawing.seed)) {
        return sample_out_of_memory(command);
    }
    digest_hex(drawing.seed, hex);
    sample->seed = arena_text(command->arena, hex);
    if (sample->seed == NULL) {
        return sample_out_of_memory(command);
    }
    for (size_t i = 0; i < sample->stratum_count; i++) {
        sample->strata[i].selected = 0;
    }
    if (sample->method == SAMPLE_STRATIFIED && !allocate(command, sample)) {
        return false;
    }
    if (sample->method == SAMPLE_SYSTEMATIC) {
        draw_systematic(&drawing);
    } else if (!draw_ranked(&drawing, path)) {
        return false;
    }
    return fill_items(&drawing, path);
}
