/*
 * The store table: where a server's registrations, and the state of devices, are made durable. What
 * is in memory is always the working set; a store is told of every change, and may take its time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_STORE_H
#define LWM2M_STORE_H

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/state.h>

struct lwm2m_registration;

/* A reported or a desired value of an endpoint, by its path. */
struct lwm2m_state_row {
    bool desired; /* else reported */
    struct lwm2m_path path;
    struct lwm2m_value value;         /* borrowed */
    uint64_t since_ms;                /* port time: reported: seen_ms; desired: since_ms. A store that
                                         outlives the process translates it */
    int64_t time_ms;                  /* reported */
    enum lwm2m_desired_status status; /* desired */
};

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
    /*
     * State of devices; all three may be NULL, then it lasts as long as the server. Everything is
     * borrowed during the call. Nobody waits for save_state and remove_state: a store reports
     * failures to the program by itself. They must not call the server.
     */
    void (*save_state)(void *context, struct lwm2m_bytes endpoint_name,
                       const struct lwm2m_state_row *row);
    void (*remove_state)(void *context, struct lwm2m_bytes endpoint_name, bool desired,
                         struct lwm2m_path path);
    /* Hands every row of an endpoint to put before it returns, the oldest first. Called when the
     * endpoint registers or is asked about, and nothing of it is in memory: must not block for long. */
    void (*load_state)(void *context, struct lwm2m_bytes endpoint_name,
                       void (*put)(void *put_context, const struct lwm2m_state_row *row),
                       void *put_context);
};

/* Keeps nothing beyond what the server has in memory: done is called at once. Const data. */
extern const struct lwm2m_store lwm2m_store_memory;

#endif
