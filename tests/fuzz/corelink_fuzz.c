/*
 * Fuzzes CoRE links: written again link by link and parameter by parameter, they read the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/corelink.h>

enum { SIZE_MAX_BYTES = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* As a terminated string, what is escaped in it without its '\'. */
static char *unescape(struct lwm2m_bytes bytes)
{
    char *text = malloc(bytes.length + 1);
    size_t length = 0;

    for (size_t i = 0; i < bytes.length; i++) {
        if (bytes.data[i] == '\\' && i + 1 < bytes.length) {
            i++;
        }
        text[length++] = (char)bytes.data[i];
    }
    text[length] = '\0';
    return text;
}

static char *terminate(struct lwm2m_bytes bytes)
{
    char *text = malloc(bytes.length + 1);

    if (bytes.length > 0) {
        memcpy(text, bytes.data, bytes.length);
    }
    text[bytes.length] = '\0';
    return text;
}

static void rewrite_parameter(const struct lwm2m_link_parameter *parameter,
                              struct lwm2m_buffer *out)
{
    char *name = terminate(parameter->name);
    char *value = unescape(parameter->value);

    check(lwm2m_link_append_parameter(out, name, parameter->has_value ? value : NULL, true) ==
          LWM2M_OK);
    free(name);
    free(value);
}

static bool rewrite(struct lwm2m_bytes payload, struct lwm2m_buffer *out)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_fault fault = {.reason = NULL};
    enum lwm2m_error error;

    lwm2m_link_reader_init(&reader, payload);
    while ((error = lwm2m_link_reader_next(&reader, &link, &fault)) == LWM2M_OK) {
        struct lwm2m_bytes rest = link.parameters;
        struct lwm2m_link_parameter parameter;

        if (payload.data[link.offset] == '<') {
            char *target = terminate(link.target);

            check(lwm2m_link_append(out, target) == LWM2M_OK);
            free(target);
        }
        while (lwm2m_link_parameter_next(&rest, &parameter)) {
            rewrite_parameter(&parameter, out);
        }
        check(rest.length == 0);
    }
    if (error == LWM2M_NOT_FOUND) {
        return true;
    }
    check(error == LWM2M_MALFORMED && fault.error == error && fault.offset <= payload.length);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first_memory[SIZE_MAX_BYTES];
    static uint8_t second_memory[SIZE_MAX_BYTES];
    struct lwm2m_buffer first;
    struct lwm2m_buffer second;

    if (size > SIZE_MAX_BYTES / 8) {
        return 0;
    }
    lwm2m_buffer_init(&first, first_memory, sizeof first_memory);
    lwm2m_buffer_init(&second, second_memory, sizeof second_memory);
    if (!rewrite((struct lwm2m_bytes){.data = data, .length = size}, &first)) {
        return 0;
    }
    check(rewrite(lwm2m_buffer_bytes(&first), &second));
    check(lwm2m_bytes_equal(lwm2m_buffer_bytes(&first), lwm2m_buffer_bytes(&second)));
    return 0;
}
