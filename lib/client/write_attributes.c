/*
 * Write-Attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

static enum lwm2m_error read_queries(const struct lwm2m_message *message,
                                     struct lwm2m_attributes *change)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        enum lwm2m_error error;

        if (option.number != LWM2M_OPTION_URI_QUERY) {
            continue;
        }
        error = lwm2m_attributes_parse_query(option.value, change);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

enum lwm2m_status lwm2m_operation_write_attributes(const struct lwm2m_operation_request *request,
                                                   struct lwm2m_operation_answer *answer)
{
    struct lwm2m_client *client = request->client;
    struct lwm2m_attributes change = {0};
    enum lwm2m_error error;

    /* An attribute that nobody knows is as wrong as a value that is none. */
    if (read_queries(request->message, &change) != LWM2M_OK) {
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
