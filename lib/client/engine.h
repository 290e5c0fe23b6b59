/*
 * The client engine's own state, shared by its files: the client, its accounts at servers, and what
 * the files offer each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_ENGINE_H
#define CLIENT_ENGINE_H

#include <lwm2m/client.h>
#include <lwm2m/list.h>
#include <lwm2m/uri.h>

#include "client/attribute_store.h"
#include "client/body.h"
#include "client/content.h"
#include "client/object_tree.h"
#include "client/observations.h"
#include "client/queue_mode.h"
#include "client/registration_order.h"

#define LWM2M_LOCATION_TEXT_MAX 256
#define LWM2M_BINDING_TEXT_MAX 16

/* See the table in registration.c. */
enum lwm2m_account_state {
    LWM2M_ACCOUNT_WAITING,
    LWM2M_ACCOUNT_REGISTERING,
    LWM2M_ACCOUNT_REGISTERED,
    LWM2M_ACCOUNT_UPDATING,
    LWM2M_ACCOUNT_DEREGISTERING,
};

/* What a server knows of us from the last Register or Update. */
struct lwm2m_announcement {
    uint32_t lifetime_s;
    char binding[LWM2M_BINDING_TEXT_MAX]; /* letters of transports, without Q */
    bool queue_mode;
    uint64_t links; /* fingerprint of the object list */
    bool has_links; /* it is not empty */
};

/* One management server: an instance of object 1, and the instance of object 0 with its SSID. */
struct lwm2m_account {
    struct lwm2m_list node; /* in client->accounts, by ascending instance of object 1 */
    struct lwm2m_client *client;
    uint16_t ssid;
    uint16_t security_instance;
    uint16_t server_instance;
    bool listed; /* found by the synchronisation that is running */
    char uri[LWM2M_URI_TEXT_MAX + 1];

    enum lwm2m_account_state state;
    struct lwm2m_peer *peer; /* retained; NULL before the first attempt */
    struct lwm2m_exchange *exchange;
    struct lwm2m_timer timer;
    struct lwm2m_version version; /* spoken with this server */
    struct lwm2m_registration_turn turn;
    uint32_t failures; /* in a row */
    uint64_t sent_ms;             /* of the Register or Update under way */
    char location[LWM2M_LOCATION_TEXT_MAX];
    struct lwm2m_announcement told;    /* acknowledged */
    struct lwm2m_announcement telling; /* in the request under way */
    bool update_wanted;
    bool disable_wanted;
    uint32_t disable_s;

    struct lwm2m_queue_mode queue_mode;
    struct lwm2m_list observations;
    struct lwm2m_list sends; /* under way; see send.c */
};

struct lwm2m_client {
    struct lwm2m_client_config config;
    const struct lwm2m_port *port;
    char *endpoint_name; /* config.endpoint_name */
    char *profile_id;    /* config.profile_id, or NULL */
    struct lwm2m_object_tree objects;
    struct lwm2m_client_body body;
    struct lwm2m_attribute_store attributes;
    struct lwm2m_client_observations observations;
    struct lwm2m_hash_key fingerprint_keys[2];

    struct lwm2m_list accounts;
    struct lwm2m_timer review_timer;
    bool accounts_changed; /* objects 0 or 1 did: the next review looks for new and removed accounts
                            */
    struct lwm2m_timer stop_timer;
    bool running;
    bool stopping;
    bool offline;
};

/* Hands an event to the program. */
void lwm2m_client_emit(struct lwm2m_client *client, const struct lwm2m_client_event *event);

/* 64 bits that differ when the bytes do, as far as anybody will ever see. */
uint64_t lwm2m_client_fingerprint(const struct lwm2m_client *client, struct lwm2m_bytes bytes);

/* ---- accounts.c ---- */

/* Makes the list of accounts what objects 0 and 1 say; new ones wait, removed ones are forgotten.
 */
enum lwm2m_error lwm2m_accounts_synchronise(struct lwm2m_client *client) LWM2M_MUST_CHECK;
/* Forgets all. */
void lwm2m_accounts_release(struct lwm2m_client *client);
/* NULL if there is none. */
struct lwm2m_account *lwm2m_accounts_find(const struct lwm2m_client *client, uint16_t ssid);
/* The account with the smallest instance of object 1; NULL if there is none. */
struct lwm2m_account *lwm2m_accounts_first(const struct lwm2m_client *client);
/* Takes a retained peer as the account's, and lets the former go; peer may be NULL. */
void lwm2m_account_take_peer(struct lwm2m_account *account, struct lwm2m_peer *peer);

/* ---- registration.c ---- */

/* Starts the account, which waits: Register after a delay. */
void lwm2m_client_registration_begin(struct lwm2m_account *account, uint64_t delay_ms);
/* Ends what is under way, and the observations; nothing is sent. The account waits, without a
 * timer. */
void lwm2m_client_registration_forget(struct lwm2m_account *account);
/* Sends the Deregister; false if there is nothing to deregister. */
bool lwm2m_client_registration_end(struct lwm2m_account *account);
/* Sends an Update if what the server knows is out of date, or if one is wanted; carries out a
 * disable. */
void lwm2m_client_registration_review(struct lwm2m_account *account);
/* The network went (nothing is sent any more) or came back. */
void lwm2m_client_registration_set_offline(struct lwm2m_account *account, bool offline);
bool lwm2m_client_registration_is_registered(const struct lwm2m_account *account);
/* True if the server may manage the device now: it is registered with, or is being so. */
bool lwm2m_client_registration_is_served(const struct lwm2m_account *account);

/* ---- client.c ---- */

/* Looks at the next step what servers do not know yet; many changes make one Update. */
void lwm2m_client_review_soon(struct lwm2m_client *client);
/* A Deregister is over; if the client stops, it may have been the last. */
void lwm2m_client_account_ended(struct lwm2m_client *client);

/* ---- dispatch.c ---- */

extern const struct lwm2m_receiver lwm2m_client_receiver;

#endif
