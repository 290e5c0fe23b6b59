/*
 * Values as people type them, read by the type that the object model names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_VALUE_TEXT_H
#define CONTROL_VALUE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/value.h>

/* A value and the memory that its bytes may lie in. Zeroed memory is an empty one. */
struct owned_value {
    struct lwm2m_value value;
    void *memory;
};

/*
 * Reads text as a value of that type: opaque from 0x… or b64:… (other text is taken as it is), time
 * from seconds or RFC 3339, bool from true, false, 1, 0. False with a message such as "'x' is not
 * an integer" that names the text and the forms allowed.
 */
bool value_text_parse(const char *text, enum lwm2m_type type, struct owned_value *value,
                      char *message, size_t message_size);

/* An opaque value or string from base64, for content that is no text. */
bool value_base64_parse(const char *base64, enum lwm2m_type type, struct owned_value *value,
                        char *message, size_t message_size);

/* Copies a value with its bytes; false if there is no memory. */
bool owned_value_copy(struct owned_value *copy, const struct lwm2m_value *value);

/* Frees what the value owns. */
void owned_value_release(struct owned_value *value);

#endif
