/*
 * Ranges of the object registry: "0..100", "-20.5..20.5", "0-255 bytes".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MODEL_VALUE_RANGE_H
#define MODEL_VALUE_RANGE_H

#include <stdbool.h>

#include <lwm2m/value.h>

/*
 * False if the value lies outside the range: a number outside "low..high", a string or an opaque
 * whose length is outside "low..high bytes". The registry's column is prose for people, so a text
 * of any other form limits nothing. range may be NULL.
 */
bool lwm2m_value_in_range(const struct lwm2m_value *value, const char *range);

#endif
