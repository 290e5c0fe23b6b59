/*
 * What a simulated device costs: the time until it is registered, and memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwm2m/message.h>
#include <lwm2m/status.h>

#include "bench/process.h"
#include "bench/rows.h"

#define RUNS 30
#define PATIENCE_S 5

static int open_registrar(char uri[64])
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(name);
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &length) != 0) {
        give_up("no socket to register at: %s", strerror(errno));
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    snprintf(uri, 64, "coap://127.0.0.1:%u", (unsigned)ntohs(name.sin_port));
    return fd;
}

/* Answers a Register with 2.01 and a location, and nothing else: all that a device needs. */
static void answer_register(int fd)
{
    static const uint8_t location[] = {0x82, 'r', 'd', 0x01, '0'}; /* Location-Path, twice */
    struct sockaddr_in from;
    socklen_t length = sizeof(from);
    uint8_t bytes[2048];
    ssize_t received = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length);
    struct lwm2m_message message;
    struct lwm2m_buffer buffer;

    if (received <= 0 ||
        lwm2m_message_decode((struct lwm2m_bytes){bytes, (size_t)received}, &message, NULL) !=
            LWM2M_OK ||
        message.code != LWM2M_METHOD_POST) {
        give_up("the device does not register");
    }
    message.type = LWM2M_MESSAGE_ACK;
    message.code = 0x41; /* 2.01 */
    message.options = (struct lwm2m_bytes){location, sizeof(location)};
    message.payload = (struct lwm2m_bytes){NULL, 0};
    lwm2m_buffer_init(&buffer, bytes, sizeof(bytes));
    if (lwm2m_message_encode(&message, &buffer) != LWM2M_OK ||
        sendto(fd, bytes, buffer.length, 0, (struct sockaddr *)&from, length) < 0) {
        give_up("the device cannot be answered");
    }
}

/* Starts a device; it has been answered when this returns. */
static pid_t start_device(const struct programs *programs, const char *uri, int fd)
{
    char path[64];
    pid_t device;

    snprintf(path, sizeof(path), "/tmp/lwm2m-bench-%d-device.sock", (int)getpid());
    const char *const arguments[] = {programs->lwm2m, "client",   "-u", uri, "-e",
                                     "bench",         "--socket", path, NULL};
    device = process_start(arguments, ANY_CORE, NULL);
    answer_register(fd);
    unlink(path);
    return device;
}

static double start_ms(const struct programs *programs, const char *uri, int fd)
{
    uint64_t start_ns = now_ns();
    pid_t device = start_device(programs, uri, fd);
    uint64_t end_ns = now_ns();

    process_end(device);
    return (double)(end_ns - start_ns) / 1e6;
}

static double private_mb(const struct programs *programs, const char *uri, int fd)
{
    const char *const arguments[] = {programs->empty, NULL};
    pid_t device = start_device(programs, uri, fd);
    pid_t empty = process_start(arguments, ANY_CORE, NULL);
    uint64_t more;

    usleep(200000);
    more = process_private_bytes(device) - process_private_bytes(empty);
    process_end(device);
    process_end(empty);
    return (double)(int64_t)more / 1e6;
}

void measure_device(const struct programs *programs, struct report *report)
{
    double times_ms[RUNS];
    char uri[64];
    int fd = open_registrar(uri);
    double mb = private_mb(programs, uri, fd);

    for (size_t i = 0; i < RUNS; i++) {
        times_ms[i] = start_ms(programs, uri, fd);
    }
    close(fd);
    const struct report_row rows[] = {
        {"device_start_ms", median(times_ms, RUNS), "ms", 6},
        {"device_private_mb", mb, "MB", 2},
    };
    report_add(report, &rows[0]);
    report_add(report, &rows[1]);
}
