/*
 * Tests of lib/host/host_port.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <lwm2m/host_port.h>

static void clock_goes_forward_with_the_time_that_passes(void **state)
{
    struct lwm2m_host_port host;
    struct timespec pause = {.tv_nsec = 20 * 1000000};
    (void)state;
    lwm2m_host_port_init(&host, NULL, NULL);
    uint64_t before = host.port.now_ms(host.port.context);
    nanosleep(&pause, NULL);
    uint64_t passed = host.port.now_ms(host.port.context) - before;
    assert_in_range(passed, 19, 10000);
    lwm2m_host_port_release(&host);
}

static void random_numbers_of_any_length_do_not_repeat(void **state)
{
    static const size_t lengths[] = {8, 16, LWM2M_HOST_PORT_RANDOM_BYTES,
                                     LWM2M_HOST_PORT_RANDOM_BYTES + 1, 5000};
    static uint8_t first[5000], second[5000];
    struct lwm2m_host_port host;
    (void)state;
    lwm2m_host_port_init(&host, NULL, NULL);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        host.port.random(host.port.context, first, lengths[i]);
        host.port.random(host.port.context, second, lengths[i]);
        assert_memory_not_equal(first, second, lengths[i]);
    }
    lwm2m_host_port_release(&host);
}

static void random_numbers_that_were_given_out_are_wiped(void **state)
{
    struct lwm2m_host_port host;
    uint8_t key[32], none[32] = {0};
    (void)state;
    lwm2m_host_port_init(&host, NULL, NULL);
    host.port.random(host.port.context, key, sizeof(key));
    assert_int_equal(host.random_left, sizeof(host.random) - sizeof(key));
    assert_memory_equal(host.random + host.random_left, none, sizeof(none));
    lwm2m_host_port_release(&host);
    assert_int_equal(host.random_left, 0);
    assert_memory_equal(host.random, none, sizeof(none));
}

struct logged {
    enum lwm2m_log_level level;
    char text[64];
};

static void keep_line(void *context, enum lwm2m_log_level level, const char *text)
{
    struct logged *logged = context;
    logged->level = level;
    snprintf(logged->text, sizeof(logged->text), "%s", text);
}

static void log_goes_to_the_program_or_nowhere(void **state)
{
    struct lwm2m_host_port host;
    struct logged logged = {0};
    (void)state;
    lwm2m_host_port_init(&host, keep_line, &logged);
    host.port.log(host.port.context, LWM2M_LOG_WARNING, "mind the step");
    assert_int_equal(logged.level, LWM2M_LOG_WARNING);
    assert_string_equal(logged.text, "mind the step");
    lwm2m_host_port_init(&host, NULL, NULL);
    assert_null(host.port.log);
}

static void memory_comes_and_goes(void **state)
{
    struct lwm2m_host_port host;
    (void)state;
    lwm2m_host_port_init(&host, NULL, NULL);
    void *memory = host.port.allocate(host.port.context, 100);
    assert_non_null(memory);
    memset(memory, 1, 100);
    host.port.release(host.port.context, memory);
    host.port.release(host.port.context, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_goes_forward_with_the_time_that_passes),
        cmocka_unit_test(random_numbers_of_any_length_do_not_repeat),
        cmocka_unit_test(random_numbers_that_were_given_out_are_wiped),
        cmocka_unit_test(log_goes_to_the_program_or_nowhere),
        cmocka_unit_test(memory_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
