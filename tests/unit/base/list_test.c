/*
 * Intrusive lists.
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

struct element {
    int number;
    struct lwm2m_list link;
};

static int number_of(struct lwm2m_list *node)
{
    return LWM2M_CONTAINER_OF(node, struct element, link)->number;
}

static void elements_come_in_the_order_of_appending(void **state)
{
    (void)state;
    struct lwm2m_list head;
    struct lwm2m_list *node;
    struct lwm2m_list *next;
    struct element elements[3] = {{.number = 0}, {.number = 1}, {.number = 2}};
    int expected = 0;

    lwm2m_list_init(&head);
    assert_true(lwm2m_list_is_empty(&head));
    assert_null(lwm2m_list_first(&head));
    for (size_t i = 0; i < 3; i++) {
        lwm2m_list_append(&head, &elements[i].link);
    }
    assert_ptr_equal(lwm2m_list_first(&head), &elements[0].link);
    LWM2M_LIST_EACH (node, next, &head)
        assert_int_equal(number_of(node), expected++);
    assert_int_equal(expected, 3);
}

static void elements_may_be_removed_during_a_walk_and_twice(void **state)
{
    (void)state;
    struct lwm2m_list head;
    struct lwm2m_list *node;
    struct lwm2m_list *next;
    struct element elements[3] = {{.number = 0}, {.number = 1}, {.number = 2}};

    lwm2m_list_init(&head);
    for (size_t i = 0; i < 3; i++) {
        lwm2m_list_append(&head, &elements[i].link);
    }
    LWM2M_LIST_EACH (node, next, &head) {
        if (number_of(node) != 1) {
            lwm2m_list_remove(node);
        }
    }
    lwm2m_list_remove(&elements[0].link);
    assert_ptr_equal(lwm2m_list_first(&head), &elements[1].link);
    lwm2m_list_remove(&elements[1].link);
    assert_true(lwm2m_list_is_empty(&head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_come_in_the_order_of_appending),
        cmocka_unit_test(elements_may_be_removed_during_a_walk_and_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
