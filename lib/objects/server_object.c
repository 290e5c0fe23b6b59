/*
 * Object 1, LwM2M Server: how the device registers, and what a server may ask of its registration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/client.h>

#include <lwm2m/objects.h>

enum {
    OBJECT_ID = 1,
    SHORT_SERVER_ID = 0,
    LIFETIME = 1,
    DISABLE = 4,
    DISABLE_TIMEOUT = 5,
    NOTIFICATION_STORING = 6,
    BINDING = 7,
    REGISTRATION_UPDATE_TRIGGER = 8,
    RETRY_COUNT = 17,
    SEQUENCE_RETRY_COUNT = 20,
    PREFERRED_TRANSPORT = 22,
};

/* Of Disable Timeout, when the resource does not exist (registry: 86400 s). */
#define DEFAULT_DISABLE_S 86400

struct server_object {
    const struct lwm2m_port *port;
    struct lwm2m_object *object;
};

/* The bit of a letter of a binding, 0 for any other: U, T, S, N and, since 1.2, M and H; 1.0 has Q,
 * too. */
static uint32_t binding_bit(uint8_t letter)
{
    static const char letters[] = "UTSNMHQ";

    for (uint32_t i = 0; letters[i] != '\0'; i++) {
        if (letters[i] == (char)letter) {
            return 1u << i;
        }
    }
    return 0;
}

/* Each letter at most once, and Q not alone: it goes with a transport. */
static bool is_binding(struct lwm2m_bytes text)
{
    uint32_t seen = 0;

    for (size_t i = 0; i < text.length; i++) {
        uint32_t bit = binding_bit(text.data[i]);

        if (bit == 0 || (seen & bit) != 0) {
            return false;
        }
        seen |= bit;
    }
    return text.length > 0 && text.data[0] != 'Q';
}

/* Counts begin with 1, times are seconds of 32 bits. */
static bool is_count_or_time(uint16_t resource, uint64_t number)
{
    bool is_count = resource == RETRY_COUNT || resource == SEQUENCE_RETRY_COUNT;

    return number >= (is_count ? 1 : 0) && number <= UINT32_MAX;
}

static bool is_transport(struct lwm2m_bytes text)
{
    return text.length == 1 && is_binding(text);
}

static enum lwm2m_error validate(void *context, const struct lwm2m_record *record)
{
    const struct lwm2m_value *value = &record->value;

    (void)context;
    switch (record->path.resource) {
    case LIFETIME:
        return value->as.integer >= 1 && value->as.integer <= UINT32_MAX ? LWM2M_OK : LWM2M_RANGE;
    case BINDING:
        return is_binding(value->as.bytes) ? LWM2M_OK : LWM2M_RANGE;
    case PREFERRED_TRANSPORT:
        return is_transport(value->as.bytes) ? LWM2M_OK : LWM2M_RANGE;
    default:
        if (value->type == LWM2M_TYPE_UNSIGNED) {
            return is_count_or_time(record->path.resource, value->as.unsigned_integer)
                       ? LWM2M_OK
                       : LWM2M_RANGE;
        }
        return value->type != LWM2M_TYPE_INTEGER || value->as.integer >= 0 ? LWM2M_OK : LWM2M_RANGE;
    }
}

static uint32_t number_or(struct lwm2m_object *object, struct lwm2m_path path, uint32_t fallback)
{
    struct lwm2m_value value;

    if (lwm2m_table_object_get(object, path, &value) != LWM2M_OK || value.as.integer < 0 ||
        value.as.integer > UINT32_MAX) {
        return fallback;
    }
    return (uint32_t)value.as.integer;
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    const struct server_object *server = context;
    struct lwm2m_client *client = server->object->client;
    struct lwm2m_path of = lwm2m_path_resource(OBJECT_ID, path.instance, SHORT_SERVER_ID);
    uint16_t ssid = (uint16_t)number_or(server->object, of, LWM2M_NO_ID);

    (void)arguments;
    if (client == NULL) {
        return LWM2M_STATE;
    }
    if (path.resource == REGISTRATION_UPDATE_TRIGGER) {
        return lwm2m_client_update(client, ssid);
    }
    if (path.resource != DISABLE) {
        return LWM2M_UNSUPPORTED;
    }
    of.resource = DISABLE_TIMEOUT;
    return lwm2m_client_disable(client, ssid, number_or(server->object, of, DEFAULT_DISABLE_S));
}

static void free_context(void *context)
{
    struct server_object *server = context;

    server->port->release(server->port->context, server);
}

static const struct lwm2m_table_object_hooks hooks = {
    .validate = validate,
    .execute = execute,
    .free = free_context,
};

enum lwm2m_error lwm2m_server_object_new(const struct lwm2m_port *port,
                                         const struct lwm2m_definitions *definitions,
                                         struct lwm2m_object **object)
{
    struct server_object *server = port->allocate(port->context, sizeof(*server));
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .context = server},
        .id = OBJECT_ID,
        .version = {1, 1},
    };

    if (server == NULL) {
        return LWM2M_NO_MEMORY;
    }
    server->port = port;
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, definitions, object);
    if (error == LWM2M_OK) {
        server->object = *object;
    }
    return error;
}

enum lwm2m_error lwm2m_server_object_add(struct lwm2m_object *object,
                                         const struct lwm2m_server_account *account)
{
    uint16_t at = account->instance;
    const struct lwm2m_initial_value values[] = {
        {lwm2m_path_resource(OBJECT_ID, at, SHORT_SERVER_ID), lwm2m_value_integer(account->ssid)},
        {lwm2m_path_resource(OBJECT_ID, at, LIFETIME), lwm2m_value_integer(account->lifetime_s)},
        {lwm2m_path_resource(OBJECT_ID, at, DISABLE), lwm2m_value_none()},
        {lwm2m_path_resource(OBJECT_ID, at, NOTIFICATION_STORING), lwm2m_value_boolean(true)},
        {lwm2m_path_resource(OBJECT_ID, at, BINDING), lwm2m_value_text(account->binding)},
    };

    return lwm2m_defined_object_fill(object, values, sizeof(values) / sizeof(values[0]));
}
