/*
 * Puts a handshake into JSON, for events and for the monitor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/handshake_json.h"

#include <lwm2m/resolve.h>

#include "control/value_json.h"

void handshake_json_add(cJSON *json, const struct lwm2m_dtls_event *event)
{
    char address[LWM2M_ADDRESS_TEXT_MAX];
    lwm2m_address_print(&event->address, address);
    cJSON_AddStringToObject(json, "addr", address);
    if (event->identity.length > 0) {
        json_add_bytes(json, "identity", event->identity);
    }
    if (event->type == LWM2M_DTLS_FAILED) {
        cJSON_AddStringToObject(json, "failure", lwm2m_dtls_failure_name(event->failure));
        cJSON_AddStringToObject(json, "msg", lwm2m_dtls_failure_text(event->failure));
        if (event->detail != NULL) {
            cJSON_AddStringToObject(json, "detail", event->detail);
        }
    } else if (event->cipher != NULL) {
        cJSON_AddStringToObject(json, "cipher", event->cipher);
    }
}
