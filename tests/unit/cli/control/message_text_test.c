/*
 * CoAP messages in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/status.h>

#include "control/message_text.h"

/* A message with the options that `fill` appends. */
static void assert_printed(uint8_t type, uint8_t code, void (*fill)(struct lwm2m_options *options),
                           const char *payload, const char *expected)
{
    uint8_t memory[256];
    char text[256];
    struct lwm2m_options options;
    lwm2m_options_init(&options, memory, sizeof(memory));
    if (fill != NULL) {
        fill(&options);
    }
    struct lwm2m_message message = {
        .type = type,
        .code = code,
        .message_id = 7,
        .options = lwm2m_options_bytes(&options),
        .payload = lwm2m_bytes_from_text(payload),
    };
    message_print(&message, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void register_options(struct lwm2m_options *options)
{
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "rd");
    lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, 40);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, "ep=a");
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, "lt=60");
}

static void observe_options(struct lwm2m_options *options)
{
    lwm2m_options_append_number(options, LWM2M_OPTION_OBSERVE, 0);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "3");
    lwm2m_options_append_number(options, LWM2M_OPTION_ACCEPT, 11542);
    lwm2m_options_append_number(options, LWM2M_OPTION_BLOCK2, (2u << 4) | 8u | 6u);
}

static void awkward_options(struct lwm2m_options *options)
{
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "\033[2J\xc2\x9b");
    lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, 50);
}

static void says_what_a_message_asks_for(void **state)
{
    (void)state;
    assert_printed(LWM2M_MESSAGE_CON, LWM2M_METHOD_POST, register_options, "</3/0>",
                   "CON POST /rd?ep=a&lt=60 link 6 bytes");
    assert_printed(LWM2M_MESSAGE_NON, LWM2M_METHOD_GET, observe_options, NULL,
                   "NON GET /3 observe=0 accept=tlv block2=2/1/1024");
    assert_printed(LWM2M_MESSAGE_ACK, lwm2m_status_code(LWM2M_STATUS_NOT_FOUND), NULL, NULL,
                   "ACK 4.04 Not Found");
    assert_printed(LWM2M_MESSAGE_RST, 0, NULL, NULL, "RST empty");
}

static void lets_nothing_of_a_peer_steer_the_terminal(void **state)
{
    (void)state;
    assert_printed(LWM2M_MESSAGE_CON, LWM2M_METHOD_PUT, awkward_options, "x",
                   "CON PUT /?[2J?? format=50 1 byte");
}

static void cuts_what_does_not_fit(void **state)
{
    char text[10];
    struct lwm2m_message message = {.type = LWM2M_MESSAGE_ACK,
                                    .code = lwm2m_status_code(LWM2M_STATUS_NOT_FOUND)};
    (void)state;
    message_print(&message, text, sizeof(text));
    assert_string_equal(text, "ACK 4.04 ");
    message_print_trace(&message, text, 1);
    assert_string_equal(text, "");
}

static void prints_as_much_hexadecimal_as_fits(void **state)
{
    char text[6];
    struct lwm2m_bytes bytes = {.data = (const uint8_t *)"\x00\x9f\xff", .length = 3};
    (void)state;
    hex_print(bytes, text, sizeof(text));
    assert_string_equal(text, "009f");
    hex_print((struct lwm2m_bytes){0}, text, sizeof(text));
    assert_string_equal(text, "");
}

static void codes_and_paths_stand_for_themselves(void **state)
{
    uint8_t memory[64];
    char code[MESSAGE_CODE_TEXT_MAX], path[8];
    struct lwm2m_options options;
    (void)state;
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "3");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "\x1b[m");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "long");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, "pmin=1");
    struct lwm2m_message message = {.code = 0x84, .options = lwm2m_options_bytes(&options)};
    message_print_code(&message, code);
    assert_string_equal(code, "4.04");
    message_print_path(&message, path, sizeof(path));
    assert_string_equal(path, "/3/?[m/");
    message = (struct lwm2m_message){.code = 1};
    message_print_code(&message, code);
    assert_string_equal(code, "GET");
    message_print_path(&message, path, sizeof(path));
    assert_string_equal(path, "");
    message.code = 0;
    message_print_code(&message, code);
    assert_string_equal(code, "0.00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_paths_stand_for_themselves),
        cmocka_unit_test(says_what_a_message_asks_for),
        cmocka_unit_test(lets_nothing_of_a_peer_steer_the_terminal),
        cmocka_unit_test(cuts_what_does_not_fit),
        cmocka_unit_test(prints_as_much_hexadecimal_as_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
