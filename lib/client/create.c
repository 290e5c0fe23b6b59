/*
 * Create.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/operations.h"

struct creation {
    const struct lwm2m_client *client;
    struct lwm2m_object *object;
    uint16_t instance;        /* LWM2M_NO_ID until a record names it */
    uint32_t mandatory_count; /* mandatory resources, each counted when the payload comes to it */
    uint16_t last_resource;
};

static enum lwm2m_error check_record(void *context, const struct lwm2m_record *record)
{
    struct creation *creation = context;
    struct lwm2m_resource_definition resource;
    struct lwm2m_value value;

    if (record->path.level < LWM2M_LEVEL_INSTANCE) {
        return LWM2M_MALFORMED;
    }
    if (creation->instance == LWM2M_NO_ID) {
        creation->instance = record->path.instance;
    }
    if (record->path.instance != creation->instance || record->path.instance == LWM2M_NO_ID) {
        return LWM2M_MALFORMED;
    }
    /* The instances of one resource come together, so that this counts it once. */
    if (record->path.level >= LWM2M_LEVEL_RESOURCE &&
        record->path.resource != creation->last_resource &&
        lwm2m_object_tree_define(&creation->client->objects, record->path, &resource) &&
        resource.mandatory) {
        creation->mandatory_count++;
    }
    creation->last_resource = record->path.resource;
    return lwm2m_record_check(creation->client, record, false, &value);
}

/* How many resources a server must give a value: the mandatory ones that it can write. */
static uint32_t count_mandatory(const struct lwm2m_object_definition *definition)
{
    uint32_t count = 0;
    size_t i;

    for (i = 0; i < definition->resource_count; i++) {
        struct lwm2m_resource_definition resource;

        lwm2m_object_definition_get(definition, i, &resource);
        if (resource.mandatory && (resource.operations & LWM2M_WRITABLE) != 0) {
            count++;
        }
    }
    return count;
}

static enum lwm2m_error check_payload(struct lwm2m_payload *payload, struct creation *creation)
{
    creation->instance =
        payload->base.level >= LWM2M_LEVEL_INSTANCE ? payload->base.instance : LWM2M_NO_ID;
    creation->mandatory_count = 0;
    creation->last_resource = LWM2M_NO_ID;
    return lwm2m_payload_decode(payload, (struct lwm2m_sink){creation, check_record});
}

/*
 * Finds out which instance the payload creates. It may say so itself; if it does not, because it
 * holds resources only, it is read again as the content of an instance whose id we choose.
 */
static enum lwm2m_error choose_instance(struct lwm2m_payload *payload, struct creation *creation,
                                        bool *chosen)
{
    struct lwm2m_object_tree *tree = &payload->client->objects;
    enum lwm2m_error error = LWM2M_MALFORMED;

    if (payload->bytes.length > 0) {
        error = check_payload(payload, creation);
    }
    *chosen = error == LWM2M_MALFORMED || creation->instance == LWM2M_NO_ID;
    if (!*chosen) {
        return error;
    }
    creation->instance = lwm2m_object_tree_free_instance(tree, creation->object);
    if (creation->instance == LWM2M_NO_ID) {
        return LWM2M_BUSY;
    }
    payload->base = lwm2m_path_instance(creation->object->definition.id, creation->instance);
    return payload->bytes.length > 0 ? check_payload(payload, creation) : LWM2M_OK;
}

static enum lwm2m_error make(const struct lwm2m_payload *payload, const struct creation *creation)
{
    struct lwm2m_object *object = creation->object;
    struct lwm2m_path path = lwm2m_path_instance(object->definition.id, creation->instance);
    enum lwm2m_error error = object->operations->create(object, creation->instance);

    if (error != LWM2M_OK) {
        return error;
    }
    if (payload->bytes.length > 0) {
        error = lwm2m_payload_apply(payload);
    }
    if (error != LWM2M_OK) {
        /* Memory ran out, say: better no instance than half of one. What keeps it from going keeps
         * it. */
        if (object->operations->remove != NULL) {
            (void)!object->operations->remove(object, creation->instance);
        }
        return error;
    }
    if (object->operations->written != NULL) {
        object->operations->written(object, path);
    }
    lwm2m_client_changed(payload->client, lwm2m_path_object(object->definition.id));
    return LWM2M_OK;
}

static bool may_create(struct lwm2m_object *object)
{
    return object->operations->create != NULL &&
           (object->definition.multiple ||
            object->operations->next_instance(object, 0) == LWM2M_NO_ID);
}

static enum lwm2m_error create(const struct lwm2m_operation_request *request,
                               struct lwm2m_path *created)
{
    struct lwm2m_payload payload = {.client = request->client, .base = request->path};
    struct creation creation = {request->client, request->object, LWM2M_NO_ID, 0, LWM2M_NO_ID};
    bool chosen;
    enum lwm2m_error error = LWM2M_OK;

    if (!may_create(request->object)) {
        return LWM2M_NOT_ALLOWED;
    }
    if (request->content_format != LWM2M_NO_FORMAT) {
        error = lwm2m_payload_init(&payload, request, request->content_format);
    } else if (request->message->payload.length > 0) {
        error = LWM2M_MALFORMED;
    }
    if (error == LWM2M_OK) {
        error = choose_instance(&payload, &creation, &chosen);
    }
    if (error == LWM2M_OK &&
        creation.mandatory_count < count_mandatory(&request->object->definition)) {
        error = LWM2M_MALFORMED;
    }
    if (error == LWM2M_OK && lwm2m_object_has_instance(request->object, creation.instance)) {
        error = LWM2M_EXISTS;
    }
    if (error == LWM2M_OK) {
        error = make(&payload, &creation);
    }
    if (error == LWM2M_OK && chosen) {
        *created = lwm2m_path_instance(request->path.object, creation.instance);
    }
    lwm2m_payload_release(&payload);
    return error;
}

enum lwm2m_status lwm2m_operation_create(const struct lwm2m_operation_request *request,
                                         struct lwm2m_operation_answer *answer)
{
    enum lwm2m_error error = create(request, &answer->created);

    answer->event = LWM2M_CLIENT_CREATED;
    return error == LWM2M_OK ? LWM2M_STATUS_CREATED : lwm2m_status_from_error(error);
}
