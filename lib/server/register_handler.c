/*
 * Register, Update and Deregister: checks what arrived, changes the registry, answers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/register_handler.h"

#include <lwm2m/corelink.h>

#include "server/desired_state.h"
#include "server/observations.h"
#include "server/presence.h"
#include "server/registration_query.h"
#include "server/registrations.h"
#include "server/request_queue.h"
#include "server/saves.h"

/* When a device that found the server full, or its store out of order, should try again. */
#define RETRY_AFTER_S 60

struct refusal {
    enum lwm2m_status status; /* LWM2M_STATUS_NONE: nothing is wrong */
    const char *detail;
    struct lwm2m_bytes endpoint_name;
};

static void respond(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                    enum lwm2m_status status, const struct lwm2m_options *options)
{
    struct lwm2m_message message = {.code = lwm2m_status_code(status)};

    if (options && lwm2m_options_check(options) == LWM2M_OK) {
        message.options = lwm2m_options_bytes(options);
    }
    /* An answer that is lost for want of memory is like one lost on the way: the device asks again.
     */
    enum lwm2m_error error = lwm2m_incoming_respond(peer, incoming, &message);
    (void)error;
}

static void refuse(struct lwm2m_server *server, struct lwm2m_peer *peer,
                   struct lwm2m_incoming *incoming, const struct refusal *refusal)
{
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_DENIED,
        .status = refusal->status,
        .endpoint_name = refusal->endpoint_name,
        .detail = refusal->detail,
        .peer = peer,
    };
    struct lwm2m_options options;
    uint8_t memory[16];

    lwm2m_options_init(&options, memory, sizeof memory);
    if (refusal->status == LWM2M_STATUS_SERVICE_UNAVAILABLE) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_MAX_AGE, RETRY_AFTER_S);
    }
    if (refusal->status == LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_SIZE1,
                                    (uint32_t)server->config.max_payload_bytes);
    }
    lwm2m_peer_retain(peer);
    respond(peer, incoming, refusal->status, &options);
    lwm2m_server_emit(server, &event);
    lwm2m_peer_release(peer);
}

static void set_refusal(struct refusal *refusal, enum lwm2m_status status, const char *detail)
{
    refusal->status = status;
    refusal->detail = detail;
}

/* Checks the object list of a Register or an Update. */
static void check_links(const struct lwm2m_server *server, const struct lwm2m_arrival *arrival,
                        struct refusal *refusal)
{
    struct lwm2m_bytes payload = arrival->message->payload;
    struct lwm2m_registration_links links;

    if (arrival->content_format != LWM2M_NO_FORMAT &&
        arrival->content_format != LWM2M_FORMAT_LINK) {
        set_refusal(refusal, LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT,
                    "the object list is not in link format");
        return;
    }
    if (payload.length > server->config.max_payload_bytes) {
        set_refusal(refusal, LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE, "the object list is too long");
        return;
    }
    switch (lwm2m_registration_links_decode(payload, server->config.max_links, &links, NULL, NULL,
                                            NULL)) {
    case LWM2M_OK:
        break;
    case LWM2M_TOO_LARGE:
        set_refusal(refusal, LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE,
                    "the object list has too many links");
        break;
    default:
        set_refusal(refusal, LWM2M_STATUS_BAD_REQUEST, "the object list is not well formed");
        break;
    }
}

/* ---- who may do what ---- */

static bool has_same_identity(const struct lwm2m_peer *a, const struct lwm2m_peer *b)
{
    struct lwm2m_bytes identity_of_a = {NULL, 0};
    struct lwm2m_bytes identity_of_b = {NULL, 0};

    return lwm2m_peer_identity(a, &identity_of_a) == lwm2m_peer_identity(b, &identity_of_b) &&
           lwm2m_bytes_equal(identity_of_a, identity_of_b);
}

static bool is_secure(const struct lwm2m_peer *peer)
{
    struct lwm2m_bytes identity;

    return lwm2m_peer_identity(peer, &identity) != LWM2M_SECURITY_NONE;
}

/* Without security, whoever knows the id is the owner: that is what lets a device change its
 * address. */
static bool owns(const struct lwm2m_server *server, const struct lwm2m_device *device,
                 const struct lwm2m_peer *peer)
{
    const struct lwm2m_peer *owner = device->registration.peer;

    if (peer == owner) {
        return true;
    }
    if (!is_secure(owner) && server->config.deny_move) {
        return false;
    }
    return has_same_identity(owner, peer);
}

static bool may_replace(const struct lwm2m_device *device, const struct lwm2m_peer *peer)
{
    const struct lwm2m_peer *owner = device->registration.peer;

    return peer == owner || !is_secure(owner) || has_same_identity(owner, peer);
}

/* The device whose registration the path names, if the peer owns it; NULL for any other reason
 * alike. */
static struct lwm2m_device *find_owned(const struct lwm2m_server *server,
                                       const struct lwm2m_arrival *arrival)
{
    struct lwm2m_bytes id = arrival->segments[1];
    struct lwm2m_device *device = arrival->peer->owner;

    /* Nearly always it is the device that registered from there; then nothing need be looked up. */
    if (device && lwm2m_bytes_equal_text(id, device->registration.id)) {
        return device;
    }
    device = lwm2m_registry_find_id(&server->registry, id);
    return device && owns(server, device, arrival->peer) ? device : NULL;
}

/* ---- Register ---- */

/* Who proved an identity is the endpoint that it belongs to, and no other. */
static void check_endpoint_name(const struct lwm2m_server *server, const struct lwm2m_peer *peer,
                                struct lwm2m_registration_query *query, struct refusal *refusal)
{
    struct lwm2m_bytes identity;
    enum lwm2m_security security = lwm2m_peer_identity(peer, &identity);
    struct lwm2m_bytes proved = identity;

    if (security == LWM2M_SECURITY_NONE) {
        if (!query->has_endpoint_name) {
            set_refusal(refusal, LWM2M_STATUS_BAD_REQUEST, "ep is missing");
        }
        return;
    }
    bool known = server->config.endpoint_of == NULL ||
                 server->config.endpoint_of(server->config.context, security, identity, &proved);
    if (!query->has_endpoint_name && known) {
        query->has_endpoint_name = true;
        query->endpoint_name = proved;
        refusal->endpoint_name = proved;
    } else if (!known || !lwm2m_bytes_equal(query->endpoint_name, proved)) {
        set_refusal(refusal, LWM2M_STATUS_FORBIDDEN,
                    "the endpoint name is not the one of the identity");
    }
}

/* What speaks against a Register of that name now. */
static void check_place(const struct lwm2m_server *server, struct lwm2m_bytes endpoint_name,
                        size_t others, const struct lwm2m_peer *peer, struct refusal *refusal)
{
    const struct lwm2m_device *present = lwm2m_registry_find_name(&server->registry, endpoint_name);

    if (present && !may_replace(present, peer)) {
        set_refusal(refusal, LWM2M_STATUS_FORBIDDEN,
                    "the endpoint name is registered by another identity");
    } else if (!present && others >= server->config.max_registrations) {
        set_refusal(refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE, "too many registrations");
    }
}

static void respond_created(const struct lwm2m_save *save)
{
    struct lwm2m_options options;
    uint8_t memory[LWM2M_REGISTRATION_ID_MAX + 8];

    lwm2m_options_init(&options, memory, sizeof memory);
    lwm2m_options_append_text(&options, LWM2M_OPTION_LOCATION_PATH, "rd");
    lwm2m_options_append_text(&options, LWM2M_OPTION_LOCATION_PATH, save->device->registration.id);
    respond(save->peer, save->incoming, LWM2M_STATUS_CREATED, &options);
}

static void finish_register(struct lwm2m_save *save, enum lwm2m_error error)
{
    struct lwm2m_server *server = save->server;
    struct refusal refusal = {.endpoint_name =
                                  lwm2m_bytes_from_text(save->device->registration.endpoint_name)};

    server->registry.pending--;
    if (error) {
        set_refusal(&refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE,
                    "the registration could not be stored");
    } else { /* another Register may have been first while this one was being stored */
        check_place(server, refusal.endpoint_name, 0, save->peer, &refusal);
    }
    if (refusal.status) {
        if (!error) {
            lwm2m_saves_forget(server, save->device);
        }
        refuse(server, save->peer, save->incoming, &refusal);
        return;
    }
    struct lwm2m_device *replaced = lwm2m_registrations_admit(server, save->device);
    respond_created(save);
    lwm2m_registrations_announce(server, save->device, replaced);
}

static enum lwm2m_error start_register(struct lwm2m_server *server,
                                       const struct lwm2m_arrival *arrival,
                                       const struct lwm2m_registration_query *query)
{
    uint64_t now_ms = lwm2m_timers_now(server->config.timers);
    struct lwm2m_device *device;
    struct lwm2m_save *save;

    enum lwm2m_error error =
        lwm2m_device_new(server, arrival->peer, query, arrival->message->payload, &device);
    if (error) {
        return error;
    }
    lwm2m_device_set_binding(device, query->binding);
    device->registration.lifetime_s = query->lifetime_s;
    device->registration.version = query->version;
    device->registration.queue_mode = query->queue_mode;
    device->registration.registered_ms = now_ms;
    device->registration.updated_ms = now_ms;
    device->registration.seen_ms = now_ms;
    error = lwm2m_save_new(server, device, arrival, &save);
    if (!error) {
        server->registry.pending++;
        save->finish = finish_register;
        lwm2m_save_start(save);
    }
    lwm2m_device_release(device);
    return error;
}

void lwm2m_register_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival)
{
    struct lwm2m_registration_query query;
    struct refusal refusal = {LWM2M_STATUS_NONE, NULL, {NULL, 0}};
    size_t others = lwm2m_registry_count(&server->registry) + server->registry.pending;

    refusal.status = lwm2m_registration_query_parse_register(
        arrival->message, server->config.max_queries, server->config.min_version,
        server->config.max_version, &query, &refusal.detail);
    refusal.endpoint_name = query.endpoint_name;
    if (!refusal.status) {
        check_endpoint_name(server, arrival->peer, &query, &refusal);
    }
    if (!refusal.status && !lwm2m_rate_limit_take(&server->rate_limit, arrival->peer,
                                                  lwm2m_timers_now(server->config.timers))) {
        set_refusal(&refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE,
                    "too many Registers from this address");
    }
    if (!refusal.status) {
        check_links(server, arrival, &refusal);
    }
    /* A profile stands for the list of objects, or adds to it (LwM2M Core 1.2 §6.2.1). */
    if (!refusal.status && arrival->message->payload.length == 0 && !query.has_profile_id) {
        set_refusal(&refusal, LWM2M_STATUS_BAD_REQUEST, "the object list is missing");
    }
    if (!refusal.status) {
        check_place(server, query.endpoint_name, others, arrival->peer, &refusal);
    }
    if (!refusal.status && start_register(server, arrival, &query) != LWM2M_OK) {
        set_refusal(&refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE, "out of memory");
    }
    if (refusal.status) {
        refuse(server, arrival->peer, arrival->incoming, &refusal);
    }
}

/* ---- Update ---- */

static void announce_move(struct lwm2m_server *server, const struct lwm2m_save *save)
{
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_MOVED,
        .registration = &save->device->registration,
        .old_peer = save->old_peer,
        .peer = save->peer,
    };

    lwm2m_observations_end(save->device, LWM2M_GONE);
    lwm2m_queue_move(save->device);
    if (!save->device->ended) {
        lwm2m_server_emit(server, &event);
    }
}

/* What an Update changed stays changed when the store fails: the device is told, and asks again. */
static void finish_update(struct lwm2m_save *save, enum lwm2m_error error)
{
    struct lwm2m_server *server = save->server;
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_UPDATED,
        .registration = &save->device->registration,
        .lifetime_changed = save->lifetime_changed,
        .links_changed = save->links_changed,
        .peer = save->peer,
    };
    const struct refusal refusal = {
        .status = save->device->ended ? LWM2M_STATUS_NOT_FOUND : LWM2M_STATUS_SERVICE_UNAVAILABLE,
        .detail = save->device->ended ? "the registration has ended"
                                      : "the registration could not be stored",
        .endpoint_name = lwm2m_bytes_from_text(save->device->registration.endpoint_name),
    };

    if (error || save->device->ended) {
        refuse(server, save->peer, save->incoming, &refusal);
    } else {
        respond(save->peer, save->incoming, LWM2M_STATUS_CHANGED, NULL);
    }
    lwm2m_presence_touch(save->device);
    if (save->old_peer && !save->device->ended) {
        announce_move(server, save);
    }
    if (!save->device->ended) {
        lwm2m_server_emit(server, &event);
    }
    lwm2m_presence_announce(save->device);
    lwm2m_desired_advance(save->device);
}

/* A binding of 1.0 states queue mode; later ones leave it as the Register said. */
static void apply_query(struct lwm2m_registration *registration,
                        const struct lwm2m_registration_query *query, struct lwm2m_save *save)
{
    if (query->has_lifetime) {
        save->lifetime_changed = registration->lifetime_s != query->lifetime_s;
        registration->lifetime_s = query->lifetime_s;
    }
    if (query->has_binding) {
        lwm2m_device_set_binding(lwm2m_device_of(registration), query->binding);
        if (registration->version.major == 1 && registration->version.minor == 0) {
            registration->queue_mode = query->queue_mode;
        }
    }
    if (query->queue_mode) {
        registration->queue_mode = true;
    }
}

static enum lwm2m_error start_update(struct lwm2m_server *server, struct lwm2m_device *device,
                                     const struct lwm2m_arrival *arrival,
                                     const struct lwm2m_registration_query *query)
{
    struct lwm2m_bytes payload = arrival->message->payload;
    struct lwm2m_save *save;

    enum lwm2m_error error = lwm2m_save_new(server, device, arrival, &save);
    if (error) {
        return error;
    }
    if (payload.length > 0) {
        error = lwm2m_device_set_links(device, payload, &save->links_changed);
    }
    if (error) {
        lwm2m_save_discard(save);
        return error;
    }
    apply_query(&device->registration, query, save);
    if (arrival->peer != device->registration.peer) {
        save->old_peer = device->registration.peer;
        lwm2m_peer_retain(save->old_peer);
        lwm2m_device_set_peer(device, arrival->peer);
    }
    lwm2m_registrations_renew(server, device);
    save->finish = finish_update;
    lwm2m_save_start(save);
    return LWM2M_OK;
}

void lwm2m_update_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival)
{
    struct lwm2m_device *device = find_owned(server, arrival);
    struct lwm2m_registration_query query;
    struct refusal refusal = {LWM2M_STATUS_NONE, NULL, {NULL, 0}};

    if (!device) {
        set_refusal(&refusal, LWM2M_STATUS_NOT_FOUND, "no such registration");
        refuse(server, arrival->peer, arrival->incoming, &refusal);
        return;
    }
    lwm2m_device_hold(device);
    refusal.endpoint_name = lwm2m_bytes_from_text(device->registration.endpoint_name);
    refusal.status = lwm2m_registration_query_parse_update(
        arrival->message, server->config.max_queries, device->registration.version, &query,
        &refusal.detail);
    if (!refusal.status) {
        check_links(server, arrival, &refusal);
    }
    if (!refusal.status && start_update(server, device, arrival, &query) != LWM2M_OK) {
        set_refusal(&refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE, "out of memory");
    }
    if (refusal.status) {
        refuse(server, arrival->peer, arrival->incoming, &refusal);
    }
    lwm2m_device_release(device);
}

/* ---- Deregister ---- */

static void finish_deregister(struct lwm2m_save *save, enum lwm2m_error error)
{
    respond(save->peer, save->incoming,
            error ? LWM2M_STATUS_SERVICE_UNAVAILABLE : LWM2M_STATUS_DELETED, NULL);
}

void lwm2m_deregister_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival)
{
    struct lwm2m_device *device = find_owned(server, arrival);
    struct refusal refusal = {LWM2M_STATUS_NOT_FOUND, "no such registration", {NULL, 0}};
    struct lwm2m_save *save;

    if (device && lwm2m_save_new(server, device, arrival, &save) != LWM2M_OK) {
        set_refusal(&refusal, LWM2M_STATUS_SERVICE_UNAVAILABLE, "out of memory");
        device = NULL;
    }
    if (!device) {
        refuse(server, arrival->peer, arrival->incoming, &refusal);
        return;
    }
    /* The answer first: with a store that is done at once, it leaves before the program hears of
     * it. */
    lwm2m_device_hold(device);
    lwm2m_peer_retain(arrival->peer);
    save->finish = finish_deregister;
    lwm2m_save_start_removal(save);
    if (!device->ended) {
        lwm2m_registrations_end(server, device, LWM2M_DEREGISTERED_BY_DEVICE, arrival->peer);
    }
    lwm2m_peer_release(arrival->peer);
    lwm2m_device_release(device);
}
