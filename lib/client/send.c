/*
 * Send: values that the device reports to its servers by itself (LwM2M Core 1.2 §6.4.5).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "client/engine.h"
#include "client/queue_mode.h"
#include "client/send.h"

#define OBJECT_SERVER 1
#define SERVER_MUTE_SEND 23
/* Uri-Path "dp" and a content format, with room to spare. */
#define SEND_OPTIONS_MAX 16

/* A Send under way. */
struct sending {
    struct lwm2m_list node; /* in account->sends */
    struct lwm2m_account *account;
    struct lwm2m_exchange *exchange;
    struct lwm2m_path path; /* of the event */
};

/* What is sent: what is at the paths now, or what the program has recorded. */
struct contents {
    struct lwm2m_client *client;
    const struct lwm2m_path *paths;
    const struct lwm2m_record *records;
    size_t count;
    int64_t time_ms; /* of what is read */
    const struct lwm2m_codec *codec;
    struct lwm2m_encoder encoder; /* while it is encoded */
};

/* ---- the end of a Send ---- */

static void emit(const struct sending *sending, enum lwm2m_error error, enum lwm2m_status status)
{
    struct lwm2m_client_event event = {
        .type = error == LWM2M_OK && status == LWM2M_STATUS_CHANGED ? LWM2M_CLIENT_SENT
                                                                    : LWM2M_CLIENT_SEND_FAILED,
        .ssid = sending->account->ssid,
        .path = sending->path,
        .error = error,
        .status = status,
        .content_format = LWM2M_NO_FORMAT,
    };

    lwm2m_client_emit(sending->account->client, &event);
}

static void end(struct sending *sending, enum lwm2m_error error, enum lwm2m_status status)
{
    const struct lwm2m_port *port = sending->account->client->port;

    lwm2m_list_remove(&sending->node);
    emit(sending, error, status);
    port->release(port->context, sending);
}

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct sending *sending = context;

    (void)exchange;
    lwm2m_queue_mode_touch(sending->account);
    end(sending, response->error,
        response->message == NULL ? LWM2M_STATUS_NONE
                                  : lwm2m_status_from_code(response->message->code));
}

void lwm2m_sends_cancel(struct lwm2m_account *account)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &account->sends) {
        struct sending *sending = LWM2M_CONTAINER_OF(node, struct sending, node);

        lwm2m_exchange_cancel(account->peer, sending->exchange);
        end(sending, LWM2M_CANCELLED, LWM2M_STATUS_NONE);
    }
}

/* ---- what is sent ---- */

static enum lwm2m_error put(void *context, const struct lwm2m_record *record)
{
    struct contents *contents = context;
    struct lwm2m_record stamped = *record;

    stamped.time_ms = contents->time_ms;
    return lwm2m_encoder_put(&contents->encoder, &stamped);
}

static enum lwm2m_error encode_one(struct contents *contents, size_t i)
{
    if (contents->records != NULL) {
        return lwm2m_encoder_put(&contents->encoder, &contents->records[i]);
    }
    return lwm2m_object_tree_read(&contents->client->objects, contents->paths[i], false,
                                  (struct lwm2m_sink){contents, put});
}

static enum lwm2m_error encode(void *context, struct lwm2m_buffer *out)
{
    struct contents *contents = context;
    enum lwm2m_error error =
        lwm2m_encoder_begin(&contents->encoder, contents->codec, lwm2m_path_root(), out);
    size_t i;

    for (i = 0; error == LWM2M_OK && i < contents->count; i++) {
        error = encode_one(contents, i);
    }
    return error == LWM2M_OK ? lwm2m_encoder_end(&contents->encoder) : error;
}

/* Formats that every server of 1.1 must know, and that carry times, before the one that came with
 * 1.2. */
static const struct lwm2m_codec *choose_codec(const struct lwm2m_account *account)
{
    static const uint16_t formats[] = {LWM2M_FORMAT_SENML_CBOR, LWM2M_FORMAT_SENML_JSON,
                                       LWM2M_FORMAT_LWM2M_CBOR};
    size_t count = account->version.minor >= 2 ? 3 : 2;
    const struct lwm2m_codec *codec = NULL;
    size_t i;

    for (i = 0; codec == NULL && i < count; i++) {
        codec = lwm2m_codecs_find(account->client->config.codecs, formats[i]);
    }
    return codec;
}

static enum lwm2m_error check_path(const struct lwm2m_client *client, struct lwm2m_path path)
{
    struct lwm2m_resource_definition resource;

    if (path.level == LWM2M_LEVEL_ROOT) {
        return LWM2M_ARGUMENT;
    }
    /* Servers are told of what they know from the registration only. */
    if (lwm2m_object_is_hidden(path.object) || !lwm2m_object_tree_exists(&client->objects, path)) {
        return LWM2M_NOT_FOUND;
    }
    if (path.level >= LWM2M_LEVEL_RESOURCE &&
        lwm2m_object_tree_define(&client->objects, path, &resource) &&
        (resource.operations & LWM2M_READABLE) == 0) {
        return LWM2M_NOT_ALLOWED;
    }
    return LWM2M_OK;
}

static struct lwm2m_path path_at(const struct contents *contents, size_t i)
{
    return contents->records != NULL ? contents->records[i].path : contents->paths[i];
}

static enum lwm2m_error check(const struct contents *contents)
{
    enum lwm2m_error error = contents->count > 0 ? LWM2M_OK : LWM2M_ARGUMENT;
    size_t i;

    for (i = 0; error == LWM2M_OK && i < contents->count; i++) {
        error = check_path(contents->client, path_at(contents, i));
    }
    return error;
}

/* ---- sending ---- */

static bool is_muted(const struct lwm2m_account *account)
{
    return lwm2m_object_tree_boolean_or(
        &account->client->objects,
        lwm2m_path_resource(OBJECT_SERVER, account->server_instance, SERVER_MUTE_SEND), false);
}

/* Whether this server may be sent anything at all. */
static enum lwm2m_error check_account(const struct lwm2m_account *account)
{
    if (!lwm2m_client_registration_is_registered(account) || account->client->offline) {
        return LWM2M_STATE;
    }
    if (account->version.minor == 0) {
        return LWM2M_UNSUPPORTED;
    }
    return is_muted(account) ? LWM2M_NOT_ALLOWED : LWM2M_OK;
}

static enum lwm2m_error request(struct sending *sending, const struct contents *contents,
                                struct lwm2m_bytes payload)
{
    uint8_t memory[SEND_OPTIONS_MAX];
    struct lwm2m_options options;
    struct lwm2m_request message = {
        .method = LWM2M_METHOD_POST,
        .payload = payload,
        .context = sending,
        .on_response = on_response,
    };

    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "dp");
    lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT,
                                contents->codec->content_format);
    message.options = lwm2m_options_bytes(&options);
    return lwm2m_peer_request(sending->account->peer, &message, &sending->exchange);
}

static enum lwm2m_error send_to(struct lwm2m_account *account, struct contents *contents)
{
    struct lwm2m_client *client = account->client;
    struct lwm2m_bytes payload;
    struct sending *sending;
    enum lwm2m_error error = check_account(account);

    if (error != LWM2M_OK) {
        return error;
    }
    contents->codec = choose_codec(account);
    if (contents->codec == NULL) {
        return LWM2M_FORMAT;
    }
    error = lwm2m_client_body_build(&client->body, encode, contents, &payload);
    if (error != LWM2M_OK) {
        return error;
    }
    sending = client->port->allocate(client->port->context, sizeof(*sending));
    if (sending == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *sending = (struct sending){.account = account, .path = lwm2m_path_root()};
    if (contents->count == 1) {
        sending->path = path_at(contents, 0);
    }
    lwm2m_queue_mode_touch(account);
    error = request(sending, contents, payload);
    if (error != LWM2M_OK) {
        client->port->release(client->port->context, sending);
        return error;
    }
    lwm2m_list_append(&account->sends, &sending->node);
    return LWM2M_OK;
}

/* To all: it is enough that one is sent something. */
static enum lwm2m_error send_to_all(struct lwm2m_client *client, struct contents *contents)
{
    enum lwm2m_error first = LWM2M_STATE;
    struct lwm2m_list *node, *next;
    bool sent = false;

    LWM2M_LIST_EACH (node, next, &client->accounts) {
        enum lwm2m_error error =
            send_to(LWM2M_CONTAINER_OF(node, struct lwm2m_account, node), contents);

        sent = sent || error == LWM2M_OK;
        first = first == LWM2M_STATE ? error : first;
    }
    return sent ? LWM2M_OK : first;
}

static enum lwm2m_error send(struct contents *contents, uint16_t ssid)
{
    struct lwm2m_client *client = contents->client;
    struct lwm2m_account *account;
    enum lwm2m_error error = check(contents);

    if (error != LWM2M_OK) {
        return error;
    }
    if (ssid == LWM2M_NO_ID) {
        return send_to_all(client, contents);
    }
    account = lwm2m_accounts_find(client, ssid);
    return account == NULL ? LWM2M_STATE : send_to(account, contents);
}

enum lwm2m_error lwm2m_client_send(struct lwm2m_client *client, uint16_t ssid,
                                   const struct lwm2m_path *paths, size_t path_count)
{
    struct contents contents = {
        .client = client, .paths = paths, .count = path_count, .time_ms = LWM2M_NO_TIME};

    if (client->config.time_ms != NULL) {
        contents.time_ms = client->config.time_ms(client->config.context);
    }
    return send(&contents, ssid);
}

enum lwm2m_error lwm2m_client_send_records(struct lwm2m_client *client, uint16_t ssid,
                                           const struct lwm2m_record *records, size_t record_count)
{
    struct contents contents = {.client = client, .records = records, .count = record_count};

    return send(&contents, ssid);
}
