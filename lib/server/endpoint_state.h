/*
 * What is known and what is desired of an endpoint name, whether it is registered or not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_ENDPOINT_STATE_H
#define SERVER_ENDPOINT_STATE_H

#include <lwm2m/list.h>
#include <lwm2m/server.h>

#include "base/hash_table.h"

/* Of all endpoints; part of the server. */
struct lwm2m_endpoint_states {
    struct lwm2m_hash_table by_name;
    struct lwm2m_hash_table reported; /* the values, by endpoint and path */
    struct lwm2m_hash_table desired;  /* the same */
    struct lwm2m_list oldest;         /* reported values of all endpoints, in the order of coming */
    size_t reported_bytes;            /* of the memory of reported values */
    size_t pending_count;             /* desired values */
};

struct lwm2m_endpoint_state {
    struct lwm2m_hash_node by_name;
    struct lwm2m_server *server;
    struct lwm2m_list reported; /* in the order of coming */
    size_t reported_count;
    struct lwm2m_list pending; /* desired values, in the order of setting */
    struct lwm2m_list settled; /* applied or refused ones, in the order of that */
    size_t desired_count;
    struct lwm2m_ticket *ticket; /* of the value that is being written, or NULL */
    struct lwm2m_path writing;   /* its path */
    uint32_t writing_version;    /* of the desired value */
    uint32_t last_version;       /* that was given to one */
    uint32_t holds;              /* it is in use, and may not be freed */
    uint32_t pause_ms;           /* before the next attempt; 0: none has failed */
    bool unanswered;             /* the last attempt was */
    struct lwm2m_timer retry;
    char name[]; /* and a NUL */
};

/* A copy of a value, its bytes included; zeroed memory is an empty one. */
struct lwm2m_kept_value {
    struct lwm2m_value value;
    uint8_t *memory;
    size_t capacity;
};

enum lwm2m_error lwm2m_kept_value_set(struct lwm2m_kept_value *kept, const struct lwm2m_port *port,
                                      const struct lwm2m_value *value) LWM2M_MUST_CHECK;
void lwm2m_kept_value_release(struct lwm2m_kept_value *kept, const struct lwm2m_port *port);
/* The bytes of a value that has any. */
size_t lwm2m_value_byte_count(const struct lwm2m_value *value);

/* LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_endpoint_states_init(struct lwm2m_endpoint_states *states,
                                            const struct lwm2m_port *port) LWM2M_MUST_CHECK;
/* Frees all of them, without a word to the store; no operation of theirs is under way any more. */
void lwm2m_endpoint_states_release(struct lwm2m_server *server);

/* The state of a name, from memory or from the store; NULL if there is none, or no memory. */
struct lwm2m_endpoint_state *lwm2m_endpoint_state_find(struct lwm2m_server *server,
                                                       struct lwm2m_bytes name);
/* The same, made if there is none; NULL if there is no memory. */
struct lwm2m_endpoint_state *lwm2m_endpoint_state_obtain(struct lwm2m_server *server,
                                                         struct lwm2m_bytes name);
/* Frees it if it has nothing, waits for nothing, and is in nobody's hands. */
void lwm2m_endpoint_state_trim(struct lwm2m_endpoint_state *state);
/* Keeps it over calls of the program, which may clear it; the release trims it. */
void lwm2m_endpoint_state_hold(struct lwm2m_endpoint_state *state);
void lwm2m_endpoint_state_release(struct lwm2m_endpoint_state *state);

/* The hash of a path of an endpoint in `table`. */
uint32_t lwm2m_endpoint_state_hash(const struct lwm2m_hash_table *table,
                                   const struct lwm2m_endpoint_state *state,
                                   struct lwm2m_path path);

#endif
