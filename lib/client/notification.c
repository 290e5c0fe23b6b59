/*
 * Notifications: what they carry, sending them, and keeping them while the server cannot be
 * reached.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/engine.h"
#include "client/observation.h"

#define OBJECT_SERVER 1
#define SERVER_STORES_NOTIFICATIONS 6
#define OBJECT_DEVICE 3
#define DEVICE_CURRENT_TIME 13
#define RETRY_MS 1000
#define SEQUENCE_MASK 0xFFFFFFu

static struct lwm2m_client *client_of(const struct lwm2m_client_observation *observation)
{
    return observation->account->client;
}

static struct lwm2m_selection selection_of(const struct lwm2m_client_observation *observation)
{
    return (struct lwm2m_selection){
        .paths = observation->paths,
        .path_count = observation->target_count,
        .composite = observation->composite,
        .accept = observation->accept,
        .version = observation->account->version,
    };
}

/* ---- sending ---- */

/* The content cannot be had any more: the server learns why, and the observation is over (RFC 7641
 * §4.2). */
static void notify_failure(struct lwm2m_client_observation *observation, enum lwm2m_error error)
{
    enum lwm2m_status status = lwm2m_status_from_error(error);
    struct lwm2m_message message = {
        .code = lwm2m_status_code(status == LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE
                                      ? LWM2M_STATUS_INTERNAL_SERVER_ERROR
                                      : status),
        .token = observation->token,
    };

    if (!client_of(observation)->offline) {
        (void)!lwm2m_peer_notify(observation->peer, &message, true);
    }
    lwm2m_client_observation_end(observation, error == LWM2M_NOT_FOUND ? LWM2M_GONE : error);
}

static bool wants_confirmation(const struct lwm2m_client_observation *observation)
{
    size_t i;

    for (i = 0; i < observation->target_count; i++) {
        struct lwm2m_attributes attributes = lwm2m_client_observation_attributes(observation, i);

        if ((attributes.set & LWM2M_ATTRIBUTE_CON) != 0 && attributes.con == 1) {
            return true;
        }
    }
    return false;
}

static enum lwm2m_error send(struct lwm2m_client_observation *observation,
                             const struct lwm2m_content *content)
{
    uint64_t now_ms = lwm2m_timers_now(client_of(observation)->config.timers);
    bool confirmable = lwm2m_notify_confirmable(wants_confirmation(observation), now_ms,
                                                observation->last_confirmable_ms,
                                                observation->peer->transport->capabilities);
    uint8_t memory[16];
    struct lwm2m_options options;
    struct lwm2m_message message = {
        .code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
        .token = observation->token,
        .payload = content->bytes,
    };
    enum lwm2m_error error;

    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE,
                                (observation->sequence + 1) & SEQUENCE_MASK);
    lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, content->format);
    message.options = lwm2m_options_bytes(&options);
    lwm2m_queue_mode_touch(observation->account);
    error = lwm2m_peer_notify(observation->peer, &message, confirmable);
    if (error != LWM2M_OK) {
        return error;
    }
    observation->sequence = (observation->sequence + 1) & SEQUENCE_MASK;
    if (confirmable) {
        observation->last_confirmable_ms = now_ms;
    }
    return LWM2M_OK;
}

/* ---- keeping ---- */

/* Milliseconds since 1970, as the Device object knows them; 0 if it does not. */
static int64_t read_clock(const struct lwm2m_client *client)
{
    int64_t seconds = lwm2m_object_tree_integer_or(
        &client->objects, lwm2m_path_resource(OBJECT_DEVICE, 0, DEVICE_CURRENT_TIME), 0);

    return seconds > 0 && seconds <= INT64_MAX / 1000 ? seconds * 1000 : 0;
}

static uint32_t find_hqmax(const struct lwm2m_client_observation *observation)
{
    uint32_t most = 0;
    size_t i;

    for (i = 0; i < observation->target_count; i++) {
        struct lwm2m_attributes attributes = lwm2m_client_observation_attributes(observation, i);

        if ((attributes.set & LWM2M_ATTRIBUTE_HQMAX) != 0 && attributes.hqmax > most) {
            most = attributes.hqmax;
        }
    }
    return most;
}

bool lwm2m_client_observation_keeps(const struct lwm2m_client_observation *observation)
{
    const struct lwm2m_client *client = client_of(observation);

    return find_hqmax(observation) > 0 && lwm2m_content_has_times(observation->accept) &&
           read_clock(client) != 0 &&
           lwm2m_object_tree_boolean_or(&client->objects,
                                        lwm2m_path_resource(OBJECT_SERVER,
                                                            observation->account->server_instance,
                                                            SERVER_STORES_NOTIFICATIONS),
                                        true);
}

static enum lwm2m_error keep(struct lwm2m_client_observation *observation,
                             const struct lwm2m_content *content)
{
    const struct lwm2m_client *client = client_of(observation);
    const struct lwm2m_history_limits limits = {find_hqmax(observation),
                                                client->config.max_body_bytes};

    return lwm2m_history_keep(&observation->history, client->port, &limits, read_clock(client),
                              content->bytes);
}

/* What was kept goes first, in one notification with what is now. Where that is more than fits, the
 * present goes alone. */
static enum lwm2m_error send_with_history(struct lwm2m_client_observation *observation,
                                          struct lwm2m_content *content)
{
    struct lwm2m_client *client = client_of(observation);
    struct lwm2m_selection selection = selection_of(observation);
    enum lwm2m_error error = lwm2m_content_read_batch(client, &selection, &observation->history,
                                                      read_clock(client), content);

    if (error != LWM2M_OK && error != LWM2M_NO_MEMORY) {
        error = lwm2m_content_read(client, &selection, content);
    }
    if (error == LWM2M_OK) {
        error = send(observation, content);
    }
    if (error == LWM2M_OK) {
        lwm2m_history_release(&observation->history, client->port);
    }
    return error;
}

/* ---- notifying ---- */

static enum lwm2m_error deliver(struct lwm2m_client_observation *observation,
                                struct lwm2m_content *content)
{
    if (client_of(observation)->offline) {
        return keep(observation, content);
    }
    return observation->history.count > 0 ? send_with_history(observation, content)
                                          : send(observation, content);
}

void lwm2m_client_observation_notify(struct lwm2m_client_observation *observation,
                                     bool only_if_different)
{
    struct lwm2m_client *client = client_of(observation);
    struct lwm2m_selection selection = selection_of(observation);
    struct lwm2m_content content;
    enum lwm2m_error error = lwm2m_content_read(client, &selection, &content);
    uint64_t fingerprint = 0;

    if (error == LWM2M_OK) {
        fingerprint = lwm2m_client_fingerprint(client, content.bytes);
        if (only_if_different && fingerprint == observation->fingerprint) {
            lwm2m_client_observation_forget_changes(observation);
            lwm2m_client_observation_schedule(observation);
            return;
        }
        error = deliver(observation, &content);
    }
    if (error == LWM2M_NO_MEMORY || error == LWM2M_BUSY) {
        lwm2m_timer_arm_in(client->config.timers, &observation->timer, RETRY_MS);
        return;
    }
    if (error != LWM2M_OK) {
        notify_failure(observation, error);
        return;
    }
    observation->fingerprint = fingerprint;
    lwm2m_client_observation_told(observation);
    lwm2m_client_observation_schedule(observation);
    if (!client->offline) {
        lwm2m_client_observation_emit(observation, LWM2M_CLIENT_NOTIFIED, LWM2M_OK, &content);
    }
}
