/*
 * Filters of messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/message_filter.h"

/* An answer 4.04 with 7 bytes that came from pump-7 after 41.2 ms. */
static bool holds(const char *text)
{
    static const uint8_t tlv[] = {0xc2, 0x2d, 0x16}; /* Content-Format 11542 */
    struct lwm2m_message message = {
        .type = LWM2M_MESSAGE_ACK,
        .code = 0x84,
        .options = {tlv, sizeof(tlv)},
        .payload = {(const uint8_t *)"payload", 7},
    };
    const struct message_facts facts = {
        .message = &message,
        .endpoint = "pump-7",
        .path = "/3/0/99",
        .rtt_us = 41200,
    };
    struct message_filter filter;
    char reason[160];
    if (!message_filter_parse(text, &filter, reason, sizeof(reason))) {
        fail_msg("%s: %s", text, reason);
    }
    return message_filter_holds(&filter, &facts);
}

static void chooses_by_each_field(void **state)
{
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {"code>=4.00", true},        {"code=4.04", true},
        {"code==4.04", true},        {"code!=4.04", false},
        {"code<4.04", false},        {"code<=4.04", true},
        {"code>4.04", false},        {"code=GET", false},
        {"code>get", true},          {"type=ACK", true},
        {"type=ack", true},          {"type!=ACK", false},
        {"type~?C?", true},          {"dir=in", true},
        {"dir=out", false},          {"path=/3/0/99", true},
        {"path~/3/*", true},         {"path=/3", false},
        {"ep~pump-*", true},         {"ep=PUMP-7", false},
        {"ep!=pump-8", true},        {"size=7", true},
        {"size>7", false},           {"format=tlv", true},
        {"format~senml-*", false},   {"rtt>41", true},
        {"rtt>=41.3", false},        {"code>=4.00,size=8", false},
        {"code>=4.00,size=7", true}, {" code >= 4.00 and ep ~ pump-* , dir = in ", true},
        {"ep=android", false},       {"ep~*, type=RST", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (holds(cases[i].text) != cases[i].holds) {
            fail_msg("%s", cases[i].text);
        }
    }
}

static void a_message_without_round_trip_has_none_to_compare(void **state)
{
    struct lwm2m_message message = {0};
    const struct message_facts facts = {
        .message = &message, .endpoint = "", .path = "", .rtt_us = -1};
    struct message_filter filter;
    char reason[160];
    (void)state;
    assert_true(message_filter_parse("rtt<1000", &filter, reason, sizeof(reason)));
    assert_false(message_filter_holds(&filter, &facts));
}

static void says_where_a_filter_is_wrong(void **state)
{
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"", "at offset 0:"},
        {"colour=red", "at offset 0:"},
        {"code", "at offset 4:"},
        {"code>=", "at offset 6:"},
        {"code=4.4", "at offset 5:"},
        {"code=4.32", "at offset 5:"},
        {"code=8.00", "at offset 5:"},
        {"code~4.*", "at offset 4:"},
        {"type<CON", "at offset 4:"},
        {"type=XYZ", "at offset 5:"},
        {"dir=up", "at offset 4:"},
        {"size=many", "at offset 5:"},
        {"size=1,", "at offset 7:"},
        {"size=1,,size=2", "at offset 7:"},
        {"size=1 and ", "at offset 11:"},
        {"rtt=", "at offset 4:"},
        {"ep", "at offset 2:"},
        {"codes=4.04", "at offset 0:"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct message_filter filter;
        char reason[160] = "";
        if (message_filter_parse(cases[i].text, &filter, reason, sizeof(reason)) ||
            strncmp(reason, cases[i].where, strlen(cases[i].where)) != 0) {
            fail_msg("'%s': %s", cases[i].text, reason);
        }
    }
}

static void is_bounded(void **state)
{
    char text[MESSAGE_FILTER_TEXT_MAX + 1];
    struct message_filter filter;
    char reason[160];
    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    memcpy(text, "ep=", 3);
    text[sizeof(text) - 1] = '\0';
    assert_false(message_filter_parse(text, &filter, reason, sizeof(reason)));
    text[sizeof(text) - 2] = '\0';
    assert_true(message_filter_parse(text, &filter, reason, sizeof(reason)));
    text[0] = '\0';
    for (size_t i = 0; i <= MESSAGE_FILTER_TERMS_MAX; i++) {
        strcat(text, i == 0 ? "size=1" : ",size=1");
        assert_int_equal(message_filter_parse(text, &filter, reason, sizeof(reason)),
                         i < MESSAGE_FILTER_TERMS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_by_each_field),
        cmocka_unit_test(a_message_without_round_trip_has_none_to_compare),
        cmocka_unit_test(says_where_a_filter_is_wrong),
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
