/*
 * The port of a POSIX host, by malloc, CLOCK_BOOTTIME and getrandom.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/host_port.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static void *allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

/* Not cached: the kernel answers this from the process's own memory, in some tens of nanoseconds.
 */
static uint64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
    }
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void draw(uint8_t *memory, size_t length)
{
    while (length > 0) {
        ssize_t drawn = getrandom(memory, length, 0);
        if (drawn < 0) {
            if (errno == EINTR) {
                continue;
            }
            /* Going on would mean guessable tokens and keys. */
            perror("lwm2m: no random numbers");
            abort();
        }
        memory += drawn;
        length -= (size_t)drawn;
    }
}

static void random_bytes(void *context, void *memory, size_t length)
{
    struct lwm2m_host_port *host = context;
    if (length > sizeof(host->random)) {
        draw(memory, length);
        return;
    }
    if (host->random_left < length) {
        draw(host->random, sizeof(host->random));
        host->random_left = sizeof(host->random);
    }
    host->random_left -= length;
    memcpy(memory, host->random + host->random_left, length);
    explicit_bzero(host->random + host->random_left, length);
}

static void log_line(void *context, enum lwm2m_log_level level, const char *text)
{
    const struct lwm2m_host_port *host = context;
    host->log(host->log_context, level, text);
}

static void assert_failed(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    fprintf(stderr, "lwm2m: %s:%d: this should be true: %s\n", file, line, condition);
    abort();
}

void lwm2m_host_port_init(struct lwm2m_host_port *host,
                          void (*log)(void *context, enum lwm2m_log_level level, const char *text),
                          void *log_context)
{
    memset(host, 0, sizeof(*host));
    host->log = log;
    host->log_context = log_context;
    host->port = (struct lwm2m_port){
        .context = host,
        .allocate = allocate,
        .release = release,
        .now_ms = now_ms,
        .random = random_bytes,
        .log = log != NULL ? log_line : NULL,
        .assert_failed = assert_failed,
    };
}

void lwm2m_host_port_release(struct lwm2m_host_port *host)
{
    explicit_bzero(host->random, sizeof(host->random));
    host->random_left = 0;
}
