/*
 * Fuzzes block-wise transfer: the input is a conversation in which peers and the engine send,
 * answer, fail and cancel what they like. Whatever they do, no memory is left when the bodies' time
 * is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/timers.h>

#include "support/scripted_transport.h"
#include "support/virtual_port.h"

#define BODY_BYTES 4096
#define TOTAL_BYTES 20000
#define ENGINE_MAX 8
#define STEPS_MAX 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct conversation {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct scripted_transport below;
    struct lwm2m_blockwise *blockwise;
    struct lwm2m_bytes input;
    uint8_t body[BODY_BYTES];
    /* What the engine has under way. */
    struct {
        struct lwm2m_exchange *exchange;
        bool observes;
    } requests[ENGINE_MAX];
    struct {
        struct lwm2m_incoming *incoming;
        struct lwm2m_peer *peer;
    } incomings[ENGINE_MAX];
};

static uint8_t take_byte(struct conversation *conversation)
{
    uint8_t byte;

    if (conversation->input.length == 0) {
        return 0;
    }
    byte = *conversation->input.data++;
    conversation->input.length--;
    return byte;
}

/* A message with options from the input, and a payload of the length that the input says. */
static bool take_message(struct conversation *conversation, uint8_t code, uint8_t memory[68],
                         struct lwm2m_message *message)
{
    size_t length = take_byte(conversation) % 64;
    size_t payload = 16u * (take_byte(conversation) % 80);

    if (length > conversation->input.length) {
        length = conversation->input.length;
    }
    memcpy(memory, ((const uint8_t[]){0x40, code, 0, 0}), 4);
    if (length > 0) {
        memcpy(memory + 4, conversation->input.data, length);
    }
    conversation->input.data += length;
    conversation->input.length -= length;
    if (lwm2m_message_decode((struct lwm2m_bytes){memory, 4 + length}, message, NULL) != LWM2M_OK) {
        return false;
    }
    if (message->payload.length == 0) {
        message->payload = (struct lwm2m_bytes){conversation->body, payload};
    }
    message->token = (struct lwm2m_token){1, {code & 3}};
    return true;
}

/* ---- the engine ---- */

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct conversation *conversation = context;
    struct lwm2m_option option;

    if (lwm2m_message_find_option(message, LWM2M_OPTION_BLOCK1, &option) ||
        lwm2m_message_find_option(message, LWM2M_OPTION_BLOCK2, &option)) {
        abort();
    }
    for (size_t i = 0; i < ENGINE_MAX; i++) {
        if (conversation->incomings[i].incoming == NULL) {
            conversation->incomings[i].incoming = incoming;
            conversation->incomings[i].peer = peer;
            return;
        }
    }
    lwm2m_incoming_respond_code(peer, incoming, 0xa3);
}

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct conversation *conversation = context;
    struct lwm2m_option option;
    bool stays = response->error == LWM2M_OK && response->message->code >> 5 == 2 &&
                 lwm2m_message_find_option(response->message, LWM2M_OPTION_OBSERVE, &option);

    for (size_t i = 0; i < ENGINE_MAX; i++) {
        if (conversation->requests[i].exchange == exchange &&
            !(conversation->requests[i].observes && stays)) {
            conversation->requests[i].exchange = NULL;
        }
    }
}

static void engine_asks(struct conversation *conversation, uint8_t choice)
{
    struct lwm2m_peer *peer = &conversation->below.peers[choice % 2].peer;
    struct lwm2m_request request = {.context = conversation, .on_response = on_response};
    struct lwm2m_message message;
    uint8_t memory[68];
    size_t slot = take_byte(conversation) % ENGINE_MAX;
    struct lwm2m_option option;

    if (!take_message(conversation, 1 + choice % 7, memory, &message) ||
        lwm2m_message_find_option(&message, LWM2M_OPTION_BLOCK1, &option) ||
        lwm2m_message_find_option(&message, LWM2M_OPTION_BLOCK2, &option) ||
        conversation->requests[slot].exchange != NULL) {
        return;
    }
    request.method = message.code;
    request.options = message.options;
    request.payload = message.payload;
    request.observe = lwm2m_message_option_or(&message, LWM2M_OPTION_OBSERVE, 1) == 0;
    conversation->requests[slot].observes = request.observe;
    if (lwm2m_peer_request(peer, &request, &conversation->requests[slot].exchange) != LWM2M_OK) {
        conversation->requests[slot].exchange = NULL;
    }
}

static void engine_answers(struct conversation *conversation, uint8_t choice)
{
    size_t slot = choice % ENGINE_MAX;
    struct lwm2m_incoming *incoming = conversation->incomings[slot].incoming;
    struct lwm2m_message message;
    uint8_t memory[68];

    if (!take_message(conversation, (choice & 8) != 0 ? 0x45 : 0x84, memory, &message) ||
        incoming == NULL) {
        return;
    }
    conversation->incomings[slot].incoming = NULL;
    if (lwm2m_incoming_respond(conversation->incomings[slot].peer, incoming, &message) !=
        LWM2M_OK) {
        return;
    }
}

static void engine_notifies(struct conversation *conversation, uint8_t choice)
{
    struct lwm2m_message message;
    uint8_t memory[68];

    if (take_message(conversation, 0x45, memory, &message) &&
        lwm2m_peer_notify(&conversation->below.peers[choice % 2].peer, &message, true) !=
            LWM2M_OK) {
        return;
    }
}

static void engine_cancels(struct conversation *conversation, uint8_t choice)
{
    size_t slot = choice % ENGINE_MAX;
    struct lwm2m_exchange *exchange = conversation->requests[slot].exchange;

    conversation->requests[slot].exchange = NULL;
    if (exchange != NULL) {
        lwm2m_exchange_cancel(&conversation->below.peers[0].peer, exchange);
    }
}

/* ---- the peers ---- */

static void peer_asks(struct conversation *conversation, uint8_t choice)
{
    struct lwm2m_message message;
    uint8_t memory[68];

    if (take_message(conversation, 1 + choice / 2 % 7, memory, &message)) {
        scripted_receive_message(&conversation->below, choice % 2, &message);
    }
}

static void peer_answers(struct conversation *conversation, uint8_t choice)
{
    static const uint8_t codes[] = {0x45, 0x44, 0x5f, 0x8d, 0x88, 0x84, 0x41, 0x45};
    struct scripted_request *sent = conversation->below.requests;
    struct lwm2m_response response = {.error = LWM2M_OK};
    struct lwm2m_message message;
    struct lwm2m_option option;
    uint8_t memory[68];

    for (uint8_t skip = choice & 3; sent != NULL && (!sent->open || skip-- > 0);) {
        sent = sent->next;
    }
    if (!take_message(conversation, codes[choice >> 5], memory, &message) || sent == NULL) {
        return;
    }
    if ((choice & 4) != 0) {
        scripted_fail(&conversation->below, sent, LWM2M_TIMEOUT);
        return;
    }
    response.message = &message;
    sent->open = sent->request.observe && message.code >> 5 == 2 &&
                 lwm2m_message_find_option(&message, LWM2M_OPTION_OBSERVE, &option);
    sent->request.on_response(sent->request.context, (struct lwm2m_exchange *)sent, &response);
}

static void time_passes(struct conversation *conversation, uint8_t choice)
{
    conversation->port.now_ms += 200u * choice;
    lwm2m_timers_step(&conversation->timers);
}

static void begin(struct conversation *conversation)
{
    static const struct lwm2m_receiver receiver = {.request = on_request};
    struct lwm2m_blockwise_config config;

    virtual_port_init(&conversation->port, 1);
    lwm2m_timers_init(&conversation->timers, &conversation->port.port);
    scripted_transport_init(&conversation->below);
    lwm2m_blockwise_config_init(&config);
    config.timers = &conversation->timers;
    config.below = &conversation->below.transport;
    config.max_total_bytes = TOTAL_BYTES;
    config.max_body_bytes = BODY_BYTES;
    config.block_bytes = 16u << take_byte(conversation) % 7;
    config.max_observations = 2;
    if (lwm2m_blockwise_new(&config, &conversation->blockwise) != LWM2M_OK) {
        abort();
    }
    lwm2m_transport_set_receiver(lwm2m_blockwise_transport(conversation->blockwise), &receiver,
                                 conversation);
    for (size_t i = 0; i < SCRIPTED_PEERS; i++) {
        conversation->below.peers[i].peer.transport = conversation->below.transport.top;
    }
}

static void end(struct conversation *conversation)
{
    for (size_t i = 0; i < ENGINE_MAX; i++) {
        engine_cancels(conversation, (uint8_t)i);
    }
    for (size_t i = 0; i < ENGINE_MAX; i++) {
        if (conversation->incomings[i].incoming != NULL) {
            lwm2m_incoming_drop(conversation->incomings[i].peer,
                                conversation->incomings[i].incoming);
        }
    }
    time_passes(conversation, 150);
    if (lwm2m_blockwise_bytes(conversation->blockwise) != 0) {
        abort();
    }
    lwm2m_blockwise_free(conversation->blockwise);
    scripted_transport_release(&conversation->below);
    if (conversation->port.allocations != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const steps[])(struct conversation * conversation, uint8_t choice) = {
        peer_asks,      peer_asks,       peer_answers,   peer_answers, engine_asks,
        engine_answers, engine_notifies, engine_cancels, time_passes,
    };
    struct conversation *conversation = calloc(1, sizeof(*conversation));

    if (conversation == NULL) {
        abort();
    }
    conversation->input = (struct lwm2m_bytes){data, size};
    begin(conversation);
    for (size_t i = 0; i < STEPS_MAX && conversation->input.length > 0; i++) {
        uint8_t step = take_byte(conversation);
        uint8_t choice = take_byte(conversation);
        steps[step % (sizeof(steps) / sizeof(steps[0]))](conversation, choice);
        if (lwm2m_blockwise_bytes(conversation->blockwise) > TOTAL_BYTES + ENGINE_MAX * 1280) {
            abort();
        }
    }
    end(conversation);
    free(conversation);
    return 0;
}
