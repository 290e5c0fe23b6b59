/*
 * Tests of the Block options and of options that are changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coap/block_option.h"
#include "support/message_text.h"
#include "support/virtual_port.h"

static void a_block_is_read_and_written(void **state)
{
    static const struct {
        const char *text;
        struct lwm2m_block block;
    } cases[] = {
        {"PUT 1:0/0/16", {0, false, 0}},
        {"PUT 1:0/1/1024", {0, true, 6}},
        {"PUT 1:4095/0/64", {4095, false, 2}},
        {"PUT 1:1048575/1/512", {LWM2M_BLOCK_NUMBER_MAX, true, 5}},
    };
    struct message_text message;
    struct lwm2m_block block;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        message_text_read(&message, cases[i].text, (struct lwm2m_bytes){0});
        assert_int_equal(lwm2m_block_find(&message.message, LWM2M_OPTION_BLOCK1, &block), LWM2M_OK);
        assert_int_equal(block.number, cases[i].block.number);
        assert_int_equal(block.more, cases[i].block.more);
        assert_int_equal(block.exponent, cases[i].block.exponent);
        assert_int_equal(lwm2m_block_value(&block), lwm2m_block_value(&cases[i].block));
    }
}

static void what_is_no_block_is_told_apart(void **state)
{
    struct message_text message;
    struct lwm2m_block block;

    (void)state;
    message_text_read(&message, "PUT /a 2:0/0/16", (struct lwm2m_bytes){0});
    assert_int_equal(lwm2m_block_find(&message.message, LWM2M_OPTION_BLOCK1, &block),
                     LWM2M_NOT_FOUND);
    message_text_read(&message, "PUT 1:3/0/2048", (struct lwm2m_bytes){0});
    assert_int_equal(lwm2m_block_find(&message.message, LWM2M_OPTION_BLOCK1, &block), LWM2M_RANGE);
    message_text_read(&message, "PUT raw1=0x1000000", (struct lwm2m_bytes){0});
    assert_int_equal(lwm2m_block_find(&message.message, LWM2M_OPTION_BLOCK1, &block),
                     LWM2M_MALFORMED);
}

static void the_largest_block_that_fits_is_chosen(void **state)
{
    (void)state;
    assert_int_equal(lwm2m_block_exponent(0), 0);
    assert_int_equal(lwm2m_block_exponent(16), 0);
    assert_int_equal(lwm2m_block_exponent(31), 0);
    assert_int_equal(lwm2m_block_exponent(32), 1);
    assert_int_equal(lwm2m_block_exponent(1023), 5);
    assert_int_equal(lwm2m_block_exponent(1024), 6);
    assert_int_equal(lwm2m_block_exponent(65000), 6);
}

static void a_body_has_blocks_up_to_the_last_number(void **state)
{
    struct lwm2m_block block;

    (void)state;
    assert_int_equal(lwm2m_block_of_body(64, 128, 2, &block), LWM2M_OK);
    assert_int_equal(block.number, 1);
    assert_false(block.more);
    assert_int_equal(lwm2m_block_of_body(64, 129, 2, &block), LWM2M_OK);
    assert_true(block.more);
    assert_int_equal(lwm2m_block_of_body(0xfffff0, 0x1000000, 0, &block), LWM2M_OK);
    assert_int_equal(lwm2m_block_of_body(0x1000000, 0x1000001, 0, &block), LWM2M_TOO_LARGE);
}

static void edits_put_in_replace_and_remove(void **state)
{
    struct lwm2m_option_edits edits = {0};
    struct virtual_port port;
    struct message_text message;
    char text[MESSAGE_TEXT_MAX];
    uint8_t *memory;

    (void)state;
    virtual_port_init(&port, 1);
    message_text_read(&message, "PUT obs=1 /a/b cf=42 2:0/0/16 tag=300", (struct lwm2m_bytes){0});
    lwm2m_option_edits_set(&edits, LWM2M_OPTION_SIZE1, 70000);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_OBSERVE);
    lwm2m_option_edits_set(&edits, LWM2M_OPTION_BLOCK2, 0x1e);
    lwm2m_option_edits_set_bytes(&edits, LWM2M_OPTION_ETAG,
                                 (struct lwm2m_bytes){(const uint8_t *)"12345678", 8});
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_ACCEPT);
    assert_int_equal(lwm2m_option_edits_apply(&edits, &port.port, message.message.options, &memory,
                                              &message.message.options),
                     LWM2M_OK);
    assert_string_equal(message_text_print(&message.message, text),
                        "PUT etag /a/b cf=42 2:1/1/1024 size1=70000 tag=300");
    port.port.release(port.port.context, memory);
    virtual_port_assert_empty(&port);
}

static bool same_key(const char *first, const char *second)
{
    struct message_text messages[2];
    uint8_t memory[2][MESSAGE_TEXT_MAX];
    struct lwm2m_bytes keys[2];

    message_text_read(&messages[0], first, (struct lwm2m_bytes){0});
    message_text_read(&messages[1], second, (struct lwm2m_bytes){0});
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(lwm2m_request_key_write(&messages[i].message, memory[i],
                                                 messages[i].message.options.length + 1, &keys[i]),
                         LWM2M_OK);
    }
    return lwm2m_bytes_equal(keys[0], keys[1]);
}

static void a_key_is_the_request_without_what_changes_from_block_to_block(void **state)
{
    (void)state;
    assert_true(same_key("PUT /a ?q", "PUT obs=0 /a cf=42 ?q 2:0/0/16 1:3/1/32 size1=9 size2=1"));
    assert_true(same_key("GET", "GET etag=01"));
    assert_false(same_key("PUT /a", "POST /a"));
    assert_false(same_key("PUT /a", "PUT /b"));
    assert_false(same_key("PUT /a/b", "PUT /ab"));
    assert_false(same_key("PUT /a", "PUT /a ?q"));
    assert_false(same_key("GET /a accept=0", "GET /a accept=110"));
    assert_false(same_key("PUT /a tag=1", "PUT /a tag=2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_is_read_and_written),
        cmocka_unit_test(what_is_no_block_is_told_apart),
        cmocka_unit_test(the_largest_block_that_fits_is_chosen),
        cmocka_unit_test(a_body_has_blocks_up_to_the_last_number),
        cmocka_unit_test(edits_put_in_replace_and_remove),
        cmocka_unit_test(a_key_is_the_request_without_what_changes_from_block_to_block),
    };

    return cmocka_run_group_tests_name("block option", tests, NULL, NULL);
}
