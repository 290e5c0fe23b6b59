/*
 * What each kind of operation looks like on the wire, and what it may be given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/request_shape.h"

#define DEPTH_MAX 3

static const struct lwm2m_request_shape shapes[] = {
    [LWM2M_OPERATION_READ] = {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE,
                              .reads = true, .idempotent = true},
    [LWM2M_OPERATION_DISCOVER] = {LWM2M_METHOD_GET, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE,
                                  .idempotent = true},
    [LWM2M_OPERATION_WRITE_REPLACE] = {LWM2M_METHOD_PUT, LWM2M_LEVEL_INSTANCE,
                                       LWM2M_LEVEL_RESOURCE_INSTANCE, .writes = true,
                                       .idempotent = true},
    [LWM2M_OPERATION_WRITE_UPDATE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_INSTANCE,
                                      LWM2M_LEVEL_RESOURCE_INSTANCE, .writes = true,
                                      .idempotent = true},
    [LWM2M_OPERATION_EXECUTE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_RESOURCE, LWM2M_LEVEL_RESOURCE},
    [LWM2M_OPERATION_CREATE] = {LWM2M_METHOD_POST, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_INSTANCE,
                                .writes = true},
    [LWM2M_OPERATION_DELETE] = {LWM2M_METHOD_DELETE, LWM2M_LEVEL_INSTANCE,
                                LWM2M_LEVEL_RESOURCE_INSTANCE},
    [LWM2M_OPERATION_WRITE_ATTRIBUTES] = {LWM2M_METHOD_PUT, LWM2M_LEVEL_OBJECT,
                                          LWM2M_LEVEL_RESOURCE_INSTANCE, .idempotent = true},
    [LWM2M_OPERATION_READ_COMPOSITE] = {LWM2M_METHOD_FETCH, LWM2M_LEVEL_ROOT, LWM2M_LEVEL_ROOT,
                                        .since = {1, 1}, .reads = true, .composite = true,
                                        .idempotent = true},
    [LWM2M_OPERATION_WRITE_COMPOSITE] = {LWM2M_METHOD_IPATCH, LWM2M_LEVEL_ROOT, LWM2M_LEVEL_ROOT,
                                         .since = {1, 1}, .writes = true, .composite = true,
                                         .idempotent = true},
};

/* Attributes that came after LwM2M 1.0. */
static const struct {
    uint32_t attributes;
    struct lwm2m_version since;
} later_attributes[] = {
    {LWM2M_ATTRIBUTE_EPMIN | LWM2M_ATTRIBUTE_EPMAX, {1, 1}},
    {LWM2M_ATTRIBUTE_EDGE | LWM2M_ATTRIBUTE_CON | LWM2M_ATTRIBUTE_HQMAX, {1, 2}},
};

const struct lwm2m_request_shape *lwm2m_request_shape_of(enum lwm2m_operation_kind kind)
{
    return &shapes[kind];
}

/* ---- records and paths ---- */

static bool are_records_below(const struct lwm2m_operation *operation)
{
    for (size_t i = 0; i < operation->record_count; i++) {
        if (!lwm2m_path_contains(operation->path, operation->records[i].path)) {
            return false;
        }
    }
    return true;
}

/* A Create without an id has records of one instance, whatever their paths call it. */
static bool are_records_of_one_instance(const struct lwm2m_operation *operation)
{
    for (size_t i = 0; i < operation->record_count; i++) {
        if (operation->records[i].path.level < LWM2M_LEVEL_INSTANCE ||
            operation->records[i].path.instance != operation->records[0].path.instance) {
            return false;
        }
    }
    return true;
}

static enum lwm2m_error check_records(const struct lwm2m_operation *operation)
{
    if (operation->record_count > 0 && !operation->records) {
        return LWM2M_ARGUMENT;
    }
    if (!are_records_below(operation)) {
        return LWM2M_ARGUMENT;
    }
    if (operation->kind == LWM2M_OPERATION_CREATE) {
        return operation->path.level == LWM2M_LEVEL_INSTANCE ||
                       are_records_of_one_instance(operation)
                   ? LWM2M_OK
                   : LWM2M_ARGUMENT;
    }
    return operation->record_count > 0 ? LWM2M_OK : LWM2M_ARGUMENT;
}

/* ---- what a version knows ---- */

static bool is_level_too_new(const struct lwm2m_operation *operation,
                             const struct lwm2m_request_target *target)
{
    uint8_t minor = operation->kind == LWM2M_OPERATION_DELETE ? 2 : 1;

    return operation->path.level == LWM2M_LEVEL_RESOURCE_INSTANCE &&
           lwm2m_request_target_is_before(target, 1, minor);
}

static bool is_depth_too_new(const struct lwm2m_operation *operation,
                             const struct lwm2m_request_target *target)
{
    return operation->kind == LWM2M_OPERATION_DISCOVER && operation->has_depth &&
           lwm2m_request_target_is_before(target, 1, 2);
}

static bool are_attributes_too_new(const struct lwm2m_operation *operation,
                                   const struct lwm2m_request_target *target)
{
    const struct lwm2m_attributes *attributes = operation->attributes;

    if (!attributes) {
        return false;
    }
    /* The attributes of an Observe (LwM2M Core 1.2 §6.4.1). */
    if (operation->kind != LWM2M_OPERATION_WRITE_ATTRIBUTES &&
        lwm2m_request_target_is_before(target, 1, 2)) {
        return true;
    }
    for (size_t i = 0; i < sizeof later_attributes / sizeof later_attributes[0]; i++) {
        if (((attributes->set | attributes->cleared) & later_attributes[i].attributes) &&
            lwm2m_version_compare(target->version, later_attributes[i].since) < 0) {
            return true;
        }
    }
    return false;
}

/* ---- together ---- */

/* What is asked of one kind of operation only. */
static bool is_complete(const struct lwm2m_operation *operation)
{
    switch (operation->kind) {
    case LWM2M_OPERATION_DISCOVER:
        return !operation->has_depth || operation->depth <= DEPTH_MAX;
    case LWM2M_OPERATION_DELETE:
        return operation->path.level != LWM2M_LEVEL_RESOURCE;
    case LWM2M_OPERATION_WRITE_ATTRIBUTES:
        return operation->attributes &&
               (operation->attributes->set | operation->attributes->cleared);
    case LWM2M_OPERATION_READ_COMPOSITE:
        return operation->paths && operation->path_count > 0;
    default:
        return true;
    }
}

enum lwm2m_error lwm2m_request_check(const struct lwm2m_operation *operation,
                                     const struct lwm2m_request_target *target)
{
    if ((size_t)operation->kind >= sizeof shapes / sizeof shapes[0]) {
        return LWM2M_ARGUMENT;
    }
    const struct lwm2m_request_shape *shape = &shapes[operation->kind];
    if (operation->path.level < shape->lowest || operation->path.level > shape->highest ||
        !is_complete(operation)) {
        return LWM2M_ARGUMENT;
    }
    if (lwm2m_version_compare(target->version, shape->since) < 0 ||
        is_level_too_new(operation, target) || is_depth_too_new(operation, target) ||
        are_attributes_too_new(operation, target)) {
        return LWM2M_UNSUPPORTED;
    }
    return shape->writes ? check_records(operation) : LWM2M_OK;
}
