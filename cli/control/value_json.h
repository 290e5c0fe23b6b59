/*
 * Values of resources as JSON and as text, exactly.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_VALUE_JSON_H
#define CONTROL_VALUE_JSON_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <lwm2m/value.h>

/*
 * Adds "type" and "value" to object, and what the type needs beside them: "text" for an integer
 * that a double does not hold, "len" for opaque (whose value is base64), "b64" instead of the value
 * for a string that JSON cannot carry (NUL, or not UTF-8). Untyped bytes are opaque. False if there
 * is no memory.
 */
bool value_json_add(cJSON *object, const struct lwm2m_value *value);

/* The units of a definition for people: "%" for the registry's "/100". */
const char *value_unit_text(const char *units);

/*
 * The value as text for people and for comparison: a string as it is, numbers in decimal,
 * true/false, RFC 3339 for time, 66:1 for a link, 0x… for opaque up to 64 bytes and b64:… beyond.
 * The caller frees it; NULL for a value of type NONE, for a string that is no text, and if there is
 * no memory.
 */
char *value_text_new(const struct lwm2m_value *value);

/* Base64 of bytes, terminated; the caller frees it. NULL if there is no memory. */
char *base64_text_new(struct lwm2m_bytes bytes);

/* Adds a text of a peer's under a key: as a string, or if it is no valid UTF-8 without NUL, as
 * base64 under "<key>_b64". */
bool json_add_bytes(cJSON *object, const char *key, struct lwm2m_bytes text);

#endif
