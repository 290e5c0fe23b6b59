/*
 * Tests of what observers' tokens stand for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coap/observed_keys.h"
#include "support/virtual_port.h"

static struct lwm2m_peer peers[2];

static void put(struct lwm2m_observed_keys *keys, size_t peer, uint8_t token, const char *key)
{
    struct lwm2m_observed_key observed = {
        .peer = &peers[peer],
        .token = {1, {token}},
        .key = lwm2m_bytes_from_text(key),
    };

    lwm2m_observed_keys_put(keys, &observed);
}

static bool stands_for(struct lwm2m_observed_keys *keys, size_t peer, uint8_t token,
                       const char *key)
{
    struct lwm2m_token wanted = {1, {token}};
    const struct lwm2m_observed_key *found = lwm2m_observed_keys_find(keys, &peers[peer], &wanted);

    return key == NULL ? found == NULL : found != NULL && lwm2m_bytes_equal_text(found->key, key);
}

static void a_token_stands_for_the_last_key_of_its_peer(void **state)
{
    struct lwm2m_observed_keys keys;
    struct virtual_port port;

    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_observed_keys_init(&keys, &port.port, 9), LWM2M_OK);
    put(&keys, 0, 1, "a");
    put(&keys, 0, 2, "b");
    put(&keys, 1, 1, "c");
    put(&keys, 0, 1, "d");
    assert_true(stands_for(&keys, 0, 1, "d"));
    assert_true(stands_for(&keys, 0, 2, "b"));
    assert_true(stands_for(&keys, 1, 1, "c"));
    assert_true(stands_for(&keys, 1, 2, NULL));
    lwm2m_observed_keys_remove(&keys, &peers[0], &(struct lwm2m_token){1, {1}});
    lwm2m_observed_keys_remove(&keys, &peers[0], &(struct lwm2m_token){1, {1}});
    assert_true(stands_for(&keys, 0, 1, NULL));
    assert_true(stands_for(&keys, 1, 1, "c"));
    lwm2m_observed_keys_release(&keys);
    virtual_port_assert_empty(&port);
}

static void the_token_unused_for_longest_is_forgotten(void **state)
{
    struct lwm2m_observed_keys keys;
    struct virtual_port port;

    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_observed_keys_init(&keys, &port.port, 2), LWM2M_OK);
    put(&keys, 0, 1, "a");
    put(&keys, 0, 2, "b");
    assert_true(stands_for(&keys, 0, 1, "a"));
    put(&keys, 0, 3, "c");
    assert_true(stands_for(&keys, 0, 2, NULL));
    assert_true(stands_for(&keys, 0, 1, "a"));
    /* Without memory a token stands for nothing, rather than for something old. */
    virtual_port_fail_after(&port, 0);
    put(&keys, 0, 1, "d");
    assert_true(stands_for(&keys, 0, 1, NULL));
    lwm2m_observed_keys_release(&keys);
    virtual_port_assert_empty(&port);
}

static void none_are_kept_where_none_may_be(void **state)
{
    struct lwm2m_observed_keys keys;
    struct virtual_port port;

    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_observed_keys_init(&keys, &port.port, 0), LWM2M_OK);
    put(&keys, 0, 1, "a");
    assert_true(stands_for(&keys, 0, 1, NULL));
    lwm2m_observed_keys_release(&keys);
    virtual_port_assert_empty(&port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_stands_for_the_last_key_of_its_peer),
        cmocka_unit_test(the_token_unused_for_longest_is_forgotten),
        cmocka_unit_test(none_are_kept_where_none_may_be),
    };

    return cmocka_run_group_tests_name("observed keys", tests, NULL, NULL);
}
