/*
 * An observation on the wire: how it is started, what the device says, how it is stopped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_OBSERVE_EXCHANGE_H
#define SERVER_OBSERVE_EXCHANGE_H

#include "server/observe_table.h"

/* Sends the request of an observation that is in the table, or queues it. As lwm2m_server_observe. */
enum lwm2m_error lwm2m_observe_start(struct lwm2m_observation *observation, uint16_t format,
                                     uint32_t timeout_ms, uint32_t hold_ms) LWM2M_MUST_CHECK;

/*
 * Ends what an observation has on the wire. politely: the device is told; otherwise, and where that
 * is not possible, its next notification is answered by a reset.
 */
void lwm2m_observe_stop(struct lwm2m_observation *observation, bool politely);

/* Ends an observation that is out of the table, and with it the hold of the table. */
void lwm2m_observe_finish(struct lwm2m_observation *observation,
                          const struct lwm2m_outcome *outcome);

#endif
