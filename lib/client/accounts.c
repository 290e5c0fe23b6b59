/*
 * The servers that objects 0 and 1 name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "client/engine.h"

#define OBJECT_SECURITY 0
#define SECURITY_URI 0
#define SECURITY_BOOTSTRAP 1
#define SECURITY_SSID 10
#define OBJECT_SERVER 1
#define SERVER_SSID 0

static struct lwm2m_account *account_of(struct lwm2m_list *node)
{
    return LWM2M_CONTAINER_OF(node, struct lwm2m_account, node);
}

struct lwm2m_account *lwm2m_accounts_find(const struct lwm2m_client *client, uint16_t ssid)
{
    struct lwm2m_list *node;

    for (node = client->accounts.next; node != &client->accounts; node = node->next) {
        if (account_of(node)->ssid == ssid) {
            return account_of(node);
        }
    }
    return NULL;
}

struct lwm2m_account *lwm2m_accounts_first(const struct lwm2m_client *client)
{
    struct lwm2m_list *first = lwm2m_list_first(&client->accounts);

    return first == NULL ? NULL : account_of(first);
}

/* ---- peers ---- */

/* Another account at the same address answers to the peer when its owner lets it go. */
static void give_peer_away(struct lwm2m_account *account)
{
    struct lwm2m_peer *peer = account->peer;
    struct lwm2m_list *node;

    if (peer->owner != account) {
        return;
    }
    peer->owner = NULL;
    for (node = account->client->accounts.next; node != &account->client->accounts;
         node = node->next) {
        if (account_of(node) != account && account_of(node)->peer == peer) {
            peer->owner = account_of(node);
        }
    }
}

void lwm2m_account_take_peer(struct lwm2m_account *account, struct lwm2m_peer *peer)
{
    if (account->peer != NULL) {
        give_peer_away(account);
        lwm2m_peer_release(account->peer);
    }
    account->peer = peer;
    if (peer != NULL && peer->owner == NULL) {
        peer->owner = account;
    }
}

/* ---- synchronisation ---- */

static void free_account(struct lwm2m_account *account)
{
    const struct lwm2m_port *port = account->client->port;

    lwm2m_client_registration_forget(account);
    lwm2m_client_observations_end_account(account, true);
    lwm2m_list_remove(&account->node);
    lwm2m_account_take_peer(account, NULL);
    port->release(port->context, account);
}

void lwm2m_accounts_release(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &client->accounts)
        free_account(account_of(node));
}

/* The instance of object 0 that holds the account of ssid; LWM2M_NO_ID if there is none. */
static uint16_t find_security_instance(const struct lwm2m_client *client, uint16_t ssid)
{
    struct lwm2m_object *security = lwm2m_object_tree_find(&client->objects, OBJECT_SECURITY);
    uint16_t id = 0;

    if (security == NULL) {
        return LWM2M_NO_ID;
    }
    for (;; id++) {
        struct lwm2m_path bootstrap, number;

        id = security->operations->next_instance(security, id);
        if (id == LWM2M_NO_ID) {
            return LWM2M_NO_ID;
        }
        bootstrap = lwm2m_path_resource(OBJECT_SECURITY, id, SECURITY_BOOTSTRAP);
        number = lwm2m_path_resource(OBJECT_SECURITY, id, SECURITY_SSID);
        if (!lwm2m_object_tree_boolean_or(&client->objects, bootstrap, false) &&
            lwm2m_object_tree_integer_or(&client->objects, number, 0) == ssid) {
            return id;
        }
    }
}

static struct lwm2m_account *new_account(struct lwm2m_client *client, uint16_t ssid)
{
    struct lwm2m_account *account = client->port->allocate(client->port->context, sizeof(*account));

    if (account == NULL) {
        return NULL;
    }
    memset(account, 0, sizeof(*account));
    account->client = client;
    account->ssid = ssid;
    account->version = client->config.version;
    lwm2m_list_init(&account->observations);
    lwm2m_list_init(&account->sends);
    lwm2m_list_append(&client->accounts, &account->node);
    return account;
}

static enum lwm2m_error add_or_refresh(struct lwm2m_client *client, uint16_t server_instance)
{
    struct lwm2m_path number = lwm2m_path_resource(OBJECT_SERVER, server_instance, SERVER_SSID);
    int64_t ssid = lwm2m_object_tree_integer_or(&client->objects, number, 0);
    uint16_t security_instance;
    struct lwm2m_account *account;
    bool is_new;

    if (ssid < 1 || ssid >= LWM2M_NO_ID) {
        return LWM2M_OK;
    }
    security_instance = find_security_instance(client, (uint16_t)ssid);
    if (security_instance == LWM2M_NO_ID) {
        return LWM2M_OK;
    }
    account = lwm2m_accounts_find(client, (uint16_t)ssid);
    is_new = account == NULL;
    if (is_new) {
        account = new_account(client, (uint16_t)ssid);
    }
    if (account == NULL) {
        return LWM2M_NO_MEMORY;
    }
    account->listed = true;
    account->server_instance = server_instance;
    account->security_instance = security_instance;
    /* A new URI counts from the next Register on. */
    lwm2m_object_tree_text(&client->objects,
                           lwm2m_path_resource(OBJECT_SECURITY, security_instance, SECURITY_URI),
                           account->uri, sizeof(account->uri));
    if (is_new) {
        lwm2m_registration_order_enter(account);
    }
    return LWM2M_OK;
}

static enum lwm2m_error list_accounts(struct lwm2m_client *client)
{
    struct lwm2m_object *server = lwm2m_object_tree_find(&client->objects, OBJECT_SERVER);
    uint16_t id = 0;

    if (server == NULL) {
        return LWM2M_OK;
    }
    for (;; id++) {
        enum lwm2m_error error;

        id = server->operations->next_instance(server, id);
        if (id == LWM2M_NO_ID) {
            return LWM2M_OK;
        }
        error = add_or_refresh(client, id);
        if (error != LWM2M_OK) {
            return error;
        }
    }
}

enum lwm2m_error lwm2m_accounts_synchronise(struct lwm2m_client *client)
{
    struct lwm2m_list *node, *next;
    enum lwm2m_error error;

    LWM2M_LIST_EACH (node, next, &client->accounts)
        account_of(node)->listed = false;
    error = list_accounts(client);
    if (error != LWM2M_OK) {
        return error;
    }
    LWM2M_LIST_EACH (node, next, &client->accounts) {
        if (!account_of(node)->listed) {
            free_account(account_of(node));
        }
    }
    lwm2m_registration_order_review(client);
    return LWM2M_OK;
}
