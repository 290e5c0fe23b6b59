/*
 * What is remembered of each peer: bounded by number, by bytes and by time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coap/answers.h"
#include "support/virtual_port.h"

#define LIFETIME_MS 247000

struct memory {
    struct virtual_port port;
    struct lwm2m_answer_store store;
    struct lwm2m_answers *answers;
};

static void open_memory(struct memory *memory, size_t per_peer)
{
    memory->answers = NULL;
    virtual_port_init(&memory->port, 1);
    lwm2m_answer_store_init(&memory->store, &memory->port.port, per_peer, 100000, LIFETIME_MS);
}

static void close_memory(struct memory *memory)
{
    lwm2m_answers_forget(&memory->store, &memory->answers);
    assert_int_equal(memory->store.bytes, 0);
    assert_int_equal(memory->store.count, 0);
    virtual_port_assert_empty(&memory->port);
}

static void keep(struct memory *memory, uint16_t message_id, size_t length)
{
    uint8_t bytes[256];

    memset(bytes, (uint8_t)message_id, sizeof(bytes));
    assert_int_equal(lwm2m_answers_remember(&memory->store, &memory->answers, message_id,
                                            memory->port.now_ms, LIFETIME_MS),
                     LWM2M_OK);
    lwm2m_answers_keep(&memory->store, &memory->answers, message_id, memory->port.now_ms,
                       (struct lwm2m_bytes){bytes, length});
}

/* The length of the answer, checked byte by byte; SIZE_MAX if the message is not remembered. */
static size_t kept(struct memory *memory, uint16_t message_id)
{
    struct lwm2m_bytes answer;

    if (!lwm2m_answers_find(memory->answers, message_id, memory->port.now_ms, &answer)) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < answer.length; i++) {
        assert_int_equal(answer.data[i], (uint8_t)message_id);
    }
    return answer.length;
}

static void oldest_answer_goes_before_its_message_is_forgotten(void **state)
{
    struct memory memory;

    (void)state;
    open_memory(&memory, 2);
    for (uint16_t id = 1; id <= 8; id++) {
        keep(&memory, id, 10u + id);
    }
    for (uint16_t id = 1; id <= 2; id++) {
        assert_int_equal(kept(&memory, id), SIZE_MAX);
    }
    for (uint16_t id = 3; id <= 6; id++) {
        assert_int_equal(kept(&memory, id), 0);
    }
    for (uint16_t id = 7; id <= 8; id++) {
        assert_int_equal(kept(&memory, id), 10u + id);
    }
    assert_int_equal(memory.store.count, 2);
    close_memory(&memory);
}

static void empty_messages_do_not_count_as_answers(void **state)
{
    struct memory memory;

    (void)state;
    open_memory(&memory, 2);
    keep(&memory, 1, 20);
    for (uint16_t id = 2; id <= 5; id++) {
        keep(&memory, id, 4);
    }
    assert_int_equal(kept(&memory, 1), 20);
    assert_int_equal(kept(&memory, 5), 4);
    assert_int_equal(memory.store.count, 1);
    close_memory(&memory);
}

static void everything_goes_when_its_time_is_over(void **state)
{
    struct memory memory;

    (void)state;
    open_memory(&memory, 8);
    memory.port.now_ms = UINT32_MAX - 1000; /* the low 32 bits wrap meanwhile */
    keep(&memory, 1, 20);
    memory.port.now_ms += 100000;
    keep(&memory, 2, 30);
    assert_int_equal(lwm2m_answer_store_step(&memory.store, memory.port.now_ms), 147000);
    memory.port.now_ms += 147000;
    assert_int_equal(kept(&memory, 1), SIZE_MAX);
    assert_int_equal(kept(&memory, 2), 30);
    assert_int_equal(lwm2m_answer_store_step(&memory.store, memory.port.now_ms), LIFETIME_MS);
    assert_int_equal(memory.store.count, 1);
    memory.port.now_ms += LIFETIME_MS;
    assert_true(lwm2m_answer_store_step(&memory.store, memory.port.now_ms) == LWM2M_NEVER);
    assert_null(memory.answers);
    close_memory(&memory);
}

static void answer_without_memory_leaves_the_message_remembered(void **state)
{
    struct memory memory;

    (void)state;
    open_memory(&memory, 8);
    assert_int_equal(
        lwm2m_answers_remember(&memory.store, &memory.answers, 1, memory.port.now_ms, LIFETIME_MS),
        LWM2M_OK);
    virtual_port_fail_after(&memory.port, 0);
    lwm2m_answers_keep(&memory.store, &memory.answers, 1, memory.port.now_ms,
                       (struct lwm2m_bytes){(const uint8_t[200]){1}, 200});
    assert_int_equal(kept(&memory, 1), 0);
    close_memory(&memory);
}

static void late_answers_replace_in_any_order(void **state)
{
    struct memory memory;

    (void)state;
    open_memory(&memory, 4);
    for (uint16_t id = 0; id < 2000; id++) {
        uint8_t bytes[200];
        uint16_t late = (uint16_t)(id - virtual_port_random_below(&memory.port, 4));
        size_t length = virtual_port_random_below(&memory.port, sizeof(bytes));

        keep(&memory, id, virtual_port_random_below(&memory.port, sizeof(bytes)));
        memset(bytes, (uint8_t)late, sizeof(bytes));
        lwm2m_answers_keep(&memory.store, &memory.answers, late, memory.port.now_ms,
                           (struct lwm2m_bytes){bytes, length});
        if (id >= 4) {
            assert_int_equal(kept(&memory, late), length);
        }
        assert_in_range(memory.store.count, 0, 4);
    }
    close_memory(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oldest_answer_goes_before_its_message_is_forgotten),
        cmocka_unit_test(empty_messages_do_not_count_as_answers),
        cmocka_unit_test(everything_goes_when_its_time_is_over),
        cmocka_unit_test(answer_without_memory_leaves_the_message_remembered),
        cmocka_unit_test(late_answers_replace_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
