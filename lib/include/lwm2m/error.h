/*
 * What can go wrong inside the library: one list gives the enum, the name and the sentence.
 * What a peer answered is another type: enum lwm2m_status (status.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_ERROR_H
#define LWM2M_ERROR_H

#include <stddef.h>

#define LWM2M_ERROR_LIST(X)                                                       \
    X(OK, "done")                                                                 \
    X(NO_MEMORY, "out of memory")                                                 \
    X(NO_SPACE, "the buffer is too small")                                        \
    X(ARGUMENT, "an argument is outside its range")                               \
    X(MALFORMED, "not well formed")                                               \
    X(TYPE, "the value does not fit the type of the resource")                    \
    X(RANGE, "the value is outside its range")                                    \
    X(TOO_LARGE, "larger than the limit")                                         \
    X(UNSUPPORTED, "not supported")                                               \
    X(FORMAT, "the content format is not supported")                              \
    X(NOT_FOUND, "not found")                                                     \
    X(EXISTS, "it exists already")                                                \
    X(NOT_ALLOWED, "the operation is not allowed on this target")                 \
    X(UNAUTHORIZED, "access to this target is not authorized")                    \
    X(STATE, "not possible in the present state")                                 \
    X(BUSY, "the queue is full")                                                  \
    X(TIMEOUT, "no answer in time")                                               \
    X(RESET, "the peer rejected the message with a reset")                        \
    X(UNREACHABLE, "the peer cannot be reached")                                  \
    X(CANCELLED, "cancelled")                                                     \
    X(GONE, "the registration has ended")                                         \
    X(INCOMPLETE, "parts of the body are missing")                                \
    X(SECURITY, "the secure session could not be established")                    \
    X(IO, "input or output failed")

enum lwm2m_error {
#define LWM2M_ERROR_ENUM(name, text) LWM2M_##name,
    LWM2M_ERROR_LIST(LWM2M_ERROR_ENUM)
#undef LWM2M_ERROR_ENUM
    LWM2M_ERROR_COUNT
};

#define LWM2M_MUST_CHECK __attribute__((warn_unused_result))

/* The name as in the enum without its prefix ("NO_MEMORY"); "UNKNOWN" for a number outside it. */
const char *lwm2m_error_name(enum lwm2m_error error);

/* A sentence fragment for people ("out of memory"); never NULL. */
const char *lwm2m_error_text(enum lwm2m_error error);

/*
 * Where and why a decoder or a parser refused its input.
 * reason is a static string that continues "offset 12: ", such as "length runs past the end".
 */
struct lwm2m_fault {
    enum lwm2m_error error;
    size_t offset; /* bytes from the start of the input */
    const char *reason;
};

/* Fills *fault unless fault is NULL, and returns error: `return lwm2m_fault_set(fault, …);` */
enum lwm2m_error lwm2m_fault_set(struct lwm2m_fault *fault, enum lwm2m_error error, size_t offset,
                                 const char *reason);

#endif
