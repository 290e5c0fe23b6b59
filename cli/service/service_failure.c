/*
 * Turns errors and answers of devices into exit codes and explanations.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "service/service_internal.h"

static void explain_not_found(const struct service_job *job, struct lwm2m_path path, char *text,
                              size_t size)
{
    const struct service *service = service_of(job->request);
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_version version;
    struct lwm2m_object_definition object;
    struct lwm2m_resource_definition resource;
    if (registration != NULL &&
        !lwm2m_registration_object_version(registration, path.object, &version)) {
        snprintf(text, size, "the device did not register object %u; see 'lwm2m info -e %.80s'",
                 path.object, job->endpoint);
    } else if (registration != NULL && path.level >= LWM2M_LEVEL_RESOURCE &&
               service_find_object(service, registration, path.object, &object) &&
               !lwm2m_object_definition_find(&object, path.resource, &resource)) {
        snprintf(text, size, "resource not in object %u v%u.%u; try 'lwm2m tree -e %.80s /%u'",
                 path.object, object.version.major, object.version.minor, job->endpoint,
                 path.object);
    } else {
        snprintf(text, size, "the device has no such %s now; try 'lwm2m tree -e %.80s /%u'",
                 path.level == LWM2M_LEVEL_OBJECT     ? "object"
                 : path.level == LWM2M_LEVEL_INSTANCE ? "instance"
                                                      : "resource",
                 job->endpoint, path.object);
    }
}

static void explain_not_allowed(const struct service_job *job, struct lwm2m_path path, char *text,
                                size_t size)
{
    static const char *const operations[] = {"hidden",
                                             "readable",
                                             "writable",
                                             "readable and writable",
                                             "executable",
                                             "readable and executable",
                                             "writable and executable",
                                             "readable, writable and executable"};
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_resource_definition resource;
    if (registration != NULL && path.level >= LWM2M_LEVEL_RESOURCE &&
        service_find_resource(service_of(job->request), registration, path, &resource)) {
        snprintf(text, size, "by the object model, %s is %s", resource.name,
                 operations[resource.operations & 7]);
    } else {
        snprintf(text, size, "the device does not allow this here");
    }
}

static bool explain_together(const struct service_job *job, enum lwm2m_status status, char *text,
                             size_t size)
{
    const char *words = job->request->operation->if_refused_together;
    if (words == NULL || status == LWM2M_STATUS_SERVICE_UNAVAILABLE) {
        return false;
    }
    snprintf(text, size, "%s", words);
    return true;
}

void service_explain(const struct service_job *job, struct lwm2m_path path,
                     enum lwm2m_status status, char *text, size_t size)
{
    text[0] = '\0';
    if (path.level == LWM2M_LEVEL_ROOT && explain_together(job, status, text, size)) {
        return;
    }
    switch (status) {
    case LWM2M_STATUS_NOT_FOUND:
        explain_not_found(job, path, text, size);
        break;
    case LWM2M_STATUS_METHOD_NOT_ALLOWED:
        explain_not_allowed(job, path, text, size);
        break;
    case LWM2M_STATUS_BAD_REQUEST:
        snprintf(text, size, "%s",
                 job->request->operation->if_refused != NULL
                     ? job->request->operation->if_refused
                     : "the device refuses the request or the value");
        break;
    case LWM2M_STATUS_UNAUTHORIZED:
        snprintf(text, size, "the device's access control does not let this server do it");
        break;
    case LWM2M_STATUS_NOT_ACCEPTABLE:
    case LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT:
        snprintf(text, size, "try another format, such as -f tlv or -f text");
        break;
    case LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE:
        snprintf(text, size, "more than the device takes at once");
        break;
    case LWM2M_STATUS_SERVICE_UNAVAILABLE:
        snprintf(text, size, "the device is busy; try again later");
        break;
    default:
        break;
    }
}
