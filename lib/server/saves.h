/*
 * What a store has not finished yet: the answer that waits for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_SAVES_H
#define SERVER_SAVES_H

#include "server/device.h"
#include "server/engine.h"

/* A change of one registration on its way into the store, and whom to answer when it is there. */
struct lwm2m_save {
    struct lwm2m_list link;
    const struct lwm2m_port *port;
    struct lwm2m_server *server; /* NULL once that is gone: then nothing is finished */
    struct lwm2m_device *device; /* held */
    struct lwm2m_peer *peer;     /* who asked, retained */
    struct lwm2m_incoming *incoming;
    /* Answers; device, peer and old_peer are let go afterwards. */
    void (*finish)(struct lwm2m_save *save, enum lwm2m_error error);
    struct lwm2m_peer *old_peer; /* of an Update that came from elsewhere, retained; or NULL */
    bool lifetime_changed, links_changed;
};

/* LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_save_new(struct lwm2m_server *server, struct lwm2m_device *device,
                                const struct lwm2m_arrival *arrival,
                                struct lwm2m_save **save) LWM2M_MUST_CHECK;

/* Takes back a save that was not started; nobody is answered. */
void lwm2m_save_discard(struct lwm2m_save *save);

/* Hands the registration to the store, or lets the store forget it; finish may be called from
 * within. */
void lwm2m_save_start(struct lwm2m_save *save);
void lwm2m_save_start_removal(struct lwm2m_save *save);

/* Lets the store forget a registration when nobody waits for it; a failure is logged. */
void lwm2m_saves_forget(struct lwm2m_server *server, const struct lwm2m_device *device);

/* The server goes: whoever waits is left without an answer. */
void lwm2m_saves_abandon(struct lwm2m_server *server);

#endif
