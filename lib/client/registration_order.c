/*
 * Which server a device registers with first (LwM2M Core 1.1.1 §6.2.1.2): servers with a
 * Registration Priority Order (/1/x/13) register by ascending order, each once those before it have
 * succeeded, or have failed without blocking the others (/1/x/15); servers without one do not wait
 * for any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/registration_order.h"

#include "client/engine.h"
#include "client/server_policy.h"

void lwm2m_registration_order_enter(struct lwm2m_account *account)
{
    lwm2m_client_registration_begin(account, LWM2M_NEVER);
    account->turn.outcome = LWM2M_REGISTRATION_UNDECIDED;
    account->turn.waits = true;
}

/* Whether a server of that order has to wait for account. */
static bool holds(const struct lwm2m_account *account, int64_t order)
{
    const struct lwm2m_server_policy policy = lwm2m_server_policy_read(account);

    if (!policy.has_order || policy.order >= order) {
        return false;
    }
    return account->turn.outcome == LWM2M_REGISTRATION_UNDECIDED ||
           (account->turn.outcome == LWM2M_REGISTRATION_FAILED && policy.failure_blocks);
}

static bool is_held(const struct lwm2m_client *client, const struct lwm2m_server_policy *policy)
{
    struct lwm2m_list *node;

    if (!policy->has_order) {
        return false;
    }
    for (node = client->accounts.next; node != &client->accounts; node = node->next) {
        if (holds(LWM2M_CONTAINER_OF(node, struct lwm2m_account, node), policy->order)) {
            return true;
        }
    }
    return false;
}

void lwm2m_registration_order_review(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &client->accounts) {
        struct lwm2m_account *account = LWM2M_CONTAINER_OF(node, struct lwm2m_account, node);
        struct lwm2m_server_policy policy;

        if (!account->turn.waits) {
            continue;
        }
        policy = lwm2m_server_policy_read(account);
        if (is_held(client, &policy)) {
            continue;
        }
        account->turn.waits = false;
        lwm2m_client_registration_begin(
            account, account->turn.was_registered ? 0 : (uint64_t)policy.initial_delay_s * 1000);
    }
}

void lwm2m_registration_order_settle(struct lwm2m_account *account,
                                     enum lwm2m_registration_outcome outcome)
{
    account->turn.outcome = outcome;
    if (outcome == LWM2M_REGISTRATION_SUCCEEDED) {
        account->turn.was_registered = true;
    }
    lwm2m_registration_order_review(account->client);
}
