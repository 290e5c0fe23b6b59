/*
 * Fuzzes the reading of paths: a path of numbers prints and reads back the same, and means the same
 * where names are allowed; a fault lies inside the text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/definition.h>
#include <lwm2m/path.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_fault(const struct lwm2m_fault *fault, enum lwm2m_error error, size_t size)
{
    check(fault->error == error && fault->offset <= size && fault->reason != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lwm2m_bytes text = {data, size};
    struct lwm2m_fault fault = {0};
    struct lwm2m_path path;
    struct lwm2m_path named;
    struct lwm2m_path back;
    char printed[LWM2M_PATH_TEXT_MAX];

    enum lwm2m_error error = lwm2m_path_parse(text, &path, &fault);
    if (error) {
        check_fault(&fault, error, size);
    }
    enum lwm2m_error named_error =
        lwm2m_definitions_parse_path(&lwm2m_registry, text, &named, &fault);
    if (named_error) {
        check(error != LWM2M_OK);
        check_fault(&fault, named_error, size);
        return 0;
    }
    if (!error) {
        check(lwm2m_path_equal(path, named));
    }

    check(lwm2m_path_print(named, printed) == strlen(printed));
    check(lwm2m_path_parse(lwm2m_bytes_from_text(printed), &back, NULL) == LWM2M_OK);
    check(lwm2m_path_equal(named, back));
    return 0;
}
