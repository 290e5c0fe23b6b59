/*
 * Sends that are under way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_SEND_H
#define CLIENT_SEND_H

struct lwm2m_account;

/* Ends those to a server, with an event each. */
void lwm2m_sends_cancel(struct lwm2m_account *account);

#endif
