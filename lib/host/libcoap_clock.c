/*
 * What libcoap keeps for the whole process: where it takes the time from, and where its messages
 * go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "host/libcoap_state.h"

/* libcoap's level of errors, by its number: the names changed between versions. */
#define LIBCOAP_ERRORS ((coap_log_t)3)

/* libcoap's handlers of time and log get no context, and each of its contexts stays on one thread.
 */
static _Thread_local struct {
    const struct lwm2m_port *port;
    unsigned clock_reads;
} this_thread;

uint64_t lwm2m_libcoap_clock_ms(void)
{
    struct timespec now;

    this_thread.clock_reads++;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What libcoap calls an alert, such as a reset that came, is nothing that a person has to act on.
 */
static void log_message(coap_log_t level, const char *message)
{
    char line[160];
    size_t length = strnlen(message, sizeof(line) - 1);

    (void)level;
    memcpy(line, message, length);
    while (length > 0 && line[length - 1] == '\n') {
        length--;
    }
    line[length] = '\0';
    if (this_thread.port != NULL) {
        LWM2M_LOG(this_thread.port, LWM2M_LOG_INFO, "libcoap: ", line);
    }
}

void lwm2m_libcoap_start_up(const struct lwm2m_port *port)
{
    coap_startup();
    this_thread.port = port;
    coap_set_log_handler(log_message);
    coap_set_log_level(LIBCOAP_ERRORS);
}

void lwm2m_libcoap_forget_log(const struct lwm2m_port *port)
{
    if (this_thread.port == port) {
        this_thread.port = NULL;
    }
}

bool lwm2m_libcoap_clock_is_ours(coap_context_t *context)
{
    unsigned before = this_thread.clock_reads;

    coap_io_process(context, COAP_IO_NO_WAIT);
    return this_thread.clock_reads != before;
}
