/*
 * The hash table, against an array that is searched from end to end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/list.h>

#include "base/hash_table.h"
#include "support/virtual_port.h"

struct entry {
    struct lwm2m_hash_node node;
    uint32_t key;
    bool is_in;
    bool is_seen;
};

static struct entry *entry_of(struct lwm2m_hash_node *node)
{
    return LWM2M_CONTAINER_OF(node, struct entry, node);
}

static struct entry *find(const struct lwm2m_hash_table *table, uint32_t key)
{
    uint32_t hash = lwm2m_hash_table_hash(table, &key, sizeof key);
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(table, hash);
    while (node && entry_of(node)->key != key) {
        node = lwm2m_hash_table_next(node);
    }
    return node ? entry_of(node) : NULL;
}

static void insert(struct lwm2m_hash_table *table, struct entry *entry)
{
    lwm2m_hash_table_insert(table, &entry->node,
                            lwm2m_hash_table_hash(table, &entry->key, sizeof entry->key));
    entry->is_in = true;
}

static void it_holds_what_was_put_in_and_not_taken_out(void **state)
{
    (void)state;
    enum { COUNT = 500, STEPS = 20000 };
    static struct entry entries[COUNT];
    struct virtual_port port;
    struct lwm2m_hash_table table;
    size_t count = 0;

    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_OK);
    for (uint32_t step = 0; step < STEPS; step++) {
        struct entry *entry = &entries[virtual_port_random_below(&port, COUNT)];
        entry->key = (uint32_t)(entry - entries);
        if (entry->is_in) {
            assert_ptr_equal(find(&table, entry->key), entry);
            lwm2m_hash_table_remove(&table, &entry->node);
            entry->is_in = false;
            count--;
        } else {
            assert_null(find(&table, entry->key));
            insert(&table, entry);
            count++;
        }
        assert_int_equal(table.count, count);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(find(&table, i), entries[i].is_in ? &entries[i] : NULL);
    }
    lwm2m_hash_table_release(&table);
    virtual_port_assert_empty(&port);
}

static void equal_hashes_are_all_found(void **state)
{
    (void)state;
    struct virtual_port port;
    struct lwm2m_hash_table table;
    struct entry entries[5] = {0};
    struct entry other = {0};
    size_t found = 0;

    virtual_port_init(&port, 2);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_OK);
    for (size_t i = 0; i < 5; i++) {
        lwm2m_hash_table_insert(&table, &entries[i].node, 77);
    }
    lwm2m_hash_table_insert(&table, &other.node, 77 + 1024); /* in the same bucket */
    for (struct lwm2m_hash_node *node = lwm2m_hash_table_first(&table, 77); node;
         node = lwm2m_hash_table_next(node)) {
        assert_ptr_not_equal(node, &other.node);
        found++;
    }
    assert_int_equal(found, 5);
    lwm2m_hash_table_release(&table);
}

static void a_walk_meets_every_node_once_and_may_remove_it(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    struct entry entries[COUNT] = {0};
    struct virtual_port port;
    struct lwm2m_hash_table table;

    virtual_port_init(&port, 3);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_OK);
    assert_null(lwm2m_hash_table_walk(&table, NULL));
    for (uint32_t i = 0; i < COUNT; i++) {
        entries[i].key = i;
        insert(&table, &entries[i]);
    }
    struct lwm2m_hash_node *node = lwm2m_hash_table_walk(&table, NULL);
    while (node) {
        struct lwm2m_hash_node *next = lwm2m_hash_table_walk(&table, node);
        assert_false(entry_of(node)->is_seen);
        entry_of(node)->is_seen = true;
        lwm2m_hash_table_remove(&table, node);
        node = next;
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(entries[i].is_seen);
    }
    assert_int_equal(table.count, 0);
    lwm2m_hash_table_release(&table);
}

static void without_memory_the_first_buckets_fail(void **state)
{
    (void)state;
    struct virtual_port port;
    struct lwm2m_hash_table table;

    virtual_port_init(&port, 4);
    virtual_port_fail_after(&port, 0);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_NO_MEMORY);
    lwm2m_hash_table_release(&table);
    virtual_port_assert_empty(&port);
}

static void without_memory_to_grow_it_still_works(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static struct entry entries[COUNT];
    struct virtual_port port;
    struct lwm2m_hash_table table;

    virtual_port_init(&port, 5);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_OK);
    virtual_port_fail_after(&port, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        entries[i].key = i;
        insert(&table, &entries[i]);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(find(&table, i), &entries[i]);
    }
    lwm2m_hash_table_release(&table);
    virtual_port_assert_empty(&port);
}

static void chains_stay_short_while_it_grows(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    static struct entry entries[COUNT];
    struct virtual_port port;
    struct lwm2m_hash_table table;

    virtual_port_init(&port, 6);
    assert_int_equal(lwm2m_hash_table_init(&table, &port.port), LWM2M_OK);
    for (uint32_t i = 0; i < COUNT; i++) {
        entries[i].key = i;
        insert(&table, &entries[i]);
    }
    assert_true(table.bucket_count >= table.count);
    for (size_t i = 0; i < table.bucket_count; i++) {
        size_t length = 0;
        for (struct lwm2m_hash_node *node = table.buckets[i]; node; node = node->next) {
            length++;
        }
        assert_true(length < 16);
    }
    lwm2m_hash_table_release(&table);
}

static void a_zeroed_table_may_be_released(void **state)
{
    (void)state;
    struct lwm2m_hash_table table = {0};
    lwm2m_hash_table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_was_put_in_and_not_taken_out),
        cmocka_unit_test(equal_hashes_are_all_found),
        cmocka_unit_test(a_walk_meets_every_node_once_and_may_remove_it),
        cmocka_unit_test(without_memory_the_first_buckets_fail),
        cmocka_unit_test(without_memory_to_grow_it_still_works),
        cmocka_unit_test(chains_stay_short_while_it_grows),
        cmocka_unit_test(a_zeroed_table_may_be_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
