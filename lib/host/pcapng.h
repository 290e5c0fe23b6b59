/*
 * The blocks of a pcapng file, as far as a capture needs them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_PCAPNG_H
#define HOST_PCAPNG_H

#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/endpoint.h>

/* What a block adds to a datagram at most: its fields, an IPv6 and a UDP header, padding. */
#define LWM2M_PCAPNG_OVERHEAD 96
/* A UDP datagram's payload that fits into an IP packet with its headers. */
#define LWM2M_PCAPNG_DATAGRAM_MAX 65487

/* Each appends whole blocks; LWM2M_NO_SPACE, after which the buffer is of no use. */

/* The section's header, and the one interface: raw IP, times in microseconds. */
enum lwm2m_error lwm2m_pcapng_begin(struct lwm2m_buffer *buffer) LWM2M_MUST_CHECK;
/* Lines of a key log of TLS, which decrypt packets that follow. */
enum lwm2m_error lwm2m_pcapng_secrets(struct lwm2m_buffer *buffer,
                                      struct lwm2m_bytes lines) LWM2M_MUST_CHECK;
/* A packet that carries the datagram over UDP; time in microseconds since 1970. LWM2M_TOO_LARGE. */
enum lwm2m_error lwm2m_pcapng_datagram(struct lwm2m_buffer *buffer, uint64_t time_us,
                                       const struct lwm2m_address *from,
                                       const struct lwm2m_address *to,
                                       struct lwm2m_bytes datagram) LWM2M_MUST_CHECK;

#endif
