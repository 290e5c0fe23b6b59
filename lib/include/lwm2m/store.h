/*
 * The store table: where a server's registrations are made durable. The registry in memory is
 * always the working set; a store is told of every change, and may take its time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_STORE_H
#define LWM2M_STORE_H

#include <lwm2m/error.h>

struct lwm2m_registration;

/* Called once per save or remove, at once or later, from a timer or a receive. */
typedef void lwm2m_store_done(void *context, enum lwm2m_error error);

struct lwm2m_store {
    void *context;
    /*
     * Makes a registration durable, new or changed. It is borrowed during the call. The answer to
     * the device leaves when done was called with LWM2M_OK; with an error the device gets 5.03.
     */
    void (*save)(void *context, const struct lwm2m_registration *registration,
                 lwm2m_store_done *done, void *done_context);
    /* Forgets one; the id is borrowed during the call. */
    void (*remove)(void *context, const char *registration_id, lwm2m_store_done *done,
                   void *done_context);
};

/* Keeps nothing beyond the registry: done is called at once. Const data. */
extern const struct lwm2m_store lwm2m_store_memory;

#endif
