/*
 * Queue mode, of the device towards one server.
 *
 *     state     what happens                        next state
 *     awake     a message leaves or comes           awake, for the awake time from now
 *               the awake time is over              asleep
 *               the same, and an answer is missing  awake, until it is there
 *     asleep    a message comes                     asleep: it is dropped
 *               a message leaves                    awake, for the awake time
 *
 * The program hears of it from a timer, never while a message is put together: it may send one of its
 * own from within the event.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/queue_mode.h"

#include "client/engine.h"

static void emit(struct lwm2m_account *account, enum lwm2m_client_event_type type)
{
    struct lwm2m_client_event event = {
        .type = type,
        .ssid = account->ssid,
        .path = lwm2m_path_root(),
        .content_format = LWM2M_NO_FORMAT,
    };

    lwm2m_client_emit(account->client, &event);
}

static void fire(struct lwm2m_timer *timer)
{
    struct lwm2m_queue_mode *mode = LWM2M_CONTAINER_OF(timer, struct lwm2m_queue_mode, timer);
    struct lwm2m_account *account = LWM2M_CONTAINER_OF(mode, struct lwm2m_account, queue_mode);

    if (mode->waking) {
        mode->waking = false;
        lwm2m_timer_arm_in(account->client->config.timers, timer, account->client->config.awake_ms);
        emit(account, LWM2M_CLIENT_AWAKE);
        return;
    }
    /* The answer will touch it again. */
    if (account->exchange != NULL || !lwm2m_list_is_empty(&account->sends)) {
        return;
    }
    mode->asleep = true;
    emit(account, LWM2M_CLIENT_ASLEEP);
}

void lwm2m_queue_mode_touch(struct lwm2m_account *account)
{
    struct lwm2m_queue_mode *mode = &account->queue_mode;

    if (!account->told.queue_mode || !lwm2m_client_registration_is_registered(account)) {
        lwm2m_queue_mode_end(account);
        return;
    }
    mode->timer.fire = fire;
    mode->waking = mode->waking || mode->asleep;
    mode->asleep = false;
    lwm2m_timer_arm_in(account->client->config.timers, &mode->timer,
                       mode->waking ? 0 : account->client->config.awake_ms);
}

void lwm2m_queue_mode_end(struct lwm2m_account *account)
{
    lwm2m_timer_disarm(account->client->config.timers, &account->queue_mode.timer);
    account->queue_mode.asleep = false;
    account->queue_mode.waking = false;
}
