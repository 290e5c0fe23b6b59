/*
 * A server engine on virtual time over a stand-in for a transport, and a diary of its events.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SUPPORT_SERVER_FIXTURE_H
#define SUPPORT_SERVER_FIXTURE_H

#include <lwm2m/server.h>

#include "support/stand_in_transport.h"
#include "support/virtual_port.h"

#define SERVER_FIXTURE_DIARY_MAX 8192

struct server_fixture {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct stand_in_transport transport;
    struct stand_in_peer *peer, *other_peer;
    struct lwm2m_server_config config; /* to be changed before server_fixture_start */
    struct lwm2m_server *server;
    size_t registered, updated, deregistered;
    bool quiet; /* events are counted, not written */
    /* One line for each event, "REGISTERED dev", "DENIED 4.00 ep is missing". The test may empty
     * it. */
    char diary[SERVER_FIXTURE_DIARY_MAX];
    /* Called after the event was noted; may be NULL. */
    void (*on_event)(struct server_fixture *fixture, const struct lwm2m_server_event *event);
};

/* Makes all but the server. */
struct server_fixture *server_fixture_new(void);
void server_fixture_start(struct server_fixture *fixture);
/* Frees the server if it runs, and fails the test if anything leaked. */
void server_fixture_free(struct server_fixture *fixture);

/* Lets time pass, in one step after another as timers come due. */
void server_fixture_pass(struct server_fixture *fixture, uint64_t duration_ms);

/* Adds a line to the diary. */
void server_fixture_note(struct server_fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sends a Register with that query ("ep=dev&lt=60") and the object list </1/0>,</3/0>. */
struct lwm2m_incoming *server_fixture_register(struct server_fixture *fixture,
                                               struct stand_in_peer *peer, const char *query);
/* Registers "dev" with lifetime 60 in that version, from fixture->peer. */
struct lwm2m_registration *server_fixture_registered(struct server_fixture *fixture,
                                                     const char *version);
/* Sends "POST /rd/<id>" with a query ("lt=60", or "" for none) and a payload (NULL: none). */
struct lwm2m_incoming *server_fixture_update(struct server_fixture *fixture,
                                             struct stand_in_peer *peer, const char *id,
                                             const char *query, const char *payload);
/* Asserts what the diary holds, and empties it. */
void server_fixture_assert_diary(struct server_fixture *fixture, const char *expected);

#endif
