/*
 * The port of a POSIX host: malloc, a clock that goes on while the machine sleeps, the kernel's
 * random numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_HOST_PORT_H
#define LWM2M_HOST_PORT_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/port.h>

#define LWM2M_HOST_PORT_RANDOM_BYTES 512

/*
 * In the caller's memory, for one thread, and not to be moved or copied once initialised. Every
 * child process that goes on using the library initialises one of its own, so that the two do not
 * draw the same random numbers.
 */
struct lwm2m_host_port {
    struct lwm2m_port port; /* what everything else is handed */
    void *log_context;      /* private */
    void (*log)(void *context, enum lwm2m_log_level level, const char *text); /* private */
    uint8_t
        random[LWM2M_HOST_PORT_RANDOM_BYTES]; /* private: drawn in advance; used bytes are wiped */
    size_t random_left;                       /* private */
};

/*
 * log gets every message, with log_context, as struct lwm2m_port says; NULL: nothing is logged. A
 * broken invariant is written to the standard error and ends the process by abort.
 */
void lwm2m_host_port_init(struct lwm2m_host_port *host,
                          void (*log)(void *context, enum lwm2m_log_level level, const char *text),
                          void *log_context);

/* Wipes what is left of the random numbers; accepts zeroed memory. */
void lwm2m_host_port_release(struct lwm2m_host_port *host);

#endif
