#ifndef ASSESS_SAMPLE_RULE_H
#define ASSESS_SAMPLE_RULE_H

#include "base/buffer.h"
#include "config/schema.h"

/*
 * How many items of a population a rule of sampling.yaml wants, never more than there are. `why` gets the size that was
 * found and what led to it, in words. False, with nothing reported, when the rule goes by frequency and none of its
 * words stands in the control's.
 */
bool sample_rule_size(const struct sampling_rule *rule, enum sampling_risk risk, const struct control *control,
                      uint64_t population, uint64_t *size, struct buffer *why);

#endif
