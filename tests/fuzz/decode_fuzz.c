/*
 * Fuzzes what `lwm2m decode` does with bytes of strangers: the reading of digits and dumps, the
 * recognition of the format, and the taking apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/dissection.h"
#include "control/byte_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void dissect(struct lwm2m_bytes input, struct lwm2m_path base, FILE *nowhere)
{
    struct printer printer = {.results = nowhere, .diagnostics = nowhere, .form = OUTPUT_JSON};
    struct dissection dissection = {.printer = &printer,
                                    .definitions = &lwm2m_registry,
                                    .input = input,
                                    .base = base,
                                    .has_base = base.level != LWM2M_LEVEL_ROOT};
    struct lwm2m_fault fault = {0};
    const char *why = NULL;
    uint32_t format = dissection_recognise(input, base, &lwm2m_registry, &why);
    bool good = format == DISSECTION_COAP ? dissect_message(&dissection, &fault)
                                          : dissect_payload(&dissection, input, format, &fault);
    check(why != NULL);
    check(good || (fault.error != LWM2M_OK && fault.offset <= input.length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct lwm2m_bytes input = {data, size};
    struct lwm2m_fault fault = {0};
    struct lwm2m_buffer out;

    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
        check(nowhere != NULL);
    }
    uint8_t *memory = malloc(size + 1);
    check(memory != NULL);
    lwm2m_buffer_init(&out, memory, size);
    if (byte_text_parse(input, &out, &fault)) {
        check(lwm2m_buffer_check(&out) == LWM2M_OK);
        dissect(lwm2m_buffer_bytes(&out), lwm2m_path_root(), nowhere);
    } else {
        check(fault.offset <= size && fault.reason != NULL);
    }
    dissect(input, lwm2m_path_root(), nowhere);
    dissect(input, lwm2m_path_instance(3, 0), nowhere);
    free(memory);
    return 0;
}
