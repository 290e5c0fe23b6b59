/*
 * Measures the server engine with its endpoint, without a kernel between: what a Register and an
 * Update cost, and how much memory a device takes, for fleets of growing size.
 *
 *   build/tests/bench/server_bench [DEVICES]
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/server.h>

#define LINKS "</1/0>,</3/0>,</4/0>,</5/0>,</3303/0>,</3303/1>,</3200/0>,</3201/0>"

struct bench {
    struct lwm2m_port port;
    struct lwm2m_timers timers;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_blockwise *blockwise;
    struct lwm2m_server *server;
    uint64_t now_ms;
    uint64_t random;
    uint16_t message_id;
    size_t answers;
    char id[LWM2M_REGISTRATION_ID_MAX];
};

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

static uint64_t now_ms(void *context)
{
    return ((struct bench *)context)->now_ms;
}

static void fill_random(void *context, void *memory, size_t length)
{
    struct bench *bench = context;
    uint8_t *bytes = memory;

    for (size_t i = 0; i < length; i++) {
        bench->random = bench->random * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (uint8_t)(bench->random >> 56);
    }
}

static void assert_failed(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    fprintf(stderr, "%s:%d: %s\n", file, line, condition);
    abort();
}

static void check(bool condition, const char *what)
{
    if (condition) {
        return;
    }
    fprintf(stderr, "server_bench: %s\n", what);
    exit(1);
}

/* The server's answers end here; only their class is looked at. */
static enum lwm2m_error take_answer(void *context, const struct lwm2m_address *to,
                                    struct lwm2m_bytes data)
{
    struct bench *bench = context;

    (void)to;
    bench->answers += data.length >= 4 && data.data[1] >> 5 == 2;
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    (void)address;
    text[0] = '\0';
}

static void set_up(struct bench *bench, struct lwm2m_datagram_link *link)
{
    struct lwm2m_endpoint_config endpoint;
    struct lwm2m_blockwise_config blockwise;
    struct lwm2m_server_config config;

    memset(bench, 0, sizeof *bench);
    bench->port =
        (struct lwm2m_port){bench, allocate, release, now_ms, fill_random, NULL, assert_failed};
    *link = (struct lwm2m_datagram_link){
        .context = bench,
        .send = take_answer,
        .print_address = print_address,
        .max_datagram = 1152,
    };
    lwm2m_timers_init(&bench->timers, &bench->port);
    lwm2m_endpoint_config_init(&endpoint);
    endpoint.timers = &bench->timers;
    endpoint.link = link;
    check(lwm2m_endpoint_new(&endpoint, &bench->endpoint) == LWM2M_OK, "no endpoint");
    lwm2m_blockwise_config_init(&blockwise);
    blockwise.timers = &bench->timers;
    blockwise.below = lwm2m_endpoint_transport(bench->endpoint);
    check(lwm2m_blockwise_new(&blockwise, &bench->blockwise) == LWM2M_OK, "no block-wise");
    lwm2m_server_config_init(&config);
    config.timers = &bench->timers;
    check(lwm2m_server_new(&config, &bench->server) == LWM2M_OK, "no server");
    lwm2m_server_attach(bench->server, lwm2m_blockwise_transport(bench->blockwise));
}

static void tear_down(struct bench *bench)
{
    lwm2m_server_free(bench->server);
    lwm2m_blockwise_free(bench->blockwise);
    lwm2m_endpoint_free(bench->endpoint);
}

/* Sends one request from the address of a device: path[1] and query may be NULL. */
static void send(struct bench *bench, size_t device, const char *const path[2],
                 const char *const query[2], const char *payload)
{
    struct lwm2m_address from = {.address = {[10] = 0xff, 0xff, 127}, .port = 40000};
    struct lwm2m_message message = {.code = LWM2M_METHOD_POST, .message_id = bench->message_id};
    struct lwm2m_options options;
    struct lwm2m_buffer datagram;
    uint8_t memory[512], option_memory[256];

    from.address[13] = (uint8_t)(device >> 16);
    from.address[14] = (uint8_t)(device >> 8);
    from.address[15] = (uint8_t)device;
    lwm2m_options_init(&options, option_memory, sizeof option_memory);
    for (size_t i = 0; i < 2 && path[i]; i++) {
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, path[i]);
    }
    if (payload) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_FORMAT_LINK);
    }
    for (size_t i = 0; i < 2 && query[i]; i++) {
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, query[i]);
    }
    message.options = lwm2m_options_bytes(&options);
    message.payload = lwm2m_bytes_from_text(payload);
    lwm2m_buffer_init(&datagram, memory, sizeof memory);
    check(lwm2m_message_encode(&message, &datagram) == LWM2M_OK, "a request is too long");
    lwm2m_endpoint_receive(bench->endpoint, &from, lwm2m_buffer_bytes(&datagram));
}

static double cpu_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static size_t allocated(void)
{
    struct mallinfo2 information = mallinfo2();

    return information.uordblks + information.hblkhd;
}

static void measure(size_t devices)
{
    static struct bench bench;
    struct lwm2m_datagram_link link;
    const char *register_path[2] = {"rd", NULL};
    const char *no_query[2] = {NULL, NULL};
    char name[48];
    const char *query[2] = {name, "lt=86400"};
    size_t updates = 0;

    set_up(&bench, &link);
    size_t before = allocated();
    double start = cpu_us();
    for (size_t i = 0; i < devices; i++) {
        snprintf(name, sizeof name, "ep=urn:imei:%015zu", i);
        send(&bench, i, register_path, query, LINKS);
    }
    double registers = cpu_us() - start;
    size_t fresh = allocated() - before;
    /* The answers are kept for as long as a device may repeat its request. */
    bench.now_ms += 300000;
    lwm2m_timers_step(&bench.timers);
    size_t settled = allocated() - before;

    start = cpu_us();
    bench.message_id++;
    for (; updates < 200000; bench.message_id++) {
        size_t i = 0;
        const struct lwm2m_registration *registration = NULL;
        bench.now_ms += 60000;
        lwm2m_timers_step(&bench.timers);
        while ((registration = lwm2m_server_next(bench.server, registration))) {
            const char *path[2] = {"rd", registration->id};
            send(&bench, i++, path, no_query, NULL);
            updates++;
        }
    }
    double update = cpu_us() - start;
    check(bench.answers == devices + updates, "not every request succeeded");
    printf("%7zu devices: register %5.2f us, update %5.2f us, %4zu bytes each, later %4zu\n",
           devices, registers / (double)devices, update / (double)updates, fresh / devices,
           settled / devices);
    tear_down(&bench);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        measure(strtoul(argv[1], NULL, 10));
        return 0;
    }
    for (size_t devices = 100; devices <= 100000; devices *= 10) {
        measure(devices);
    }
    return 0;
}
