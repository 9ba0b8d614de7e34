#include "assess/sample_limit.h"

#include "config/schema.h"

#include <math.h>
#include <openssl/bn.h>

#define NEAR 1e-6 /* of one deviation: what a share written in decimals misses by as a double */

/* Numbers that are kept from one guess to the next. */
struct numbers {
    BIGNUM *all;  /* ways to draw the sample, times what the confidence leaves */
    BIGNUM *sum;  /* ways that show no more deviations than were found */
    BIGNUM *term; /* ways that show exactly so many */
};

static bool multiply_divide(BIGNUM *number, uint64_t by, uint64_t into) {
    return BN_mul_word(number, by) == 1 && BN_div_word(number, into) != (BN_ULONG)-1;
}

/* C(n, k), built up in whole numbers: after step i it is C(n - k + i, i). */
static bool choose(BIGNUM *number, uint64_t n, uint64_t k) {
    bool done = BN_one(number) == 1;

    k = k > n - k ? n - k : k;
    for (uint64_t i = 1; done && i <= k; i++) {
        done = multiply_divide(number, n - k + i, i);
    }
    return done;
}

/*
 * Whether a population with `deviating` deviations would have shown no more than were found with a probability above
 * 1 - confidence. The terms C(D,i) C(N-D,n-i) follow from one another.
 */
static bool plausible(struct numbers *numbers, const struct sample_limit *sample, uint64_t deviating, bool *answer) {
    uint64_t sound = sample->population - deviating;
    uint64_t first = sample->size > sound ? sample->size - sound : 0;
    bool done = BN_set_word(numbers->sum, 0) == 1 && choose(numbers->term, deviating, first);
    BIGNUM *other = BN_new();
    BN_CTX *context = BN_CTX_new();

    *answer = false;
    done = done && other != NULL && context != NULL && choose(other, sound, sample->size - first) &&
           BN_mul(numbers->term, numbers->term, other, context) == 1;
    for (uint64_t i = first; done && i <= sample->deviations && i <= deviating; i++) {
        done = BN_add(numbers->sum, numbers->sum, numbers->term) == 1;
        if (i == deviating || i == sample->size) {
            break;
        }
        done = done && BN_mul_word(numbers->term, deviating - i) == 1 &&
               BN_mul_word(numbers->term, sample->size - i) == 1 && BN_div_word(numbers->term, i + 1) != (BN_ULONG)-1 &&
               BN_div_word(numbers->term, sound + i + 1 - sample->size) != (BN_ULONG)-1;
    }
    done = done && BN_mul_word(numbers->sum, SAMPLING_LEVELS) == 1;
    *answer = done && BN_cmp(numbers->sum, numbers->all) > 0;
    BN_free(other);
    BN_CTX_free(context);
    return done;
}

bool sample_limit_upper(const struct sample_limit *sample, uint64_t *deviations) {
    struct numbers numbers = {BN_new(), BN_new(), BN_new()};
    uint64_t least = sample->deviations; /* those found are there */
    uint64_t most = sample->population - (sample->size - sample->deviations);
    bool done = numbers.all != NULL && numbers.sum != NULL && numbers.term != NULL &&
                choose(numbers.all, sample->population, sample->size) &&
                BN_mul_word(numbers.all, SAMPLING_LEVELS - sample->confidence) == 1;

    /* The more deviations there are, the less probable it is to see as few: the last plausible number is looked for. */
    while (done && least < most) {
        uint64_t middle = least + (most - least + 1) / 2;
        bool answer = false;
        done = plausible(&numbers, sample, middle, &answer);
        least = answer ? middle : least;
        most = answer ? most : middle - 1;
    }
    BN_free(numbers.all);
    BN_free(numbers.sum);
    BN_free(numbers.term);
    *deviations = least;
    return done;
}

bool sample_limit_exceeds(uint64_t deviations, uint64_t population, double tolerable) {
    return (double)deviations > floor(tolerable * (double)population + NEAR);
}
