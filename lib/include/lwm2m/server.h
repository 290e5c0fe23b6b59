/*
 * The server engine: registrations of devices, operations on them, observations of them.
 *
 * Every callback may call any function here except lwm2m_server_free, also one that ends the
 * registration, the operation or the subscription that it is told about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_SERVER_H
#define LWM2M_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/attributes.h>
#include <lwm2m/bytes.h>
#include <lwm2m/codec.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/record.h>
#include <lwm2m/state.h>
#include <lwm2m/status.h>
#include <lwm2m/store.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

struct lwm2m_server;
struct lwm2m_ticket;       /* an operation under way */
struct lwm2m_subscription; /* a listener to an observation */

/* 1 byte of worker number and 15 random ones, base64url: 22 characters and a NUL. */
#define LWM2M_REGISTRATION_ID_MAX 24

/* Every letter of a binding once ("UTSNMHQ"), and a NUL. */
#define LWM2M_BINDING_MAX 8

/*
 * One registered device. Read only, owned by the server, valid until its DEREGISTERED or REPLACED
 * event has been handled.
 */
struct lwm2m_registration {
    char id[LWM2M_REGISTRATION_ID_MAX]; /* what follows /rd/ */
    const char *endpoint_name;          /* UTF-8 without control characters */
    struct lwm2m_bytes links;           /* the object list, as the device sent it; may be empty with a
                                           profile id */
    struct lwm2m_peer *peer;
    uint64_t registered_ms; /* port time of the Register */
    uint64_t updated_ms;    /* of the last Register or Update */
    uint64_t seen_ms;       /* of the last message from it */
    uint32_t lifetime_s;    /* 0: without end (1.2) */
    struct lwm2m_version version;
    bool queue_mode;
    bool awake; /* always true without queue mode */
    char binding[LWM2M_BINDING_MAX];    /* as given: "U", "UQ" */
    void *owner; /* the program's, NULL at first */
};

enum lwm2m_server_event_type {
    LWM2M_SERVER_REGISTERED,
    LWM2M_SERVER_UPDATED,
    LWM2M_SERVER_MOVED,        /* an Update came from a new address; UPDATED follows */
    LWM2M_SERVER_REPLACED,     /* a new Register of the same endpoint name: the old one ends */
    LWM2M_SERVER_DEREGISTERED, /* reason tells why */
    LWM2M_SERVER_SENT,         /* the device sent data by itself (Send): content is set */
    LWM2M_SERVER_AWAKE,        /* a device in queue mode can be reached: what was held is sent now */
    LWM2M_SERVER_ASLEEP,       /* its awake time is over: operations are held until it wakes */
    LWM2M_SERVER_DESIRED,      /* a desired value was set, applied, refused, or not yet taken: endpoint_name
                                  and desired are set; registration is NULL while the device is away */
    LWM2M_SERVER_DENIED, /* a Register, Update or Deregister that was refused: status and detail are
                            set */
};

enum lwm2m_deregistration_reason {
    LWM2M_DEREGISTERED_BY_DEVICE,
    LWM2M_DEREGISTERED_EXPIRED, /* within a second after the lifetime was over */
    LWM2M_DEREGISTERED_BY_OPERATOR,
};

/* Valid during the call only. */
struct lwm2m_server_event {
    enum lwm2m_server_event_type type;
    struct lwm2m_registration *registration; /* NULL for DENIED, and for DESIRED of a device that is away */
    enum lwm2m_deregistration_reason reason;
    bool lifetime_changed, links_changed; /* UPDATED */
    struct lwm2m_peer *old_peer;          /* MOVED, REPLACED: where it was before */
    enum lwm2m_status status;             /* DENIED */
    struct lwm2m_bytes endpoint_name;     /* DENIED: as claimed, unchecked bytes; DESIRED */
    const char *detail;                   /* DENIED: why, for people */
    struct lwm2m_peer *peer;              /* who sent it */
    const struct lwm2m_outcome *content;  /* SENT: for lwm2m_outcome_decode; else NULL */
    const struct lwm2m_desired_value *desired; /* DESIRED */
};

struct lwm2m_server_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_timers *timers;
    struct lwm2m_codecs codecs;                  /* default: text, opaque, TLV, SenML CBOR */
    const struct lwm2m_definitions *definitions; /* default: NULL; borrowed */
    const struct lwm2m_store *store;             /* default: lwm2m_store_memory; borrowed */
    uint8_t worker;                              /* first byte of every registration id */
    struct lwm2m_version min_version;            /* 1.0 */
    struct lwm2m_version max_version;            /* 1.2 */
    size_t max_registrations;                    /* 100000; beyond: 5.03 with Max-Age */
    size_t max_payload_bytes;                    /* 16 KiB of a Register or Update; beyond: 4.13 */
    size_t max_links;                            /* 1000; beyond: 4.13 */
    size_t max_queries;                          /* 64 */
    size_t max_observations;                     /* 1000 per registration; at most 65535 */
    size_t max_queued;                           /* 100 operations per registration; at most 65535 */
    /* The endpoint whose identity that is, borrowed; false if it is none's. A Register with security is for that endpoint,
     * which it need not name, or is answered 4.03. NULL: the identity is the endpoint name. context is the one below. */
    bool (*endpoint_of)(void *context, enum lwm2m_security security, struct lwm2m_bytes identity,
                        struct lwm2m_bytes *endpoint_name);
    bool deny_move; /* an Update from a new address without security: 4.04 */
    uint32_t
        max_rate_per_address; /* Registers a second from one address; beyond: 5.03; 0: any number */
    uint32_t operation_timeout_ms; /* 30000 */
    /* How long a device in queue mode listens after its last message (LwM2M Core 1.2 §6.5.4): 93000, the
     * MAX_TRANSMIT_WAIT of CoAP. */
    uint32_t awake_ms;
    /* State of devices (state.h). Of reported values, the oldest go first; 0: none is kept. */
    size_t max_reported_per_device; /* 1000 */
    size_t max_reported_values;     /* 100000 of all devices */
    size_t max_reported_bytes;      /* 32 MiB: of the texts and bytes among those, beside what holds them */
    size_t max_desired_per_device;  /* 100 */
    size_t max_desired_values;      /* 100000 of all devices */
    uint32_t desired_retry_ms;      /* 30000: before a Write is tried again; doubles, up to an hour */
    void *context;
    void (*on_event)(void *context, const struct lwm2m_server_event *event); /* may be NULL */
};

/* Fills in the defaults. */
void lwm2m_server_config_init(struct lwm2m_server_config *config);

/* LWM2M_ARGUMENT, LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_server_new(const struct lwm2m_server_config *config,
                                  struct lwm2m_server **server) LWM2M_MUST_CHECK;
/*
 * Frees it with all registrations, and tells neither the store nor on_event; operations and
 * subscriptions are done with LWM2M_CANCELLED. Its transports must be there still, and must not
 * receive anything afterwards. NULL is allowed.
 */
void lwm2m_server_free(struct lwm2m_server *server);

/* Lets the server answer what arrives on a transport. May be called for several transports. */
void lwm2m_server_attach(struct lwm2m_server *server, struct lwm2m_transport *transport);

/* ---- registrations ---- */

size_t lwm2m_server_registration_count(const struct lwm2m_server *server);
/* By endpoint name, O(1); NULL if it is not registered. */
struct lwm2m_registration *lwm2m_server_find(const struct lwm2m_server *server,
                                             struct lwm2m_bytes endpoint_name);
/* The one that was heard last from this peer, which must be of a transport that is attached; NULL if
 * there is none. */
struct lwm2m_registration *lwm2m_server_find_peer(const struct lwm2m_peer *peer);
/* Walks all, in the order in which they registered: NULL gives the first, NULL is returned behind
 * the last. */
struct lwm2m_registration *lwm2m_server_next(const struct lwm2m_server *server,
                                             const struct lwm2m_registration *registration);
/* Seconds until it expires; UINT32_MAX for a lifetime without end. */
uint32_t lwm2m_registration_left_s(const struct lwm2m_server *server,
                                   const struct lwm2m_registration *registration);
/* Ends a registration without a word to the device. */
void lwm2m_server_deregister(struct lwm2m_server *server, struct lwm2m_registration *registration);

/* The profile that stands for the object list, or for a part of it (pid, 1.2), as endpoint_name; NULL if it gave
 * none. */
const char *lwm2m_registration_profile_id(const struct lwm2m_registration *registration);

/* The version in which the device has an object (its ver parameter, else the default of the LwM2M
 * version); false if it did not register the object. */
bool lwm2m_registration_object_version(const struct lwm2m_registration *registration,
                                       uint16_t object, struct lwm2m_version *version);

/* ---- operations (LwM2M Core 1.2 §6.3) ---- */

enum lwm2m_operation_kind {
    LWM2M_OPERATION_READ,
    LWM2M_OPERATION_DISCOVER,
    LWM2M_OPERATION_WRITE_REPLACE,
    LWM2M_OPERATION_WRITE_UPDATE, /* Write (partial update) */
    LWM2M_OPERATION_EXECUTE,
    LWM2M_OPERATION_CREATE, /* path: object, or object instance for an id of our choice */
    LWM2M_OPERATION_DELETE,
    LWM2M_OPERATION_WRITE_ATTRIBUTES,
    LWM2M_OPERATION_READ_COMPOSITE,  /* 1.1; path is the root, paths says what */
    LWM2M_OPERATION_WRITE_COMPOSITE, /* 1.1; path is the root; records may have any paths below */
};

/* What became of an operation. Valid during the call only. */
struct lwm2m_outcome {
    enum lwm2m_error
        error; /* OK: the device answered, with status. Else as in lwm2m_response; GONE if its
                  registration ended first, TIMEOUT also when it never left the queue */
    enum lwm2m_status status;
    uint16_t content_format; /* of payload, or LWM2M_NO_FORMAT */
    struct lwm2m_bytes payload;
    struct lwm2m_path
        path; /* of the operation; for CREATE, of the new instance if the device said it */
    unsigned retransmissions;
    uint32_t sequence; /* notifications: the Observe option's value */
    const struct lwm2m_server *server;
    const struct lwm2m_registration *registration; /* NULL if it has ended */
};

/* Everything is borrowed until lwm2m_server_submit returns, except context. */
struct lwm2m_operation {
    enum lwm2m_operation_kind kind;
    struct lwm2m_path path;
    /* Content-Format of what is written, Accept of what is read. LWM2M_NO_FORMAT: by the device's
     * version and the formats that it advertises. */
    uint16_t format;
    /* WRITE and CREATE: complete paths below path. A CREATE of an object, where the device chooses
     * the id, has records of one instance, whose id (LWM2M_NO_ID, say) is not sent. */
    const struct lwm2m_record *records;
    size_t record_count;
    struct lwm2m_bytes arguments;              /* EXECUTE: as on the wire */
    const struct lwm2m_attributes *attributes; /* WRITE_ATTRIBUTES */
    const struct lwm2m_path *paths;            /* READ_COMPOSITE */
    size_t path_count;
    bool has_depth; /* DISCOVER (1.2): depth is sent */
    uint8_t depth;  /* 0 to 3 */
    uint32_t timeout_ms;                       /* 0: the server's */
    /* How long it may wait for a device in queue mode to wake, before timeout_ms begins to count. 0: no longer than
     * timeout_ms. */
    uint32_t hold_ms;
    void *context;
    /* Called exactly once, never from within lwm2m_server_submit. */
    void (*done)(void *context, const struct lwm2m_outcome *outcome);
};

/*
 * Sends an operation, or queues it: one is under way with a device at a time. *ticket (may be NULL)
 * is valid until done is called. When the device moves to a new address, what is under way is sent
 * again to there, unless it is an EXECUTE, CREATE or DELETE. LWM2M_GONE (the registration has
 * ended), LWM2M_BUSY (queue full), LWM2M_UNSUPPORTED or LWM2M_FORMAT (no common format can carry
 * it), LWM2M_ARGUMENT (a path of the wrong level, a record outside it), LWM2M_NO_MEMORY: nothing
 * was sent and done is not called.
 */
enum lwm2m_error lwm2m_server_submit(struct lwm2m_server *server,
                                     struct lwm2m_registration *registration,
                                     const struct lwm2m_operation *operation,
                                     struct lwm2m_ticket **ticket) LWM2M_MUST_CHECK;
/* Operations that are under way or wait for their turn with a device. */
size_t lwm2m_server_queue_length(const struct lwm2m_registration *registration);
/* Forgets an operation; done is not called any more. */
void lwm2m_server_cancel(struct lwm2m_server *server, struct lwm2m_ticket *ticket);

/*
 * Builds the request that lwm2m_server_submit would send, as a message with type CON, id 0 and an
 * empty token, into out; for a dry run. registration may be NULL: a 1.1 device without stated
 * formats.
 */
enum lwm2m_error lwm2m_server_encode(const struct lwm2m_server *server,
                                     const struct lwm2m_registration *registration,
                                     const struct lwm2m_operation *operation,
                                     struct lwm2m_buffer *out) LWM2M_MUST_CHECK;

/*
 * Decodes the payload of an outcome, by its content format and the device's object versions.
 * LWM2M_FORMAT for a format without codec; otherwise as lwm2m_codec's decode. Not for DISCOVER: see
 * corelink.h.
 */
enum lwm2m_error lwm2m_outcome_decode(const struct lwm2m_outcome *outcome, struct lwm2m_sink sink,
                                      struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * The same without the definitions: a value has the type that the payload gives it, LWM2M_TYPE_UNTYPED where the
 * format says nothing. For what lwm2m_outcome_decode ended with LWM2M_TYPE: a device whose types are not those of the definitions.
 */
enum lwm2m_error lwm2m_outcome_decode_untyped(const struct lwm2m_outcome *outcome,
                                              struct lwm2m_sink sink,
                                              struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* ---- observations (LwM2M Core 1.2 §6.4) ---- */

/* Everything is borrowed until lwm2m_server_observe returns, except context. */
struct lwm2m_observation_request {
    struct lwm2m_path path;          /* the root for an Observe-Composite */
    const struct lwm2m_path *paths;  /* Observe-Composite (1.1): what is observed; else NULL */
    size_t path_count;
    const struct lwm2m_attributes *attributes; /* 1.2: sent with the request; may be NULL */
    uint16_t format;     /* as in lwm2m_operation */
    uint32_t timeout_ms; /* for the first answer; 0: the server's */
    uint32_t hold_ms;    /* as in lwm2m_operation */
    void *context;
    /*
     * Called for the answer to the request, for every notification in order (older ones are
     * dropped), and once when it is over: by an error of the transport, an error status of the
     * device, an answer without Observe (error LWM2M_UNSUPPORTED, after the value was handed on),
     * GONE, or CANCELLED by lwm2m_server_cancel_path. After error != OK or a status that is no
     * success the subscription is gone.
     */
    void (*on_notification)(void *context, const struct lwm2m_outcome *outcome);
};

/*
 * Subscribes. Two subscriptions to one path, or to the same paths in whatever order, share one
 * observation on the wire if their attributes are the same; the second gets the last notification
 * again as its first (at the next step; not one over 16 KiB). *subscription (may
 * be NULL) is valid until the subscription is gone. LWM2M_GONE, LWM2M_BUSY (max_observations,
 * max_queued), LWM2M_NO_MEMORY, and LWM2M_ARGUMENT, LWM2M_UNSUPPORTED, LWM2M_FORMAT as in
 * lwm2m_server_submit.
 */
enum lwm2m_error lwm2m_server_observe(struct lwm2m_server *server,
                                      struct lwm2m_registration *registration,
                                      const struct lwm2m_observation_request *request,
                                      struct lwm2m_subscription **subscription) LWM2M_MUST_CHECK;
/* Ends one subscription; with the last one, the observation is cancelled by the same request with
 * Observe 1. */
void lwm2m_server_unsubscribe(struct lwm2m_server *server, struct lwm2m_subscription *subscription);

/*
 * Ends the observations of a path, and the composite ones that name it among others, for every
 * subscriber; the root ends all of the device. passive: by a reset to the next notification instead
 * of a request with Observe 1. Returns how many observations ended.
 */
size_t lwm2m_server_cancel_path(struct lwm2m_server *server,
                                struct lwm2m_registration *registration, struct lwm2m_path path,
                                bool passive);

/* An observation as it stands. Valid during the call only. */
struct lwm2m_observation_view {
    struct lwm2m_path path;                    /* the root for a composite one */
    const struct lwm2m_path *paths;            /* composite: in order, each once; else NULL */
    size_t path_count;                         /* 0 unless composite */
    const struct lwm2m_attributes *attributes; /* given in the request; NULL: none */
    size_t subscriptions;
    uint64_t notifications; /* those that came after the first answer */
};

/* Calls visit for every observation of a registration, until it returns false. visit must not end
 * or begin observations. */
void lwm2m_server_visit_observations(
    const struct lwm2m_server *server, const struct lwm2m_registration *registration,
    bool (*visit)(void *context, const struct lwm2m_observation_view *observation), void *context);

#endif
