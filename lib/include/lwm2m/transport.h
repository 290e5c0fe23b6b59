/*
 * The transport seam: what the engines see of CoAP, and what a transport must supply.
 *
 * Above it, requests and answers with whole bodies; below it, messages, retransmission, sockets and
 * sessions. Block-wise transfer (blockwise.h) is a transport that stands on another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_TRANSPORT_H
#define LWM2M_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/message.h>

struct lwm2m_transport;
struct lwm2m_exchange; /* a request of ours that waits for its answer, or an observation of ours */
struct lwm2m_incoming; /* a request of a peer that waits for our answer */

/* What a transport tells about notifications that it sends. */
enum lwm2m_transport_capability {
    LWM2M_TRANSPORT_REPORTS_DELIVERY = 1 << 0,     /* receiver->notification_delivered is called */
    LWM2M_TRANSPORT_REPORTS_RESET_OF_NON = 1 << 1, /* a NON that was reset is reported as failed */
    LWM2M_TRANSPORT_RELIABLE = 1 << 2,             /* TCP, TLS: no types, no message ids */
};

/*
 * A remote CoAP endpoint. Owned by its transport, which keeps it while it is retained, or has
 * exchanges or answers under way; a peer that nothing holds may go at any time.
 */
struct lwm2m_peer {
    struct lwm2m_transport *transport; /* the uppermost of the stack that it is reached by */
    void *owner;                       /* the engine's, NULL at first; no transport looks at it */
};

/* What became of a request. Valid during the call only. */
struct lwm2m_response {
    /* OK: message is set. TIMEOUT, RESET, UNREACHABLE, CANCELLED, TOO_LARGE, INCOMPLETE (the body
     * changed or broke off), UNSUPPORTED (the answer has an option that must be understood and is
     * not), NO_MEMORY, SECURITY, IO. */
    enum lwm2m_error error;
    const struct lwm2m_message *message; /* code, options and the whole payload; NULL if error */
    unsigned retransmissions;            /* of our request, so far */
};

/*
 * A request to send. Everything is borrowed until lwm2m_peer_request returns, except context, which
 * is handed back to the handler.
 */
struct lwm2m_request {
    uint8_t method;
    struct lwm2m_bytes options; /* encoded, without Block1, Block2, Size1; see lwm2m_options */
    struct lwm2m_bytes payload; /* whole, of any size */
    bool non_confirmable;
    /* The exchange stays after its first answer and hands on every notification, until it is
     * cancelled, fails, or an answer without Observe option ends it (options has Observe 0). */
    bool observe;
    /* An observation of ours with this peer that the request ends (options has Observe 1), or NULL:
     * it goes out with the observation's token (RFC 7641 §3.6), and once lwm2m_peer_request has
     * returned LWM2M_OK the observation's exchange is gone, as by lwm2m_exchange_cancel. */
    struct lwm2m_exchange *ends;
    void *context;
    /*
     * Called once for every answer, from the transport's receive or from a timer, never from within
     * lwm2m_peer_request. After a failure, and after the answer to a request that does not observe,
     * the exchange is gone. An observation whose answer or notification is an error or lacks the
     * Observe option is gone too. The handler may cancel the exchange and send further requests.
     */
    void (*on_response)(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response);
};

/*
 * What a transport calls. Set once by the engine, before anything is received; borrowed. Every
 * member is called from the transport's receive or from a timer. Members may be NULL where noted.
 */
struct lwm2m_receiver {
    /*
     * A request of a peer, with its whole body, exactly once however often it arrives. message is
     * valid during the call. The receiver answers it exactly once, by lwm2m_incoming_respond or
     * lwm2m_incoming_drop, now or later: what is not answered when the call returns is
     * acknowledged, and answered separately (RFC 7252 §5.2.2).
     */
    void (*request)(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                    const struct lwm2m_message *message);
    /* The notification with this token was acknowledged. May be NULL. */
    void (*notification_delivered)(void *context, struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token);
    /* It failed (TIMEOUT, RESET, UNREACHABLE): the observation is over (RFC 7641 §4.5). May be
     * NULL. */
    void (*notification_failed)(void *context, struct lwm2m_peer *peer,
                                const struct lwm2m_token *token, enum lwm2m_error error);
};

/* How a peer proved who it is. */
enum lwm2m_security {
    LWM2M_SECURITY_NONE,
    LWM2M_SECURITY_PSK,
    LWM2M_SECURITY_RPK,
    LWM2M_SECURITY_X509,
};

/* The text of an address: "[2001:db8::7%eth0]:5684" and a NUL, or what the transport can say. */
#define LWM2M_ADDRESS_TEXT_MAX 80

/*
 * What a transport supplies. self is the transport whose operations these are. None may block.
 */
struct lwm2m_transport_operations {
    /* See lwm2m_peer_request. */
    enum lwm2m_error (*request)(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                const struct lwm2m_request *request,
                                struct lwm2m_exchange **exchange);
    /* See lwm2m_exchange_cancel. */
    void (*cancel)(struct lwm2m_transport *self, struct lwm2m_exchange *exchange);
    /* See lwm2m_incoming_respond; message NULL is lwm2m_incoming_drop. */
    enum lwm2m_error (*respond)(struct lwm2m_transport *self, struct lwm2m_incoming *incoming,
                                const struct lwm2m_message *message);
    /* See lwm2m_peer_notify. */
    enum lwm2m_error (*notify)(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                               const struct lwm2m_message *message, bool confirmable);
    void (*retain)(struct lwm2m_transport *self, struct lwm2m_peer *peer);
    void (*release)(struct lwm2m_transport *self, struct lwm2m_peer *peer);
    /* Prints the peer's address. */
    void (*print_address)(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX]);
    /* How the peer is secured, and the identity it proved (borrowed while the peer is held). */
    enum lwm2m_security (*identity)(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *identity);
    /* The largest payload of one message that the path carries, in bytes. */
    size_t (*max_payload)(struct lwm2m_transport *self, const struct lwm2m_peer *peer);
};

/* Embedded as first member by every transport. */
struct lwm2m_transport {
    const struct lwm2m_transport_operations *operations;
    uint32_t capabilities; /* enum lwm2m_transport_capability, or-ed */
    /* The uppermost transport of the stack: peers point to it. Itself, unless one stands on it. */
    struct lwm2m_transport *top;
    const struct lwm2m_receiver *receiver;
    void *receiver_context;
};

/* ---- for engines ---- */

/* Sets who receives what arrives; receiver is borrowed. */
void lwm2m_transport_set_receiver(struct lwm2m_transport *transport,
                                  const struct lwm2m_receiver *receiver, void *context);

/*
 * Sends a request. *exchange (may be NULL) is valid until its handler was called for the last time.
 * LWM2M_NO_MEMORY, LWM2M_TOO_LARGE (options), LWM2M_BUSY (too many exchanges with this peer):
 * nothing was sent and the handler is not called. That the link refuses the datagram is no error
 * here: it is sent again.
 */
enum lwm2m_error lwm2m_peer_request(struct lwm2m_peer *peer, const struct lwm2m_request *request,
                                    struct lwm2m_exchange **exchange) LWM2M_MUST_CHECK;

/* Forgets a request or an observation; no handler is called again. A late answer is rejected. */
void lwm2m_exchange_cancel(struct lwm2m_peer *peer, struct lwm2m_exchange *exchange);

/*
 * Answers a peer's request; incoming is gone afterwards, also when this fails. Of message, code,
 * options and payload are used. LWM2M_NO_MEMORY, LWM2M_TOO_LARGE.
 */
enum lwm2m_error lwm2m_incoming_respond(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                                        const struct lwm2m_message *message) LWM2M_MUST_CHECK;
/* Answers with a code alone; a failure to do so is logged. */
void lwm2m_incoming_respond_code(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                                 uint8_t code);
/* Lets a request go unanswered. */
void lwm2m_incoming_drop(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming);

/*
 * Sends a notification: message has code, token, options (Observe among them) and payload. At most
 * one confirmable notification per token is under way: a newer one replaces it (RFC 7641 §4.5.2).
 * LWM2M_NO_MEMORY, LWM2M_TOO_LARGE (options), LWM2M_BUSY (too many tokens wait for this peer):
 * nothing was sent, and the observation goes on.
 */
enum lwm2m_error lwm2m_peer_notify(struct lwm2m_peer *peer, const struct lwm2m_message *message,
                                   bool confirmable) LWM2M_MUST_CHECK;

/* Keep and let go of a peer; calls nest. */
void lwm2m_peer_retain(struct lwm2m_peer *peer);
void lwm2m_peer_release(struct lwm2m_peer *peer);

void lwm2m_peer_print_address(const struct lwm2m_peer *peer, char text[LWM2M_ADDRESS_TEXT_MAX]);
enum lwm2m_security lwm2m_peer_identity(const struct lwm2m_peer *peer,
                                        struct lwm2m_bytes *identity);

#endif
