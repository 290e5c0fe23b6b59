/*
 * Links one after the other into a buffer that remembers its overflow.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/link_writer.h"

#include <lwm2m/corelink.h>
#include <lwm2m/number.h>

static void remember(struct lwm2m_buffer *out, enum lwm2m_error error)
{
    if (error != LWM2M_OK) {
        out->overflown = true;
    }
}

static void append_parameter(struct lwm2m_buffer *out, const char *name, const char *value,
                             bool quoted)
{
    remember(out, lwm2m_link_append_parameter(out, name, value, quoted));
}

void lwm2m_link_writer_root(struct lwm2m_buffer *out)
{
    remember(out, lwm2m_link_append(out, "/"));
    append_parameter(out, "rt", "oma.lwm2m", true);
}

void lwm2m_link_writer_path(struct lwm2m_buffer *out, struct lwm2m_path path)
{
    remember(out, lwm2m_link_append_path(out, path));
}

void lwm2m_link_writer_number(struct lwm2m_buffer *out, const char *name, uint32_t number)
{
    char text[LWM2M_NUMBER_TEXT_MAX];

    lwm2m_number_print_unsigned(number, text);
    append_parameter(out, name, text, false);
}

bool lwm2m_link_version_is_shown(const struct lwm2m_object_definition *object,
                                 struct lwm2m_version enabler)
{
    return lwm2m_version_compare(object->version, lwm2m_version_of_object(enabler, object->id)) !=
           0;
}

void lwm2m_link_writer_version(struct lwm2m_buffer *out,
                               const struct lwm2m_object_definition *object,
                               struct lwm2m_version enabler)
{
    char text[LWM2M_VERSION_TEXT_MAX];

    if (!lwm2m_link_version_is_shown(object, enabler)) {
        return;
    }
    lwm2m_version_print(object->version, text);
    append_parameter(out, "ver", text, false);
}
