/*
 * The values that a message carries, as far as it can be read by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_MESSAGE_VALUES_H
#define SERVICE_MESSAGE_VALUES_H

#include <cjson/cJSON.h>

#include <lwm2m/message.h>
#include <lwm2m/server.h>

/* A message, and what is known of it. */
struct valued_message {
    const struct lwm2m_message *message;
    const char *path; /* of the request that it is or answers, with its query */
    struct lwm2m_server *server;
    struct lwm2m_registration *registration; /* NULL: of no device that is registered */
};

/* How many values are told of one message. */
#define MESSAGE_VALUES_MAX 8

/*
 * Adds "values", an array of {"path", "type", "value", "printed"} of the first values, and "value_count", of all.
 * Nothing for a message without values, for a block of a larger body, and for what does not decode.
 */
void message_values_add(cJSON *result, const struct valued_message *valued);

#endif
