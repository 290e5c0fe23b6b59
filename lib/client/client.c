/*
 * The client engine's life: making it, starting, stopping, and what the program asks of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/client.h>

#include <string.h>

#include "client/engine.h"

#define ENDPOINT_NAME_MAX 255
#define PROFILE_ID_MAX 255

static const struct lwm2m_codec *const default_codecs[] = {
    &lwm2m_codec_text,       &lwm2m_codec_opaque,          &lwm2m_codec_tlv,
    &lwm2m_codec_senml_cbor, &lwm2m_codec_senml_etch_cbor, &lwm2m_codec_cbor,
    &lwm2m_codec_lwm2m_cbor, &lwm2m_codec_senml_json,      &lwm2m_codec_senml_etch_json,
    &lwm2m_codec_json,
};

void lwm2m_client_config_init(struct lwm2m_client_config *config)
{
    memset(config, 0, sizeof(*config));
    config->size = sizeof(*config);
    config->version = (struct lwm2m_version){1, 1};
    config->codecs.list = default_codecs;
    config->codecs.count = sizeof(default_codecs) / sizeof(default_codecs[0]);
    config->awake_ms = 93000;
    config->retry_first_ms = 2000;
    config->retry_most_ms = 300000;
    config->max_observations = 1000;
    config->max_body_bytes = (size_t)1 << 20;
}

static bool is_usable(const struct lwm2m_client_config *config)
{
    size_t name_length = lwm2m_bytes_from_text(config->endpoint_name).length;

    if (config->profile_id != NULL &&
        (config->profile_id[0] == '\0' ||
         lwm2m_bytes_from_text(config->profile_id).length > PROFILE_ID_MAX)) {
        return false;
    }
    return config->size == sizeof(*config) && config->timers != NULL &&
           config->connector.open != NULL && name_length > 0 && name_length <= ENDPOINT_NAME_MAX &&
           config->version.major == 1 && config->version.minor <= 2 && config->codecs.count > 0;
}

static char *copy_text(const struct lwm2m_port *port, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = port->allocate(port->context, size);

    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

static void fire_review(struct lwm2m_timer *timer);
static void fire_stop(struct lwm2m_timer *timer);

enum lwm2m_error lwm2m_client_new(const struct lwm2m_client_config *config,
                                  struct lwm2m_client **client)
{
    const struct lwm2m_port *port;
    struct lwm2m_client *new_client;
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    if (!is_usable(config)) {
        return LWM2M_ARGUMENT;
    }
    port = config->timers->port;
    new_client = port->allocate(port->context, sizeof(*new_client));
    if (new_client == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(new_client, 0, sizeof(*new_client));
    new_client->config = *config;
    new_client->port = port;
    new_client->objects = (struct lwm2m_object_tree){port, config->definitions, {0}};
    new_client->body = (struct lwm2m_client_body){port, NULL, 0, config->max_body_bytes};
    new_client->review_timer.fire = fire_review;
    new_client->stop_timer.fire = fire_stop;
    lwm2m_list_init(&new_client->accounts);
    lwm2m_list_init(&new_client->observations.all);
    port->random(port->context, new_client->fingerprint_keys, sizeof(new_client->fingerprint_keys));
    new_client->endpoint_name = copy_text(port, config->endpoint_name);
    new_client->config.endpoint_name = new_client->endpoint_name;
    if (config->profile_id != NULL) {
        new_client->profile_id = copy_text(port, config->profile_id);
        new_client->config.profile_id = new_client->profile_id;
    }
    if (new_client->endpoint_name != NULL &&
        (new_client->profile_id != NULL || config->profile_id == NULL)) {
        error = lwm2m_attribute_store_init(&new_client->attributes, port, config->max_observations);
    }
    if (error == LWM2M_OK) {
        error = lwm2m_client_observations_init(&new_client->observations, port);
    }
    if (error != LWM2M_OK) {
        lwm2m_client_free(new_client);
        return error;
    }
    *client = new_client;
    return LWM2M_OK;
}

void lwm2m_client_free(struct lwm2m_client *client)
{
    const struct lwm2m_port *port;

    if (client == NULL) {
        return;
    }
    port = client->port;
    client->config.on_event = NULL;
    lwm2m_timer_disarm(client->config.timers, &client->review_timer);
    lwm2m_timer_disarm(client->config.timers, &client->stop_timer);
    lwm2m_client_observations_release(client);
    lwm2m_accounts_release(client);
    lwm2m_object_tree_release(&client->objects);
    lwm2m_attribute_store_release(&client->attributes);
    lwm2m_client_body_release(&client->body);
    port->release(port->context, client->profile_id);
    port->release(port->context, client->endpoint_name);
    port->release(port->context, client);
}

void lwm2m_client_attach(struct lwm2m_client *client, struct lwm2m_transport *transport)
{
    lwm2m_transport_set_receiver(transport, &lwm2m_client_receiver, client);
}

const struct lwm2m_port *lwm2m_client_port(const struct lwm2m_client *client)
{
    return client->port;
}

void lwm2m_client_emit(struct lwm2m_client *client, const struct lwm2m_client_event *event)
{
    if (client->config.on_event != NULL) {
        client->config.on_event(client->config.context, event);
    }
}

uint64_t lwm2m_client_fingerprint(const struct lwm2m_client *client, struct lwm2m_bytes bytes)
{
    uint32_t high = lwm2m_hash(&client->fingerprint_keys[0], bytes.data, bytes.length);
    uint32_t low = lwm2m_hash(&client->fingerprint_keys[1], bytes.data, bytes.length);

    return (uint64_t)high << 32 | low;
}

/* ---- objects ---- */

enum lwm2m_error lwm2m_client_add_object(struct lwm2m_client *client, struct lwm2m_object *object)
{
    enum lwm2m_error error = lwm2m_object_tree_add(&client->objects, object);

    if (error != LWM2M_OK) {
        return error;
    }
    object->client = client;
    lwm2m_client_changed(client, lwm2m_path_object(object->definition.id));
    return LWM2M_OK;
}

struct lwm2m_object *lwm2m_client_find_object(struct lwm2m_client *client, uint16_t object)
{
    return lwm2m_object_tree_find(&client->objects, object);
}

void lwm2m_client_changed(struct lwm2m_client *client, struct lwm2m_path path)
{
    bool whole_object = path.level <= LWM2M_LEVEL_OBJECT;

    if (whole_object) {
        lwm2m_object_tree_instances_gone(&client->objects, path.object, 0);
    }
    if (path.level == LWM2M_LEVEL_ROOT || path.object <= 1) {
        client->accounts_changed = true;
    }
    if (whole_object || path.object <= 1) {
        lwm2m_client_review_soon(client);
    }
    lwm2m_client_observations_changed(client, path);
}

enum lwm2m_error lwm2m_client_notify(struct lwm2m_client *client, struct lwm2m_path path)
{
    return lwm2m_client_observations_force(client, path) ? LWM2M_OK : LWM2M_NOT_FOUND;
}

/* ---- review: what servers do not know yet ---- */

void lwm2m_client_review_soon(struct lwm2m_client *client)
{
    if (client->running && !client->stopping) {
        lwm2m_timer_arm_in(client->config.timers, &client->review_timer, 0);
    }
}

static void fire_review(struct lwm2m_timer *timer)
{
    struct lwm2m_client *client = LWM2M_CONTAINER_OF(timer, struct lwm2m_client, review_timer);
    struct lwm2m_list *node, *next;

    if (client->accounts_changed) {
        /* The defaults of pmin and pmax may be among what changed. */
        lwm2m_client_observations_reschedule(client, lwm2m_path_root());
        /* Out of memory: the accounts stay as they are until the next change. */
        if (lwm2m_accounts_synchronise(client) == LWM2M_OK) {
            client->accounts_changed = false;
        }
    }
    LWM2M_LIST_EACH (node, next, &client->accounts)
        lwm2m_client_registration_review(LWM2M_CONTAINER_OF(node, struct lwm2m_account, node));
}

/* ---- starting and stopping ---- */

enum lwm2m_error lwm2m_client_start(struct lwm2m_client *client)
{
    enum lwm2m_error error;

    if (client->running) {
        return LWM2M_STATE;
    }
    client->running = true;
    client->accounts_changed = false;
    error = lwm2m_accounts_synchronise(client);
    if (error == LWM2M_OK && lwm2m_list_is_empty(&client->accounts)) {
        error = LWM2M_NOT_FOUND;
    }
    if (error != LWM2M_OK) {
        lwm2m_accounts_release(client);
        client->running = false;
    }
    return error;
}

static void finish_stop(struct lwm2m_client *client)
{
    lwm2m_timer_disarm(client->config.timers, &client->stop_timer);
    lwm2m_timer_disarm(client->config.timers, &client->review_timer);
    lwm2m_accounts_release(client);
    client->running = false;
    client->stopping = false;
    lwm2m_client_emit(client, &(struct lwm2m_client_event){.type = LWM2M_CLIENT_STOPPED});
}

static void fire_stop(struct lwm2m_timer *timer)
{
    finish_stop(LWM2M_CONTAINER_OF(timer, struct lwm2m_client, stop_timer));
}

void lwm2m_client_stop(struct lwm2m_client *client, uint32_t timeout_ms)
{
    struct lwm2m_list *node, *next;
    bool under_way = false;

    if (client->stopping) {
        return;
    }
    client->stopping = true;
    LWM2M_LIST_EACH (node, next, &client->accounts)
        under_way |=
            lwm2m_client_registration_end(LWM2M_CONTAINER_OF(node, struct lwm2m_account, node));
    if (under_way) {
        lwm2m_timer_arm_in(client->config.timers, &client->stop_timer, timeout_ms);
    } else {
        finish_stop(client);
    }
}

void lwm2m_client_account_ended(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    if (!client->stopping) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &client->accounts) {
        if (LWM2M_CONTAINER_OF(node, struct lwm2m_account, node)->state ==
            LWM2M_ACCOUNT_DEREGISTERING) {
            return;
        }
    }
    /* Not from here: this runs inside the handler of an exchange that finishing would free. */
    lwm2m_timer_arm_in(client->config.timers, &client->stop_timer, 0);
}

void lwm2m_client_set_offline(struct lwm2m_client *client, bool offline)
{
    struct lwm2m_list *node, *next;

    if (client->offline == offline) {
        return;
    }
    client->offline = offline;
    LWM2M_LIST_EACH (node, next, &client->accounts)
        lwm2m_client_registration_set_offline(LWM2M_CONTAINER_OF(node, struct lwm2m_account, node),
                                              offline);
    if (!offline) {
        lwm2m_client_observations_reschedule(client, lwm2m_path_root());
    }
}

void lwm2m_client_restart(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    lwm2m_attribute_store_remove(&client->attributes, lwm2m_path_root());
    LWM2M_LIST_EACH (node, next, &client->accounts) {
        struct lwm2m_account *account = LWM2M_CONTAINER_OF(node, struct lwm2m_account, node);

        lwm2m_client_registration_forget(account);
        account->version = client->config.version;
        account->failures = 0;
        lwm2m_registration_order_enter(account);
    }
    lwm2m_registration_order_review(client);
}

/* ---- one server ---- */

enum lwm2m_error lwm2m_client_update(struct lwm2m_client *client, uint16_t ssid)
{
    struct lwm2m_list *node, *next;
    bool wanted = false;

    LWM2M_LIST_EACH (node, next, &client->accounts) {
        struct lwm2m_account *account = LWM2M_CONTAINER_OF(node, struct lwm2m_account, node);

        if ((ssid != LWM2M_NO_ID && account->ssid != ssid) ||
            !lwm2m_client_registration_is_registered(account)) {
            continue;
        }
        account->update_wanted = true;
        wanted = true;
    }
    if (!wanted) {
        return LWM2M_STATE;
    }
    lwm2m_client_review_soon(client);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_client_disable(struct lwm2m_client *client, uint16_t ssid, uint32_t seconds)
{
    struct lwm2m_account *account = lwm2m_accounts_find(client, ssid);

    if (account == NULL) {
        return LWM2M_NOT_FOUND;
    }
    if (!lwm2m_client_registration_is_registered(account)) {
        return LWM2M_STATE;
    }
    account->disable_wanted = true;
    account->disable_s = seconds;
    lwm2m_client_review_soon(client);
    return LWM2M_OK;
}

bool lwm2m_client_is_registered(const struct lwm2m_client *client, uint16_t ssid)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &client->accounts) {
        const struct lwm2m_account *account = LWM2M_CONTAINER_OF(node, struct lwm2m_account, node);

        if ((ssid == LWM2M_NO_ID || account->ssid == ssid) &&
            lwm2m_client_registration_is_registered(account)) {
            return true;
        }
    }
    return false;
}
