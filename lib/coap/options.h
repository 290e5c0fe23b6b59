/*
 * One option on the wire (RFC 7252 §3.1), as the decoder and the readers share it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_OPTIONS_H
#define COAP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/bytes.h>

/*
 * Takes one option off the front of *rest, which must not be empty; *number is that of the option
 * before it (0 at first) and becomes this one's. Returns NULL, or the reason why it is malformed:
 * then nothing has changed.
 */
const char *lwm2m_option_take(struct lwm2m_bytes *rest, uint16_t *number,
                              struct lwm2m_bytes *value);

/* True for the critical options that are in enum lwm2m_option_number. */
bool lwm2m_option_is_known(uint16_t number);

#endif
