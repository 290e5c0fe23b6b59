/*
 * The operations of the device management interface: what a request asks for, and what it is
 * answered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_OPERATIONS_H
#define CLIENT_OPERATIONS_H

#include "client/engine.h"
#include "client/path_set.h"

/* A request, understood. */
struct lwm2m_operation_request {
    struct lwm2m_client *client;
    struct lwm2m_account *account; /* in whose name it acts */
    struct lwm2m_peer *peer;
    const struct lwm2m_message *message;
    struct lwm2m_path path;
    struct lwm2m_object *object;               /* of path; NULL at the root */
    struct lwm2m_resource_definition resource; /* of path, from level RESOURCE on */
    uint16_t content_format;                   /* LWM2M_NO_FORMAT: no such option */
    uint16_t accept;                           /* the same */
    uint32_t observe;                          /* LWM2M_NO_OBSERVE: no such option */
    bool has_query;
};

#define LWM2M_NO_OBSERVE UINT32_MAX
#define LWM2M_OBSERVE_REGISTER 0
#define LWM2M_OBSERVE_DEREGISTER 1

/* What goes into the answer beside its code. */
struct lwm2m_operation_answer {
    struct lwm2m_content content; /* format LWM2M_NO_FORMAT: no payload */
    uint32_t observe;             /* LWM2M_NO_OBSERVE: no such option */
    struct lwm2m_path_set named;  /* what a composite operation is about */
    struct lwm2m_path created;    /* level INSTANCE: goes into Location-Path */
    enum lwm2m_client_event_type event;
};

/*
 * Carry out a request whose path names something that exists (but see Write), of an object that the
 * server may see. They return the code of the answer: that of success, or of the error.
 */
typedef enum lwm2m_status lwm2m_operation_run(const struct lwm2m_operation_request *request,
                                              struct lwm2m_operation_answer *answer);

lwm2m_operation_run lwm2m_operation_read;          /* read.c: also Observe and its cancellation */
lwm2m_operation_run lwm2m_operation_read_composite; /* read_composite.c: the same */
lwm2m_operation_run lwm2m_operation_discover;      /* discover.c */
lwm2m_operation_run lwm2m_operation_write_replace; /* write.c: the resource need not exist */
lwm2m_operation_run lwm2m_operation_write_update;  /* write.c: the same */
lwm2m_operation_run lwm2m_operation_write_composite;  /* write_composite.c: of the root */
lwm2m_operation_run lwm2m_operation_write_attributes; /* write_attributes.c */
lwm2m_operation_run lwm2m_operation_execute;          /* execute.c */
lwm2m_operation_run lwm2m_operation_create;           /* create.c */
lwm2m_operation_run lwm2m_operation_delete;           /* delete.c */
lwm2m_operation_run lwm2m_operation_delete_resource_instance; /* delete.c */

/* ---- read.c ---- */

/* Ends the observation that the request's token names, if there is one. */
void lwm2m_operation_end_observation(const struct lwm2m_operation_request *request);
/* Answers with what is selected, and observes it if the request asks for that. */
enum lwm2m_status lwm2m_operation_answer_content(const struct lwm2m_operation_request *request,
                                                 const struct lwm2m_selection *selection,
                                                 struct lwm2m_operation_answer *answer);

/* ---- request_attributes.c ---- */

/*
 * Reads the attributes in the queries of a request. Whatever is wrong with them is 4.00: LWM2M_NOT_FOUND (no
 * attribute), LWM2M_MALFORMED, LWM2M_EXISTS (twice), LWM2M_TYPE: an attribute that the version spoken does not
 * know, or one about values where the path names none of that type.
 */
enum lwm2m_error
lwm2m_request_attributes_read(const struct lwm2m_operation_request *request,
                              struct lwm2m_attributes *attributes) LWM2M_MUST_CHECK;

/* ---- records.c: payloads that are written ---- */

/*
 * Says whether a record may be written, and gives *value the resource's type: LWM2M_NOT_FOUND (no
 * such resource), LWM2M_NOT_ALLOWED (not writable), LWM2M_MALFORMED (a value of a multiple resource
 * as a whole, text that is no UTF-8), LWM2M_TYPE, LWM2M_RANGE, or what the object says. The device
 * itself may write what is read only.
 */
enum lwm2m_error lwm2m_record_check(const struct lwm2m_client *client,
                                    const struct lwm2m_record *record, bool device,
                                    struct lwm2m_value *value) LWM2M_MUST_CHECK;

/* Writes one record that has been checked, and tells those who observe it. */
enum lwm2m_error lwm2m_record_write(struct lwm2m_client *client,
                                    const struct lwm2m_record *record) LWM2M_MUST_CHECK;
/* Removes an instance of a multiple resource, with its attributes; it must exist.
 * LWM2M_NOT_ALLOWED. */
enum lwm2m_error lwm2m_resource_instance_remove(struct lwm2m_client *client,
                                                struct lwm2m_path path) LWM2M_MUST_CHECK;

/* SenML-ETCH, in which a name with null for a value means that the value goes. */
bool lwm2m_content_format_is_etch(uint16_t content_format);

/* A payload that is to be applied to base. */
struct lwm2m_payload {
    struct lwm2m_client *client;
    const struct lwm2m_codec *codec;
    struct lwm2m_bytes bytes;
    struct lwm2m_path base;
    uint8_t *scratch; /* longer than bytes, and never empty */
};

/* Allocates the scratch. LWM2M_FORMAT (no such codec, or not for a base of this level),
 * LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_payload_init(struct lwm2m_payload *payload,
                                    const struct lwm2m_operation_request *request,
                                    uint16_t content_format) LWM2M_MUST_CHECK;
void lwm2m_payload_release(struct lwm2m_payload *payload);
/* Decodes it once, from its beginning. */
enum lwm2m_error lwm2m_payload_decode(const struct lwm2m_payload *payload,
                                      struct lwm2m_sink sink) LWM2M_MUST_CHECK;
/* Writes every record; they have been checked. Observers of what is written may be due. */
enum lwm2m_error lwm2m_payload_apply(const struct lwm2m_payload *payload) LWM2M_MUST_CHECK;

#endif
