/*
 * Write-Attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

/* Whether what counts at the path after the change is free of contradictions. */
static bool is_coherent(const struct lwm2m_operation_request *request,
                        const struct lwm2m_attributes *change)
{
    const struct lwm2m_attribute_store *store = &request->client->attributes;
    uint16_t ssid = request->account->ssid;
    struct lwm2m_path above =
        lwm2m_path_ancestor(request->path, (enum lwm2m_path_level)(request->path.level - 1));
    struct lwm2m_attributes higher = lwm2m_attribute_store_effective(store, ssid, above);
    struct lwm2m_attributes own = lwm2m_attribute_store_get(store, ssid, request->path);
    struct lwm2m_attributes effective;

    lwm2m_attributes_apply(&own, change);
    effective = lwm2m_attributes_inherit(&higher, &own);
    return lwm2m_attributes_check(&effective) == LWM2M_OK;
}

enum lwm2m_status lwm2m_operation_write_attributes(const struct lwm2m_operation_request *request,
                                                   struct lwm2m_operation_answer *answer)
{
    struct lwm2m_client *client = request->client;
    struct lwm2m_attributes change;
    enum lwm2m_error error;

    if (lwm2m_request_attributes_read(request, &change) != LWM2M_OK ||
        !is_coherent(request, &change)) {
        return LWM2M_STATUS_BAD_REQUEST;
    }
    error = lwm2m_attribute_store_change(&client->attributes, request->account->ssid, request->path,
                                         &change);
    if (error != LWM2M_OK) {
        return lwm2m_status_from_error(error);
    }
    lwm2m_client_observations_reschedule(client, request->path);
    answer->event = LWM2M_CLIENT_ATTRIBUTES_WRITTEN;
    return LWM2M_STATUS_CHANGED;
}
