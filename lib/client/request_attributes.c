/*
 * Attributes in the queries of a request: read, and held against what they are to be attached to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

#define THRESHOLDS (LWM2M_ATTRIBUTE_GT | LWM2M_ATTRIBUTE_LT | LWM2M_ATTRIBUTE_ST)

static enum lwm2m_error read_queries(const struct lwm2m_message *message,
                                     struct lwm2m_attributes *attributes)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        enum lwm2m_error error;

        if (option.number != LWM2M_OPTION_URI_QUERY) {
            continue;
        }
        error = lwm2m_attributes_parse_query(option.value, attributes);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

/* The attributes about values that a resource of this type can have; none above resources, where
 * the type is that of zeroed memory. */
static uint32_t find_value_attributes(enum lwm2m_type type)
{
    switch (type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
    case LWM2M_TYPE_TIME:
        return THRESHOLDS;
    case LWM2M_TYPE_BOOLEAN:
        return LWM2M_ATTRIBUTE_EDGE;
    default:
        return 0;
    }
}

enum lwm2m_error lwm2m_request_attributes_read(const struct lwm2m_operation_request *request,
                                               struct lwm2m_attributes *attributes)
{
    const uint32_t all_value_attributes = THRESHOLDS | LWM2M_ATTRIBUTE_EDGE;
    uint32_t allowed = lwm2m_attributes_known(request->account->version);
    enum lwm2m_error error;

    *attributes = (struct lwm2m_attributes){0};
    error = read_queries(request->message, attributes);
    if (error != LWM2M_OK) {
        return error;
    }
    allowed &= ~all_value_attributes | find_value_attributes(request->resource.type);
    /* To unset what cannot be there is no harm, if the version has a word for it. */
    return (attributes->set & ~allowed) == 0 ? LWM2M_OK : LWM2M_TYPE;
}
