/*
 * CoAP codes: methods and what a peer answered (RFC 7252 §12.1, RFC 7959, RFC 8132, RFC 9175).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_STATUS_H
#define LWM2M_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/error.h>

/* Methods carry the code of the message: class 0. */
enum lwm2m_method {
    LWM2M_METHOD_GET = 1,
    LWM2M_METHOD_POST = 2,
    LWM2M_METHOD_PUT = 3,
    LWM2M_METHOD_DELETE = 4,
    LWM2M_METHOD_FETCH = 5,
    LWM2M_METHOD_PATCH = 6,
    LWM2M_METHOD_IPATCH = 7,
};

/* The number is the one that people say: class * 100 + detail. */
#define LWM2M_STATUS_LIST(X)                                        \
    X(CREATED, 201, "Created")                                      \
    X(DELETED, 202, "Deleted")                                      \
    X(VALID, 203, "Valid")                                          \
    X(CHANGED, 204, "Changed")                                      \
    X(CONTENT, 205, "Content")                                      \
    X(CONTINUE, 231, "Continue")                                    \
    X(BAD_REQUEST, 400, "Bad Request")                              \
    X(UNAUTHORIZED, 401, "Unauthorized")                            \
    X(BAD_OPTION, 402, "Bad Option")                                \
    X(FORBIDDEN, 403, "Forbidden")                                  \
    X(NOT_FOUND, 404, "Not Found")                                  \
    X(METHOD_NOT_ALLOWED, 405, "Method Not Allowed")                \
    X(NOT_ACCEPTABLE, 406, "Not Acceptable")                        \
    X(REQUEST_ENTITY_INCOMPLETE, 408, "Request Entity Incomplete")  \
    X(CONFLICT, 409, "Conflict")                                    \
    X(PRECONDITION_FAILED, 412, "Precondition Failed")              \
    X(REQUEST_ENTITY_TOO_LARGE, 413, "Request Entity Too Large")    \
    X(UNSUPPORTED_CONTENT_FORMAT, 415, "Unsupported Content-Format") \
    X(UNPROCESSABLE_ENTITY, 422, "Unprocessable Entity")            \
    X(TOO_MANY_REQUESTS, 429, "Too Many Requests")                  \
    X(INTERNAL_SERVER_ERROR, 500, "Internal Server Error")          \
    X(NOT_IMPLEMENTED, 501, "Not Implemented")                      \
    X(BAD_GATEWAY, 502, "Bad Gateway")                              \
    X(SERVICE_UNAVAILABLE, 503, "Service Unavailable")              \
    X(GATEWAY_TIMEOUT, 504, "Gateway Timeout")                      \
    X(PROXYING_NOT_SUPPORTED, 505, "Proxying Not Supported")

enum lwm2m_status {
    LWM2M_STATUS_NONE = 0,
#define LWM2M_STATUS_ENUM(name, number, text) LWM2M_STATUS_##name = number,
    LWM2M_STATUS_LIST(LWM2M_STATUS_ENUM)
#undef LWM2M_STATUS_ENUM
};

/* The code byte of a message: 404 is 0x84. */
uint8_t lwm2m_status_code(enum lwm2m_status status);
/* The reverse, for any code of class 2 to 5, also one that is not in the list. */
enum lwm2m_status lwm2m_status_from_code(uint8_t code);
/* True for 2.xx. */
bool lwm2m_status_is_success(enum lwm2m_status status);
/* "Not Found"; the text of the class for a detail that is not in the list; never NULL. */
const char *lwm2m_status_text(enum lwm2m_status status);
/* "4.04" and a NUL. */
#define LWM2M_STATUS_TEXT_MAX 5
const char *lwm2m_status_print(enum lwm2m_status status, char text[LWM2M_STATUS_TEXT_MAX]);
/* "GET", "POST", …; "0.09" has no name: "?". */
const char *lwm2m_method_name(uint8_t code);

/*
 * What a device or a server answers for an error of its own (LwM2M Core 1.2 §6, wire codes):
 * NOT_FOUND 4.04, NOT_ALLOWED 4.05, UNAUTHORIZED 4.01, FORMAT 4.15, MALFORMED, TYPE, RANGE, ARGUMENT
 * and EXISTS 4.00, TOO_LARGE 4.13, INCOMPLETE 4.08, UNSUPPORTED 5.01, BUSY 5.03, the rest 5.00.
 */
enum lwm2m_status lwm2m_status_from_error(enum lwm2m_error error);

#endif
