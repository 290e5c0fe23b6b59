/*
 * Send: data that a device reports by itself (LwM2M Core 1.2 §6.4.6).
 *
 *     answer  to
 *     2.04    a payload that decodes whole, all of it of objects that the device registered
 *     4.00    a payload that does not
 *     4.04    a peer from which no device is registered; an object that the device did not register
 *     4.13    more than max_payload_bytes
 *     4.15    a format that cannot carry paths of several objects, or that its version has not
 *
 * A device is known by the peer that it registered from: a Send names no registration. Behind one
 * peer with several devices, it is the last one's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/send_receiver.h"

#include "server/device.h"
#include "server/outcome.h"
#include "server/presence.h"
#include "server/reported_state.h"

static bool is_readable(const struct lwm2m_server *server, const struct lwm2m_device *device,
                        uint16_t content_format)
{
    static const struct lwm2m_version version_1_2 = {1, 2};
    const struct lwm2m_codec *codec = lwm2m_codecs_find(server->config.codecs, content_format);

    switch (content_format) {
    case LWM2M_FORMAT_SENML_CBOR:
    case LWM2M_FORMAT_SENML_JSON:
        return codec != NULL;
    case LWM2M_FORMAT_LWM2M_CBOR:
        return codec && lwm2m_version_compare(device->registration.version, version_1_2) >= 0;
    default:
        return false;
    }
}

static enum lwm2m_error check_record(void *context, const struct lwm2m_record *record)
{
    struct lwm2m_object_types *types = context;

    if (record->path.level == LWM2M_LEVEL_ROOT) {
        return LWM2M_MALFORMED;
    }
    /* A profile names objects that are in no list. */
    if (lwm2m_registration_profile_id(types->registration)) {
        return LWM2M_OK;
    }
    return lwm2m_object_types_has(types, record->path.object) ? LWM2M_OK : LWM2M_NOT_FOUND;
}

/* Reads the payload to its end before anybody hears of it. */
static enum lwm2m_status check_payload(const struct lwm2m_outcome *content)
{
    struct lwm2m_object_types types;

    lwm2m_object_types_init(&types, content->server, content->registration);
    enum lwm2m_error error = lwm2m_outcome_decode_typed(
        content, &types, (struct lwm2m_sink){&types, check_record}, NULL);
    lwm2m_object_types_release(&types);
    switch (error) {
    case LWM2M_OK:
        return LWM2M_STATUS_CHANGED;
    case LWM2M_NOT_FOUND:
        return LWM2M_STATUS_NOT_FOUND;
    case LWM2M_NO_MEMORY:
        return LWM2M_STATUS_SERVICE_UNAVAILABLE;
    default:
        return LWM2M_STATUS_BAD_REQUEST;
    }
}

static enum lwm2m_status check(const struct lwm2m_server *server, const struct lwm2m_device *device,
                               const struct lwm2m_outcome *content)
{
    if (!device) {
        return LWM2M_STATUS_NOT_FOUND;
    }
    if (content->payload.length > server->config.max_payload_bytes) {
        return LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE;
    }
    if (!is_readable(server, device, content->content_format)) {
        return LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT;
    }
    return check_payload(content);
}

void lwm2m_send_handle(struct lwm2m_server *server, const struct lwm2m_arrival *arrival)
{
    struct lwm2m_device *device = arrival->peer->owner;
    const struct lwm2m_outcome content = {
        .status = LWM2M_STATUS_CONTENT,
        .content_format = arrival->content_format,
        .payload = arrival->message->payload,
        .path = lwm2m_path_root(),
        .server = server,
        .registration = device ? &device->registration : NULL,
    };
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_SENT,
        .registration = device ? &device->registration : NULL,
        .peer = arrival->peer,
        .content = &content,
    };

    enum lwm2m_status status = check(server, device, &content);
    lwm2m_incoming_respond_code(arrival->peer, arrival->incoming, lwm2m_status_code(status));
    if (!device) {
        return;
    }
    lwm2m_device_hold(device);
    lwm2m_presence_touch(device);
    if (status == LWM2M_STATUS_CHANGED) {
        lwm2m_reported_learn(server, &content, lwm2m_timers_now(server->config.timers));
    }
    lwm2m_presence_announce(device);
    if (status == LWM2M_STATUS_CHANGED && !device->ended) {
        lwm2m_server_emit(server, &event);
    }
    lwm2m_device_release(device);
}
