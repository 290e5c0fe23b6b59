/*
 * Takes and shows snapshots of registrations.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/registration_snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "control/value_json.h"
#include "service/object_links.h"

/* Copies to *at, with a NUL behind, and moves *at on. */
static const void *keep(char **at, const void *data, size_t length)
{
    char *copy = *at;
    if (length > 0) {
        memcpy(copy, data, length);
    }
    copy[length] = '\0';
    *at = copy + length + 1;
    return copy;
}

static uint32_t seconds_since(uint64_t now_ms, uint64_t then_ms)
{
    return (uint32_t)((now_ms - then_ms) / 1000);
}

struct registration_snapshot *
registration_snapshot_new(const struct lwm2m_server *server,
                          const struct lwm2m_registration *registration, uint64_t now_ms)
{
    struct lwm2m_bytes identity = {0};
    enum lwm2m_security security = lwm2m_peer_identity(registration->peer, &identity);
    char address[LWM2M_ADDRESS_TEXT_MAX];
    lwm2m_peer_print_address(registration->peer, address);
    size_t endpoint_length = strlen(registration->endpoint_name);
    size_t address_length = strlen(address);
    size_t binding_length = strlen(registration->binding);
    struct registration_snapshot *snapshot =
        malloc(sizeof(*snapshot) + endpoint_length + address_length + binding_length +
               identity.length + registration->links.length + 5);
    if (snapshot == NULL) {
        return NULL;
    }
    char *at = (char *)(snapshot + 1);
    *snapshot = (struct registration_snapshot){
        .awake = registration->awake,
        .security = security,
        .version = registration->version,
        .lifetime_s = registration->lifetime_s,
        .left_s = lwm2m_registration_left_s(server, registration),
        .last_seen_s = seconds_since(now_ms, registration->seen_ms),
        .registered_s = seconds_since(now_ms, registration->registered_ms),
        .endpoint = keep(&at, registration->endpoint_name, endpoint_length),
        .address = keep(&at, address, address_length),
        .binding = keep(&at, registration->binding, binding_length),
    };
    memcpy(snapshot->rid, registration->id, sizeof(snapshot->rid));
    snapshot->identity.data = keep(&at, identity.data, identity.length);
    snapshot->identity.length = identity.length;
    snapshot->links.data = keep(&at, registration->links.data, registration->links.length);
    snapshot->links.length = registration->links.length;
    return snapshot;
}

static enum lwm2m_error add_object(void *context, const struct lwm2m_registered_object *object)
{
    char text[LWM2M_PATH_TEXT_MAX];
    lwm2m_path_print(object->path, text);
    cJSON_AddItemToArray(context, cJSON_CreateString(text));
    return LWM2M_OK;
}

static const char *security_name(enum lwm2m_security security)
{
    static const char *const names[] = {
        [LWM2M_SECURITY_NONE] = "none",
        [LWM2M_SECURITY_PSK] = "psk",
        [LWM2M_SECURITY_RPK] = "rpk",
        [LWM2M_SECURITY_X509] = "x509",
    };
    return names[security];
}

void registration_snapshot_add(cJSON *result, const struct registration_snapshot *snapshot)
{
    char version[LWM2M_VERSION_TEXT_MAX];
    if (snapshot == NULL) {
        return;
    }
    lwm2m_version_print(snapshot->version, version);
    cJSON_AddStringToObject(result, "ep", snapshot->endpoint);
    cJSON_AddStringToObject(result, "state", snapshot->awake ? "up" : "sleep");
    cJSON_AddStringToObject(result, "lwm2m", version);
    json_add_bytes(result, "b", lwm2m_bytes_from_text(snapshot->binding));
    cJSON_AddStringToObject(result, "sec", security_name(snapshot->security));
    if (snapshot->security != LWM2M_SECURITY_NONE) {
        json_add_bytes(result, "identity", snapshot->identity);
    }
    cJSON_AddStringToObject(result, "addr", snapshot->address);
    cJSON_AddNumberToObject(result, "lt", snapshot->lifetime_s);
    if (snapshot->left_s != UINT32_MAX) {
        cJSON_AddNumberToObject(result, "left_s", snapshot->left_s);
    }
    cJSON_AddNumberToObject(result, "last_seen_s", snapshot->last_seen_s);
    cJSON_AddNumberToObject(result, "registered_s", snapshot->registered_s);
    cJSON_AddStringToObject(result, "rid", snapshot->rid);
    object_links_visit(snapshot->links, add_object, cJSON_AddArrayToObject(result, "objects"));
}
