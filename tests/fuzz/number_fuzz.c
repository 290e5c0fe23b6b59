/*
 * Fuzzes the reading of numbers: glibc reads what we read, to the same bits, and our own text of a
 * number reads back the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_same(double a, double b)
{
    check(memcmp(&a, &b, sizeof a) == 0);
}

static void fuzz_double(struct lwm2m_bytes text, const char *terminated)
{
    char printed[LWM2M_NUMBER_TEXT_MAX];
    double number;
    double back;
    char *end;

    enum lwm2m_error error = lwm2m_number_parse_double(text, &number);
    double expected = strtod(terminated, &end);
    if (error == LWM2M_RANGE) {
        check(isinf(expected));
    }
    if (error) {
        return;
    }
    check((size_t)(end - terminated) == text.length);
    check_same(number, expected);

    size_t length = lwm2m_number_print_double(number, printed);
    check(length == strlen(printed) && length < sizeof printed);
    check(lwm2m_number_parse_double(lwm2m_bytes_from_text(printed), &back) == LWM2M_OK);
    check_same(number, back);
    lwm2m_number_print_float((float)number, printed);
    float single = strtof(printed, NULL);
    check(single == (float)number);
}

static void fuzz_integers(struct lwm2m_bytes text, const char *terminated)
{
    char printed[LWM2M_NUMBER_TEXT_MAX];
    uint64_t number;
    uint64_t back;
    int64_t with_sign;
    int64_t with_sign_back;

    if (lwm2m_number_parse_unsigned(text, &number) == LWM2M_OK) {
        check(number == strtoull(terminated, NULL, 10));
        lwm2m_number_print_unsigned(number, printed);
        check(lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(printed), &back) == LWM2M_OK);
        check(number == back);
    }
    if (lwm2m_number_parse_signed(text, &with_sign) == LWM2M_OK) {
        check(with_sign == strtoll(terminated, NULL, 10));
        lwm2m_number_print_signed(with_sign, printed);
        check(lwm2m_number_parse_signed(lwm2m_bytes_from_text(printed), &with_sign_back) ==
              LWM2M_OK);
        check(with_sign == with_sign_back);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lwm2m_bytes text = {data, size};
    char *terminated = malloc(size + 1);

    if (!terminated) {
        return 0;
    }
    if (size > 0) {
        memcpy(terminated, data, size);
    }
    terminated[size] = '\0';
    fuzz_double(text, terminated);
    fuzz_integers(text, terminated);
    free(terminated);
    return 0;
}
