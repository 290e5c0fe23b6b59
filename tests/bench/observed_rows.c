/*
 * What a device costs that is observed: a core's time for a notification that it sends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <lwm2m/lwm2m.h>

#include "bench/process.h"
#include "bench/rows.h"

#define OBJECT 3303
#define RESOURCE 5700
#define OBSERVED 64 /* as many as leave at once */
#define ROUNDS 2000
#define REPEATS 5

/* The device in this process, and the plain socket that its notifications come to. */
struct observed {
    struct lwm2m_host *host;
    struct lwm2m_listener *listener;
    struct lwm2m_client *client;
    struct lwm2m_object *object;
    int receiver;
    struct sockaddr_in device; /* where it sends from */
    uint8_t last[256];
    size_t last_length;
};

static void ensure(enum lwm2m_error error, const char *what)
{
    if (error != LWM2M_OK) {
        give_up("the observed device: %s: %s", what, lwm2m_error_text(error));
    }
}

static uint64_t cpu_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int open_socket(struct sockaddr_in *name)
{
    socklen_t length = sizeof(*name);
    int bytes = 4 << 20;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    *name = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || bind(fd, (struct sockaddr *)name, sizeof(*name)) != 0 ||
        getsockname(fd, (struct sockaddr *)name, &length) != 0) {
        give_up("no socket for the observer: %s", strerror(errno));
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    return fd;
}

static void turn(const struct observed *observed)
{
    ensure(lwm2m_loop_turn(lwm2m_host_loop(observed->host), 0), "loop");
}

/* Takes one datagram, if one is there. */
static bool receive(struct observed *observed)
{
    socklen_t length = sizeof(observed->device);
    ssize_t received = recvfrom(observed->receiver, observed->last, sizeof(observed->last), 0,
                                (struct sockaddr *)&observed->device, &length);

    observed->last_length = received < 0 ? 0 : (size_t)received;
    return received >= 0;
}

static void await(struct observed *observed)
{
    uint64_t start_ns = now_ns();

    while (!receive(observed)) {
        turn(observed);
        if (now_ns() - start_ns > 5000000000u) {
            give_up("the observed device is silent");
        }
    }
}

static void send_message(const struct observed *observed, const struct lwm2m_message *message)
{
    uint8_t memory[256];
    struct lwm2m_buffer out;

    lwm2m_buffer_init(&out, memory, sizeof(memory));
    ensure(lwm2m_message_encode(message, &out), "message");
    if (sendto(observed->receiver, memory, out.length, 0,
               (const struct sockaddr *)&observed->device, sizeof(observed->device)) < 0) {
        give_up("the observed device cannot be reached: %s", strerror(errno));
    }
}

static void add_objects(struct observed *observed, const char *uri)
{
    const struct lwm2m_port *port = lwm2m_host_port(observed->host);
    const struct lwm2m_security_account where = {.uri = uri, .ssid = 1, .security_mode = 3};
    const struct lwm2m_server_account how = {.ssid = 1, .lifetime_s = 86400, .binding = "U"};
    const struct lwm2m_defined_object thermometers = {.table = {.port = port}, .id = OBJECT};
    struct lwm2m_object *security, *server;

    ensure(lwm2m_security_object_new(port, &lwm2m_registry, &security), "object 0");
    ensure(lwm2m_security_object_add(security, &where), "account");
    ensure(lwm2m_server_object_new(port, &lwm2m_registry, &server), "object 1");
    ensure(lwm2m_server_object_add(server, &how), "account");
    ensure(lwm2m_defined_object_new(&thermometers, &lwm2m_registry, &observed->object), "object");
    ensure(lwm2m_client_add_object(observed->client, security), "object 0");
    ensure(lwm2m_client_add_object(observed->client, server), "object 1");
    ensure(lwm2m_client_add_object(observed->client, observed->object), "object");
}

static void set_all(const struct observed *observed, double number)
{
    for (uint16_t i = 0; i < OBSERVED; i++) {
        ensure(lwm2m_table_object_set(observed->object, lwm2m_path_resource(OBJECT, i, RESOURCE),
                                      lwm2m_value_float(number)),
               "value");
    }
}

static void start(struct observed *observed)
{
    struct sockaddr_in name;
    struct lwm2m_listener_config network;
    struct lwm2m_client_config config;
    char uri[64];

    observed->receiver = open_socket(&name);
    snprintf(uri, sizeof(uri), "coap://127.0.0.1:%u", (unsigned)ntohs(name.sin_port));
    lwm2m_listener_config_init(&network);
    ensure(lwm2m_host_new(NULL, NULL, &observed->host), "host");
    ensure(lwm2m_host_listen(observed->host, &network, &observed->listener), "listener");
    lwm2m_client_config_init(&config);
    config.timers = lwm2m_host_timers(observed->host);
    config.connector = lwm2m_listener_connector(observed->listener);
    config.endpoint_name = "bench";
    ensure(lwm2m_client_new(&config, &observed->client), "client");
    lwm2m_client_attach(observed->client, lwm2m_listener_transport(observed->listener));
    add_objects(observed, uri);
    set_all(observed, 0);
    ensure(lwm2m_client_start(observed->client), "start");
}

/* Answers the Register, and observes every thermometer. */
static void observe_all(struct observed *observed)
{
    static const uint8_t location[] = {0x82, 'r', 'd', 0x01, '0'}; /* Location-Path, twice */
    struct lwm2m_message message;

    await(observed);
    ensure(lwm2m_message_decode((struct lwm2m_bytes){observed->last, observed->last_length},
                                &message, NULL),
           "register");
    message.type = LWM2M_MESSAGE_ACK;
    message.code = lwm2m_status_code(LWM2M_STATUS_CREATED);
    message.options = (struct lwm2m_bytes){location, sizeof(location)};
    message.payload = (struct lwm2m_bytes){NULL, 0};
    send_message(observed, &message);
    for (uint8_t i = 0; i < OBSERVED; i++) {
        uint8_t memory[32];
        struct lwm2m_options options;
        char instance[LWM2M_NUMBER_TEXT_MAX];

        lwm2m_number_print_unsigned(i, instance);
        lwm2m_options_init(&options, memory, sizeof(memory));
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, 0);
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "3303");
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, instance);
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "5700");
        message = (struct lwm2m_message){.type = LWM2M_MESSAGE_CON,
                                         .code = LWM2M_METHOD_GET,
                                         .message_id = (uint16_t)(1000 + i),
                                         .token = {1, {i}},
                                         .options = lwm2m_options_bytes(&options)};
        send_message(observed, &message);
        await(observed);
    }
}

/* A core's time for each notification, from the change of the value to the kernel. */
static double notify(struct observed *observed)
{
    uint64_t spent_ns = 0;
    static double number;

    for (size_t round = 0; round < ROUNDS; round++) {
        uint64_t start_ns = cpu_ns();

        number += 1;
        set_all(observed, number);
        turn(observed);
        spent_ns += cpu_ns() - start_ns;
        for (size_t i = 0; i < OBSERVED; i++) {
            await(observed);
        }
    }
    return (double)spent_ns / 1000.0 / (ROUNDS * OBSERVED);
}

/* The same datagrams, as they were, with one sendmmsg for all. */
static double send_raw(struct observed *observed)
{
    struct sockaddr_in name, to;
    socklen_t length = sizeof(to);
    struct iovec part = {observed->last, observed->last_length};
    struct mmsghdr messages[OBSERVED];
    uint64_t spent_ns = 0;
    int fd = open_socket(&name);

    getsockname(observed->receiver, (struct sockaddr *)&to, &length);
    memset(messages, 0, sizeof(messages));
    for (size_t i = 0; i < OBSERVED; i++) {
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part, .msg_iovlen = 1};
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        uint64_t start_ns = cpu_ns();

        if (sendmmsg(fd, messages, OBSERVED, 0) != OBSERVED) {
            give_up("raw datagrams cannot be sent: %s", strerror(errno));
        }
        spent_ns += cpu_ns() - start_ns;
        for (size_t i = 0; i < OBSERVED; i++) {
            while (!receive(observed)) {
            }
        }
    }
    close(fd);
    return (double)spent_ns / 1000.0 / (ROUNDS * OBSERVED);
}

void measure_observed(struct report *report)
{
    struct observed observed = {.receiver = -1};
    double ratios[REPEATS];
    double us = 0, raw_us = 0;

    start(&observed);
    observe_all(&observed);
    for (size_t i = 0; i < REPEATS; i++) {
        us = notify(&observed);
        raw_us = send_raw(&observed);
        ratios[i] = us / raw_us;
    }
    printf("%-40s %6.2f us of a core each; raw %.2f us\n", "notification sent, 64 resources", us,
           raw_us);
    report_add(report,
               &(struct report_row){"observe_notify_vs_raw", median(ratios, REPEATS), "ratio", 2});
    lwm2m_client_free(observed.client);
    lwm2m_host_free(observed.host);
    close(observed.receiver);
}
