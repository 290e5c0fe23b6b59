/*
 * What a store has not finished yet: the answer that waits for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/saves.h"

enum lwm2m_error lwm2m_save_new(struct lwm2m_server *server, struct lwm2m_device *device,
                                const struct lwm2m_arrival *arrival, struct lwm2m_save **result)
{
    const struct lwm2m_port *port = server->port;
    struct lwm2m_save *save = port->allocate(port->context, sizeof *save);

    if (!save) {
        return LWM2M_NO_MEMORY;
    }
    *save = (struct lwm2m_save){
        .port = port,
        .server = server,
        .device = device,
        .peer = arrival->peer,
        .incoming = arrival->incoming,
    };
    lwm2m_device_hold(device);
    lwm2m_peer_retain(save->peer);
    lwm2m_list_append(&server->saves, &save->link);
    *result = save;
    return LWM2M_OK;
}

static void let_go(struct lwm2m_save *save)
{
    lwm2m_list_remove(&save->link);
    lwm2m_device_release(save->device);
    lwm2m_peer_release(save->peer);
    if (save->old_peer) {
        lwm2m_peer_release(save->old_peer);
    }
}

void lwm2m_save_discard(struct lwm2m_save *save)
{
    let_go(save);
    save->port->release(save->port->context, save);
}

static void store_done(void *context, enum lwm2m_error error)
{
    struct lwm2m_save *save = context;

    if (save->server) {
        save->finish(save, error);
        let_go(save);
    }
    save->port->release(save->port->context, save);
}

void lwm2m_save_start(struct lwm2m_save *save)
{
    const struct lwm2m_store *store = save->server->config.store;

    store->save(store->context, &save->device->registration, store_done, save);
}

void lwm2m_save_start_removal(struct lwm2m_save *save)
{
    const struct lwm2m_store *store = save->server->config.store;

    store->remove(store->context, save->device->registration.id, store_done, save);
}

static void forgotten(void *context, enum lwm2m_error error)
{
    const struct lwm2m_port *port = context;

    if (error) {
        LWM2M_LOG(port, LWM2M_LOG_WARNING,
                  "the store could not remove a registration: ", lwm2m_error_text(error));
    }
}

void lwm2m_saves_forget(struct lwm2m_server *server, const struct lwm2m_device *device)
{
    const struct lwm2m_store *store = server->config.store;

    store->remove(store->context, device->registration.id, forgotten,
                  (void *)(uintptr_t)server->port);
}

void lwm2m_saves_abandon(struct lwm2m_server *server)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&server->saves))) {
        struct lwm2m_save *save = LWM2M_CONTAINER_OF(node, struct lwm2m_save, link);
        lwm2m_incoming_drop(save->peer, save->incoming);
        let_go(save);
        save->server = NULL;
    }
}
