/*
 * Fuzzes what devices send to a server: requests as CoAP messages, one after the other, each with a
 * length before it. The server answers every one once, and its books stay in order. What it hands
 * on of a Send can be decoded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/message.h>
#include <lwm2m/server.h>
#include <lwm2m/status.h>

struct harness {
    struct lwm2m_transport transport;
    struct lwm2m_peer peers[2];
    int retained;
    int answers;
    uint64_t now_ms;
    uint64_t random;
    size_t allocations;
    size_t live;
    /* The id of the last registration, which the fuzzer cannot guess: "@" stands for it in a path.
     */
    char id[LWM2M_REGISTRATION_ID_MAX];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* ---- the port ---- */

static void *allocate(void *context, size_t size)
{
    struct harness *harness = context;

    harness->allocations++;
    return malloc(size);
}

static void release(void *context, void *memory)
{
    struct harness *harness = context;

    harness->allocations -= memory != NULL;
    free(memory);
}

static uint64_t now_ms(void *context)
{
    return ((struct harness *)context)->now_ms;
}

static void fill_random(void *context, void *memory, size_t length)
{
    struct harness *harness = context;
    uint8_t *bytes = memory;

    for (size_t i = 0; i < length; i++) {
        harness->random = harness->random * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (uint8_t)(harness->random >> 56);
    }
}

static void assert_failed(void *context, const char *file, int line, const char *condition)
{
    (void)context;
    (void)file;
    (void)line;
    (void)condition;
    abort();
}

/* ---- the transport ---- */

static enum lwm2m_error respond(struct lwm2m_transport *self, struct lwm2m_incoming *incoming,
                                const struct lwm2m_message *message)
{
    struct harness *harness = (struct harness *)self;

    (void)incoming;
    check(message != NULL && message->code >= 0x40);
    harness->answers++;
    return LWM2M_OK;
}

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)peer;
    ((struct harness *)self)->retained++;
}

static void let_go(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)peer;
    check(((struct harness *)self)->retained-- > 0);
}

static enum lwm2m_security identity(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *bytes)
{
    (void)self;
    (void)peer;
    *bytes = (struct lwm2m_bytes){NULL, 0};
    return LWM2M_SECURITY_NONE;
}

static const struct lwm2m_transport_operations operations = {
    .respond = respond,
    .retain = retain,
    .release = let_go,
    .identity = identity,
};

/* ---- what is fuzzed ---- */

static enum lwm2m_error take_record(void *context, const struct lwm2m_record *record)
{
    (void)context;
    check(record->path.level > LWM2M_LEVEL_ROOT);
    return LWM2M_OK;
}

static void note_event(void *context, const struct lwm2m_server_event *event)
{
    struct harness *harness = context;

    if (event->type == LWM2M_SERVER_REGISTERED) {
        memcpy(harness->id, event->registration->id, sizeof harness->id);
    }
    if (event->type == LWM2M_SERVER_SENT) {
        check(lwm2m_outcome_decode(event->content, (struct lwm2m_sink){NULL, take_record}, NULL) ==
              LWM2M_OK);
    }
    harness->live += event->type == LWM2M_SERVER_REGISTERED;
    harness->live -=
        event->type == LWM2M_SERVER_DEREGISTERED || event->type == LWM2M_SERVER_REPLACED;
}

/* Copies the options; a path segment "@" becomes the id of the last registration. */
static void copy_options(const struct harness *harness, const struct lwm2m_message *message,
                         struct lwm2m_options *options)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number == LWM2M_OPTION_URI_PATH && lwm2m_bytes_equal_text(option.value, "@")) {
            lwm2m_options_append_text(options, option.number, harness->id);
        } else {
            lwm2m_options_append(options, option.number, option.value);
        }
    }
}

static void send(struct harness *harness, struct lwm2m_bytes datagram)
{
    struct lwm2m_message message;
    struct lwm2m_options options;
    uint8_t memory[4096];
    int answers = harness->answers;

    if (lwm2m_message_decode(datagram, &message, NULL) != LWM2M_OK) {
        return;
    }
    lwm2m_options_init(&options, memory, sizeof memory);
    copy_options(harness, &message, &options);
    if (lwm2m_options_check(&options) != LWM2M_OK) {
        return;
    }
    message.options = lwm2m_options_bytes(&options);
    /* The type of the message chooses which of two peers sends it. */
    harness->transport.receiver->request(harness->transport.receiver_context,
                                         (struct lwm2m_incoming *)harness,
                                         &harness->peers[message.type & 1], &message);
    check(harness->answers == answers + 1);
}

static void run(struct harness *harness, struct lwm2m_server *server, struct lwm2m_timers *timers,
                struct lwm2m_bytes input)
{
    while (input.length > 0) {
        size_t length = input.data[0];
        if (length > input.length - 1) {
            length = input.length - 1;
        }
        send(harness, (struct lwm2m_bytes){input.data + 1, length});
        input = (struct lwm2m_bytes){input.data + 1 + length, input.length - 1 - length};
        harness->now_ms += 1000;
        lwm2m_timers_step(timers);
        check(harness->live == lwm2m_server_registration_count(server));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct harness harness = {.transport = {.operations = &operations}, .random = 1};
    const struct lwm2m_port port = {
        .context = &harness,
        .allocate = allocate,
        .release = release,
        .now_ms = now_ms,
        .random = fill_random,
        .assert_failed = assert_failed,
    };
    struct lwm2m_server_config config;
    struct lwm2m_timers timers;
    struct lwm2m_server *server;

    harness.transport.top = &harness.transport;
    harness.peers[0].transport = &harness.transport;
    harness.peers[1].transport = &harness.transport;
    lwm2m_timers_init(&timers, &port);
    lwm2m_server_config_init(&config);
    config.timers = &timers;
    config.context = &harness;
    config.on_event = note_event;
    config.max_registrations = 4;
    config.max_links = 8;
    if (lwm2m_server_new(&config, &server) != LWM2M_OK) {
        return 0;
    }
    lwm2m_server_attach(server, &harness.transport);
    run(&harness, server, &timers, (struct lwm2m_bytes){data, size});
    lwm2m_server_free(server);
    check(harness.allocations == 0 && harness.retained == 0);
    return 0;
}
