/*
 * The generators of a profile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_PROFILE_GENERATORS_H
#define SIMULATION_PROFILE_GENERATORS_H

#include <lwm2m/timers.h>

#include "control/outcome.h"
#include "control/values.h"
#include "simulation/generator.h"
#include "simulation/profile.h"

struct profile_generators;

/* Where the values of generators go. */
struct generator_target {
    void *context;
    void (*set)(void *context, struct lwm2m_path path, const struct lwm2m_value *value);
};

/*
 * Makes them, with paths and types as types finds them, and reads the files that they replay. NULL
 * with *failure filled.
 */
struct profile_generators *profile_generators_new(const struct profile *profile,
                                                  const struct value_types *types,
                                                  struct lwm2m_timers *timers,
                                                  const struct generator_target *target,
                                                  struct control_outcome *failure);
/* Sets the first value of each, and the others in their time. */
void profile_generators_start(struct profile_generators *generators);
/* NULL is allowed. */
void profile_generators_free(struct profile_generators *generators);

#endif
