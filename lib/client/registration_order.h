/*
 * Which server a device registers with first, when object 1 says so.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_REGISTRATION_ORDER_H
#define CLIENT_REGISTRATION_ORDER_H

#include <stdbool.h>

struct lwm2m_account;
struct lwm2m_client;

/* What became of registering with a server, as far as those behind it are concerned. */
enum lwm2m_registration_outcome {
    LWM2M_REGISTRATION_UNDECIDED,
    LWM2M_REGISTRATION_SUCCEEDED,
    LWM2M_REGISTRATION_FAILED,
};

/* One server's place. */
struct lwm2m_registration_turn {
    enum lwm2m_registration_outcome outcome;
    bool waits; /* for those before it */
    bool was_registered;
};

/* The account takes its turn; lwm2m_registration_order_review lets it register. */
void lwm2m_registration_order_enter(struct lwm2m_account *account);
/* The attempt to register has succeeded, or failed for good. */
void lwm2m_registration_order_settle(struct lwm2m_account *account,
                                     enum lwm2m_registration_outcome outcome);
/* Lets those register whose turn it is. */
void lwm2m_registration_order_review(struct lwm2m_client *client);

#endif
