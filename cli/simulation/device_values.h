/*
 * Values that the program gives to its simulated device: of the command line, of the control
 * protocol, of a profile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_DEVICE_VALUES_H
#define SIMULATION_DEVICE_VALUES_H

#include <lwm2m/definition.h>

#include "control/values.h"
#include "simulation/demo_device.h"

/* How paths and types are found among definitions, which are borrowed. */
struct value_types device_value_types(const struct lwm2m_definitions *definitions);

/* See value_list_read. */
bool device_values_read(const struct lwm2m_definitions *definitions, const cJSON *values,
                        struct value_list *list, struct control_outcome *failure);

/* Reads and sets them all. False with *failure filled, as "source /3/0/0: why". */
bool device_values_set(struct demo_device *device, const struct lwm2m_definitions *definitions,
                       const cJSON *values, const char *source, struct control_outcome *failure);

/* The same with PATH=VALUE words of the command line. */
bool device_words_set(struct demo_device *device, const struct lwm2m_definitions *definitions,
                      const char *const *words, size_t count, struct control_outcome *failure);

#endif
