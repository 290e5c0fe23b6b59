/*
 * What an instance of object 1 says of when to register.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/server_policy.h"

#include "client/engine.h"

#define OBJECT_SERVER 1

enum {
    PRIORITY_ORDER = 13,
    INITIAL_DELAY_TIMER = 14,
    FAILURE_BLOCK = 15,
    RETRY_COUNT = 17,
    RETRY_TIMER = 18,
    SEQUENCE_DELAY_TIMER = 19,
    SEQUENCE_RETRY_COUNT = 20,
};

static struct lwm2m_path path_of(const struct lwm2m_account *account, uint16_t resource)
{
    return lwm2m_path_resource(OBJECT_SERVER, account->server_instance, resource);
}

static bool exists(const struct lwm2m_account *account, uint16_t resource)
{
    return lwm2m_object_tree_exists(&account->client->objects, path_of(account, resource));
}

static uint32_t number_or(const struct lwm2m_account *account, uint16_t resource, uint32_t fallback)
{
    int64_t number = lwm2m_object_tree_integer_or(&account->client->objects,
                                                  path_of(account, resource), fallback);

    if (number < 0) {
        return fallback;
    }
    return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

struct lwm2m_server_policy lwm2m_server_policy_read(const struct lwm2m_account *account)
{
    const struct lwm2m_object_tree *tree = &account->client->objects;

    return (struct lwm2m_server_policy){
        .has_order = exists(account, PRIORITY_ORDER),
        .order = lwm2m_object_tree_integer_or(tree, path_of(account, PRIORITY_ORDER), 0),
        .initial_delay_s = number_or(account, INITIAL_DELAY_TIMER, 0),
        .failure_blocks =
            lwm2m_object_tree_boolean_or(tree, path_of(account, FAILURE_BLOCK), false),
        .has_sequences = exists(account, RETRY_COUNT) || exists(account, RETRY_TIMER) ||
                         exists(account, SEQUENCE_DELAY_TIMER) ||
                         exists(account, SEQUENCE_RETRY_COUNT),
        .sequences =
            {
                .attempts = number_or(account, RETRY_COUNT, LWM2M_RETRY_COUNT),
                .timer_s = number_or(account, RETRY_TIMER, LWM2M_RETRY_TIMER_S),
                .delay_s = number_or(account, SEQUENCE_DELAY_TIMER, LWM2M_SEQUENCE_DELAY_S),
                .count = number_or(account, SEQUENCE_RETRY_COUNT, LWM2M_SEQUENCE_COUNT),
            },
    };
}
