/*
 * The client engine: a LwM2M device. It registers, stays registered, answers, and notifies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CLIENT_H
#define LWM2M_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/codec.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/object.h>
#include <lwm2m/status.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

enum lwm2m_client_event_type {
    LWM2M_CLIENT_REGISTERING,
    LWM2M_CLIENT_REGISTERED,          /* location is set */
    LWM2M_CLIENT_UPDATED,
    LWM2M_CLIENT_REGISTRATION_FAILED, /* error or status is set; retry_ms until the next attempt */
    LWM2M_CLIENT_UPDATE_FAILED,       /* the client registers again */
    LWM2M_CLIENT_DEREGISTERED,
    LWM2M_CLIENT_STOPPED,             /* after lwm2m_client_stop: nothing is under way any more */
    LWM2M_CLIENT_READ,                /* the rest: a server did this, with success; path is set */
    LWM2M_CLIENT_WRITTEN,
    LWM2M_CLIENT_EXECUTED,
    LWM2M_CLIENT_CREATED,
    LWM2M_CLIENT_DELETED,
    LWM2M_CLIENT_DISCOVERED,
    LWM2M_CLIENT_ATTRIBUTES_WRITTEN,
    LWM2M_CLIENT_OBSERVED,
    LWM2M_CLIENT_OBSERVATION_ENDED,   /* error: CANCELLED by the server, RESET, TIMEOUT, GONE */
    LWM2M_CLIENT_NOTIFIED,            /* a notification left (emitted) */
    LWM2M_CLIENT_DELIVERED,           /* it was acknowledged */
    LWM2M_CLIENT_SENT,                /* a Send was accepted by the server */
    LWM2M_CLIENT_SEND_FAILED,         /* error or status is set */
    LWM2M_CLIENT_ASLEEP,              /* queue mode: nothing is received any more */
    LWM2M_CLIENT_AWAKE,
};

/* Valid during the call only. */
struct lwm2m_client_event {
    enum lwm2m_client_event_type type;
    uint16_t ssid;
    struct lwm2m_path path;
    const struct lwm2m_path *paths; /* of a composite operation or observation, whose path is the root; else NULL */
    size_t path_count;
    enum lwm2m_error error;
    enum lwm2m_status status;    /* what was answered, by us or to us */
    uint64_t retry_ms;
    const char *location;        /* "/rd/x7Qp" */
    struct lwm2m_bytes payload;  /* NOTIFIED, WRITTEN, EXECUTED: as on the wire */
    uint16_t content_format;     /* of payload */
};

/*
 * Makes the connection to a server, for the engine. Supplied by the program.
 */
struct lwm2m_connector {
    void *context;
    /*
     * Gives a retained peer for the server at uri, security as in the instance of object 0. Called at each
     * registration attempt. An error is treated as an attempt that failed.
     */
    enum lwm2m_error (*open)(void *context, const char *uri, uint16_t security_instance,
                             struct lwm2m_peer **peer);
};

struct lwm2m_client_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_timers *timers;
    struct lwm2m_connector connector;
    const char *endpoint_name;                   /* copied */
    struct lwm2m_version version;                /* 1.0, 1.1 (default) or 1.2 */
    struct lwm2m_codecs codecs;                  /* default: text, opaque, TLV, SenML CBOR */
    const struct lwm2m_definitions *definitions; /* default: NULL, the objects' own only */
    bool queue_mode;                             /* announce Q */
    uint32_t awake_ms;                           /* queue mode: listens so long after its last message; 93000 */
    const char *profile_id;                      /* 1.2: announced as pid instead of an object list; copied; NULL: none */
    /* Whether the profile has this instance (or an object without instances); only what it has not is listed
     * then. NULL: the profile has everything. Called with context. */
    bool (*profile_has)(void *context, struct lwm2m_path path);
    /* Registration retry (LwM2M Core 1.2 §6.2.1.2): delay before attempt n is first * 2^(n-1), capped. */
    uint32_t retry_first_ms;                     /* 2000 */
    uint32_t retry_most_ms;                      /* 300000 */
    uint32_t max_observations;                   /* 1000; also of paths with attributes */
    size_t max_body_bytes;                       /* 1 MiB: largest answer that is built */
    /* Off: who is no server that this client registers with is answered 4.01. On, for tests: strangers act as
     * the server of the first account, registered or not. */
    bool answer_strangers;
    void *context;
    /* Milliseconds since 1970-01-01T00:00:00Z, for what is sent with its time; LWM2M_NO_TIME while it is not
     * known. NULL: nothing has a time. */
    int64_t (*time_ms)(void *context);
    void (*on_event)(void *context, const struct lwm2m_client_event *event); /* may be NULL */
};

/* Fills in the defaults. */
void lwm2m_client_config_init(struct lwm2m_client_config *config);

/* Copies what it needs. LWM2M_ARGUMENT (no name, no connector, …), LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_client_new(const struct lwm2m_client_config *config,
                                  struct lwm2m_client **client) LWM2M_MUST_CHECK;
/* Frees the client and its objects, without a word to the servers. */
void lwm2m_client_free(struct lwm2m_client *client);

/* Lets the client serve what arrives on a transport; before lwm2m_client_start. */
void lwm2m_client_attach(struct lwm2m_client *client, struct lwm2m_transport *transport);

/* Takes the object. LWM2M_EXISTS (the caller keeps it), LWM2M_NO_MEMORY. While registered, an Update follows. */
enum lwm2m_error lwm2m_client_add_object(struct lwm2m_client *client,
                                         struct lwm2m_object *object) LWM2M_MUST_CHECK;
/* NULL if the client does not have it. */
struct lwm2m_object *lwm2m_client_find_object(struct lwm2m_client *client, uint16_t object);

/*
 * Registers at every server that objects 0 and 1 name, and stays registered: Update before the lifetime is
 * over, Register again on 4.04, on a new address, and with growing delays after failures; step down on 4.12.
 * LWM2M_STATE if it runs already; LWM2M_NOT_FOUND if there is no account to register with.
 */
enum lwm2m_error lwm2m_client_start(struct lwm2m_client *client) LWM2M_MUST_CHECK;

/* Deregisters everywhere; LWM2M_CLIENT_STOPPED follows (at once if not registered, else by the answer or
 * after timeout_ms). */
void lwm2m_client_stop(struct lwm2m_client *client, uint32_t timeout_ms);

/* Stops answering and sending, as a device whose network is gone; and comes back (an Update follows). */
void lwm2m_client_set_offline(struct lwm2m_client *client, bool offline);

/* Forgets its registrations and registers anew, as after a reboot. */
void lwm2m_client_restart(struct lwm2m_client *client);

/* Sends an Update to one server, or to all (LWM2M_NO_ID). LWM2M_STATE if not registered. */
enum lwm2m_error lwm2m_client_update(struct lwm2m_client *client, uint16_t ssid) LWM2M_MUST_CHECK;

/* Deregisters from a server for a time, then registers again (Disable, /1/x/4). */
enum lwm2m_error lwm2m_client_disable(struct lwm2m_client *client, uint16_t ssid,
                                      uint32_t seconds) LWM2M_MUST_CHECK;

/* Tells the engine that the value at path, or something below it, changed: observers may be due. At level OBJECT
 * also that instances may have come or gone: an Update follows if they have. */
void lwm2m_client_changed(struct lwm2m_client *client, struct lwm2m_path path);

/* Read, write, execute as the device itself; errors as an operation over the wire would have. */
enum lwm2m_error lwm2m_client_read(struct lwm2m_client *client, struct lwm2m_path path,
                                   struct lwm2m_sink sink) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_client_write(struct lwm2m_client *client,
                                    const struct lwm2m_record *record) LWM2M_MUST_CHECK;
/* As over the wire; LWM2M_NOT_FOUND, LWM2M_NOT_ALLOWED, LWM2M_MALFORMED (arguments), or what the object said. */
enum lwm2m_error lwm2m_client_execute(struct lwm2m_client *client, struct lwm2m_path path,
                                      struct lwm2m_bytes arguments) LWM2M_MUST_CHECK;
/* Sends a notification to whoever observes path itself, at the next step, without waiting for a change.
 * LWM2M_NOT_FOUND if nobody does. */
enum lwm2m_error lwm2m_client_notify(struct lwm2m_client *client,
                                     struct lwm2m_path path) LWM2M_MUST_CHECK;

/*
 * Send (1.1): reports what is at the paths now, with the time, to one server or to all that it may be sent to
 * (LWM2M_NO_ID). Its answer comes as LWM2M_CLIENT_SENT or LWM2M_CLIENT_SEND_FAILED; the event's path is the path
 * if there is one alone, and the root otherwise. In SenML CBOR, else SenML JSON, else (1.2) LwM2M CBOR, as the
 * client has codecs. LWM2M_ARGUMENT: no path, or the root. LWM2M_NOT_FOUND: something does not exist, or is not
 * among the registered objects. LWM2M_NOT_ALLOWED: a resource cannot be read, or the server does not want it
 * (Mute Send, /1/x/23). LWM2M_STATE: not registered there. LWM2M_UNSUPPORTED: the server speaks 1.0.
 * LWM2M_FORMAT: there is no codec for it. LWM2M_TOO_LARGE, LWM2M_BUSY, LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_client_send(struct lwm2m_client *client, uint16_t ssid, const struct lwm2m_path *paths,
                                   size_t path_count) LWM2M_MUST_CHECK;
/* The same with values that the program has kept, each with its own time (or LWM2M_NO_TIME): several of one
 * resource are its history. Paths of resources and resource instances that exist. */
enum lwm2m_error lwm2m_client_send_records(struct lwm2m_client *client, uint16_t ssid,
                                           const struct lwm2m_record *records,
                                           size_t record_count) LWM2M_MUST_CHECK;

/* With the server ssid; LWM2M_NO_ID: with any. */
bool lwm2m_client_is_registered(const struct lwm2m_client *client, uint16_t ssid);

const struct lwm2m_port *lwm2m_client_port(const struct lwm2m_client *client);

#endif
