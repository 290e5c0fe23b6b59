/*
 * Requests of servers: who asks, for what, with which operation; and the answer.
 *
 * What is wrong with a request is found in this order: critical options 4.02, a stranger 4.01, the
 * path 4.04, objects that no management server may see 4.01, the method at this level 4.05, a query
 * where none belongs 4.02, a target that does not exist 4.04; then what the operation finds: 4.05
 * by the definition, 4.15 and 4.06 for formats, 4.00 for payloads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include <string.h>

#include "client/operations.h"

/* Observe, Location-Path of an instance, Content-Format: with room to spare. */
#define ANSWER_OPTIONS_MAX 32

struct operation {
    uint8_t method;
    uint8_t least_level, most_level;                                    /* of the path */
    bool (*takes_query)(const struct lwm2m_operation_request *request); /* NULL: none */
    bool makes_resource; /* resource and resource instance need not exist, only be defined */
    /* NULL: always. Rows are tried in order. */
    bool (*applies)(const struct lwm2m_operation_request *request);
    lwm2m_operation_run *run;
};

static bool wants_links(const struct lwm2m_operation_request *request)
{
    return request->accept == LWM2M_FORMAT_LINK;
}

static bool has_query_only(const struct lwm2m_operation_request *request)
{
    return request->has_query && request->message->payload.length == 0 &&
           request->content_format == LWM2M_NO_FORMAT;
}

/* A POST on a resource is an Execute if it can carry arguments, and a partial update otherwise. */
static bool is_execute(const struct lwm2m_operation_request *request)
{
    return request->content_format == LWM2M_NO_FORMAT ||
           request->content_format == LWM2M_FORMAT_TEXT ||
           (request->resource.operations & LWM2M_EXECUTABLE) != 0;
}

static bool speaks_1_1(const struct lwm2m_operation_request *request)
{
    return request->account->version.minor >= 1;
}

/* Up to 1.1 a Delete is for object instances only. */
static bool speaks_1_2(const struct lwm2m_operation_request *request)
{
    return request->account->version.minor >= 2;
}

/* Attributes in an Observe request, and as it has the same options, in the one that ends it. */
static bool observes_with_1_2(const struct lwm2m_operation_request *request)
{
    return speaks_1_2(request) && request->observe <= LWM2M_OBSERVE_DEREGISTER;
}

static const struct operation operations[] = {
    {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE, speaks_1_2, false, wants_links,
     lwm2m_operation_discover},
    {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE, observes_with_1_2, false,
     NULL, lwm2m_operation_read},
    {LWM2M_METHOD_PUT, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE, has_query_only, false,
     has_query_only, lwm2m_operation_write_attributes},
    {LWM2M_METHOD_PUT, LWM2M_LEVEL_INSTANCE, LWM2M_LEVEL_RESOURCE_INSTANCE, NULL, true, NULL,
     lwm2m_operation_write_replace},
    {LWM2M_METHOD_POST, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_OBJECT, NULL, false, NULL,
     lwm2m_operation_create},
    {LWM2M_METHOD_POST, LWM2M_LEVEL_INSTANCE, LWM2M_LEVEL_INSTANCE, NULL, false, NULL,
     lwm2m_operation_write_update},
    {LWM2M_METHOD_POST, LWM2M_LEVEL_RESOURCE, LWM2M_LEVEL_RESOURCE, NULL, false, is_execute,
     lwm2m_operation_execute},
    {LWM2M_METHOD_POST, LWM2M_LEVEL_RESOURCE, LWM2M_LEVEL_RESOURCE, NULL, true, NULL,
     lwm2m_operation_write_update},
    {LWM2M_METHOD_POST, LWM2M_LEVEL_RESOURCE_INSTANCE, LWM2M_LEVEL_RESOURCE_INSTANCE, NULL, true,
     NULL, lwm2m_operation_write_update},
    {LWM2M_METHOD_FETCH, LWM2M_LEVEL_ROOT, LWM2M_LEVEL_ROOT, observes_with_1_2, false, speaks_1_1,
     lwm2m_operation_read_composite},
    {LWM2M_METHOD_IPATCH, LWM2M_LEVEL_ROOT, LWM2M_LEVEL_ROOT, NULL, false, NULL,
     lwm2m_operation_write_composite},
    {LWM2M_METHOD_DELETE, LWM2M_LEVEL_INSTANCE, LWM2M_LEVEL_INSTANCE, NULL, false, NULL,
     lwm2m_operation_delete},
    {LWM2M_METHOD_DELETE, LWM2M_LEVEL_RESOURCE_INSTANCE, LWM2M_LEVEL_RESOURCE_INSTANCE, NULL, false,
     speaks_1_2, lwm2m_operation_delete_resource_instance},
};

static const struct operation *find_operation(const struct lwm2m_operation_request *request)
{
    size_t i;

    for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        const struct operation *operation = &operations[i];

        if (operation->method == request->message->code &&
            request->path.level >= operation->least_level &&
            request->path.level <= operation->most_level &&
            (operation->applies == NULL || operation->applies(request))) {
            return operation;
        }
    }
    return NULL;
}

/* ---- options ---- */

/* Adds a segment of the path: an id in decimal, as lwm2m_path_parse would read it. */
static bool add_segment(struct lwm2m_path *path, struct lwm2m_bytes segment)
{
    uint64_t id;

    if (segment.length == 0 || segment.length > 5 ||
        (segment.length > 1 && segment.data[0] == '0') ||
        lwm2m_number_parse_unsigned(segment, &id) != LWM2M_OK || id >= LWM2M_NO_ID) {
        return false;
    }
    return lwm2m_path_append(path, (uint16_t)id) == LWM2M_OK;
}

static enum lwm2m_status read_format(const struct lwm2m_option *option, uint16_t *format,
                                     enum lwm2m_status refusal)
{
    uint32_t number;

    if (lwm2m_option_number_value(option, &number) != LWM2M_OK) {
        return LWM2M_STATUS_BAD_OPTION;
    }
    if (number >= LWM2M_NO_FORMAT) {
        return refusal;
    }
    *format = (uint16_t)number;
    return LWM2M_STATUS_NONE;
}

/* Reads one option; LWM2M_STATUS_NONE if nothing is wrong with it. A bad path shows only at the
 * end. */
static enum lwm2m_status read_option(struct lwm2m_operation_request *request,
                                     const struct lwm2m_option *option, bool *path_is_good)
{
    switch (option->number) {
    case LWM2M_OPTION_URI_HOST:
    case LWM2M_OPTION_URI_PORT:
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_URI_PATH:
        *path_is_good = *path_is_good && add_segment(&request->path, option->value);
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_URI_QUERY:
        request->has_query = true;
        return LWM2M_STATUS_NONE;
    case LWM2M_OPTION_CONTENT_FORMAT:
        return read_format(option, &request->content_format,
                           LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT);
    case LWM2M_OPTION_ACCEPT:
        return read_format(option, &request->accept, LWM2M_STATUS_NOT_ACCEPTABLE);
    case LWM2M_OPTION_OBSERVE:
        /* Elective: what is no number is ignored. */
        if (lwm2m_option_number_value(option, &request->observe) != LWM2M_OK) {
            request->observe = LWM2M_NO_OBSERVE;
        }
        return LWM2M_STATUS_NONE;
    default:
        return LWM2M_OPTION_IS_CRITICAL(option->number) ? LWM2M_STATUS_BAD_OPTION
                                                        : LWM2M_STATUS_NONE;
    }
}

static enum lwm2m_status read_options(struct lwm2m_operation_request *request, bool *path_is_good)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    enum lwm2m_status status = LWM2M_STATUS_NONE;

    *path_is_good = true;
    lwm2m_option_reader_init(&reader, request->message);
    while (status == LWM2M_STATUS_NONE && lwm2m_option_reader_next(&reader, &option)) {
        status = read_option(request, &option, path_is_good);
    }
    return status;
}

/* ---- who, and what ---- */

/* The account in whose name a peer acts; NULL if it has no say. */
static struct lwm2m_account *find_account(const struct lwm2m_client *client,
                                          const struct lwm2m_peer *peer)
{
    struct lwm2m_account *account = peer->owner;

    if (account != NULL && lwm2m_client_registration_is_served(account)) {
        return account;
    }
    return client->config.answer_strangers ? lwm2m_accounts_first(client) : NULL;
}

static bool is_hidden(struct lwm2m_path path)
{
    return path.level >= LWM2M_LEVEL_OBJECT && lwm2m_object_is_hidden(path.object);
}

/* Finds object and resource definition, as far as there are any. */
static void resolve(struct lwm2m_operation_request *request)
{
    const struct lwm2m_object_tree *tree = &request->client->objects;

    request->object = lwm2m_object_tree_find(tree, request->path.object);
    if (request->path.level < LWM2M_LEVEL_RESOURCE ||
        !lwm2m_object_tree_define(tree, request->path, &request->resource)) {
        memset(&request->resource, 0, sizeof(request->resource));
    }
}

static bool has_target(const struct lwm2m_operation_request *request,
                       const struct operation *operation)
{
    const struct lwm2m_object_tree *tree = &request->client->objects;
    struct lwm2m_resource_definition resource;

    if (operation->makes_resource && request->path.level >= LWM2M_LEVEL_RESOURCE) {
        return lwm2m_object_tree_define(tree, request->path, &resource) &&
               (resource.multiple || request->path.level == LWM2M_LEVEL_RESOURCE) &&
               lwm2m_object_has_instance(request->object, request->path.instance);
    }
    return lwm2m_object_tree_exists(tree, request->path);
}

static enum lwm2m_status run(struct lwm2m_operation_request *request,
                             struct lwm2m_operation_answer *answer)
{
    const struct operation *operation;
    bool path_is_good;
    enum lwm2m_status status = read_options(request, &path_is_good);

    if (status == LWM2M_STATUS_BAD_OPTION) {
        return status;
    }
    if (request->account == NULL) {
        return LWM2M_STATUS_UNAUTHORIZED;
    }
    if (!path_is_good) {
        return LWM2M_STATUS_NOT_FOUND;
    }
    if (is_hidden(request->path)) {
        return LWM2M_STATUS_UNAUTHORIZED;
    }
    if (status != LWM2M_STATUS_NONE) {
        return status;
    }
    resolve(request);
    operation = find_operation(request);
    if (operation == NULL) {
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    }
    if (request->has_query &&
        (operation->takes_query == NULL || !operation->takes_query(request))) {
        return LWM2M_STATUS_BAD_OPTION;
    }
    if (!has_target(request, operation)) {
        return LWM2M_STATUS_NOT_FOUND;
    }
    return operation->run(request, answer);
}

/* ---- the answer ---- */

static void append_location(struct lwm2m_options *options, struct lwm2m_path path)
{
    char text[LWM2M_NUMBER_TEXT_MAX];

    if (path.level != LWM2M_LEVEL_INSTANCE) {
        return;
    }
    lwm2m_number_print_unsigned(path.object, text);
    lwm2m_options_append_text(options, LWM2M_OPTION_LOCATION_PATH, text);
    lwm2m_number_print_unsigned(path.instance, text);
    lwm2m_options_append_text(options, LWM2M_OPTION_LOCATION_PATH, text);
}

static enum lwm2m_error respond(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                                enum lwm2m_status status,
                                const struct lwm2m_operation_answer *answer)
{
    uint8_t memory[ANSWER_OPTIONS_MAX];
    struct lwm2m_options options;
    struct lwm2m_message message = {.code = lwm2m_status_code(status)};

    lwm2m_options_init(&options, memory, sizeof(memory));
    if (answer->observe != LWM2M_NO_OBSERVE) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, answer->observe);
    }
    append_location(&options, answer->created);
    if (answer->content.format != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, answer->content.format);
        message.payload = answer->content.bytes;
    }
    message.options = lwm2m_options_bytes(&options);
    return lwm2m_incoming_respond(peer, incoming, &message);
}

static void tell_program(const struct lwm2m_operation_request *request,
                         const struct lwm2m_operation_answer *answer, enum lwm2m_status status)
{
    struct lwm2m_client_event event = {
        .type = answer->event,
        .ssid = request->account->ssid,
        .path = answer->created.level == LWM2M_LEVEL_INSTANCE ? answer->created : request->path,
        .status = status,
        .payload = request->message->payload,
        .content_format = request->content_format,
    };

    if (answer->named.count > 0) {
        event.paths = answer->named.paths;
        event.path_count = answer->named.count;
    }
    lwm2m_client_emit(request->client, &event);
}

static void receive_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                            const struct lwm2m_message *message)
{
    struct lwm2m_client *client = context;
    struct lwm2m_operation_request request = {
        .client = client,
        .account = find_account(client, peer),
        .peer = peer,
        .message = message,
        .path = lwm2m_path_root(),
        .content_format = LWM2M_NO_FORMAT,
        .accept = LWM2M_NO_FORMAT,
        .observe = LWM2M_NO_OBSERVE,
    };
    struct lwm2m_operation_answer answer = {
        .content = {.format = LWM2M_NO_FORMAT},
        .observe = LWM2M_NO_OBSERVE,
        .created = lwm2m_path_root(),
    };
    enum lwm2m_status status;

    if (client->offline || (request.account != NULL && request.account->queue_mode.asleep)) {
        lwm2m_incoming_drop(peer, incoming);
        return;
    }
    if (request.account != NULL) {
        lwm2m_queue_mode_touch(request.account);
    }
    status = run(&request, &answer);
    /* What the answer could not say, its loss says: the server asks again. */
    if (respond(peer, incoming, status, &answer) == LWM2M_OK && lwm2m_status_is_success(status)) {
        tell_program(&request, &answer, status);
    }
}

static void handle_delivered(void *context, struct lwm2m_peer *peer,
                             const struct lwm2m_token *token)
{
    lwm2m_client_observations_delivered(context, peer, token);
}

static void handle_failed(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token,
                          enum lwm2m_error error)
{
    (void)lwm2m_client_observations_end(context, peer, token, error);
}

const struct lwm2m_receiver lwm2m_client_receiver = {
    .request = receive_request,
    .notification_delivered = handle_delivered,
    .notification_failed = handle_failed,
};
