/*
 * The port: the six functions through which the library reaches the world outside it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_PORT_H
#define LWM2M_PORT_H

#include <stddef.h>
#include <stdint.h>

enum lwm2m_log_level {
    LWM2M_LOG_ERROR,
    LWM2M_LOG_WARNING,
    LWM2M_LOG_INFO,
    LWM2M_LOG_DEBUG,
};

/* A deadline that never comes. */
#define LWM2M_NEVER UINT64_MAX

/*
 * Supplied by the program; borrowed by everything that is handed it, and must outlive all of that.
 * Every member is called from the thread of the caller, and none may call back into the library.
 */
struct lwm2m_port {
    void *context; /* first argument of every member */

    /* size > 0. Returns memory aligned for any type, or NULL when there is none. */
    void *(*allocate)(void *context, size_t size);

    /* Gives back what allocate returned; NULL is allowed and does nothing. */
    void (*release)(void *context, void *memory);

    /* Milliseconds since any fixed moment; never goes back, and goes on while the machine sleeps. */
    uint64_t (*now_ms)(void *context);

    /* Fills memory with unpredictable bytes. Must not return without having done so. */
    void (*random)(void *context, void *memory, size_t length);

    /* text is one line without its end, valid during the call. May be NULL: nothing is logged. */
    void (*log)(void *context, enum lwm2m_log_level level, const char *text);

    /* A broken invariant of the library itself; should not return. */
    void (*assert_failed)(void *context, const char *file, int line, const char *condition);
};

#endif
