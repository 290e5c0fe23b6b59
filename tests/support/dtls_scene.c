/*
 * Carries datagrams from one end to the other, in their order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "support/dtls_scene.h"

static enum lwm2m_error carry(void *context, const struct lwm2m_address *to,
                              struct lwm2m_bytes data)
{
    struct dtls_end *end = context;
    struct dtls_scene *scene = end->scene;
    (void)to;
    scene->carried++;
    if (scene->no_alerts && data.length > 0 && data.data[0] == 21) {
        return LWM2M_OK;
    }
    if (scene->lose > 0 && scene->carried % scene->lose == 0) {
        return LWM2M_OK;
    }
    assert_true(scene->count < DTLS_SCENE_QUEUE_MAX && data.length <= DTLS_SCENE_DATAGRAM_MAX);
    struct dtls_scene_datagram *datagram =
        &scene->queue[(scene->first + scene->count++) % DTLS_SCENE_QUEUE_MAX];
    datagram->to = end == &scene->server ? &scene->client : &scene->server;
    datagram->from = end->address;
    datagram->length = data.length;
    memcpy(datagram->bytes, data.data, data.length);
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "%u", address->port);
}

static void hear(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct dtls_end *end = context;
    end->heard_from = *from;
    end->heard_count++;
    snprintf(end->heard, sizeof(end->heard), "%.*s", (int)datagram.length,
             (const char *)datagram.data);
}

static void learn_failure(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct dtls_end *end = context;
    end->failed = *to;
    end->error = error;
    end->fail_count++;
}

static void take_event(void *context, const struct lwm2m_dtls_event *event)
{
    struct dtls_end *end = context;
    end->counts[event->type]++;
    end->failure = event->failure;
    snprintf(end->identity, sizeof(end->identity), "%.*s", (int)event->identity.length,
             (const char *)event->identity.data);
    snprintf(end->detail, sizeof(end->detail), "%s", event->detail != NULL ? event->detail : "");
    end->security = event->security;
    snprintf(end->cipher, sizeof(end->cipher), "%s", event->cipher != NULL ? event->cipher : "");
}

struct lwm2m_psk dtls_scene_psk(const char *identity, const char *key)
{
    return (struct lwm2m_psk){
        .identity = lwm2m_bytes_from_text(identity),
        .key = lwm2m_bytes_from_text(key),
    };
}

void dtls_scene_change(struct dtls_end *end)
{
    lwm2m_credentials_release(end->credentials);
    assert_int_equal(lwm2m_credentials_new(&end->scene->host.port, &end->credentials), LWM2M_OK);
}

void dtls_scene_set_key(struct dtls_scene *scene, const char *identity, const char *key)
{
    struct lwm2m_psk psk = dtls_scene_psk(identity, key);
    dtls_scene_change(&scene->client);
    assert_int_equal(lwm2m_credentials_set_own_psk(scene->client.credentials, &psk), LWM2M_OK);
    lwm2m_dtls_link_set_credentials(scene->client.link, scene->client.credentials);
}

void dtls_scene_open(struct dtls_scene *scene, struct dtls_end *end, bool accepts, uint16_t port,
                     const char *ciphers)
{
    const struct lwm2m_datagram_receiver receiver = {
        .context = end, .receive = hear, .fail = learn_failure};
    struct lwm2m_dtls_link_config config;
    end->scene = scene;
    end->address.port = port;
    end->below = (struct lwm2m_datagram_link){
        .context = end,
        .send = carry,
        .print_address = print_address,
        .max_datagram = DTLS_SCENE_DATAGRAM_MAX,
    };
    if (end->credentials == NULL) {
        assert_int_equal(lwm2m_credentials_new(&scene->host.port, &end->credentials), LWM2M_OK);
    }
    lwm2m_dtls_link_config_init(&config);
    config.timers = &scene->timers;
    config.below = &end->below;
    config.credentials = end->credentials;
    config.accepts = accepts;
    config.ciphers = ciphers;
    config.max_handshakes = 20;
    config.retransmit_ms = 20;
    config.handshake_timeout_ms = 600;
    config.context = end;
    config.on_event = take_event;
    assert_int_equal(lwm2m_dtls_link_new(&config, &end->link), LWM2M_OK);
    lwm2m_dtls_link_set_receiver(end->link, &receiver);
}

struct dtls_scene *dtls_scene_new(const char *ciphers)
{
    struct dtls_scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    scene->queue = calloc(DTLS_SCENE_QUEUE_MAX, sizeof(*scene->queue));
    assert_non_null(scene->queue);
    lwm2m_host_port_init(&scene->host, NULL, NULL);
    lwm2m_timers_init(&scene->timers, &scene->host.port);
    dtls_scene_open(scene, &scene->server, true, 5684, NULL);
    dtls_scene_open(scene, &scene->client, false, 40000, ciphers);
    struct lwm2m_psk psk = dtls_scene_psk("dev-1", "sesame");
    assert_int_equal(lwm2m_credentials_add_psk(scene->server.credentials, &psk), LWM2M_OK);
    dtls_scene_set_key(scene, "dev-1", "sesame");
    return scene;
}

void dtls_scene_free(struct dtls_scene *scene)
{
    lwm2m_dtls_link_free(scene->client.link);
    lwm2m_dtls_link_free(scene->server.link);
    lwm2m_credentials_release(scene->client.credentials);
    lwm2m_credentials_release(scene->server.credentials);
    lwm2m_host_port_release(&scene->host);
    free(scene->queue);
    free(scene);
}

void dtls_scene_deliver(struct dtls_end *to, const struct lwm2m_address *from,
                        struct lwm2m_bytes bytes)
{
    struct lwm2m_datagram_receiver receiver = lwm2m_dtls_link_receiver(to->link);
    receiver.receive(receiver.context, from, bytes);
}

void dtls_scene_settle(struct dtls_scene *scene)
{
    lwm2m_timers_step(&scene->timers);
    while (scene->count > 0) {
        struct dtls_scene_datagram *datagram = &scene->queue[scene->first];
        scene->first = (scene->first + 1) % DTLS_SCENE_QUEUE_MAX;
        scene->count--;
        dtls_scene_deliver(datagram->to, &datagram->from,
                           (struct lwm2m_bytes){datagram->bytes, datagram->length});
        lwm2m_timers_step(&scene->timers);
    }
}

void dtls_scene_settle_until(struct dtls_scene *scene, const struct dtls_end *end,
                             enum lwm2m_dtls_event_type type, size_t count)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    for (int i = 0; i < 2500 && end->counts[type] < count; i++) {
        dtls_scene_settle(scene);
        nanosleep(&pause, NULL);
    }
    assert_true(end->counts[type] >= count);
}

struct lwm2m_address dtls_scene_call(struct dtls_scene *scene)
{
    struct lwm2m_address called;
    assert_int_equal(
        lwm2m_dtls_link_call(scene->client.link, &scene->server.address, "server.test", &called),
        LWM2M_OK);
    return called;
}

enum lwm2m_error dtls_scene_say(struct dtls_end *end, const struct lwm2m_address *to,
                                const char *text)
{
    const struct lwm2m_datagram_link *link = lwm2m_dtls_link_datagrams(end->link);
    return link->send(link->context, to, lwm2m_bytes_from_text(text));
}

size_t dtls_scene_associations(const struct dtls_end *end)
{
    struct lwm2m_dtls_link_statistics statistics;
    lwm2m_dtls_link_statistics_get(end->link, &statistics);
    return statistics.associations;
}
