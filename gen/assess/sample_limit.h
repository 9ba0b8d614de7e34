#ifndef ASSESS_SAMPLE_LIMIT_H
#define ASSESS_SAMPLE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/* What an examined sample says about its population. */
struct sample_limit {
    uint64_t population; /* at most UINT32_MAX */
    uint64_t size;       /* items examined, at most the population */
    uint64_t deviations; /* found in them */
    uint64_t confidence; /* of SAMPLING_LEVELS */
};

/*
 * The exact one-sided upper limit of the deviations in the whole population: the largest number with which a random
 * sample of this size, drawn without replacement (hypergeometric), would have shown no more deviations than were found
 * with a probability above 1 - confidence. In whole numbers throughout, so that nothing is rounded. False when memory
 * is out.
 */
bool sample_limit_upper(const struct sample_limit *sample, uint64_t *deviations);
/* Whether `deviations` of `population` are more than the tolerable share, taken as it is written (0.05 is 5 of 100). */
bool sample_limit_exceeds(uint64_t deviations, uint64_t population, double tolerable);

#endif
