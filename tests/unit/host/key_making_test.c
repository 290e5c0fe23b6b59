/*
 * Keys and certificates that are made, and what is told of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <lwm2m/key_making.h>

struct text {
    struct lwm2m_buffer buffer;
    uint8_t memory[4096];
};

static struct lwm2m_bytes make_key(struct text *text)
{
    lwm2m_buffer_init(&text->buffer, text->memory, sizeof(text->memory));
    assert_int_equal(lwm2m_private_key_make(&text->buffer), LWM2M_OK);
    return lwm2m_buffer_bytes(&text->buffer);
}

static enum lwm2m_error make(const struct lwm2m_certificate_request *request, struct text *text,
                             struct lwm2m_fault *fault)
{
    struct lwm2m_certificate_request whole = *request;
    whole.starts_s = time(NULL) - 60;
    whole.ends_s = whole.starts_s + 86400;
    lwm2m_buffer_init(&text->buffer, text->memory, sizeof(text->memory));
    return lwm2m_certificate_make(&whole, &text->buffer, fault);
}

static void an_authority_issues_a_certificate(void **state)
{
    struct text root_key, root, key, certificate;
    struct lwm2m_key_facts facts, of_key;
    (void)state;
    struct lwm2m_certificate_request request = {
        .name = "Plant 4", .key = make_key(&root_key), .is_authority = true};
    assert_int_equal(make(&request, &root, NULL), LWM2M_OK);
    request = (struct lwm2m_certificate_request){
        .name = "urn:dev:os:32473-7",
        .key = make_key(&key),
        .issuer = lwm2m_buffer_bytes(&root.buffer),
        .issuer_key = lwm2m_buffer_bytes(&root_key.buffer),
    };
    assert_int_equal(make(&request, &certificate, NULL), LWM2M_OK);
    assert_int_equal(lwm2m_key_inspect(lwm2m_buffer_bytes(&certificate.buffer), 0, &facts),
                     LWM2M_OK);
    assert_int_equal(facts.kind, LWM2M_KEY_CERTIFICATE);
    assert_string_equal(facts.name, "urn:dev:os:32473-7");
    assert_string_equal(facts.issuer, "CN=Plant 4");
    assert_string_equal(facts.algorithm, "EC/ECDSA 256");
    assert_false(facts.is_authority);
    assert_int_equal(facts.ends_s - facts.starts_s, 86400);
    assert_int_equal(lwm2m_key_inspect(lwm2m_buffer_bytes(&key.buffer), 0, &of_key), LWM2M_OK);
    assert_int_equal(of_key.kind, LWM2M_KEY_PRIVATE);
    assert_string_equal(of_key.fingerprint, facts.fingerprint);
    assert_int_equal(lwm2m_key_inspect(lwm2m_buffer_bytes(&certificate.buffer), 1, &facts),
                     LWM2M_NOT_FOUND);
}

static void who_is_no_authority_issues_nothing(void **state)
{
    struct text key, certificate, other_key, other;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    (void)state;
    struct lwm2m_certificate_request request = {.name = "dev-1", .key = make_key(&key)};
    assert_int_equal(make(&request, &certificate, NULL), LWM2M_OK);
    request.key = make_key(&other_key);
    request.issuer = lwm2m_buffer_bytes(&certificate.buffer);
    request.issuer_key = lwm2m_buffer_bytes(&key.buffer);
    assert_int_equal(make(&request, &other, &fault), LWM2M_MALFORMED);
    assert_non_null(strstr(fault.reason, "not one of an authority"));
}

static void a_key_of_another_signs_for_no_authority(void **state)
{
    struct text key, root, other_key, other;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    (void)state;
    struct lwm2m_certificate_request request = {
        .name = "Root", .key = make_key(&key), .is_authority = true};
    assert_int_equal(make(&request, &root, NULL), LWM2M_OK);
    request = (struct lwm2m_certificate_request){.name = "dev-1", .key = make_key(&other_key)};
    request.issuer = lwm2m_buffer_bytes(&root.buffer);
    request.issuer_key = request.key;
    assert_int_equal(make(&request, &other, &fault), LWM2M_MALFORMED);
    assert_non_null(strstr(fault.reason, "not that of the authority"));
}

static void refuses_what_is_no_key_and_no_name(void **state)
{
    struct text key, text;
    struct lwm2m_key_facts facts;
    (void)state;
    struct lwm2m_certificate_request request = {.name = "", .key = make_key(&key)};
    assert_int_equal(make(&request, &text, NULL), LWM2M_RANGE);
    request.name = "dev-1";
    request.key = lwm2m_bytes_from_text("-----BEGIN NOTHING-----");
    assert_int_equal(make(&request, &text, NULL), LWM2M_MALFORMED);
    assert_int_equal(lwm2m_key_inspect(request.key, 0, &facts), LWM2M_MALFORMED);
    assert_int_equal(lwm2m_key_inspect((struct lwm2m_bytes){NULL, 0}, 0, &facts), LWM2M_MALFORMED);
}

static void a_public_key_has_a_line_of_its_own(void **state)
{
    struct text key, der, line;
    struct lwm2m_public_key made, read;
    uint8_t memory[256];
    bool found;
    (void)state;
    lwm2m_buffer_init(&der.buffer, der.memory, sizeof(der.memory));
    lwm2m_buffer_init(&line.buffer, line.memory, sizeof(line.memory));
    assert_int_equal(lwm2m_public_key_of(make_key(&key), &der.buffer), LWM2M_OK);
    made.key = lwm2m_buffer_bytes(&der.buffer);
    made.endpoint_name = lwm2m_bytes_from_text("urn:imei:356938035643809");
    assert_int_equal(lwm2m_public_key_print(&made, &line.buffer), LWM2M_OK);
    assert_int_equal(lwm2m_public_key_parse(lwm2m_buffer_bytes(&line.buffer), memory,
                                            sizeof(memory), &read, &found, NULL),
                     LWM2M_OK);
    assert_true(found);
    assert_true(lwm2m_bytes_equal(read.key, made.key));
    assert_true(lwm2m_bytes_equal(read.endpoint_name, made.endpoint_name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_authority_issues_a_certificate),
        cmocka_unit_test(who_is_no_authority_issues_nothing),
        cmocka_unit_test(a_key_of_another_signs_for_no_authority),
        cmocka_unit_test(refuses_what_is_no_key_and_no_name),
        cmocka_unit_test(a_public_key_has_a_line_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
