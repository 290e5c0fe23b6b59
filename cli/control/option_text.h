/*
 * CoAP options in words: their names, and their values by what the option is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_OPTION_TEXT_H
#define CONTROL_OPTION_TEXT_H

#include <lwm2m/message.h>

/* "Uri-Path"; NULL for an option that has no name here. */
const char *option_name(uint16_t number);

/*
 * The value: text as it is (not escaped), numbers in decimal, a format with its name, a block as
 * "2, more, 64 bytes", anything else as 0x…. The caller frees it; NULL if there is no memory.
 */
char *option_value_text_new(const struct lwm2m_option *option);

#endif
