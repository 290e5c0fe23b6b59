/*
 * The registration with one server: Register, Update, Deregister, and when.
 *
 *     state          what happens                      next state
 *     WAITING        timer: Register is sent           REGISTERING
 *                    it cannot be sent                 WAITING, back-off
 *     REGISTERING    2.01 with a location              REGISTERED
 *                    4.12, and an older version left   WAITING, at once, in that version
 *                    another answer, or none           WAITING, back-off, or without timer when
 *                                                      the server's policy gives up
 *     REGISTERED     timer, a change, a demand         UPDATING
 *                    the Update cannot be sent         REGISTERED, back-off
 *                    disable, stop                     DEREGISTERING
 *     UPDATING       2.04                              REGISTERED
 *                    another answer, or none           WAITING, at once
 *                    disable, stop                     DEREGISTERING
 *     DEREGISTERING  any answer, or none               WAITING: for the time of the disable, or
 *                                                      without timer if the client stops
 *     any            forget, network gone              WAITING without timer (REGISTERED stays)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "client/engine.h"
#include "client/registration_message.h"
#include "client/retry.h"
#include "client/send.h"
#include "client/server_policy.h"

static void send_register(struct lwm2m_account *account);
static void send_update(struct lwm2m_account *account);
static void handle_register_answer(struct lwm2m_account *account,
                                   const struct lwm2m_response *response);
static void handle_update_answer(struct lwm2m_account *account,
                                 const struct lwm2m_response *response);
static void handle_deregister_answer(struct lwm2m_account *account,
                                     const struct lwm2m_response *response);

/* NULL: in that state the timer is not armed, or no request is under way. */
static const struct {
    void (*on_timer)(struct lwm2m_account *account);
    void (*on_answer)(struct lwm2m_account *account, const struct lwm2m_response *response);
} behaviours[] = {
    [LWM2M_ACCOUNT_WAITING] = {send_register, NULL},
    [LWM2M_ACCOUNT_REGISTERING] = {NULL, handle_register_answer},
    [LWM2M_ACCOUNT_REGISTERED] = {send_update, NULL},
    [LWM2M_ACCOUNT_UPDATING] = {NULL, handle_update_answer},
    [LWM2M_ACCOUNT_DEREGISTERING] = {NULL, handle_deregister_answer},
};

static struct lwm2m_timers *timers_of(const struct lwm2m_account *account)
{
    return account->client->config.timers;
}

static void fire(struct lwm2m_timer *timer)
{
    struct lwm2m_account *account = LWM2M_CONTAINER_OF(timer, struct lwm2m_account, timer);

    if (behaviours[account->state].on_timer != NULL && !account->client->offline) {
        behaviours[account->state].on_timer(account);
    }
}

static void enter(struct lwm2m_account *account, enum lwm2m_account_state state, uint64_t delay_ms)
{
    account->state = state;
    account->timer.fire = fire;
    lwm2m_timer_arm_in(timers_of(account), &account->timer, delay_ms);
}

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct lwm2m_account *account = context;

    (void)exchange;
    account->exchange = NULL;
    if (behaviours[account->state].on_answer != NULL) {
        behaviours[account->state].on_answer(account, response);
    }
}

static void cancel_exchange(struct lwm2m_account *account)
{
    if (account->exchange != NULL) {
        lwm2m_exchange_cancel(account->peer, account->exchange);
    }
    account->exchange = NULL;
}

static enum lwm2m_error send(struct lwm2m_account *account, uint8_t method,
                             const struct lwm2m_options *options, struct lwm2m_bytes payload)
{
    struct lwm2m_request request = {
        .method = method,
        .options = lwm2m_options_bytes(options),
        .payload = payload,
        .context = account,
        .on_response = on_response,
    };
    enum lwm2m_error error = lwm2m_options_check(options);

    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_queue_mode_touch(account);
    account->sent_ms = lwm2m_timers_now(timers_of(account));
    return lwm2m_peer_request(account->peer, &request, &account->exchange);
}

static enum lwm2m_status status_of(const struct lwm2m_response *response)
{
    return response->message == NULL ? LWM2M_STATUS_NONE
                                     : lwm2m_status_from_code(response->message->code);
}

static void emit(struct lwm2m_account *account, enum lwm2m_client_event_type type,
                 enum lwm2m_error error, enum lwm2m_status status)
{
    struct lwm2m_client_event event = {
        .type = type,
        .ssid = account->ssid,
        .path = lwm2m_path_root(),
        .error = error,
        .status = status,
        .location = account->location[0] == '\0' ? NULL : account->location,
        .content_format = LWM2M_NO_FORMAT,
    };

    if (lwm2m_timer_is_armed(&account->timer) && account->state == LWM2M_ACCOUNT_WAITING) {
        event.retry_ms = account->timer.deadline_ms - lwm2m_timers_now(timers_of(account));
    }
    lwm2m_client_emit(account->client, &event);
}

/* ---- Register ---- */

/* Counts one more failure in a row. LWM2M_NEVER: it was the last one that the server's policy lets
 * us have. */
static uint64_t delay_after_failure(struct lwm2m_account *account)
{
    const struct lwm2m_client_config *config = &account->client->config;
    const struct lwm2m_server_policy policy = lwm2m_server_policy_read(account);

    if (account->failures < UINT32_MAX) {
        account->failures++;
    }
    if (policy.has_sequences) {
        return lwm2m_retry_sequence_delay_ms(&policy.sequences, account->failures);
    }
    return lwm2m_retry_delay_ms(config->retry_first_ms, config->retry_most_ms, account->failures);
}

static void fail_to_register(struct lwm2m_account *account, enum lwm2m_error error,
                             enum lwm2m_status status, uint64_t least_ms)
{
    uint64_t delay_ms = delay_after_failure(account);

    enter(account, LWM2M_ACCOUNT_WAITING, delay_ms > least_ms ? delay_ms : least_ms);
    emit(account, LWM2M_CLIENT_REGISTRATION_FAILED, error, status);
    /* Where no policy says when to give up, the first failure is enough for those behind it. */
    if (delay_ms == LWM2M_NEVER || !lwm2m_server_policy_read(account).has_sequences) {
        lwm2m_registration_order_settle(account, LWM2M_REGISTRATION_FAILED);
    }
}

static enum lwm2m_error connect_and_send(struct lwm2m_account *account)
{
    const struct lwm2m_connector *connector = &account->client->config.connector;
    uint8_t memory[LWM2M_REGISTRATION_OPTIONS_MAX];
    struct lwm2m_options options;
    struct lwm2m_bytes links;
    struct lwm2m_peer *peer;
    enum lwm2m_error error;

    error = connector->open(connector->context, account->uri, account->security_instance, &peer);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_account_take_peer(account, peer);
    error = lwm2m_announcement_read(account, &account->telling, &links);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_register_options(account, &account->telling, &options);
    return send(account, LWM2M_METHOD_POST, &options, links);
}

static void send_register(struct lwm2m_account *account)
{
    enum lwm2m_error error = connect_and_send(account);

    if (error != LWM2M_OK) {
        fail_to_register(account, error, LWM2M_STATUS_NONE, 0);
        return;
    }
    enter(account, LWM2M_ACCOUNT_REGISTERING, LWM2M_NEVER);
    emit(account, LWM2M_CLIENT_REGISTERING, LWM2M_OK, LWM2M_STATUS_NONE);
}

/* Counted from when the request left: the server may have got it at once and its answer may be
 * late. */
static void enter_registered(struct lwm2m_account *account)
{
    uint64_t delay_ms = lwm2m_update_delay_ms(account->telling.lifetime_s);
    uint64_t elapsed_ms = lwm2m_timers_now(timers_of(account)) - account->sent_ms;

    account->told = account->telling;
    account->failures = 0;
    if (delay_ms != LWM2M_NEVER) {
        delay_ms = delay_ms > elapsed_ms ? delay_ms - elapsed_ms : 0;
    }
    enter(account, LWM2M_ACCOUNT_REGISTERED, delay_ms);
    lwm2m_queue_mode_touch(account);
    /* What changed while the request was under way is told next. */
    lwm2m_client_review_soon(account->client);
}

/* The server does not speak our version; false if there is no older one. */
static bool step_down(struct lwm2m_account *account)
{
    if (account->version.minor == 0) {
        account->version = account->client->config.version;
        return false;
    }
    account->version.minor--;
    enter(account, LWM2M_ACCOUNT_WAITING, 0);
    return true;
}

static uint64_t max_age_ms(const struct lwm2m_response *response)
{
    if (status_of(response) != LWM2M_STATUS_SERVICE_UNAVAILABLE) {
        return 0;
    }
    return (uint64_t)lwm2m_message_option_or(response->message, LWM2M_OPTION_MAX_AGE, 0) * 1000;
}

static void handle_register_answer(struct lwm2m_account *account,
                                   const struct lwm2m_response *response)
{
    enum lwm2m_status status = status_of(response);
    enum lwm2m_error error = response->error;

    if (status == LWM2M_STATUS_CREATED) {
        error = lwm2m_location_read(response->message, account->location);
        if (error == LWM2M_OK) {
            enter_registered(account);
            lwm2m_registration_order_settle(account, LWM2M_REGISTRATION_SUCCEEDED);
            emit(account, LWM2M_CLIENT_REGISTERED, LWM2M_OK, status);
            return;
        }
        account->location[0] = '\0';
    }
    if (status == LWM2M_STATUS_PRECONDITION_FAILED && step_down(account)) {
        return;
    }
    fail_to_register(account, error, status, max_age_ms(response));
}

void lwm2m_client_registration_begin(struct lwm2m_account *account, uint64_t delay_ms)
{
    enter(account, LWM2M_ACCOUNT_WAITING, delay_ms);
}

/* ---- Update ---- */

/* With a registration end its observations, its Sends and its queue mode. */
static void end_what_belongs_to_it(struct lwm2m_account *account, bool all_observations)
{
    lwm2m_queue_mode_end(account);
    lwm2m_sends_cancel(account);
    lwm2m_client_observations_end_account(account, all_observations);
}

/* The server does not have our registration any more, or does not answer: its observations are gone
 * too. */
static void lose_registration(struct lwm2m_account *account, enum lwm2m_error error,
                              enum lwm2m_status status, uint64_t delay_ms)
{
    enter(account, LWM2M_ACCOUNT_WAITING, delay_ms);
    emit(account, LWM2M_CLIENT_UPDATE_FAILED, error, status);
    account->location[0] = '\0';
    account->update_wanted = false;
    end_what_belongs_to_it(account, false);
}

/* Nothing was sent, so that no policy of attempts is concerned. */
static uint64_t delay_to_next_update(struct lwm2m_account *account)
{
    const struct lwm2m_client_config *config = &account->client->config;

    if (account->failures < UINT32_MAX) {
        account->failures++;
    }
    return lwm2m_retry_delay_ms(config->retry_first_ms, config->retry_most_ms, account->failures);
}

static void send_update(struct lwm2m_account *account)
{
    uint8_t memory[LWM2M_REGISTRATION_OPTIONS_MAX];
    struct lwm2m_options options;
    struct lwm2m_bytes links;
    enum lwm2m_error error = lwm2m_announcement_read(account, &account->telling, &links);

    if (error == LWM2M_OK) {
        lwm2m_options_init(&options, memory, sizeof(memory));
        lwm2m_update_options(account, &account->telling, &options);
        if (account->telling.links == account->told.links) {
            links = (struct lwm2m_bytes){0};
        }
        error = send(account, LWM2M_METHOD_POST, &options, links);
    }
    account->update_wanted = error != LWM2M_OK;
    if (error == LWM2M_OK) {
        enter(account, LWM2M_ACCOUNT_UPDATING, LWM2M_NEVER);
    } else {
        enter(account, LWM2M_ACCOUNT_REGISTERED, delay_to_next_update(account));
    }
}

static void handle_update_answer(struct lwm2m_account *account,
                                 const struct lwm2m_response *response)
{
    enum lwm2m_status status = status_of(response);

    if (status != LWM2M_STATUS_CHANGED) {
        lose_registration(account, response->error, status, max_age_ms(response));
        return;
    }
    enter_registered(account);
    emit(account, LWM2M_CLIENT_UPDATED, LWM2M_OK, status);
}

static bool is_out_of_date(struct lwm2m_account *account)
{
    struct lwm2m_announcement now;
    struct lwm2m_bytes links;

    return lwm2m_announcement_read(account, &now, &links) == LWM2M_OK &&
           !lwm2m_announcement_equal(&now, &account->told);
}

void lwm2m_client_registration_review(struct lwm2m_account *account)
{
    if (account->disable_wanted) {
        (void)lwm2m_client_registration_end(account);
        return;
    }
    if (account->state != LWM2M_ACCOUNT_REGISTERED || account->client->offline) {
        return;
    }
    if (account->update_wanted || is_out_of_date(account)) {
        send_update(account);
    }
}

/* ---- Deregister ---- */

static void handle_deregister_answer(struct lwm2m_account *account,
                                     const struct lwm2m_response *response)
{
    bool disabled = account->disable_wanted && !account->client->stopping;

    account->disable_wanted = false;
    enter(account, LWM2M_ACCOUNT_WAITING,
          disabled ? (uint64_t)account->disable_s * 1000 : LWM2M_NEVER);
    emit(account, LWM2M_CLIENT_DEREGISTERED, response->error, status_of(response));
    account->location[0] = '\0';
    lwm2m_client_account_ended(account->client);
}

bool lwm2m_client_registration_end(struct lwm2m_account *account)
{
    uint8_t memory[LWM2M_REGISTRATION_OPTIONS_MAX];
    struct lwm2m_options options;
    enum lwm2m_error error;

    if (account->state == LWM2M_ACCOUNT_DEREGISTERING) {
        return true;
    }
    if (!lwm2m_client_registration_is_registered(account) || account->client->offline) {
        account->disable_wanted = false;
        cancel_exchange(account);
        enter(account, LWM2M_ACCOUNT_WAITING, LWM2M_NEVER);
        return false;
    }
    cancel_exchange(account);
    enter(account, LWM2M_ACCOUNT_DEREGISTERING, LWM2M_NEVER);
    end_what_belongs_to_it(account, account->client->stopping);
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_location_options(account, &options);
    error = send(account, LWM2M_METHOD_DELETE, &options, (struct lwm2m_bytes){0});
    if (error == LWM2M_OK) {
        return true;
    }
    handle_deregister_answer(account, &(struct lwm2m_response){.error = error});
    return false;
}

/* ---- from outside ---- */

void lwm2m_client_registration_forget(struct lwm2m_account *account)
{
    cancel_exchange(account);
    enter(account, LWM2M_ACCOUNT_WAITING, LWM2M_NEVER);
    account->location[0] = '\0';
    account->update_wanted = false;
    account->disable_wanted = false;
    end_what_belongs_to_it(account, false);
}

static void go_offline(struct lwm2m_account *account)
{
    enum lwm2m_account_state state = account->state;

    cancel_exchange(account);
    lwm2m_sends_cancel(account);
    lwm2m_queue_mode_end(account);
    if (state == LWM2M_ACCOUNT_REGISTERED || state == LWM2M_ACCOUNT_UPDATING) {
        enter(account, LWM2M_ACCOUNT_REGISTERED, LWM2M_NEVER);
    } else if (state == LWM2M_ACCOUNT_REGISTERING) {
        enter(account, LWM2M_ACCOUNT_WAITING, LWM2M_NEVER);
    } else if (state == LWM2M_ACCOUNT_DEREGISTERING) {
        handle_deregister_answer(account, &(struct lwm2m_response){.error = LWM2M_CANCELLED});
    }
}

static void go_online(struct lwm2m_account *account)
{
    if (account->state == LWM2M_ACCOUNT_REGISTERED) {
        account->update_wanted = true;
        lwm2m_client_review_soon(account->client);
        return;
    }
    /* A disable goes on until its time is over; a back-off was for a network that is another now.
     */
    if (!account->turn.waits && (!lwm2m_timer_is_armed(&account->timer) || account->failures > 0)) {
        account->failures = 0;
        lwm2m_client_registration_begin(account, 0);
    }
}

void lwm2m_client_registration_set_offline(struct lwm2m_account *account, bool offline)
{
    if (offline) {
        go_offline(account);
    } else {
        go_online(account);
    }
}

bool lwm2m_client_registration_is_registered(const struct lwm2m_account *account)
{
    return account->state == LWM2M_ACCOUNT_REGISTERED || account->state == LWM2M_ACCOUNT_UPDATING;
}

bool lwm2m_client_registration_is_served(const struct lwm2m_account *account)
{
    /* The server may ask before its 2.01 arrives here. */
    return lwm2m_client_registration_is_registered(account) ||
           account->state == LWM2M_ACCOUNT_REGISTERING;
}
