/*
 * The server engine: configuration, and what becomes of a request that arrives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/server.h>

#include <string.h>

#include "server/engine.h"
#include "server/register_handler.h"
#include "server/registrations.h"
#include "server/saves.h"
#include "server/send_receiver.h"

/* Uri-Path and Uri-Query hold at most this many bytes (RFC 7252 §5.10). */
#define URI_OPTION_MAX 255

static const struct lwm2m_codec *const default_codecs[] = {
    &lwm2m_codec_text,       &lwm2m_codec_opaque,          &lwm2m_codec_tlv,
    &lwm2m_codec_senml_cbor, &lwm2m_codec_senml_etch_cbor, &lwm2m_codec_cbor,
    &lwm2m_codec_lwm2m_cbor, &lwm2m_codec_senml_json,      &lwm2m_codec_senml_etch_json,
    &lwm2m_codec_json,
};

void lwm2m_server_config_init(struct lwm2m_server_config *config)
{
    *config = (struct lwm2m_server_config){
        .size = sizeof *config,
        .codecs = {default_codecs, sizeof default_codecs / sizeof default_codecs[0]},
        .store = &lwm2m_store_memory,
        .min_version = {1, 0},
        .max_version = {1, 2},
        .max_registrations = 100000,
        .max_payload_bytes = 16384,
        .max_links = 1000,
        .max_queries = 64,
        .max_observations = 1000,
        .max_queued = 100,
        .operation_timeout_ms = 30000,
        .awake_ms = 93000,
        .max_reported_per_device = 1000,
        .max_reported_values = 100000,
        .max_reported_bytes = (size_t)32 << 20,
        .max_desired_per_device = 100,
        .max_desired_values = 100000,
        .desired_retry_ms = 30000,
    };
}

void lwm2m_server_emit(struct lwm2m_server *server, const struct lwm2m_server_event *event)
{
    if (server->config.on_event) {
        server->config.on_event(server->config.context, event);
    }
}

/* ---- requests of peers ---- */

static void handle_well_known(struct lwm2m_server *server, const struct lwm2m_arrival *arrival)
{
    struct lwm2m_message answer = {
        .code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
        .payload = lwm2m_bytes_from_text("</rd>;rt=\"core.rd\""),
    };
    struct lwm2m_options options;
    uint8_t memory[8];

    (void)server;
    lwm2m_options_init(&options, memory, sizeof memory);
    lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_FORMAT_LINK);
    if (lwm2m_options_check(&options) == LWM2M_OK) {
        answer.options = lwm2m_options_bytes(&options);
    }
    enum lwm2m_error error = lwm2m_incoming_respond(arrival->peer, arrival->incoming, &answer);
    (void)error; /* lost for want of memory: as if lost on the way */
}

/* What the server answers; the rest of its surface is 4.04. Old clients update by PUT. */
static const struct route {
    const char *segments[2]; /* NULL: any */
    size_t segment_count;
    uint8_t method;
    void (*handle)(struct lwm2m_server *server, const struct lwm2m_arrival *arrival);
} routes[] = {
    {{"rd"}, 1, LWM2M_METHOD_POST, lwm2m_register_handle},
    {{"rd", NULL}, 2, LWM2M_METHOD_POST, lwm2m_update_handle},
    {{"rd", NULL}, 2, LWM2M_METHOD_PUT, lwm2m_update_handle},
    {{"rd", NULL}, 2, LWM2M_METHOD_DELETE, lwm2m_deregister_handle},
    {{"dp"}, 1, LWM2M_METHOD_POST, lwm2m_send_handle},
    {{".well-known", "core"}, 2, LWM2M_METHOD_GET, handle_well_known},
};

/* Reads one option into *arrival; returns what to answer, or LWM2M_STATUS_NONE. */
static enum lwm2m_status read_option(const struct lwm2m_option *option,
                                     struct lwm2m_arrival *arrival)
{
    uint32_t number;

    switch (option->number) {
    case LWM2M_OPTION_URI_PATH:
        if (option->value.length > URI_OPTION_MAX) {
            return LWM2M_STATUS_BAD_OPTION;
        }
        if (arrival->segment_count < 3) {
            arrival->segments[arrival->segment_count++] = option->value;
        }
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_URI_QUERY:
        return option->value.length > URI_OPTION_MAX ? LWM2M_STATUS_BAD_OPTION : LWM2M_STATUS_NONE;
    case LWM2M_OPTION_CONTENT_FORMAT:
        if (option->value.length <= 2 && lwm2m_option_number_value(option, &number) == LWM2M_OK) {
            arrival->content_format = (uint16_t)number;
        }
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_URI_HOST: /* one server is all there is at this address, under any name */
    case LWM2M_OPTION_URI_PORT:
    case LWM2M_OPTION_ACCEPT: /* of what is answered with content, there is one format only */
    case LWM2M_OPTION_BLOCK1: /* blocks are put together below */
    case LWM2M_OPTION_BLOCK2:
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_PROXY_URI:
    case LWM2M_OPTION_PROXY_SCHEME:
        return LWM2M_STATUS_PROXYING_NOT_SUPPORTED;
    default:
        return LWM2M_OPTION_IS_CRITICAL(option->number) ? LWM2M_STATUS_BAD_OPTION
                                                        : LWM2M_STATUS_NONE;
    }
}

static enum lwm2m_status read_options(struct lwm2m_arrival *arrival)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, arrival->message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        enum lwm2m_status status = read_option(&option, arrival);
        if (status) {
            return status;
        }
    }
    return LWM2M_STATUS_NONE;
}

static bool is_at(const struct route *route, const struct lwm2m_arrival *arrival)
{
    if (route->segment_count != arrival->segment_count) {
        return false;
    }
    for (size_t i = 0; i < route->segment_count; i++) {
        if (route->segments[i] &&
            !lwm2m_bytes_equal_text(arrival->segments[i], route->segments[i])) {
            return false;
        }
    }
    return true;
}

static void handle_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                           const struct lwm2m_message *message)
{
    struct lwm2m_server *server = context;
    struct lwm2m_arrival arrival = {
        .incoming = incoming,
        .peer = peer,
        .message = message,
        .content_format = LWM2M_NO_FORMAT,
    };
    enum lwm2m_status status = read_options(&arrival);
    bool found = false;

    for (size_t i = 0; !status && i < sizeof routes / sizeof routes[0]; i++) {
        if (!is_at(&routes[i], &arrival)) {
            continue;
        }
        found = true;
        if (routes[i].method != message->code) {
            continue;
        }
        routes[i].handle(server, &arrival);
        return;
    }
    if (!status) {
        status = found ? LWM2M_STATUS_METHOD_NOT_ALLOWED : LWM2M_STATUS_NOT_FOUND;
    }
    lwm2m_incoming_respond_code(peer, incoming, lwm2m_status_code(status));
}

static const struct lwm2m_receiver receiver = {.request = handle_request};

void lwm2m_server_attach(struct lwm2m_server *server, struct lwm2m_transport *transport)
{
    lwm2m_transport_set_receiver(transport, &receiver, server);
}

/* ---- life ---- */

/* A program that was built against an older header hands in a shorter struct. */
static void copy_config(struct lwm2m_server_config *to, const struct lwm2m_server_config *from)
{
    lwm2m_server_config_init(to);
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    to->size = sizeof *to;
}

enum lwm2m_error lwm2m_server_new(const struct lwm2m_server_config *config,
                                  struct lwm2m_server **result)
{
    if (config->size == 0 || !config->timers || !config->store ||
        config->max_observations > UINT16_MAX || config->max_queued > UINT16_MAX) {
        return LWM2M_ARGUMENT;
    }
    const struct lwm2m_port *port = config->timers->port;
    struct lwm2m_server *server = port->allocate(port->context, sizeof *server);
    if (!server) {
        return LWM2M_NO_MEMORY;
    }
    memset(server, 0, sizeof *server);
    copy_config(&server->config, config);
    server->port = port;
    lwm2m_list_init(&server->saves);

    enum lwm2m_error error = lwm2m_registry_init(&server->registry, port);
    if (!error) {
        error = lwm2m_hash_table_init(&server->observations, port);
    }
    if (!error) {
        error = lwm2m_endpoint_states_init(&server->states, port);
    }
    if (!error) {
        error = lwm2m_rate_limit_init(&server->rate_limit, port, config->max_rate_per_address);
    }
    if (error) {
        lwm2m_endpoint_states_release(server);
        lwm2m_hash_table_release(&server->observations);
        lwm2m_registry_release(&server->registry);
        port->release(port->context, server);
        return error;
    }
    *result = server;
    return LWM2M_OK;
}

void lwm2m_server_free(struct lwm2m_server *server)
{
    if (!server) {
        return;
    }
    const struct lwm2m_port *port = server->port;

    lwm2m_registrations_drop(server);
    lwm2m_saves_abandon(server);
    lwm2m_endpoint_states_release(server);
    lwm2m_rate_limit_release(&server->rate_limit);
    lwm2m_hash_table_release(&server->observations);
    lwm2m_registry_release(&server->registry);
    port->release(port->context, server);
}
