/*
 * Read-Composite and Observe-Composite: several paths in one payload.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

static enum lwm2m_error put_path(void *context, const struct lwm2m_record *record)
{
    struct lwm2m_path_set *paths = context;

    /* The body names what is to be read: values are for Write-Composite. */
    if (record->value.type != LWM2M_TYPE_NONE) {
        return LWM2M_MALFORMED;
    }
    return lwm2m_path_set_add(paths, record->path);
}

static enum lwm2m_error read_paths(const struct lwm2m_operation_request *request,
                                   struct lwm2m_path_set *paths)
{
    struct lwm2m_payload payload = {0};
    enum lwm2m_error error = lwm2m_payload_init(&payload, request, request->content_format);

    if (error == LWM2M_OK && !payload.codec->composite) {
        error = LWM2M_FORMAT;
    }
    if (error == LWM2M_OK) {
        error = lwm2m_payload_decode(&payload, (struct lwm2m_sink){paths, put_path});
    }
    lwm2m_payload_release(&payload);
    return error;
}

/* SenML-ETCH is for changes: what is read from a list in it comes back as SenML. */
static uint16_t choose_format(const struct lwm2m_operation_request *request)
{
    if (request->accept != LWM2M_NO_FORMAT) {
        return request->accept;
    }
    switch (request->content_format) {
    case LWM2M_FORMAT_SENML_ETCH_JSON:
        return LWM2M_FORMAT_SENML_JSON;
    case LWM2M_FORMAT_SENML_ETCH_CBOR:
        return LWM2M_FORMAT_SENML_CBOR;
    default:
        return request->content_format;
    }
}

enum lwm2m_status lwm2m_operation_read_composite(const struct lwm2m_operation_request *request,
                                                 struct lwm2m_operation_answer *answer)
{
    enum lwm2m_error error;
    struct lwm2m_selection selection = {
        .paths = answer->named.paths,
        .composite = true,
        .accept = choose_format(request),
        .version = request->account->version,
    };

    if (request->observe == LWM2M_OBSERVE_DEREGISTER) {
        lwm2m_operation_end_observation(request);
    }
    error = read_paths(request, &answer->named);
    if (error != LWM2M_OK) {
        return lwm2m_status_from_error(error);
    }
    selection.path_count = answer->named.count;
    return lwm2m_operation_answer_content(request, &selection, answer);
}
