/*
 * Reads CoAP's transmission parameters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/transmission.h"

#include <stdio.h>

#include <lwm2m/number.h>

static bool apply_factor(const char *text, struct lwm2m_transmission *transmission,
                         struct usage_error *error)
{
    double factor;
    if (lwm2m_number_parse_double(lwm2m_bytes_from_text(text), &factor) != LWM2M_OK ||
        !(factor >= 1 && factor <= 10)) {
        snprintf(error->message, sizeof(error->message),
                 "--ack-random-factor: '%.40s' is not a number from 1 to 10", text);
        return false;
    }
    transmission->ack_random_factor_percent = (uint32_t)(factor * 100 + 0.5);
    return true;
}

bool transmission_apply(const struct transmission_options *options,
                        struct lwm2m_transmission *transmission, struct usage_error *error)
{
    if (options->ack_timeout.given) {
        transmission->ack_timeout_ms = (uint32_t)options->ack_timeout.value;
    }
    if (options->max_retransmit.given) {
        transmission->max_retransmit = (uint32_t)options->max_retransmit.value;
    }
    if (options->nstart.given) {
        transmission->nstart = (uint32_t)options->nstart.value;
    }
    return options->ack_random_factor == NULL ||
           apply_factor(options->ack_random_factor, transmission, error);
}
