/*
 * What every object has in common: its end, and the syntax of the arguments of an Execute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/object.h>

void lwm2m_object_free(struct lwm2m_object *object)
{
    if (object != NULL) {
        object->operations->free(object);
    }
}

static void take(struct lwm2m_bytes *text, size_t length)
{
    text->data += length;
    text->length -= length;
}

/* Characters that may stand between the quotes (LwM2M Core 1.2 §6.3.5, ABNF: CHAR), and the blank,
 * which the grammar leaves out and people write. */
static bool is_value_character(uint8_t c)
{
    return c == 0x20 || c == 0x21 || (c >= 0x23 && c <= 0x26) || (c >= 0x28 && c <= 0x5B) ||
           (c >= 0x5D && c <= 0x7E);
}

/* Takes `='…'` off the front. */
static enum lwm2m_error take_value(struct lwm2m_bytes *text, struct lwm2m_bytes *value)
{
    size_t length = 0;

    if (text->length < 2 || text->data[1] != '\'') {
        return LWM2M_MALFORMED;
    }
    take(text, 2);
    while (length < text->length && is_value_character(text->data[length])) {
        length++;
    }
    if (length == text->length || text->data[length] != '\'') {
        return LWM2M_MALFORMED;
    }
    *value = (struct lwm2m_bytes){text->data, length};
    take(text, length + 1);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_execute_argument_next(struct lwm2m_bytes *arguments, uint16_t *seen,
                                             struct lwm2m_execute_argument *argument)
{
    enum lwm2m_error error;

    if (arguments->length == 0) {
        return LWM2M_NOT_FOUND;
    }
    if (arguments->data[0] < '0' || arguments->data[0] > '9') {
        return LWM2M_MALFORMED;
    }
    *argument = (struct lwm2m_execute_argument){.id = (uint8_t)(arguments->data[0] - '0')};
    if ((*seen & (1u << argument->id)) != 0) {
        return LWM2M_MALFORMED;
    }
    *seen = (uint16_t)(*seen | (1u << argument->id));
    take(arguments, 1);
    if (arguments->length > 0 && arguments->data[0] == '=') {
        error = take_value(arguments, &argument->value);
        if (error != LWM2M_OK) {
            return error;
        }
        argument->has_value = true;
    }
    if (arguments->length == 0) {
        return LWM2M_OK;
    }
    /* A comma announces another argument: one at the end does not. */
    if (arguments->data[0] != ',' || arguments->length == 1) {
        return LWM2M_MALFORMED;
    }
    take(arguments, 1);
    return LWM2M_OK;
}
